"""The ladder of hints: what of a verdict is shown at a level, and how to get to the next one.

Every front end shows what `shown` leaves, and says what `next_hint` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.levels import MOST
from autograder.platforms import python_command
from autograder.problem import Finding, Verdict
from autograder.report.words import asks

PUBLIC = ("runs", "shapes", "finite", "values")
"""The layers of the check of public cases."""

EARLIER = re.compile(r", as in \w+$")
"""How a diagnosis ends whose mistake was made in an earlier problem."""

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


def told_once(verdicts: Sequence[Verdict], level: int) -> Iterator[tuple[Verdict, Verdict | None]]:
    """The verdicts, each beside the one before it with which the same is wrong.

    That is a mistake whose hints are shown there, or the same reason why there is no answer: one
    line of a file may stop all of its problems.
    """
    told: dict[str, Verdict] = {}
    for verdict in verdicts:
        reason = verdict.diagnosis or _stopped(verdict)
        yield verdict, told.get(reason)
        if reason and (not verdict.diagnosis or shown(verdict, level).hints):
            told.setdefault(reason, verdict)


def _stopped(verdict: Verdict) -> str:
    """Why there is no answer; empty where there is one."""
    found = [finding.text for finding in verdict.findings if finding.layer == "runs"]
    return found[0] if found and verdict.status in ("error", "timeout") else ""


def untold(verdict: Verdict, level: int, earlier: Verdict | None) -> Shown:
    """What is shown of a verdict, without what was said of another one of the same mistake.

    earlier: that other one, shown up to the same level, from `told_once`; None if there is none.
    Where there is one, the last thing shown is a reference to it.
    """
    seen = shown(verdict, level)
    if earlier is None:
        return seen
    told = {_idea(finding) for finding in shown(earlier, level).findings}
    findings = []
    for finding in seen.findings:
        if finding.layer not in ("diagnosis", "runs") or _idea(finding) not in told:
            findings.append(finding)
    if verdict.diagnosis:
        return Shown(
            tuple(findings), {"hints": f"as for {earlier.problem}: it is the same mistake"}
        )
    same = Finding("runs", f"as for {earlier.problem}: it stops for the same reason")
    return Shown((same, *findings), {})


def _idea(finding: Finding) -> str:
    """What a finding says of a mistake, without the outputs in which it is seen there."""
    if finding.layer != "diagnosis":
        return finding.text
    _, _, idea = finding.text.partition(" when ")
    return EARLIER.sub("", idea) or finding.text


def next_hint(verdict: Verdict, level: int, way: Way) -> str:
    """How to get the next hint on a problem, or that there is none.

    It fits what `shown` leaves at this level: nothing is called the next of what was not there.
    Empty where nothing is wrong, and where there is nothing to say. way: how the front end shows
    more.
    """
    if not _may_be_hinted(verdict):
        return ""
    following = next_level(verdict, level)
    if following is None:
        return _at_the_end(verdict, level, _rungs(verdict))
    how = way(verdict, following)
    if not how:
        return LAST_HERE if shown(verdict, level).hints else ""
    return f"{what_follows(verdict, level)}: {how}"


def next_level(verdict: Verdict, level: int) -> int | None:
    """The first level above this one at which there is something new to read; None if there is
    none, or nothing is wrong.
    """
    if not _may_be_hinted(verdict):
        return None
    return min((rung for rung in _rungs(verdict) if rung > level), default=None)


def _may_be_hinted(verdict: Verdict) -> bool:
    """Whether there is something to give hints on: code that is wrong, or a question."""
    if verdict.status == "todo":
        return bool(verdict.hints)
    return verdict.status != "passed"


def _at_the_end(verdict: Verdict, level: int, rungs: set[int]) -> str:
    if shown(verdict, level).hints:
        return LAST
    return ALL if rungs else NONE


def what_follows(verdict: Verdict, level: int) -> str:
    """What the next level brings, before the way to it; only where there is a next level."""
    if shown(verdict, level).hints:
        return "next hint"
    return "for more" if min(_rungs(verdict)) <= level else "for a hint"


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

    Empty where only hidden cases find something: there the command would say that all is right. Of
    a question it shows the hints.
    """
    if asks(verdict):
        return f"{in_terminal(verdict, level)} in your copy of the assignment"
    here = [finding for finding in verdict.findings if finding.layer in PUBLIC]
    if all(finding.good for finding in here):
        return ""
    return f"{in_terminal(verdict, level)} in your copy of the assignment"
