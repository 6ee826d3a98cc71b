"""The tasks of an engine as they wait in line, and what comes of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from autograder.errors import UserError

Work = Callable[[Any], Any]
"""What does a task; the task, and what comes of it, travel from process to process."""

Make = Callable[[], AbstractContextManager[Work]]
"""What is called in a new process, to which it travels, to get what does the work there."""

ATTEMPTS = 2
"""Times that a task is tried before its failure is reported."""


class EngineError(UserError):
    """There is nothing to grade with, or no longer; the message says why and what to do."""


@dataclass(frozen=True)
class Done:
    """A task and what came of it.

    failure: why there is no answer: its process died each time, did not come back, or raised.
    """

    task: Any
    answer: Any = None
    failure: str = ""


class Trial:
    """A task, and how often it was tried."""

    def __init__(self, task: Any) -> None:
        self.task, self.count = task, 0


class Line:
    """The tasks that wait, those that failed once in front; new ones are drawn when needed."""

    def __init__(self, tasks: Iterable[Any]) -> None:
        self._new, self._waiting = iter(tasks), deque[Trial]()
        self.out = 0
        self._draw()

    @property
    def is_over(self) -> bool:
        """Whether no task waits or is out."""
        return not (self.out or self._waiting)

    def next(self) -> Trial | None:
        """The next task, which is out from now on; None if none waits."""
        if not self._waiting:
            return None
        trial = self._waiting.popleft()
        trial.count += 1
        self.out += 1
        if not self._waiting:
            self._draw()
        return trial

    def finished(self, trial: Trial, answer: Any) -> list[Done]:
        """One that was out has its answer."""
        self.out -= 1
        return [Done(trial.task, answer)]

    def failed(self, trial: Trial, why: str, for_good: bool = False) -> list[Done]:
        """One that was out has none: it is tried again, or that was that."""
        self.out -= 1
        if trial.count < ATTEMPTS and not for_good:
            self._waiting.appendleft(trial)
            return []
        return [Done(trial.task, failure=why)]

    def dropped(self) -> None:
        """One that was out is somebody else's concern."""
        self.out -= 1

    def _draw(self) -> None:
        for task in self._new:
            self._waiting.append(Trial(task))
            return
