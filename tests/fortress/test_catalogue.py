"""Every item of the table, in every home that can be had here: its verdict, everybody else's points, nothing left."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.report import gradescope
from tests.fortress.catalogue import HEAD, ITEMS, LESSONS, RNN, Item
from tests.fortress.homes import HOMES, CannotBeTested, visit
from tests.rehearse import small_casebooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    small_casebooks(folder, LESSONS)
    return folder


@cache
def happened_in(home: str, books: Path) -> dict[str, Any] | str:
    try:
        return visit(home, books)
    except CannotBeTested as error:
        return str(error)


def happened(home: str, books: Path) -> dict[str, Any]:
    found = happened_in(home, books)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_the_verdict_is_the_one_it_deserves(item: Item, home: str, books: Path) -> None:
    found = happened(home, books)["items"][item.name]
    expected = item.elsewhere.get(home, item.expect)
    assert list(found["verdicts"]) == [*RNN, *HEAD], "every problem has a verdict"
    for name, verdict in found["verdicts"].items():
        allowed = [status or "passed" for status in expected.get(name, "").split("|")]
        assert verdict["status"] in allowed, f"{name}: {verdict['status']}, {verdict['message']}"
        full = verdict["max_score"] if verdict["status"] == "passed" else 0.0
        assert verdict["score"] == full
    if item.says and home not in item.elsewhere:
        first = next(iter(expected), "last_hidden_backward")
        text = found["verdicts"][first]["message"]
        assert any(words in text for words in item.says.split("|")), text


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_results_are_valid_and_nothing_is_left(item: Item, home: str, books: Path) -> None:
    found = happened(home, books)["items"][item.name]
    results = json.loads(found["results"])
    verdicts = found["verdicts"]
    assert [test["score"] for test in results["tests"]] == [verdict["score"] for verdict in verdicts.values()]
    assert gradescope.OURS not in found["results"] and gradescope.UNFINISHED not in found["results"]
    if home not in item.elsewhere:
        assert found["left"] == {}
        assert not [word for word in item.never if word in found["results"]]


@pytest.mark.parametrize("home", HOMES)
def test_nothing_is_left_when_the_sandbox_is_closed(home: str, books: Path) -> None:
    left = happened(home, books)["left"]["left"]
    if home == "user, no fences":
        left.pop("files", None)  # /dev/shm is open to all: said in SECURITY.md
    assert left == {}


EXPECTED_LAYERS = {
    "root": {"another user": True, "the judge's files": True, "the judge's memory": True, "signals": True},
    "root, no fences": {
        "another user": True, "the judge's files": True, "the judge's memory": True, "signals": True,
        "file fence": False, "system calls": False,
    },
    "user": {"another user": False},
    "user, no fences": {"another user": False, "the judge's files": False, "file fence": False, "signals": False, "the judge's memory": True},
}  # fmt: skip


@pytest.mark.parametrize("home", HOMES)
def test_the_layers_are_what_they_say(home: str, books: Path) -> None:
    said = happened(home, books)["layers"]
    for name, active in EXPECTED_LAYERS[home].items():
        assert said[name].startswith("yes" if active else "no"), f"{name}: {said[name]}"
    for name in ("a process for each problem", "limits", "no new rights", "ends with the grader", "environment"):
        assert said[name].startswith("yes"), f"{name}: {said[name]}"
