"""A teacher's Canvas gradebook: one column filled, and not one other byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.export.canvas import canvas
from autograder.classroom.export.job import Export, ExportError, Job
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing, standings
from tests.classroom.made_up_store import ADA, ALAN, BARBARA, EDSGER, GRACE, made_up_class

BOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Recurrence (991),Gates and depth (992),"
    "Final Score (2027)\r\n"
    ",,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,100.00,100.00,(read only)\r\n"
    '"Lovelace, Ada",51,1815,ada,"Mon, 9",,77.00,80.5\r\n'
    '"Turing, Alan",52,,alan@example.edu,"Mon, 9",12.00,,3\r\n'
    '"Hopper, Grace" ,53,,,"",EX,,3\r\n'
    "Nobody Here,54,9999,nobody,,5,,\r\n"
    '"Student, Test",55,,aabbcc,,,,\r\n'
)

AWAY = (("Al Absent", "7"), ("Bo Away", "8"))


def job_of(folder: Path, content: bytes | None = BOOK.encode(), column: str | None = None) -> Job:
    made = made_up_class(folder / "class")
    found = tuple(standings(made.store, made.course, made.set))
    into = folder / "book.csv" if content is not None else None
    if into is not None and content is not None:
        into.write_bytes(content)
    return Job(made.store, made.course, made.set, found, into, column)


def final_of(job: Job, student: Student) -> float:
    return next(one.final for one in job.standings if one.student == student)


def grades(made: Export, column: int = 5, delimiter: str = ",") -> dict[str, str]:
    text = io.StringIO(made.content.decode("utf-8-sig"), newline="")
    rows = list(csv.reader(text, delimiter=delimiter))
    return {row[0].strip(): row[column] for row in rows[1:] if row}


def test_only_the_cells_of_the_column_change(tmp_path: Path) -> None:
    job = job_of(tmp_path)
    made = canvas(job)
    alan = f"{final_of(job, ALAN):g}"
    want = BOOK.replace('"Mon, 9",,77.00', '"Mon, 9",100,77.00').replace(",12.00,", f",{alan},")
    assert made.content == want.encode()
    assert job.into is not None and job.into.read_bytes() == BOOK.encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_whatever_the_file_is_written_like(
    tmp_path: Path, mark: bytes, line_end: str, delimiter: str
) -> None:
    book = BOOK.replace("\r\n", line_end)
    if delimiter == ";":
        book = book.replace(", ", "§").replace(",", ";").replace("§", ", ")
    job = job_of(tmp_path, mark + book.encode())
    made = canvas(job)
    assert grades(made, delimiter=delimiter)["Lovelace, Ada"] == "100"
    assert made.content.startswith(mark + b"Student" + delimiter.encode())
    assert made.content.count(line_end.encode()) == book.count(line_end)
    was, now = (mark + book.encode()).split(b"\n"), made.content.split(b"\n")
    differ = [number for number, line in enumerate(was) if line != now[number]]
    assert differ == [3, 4]


def test_a_file_with_decimal_commas_gets_them(tmp_path: Path) -> None:
    book = BOOK.replace(", ", "§").replace(",", ";").replace("§", ", ").replace("100.00", "100,00")
    job = job_of(tmp_path, book.encode())
    half = replace(job.standings[0], final=62.5)
    made = canvas(replace(job, standings=(half, *job.standings[1:])))
    assert half.student == ADA and grades(made, delimiter=";")["Lovelace, Ada"] == "62,5"


def test_who_is_excused_stays_excused_and_is_named(tmp_path: Path) -> None:
    made = canvas(job_of(tmp_path))
    assert grades(made)["Hopper, Grace"] == "EX"
    assert any("Grace Hopper" in remark and "EX" in remark for remark in made.remarks)


def test_who_is_not_in_the_file_is_named_with_the_points(tmp_path: Path) -> None:
    job = job_of(tmp_path, BOOK.replace("1815,ada", "77,adele").encode())
    made = canvas(job)
    assert "Ada Lovelace (1815): 100" in made.listed
    assert any("not in book.csv" in remark for remark in made.remarks)


def test_what_could_not_be_graded_gets_no_zero(tmp_path: Path) -> None:
    """And what could not be read has its 0: nothing in it can be graded ever."""
    more = '"Liskov, Barbara",56,1939,,,4,,\r\n"Dijkstra, Edsger",57,1930,,,,,\r\n'
    made = canvas(job_of(tmp_path, (BOOK + more).encode()))
    assert grades(made)["Liskov, Barbara"] == "4" and grades(made)["Dijkstra, Edsger"] == "0"
    assert "1 student has no grade yet: the cell stays as before" in made.remarks
    assert not any("handed in nothing" in remark for remark in made.remarks)


@pytest.mark.parametrize("into", [True, False])
def test_who_handed_in_nothing_is_told_from_what_has_no_grade_yet(
    tmp_path: Path, into: bool
) -> None:
    more = '"Absent, Al",58,7,,,,,\r\n"Away, Bo",59,8,,,,,\r\n'
    job = job_of(tmp_path, (BOOK + more).encode() if into else None)
    absent = [Standing(Student(name, sid=sid), job.set, 100.0) for name, sid in AWAY]
    job = replace(job, standings=tuple([*job.standings, *absent]))
    said = canvas(job).remarks
    cells = "the cells stay as before" if into else "the cells are empty"
    assert f"2 students handed in nothing: {cells}" in said
    # Barbara's could not be graded; in the book that is filled she is not
    yet = [remark for remark in said if "grade yet" in remark]
    assert yet == ([] if into else ["1 student without a grade yet: the cell is empty"])


def test_a_grade_that_is_changed_is_counted(tmp_path: Path) -> None:
    assert "1 cell had another grade before" in canvas(job_of(tmp_path)).remarks


def test_other_points_possible_are_said_and_nothing_is_scaled(tmp_path: Path) -> None:
    made = canvas(job_of(tmp_path, BOOK.replace("100.00,100.00", "50.00,100.00").encode()))
    assert grades(made)["Lovelace, Ada"] == "100"
    assert any("Canvas counts 50 points" in remark for remark in made.remarks)


# ---------------------------------------------------------------------------------- which column


@pytest.mark.parametrize("asked", ["Gates and depth (992)", "gates and depth", "992"])
def test_the_column_that_was_asked_for(tmp_path: Path, asked: str) -> None:
    assert grades(canvas(job_of(tmp_path, column=asked)), 6)["Lovelace, Ada"] == "100"


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        ("Homework 1: Recurrence (991)", "Gates and depth (992)"),
        ("recurrence (991)", "Recurrence, late (992)"),
        ("RECURRENCE (991)", "No recurrences (992)"),
    ],
)
def test_the_column_that_is_called_like_the_set(tmp_path: Path, heading: str, other: str) -> None:
    book = BOOK.replace("Recurrence (991)", f'"{heading}"')
    book = book.replace("Gates and depth (992)", f'"{other}"')
    assert grades(canvas(job_of(tmp_path, book.encode())))["Lovelace, Ada"] == "100"


@pytest.mark.parametrize(
    ("headings", "asked", "said"),
    [
        (("A (1)", "B (2)"), None, "'Recurrence' is no column of book.csv"),
        (("A: Recurrence (1)", "B: recurrence (2)"), None, "is more than one column"),
        (("A (1)", "B (2)"), "C", "'C' is no column"),
        (("Essay (1)", "Essay (2)"), "Essay", "is more than one column"),
        (("Notes", "Recurrence"), None, "has no column of an assignment"),
    ],
)
def test_where_no_one_column_is_meant_all_are_named(
    tmp_path: Path, headings: Sequence[str], asked: str | None, said: str
) -> None:
    book = BOOK.replace("Recurrence (991)", headings[0])
    book = book.replace("Gates and depth (992)", headings[1])
    with pytest.raises(ExportError) as caught:
        canvas(job_of(tmp_path, book.encode(), asked))
    assert said in str(caught.value) and "\n" not in str(caught.value)
    if said.startswith("has no"):
        return
    assert all(repr(heading) in str(caught.value) for heading in headings)


def test_a_total_that_ends_like_an_assignment_is_none(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no column"):
        canvas(job_of(tmp_path, column="Final Score"))


# ------------------------------------------------------------------------------- the other shapes


def test_first_and_last_names_in_columns_of_their_own(tmp_path: Path) -> None:
    book = (
        "LastName,FirstName,ID,SIS Login ID,Section,Recurrence (991)\n"
        "    Points Possible,,,,,100.00\n"
        "Lovelace,Ada,51,,,\nTuring,Alan,52,alan,,\n"
    )
    made = canvas(job_of(tmp_path, book.encode()))
    assert made.content.decode().splitlines()[2] == "Lovelace,Ada,51,,,100"


def test_without_a_file_it_makes_one_and_says_what_canvas_would_do(tmp_path: Path) -> None:
    made = canvas(job_of(tmp_path, None))
    lines = made.content.decode().splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Recurrence"
    assert lines[1] == "    Points Possible,,,,,100"
    assert lines[2] == "Ada Lovelace,,1815,ada,,100"
    assert grades(made)[BARBARA.name] == "" and grades(made)[EDSGER.name] == "0"
    assert any("new assignment" in remark for remark in made.remarks)


def test_a_name_that_is_a_formula_is_none_in_a_file_of_ours(tmp_path: Path) -> None:
    job = job_of(tmp_path, None)
    evil = Standing(Student('=HYPERLINK("x")', login="+1"), "recurrence", 100.0)
    lines = canvas(replace(job, standings=(evil,))).content.decode().splitlines()
    (row,) = csv.reader(lines[2:])
    assert row[0] == '\'=HYPERLINK("x")' and row[3] == "'+1"


def test_a_formula_in_the_teachers_file_stays(tmp_path: Path) -> None:
    book = BOOK.replace("Nobody Here", "=1+1")
    assert b"\r\n=1+1,54" in canvas(job_of(tmp_path, book.encode())).content


@pytest.mark.parametrize(
    "content", [b"hello\n", b"<html><body>Log in</body></html>", b"a,b\n1,2\n"]
)
def test_what_is_no_gradebook_is_said(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ExportError, match=r"book\.csv is no Canvas gradebook"):
        canvas(job_of(tmp_path, content))


def test_two_of_one_name_without_a_number_are_named_and_not_filled(tmp_path: Path) -> None:
    job = job_of(tmp_path, BOOK.replace("51,1815,ada", "51,,").encode())
    twin = Standing(Student("Ada Lovelace", email="other@example.edu"), "recurrence", 100.0)
    made = canvas(replace(job, standings=(*job.standings, twin)))
    assert grades(made)["Lovelace, Ada"] == ""
    assert any("no one student" in remark for remark in made.remarks)
    assert GRACE.name not in "".join(made.listed)
