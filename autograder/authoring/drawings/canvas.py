"""A canvas for drawings of networks: boxes, circles, ways and labels, written as SVG.

Every drawing has the same style and a light ground of its own, so that it can be read on a dark
page too. A colour means the same in all of them: see `KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

Point = tuple[float, float]

GROUND, EDGE = "#ffffff", "#c4ccd6"
INK, GREY, RED, BLUE = "#17202b", "#3a4552", "#a8322a", "#235d93"
"""Of texts; of other ways and notes; of gradients; of what is handed on."""

KINDS = {
    "input": ("#e1f3e5", "#26703a"),
    "state": ("#e2effb", BLUE),
    "output": ("#fff3d1", "#8a6200"),
    "layer": ("#efe7f8", "#64409a"),
    "plain": ("#ffffff", GREY),
    "joint": (GREY, GREY),
}
"""Kind of a box -> its ground and its outline.

input: what is read. state: what a network keeps. output: what it says. layer: something with
weights to learn. plain: an operation without weights. joint: where a way parts.
"""

WORDS, MATHS = "words", "maths"
"""How a text is set: as English, or as an equation."""

FONTS = {
    WORDS: 'system-ui, "Segoe UI", Helvetica, Arial, sans-serif',
    MATHS: '"STIX Two Text", "Cambria Math", "Times New Roman", "DejaVu Serif", serif',
}

SHRUNK = 0.78
"""Of a letter's size, what an index has."""

CORNER = 9.0
"""How far before a bend a way begins to turn."""

INDEX = re.compile(r"([_^])(?:\{([^}]*)\}|(\w))")
NAMES = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Run:
    """A piece of a text that is set in one way.

    level: -1 for an index, 1 for an exponent, 0 otherwise. slanted: whether it is a variable.
    """

    text: str
    level: int
    slanted: bool


@dataclass(frozen=True)
class Label:
    """A text on a drawing, centred on its height.

    anchor: start, middle or end, as in SVG. within: the box that it must not leave, if any.
    """

    x: float
    y: float
    text: str
    size: float
    style: str
    anchor: str
    colour: str
    bold: bool = False
    within: Box | None = None

    @property
    def runs(self) -> list[Run]:
        """Its pieces, in order."""
        return list(_runs(self.text, self.style))


