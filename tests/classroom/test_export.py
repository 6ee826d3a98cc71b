"""The verb: one number in every format, nothing overwritten, a sentence for everything else."""

from __future__ import annotations

import argparse
import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.classroom import export as exporting
from autograder.classroom.export import KINDS, export
from autograder.classroom.export.job import ExportError, Job, exact
from autograder.classroom.feedback import feedback
from autograder.classroom.feedback.page import body_without, render
from autograder.classroom.people import Student
from autograder.classroom.standing import Lateness, Standing, standings
from autograder.classroom.store import Store, StoreError
from autograder.classroom.writing import WriteError
from autograder.errors import UserError
from autograder.report.words import points
from tests.classroom.made_up_store import (
    ADA,
    ALAN,
    BARBARA,
    EDSGER,
    PROBLEMS,
    MadeUpStore,
    course_with,
    made_up_class,
    students,
    wrong,
)


def options(store: Path, kind: str, **given: object) -> argparse.Namespace:
    base = {"set": None, "into": None, "column": None, "out": None, "force": False}
    return argparse.Namespace(store=store, kind=kind, **(base | given))


# ---------------------------------------------------------------- a number never differs


def from_table(content: bytes) -> dict[str, str]:
    return _column(content, "sid", "final")


def from_canvas(content: bytes) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return {row[2]: row[5] for row in rows[2:]}


def from_moodle(content: bytes) -> dict[str, str]:
    return _column(content, "ID number", "Grade")


def from_gradescope(content: bytes) -> dict[str, str]:
    return _column(content, "SID", "Total Score")


def from_nbgrader(content: bytes) -> dict[str, str]:
    """nbgrader itself takes the penalty from the raw points."""
    found = _column(content, "student_id", "score")
    raw = _column(content, "student_id", "raw_score")
    lost = _column(content, "student_id", "late_submission_penalty")
    for student, score in found.items():
        if score:  # all three are rounded to four decimals
            kept = max(0.0, float(raw[student]) - float(lost[student]))
            assert float(score) == pytest.approx(kept, abs=1.6e-4)
    return {student.removeprefix("s"): score for student, score in found.items()}


def from_junit(content: bytes) -> dict[str, str]:
    found = {}
    for suite in ElementTree.fromstring(content):
        number = str(suite.get("name")).partition("(")[2].rstrip(")")
        value = suite.find("properties/property[@name='final']")
        found[number] = str(value.get("value")) if value is not None else ""
    return found


def _column(content: bytes, key: str, wanted: str) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return {row[key]: row[wanted] for row in rows}


READERS: dict[str, Callable[[bytes], dict[str, str]]] = {
    "csv": from_table,
    "canvas": from_canvas,
    "moodle": from_moodle,
    "gradescope": from_gradescope,
    "nbgrader": from_nbgrader,
    "junit": from_junit,
}


def test_every_kind_has_a_reader_here() -> None:
    assert READERS.keys() == KINDS.keys()


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Path]:
    """A store of one submission, whose grade is then said to be many students'."""
    folder = tmp_path_factory.mktemp("numbers")
    made = MadeUpStore(folder / "class")
    made.hand_in(ADA, rnn_forward="failed")
    found = tuple(standings(made.store, made.course, made.set))
    return Job(made.store, made.course, made.set, found), folder / "sheet.csv"


POINTS = st.floats(0, 100, allow_nan=False)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(POINTS, st.floats(0, 1), st.booleans()), min_size=1, max_size=6))
def test_a_number_never_differs(
    jobs: tuple[Job, Path], class_of: list[tuple[float, float, bool]]
) -> None:
    """Not between kinds, nor on the page that a student reads, whatever late work lost."""
    job, sheet = jobs
    found, want = [], {}
    lines = ["Identifier,ID number,Grade,Maximum grade,Last modified (grade),Feedback comments"]
    for number, (raw, share, is_graded) in enumerate(class_of):
        student = Student(f"Student {number}", sid=f"1{number}", login=f"s1{number}")
        final = round(raw * (1 - share), 4) if share else raw
        late = Lateness(days=1 if share else 0, lost=share)
        standing = replace(job.standings[0], student=student, lateness=late)
        standing = replace(standing, raw=raw, penalty=raw - final, final=final)
        if not is_graded:
            standing = replace(standing, grade=None, raw=0.0, penalty=0.0, final=0.0)
        found.append(standing)
        want[student.sid] = exact(final) if is_graded else ""
        lines.append(f"Participant {number},{student.sid},,100.00,-,")
        page = render(standing, job.course, "Recurrence", body_without(standing))
        assert (f"<strong>{points(final)}</strong> of 100" in page) == is_graded
    sheet.write_text("\r\n".join(lines) + "\r\n")
    for kind, read in READERS.items():
        into = sheet if kind == "moodle" else None
        made = KINDS[kind](replace(job, standings=tuple(found), into=into))
        got = read(made.content)
        assert got == want, kind


@given(POINTS)
def test_the_points_that_are_written_are_the_points(final: float) -> None:
    assert float(exact(final)) == pytest.approx(final, abs=5.1e-5)
    assert "e" not in exact(final) and exact(final) == exact(float(exact(final)))


