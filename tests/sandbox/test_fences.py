"""A fence is used where it works, and the worker does without it where it does not."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import pytest

from autograder.worker import confine


class Fence:
    def __init__(self, deed: Any) -> None:
        self.trial = deed


def fails() -> None:
    raise OSError


WORKS, FAILS = Fence(lambda: None), Fence(fails)
KILLS_THE_TRIAL = Fence(lambda: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.skipif(sys.platform != "linux", reason="there are fences on Linux only")
@pytest.mark.parametrize(
    ("fences", "kept"),
    [
        ((WORKS, WORKS), [WORKS, WORKS]),
        ((FAILS, WORKS), [None, WORKS]),
        ((WORKS, FAILS), [WORKS, None]),
        ((None, WORKS), [None, WORKS]),
        ((FAILS, FAILS), [None, None]),
        ((None, None), [None, None]),
        ((WORKS, KILLS_THE_TRIAL), [None, None]),
    ],
)
def test_what_fails_when_tried_is_left_out(fences: tuple[Any, ...], kept: list[Any]) -> None:
    assert confine._those_that_work(fences) == kept
