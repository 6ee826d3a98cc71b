"""What counts against the grader after one submission, and the table of them all in docs/trust.md.

`python -m tests.adversarial.verdicts` grades the catalogue in every environment that is available
here and writes the result into docs/trust.md.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.figures import table, write_figures
from autograder.errors import OURS
from autograder.report import gradescope
from tests.adversarial.catalogue import HEAD, ITEMS, LEAF, LESSONS, RNN, Item
from tests.adversarial.environments import ENVIRONMENTS, CannotBeTested, grade_in
from tests.in_process import small_casebooks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "trust.md"


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
    scores = [verdict["score"] for verdict in found["verdicts"].values()]
    if [test["score"] for test in results["tests"]] != scores:
        yield "results.json has other scores than the verdicts"
    if OURS in found["results"] or gradescope.UNFINISHED in found["results"]:
        yield "results.json is not finished"
    for text in texts_in(results):
        if not all(letter.isprintable() or letter in "\n\t" for letter in text):
            yield f"results.json has letters that nobody sees: {text!r}"
    if item.notes not in results.get("output", ""):
        yield f"nothing says {item.notes!r} of the files"
    if environment not in item.elsewhere:
        if found["left"]:
            yield f"left behind: {found['left']}"
        for word in item.never:
            if word in found["results"]:
                yield f"results.json says {word!r}"


def texts_in(data: Any) -> Iterator[str]:
    """Every text in plain data, the names in it too, as whoever reads the file gets it."""
    if isinstance(data, str):
        yield data
    if isinstance(data, dict):
        data = [*data.keys(), *data.values()]
    if isinstance(data, list):
        for part in data:
            yield from texts_in(part)


def pays(item: Item, found: Mapping[str, Any]) -> bool:
    """Whether a cheat earned points for a problem that it is not expected to pass."""
    for name, status in item.expect.items():
        may_pass = "" in status.split("|") or "passed" in status
        if not may_pass and found["verdicts"][name]["score"] > 0:
            return True
    return False


def objections(item: Item, environment: str, found: Mapping[str, Any]) -> list[str]:
    """All that counts against the grader after one item in one environment."""
    of_item = found["items"][item.name]
    return [*wrong_verdicts(item, environment, of_item), *damage(item, environment, of_item)]


def row(environment: str, found: Mapping[str, Any]) -> tuple[str, str, str]:
    """The table's row for one environment."""
    faults = [item for item in ITEMS if item.kind == "fault"]
    cheats = [item for item in ITEMS if item.kind == "cheat"]

    survived = [item for item in faults if not objections(item, environment, found)]
    paid = [item.name for item in cheats if pays(item, found["items"][item.name])]
    names = f": {'; '.join(paid)}" if paid else ""
    return environment, f"{len(survived)} of {len(faults)}", f"{len(paid)} of {len(cheats)}{names}"


def graded(environment: str, books: Path) -> tuple[str, str, str]:
    """Grade the catalogue in an environment; its row of the table.

    The row is printed, with everything that counts against the grader there.
    """
    try:
        found = grade_in(environment, books)
    except CannotBeTested as error:
        print(f"{environment}: {error}", flush=True)
        return environment, str(error), ""
    cells = row(environment, found)
    print("  ".join(cells), flush=True)
    for item in ITEMS:
        for objection in objections(item, environment, found):
            print(f"    {item.name}: {objection}", flush=True)
    return cells


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        small_casebooks(Path(folder), LESSONS)
        rows = [graded(environment, Path(folder)) for environment in ENVIRONMENTS]
    head = ("the grader runs as", "faults survived", "cheats that paid")
    write_figures(PAGE, "adversarial", table(head, rows))


if __name__ == "__main__":
    main()
