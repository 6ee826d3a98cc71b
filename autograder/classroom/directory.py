"""Who is who: one student whom archives, rosters and staff name in different ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.classroom.people import Student

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
        self._by_name: dict[str, list[int]] = {}
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
        """All who may be meant by an id, email, login or name: one, if it is clear who is."""
        wanted = _plain(text)
        sure = {self._by[name, wanted] for name in SURE if (name, wanted) in self._by}
        numbers = sure or set(self._by_name.get(wanted, ()))
        return [self._students[number] for number in sorted(numbers)]

    def _number(self, student: Student) -> int | None:
        for name in SURE:
            value = _plain(getattr(student, name))
            if value and (name, value) in self._by:
                return self._by[name, value]
        if not student.name or _plain(student.name) in self._shared:
            return None
        named = self._by_name.get(_plain(student.name), [])
        return named[0] if len(named) == 1 and self._may_be(named[0], student) else None

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
            if getattr(known, name):
                self._by.setdefault((name, _plain(getattr(known, name))), number)
        named = self._by_name.setdefault(_plain(known.name), [])
        if known.name and number not in named:
            named.append(number)


def _shared_names(lists: Sequence[Sequence[Student]]) -> set[str]:
    """The names that two students of one list have."""
    shared = set()
    for students in lists:
        named = {(student.key, _plain(student.name)) for student in students if student.name}
        times = Counter(name for _, name in named)
        shared |= {name for name, count in times.items() if count > 1}
    return shared


def _plain(text: str) -> str:
    """As it is compared: without capitals and with single spaces."""
    return " ".join(text.casefold().split())
