"""Writing to whatever stands for a terminal: any code page, a file, a closed pipe, nothing at all.

`prepare` is called once, by the command line; after it everything that prints may print anything,
and no front end has to know where its words go. A character that the encoding lacks is replaced: a
sign of ours by one that every encoding has and that is as wide, so that columns stay columns, and
everything else by a question mark.
"""

from __future__ import annotations

import codecs
import errno
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

STAND_INS = {
    **dict.fromkeys("✓✔", "+"),
    **dict.fromkeys("✕✗×", "x"),
    "◐": "~",
    "○": "o",
    "⧖": "%",
    **dict.fromkeys("·…░", "."),
    **dict.fromkeys("•◆●■█▓▌▀▄", "#"),
    **dict.fromkeys("▒┼┌┐└┘├┤┬┴╭╮╯╰╺╸", "+"),
    **dict.fromkeys("─━╌−–—", "-"),
    **dict.fromkeys("│┃╎", "|"),
    **dict.fromkeys("→▶►▸›", ">"),
    **dict.fromkeys("←◀◄‹", "<"),
    **dict.fromkeys("↑▲", "^"),
    **dict.fromkeys("↓▼", "v"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’", "'"),
    "\N{NO-BREAK SPACE}": " ",
}
"""Our own signs, and those that a sentence may have, each as one character of ASCII."""

UNKNOWN = "?"
"""Stands for any other character that cannot be written."""

HANDLER = "stand-in"
"""The name under which Python knows `stand_in` as a way to meet what cannot be encoded."""

NOBODY_READS = (errno.EPIPE, errno.EINVAL)
"""What writing to a pipe fails with whose reader has gone; the second of them on Windows."""


def stand_in(error: UnicodeError) -> tuple[str, int]:
    """What is written in place of characters that an encoding lacks, and where to go on.

    >>> "✓ 3 − 1, naïve".encode("ascii", HANDLER)
    b'+ 3 - 1, na?ve'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(STAND_INS.get(character, UNKNOWN) for character in lacking), error.end


codecs.register_error(HANDLER, stand_in)


def writable(text: str, encoding: str) -> str:
    """The text as a stream of that encoding can take it, whatever way it has with what it lacks."""
    try:
        return text.encode(encoding, HANDLER).decode(encoding)
    except LookupError:  # no encoding that Python knows
        return text.encode("ascii", HANDLER).decode("ascii")


def prepare() -> None:
    """See to it that printing cannot fail by what is printed, or because nothing is there to print
    to.
    """
    _open_what_is_closed()
    sys.stdout = _writable(sys.stdout)
    sys.stderr = _writable(sys.stderr)


def _open_what_is_closed() -> None:
    """Connect closed standard streams to nothing.

    Else the next file or pipe that is opened would get their number, and what a child process
    prints would end up in it.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is given: just the one that is closed.
            os.open(os.devnull, os.O_RDWR)


def _writable(stream: TextIO | None) -> TextIO:
    """The stream, so that it takes all characters; one that leads nowhere if there is none."""
    if stream is None or stream.closed:  # without a console, as with pythonw
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - for as long as we run
    # A notebook's stream, or a test's, may be of another kind. Those take everything.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=HANDLER)
    return stream


def finish(status: int) -> int:
    """Write what is still to be written, and return the exit status to end with.

    Else Python does it when it ends, and says in several lines that it cannot.
    """
    try:
        sys.stdout.flush()
        return status
    except OSError as error:
        return unwritten(error, status)


def unwritten(error: OSError, status: int) -> int:
    """What to end with where the standard output does not take what is printed.

    Whoever reads us, `head` say, may have seen enough: that is no error. A full disk is.
    """
    if error.errno not in NOBODY_READS:
        print(f"the output could not be written: {error.strerror}", file=sys.stderr)
        status = 2
    # Python must not try to write the rest either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return status


def new_console(soft_wrap: bool = False) -> Console:
    """Where tables and messages are printed.

    soft_wrap: leave it to the terminal to break lines, so that what is copied has none.
    """
    from rich.console import Console  # nobody but a person needs it

    class Ours(Console):
        """One that leaves it to the command line what to do where nobody reads on."""

        def on_broken_pipe(self) -> None:
            raise  # what it is called for: the error that is being handled

    return Ours(highlight=False, soft_wrap=soft_wrap)