# --------------------------------------------------------------------------- what each kind says


def made_by(kind: str, made: MadeUpStore, **changes: object) -> str:
    found = tuple(standings(made.store, made.course, made.set))
    job = replace(Job(made.store, made.course, made.set, found), **changes)  # type: ignore[arg-type]
    return KINDS[kind](job).content.decode()


def rows_of(kind: str, made: MadeUpStore, **changes: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made_by(kind, made, **changes), newline="")))


def test_our_table_has_each_problem_and_the_state(tmp_path: Path) -> None:
    rows = {row["name"]: row for row in rows_of("csv", made_up_class(tmp_path / "class"))}
    assert rows[ADA.name]["rnn_forward"] == "8" and rows[ALAN.name]["last_hidden"] == "0"
    assert rows[ALAN.name]["group"] == "Grace Hopper" and rows[ADA.name]["group"] == ""
    assert rows[BARBARA.name]["state"] == "not graded" and rows[BARBARA.name]["final"] == ""
    assert rows[EDSGER.name]["state"] == "graded" and rows[EDSGER.name]["final"] == "0"


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("csv", "state", "missing"),
        ("csv", "final", "0"),
        ("gradescope", "Status", "Missing"),
        ("gradescope", "Total Score", ""),
        ("nbgrader", "score", "0"),
        ("nbgrader", "timestamp", ""),
    ],
)
def test_who_handed_in_nothing_is_there_as_the_format_says(
    tmp_path: Path, kind: str, column: str, value: str
) -> None:
    missing = Standing(ADA, "recurrence", 100.0)
    (row,) = rows_of(kind, made_up_class(tmp_path / "class"), standings=(missing,))
    assert row[column] == value


def test_gradescopes_columns(tmp_path: Path) -> None:
    row = rows_of("gradescope", made_up_class(tmp_path / "class"))[1]
    assert (row["First Name"], row["Last Name"], row["SID"]) == ("Alan", "Turing", "1912")
    assert row["Submission ID"] == "4002" and row["Submission Time"] == "2027-02-06 19:00:00 -0500"
    assert row["1.2: rnn_step_backward (10 pts)"] == "0" and row["Max Points"] == "100"


def test_nbgraders_columns_are_those_of_nbgrader(tmp_path: Path) -> None:
    nbgrader = pytest.importorskip("nbgrader.plugins.export")
    source = Path(nbgrader.__file__).read_text()
    rows = rows_of("nbgrader", made_up_class(tmp_path / "class"))
    listed = source[source.index("keys = [") : source.index("]", source.index("keys = ["))]
    assert [name for name in rows[0] if f'"{name}"' in listed] == list(rows[0])
    assert rows[0]["duedate"] == "2027-02-06 04:59:00" and rows[0]["student_id"] == "ada"


def test_junit_has_a_suite_for_each_student_and_what_they_may_read(tmp_path: Path) -> None:
    root = ElementTree.fromstring(made_by("junit", made_up_class(tmp_path / "class")))
    suites = {str(suite.get("name")).partition(" (")[0]: suite for suite in root}
    alan = suites[ALAN.name]
    failures = {case.get("name"): case.find("failure") for case in alan.iter("testcase")}
    failure = failures["last_hidden"]
    assert failure is not None and "differs by" in str(failure.text)
    assert alan.get("failures") == "2" and alan.get("skipped") == "1"
    assert failures["rnn_backward"] is None  # carried, for all points
    assert (
        suites[EDSGER.name].get("errors") == str(len(PROBLEMS))
        and suites[BARBARA.name].get("errors") == "1"
    )
    text = ElementTree.tostring(root, encoding="unicode")
    assert "A first hint." in text and "A second hint." not in text and "comes out" not in text


def test_junit_says_of_hidden_cases_what_the_course_says(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    assert "hidden cases" in made_by("junit", made)
    course = course_with({"hidden_cases": "none"}, sets=made.course.sets)
    assert "hidden cases" not in made_by("junit", made, course=course)
    hidden = course_with({"visibility": "hidden"}, sets=made.course.sets)
    assert "differs by" not in made_by("junit", made, course=hidden)


def test_what_a_student_printed_cannot_break_the_xml(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    evil = Student("]]>\x00<&\x1b\ufffe\ud800", sid="1")
    text = "</failure>\x08\x0b\ufffe"
    made.hand_in(evil, rnn_forward=wrong("rnn_forward", text=text))
    root = ElementTree.fromstring(made_by("junit", made))
    assert root.find("testsuite/testcase/failure") is not None


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"moodle"}))
def test_the_same_store_is_the_same_file(tmp_path: Path, kind: str) -> None:
    contents = []
    for name in ("one", "other"):
        contents.append(made_by(kind, made_up_class(tmp_path / name)))
    assert contents[0] == contents[1]


# --------------------------------------------------------------------------------------- the verb


