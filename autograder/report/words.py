"""What a status is called, and the sign and colour it has, wherever a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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


def word(verdict: Verdict) -> str:
    """The status as a student reads it."""
    if is_carried(verdict):
        return "carried"
    return WORDS[verdict.status]


def mark(verdict: Verdict) -> tuple[str, str]:
    """The sign before the status and its colour: what is carried is never a cross."""
    return MARKS["partial" if is_carried(verdict) else verdict.status]


def ticked(finding: Finding) -> bool:
    """Whether a finding says that something is as it should be."""
    return finding.good and finding.layer in ("shapes", "values", "hidden")


def is_carried(verdict: Verdict) -> bool:
    """Whether all that is wrong here follows from an earlier mistake."""
    states = verdict.outputs.values()
    return "carried" in states and "wrong" not in states


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
    return in_all(earned, most, passed, len(verdicts))


def in_all(earned: float, most: float, passed: int, problems: int) -> str:
    """The same of numbers: points earned of those there are, and problems passed of all."""
    of_problems = f"{passed} of {counted(problems, 'problem')} passed"
    return f"{points(earned)} of {points(most)} points, {of_problems}"


# ------------------------------------------------------------------------ what to look at, in order


def failing(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What was written and is not right; what follows from a mistake comes after all mistakes."""
    return sorted(filter(_is_to_mend, verdicts), key=is_carried)


def _is_to_mend(verdict: Verdict) -> bool:
    """Whether there is something to explain: a task that was not begun says enough by its name."""
    if verdict.status == "todo":
        return any(finding.text.startswith(HALF_DONE) for finding in verdict.findings)
    return verdict.status != "passed"


def look_next(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The problem to look at next: the first mistake, else the first that is still to do."""
    mistakes = [verdict for verdict in failing(verdicts) if not is_carried(verdict)]
    to_do = [verdict for verdict in verdicts if verdict.status == "todo"]
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
