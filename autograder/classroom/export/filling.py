"""What filling a column of somebody else's file comes down to, whatever system it is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from autograder.classroom.export.job import State, left_over, points_or_nothing, state_of
from autograder.classroom.export.matching import Matches
from autograder.classroom.export.sheet import Sheet
from autograder.classroom.standing import Standing
from autograder.wording import counted

SEEN = 0.0051
"""A difference of points that is seen where two decimals are shown."""


class Filling:
    """Points going into one column. changes: (row, column) -> text, for `Sheet.replaced`.

    decimal: the sign in the file's numbers.
    """

    def __init__(self, sheet: Sheet, column: int, decimal: str) -> None:
        self.sheet, self.column, self.decimal = sheet, column, decimal
        self.changes: dict[tuple[int, int], str] = {}
        self._filled = self._changed = 0
        self._without: Counter[State] = Counter()

    def fill(self, row: int, standing: Standing) -> bool:
        """Fill a student's cell; whether there are points to fill it with.

        A cell with the same number stays as it is, and so does that of who has no grade.
        """
        points = points_or_nothing(standing)
        if not points:
            self._without[state_of(standing)] += 1
            return False
        self._filled += 1
        old = self.sheet.cell(row, self.column)
        if number(old) != float(points):
            self.changes[row, self.column] = points.replace(".", self.decimal)
            self._changed += bool(old) and _differs(number(old), float(points))
        return True

    @property
    def remarks(self) -> Iterator[str]:
        """How many, a sentence each."""
        yield f"{counted(self._filled, 'student has', 'students have')} a grade there now"
        if self._changed:
            yield f"{counted(self._changed, 'cell')} had another grade before"
        if self._without["missing"]:
            who = counted(self._without["missing"], "student")
            yield f"{who} handed in nothing: {_cells(self._without['missing'])} as before"
        if self._without["not graded"]:
            who = counted(self._without["not graded"], "student has", "students have")
            yield f"{who} no grade yet: {_cells(self._without['not graded'])} as before"


def _cells(many: int) -> str:
    return "the cell stays" if many == 1 else "the cells stay"


def _differs(old: float | None, new: float) -> bool:
    return old is None or abs(old - new) > SEEN


def left_alone(sheet: Sheet, rows: Collection[int], matches: Matches) -> Iterator[str]:
    """What of the file and of the class does not go together, a sentence each."""
    yield from matches.unsure
    others = len(rows) - len(matches.rows)
    if others:
        rows_left = counted(others, "row")
        yield f"{rows_left} of {sheet.name} without a student of this class: left alone"
    if matches.lost:
        yield f"not in {sheet.name}, so nothing is written for them:"


def lost(matches: Matches) -> tuple[str, ...]:
    """The students who are in no row, with their points."""
    return tuple(left_over(standing) for standing in matches.lost)


def number(text: str) -> float | None:
    """A number with a point or a comma; None for what is none.

    >>> number("82,50"), number("EX")
    (82.5, None)
    """
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
