"""`make proof` as a test: its measurements, and no objection to any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.proof.carried_gradients import carried_gradients
from autograder.authoring.proof.clauses import clauses
from autograder.authoring.proof.edges import edges
from autograder.authoring.proof.known_right import good_versions, no_flakiness
from autograder.authoring.proof.known_wrong import Graded, bad_versions, carried_forward, grade_all
from autograder.authoring.proof.measure import Line
from autograder.authoring.proof.mutation_score import unforeseen_versions
from autograder.authoring.proof.worthless import worthless
from tests.conftest import ROOT

SOLUTIONS, GOOD = ROOT / "solutions", ROOT / "tests" / "good_versions"

pytestmark = [pytest.mark.slow, pytest.mark.in_turn]


@pytest.fixture(scope="module")
def graded(frozen: Path) -> list[Graded]:
    return grade_all(SOLUTIONS, frozen)


@pytest.fixture
def holds(capsys: pytest.CaptureFixture[str]) -> Callable[[Line], None]:
    """Prints a line of the proof, and fails with the objections to it."""

    def check(line: Line) -> None:
        with capsys.disabled():
            print(f"\n{line}")
        assert not line.objections, "\n".join(line.objections[:20])

    return check


@pytest.mark.in_turn(by="graded")
def test_every_bad_version_is_caught_and_called_by_its_name(
    graded: list[Graded], holds: Callable[[Line], None]
) -> None:
    holds(bad_versions(graded))


def test_bad_versions_nobody_thought_of_lose_points(
    frozen: Path, holds: Callable[[Line], None]
) -> None:
    holds(unforeseen_versions(SOLUTIONS, frozen))


def test_whatever_breaks_a_clause_loses_points(holds: Callable[[Line], None]) -> None:
    holds(clauses(SOLUTIONS, seeds=range(5)))  # `make proof` tries 20


def test_good_versions_get_full_marks(frozen: Path, holds: Callable[[Line], None]) -> None:
    holds(good_versions(SOLUTIONS, frozen, GOOD))


def test_no_verdict_depends_on_the_seed(holds: Callable[[Line], None]) -> None:
    holds(no_flakiness(SOLUTIONS, GOOD, seeds=12))  # `make proof` tries 200


@pytest.mark.in_turn(by="graded")
def test_one_mistake_costs_once(graded: list[Graded], holds: Callable[[Line], None]) -> None:
    holds(carried_forward(graded))


def test_right_gradients_of_a_wrong_forward_are_carried(
    frozen: Path, holds: Callable[[Line], None]
) -> None:
    holds(carried_gradients(SOLUTIONS, frozen))


def test_what_implements_nothing_earns_nothing(frozen: Path, holds: Callable[[Line], None]) -> None:
    holds(worthless(SOLUTIONS, frozen, seeds=5, every=9))  # `make proof` tries 20, and all


def test_every_edge_is_met_and_what_is_wrong_there_caught(
    frozen: Path, holds: Callable[[Line], None]
) -> None:
    holds(edges(frozen))


@pytest.mark.in_turn(by="graded")
def test_a_line_with_objections_says_not(graded: list[Graded]) -> None:
    """The measurements can fail: one misconception that slips through is seen."""
    worse = replace(
        graded[0], hidden=False, diagnosed=False, lost_elsewhere=(("rnn_forward", 8.0),)
    )
    slipped = [worse, *graded[1:]]
    assert str(bad_versions(slipped)).startswith("NOT")
    assert len(bad_versions(slipped).objections) == 3
    assert carried_forward(slipped).objections
