"""A page for each student: all that may be told, and nothing that may not."""

from __future__ import annotations

import argparse
import csv
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom import feedback as feedback_room
from autograder.classroom.feedback import feedback
from autograder.classroom.feedback.dates import late_work
from autograder.classroom.feedback.names import file_names, is_file_name, slug
from autograder.classroom.feedback.page import body_without, render
from autograder.classroom.people import Student
from autograder.classroom.standing import Lateness, Standing
from autograder.classroom.writing import WriteError
from autograder.problem import Finding
from autograder.report import told as telling
from autograder.report.record import as_data, from_data
from autograder.settings import Course
from tests.classroom.made_up_store import (
    ADA,
    ALAN,
    BARBARA,
    EDSGER,
    GRACE,
    HINTS,
    IDEA,
    PEOPLE,
    PROBLEMS,
    MadeUpStore,
    course_of_tests,
    course_with,
    made_up_class,
    ours,
    wrong,
)

STAFF = "only staff may read this"


def options(store: Path, **given: object) -> argparse.Namespace:
    base = {"set": None, "out": None, "force": False, "moodle": False}
    return argparse.Namespace(store=store, **(base | given))


def pages_of(made: MadeUpStore, course: Course | None = None, **given: object) -> dict[str, str]:
    """Student -> the page, by the index that is written."""
    assert feedback(options(made.folder, **given), course or made.course) == 0
    folder = Path(str(given.get("out") or made.folder / "feedback"))
    with (folder / "index.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["name"]: (folder / row["file"]).read_text(encoding="utf-8") for row in rows}


def policy(**changes: object) -> Course:
    return course_with(changes, sets=course_of_tests().sets)


class _Text(HTMLParser):
    """What is read of a page, with the style sheet left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.is_style = False

    def handle_data(self, data: str) -> None:
        if not self.is_style:
            self.parts.append(data)


def text_of(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    return " ".join("".join(parser.parts).split())


# ------------------------------------------------------------------------------- what there is


def test_each_student_has_a_page_with_the_points_and_what_to_look_at(tmp_path: Path) -> None:
    pages = pages_of(made_up_class(tmp_path / "class"))
    assert pages.keys() == {one.name for one in PEOPLE}
    assert "100 of 100 points" in text_of(pages[ADA.name])
    assert "Everything is right." in text_of(pages[ADA.name])
    alan = text_of(pages[ALAN.name])
    assert "Mend this first: task 1.2, rnn_step_backward" in alan
    assert 'href="#rnn_step_backward"' in pages[ALAN.name]
    assert 'id="rnn_step_backward"' in pages[ALAN.name]
    assert "Handed in by a group of 2" in alan and "not yet" in alan and "carried" in alan
    assert "✓ 1.1 rnn_step_forward One step forward: 6 / 6 points" in alan
    assert "shape (3, 4)" in alan, "what the code printed"


def test_a_page_says_why_there_are_no_points(tmp_path: Path) -> None:
    pages = pages_of(made_up_class(tmp_path / "class"))
    edsger = text_of(pages[EDSGER.name])
    assert "could not be read, so there are no points: there is no Python file in it." in edsger
    assert "Not all right yet" not in edsger and "0 of 100 points" in edsger
    barbara = text_of(pages[BARBARA.name])
    assert "could not be graded yet" in barbara and "of 100 points" not in barbara
    assert "judge died" not in pages[BARBARA.name]


def test_who_handed_in_nothing_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    real = feedback_room.standings_and_remarks

    def with_missing(*arguments: Any) -> tuple[list[Standing], list[str]]:
        found, said = real(*arguments)
        return [*found, Standing(ALAN, "recurrence", 100.0)], said

    monkeypatch.setattr(feedback_room, "standings_and_remarks", with_missing)
    assert "Nothing of yours was handed in." in text_of(pages_of(made)[ALAN.name])


def test_late_work_says_what_was_lost_and_not_why() -> None:
    made = Standing(ADA, "recurrence", 100.0)
    late = Lateness(days=2, slipped=1, lost=0.1, why=STAFF, extended=STAFF)
    grade: Any = object()  # its points are all that is looked at
    standing = replace(made, grade=grade, lateness=late, raw=90.0, penalty=9.0, final=81.0)
    page = render(standing, course_of_tests(), "Recurrence", body_without(made))
    said = "handed in 2 days late, 1 day of which slip days pay for: −10 %, 9 points."
    assert f"90 points earned; {said}" in text_of(page) and "81 of 100 points" in text_of(page)
    assert STAFF not in page


LATE_WORK = [
    (dict(days=1, lost=0.1), 7.0, "70 points earned; handed in 1 day late: −10 %, 7 points."),
    (dict(days=3, lost=1.0), 70.0, "70 points earned; handed in 3 days late: −100 %, 70 points."),
    (dict(days=1, slipped=1), 0.0, "Handed in 1 day late, which a slip day pays for."),
    (dict(days=2, slipped=2), 0.0, "Handed in 2 days late, which slip days pay for."),
    (dict(days=1), 0.0, "Handed in 1 day late."),
    (dict(), 0.0, ""),
]


@pytest.mark.parametrize(("late", "penalty", "said"), LATE_WORK)
def test_late_work_says_how_its_penalty_comes_about(
    late: dict[str, Any], penalty: float, said: str
) -> None:
    grade: Any = object()
    standing = Standing(ADA, "recurrence", 100.0, None, grade, Lateness(**late), 70.0, penalty)
    assert " ".join(late_work(standing)) == said


def test_times_are_told_in_the_zone_of_the_due_date(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, at="2027-02-07T00:59:00Z")
    made.hand_in(ALAN, at="2027-02-05T18:00:00")
    page = text_of(pages_of(made)[ADA.name])
    assert "Due 2027-02-05 23:59 (UTC-05:00)" in page
    assert "Handed in 2027-02-06 19:59 (UTC-05:00)" in page
    alan = text_of(pages_of(made, force=True)[ALAN.name])
    assert "Handed in 2027-02-05 18:00 " in alan, "nobody knows its zone"


def test_a_set_without_a_due_date_keeps_the_times_as_they_are(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, at="2027-02-07T00:59:00Z")
    course = course_of_tests()
    sets = tuple(replace(one, due="") for one in course.sets)
    page = text_of(pages_of(made, replace(course, sets=sets))[ADA.name])
    assert "Handed in 2027-02-07 00:59 (UTC)" in page and "Due" not in page


def test_an_extension_is_told_to_its_student_and_to_no_partner(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    made.hand_in(ALAN, GRACE)
    lines = ["student,set,due,note"]
    lines += [f"{one.email},recurrence,2027-02-08T12:00,{STAFF}" for one in (ADA, ALAN)]
    (made.folder / "extensions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pages = pages_of(made)
    assert "Due 2027-02-08 12:00 (UTC-05:00), with your extension" in text_of(pages[ADA.name])
    for student in (ALAN, GRACE):
        assert "Due" not in text_of(pages[student.name])
    assert not any(STAFF in page for page in pages.values())


def test_what_is_not_graded_yet_has_no_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    assert pages_of(made).keys() == {ADA.name}
    assert "no page" not in capsys.readouterr().out
    made.not_graded_yet(ALAN)
    made.not_graded_yet(BARBARA, GRACE)
    made.not_graded(EDSGER)
    assert pages_of(made, force=True, moodle=False).keys() == {ADA.name, EDSGER.name}
    said = capsys.readouterr().out
    assert "no page for 3 students, not graded yet\n" in said
    assert "2 pages, listed in index.csv" in said


def test_a_page_goes_while_a_newer_submission_waits_for_its_grade(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    pages_of(made)
    made.not_graded_yet(ADA)
    assert pages_of(made, force=True) == {}
    assert not [*(made.folder / "feedback").glob("*.html")]


def test_remarks_on_the_files_are_there(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, remarks=("notes.txt was left out",))
    assert "notes.txt was left out" in pages_of(made)[ADA.name]


def test_remarks_on_files_that_two_handed_in_are_nobodys(tmp_path: Path) -> None:
    """Equal files are graded once, and the remarks call them as one of the two did."""
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, files="same", remarks=("lovelace/rnn.py is taken",), rnn_forward="failed")
    made.hand_in(ALAN, files="same", remarks=("lovelace/rnn.py is taken",), rnn_forward="failed")
    pages = pages_of(made)
    assert all("differs by" in page and "lovelace/" not in page for page in pages.values())


def test_a_fault_of_ours_is_no_fault_of_the_students(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, rnn_forward=ours("rnn_forward"))
    assert "That is not your fault" in text_of(pages_of(made)[ADA.name])
    assert "the grader itself failed on a problem of Ada Lovelace" in capsys.readouterr().out


def test_the_row_that_holds_is_the_last(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, name="one", rnn_forward="failed")
    made.hand_in(ADA, name="one")
    assert "Everything is right." in text_of(pages_of(made)[ADA.name])


# ------------------------------------------------------------------- what a student may not know

POLICIES: tuple[Mapping[str, object], ...] = (
    {},
    {"hidden_cases": "none"},
    {"hints": 0},
    {"hints": 3, "diagnosis": 4},
    {"hints": 4},
    {"diagnosis": 0},
    {"diagnosis": "attempt 3", "hints": 4},
    {"diagnosis": "attempt 3", "hidden_cases": "none"},
    {"visibility": "hidden"},
    {"visibility": "after_due_date", "hints": 2},
)
NAMED = f"all your results come out when {IDEA}"


def secretive_class(folder: Path) -> MadeUpStore:
    """A class in which everything that is secret can be told from everything else."""
    made = MadeUpStore(folder)
    for student, number in ((ADA, 1), (ALAN, 3), (GRACE, 0)):
        entry = wrong("rnn_step_backward", diagnosis="no_tanh_slope", digest="feedc0de12345678")
        only_hidden = wrong("rnn_forward", "error", text="hidden only")
        data = from_data(only_hidden["verdict"])
        data = replace(data, findings=(Finding("hidden", "wrong on 7 of 9 hidden cases"),))
        only_hidden |= {"verdict": as_data(data), "message": STAFF}
        made.hand_in(
            student,
            number=number,
            rnn_step_backward=entry | {"message": STAFF},
            rnn_forward=only_hidden,
        )
    made.unreadable(EDSGER)
    made.not_graded(BARBARA, why=STAFF)
    return made


@pytest.mark.parametrize("changes", POLICIES, ids=str)
def test_nothing_is_told_that_may_not_be(tmp_path: Path, changes: Mapping[str, object]) -> None:
    made = secretive_class(tmp_path / "class")
    course = policy(**changes)
    pages = pages_of(made, course)
    settings = course.policy
    numbers = {ADA.name: 1, ALAN.name: 3, GRACE.name: 0}
    secrets = ["feedc0de12345678", STAFF, "no_tanh_slope", "misconception"]
    for row in made.store.rows("grades"):
        secrets += row["key"].values()
    secrets = [one for one in secrets if one != "recurrence"]  # the set's own name is no secret
    for name, page in pages.items():
        others = [one for one in PEOPLE if one.name != name]
        told = [one.name for one in others] + [one.email for one in others]
        assert [secret for secret in {*secrets, *told} if secret in page] == []
        if settings.hidden_cases == "none" or settings.visibility == "hidden":
            assert "hidden case" not in page
        if name in numbers:
            _check_hints(page, course, numbers[name])


def _check_hints(page: str, course: Course, number: int) -> None:
    """The hints and the name of the mistake, as the course says for this attempt."""
    settings = course.policy
    shows = settings.visibility != "hidden"
    for level, hint in enumerate(HINTS, start=1):
        assert (hint in page) == (shows and level <= settings.hints)
    when: int | str = settings.diagnosis
    if isinstance(when, str):
        when = 4 if number == 0 else 0 if number >= 3 else 99
    assert (NAMED in page) == (shows and when <= settings.hints)


def test_every_verdict_goes_through_the_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the one function that Gradescope uses: nothing is shown of which it does not know."""
    from autograder.classroom import told as room

    seen = []

    def told(verdict: Any, settings: Any) -> Any:
        seen.append(verdict.problem)
        return telling.told(verdict, settings)

    monkeypatch.setattr(room, "told", told)
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, rnn_forward="failed")
    pages_of(made)
    assert len(seen) == len(set(seen)) == len(PROBLEMS)


