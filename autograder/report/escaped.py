"""Text of anybody's as HTML."""

from __future__ import annotations

from html import escape as escape_html

from autograder.printable import LINES, printable


def escape(text: str) -> str:
    """Text of anybody's as HTML that shows just that text."""
    return escape_html(printable(text, LINES))
