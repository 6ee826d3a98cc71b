"""The leak check: no line of a solution, and no patch of a misconception, in anything that travels.

Lines are compared without white space, comments, quotes and backslashes, so that a line hidden in a
notebook's JSON or in a casebook's metadata is found too.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.authoring.casebook.variants import read_package
from autograder.authoring.handout.stubs import BEGIN, END, stub
from autograder.problem import Misconception

SHORTEST = 12
"""A line of fewer characters, or without an operator, a call or an index, is nobody's secret:
`return h`, `else:`.
"""


def normalised(text: str) -> str:
    """Without white space, quotes and backslashes."""
    return re.sub(r"""[\s'"\\]+""", "", text.replace("\\n", "\n"))


def secret_lines(solutions: Path, misconceptions: Sequence[Misconception]) -> set[str]:
    """The normalised lines that must not travel: those of solution regions and patches that no
    given code has too.
    """
    secret: set[str] = set()
    given = ""
    for source in read_package(solutions / "recurrent").values():
        given += normalised(stub(source))
        for region in re.findall(rf"{BEGIN}\n(.*?){END}", source, flags=re.DOTALL):
            secret |= set(_telling_lines(region))
    for wrong in misconceptions:
        secret |= {*_telling_lines(wrong.replace), *_telling_lines(wrong.by)}
    return {line for line in secret if line not in given}


def _telling_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        bare = normalised(re.sub(r"\s*#.*$", "", line))
        if len(bare) >= SHORTEST and re.search(r"[-+*/@%<>(\[]", bare):
            yield bare


def leaks(path: Path, secret: set[str]) -> list[str]:
    """Where secret lines stand in a file, a folder or a zip: `zip/inner.py: the line`, sorted;
    empty if nowhere.
    """
    if path.is_dir():
        return sorted(
            leak for each in path.rglob("*") if each.is_file() for leak in leaks(each, secret)
        )
    return sorted(_leaks_in(path.name, path.read_bytes(), secret))


def _leaks_in(name: str, content: bytes, secret: set[str]) -> Iterator[str]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                yield from _leaks_in(f"{name}/{info.filename}", archive.read(info), secret)
        return
    text = normalised(content.decode("utf-8", errors="replace"))
    yield from (f"{name}: {line}" for line in secret if line in text)
