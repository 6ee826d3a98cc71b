"""PrairieLearn: the results.json of an external grader.

Format: https://prairielearn.readthedocs.io/en/latest/externalGrading/. Whatever happens, the
container has to end with 0, or the system does not read the file; and it reads no more than 1 MB.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from autograder.errors import UserError
from autograder.report.results import as_json, save
from autograder.report.systems.start import FAILED

if TYPE_CHECKING:
    from autograder.report.systems.report import Outcome, Report

LARGEST = 1_000_000
"""Bytes of the file."""

SHORTER = (4_000, 1_000, 200, 0)
"""Characters that are kept of every text, tried in order, where all of it is too large."""


class PrairieLearn:
    """The tree in the grader's container: what was handed in is in student/.

    root: /grade.
    """

    longest = 600
    public_only = False

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results = root / "results" / "results.json"

    def submission(self) -> Path:
        """The folder with the student's files. Raises UserError if it is not there."""
        folder = self.root / "student"
        if not folder.is_dir():
            raise UserError(f"there is no folder {folder.name} in {self.root.name or self.root}")
        return folder

    def begin(self) -> None:
        """Write a result that takes no attempt from the student."""
        save(self.results, not_gradable(FAILED))

    def show(self, report: Report, out: TextIO) -> int:
        """Write the results."""
        save(self.results, small_enough(results(report)))
        print(report.headline(), file=out)
        return 0

    def refuse(self, report: Report, why: str, out: TextIO) -> int:
        """What cannot be read is not gradable: no points and no attempt are lost."""
        save(self.results, not_gradable(why) | {"format_errors": [why]})
        print(why, file=out)
        return 0

    def fail(self, why: str, out: TextIO) -> int:
        """Not gradable either; 0, or the system would not show the sentence."""
        save(self.results, not_gradable(why))
        print(why, file=out)
        return 0


def not_gradable(why: str) -> dict[str, Any]:
    """A result without a grade, for which the student does not lose an attempt."""
    return {"gradable": False, "score": 0.0, "message": why}


def results(report: Report) -> dict[str, Any]:
    """The data of results.json, whatever its size."""
    top = [report.headline()]
    top += [f"note: {remark}" for remark in report.remarks]
    return {
        "gradable": True,
        "score": share(report.score, report.max_score),
        "message": "\n".join(top),
        "tests": [_test(outcome) for outcome in report.outcomes],
    }


def share(score: float, most: float) -> float:
    """The score from 0 to 1; 1 where there is nothing to earn."""
    return min(1.0, score / most) if most else 1.0


def _test(outcome: Outcome) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": f"{outcome.number} {outcome.name}",
        "description": outcome.title,
        "points": outcome.score,
        "max_points": outcome.max_score,
        "output": outcome.text,
    }
    if outcome.error_map is not None:
        # here, because drawing needs numpy, and the first result has to be written without
        from autograder.report.systems.maps import as_data_url, caption

        test["images"] = [
            {"label": caption(outcome.error_map), "url": as_data_url(outcome.error_map)}
        ]
    return test


def small_enough(data: dict[str, Any]) -> dict[str, Any]:
    """The data as the system reads it: the largest pictures go first, then the ends of texts.

    Points stay.
    """
    tests = data["tests"]
    by_size = sorted((test for test in tests if "images" in test), key=_bytes_of_pictures)
    while by_size and size(data) > LARGEST:
        del by_size.pop()["images"]
    cut = data
    for longest in SHORTER:
        if size(cut) <= LARGEST:
            break
        cut = _with_shorter_texts(data, longest)
    return cut


def size(data: dict[str, Any]) -> int:
    """Bytes of the file that the data makes."""
    return len(as_json(data))


def _bytes_of_pictures(test: dict[str, Any]) -> int:
    return sum(len(picture["url"]) for picture in test["images"])


def _with_shorter_texts(data: dict[str, Any], longest: int) -> dict[str, Any]:
    tests = [{**test, "output": test["output"][:longest]} for test in data["tests"]]
    return {**data, "message": data["message"][: max(longest, 200)], "tests": tests}
