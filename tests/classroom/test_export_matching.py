"""Which row is which student: by the surest identifier, never by a guess."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from autograder.classroom.export.matching import Matches, match
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing

ADA = Student("Ada Lovelace", sid="001815", email="ada@example.edu", login="ada")


def matched(rows: Sequence[Student], people: Sequence[Student]) -> Matches:
    standings = [Standing(student, "recurrence", 100.0) for student in people]
    return match(dict(enumerate(rows)), standings)


@pytest.mark.parametrize(
    "row",
    [
        Student(sid="1815"),
        Student(login="ada"),
        Student(login="ADA@example.edu"),
        Student(email="ada@example.edu"),
        Student(email="ada@mail.example.edu"),
        Student(name="Lovelace, Ada"),
        Student(name="ada  LOVELACE"),
    ],
)
def test_anything_that_tells_a_student_is_enough(row: Student) -> None:
    found = matched([Student(name="Somebody Else", sid="7"), row], [ADA])
    assert {number: one.student for number, one in found.rows.items()} == {1: ADA}
    assert not found.lost and not found.unsure


def test_a_login_that_is_no_address_is_the_address_of_who_has_one() -> None:
    student = Student("Ada Lovelace", email="ada@example.edu")
    assert matched([Student(login="ada")], [student]).rows


@pytest.mark.parametrize("address", ["ada@other.edu", "ada@ac.uk", "adam@example.edu"])
def test_the_same_name_at_another_address_is_somebody_else(address: str) -> None:
    student = Student("A", email="ada@example.edu")
    assert not matched([Student("B", email=address)], [student]).rows
    people = [Student("A", email="ada@one.ac.uk")]
    assert not matched([Student("B", email="ada@two.ac.uk")], people).rows


def test_a_number_goes_before_a_name() -> None:
    twin = Student("Ada Lovelace", sid="1816")
    found = matched([Student("Ada Lovelace", sid="1816")], [ADA, twin])
    assert found.rows[0].student == twin
    assert [one.student for one in found.lost] == [ADA]


def test_a_name_is_no_help_where_a_number_says_otherwise() -> None:
    found = matched([Student("Ada Lovelace", sid="99")], [ADA])
    assert not found.rows and [one.student for one in found.lost] == [ADA]


def test_two_students_of_one_name_are_not_told_apart_by_it() -> None:
    twins = [Student("Li Wei", email="a@one.edu"), Student("Li Wei", email="b@one.edu")]
    found = matched([Student("Wei, Li"), Student("Wei, Li")], twins)
    assert not found.rows and len(found.lost) == 2
    (said,) = found.unsure
    assert "a@one.edu" in said and "b@one.edu" in said and "li wei" in said


def test_two_rows_of_one_name_are_not_told_apart_by_it() -> None:
    found = matched([Student("Wei, Li"), Student("Wei, Li")], [Student("Li Wei")])
    assert not found.rows and len(found.lost) == len(found.unsure) == 1


def test_one_of_two_of_a_name_is_no_guess_once_the_other_is_found() -> None:
    """The name is still that of two: the row may be anybody's."""
    twins = [Student("Li Wei", sid="1"), Student("Li Wei")]
    found = matched([Student("Wei, Li", sid="1"), Student("Wei, Li")], twins)
    assert list(found.rows) == [0] and found.rows[0].student == twins[0]


def test_a_student_with_two_rows_has_both_filled() -> None:
    found = matched([Student(sid="1815"), Student(sid="1815")], [ADA])
    assert len(found.rows) == 2


def test_nobody_is_lost_without_a_word() -> None:
    people = [Student(f"A {number}", sid=str(number)) for number in range(20)]
    rows = [Student(sid=str(number)) for number in range(0, 20, 3)]
    found = matched(rows, people)
    seen = [one.student for one in (*found.rows.values(), *found.lost)]
    assert sorted(seen, key=lambda one: int(one.sid)) == people
