"""Where a tensor is wrong, drawn with marks: nothing hangs on a colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from autograder.problem import ErrorMap, Verdict

RIGHT, WRONG = "·", "✗"

WIDEST, HIGHEST, MOST_PANELS = 60, 30, 8
"""Columns and rows of a panel, and how many panels are drawn."""


def picture(verdict: Verdict, width: int) -> RenderableType:
    """The maps of a verdict, in so many columns; a sentence where there is none."""
    maps = [finding.error_map for finding in verdict.findings if finding.error_map is not None]
    if not maps:
        return Text("there is no picture: no array of the right shape has wrong numbers in it")
    parts: list[RenderableType] = []
    for error_map in maps:
        parts += drawn(error_map, width)
    parts.append(Text(f"{WRONG} wrong   {RIGHT} right", style="bright_black"))
    return Group(*parts)


def drawn(error_map: ErrorMap, width: int) -> Iterator[RenderableType]:
    """One map: a panel of rows and columns for each index of the axes before these."""
    wrong = np.atleast_2d(error_map.wrong)
    axes = ", ".join(error_map.axes)
    yield Text(f"{error_map.tensor} ({axes}): {_count(error_map.wrong)}", style="bold")
    before = list(np.ndindex(wrong.shape[:-2]))
    for index in before[:MOST_PANELS]:
        if index:
            names = zip(error_map.axes, index, strict=False)
            yield Text(", ".join(f"{axis}={number}" for axis, number in names))
        yield Text("\n".join(_rows(wrong[index], width)))
    if len(before) > MOST_PANELS:
        yield Text(f"... and {len(before) - MOST_PANELS} more", style="bright_black")


def _count(wrong: np.ndarray) -> str:
    return f"{int(wrong.sum())} of {wrong.size} numbers are wrong"


def _rows(panel: np.ndarray, width: int) -> Iterator[str]:
    rows, columns = panel.shape
    # Every second column is blank, so that a square looks like one.
    most = min(WIDEST, max(1, (width - 5) // 2))
    for row in panel[:HIGHEST, :most]:
        more = " ..." if columns > most else ""
        yield f" {_marks(row)}{more}"
    if rows > HIGHEST:
        yield f" ... and {rows - HIGHEST} more rows"


def _marks(row: Sequence[bool] | np.ndarray) -> str:
    return " ".join(WRONG if is_wrong else RIGHT for is_wrong in row)
