"""What counts against the grader after one submission, and the table of all of them for the README.

`python -m tests.fortress.verdicts` grades the whole table in every home it can have and writes the result into the README.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.figures import table, write_figures
from autograder.report import gradescope
from tests.fortress.catalogue import HEAD, ITEMS, LEAF, LESSONS, RNN, Item
from tests.fortress.homes import HOMES, CannotBeTested, visit
from tests.rehearse import small_casebooks

README = Path(__file__).resolve().parents[2] / "README.md"


def wrong_verdicts(item: Item, home: str, found: Mapping[str, Any]) -> Iterator[str]:
    """Every problem whose verdict or score is not the one it deserves."""
    expected = item.elsewhere.get(home, item.expect)
    if list(found["verdicts"]) != [*RNN, *HEAD]:
        yield "a problem has no verdict"
    for name, verdict in found["verdicts"].items():
        allowed = [status or "passed" for status in expected.get(name, "").split("|")]
        if verdict["status"] not in allowed:
            yield f"{name}: {verdict['status']}, {verdict['message']}"
        if verdict["score"] != (verdict["max_score"] if verdict["status"] == "passed" else 0.0):
            yield f"{name}: {verdict['status']} and {verdict['score']} points"
    if item.says and home not in item.elsewhere:
        text = found["verdicts"][next(iter(expected), LEAF)]["message"]
        if not any(words in text for words in item.says.split("|")):
            yield f"the message does not say {item.says!r}: {text}"


def damage(item: Item, home: str, found: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with results.json, and what the submission left behind or carried out."""
    results = json.loads(found["results"])
    if [test["score"] for test in results["tests"]] != [
        v["score"] for v in found["verdicts"].values()
    ]:
        yield "results.json has other scores than the verdicts"
    if gradescope.OURS in found["results"] or gradescope.UNFINISHED in found["results"]:
        yield "results.json is not finished"
    if home not in item.elsewhere:
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


def objections(item: Item, home: str, found: Mapping[str, Any]) -> list[str]:
    """All that counts against the grader after one item in one home."""
    its = found["items"][item.name]
    return [*wrong_verdicts(item, home, its), *damage(item, home, its)]


def row(home: str, found: Mapping[str, Any]) -> tuple[str, str, str]:
    """The table's row for one home."""
    faults = [item for item in ITEMS if item.kind == "fault"]
    cheats = [item for item in ITEMS if item.kind == "cheat"]

    survived = [item for item in faults if not objections(item, home, found)]
    paid = [item.name for item in cheats if pays(item, found["items"][item.name])]
    names = f": {'; '.join(paid)}" if paid else ""
    return home, f"{len(survived)} of {len(faults)}", f"{len(paid)} of {len(cheats)}{names}"


def graded(home: str, books: Path) -> tuple[str, str, str]:
    """Grade the table in a home: its row, printed with whatever counts against the grader there."""
    try:
        found = visit(home, books)
    except CannotBeTested as error:
        print(f"{home}: {error}", flush=True)
        return home, str(error), ""
    its_row = row(home, found)
    print("  ".join(its_row), flush=True)
    for item in ITEMS:
        for objection in objections(item, home, found):
            print(f"    {item.name}: {objection}", flush=True)
    return its_row


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small_casebooks(Path(folder), LESSONS)
        rows = [graded(home, Path(folder)) for home in HOMES]
    write_figures(
        README,
        "fortress",
        table(("the grader runs as", "faults survived", "cheats that paid"), rows),
    )


if __name__ == "__main__":
    main()
