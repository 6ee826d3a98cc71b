"""The failing case to work with: found in the sandbox, run in plain Python, public cases only."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import cli, lessons
from autograder.casebook import Casebook
from autograder.check import debug as debug_module
from autograder.check.debug import GivenCase, case_to_work_with, own_module, public_cases
from autograder.errors import UserError
from tests.submissions import submission

STEP, BACKWARD, FORWARD = "rnn_step_forward", "rnn_step_backward", "rnn_forward"

WRONG_PRODUCT = "x, prev_h, Wx, Wh, next_h = cache\nda = dnext_h\nreturn da @ Wx, 0, 0, 0, 0"
ONLY_T_1 = "x[:, 1]\nreturn h0, None"


def test_the_case_that_fails_is_run_here_and_its_traceback_is_pythons(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = submission(tmp_path, {f"rnn.{BACKWARD}": WRONG_PRODUCT})
    assert cli.main(["check", BACKWARD, "--debug", "--submission", str(folder)]) == 1
    out, err = capfd.readouterr()
    assert out.startswith(f"{BACKWARD} runs now on its public case N=3 D=4 H=5 (")
    assert "Traceback (most recent call last):" in err and "return da @ Wx, 0, 0, 0, 0" in err
    assert "mismatch in its core dimension" in err


def test_it_is_the_case_that_the_check_tells_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = submission(tmp_path, {f"rnn.{STEP}": "assert len(x) > 1\nreturn x, x"})
    assert cli.main(["check", STEP, "--debug", "--json", "--submission", str(folder)]) == 1
    number = json.loads(capfd.readouterr().out)["case"]
    assert public_cases(lessons.find(STEP))[number].sizes["N"] == 1


def test_where_none_fails_it_is_the_first(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = submission(tmp_path)
    assert cli.main(["check", STEP, "--debug", "--submission", str(folder)]) == 0
    out, _ = capfd.readouterr()
    assert "no case fails" in out and "next_h (3, 5): as expected" in out


@pytest.mark.parametrize(
    "body, said",
    [
        ("return x, None", "next_h (3, 5): yours is (3, 4)"),
        ("return prev_h, None", "next_h (3, 5): differs"),
        ("return 'text', None", "next_h (3, 5): yours is a str"),
    ],
)
def test_what_is_wrong_is_said_in_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], body: str, said: str
) -> None:
    folder = submission(tmp_path, {f"rnn.{STEP}": body})
    assert cli.main(["check", STEP, "--debug", "--submission", str(folder)]) == 1
    assert said in capfd.readouterr().out


@pytest.mark.parametrize("names", [[], [STEP, FORWARD], ["rnn"], ["no_such_problem"]])
def test_it_takes_one_problem(names: list[str]) -> None:
    assert cli.main(["check", *names, "--debug"]) == 2


def test_a_case_runs_the_file_as_it_is_now_and_leaves_imports_alone(tmp_path: Path) -> None:
    folder = submission(tmp_path, {f"rnn.{STEP}": "return x, None"})
    problem = lessons.find(STEP)
    given = GivenCase(problem, public_cases(problem)[0], folder)
    before = {name: sys.modules[name] for name in sys.modules if name.startswith("recurrent")}
    path = list(sys.path)
    np.testing.assert_array_equal(given.run()["next_h"], given.inputs["x"])
    file = folder / "recurrent" / "rnn.py"
    file.write_text(file.read_text().replace("return x, None", "return prev_h + 1, None"))
    np.testing.assert_array_equal(given.run()["next_h"], given.inputs["prev_h"] + 1)
    after = {name: sys.modules[name] for name in sys.modules if name.startswith("recurrent")}
    assert (before, path) == (after, list(sys.path))


def test_what_a_case_gives_are_copies(tmp_path: Path) -> None:
    problem = lessons.find(STEP)
    given = GivenCase(problem, public_cases(problem)[0], tmp_path)
    given.inputs["x"][:] = 17
    given.expected["next_h"][:] = 17
    assert not (given.inputs["x"] == 17).any() and not (given.expected["next_h"] == 17).any()
    assert set(given.cases) == {case.name for case in public_cases(problem)}
    assert "x (3, 4)" in repr(given) and STEP in repr(given)


def test_only_the_public_casebook_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened: list[Path] = []
    real = Casebook.__init__

    def noting(self: Casebook, folder: Path, *rest: Any, **named: Any) -> None:
        opened.append(folder)
        real(self, folder, *rest, **named)

    monkeypatch.setattr(Casebook, "__init__", noting)
    folder = submission(tmp_path, {f"rnn.{STEP}": "return x, None"})
    cli.main(["check", STEP, "--debug", "--submission", str(folder)])
    assert opened and set(opened) == {debug_module.PUBLIC}
    assert all(not case.hidden for case in public_cases(lessons.find(STEP)))


def test_in_a_notebook_it_is_an_object_to_work_with() -> None:
    """Of the files beside the check: here the stubs."""
    given = case_to_work_with(STEP)
    assert given.fails and given.folder.name == "assignment"
    with pytest.raises(NotImplementedError, match=STEP):
        given.run()
    with pytest.raises(UserError, match=r"there is no problem 'rnn_step_forwrd'; did you mean rnn"):
        case_to_work_with("rnn_step_forwrd")


def test_an_import_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    folder = submission(tmp_path, files={"rnn": "1 / 0\n"})
    path = list(sys.path)
    with pytest.raises(ZeroDivisionError), own_module(folder, "rnn"):
        pass
    assert list(sys.path) == path
