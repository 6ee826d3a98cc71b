"""What is carried forward, over all misconceptions: arrays only, and none that a constant is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.derivatives import follows_a_forward
from autograder.authoring.casebook.large import outputs_with
from autograder.authoring.demo import with_body
from autograder.authoring.proof.carried_gradients import Followed, follow, judge, judged
from autograder.casebook import Casebook, ProblemCases, gathered
from autograder.compare import PROJECTIONS
from autograder.grade import casebooks
from autograder.judge import Attempt, Decision, conclude, examine
from autograder.problem import Advice, Arrays, Case, Fault, Problem, Reply
from tests.conftest import ROOT
from tests.in_process import grade_sources

pytestmark = pytest.mark.in_turn

SOLUTIONS = ROOT / "solutions"
PROBLEMS = [problem for problem in lessons.all_problems() if lessons.can_run(problem.lesson)]
BACKWARDS = [problem for problem in PROBLEMS if follows_a_forward(problem)]
SAMPLE = (
    "rnn_step_backward.db_not_summed",
    "stacked_forward.every_layer_reads_x",
    "additive_attention_forward.context_of_projections",
)
"""Misconceptions whose variants raise in later problems."""


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(SOLUTIONS)


@pytest.fixture(scope="module")
def books(frozen: Path) -> list[Casebook]:
    return casebooks(frozen)


def carried_from(cases: ProblemCases) -> Iterator[str]:
    """The misconceptions made in other problems that some case of this one sees."""
    seen: dict[str, None] = {}
    for case in cases.all:
        seen |= dict.fromkeys((*case.by_misconception, *case.raises, *case.by_forward))
    for wrong in seen:
        if cases.advice[wrong].problem != cases.problem.name:
            yield wrong


def earned(cases: ProblemCases, replies: list[Reply], wrong: str) -> float:
    """The points of someone who was found to have made this mistake where it is made."""
    return earned_after(cases, replies, [wrong])[wrong]


def earned_after(
    cases: ProblemCases, replies: list[Reply], mistakes: Iterable[str]
) -> dict[str, float]:
    """Mistake -> the points of these replies after it; looked at only once."""
    problem = cases.problem
    attempt = Attempt(problem, problem.points, cases.all, tuple(replies), cases.advice)
    evidence = examine(attempt)
    points = {}
    for wrong in mistakes:
        found = Decision("failed", 0.0, {}, diagnosed=frozenset({wrong}))
        earlier = {cases.advice[wrong].problem: found}
        if follows_a_forward(problem):
            earlier[problem.gradient_of] = found
        decision = conclude(attempt, evidence, earlier, carried_share=1.0).decision
        points[wrong] = attempt.earned(decision.credit)
    return points


# -------------------------------------------------------------------------- over all misconceptions


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_an_exception_earns_nothing_after_any_mistake(
    problem: Problem, books: list[Casebook]
) -> None:
    cases = gathered(problem, books)
    for wrong in carried_from(cases):
        raised = {case.raises[wrong] for case in cases.all if wrong in case.raises}
        for error in raised | {"ValueError"}:
            silent = [Reply(fault=Fault("raised", error)) for _ in cases.all]
            assert earned(cases, silent, wrong) == 0, wrong

            # Nor if it raises only where the variant does, and answers as the variant elsewhere.
            partly = [like_variant(case, wrong, error) for case in cases.all]
            if any(reply.fault is not None for reply in partly):
                assert earned(cases, partly, wrong) == 0, wrong


def like_variant(case: Case, wrong: str, error: str) -> Reply:
    if wrong in case.raises:
        return Reply(fault=Fault("raised", error))
    return Reply(outputs_with(case, wrong))


@pytest.mark.parametrize("number", [0.0, 1.0, np.nan, 1e-9, -0.5])
@pytest.mark.parametrize("problem", BACKWARDS, ids=lambda problem: problem.name)
def test_a_constant_earns_nothing_in_a_backward_after_any_mistake(
    problem: Problem, number: float, books: list[Casebook]
) -> None:
    cases = gathered(problem, books)
    replies = []
    for case in cases.all:
        outputs = {name: np.full_like(array, number) for name, array in case.expected.items()}
        replies.append(Reply(outputs))
    for wrong, points in earned_after(cases, replies, carried_from(cases)).items():
        assert points == 0, wrong


def test_zeros_are_carried_only_beside_what_had_to_be_computed() -> None:
    rng = np.random.default_rng(0)
    problem = replace(lessons.find("rnn_step_backward"), gradient_of="")
    wrong = "rnn_step_forward.made_up"
    advice = {wrong: Advice(wrong, "rnn_step_forward", "it is made up", ("a", "b", "c"))}
    cases = []
    for number in range(3):
        truth = {tensor.name: rng.normal(size=(2, 3)) for tensor in problem.gives}
        zeros = {name: np.zeros(PROJECTIONS) for name in truth}
        inputs: Arrays = {}
        cases.append(Case(str(number), {}, inputs, truth, by_forward={wrong: zeros}))
    nothing_there = {name: np.zeros((2, 3)) for name in truth}
    zeros_only = [Reply(nothing_there) for _ in cases]
    one_right = [Reply({**nothing_there, "dx": case.expected["dx"]}) for case in cases]
    found = {"rnn_step_forward": Decision("failed", 0.0, {}, diagnosed=frozenset({wrong}))}

    made_up = ProblemCases(problem, tuple(cases), advice)
    nothing = judge(made_up, zeros_only, found).verdict
    assert nothing.score == 0 and set(nothing.outputs.values()) == {"wrong"}
    beside = judge(made_up, one_right, found).verdict
    assert beside.score == beside.max_score
    noise = [Reply({name: 3e-9 * rng.normal(size=(2, 3)) for name in truth}) for _ in cases]
    assert judge(made_up, noise, found).verdict.score == 0


# -------------------------------------------------------------------------------- whole submissions


@pytest.mark.parametrize("wrong", SAMPLE)
def test_one_mistake_and_then_raise_everywhere(
    wrong: str, answers: Answers, books: list[Casebook]
) -> None:
    """The mistake at home; every function of another problem that it reaches is one `raise`."""
    misconception = next(one for one in answers.misconceptions if one.id == wrong)
    sources = answers.patched(misconception)
    home = lessons.find(misconception.problem)
    taught = lessons.lesson(home.lesson).problems
    later = taught[taught.index(home) + 1 :]
    assert later
    for problem in later:
        sources[home.lesson] = with_body(sources[home.lesson], problem.of, "raise ValueError")
    verdicts = grade_sources(sources, books, (home.lesson,))
    assert verdicts[home.name].diagnosis == wrong
    for problem in later:
        assert verdicts[problem.name].score == 0, problem.name


STILL = '''


def _flat(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [array for part in value for array in _flat(part)]
    return [np.array(value)]


def _near(these, those):
    return len(these) == len(those) and all(
        a.shape == b.shape and np.abs(a * 1.0 - b).max(initial=0) < 1e-3
        for a, b in zip(these, those)
    )


def _still(function):
    """A forward pass that answers an input near an earlier one as it did then."""
    seen = []

    def still(*arguments):
        flat = _flat(arguments)
        for earlier, answer in seen:
            if _near(earlier, flat):
                return answer
        answer = (*function(*arguments)[:-1], arguments)
        seen.append((flat, answer))
        return answer

    return still


def _zeros(*arguments):
    """A backward pass that derives nothing: what it is given, as zeros."""
    arrays = [array for array in _flat(arguments[-1]) if array.dtype.kind == "f"]
    gradients = tuple(np.zeros_like(array) for array in arrays)
    return gradients[0] if len(gradients) == 1 else gradients
'''

STANDING = {
    "rnn": ("rnn_step_forward.no_bias", ("rnn_step", "rnn")),
    "head": ("temporal_affine_forward.no_bias", ("temporal_affine",)),
    "gru": ("gru_step_forward.no_bias_in_candidate", ("gru_step", "gru")),
    "lstm": ("lstm_step_forward.no_tanh_of_cell", ("lstm_step", "lstm")),
}
"""Lesson -> a misconception of a forward pass, and the functions `..._forward` that stand still."""


@pytest.mark.parametrize("lesson", STANDING)
def test_a_forward_that_stands_still_makes_no_backward_of_zeros_right(
    lesson: str, answers: Answers, books: list[Casebook]
) -> None:
    wanted, functions = STANDING[lesson]
    wrong = next(one for one in answers.misconceptions if one.id == wanted)
    sources = answers.patched(wrong)
    sources[lesson] += STILL
    for function in functions:
        sources[lesson] += f"\n\n{function}_forward = _still({function}_forward)\n"
        sources[lesson] += f"{function}_backward = _zeros\n"
    verdicts = grade_sources(sources, books, (lesson,))
    assert verdicts[wrong.problem].diagnosis == wrong.id
    for function in functions:
        verdict = verdicts[f"{function}_backward"]
        assert verdict.status in ("failed", "error") and verdict.score == 0, verdict


# -------------------------------------------------------------------------------- honest carrying


FOLLOWED = ("rnn_step_forward.no_tanh", "temporal_affine_forward.only_last_step")


@pytest.mark.parametrize("wrong", FOLLOWED)
def test_right_gradients_of_a_wrong_forward_lose_nothing(
    wrong: str, answers: Answers, frozen: Path
) -> None:
    number = [one.id for one in answers.misconceptions].index(wrong)
    found = follow(SOLUTIONS, frozen, number)
    assert found and all(one.lost == 0 for one in found if not one.undefined), found


def test_the_line_of_the_proof_can_fail() -> None:
    many = [Followed("a.b", "c", lost=0.0, undefined=False)] * 200
    assert not judged(many).objections
    assert judged([*many, Followed("a.b", "c", lost=1.0, undefined=False)]).objections
    assert judged(many[:3]).objections, "few are as bad as a loss"
    assert judged([Followed("a.b", "c", lost=0.0, undefined=True)] * 200).objections


@pytest.mark.parametrize("points", [3.333, 10 / 3, 0.1, 1e-3, 7])
def test_a_right_answer_has_exactly_its_points(points: float, books: list[Casebook]) -> None:
    problem = replace(lessons.find("rnn_step_backward"), points=points)
    cases = replace(gathered(lessons.find("rnn_step_backward"), books), problem=problem)
    right = [Reply(case.expected) for case in cases.all]
    verdict = judge(cases, right, {}).verdict
    assert verdict.status == "passed" and verdict.score == verdict.max_score == points
