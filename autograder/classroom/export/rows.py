"""CSV files of our own. What a student could choose, such as a name, never runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.printable import printable

FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes a cell for a formula by, wherever it came from."""


def safe(text: str) -> str:
    """A text that a spreadsheet shows as it is.

    An apostrophe goes before what would be a formula: a folder's name, which a student chooses, may
    be `=HYPERLINK(...)`, and staff open these files in spreadsheets. No real name or number of a
    student begins so, hence no program that reads the file meets an apostrophe. Cells of a
    teacher's own file are never changed.

    >>> safe("=1+1"), safe("Ada"), safe(" @x")
    ("'=1+1", 'Ada', "' @x")
    """
    shown = printable(text, instead=" ")
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows in UTF-8, with the line ends that the format names (RFC 4180)."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
