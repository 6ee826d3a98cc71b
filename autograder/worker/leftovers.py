"""What is left in a file by a notebook, a chat, a merge or a newer Python, and what to do about it.

Looked for only on the line that Python has stumbled over: in a docstring a prompt is at home.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

QUOTED = 60
"""Characters of a student's line that are quoted."""

LONGEST = 500
"""Characters of a line in which something is looked for."""

HERE = "{}.{}".format(*sys.version_info)
"""The Python that reads the student's files."""

ALONE = 'below `if __name__ == "__main__":`'
"""Where code belongs that a file is to run by itself, and not when it is imported."""


class Leftover(NamedTuple):
    """A line that is no Python, what it is, and what to do."""

    line: re.Pattern[str]
    what: str
    do: str


def _leftover(pattern: str, what: str, do: str) -> Leftover:
    return Leftover(re.compile(pattern), what, do)


LEFTOVERS = (
    _leftover(
        r"^(<{7}|={7}|>{7}|\|{7})(\s|$)",
        "is left from a merge",
        "keep one of the two versions, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`",
    ),
    _leftover(r"^\s*!", "is notebook syntax", "delete that line"),
    _leftover(r"^\s*%%?\w", "is notebook syntax", "delete that line"),
    _leftover(r"^\s*\?|\?\s*$", "is notebook syntax", "delete that line"),
    _leftover(r"\b(get_ipython|display)\s*\(", "is notebook syntax", "delete that line"),
    _leftover(r"^\s*\w+ = !", "is notebook syntax", "delete that line"),
    _leftover(
        r"^\s*(>>>|\.\.\.)(\s|$)",
        "begins with a prompt of Python's",
        "delete `>>>` and `...` at the beginning of the lines",
    ),
    _leftover(
        r"^\s*(In|Out)\s*\[\s*\d*\s*\]:",
        "begins with a notebook's cell number",
        "delete `In [..]:` and `Out[..]:` at the beginning of the lines",
    ),
    _leftover(
        r"^\s*(```|~~~)", "is markdown, as a chat or a web page writes it", "delete that line"
    ),
    _leftover(
        r"^\s*\d+\s*[:.|)]?\s+[A-Za-z_@#]",
        "begins with a line number",
        "delete the numbers at the beginning of the lines",
    ),
    _leftover(
        r"^\s*(pip3?|conda|python3?|cd|ls|sudo|apt|apt-get|git|wget|curl)\s+[\w./-]",
        "is a command for a terminal",
        "delete that line",
    ),
    _leftover(
        "[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]",
        "has the quotes of a word processor",
        "type \" or ' in their place",
    ),
    _leftover(
        "[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]",
        "has an invisible character that a web page or a word processor left there",
        "delete the spaces of that line and type them again",
    ),
    _leftover("[\u2010-\u2015\u2212]", "has a dash that is no minus", "type - in its place"),
    _leftover("[\u00d7\u00f7\u2217\u22c5]", "has a sign that is no Python", "type * or /"),
)

COLAB = ("google", "IPython", "ipywidgets", "nbconvert")
"""Packages that notebooks use, and files cannot."""


class Newer(NamedTuple):
    """Syntax that came with a Python."""

    line: re.Pattern[str]
    what: str
    since: tuple[int, int]


# The same quotes once more between the braces of an f-string.
_SAME_QUOTES = (
    r"""\b[rR]?[fF][rR]?(["'])(?:(?!\1)[^{}])*\{(?:(?!\1)[^{}])*\1(?:(?!\1)[^{}])*\1[^{}]*\}"""
)

NEWER_SYNTAX = (
    Newer(re.compile(r"^\s*except\s*\*"), "`except*`", (3, 11)),
    Newer(re.compile(r"^\s*(async\s+)?def\s+\w+\s*\["), "`def name[T]`", (3, 12)),
    Newer(re.compile(r"^\s*class\s+\w+\s*\["), "`class Name[T]`", (3, 12)),
    Newer(re.compile(r"^\s*type\s+[A-Za-z_]\w*\s*(\[.*\]\s*)?="), "`type Name = ...`", (3, 12)),
    Newer(re.compile(_SAME_QUOTES), "the same quotes inside an f-string", (3, 12)),
    Newer(re.compile(r"\b[rR]?[tT][rR]?([\"']).*\1"), "a t-string", (3, 14)),
)

