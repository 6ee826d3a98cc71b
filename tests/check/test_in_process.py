"""The check in one process says what the sandbox says, and leaves the process as it was."""

from __future__ import annotations

import builtins
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.check.checker import Checker
from autograder.check.in_process import STUDY_AID, InProcess
from autograder.errors import UserError
from autograder.report.record import as_data
from autograder.settings import thaw
from tests.conftest import ROOT
from tests.submissions import REFERENCE, submission

STEP = lessons.find("rnn_step_forward")
X, H = np.ones((2, 3)), np.ones((2, 4))
INPUTS = {"x": X, "prev_h": H, "Wx": np.ones((3, 4)), "Wh": np.ones((4, 4)), "b": np.ones(4)}

RNN = [problem.name for problem in lessons.lesson("rnn").problems]

TODO = "raise NotImplementedError('rnn_step_forward (Task 1.1, 6 points)')"
RIGHT = "next_h = np.tanh(x @ Wx + prev_h @ Wh + b)"

BODIES = {
    "right": RIGHT + "\nreturn next_h, (x, prev_h, Wx, Wh, b, next_h)",
    "a known mistake": "next_h = np.sin(x @ Wx + prev_h @ Wh + b)\nreturn next_h, None",
    "still to do": TODO,
    "an exception": "return undefined",
    "an exception inside numpy": "return x @ prev_h, None",
    "one result": f"{RIGHT}\nreturn next_h",
    "a text": "return 'next', None",
    "another shape": f"{RIGHT}\nreturn next_h[:1], None",
    "not finite": f"{RIGHT}\nreturn next_h / 0, None",
    "an argument changed": f"{RIGHT}\nx *= 2\nreturn next_h, None",
    "far too much": "return np.zeros((2000, 2000)), None",
    "prints": f"import sys\nprint('here')\nprint('ü', file=sys.stderr)\n{RIGHT}\nreturn next_h, 1",
    "prints without end": f"print('x' * 200_000)\n{RIGHT}\nreturn next_h, None",
    "closes its output": f"import sys\nprint(1)\nsys.stdout.close()\n{RIGHT}\nreturn next_h, 1",
    "warns": f"import warnings\nwarnings.warn('look out')\n{RIGHT}\nreturn next_h * 1.1, None",
    "asks": "n = input()\nreturn n, None",
    "ends": "exit()",
    "calls itself": "return rnn_step_forward(x, prev_h, Wx, Wh, b)",
    "a package that is refused": f"import scipy\n{RIGHT}\nreturn next_h, None",
    "draws": "return np.random.rand(*prev_h.shape), None",
    "assigns to sys.stdout": f"import sys\nsys.stdout = None\n{RIGHT}\nreturn next_h, None",
}  # fmt: skip

FILES = {
    "no Python": "def f(:\n",
    "a merge left over": f"<<<<<<< HEAD\n{REFERENCE['rnn']}",
    "missing": None,
    "ends when imported": f"{REFERENCE['rnn']}\nexit()\n",
    "a forbidden import at the top": f"import torch\n{REFERENCE['rnn']}",
    "one that is used": f"import torch\n{REFERENCE['rnn']}\ntorch.zeros(3)\n",
    "CRLF": REFERENCE["rnn"].replace("\n", "\r\n"),
    "prints when imported": f"print('hello')\n{REFERENCE['rnn'].replace('np.tanh', 'np.sin')}",
    "a file of its own imported plainly": f"import head\n{REFERENCE['rnn']}",
}


def verdicts(folder: Path, frozen: Path, in_process: bool, wanted: list[str]) -> list[object]:
    course = thaw(frozen / "course.json")
    with Checker(folder, course, in_process=in_process) as checker:
        return [as_data(verdict) for verdict in checker.check(wanted)]


@pytest.mark.parametrize("name", BODIES)
def test_a_function_gets_the_same_verdict(name: str, frozen: Path, tmp_path: Path) -> None:
    submission(tmp_path, {"rnn.rnn_step_forward": BODIES[name]})
    wanted = ["rnn_step_forward", "rnn_forward"]
    expected = verdicts(tmp_path, frozen, in_process=False, wanted=wanted)
    assert verdicts(tmp_path, frozen, in_process=True, wanted=wanted) == expected


@pytest.mark.parametrize("name", FILES)
def test_a_file_gets_the_same_verdict(name: str, frozen: Path, tmp_path: Path) -> None:
    submission(tmp_path, files={"rnn": FILES[name]})
    wanted = ["rnn_step_backward", "stacked_forward"]
    expected = verdicts(tmp_path, frozen, in_process=False, wanted=wanted)
    assert verdicts(tmp_path, frozen, in_process=True, wanted=wanted) == expected


