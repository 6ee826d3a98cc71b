"""A comparison as staff read it in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.authoring.regrade import SMALLEST
from autograder.classroom.compare.moves import (
    ABSENT,
    Comparison,
    Pair,
    ProblemMove,
    by_problem,
)
from autograder.classroom.compare.sides import STATUSES, Graded, Mark
from autograder.classroom.people import Student
from autograder.classroom.statistics import OUTCOME_OF
from autograder.printable import printable
from autograder.report.words import points
from autograder.wording import counted, listed

NOT_NAMED, NO_EARLIER = "not named", "no earlier mistake"


def show(console: Console, comparison: Comparison) -> None:
    """Print the matrix, the problems, whose score moves and why, and who is in one side only."""
    for remark in dict.fromkeys([*comparison.old.remarks, *comparison.new.remarks]):
        _line(console, f"note: {remark}", "yellow")
    for which, side in (("old", comparison.old), ("new", comparison.new)):
        pending = sum(graded.pending for graded in side.graded)
        if pending:
            _line(console, f"note: {_not_yet(pending)} in the {which}, {side.name}", "yellow")
    if comparison.old.by_points or comparison.new.by_points:
        _line(console, "note: one of the two knows only points: statuses go by these", "yellow")
    if comparison.matrix:
        _line(console, "problems, by what they were (down) and are (across)")
        console.print(_matrix(comparison))
    if by_problem(comparison):
        console.print()
        console.print(_problems(comparison))
    if comparison.moved:
        console.print()
        console.print(_moves(comparison.moved))
    _show_finals(console, comparison)
    _show_alone(console, f"the old, {comparison.old.name}", comparison.only_old)
    _show_alone(console, f"the new, {comparison.new.name}", comparison.only_new)
    console.print()
    _line(console, _summary(comparison))


def _not_yet(pending: int) -> str:
    if pending == 1:
        return "1 submission is not graded yet, and is not compared,"
    return f"{pending} submissions are not graded yet, and are not compared,"


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(printable(text), style=style))  # a bracket in a name is no markup


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _matrix(comparison: Comparison) -> Table:
    used = {status for pair in comparison.matrix for status in pair}
    statuses = [status for status in (*STATUSES, ABSENT) if status in used]
    table = _table("", *map(_word, statuses))
    for old in statuses:
        cells = []
        for new in statuses:
            count = comparison.matrix.get((old, new), 0)
            style = "" if old == new or not count else "bold"
            cells.append(Text(str(count or "·"), style=style))
        table.add_row(_word(old), *cells)
    return table


def _word(status: str) -> str:
    """A status as the report on the class calls it."""
    return OUTCOME_OF.get(status, status)


def _problems(comparison: Comparison) -> Table:
    table = _table("problem", "gain", "lose", "points in all")
    for one in by_problem(comparison):
        table.add_row(one.problem, str(one.gain), str(one.lose), _signed(one.points))
    return table


def _moves(moved: Sequence[Pair]) -> Table:
    table = _table("whose score moves", "old", "new", "by")
    table.columns[0].no_wrap = False
    table.add_column("what moves, and why", overflow="fold")
    for pair in moved:
        names = "\n".join(printable(student.shown) for student in pair.students)
        table.add_row(
            Text(names),
            points(pair.old.score),
            points(pair.new.score),
            _signed(pair.by),
            Text(printable("\n".join(_told(pair)), "\n")),
        )
    return table


def _told(pair: Pair) -> Iterator[str]:
    for move in pair.problems:
        yield f"{move.problem}: {_step(move)}"
    for reason in pair.reasons:
        yield f"why: {reason}"


def _step(move: ProblemMove) -> str:
    """`8 of 8 → 0 of 8, right → wrong, mistake: not named → rnn_forward.no_tanh`."""
    old, new = move.old, move.new
    if old is None or new is None:
        return f"{_points(old)} → {_points(new)}"
    parts = []
    if _points(old) != _points(new):
        parts.append(f"{_points(old)} → {_points(new)}")
    if old.status != new.status:
        parts.append(f"{_word(old.status)} → {_word(new.status)}")
    if old.diagnosis != new.diagnosis:
        parts.append(f"mistake: {old.diagnosis or NOT_NAMED} → {new.diagnosis or NOT_NAMED}")
    if old.carried_from != new.carried_from:
        before, after = old.carried_from or NO_EARLIER, new.carried_from or NO_EARLIER
        parts.append(f"follows from: {before} → {after}")
    return ", ".join(parts)


def _points(mark: Mark | None) -> str:
    return ABSENT if mark is None else f"{points(mark.score)} of {points(mark.worth)}"


def _signed(number: float) -> str:
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{points(abs(number))}"


def _show_finals(console: Console, comparison: Comparison) -> None:
    """The final points that move otherwise than the points as earned do, which late work does."""
    table = _table("final points, by late work too", "old", "new")
    for pair in comparison.pairs:
        for student in pair.students:
            old, new = pair.finals.get(student.key, (0.0, pair.by))
            if abs(new - old - pair.by) > SMALLEST:
                table.add_row(Text(printable(student.shown)), points(old), points(new))
    if table.row_count:
        console.print()
        console.print(table)


def _show_alone(console: Console, name: str, alone: Sequence[tuple[Student, Graded]]) -> None:
    if not alone:
        return
    console.print()
    table = _table(f"only in {printable(name)}", "points")
    for student, graded in alone:
        score = "not graded yet" if graded.pending else points(graded.score)
        table.add_row(Text(printable(student.shown)), score)
    console.print(table)


def _summary(comparison: Comparison) -> str:
    moved, all_of_them = len(comparison.moved), len(comparison.pairs)
    signs = Counter((pair.by > 0) - (pair.by < 0) for pair in comparison.moved)
    ways = ((signs[-1], "down"), (signs[1], "up"), (signs[0], "with the same sum"))
    steps = listed([f"{count} {what}" for count, what in ways if count])
    parts = [f"{moved} of {all_of_them} scores move{f': {steps}' if steps else ''}"]
    other = sum(bool(pair.problems) and not pair.moves for pair in comparison.pairs)
    if other:
        verb = "has" if other == 1 else "have"
        parts.append(f"{other} more {verb} the same points, but another outcome, mistake or worth")
    gone = sum(graded.score > 0 for _, graded in comparison.only_old)
    if gone:
        who = counted(gone, "student with points is", "students with points are")
        parts.append(f"{who} not in the new")
    return "; ".join(parts)
