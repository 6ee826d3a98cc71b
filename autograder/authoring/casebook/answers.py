"""What `solutions/` holds: the reference's sources, and every misconception with its place."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring.casebook.variants import (
    REFERENCE,
    BuildError,
    home_of,
    module_of,
    needed_by,
    patch,
    read_package,
)
from autograder.authoring.casebook.written import read_misconceptions
from autograder.problem import Misconception


@dataclass(frozen=True)
class Answers:
    """What a build needs to know: the reference's sources and all misconceptions.

    places: id of a misconception -> "solutions/misconceptions/rnn.py, line 20".
    """

    sources: Mapping[str, str]
    misconceptions: tuple[Misconception, ...]
    places: Mapping[str, str] = field(default_factory=dict)

    def patched(self, wrong: Misconception) -> dict[str, str]:
        """The sources of the variant in which this misconception is made. Raises BuildError."""
        sources = dict(self.sources)
        for change in wrong.patches:
            module = home_of(sources, change, wrong.id)
            sources[module] = patch(sources[module], wrong, change)
        return sources

    def visible_in(self, lesson: str) -> tuple[Misconception, ...]:
        """Those that a lesson may see: the ones made in its file or in what that imports."""
        files = needed_by(self.sources, lesson)
        return tuple(
            wrong for wrong in self.misconceptions if module_of(self.sources, wrong) in files
        )


def load_answers(solutions: Path) -> Answers:
    """Read `solutions/`: the package `recurrent` and the tuples in `misconceptions`.

    Raises BuildError with a sentence for everything that cannot be read.
    """
    answers, mistakes = read_answers(solutions)
    if mistakes:
        raise BuildError("\n".join(mistakes))
    return answers


def read_answers(solutions: Path) -> tuple[Answers, list[str]]:
    """What of `solutions/` can be read, and a sentence for everything that cannot."""
    mistakes = []
    sources = {}
    for module, source in read_package(solutions / "recurrent").items():
        try:
            ast.parse(source)
            sources[module] = source
        except SyntaxError as error:
            mistakes.append(f"{REFERENCE}/{module}.py, line {error.lineno}: {error.msg}")

    found: list[Misconception] = []
    places: dict[str, str] = {}
    for path in sorted((solutions / "misconceptions").glob("*.py")):
        if path.stem == "__init__":
            continue
        written = read_misconceptions(path, path.read_text(encoding="utf-8"))
        mistakes += written.mistakes
        for wrong, place in zip(written.misconceptions, written.places, strict=True):
            if wrong.id in places:
                mistakes.append(f"{place}: {wrong.id} is the name of the one at {places[wrong.id]}")
            else:
                places[wrong.id] = place
                found.append(wrong)
    return Answers(sources, tuple(found), places), mistakes