def test_it_writes_beside_the_store_and_never_over_a_file(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    assert export(options(made.folder, "csv"), made.course) == 0
    path = made.folder / "grades.csv"
    path.write_text("mine")
    with pytest.raises(WriteError, match="--force"):
        export(options(made.folder, "csv"), made.course)
    assert path.read_text() == "mine"
    assert export(options(made.folder, "csv", force=True), made.course) == 0
    assert path.read_text().startswith("name,")
    assert [entry.name for entry in made.folder.iterdir() if "draft" in entry.name] == []


def test_a_teachers_own_file_is_never_written(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    own = tmp_path / "book.csv"
    own.write_text("Student,ID,Section,Recurrence (1)\nAda Lovelace,1,,\n")
    link = tmp_path / "link.csv"
    link.symlink_to(own)
    before = own.read_bytes()
    for out in (own, link):
        with pytest.raises(ExportError, match="your own file"):
            export(options(made.folder, "canvas", into=own, out=out, force=True), made.course)
    assert export(options(made.folder, "canvas", into=own), made.course) == 0
    assert own.read_bytes() == before
    assert (made.folder / "canvas.csv").read_text().endswith("Ada Lovelace,1,,100\n")


def test_everybody_is_in_the_file_or_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = made_up_class(tmp_path / "class")
    made.hand_in(name="submission_77")
    own = tmp_path / "book.csv"
    own.write_text("Student,ID,Section,Recurrence (1)\nAda Lovelace,1,,\n")
    export(options(made.folder, "canvas", into=own), made.course)
    said = capsys.readouterr().out
    for name in (ALAN.name, "Grace Hopper", EDSGER.name, BARBARA.name, "submission_77"):
        assert name in said


@pytest.mark.parametrize(
    ("kind", "given", "error"),
    [
        ("csv", {"into": Path("x.csv")}, "--into is for canvas and moodle"),
        ("canvas", {"column": "x"}, "--column is for canvas with --into"),
        ("moodle", {"into": Path("none.csv")}, r"there is no file none\.csv"),
        ("moodle", {}, "Moodle takes back its own worksheet"),
        ("csv", {"set": "gates"}, "there is no set 'gates'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    tmp_path: Path, kind: str, given: dict[str, object], error: str
) -> None:
    made = made_up_class(tmp_path / "class")
    with pytest.raises(UserError, match=error) as caught:
        export(options(made.folder, kind, **given), made.course)
    assert "\n" not in str(caught.value)


def test_without_a_store_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="class grade SOURCE"):
        export(options(tmp_path / "none", "csv"), course_with())


def test_a_disk_that_is_full_is_said_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_up_class(tmp_path / "class")

    def full(path: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="is full"):
        export(options(made.folder, "csv"), made.course)
    assert not (made.folder / "grades.csv").exists()


def test_the_points_are_the_final_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `standings` says, whoever works them out."""
    made = made_up_class(tmp_path / "class")
    real = exporting.standings_and_remarks

    def less(*arguments: object) -> tuple[list[Standing], list[str]]:
        found, said = real(*arguments)  # type: ignore[arg-type]
        return [replace(one, final=one.raw / 2, penalty=one.raw / 2) for one in found], said

    monkeypatch.setattr(exporting, "standings_and_remarks", less)
    export(options(made.folder, "csv"), made.course)
    with (made.folder / "grades.csv").open(newline="") as lines:
        row = next(csv.DictReader(lines))
    assert (row["raw"], row["penalty"], row["final"]) == ("100", "50", "50")
    assert json.loads(row["final"]) == 50


def test_who_handed_in_nothing_keeps_the_cell_of_the_teachers_file(tmp_path: Path) -> None:
    """An empty cell is not a 0: the system has rules of its own for what is missing."""
    made = made_up_class(tmp_path / "class")
    missing = (Standing(ADA, "recurrence", 100.0), Standing(ALAN, "recurrence", 100.0))
    files = {
        "canvas": "Student,ID,Section,Recurrence (1)\nAda Lovelace,1,,\nAlan Turing,2,,7\n",
        "moodle": f"Id,Name,Grade,Max\nP 1,{ADA.name},,100\nP 2,{ALAN.name},7,100\n",
    }
    for kind, content in files.items():
        into = tmp_path / f"{kind}.csv"
        into.write_text(content)
        assert made_by(kind, made, standings=missing, into=into) == content
    suites = ElementTree.fromstring(made_by("junit", made, standings=missing))
    assert [suite.get("skipped") for suite in suites] == ["1", "1"]


@pytest.mark.parametrize("kind", [*sorted(KINDS.keys() - {"moodle"}), "feedback"])
def test_the_store_is_read_as_often_for_a_large_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """So that the work grows with the class and not with its square."""
    real, read = Store.rows, []

    def counted(store: Store, of: str) -> Iterator[dict[str, Any]]:
        read.append(of)
        return real(store, of)

    monkeypatch.setattr(Store, "rows", counted)
    counts = []
    for size in (2, 9):
        made = MadeUpStore(tmp_path / f"class{size}")
        for student in students(size):
            made.hand_in(student, rnn_forward="failed")
        read.clear()
        given = options(made.folder, kind, moodle=False)
        (feedback if kind == "feedback" else export)(given, made.course)
        counts.append(len(read))
    assert counts[0] == counts[1] <= 8
