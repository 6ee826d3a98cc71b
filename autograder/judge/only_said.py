"""What is only said: finding the words may fail, by a fault of ours, and cost nobody a point."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from autograder.problem import Finding

Item = TypeVar("Item")

UNSAID = (
    "The grader failed to put into words what is wrong here. That is not your fault and will be "
    "mended; the points are as they should be."
)


def only_said(find: Callable[[], Iterable[Item]]) -> tuple[Item, ...] | None:
    """What is found, all of it; None where finding it fails, which is told to staff alone."""
    try:
        return tuple(find())
    except Exception:
        report()
        return None


def report() -> None:
    """Tell staff of the failure at hand; the tests put a failure of their own in its place."""
    traceback.print_exc(file=sys.__stderr__)


def in_words(find: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    """A part of a message; where finding it fails, that it does."""
    found = only_said(find)
    return (Finding("values", UNSAID),) if found is None else found
