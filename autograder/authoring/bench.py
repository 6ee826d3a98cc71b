"""`make bench`: what one submission costs, in time and memory, as measured here."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.variants import Variant, imported, module_of, patch, read_package
from autograder.authoring.course import current_course
from autograder.authoring.demo import write_submission
from autograder.authoring.figures import table, write_figures
from autograder.authoring.numeric import derived_seconds, large_cases, numeric_seconds
from autograder.authoring.proof.in_process import InProcess
from autograder.authoring.proof.known_right import versions
from autograder.authoring.training_speed import training_rows
from autograder.casebook import Casebook, gathered
from autograder.grade import Grader, casebooks, grade_submission, limits_of
from autograder.problem import Problem
from autograder.sandbox import Sandbox
from autograder.settings import Course
from autograder.worker.launch import launch

RUNS = 9

FIVE = (
    "rnn_step_forward",
    "rnn_step_backward",
    "lstm_step_forward",
    "lstm_step_backward",
    "word_embedding_backward",
)
"""What a student checks at a time."""

CLASS = {"right": 12, "three wrong problems": 5, "half of it empty": 2}
"""A class of twenty, but for the one who is hostile."""

Row = tuple[str, str, str]


def bench(root: Path, frozen: Path) -> int:
    """Measure, print the figures and write them into docs/costs.md."""
    lines = table(("what", "measured", "at most"), rows(root, frozen))
    print("\n".join(lines))
    write_figures(root / "docs" / "costs.md", "bench", lines)
    return 0


def rows(root: Path, frozen: Path) -> Iterator[Row]:
    """What was measured, the figure, and what it may be at most."""
    answers = load_answers(root / "solutions")
    course, books = current_course(root, frozen), casebooks(frozen)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = write_submission(answers.sources, Path(scratch) / "submission")
        yield from _command_rows(root, folder)
        with closing(Isolation(course, books)) as isolation:
            yield from _isolation_rows(isolation, folder, answers)
            stubs = read_package(root / "assignment" / "recurrent")
            yield from _class_rows(isolation, Path(scratch), answers, stubs)
    yield from _large_rows(root, answers, course, books)
    with imported(answers.sources) as reference:
        yield from training_rows(reference)


# --------------------------------------------------------------------------------- a command's cost


def run(root: Path, *arguments: str) -> str:
    """What a program prints."""
    command = [sys.executable, *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users have the bytecode of the last time
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8")
    return done.stdout


MOST_MEMORY = """
import re, sys
from autograder.cli import main
main(["grade", sys.argv[1], "--json", sys.argv[1] + ".json"])
print(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1])
"""
"""Grades a submission and prints the most memory that its own process has used, in kB."""


def _command_rows(root: Path, folder: Path) -> Iterator[Row]:
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        run(root, "-m", "autograder", "check", *FIVE, "--submission", str(folder))
        times.append(time.perf_counter() - start)
    five = statistics.median(times[1:])  # the first was for the disk
    yield "five questions, cold, from the command line", f"{five:.2f} s", "0.28 s"
    memory = int(run(root, "-c", MOST_MEMORY, str(folder))) / 1000
    yield "a whole submission: memory of the judge", f"{memory:.0f} MB", "150 MB"


# ----------------------------------------------------------------------------- what isolation costs


@dataclass(frozen=True)
class Seconds:
    """What grading took: processor time of judge, fork server and workers, and the wall clock."""

    judge: float
    server: float = 0.0
    workers: float = 0.0
    wall: float = 0.0

    @property
    def work(self) -> float:
        """Processor time of all of them."""
        return self.judge + self.server + self.workers


class Isolation:
    """Grades a submission twice, here and in the sandbox, again and again, and compares.

    The two take turns, so that everything else the machine does falls on both.
    """

    def __init__(self, course: Course, books: Sequence[Casebook]) -> None:
        self.course, self.books = course, books
        self.server = launch("numpy")
        self.box = Sandbox(limits_of(course), launched=self.server)
        self.problems: list[Problem] = []
        for lesson in lessons.all_lessons():
            if lesson.backend == "numpy":
                self.problems += lesson.problems

    def bare(self, variant: Variant) -> Seconds:
        """The same probes and checks in this process."""
        start, wall = time.process_time(), time.perf_counter()
        grader = Grader(Path(), self.course, self.books, InProcess(variant))
        grader.sit(self.problems)
        for problem in self.problems:
            grader.result(problem)
        return Seconds(time.process_time() - start, wall=time.perf_counter() - wall)

    def isolated(self, folder: Path) -> Seconds:
        """As a submission is graded."""
        names = [problem.name for problem in self.problems]
        server, workers = _seconds_of(self.server.process.pid)
        start, wall = time.process_time(), time.perf_counter()
        for _ in grade_submission(folder, self.course, self.books, names, self.box):
            pass
        judge, wall = time.process_time() - start, time.perf_counter() - wall
        server_now, workers_now = _seconds_of(self.server.process.pid)
        return Seconds(judge, server_now - server, workers_now - workers, wall)

    def pairs(self, folder: Path, variant: Variant, runs: int) -> list[tuple[Seconds, Seconds]]:
        """Bare and isolated, one after the other, so many times after a warm-up."""
        pairs = [(self.bare(variant), self.isolated(folder)) for _ in range(runs + 1)]
        return pairs[1:]

    def close(self) -> None:
        """End the sandbox."""
        self.box.close()

    def milliseconds(self, values: Sequence[float]) -> float:
        """The median, for each problem."""
        return statistics.median(values) * 1000 / len(self.problems)


def _seconds_of(pid: int) -> tuple[float, float]:
    """Processor time of a process, and of those of its children that have ended (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system, childrens_user, childrens_system = map(int, fields[11:15])
    ticks = os.sysconf("SC_CLK_TCK")
    return (user + system) / ticks, (childrens_user + childrens_system) / ticks


def _isolation_rows(isolation: Isolation, folder: Path, answers: Answers) -> Iterator[Row]:
    with imported(answers.sources) as variant:
        pairs = isolation.pairs(folder, variant, RUNS)
    each = isolation.milliseconds
    count = len(isolation.problems)
    cases = sum(len(gathered(problem, isolation.books).all) for problem in isolation.problems)
    over = each([boxed.work - bare.work for bare, boxed in pairs])
    judge = each([boxed.judge - bare.judge for bare, boxed in pairs])
    # The kernel counts another process's time in hundredths of a second: the mean tells more.
    server = statistics.mean(boxed.server for _, boxed in pairs) * 1000 / count
    workers = statistics.mean(boxed.workers for _, boxed in pairs) * 1000 / count
    ratio = statistics.median(boxed.wall / bare.wall for bare, boxed in pairs)
    yield (
        f"a right submission, warm, {count} numpy problems of {cases} cases: processor time over "
        "the bare run",
        f"{over:.1f} ms a problem, {over * count / cases:.2f} ms a case",
        "2.5 ms",
    )
    yield (
        "the same, by process: judge over the bare run, fork server, workers",
        f"{judge:+.1f}, {server:.1f}, {workers:.1f} ms",
        "",
    )
    yield "the same, wall clock over the bare run's", f"{ratio:.2f} times", "1.5 times"


# ------------------------------------------------------------------------------ what a class costs


def _class_rows(
    isolation: Isolation, folder: Path, answers: Answers, stubs: Mapping[str, str]
) -> Iterator[Row]:
    draw = random.Random(1)
    differences: list[float] = []
    for kind, number in CLASS.items():
        for student in range(number):
            sources = _work_of(kind, answers, stubs, draw)
            place = write_submission(sources, folder / f"{kind} {student}")
            with imported(sources) as variant:
                ((bare, boxed),) = isolation.pairs(place, variant, 1)
            differences.append(boxed.work - bare.work)
    mean = statistics.mean(differences) * 1000 / len(isolation.problems)
    students = ", ".join(f"{number} {kind}" for kind, number in CLASS.items())
    yield f"a class, {students}: over the bare runs", f"{mean:.1f} ms a problem", "4 ms"


# ------------------------------------------------------------------------------ what is too slow


def _large_rows(
    root: Path, answers: Answers, course: Course, books: Sequence[Casebook]
) -> Iterator[Row]:
    """The large cases of the gradients: which way to them comes to an end in time."""
    large = list(large_cases(books))
    numeric: dict[str, float] = {}
    with imported(answers.sources) as reference:
        for problem, case in large:
            numeric[problem.name] = numeric_seconds(problem, case, reference)
    derived: dict[str, float] = {}
    for lesson, path in versions(root / "tests" / "good_versions"):
        sources = {**answers.sources, lesson: path.read_text(encoding="utf-8")}
        with imported(sources) as variant:
            for problem, case in large:
                if problem.lesson == lesson:
                    seconds = derived_seconds(problem, case, variant)
                    derived[f"{problem.name} in {path.name}"] = seconds
    quickest, slowest = min(numeric, key=numeric.__getitem__), max(derived, key=derived.__getitem__)
    limit = f"{course.policy.seconds:g} s"
    yield (
        f"the large case of {len(numeric)} gradients, differentiated numerically: the quickest",
        f"{numeric[quickest]:.0f} s ({quickest})",
        f"no less than {limit}",
    )
    yield (
        "the same, derived, in other styles: the slowest, a loop over every number",
        f"{derived[slowest]:.1f} s ({slowest})",
        limit,
    )


def _work_of(
    kind: str, answers: Answers, stubs: Mapping[str, str], draw: random.Random
) -> dict[str, str]:
    """The files of one student."""
    sources = dict(answers.sources)
    backend_of = {lesson.name: lesson.backend for lesson in lessons.all_lessons()}
    names = [name for name in lessons.names() if backend_of[name] == "numpy"]
    if kind == "half of it empty":
        for name in draw.sample(names, len(names) // 2):
            sources[name] = stubs[name]
    if kind == "three wrong problems":
        for name in draw.sample(names, 3):
            own = [one for one in answers.misconceptions if module_of(sources, one) == name]
            sources[name] = patch(sources[name], draw.choice(own))
    return sources
