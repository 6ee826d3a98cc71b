"""Verdicts as plain lines, where rich is not installed: what `terminal` shows, without colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.printable import LINES, printable
from autograder.problem import Verdict
from autograder.report.ladder import in_terminal, next_hint, told_once, untold
from autograder.report.overview import overview
from autograder.report.words import (
    failing,
    look_next,
    more_to_mend,
    notes_on_right,
    questions,
    score,
)


def as_lines(
    verdicts: Sequence[Verdict],
    explain: int = 3,
    level: int = 1,
    remarks: Sequence[str] = (),
    ahead: str = "",
) -> Iterator[str]:
    """A line for each problem, the total, and the messages of the first that fail.

    The arguments are those of `terminal.show`.
    """
    for remark in remarks:
        yield _line(f"note: {remark}")
    yield overview(verdicts)
    for note in notes_on_right(verdicts):
        yield _line(f"note: {note}")
    wrong = failing(verdicts)
    for verdict, earlier in told_once(wrong[:explain], level):
        yield ""
        yield from _message(verdict, level, earlier)
    asked = questions(verdicts)
    for verdict in asked:
        yield ""
        yield from _message(verdict, level, None)
    following = look_next(verdicts)
    if asked:
        pass  # each is there, with what is to do
    elif following and not wrong:
        yield f"next: {following.problem}"
        for finding in following.findings:
            yield f"  {_line(finding.text)}"
    elif ahead and not wrong:
        yield _line(ahead)
    if len(wrong) > explain:
        yield ""
        yield more_to_mend(wrong[explain:])


def _message(verdict: Verdict, level: int, earlier: Verdict | None) -> Iterator[str]:
    yield f"{verdict.problem}  {score(verdict)}"
    seen = untold(verdict, level, earlier)
    for finding in seen.findings:
        yield f"  {finding.layer}: {_line(finding.text)}"
    for label, hint in seen.hints.items():
        yield f"  {label}: {_line(hint)}"
    if earlier is None and (following := next_hint(verdict, level, in_terminal)):
        yield f"  {_line(following)}"
    if verdict.printed:
        yield f"  printed: {_line(verdict.printed.strip())}"


def _line(text: str) -> str:
    return printable(text, LINES)
