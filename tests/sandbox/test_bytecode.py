"""A submission is compiled once, for all of its workers, where none of it runs; what cannot be is as if nobody had tried."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.intake import take_in
from autograder.problem import Problem, Reply
from autograder.sandbox import Limits, Sandbox
from tests.submissions import submission

MODULES = ("__init__", *lessons.names())
STEP, AFFINE = lessons.find("rnn_step_forward"), lessons.find("temporal_affine_forward")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=3.0), fork=True) as box:
        yield box


def taken_in(folder: Path, files: dict[str, str]) -> Path:
    submission(folder / "submission", files=files)
    (folder / "taken-in").mkdir()
    return take_in(folder / "submission", list(lessons.names()), folder / "taken-in").package


def compiled(package: Path) -> set[str]:
    return {
        path.name.partition(".")[0]
        for path in (package / "recurrent" / "__pycache__").glob("*.pyc")
    }


def first_reply(sandbox: Sandbox, package: Path, problem: Problem) -> tuple[Reply, str]:
    with sandbox.session(problem, package) as session:
        return session.call(problem, next(draw_cases(problem, 1, hidden=False))[2]), session.printed


SPOILT = {
    "a syntax error": "x = 1\ndef f(:\n",
    "a warning": "import numpy as np\ndef rnn_step_forward(x, prev_h, Wx, Wh, b):\n    return x if 1 is 1 else x, None\n",
    "deep nesting": f"x = {'-' * 200_000}1\n",
    "a zero byte": "x = 1\0\n",
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_file_that_cannot_be_compiled_in_silence_says_so_itself(
    sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    package = taken_in(tmp_path, {"rnn": SPOILT[name]})
    before = first_reply(sandbox, package, STEP)
    sandbox.compile(package, MODULES)
    assert "rnn" not in compiled(package)
    after = first_reply(sandbox, package, STEP)
    assert (after[0].fault, after[1]) == (before[0].fault, before[1])
    assert first_reply(sandbox, package, AFFINE)[0].fault is None


def test_the_others_are_compiled_and_none_is_run(sandbox: Sandbox, tmp_path: Path) -> None:
    package = taken_in(
        tmp_path, {"rnn": "import os\nos._exit(3)\n", "head": SPOILT["a syntax error"]}
    )
    sandbox.compile(package, MODULES)
    assert compiled(package) == {*MODULES} - {"head"}
    fault = first_reply(sandbox, package, STEP)[0].fault
    assert fault is not None and (fault.kind, fault.text) == ("died", "exit code 3")


def test_only_what_is_asked_for_is_compiled(sandbox: Sandbox, tmp_path: Path) -> None:
    package = taken_in(tmp_path, {})
    sandbox.compile(package, ["__init__", "rnn", "no_such_file"])
    assert compiled(package) == {"__init__", "rnn"}


def test_workers_run_the_compiled_file(sandbox: Sandbox, tmp_path: Path) -> None:
    package = taken_in(tmp_path, {})
    sandbox.compile(package, MODULES)
    (cached,) = (package / "recurrent" / "__pycache__").glob(
        f"rnn.{sys.implementation.cache_tag}.pyc"
    )
    (package / "recurrent" / "rnn.py").write_text("raise SystemExit\n", encoding="utf-8")
    assert first_reply(sandbox, package, STEP)[0].fault is None
    cached.unlink()
    assert first_reply(sandbox, package, STEP)[0].fault is not None
