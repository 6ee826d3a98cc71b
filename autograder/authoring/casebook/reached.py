"""Which functions of the reference a lesson's cases run: a mistake in any other changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from autograder.authoring.casebook.variants import REFERENCE, home_of, lines_of
from autograder.problem import Misconception

Place = tuple[str, int]
"""A module of the reference and the line on which a function begins."""


@contextmanager
def noting_calls(places: set[Place]) -> Iterator[None]:
    """Add to `places` the functions of the reference that are called in the block.

    What a module calls as it is imported counts, and so does the body of a class.
    """

    def note(frame: FrameType, event: str, argument: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(REFERENCE):
            places.add((file, frame.f_code.co_firstlineno))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)


def is_reached(wrong: Misconception, sources: Mapping[str, str], places: Collection[Place]) -> bool:
    """Whether one of these functions is one in which the mistake is made, or is inside it."""
    for change in wrong.patches:
        module = home_of(sources, change, wrong.id)
        lines = lines_of(sources[module], change.function)
        file = f"{REFERENCE}/{module}.py"
        if any(place == file and line in lines for place, line in places):
            return True
    return False
