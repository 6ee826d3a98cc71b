"""`class bench`: how long a class takes, how much memory, and whether twice the class takes twice.

The class is made up, over all lessons that need numpy alone. The figures go into docs/class.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.course import current_course
from autograder.authoring.figures import table, write_figures
from autograder.classroom.made_up.archives import FORMATS
from autograder.classroom.made_up.everybody import made_up_class
from autograder.errors import UserError
from autograder.settings import Course, ProblemSet

Row = tuple[str, str, str]
"""What was measured, the figure, and what it may be at most."""

SET = "numpy"
WORKERS = 2

GRADED, A_QUARTER, IMPORTED = 1000, 250, 3000
"""Submissions of the large class, of one a quarter as large, and of one that is only read."""

MEASURED = """
import re, sys
from pathlib import Path
from autograder.authoring.course import current_course
from autograder.classroom import cli as verbs
from autograder.classroom.bench import numpy_course
from autograder.cli import FROZEN, ROOT, main
course = numpy_course(current_course(ROOT, FROZEN))
verbs._course = lambda: course
status = main(["class", *sys.argv[1:]])
print("peak", re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1])
sys.exit(status)
"""
"""Does what a `class` command does, and prints the most memory that its own process has used."""


def bench(root: Path, frozen: Path, scale: float = 1.0) -> int:
    """Measure, print the figures, and write them into docs/class.md.

    scale: of the classes; with less than 1, nothing is written.
    """
    lines = table(("what", "measured", "at most"), rows(root, frozen, scale))
    print("\n".join(lines))
    if scale == 1:
        write_figures(root / "docs" / "class.md", "bench-class", lines)
    return 0


def rows(root: Path, frozen: Path, scale: float) -> Iterator[Row]:
    """The measurements, one after the other."""
    course = numpy_course(current_course(root, frozen))
    with tempfile.TemporaryDirectory(prefix="bench-class-") as scratch:
        folder = Path(scratch)
        quarter, _ = _graded(root, course, folder, round(A_QUARTER * scale))
        whole, peak = _graded(root, course, folder, round(GRADED * scale))
        count = round(GRADED * scale)
        yield f"{count} submissions graded by {WORKERS} workers", f"{whole:.0f} s", "300 s"
        ratio = f"{whole / quarter / 4:.2f}"
        yield "one of these, over one of a quarter as many", ratio, "1.1"
        yield "most memory of the process that watches", f"{peak:.0f} MB", "300 MB"
        store = folder / f"class-{count}"
        for verb in (("report",), ("export", "csv"), ("export", "canvas"), ("export", "junit")):
            seconds, _ = _timed(root, [*verb, str(store)])
            yield f"`class {' '.join(verb)}` of {count}", f"{seconds:.1f} s", "5 s"
        seconds, peak = _imported(root, course, folder, round(IMPORTED * scale))
        many = round(IMPORTED * scale)
        yield f"an archive of {many} read", f"{seconds:.1f} s, {peak:.0f} MB", "20 s, 300 MB"


def numpy_course(course: Course) -> Course:
    """The course with one set, of all lessons that need numpy alone."""
    taught = course.lessons_of("all")
    numpy = [name for name in taught if lessons.lesson(name).backend == "numpy"]
    due = course.sets[0].due
    return replace(course, sets=(ProblemSet(SET, "All in numpy", tuple(numpy), due),))


def _graded(root: Path, course: Course, folder: Path, count: int) -> tuple[float, float]:
    """Seconds to grade a class of so many, and the most memory in MB."""
    archive = _archive(root, course, folder, count)
    store = folder / f"class-{count}"
    command = ["grade", str(archive), "--set", SET, "--out", str(store)]
    return _timed(root, [*command, "--workers", str(WORKERS)])


def _imported(root: Path, course: Course, folder: Path, count: int) -> tuple[float, float]:
    """Seconds to read an archive of so many, of which a shard of next to nothing is graded."""
    archive = _archive(root, course, folder, count)
    store = folder / "imported"
    command = ["grade", str(archive), "--set", SET, "--out", str(store)]
    return _timed(root, [*command, "--shard", f"0/{max(1, count)}"])


def _archive(root: Path, course: Course, folder: Path, count: int) -> Path:
    answers = load_answers(root / "solutions")
    styles = root / "tests" / "good_versions"
    everybody = made_up_class(answers, course, SET, count, styles=styles)
    return FORMATS["gradescope"](everybody, folder / f"archive-{count}")


def _timed(root: Path, arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds of a `class` command, and the most memory of its process in MB."""
    command = [sys.executable, "-c", MEASURED, *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8")
    seconds = time.perf_counter() - start
    found = re.search(r"^peak (\d+)$", done.stdout, re.MULTILINE)
    if found is None:
        raise UserError(f"`class {' '.join(arguments[:2])}` failed: {done.stderr[-300:]}")
    return seconds, int(found[1]) / 1000
