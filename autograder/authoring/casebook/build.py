"""Building one lesson's cases: every probe on every case in every variant.

Whatever does not add up is refused with a BuildError: a reference that contradicts its declaration
or its own numeric derivative, a misconception that no case can see.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from traceback import extract_tb
from typing import Any

import numpy as np

from autograder import gradients, lessons
from autograder.arrays import exact
from autograder.authoring.casebook import derivatives
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.draw import draw_cases, refuse_unmet
from autograder.authoring.casebook.large import draw_large, rounded
from autograder.authoring.casebook.questions import Answering, sheets, withheld
from autograder.authoring.casebook.reached import Place, is_reached, noting_calls
from autograder.authoring.casebook.sentences import place_of
from autograder.authoring.casebook.variants import REFERENCE, BuildError, Variant, imported
from autograder.compare import close, sketch, wrong_tensors
from autograder.errors import short
from autograder.problem import Advice, Arrays, Case, Lesson, Misconception, Problem

LESSONS = "autograder/lessons"

GRADIENT_TOLERANCE = 1e-6
"""Within this, the reference's gradients agree with numeric differentiation in float64."""


def run_probe(problem: Problem, variant: Variant, inputs: Arrays) -> Arrays:
    """A probe's outputs in a variant, as exact arrays.

    The inputs are copied; what a probe changes is its own.
    """
    copies = {name: value.copy() for name, value in inputs.items()}
    student: Any = variant.module(problem.lesson)
    if problem.question is not None:
        student = Answering(student, copies)
    unheard = io.StringIO()
    with np.errstate(all="ignore"), redirect_stdout(unheard), redirect_stderr(unheard):
        outputs = problem.probe(student, **problem.told(copies))
    answers = {name: exact(np.asarray(value)) for name, value in outputs.items()}
    return problem.finished(inputs, answers)


# ------------------------------------------------------------------------------------ the reference


def true_cases(
    problem: Problem, reference: Variant, seed: int, hidden: bool, public_seed: int | None = None
) -> list[Case]:
    """The problem's cases with the reference's outputs, each checked. Raises BuildError.

    public_seed: of the numbers of questions, which are the same in hidden cases; else `seed`.
    """
    cases: list[Case] = []
    if problem.question is not None:
        numbers = seed if public_seed is None else public_seed
        for name, inputs in sheets(problem, reference.module(problem.lesson), numbers):
            drawn = Case(name, {}, inputs, {}, hidden=hidden)
            cases.append(_answered(problem, reference, drawn, whole=False))
        return cases if hidden else withheld(cases)
    ordinary = list(draw_cases(problem, seed, hidden))
    refuse_unmet(problem, [inputs for _, _, inputs in ordinary], hidden)
    for name, sizes, inputs in ordinary:
        drawn = Case(name, sizes, inputs, {}, hidden=hidden)
        cases.append(_answered(problem, reference, drawn, whole=len(cases) < len(problem.sizes)))
    for name, sizes, inputs in draw_large(problem, seed, hidden):
        drawn = Case(name, sizes, inputs, {}, hidden=hidden, large=True)
        cases.append(_answered(problem, reference, drawn, whole=False))
    return cases


def _answered(problem: Problem, reference: Variant, case: Case, whole: bool) -> Case:
    """A drawn case with the reference's outputs. Raises BuildError.

    whole: check its gradients number by number, and not only along a few directions.
    """
    case_name = f"{problem.name}, case {case.name}"
    expected = run_probe(problem, reference, case.inputs)
    _check_outputs(problem, expected, case.sizes, case_name)
    again = run_probe(problem, reference, case.inputs)
    if any(not np.array_equal(expected[out], again[out], equal_nan=True) for out in expected):
        raise BuildError(f"{case_name}: the probe gives different results for the same inputs")
    case = replace(case, expected=expected)
    if problem.gradient_of:
        _check_gradients(problem, reference, case, case_name, whole)
    if case.large:
        case = replace(case, expected={out: rounded(expected[out]) for out in expected})
    return case


def _check_outputs(
    problem: Problem, outputs: Arrays, sizes: Mapping[str, int], case_name: str
) -> None:
    declared = [tensor.name for tensor in problem.outputs]
    if list(outputs) != declared:
        raise BuildError(
            f"{case_name}: the probe gives {list(outputs)}, the declaration says {declared}"
        )
    for tensor in problem.outputs:
        value = outputs[tensor.name]
        if value.dtype.kind not in "biuf":
            raise BuildError(
                f"{case_name}: {tensor.name} is not an array of numbers but of {value.dtype}"
            )
        if "_" not in tensor.axes and value.shape != tensor.shape(sizes):
            raise BuildError(
                f"{case_name}: {tensor} should be {tensor.shape(sizes)}, the reference gives "
                f"{value.shape}"
            )
        if np.isnan(value).any():
            raise BuildError(f"{case_name}: the reference gives NaN in {tensor.name}")


