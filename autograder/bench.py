"""`make bench`: what one submission costs, in time and memory, measured and not promised."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.casebook.worlds import read_package, world
from autograder.demo import write_submission
from autograder.grade import Grader, casebooks, grade_submission, limits_of
from autograder.proof.rehearsal import Rehearsal
from autograder.sandbox import Sandbox
from autograder.settings import thaw

RUNS = 7


@dataclass(frozen=True)
class Cost:
    """The median of some runs of a command: wall clock in seconds, and the largest memory of one process in MB."""

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str], cwd: Path, runs: int = RUNS) -> Cost:
    """Run a command several times after a warm-up; medians."""
    seconds, megabytes = [], []
    for _ in range(runs + 1):
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        _, _, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        megabytes.append(usage.ru_maxrss / 1024)
    return Cost(statistics.median(seconds[1:]), statistics.median(megabytes[1:]))


def median_seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median time of some calls after a warm-up."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def bench(root: Path, frozen: Path) -> int:
    """Print the figures of the README."""
    course = thaw(frozen / "course.json")
    sources = read_package(root / "solutions" / "recurrent")
    numpy_problems = [p for each in lessons.all_lessons() if each.needs == "numpy" for p in each.problems]
    names = [p.name for p in numpy_problems]
    books = casebooks(frozen)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = write_submission(sources, Path(scratch) / "submission")
        spine = ["rnn", "head", "lstm", "word_embedding_forward", "word_embedding_backward"]
        check = [sys.executable, "-m", "autograder", "check", *spine, "--submission", str(folder)]
        empty, cli = ([sys.executable, "-c", code] for code in ("pass", "import autograder.cli"))
        start, imported, cold = cost_of(empty, root), cost_of(cli, root), cost_of(check, root)
        with Sandbox(limits_of(course)) as sandbox:
            isolated = median_seconds(lambda: list(grade_submission(folder, course, books, names, sandbox)))
        with world(sources) as where:

            def direct() -> None:
                grader = Grader(folder, course, books, Rehearsal(where))
                for problem in numpy_problems:
                    grader.standing(problem)

            bare = median_seconds(direct)
    count = len(numpy_problems)
    print(f"import autograder.cli          {imported.seconds - start.seconds:.3f} s over an empty interpreter")
    print(f"one submission, spine, cold    {cold.seconds:.2f} s, {cold.megabytes:.0f} MB (largest process)")
    print(
        f"all {count} numpy problems, warm    {isolated:.3f} s isolated, {bare:.3f} s in one process without isolation"
    )
    print(f"isolation costs                {(isolated - bare) / count * 1000:.2f} ms a problem (hidden cases included)")
    return 0
