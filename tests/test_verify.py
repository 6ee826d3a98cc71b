"""`make verify`: what a student or Gradescope would stumble over in this course's zips is named."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.authoring.verify import _mistakes_in_grade, mistakes_in_handout
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, ROOT

COURSE = load_course(COURSE_TOML).only("recurrence")


@pytest.fixture
def student(zips: dict[str, Path], tmp_path: Path) -> Path:
    """The handout, unpacked."""
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(tmp_path / "student")
    return tmp_path / "student" / zips["handout"].stem


def test_a_handout_as_it_is_built_is_as_it_should_be(student: Path) -> None:
    assert list(mistakes_in_handout(COURSE, student)) == []


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def make(student: Path) -> None:
        text = (student / path).read_text(encoding="utf-8")
        assert old in text
        (student / path).write_text(text.replace(old, new), encoding="utf-8")

    return make


def without_check_cell(student: Path) -> None:
    path = student / "notebooks" / "1_recurrence.ipynb"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["cells"] = [cell for cell in data["cells"] if 'check("rnn_f' not in str(cell["source"])]
    path.write_text(json.dumps(data), encoding="utf-8")


NOTEBOOK = "notebooks/1_recurrence.ipynb"

BROKEN: dict[str, Callable[[Path], None]] = {
    "README.md says check.py rnm": change("README.md", "check.py rnn", "check.py rnm"),
    "README.md names recurrent/rnm.py": change("README.md", "recurrent/rnn.py", "recurrent/rnm.py"),
    "no notebook checks rnn_forward": without_check_cell,
    "a notebook checks lstm_forward": change(NOTEBOOK, "rnn_backward\\", "lstm_forward\\"),
    "imports recurrent.lstm, which": change(NOTEBOOK, "from recurrent.rnn", "from recurrent.lstm"),
    "a cell is no Python": change(NOTEBOOK, "import numpy as np", "import numpy as"),
}


@pytest.mark.parametrize("said", BROKEN)
def test_what_does_not_fit_together_is_named(student: Path, said: str) -> None:
    BROKEN[said](student)
    found = list(mistakes_in_handout(COURSE, student))
    assert any(said in mistake for mistake in found), found


def test_a_check_that_does_not_run_is_named(student: Path) -> None:
    (student / "autograder" / "frozen" / "course.json").write_text("{")
    (said,) = [one for one in mistakes_in_handout(COURSE, student) if "check.py does" in one]
    assert "course.json cannot be read" in said


def test_the_reference_earns_everything_and_less_is_named(
    zips: dict[str, Path], tmp_path: Path
) -> None:
    grader = tmp_path / "autograder.zip"
    grader.write_bytes(zips["autograder"].read_bytes())
    reference = ROOT / "solutions" / "recurrent"
    assert list(_mistakes_in_grade(COURSE, grader, reference, 1.0, "the reference")) == []
    stubs = ROOT / "assignment" / "recurrent"
    found = list(_mistakes_in_grade(COURSE, grader, stubs, 1.0, "the stubs"))
    assert "the stubs earn 0 of 6 points for rnn_step_forward" in found, found[:3]
