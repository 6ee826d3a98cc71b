"""Slow proofs take turns, and every case has its turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import turns

MARKED = """
import pytest

@pytest.mark.in_turn
@pytest.mark.parametrize("number", range(7))
def test_each(number):
    pass

@pytest.mark.in_turn
def test_alone():
    pass

@pytest.mark.in_turn(by="place")
@pytest.mark.parametrize("place", ["here", "there", "nowhere"])
@pytest.mark.parametrize("number", range(4))
def test_together(place, number):
    pass

def test_always():
    pass
"""


@pytest.fixture
def items(pytester: pytest.Pytester) -> list[pytest.Item]:
    pytester.makeini("[pytest]\nmarkers = in_turn(by): a slow proof")
    return pytester.getitems(MARKED)


def names(items: list[pytest.Item]) -> set[str]:
    return {item.name for item in items}


def test_every_case_runs_in_one_turn_and_waits_in_the_others(items: list[pytest.Item]) -> None:
    found = [names(turns.part(items, turn)[0]) for turn in range(turns.TURNS)]
    for item in items:
        count = sum(item.name in running for running in found)
        assert count == (turns.TURNS if item.name == "test_always" else 1), item.name
    for turn, running in enumerate(found):
        waiting = turns.part(items, turn)[1]
        assert running | names(waiting) == names(items) and not running & names(waiting)


def test_the_turns_are_about_equal(items: list[pytest.Item]) -> None:
    found = [names(turns.part(items, turn)[0]) for turn in range(turns.TURNS)]
    counts = [len([name for name in running if "each" in name]) for running in found]
    assert max(counts) - min(counts) <= 1


def test_what_shares_a_setting_up_runs_together(items: list[pytest.Item]) -> None:
    for turn in range(turns.TURNS):
        running = names(turns.part(items, turn)[0])
        assert len([name for name in running if "together" in name]) == 4


def test_a_turn_is_that_of_the_commit_unless_one_is_asked_for(tmp_path: Path) -> None:
    assert turns.turn_asked(None) == turns.commits(turns.ROOT) % turns.TURNS
    assert turns.turn_asked("2") == 2 and turns.turn_asked("all") is None
    assert turns.commits(tmp_path / "no checkout") == 0
    with pytest.raises(pytest.UsageError, match="say all, or a number from 0 to 2"):
        turns.turn_asked("3")


def test_proof_runs_what_tests_leave_out() -> None:
    makefile = (turns.ROOT / "Makefile").read_text(encoding="utf-8")
    proof = makefile[makefile.index("\nproof:") :].split("\n\n")[0]
    assert "-m in_turn --turn all" in proof
