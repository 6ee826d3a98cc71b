"""A CSV file of somebody else's, in which single cells change and every other byte stays.

The csv module reads such files but cannot write one back as it was: quoting, line ends, a byte
order mark and blanks at the end of a line would change.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.export.job import ExportError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, and what they say."""

DELIMITERS = ",;\t"
MOST_BYTES = 200_000_000
"""More than any gradebook has."""


@dataclass(frozen=True)
class Span:
    """Where a cell stands in the text, quotes included."""

    start: int
    end: int
    quoted: bool


class Sheet:
    """The cells of a CSV file, to be looked at and replaced.

    rows: the texts, row by row; a row has as many as it has in the file.
    Raises ExportError if the file cannot be read, or is no CSV.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        content = _read(path)
        self._mark, self._encoding = _encoding(content, path.name)
        self._text = content[len(self._mark) :].decode(self._encoding)
        self.delimiter = _delimiter(self._text)
        self.rows: list[list[str]] = []
        self._spans: list[list[Span]] = []
        self._scan()

    def is_blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return not any(text.strip() for text in self.rows[row])

    def cell(self, row: int, column: int | None) -> str:
        """A cell's text without blanks round it; empty where the row is shorter."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column].strip()

    def replaced(self, changes: Mapping[tuple[int, int], str]) -> bytes:
        """The file with these cells, (row, column) from 0, changed and nothing else."""
        parts, done = [], 0
        for (row, column), text in sorted(changes.items()):
            span, before = self._place(row, column)
            parts += [self._text[done : span.start], before, self._written(text, span.quoted)]
            done = span.end
        parts.append(self._text[done:])
        return self._mark + "".join(parts).encode(self._encoding, "replace")

    def _place(self, row: int, column: int) -> tuple[Span, str]:
        """Where a cell goes, and what goes before it in a row that ends too early."""
        spans = self._spans[row]
        if column < len(spans):
            return spans[column], ""
        end = spans[-1].end
        return Span(end, end, False), self.delimiter * (column - len(spans) + 1)

    def _written(self, text: str, quoted: bool) -> str:
        """A cell as it is written, in quotes if it was or has to be."""
        if quoted or any(letter in text for letter in f'{self.delimiter}"\r\n'):
            doubled = text.replace('"', '""')
            return f'"{doubled}"'
        return text

    def _scan(self) -> None:
        """Find every cell. Raises ExportError for a quote that is never closed."""
        one = re.compile(
            rf'(?P<quoted>"[^"]*(?:""[^"]*)*")?(?P<bare>[^{self.delimiter}\r\n]*)'
            rf"(?P<end>{self.delimiter}|\r\n|\n|\r|\Z)"
        )
        row: list[str] = []
        spans: list[Span] = []
        place, last = 0, len(self._text)
        while True:
            found = one.match(self._text, place)
            assert found is not None  # an empty cell matches anywhere
            quoted, bare = found["quoted"], found["bare"]
            if quoted is None and bare.startswith('"'):
                raise ExportError(
                    f"{self.name} is not readable as CSV: the quote that opens in line "
                    f"{len(self.rows) + 1} is never closed; download the file again"
                )
            row.append(bare if quoted is None else quoted[1:-1].replace('""', '"') + bare)
            spans.append(Span(found.start(), found.end("bare"), quoted is not None))
            place = found.end()
            if found["end"] != self.delimiter:
                self.rows.append(row)
                self._spans.append(spans)
                row, spans = [], []
                # What follows the last line end is no row.
                if place >= last:
                    return


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ExportError(f"{path.name} is too large for a file of grades")
        content = path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path.name} cannot be read: {error.strerror}") from None
    if not content.strip():
        raise ExportError(f"{path.name} is empty: download it again")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ExportError(f"{path.name} is a workbook or an archive: download it as CSV")
    return content


def _encoding(content: bytes, name: str) -> tuple[bytes, str]:
    """The byte order mark, and an encoding by which the text can be written back as it was."""
    for mark, encoding in MARKS:
        if content.startswith(mark) and _goes_back(content[len(mark) :], encoding):
            return mark, encoding
    if b"\0" not in content:
        # An old spreadsheet writes Windows' own letters; the last of these takes every byte.
        for encoding in ("utf-8", "cp1252", "latin-1"):
            if _goes_back(content, encoding):
                return b"", encoding
    raise ExportError(f"{name} is no text: download it as CSV")


def _goes_back(content: bytes, encoding: str) -> bool:
    try:
        return content.decode(encoding).encode(encoding) == content
    except UnicodeError:
        return False


def _delimiter(text: str) -> str:
    """What stands between cells: of the usual ones, the one that the first line has most often."""
    first = re.sub(r'"[^"]*"', "", text[:100_000]).lstrip("\r\n")
    line = re.split(r"[\r\n]", first, maxsplit=1)[0]
    return max(DELIMITERS, key=line.count)
