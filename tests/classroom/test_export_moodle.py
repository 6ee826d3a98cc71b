"""Moodle's grading worksheet, in any language: Grade and Feedback, and not one other byte."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.export.job import Export, ExportError, Job
from autograder.classroom.export.moodle import moodle
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing, standings
from tests.classroom.made_up_store import ADA, ALAN, course_with, made_up_class

ENGLISH = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments"
)
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
    '"Bewertung kann geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)",'
    '"Feedback als Kommentar"'
)
JAPANESE = "識別子,氏名,メール,状態,評点,最大評点,変更可,提出日時,評定日時,フィードバック"
ROWS = (
    'Participant 901,"Ada Lovelace",ada@example.edu,"Sent, late",,100.00,Yes,"Friday, 5",-,\r\n'
    'Participant 902,"Alan Turing",alan@example.edu,Submitted,12.00,100.00,Yes,-,-,\r\n'
    'Participant 903,"Nobody Here",nobody@example.edu,"No submission",,100.00,Yes,-,-,\r\n'
)


def job_of(folder: Path, content: str | bytes | None) -> Job:
    made = made_up_class(folder / "class")
    found = tuple(standings(made.store, made.course, made.set))
    into = None
    if content is not None:
        into = folder / "sheet.csv"
        into.write_bytes(content.encode() if isinstance(content, str) else content)
    return Job(made.store, made.course, made.set, found, into)


def rows_of(made: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("heading", [ENGLISH, GERMAN, JAPANESE])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_columns_are_found_in_any_language(tmp_path: Path, heading: str, mark: str) -> None:
    content = f"{mark}{heading}\r\n{ROWS}"
    made = moodle(job_of(tmp_path, content))
    ada, alan, nobody = rows_of(made)[1:]
    assert ada[4] == "100" and ada[9].startswith("100 of 100 points")
    assert alan[4] not in ("", "12.00") and nobody[4] == nobody[9] == ""
    was, now = content.encode().split(b"\r\n"), made.content.split(b"\r\n")
    assert [number for number, line in enumerate(was) if line != now[number]] == [1, 2]
    assert now[1] == was[1].replace(b'late",,', b'late",100,') + ada[9].encode()


def test_a_site_with_decimal_commas_gets_them(tmp_path: Path) -> None:
    rows = ROWS.replace("100.00", '"100,00"').replace("Participant ", "Teilnehmer/in")
    job = job_of(tmp_path, f"{GERMAN}\r\n{rows}")
    half = tuple(replace(one, final=62.5) for one in job.standings)
    made = moodle(replace(job, standings=half))
    assert rows_of(made)[1][4] == "62,5"
    assert b'late","62,5","100,00",Ja' in made.content.replace(b",Yes", b",Ja")


@pytest.mark.parametrize("left_out", [(1, 2), (2,), (3,), (6, 7), (8,), (1, 2, 3)])
def test_columns_may_be_missing(tmp_path: Path, left_out: tuple[int, ...]) -> None:
    lines = list(csv.reader(io.StringIO(f"{ENGLISH}\r\n{ROWS}", newline="")))
    kept = [[cell for place, cell in enumerate(line) if place not in left_out] for line in lines]
    text = io.StringIO()
    csv.writer(text).writerows(kept)
    job = job_of(tmp_path, text.getvalue())
    known = tuple(
        replace(one, student=replace(one.student, participant="901"))
        for one in job.standings
        if one.student == ADA
    )
    row = rows_of(moodle(replace(job, standings=known)))[1]
    place = 4 - sum(number < 4 for number in left_out)
    assert row[place] == "100" and row[-1].startswith("100 of 100")


def test_a_number_or_a_login_that_the_site_shows_is_used(tmp_path: Path) -> None:
    content = (
        "Identifier,ID number,Status,Grade,Maximum grade,Last modified (grade)\r\n"
        "Participant 901,1815,x,,100.00,-\r\nParticipant 902,1912,x,,100.00,-\r\n"
    )
    made = moodle(job_of(tmp_path, content))
    assert rows_of(made)[1][3] == "100"
    assert any("no column for feedback" in remark for remark in made.remarks)


def test_one_student_is_enough(tmp_path: Path) -> None:
    content = f"{ENGLISH}\r\n{ROWS.splitlines(keepends=True)[0]}"
    assert rows_of(moodle(job_of(tmp_path, content)))[1][4] == "100"


def test_feedback_that_is_there_stays(tmp_path: Path) -> None:
    content = f"{ENGLISH}\r\n{ROWS}".replace("-,\r\n", '-,"<p>Well done</p>"\r\n', 1)
    made = moodle(job_of(tmp_path, content))
    assert rows_of(made)[1][9] == "<p>Well done</p>" and rows_of(made)[1][4] == "100"
    assert "1 row has feedback already, which stays" in made.remarks


def test_a_date_of_grading_is_no_feedback(tmp_path: Path) -> None:
    content = "".join(line.rpartition(",")[0] + "\r\n" for line in (ENGLISH, *ROWS.splitlines()))
    made = moodle(job_of(tmp_path, content))
    assert [row[8] for row in rows_of(made)[1:]] == ["-", "-", "-"]


def test_late_work_says_what_it_lost(tmp_path: Path) -> None:
    job = job_of(tmp_path, f"{ENGLISH}\r\n{ROWS}")
    late = [replace(one, raw=90.0, penalty=9.0, final=81.0) for one in job.standings]
    text = rows_of(moodle(replace(job, standings=tuple(late))))[1][9]
    assert text.startswith("81 of 100 points: 90 before a late penalty of 9; ")


def test_where_results_are_hidden_the_feedback_has_only_points(tmp_path: Path) -> None:
    job = job_of(tmp_path, f"{ENGLISH}\r\n{ROWS}")
    hidden = replace(job, course=course_with({"visibility": "hidden"}, sets=job.course.sets))
    assert rows_of(moodle(hidden))[1][9] == "100 of 100 points"


def test_another_highest_grade_is_said(tmp_path: Path) -> None:
    made = moodle(job_of(tmp_path, f"{ENGLISH}\r\n{ROWS.replace('100.00', '20.00')}"))
    assert rows_of(made)[1][4] == "100"
    assert any("highest grade is 20" in remark for remark in made.remarks)


def test_who_is_not_in_it_is_named(tmp_path: Path) -> None:
    made = moodle(job_of(tmp_path, f"{ENGLISH}\r\n{ROWS}"))
    assert any("Grace Hopper" in line for line in made.listed)
    assert any("Edsger Dijkstra" in line for line in made.listed)


def test_another_participant_of_the_same_name_is_somebody_else(tmp_path: Path) -> None:
    job = job_of(tmp_path, f"{ENGLISH}\r\n{ROWS}".replace("ada@example.edu", ""))
    other = Standing(Student(ADA.name, participant="77"), "recurrence", 100.0)
    made = moodle(replace(job, standings=(other,)))
    assert rows_of(made)[1][4] == "" and len(made.listed) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "give it with --into"),
        ("hello\r\n", "no grading worksheet"),
        ("Student,ID\r\nAda,1\r\n", "no grading worksheet"),
        (f"{ENGLISH}\r\n", "no grading worksheet"),
        ("Identifier,Full name,Status\r\nParticipant 1,Ada,x\r\n", "no column of grades"),
        (
            'Identifier,Full name,Grade,Scale\r\nParticipant 1,Ada,,"bad\ngood"\r\n',
            "by a scale",
        ),
    ],
)
def test_what_is_no_worksheet_is_said(tmp_path: Path, content: str | None, said: str) -> None:
    with pytest.raises(ExportError, match=said) as caught:
        moodle(job_of(tmp_path, content))
    assert "\n" not in str(caught.value)


def test_an_old_worksheet_without_a_highest_grade(tmp_path: Path) -> None:
    content = (
        "Identifier,Full name,Grade,Grade can be changed,Feedback comments\r\n"
        f"Participant 1,{ALAN.name},,Yes,\r\n"
    )
    row = rows_of(moodle(job_of(tmp_path, content)))[1]
    assert row[2] and row[4]
