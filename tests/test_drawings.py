"""The drawings: readable by everybody, with no text outside its box, and up to date.

Widths are measured with DejaVu, which is wider than the fonts that a drawing asks for first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from autograder.authoring.drawings import FOLDER, NAMES, drawing, drawn_files
from autograder.authoring.drawings.canvas import (
    GREY,
    GROUND,
    KINDS,
    SHRUNK,
    WORDS,
    Box,
    Canvas,
    Label,
)
from tests.conftest import ROOT
from tests.docs.test_derived import luminance

LEAST_SIZE, LEAST_CONTRAST, LEAST_OUTLINE = 11, 4.5, 3.0
MARGIN = 8
"""What is left free along the edges of a drawing."""

ROOM = Path(drawing.__code__.co_filename).parent

Area = tuple[float, float, float, float]
"""left, top, right, bottom"""


# ------------------------------------------------------------------------------------ what is where


@cache
def font(style: str, slanted: bool, bold: bool) -> Any:
    matplotlib = pytest.importorskip("matplotlib.font_manager", reason="it measures widths")
    found = matplotlib.findfont(
        matplotlib.FontProperties(
            family="DejaVu Sans" if style == WORDS else "DejaVu Serif",
            style="italic" if slanted else "normal",
            weight="bold" if bold else "normal",
        )
    )
    return matplotlib.get_font(found)


def width_of(label: Label) -> float:
    width = 0.0
    for run in label.runs:
        face = font(label.style, run.slanted, label.bold)
        face.set_size(label.size * (SHRUNK if run.level else 1), 72)
        # A font tells no width of a blank at the end of a text.
        face.set_text(f"|{run.text}|")
        outer = face.get_width_height()[0]
        face.set_text("||")
        width += (outer - face.get_width_height()[0]) / 64
    return width


@cache
def area_of(label: Label) -> Area:
    width, half = width_of(label), 0.5 * label.size
    left = label.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * width
    return left, label.y - half, left + width, label.y + half


def area_of_box(box: Box) -> Area:
    return box.left[0], box.top[1], box.right[0], box.bottom[1]


def is_inside(area: Area, outer: Area, margin: float = 0.0) -> bool:
    left, top, right, bottom = outer
    return (
        area[0] >= left + margin
        and area[1] >= top + margin
        and area[2] <= right - margin
        and area[3] <= bottom - margin
    )


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def contrast(one: str, other: str) -> float:
    first, second = (
        luminance((int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)))
        for colour in (one, other)
    )
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


# -------------------------------------------------------------------------------- what may be wrong


def too_small(canvas: Canvas) -> Iterator[str]:
    for label in canvas.labels:
        least = min(label.size * (SHRUNK if run.level else 1) for run in label.runs)
        if least < LEAST_SIZE:
            yield label.text


def outside(canvas: Canvas) -> Iterator[str]:
    """Texts that leave their box or the drawing."""
    whole = (0.0, 0.0, float(canvas.width), float(canvas.height))
    for label in canvas.labels:
        if label.within is not None and not is_inside(area_of(label), area_of_box(label.within)):
            yield label.text
        if not is_inside(area_of(label), whole, MARGIN):
            yield label.text


def upon_another(canvas: Canvas) -> Iterator[str]:
    """Texts that lie upon another one, or across the edge of a box."""
    for number, label in enumerate(canvas.labels):
        for later in canvas.labels[number + 1 :]:
            if overlap(area_of(label), area_of(later)):
                yield f"{label.text} and {later.text}"
        for box in canvas.boxes:
            across = overlap(area_of(label), area_of_box(box))
            if across and not is_inside(area_of(label), area_of_box(box)):
                yield f"{label.text} and a box"


def crossed_out(canvas: Canvas) -> Iterator[str]:
    """Texts that a way passes through, but for those in a box, which covers the way."""
    covered = [area_of_box(box) for box in canvas.boxes]
    for label in canvas.labels:
        if any(is_inside(area_of(label), area) for area in covered):
            continue
        area = area_of(label)
        for way in canvas.ways:
            for start, end in pairwise(way.points):
                if any(is_at(point, area) for point in along(start, end)):
                    yield label.text


def along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    for step in range(201):
        share = step / 200
        yield (
            start[0] + share * (end[0] - start[0]),
            start[1] + share * (end[1] - start[1]),
        )


def is_at(point: tuple[float, float], area: Area) -> bool:
    return area[0] <= point[0] <= area[2] and area[1] <= point[1] <= area[3]


def pale(canvas: Canvas) -> Iterator[str]:
    """Texts that are too pale on what lies below them."""
    for label in canvas.labels:
        ground = GROUND
        for box in canvas.boxes:
            if is_inside(area_of(label), area_of_box(box)):
                ground = KINDS[box.kind][0]
        if contrast(label.colour, ground) < LEAST_CONTRAST:
            yield label.text


RULES = (too_small, outside, upon_another, crossed_out, pale)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rule", RULES)
def test_a_drawing_can_be_read(name: str, rule: Callable[[Canvas], Iterator[str]]) -> None:
    assert list(rule(drawing(name))) == []


def broken(rule: Callable[[Canvas], Iterator[str]]) -> Canvas:
    """A drawing that breaks this rule."""
    canvas = Canvas("broken", 200, 200, "Broken", "Nothing.")
    if rule is too_small:
        canvas.text(100, 100, "h_t", 13)
    elif rule is outside:
        canvas.box("state", 100, 100, "h_{t-1} and more", width=64)
    elif rule is upon_another:
        canvas.text(100, 100, "one")
        canvas.text(104, 104, "other")
    elif rule is crossed_out:
        canvas.text(100, 100, "one")
        canvas.way((20, 100), (180, 100))
    else:
        canvas.text(100, 100, "one", colour="#9a9a9a")
    return canvas


@pytest.mark.parametrize("rule", RULES)
def test_a_drawing_that_cannot_be_read_is_found(rule: Callable[[Canvas], Iterator[str]]) -> None:
    assert list(rule(broken(rule)))


def test_every_colour_of_an_outline_is_told_from_its_ground() -> None:
    for kind, (ground, outline) in KINDS.items():
        if kind != "joint":
            assert contrast(ground, outline) >= LEAST_OUTLINE, kind
        assert contrast(outline, GROUND) >= LEAST_OUTLINE, kind
    assert contrast(GREY, GROUND) >= LEAST_CONTRAST


def test_nothing_is_drawn_outside_the_drawing() -> None:
    for name in NAMES:
        canvas = drawing(name)
        whole = (0.0, 0.0, float(canvas.width), float(canvas.height))
        for box in canvas.boxes:
            assert is_inside(area_of_box(box), whole, MARGIN), name
        for way in canvas.ways:
            assert all(is_at(point, whole) for point in way.points), name


# ----------------------------------------------------------------------------------------- as files


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_well_formed_fetches_nothing_and_says_in_words_what_it_shows(name: str) -> None:
    text = drawing(name).svg()
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)\S+", text) == []
    assert "<script" not in text and "@font-face" not in text
    picture = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert picture.get("role") == "img"
    title, words = picture.find(f"{space}title"), picture.find(f"{space}desc")
    assert title is not None and words is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert len(title.text or "") > 15 and len(words.text or "") > 150
    assert drawing(name).svg() == text


def test_a_sign_that_xml_knows_is_written_as_a_sign() -> None:
    canvas = Canvas("signs", 200, 100, "a < b & c", "x > y")
    canvas.text(100, 50, "p < q_{a<b} & r")
    said = "".join(ElementTree.fromstring(canvas.svg()).itertext())
    for text in ("a < b & c", "x > y", "p < qa<b & r"):
        assert text in said


def test_every_module_of_the_room_is_a_drawing() -> None:
    modules = {path.stem for path in ROOM.glob("*.py")} - {"__init__", "canvas"}
    assert modules == set(NAMES) and len(set(NAMES)) == len(NAMES)
    assert [drawing(name).name for name in NAMES] == [*NAMES]


def test_the_files_are_up_to_date() -> None:
    folder = ROOT / "assignment"
    there = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in (folder / FOLDER).glob("*")
    }
    assert there == drawn_files(), "run `make assignment`"
