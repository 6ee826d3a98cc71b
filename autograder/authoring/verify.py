"""`make verify`: this course, as course.toml has it now, tried out as students and graders get it.

Each problem set's two zips are built, unpacked elsewhere and used: by a student who begins, and by
Gradescope's own script on the stubs and on the reference.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from autograder.authoring.course import course_of, remarks_on, seed_kept
from autograder.authoring.handout.notebooks import CHECK
from autograder.authoring.handout.zips import make_autograder, make_handout
from autograder.authoring.regrade import by_problem
from autograder.authoring.rehearse import (
    RehearsalError,
    environment,
    read_results,
    run_script,
    set_up,
    unpack,
)
from autograder.grade import course_problems
from autograder.settings import Course

SECONDS = 300
"""After these, a program that was started is taken to hang."""

Print = Callable[[str], None]


def verify(root: Path, print_line: Print = print) -> int:
    """Try out every problem set, and print a line for each and for what is wrong with it.

    Returns 0 if nothing is. Raises whatever building the zips raises.
    """
    course = course_of(root)
    for line in remarks_on(course):
        print_line(line)
    wrong = 0
    sets = [course.only(problem_set.name) for problem_set in course.sets]
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch, ProcessPoolExecutor() as pool:
        look = partial(_all_mistakes_of, root, Path(scratch))
        for alone, found in zip(sets, pool.map(look, sets), strict=True):
            wrong += len(found)
            points = sum(map(alone.points_of, course_problems(alone)))
            counted = f"{len(course_problems(alone))} problems, {points:g} points"
            print_line(
                f"{alone.sets[0].name}: {counted}: {'wrong' if found else 'as it should be'}"
            )
            for mistake in found:
                print_line(f"  {mistake}")
    return 1 if wrong else 0


def _all_mistakes_of(root: Path, scratch: Path, course: Course) -> list[str]:
    return list(mistakes_of(root, course, scratch / course.sets[0].name))


def mistakes_of(root: Path, course: Course, folder: Path) -> Iterator[str]:
    """What is wrong with the zips of a course of one problem set, a sentence each.

    folder: everything is built and unpacked in it.
    """
    name = course.sets[0].name
    handout = make_handout(name, folder / "assignment.zip", _say_nothing)
    # The hidden seed of this machine: its casebooks are there, and nothing has to be built.
    grader = make_autograder(name, folder / "autograder.zip", seed_kept(root), _say_nothing)
    unpack(handout, folder / "student")
    student = folder / "student" / handout.stem
    yield from mistakes_in_handout(course, student)
    stubs, reference = student / "recurrent", root / "solutions" / "recurrent"
    for what, work, share in (("the stubs", stubs, 0.0), ("the reference", reference, 1.0)):
        yield from _mistakes_in_grade(course, grader, work, share, what)


# --------------------------------------------------------------------------------- the handout


def mistakes_in_handout(course: Course, student: Path) -> Iterator[str]:
    """What a student who unpacks the handout would stumble over, a sentence each."""
    problems = {problem.name for problem in course_problems(course)}
    yield from _mistakes_in_first_check(problems, student)
    known = problems | set(course.lessons_of("all"))
    text = (student / "README.md").read_text(encoding="utf-8")
    for names in re.findall(r"python check\.py ((?:\w+ ?)+)", text):
        for name in names.split():
            if name not in known:
                yield f"README.md says check.py {name}, which is not asked for"
    for file in re.findall(r"`(\w+/[\w/]+\.py)`", text):
        if not (student / file).exists():
            yield f"README.md names {file}, which is not there"
    checked: list[str] = []
    for path in sorted(student.glob("notebooks/*.ipynb")):
        cells = _code_cells(path)
        checked += [match[1] for cell in cells if (match := CHECK.fullmatch(cell.strip()))]
        for cell in cells:
            for mistake in _mistakes_in_cell(cell, student):
                yield f"{path.name}: {mistake}"
    for name in sorted(set(checked) - problems):
        yield f"a notebook checks {name}, which is not asked for"
    for name in sorted(problems - set(checked)):
        yield f"no notebook checks {name}"


def _mistakes_in_first_check(problems: Collection[str], student: Path) -> Iterator[str]:
    """Whether `python check.py` runs, and has everything to do."""
    done = _run([sys.executable, "check.py", "--json"], student)
    try:
        verdicts = json.loads(done.stdout)
    except ValueError:
        yield f"check.py does not run: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}"
        return
    if {verdict["problem"] for verdict in verdicts} != set(problems):
        yield "check.py asks for other problems than the course"
    for verdict in verdicts:
        if verdict["status"] != "todo":
            yield f"{verdict['problem']} is {verdict['status']} before anything is written"


def _code_cells(path: Path) -> list[str]:
    """The code of a notebook's cells, without the lines that only notebooks understand."""
    cells: list[Any] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return [re.sub(r"^%.*$", "", cell, flags=re.MULTILINE) for cell in code]


def _mistakes_in_cell(cell: str, student: Path) -> Iterator[str]:
    try:
        tree = ast.parse(cell)
    except SyntaxError as error:
        yield f"a cell is no Python: {error}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recurrent"):
            path = student / str(node.module).replace(".", "/")
            if not path.is_dir() and not path.with_suffix(".py").exists():
                yield f"a cell imports {node.module}, which is not there"


# ------------------------------------------------------------------------------------- the grade


def _mistakes_in_grade(
    course: Course, grader: Path, work: Path, share: float, what: str
) -> Iterator[str]:
    """Whether Gradescope's script gives a submission the share of each problem that it deserves."""
    root = grader.parent / what.replace(" ", "-")
    try:
        set_up(grader, root)
        shutil.copytree(work, root / "submission" / "recurrent")
        done = run_script(root, what)
        data = read_results(root / "results" / "results.json", what)
    except RehearsalError as error:
        yield str(error)
        return
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        yield f"run_autograder fails on {what}: {last}"
        return
    scores = {problem: found.score for problem, found in by_problem(data).items()}
    for problem in course_problems(course):
        points = course.points_of(problem)
        earned = scores.pop(problem.name, None)
        if earned is None:
            yield f"{problem.name} is not graded"
        elif abs(earned - share * points) > 1e-9:
            yield f"{what} earn {earned:g} of {points:g} points for {problem.name}"
    for name in scores:
        yield f"{name} is graded and not asked for"


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=SECONDS,
    )


def _say_nothing(line: str) -> None:
    """The zips' own lines are for those who build them."""
