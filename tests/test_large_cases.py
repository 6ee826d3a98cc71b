"""The large hidden case of every gradient: too large to differentiate, not to derive."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.arrays import narrow, wide
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import (
    GRADIENT_TOLERANCE,
    forward_in,
    run_probe,
    true_cases,
    with_derivative,
)
from autograder.authoring.casebook.derivatives import forward_inputs
from autograder.authoring.casebook.large import LONGER, draw_large, with_projections
from autograder.authoring.casebook.variants import imported, read_package
from autograder.authoring.numeric import derived_seconds, numeric_seconds, pace
from autograder.authoring.proof.known_right import versions
from autograder.casebook import Casebook, gathered
from autograder.compare import PROJECTIONS, equal, projections
from autograder.grade import casebooks, grade_submission
from autograder.gradients import agrees, elementwise, pairs, upstream
from autograder.problem import Case, Problem
from autograder.sandbox import Limits, Sandbox
from autograder.settings import Course, thaw
from tests.conftest import ROOT
from tests.submissions import REFERENCE, submission

pytestmark = pytest.mark.in_turn

SOLUTIONS = ROOT / "solutions"
FAR_FROM_REFUSED = GRADIENT_TOLERANCE / 20
GRADIENTS = [problem for problem in lessons.all_problems() if problem.gradient_of]
NUMERIC = """

def differentiated(x, prev_h, Wx, Wh, b, dnext_h):
    inputs, found = (x, prev_h, Wx, Wh, b), []
    for array in inputs:
        gradient = np.zeros_like(array)
        for place in np.ndindex(*array.shape):
            old = array[place]
            array[place] = old + 1e-5
            above = (rnn_step_forward(*inputs)[0] * dnext_h).sum()
            array[place] = old - 1e-5
            below = (rnn_step_forward(*inputs)[0] * dnext_h).sum()
            array[place] = old
            gradient[place] = (above - below) / 2e-5
        found.append(gradient)
    return tuple(found)


def rnn_step_backward(dnext_h, cache):
    return differentiated(*[np.array(value) for value in cache], dnext_h)
