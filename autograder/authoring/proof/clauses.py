"""Clauses: on every seed, what breaks a clause of a docstring loses points, public and hidden.

Everything runs in this process, on cases drawn afresh; what the reference gives is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.clauses import (
    Clause,
    Entry,
    Known,
    NoInput,
    misquoted,
    patch_of,
    problems_for,
    read_clauses,
    unquoted,
)
from autograder.authoring.proof.fresh import HANG_SECONDS, Drawn, answered, is_wrong
from autograder.authoring.proof.measure import Line, in_parallel
from autograder.problem import Problem

SEEDS = range(20)

Books = dict[tuple[str, int, bool], Drawn]
"""(problem, seed, hidden) -> its cases; drawn once and used for every clause of a lesson."""


@dataclass(frozen=True)
class Missed:
    """A clause that can be broken unseen: on these seeds of its public, of its hidden cases."""

    entry: Clause | Known
    public: tuple[int, ...]
    hidden: tuple[int, ...]

    def __str__(self) -> str:
        kinds = []
        for kind, seeds in (("public", self.public), ("hidden", self.hidden)):
            if seeds:
                kinds.append(f"on {len(seeds)} {kind} seeds, {seeds[0]} the first")
        return (
            f"{self.entry.function}: nobody sees that {self.entry.words!r} is broken "
            f"{_how(self.entry)} {' and '.join(kinds)}"
        )


def _how(entry: Clause | Known) -> str:
    if isinstance(entry, Known):
        return f"by {entry.misconception}"
    return f"by {entry.by!r} for {entry.replace!r}"


def clauses(solutions: Path, seeds: Sequence[int] = SEEDS) -> Line:
    """The line of the proof."""
    return judge_clauses(solutions, read_clauses(solutions), seeds)


def judge_clauses(
    solutions: Path, entries: Mapping[str, Sequence[Entry]], seeds: Sequence[int]
) -> Line:
    """The line for these entries: how many are caught, and an objection for each that is not.

    entries: lesson -> what is written about its clauses.
    """
    answers = load_answers(solutions)
    lessons_missed = in_parallel(partial(missed, solutions, seeds), entries.items())
    found = [miss for of_lesson in lessons_missed for miss in of_lesson]
    written = [entry for of_lesson in entries.values() for entry in of_lesson]
    unseen = sum(isinstance(entry, NoInput) for entry in written)
    count = len(written) - unseen
    public = count - sum(bool(miss.public) for miss in found)
    hidden = count - sum(bool(miss.hidden) for miss in found)
    figures = (
        f"{count} ways to break a clause of a docstring, on {len(seeds)} seeds: {public} caught by "
        f"public and {hidden} by hidden cases of every seed; {unseen} pieces of text that no "
        "input can break (listed)"
    )
    objections = (
        *map(str, found),
        *unquoted(answers, entries),
        *misquoted(answers, entries),
    )
    return Line("clauses", figures, objections)


def missed(
    solutions: Path, seeds: Sequence[int], written: tuple[str, Sequence[Entry]]
) -> list[Missed]:
    """The clauses of one lesson that can be broken unseen.

    written: the lesson's name and its entries.
    """
    answers, books, found = load_answers(solutions), Books(), []
    with imported(answers.sources) as reference:
        for entry in written[1]:
            if isinstance(entry, NoInput):
                continue
            miss = _miss(entry, answers, reference, books, seeds)
            if miss.public or miss.hidden:
                found.append(miss)
    return found


def _miss(
    entry: Clause | Known, answers: Answers, reference: Variant, books: Books, seeds: Sequence[int]
) -> Missed:
    """The seeds on which none of a clause's problems sees that it is broken."""
    problems = problems_for(entry)
    unseen: dict[bool, tuple[int, ...]] = {}
    with imported(answers.patched(patch_of(entry, answers))) as variant:
        for hidden in (False, True):
            missing = []
            for seed in seeds:
                for problem in problems:
                    drawn = _draw(problem, reference, books, seed, hidden)
                    if any(is_wrong(problem, variant, *case, HANG_SECONDS) for case in drawn):
                        break
                else:
                    missing.append(seed)
            unseen[hidden] = tuple(missing)
    return Missed(entry, unseen[False], unseen[True])


def _draw(problem: Problem, reference: Variant, books: Books, seed: int, hidden: bool) -> Drawn:
    """The cases of a problem, drawn when they are first asked for."""
    key = problem.name, seed, hidden
    if key not in books:
        books[key] = answered(problem, reference, draw_cases(problem, seed, hidden))
    return books[key]
