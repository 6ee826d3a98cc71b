"""`make bench`: what one submission costs, in time and memory, as measured here."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.variants import Variant, imported, read_package
from autograder.authoring.demo import write_submission
from autograder.authoring.figures import table, write_figures
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook
from autograder.grade import Grader, casebooks, grade_submission, limits_of
from autograder.sandbox import Sandbox
from autograder.settings import Course, thaw

RUNS = 9

SPINE = ("rnn", "head", "lstm", "word_embedding_forward", "word_embedding_backward")
"""The lessons and problems the grader was first built around, the scale of the figures."""


def bench(root: Path, frozen: Path) -> int:
    """Measure, print the figures and write them into the README."""
    lines = table(("what", "measured", "at most"), rows(root, frozen))
    print("\n".join(lines))
    write_figures(root / "README.md", "bench", lines)
    return 0


def rows(root: Path, frozen: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it may be at most."""
    sources = read_package(root / "solutions" / "recurrent")
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = write_submission(sources, Path(scratch) / "submission")
        yield from _command_rows(root, folder)
        with imported(sources) as variant:
            yield from _isolation_rows(folder, frozen, variant)


# --------------------------------------------------------------------------------- a command's cost


@dataclass(frozen=True)
class Cost:
    """The medians of some runs of a command.

    seconds: wall clock. megabytes: the largest memory of one process.
    """

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str], cwd: Path, runs: int = RUNS) -> Cost:
    """Run a command several times after a warm-up; medians."""
    times, megabytes = [], []
    for _ in range(runs + 1):
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        _, _, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - start)
        megabytes.append(usage.ru_maxrss / 1024)
    return Cost(statistics.median(times[1:]), statistics.median(megabytes[1:]))


def _command_rows(root: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    python = sys.executable
    check = [python, "-m", "autograder", "check", *SPINE, "--submission", str(folder)]
    start = cost_of([python, "-c", "pass"], root)
    importing = cost_of([python, "-c", "import autograder.cli"], root)
    cold = cost_of(check, root)
    yield (
        "`import autograder.cli`, over an empty interpreter",
        f"{importing.seconds - start.seconds:.3f} s",
        "0.15 s",
    )
    yield (
        "a submission of the spine's lessons, cold, from the command line",
        f"{cold.seconds:.2f} s",
        "1 s",
    )
    yield "the same, memory of its largest process", f"{cold.megabytes:.0f} MB", "300 MB"


# ----------------------------------------------------------------------------- what isolation costs


def _isolation_rows(folder: Path, frozen: Path, variant: Variant) -> Iterator[tuple[str, str, str]]:
    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    spine, every = [], []
    for lesson in lessons.all_lessons():
        if lesson.backend == "numpy":
            for problem in lesson.problems:
                every.append(problem.name)
                if lesson.name in SPINE or problem.name in SPINE:
                    spine.append(problem.name)

    for whose, wanted in (("the spine's", spine), ("all numpy", every)):
        cost = isolation_cost(folder, course, books, variant, wanted)
        yield (
            f"isolation, warm, {whose} lessons, {len(wanted)} problems",
            f"{cost * 1000:.1f} ms a problem",
            "4 ms",
        )


def isolation_cost(
    folder: Path, course: Course, books: Sequence[Casebook], variant: Variant, wanted: Sequence[str]
) -> float:
    """What workers cost over the same probes and checks in one process: seconds a problem.

    The two take turns, so that everything else the machine does falls on both; the median of the
    differences counts.
    """
    problems = [lessons.find(name) for name in wanted]

    def bare() -> None:
        grader = Grader(folder, course, books, InProcess(variant))
        for problem in problems:
            grader.result(problem)

    with Sandbox(limits_of(course)) as sandbox:

        def isolated() -> None:
            for _ in grade_submission(folder, course, books, wanted, sandbox):
                pass

        isolated()
        bare()  # both are warm from here
        differences = [seconds(isolated) - seconds(bare) for _ in range(RUNS)]
    return statistics.median(differences) / len(problems)


def seconds(work: Callable[[], object]) -> float:
    """The wall clock of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
