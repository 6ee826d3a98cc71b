"""What a student may be told of a submission that a store has, and nothing else of it.

A store keeps everything. Here it goes through the course's policy, by the same function as on
Gradescope; hence what a page or a file shows to a student is made of these only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from autograder import lessons
from autograder.problem import Finding, Verdict
from autograder.report.record import from_data
from autograder.report.told import told
from autograder.settings import Course, Policy


@dataclass(frozen=True)
class Told:
    """A graded submission as its students may read it.

    verdicts: one for each problem, as told. remarks: on the files. unread: why they could not be
    read; empty where they could. policy: what holds for this submission.
    """

    verdicts: tuple[Verdict, ...]
    remarks: tuple[str, ...]
    unread: str
    policy: Policy

    @property
    def shows_results(self) -> bool:
        """Whether the course shows more of a grade than its points."""
        return self.policy.visibility != "hidden"


def told_of(row: Mapping[str, Any], course: Course, number: int) -> Told:
    """What may be told of a row of grades.

    number: which attempt it is, 0 where nobody knows: then mistakes are named as in a check.
    """
    policy = course.policy.at_attempt(number or None)
    unread = str(row.get("error") or "")
    verdicts = []
    for entry in row["problems"]:
        verdicts.append(told(_verdict(entry, unread), policy))
    return Told(tuple(verdicts), tuple(row.get("remarks", ())), unread, policy)


def _verdict(entry: Mapping[str, Any], unread: str) -> Verdict:
    """The verdict of a row's entry. Of one that passed the row has only the points."""
    if "verdict" in entry:
        return from_data(entry["verdict"])
    findings: tuple[Finding, ...] = ()
    if entry["status"] != "passed" and unread:
        findings = (Finding("runs", unread),)
    return Verdict(
        entry["problem"],
        entry["lesson"],
        _titles().get(entry["problem"], entry["problem"]),
        entry["status"],
        entry["score"],
        entry["max_score"],
        entry["outputs"],
        findings,
    )


@cache
def _titles() -> dict[str, str]:
    return {problem.name: problem.title for problem in lessons.all_problems()}
