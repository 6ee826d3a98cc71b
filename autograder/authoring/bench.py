"""`make bench`: what one submission costs, in time and memory, measured and not promised."""

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


@dataclass(frozen=True)
class Cost:
    """The median of some runs of a command: wall clock in seconds, and the largest memory of one
    process in MB.
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


def isolation_cost(
    folder: Path, course: Course, books: Sequence[Casebook], variant: Variant, wanted: Sequence[str]
) -> float:
    """What workers cost over one process without isolation, with the same probes and checks:
    seconds a problem.

    The two take turns, so that whatever else the machine does falls on both; median of the
    differences.
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
        return statistics.median(seconds(isolated) - seconds(bare) for _ in range(RUNS)) / len(
            problems
        )


def seconds(work: Callable[[], object]) -> float:
    """The wall clock of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rows(root: Path, frozen: Path) -> Iterator[tuple[str, str, str]]:
    """What was measured, the figure, and what it may be at most."""
    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    sources = read_package(root / "solutions" / "recurrent")
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch, imported(sources) as variant:
        folder = write_submission(sources, Path(scratch) / "submission")
        check = [sys.executable, "-m", "autograder", "check", *SPINE, "--submission", str(folder)]
        empty, cli = ([sys.executable, "-c", code] for code in ("pass", "import autograder.cli"))
        start, importing, cold = cost_of(empty, root), cost_of(cli, root), cost_of(check, root)
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
        numpys = [each for each in lessons.all_lessons() if each.backend == "numpy"]
        for whose, wanted in {
            "the spine's": [
                p.name for each in numpys for p in each.problems if {each.name, p.name} & {*SPINE}
            ],
            "all numpy": [p.name for each in numpys for p in each.problems],
        }.items():
            cost = isolation_cost(folder, course, books, variant, wanted)
            yield (
                f"isolation, warm, {whose} lessons, {len(wanted)} problems",
                f"{cost * 1000:.1f} ms a problem",
                "4 ms",
            )


def bench(root: Path, frozen: Path) -> int:
    """Measure, print the figures and put them into the README."""
    lines = table(("what", "measured", "at most"), rows(root, frozen))
    print("\n".join(lines))
    write_figures(root / "README.md", "bench", lines)
    return 0
