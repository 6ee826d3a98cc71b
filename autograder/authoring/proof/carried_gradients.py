"""Right gradients of wrong forward passes: a student who derives without a slip loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from autograder import gradients, lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import forward_in
from autograder.authoring.casebook.derivatives import along_projections, follows_a_forward
from autograder.authoring.casebook.large import with_projections
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.proof.measure import Line, books_of, in_parallel
from autograder.casebook import ProblemCases, gathered
from autograder.compare import projections
from autograder.judge import Attempt, Decision, Result, conclude, examine
from autograder.problem import Arrays, Case, Misconception, Problem, Reply

ENOUGH = 100


@dataclass(frozen=True)
class Followed:
    """A mistake in a forward pass, and the right gradients of that forward pass.

    lost: of the backward problem's points. undefined: there is no such gradient, as the forward
        pass raises or gives NaN on some case.
    """

    misconception: str
    problem: str
    lost: float
    undefined: bool


def carried_gradients(solutions: Path, frozen: Path) -> Line:
    """Every misconception of a forward pass, with a backward pass that is right for it."""
    return judged(follow_all(solutions, frozen))


def judged(found: Sequence[Followed]) -> Line:
    """The line that these findings make."""
    answered = [one for one in found if not one.undefined]
    short = [one for one in answered if one.lost > 0]
    objections = [f"{one.misconception} loses {one.lost:g} in {one.problem}" for one in short]
    if len(answered) < ENOUGH:
        objections.append(f"{len(answered)} right gradients of wrong forwards are too few")
    figures = (
        f"{len(answered)} right gradients of a wrong forward pass, {len(answered) - len(short)} "
        f"with all points; {len(found) - len(answered)} forward passes have none"
    )
    return Line("carried gradients", figures, tuple(objections))


def follow_all(solutions: Path, frozen: Path) -> list[Followed]:
    """Each misconception in each backward problem whose frozen cases know another derivative."""
    count = len(load_answers(solutions).misconceptions)
    found = in_parallel(partial(follow, solutions, frozen), range(count))
    return [one for several in found for one in several]


def follow(solutions: Path, frozen: Path, number: int) -> list[Followed]:
    """One misconception, in every backward problem after it."""
    answers = load_answers(solutions)
    wrong, books = answers.misconceptions[number], books_of(frozen)
    found = []
    with imported(answers.patched(wrong)) as variant:
        for problem in filter(follows_a_forward, lessons.all_problems()):
            if problem.name == wrong.problem or not lessons.can_run(problem.lesson):
                continue
            cases = gathered(problem, books)
            if any(wrong.id in case.by_forward for case in cases.all):
                found.append(_follow(wrong, variant, cases))
    return found


def _follow(wrong: Misconception, variant: Variant, cases: ProblemCases) -> Followed:
    problem = cases.problem
    try:
        replies = []
        for kind in (cases.public, cases.hidden):
            least = _smallest(wrong, kind)
            for case in kind:
                # Every number is moved on one case; elsewhere, what has the right projections
                # stands for a gradient that would take too long.
                whole = case is least
                replies.append(Reply(_right_gradients(problem, variant, case, whole)))
    except Exception:
        return Followed(wrong.id, problem.name, 0.0, undefined=True)
    if any(np.isnan(array).any() for reply in replies for array in reply.outputs.values()):
        return Followed(wrong.id, problem.name, 0.0, undefined=True)
    found_before = Decision("failed", 0.0, {}, diagnosed=frozenset({wrong.id}))
    result = judge(cases, replies, {wrong.problem: found_before})
    return Followed(wrong.id, problem.name, problem.points - result.verdict.score, undefined=False)


def _smallest(wrong: Misconception, cases: Sequence[Case]) -> Case | None:
    """The case of the fewest numbers in which a mistake changes a gradient; None if there is none.

    One with fewer numbers takes a small part of the time of one with many.
    """
    seen = [case for case in cases if wrong.id in case.by_forward]
    return min(seen, key=_numbers_in, default=None)


def _numbers_in(case: Case) -> int:
    return sum(value.size for value in case.inputs.values())


def _right_gradients(problem: Problem, variant: Variant, case: Case, whole: bool) -> Arrays:
    """The outputs of a backward pass that is right for the variant's forward pass.

    whole: number by number, or else along random directions.
    """
    forward = lessons.forward_of(problem)
    weights = gradients.upstream(forward, case.inputs)
    run = forward_in(problem, variant, case.inputs)
    found = dict(case.expected)
    for gradient, name in gradients.pairs(problem, forward).items():
        value = case.inputs[name]
        if whole:
            found[gradient] = gradients.elementwise(run, weights, name, value)
            continue
        along = along_projections(run, weights, name, value, gradient)
        truth = projections(gradient, found[gradient])
        is_true = np.abs(along - truth).max() <= 1e-6 * np.abs(truth).max() + 1e-9
        if not is_true and not np.isnan(along).any():  # without a derivative nothing is wrong
            found[gradient] = with_projections(gradient, value.shape, along)
    return found


def judge(cases: ProblemCases, replies: Sequence[Reply], earlier: Mapping[str, Decision]) -> Result:
    """The judge's result on made-up replies, of a student found to have made earlier mistakes."""
    problem = cases.problem
    attempt = Attempt(problem, problem.points, cases.all, tuple(replies), cases.advice)
    return conclude(attempt, examine(attempt), earlier, carried_share=1.0)
