"""Building only what changed: a lesson's file is built, brought up to date, or left alone."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.build import add_misconceptions, advice_for, all_true_cases
from autograder.authoring.casebook.fingerprint import fingerprint
from autograder.authoring.casebook.lent import lent_calls
from autograder.authoring.casebook.seen import news
from autograder.authoring.casebook.variants import BuildError
from autograder.authoring.processes import pool
from autograder.casebook import CasebookError, LessonBook, write_lesson
from autograder.problem import Case, Lesson
from autograder.wording import counted


@dataclass(frozen=True)
class Target:
    """A file to be: one lesson's public or hidden cases.

    path: where it is to lie. earlier: where an earlier build of it lies, if there was one.
    public_seed: of the numbers of questions, which hidden cases share.
    built_from: what it should say of itself, see `fingerprint`.
    """

    lesson: str
    path: Path
    earlier: Path
    seed: int
    hidden: bool
    built_from: Mapping[str, Any]
    public_seed: int

    def is_at(self, path: Path) -> bool:
        """Whether the file that lies there is the one that would be built."""
        return _recorded(path) == self.built_from

    def is_known(self) -> bool:
        """Whether there is an earlier file that can be read."""
        return bool(_recorded(self.earlier))

    def has_true_cases(self) -> bool:
        """Whether the cases of the earlier file are still the true ones."""
        return bool(_recorded(self.earlier).get("base") == self.built_from["base"])

    def run_before(self) -> set[str]:
        """The misconceptions that the earlier file knows as they are today, by their ids."""
        if not self.has_true_cases():
            return set()
        earlier, now = _recorded(self.earlier)["patches"], self.built_from["patches"]
        return {wrong for wrong in now if earlier.get(wrong) == now[wrong]}


def planned(
    answers: Answers,
    lesson: Lesson,
    seed: int,
    hidden: bool,
    path: Path,
    earlier: Path,
    public_seed: int,
) -> Target:
    """The file of a lesson's public or hidden cases."""
    numbers = public_seed if lesson.asks else None
    built_from = fingerprint(answers, lesson.name, seed, hidden, numbers)
    return Target(lesson.name, path, earlier, seed, hidden, built_from, public_seed)


def _recorded(path: Path) -> dict[str, Any]:
    """What a file says it was built from; nothing if it cannot be read."""
    try:
        return LessonBook(path, hidden=False).built_from
    except CasebookError:
        return {}


def build_file(lesson: Lesson, answers: Answers, target: Target) -> int:
    """Write one lesson's file, with what can be kept of the earlier one.

    Returns how many misconceptions were run. Raises BuildError.
    """
    known = target.run_before()
    if target.has_true_cases():
        earlier = LessonBook(target.earlier, target.hidden)
        cases = {
            problem: [_with_only(known, case) for case in found]
            for problem, found in earlier.cases.items()
        }
    else:
        cases = all_true_cases(answers, lesson, target.seed, target.hidden, target.public_seed)
    unknown = [wrong for wrong in answers.visible_in(lesson.name) if wrong.id not in known]
    add_misconceptions(cases, answers, lesson, unknown)
    advice, lent = advice_for(answers, lesson, cases), lent_calls(answers, lesson, cases)
    write_lesson(target.path, cases, advice, target.built_from, lent)
    return len(unknown)


def _with_only(misconceptions: Collection[str], case: Case) -> Case:
    """The case without what it knows of other misconceptions."""
    arrays = {id: case.by_misconception[id] for id in case.by_misconception if id in misconceptions}
    raises = {id: case.raises[id] for id in case.raises if id in misconceptions}
    forward = {id: case.by_forward[id] for id in case.by_forward if id in misconceptions}
    return replace(case, by_misconception=arrays, raises=raises, by_forward=forward)


# ---------------------------------------------------------------------------------- many at a time


@dataclass(frozen=True)
class Task:
    """One lesson to be built. It goes to another process as it is.

    targets: its public cases, then its hidden ones, as far as there are to be any.
    answers: the misconceptions that the lesson may see, and no others.
    is_first: there was no casebook before, so that everything in this one is new.
    """

    lesson: str
    answers: Answers
    targets: tuple[Target, ...]
    is_first: bool

    @property
    def is_long(self) -> bool:
        """Whether some file has to be built from nothing, which takes seconds."""
        return not all(
            target.is_at(target.path) or target.has_true_cases() for target in self.targets
        )


@dataclass(frozen=True)
class Done:
    """How a task went.

    visible: how many misconceptions the lesson may see. run: how many of them had to be run.
    said: what the author wants to hear, a line each.
    refused: why the lesson could not be built, a sentence a line.
    """

    lesson: str
    visible: int
    seconds: float = 0.0
    run: int = 0
    said: tuple[str, ...] = ()
    refused: str = ""

    def __str__(self) -> str:
        problems = counted(len(lessons.lesson(self.lesson).problems), "problem")
        misconceptions = counted(self.visible, "misconception")
        if self.run < self.visible:
            misconceptions = f"{self.run} of {misconceptions} run"
        return f"{self.lesson}: {problems}, {misconceptions}, {self.seconds:.1f} s"


def do_all(tasks: Sequence[Task]) -> Iterator[Done]:
    """Do all tasks, and yield each as soon as it is done."""
    if os.cpu_count() == 1 or sum(task.is_long for task in tasks) < 2:
        # Starting processes takes a second, which is more than several short tasks take.
        yield from map(do, tasks)
        return
    # What takes longest comes first, or one process would be left with it in the end.
    ordered = sorted(tasks, key=_longest_first)
    with pool() as processes:
        for future in as_completed([processes.submit(do, task) for task in ordered]):
            yield future.result()


def _longest_first(task: Task) -> tuple[bool, int]:
    """Torch before numpy, then by how many misconceptions there are to run."""
    is_numpy = lessons.lesson(task.lesson).backend == "numpy"
    return is_numpy, -len(task.answers.misconceptions)


def do(task: Task) -> Done:
    """Build those files of a lesson that are not there yet."""
    start = time.perf_counter()
    lesson = lessons.lesson(task.lesson)
    done = Done(task.lesson, visible=len(task.answers.misconceptions))
    try:
        for target in task.targets:
            if not target.is_at(target.path):
                run = build_file(lesson, task.answers, target)
                done = replace(done, run=max(run, done.run))
    except BuildError as error:
        return replace(done, refused=str(error))
    earlier = None if task.is_first else LessonBook(task.targets[0].earlier, hidden=False)
    books = [LessonBook(target.path, target.hidden) for target in task.targets]
    said = tuple(news(lesson, earlier, books))
    return replace(done, said=said, seconds=time.perf_counter() - start)
