"""Who answers, on the judge's side, for the functions that are lent to a submission.

There is an answer to what the reference asked while it ran the same case: what a student's function
gets is what the right function would have returned to it. For other arguments of the same shapes
there is NaN, which is equal to nothing: one wrong call costs what follows from it, as it would with
the right function, and not the gradients that were right before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from autograder.compare import close
from autograder.lending import Call, Link, Value
from autograder.problem import ATOL, RTOL

MOST_FOR_EACH, MOST_BESIDE = 10, 100
"""Questions that may be asked in a case: so many for each call in it, and so many more."""

TIMES_TAKEN, SPARE_BYTES = 4, 64_000
"""A question may have this many times the bytes of the largest expected one, and so many more."""

Argument = np.ndarray | int | None
"""An argument or a result: a number stands for what an earlier call has kept for a later one."""


class Answered(NamedTuple):
    """The answer to a question. gives: of what is no array, the number by which to name it."""

    gives: tuple[Argument, ...]
    alone: bool


class Lender:
    """Answers what the lent functions are called with in one case; nothing asked is believed.

    room: the bytes that the arrays of a question may have.
    """

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls
        self._left = MOST_FOR_EACH * len(calls) + MOST_BESIDE
        self._made: list[set[Link]] = []
        self.room = TIMES_TAKEN * max(map(_bytes_taken, calls), default=0) + SPARE_BYTES

    def may_ask(self) -> bool:
        """Whether another question may be asked; it counts as asked."""
        self._left -= 1
        return self._left >= 0

    def answer(
        self, function: str, names: Sequence[str], arguments: Sequence[Argument]
    ) -> Answered | None:
        """What the function returned when it was called with these, or NaN of the same shapes.

        None if it was called with nothing of these shapes. names: of each argument; empty for one
        that is given by its position.
        """
        alike = []
        for number, call in enumerate(self._calls):
            given = _by_name(call, names, arguments)
            if call.function == function and given is not None and _alike(given, call.takes):
                alike.append((number, given))
        if not alike:
            return None
        same = [number for number, given in alike if self._equal(given, self._calls[number].takes)]
        # Where several calls had these arguments, what was kept may later be meant as any one's.
        example = self._calls[same[0] if same else alike[0][0]]
        gives: list[Argument] = []
        for place, value in enumerate(example.gives):
            if isinstance(value, Link):
                gives.append(len(self._made))
                self._made.append({Link(number, place) for number in same})
            elif same or value is None:
                gives.append(value)
            else:
                gives.append(np.full(value.shape, np.nan))
        return Answered(tuple(gives), example.alone)

    def _equal(self, given: Mapping[str, Argument], takes: Mapping[str, Value]) -> bool:
        """Whether arguments of the same kinds and shapes are the same."""
        return all(self._same(given[name], value) for name, value in takes.items())

    def _same(self, argument: Argument, value: Value) -> bool:
        if isinstance(value, Link):
            return value in self._made_as(argument)
        if isinstance(value, np.ndarray) and isinstance(argument, np.ndarray):
            return bool(close(argument, value, RTOL, ATOL).all())
        return True

    def _made_as(self, number: Argument) -> set[Link]:
        """What an earlier answer may have meant by a number that was made up, perhaps."""
        if isinstance(number, int) and 0 <= number < len(self._made):
            return self._made[number]
        return set()


def _by_name(
    call: Call, names: Sequence[str], arguments: Sequence[Argument]
) -> dict[str, Argument] | None:
    """The arguments as the function would name them; None if it does not take them."""
    by_position = list(call.takes)
    given: dict[str, Argument] = {}
    for number, (name, argument) in enumerate(zip(names, arguments, strict=True)):
        if not name and number < len(by_position):
            name = by_position[number]
        if name in given:
            return None
        given[name] = argument
    return given if given.keys() == call.takes.keys() else None


def _alike(given: Mapping[str, Argument], takes: Mapping[str, Value]) -> bool:
    """Whether these arguments are of the kinds and shapes of those."""
    return all(_kind(given[name]) == _kind(value) for name, value in takes.items())


def _kind(value: Argument | Value) -> object:
    if value is None:
        return None
    return value.shape if isinstance(value, np.ndarray) else "kept"


def _bytes_taken(call: Call) -> int:
    return sum(value.nbytes for value in call.takes.values() if isinstance(value, np.ndarray))
