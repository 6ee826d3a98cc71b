"""Unforeseen bad versions: every mutant of the reference, and which of them keep their points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.variants import Variant, dependents, imported, read_package
from autograder.authoring.mutations.edits import Mutant, mutants
from autograder.authoring.proof.fresh import HANG_SECONDS, is_wrong
from autograder.authoring.proof.measure import Line, books_of, in_parallel
from autograder.problem import Problem

ENOUGH = 1500
ENOUGH_KILLED = 0.995


def all_mutants(sources: Mapping[str, str]) -> list[Mutant]:
    """The mutants of every lesson's file."""
    found: list[Mutant] = []
    for module in lessons.names():
        if module in sources:
            found += mutants(module, sources[module])
    return found


def survivors(solutions: Path, frozen: Path) -> tuple[int, list[Mutant]]:
    """How many mutants there are, and those that lose no point on any case."""
    found = all_mutants(read_package(solutions / "recurrent"))
    lost = in_parallel(partial(loses_points, solutions, frozen), found)
    return len(found), [mutant for mutant, loses in zip(found, lost, strict=True) if not loses]


def loses_points(solutions: Path, frozen: Path, mutant: Mutant) -> bool:
    """Whether some problem that uses the mutant fails on some case.

    It fails with a wrong output, with an exception, or by not coming to an end.
    """
    sources = read_package(solutions / "recurrent")
    touched = dependents(sources, mutant.module)
    problems = [problem for problem in lessons.all_problems() if problem.lesson in touched]
    # The mutated function's own problem first, then its lesson's: one failure is enough.
    problems.sort(key=lambda problem: problem.lesson != mutant.module)
    problems.sort(key=lambda problem: problem.name != mutant.function)
    with imported({**sources, mutant.module: mutant.source}) as variant:
        return any(_wrong_somewhere(problem, variant, frozen) for problem in problems)


def _wrong_somewhere(problem: Problem, variant: Variant, frozen: Path) -> bool:
    for book in books_of(frozen):
        for case in book.lesson(problem.lesson).cases_of(problem):
            if is_wrong(problem, variant, case.inputs, case.expected, HANG_SECONDS):
                return True
    return False


def unforeseen_versions(solutions: Path, frozen: Path) -> Line:
    """The mutants that lose points, of those that differ from the reference.

    A survivor counts as equivalent to the reference only if it is listed with its reason.
    """
    listed = import_module("solutions.equivalent_mutants").EQUIVALENT
    reasons = {(entry.function, entry.change): entry.reason for entry in listed}
    count, alive = survivors(solutions, frozen)
    return judge_survivors(count, alive, reasons)


def judge_survivors(
    count: int, alive: Sequence[Mutant], reasons: Mapping[tuple[str, str], str]
) -> Line:
    """The line of the proof.

    count: of all mutants. alive: those that lose no points. reasons: key of a mutant -> why it is
        equivalent to the reference.
    """
    equivalent = [mutant for mutant in alive if mutant.key in reasons]
    unexplained = [mutant for mutant in alive if mutant.key not in reasons]
    different = count - len(equivalent)
    share = 1 - len(unexplained) / different
    figures = (
        f"{count} mutants, {len(equivalent)} equivalent (listed), "
        f"{share:.2%} of the other {different} lose points"
    )
    objections = []
    if share < ENOUGH_KILLED:
        objections += [f"{mutant.function} survives: {mutant.change}" for mutant in unexplained]
    if count < ENOUGH:
        objections.append(f"{count} mutants are fewer than {ENOUGH}")
    for function, change in sorted(set(reasons) - {mutant.key for mutant in alive}):
        stale = "listed as equivalent, but it no longer survives"
        objections.append(f"{stale}: {function}: {change}")
    return Line("unforeseen bad versions", figures, tuple(objections))
