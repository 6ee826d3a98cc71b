"""The oldest Python that may read a student's files, and what in them only a newer one can read."""

from __future__ import annotations

import ast
import io
import sys
import token
import tokenize
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from autograder.worker.leftovers import dotted, newer_name

OLDEST = (3, 10)
"""The Python that files are to be written for: the one of Gradescope's image (Ubuntu 22.04).

Everything here runs on it and on newer ones. `check.py`, which has to say so before it can import
anything, and `pyproject.toml` name it too; a test holds them to this.
"""

LARGEST = 1_000_000
"""Bytes of a file that is looked at."""


def notes(folder: Path, names: Iterable[str]) -> Iterator[str]:
    """What in a student's own files would cost them the file where the oldest Python grades.

    A sentence for each file, of its first such line. Nothing on the oldest Python itself, which
    says it when it imports the file, nor of files that this Python cannot read.
    """
    if sys.version_info[:2] <= OLDEST:
        return
    for name in names:
        path = folder / "recurrent" / f"{name}.py"
        found: list[tuple[int, str]] = []
        with suppress(Exception):  # it is a note; what cannot be read is said elsewhere
            if path.stat().st_size <= LARGEST:
                found = newer_than_oldest(path.read_text(encoding="utf-8"))
        for line, what in sorted(found)[:1]:
            yield (
                f"{name}.py, line {line}: {what}; where it is graded with Python "
                f"{dotted(OLDEST)}, the file cannot be imported"
            )


def newer_than_oldest(source: str) -> list[tuple[int, str]]:
    """The lines that the oldest Python cannot read or run, and what on them.

    Found are the syntax that the parser knows to be newer, what it does not say of f-strings, and
    names of the standard library that came later. Not found is a star in an index, `a[*b]`: the
    parser does not tell it from older syntax. Raises SyntaxError for what is no Python here either.
    """
    tree = ast.parse(source)
    found = [*_newer_names(tree), *_newer_strings(source)]
    try:
        ast.parse(source, feature_version=OLDEST)
    except SyntaxError as error:
        found.append((error.lineno or 1, str(error.msg)))
    return found


def _newer_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Imports at the top of the file; in a `try` there may be something else to go on with."""
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        for name in names:
            if text := newer_name(name, OLDEST):
                yield node.lineno, text


def _newer_strings(source: str) -> Iterator[tuple[int, str]]:
    """f-strings with their own quotes, a backslash or a comment between their braces."""
    begin, end = getattr(token, "FSTRING_START", None), getattr(token, "FSTRING_END", None)
    if begin is None:
        return  # this Python could not have read them either
    what = "its own quotes, a backslash or a comment between an f-string's braces"
    quotes: list[str] = []
    for part in tokenize.generate_tokens(io.StringIO(source).readline):
        inside = bool(quotes) and part.type in (token.STRING, begin, token.COMMENT)
        if inside and _is_newer(part, quotes[-1]):
            yield part.start[0], f"{what} are syntax of Python 3.12 or newer"
        if part.type == begin:
            quotes.append(part.string.lstrip("rRfF"))
        elif part.type == end:
            quotes.pop()


def _is_newer(part: tokenize.TokenInfo, quotes: str) -> bool:
    return part.type == token.COMMENT or quotes in part.string or "\\" in part.string
