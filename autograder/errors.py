"""The one base of all errors that somebody who uses the grader can make, and words they share."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from autograder.printable import LINES, printable


class UserError(Exception):
    """Something a user did or asked for cannot be done; the message says why and what to do.

    The command line prints the message alone. Any other exception is a fault of ours and keeps its
    traceback. The message is printable, whatever name it quotes.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(printable(message, LINES))


OURS = (
    "The grader itself failed on this problem. That is not your fault and will be mended; the "
    "staff can see why."
)
"""What a student is told of a fault of ours."""

BUILD_AGAIN = "run `make casebook`; where there is no Makefile, unpack what you were given again"
"""What to do about frozen files that do not fit the grader beside them."""


def short(path: Path) -> str:
    """The end of a path that tells a reader of this repository which file it is."""
    return "/".join(path.parts[-3:])


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The end of a sentence about a name that does not exist; empty if none is like it.

    >>> did_you_mean("hint", ["hints", "idea"])
    '; did you mean hints?'
    """
    from difflib import get_close_matches  # few runs need it

    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""
