"""From data to text: the templates, and how they write numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment
from markupsafe import Markup

from autograder.classroom.templates import environment
from autograder.printable import LINES, printable

TEMPLATES = Path(__file__).parent / "templates"

NOTHING = "–"
"""Stands where there is no number."""


def render(template: str, **data: Any) -> Markup:
    """The text of a template. Whatever is put into it is escaped, and printable."""
    return Markup(_environment().get_template(template).render(**data))


@cache
def _environment() -> Environment:
    templates = environment(TEMPLATES, finalize=_shown)
    for write in (percent, points, about, decimal, seconds, plural, with_code, who):
        templates.filters[write.__name__] = write
    templates.globals["link"] = link
    templates.globals["NOTHING"] = NOTHING
    return templates


def _shown(value: Any) -> Any:
    """A text as it may be written; our own markup and numbers as they are."""
    return printable(value, LINES) if type(value) is str else value


# -------------------------------------------------------------------------------------------- links


class Linked(Protocol):
    """What has a section of its own, and a short name."""

    @property
    def anchor(self) -> str: ...
    @property
    def short(self) -> str: ...


@lru_cache(maxsize=10_000)
def link(anchor: str, text: str) -> Markup:
    """A link to a section; each is written many times."""
    return Markup('<a href="#{}">{}</a>').format(anchor, printable(text, LINES))


def who(linked: Sequence[Linked]) -> Markup:
    """Links to all of them, in a line."""
    return Markup(", ").join([link(one.anchor, one.short) for one in linked])


# ------------------------------------------------------------------------------------------ numbers


def percent(share: float | None) -> str:
    """A share, 0 to 1, in whole per cent; only nothing is 0 % and only all is 100 %.

    >>> percent(0.625), percent(0.999), percent(0.0001), percent(None)
    ('62%', '>99%', '<1%', '–')
    """
    if share is None:
        return NOTHING
    if 0.995 <= share < 1:
        return ">99%"
    if 0 < share < 0.005:
        return "<1%"
    return f"{share:.0%}"


def points(score: float | None) -> str:
    """Points, or how many of something on average.

    >>> points(6.0), points(3.25), points(-0.001), points(None)
    ('6', '3.25', '0', '–')
    """
    if score is None:
        return NOTHING
    return f"{round(score, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def about(value: float | None) -> str:
    """A mean, and what else nobody reads to the second decimal.

    >>> about(68.537), about(7.0), about(None)
    ('68.5', '7', '–')
    """
    return points(value if value is None else round(value, 1))


def decimal(value: float | None) -> str:
    """A correlation and what is like it, with a minus that is one.

    >>> decimal(0.4), decimal(-0.123), decimal(None)
    ('0.40', '−0.12', '–')
    """
    if value is None:
        return NOTHING
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def seconds(value: float | None) -> str:
    """A time.

    >>> seconds(0.497), seconds(12.34), seconds(754), seconds(7320)
    ('0.50 s', '12.3 s', '12 min 34 s', '2 h 2 min')
    """
    if value is None:
        return NOTHING
    if value < 10:
        return f"{value:.2f} s"
    if value < 100:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def plural(count: int, one: str, many: str = "") -> str:
    """So many of something.

    >>> plural(1, "student"), plural(3, "student"), plural(2, "entry", "entries")
    ('1 student', '3 students', '2 entries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def with_code(text: str) -> Markup:
    """A text in which names stand in backquotes, with these names as code.

    >>> str(with_code("`sin` is < `tanh`"))
    '<code>sin</code> is &lt; <code>tanh</code>'
    """
    parts = printable(text, LINES).split("`")
    written = Markup()
    for number, part in enumerate(parts):
        is_code = number % 2 == 1 and number < len(parts) - 1
        written += Markup("<code>{}</code>").format(part) if is_code else part
    return written
