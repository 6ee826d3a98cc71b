"""Late work of a class: extensions, slip days, groups, and sources that do not say when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.directory import Directory
from autograder.classroom.extensions import Extension, Extensions, read_extensions
from autograder.classroom.lateness import Lateness, paid
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing, once_each, remarks, standings
from autograder.classroom.store import HandedIn, StoreError
from autograder.report.late import Lateness as OnGradescope
from autograder.report.late import lateness as on_gradescope
from autograder.settings import Course, Late
from tests.classroom import made_up_store
from tests.classroom.made_up_store import (
    ADA,
    ALAN,
    BARBARA,
    DUE,
    EDSGER,
    GRACE,
    PEOPLE,
    MadeUpStore,
)

RULES = Late(per_day=0.1, grace_minutes=15, most_days=3)
ONE_DAY, TWO_DAYS = "2027-02-06T20:00:00-05:00", "2027-02-07T20:00:00-05:00"
GATES_DUE, GATES_ONE_DAY = "2027-02-19T23:59:00-05:00", "2027-02-20T20:00:00-05:00"


def course(**rules: float) -> Course:
    return replace(made_up_store.tests_course(), late=replace(RULES, **rules))  # type: ignore[arg-type]


def extensions(made: MadeUpStore, *lines: str, head: str = "student,set,due,note") -> None:
    made.folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([head, *lines]) + "\n"
    (made.folder / "extensions.csv").write_text(text, encoding="utf-8")


def by_name(found: Sequence[Standing]) -> dict[str, Standing]:
    return {one.student.name.partition(" ")[0]: one for one in found}


@pytest.fixture
def made(tmp_path: Path) -> MadeUpStore:
    return MadeUpStore(tmp_path / "class")


# ----------------------------------------------------------------------- raw, penalty and final


@pytest.mark.parametrize(
    ("at", "days", "lost"),
    [
        ("2027-02-05T18:00:00-05:00", 0, 0.0),
        ("2027-02-06T00:14:00-05:00", 0, 0.0),  # the last minute of the grace
        ("2027-02-06T00:14:01-05:00", 1, 0.1),
        ("2027-02-06T05:14:00Z", 0, 0.0),  # the same moment, by another clock
        ("2027-02-06 05:14:00.250000 +00:00", 0, 0.0),  # as YAML writes it
        (TWO_DAYS, 2, 0.2),
        ("2027-02-12T12:00:00-05:00", 7, 1.0),  # later than most_days
    ],
)
def test_what_late_work_loses_is_kept_apart_from_what_was_earned(
    made: MadeUpStore, at: str, days: int, lost: float
) -> None:
    made.hand_in(ADA, at=at, rnn_forward="failed")
    (found,) = standings(made.store, course(), "recurrence")
    assert (found.lateness.days, found.lateness.lost) == (days, pytest.approx(lost))
    assert 0 < found.raw < found.worth
    assert found.final == pytest.approx(found.raw * (1 - lost))
    assert found.penalty == pytest.approx(found.raw * lost)
    assert f"due {DUE}" in found.lateness.why and "handed in 2027-02-" in found.lateness.why


def test_a_source_that_calls_it_late_all_the_same_is_quoted(made: MadeUpStore) -> None:
    handed_in = made.hand_in(ADA, at="2027-02-05T18:00:00-05:00", late=True)
    assert handed_in.late
    (found,) = standings(made.store, course(), "recurrence")
    assert found.lateness.why.endswith("; where it was handed in it counts as late")


def test_the_arithmetic_is_that_of_gradescope(made: MadeUpStore, tmp_path: Path) -> None:
    made.hand_in(ADA, at=TWO_DAYS, rnn_forward="failed")
    rules = course(per_day=0.0333)
    (found,) = standings(made.store, rules, "recurrence")
    metadata = tmp_path / "metadata.json"
    metadata.write_text(f'{{"created_at": "{TWO_DAYS}", "assignment": {{"due_date": "{DUE}"}}}}')
    there = on_gradescope(rules.late, metadata)
    assert there is not None and found.final == there.score(found.raw) != found.raw


def test_without_a_table_late_work_loses_nothing(made: MadeUpStore) -> None:
    made.hand_in(ADA, at=TWO_DAYS)
    (found,) = standings(made.store, made_up_store.tests_course(), "recurrence")
    assert (found.lateness.days, found.penalty, found.final) == (2, 0.0, found.raw)


# ---------------------------------------------------------------- what cannot be worked out


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": "", "late": True}, "it is marked as late, but not how late, so no penalty"),
        ({"at": "", "late": None}, "nothing says when it was handed in, so no penalty"),
        (
            {"at": "2027-02-09T12:00:00"},
            "the time of handing in says no zone (2027-02-09T12:00:00), so no penalty",
        ),
        ({"at": "Monday"}, "the time of handing in says no zone (Monday), so no penalty"),
    ],
)
def test_without_a_time_nothing_is_lost_and_it_is_said(
    made: MadeUpStore, change: dict[str, object], why: str
) -> None:
    handed_in = made.hand_in(ADA)
    made.write(replace(handed_in, **change), None)  # type: ignore[arg-type]
    (found,) = standings(made.store, course(), "recurrence")
    assert (found.lateness.why, found.penalty) == (why, 0.0)


@pytest.mark.parametrize(
    ("due", "why", "remark"),
    [
        (
            "",
            "recurrence has no due date in course.toml, so no penalty",
            "no penalty for late work: recurrence has no due date in course.toml",
        ),
        (
            "2027-02-05T23:59:00",
            "the due date in course.toml has no offset (write it as 2027-02-05T23:59:00-05:00), "
            "so no penalty",
            "no penalty for late work: write the due dates in course.toml as "
            "2027-02-05T23:59:00-05:00",
        ),
    ],
)
def test_a_due_date_that_says_no_moment_costs_nobody_anything(
    made: MadeUpStore, due: str, why: str, remark: str
) -> None:
    made.hand_in(ADA, at=TWO_DAYS)
    sets = tuple(replace(one, due=due) for one in course().sets)
    changed = replace(course(), sets=sets)
    (found,) = standings(made.store, changed, "recurrence")
    assert (found.lateness.why, found.penalty) == (why, 0.0)
    assert remarks(made.store, changed, "recurrence") == [remark]


def test_all_sets_together_have_no_due_date_unless_all_have_the_same(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class", "all")
    made.hand_in(ADA, at=TWO_DAYS)
    (found,) = standings(made.store, course(), "all")
    assert found.lateness.why == "the sets of `all` are due at different times, so no penalty"
    assert found.penalty == 0
    (said,) = remarks(made.store, course(), "all")
    assert said.endswith("grade with --set, one of recurrence, gates, words, captions and beyond")
    alike = replace(course(), sets=tuple(replace(one, due=DUE) for one in course().sets))
    (found,) = standings(made.store, alike, "all")
    assert found.lateness.days == 2 and remarks(made.store, alike, "all") == []


# -------------------------------------------------------------------------------- extensions


@pytest.mark.parametrize(
    "student", ["1815", "ada@example.edu", "ADA", "ada  lovelace", "Lovelace, Ada"]
)
@pytest.mark.parametrize("problem_set", ["recurrence", "", "all"])
@pytest.mark.parametrize("due", ["2027-02-07", "2027-02-07T20:00", "2027-02-08T01:00:00Z"])
def test_an_extension_names_a_student_by_anything_that_is_theirs(
    made: MadeUpStore, student: str, problem_set: str, due: str
) -> None:
    made.hand_in(ADA, at=TWO_DAYS)
    made.hand_in(ALAN, at=TWO_DAYS)
    extensions(made, f'"{student}",{problem_set},{due},ill')
    found = by_name(standings(made.store, course(), "recurrence"))
    assert (found["Ada"].lateness.days, found["Ada"].penalty) == (0, 0.0)
    assert found["Ada"].lateness.extended == "ill"
    assert "(extended: ill)" in found["Ada"].lateness.why
    assert found["Alan"].lateness.days == 2 and not found["Alan"].lateness.extended
    assert remarks(made.store, course(), "recurrence") == []


def test_the_zone_of_an_extension_is_that_of_the_set(made: MadeUpStore) -> None:
    made.hand_in(ADA, at="2027-02-07T20:00:00-05:00")
    made.hand_in(ALAN, at="2027-02-07T20:30:00-05:00")
    lines = [f"{login},recurrence,2027-02-07T20:00," for login in ("ada", "alan")]
    extensions(made, *lines)
    found = by_name(standings(made.store, course(grace_minutes=0), "recurrence"))
    assert [found[name].lateness.days for name in ("Ada", "Alan")] == [0, 1]
    assert found["Ada"].lateness.extended == "until 2027-02-07 20:00"


def test_an_extension_for_every_set_takes_no_time_away(made: MadeUpStore) -> None:
    made.hand_in(ADA, at="2027-02-05T18:00:00-05:00")
    extensions(made, "ada,,2027-02-01,", "ada,,2027-02-07,a")
    (found,) = standings(made.store, course(), "recurrence")
    assert found.lateness.days == 0 and found.lateness.extended == "a"


def test_of_a_group_the_member_with_the_most_time_counts(made: MadeUpStore) -> None:
    made.hand_in(ADA, ALAN, at=TWO_DAYS)
    extensions(made, "ada,recurrence,2027-02-06,short", "alan,recurrence,2027-02-07,long")
    found = standings(made.store, course(), "recurrence")
    assert [one.lateness.days for one in found] == [0, 0]
    assert {one.lateness.extended for one in found} == {"long"}


def test_each_line_that_cannot_be_understood_is_named_and_costs_only_itself(
    made: MadeUpStore,
) -> None:
    made.hand_in(ADA, at=TWO_DAYS)
    made.hand_in(ALAN, at=TWO_DAYS)
    made.hand_in(Student("Alan Turing", sid="7", email="other@example.edu"))
    extensions(
        made,
        "Nobody Here,recurrence,2027-02-09,",
        "alan turing,recurrence,2027-02-09,",
        "ada,recurence,2027-02-09,",
        "",
        "ada,recurrence,Friday,",
        "ada,recurrence,2/9/2027,",
        ",recurrence,2027-02-09,",
        "ada",
        "ada,recurrence,2027-02-04,",
        "ada,recurrence,2027-02-07,good",
    )
    found = by_name(standings(made.store, course(), "recurrence"))
    assert found["Ada"].lateness.extended == "good" and found["Ada"].lateness.days == 0
    said = remarks(made.store, course(), "recurrence")
    expected = [
        "line 2 of extensions.csv was left out: no student here is called 'Nobody Here'; write an "
        "id, email, login or name as in the roster",
        "line 3 of extensions.csv was left out: 2 students are called 'alan turing'; write an id "
        "or email instead (alan@example.edu and other@example.edu)",
        "line 4 of extensions.csv was left out: there is no problem set 'recurence'; did you mean "
        "recurrence?",
        "line 6 of extensions.csv was left out: due should be a date like 2027-02-05 or "
        "2027-02-05T23:59:00-05:00, not 'Friday'",
        "line 7 of extensions.csv was left out: due should be a date like 2027-02-05 or "
        "2027-02-05T23:59:00-05:00, not '2/9/2027'",
        "line 8 of extensions.csv was left out: it names no student",
        "line 9 of extensions.csv was left out: it has no due date",
        "line 10 of extensions.csv was left out: 2027-02-04T23:59:59 gives no more time, because "
        "recurrence is due on 2027-02-05T23:59:00-05:00",
    ]
    assert said == expected


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"name,set,due\nada,,2027-02-09\n", "has no column student"),
        (b"a;b\n", "has no column student and due: its first line should be student,set,due,note"),
        (b"student,set,due\n\xff\xfe,,\n", "is not readable as text: save it as UTF-8"),
        (b'student,due\n"ada' + b"x" * 200_000, "cannot be read as a table"),
        (b"\n", "is empty: its first line should be student,set,due,note"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_stops_rather_than_costs(
    made: MadeUpStore, content: bytes, why: str
) -> None:
    made.hand_in(ADA, at=TWO_DAYS)
    path = made.folder / "extensions.csv"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=f"^{path} {why}") as refused:
        standings(made.store, course(), "recurrence")
    mended = "; mend that file, or give a good one to `class grade` with --extensions"
    assert str(refused.value).endswith(mended)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffstudent,set,due,note\r\nada,recurrence,2027-02-07,ill\r\n",
        "Student;Set;Due;Note\nada;recurrence;2027-02-07;ill\n",
        'due,note,student\n2027-02-07,"ill",ada\n',
        "\n\nstudent\tdue\tnote\nada\t2027-02-07\till\n",
    ],
)
def test_a_spreadsheets_ways_of_writing_it_are_all_read(tmp_path: Path, content: str) -> None:
    path = tmp_path / "extensions.csv"
    path.write_text(content, encoding="utf-8", newline="")
    found = read_extensions(path, course(), Directory([[ADA, ALAN]]))
    assert found.wrong == ()
    assert [one.note for one in found.of(ADA.key, "recurrence")] == ["ill"]
    assert found.of(ALAN.key, "recurrence") == []


# ---------------------------------------------------------------------------------- slip days


def test_slip_days_pay_set_by_set_until_they_are_spent(tmp_path: Path) -> None:
    first, second = MadeUpStore(tmp_path / "class"), MadeUpStore(tmp_path / "class", "gates")
    second.hand_in(ADA, at="2027-02-21T20:00:00-05:00", name="gates_1")  # graded first, due later
    first.hand_in(ADA, at=ONE_DAY, name="recurrence_1")
    rules = course(slip_days=2)
    (earlier,) = standings(first.store, rules, "recurrence")
    (later,) = standings(first.store, rules, "gates")
    assert (earlier.lateness.days, earlier.lateness.slipped, earlier.penalty) == (1, 1, 0.0)
    assert (later.lateness.days, later.lateness.slipped) == (2, 1)
    assert later.lateness.lost == pytest.approx(0.1)
    assert standings(first.store, rules, "gates") == [later]  # asking spends none


def test_each_member_of_a_group_pays_with_days_of_their_own(tmp_path: Path) -> None:
    first, second = MadeUpStore(tmp_path / "class"), MadeUpStore(tmp_path / "class", "gates")
    first.hand_in(ADA, at=ONE_DAY, name="recurrence_1")
    first.hand_in(ALAN, name="recurrence_2")
    second.hand_in(ADA, ALAN, at=GATES_ONE_DAY, name="gates_1")
    found = by_name(standings(first.store, course(slip_days=1), "gates"))
    assert (found["Ada"].lateness.slipped, found["Ada"].final) == (0, 90.0)
    assert (found["Alan"].lateness.slipped, found["Alan"].final) == (1, 100.0)


def test_a_student_is_the_same_in_two_sets_by_what_the_sources_have_in_common(
    tmp_path: Path,
) -> None:
    first, second = MadeUpStore(tmp_path / "class"), MadeUpStore(tmp_path / "class", "gates")
    first.hand_in(Student("Ada Lovelace", participant="17"), at=ONE_DAY, name="recurrence_1")
    second.hand_in(ADA, at=GATES_ONE_DAY, name="gates_1")
    (found,) = standings(first.store, course(slip_days=1), "gates")
    assert found.lateness.slipped == 0 and found.penalty == 10


def test_no_slip_day_is_spent_where_nothing_was_earned(tmp_path: Path) -> None:
    first, second = MadeUpStore(tmp_path / "class"), MadeUpStore(tmp_path / "class", "gates")
    unread = first.unreadable(ADA)
    first.write(replace(unread, at=ONE_DAY), None)
    second.hand_in(ADA, at=GATES_ONE_DAY, name="gates_1")
    (found,) = standings(first.store, course(slip_days=1), "gates")
    assert found.lateness.slipped == 1 and found.penalty == 0


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 6), st.integers(0, 12), st.integers(0, 12))
def test_as_few_slip_days_as_will_do_save_as_much_as_can_be_saved(
    per_day: float, floor: float, most_days: int, days: int, left: int
) -> None:
    late = Late(per_day=per_day, floor=floor, most_days=most_days)
    found = paid(Lateness(days=days, lost=late.lost(days)), late, left)
    assert 0 <= found.slipped <= min(left, days)
    assert found.lost == late.lost(days - found.slipped)
    assert found.lost == min(late.lost(days - spent) for spent in range(min(left, days) + 1))
    assert found.slipped == 0 or late.lost(days - found.slipped + 1) > found.lost


def test_gradescope_says_that_it_cannot_count_them() -> None:
    told = OnGradescope(2, 0.2, "", may_slip=True).sentence
    assert told == "Handed in 2 days late: −20 %, slip days not counted yet"
    assert OnGradescope(2, 0.2, "").sentence == "Handed in 2 days late: −20 %"


# --------------------------------------------------------------------------- who is in the class


def test_who_is_on_the_roster_and_handed_in_nothing_is_there(made: MadeUpStore) -> None:
    made.hand_in(Student(login="ada"))
    made.hand_in(Student("Alan Turing"))
    made.roster(ADA, ALAN, GRACE)
    found = standings(made.store, course(), "recurrence")
    assert [one.student for one in found] == [ADA, ALAN, GRACE]
    assert [one.handed_in is None for one in found] == [False, False, True]
    nothing = found[2]
    assert (nothing.grade, nothing.raw, nothing.penalty, nothing.final) == (None, 0, 0, 0)
    assert nothing.worth == 100 and nothing.lateness.why == "nothing was handed in"
    assert len(once_each(found)) == 2


def test_the_roster_of_the_store_is_read(made: MadeUpStore) -> None:
    made.hand_in(ADA)
    made.roster(*PEOPLE)
    found = standings(made.store, course(), "recurrence")
    assert {one.student.email for one in found} == {one.email for one in PEOPLE}


def test_an_extension_may_name_somebody_who_handed_in_nothing(made: MadeUpStore) -> None:
    made.hand_in(ADA)
    made.roster(ADA, BARBARA)
    extensions(made, "1939,recurrence,2027-02-09,")
    assert remarks(made.store, course(), "recurrence") == []


def test_what_is_nobodys_is_not_lost(made: MadeUpStore) -> None:
    made.hand_in(ADA)
    made.hand_in(name="submission_77", rnn_forward="failed")
    found = standings(made.store, course(), "recurrence")
    assert [one.student.shown for one in found] == ["Ada Lovelace", "submission_77"]
    assert found[1].raw < 100 and len(once_each(found)) == 2


def test_of_several_submissions_of_a_student_the_newest_counts(made: MadeUpStore) -> None:
    made.hand_in(ADA, at=ONE_DAY, name="new")
    made.hand_in(ADA, GRACE, name="old", rnn_forward="failed")
    found = by_name(standings(made.store, course(), "recurrence"))
    assert found["Ada"].handed_in is not None and found["Ada"].handed_in.name == "new"
    assert found["Ada"].handed_in.older == ("old",)
    assert found["Grace"].handed_in is not None and found["Grace"].handed_in.name == "old"


def test_where_no_times_are_known_the_last_that_was_imported_counts(made: MadeUpStore) -> None:
    for name in ("first", "second"):
        made.write(replace(made.hand_in(EDSGER, name=name), at=""), None)
    (found,) = standings(made.store, course(), "recurrence")
    assert found.handed_in is not None and found.handed_in.name == "second"


# --------------------------------------------------------------------------------- who is who


def test_two_who_have_one_name_are_never_taken_for_one_another() -> None:
    two = [Student("Li Wei", participant="1"), Student("Li Wei", participant="2")]
    people = Directory([two, [Student("Li Wei", sid="9")]])
    assert len(people.students) == 3
    assert people.of(two[0]).key != people.of(two[1]).key
    assert len(people.find("li wei")) == 3


def test_a_name_in_another_order_and_a_number_without_its_zeros_are_found() -> None:
    people = Directory([[Student("Zoë Müller", sid="0042"), Student("Li Wei", sid="42x")]])
    assert [one.sid for one in people.find("muller, zoe")] == ["0042"]
    assert [one.sid for one in people.find("42")] == ["0042"]
    assert people.of(Student("Wei, Li")).sid == "42x"
    turned = Directory([[Student("Li Wei", sid="1"), Student("Wei Li", sid="2")]])
    assert turned.of(Student("Wei Li")) == Student("Wei Li")
    assert len(turned.find("Wei Li")) == 2


def test_a_known_id_that_differs_outweighs_an_equal_name() -> None:
    people = Directory([[Student("Li Wei", sid="1")], [Student("Li Wei", sid="2")]])
    assert [one.sid for one in people.students] == ["1", "2"]
    assert people.of(Student("Li Wei", sid="2")).sid == "2"


def test_what_two_lists_know_of_a_student_is_put_together() -> None:
    login, full = Student(login="ada"), Student("Ada Lovelace", sid="1815", login="Ada")
    people = Directory([[full], [login]])
    assert people.of(login).sid == "1815" and people.find("ada") == people.find("1815")
    unknown = Student("Somebody", participant="3")
    assert people.of(unknown) == unknown and people.find("") == []
    moodle = Student("Ada Lovelace", participant="3")
    assert people.of(moodle).participant == "3"


def test_extensions_are_of_one_student_and_set() -> None:
    one = Extension("sid:1", "recurrence", "2027-02-07T23:59:59")
    every = Extension("sid:1", "", "2027-02-07T23:59:59")
    granted = Extensions((one, every))
    assert granted.of("sid:1", "recurrence") == [one, every]
    assert granted.of("sid:1", "gates") == [every] and granted.of("sid:2", "gates") == []


def test_lateness_is_read_from_a_store_line(made: MadeUpStore) -> None:
    handed_in = made.hand_in(ADA, at=TWO_DAYS)
    assert HandedIn.from_data(handed_in.as_data()).at == TWO_DAYS