NEWER_MESSAGES = {
    "f-string expression part cannot include a backslash": "a backslash in an f-string's braces",
    "f-string expression part cannot include '#'": "a comment in an f-string's braces",
}
"""What Python says, up to 3.11, of syntax that came with 3.12."""

NEWER_NAMES: dict[str, tuple[int, int]] = {
    "asyncio.TaskGroup": (3, 11),
    "copy.replace": (3, 13),
    "datetime.UTC": (3, 11),
    "enum.StrEnum": (3, 11),
    "functools.Placeholder": (3, 14),
    "itertools.batched": (3, 12),
    "math.cbrt": (3, 11),
    "math.exp2": (3, 11),
    "math.fma": (3, 13),
    "math.sumprod": (3, 12),
    "operator.call": (3, 11),
    "pathlib.UnsupportedOperation": (3, 13),
    "tomllib": (3, 11),
    "typing.LiteralString": (3, 11),
    "typing.Never": (3, 11),
    "typing.NotRequired": (3, 11),
    "typing.ReadOnly": (3, 13),
    "typing.Required": (3, 11),
    "typing.Self": (3, 11),
    "typing.TypeAliasType": (3, 12),
    "typing.TypeIs": (3, 13),
    "typing.TypeVarTuple": (3, 11),
    "typing.Unpack": (3, 11),
    "typing.assert_never": (3, 11),
    "typing.assert_type": (3, 11),
    "typing.override": (3, 12),
    "typing.reveal_type": (3, 11),
    "warnings.deprecated": (3, 13),
}
"""What the standard library did not always have, and since when it has."""


def leftover_on(line: str) -> str:
    """`` `!pip install numpy` is notebook syntax: delete that line ``; empty if it is none.

    >>> leftover_on("%matplotlib inline")
    '`%matplotlib inline` is notebook syntax: delete that line'
    >>> leftover_on("x = 1")
    ''
    """
    for leftover in LEFTOVERS:
        found = leftover.line.search(line[:LONGEST])
        if found is None:
            continue
        character = found[0] if len(found[0]) == 1 and not found[0].isascii() else ""
        named = f" (U+{ord(character):04X})" if character else ""
        return f"{quoted(line)} {leftover.what}{named}: {leftover.do}"
    return ""


def quoted(line: str) -> str:
    """A student's line between backticks, cut to a bearable length."""
    text = line.strip()
    mark = "'" if "`" in text else "`"
    if len(text) > QUOTED:
        text = f"{text[:QUOTED]}..."
    return f"{mark}{text}{mark}"


def newer_syntax(line: str, message: str, here: tuple[int, int] = sys.version_info[:2]) -> str:
    """Which newer Python a line is written for that this one does not read; empty if none is known.

    message: what this Python says of it.

    >>> newer_syntax("type Vector = list", "invalid syntax", here=(3, 11))
    '`type Name = ...` is syntax of Python 3.12 or newer'
    """
    for known, what in NEWER_MESSAGES.items():
        if message.startswith(known) and here < (3, 12):
            return f"{what} is syntax of Python 3.12 or newer"
    for newer in NEWER_SYNTAX:
        if here < newer.since and newer.line.search(line[:LONGEST]):
            verb = "are" if newer.what.startswith("the same quotes") else "is"
            return f"{newer.what} {verb} syntax of Python {dotted(newer.since)} or newer"
    return ""


def newer_name(name: str, here: tuple[int, int] = sys.version_info[:2]) -> str:
    """Since which newer Python the standard library has this; empty if this one has it, or none.

    >>> newer_name("itertools.batched", here=(3, 11))
    'itertools.batched came with Python 3.12'
    """
    since = NEWER_NAMES.get(name, here)
    return f"{name} came with Python {dotted(since)}" if here < since else ""


def dotted(version: tuple[int, int]) -> str:
    """`3.12`, of `(3, 12)`."""
    return f"{version[0]}.{version[1]}"
