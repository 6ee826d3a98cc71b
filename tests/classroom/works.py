"""What a pool's processes do in tests: tasks that tell them how to fail."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.classroom.engine.judging import Answer, Judge, Setup, Task, judge
from autograder.classroom.engine.line import Work
from autograder.classroom.engine.scratch import scratch
from autograder.errors import UserError

LONGEST = 900
"""Seconds that something hangs; every test ends it long before."""


def do(task: tuple[str, str]) -> str:
    """Fail as the task says, or give back its second part in capitals."""
    how, what = task
    if how == "dies" or (how == "dies once" and not _tried_before(what)):
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "ends":
        os._exit(3)
    elif how == "raises":
        raise ValueError("no such luck")
    elif how == "hangs":
        Path(what).touch()
        time.sleep(LONGEST)
    elif how == "leaves a file":
        Path(tempfile.mkdtemp()).joinpath("left").touch()
        return f"{os.getpid()} {tempfile.gettempdir()}"
    return what.upper()


def _tried_before(mark: str) -> bool:
    """Whether the file that marks it is there; it is from now on."""
    try:
        Path(mark).touch(exist_ok=False)
    except FileExistsError:
        return True
    return False


@contextmanager
def ready() -> Iterator[Work]:
    with scratch():
        yield do


@contextmanager
def refuses() -> Iterator[Work]:
    raise UserError("the casebooks are missing")
    yield do


@contextmanager
def never_starts() -> Iterator[Work]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield do


class Deadly:
    """A judge that takes its process along when it is to grade a submission of this name."""

    NAME = "deadly"

    def __init__(self, work: Judge) -> None:
        self.work = work

    def __call__(self, task: Task) -> Answer:
        if task.do == "grade" and task.hand_in.name == self.NAME:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.work(task)


@contextmanager
def deadly(setup: Setup) -> Iterator[Deadly]:
    with judge(setup) as work:
        yield Deadly(work)
