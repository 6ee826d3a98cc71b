"""Verdicts in a terminal: a line for each problem, the total, and what to mend first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group
from rich.text import Text

from autograder.printable import LINES, printable
from autograder.problem import Finding, Verdict
from autograder.report.ladder import Way, in_terminal, next_hint, told_once, untold
from autograder.report.layout import Columns, Labelled, Paragraph
from autograder.report.picture import picture_of
from autograder.report.words import (
    failing,
    look_next,
    mark,
    more_to_mend,
    notes_on_right,
    questions,
    score,
    ticked,
    total,
    word,
)


def show(
    console: Console,
    verdicts: Sequence[Verdict],
    explain: int = 3,
    level: int = 1,
    remarks: Sequence[str] = (),
    ahead: str = "",
    picture: bool = False,
) -> None:
    """Print the table, the total, and the message of the first problems that fail.

    explain: how many of the failing problems are explained. level: of the hints that each of them
        shows. remarks: what there is to say of the files themselves. ahead: what to do once all of
        these problems pass. picture: whether they are drawn.
    """
    for remark in remarks:
        console.print(Paragraph(_literal(f"note: {remark}", "yellow")))
    console.print(overview(verdicts))
    for note in notes_on_right(verdicts):
        console.print(Paragraph(_literal(f"note: {note}", "yellow")))
    wrong = failing(verdicts)
    for verdict, earlier in told_once(wrong[:explain], level):
        console.print()
        console.print(message(verdict, level, earlier, picture=picture))

    asked = questions(verdicts)
    for verdict in asked:
        console.print()
        console.print(message(verdict, level))

    following = look_next(verdicts)
    if asked:
        pass  # each is there, with what is to do
    elif following and not wrong:
        console.print(Paragraph(Text(f"next: {following.problem}", style="cyan")))
        for finding in following.findings:
            console.print(Paragraph(_literal(finding.text), indent=2))
    elif ahead and not wrong:
        console.print(Paragraph(_literal(ahead, "cyan")))
    if len(wrong) > explain:
        console.print()
        console.print(Paragraph(Text(more_to_mend(wrong[explain:]), style="bright_black")))


def overview(verdicts: Sequence[Verdict]) -> Group:
    """One line for every problem, grouped by lesson, and the total."""
    rows: list[list[Text]] = []
    lesson = ""
    for verdict in verdicts:
        if verdict.lesson != lesson:
            lesson = verdict.lesson
            rows.append([Text(" "), Text(f"{lesson}.py", style="bold")])
        sign, colour = mark(verdict)
        rows.append(
            [
                Text(sign, style=colour),
                Text(verdict.problem),
                Text(score(verdict)),
                Text(word(verdict), style=colour),
            ]
        )
    sums = Paragraph(Text(total(verdicts), style="bold"))
    return Group(Columns(rows, right=2, breaks=2), Text(), sums)


def message(
    verdict: Verdict,
    level: int = 1,
    earlier: Verdict | None = None,
    way: Way = in_terminal,
    picture: bool = False,
) -> Group:
    """The layers of one problem's check and its hints, up to a level, and how to get the next.

    earlier: a verdict that was explained before and shows the same mistake; what was said there of
        it is not said again. way: to the next hint, see `ladder`. picture: whether to draw
        where it is wrong, if that can be drawn.
    """
    _, colour = mark(verdict)
    head = Text(f"{verdict.problem}  ", style="bold")
    head.append(score(verdict), style=colour)
    said = Group(Paragraph(head), Labelled(list(_rows(verdict, level, earlier, way))))
    drawn = picture_of(verdict, level) if picture else None
    return said if drawn is None else Group(said, "", drawn)


def _rows(
    verdict: Verdict, level: int, earlier: Verdict | None, way: Way
) -> Iterator[tuple[Text, Text]]:
    """Label and text of all that is said of a problem."""
    seen = untold(verdict, level, earlier)
    for finding in seen.findings:
        yield _label(finding.layer), _finding(finding)
    for label, hint in seen.hints.items():
        yield _label(label), _literal(hint, "cyan")
    if earlier is None and (following := next_hint(verdict, level, way)):
        yield Text(), _literal(following, "bright_black")
    if verdict.printed:
        yield _label("printed"), _literal(_first_lines(verdict.printed), "bright_black")


def _label(text: str) -> Text:
    return Text(text, style="bright_black")


def _finding(finding: Finding) -> Text:
    if ticked(finding):
        return Text.assemble(("ok", "green"), "    ", _literal(finding.text))
    return _literal(finding.text)


def _literal(text: str, style: str = "") -> Text:
    """Text of anybody's: a bracket in it is no markup, and nothing in it moves the cursor."""
    return Text(printable(text, LINES), style=style)


def _first_lines(text: str, most: int = 5) -> str:
    lines = text.strip().splitlines()
    kept = lines[:most]
    if len(lines) > most:
        kept.append(f"... {len(lines) - most} more lines")
    return "\n".join(kept)
