"""The one base of all errors that somebody who uses the grader can make."""

from __future__ import annotations


class UserError(Exception):
    """Something a user did or asked for cannot be done; the message says why and what to do.

    The command line prints the message alone. Any other exception is a fault of ours and keeps its
    traceback.
    """


BUILD_AGAIN = "run `make casebook`; where there is no Makefile, unpack what you were given again"
"""What to do about frozen files that do not fit the grader beside them."""
