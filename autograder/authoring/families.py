"""Families: many misconceptions of one kind, declared once.

    Family(
        Misconception(
            "sum_over_time", "step_<which>_left_out",
            replace="x.sum(axis=1)", by="x[:, <kept>].sum(axis=1)",
            idea="the <which> step is left out",
            hints=("How many terms has the sum?", "Change the <which> step.", "All T steps count."),
            source="own",
        ),
        members=[dict(which="first", kept="1:"), dict(which="last", kept=":-1")],
    )

stands for `sum_over_time.step_first_left_out` and `sum_over_time.step_last_left_out`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import permutations
from typing import Any

from autograder.problem import Misconception, Patch

Fill = Mapping[str, str]
"""What stands in the place of each `<word>`."""


@dataclass(frozen=True)
class Family:
    """A misconception with gaps, and what fills them, once for each member."""

    pattern: Misconception
    members: Sequence[Fill]

    def misconceptions(self) -> Iterator[Misconception]:
        """The members, in their order."""
        for fill in self.members:
            yield _filled(self.pattern, fill)


def _filled(value: Any, fill: Fill) -> Any:
    """A misconception, or a part of one, with its gaps filled; what is no text stays as it is."""
    if isinstance(value, str):
        return filled(value, fill)
    if isinstance(value, tuple):
        return tuple(_filled(part, fill) for part in value)
    if isinstance(value, Misconception | Patch):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _filled(part, fill) for name, part in parts.items()})
    return value


def filled(text: str, fill: Fill) -> str:
    """A text with its gaps filled.

    >>> filled("a_<1>, a_<2> = <what>", {"1": "f", "2": "i", "what": "halves"})
    'a_f, a_i = halves'
    """
    for word, filling in fill.items():
        text = text.replace(f"<{word}>", filling)
    return text


def orders(right: str, but: Collection[str] = ()) -> list[dict[str, str]]:
    """Every wrong order of these blocks, its places as <1>, <2>, ... and all of it as <order>.

    <at z> is the number of the place, counted from 0, in which block z stands.

    but: the orders that are no members, since they are declared by themselves.

    >>> orders("a b")
    [{'1': 'b', '2': 'a', 'at b': '0', 'at a': '1', 'order': 'b a'}]
    >>> [member["order"] for member in orders("z r n", but=["r z n", "n r z"])]
    ['z n r', 'r n z', 'n z r']
    """
    found = []
    for blocks in permutations(right.split()):
        order = " ".join(blocks)
        if order != right and order not in but:
            numbered = {str(place): block for place, block in enumerate(blocks, start=1)}
            places = {f"at {block}": str(place) for place, block in enumerate(blocks)}
            found.append({**numbered, **places, "order": order})
    return found
