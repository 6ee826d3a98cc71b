"""Building casebooks: every probe on every case in every world, and a refusal of whatever does not
add up.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

import numpy as np

from autograder import gradients, lessons
from autograder.arrays import exact
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import (
    BuildError,
    Variant,
    dependents,
    imported,
    module_of,
    patch,
    read_package,
)
from autograder.casebook import write_lesson
from autograder.compare import close, wrong_tensors
from autograder.problem import Advice, Arrays, Case, Lesson, Misconception, Problem

Print = Callable[[str], None]


@dataclass(frozen=True)
class Answers:
    """What a build needs to know: the reference's sources and all misconceptions."""

    sources: Mapping[str, str]
    misconceptions: tuple[Misconception, ...]


def load_answers(solutions: Path) -> Answers:
    """Read `solutions/`: the package `recurrent` and the tuples in `misconceptions`."""
    found: list[Misconception] = []
    for path in sorted((solutions / "misconceptions").glob("*.py")):
        if path.stem != "__init__":
            found += import_module(f"solutions.misconceptions.{path.stem}").MISCONCEPTIONS
    twice = {m.id for m in found if sum(m.id == other.id for other in found) > 1}
    if twice:
        raise BuildError(f"two misconceptions share the name {sorted(twice)[0]}")
    return Answers(read_package(solutions / "recurrent"), tuple(found))


def run_probe(problem: Problem, variant: Variant, inputs: Arrays) -> Arrays:
    """A probe's outputs in a world, as exact arrays. The inputs are copied; what a probe changes is
    its own.
    """
    copies = {name: value.copy() for name, value in inputs.items()}
    with np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
        outputs = problem.probe(variant.module(problem.lesson), **copies)
    return {name: exact(np.asarray(value)) for name, value in outputs.items()}


# ------------------------------------------------------------------------------------ the reference


def true_cases(problem: Problem, reference: Variant, seed: int, hidden: bool) -> list[Case]:
    """The problem's cases with the reference's outputs, each checked. Raises BuildError."""
    cases = []
    for name, sizes, inputs in draw_cases(problem, seed, hidden):
        where = f"{problem.name}, case {name}"
        expected = run_probe(problem, reference, inputs)
        _check_outputs(problem, expected, sizes, where)
        again = run_probe(problem, reference, inputs)
        if any(not np.array_equal(expected[out], again[out], equal_nan=True) for out in expected):
            raise BuildError(f"{where}: the probe gives different results for the same inputs")
        case = Case(name, sizes, inputs, expected, hidden=hidden)
        if problem.gradient_of:
            _check_gradients(problem, reference, case, where)
        cases.append(case)
    return cases


def _check_outputs(problem: Problem, outputs: Arrays, sizes: Mapping[str, int], where: str) -> None:
    declared = [tensor.name for tensor in problem.outputs]
    if list(outputs) != declared:
        raise BuildError(
            f"{where}: the probe gives {list(outputs)}, the declaration says {declared}"
        )
    for tensor in problem.outputs:
        value = outputs[tensor.name]
        if value.dtype.kind not in "biuf":
            raise BuildError(
                f"{where}: {tensor.name} is not an array of numbers but of {value.dtype}"
            )
        if "_" not in tensor.axes and value.shape != tensor.shape(sizes):
            raise BuildError(
                f"{where}: {tensor} should be {tensor.shape(sizes)}, the reference gives "
                f"{value.shape}"
            )
        if np.isnan(value).any():
            raise BuildError(f"{where}: the reference gives NaN in {tensor.name}")


def forward_in(problem: Problem, variant: Variant, inputs: Arrays) -> gradients.Forward:
    """The forward problem of a backward one, ready to be differentiated numerically in a world."""
    forward = lessons.forward_of(problem)
    own = {tensor.name: inputs[tensor.name] for tensor in forward.takes}

    def run(name: str, stack: np.ndarray) -> Arrays:
        each = [run_probe(forward, variant, {**own, name: value}) for value in stack]
        return {out: np.stack([outputs[out] for outputs in each]) for out in each[0]}

    return run


def _check_gradients(problem: Problem, reference: Variant, case: Case, where: str) -> None:
    forward = lessons.forward_of(problem)
    weights = gradients.upstream(forward, case.inputs)
    run = forward_in(problem, reference, case.inputs)
    for gradient, name in gradients.pairs(problem, forward).items():
        numeric = gradients.elementwise(run, weights, name, case.inputs[name])
        if not close(numeric, case.expected[gradient], rtol=1e-6, atol=1e-6).all():
            raise BuildError(
                f"{where}: the reference's {gradient} disagrees with numeric differentiation"
            )