def forward_in(problem: Problem, variant: Variant, inputs: Arrays) -> gradients.Forward:
    """A backward problem's forward in a variant, ready to be differentiated numerically."""
    forward = lessons.forward_of(problem).bare  # of properties there is no derivative
    own = {tensor.name: inputs[tensor.name] for tensor in forward.takes}

    def run(name: str, stack: np.ndarray) -> Arrays:
        outputs = [run_probe(forward, variant, {**own, name: value}) for value in stack]
        return {out: np.stack([arrays[out] for arrays in outputs]) for out in outputs[0]}

    return run


def _check_gradients(
    problem: Problem, reference: Variant, case: Case, case_name: str, whole: bool
) -> None:
    forward = lessons.forward_of(problem)
    weights = gradients.upstream(forward, case.inputs)
    run = forward_in(problem, reference, case.inputs)
    for gradient, name in gradients.pairs(problem, forward).items():
        value, analytic = case.inputs[name], case.expected[gradient]
        if whole:
            numeric = gradients.elementwise(run, weights, name, value)
            near = close(numeric, analytic, GRADIENT_TOLERANCE, GRADIENT_TOLERANCE)
            right = bool(near.all())
        else:
            right = gradients.agrees(run, weights, name, value, analytic, 0, GRADIENT_TOLERANCE)
        if not right:
            raise BuildError(
                f"{case_name}: the reference's {gradient} disagrees with numeric differentiation"
            )


def all_true_cases(
    answers: Answers, lesson: Lesson, seed: int, hidden: bool, public_seed: int | None = None
) -> dict[str, list[Case]]:
    """Problem name -> true cases, see `true_cases`.

    Raises BuildError, with a sentence for each refused problem.
    """
    cases = {}
    refused = {}
    with imported(answers.sources) as reference:
        for problem in lesson.problems:
            if problem.gradient_of in refused:
                continue  # it would be refused for the same reason as its forward
            try:
                cases[problem.name] = true_cases(problem, reference, seed, hidden, public_seed)
            except BuildError as error:
                refused[problem.name] = f"{place_of(problem)}: {error}"
            except Exception as error:
                refused[problem.name] = f"{place_of(problem)}: {problem.name}: {_raised(error)}"
    if refused:
        raise BuildError("\n".join(refused.values()))
    return cases


def _raised(error: Exception) -> str:
    """What an exception says, and the line of the probe or of the reference that it comes from."""
    text = f"{type(error).__name__}: {error}"
    text = re.sub(r"\bvariant_\d+", "recurrent", text)
    for frame in reversed(extract_tb(error.__traceback__)):
        file = short(Path(frame.filename))
        if file.startswith((REFERENCE, LESSONS)):
            return f"{text} ({file}, line {frame.lineno})"
    return f"{text} (not in the probe, but in what it is given or answers with)"


# ------------------------------------------------------------------------------- the misconceptions


def build_cases(answers: Answers, lesson: Lesson, seed: int, hidden: bool) -> dict[str, list[Case]]:
    """Problem name -> cases, with every misconception in them that the lesson may see.

    Raises BuildError for one that no case of its problem sees.
    """
    cases = all_true_cases(answers, lesson, seed, hidden)
    add_misconceptions(cases, answers, lesson, answers.visible_in(lesson.name))
    return cases


def add_misconceptions(
    cases: dict[str, list[Case]],
    answers: Answers,
    lesson: Lesson,
    misconceptions: Sequence[Misconception],
) -> None:
    """Run the lesson with each of these made, and store in its cases what differs.

    Raises BuildError, with a sentence for each misconception that is refused.
    """
    refusals = []
    forwards = _true_forwards(cases, answers, lesson)
    places = _functions_run(cases, answers, lesson)
    for wrong in misconceptions:
        with imported(answers.patched(wrong)) as variant:
            for problem in lesson.problems:
                if not is_reached(wrong, answers.sources, places[problem.name]):
                    continue  # the variant would do what the reference does
                seen = [_seen_in(problem, variant, case, wrong.id) for case in cases[problem.name]]
                # The forward pass stands before: it is known by now whether it is a wrong one.
                is_wrong = seen_by(cases.get(problem.gradient_of, ()), wrong.id) > 0
                for number, truth in enumerate(forwards.get(problem.name, ())):
                    seen[number] = with_derivative(
                        problem, variant, seen[number], wrong.id, truth, is_wrong
                    )
                cases[problem.name] = seen
        own = cases.get(wrong.problem)
        if own is not None and any(case.expected for case in own):
            place = answers.places.get(wrong.id, "solutions/misconceptions")
            refusals += [f"{place}: {refusal}" for refusal in _refusals(own, wrong)]
    if refusals:
        raise BuildError("\n".join(refusals))


