"""`make proof`: the measurements, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.authoring.course import current_course
from autograder.authoring.figures import table, write_figures
from autograder.authoring.proof.carried_gradients import carried_gradients
from autograder.authoring.proof.clauses import clauses
from autograder.authoring.proof.edges import edges
from autograder.authoring.proof.known_right import good_versions, no_flakiness
from autograder.authoring.proof.known_wrong import bad_versions, carried_forward, grade_all
from autograder.authoring.proof.measure import Line
from autograder.authoring.proof.mutation_score import unforeseen_versions
from autograder.authoring.proof.unforeseen import unforeseen_mistakes
from autograder.authoring.proof.worthless import worthless


def lines(solutions: Path, frozen: Path, good: Path) -> Iterator[Line]:
    """The lines of the proof, each as soon as it is measured."""
    graded = grade_all(solutions, frozen)
    yield bad_versions(graded)
    yield unforeseen_versions(solutions, frozen)
    yield unforeseen_mistakes(solutions, frozen, good.with_name("unforeseen"))
    yield clauses(solutions)
    yield good_versions(solutions, frozen, good)
    yield no_flakiness(solutions, good)
    yield carried_forward(graded)
    yield carried_gradients(solutions, frozen)
    yield edges(frozen)
    yield worthless(solutions, frozen)


def prove(root: Path, frozen: Path, say: Callable[[str], None] = print) -> int:
    """Print the lines, each with the objections to it.

    Returns 0 if there are none, and only then are the lines written into docs/trust.md; else 1.
    """
    current_course(root, frozen)  # refused now rather than after an hour, if it is an older one
    found = []
    for line in lines(root / "solutions", frozen, root / "tests" / "good_versions"):
        say(str(line))
        for objection in line.objections:
            say(f"       {objection}")
        found.append(line)
    if any(line.objections for line in found):
        return 1
    figures = table(("of", "measured"), [(line.title, line.figures) for line in found])
    write_figures(root / "docs" / "trust.md", "proof", figures)
    return 0
