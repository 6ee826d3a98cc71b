"""nbgrader's own commands on the course directory that `make nbgrader` builds, held against
`autograder grade`.
"""

from __future__ import annotations

import csv
import html
import importlib.util
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.classroom.made_up.answered import answered_by
from autograder.grade import casebooks, grade_submission
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, LONGEST
from tests.submissions import REFERENCE

if sys.version_info < (3, 11):
    pytest.skip("nbgrader needs Python 3.11 or newer", allow_module_level=True)

from autograder.authoring.handout import make_nbgrader

pytestmark = pytest.mark.slow

SET, TAUGHT = "recurrence", ("rnn", "head", "gradflow", "answers_recurrence")
NOTEBOOK = "1_recurrence"
PERFECT = answered_by("ada@example.edu", REFERENCE, load_course(COURSE_TOML))
PARTIAL = {
    "rnn": REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"),
    "head": REFERENCE["head"],
    "gradflow": "def oops(:\n",
}


Edit = Callable[[Any], None]
"""Something that becomes of a student's notebook, as data."""


def shorten(nb: Any) -> None:
    """Leave only what sets up and what checks: the experiments take their time."""
    wanted = ("%load_ext", "check(")
    nb["cells"] = [cell for cell in nb["cells"] if "".join(cell["source"]).startswith(wanted)]