@dataclass(frozen=True)
class Box:
    """A box, or a circle if it is round; x and y are its middle."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    is_round: bool = False

    @property
    def left(self) -> Point:
        """Where a way from the left arrives."""
        return self.x - self.width / 2, self.y

    @property
    def right(self) -> Point:
        """Where a way to the right starts."""
        return self.x + self.width / 2, self.y

    @property
    def top(self) -> Point:
        """Where a way upwards starts."""
        return self.x, self.y - self.height / 2

    @property
    def bottom(self) -> Point:
        """Where a way from below arrives."""
        return self.x, self.y + self.height / 2


@dataclass(frozen=True)
class Way:
    """A line through points, with a head at its end or without one."""

    points: tuple[Point, ...]
    colour: str
    width: float
    has_head: bool
    is_dashed: bool


@dataclass
class Canvas:
    """A drawing in the making.

    name: of its file. title: what it shows, in a line. words: what it says, for readers who do not
    see it.
    """

    name: str
    width: int
    height: int
    title: str
    words: str
    boxes: list[Box] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def box(
        self,
        kind: str,
        x: float,
        y: float,
        text: str | Sequence[str] = "",
        width: float = 64,
        height: float = 44,
        style: str = MATHS,
        size: float = 18,
    ) -> Box:
        """A box with its text in the middle, a line or several."""
        made = Box(kind, x, y, width, height)
        self.boxes.append(made)
        lines = [text] if isinstance(text, str) else list(text)
        first = y - (len(lines) - 1) * size * 0.6
        for number, line in enumerate(lines):
            if line:
                at = first + number * size * 1.2
                self._label(x, at, line, size, style, "middle", INK, False, made)
        return made

    def circle(self, x: float, y: float, text: str = "", radius: float = 16) -> Box:
        """A circle with a sign in it: an operation on each number by itself."""
        made = Box("plain", x, y, 2 * radius, 2 * radius, is_round=True)
        self.boxes.append(made)
        if text:
            size = 1.25 * radius if len(text) == 1 else radius
            self._label(x, y, text, size, WORDS, "middle", INK, False, made)
        return made

    def node(self, kind: str, x: float, y: float, radius: float = 10) -> Box:
        """A unit, or a vector, that needs no name."""
        made = Box(kind, x, y, 2 * radius, 2 * radius, is_round=True)
        self.boxes.append(made)
        return made

    def joint(self, x: float, y: float) -> None:
        """A dot where a way parts."""
        self.boxes.append(Box("joint", x, y, 7, 7, is_round=True))

    def way(
        self,
        *points: Point,
        colour: str = GREY,
        width: float = 2,
        head: bool = True,
        dashed: bool = False,
    ) -> None:
        """A way through points, with a head at its end."""
        self.ways.append(Way(tuple(points), colour, width, head, dashed))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 15,
        style: str = WORDS,
        anchor: str = "middle",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """A text that stands by itself."""
        self._label(x, y, text, size, style, anchor, colour, bold, None)

    def _label(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        style: str,
        anchor: str,
        colour: str,
        bold: bool,
        within: Box | None,
    ) -> None:
        self.labels.append(Label(x, y, text, size, style, anchor, colour, bold, within))

    def svg(self) -> str:
        """The drawing as the text of an SVG file; it fetches nothing."""
        return "\n".join(_lines(self)) + "\n"


# -------------------------------------------------------------------------------------------- texts


def _runs(text: str, style: str) -> Iterator[Run]:
    """The pieces of `h_{t-1} W_h`: what stands lower is an index, what is a variable is slanted."""
    at = 0
    for match in INDEX.finditer(text):
        yield from _slanted(text[at : match.start()], 0, style)
        level = -1 if match[1] == "_" else 1
        yield from _slanted(match[2] or match[3], level, style)
        at = match.end()
    yield from _slanted(text[at:], 0, style)


def _slanted(text: str, level: int, style: str) -> Iterator[Run]:
    """In an equation single letters are variables; tanh, digits and signs stand upright."""
    if style == WORDS:
        if text:
            yield Run(text, level, False)
        return
    at = 0
    for match in NAMES.finditer(text):
        # tanh stands upright; h and the index hy do not.
        if len(match[0]) <= (2 if level else 1) and match[0].isascii():
            if match.start() > at:
                yield Run(text[at : match.start()], level, False)
            yield Run(match[0], level, True)
            at = match.end()
    if at < len(text):
        yield Run(text[at:], level, False)


# ---------------------------------------------------------------------------------------------- SVG


def _lines(canvas: Canvas) -> Iterator[str]:
    name, width, height = canvas.name, canvas.width, canvas.height
    yield (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{name}-name {name}-text">'
    )
    yield f'<title id="{name}-name">{escape(canvas.title)}</title>'
    yield f'<desc id="{name}-text">{escape(canvas.words)}</desc>'
    yield "<style>"
    for style, family in FONTS.items():
        yield f".{style} {{ font-family: {family}; }}"
    yield ".way { fill: none; stroke-linejoin: round; stroke-linecap: round; }"
    yield "</style>"
    yield "<defs>"
    for colour in sorted({way.colour for way in canvas.ways if way.has_head}):
        yield _head(name, colour)
    yield "</defs>"
    yield (
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="10" '
        f'fill="{GROUND}" stroke="{EDGE}"/>'
    )
    for way in canvas.ways:
        yield _way(name, way)
    for box in canvas.boxes:
        yield _box(box)
    for label in canvas.labels:
        yield _label(label)
    yield "</svg>"


def _head(name: str, colour: str) -> str:
    return (
        f'<marker id="{_head_id(name, colour)}" viewBox="0 0 10 10" refX="9" refY="5" '
        f'markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto">'
        f'<path d="M0 1 10 5 0 9z" fill="{colour}"/></marker>'
    )


def _head_id(name: str, colour: str) -> str:
    return f"{name}-head-{colour.removeprefix('#')}"


def _way(name: str, way: Way) -> str:
    attributes = f'stroke="{way.colour}" stroke-width="{_number(way.width)}"'
    if way.is_dashed:
        attributes += ' stroke-dasharray="7 5"'
    if way.has_head:
        attributes += f' marker-end="url(#{_head_id(name, way.colour)})"'
    return f'<path class="way" d="{path_of(way.points)}" {attributes}/>'


def path_of(points: Sequence[Point]) -> str:
    """The way through these points, with its bends rounded, as SVG writes a path."""
    parts = [f"M{_point(points[0])}"]
    for before, bend, after in zip(points, points[1:], points[2:], strict=False):
        parts.append(f"L{_point(_towards(bend, before))}")
        parts.append(f"Q{_point(bend)} {_point(_towards(bend, after))}")
    parts.append(f"L{_point(points[-1])}")
    return " ".join(parts)


def _towards(start: Point, goal: Point) -> Point:
    """The point a corner's length from start on the way to goal; half way if that is nearer."""
    across, down = goal[0] - start[0], goal[1] - start[1]
    length = float((across**2 + down**2) ** 0.5)
    share = min(CORNER / length, 0.5) if length else 0.0
    return start[0] + share * across, start[1] + share * down


def _point(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _box(box: Box) -> str:
    ground, outline = KINDS[box.kind]
    colours = f'fill="{ground}" stroke="{outline}" stroke-width="2"'
    if box.is_round:
        radius = _number(box.width / 2)
        return f'<circle cx="{_number(box.x)}" cy="{_number(box.y)}" r="{radius}" {colours}/>'
    left, top = _number(box.x - box.width / 2), _number(box.y - box.height / 2)
    size = f'width="{_number(box.width)}" height="{_number(box.height)}"'
    return f'<rect x="{left}" y="{top}" {size} rx="8" {colours}/>'


def _label(label: Label) -> str:
    # Half the height of a small letter below the middle: there its foot stands.
    foot = label.y + 0.34 * label.size
    weight = ' font-weight="700"' if label.bold else ""
    pieces = "".join(_pieces(label))
    return (
        f'<text class="{label.style}" x="{_number(label.x)}" y="{_number(foot)}" '
        f'font-size="{_number(label.size)}" text-anchor="{label.anchor}" '
        f'fill="{label.colour}"{weight}>{pieces}</text>'
    )


def _pieces(label: Label) -> Iterator[str]:
    height = 0
    for run in label.runs:
        attributes = ""
        if run.slanted:
            attributes += ' font-style="italic"'
        if run.level:
            attributes += f' font-size="{_number(SHRUNK * label.size)}"'
        if run.level != height:
            attributes += f' dy="{_number(_shift(height, run.level, label.size))}"'
            height = run.level
        text = escape(run.text, quote=False)
        yield f"<tspan{attributes}>{text}</tspan>" if attributes else text


def _shift(before: int, after: int, size: float) -> float:
    """How far down a text has to move from one level to another."""
    heights = {-1: 0.24, 0: 0.0, 1: -0.38}
    return size * (heights[after] - heights[before])
