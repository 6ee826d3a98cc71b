"""Properties are worked out by the judge from data: whatever comes back, it decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcessSession
from autograder.authoring.proof.worthless import papers_of
from autograder.casebook import ProblemCases
from autograder.compare import FLOOR, wrong_tensors
from autograder.judge import Attempt, conclude, examine
from autograder.lessons._refusals import ANSWERED, BROKEN, REFUSED, outcomes, raised, refuses
from autograder.problem import Arrays, Problem, Reply
from tests.conftest import ROOT

WITH_PROPERTIES = [problem for problem in lessons.all_problems() if problem.holds]
ASKING = [
    problem
    for problem in WITH_PROPERTIES
    if any(tensor.name == "refused" for tensor in problem.brings)
]
SOLUTIONS = ROOT / "solutions"

ROUNDING = 1e-5
"""Of a tensor's largest number. Right answers stray by up to 3.4e-6 of it in float32 (the torch
lesson's `self_attention` with low scores, by loops, 12 hidden seeds).
"""


def paper(frozen: Path, problem: Problem) -> ProblemCases:
    if not lessons.can_run(problem.lesson):
        pytest.skip("its backend is not installed here")
    return next(cases for cases in papers_of(frozen) if cases.problem is problem)


def right_answers(cases: ProblemCases) -> list[Arrays]:
    """What the probe answers beside the reference, before the judge has made anything of it."""
    with imported(load_answers(SOLUTIONS).sources) as reference:
        session = InProcessSession(reference)
        return [session.call(cases.problem, case.inputs).outputs for case in cases.all]


def rounded(rng: np.random.Generator, answer: np.ndarray) -> np.ndarray:
    """An answer as another way of writing it could give: no number is quite the same, but zeros."""
    finite = np.isfinite(answer)
    if answer.dtype.kind != "f" or not finite.any():
        return answer
    moved = answer[finite]
    step = ROUNDING * max(np.abs(moved).max(), FLOOR)
    answer = answer.copy()
    answer[finite] = np.where(moved == 0, 0, moved + step * rng.choice([-1, 1], size=moved.shape))
    return answer


def verdict(cases: ProblemCases, answers: list[Arrays]) -> tuple[float, str]:
    """The credit, and all that is said."""
    replies = tuple(Reply(outputs) for outputs in answers)
    attempt = Attempt(cases.problem, 1.0, cases.all, replies, cases.advice)
    result = conclude(attempt, examine(attempt), {}, carried_share=1.0)
    return result.decision.credit, "\n".join(one.text for one in result.verdict.findings)


# ------------------------------------------------------------------------------------ all problems


@pytest.mark.parametrize("problem", lessons.coded_problems(), ids=lambda problem: problem.name)
def test_a_probe_answers_with_data_and_with_nothing_else(frozen: Path, problem: Problem) -> None:
    cases = paper(frozen, problem)
    names = [tensor.name for tensor in problem.answers]
    assert not set(names) & {tensor.name for tensor in problem.holds}
    for answers in right_answers(cases):
        assert list(answers) == names
        assert not any(answers[name].ndim == 0 and answers[name].dtype == bool for name in names)


@pytest.mark.parametrize(
    "problem",
    [problem for problem in WITH_PROPERTIES if problem.properties],
    ids=lambda problem: problem.name,
)
def test_a_property_forgives_what_rounding_does(frozen: Path, problem: Problem) -> None:
    cases, rng = paper(frozen, problem), np.random.default_rng(0)
    for case, answers in zip(cases.all, right_answers(cases), strict=True):
        moved = {name: rounded(rng, answer) for name, answer in answers.items()}
        outputs = problem.finished(case.inputs, moved)
        for tensor in problem.holds:
            assert outputs[tensor.name], (case.name, tensor.name)


@pytest.mark.parametrize("problem", WITH_PROPERTIES, ids=lambda problem: problem.name)
def test_the_judge_makes_of_right_answers_what_is_frozen(frozen: Path, problem: Problem) -> None:
    cases = paper(frozen, problem)
    for case, answers in zip(cases.all, right_answers(cases), strict=True):
        outputs = problem.finished(case.inputs, answers)
        assert not wrong_tensors(problem, outputs, case.expected)
        assert all(bool(outputs[tensor.name]) for tensor in problem.holds)


def spoilt(answer: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray | None]:
    """Whatever may come back in place of one answer."""
    yield None
    yield answer[..., None]
    yield np.zeros((0,) * answer.ndim)
    yield np.zeros(0)
    yield np.full(answer.shape, np.nan)
    yield np.full(answer.shape, np.inf)
    yield np.full(answer.shape, 1e300)
    yield np.full(answer.shape, -(2**62))
    yield np.full(answer.shape, True)
    yield rng.normal(size=answer.shape)
    if answer.ndim:
        yield answer[:-1]
        yield np.concatenate([answer, answer])


@pytest.mark.parametrize("problem", WITH_PROPERTIES, ids=lambda problem: problem.name)
def test_no_answer_breaks_the_judge(frozen: Path, problem: Problem) -> None:
    """Each property is then one boolean, or the whole answer is unusable."""
    cases, rng = paper(frozen, problem), np.random.default_rng(7)
    case, answers = cases.all[0], right_answers(cases)[0]
    for name, answer in answers.items():
        for bad in spoilt(answer, rng):
            given = {**answers, name: bad} if bad is not None else dict(answers)
            if bad is None:
                del given[name]
            try:
                outputs = problem.finished(case.inputs, given)
            except ValueError:
                assert problem.finish is not None
                continue
            for tensor in problem.holds:
                assert outputs[tensor.name].shape == () and outputs[tensor.name].dtype == bool


@pytest.mark.parametrize("problem", ASKING, ids=lambda problem: problem.name)
@pytest.mark.parametrize("always", [ANSWERED, REFUSED, BROKEN])
def test_no_one_word_says_that_something_is_refused(
    frozen: Path, problem: Problem, always: int
) -> None:
    cases = paper(frozen, problem)
    for case, answers in zip(cases.all, right_answers(cases), strict=True):
        said = {**answers, "refused": np.full(answers["refused"].shape, always)}
        outputs = problem.finished(case.inputs, said)
        refusing = [one.name for one in problem.holds if one.name.startswith("refuses_")]
        assert refusing
        held = {name for name in refusing if outputs[name]}
        # With one unit, an input of width 1 is of the right width.
        if problem.lesson == "mut" and case.sizes["H"] == 1 and always == ANSWERED:
            held.discard("refuses_an_input_of_one_column")
        assert held == set()


# --------------------------------------------------------------------------- what students are told


def test_a_property_that_does_not_hold_takes_its_share_and_is_named(frozen: Path) -> None:
    cases = paper(frozen, lessons.find("clip_grad_norm"))
    answers = right_answers(cases)
    for case, one in zip(cases.all, answers, strict=True):
        one.update({f"in_place_{name}": case.inputs[name] for name in ("dWx", "dWh", "db")})
    credit, said = verdict(cases, answers)
    assert credit == 6 / 7, "five results and one of two properties"
    assert "this should hold but does not: the arrays themselves have the right length" in said


def test_data_that_is_missing_shows_no_property(frozen: Path) -> None:
    cases = paper(frozen, lessons.find("learns_hello"))
    answers = right_answers(cases)
    for one in answers:
        del one["log_probs"]
    credit, said = verdict(cases, answers)
    assert credit == 2 / 3
    assert "this should hold but does not: knows the bigram floor" in said


def test_what_is_wrong_with_a_result_is_said_of_the_result(frozen: Path) -> None:
    """And not of the property that the judge could not work out of it."""
    cases = paper(frozen, lessons.find("temporal_softmax_loss"))
    answers = right_answers(cases)
    for one in answers:
        one["dx"] = one["dx"][:, :, 0]
    credit, said = verdict(cases, answers)
    assert credit < 1
    assert "dx should be (N, T, V) = (3, 5, 6), yours is (3, 5)" in said
    assert "missing" not in said


def test_a_property_may_hold_of_what_is_right_beside_a_misshapen_result(frozen: Path) -> None:
    cases = paper(frozen, lessons.find("one_hot"))
    answers = right_answers(cases)
    for one in answers:
        one["x"] = one["x"].reshape(-1)
    credit, _ = verdict(cases, answers)
    assert credit == 3 / 4, "three of four results and both properties"


def test_a_wide_beam_that_forgets_a_sentence_is_told_so(frozen: Path) -> None:
    cases = paper(frozen, lessons.find("beam_search_limits"))
    answers = right_answers(cases)
    for one in answers:
        for name in ("wide_ids", "wide_scores", "rescored"):
            one[name] = one[name][:-1]
    credit, said = verdict(cases, answers)
    assert credit < 1
    assert "wide_scores should be" in said


# ---------------------------------------------------------------------------------------- refusals


def raising(error: Exception) -> None:
    raise error


def test_only_a_value_error_is_a_refusal() -> None:
    calls = [lambda: 3, lambda: raising(ValueError()), lambda: raising(IndexError())]
    answered, refused, broken = outcomes(*calls)
    assert (answered, refused) == (ANSWERED, REFUSED) and raised(broken) == "IndexError"
    assert outcomes(lambda: raising(ZeroDivisionError())) == [BROKEN] and raised(BROKEN) == ""


def test_something_is_refused_if_the_bad_and_only_the_bad_is() -> None:
    assert refuses(np.array([REFUSED, REFUSED, ANSWERED]), bad=(0, 1), good=(2,))
    assert not refuses(np.array([REFUSED, BROKEN, ANSWERED]), bad=(0, 1), good=(2,))
    assert not refuses(np.array([REFUSED, REFUSED, REFUSED]), bad=(0, 1), good=(2,))
    assert not refuses(np.array([REFUSED, REFUSED, BROKEN]), bad=(0, 1), good=(2,))
