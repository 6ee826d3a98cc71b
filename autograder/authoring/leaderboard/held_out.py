"""The text that models are scored on, drawn from Python's own standard library when a zip is built.

It is of modules in packages of the library, such as json and email. The notebook trains on none of
these: `assignment/recurrent/data/source_code.py` reads the modules beside the packages. Which files
it is of, only the hidden seed says.
"""

from __future__ import annotations

import runpy
import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from autograder.authoring.leaderboard import forward
from autograder.errors import UserError
from autograder.leaderboard.entry import FOLDER, PROGRAM

STRETCHES, LENGTH = 64, 513
"""How many stretches of text, each of another file, and the characters of each."""

NO_CODE = {
    "site-packages",
    "dist-packages",
    "test",
    "tests",
    "idle_test",
    "encodings",
    "pydoc_data",
}
"""Folders of others' packages, of tests, and of tables."""

STREAM = 0x1EADE2B0A2D
"""Keeps these draws apart from all others of the same seed."""


class HeldOutError(UserError):
    """There is no text to be drawn."""


def write_leaderboard(root: Path, hidden: Path, seed: int) -> None:
    """Write into the folder of the hidden cases what scores a model: the program and the text.

    root: the repository. Raises HeldOutError.
    """
    folder = hidden / FOLDER
    folder.mkdir(parents=True)
    shutil.copy(forward.__file__, folder / PROGRAM)
    given = runpy.run_path(str(root / "assignment" / "recurrent" / "data" / "source_code.py"))
    alphabet = np.array([ord(character) for character in given["ALPHABET"]])
    arrays = {"ids": drawn(given, seed).astype(np.int64), "alphabet": alphabet}
    save_file(arrays, folder / forward.HELD_OUT)


def drawn(given: dict[str, Any], seed: int) -> np.ndarray:
    """(N, T+1), the text as ids in the notebook's alphabet; each stretch begins with a new line.

    given: the names of `source_code.py`. As there, comments and docstrings are left out, and so are
    files with characters that are not in the alphabet. Raises HeldOutError.
    """
    rng = np.random.default_rng([seed, STREAM])
    stretches: list[np.ndarray] = []
    for text in _texts(given, rng):
        starts = [place for place in range(len(text) - LENGTH + 1) if text[place] == "\n"]
        if starts:
            start = starts[rng.integers(len(starts))]
            stretches.append(given["encode"](text[start : start + LENGTH]))
        if len(stretches) == STRETCHES:
            return np.stack(stretches)
    raise HeldOutError(
        f"the standard library of this Python has only {len(stretches)} of the {STRETCHES} files "
        f"that the leaderboard's text is drawn from: build with one that has all of it"
    )


def _texts(given: dict[str, Any], rng: np.random.Generator) -> Iterator[str]:
    """The code of modules in packages of the standard library, in an order that is drawn."""
    library = Path(sysconfig.get_path("stdlib"))
    paths = []
    for path in sorted(library.glob("*/**/*.py")):
        if NO_CODE.isdisjoint(path.relative_to(library).parts):
            paths.append(path)
    for number in rng.permutation(len(paths)):
        try:
            text = given["code_only"](paths[number].read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError, OSError):
            continue
        if set(text) <= set(given["ALPHABET"]):
            yield f"\n{text}\n"
