"""Python's own standard library as a text to learn from: on every machine already, and nobody has to download it.

Comments and docstrings are taken out, so that quotes and brackets mean what they say. The text differs a little from
one version of Python to the next; what an experiment should beat is therefore measured, and not written down.

The source is the Python Software Foundation's, under the PSF License.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ALPHABET = "\n" + "".join(map(chr, range(32, 127)))
"""The characters of the text: a new line, and all that ASCII can print. Files with others are left out."""

EVERY = 10
"""One file in so many is held out."""


@dataclass(frozen=True)
class SourceCode:
    """Two texts from different files, and the names of the files. A file starts with a new line."""

    training: str
    held_out: str
    files: tuple[str, ...]


def source_code(most: int) -> SourceCode:
    """The standard library's modules in the order of their names, up to `most` characters in all.

    Raises ValueError if there are fewer than two files to be had.
    """
    training, held_out, files, size = [], [], [], 0
    for number, (name, text) in enumerate(_modules()):
        if size + len(text) > most:
            continue
        (held_out if number % EVERY == 0 else training).append(f"\n{text}\n")
        files.append(name)
        size += len(text)
    if not training or not held_out:
        raise ValueError(f"{most} characters are too few for a file to learn from and one to test on")
    return SourceCode("".join(training), "".join(held_out), tuple(files))


def _modules() -> Iterator[tuple[str, str]]:
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        if path.stem in sys.stdlib_module_names:
            try:
                text = code_only(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError, OSError):
                continue
            if text and set(text) <= set(ALPHABET):
                yield path.name, text


def code_only(text: str) -> str:
    """A module without comments and docstrings, in one style. Raises SyntaxError if it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kept = [each for each in node.body if not _is_text(each)]
            node.body = kept or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    return ast.unparse(tree)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def encode(text: str) -> np.ndarray:
    """(T,), the characters as whole numbers below len(ALPHABET). Raises ValueError for a character not in it."""
    known = {character: i for i, character in enumerate(ALPHABET)}
    try:
        return np.array([known[character] for character in text], dtype=np.int64)
    except KeyError as error:
        raise ValueError(f"the character {error} is not in the alphabet of source_code.py") from None


def decode(ids: np.ndarray) -> str:
    """The text of some ids."""
    return "".join(ALPHABET[i] for i in ids)


def indentation(text: str) -> np.ndarray:
    """How deep the line is indented in which a character stands.

    Inputs:
    - text: a string of T characters, indented by fours

    Returns: (T,), whole numbers, as far as can be known after character t has been read: in the spaces that begin a
    line it grows, after the new line that ends one it is 0
    """
    depths = []
    spaces, beginning = 0, True
    for letter in text:
        beginning = letter == "\n" or (beginning and letter == " ")
        spaces = 0 if letter == "\n" else spaces + beginning
        depths.append(spaces // 4)
    return np.array(depths, dtype=int)
