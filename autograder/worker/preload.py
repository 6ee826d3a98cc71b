"""What every worker needs in memory before a student's code runs: loaded once, where there is a fork server."""

from __future__ import annotations

import gc
import sys
from typing import Any

import numpy.testing  # noqa: F401 - numpy imports it lazily, 36 ms in every child otherwise

from autograder import lessons
from autograder.worker import disarm
from autograder.worker.faults import source_of


def preload(kind: str) -> Any:
    """Import what workers of a kind need, and read the probes, whose lines are quoted when one fails.

    Takes from torch what its lesson forbids. Returns what has to be kept alive for that.
    """
    kept = _load(kind)
    gc.freeze()  # a worker's collector need not look at all this, and copy its pages by doing so
    return kept


def _load(kind: str) -> Any:
    for each in lessons.all_lessons():
        source_of(sys.modules[f"autograder.lessons.{each.name}"].__file__ or "")
    if kind == "numpy":
        return None
    __import__(kind)
    return [
        disarm.disarm(getattr(sys.modules[f"autograder.lessons.{each.name}"], "FORBIDDEN", ()))
        for each in lessons.all_lessons()
        if each.needs == kind
    ]
