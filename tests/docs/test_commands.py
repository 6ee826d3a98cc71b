"""What the pages say to type is typed, as it stands there, in a copy of the repository.

The files that a reader would have are there: an export of a class, a roster, a submission. The
students' page is typed in an unpacked handout.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.demo import write_submission
from autograder.authoring.handout.zips import write_handout
from autograder.classroom.made_up.archives import FORMATS, MadeUp, Submissions
from autograder.classroom.made_up.everybody import made_up_class
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, LONGEST, ROOT
from tests.docs.pages import PAGES, blocks

pytestmark = pytest.mark.slow

SET, STUDENTS = "recurrence", 3
LEFT_OUT = (".git", ".venv", "build", "dist", "frozen", "tests", "__pycache__")
STUDENTS_PAGE = "students.md"

RUN = [page for page in PAGES if any(block.kind == "sh" for block in blocks(page))]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, answers: Answers) -> Path:
    """A copy of the repository, with what pages name, and a class that is graded."""
    copy = tmp_path_factory.mktemp("docs") / "repository"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    shutil.copytree(ROOT / "autograder" / "frozen", copy / "autograder" / "frozen")
    (copy / ".venv").symlink_to((ROOT / ".venv").resolve())
    shutil.copy(COURSE_TOML, copy / "course.toml")
    wrong = next(wrong for wrong in answers.misconceptions if wrong.problem == "rnn_step_backward")
    write_submission(answers.patched(wrong), copy / "submission")
    write_class(copy, answers)
    typed(copy, f"python -m autograder class grade export.zip --out class --set {SET}")
    return copy


def write_class(folder: Path, answers: Answers) -> None:
    """A class as Gradescope exports it and nbgrader collects it, and the files of its platforms."""
    course = load_course(COURSE_TOML)
    everybody = made_up_class(answers, course, SET, STUDENTS)
    results = {"score": "1.0", "tests": [{"name": "One step forward", "score": 1.0}]}
    graded = [MadeUp(one.students, one.files, one.at, one.late, results) for one in everybody]
    FORMATS["gradescope"](graded, folder / "made").rename(folder / "export.zip")
    collected = FORMATS["nbgrader"](everybody, folder / "made")
    shutil.copytree(_submitted(collected), folder / "submitted")
    write_lists(folder, everybody)


def _submitted(collected: Path) -> Path:
    return collected if collected.name == "submitted" else collected / "submitted"


def write_lists(folder: Path, everybody: Submissions) -> None:
    students = {student.key: student for one in everybody for student in one.students}
    roster, gradebook = (
        [["Name", "SID", "Email"]],
        [["Student", "ID", "Section", "Recurrence (4711)"]],
    )
    for number, student in enumerate(students.values()):
        roster.append([student.name, student.sid, student.email])
        gradebook.append([student.name, str(number), "", ""])
    for name, rows in {"roster.csv": roster, "gradebook.csv": gradebook}.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory, answers: Answers) -> Path:
    """What a student has unpacked, with every task done."""
    folder = tmp_path_factory.mktemp("handout")
    write_handout(load_course(COURSE_TOML), folder)
    for name, source in answers.sources.items():
        (folder / "recurrent" / f"{name}.py").write_text(source, encoding="utf-8")
    return folder


def typed(folder: Path, script: str) -> str:
    """What a shell prints that is given these lines; the test fails where one of them does."""
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_what_a_page_says_to_type_works(
    page: Path, repository: Path, handout: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    original = handout if page.name == STUDENTS_PAGE else repository
    shutil.copytree(original, folder, symlinks=True)
    typed(folder, "\n".join(block.text for block in blocks(page) if block.kind == "sh"))


def test_a_command_that_fails_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no verb"):
        typed(tmp_path, f"cd {ROOT}\npython -m autograder nothing\ntrue")
