"""What several lessons ask of a student's function: that it refuses what makes no sense.

What a call did can only be told beside the student's code, so it is a word that can be forged: it
never earns anything, it is a factor on results that are right. Calls that must be answered are
among those that must be refused, so that no one answer does for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

ANSWERED, REFUSED, BROKEN = 0, 1, 2

NAMED = (AssertionError, IndexError, KeyError, TypeError, AttributeError, RuntimeError)
"""The exceptions that are told apart, from BROKEN + 1 on; any other is BROKEN."""


@dataclass(frozen=True)
class Refusals:
    """How calls were met that should be refused, and calls that should be answered.

    let_in: what came, of the first kind, instead of a refusal. turned_away: what came, of the
    second kind, instead of an answer. True if there is neither.
    """

    let_in: tuple[int, ...]
    turned_away: tuple[int, ...]

    def __bool__(self) -> bool:
        return not self.let_in and not self.turned_away


def outcome(call: Callable[[], Any]) -> int:
    """What a call did: ANSWERED, REFUSED by a ValueError, or BROKEN and above by another error."""
    try:
        call()
    except ValueError:
        return REFUSED
    except Exception as error:
        return BROKEN + 1 + NAMED.index(type(error)) if type(error) in NAMED else BROKEN
    return ANSWERED


def outcomes(*calls: Callable[[], Any]) -> list[int]:
    """What each of several calls did, in order."""
    return [outcome(call) for call in calls]


def refuses(found: np.ndarray, bad: Iterable[int], good: Iterable[int]) -> Refusals:
    """Whether the calls numbered `bad` were all refused, and those numbered `good` answered."""
    let_in = tuple(_code(found[number]) for number in bad if found[number] != REFUSED)
    turned_away = tuple(_code(found[number]) for number in good if found[number] != ANSWERED)
    return Refusals(let_in, turned_away)


def raised(code: int) -> str:
    """The name of the exception that a call raised; empty where it is not known, or none was."""
    if code == REFUSED:
        return ValueError.__name__
    place = code - BROKEN - 1
    return NAMED[place].__name__ if 0 <= place < len(NAMED) else ""


def _code(number: Any) -> int:
    """What a call did; whatever is no outcome, NaN for one, is BROKEN."""
    return int(number) if np.isfinite(number) and number == int(number) else BROKEN
