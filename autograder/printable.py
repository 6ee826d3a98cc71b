"""Text that is safe to show: what a name, a message or a printed line may hold of its characters.

Used where a text is quoted (every finding and every error of ours) and once more where it is
written, so that neither has to trust the other.
"""

from __future__ import annotations

from typing import Any

LINES = "\n\t"
"""What a text of several lines may hold besides printable characters."""

SHOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for each character that is not shown, so that it is seen that something was there."""


def printable(text: str, keep: str = "", longest: int | None = None, instead: str = SHOWN) -> str:
    r"""The text without characters that move a cursor, change a colour or turn a line round.

    That is all that `str.isprintable` refuses: control characters, line ends, marks of direction,
    lone surrogates. keep: characters to leave as they are. longest: characters to keep in all.
    instead: what stands for each that goes.

    >>> printable("hw\x1b[2J.zip") == "hw\N{REPLACEMENT CHARACTER}[2J.zip"
    True
    """
    text = text[:longest]
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else instead for c in text)


def printable_data(data: Any) -> Any:
    """The same for every text in plain data, the names in it too; lines and tabs stay."""
    if isinstance(data, str):
        return printable(data, LINES)
    if isinstance(data, dict):
        return {printable_data(name): printable_data(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [printable_data(value) for value in data]
    return data
