"""Edges: every condition that an input can meet, and the reference that is wrong only there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder import lessons
from autograder.authoring.casebook.condition import Condition
from autograder.authoring.casebook.conditions import conditions_of, excluded
from autograder.authoring.proof.measure import Line, books_of
from autograder.casebook import Casebook
from autograder.compare import wrong_tensors
from autograder.problem import Arrays, Case, Problem

ENOUGH = 1000


@dataclass(frozen=True)
class Edge:
    """How one condition of a problem fares on the frozen cases.

    met, caught: the kinds of cases that meet it, and that catch the reference that is wrong only
        there: "public", "hidden".
    """

    problem: str
    condition: Condition
    met: frozenset[str]
    caught: frozenset[str]


KINDS = ("public", "hidden")


def wrong_only_there(problem: Problem, condition: Condition, case: Case) -> Arrays:
    """What the reference gives on a case, but for a mistake that it makes where a condition holds.

    Every number is doubled and one more, away from zero, or true for false: that is wrong where
    zeros are expected, and where one more than a million would count as equal.
    """
    if not condition.met_by(problem, case.inputs):
        return dict(case.expected)
    altered = {}
    for name, value in case.expected.items():
        if value.dtype == np.bool_:
            altered[name] = ~value
        else:
            altered[name] = value + np.copysign(1 + np.abs(value), value)
    return altered


def edges_of(problem: Problem, books: Sequence[Casebook]) -> Iterator[Edge]:
    """Every condition that an input of the problem can meet, as its frozen cases meet it."""
    cases = {}
    for book in books:
        of_problem = book.lesson(problem.lesson).cases_of(problem)
        cases[KINDS[of_problem[0].hidden]] = of_problem
    for condition in conditions_of(problem, cases["public"][0].inputs):
        met, caught = set(), set()
        for kind, of_kind in cases.items():
            if any(condition.met_by(problem, case.inputs) for case in of_kind):
                met.add(kind)
            if any(_catches(problem, condition, case) for case in of_kind):
                caught.add(kind)
        yield Edge(problem.name, condition, frozenset(met), frozenset(caught))


def _catches(problem: Problem, condition: Condition, case: Case) -> bool:
    outputs = wrong_only_there(problem, condition, case)
    return bool(wrong_tensors(problem, outputs, case.expected))


# ------------------------------------------------------------------------------- line of the proof


def edges(frozen: Path) -> Line:
    """Some public and some hidden case meets every condition, and catches what is wrong there."""
    books = books_of(frozen)
    found: list[Edge] = []
    never = 0
    for problem in lessons.coded_problems():
        found += edges_of(problem, books)
        first = books[0].lesson(problem.lesson).cases_of(problem)[0]
        never += len(excluded(problem, first.inputs))
    return judge_edges(found, never)


def judge_edges(found: Sequence[Edge], never: int) -> Line:
    """The line of the proof.

    never: how many conditions no input meets, each with its reason in a declaration.
    """
    public, hidden = (sum(kind in edge.met for edge in found) for kind in KINDS)
    caught = sum(edge.caught == set(KINDS) for edge in found)
    figures = (
        f"{len(found) + never} conditions, {public} met by public cases, {hidden} by hidden ones, "
        f"{never} that no input meets (with the reason); of {len(found)} versions wrong only "
        f"there, {caught} caught by both"
    )
    objections = []
    for edge in found:
        for kind in KINDS:
            if kind not in edge.met:
                objections.append(f"no {kind} case of {edge.problem} meets {edge.condition.id}")
            elif kind not in edge.caught:
                what = f"{edge.problem}, wrong only where {edge.condition.sentence}"
                objections.append(f"{what}, passes all {kind} cases")
    if len(found) < ENOUGH:
        objections.append(f"{len(found)} conditions are fewer than {ENOUGH}")
    return Line("edges", figures, tuple(objections))
