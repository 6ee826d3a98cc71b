"""The charts of a report, drawn as SVG of a few kilobytes. The same numbers stand in tables.

Each function works out where things are, in the units of a drawing that is WIDTH wide, and a
template of the same name draws them. Colours are the page's own (`style.css`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from textwrap import wrap

from markupsafe import Markup

from autograder.classroom.report.rendering import percent, points, render
from autograder.classroom.statistics import Share

WIDTH = 420
"""So narrow that its words can still be read where a telephone draws it smaller."""

LEFT, TOP, BOTTOM = 40, 20, 44
"""Room for the numbers of an axis, for what is above a column, and for an axis and its name."""

LETTER = 6.4
"""About how wide a character of a label is."""

LINE = 16
"""How high a line of a label is."""


@dataclass(frozen=True)
class Column:
    """A column of a histogram: where it is, and what is counted in it."""

    x: float
    y: float
    width: float
    height: float
    count: int


def columns(counts: Sequence[int], labels: Sequence[str], axis: str, title: str) -> Markup:
    """A column for each count, with the count above it and a label below.

    labels: one for each column, or one more, of the borders between them.
    axis: what the labels are. title: the whole chart in a sentence, for who cannot see it.
    """
    height, ground, margin = 220, 220 - BOTTOM, 12
    step = (WIDTH - 2 * margin) / max(len(counts), 1)
    unit = (ground - TOP) / max([*counts, 1])
    drawn = []
    for number, count in enumerate(counts):
        tall = round(count * unit, 1)
        x = round(margin + number * step + step * 0.06, 1)
        drawn.append(Column(x, round(ground - tall, 1), round(step * 0.88, 1), tall, count))
    first = margin if len(labels) > len(counts) else margin + step / 2
    ticks = [(round(first + number * step, 1), label) for number, label in enumerate(labels)]
    return render(
        "charts/columns.svg.j2",
        columns=drawn,
        ticks=ticks,
        width=WIDTH,
        height=height,
        ground=ground,
        axis=axis,
        title=title,
    )


@dataclass(frozen=True)
class Bar:
    """A share as a bar, with a line over its interval. y: of the bar. label: lines above it."""

    y: int
    label: tuple[str, ...]
    value: float
    low: float
    high: float
    text: str


def bars(rows: Sequence[tuple[str, Share]], title: str) -> Markup:
    """A bar for each share, its label above it, over an axis from 0 to what is needed."""
    room, ground = WIDTH - 90, 0
    most = max([share.interval[1] for _, share in rows] or [1.0])
    end = next(mark for mark in (0.1, 0.25, 0.5, 1.0) if most <= mark)
    drawn = []
    for label, share in rows:
        lines = tuple(wrap(label, int(WIDTH / LETTER), break_long_words=False))
        low, high = (round(bound / end * room, 1) for bound in share.interval)
        value = round(share.value / end * room, 1)
        text = f"{share.count} · {percent(share.value)}"
        y = ground + len(lines) * LINE + 4
        drawn.append(Bar(y, lines, value, low, high, text))
        ground = y + 18
    ticks = []
    for part in range(6):
        ticks.append((round(part / 5 * room, 1), percent(part / 5 * end)))
    return render(
        "charts/bars.svg.j2",
        bars=drawn,
        ticks=ticks,
        line=LINE,
        width=WIDTH,
        height=ground + 26,
        ground=ground,
        title=title,
    )


@dataclass(frozen=True)
class Dot:
    """A point of a scatter; a label of no text has found no room."""

    x: float
    y: float
    label: str
    label_x: float
    label_y: float


def scatter(found: Sequence[tuple[str, float, float]], title: str) -> Markup:
    """Problems by how easy they are, 0 to 1 across, and by their discrimination, upwards.

    found: label, across, up.
    """
    height, ground = 320, 320 - BOTTOM
    lowest = min([0.0, *(up for _, _, up in found)])
    bottom = 0.2 * floor(lowest / 0.2)
    room = WIDTH - LEFT - 18

    def x(across: float) -> float:
        return round(LEFT + across * room, 1)

    def y(up: float) -> float:
        return round(ground - (up - bottom) / (1 - bottom) * (ground - 2 * TOP), 1)

    places = [(label, x(across), y(up)) for label, across, up in found]
    marks = [bottom + 0.2 * step for step in range(round((1 - bottom) / 0.2) + 1)]
    return render(
        "charts/scatter.svg.j2",
        dots=_labelled(places),
        across=[(x(part / 5), percent(part / 5)) for part in range(6)],
        up=[(y(mark), points(round(mark, 1)).replace("-", "−")) for mark in marks],
        left=LEFT,
        little=y(0.2),
        width=WIDTH,
        height=height,
        ground=ground,
        title=title,
    )


Box = tuple[float, float, float, float]


def _labelled(places: Sequence[tuple[str, float, float]]) -> list[Dot]:
    """The points with their labels beside them, each where it covers nothing, if there is room."""
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for _, x, y in places]
    dots = []
    for label, x, y in places:
        wide = len(label) * LETTER
        dot = Dot(x, y, "", x, y)
        middle = x - wide / 2
        beside = ((x + 7, y + 4), (x - 7 - wide, y + 4), (middle, y - 8), (middle, y + 17))
        for left, base in beside:
            box = (left, base - 9, left + wide, base + 2)
            if left >= LEFT and left + wide <= WIDTH and not any(_meet(box, one) for one in taken):
                taken.append(box)
                dot = Dot(x, y, label, round(left, 1), round(base, 1))
                break
        dots.append(dot)
    return dots


def _meet(first: Box, second: Box) -> bool:
    is_beside = first[2] <= second[0] or second[2] <= first[0]
    is_above = first[3] <= second[1] or second[3] <= first[1]
    return not is_beside and not is_above


def meter(share: float | None) -> Markup:
    """A share as a short bar, beside the number that says the same."""
    return render("charts/meter.svg.j2", filled=round((share or 0.0) * 60, 1))
