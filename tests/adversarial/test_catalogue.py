"""Every item of the catalogue, in every environment that is available here.

Its verdict is the expected one, all other problems keep their points, and nothing is left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from autograder.authoring.figures import table_row
from tests.adversarial.catalogue import ITEMS, LESSONS, Item
from tests.adversarial.environments import ENVIRONMENTS, CannotBeTested, grade_in
from tests.adversarial.verdicts import PAGE, damage, row, wrong_verdicts
from tests.in_process import small_casebooks

pytestmark = [pytest.mark.slow, pytest.mark.in_turn(by="environment")]

Runs = dict[str, Future[dict[str, Any]]]
"""Environment -> what happened when the catalogue was graded there."""


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runs]:
    """A run in every environment that is asked for, two at a time."""
    books = tmp_path_factory.mktemp("books")
    small_casebooks(books, LESSONS)
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(grade_in, name, books) for name in sorted(asked_for(request))}


def asked_for(request: pytest.FixtureRequest) -> set[str]:
    """The environments of the tests of this file that are run."""
    tests = [item for item in request.session.items if item.path == request.path]
    return {item.callspec.params["environment"] for item in tests if hasattr(item, "callspec")}


def happened(environment: str, runs: Runs) -> dict[str, Any]:
    """What happened there; skips the test, with the reason, if the environment is not available."""
    try:
        return runs[environment].result()
    except CannotBeTested as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_the_verdict_is_the_one_it_deserves(item: Item, environment: str, runs: Runs) -> None:
    found = happened(environment, runs)["items"][item.name]
    assert list(wrong_verdicts(item, environment, found)) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_results_are_valid_and_nothing_is_left(item: Item, environment: str, runs: Runs) -> None:
    found = happened(environment, runs)["items"][item.name]
    assert list(damage(item, environment, found)) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_page_has_the_table_that_this_run_gives(environment: str, runs: Runs) -> None:
    expected = table_row(row(environment, happened(environment, runs)))
    assert expected in PAGE.read_text(encoding="utf-8"), "run `make adversarial`"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_is_left_when_the_sandbox_is_closed(environment: str, runs: Runs) -> None:
    left = happened(environment, runs)["left"]["left"]
    if environment == "user, no fences":
        left.pop("files", None)  # /dev/shm is open to all: said in SECURITY.md
    assert left == {}


MOST_MEMORY_MB = 140.0
"""After five harmless items it is 67; after all of them 98 (as root), for a heap in which large and
small things take turns has gaps.
"""


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_submission_makes_the_judge_large(environment: str, runs: Runs) -> None:
    assert happened(environment, runs)["most_memory_mb"] < MOST_MEMORY_MB


EXPECTED_LAYERS = {
    "root": {
        "another user": True,
        "the judge's files": True,
        "the judge's memory": True,
        "signals": True,
    },
    "root, little room": {"another user": True, "the judge's files": True},
    "root, no fences": {
        "another user": True,
        "the judge's files": True,
        "the judge's memory": True,
        "signals": True,
        "file fence": False,
        "system calls": False,
    },
    "user": {"another user": False},
    "user, no fences": {
        "another user": False,
        "the judge's files": False,
        "the judge's memory": True,
        "signals": False,
        "file fence": False,
    },
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_layers_are_what_they_say(environment: str, runs: Runs) -> None:
    said = happened(environment, runs)["layers"]
    for name, active in EXPECTED_LAYERS[environment].items():
        assert said[name].startswith("yes" if active else "no"), f"{name}: {said[name]}"
    for name in (
        "a process for each problem",
        "limits",
        "no new rights",
        "ends with the grader",
        "environment",
    ):
        assert said[name].startswith("yes"), f"{name}: {said[name]}"
