"""Who is who: one student whom archives, rosters and staff name in different ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.classroom.people import Student
from autograder.classroom.roster import spellings, squashed

SURE = ("sid", "email", "login", "canvas_id")
"""What no two students share. Moodle's participant is another number in every assignment."""


class Directory:
    """All students that are known, each with all that is known of them.

        people = Directory([roster.students, [Student(login="ada")]])
        people.find("Ada Lovelace")

    lists: in each list a student is named in one way: a roster, those of one problem set. Two in
    it that have a name in common are two students, and no name like theirs is told apart by it.
    """

    def __init__(self, lists: Iterable[Sequence[Student]]) -> None:
        lists = [list(students) for students in lists]
        self._shared = _shared_names(lists)
        self._students: list[Student] = []
        self._by: dict[tuple[str, str], int] = {}
        self._by_name: dict[str, set[int]] = {}
        self._without_zeros: dict[str, set[int]] = {}
        for students in lists:
            for student in students:
                self._add(student)

    @property
    def students(self) -> list[Student]:
        """Everyone, in the order in which they were named first."""
        return list(self._students)

    def of(self, student: Student) -> Student:
        """The same student with all that is known; unchanged if nothing is."""
        number = self._number(student)
        return student if number is None else student.with_known(self._students[number])

    def find(self, text: str) -> list[Student]:
        """All who may be meant by an id, email, login or name: one, if it is clear who is.

        A number may lack zeros in front, which spreadsheets take away.
        """
        wanted = _plain(text)
        numbers = {self._by[name, wanted] for name in SURE if (name, wanted) in self._by}
        if not numbers:
            numbers = self._by_name.get(squashed(text), set())
        if not numbers and wanted.isdigit():
            numbers = self._without_zeros.get(wanted, set())
        return [self._students[number] for number in sorted(numbers)]

    def _number(self, student: Student) -> int | None:
        for name in SURE:
            value = _plain(getattr(student, name))
            if value and (name, value) in self._by:
                return self._by[name, value]
        spelling = squashed(student.name)
        named = self._by_name.get(spelling, set())
        if not spelling or spelling in self._shared or len(named) != 1:
            return None
        (number,) = named
        return number if self._may_be(number, student) else None

    def _may_be(self, number: int, student: Student) -> bool:
        """Whether nothing that is known of the two is different."""
        known = self._students[number]
        for name in SURE:
            ours, theirs = _plain(getattr(known, name)), _plain(getattr(student, name))
            if ours and theirs and ours != theirs:
                return False
        return True

    def _add(self, student: Student) -> None:
        student = replace(student, participant="")
        number = self._number(student)
        if number is None:
            number = len(self._students)
            self._students.append(student)
        else:
            self._students[number] = self._students[number].with_known(student)
        known = self._students[number]
        for name in SURE:
            value = _plain(getattr(known, name))
            if value:
                self._by.setdefault((name, value), number)
            if value.isdigit():
                self._without_zeros.setdefault(value.lstrip("0"), set()).add(number)
        for spelling in spellings(known.name):
            self._by_name.setdefault(spelling, set()).add(number)


def _shared_names(lists: Sequence[Sequence[Student]]) -> set[str]:
    """The names, by all their spellings, that two students of one list have."""
    shared = set()
    for students in lists:
        having: dict[str, set[str]] = {}
        for student in students:
            for spelling in spellings(student.name):
                having.setdefault(spelling, set()).add(student.key)
        shared |= {spelling for spelling, keys in having.items() if len(keys) > 1}
    return shared


def _plain(text: str) -> str:
    """As it is compared: without capitals and with single spaces."""
    return " ".join(text.casefold().split())