def strip(nb: Any) -> None:
    """As Colab does: no metadata of cells, and a format without ids."""
    shorten(nb)
    for cell in nb["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    nb["metadata"] = {"colab": {"provenance": []}}
    nb["nbformat_minor"] = 0


def disorder(nb: Any) -> None:
    """Check cells reversed, doubled, deleted, split and joined; some still know who they are."""
    shorten(nb)
    setup, *checks = nb["cells"]
    joined = {**checks[0], "source": 'check("rnn_forward")\ncheck("rnn_backward")', "metadata": {}}
    for cell in checks[:5]:
        cell["metadata"] = {}
    nb["cells"] = [setup, joined, *reversed(checks[1:-2]), checks[4], checks[-3]]


def cheat(nb: Any) -> None:
    """Check cells that claim points, a `check` that grants them, and no kernel in the end."""
    shorten(nb)
    setup, *checks = nb["cells"]
    setup["source"] = "def check(*args, **kwargs): return 6.0"
    checks[0]["source"] = 'check("rnn_step_forward") or 6.0'
    checks[1]["source"] = "print(8.0)\n8.0"
    checks[2]["source"] = "1.0"
    checks[3]["metadata"]["nbgrader"]["points"] = 1000
    checks[4]["metadata"]["nbgrader"].update(solution=True, locked=False)
    checks[5]["metadata"]["nbgrader"] = {**checks[6]["metadata"]["nbgrader"]}
    checks[7].update(cell_type="markdown")
    checks[8]["metadata"]["nbgrader"] = "none"
    claim = {**checks[9], "source": "6.0", "metadata": dict(checks[9]["metadata"])}
    claim["metadata"]["recurrent"] = {"title": "forged"}
    death = {**setup, "source": "import os; os._exit(1)", "metadata": {}}
    nb["cells"] += [{**checks[10], "source": "3.0"}, claim, death]


def in_cells(nb: Any) -> None:
    """The work is in the notebook, and the check cells are gone."""
    shorten(nb)
    setup = nb["cells"][0]
    source = "def rnn_step_forward(x, prev_h, Wx, Wh, b):\n    return np.tanh(x), None"
    nb["cells"] = [setup, {**setup, "source": source, "metadata": {}}]


@dataclass(frozen=True)
class Student:
    """What somebody hands in: files of `recurrent/`, a notebook, by its name, or none of either."""

    files: Mapping[str, str] | None
    edit: Edit | None = shorten
    notebook: str = f"{NOTEBOOK}.ipynb"
    rnn: str = "rnn.py"


STUDENTS = {
    "perfect": Student(PERFECT, strip, f"Copy of {NOTEBOOK}.ipynb", "rnn (1).py"),
    "partial": Student(PARTIAL, disorder),
    "unfinished": Student({}, edit=None),
    "cheat": Student({}, cheat),
    "cells": Student({}, in_cells, f"jdoe_{NOTEBOOK} (1).ipynb"),
    "alone": Student(None),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of which one assignment has been released."""
    out = tmp_path_factory.mktemp("nbgrader") / "course"
    printed: list[str] = []
    folder = make_nbgrader(SET, out, seed=7, print_line=printed.append)
    assert printed == [
        f"{SET}: given whole: STUDENT in answers_{SET}.py",
        f"{SET}: given as they are: __init__.py, data/, pictures/, training.py",
    ]
    first, *_ = commands(folder)
    assert first == f"nbgrader generate_assignment {SET}"
    run(folder, first)
    return folder


@pytest.fixture(scope="module")
def course(released: Path) -> Path:
    """The same, when all that its README says has been typed, and these students handed in."""
    for name, student in STUDENTS.items():
        hand_in(released, name, student)
    _, *others = commands(released)
    assert len(others) > 3
    for command in others:
        run(released, command)
    return released


def commands(folder: Path) -> list[str]:
    """What the README of a course directory says to type."""
    readme = (folder / "README.md").read_text()
    return readme.partition("```sh\n")[2].partition("```")[0].splitlines()


def hand_in(folder: Path, name: str, student: Student) -> None:
    handed_in = folder / "submitted" / name / SET
    shutil.copytree(folder / "release" / SET, handed_in)
    for lesson in TAUGHT:
        if student.files and lesson in student.files:
            (handed_in / "recurrent" / f"{lesson}.py").write_text(student.files[lesson])
    (handed_in / "recurrent" / "rnn.py").rename(handed_in / "recurrent" / student.rnn)
    if student.files is None:
        for path in ("recurrent", "autograder"):
            shutil.rmtree(handed_in / path)
    notebook = handed_in / f"{NOTEBOOK}.ipynb"
    nb = json.loads(notebook.read_text())
    notebook.unlink()
    if student.edit is not None:
        student.edit(nb)
        (handed_in / student.notebook).write_text(json.dumps(nb))


def run(folder: Path, command: str) -> None:
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "OMP_NUM_THREADS": "1",
    }
    done = subprocess.run(
        command,
        shell=True,
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
    settings = load_course(COURSE_TOML).only(SET)
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


@pytest.mark.parametrize("student", STUDENTS)
def test_every_problem_earns_what_autograder_gives_it(course: Path, student: str) -> None:
    """Whatever became of the notebook: its name, its cells, their metadata, or all of it."""
    ours = by_autograder(course, student)
    assert by_nbgrader(course, student) == ours
    with (course / "grades.csv").open() as file:
        exported = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(exported[student]["score"]) == pytest.approx(sum(ours.values()))
    assert float(exported[student]["max_score"]) == 100
    if student != "partial":
        assert sum(ours.values()) == (100 if student == "perfect" else 0)


def feedback(course: Path, student: str) -> str:
    return (course / "feedback" / student / SET / f"{NOTEBOOK}.html").read_text()


def as_read(page: str) -> str:
    """The text of a page, without what is only drawn."""
    body = re.sub(r"<(style|script|svg).*?</\1>", "", page[page.index("<body") :], flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", body))


def test_the_partial_one_is_partial_and_its_hidden_cases_were_run(course: Path) -> None:
    scores = by_nbgrader(course, "partial")
    points = {p.name: p.points for name in TAUGHT for p in lessons.lesson(name).problems}
    assert any(0 < scores[name] < points[name] for name in points)
    assert "hidden case" in feedback(course, "perfect")


SAID = {
    "perfect": f"Copy of {NOTEBOOK}.ipynb was taken for {NOTEBOOK}.ipynb.",
    "partial": "Put back, because missing or changed: ",
    "unfinished": f"{NOTEBOOK}.ipynb was not handed in, or cannot be read",
    "cheat": "The notebook was not run to its end: its kernel died.",
    "cells": "your rnn_step_forward in this notebook is not looked at: recurrent/rnn.py is read",
    "alone": "Only the notebook was handed in, without recurrent/answers_recurrence.py, "
    "recurrent/gradflow.py, recurrent/head.py and recurrent/rnn.py: these files are what is graded",
}


@pytest.mark.parametrize("student", SAID)
def test_what_became_of_a_notebook_is_said_in_its_feedback(course: Path, student: str) -> None:
    text = as_read(feedback(course, student))
    assert SAID[student] in text
    for other, sentence in SAID.items():
        if other not in (student, "partial"):
            assert sentence not in text


def test_what_was_taken_for_which_file_is_said_first(course: Path) -> None:
    said = as_read(feedback(course, "perfect")).partition("From the grader")[2]
    assert said.strip().startswith("rnn (1).py was taken for rnn.py: give it that name")


def test_feedback_calls_every_cell_by_its_problem_and_shows_no_bare_number(course: Path) -> None:
    page = feedback(course, "perfect")
    listed = as_read(page).partition("From the grader")[0]
    for name in TAUGHT:
        for problem in lessons.lesson(name).problems:
            most = f"{problem.points:.1f}"
            assert f"{problem.title}: {problem.name}, {most} of {most}" in listed
    assert "Test cell" not in page and "HIDDEN TESTS" not in page
    headings = re.findall(r"<h([1-6])", page[page.index("<body") :])
    assert headings[0] == "1"
    assert not re.search(r"<pre>\s*\d+(\.\d+)?\s*</pre>", page)


def test_the_gradebook_knows_when_a_set_is_due(course: Path) -> None:
    due = datetime.fromisoformat(load_course(COURSE_TOML).only(SET).sets[0].due)
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        ((kept,),) = gradebook.execute("select duedate from assignment")
    assert datetime.fromisoformat(kept).replace(tzinfo=timezone.utc) == due


def test_what_is_released_has_no_hidden_test_no_hidden_case_and_no_answer(course: Path) -> None:
    released = course / "release" / SET
    for path in released.rglob("*"):
        if path.is_file():
            assert b"HIDDEN" not in path.read_bytes() or path.suffix == ".py", path
    notebook = (released / f"{NOTEBOOK}.ipynb").read_text()
    assert "hidden=" not in notebook and "display(" not in notebook
    assert not (released / "autograder" / "frozen" / "hidden").exists()
    assert "raise NotImplementedError" in (released / "recurrent" / "rnn.py").read_text()


def test_drawings_and_the_map_are_found_from_where_notebooks_lie(released: Path) -> None:
    """At the top of the assignment's folder, not in one of their own."""
    folder = released / "release" / SET
    cells = json.loads((folder / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    images = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    links = re.findall(r"\]\(([^)\s]+)\)", (folder / "lecture.md").read_text(encoding="utf-8"))
    assert len(images) >= 3 and f"{NOTEBOOK}.ipynb" in links
    assert [path for path in (*images, *links) if not (folder / path).is_file()] == []


def test_room_for_answers_is_released_and_graded_nowhere(course: Path) -> None:
    cells = json.loads((course / "release" / SET / f"{NOTEBOOK}.ipynb").read_text())["cells"]
    room = [cell for cell in cells if "".join(cell["source"]).startswith("*Your answer")]
    assert room and not [cell for cell in room if "nbgrader" in cell["metadata"]]


# ------------------------------------------------------------------- without running any notebook


@pytest.fixture(scope="module")
def grading(released: Path) -> Any:
    """The module that the course directory brings."""
    spec = importlib.util.spec_from_file_location("grading", released / "course_grading.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES = [
    ({"1_recurrence (1)": True}, "1_recurrence (1)"),
    ({"1_recurrence-Copy1": True}, "1_recurrence-Copy1"),
    ({"jdoe_LATE_12_34_1_recurrence-2": True}, "jdoe_LATE_12_34_1_recurrence-2"),
    ({"Copy of 1 Recurrence": True}, "Copy of 1 Recurrence"),
    ({"Untitled": True}, "Untitled"),
    ({"Untitled": False, "notes": False}, ""),
    ({"11_recurrence": False, "1_recurrences": False}, ""),
    ({"old_1_recurrence": True, "new_1_recurrence": True}, "new_1_recurrence"),
    ({"1_recurrence": True, "1_recurrence (1)": True}, None),
    ({"1_recurrence": None}, ""),
    ({"1_recurrence": None, "1_recurrence (1)": True}, "1_recurrence (1)"),
]
"""Notebooks that check something, that do not, and that are cut off; which is taken. "": the
course's own; None: nothing is to be done.
"""


@pytest.mark.parametrize("handed_in, taken", NAMES, ids=lambda value: str(value)[:50])
def test_a_notebook_is_known_by_its_name_or_by_what_it_checks(
    handed_in: Mapping[str, bool | None], taken: str | None, grading: Any, tmp_path: Path
) -> None:
    folder = tmp_path / SET
    folder.mkdir()
    for age, (name, checks) in enumerate(handed_in.items()):
        source = 'check("rnn_forward")' if checks else "print(1)"
        cell = {"cell_type": "code", "source": [source], "metadata": {}, "outputs": []}
        text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
        path = folder / f"{name}.ipynb"
        path.write_text(text if checks is not None else text[:40])
        os.utime(path, (age, age))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    wanted = folder / f"{NOTEBOOK}.ipynb"
    for _ in range(2):  # grading once more changes nothing
        copies = grading.lay_in(folder)
        assert copies == ([] if taken is None else [wanted])
        if taken is not None:
            kept = json.loads(wanted.read_text())["metadata"]["recurrent"]["taken_from"]
            assert kept == (f"{taken}.ipynb" if taken else "")
    contents = [path.read_bytes() for path in folder.iterdir()]
    assert all(content in contents for content in before.values()), "what they wrote is kept"


@pytest.mark.parametrize("seed", range(20))
def test_whatever_becomes_of_check_cells_each_is_back_once_and_no_other_counts(
    seed: int, released: Path, grading: Any
) -> None:
    import nbformat

    rng = random.Random(seed)
    nb = nbformat.read(released / "release" / SET / f"{NOTEBOOK}.ipynb", as_version=4)
    fresh = [deepcopy(cell) for cell in nb.cells if "nbgrader" in cell.metadata]
    ids = {cell.metadata.nbgrader.grade_id for cell in fresh}
    sources = {cell.metadata.nbgrader.grade_id: cell.source for cell in fresh}
    for cell in rng.sample(nb.cells, len(nb.cells) // 2):
        edit = rng.choice(["strip", "delete", "double", "change", "steal", "move", "text"])
        if edit == "strip":
            cell.metadata = nbformat.from_dict({})
        elif edit == "delete":
            nb.cells.remove(cell)
        elif edit == "double":
            nb.cells.append(nbformat.from_dict(dict(cell)))
        elif edit == "change":
            cell.source += " or 6.0"
        elif edit == "steal":
            cell.metadata = nbformat.from_dict({"nbgrader": {"grade_id": rng.choice(sorted(ids))}})
        elif edit == "move":
            nb.cells.remove(cell)
            nb.cells.insert(rng.randrange(len(nb.cells)), cell)
        else:
            cell.cell_type = "markdown"
    theirs = [cell for cell in nb.cells if cell.source not in sources.values()]
    grading.put_back(nb, fresh)
    counted = [cell for cell in nb.cells if "nbgrader" in cell.metadata]
    assert sorted(cell.metadata.nbgrader.grade_id for cell in counted) == sorted(ids)
    for cell in counted:
        assert cell.source == sources[cell.metadata.nbgrader.grade_id]
        assert cell.cell_type == "code"
    assert all(any(kept is cell for kept in nb.cells) for cell in theirs), "theirs is kept"
