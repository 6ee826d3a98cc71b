"""What a status is called, and the sign and colour it has, wherever a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograder.problem import Finding, Verdict
from autograder.wording import HALF_DONE, counted

MARKS = {
    "passed": ("✓", "green"),
    "partial": ("◐", "yellow"),
    "failed": ("✗", "red"),
    "error": ("!", "red"),
    "timeout": ("⧖", "red"),
    "todo": ("·", "bright_black"),
}
"""Status -> the sign before it and its colour; the sign says all that the colour says."""

WORDS = {
    "passed": "passed",
    "partial": "partly",
    "failed": "not yet",
    "error": "stopped",
    "timeout": "too slow",
    "todo": "to do",
}


OPEN = ("?", "cyan")
"""The sign and the colour of an answer whose value is not known here."""


def word(verdict: Verdict) -> str:
    """The status as a student reads it."""
    if is_carried(verdict):
        return "carried"
    if is_open(verdict):
        return "answered"
    return WORDS[verdict.status]


def mark(verdict: Verdict) -> tuple[str, str]:
    """The sign before the status and its colour: what is carried is never a cross."""
    if is_open(verdict):
        return OPEN
    return MARKS["partial" if is_carried(verdict) else verdict.status]


def ticked(finding: Finding) -> bool:
    """Whether a finding says that something is as it should be."""
    return finding.good and finding.layer in ("shapes", "values", "hidden")


def is_carried(verdict: Verdict) -> bool:
    """Whether all that is wrong here follows from an earlier mistake."""
    states = verdict.outputs.values()
    return "carried" in states and "wrong" not in states


def is_open(verdict: Verdict) -> bool:
    """Whether this is an answer of which only the form could be checked here."""
    return "open" in verdict.outputs.values()


def is_done(verdict: Verdict) -> bool:
    """Whether nothing is left to do of it here: it is passed, or decided later."""
    return verdict.status == "passed" or is_open(verdict)


def open_points(verdicts: Iterable[Verdict]) -> float:
    """The points of the answers whose value is not known here."""
    return sum(verdict.max_score for verdict in verdicts if is_open(verdict))


def asks(verdict: Verdict) -> bool:
    """Whether this is a question that is shown, answered or not."""
    return any(finding.layer == "question" for finding in verdict.findings)


def points(score: float) -> str:
    """`3.2`, `4`, `2.67`: at most two decimals, without trailing zeros."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


def score(verdict: Verdict) -> str:
    """`3.2 / 4`."""
    return f"{points(verdict.score)} / {points(verdict.max_score)}"


def total(verdicts: Sequence[Verdict]) -> str:
    """`7.2 of 12 points, 1 of 3 problems passed`."""
    earned = sum(verdict.score for verdict in verdicts)
    most = sum(verdict.max_score for verdict in verdicts)
    passed = sum(verdict.status == "passed" for verdict in verdicts)
    return in_all(earned, most, passed, len(verdicts), open_points(verdicts))


def in_all(earned: float, most: float, passed: int, problems: int, decided_later: float = 0) -> str:
    """The same of numbers: points earned of those there are, and problems passed of all.

    decided_later: the points of answers whose value is not known here.
    """
    of_problems = f"{passed} of {counted(problems, 'problem')} passed"
    text = f"{points(earned)} of {points(most)} points, {of_problems}"
    if decided_later:
        them = "point for answers is" if decided_later == 1 else "points for answers are"
        text += f"; {points(decided_later)} {them} decided where it is graded"
    return text


# ------------------------------------------------------------------------ what to look at, in order


def failing(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What was written and is not right; what follows from a mistake comes after all mistakes."""
    return sorted(filter(_is_to_mend, verdicts), key=is_carried)


def _is_to_mend(verdict: Verdict) -> bool:
    """Whether there is something to explain: a task that was not begun says enough by its name."""
    if verdict.status == "todo":
        return any(finding.text.startswith(HALF_DONE) for finding in verdict.findings)
    return verdict.status != "passed"


def questions(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The questions to show, besides those to mend: all of them, where they alone are asked for."""
    if not all(asks(verdict) for verdict in verdicts):
        return []
    return [verdict for verdict in verdicts if verdict.status == "todo"]


def look_next(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The problem to look at next: the first mistake, else the first that is still to do."""
    mistakes = [verdict for verdict in failing(verdicts) if not is_carried(verdict)]
    to_do = [one for one in verdicts if one.status == "todo" and not is_open(one)]
    return next(iter(mistakes + to_do), None)


def more_to_mend(verdicts: Sequence[Verdict]) -> str:
    """The line that names the failing problems which are not explained."""
    names = ", ".join(verdict.problem for verdict in verdicts)
    return f"more to mend: {names} (--all explains them, too)"


def notes_on_right(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """What there is to say of right work."""
    for verdict in verdicts:
        if verdict.status == "passed":
            for finding in verdict.findings:
                if finding.layer == "arguments":
                    yield f"{verdict.problem}: {finding.text}"
