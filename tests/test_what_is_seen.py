"""What is seen of wrong numbers beside the expected ones; that words cost nobody a point."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook
from autograder.grade import Grader
from autograder.judge import only_said
from autograder.judge import say as saying
from autograder.judge.explain import explain
from autograder.judge.invariants import broken
from autograder.judge.only_said import UNSAID
from autograder.judge.relations import FUNCTIONS, added, functions_of
from autograder.problem import Case, Verdict
from autograder.settings import thaw
from tests.conftest import ROOT

RNG = np.random.default_rng(5)
NUMBERS = RNG.uniform(0.2, 3.0, size=(4, 5))


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_function_of_the_expected_numbers_is_told_and_no_other(text: str) -> None:
    got = FUNCTIONS[text](NUMBERS)
    assert list(functions_of([(got, NUMBERS)])) == [text]
    assert list(functions_of([(got, NUMBERS), (NUMBERS + 1, NUMBERS)])) == []


def test_two_numbers_are_no_evidence_of_a_function() -> None:
    assert list(functions_of([(np.exp(NUMBERS[:1, :2]), NUMBERS[:1, :2])])) == []


def test_an_input_that_was_added_is_told() -> None:
    dh, h0 = RNG.normal(size=(3, 4, 5)), RNG.normal(size=(3, 5))
    assert list(added([(dh[:, 0], {"dh": dh, "h0": h0})])) == ["dh[:, 0]"]
    assert list(added([(h0, {"dh": dh, "h0": h0})])) == ["h0"]
    assert list(added([(2 * h0, {"dh": dh, "h0": h0})])) == []


SHARES = NUMBERS / NUMBERS.sum(axis=1, keepdims=True)
CENTRED = NUMBERS - NUMBERS.mean(axis=1, keepdims=True)
SQUARE = NUMBERS[:, :4] + NUMBERS[:, :4].T


@pytest.mark.parametrize(
    ("got", "want", "text"),
    [
        (SHARES * 2, SHARES, "such that its rows do not add up to 1, and they should"),
        (NUMBERS, CENTRED, "such that its rows do not add up to 0, and they should"),
        (-NUMBERS, NUMBERS, "negative in places, and should not be"),
        (np.triu(SQUARE), SQUARE, "not symmetric, and should be"),
    ],
)  # fmt: skip
def test_what_right_answers_have_in_common(got: np.ndarray, want: np.ndarray, text: str) -> None:
    assert next(iter(broken([got, got], [want, want]))) == text
    assert list(broken([want, want], [want, want])) == []


def test_few_numbers_have_nothing_in_common() -> None:
    assert list(broken([-NUMBERS[0]], [NUMBERS[0]])) == []


# ------------------------------------------------------------------------ words cost nobody a point


def _transposed(frozen: Path) -> Verdict:
    """The verdict on a gradient with one transpose too many."""
    sources = load_answers(ROOT / "solutions").sources
    wrong = sources["rnn"].replace("dWh = prev_h.T @ da", "dWh = (prev_h.T @ da).T", 1)
    course, books = thaw(frozen / "course.json"), [Casebook(frozen / "public")]
    with imported({**sources, "rnn": wrong}) as variant:
        grader = Grader(Path(), course, books, InProcess(variant))
        return grader.result(lessons.find("rnn_step_backward")).verdict


def test_a_mask_without_anything_is_no_length_to_divide_by() -> None:
    problem = lessons.find("temporal_softmax_loss")
    dx = problem.gives[1]
    sizes = {"N": 2, "T": 3, "V": 4}
    want = RNG.normal(size=(2, 3, 4))
    pairs = []
    for mask in (np.zeros((2, 3), bool), np.ones((2, 3), bool)):
        case = Case("case", sizes, {"mask": mask}, {"loss": np.array(1.0), "dx": want})
        pairs.append((case, 3 * want))
    (clue,) = explain(problem, dx, pairs)
    assert clue.of_one == "is 3 times the expected one"


@pytest.mark.parametrize("part", ["_public_cases", "_diagnoses"])
def test_a_message_that_cannot_be_worded_costs_no_points(
    frozen: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    before = _transposed(frozen)

    def fails(*anything: object) -> None:
        raise ValueError("no words")

    monkeypatch.setattr(saying, part, fails)
    monkeypatch.setattr(only_said, "report", lambda: None)
    after = _transposed(frozen)
    assert 0 < after.score == before.score
    assert UNSAID in [finding.text for finding in after.findings]


def test_a_search_that_fails_costs_no_points(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examining = sys.modules["autograder.judge.examine"]  # the package has a function of that name

    def fails(*anything: object) -> None:
        raise ValueError("no near miss")

    monkeypatch.setattr(examining, "near_misses", fails)
    monkeypatch.setattr(only_said, "report", lambda: None)
    after = _transposed(frozen)
    assert after.score > 0
    assert after.outputs["dWh"] == "wrong"
