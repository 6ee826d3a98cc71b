"""The ladder of hints: what of a verdict is shown at a level, and how to get to the next one.

Every front end shows what `shown` leaves, and says what `next_hint` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.levels import MOST
from autograder.platforms import python_command
from autograder.problem import Finding, Verdict

PUBLIC = ("runs", "shapes", "finite", "values")
"""The layers of the check of public cases."""

Way = Callable[[Verdict, int], str]
"""How a front end shows a problem's hints up to a level; empty where it cannot."""

LAST = "that was the last hint for this one"
LAST_HERE = "that was the last hint that is shown here"
"""Where there are more, and the front end has no way to them."""

ALL = "that is all there is to say of this one"
"""Where what was shown is not called a hint."""

NONE = "there is no hint for this one"


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


def next_hint(verdict: Verdict, level: int, way: Way) -> str:
    """How to get the next hint on a problem, or that there is none.

    It fits what `shown` leaves at this level: nothing is called the next of what was not there.
    Empty where nothing is wrong, and where there is nothing to say. way: how the front end shows
    more.
    """
    if verdict.status in ("passed", "todo"):
        return ""
    rungs = _rungs(verdict)
    following = [rung for rung in rungs if rung > level]
    if not following:
        return _at_the_end(verdict, level, rungs)
    how = way(verdict, min(following))
    if not how:
        return LAST_HERE if shown(verdict, level).hints else ""
    return f"{_before_the_way(verdict, level, rungs)}: {how}"


def _at_the_end(verdict: Verdict, level: int, rungs: set[int]) -> str:
    if shown(verdict, level).hints:
        return LAST
    return ALL if rungs else NONE


def _before_the_way(verdict: Verdict, level: int, rungs: set[int]) -> str:
    if shown(verdict, level).hints:
        return "next hint"
    return "for more" if min(rungs) <= level else "for a hint"


def _rungs(verdict: Verdict) -> set[int]:
    """The levels at which there is something new to read."""
    levels = {finding.level for finding in verdict.findings}
    levels |= set(range(1, len(verdict.hints) + 1))
    return levels & set(range(1, MOST + 1))


# ---------------------------------------------------------------------- the words of each front end


def in_terminal(verdict: Verdict, level: int) -> str:
    """The command that shows the hints up to a level."""
    return f"{python_command()} check.py {verdict.problem} --hint {level}"


def in_notebook(verdict: Verdict, level: int) -> str:
    """The same in a notebook's cell."""
    return f'check("{verdict.problem}", hint={level})'


def on_own_computer(verdict: Verdict, level: int) -> str:
    """The same for a page, which cannot show more by itself.

    Empty where only hidden cases find something: there the command would say that all is right.
    """
    here = [finding for finding in verdict.findings if finding.layer in PUBLIC]
    if all(finding.good for finding in here):
        return ""
    return f"{in_terminal(verdict, level)} in your copy of the assignment"
