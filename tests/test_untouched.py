"""A file that is still as it was handed out is not run, and what is said is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.grade import casebooks, grade_submission
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox import pool as pool_module
from autograder.settings import thaw
from autograder.untouched import still_to_do
from tests.submissions import REFERENCE, submission

ROOT = Path(__file__).resolve().parents[1]
STUB = (ROOT / "assignment/recurrent/torch_models.py").read_text()
PROBLEMS = lessons.lesson("torch_models").problems
LINE = 'raise NotImplementedError("LSTMCell.forward'


def test_every_problem_of_the_handed_out_file_is_still_to_do(tmp_path: Path) -> None:
    folder = submission(tmp_path, files={"torch_models": STUB})
    lines = STUB.splitlines()
    for problem in PROBLEMS:
        fault = still_to_do(folder, problem)
        assert fault is not None and fault.kind == "todo" and fault.text.startswith(problem.of)
        number = int(fault.location.removeprefix("torch_models.py, line "))
        assert fault.text in lines[number - 1]


TOUCHED = {
    "a function is written": STUB.replace(LINE, f"return x, x\n        {LINE}"),
    "all are written": REFERENCE["torch_models"],
    "a method is put in below": f"{STUB}\nLSTMCell.forward = lambda self, *a: a\n",
    "a method is put in by setattr": f"{STUB}\nsetattr(LSTMCell, 'forward', print)\n",
    "a class comes from another file": f"{STUB}\nfrom .lstm import LSTMCell\n",
    "a star": f"{STUB}\nfrom math import *\n",
    "a class is defined again": f"{STUB}\nclass LSTMCell(nn.Module):\n    pass\n",
    "a class is decorated": STUB.replace("class LSTMCell", "@print\nclass LSTMCell"),
    "a class has another metaclass": STUB.replace("LSTMCell(nn.Module", "LSTMCell(nn.Module, m=1"),
    "a method is decorated": STUB.replace("    def forward(", "    @print\n    def forward(", 1),
    "a method is named in the class": STUB.replace(
        "    def forward(", "    forward = print\n\n    def forward(", 1
    ),
    "it is no Python": f"{STUB}\ndef f(:\n",
    "it is empty": "",
}


@pytest.mark.parametrize("name", TOUCHED)
def test_a_file_in_which_anything_is_done_is_run(tmp_path: Path, name: str) -> None:
    assert TOUCHED[name] != STUB
    folder = submission(tmp_path, files={"torch_models": TOUCHED[name]})
    assert [still_to_do(folder, problem) for problem in PROBLEMS] == [None] * len(PROBLEMS)


@pytest.mark.skipif(not lessons.can_run("torch_models"), reason="torch is not installed")
def test_torch_is_not_started_for_it(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    real = pool_module.launch

    def noting(backend: Any, without: Any = ()) -> Any:
        started.append(backend)
        return real(backend, without)

    monkeypatch.setattr(pool_module, "launch", noting)
    folder = submission(tmp_path, files={"torch_models": STUB})
    books, course = casebooks(frozen), thaw(frozen / "course.json")
    with Sandbox(Limits()) as box:
        names = [problem.name for problem in PROBLEMS]
        verdicts = list(grade_submission(folder, course, books, names, box))
    assert {verdict.status for verdict in verdicts} == {"todo"}
    assert started == ["numpy"]