# ------------------------------------------------------------------------------- the misconceptions


def add_world(
    cases: dict[str, list[Case]], taught: Iterable[Lesson], answers: Answers, wrong: Misconception
) -> None:
    """Run every problem that could see a misconception in its world, and store in its cases what
    differs.
    """
    home = module_of(answers.sources, wrong)
    sources = {**answers.sources, home: patch(answers.sources[home], wrong)}
    touched = dependents(answers.sources, home)
    with imported(sources) as variant:
        for problem in (p for lesson in taught if lesson.name in touched for p in lesson.problems):
            cases[problem.name] = [
                _seen_in(problem, variant, case, wrong.id) for case in cases[problem.name]
            ]


def _seen_in(problem: Problem, variant: Variant, case: Case, wrong: str) -> Case:
    try:
        outputs = run_probe(problem, variant, case.inputs)
    except Exception as error:
        return replace(case, raises={**case.raises, wrong: type(error).__name__})
    differing = {
        name: outputs[name]
        for name in wrong_tensors(problem, outputs, case.expected)
        if name in outputs
    }
    return (
        replace(case, by_misconception={**case.by_misconception, wrong: differing})
        if differing
        else case
    )


def sees(cases: Sequence[Case], wrong: str) -> bool:
    """Whether some case tells the misconception from the truth."""
    return any(wrong in case.by_misconception or wrong in case.raises for case in cases)


def indistinguishable(
    cases: Sequence[Case], problem: Problem, homes: Sequence[str]
) -> list[tuple[str, str]]:
    """Pairs of misconceptions of one function that its own cases cannot tell apart."""

    def same(one: str, other: str, case: Case) -> bool:
        if case.raises.get(one) != case.raises.get(other):
            return False
        mine, theirs = case.by_misconception.get(one, {}), case.by_misconception.get(other, {})
        return mine.keys() == theirs.keys() and not wrong_tensors(problem, mine, dict(theirs))

    ordered = [(a, b) for i, a in enumerate(homes) for b in homes[i + 1 :]]
    return [(a, b) for a, b in ordered if all(same(a, b, case) for case in cases)]


# ------------------------------------------------------------------------------------- the casebook


def build_cases(
    answers: Answers, taught: Sequence[Lesson], seed: int, hidden: bool
) -> dict[str, list[Case]]:
    """Problem name -> cases with every world in them. Raises BuildError for a misconception that no
    case sees.
    """
    with imported(answers.sources) as reference:
        cases = {
            p.name: true_cases(p, reference, seed, hidden)
            for lesson in taught
            for p in lesson.problems
        }
    modules = {lesson.name for lesson in taught}
    for wrong in answers.misconceptions:
        if module_of(answers.sources, wrong) not in modules:
            continue
        add_world(cases, taught, answers, wrong)
        if all(wrong.id in case.raises for case in cases.get(wrong.problem, [])):
            raise BuildError(
                f"{wrong.id} raises an exception on every case: that is broken code, not a wrong "
                f"idea"
            )
        if not sees(cases.get(wrong.problem, []), wrong.id):
            raise BuildError(
                f"no case of {wrong.problem} can see {wrong.id}: "
                "add a size or an edge that exposes it"
            )
    return cases


def build_casebook(
    solutions: Path, folder: Path, seed: int, hidden: bool, taught: Sequence[Lesson], say: Print
) -> None:
    """Write the casebook of these lessons into `folder`, and say which misconceptions cannot be
    told apart.

    Raises BuildError, also where a lesson needs a package, like torch, that is not installed.
    """
    for lesson in taught:
        if not lessons.can_run(lesson.name):
            raise BuildError(
                f"the cases of {lesson.name} need {lesson.backend}: install it, or drop the lesson"
            )
    answers = load_answers(solutions)
    cases = build_cases(answers, taught, seed, hidden)
    for lesson in taught:
        book = {p.name: cases[p.name] for p in lesson.problems}
        shown = [m for m in answers.misconceptions if any(sees(c, m.id) for c in book.values())]
        advice = [Advice(m.id, m.problem, m.idea, m.hints) for m in shown]
        write_lesson(folder / f"{lesson.name}.safetensors", book, advice)
        for problem in lesson.problems:
            homes = [m.id for m in shown if m.problem == problem.name]
            for one, other in indistinguishable(cases[problem.name], problem, homes):
                say(f"cannot be told apart: {one} and {other}")
