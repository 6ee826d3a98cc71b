"""Grading the same submissions with two autograder zips: whose score moves, and why.

Each zip's own code grades, in a process of its own; what is compared is its results.json.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.authoring.differences import Difference, differences
from autograder.authoring.rehearse import RehearsalError, read_results, run, set_up

SMALLEST = 1e-6
"""A score that moves by less has not moved."""

NO_REASON = (
    "nothing that grades it differs between the zips: the submission is not the same at every run, "
    "or near a limit of time"
)

Print = Callable[[str], None]


@dataclass(frozen=True)
class Score:
    """What one zip says of one problem."""

    score: float
    worth: float
    status: str
    text: str


@dataclass(frozen=True)
class Move:
    """One problem of one submission on which the two zips differ.

    kind: what differs most: the score, else what the problem is worth, else the words.
    old, new: None where that zip has no such problem. reasons: as far as they can be told.
    """

    problem: str
    kind: Literal["score", "worth", "words"]
    old: Score | None
    new: Score | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Regraded:
    """One submission: both totals, and what moved. failure: why it could not be graded."""

    name: str
    old: float = 0.0
    new: float = 0.0
    moves: tuple[Move, ...] = ()
    failure: str = ""

    @property
    def moved(self) -> bool:
        """Whether a score is another: the total, or that of a problem."""
        return any(move.kind == "score" for move in self.moves) or _differ(self.old, self.new)


def regrade(old: Path, new: Path, folder: Path, print_line: Print) -> list[Regraded]:
    """Grade every submission in a folder with both zips, one after the other.

    folder: holds submissions, a sub-folder or a zip each. print_line: gets what is left aside, and
    each submission that is done.

    Raises RehearsalError if a zip is no autograder or there is no submission.
    """
    found = submissions(folder, print_line)
    with tempfile.TemporaryDirectory(prefix="regrade-") as scratch:
        roots = [Path(scratch) / "old", Path(scratch) / "new"]
        for archive, root in zip((old, new), roots, strict=True):
            set_up(archive, root)
        why = differences(*(root / "source" for root in roots))
        done = []
        for number, submission in enumerate(found, start=1):
            done.append(_regraded(submission, roots, why))
            print_line(f"{number} of {len(found)}: {submission.name}")
        return done


def submissions(folder: Path, print_line: Print) -> list[Path]:
    """The sub-folders and zips of a folder, by name. Raises RehearsalError if there are none."""
    if not folder.is_dir():
        raise RehearsalError(f"there is no folder {folder.name} with submissions")
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir() or path.suffix.lower() == ".zip":
            found.append(path)
        else:
            print_line(f"left aside: {path.name} is neither a folder nor a zip")
    if not found:
        raise RehearsalError(
            f"there is no submission in {folder.name}: it holds a sub-folder or a zip for each"
        )
    return found


def _regraded(submission: Path, roots: Sequence[Path], why: Difference) -> Regraded:
    """Both gradings of one submission, side by side. What goes wrong is said of it alone."""

    if submission.is_file() and not zipfile.is_zipfile(submission):
        return Regraded(submission.name, failure="not graded: it is no zip that can be unpacked")

    def graded(root: Path) -> dict[str, Any]:
        return read_results(run(root, submission), f"{root.name} zip")

    try:
        with ThreadPoolExecutor(len(roots)) as pool:
            old, new = pool.map(graded, roots)
    except RehearsalError as error:
        return Regraded(submission.name, failure=str(error))
    moves = tuple(compared(by_problem(old), by_problem(new), why))
    return Regraded(submission.name, float(old["score"]), float(new["score"]), moves)


def by_problem(results: Mapping[str, Any]) -> dict[str, Score]:
    """Problem -> what a results.json says of it."""
    found = {}
    for test in results["tests"]:
        score, worth = float(test.get("score", 0.0)), float(test.get("max_score", 0.0))
        status, text = str(test.get("status", "")), str(test.get("output", ""))
        found[test["name"].partition(":")[0]] = Score(score, worth, status, text)
    return found


def compared(old: Mapping[str, Score], new: Mapping[str, Score], why: Difference) -> Iterator[Move]:
    """The problems on which two gradings differ, in the order of the new one."""
    for problem in dict.fromkeys([*new, *old]):
        before, after = old.get(problem), new.get(problem)
        if before == after:
            continue
        reasons = why.reasons(problem, before is None, after is None)
        yield Move(problem, _kind(before, after), before, after, tuple(reasons or [NO_REASON]))


def _kind(before: Score | None, after: Score | None) -> Literal["score", "worth", "words"]:
    if before is None or after is None or _differ(before.score, after.score):
        return "score"
    return "worth" if _differ(before.worth, after.worth) else "words"


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > SMALLEST


def write_json(done: Sequence[Regraded], file: Path) -> None:
    """Write all that was found as JSON: a list, one entry for each submission."""
    told = [{**asdict(one), "moved": one.moved} for one in done]
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
