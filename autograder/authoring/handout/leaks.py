"""The leak check: no line of a solution, no patch of a misconception, and no sentence of what only
staff read, in anything that travels.

Lines are compared without white space, comments, quotes and backslashes, so that a line hidden in a
notebook's JSON or in a casebook's metadata is found too.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from autograder.authoring.casebook.variants import home_of, patch, read_package
from autograder.authoring.handout.stubs import stub
from autograder.authoring.sources import code_and_words, lines_of, regions
from autograder.problem import Misconception

SHORTEST = 12
"""A line of fewer characters, or without an operator, a call or an index, is nobody's secret:
`return h`, `else:`.
"""


SHORTEST_WORDS = 40
"""A line of an answer in words that has fewer characters may stand elsewhere by chance."""

CELL, ANSWER_CELL = "# %%", re.compile(r"tags=\[.*\banswer\b.*\]")
"""In a notebook's script, what begins a cell, and what stands behind it where it stays at home."""


def normalised(text: str) -> str:
    """Without white space, quotes and backslashes."""
    return re.sub(r"""[\s'"\\]+""", "", text.replace("\\n", "\n"))


def secret_lines(solutions: Path, misconceptions: Sequence[Misconception]) -> set[str]:
    """The normalised lines that must not travel: of solutions, of patches, of answers in words.

    A patched line that stands in a comment or docstring of a stub is no secret, for it may be a
    piece of an equation; a whole line of a solution is one even there.
    """
    sources = read_package(solutions / "recurrent")
    given = normalised("".join(stub(source) for source in sources.values()))
    secret = answer_lines(sources) | staff_lines(solutions)
    for wrong in misconceptions:
        for line in _patched_lines(sources, wrong):
            if line not in given:
                secret.add(line)
    return secret


def staff_lines(solutions: Path) -> set[str]:
    """The normalised lines of what only staff read: the oral questions, the notebooks' answers."""
    texts = [path.read_text(encoding="utf-8") for path in solutions.glob("oral.md")]
    # Read without jupytext, by which the notebooks are built: a slip in one is caught by the other.
    for path in solutions.glob("notebooks/*.py"):
        for cell in path.read_text(encoding="utf-8").split(CELL):
            head, _, body = cell.partition("\n")
            if ANSWER_CELL.search(head):
                texts.append(re.sub(r"^# ?", "", body, flags=re.MULTILINE))
    found = set()
    for line in "\n".join(texts).splitlines():
        bare = normalised(line)
        if len(bare) >= SHORTEST_WORDS:
            found.add(bare)
    return found


def _patched_lines(sources: Mapping[str, str], wrong: Misconception) -> Iterator[str]:
    """The lines of the reference that a misconception changes, as it makes them; its own pieces.

    A piece of a line without arithmetic, such as `np.zeros((1, H))`, anybody writes anywhere.
    """
    for change in wrong.patches:
        for piece in (*telling_lines(change.replace), *telling_lines(change.by)):
            if re.search(r"[-+*/@]", piece):
                yield piece
        before = sources[home_of(sources, change, wrong.id)]
        after = patch(before, wrong, change)
        known = set(before.splitlines())
        new = [line for line in after.splitlines() if line not in known]
        yield from telling_lines("\n".join(new))


def answer_lines(sources: Mapping[str, str]) -> set[str]:
    """The normalised lines of all solutions, but for those that are given anyway, as code.

    sources: module -> text of the reference. Raises StubError for wrong markers.
    """
    given = ""
    answers: set[str] = set()
    for name, source in sources.items():
        code, _ = code_and_words(stub(source, f"{name}.py"))
        given += normalised(code)
        lines = lines_of(source)
        for region in regions(source):
            answers.update(telling_lines("".join(lines[region.begin : region.end - 1])))
    return {line for line in answers if line not in given}


def telling_lines(text: str) -> Iterator[str]:
    """The lines of a text, normalised and without comments, that are long enough to betray it."""
    for line in text.splitlines():
        bare = normalised(re.sub(r"\s*#.*$", "", line))
        if len(bare) >= SHORTEST and re.search(r"[-+*/@%<>(\[]", bare):
            yield bare


def leaks(path: Path, secret: set[str]) -> list[str]:
    """Where secret lines stand in a file, a folder or a zip: `zip/inner.py: the line`, sorted;
    empty if nowhere.
    """
    if not path.is_dir():
        return sorted(_leaks_in(path.name, path.read_bytes(), secret))
    found: list[str] = []
    for inner in path.rglob("*"):
        if inner.is_file():
            found += leaks(inner, secret)
    return sorted(found)


def _leaks_in(name: str, content: bytes, secret: set[str]) -> Iterator[str]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                yield from _leaks_in(f"{name}/{info.filename}", archive.read(info), secret)
        return
    text = normalised(content.decode("utf-8", errors="replace"))
    for line in secret:
        if line in text:
            yield f"{name}: {line}"