def _functions_run(
    cases: Mapping[str, Sequence[Case]], answers: Answers, lesson: Lesson
) -> dict[str, set[Place]]:
    """Problem -> the functions of the reference that its cases run, its forward pass included."""
    found: dict[str, set[Place]] = {}
    for problem in lesson.problems:
        found[problem.name] = set()
        # Imported anew for each: what a function keeps for its next call hides no call.
        with imported(answers.sources) as reference, noting_calls(found[problem.name]):
            for case in cases[problem.name]:
                run_probe(problem, reference, case.inputs)
                if derivatives.follows_a_forward(problem):
                    given = derivatives.forward_inputs(problem, case)
                    run_probe(lessons.forward_of(problem), reference, given)
    return found


def _seen_in(problem: Problem, variant: Variant, case: Case, wrong: str) -> Case:
    try:
        outputs = run_probe(problem, variant, case.inputs)
    except Exception as error:
        return replace(case, raises={**case.raises, wrong: type(error).__name__})
    differing = {}
    for name in wrong_tensors(problem, outputs, case.expected):
        if name in outputs:
            given = outputs[name]
            differing[name] = given if case.keeps_whole(name) else sketch(name, given)
    if not differing:
        return case
    return replace(case, by_misconception={**case.by_misconception, wrong: differing})


def _true_forwards(
    cases: Mapping[str, Sequence[Case]], answers: Answers, lesson: Lesson
) -> dict[str, list[Arrays]]:
    """Backward problem -> what its true forward pass gives on the inputs of each of its cases."""
    found = {}
    with imported(answers.sources) as reference:
        for problem in filter(derivatives.follows_a_forward, lesson.problems):
            forward = lessons.forward_of(problem)
            inputs = [derivatives.forward_inputs(problem, case) for case in cases[problem.name]]
            found[problem.name] = [run_probe(forward, reference, given) for given in inputs]
    return found


def with_derivative(
    problem: Problem,
    variant: Variant,
    case: Case,
    wrong: str,
    truth: Arrays,
    is_wrong: bool = False,
) -> Case:
    """The case with the derivative of the variant's forward pass, where that is a wrong one.

    truth: what the true forward pass gives. is_wrong: whether it is a wrong one on other cases.
    """
    forward = lessons.forward_of(problem)
    try:
        outputs = run_probe(forward, variant, derivatives.forward_inputs(problem, case))
    except Exception:
        return case  # a forward pass that raises has no derivative
    # At zeros, a wrong forward pass may give what the true one gives, and yet change otherwise.
    at_zeros = is_wrong and derivatives.has_zeros(problem, case)
    if not at_zeros and not derivatives.changes_forward(problem, outputs, truth):
        return case
    run = forward_in(problem, variant, case.inputs)
    by_forward = derivatives.differing(problem, case, wrong, run)
    if not by_forward:
        return case
    return replace(case, by_forward={**case.by_forward, wrong: by_forward})


def _refusals(cases: Sequence[Case], wrong: Misconception) -> Iterator[str]:
    """Why the cases of its own problem do not let a misconception in."""
    if all(wrong.id in case.raises for case in cases):
        kinds = ", ".join(sorted({case.raises[wrong.id] for case in cases}))
        yield (
            f"{wrong.id} raises an exception on every case ({kinds}): that is broken code, not a "
            "wrong idea"
        )
    elif not seen_by(cases, wrong.id):
        kind = "hidden" if cases[0].hidden else "public"
        # Where another seed would do, whoever builds the zips at midnight has a way out.
        other = ". Until then, NEW_SEED=1 draws other hidden cases" if cases[0].hidden else ""
        yield (
            f"no {kind} case of {wrong.problem} can see {wrong.id}: "
            f"add a size or an edge that exposes it{other}"
        )


def seen_by(cases: Sequence[Case], wrong: str) -> int:
    """How many of the cases tell the misconception from the truth."""
    return sum(wrong in case.by_misconception or wrong in case.raises for case in cases)


def advice_for(
    answers: Answers, lesson: Lesson, cases: Mapping[str, Sequence[Case]]
) -> list[Advice]:
    """What is to be said of the misconceptions that some case of the lesson sees."""
    spoken = []
    for wrong in answers.visible_in(lesson.name):
        if any(_changed_by(wrong.id, problem_cases) for problem_cases in cases.values()):
            spoken.append(Advice(wrong.id, wrong.problem, wrong.idea, wrong.hints))
    return spoken


def _changed_by(wrong: str, cases: Sequence[Case]) -> bool:
    """Whether anything in the cases stands under a misconception's name."""
    return seen_by(cases, wrong) > 0 or any(wrong in case.by_forward for case in cases)


def indistinguishable(
    cases: Sequence[Case], problem: Problem, ids: Sequence[str]
) -> list[tuple[str, str]]:
    """Pairs of misconceptions of one function that its own cases cannot tell apart."""

    def same(one: str, other: str, case: Case) -> bool:
        if case.raises.get(one) != case.raises.get(other):
            return False
        mine, theirs = case.by_misconception.get(one, {}), case.by_misconception.get(other, {})
        return mine.keys() == theirs.keys() and not wrong_tensors(problem, mine, dict(theirs))

    return [
        (one, other)
        for one, other in combinations(ids, 2)
        if all(same(one, other, case) for case in cases)
    ]
