"""Bringing the clues of a frozen course up to date: a file for each lesson, beside its casebook."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.fingerprint import code_behind
from autograder.authoring.clues.near_misses import near_misses
from autograder.authoring.clues.reactions import reactions
from autograder.authoring.processes import pool
from autograder.casebook import LessonBook
from autograder.clues import FOLDER, LessonClues, Part, write_clues
from autograder.problem import Lesson
from autograder.wording import counted

BUILDER = "autograder.authoring.clues.build"


@dataclass(frozen=True)
class Task:
    """One lesson's clues to be built. It goes to another process as it is.

    casebook: its public file. path: where the clues are to lie; an earlier build may lie there.
    """

    lesson: str
    answers: Answers
    casebook: Path
    path: Path
    built_from: str


def freeze_clues(
    answers: Answers,
    frozen: Path,
    taught: Sequence[Lesson],
    say: Callable[[str], None],
    reuse: Path | None = None,
) -> bool:
    """Bring the clues in a frozen course up to date; its casebooks are.

    reuse: another such folder, from which files are taken that are right.

    Returns whether anything had to be built.
    """
    start = time.perf_counter()
    tasks = [_task(answers, lesson, frozen, reuse) for lesson in taught]
    kept = {task.path for task in tasks}
    for path in (frozen / FOLDER).glob("*"):
        if path not in kept:
            path.unlink()
    stale = [task for task in tasks if LessonClues(task.path).built_from != task.built_from]
    for lesson in _do_all(stale):
        say(f"clues of {lesson}")
    if stale:
        took = time.perf_counter() - start
        say(f"built the clues of {counted(len(stale), 'lesson')} in {took:.1f} s")
    return bool(stale)


def _task(answers: Answers, lesson: Lesson, frozen: Path, reuse: Path | None) -> Task:
    """What is to be built of a lesson, where the file that would be is not to be had already."""
    name = f"{lesson.name}.safetensors"
    casebook, path = frozen / "public" / name, frozen / FOLDER / name
    built_from = _fingerprint(casebook)
    if reuse is not None and LessonClues(path).built_from != built_from:
        other = reuse / FOLDER / name
        if LessonClues(other).built_from:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(other, path)  # at least a part of it can be used
    visible = replace(answers, misconceptions=answers.visible_in(lesson.name))
    return Task(lesson.name, visible, casebook, path, built_from)


def _fingerprint(casebook: Path) -> str:
    """What clues are built from: the public cases, their misconceptions, the code that builds."""
    content = [LessonBook(casebook, hidden=False).built_from, code_behind([BUILDER])]
    return sha256(json.dumps(content).encode()).hexdigest()


def _do_all(tasks: Sequence[Task]) -> Iterator[str]:
    """Build the clues of these lessons, and yield the name of each as soon as it is done."""
    if os.cpu_count() == 1 or len(tasks) < 2:
        yield from map(_do, tasks)
        return
    with pool() as processes:
        yield from processes.map(_do, tasks)


def _do(task: Task) -> str:
    lesson = lessons.lesson(task.lesson)
    cases = LessonBook(task.casebook, hidden=False).cases
    parts: dict[str, dict[str, Part]] = {problem: {} for problem in cases}
    if lesson.asks:  # no clue to an answer may travel
        write_clues(task.path, parts, task.built_from)
        return task.lesson
    found = {
        "near_misses": near_misses(task.answers, lesson, cases, LessonClues(task.path)),
        "reactions": reactions(task.answers, lesson, cases),
    }
    for name, by_problem in found.items():
        for problem, part in by_problem.items():
            parts[problem][name] = part
    write_clues(task.path, parts, task.built_from)
    return task.lesson