"""


def large_case(problem: Problem, books: list[Casebook]) -> Case:
    (case,) = [case for case in gathered(problem, books).all if case.large]
    return case


@pytest.fixture(scope="module")
def books(frozen: Path) -> list[Casebook]:
    return casebooks(frozen)


@pytest.fixture(scope="module")
def course(frozen: Path) -> Course:
    return thaw(frozen / "course.json")


# ---------------------------------------------------------------------------------- every gradient


@pytest.mark.parametrize("problem", GRADIENTS, ids=lambda problem: problem.name)
def test_on_no_seed_is_the_reference_near_what_would_be_refused(problem: Problem) -> None:
    """One that amplifies is too rough to differentiate; and a hidden seed is drawn at random."""
    with imported(load_answers(SOLUTIONS).sources) as reference:
        for seed in range(3):
            for _, _, inputs in draw_large(problem, seed, hidden=True):
                found = run_probe(problem, reference, inputs)
                forward = lessons.forward_of(problem)
                weights = upstream(forward, inputs)
                run = forward_in(problem, reference, inputs)
                for gradient, name in pairs(problem, forward).items():
                    near = agrees(
                        run, weights, name, inputs[name], found[gradient], 0, FAR_FROM_REFUSED
                    )
                    assert near, (seed, gradient)


@pytest.mark.parametrize("problem", GRADIENTS, ids=lambda problem: problem.name)
def test_every_gradient_has_one_and_only_among_the_hidden_cases(
    problem: Problem, books: list[Casebook]
) -> None:
    case = large_case(problem, books)
    assert case.hidden
    assert problem.large is not None
    for axis, length in problem.large.items():
        assert length <= case.sizes[axis] <= LONGER * length + len(problem.large)


@pytest.mark.parametrize("problem", GRADIENTS, ids=lambda problem: problem.name)
def test_numeric_differentiation_does_not_finish(
    problem: Problem, books: list[Casebook], course: Course
) -> None:
    case = large_case(problem, books)
    with imported(load_answers(SOLUTIONS).sources) as reference:
        seconds = numeric_seconds(problem, case, reference)
    assert seconds > course.policy.seconds, f"{seconds:.1f} s: give it a larger large="


@pytest.mark.parametrize(
    ("lesson", "path"),
    versions(ROOT / "tests" / "good_versions"),
    ids=lambda given: getattr(given, "stem", given),
)
def test_loops_and_other_styles_have_time_to_spare(
    lesson: str, path: Path, books: list[Casebook], course: Course
) -> None:
    sources = {**read_package(SOLUTIONS / "recurrent"), lesson: path.read_text(encoding="utf-8")}
    with imported(sources) as variant:
        for problem in lessons.lesson(lesson).problems:
            if problem.gradient_of:
                seconds = derived_seconds(problem, large_case(problem, books), variant)
                assert seconds / pace() < course.policy.seconds / 2, problem.name


def test_hidden_lengths_are_others_on_another_seed() -> None:
    problem = lessons.find("rnn_step_backward")
    lengths = set()
    for seed in range(20):
        ((_, sizes, _),) = draw_large(problem, seed, hidden=True)
        assert len(set(sizes.values())) == len(sizes)
        lengths.add(tuple(sizes.values()))
    assert len(lengths) > 10
    assert not list(draw_large(problem, 0, hidden=False))


# ------------------------------------------------------------------------------------- as it is run


def test_a_numeric_derivative_is_told_and_earns_nothing(
    frozen: Path, books: list[Casebook], course: Course, tmp_path: Path
) -> None:
    files = {"rnn": REFERENCE["rnn"] + NUMERIC}
    folder = submission(tmp_path, files=files)
    names = ["rnn_step_forward", "rnn_step_backward"]
    with Sandbox(Limits(seconds=1.0)) as box:
        forward, backward = grade_submission(folder, course, books, names, box)
    assert forward.status == "passed"
    assert (backward.status, backward.score) == ("timeout", 0.0)
    (said,) = [finding.text for finding in backward.findings if finding.layer == "hidden"]
    assert "numeric differentiation takes minutes" in said


# ------------------------------------------------------------------------ what is kept of mistakes


@pytest.mark.parametrize("name", ["rnn_step_backward", "rnn_backward"])
def test_what_is_kept_of_a_derivative_are_the_projections_of_the_whole(name: str) -> None:
    answers, problem, compared = load_answers(SOLUTIONS), lessons.find(name), 0
    forward = lessons.forward_of(problem)
    with imported(answers.sources) as reference:
        case = true_cases(problem, reference, 1, False)[0]
        truth = run_probe(forward, reference, forward_inputs(problem, case))
    weights = upstream(forward, case.inputs)
    for wrong in answers.misconceptions:
        if wrong.problem not in ("rnn_step_forward", "rnn_forward"):
            continue
        with imported(answers.patched(wrong)) as variant:
            kept = with_derivative(problem, variant, case, wrong.id, truth).by_forward
            run = forward_in(problem, variant, case.inputs)
            for gradient, along in kept.get(wrong.id, {}).items():
                moved = gradient.removeprefix("d")
                whole = elementwise(run, weights, moved, case.inputs[moved])
                np.testing.assert_allclose(along, projections(gradient, whole), 1e-6, 1e-9)
                compared += 1
    assert compared > 20


def test_a_stand_in_has_the_projections_and_not_the_numbers() -> None:
    whole = np.random.default_rng(0).normal(size=(30, 50))
    stand_in = with_projections("dx", whole.shape, projections("dx", whole))
    np.testing.assert_allclose(projections("dx", stand_in), projections("dx", whole))
    assert np.abs(stand_in - whole).max() > 1


def test_one_wrong_number_in_a_large_array_shows() -> None:
    problem, whole = lessons.find("rnn_step_backward"), np.ones((160, 100))
    wrong = whole.copy()
    wrong[3, 5] = -1.0
    kept = projections("dx", whole)
    assert not equal(problem, projections("dx", wrong), kept)
    assert equal(problem, projections("dx", whole.astype(np.float32)), kept)


def test_projections_tell_nan_and_another_shape() -> None:
    assert projections("dx", np.ones(6)).tolist() != projections("dx", np.ones((2, 3))).tolist()
    assert np.isnan(projections("dx", np.full((2, 3), np.nan))).all()
    assert projections("loss", np.array(2.0)).shape == (PROJECTIONS,)


def test_numbers_are_stored_in_as_few_bytes_as_hold_them() -> None:
    for exactly, bytes_each in [(0.5, 2), (1e5, 4), (1 / 3, 8), (np.inf, 2), (1e300, 8)]:
        stored = narrow(np.array([exactly]))
        assert stored.itemsize == bytes_each
        assert wide(stored).tolist() == [exactly]
    for exactly, bytes_each in [(7, 1), (-200, 2), (1 << 20, 4), (1 << 40, 8)]:
        stored = narrow(np.array([exactly]))
        assert stored.itemsize == bytes_each
        assert wide(stored).dtype == np.int64 and wide(stored).tolist() == [exactly]
