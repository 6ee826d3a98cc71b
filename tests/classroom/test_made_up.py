"""A made-up class: of every kind, the same each time, and the same in every format."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from autograder.authoring.casebook.answers import load_answers
from autograder.classroom.made_up.demo import ONE_EACH, write_all
from autograder.classroom.made_up.everybody import made_up_class, newest_only
from autograder.classroom.made_up.people import NAMESAKES, students
from autograder.classroom.made_up.submissions import KINDS, ingredients
from autograder.classroom.sources import read_source
from tests.classroom.made_up_store import course_of_tests
from tests.conftest import ROOT

ANSWERS = load_answers(ROOT / "solutions")


def test_two_are_the_same() -> None:
    first, second = (made_up_class(ANSWERS, course_of_tests(), "gates", 20) for _ in range(2))
    assert first == second
    other = made_up_class(ANSWERS, course_of_tests(), "gates", 20, seed=28)
    assert [one.files for one in other] != [one.files for one in first]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_made_of_the_lessons_asked_for(kind: str) -> None:
    rng = Random(3)
    stock = ingredients(ANSWERS, ["rnn", "head"], rng, ROOT / "tests" / "good_versions")
    _, make = KINDS[kind]
    tries = [make(stock, rng) for _ in range(12)]
    assert all(list(files) == ["rnn", "head"] for files in tries)
    differing = [files for files in tries if files != stock.reference]
    assert bool(differing) == (kind != "right")


def test_the_shares_of_the_kinds_add_up() -> None:
    assert sum(share for share, _ in KINDS.values()) == pytest.approx(1)


def test_students_are_known_by_everything_and_some_share_a_name() -> None:
    made = students(2 * NAMESAKES, Random(1))
    for field in ("sid", "email", "login", "canvas_id", "participant"):
        assert len({getattr(one, field) for one in made}) == len(made)
    assert len({one.name for one in made}) < len(made)


def test_every_format_holds_the_same_class(tmp_path: Path) -> None:
    everybody = made_up_class(ANSWERS, course_of_tests(), "recurrence", 60)
    newest = newest_only(everybody)
    assert len(newest) < len(everybody)
    for name, path in write_all(everybody, tmp_path).items():
        found = read_source(path)
        assert len(found.hand_ins) == len(newest), name
        assert not found.unmatched, (name, found.unmatched[:3])
        if name not in (*ONE_EACH, "gradescope"):
            continue
        assert sum(bool(one.older) for one in found.hand_ins) == (
            len(everybody) - len(newest) if name == "gradescope" else 0
        )
