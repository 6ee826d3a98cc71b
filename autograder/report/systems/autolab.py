"""Autolab: everything on standard output, the points as JSON on its last line.

Format: https://docs.autolabproject.com/lab/ and, for the table of problems above the points,
https://docs.autolabproject.com/features/formatted-feedback/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from autograder.errors import UserError
from autograder.printable import LINES, printable
from autograder.report.words import points

if TYPE_CHECKING:
    from autograder.report.systems.report import Outcome, Report

LARGEST = 500_000
"""Bytes of standard output; Tango, which runs the grader there, cuts it off after a million."""

SHORTER = (4_000, 1_000, 200, 0)
"""Characters that are kept of the text on a problem, tried in order."""


class Autolab:
    """The folder in which `make` runs.

    root: the folder. handin: the name that the system gives what was handed in.
    """

    longest = 900
    public_only = False

    def __init__(self, root: Path, handin: str) -> None:
        self.root, self.handin = root, handin

    def submission(self) -> Path:
        """The file that was handed in. Raises UserError if it is not there."""
        file = self.root / self.handin
        if not file.exists():
            raise UserError(
                f"there is no {self.handin} beside the Makefile: what students hand in has to "
                "have that name in the settings of the assessment"
            )
        return file

    def begin(self) -> None:
        """Nothing is left: the system shows what was printed, and has nothing to keep."""

    def show(self, report: Report, out: TextIO) -> int:
        """Print the report, and the points last."""
        print(feedback(report), file=out)
        print(presentation(report), file=out)
        print(autoresult(report), file=out)
        return 0

    def refuse(self, report: Report, why: str, out: TextIO) -> int:
        """What cannot be read earns nothing; the student hands in again."""
        print(why, file=out)
        print(autoresult(report), file=out)
        return 0

    def fail(self, why: str, out: TextIO) -> int:
        """The sentence and no points: the system shows it, and keeps a score it had before.

        0, or make would write a line of its own below.
        """
        print(why, file=out)
        return 0


def autoresult(report: Report) -> str:
    """The last line: a score for each problem set, by its name."""
    names = dict.fromkeys(outcome.set for outcome in report.outcomes)
    return json.dumps({"scores": {name: report.score_of(name) for name in names}})


def presentation(report: Report) -> str:
    """The line before it: which problems are right, file by file."""
    stages: dict[str, dict[str, Any]] = {}
    for outcome in report.outcomes:
        stage = stages.setdefault(f"{outcome.lesson}.py", {})
        stage[f"{outcome.number} {outcome.name}"] = {"passed": outcome.passed}
    return json.dumps({"_presentation": "semantic", "stages": list(stages), **stages})


def feedback(report: Report) -> str:
    """What a student reads, as plain text; short enough for the system to keep its last line."""
    text = ""
    for longest in (None, *SHORTER):
        text = "\n".join(_lines(report, longest))
        if len(text.encode()) <= LARGEST:
            break
    return printable(text, LINES)


def _lines(report: Report, longest: int | None) -> Iterator[str]:
    yield report.headline()
    for remark in report.remarks:
        yield f"note: {remark}"
    for outcome in report.outcomes:
        earned = f"{points(outcome.score)} / {points(outcome.max_score)}"
        yield ""
        yield f"{outcome.number} {outcome.name}  {earned}"
        yield from _indented(outcome, longest)


def _indented(outcome: Outcome, longest: int | None) -> Iterator[str]:
    """The text, moved to the right: a line of it is never one that the system reads."""
    for line in outcome.text[:longest].splitlines():
        yield f"  {line}"