# ------------------------------------------------------------------------ what a student can do

EVIL = "<script>alert(1)</script>\"'><img src=x>{{ 7*7 }}\u202e"


def test_nothing_a_student_writes_becomes_markup(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(
        Student(EVIL, sid="1"),
        at=EVIL,
        remarks=(EVIL,),
        rnn_forward=wrong("rnn_forward", text=EVIL, printed=EVIL, hidden=EVIL),
    )
    made.unreadable(Student(f"{EVIL} 2", sid="2"), why=EVIL)
    pages_of(made)
    for path in (made.folder / "feedback").glob("*.html"):
        page = path.read_text()
        assert "<script" not in page and "<img" not in page and "49" not in text_of(page)
        assert "\u202e" not in page and "alert(1)" in page


ODD_NAMES = ["../../etc/passwd", "/root", "CON", "a" * 500, "", "\x00", "..", "王小明", "Zoë.html"]
ODD_NAMES += ["王" * 500, "a\u202eb", "\ud800", 'a<b>|"c?*', "C:\\x", "ß", "é", "नमस्ते", "İ"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_name_cannot_leave_its_folder(name: str) -> None:
    (made,) = file_names([Standing(Student(name, sid=f"x{name}"), "recurrence", 100.0)])
    assert re.fullmatch(r"[^\W_].*-[0-9a-f]{10}\.html", made) and is_file_name(made)
    assert made.isprintable() and not set(made) & set("""/\\:*?"<>|&`' """)
    assert made.count(".") == 1 and len(made.encode()) <= 143
    assert unicodedata.is_normalized("NFC", made)


@pytest.mark.parametrize(
    "name", ["../a.html", "a.txt", ".html", "a/b.html", "a.b.html", "index.csv"]
)
def test_what_is_no_page_of_ours_is_not_taken_for_one(name: str) -> None:
    assert not is_file_name(name)


def test_a_file_name_keeps_the_letters_of_every_script() -> None:
    names = {
        "Ægir de la Cruz": "ægir-de-la-cruz",
        "Søren Turing": "søren-turing",
        "张伟 Ritchie": "张伟-ritchie",
        "Zoe\u0308": "zoë",
        "Наталья": "наталья",
        "नमस्ते": "नमस्ते",
    }
    assert {name: slug(name) for name in names} == names


def test_file_names_do_not_collide_and_stay() -> None:
    students = [Student("Li Wei", sid=str(number)) for number in range(50)]
    students += [Student("LI  wei", sid="same"), Student("li-wei", sid="same"), Student("Li Wei")]
    students += [Student("ﬁx", sid="same"), Student("fix", sid="same"), Student("FIX", sid="same")]
    standings = [Standing(one, "recurrence", 100.0) for one in students]
    names = file_names(standings)
    assert len({unicodedata.normalize("NFKC", name).casefold() for name in names}) == len(students)
    assert file_names(standings[::-1])[-1] == names[0], "whoever else is in the class"
    assert all(name.startswith("li-wei-") for name in names[:-3])


# ---------------------------------------------------------------------------------- the folder


def test_what_is_there_stays_without_leave(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    own = made.folder / "feedback" / "mine.html"
    own.parent.mkdir()
    own.write_text("mine")
    with pytest.raises(WriteError, match="--force"):
        feedback(options(made.folder), made.course)
    pages_of(made, force=True)
    assert own.read_text() == "mine"


def test_a_page_of_somebody_who_is_gone_goes(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, name="one")
    pages_of(made)
    index = made.folder / "feedback" / "index.csv"
    outside = made.folder / "roster.html"
    outside.write_text("mine")
    index.write_text(index.read_text() + "x,,,,../roster.html\r\n")
    made.hand_in(ALAN, name="one")
    pages_of(made, force=True)
    names = [path.name for path in index.parent.glob("*.html")]
    assert len(names) == 1 and names[0].startswith("alan-turing-") and outside.exists()


def test_the_pages_are_the_same_whenever_they_are_written(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    for name in ("one", "other"):
        feedback(options(made.folder, out=tmp_path / name), made.course)
    files = [sorted((tmp_path / name).iterdir()) for name in ("one", "other")]
    assert [path.name for path in files[0]] == [path.name for path in files[1]]
    for one, other in zip(*files, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    made = made_up_class(tmp_path / "class")
    (made.folder / "feedback").write_text("")
    with pytest.raises(WriteError, match="is a file"):
        feedback(options(made.folder, force=True), made.course)


# ------------------------------------------------------------------------------------- for Moodle


def moodle_class(folder: Path) -> MadeUpStore:
    made = MadeUpStore(folder)
    made.hand_in(ADA, folder="Ada Lovelace_901_assignsubmission_file_", rnn_forward="failed")
    made.hand_in(ALAN, GRACE, folder="Alan Turing_902_assignsubmission_file_")
    made.hand_in(EDSGER, folder="../evil")
    made.hand_in(BARBARA)
    return made


def test_moodles_zip_has_the_folders_as_they_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = moodle_class(tmp_path / "class")
    pages = pages_of(made, moodle=True)
    with zipfile.ZipFile(made.folder / "feedback-moodle.zip") as archive:
        contents = {name: archive.read(name).decode() for name in archive.namelist()}
    ada = "Ada Lovelace_901_assignsubmission_file_/feedback.html"
    group = "Alan Turing_902_assignsubmission_file_/feedback.html"
    assert contents.keys() == {ada, group}
    assert contents[ada] == pages[ADA.name]
    taken = [_taken_by_moodle(name) for name in contents]
    assert taken == ["901 feedback.html", "902 feedback.html"]
    assert "Alan" not in contents[group] and "Grace" not in contents[group]
    said = capsys.readouterr().out
    assert "submission_4003 has an unusable folder" in said
    assert "submission_4004 has no folder in a Moodle archive" in said


def _taken_by_moodle(name: str) -> str:
    """Whose it is and what is kept of it, by `is_valid_filename_for_import` of Moodle 4.1."""
    for place, part in enumerate(parts := name.split("/")):
        _, number, kind, plugin, *rest = [*part.split("_", 4), "", "", ""][:5]
        if number.isdigit() and (kind, plugin) == ("assignsubmission", "file"):
            kept = [*filter(None, rest), *parts[place + 1 :]]
            return f"{number} {'/'.join(kept)}"
    return "nobody's"


def test_a_group_does_not_read_what_one_of_it_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension is one student's own business."""
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ALAN, GRACE, folder="Team_9_assignsubmission_file_")
    real = feedback_room.standings_and_remarks

    def with_extension(*arguments: Any) -> tuple[list[Standing], list[str]]:
        (alan, grace), said = real(*arguments)
        late = Lateness(days=1, lost=0.1)
        return [replace(alan, lateness=late, penalty=10.0, final=90.0), grace], said

    monkeypatch.setattr(feedback_room, "standings_and_remarks", with_extension)
    pages = pages_of(made, moodle=True)
    assert "90 of 100 points" in text_of(pages[ALAN.name])
    assert "100 of 100 points" in text_of(pages[GRACE.name])
    with zipfile.ZipFile(made.folder / "feedback-moodle.zip") as archive:
        (name,) = archive.namelist()
        shared = text_of(archive.read(name).decode())
    assert "100 points earned." in shared and "differs between the members" in shared
    assert "of 100 points" not in shared and "late:" not in shared


def test_moodles_zip_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    made = moodle_class(tmp_path / "class")
    contents = []
    for _ in range(2):
        pages_of(made, moodle=True, force=True)
        contents.append((made.folder / "feedback-moodle.zip").read_bytes())
    assert contents[0] == contents[1]


def test_moodles_zip_is_not_written_over_without_leave(tmp_path: Path) -> None:
    made = moodle_class(tmp_path / "class")
    (made.folder / "feedback-moodle.zip").write_text("mine")
    with pytest.raises(WriteError, match="--force"):
        feedback(options(made.folder, moodle=True), made.course)
    assert not (made.folder / "feedback").exists(), "before anything is written"


def test_a_class_from_elsewhere_has_no_zip_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = made_up_class(tmp_path / "class")
    assert feedback(options(made.folder, moodle=True), made.course) == 1
    assert not (made.folder / "feedback-moodle.zip").exists()
    assert "did not come from a Moodle archive" in capsys.readouterr().out
