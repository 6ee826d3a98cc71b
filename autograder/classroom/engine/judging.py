"""What every engine runs: one task on one submission, from its place in a source to plain data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.classroom.engine.scratch import scratch
from autograder.classroom.hand_in import HandIn, SourceError
from autograder.classroom.marking import Marker
from autograder.classroom.sources import fetch
from autograder.classroom.trusted import trusted_by_class
from autograder.settings import Course

Answer = dict[str, Any]
"""Plain data: `key` and `lessons`, those whose files are there; or `row`; or, for files that cannot
be had, `unread` with why."""


@dataclass(frozen=True)
class Setup:
    """What each judge of a run has to know. The paths must lead to the same files wherever it runs.

    problem_set: one of the course's sets, or `all`. frozen: the casebooks' folder. source: the
    archive or folder of the class.
    """

    course: Course
    problem_set: str
    frozen: Path
    source: Path


@dataclass(frozen=True)
class Task:
    """Take the key of a submission, or grade it."""

    do: Literal["key", "grade"]
    hand_in: HandIn


def light(hand_in: HandIn) -> HandIn:
    """The same without what no judge needs and would only be carried about."""
    return replace(hand_in, results=None)


class Judge:
    """Does tasks, one after another, in one sandbox."""

    def __init__(self, setup: Setup, marker: Marker) -> None:
        self.setup, self.marker = setup, marker

    def __call__(self, task: Task) -> Answer:
        """What came of a task. An error of the submission is an answer; others are raised."""
        # only we can look into it: it holds what was handed in, as it was handed in
        with tempfile.TemporaryDirectory(prefix="handed-in-") as folder:
            try:
                remarks = fetch(self.setup.source, task.hand_in, Path(folder))
            except SourceError as error:
                return {"unread": str(error)}
            trusted = trusted_by_class(task.hand_in, self.marker.course)
            if task.do == "key":
                key, lessons = self.marker.look_at(Path(folder), trusted)
                return {"key": key.as_data(), "lessons": lessons}
            row = self.marker.grade_one(Path(folder), trusted)
            return {"row": {**row, "remarks": [*remarks, *row.get("remarks", ())]}}


@contextmanager
def judge(setup: Setup) -> Iterator[Judge]:
    """A judge with a sandbox and a temporary folder of its own; nothing of them stays."""
    with scratch(), Marker(setup.course, setup.problem_set, setup.frozen) as marker:
        yield Judge(setup, marker)
