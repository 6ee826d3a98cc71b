"""nbgrader's own commands on the course directory that `make nbgrader` builds, held against
`autograder grade`.
"""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import lessons
from autograder.grade import casebooks, grade_submission
from autograder.settings import load_course
from tests.conftest import LONGEST, ROOT
from tests.submissions import REFERENCE

if sys.version_info < (3, 11):
    pytest.skip("nbgrader needs Python 3.11 or newer", allow_module_level=True)

from autograder.authoring.handout import make_nbgrader

pytestmark = pytest.mark.slow

SET, TAUGHT = "recurrence", ("rnn", "head", "gradflow")
PARTIAL = {
    "rnn": REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"),
    "head": REFERENCE["head"],
    "gradflow": "def oops(:\n",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which one assignment has been released, handed in by three students, graded and
    exported.
    """
    out = tmp_path_factory.mktemp("nbgrader") / "course"
    printed: list[str] = []
    folder = make_nbgrader(SET, out, seed=7, print_line=printed.append)
    assert printed == [f"{SET}: given as they are: __init__.py, data/, pictures/, training.py"]
    run(folder, "generate_assignment", SET)
    for student, files in {"perfect": REFERENCE, "partial": PARTIAL, "unfinished": {}}.items():
        handed_in = folder / "submitted" / student / SET
        shutil.copytree(folder / "release" / SET, handed_in)
        for name in TAUGHT:
            if name in files:
                (handed_in / "recurrent" / f"{name}.py").write_text(files[name])
    for command in (("autograde", SET), ("generate_feedback", SET), ("export",)):
        run(folder, *command)
    return folder


def run(folder: Path, *command: str) -> None:
    scripts = str(Path(sys.executable).parent)  # nbgrader starts alembic by name
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def by_autograder(folder: Path, student: str) -> dict[str, float]:
    frozen = folder.parent / "frozen"
    if not frozen.exists():
        shutil.copytree(folder / "source" / SET / "autograder" / "frozen", frozen)
        shutil.copytree(folder / "hidden", frozen / "hidden")
    settings = load_course(ROOT / "course.toml").only(SET)
    verdicts = grade_submission(folder / "submitted" / student / SET, settings, casebooks(frozen))
    return {verdict.problem: verdict.score for verdict in verdicts}


def by_nbgrader(folder: Path, student: str) -> dict[str, float]:
    query = """
        select base_cell.name, grade.auto_score from grade
        join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        where submitted_assignment.student_id = ?
    """
    with sqlite3.connect(folder / "gradebook.db") as gradebook:
        return {
            name.removeprefix("check_"): score
            for name, score in gradebook.execute(query, [student])
        }


@pytest.mark.parametrize("student", ["perfect", "partial", "unfinished"])
def test_every_problem_earns_what_autograder_gives_it(course: Path, student: str) -> None:
    ours = by_autograder(course, student)
    assert by_nbgrader(course, student) == ours
    with (course / "grades.csv").open() as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(exported[student]["score"]) == pytest.approx(sum(ours.values()))
    assert float(exported[student]["max_score"]) == 100
    assert sum(ours.values()) == {"perfect": 100, "unfinished": 0}.get(student, sum(ours.values()))


def test_the_partial_one_is_partial_and_its_hidden_cases_were_run(course: Path) -> None:
    scores = by_nbgrader(course, "partial")
    points = {p.name: p.points for name in TAUGHT for p in lessons.lesson(name).problems}
    assert any(0 < scores[name] < points[name] for name in points)
    feedback = (course / "feedback" / "perfect" / SET / "1_recurrence.html").read_text()
    assert "hidden case" in feedback


def test_what_is_released_has_no_hidden_test_no_hidden_case_and_no_answer(course: Path) -> None:
    released = course / "release" / SET
    for path in released.rglob("*"):
        if path.is_file():
            assert b"HIDDEN" not in path.read_bytes() or path.suffix == ".py", path
    assert "hidden=" not in (released / "1_recurrence.ipynb").read_text()
    assert not (released / "autograder" / "frozen" / "hidden").exists()
    assert "raise NotImplementedError" in (released / "recurrent" / "rnn.py").read_text()
