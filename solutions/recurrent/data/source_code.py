"""Python's own standard library as a text to learn from: on every machine already, and nobody has
to download it.

Comments and docstrings are taken out, so that quotes and brackets mean what they say. The text
differs a little from one version of Python to the next; what an experiment should beat is therefore
measured, and not written down.

The source is the Python Software Foundation's, under the PSF License.
"""

from __future__ import annotations

import ast
import hashlib
import io
import sys
import sysconfig
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ALPHABET = "\n" + "".join(map(chr, range(32, 127)))
"""The characters of the text: a new line, and all that ASCII can print. Files with others are left
out.
"""

SHARE = 0.1
"""Of the text, so much is held out."""


@dataclass(frozen=True)
class SourceCode:
    """Two texts from different files, and the names of the files. A file starts with a new line."""

    training: str
    held_out: str
    files: tuple[str, ...]


def source_code(most: int) -> SourceCode:
    """Modules of the standard library, `most` characters in all or a file's length less.

    They come in an order that mixes subjects and is the same every time. Raises ValueError if there
    are fewer than two files to be had.
    """
    training: list[str] = []
    held_out: list[str] = []
    files: list[str] = []
    size = unseen = 0
    for name, text in _modules():
        size += len(text) + 2
        if size > most:
            break
        files.append(name)
        if unseen + len(text) <= SHARE * size:
            unseen += len(text) + 2
            held_out.append(f"\n{text}\n")
        else:
            training.append(f"\n{text}\n")
    if not training or not held_out:
        raise ValueError(
            f"{most} characters are too few for a file to learn from and one to test on"
        )
    return SourceCode("".join(training), "".join(held_out), tuple(files))


def _modules() -> Iterator[tuple[str, str]]:
    paths = Path(sysconfig.get_path("stdlib")).glob("*.py")
    for path in sorted(paths, key=lambda path: hashlib.sha256(path.name.encode()).digest()):
        if path.stem in sys.stdlib_module_names:
            try:
                text = code_only(path.read_text(encoding="utf-8"))
            except (SyntaxError, UnicodeDecodeError, OSError):
                continue
            if text and set(text) <= set(ALPHABET):
                yield path.name, text


def code_only(text: str) -> str:
    """A module without comments and docstrings, in one style. Raises SyntaxError if it is no
    Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kept = [each for each in node.body if not _is_text(each)]
            node.body = kept or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    return ast.unparse(tree)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def encode(text: str) -> np.ndarray:
    """(T,), the characters as whole numbers below len(ALPHABET). Raises ValueError for a character
    not in it.
    """
    known = {character: i for i, character in enumerate(ALPHABET)}
    try:
        return np.array([known[character] for character in text], dtype=np.int64)
    except KeyError as error:
        raise ValueError(
            f"the character {error} is not in the alphabet of source_code.py"
        ) from None


def decode(ids: np.ndarray) -> str:
    """The text of some ids."""
    return "".join(ALPHABET[i] for i in ids)


def signals(text: str) -> dict[str, np.ndarray]:
    """What Python's own tokenizer says about every character, at the moment when it has been read.

    Inputs:
    - text: a string of T characters, source code; the last statement may be cut off

    Returns: name -> (T,)
    - "in a string": boolean; the opening quote is inside, the last closing one is not
    - "in brackets": boolean, and "bracket depth": whole numbers; brackets in strings do not count
    - "indentation": whole numbers, how many blocks are open; they open and close at the first
      letter of a line
    """
    steps = {
        name: np.zeros(len(text) + 1, dtype=int)
        for name in ("in a string", "bracket depth", "indentation")
    }
    for name, place, step in _steps(text):
        steps[name][min(place, len(text))] += step
    string, brackets, indentation = (np.cumsum(each)[:-1] for each in steps.values())
    return {
        "in a string": string > 0,
        "in brackets": brackets > 0,
        "bracket depth": brackets,
        "indentation": indentation,
    }


def _steps(text: str) -> Iterator[tuple[str, int, int]]:
    """(name of a signal, place where it changes, by how much)"""
    rows = np.cumsum([0, *(len(line) + 1 for line in text.split("\n"))])
    f_strings = (
        0  # from Python 3.12 on they come in pieces, one in the other; before, each is one string
    )
    for token in _tokens(text):
        start, end = (int(rows[row - 1]) + column for row, column in (token.start, token.end))
        kind = tokenize.tok_name[token.type]
        if kind == "INDENT":
            yield "indentation", end, 1
        elif kind == "DEDENT":
            yield "indentation", start, -1
        elif kind == "FSTRING_END":
            f_strings -= 1
            if not f_strings:
                yield "in a string", end - 1, -1
        elif kind == "FSTRING_START":
            f_strings += 1
            if f_strings == 1:
                yield "in a string", start + _prefix(token.string), 1
        elif kind == "STRING" and not f_strings:
            yield "in a string", start + _prefix(token.string), 1
            yield "in a string", end - 1, -1
        elif kind == "OP" and not f_strings and token.string in "([{}])":
            yield "bracket depth", start, 1 if token.string in "([{" else -1


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens up to where the text is cut off."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _prefix(string: str) -> int:
    """How many letters stand before the opening quote: 1 in b'', 0 in ''."""
    return min(place for place in (string.find("'"), string.find('"')) if place >= 0)


def varied(text: str, follow: Sequence[np.ndarray], length: int) -> slice:
    """A stretch worth looking at: it begins with a line, and the signal that varies least in it
    varies most.

    Inputs:
    - text: T characters; follow: signals, (T,) each; length: of the stretch, at most T
    """
    starts = [t for t in range(len(text) - length + 1) if t == 0 or text[t - 1] == "\n"]

    def least(start: int) -> float:
        return min(
            float(np.std(signal[start : start + length])) / (float(np.std(signal)) or 1.0)
            for signal in follow
        )

    start = max(starts, key=least)
    return slice(start, start + length)
