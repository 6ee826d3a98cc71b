"""The handout as a student uses it: unzipped in an empty folder, with nothing else of this
repository.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.demo import with_body
from tests.conftest import LONGEST
from tests.submissions import REFERENCE


@pytest.fixture
def handout(zips: dict[str, Path], tmp_path: Path) -> Path:
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "assignment"


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "200", "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "check.py", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


def test_unpacked_it_makes_one_folder_and_spills_nothing(handout: Path) -> None:
    assert list(handout.parent.iterdir()) == [handout]


def test_everything_is_to_do_at_first(handout: Path) -> None:
    done = check(handout)
    assert done.returncode == 1
    assert "to do" in done.stdout and "passed" in done.stdout
    assert re.search(r"^0 of 100 points, 0 of \d+ problems passed$", done.stdout, re.MULTILINE)
    assert "next: rnn_step_forward" in done.stdout
    assert done.stderr == ""


def test_what_is_to_do_is_said_with_its_task_and_its_points(handout: Path) -> None:
    """Of a forward pass whose step is missing, the step is what is said to be missing."""

    def said() -> str:
        (verdict,) = json.loads(check(handout, "rnn_forward", "--json").stdout)
        (finding,) = verdict["findings"]
        return str(finding["text"])

    def at(text: str) -> str:
        lines = rnn.read_text().splitlines()
        line = next(number for number, found in enumerate(lines, start=1) if text in found)
        return f"at recurrent/rnn.py, line {line}"

    rnn = handout / "recurrent" / "rnn.py"
    todo = "rnn_forward (Task 1.3, 8 points)"
    assert said() == f"still to do: {todo}, {at(todo)}"
    step = 'raise NotImplementedError("rnn_step_forward (Task 1.1, 6 points)")'
    assert step in rnn.read_text()
    rnn.write_text(with_body(REFERENCE["rnn"], "rnn_step_forward", step))
    todo = "rnn_step_forward (Task 1.1, 6 points)"
    assert said() == f"still to do: {todo}, {at(todo)}: rnn_forward calls it"


def test_what_was_written_in_a_notebook_moves_into_the_files_and_is_checked(handout: Path) -> None:
    step = (
        "!pip install numpy\n"
        "def rnn_step_forward(x, prev_h, Wx, Wh, b):\n"
        "    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)\n"
        "    return next_h, None\n"
    )
    cell = {"cell_type": "code", "source": step, "metadata": {}, "outputs": []}
    notebook = handout / "notebooks" / "mine.ipynb"
    notebook.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    done = check(handout, "--from", "notebooks/mine.ipynb", "rnn_step_forward")
    moved = "recurrent/rnn.py: rnn_step_forward was moved there from cell 1\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(moved) and "6 of 6 points" in done.stdout
    refused = check(handout, "--from", "check.py")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "check.py cannot be read as a notebook: save it again as .ipynb\n"


def test_a_right_answer_passes_and_a_wrong_one_teaches(handout: Path) -> None:
    rnn = handout / "recurrent" / "rnn.py"
    rnn.write_text(REFERENCE["rnn"])
    assert check(handout, "rnn").returncode == 0
    rnn.write_text(REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"))
    done = check(handout, "rnn_step_backward", "--hint", "4")
    assert done.returncode == 1
    for words in (
        "dWh differs by",
        "dx, dprev_h, dWx and db are right",
        "dWh is the transpose of the expected one",
        "your dWh is what comes out when dWh is transposed",
        "hint 1/3",
        "hint 3/3",
    ):
        assert words in done.stdout


def test_the_handout_has_all_that_a_student_needs(handout: Path) -> None:
    for name in ("README.md", "check.py", "requirements.txt", "recurrent/rnn.py", "lecture.md"):
        assert (handout / name).is_file()
    assert (handout / "recurrent" / "pictures" / "drawings" / "unrolled.svg").is_file()
    assert (handout / "autograder" / "frozen" / "course.json").is_file()


def test_a_missing_package_is_one_sentence(handout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "check.py"],
        cwd=handout,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 1
    assert re.fullmatch(
        r"\w+ is not installed: run `.* -m pip install -r requirements.txt` first\n", done.stderr
    )


def test_a_verb_of_the_staff_is_one_sentence_where_their_room_is_not(handout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "casebook"],
        cwd=handout,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "there is no verb 'casebook' here, only grade, explain, gradescope, doctor, check, "
        "classroom50, prairielearn, autolab; "
        "what staff need besides is in the course's own repository\n"
    )


def test_the_public_cases_cannot_betray_the_hidden_ones(zips: dict[str, Path]) -> None:
    def names(path: Path) -> set[str]:
        with zipfile.ZipFile(path) as archive:
            return {name for name in archive.namelist() if name.endswith(".safetensors")}

    assert {name.split("/")[-2] for name in names(zips["handout"])} == {"public", "clues"}
    assert {name.split("/")[-2] for name in names(zips["autograder"])} == {
        "public",
        "hidden",
        "clues",
    }
