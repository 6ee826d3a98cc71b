"""A misconception is run where it can change something: where its function is called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook import build
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.reached import Place, is_reached, noting_calls
from autograder.authoring.casebook.variants import imported
from autograder.problem import Arrays, Misconception
from tests.conftest import ROOT

ANSWERS = load_answers(ROOT / "solutions")

SOURCES = {
    "__init__": "",
    "one": """
from functools import cache
from .two import at_import, never


class Cell:
    def step(self):
        return 1

    def other(self):
        return 2


@cache
def kept():
    return Cell().step()


def outer():
    def inner():
        return kept()

    return [inner() for _ in range(2)]
""",
    "two": """
def at_import():
    return 1


def never():
    return 2


VALUE = at_import()
""",
}


def reached(name: str, places: set[Place]) -> bool:
    return is_reached(Misconception(name, "x", "", "", "", ("", "", ""), "own"), SOURCES, places)


def test_what_is_called_is_reached_however_it_is_called() -> None:
    places: set[Place] = set()
    with imported(SOURCES) as variant, noting_calls(places):
        variant.module("one").outer()
    for name in ("outer", "kept", "Cell", "Cell.step", "at_import"):
        assert reached(name, places), name
    for name in ("Cell.other", "never"):
        assert not reached(name, places), name


def test_what_a_function_keeps_for_its_next_call_hides_no_call() -> None:
    for _ in range(2):
        places: set[Place] = set()
        with imported(SOURCES) as variant, noting_calls(places):
            variant.module("one").kept()
        assert reached("Cell.step", places)


def same(one: Arrays, other: Arrays) -> bool:
    if one.keys() != other.keys():
        return False
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


@pytest.mark.parametrize("name", ["gradflow", "head", "beam"])
def test_where_it_is_not_reached_nothing_would_have_been_stored(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = lessons.lesson(name)
    visible = replace(ANSWERS, misconceptions=ANSWERS.visible_in(name))
    run: list[bool] = []

    def noted(wrong: Misconception, *where: object) -> bool:
        run.append(is_reached(wrong, *where))  # type: ignore[arg-type]
        return run[-1]

    monkeypatch.setattr(build, "is_reached", noted)
    some = build.build_cases(visible, lesson, 3, hidden=True)
    assert 0 < sum(run) < len(run)
    monkeypatch.setattr(build, "is_reached", lambda *where: True)
    whole = build.build_cases(visible, lesson, 3, hidden=True)
    for problem, cases in whole.items():
        for one, other in zip(some[problem], cases, strict=True):
            assert dict(one.raises) == dict(other.raises)
            for mine, theirs in (
                (one.by_misconception, other.by_misconception),
                (one.by_forward, other.by_forward),
            ):
                assert list(mine) == list(theirs)
                assert all(same(mine[wrong], theirs[wrong]) for wrong in mine)
