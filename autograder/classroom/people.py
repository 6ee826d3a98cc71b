"""Students, as archives and rosters name them: rarely fully, and never all in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Student:
    """What is known of a student; what is not, is empty.

    sid: the university's number. login: the university's login, or the name of the folder or the
    account that was handed in. canvas_id: Canvas' own number. participant: Moodle's number for one
    assignment, the digits of a worksheet's `Participant 123`.
    """

    name: str = ""
    sid: str = ""
    email: str = ""
    login: str = ""
    canvas_id: str = ""
    participant: str = ""

    @property
    def key(self) -> str:
        """What tells this student from all others, by the surest thing that is known.

        >>> Student(name="Ada Lovelace", sid="1815").key, Student(name="Ada Lovelace").key
        ('sid:1815', 'name:ada lovelace')
        """
        for field_name in ("sid", "email", "login", "canvas_id", "participant", "name"):
            value = getattr(self, field_name)
            if value:
                return f"{field_name}:{value.strip().casefold()}"
        return ""

    @property
    def shown(self) -> str:
        """The name, else whatever there is instead of one.

        >>> Student(email="ada@example.edu").shown
        'ada@example.edu'
        """
        known = [self.name, self.login, self.email, self.sid, self.canvas_id, self.participant]
        return next((text for text in known if text), "nobody")

    def with_known(self, other: Student) -> Student:
        """The same student, with what `other` knows besides."""
        known = {}
        for one in fields(Student):
            known[one.name] = getattr(self, one.name) or getattr(other, one.name)
        return Student(**known)

    def as_data(self) -> dict[str, str]:
        """What is known, as plain data; `from_data` reads it."""
        data = {one.name: getattr(self, one.name) for one in fields(Student)}
        return {name: value for name, value in data.items() if value}

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Student:
        """The student that `as_data` wrote."""
        return Student(**data)
