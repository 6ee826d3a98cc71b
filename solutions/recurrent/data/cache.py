"""What took long to compute is kept on disk, and read again only if it is what was written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

FOLDER = "RECURRENT_CACHE"
"""Names another folder in the environment."""


def cache_folder() -> Path:
    """Where things are kept: RECURRENT_CACHE, or ~/.cache/recurrent; made if it is not there."""
    folder = Path(os.environ.get(FOLDER) or Path.home() / ".cache" / "recurrent")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cached(
    name: str, depends_on: str, compute: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """The arrays that `compute` gives, from the cache if they are there.

    Inputs:
    - name: a short name, part of the file's
    - depends_on: a text that changes with whatever the result depends on: versions, seeds, sizes
    - compute: called without arguments where there is nothing in the cache, or something damaged

    Returns: a dict of arrays

    A file is written whole or not at all, and its checksum beside it: a run that was cut off leaves
    nothing behind that would be believed.
    """
    key = hashlib.sha256(depends_on.encode()).hexdigest()[:12]
    path = cache_folder() / f"{name}-{key}.npz"
    checksum = path.with_suffix(".sha256")
    if path.exists() and checksum.exists() and checksum.read_text() == sha256(path):
        with np.load(path, allow_pickle=False) as stored:
            return dict(stored)
    arrays = compute()
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    checksum.write_text(sha256(Path(file.name)))
    Path(file.name).replace(path)
    return arrays


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
