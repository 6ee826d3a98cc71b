"""A teacher's file with single cells changed: the same cells as csv finds, and no other byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.export.job import ExportError
from autograder.classroom.export.sheet import Sheet

CELLS = st.text(alphabet='ab ,;\t"\n\r€é0.', max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5)
WAYS = st.tuples(
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
FOLDER: list[Path] = []


@pytest.fixture(autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("sheets")]


def written(rows: list[list[str]], way: tuple[str, str, int, bool, str]) -> tuple[bytes, str]:
    """The rows as some program writes them, below a line that shows what is between cells."""
    delimiter, line_end, quoting, ends, encoding = way
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["first", "second", "third", "fourth"], *rows])
    value = text.getvalue()
    value = value if ends else value[: -len(line_end)]
    return value.encode(encoding), value


def sheet_of(content: bytes) -> Sheet:
    path = FOLDER[0] / "book.csv"
    path.write_bytes(content)
    return Sheet(path)


@given(ROWS, WAYS)
def test_its_cells_are_those_that_csv_finds(
    rows: list[list[str]], way: tuple[str, str, int, bool, str]
) -> None:
    content, text = written(rows, way)
    sheet = sheet_of(content)
    want = list(csv.reader(io.StringIO(text, newline=""), delimiter=way[0]))
    assert sheet.delimiter == way[0]
    assert _not_blank(sheet.rows) == _not_blank(want)
    assert sheet.replaced({}) == content


def _not_blank(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if row not in ([], [""])]


@given(ROWS, WAYS, st.data())
def test_only_the_cell_that_changes_changes(
    rows: list[list[str]], way: tuple[str, str, int, bool, str], data: st.DataObject
) -> None:
    """What stands before and behind it is what stood there, and between them was that cell."""
    content, text = written(rows, way)
    sheet = sheet_of(content)
    row = data.draw(st.integers(1, len(sheet.rows) - 1))
    column = data.draw(st.integers(0, len(sheet.rows[row]) - 1))
    encoding = way[-1]
    changed = sheet.replaced({(row, column): "ZZ"}).decode(encoding)
    before, behind = changed.split("ZZ")
    if before.endswith('"') and behind.startswith('"'):
        before, behind = before[:-1], behind[1:]
    assert text.startswith(before) and text.endswith(behind)
    cell = text[len(before) : len(text) - len(behind)]
    (read,) = csv.reader(io.StringIO(cell + way[0], newline=""), delimiter=way[0])
    assert read[0] == sheet.rows[row][column]


@given(ROWS, WAYS, CELLS)
def test_what_is_written_is_what_is_read(
    rows: list[list[str]], way: tuple[str, str, int, bool, str], text: str
) -> None:
    before = sheet_of(written(rows, way)[0])
    changes = {(row, 1): text for row in range(1, len(before.rows))}
    after = sheet_of(before.replaced(changes))
    for row in range(1, len(before.rows)):
        assert after.rows[row][1] == text
        assert after.rows[row][0] == before.rows[row][0]


def test_a_row_that_ends_too_early_gets_the_cells_it_lacks() -> None:
    sheet = sheet_of(b"a,b,c,d\r\n1\r\n2,3\r\n")
    assert sheet.replaced({(1, 3): "x", (2, 2): "y"}) == b"a,b,c,d\r\n1,,,x\r\n2,3,y\r\n"


def test_a_cell_stays_in_quotes_and_gets_them_where_it_must() -> None:
    sheet = sheet_of(b'a,b\n"1",2\n')
    assert sheet.replaced({(1, 0): "5", (1, 1): "7,5"}) == b'a,b\n"5","7,5"\n'


def test_old_windows_letters_stay_as_they_were() -> None:
    content = "name,points\nJörg,\x801\n".encode("latin-1")
    assert sheet_of(content).replaced({(1, 1): "2"}) == "name,points\nJörg,2\n".encode("latin-1")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 a workbook", "download it as CSV"),
        (b"a,b\n\0\0,1\n", "is no text"),
        (b'a,b\n1,"open\n2,3\n', "the quote that opens in line 2 is never closed"),
    ],
)
def test_what_is_no_csv_is_said_in_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        sheet_of(content)


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(ExportError, match=r"none\.csv cannot be read"):
        Sheet(FOLDER[0] / "none.csv")
