"""After a pass: the next thing to do, and where."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.authoring.handout.stubs import stub
from autograder.check.ahead import ALL, REST, ahead
from autograder.grade import course_problems
from autograder.problem import Verdict
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, LONGEST
from tests.submissions import REFERENCE, submission

COURSE = load_course(COURSE_TOML).only("recurrence")
PROBLEMS = course_problems(COURSE)


def passes(names: Sequence[str]) -> list[Verdict]:
    return [Verdict(name, "rnn", "A title", "passed", 1, 1) for name in names]


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def test_the_next_is_the_first_that_nobody_has_begun(tmp_path: Path) -> None:
    stubs = {name: stub(REFERENCE[name]) for name in ("rnn", "head")}
    folder = submission(tmp_path / "s", files=stubs)
    said = ahead(passes(["rnn_step_forward"]), folder, COURSE)
    # Of stubs without a task's number, the function is named.
    line = line_of(stubs["rnn"], 'raise NotImplementedError("rnn_step_backward')
    assert said.startswith("next: rnn_step_backward")
    assert said.endswith(f", recurrent/rnn.py, line {line}; then python check.py rnn_step_backward")
    of_rnn = [problem.name for problem in PROBLEMS if problem.lesson == "rnn"]
    said = ahead(passes(of_rnn), folder, COURSE)
    assert "recurrent/head.py" in said
    done = passes([problem.name for problem in PROBLEMS if problem.lesson in ("rnn", "head")])
    assert ahead(done, folder, COURSE) == REST, "what was begun is not called right"
    assert ahead(passes([problem.name for problem in PROBLEMS]), folder, COURSE) == ALL


def test_where_something_is_wrong_or_to_do_that_comes_first(tmp_path: Path) -> None:
    wrong = Verdict("rnn_forward", "rnn", "A title", "failed", 0, 1)
    assert ahead([*passes(["rnn_step_forward"]), wrong], tmp_path, COURSE) == ""


@pytest.mark.parametrize("text", ["def oops(:", "\0", "", "é" * 9])
def test_what_cannot_be_read_is_nothing_that_can_be_told(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "s" / "recurrent"
    folder.mkdir(parents=True)
    (folder / "rnn.py").write_text(text, encoding="latin-1")
    assert ahead(passes(["rnn_step_forward"]), folder.parent, COURSE) == REST


# ----------------------------------------------------------------------------- as a student runs it


@pytest.fixture(scope="module")
def handout(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("Téléchargements de moi")
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(folder)
    return folder / "assignment"


def check(handout: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "120", "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, str(handout / "check.py"), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )


def test_it_works_from_anywhere_as_a_button_runs_it(handout: Path, tmp_path: Path) -> None:
    """A Run button of an editor has its own idea of the working directory."""
    said = set()
    for cwd in (handout, handout / "recurrent", handout.parent, tmp_path, Path("/")):
        for name in ("rnn_step_forward", "rnn_step_forward:"):
            done = check(handout, cwd, name)
            assert (done.returncode, done.stderr) == (1, "")
            said.add(done.stdout)
    (text,) = said
    line = line_of((handout / "recurrent" / "rnn.py").read_text(), "NotImplementedError(")
    assert text.splitlines()[-2:] == [
        "next: rnn_step_forward",
        f"  still to do: rnn_step_forward (Task 1.1, 6 points), at recurrent/rnn.py, line {line}",
    ]
    by_path = check(handout, Path("/"), str(handout / "recurrent" / "rnn.py"))
    assert "0 of 50 points, 0 of 7 problems passed" in by_path.stdout


def test_after_a_pass_the_next_task_is_told_with_its_line(handout: Path) -> None:
    rnn = handout / "recurrent" / "rnn.py"
    before = rnn.read_text()
    body = "next_h = np.tanh(x @ Wx + prev_h @ Wh + b)\n    return next_h, None"
    first, _, rest = before.partition("raise NotImplementedError(")
    _, _, rest = rest.partition("\n")
    rnn.write_text(f"{first}{body}\n{rest}")
    try:
        done = check(handout, handout, "RNN_Step_Forward")
        line = line_of(rnn.read_text(), 'NotImplementedError("rnn_step_backward')
        assert done.stdout.splitlines()[-2:] == [
            "6 of 6 points, 1 of 1 problem passed",
            f"next: rnn_step_backward (Task 1.2, 10 points), recurrent/rnn.py, line {line}; then "
            "python check.py rnn_step_backward",
        ]
        assert done.returncode == 0
    finally:
        rnn.write_text(before)
