"""Text of anybody's as HTML."""

from __future__ import annotations

from html import escape as escape_html

from autograder.printable import LINES, printable

QUIET = "opacity:0.75"
"""The style of what is read last. No grey of its own would do on white and on black."""


def escape(text: str) -> str:
    """Text of anybody's as HTML that shows just that text."""
    return escape_html(printable(text, LINES))
