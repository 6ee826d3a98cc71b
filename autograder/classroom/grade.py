"""The grade of one submission, as a row of a store: plain data in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Key:
    """What a grade hangs on; where it is the same, nothing is graded twice.

    files: sha256 of the files taken in. set: the problem set. casebook: sha256 of the frozen files
    of its lessons. grader: sha256 of the grader's own code and of the settings that points hang on.
    """

    files: str
    set: str
    casebook: str
    grader: str

    def as_data(self) -> dict[str, str]:
        """As plain data."""
        return {
            "files": self.files,
            "set": self.set,
            "casebook": self.casebook,
            "grader": self.grader,
        }


@dataclass(frozen=True)
class ProblemGrade:
    """One problem of one submission.

    outputs: each output -> right, wrong, carried or missing. diagnosis: the misconception's id.
    carried_from: the earlier problem in which the mistake was made that this one follows from.
    wrong: a digest of the wrong numbers on public cases, rounded to 5 digits, where no mistake is
        named; submissions with equal ones made the same mistake. Empty otherwise.
    message: for staff: all that can be said of it, as text.
    """

    problem: str
    lesson: str
    score: float
    max_score: float
    status: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    diagnosis: str = ""
    carried_from: str = ""
    wrong: str = ""
    message: str = ""


@dataclass(frozen=True)
class Grade:
    """One submission, graded. The points are as earned: what is late lowers them later.

    seconds: of wall clock that the grading took. remarks: on the files, a sentence each.
    error: why there is no grade, or one that staff should look at: the files could not be read, the
        grader failed.
    at_fault: whether that is the grader's fault, not the submission's.
    """

    key: Key
    score: float
    max_score: float
    problems: tuple[ProblemGrade, ...]
    seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    error: str = ""
    at_fault: bool = False


def grade_from(row: Mapping[str, Any]) -> Grade:
    """The grade in a row of a store, without what is kept for feedback only."""
    problems = []
    for entry in row["problems"]:
        known = {name: value for name, value in entry.items() if name in _OF_PROBLEM}
        problems.append(ProblemGrade(**known))
    return Grade(
        Key(**row["key"]),
        row["score"],
        row["max_score"],
        tuple(problems),
        row.get("seconds", 0.0),
        tuple(row.get("remarks", ())),
        row.get("error", ""),
        row.get("at_fault", False),
    )


_OF_PROBLEM = frozenset(ProblemGrade.__dataclass_fields__)
