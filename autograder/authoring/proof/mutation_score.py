"""Unforeseen bad versions: every mutant of the reference, and which keep all their points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.variants import Variant, dependents, imported, read_package
from autograder.authoring.proof.measure import Line, TooLong, at_most, in_parallel
from autograder.authoring.proof.mutants import Mutant, mutants
from autograder.compare import wrong_tensors
from autograder.grade import casebooks
from autograder.problem import Problem

ENOUGH = 1500
ENOUGH_KILLED = 0.995
HANG_SECONDS = 10.0


def all_mutants(sources: Mapping[str, str]) -> list[Mutant]:
    """The mutants of every lesson's file."""
    return [
        mutant
        for module in lessons.names()
        if module in sources
        for mutant in mutants(module, sources[module])
    ]


def survivors(solutions: Path, frozen: Path) -> tuple[int, list[Mutant]]:
    """How many mutants there are, and those that lose no point on any case."""
    found = all_mutants(read_package(solutions / "recurrent"))
    lost = in_parallel(partial(loses_points, solutions, frozen), found)
    return len(found), [mutant for mutant, loses in zip(found, lost, strict=True) if not loses]


def loses_points(solutions: Path, frozen: Path, mutant: Mutant) -> bool:
    """Whether some problem that could see the mutant has a wrong output, an exception or no end on
    some case.
    """
    sources = read_package(solutions / "recurrent")
    touched = dependents(sources, mutant.module)
    taught = [each for each in lessons.all_lessons() if each.name in touched]
    taught.sort(key=lambda each: each.name != mutant.module)
    problems = sorted(
        (p for each in taught for p in each.problems), key=lambda p: p.name != mutant.function
    )
    with imported({**sources, mutant.module: mutant.source}) as variant:
        return any(_wrong_somewhere(problem, variant, frozen) for problem in problems)


def _wrong_somewhere(problem: Problem, variant: Variant, frozen: Path) -> bool:
    for book in casebooks(frozen):
        for case in book.lesson(problem.lesson).cases_of(problem):
            try:
                with at_most(HANG_SECONDS):
                    outputs = run_probe(problem, variant, case.inputs)
            except (Exception, TooLong):
                return True
            if wrong_tensors(problem, outputs, case.expected):
                return True
    return False


def unforeseen_versions(solutions: Path, frozen: Path) -> Line:
    """Mutants that lose points; a survivor counts as equivalent only if it is listed with its
    reason.
    """
    listed = import_module("solutions.equivalent_mutants").EQUIVALENT
    count, alive = survivors(solutions, frozen)
    return judge_survivors(count, alive, {(e.function, e.change): e.reason for e in listed})


def judge_survivors(
    count: int, alive: Sequence[Mutant], reasons: Mapping[tuple[str, str], str]
) -> Line:
    """The line of the proof, given the survivors and the reasons why some are equivalent to the
    reference.
    """
    equivalent = [mutant for mutant in alive if mutant.key in reasons]
    unexplained = [mutant for mutant in alive if mutant.key not in reasons]
    different = count - len(equivalent)
    share = 1 - len(unexplained) / different
    figures = (
        f"{count} mutants, {len(equivalent)} equivalent (listed), {share:.2%} of the other "
        f"{different} lose points"
    )
    objections = (
        [f"{m.function} survives: {m.change}" for m in unexplained] if share < ENOUGH_KILLED else []
    )
    if count < ENOUGH:
        objections.append(f"{count} mutants are fewer than {ENOUGH}")
    stale = set(reasons) - {mutant.key for mutant in alive}
    objections += [
        f"listed as equivalent, but it no longer survives: {function}: {change}"
        for function, change in stale
    ]
    return Line("unforeseen bad versions", figures, tuple(objections))
