"""What counts against the grader after one submission, and the table of all of them for the README.

`python -m tests.adversarial.verdicts` grades the whole table in every environment it can have and writes the result into the README.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.figures import table, write_figures
from autograder.report import gradescope
from tests.adversarial.catalogue import HEAD, ITEMS, LEAF, LESSONS, RNN, Item
from tests.adversarial.environments import ENVIRONMENTS, CannotBeTested, grade_in
from tests.in_process import small_casebooks

README = Path(__file__).resolve().parents[2] / "README.md"


def wrong_verdicts(item: Item, environment: str, found: Mapping[str, Any]) -> Iterator[str]:
    """Every problem whose verdict or score is not the one it deserves."""
    expected = item.elsewhere.get(environment, item.expect)
    if list(found["verdicts"]) != [*RNN, *HEAD]:
        yield "a problem has no verdict"
    for name, verdict in found["verdicts"].items():
        allowed = [status or "passed" for status in expected.get(name, "").split("|")]
        if verdict["status"] not in allowed:
            yield f"{name}: {verdict['status']}, {verdict['message']}"
        if verdict["score"] != (verdict["max_score"] if verdict["status"] == "passed" else 0.0):
            yield f"{name}: {verdict['status']} and {verdict['score']} points"
    if item.says and environment not in item.elsewhere:
        text = found["verdicts"][next(iter(expected), LEAF)]["message"]
        if not any(words in text for words in item.says.split("|")):
            yield f"the message does not say {item.says!r}: {text}"


def damage(item: Item, environment: str, found: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with results.json, and what the submission left behind or carried out."""
    results = json.loads(found["results"])
    if [test["score"] for test in results["tests"]] != [
        v["score"] for v in found["verdicts"].values()
    ]:
        yield "results.json has other scores than the verdicts"
    if gradescope.OURS in found["results"] or gradescope.UNFINISHED in found["results"]:
        yield "results.json is not finished"
    if environment not in item.elsewhere:
        if found["left"]:
            yield f"left behind: {found['left']}"
        yield from (
            f"results.json says {word!r}" for word in item.never if word in found["results"]
        )


def pays(item: Item, found: Mapping[str, Any]) -> bool:
    """Whether a cheat earned points it should not have."""
    return any(
        found["verdicts"][name]["score"] > 0
        for name, status in item.expect.items()
        if "" not in status.split("|") and "passed" not in status
    )


def objections(item: Item, environment: str, found: Mapping[str, Any]) -> list[str]:
    """All that counts against the grader after one item in one environment."""
    its = found["items"][item.name]
    return [*wrong_verdicts(item, environment, its), *damage(item, environment, its)]


def row(environment: str, found: Mapping[str, Any]) -> tuple[str, str, str]:
    """The table's row for one environment."""
    faults = [item for item in ITEMS if item.kind == "fault"]
    cheats = [item for item in ITEMS if item.kind == "cheat"]

    survived = [item for item in faults if not objections(item, environment, found)]
    paid = [item.name for item in cheats if pays(item, found["items"][item.name])]
    names = f": {'; '.join(paid)}" if paid else ""
    return environment, f"{len(survived)} of {len(faults)}", f"{len(paid)} of {len(cheats)}{names}"


def graded(environment: str, books: Path) -> tuple[str, str, str]:
    """Grade the table in a environment: its row, printed with whatever counts against the grader there."""
    try:
        found = grade_in(environment, books)
    except CannotBeTested as error:
        print(f"{environment}: {error}", flush=True)
        return environment, str(error), ""
    its_row = row(environment, found)
    print("  ".join(its_row), flush=True)
    for item in ITEMS:
        for objection in objections(item, environment, found):
            print(f"    {item.name}: {objection}", flush=True)
    return its_row


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small_casebooks(Path(folder), LESSONS)
        rows = [graded(environment, Path(folder)) for environment in ENVIRONMENTS]
    write_figures(
        README,
        "adversarial",
        table(("the grader runs as", "faults survived", "cheats that paid"), rows),
    )


if __name__ == "__main__":
    main()
