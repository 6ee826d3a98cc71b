"""The ladder of hints: what of a verdict is shown at a level, and how to get to the next one.

Every front end shows what `shown` leaves, and says what `next_hint` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.levels import MOST
from autograder.problem import Finding, Verdict

LAST = "that was the last hint for this one"
NONE = "there is no further hint for this one"


@dataclass(frozen=True)
class Shown:
    """What is shown of a verdict.

    hints: label -> text, as `hint 1/3`.
    """

    findings: tuple[Finding, ...]
    hints: dict[str, str]


def shown(verdict: Verdict, level: int) -> Shown:
    """The findings and the hints of a verdict up to a level."""
    findings = tuple(finding for finding in verdict.findings if finding.level <= level)
    hints = {}
    for number, hint in enumerate(verdict.hints[:level], start=1):
        hints[f"hint {number}/{len(verdict.hints)}"] = hint
    return Shown(findings, hints)


def next_hint(verdict: Verdict, level: int, how: Callable[[int], str]) -> str:
    """How to get the next hint on a problem, or that there is none; empty where nothing is wrong.

    how: the command, or the call, that shows the hints up to a level.
    """
    if verdict.status in ("passed", "todo"):
        return ""
    rungs = _rungs(verdict)
    following = [rung for rung in rungs if rung > level]
    if following:
        return f"next hint: {how(min(following))}"
    return LAST if rungs else NONE


def _rungs(verdict: Verdict) -> set[int]:
    """The levels at which there is something new to read."""
    levels = {finding.level for finding in verdict.findings}
    levels |= set(range(1, len(verdict.hints) + 1))
    return levels & set(range(1, MOST + 1))


# ---------------------------------------------------------------------- the words of each front end


def in_terminal(problem: str) -> Callable[[int], str]:
    """How a terminal shows more of a problem."""
    return lambda level: f"python check.py {problem} --hint {level}"


def in_notebook(problem: str) -> Callable[[int], str]:
    """How a notebook shows more of a problem."""
    return lambda level: f'check("{problem}", hint={level})'


def on_own_computer(problem: str) -> Callable[[int], str]:
    """The same where a page cannot show more by itself."""
    return lambda level: f"{in_terminal(problem)(level)} in your copy of the assignment"
