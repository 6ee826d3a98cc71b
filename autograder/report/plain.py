"""Verdicts as plain lines, where rich is not installed: what `terminal` shows, without colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.printable import LINES, printable
from autograder.problem import Verdict
from autograder.report.ladder import in_terminal, next_hint, shown
from autograder.report.words import failing, look_next, mark, points, score, word


def as_lines(
    verdicts: Sequence[Verdict], explain: int = 3, level: int = 1, remarks: Sequence[str] = ()
) -> Iterator[str]:
    """A line for each problem, the total, and the messages of the first that fail.

    explain: how many failing problems are explained. level: of the hints that each of them shows.
    remarks: what there is to say of the files themselves.
    """
    for remark in remarks:
        yield printable(f"note: {remark}", LINES)
    yield from _overview(verdicts)
    wrong = failing(verdicts)
    for verdict in wrong[:explain]:
        yield ""
        yield from _message(verdict, level)
    following = look_next(verdicts)
    if following and not wrong:
        yield f"next: {following.problem}"
        for finding in following.findings:
            yield f"  {printable(finding.text, LINES)}"
    if len(wrong) > explain:
        yield ""
        yield "more to mend: " + ", ".join(verdict.problem for verdict in wrong[explain:])


def _overview(verdicts: Sequence[Verdict]) -> Iterator[str]:
    width = max((len(verdict.problem) for verdict in verdicts), default=0)
    lesson = ""
    for verdict in verdicts:
        if verdict.lesson != lesson:
            lesson = verdict.lesson
            yield f"{lesson}.py"
        sign, _ = mark(verdict)
        yield f"{sign} {verdict.problem:{width}}  {score(verdict):>9}  {word(verdict)}"
    earned = points(sum(verdict.score for verdict in verdicts))
    most = points(sum(verdict.max_score for verdict in verdicts))
    passed = sum(verdict.status == "passed" for verdict in verdicts)
    yield ""
    yield f"{earned} of {most} points, {passed} of {len(verdicts)} problems passed"


def _message(verdict: Verdict, level: int) -> Iterator[str]:
    yield f"{verdict.problem}  {score(verdict)}"
    seen = shown(verdict, level)
    for finding in seen.findings:
        yield f"  {finding.layer}: {printable(finding.text, LINES)}"
    for label, hint in seen.hints.items():
        yield f"  {label}: {printable(hint, LINES)}"
    following = next_hint(verdict, level, in_terminal)
    if following:
        yield f"  {printable(following, LINES)}"
    if verdict.printed:
        yield f"  printed: {printable(verdict.printed.strip(), LINES)}"
