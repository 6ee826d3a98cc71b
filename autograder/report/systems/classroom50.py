"""Classroom 50: `result.json` and `release-body.md` in the student's checkout.

Format: https://github.com/foundation50/classroom50/wiki/Advanced-Autograding and
schemas/result-v1.schema.json of that repository. Its bundle of a grader is public, so it has no
hidden case: what it counts can be known beforehand, and the grade should be another's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from autograder.errors import UserError
from autograder.report.results import save
from autograder.report.words import points
from autograder.wording import listed

if TYPE_CHECKING:
    from autograder.report.systems.report import Outcome, Report

SCHEMA = "classroom50/result/v1"
RESULT, BODY = "result.json", "release-body.md"

FROM_THE_RUNNER = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "owner": "OWNER",
}
"""Field of the result -> the variable in which the system's runner tells it."""

HUNDREDTHS = 100
"""A point there. They are whole numbers, and a problem can be right in part.

Always, not only where a score needs it: else a class's gradebook would hold 87 beside 9150.
"""

SAID = (
    f"Classroom 50 counts whole numbers, so a point is {HUNDREDTHS} there: {{earned}} of {{most}} "
    "points are {there} of {most_there}."
)

PUBLIC_ONLY = "These are the public cases, the ones of your own check; the grade uses others too."

LONGEST_BODY = 100_000
"""Characters of the text of a release; GitHub takes 125,000."""

SHORTER = (4_000, 1_000, 200)
"""Characters that are kept of the text on a problem, tried in order."""


class Classroom50:
    """The student's checkout, in which the system's runner calls the grader.

    root: the checkout. given: the runner's variables.
    """

    longest = 900
    public_only = True

    def __init__(self, root: Path, given: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.given = os.environ if given is None else given

    def submission(self) -> Path:
        """The checkout itself."""
        return self.root

    def begin(self) -> None:
        """Nothing is left: without a result, the runner itself records an error, and no grade.

        Raises UserError if a variable of the runner is missing.
        """
        for name in (RESULT, BODY):
            (self.root / name).unlink(missing_ok=True)
        missing = [name for name in FROM_THE_RUNNER.values() if not self.given.get(name)]
        if missing:
            raise UserError(f"{listed(missing)}: the runner of Classroom 50 has to set them")

    def show(self, report: Report, out: TextIO) -> int:
        """Write both files."""
        (self.root / BODY).write_text(release_body(report), encoding="utf-8")
        save(self.root / RESULT, result(report, self.given))
        print(report.headline(), file=out)
        return 0

    def refuse(self, report: Report, why: str, out: TextIO) -> int:
        """A submission that cannot be read has a result, too: no points, and the reason."""
        return self.show(report, out)

    def fail(self, why: str, out: TextIO) -> int:
        """1, upon which the runner records an error and publishes the submission all the same."""
        for line in why.splitlines():
            print(f"::error::{line}", file=out)
        return 1


def result(report: Report, given: Mapping[str, str]) -> dict[str, Any]:
    """The data of result.json. given: the runner's variables."""
    scores = whole([outcome.score for outcome in report.outcomes])
    most = whole([outcome.max_score for outcome in report.outcomes])
    tests = []
    for outcome, earned, worth in zip(report.outcomes, scores, most, strict=True):
        tests.append(
            {
                "test-name": f"{outcome.number} {outcome.name}",
                "passed": outcome.passed,
                "score": min(earned, worth),
                "max-score": worth,
            }
        )
    return {
        "schema": SCHEMA,
        **{field: given[name] for field, name in FROM_THE_RUNNER.items()},
        "assignment_type": given.get("ASSIGNMENT_TYPE") or "individual",
        "review": given.get("REVIEW_URL") or given["COMMIT_URL"],
        # The runner writes the commit's own date over it.
        "datetime": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }


def whole(scores: Sequence[float]) -> list[int]:
    """Points as whole hundredths whose sum is that of the points, rounded once.

    What is left over when all are rounded down goes to those that lost most by it.

    >>> whole([8 / 3, 8 / 3, 8 / 3, 4])
    [267, 267, 266, 400]
    """
    exact = [round(HUNDREDTHS * score, 6) for score in scores]
    kept = [int(number) for number in exact]
    left = round(sum(exact)) - sum(kept)
    by_loss = sorted(range(len(exact)), key=lambda place: kept[place] - exact[place])
    for place in by_loss[:left]:
        kept[place] += 1
    return kept


# ------------------------------------------------------------------------------ the release's text


def release_body(report: Report) -> str:
    """What a student reads on the page of the submission, in markdown."""
    text = ""
    for longest in (None, *SHORTER):
        text = "\n".join(_body(_shortened(report, longest)))
        if len(text) <= LONGEST_BODY:
            break
    return text[:LONGEST_BODY]


def _shortened(report: Report, longest: int | None) -> Report:
    outcomes = [replace(outcome, text=outcome.text[:longest]) for outcome in report.outcomes]
    return replace(report, outcomes=tuple(outcomes))


def _body(report: Report) -> Iterator[str]:
    scores = whole([outcome.score for outcome in report.outcomes])
    most = whole([outcome.max_score for outcome in report.outcomes])
    yield f"### {report.headline()}"
    yield ""
    yield report.top.strip()
    yield ""
    for outcome in report.outcomes:
        if outcome.text and not outcome.passed:
            yield from _details(outcome)
    yield SAID.format(
        earned=points(report.score),
        most=points(report.max_score),
        there=sum(scores),
        most_there=sum(most),
    )
    yield PUBLIC_ONLY
    yield ""


def _details(outcome: Outcome) -> Iterator[str]:
    """What there is to read of one problem, folded away under its name."""
    earned = f"{points(outcome.score)} / {points(outcome.max_score)}"
    fence = "`" * (1 + max(map(len, re.findall("`{2,}", outcome.text)), default=2))
    yield f"<details><summary>{outcome.number} <code>{outcome.name}</code> {earned}</summary>"
    yield ""
    yield from (fence, outcome.text, fence)
    yield ""
    yield "</details>"
    yield ""
