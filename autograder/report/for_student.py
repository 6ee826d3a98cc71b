"""What a student reads of a result on a grader's page, as plain text and as a mark.

Every system that grades shows this, each in its own form.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.judge import Result
from autograder.problem import Verdict
from autograder.report.ladder import next_hint, on_own_computer
from autograder.report.page import MOST_PRINTED
from autograder.report.record import as_text
from autograder.report.told import is_named, told
from autograder.report.words import is_carried, mark, word
from autograder.settings import Policy

UNNAMED = "a mistake we know, see the hints there"
"""Said in place of its name."""


def told_result(result: Result, policy: Policy) -> Result:
    """The result as the policy lets a student see it, its mistakes without names if need be."""
    mistakes = result.mistakes
    if not is_named(policy, policy.hints):
        mistakes = tuple(replace(advice, idea=UNNAMED) for advice in mistakes)
    return Result(told(result.verdict, policy), result.decision, mistakes)


def is_green(verdict: Verdict) -> bool:
    """Whether it is shown as passed: right, or carried for all of its points."""
    if verdict.status == "passed":
        return True
    return is_carried(verdict) and verdict.score >= verdict.max_score > 0


def output(verdict: Verdict, policy: Policy) -> str:
    """What the student reads of one problem, as plain text of several lines."""
    seen = told(verdict, policy)
    sign, _ = mark(seen)
    text = f"{sign} {word(seen)}\n{as_text(seen, policy.hints)}"
    following = next_hint(seen, policy.hints, on_own_computer)
    if following:
        text += f"\n{following}"
    if seen.printed and seen.status != "passed":
        text += f"\nprinted:\n{seen.printed[:MOST_PRINTED]}"
    return text