def test_hidden_cases_are_not_run(frozen: Path, tmp_path: Path) -> None:
    course = thaw(frozen / "course.json")
    with pytest.raises(UserError, match="public cases only"):
        Checker(tmp_path, course, hidden=frozen / "hidden", in_process=True)
    with pytest.raises(ValueError, match="no hidden case"):
        InProcess().session(STEP, tmp_path, hidden=True)


def test_it_says_that_it_is_no_grade(frozen: Path, tmp_path: Path) -> None:
    submission(tmp_path)
    remarks: list[str] = []
    with Checker(tmp_path, thaw(frozen / "course.json"), in_process=True) as checker:
        list(checker.check(["rnn_step_forward"], remarks.append))
    assert remarks == [STUDY_AID] and "not your grade" in STUDY_AID


# ----------------------------------------------------------------------- the process afterwards


CHANGES_EVERYTHING = """
import builtins, random, sys
sys.path.insert(0, "/nowhere"); sys.argv = ["mine"]; sys.setrecursionlimit(333)
sys.stdin = sys.stdout = sys.stderr = None
builtins.__import__ = lambda *names: sys
random.seed(7); np.random.seed(7); np.seterr(all="raise")
return prev_h, None
"""


def state() -> list[object]:
    return [
        sys.stdin, sys.stdout, sys.stderr, sys.argv, [*sys.path], sys.getrecursionlimit(),
        builtins.__import__, random.getstate(), str(np.random.get_state()), np.geterr(),
        sys.modules.get("recurrent"), sys.modules.get("recurrent.rnn"),
    ]  # fmt: skip


def test_what_student_code_changes_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notebook's kernel is used for other things, and may have imported the package itself."""
    own = type(sys)("recurrent")
    monkeypatch.setitem(sys.modules, "recurrent", own)
    submission(tmp_path, {"rnn.rnn_step_forward": CHANGES_EVERYTHING})
    before = state()
    with InProcess().session(STEP, tmp_path) as session:
        assert session.call(STEP, INPUTS).fault is None
    assert state() == before and sys.modules["recurrent"] is own


def test_files_are_read_anew_in_every_session(tmp_path: Path) -> None:
    box = InProcess()
    for value in (1.0, 2.0):
        folder = tmp_path / str(value)
        submission(folder, {"rnn.rnn_step_forward": f"return {value} + 0 * prev_h, None"})
        with box.session(STEP, folder) as session:
            assert session.call(STEP, INPUTS).outputs["next_h"][0, 0] == value


def test_ctrl_c_ends_the_check_and_is_no_fault_of_the_code(tmp_path: Path) -> None:
    submission(tmp_path, {"rnn.rnn_step_forward": "raise KeyboardInterrupt"})
    with pytest.raises(KeyboardInterrupt), InProcess().session(STEP, tmp_path) as session:
        session.call(STEP, INPUTS)
    assert sys.modules.get("recurrent") is None


# ------------------------------------------------------------------------- without any processes


@pytest.fixture(scope="module")
def handout(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handout")
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(folder)
    return folder / "assignment"


@pytest.fixture(params=["right", "wrong"])
def worked_on(request: pytest.FixtureRequest, handout: Path) -> Iterator[Path]:
    text = REFERENCE["rnn"]
    if request.param == "wrong":
        text = text.replace("np.tanh", "np.sin")
    stub = (handout / "recurrent/rnn.py").read_bytes()
    (handout / "recurrent/rnn.py").write_text(text, encoding="utf-8")
    yield handout
    (handout / "recurrent/rnn.py").write_bytes(stub)


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ""}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True,
        encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


ALONE = ROOT / "tests/check/no_processes.py"


def test_the_check_runs_where_there_are_no_processes(worked_on: Path) -> None:
    """All of it: the same verdicts as from the command line, whatever is missing."""
    plain = run(worked_on, "check.py", "rnn", "--json")
    alone = run(worked_on, ALONE, worked_on, "rnn", "--json")
    assert alone.stderr == f"note: {STUDY_AID}\n"
    assert json.loads(alone.stdout) == json.loads(plain.stdout)
    assert alone.returncode == plain.returncode


def test_its_text_needs_no_rich(worked_on: Path) -> None:
    """What rich lays out and wraps, as plain lines: the same words in the same order."""
    plain = run(worked_on, "check.py", "rnn", "--all", "--in-process")
    alone = run(worked_on, ALONE, worked_on, "rnn", "--all")
    assert alone.stderr == "" and alone.returncode == plain.returncode
    assert words(alone.stdout) == words(plain.stdout)


def words(text: str) -> list[str]:
    """The words, without what only the layout has: a colon after a layer's name, a tick."""
    return [word for word in text.replace(":", " ").split() if word != "ok"]
