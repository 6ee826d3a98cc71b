"""What students and their submissions are called in a report: by name, or by number.

A report without names has nothing in it that somebody chose or that tells somebody: no name of a
file or an archive's entry, no text that quotes code, no time to the second. So every such text goes
through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from autograder.classroom.people import Student
from autograder.classroom.standing import Standing, once_each
from autograder.classroom.store import HandedIn
from autograder.wording import listed


@dataclass(frozen=True)
class Names:
    """Who is called what. numbers: name of a submission -> its number in the report, from 1."""

    anonymous: bool
    numbers: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def of(standings: Sequence[Standing], anonymous: bool) -> Names:
        """The names of a class, of which `standings` is in the order of the students' names.

        Numbers that stand for names follow an order that nobody reads from a list of the class.
        """
        handed_in = [one.handed_in for one in once_each(standings) if one.handed_in is not None]
        if anonymous:
            handed_in.sort(key=_shuffled)
        numbers = {one.name: number for number, one in enumerate(handed_in, 1)}
        return Names(anonymous, numbers)

    def in_order(self, standings: Sequence[Standing]) -> list[Standing]:
        """Submissions by their numbers, so that no list in a report follows that of the names."""
        handed_in = [one for one in standings if one.handed_in is not None]
        return sorted(handed_in, key=self._number)

    def _number(self, standing: Standing) -> int:
        return self.numbers[standing.handed_in.name] if standing.handed_in else 0

    def anchor(self, submission: str) -> str:
        """The id of its section: `s17`."""
        return f"s{self.numbers[submission]}"

    def heading(self, handed_in: HandedIn) -> str:
        """Who handed it in; without names, `Submission 17`."""
        if self.anonymous or not handed_in.students:
            return self.submission(handed_in.name)
        return listed([student.shown for student in handed_in.students])

    def short(self, handed_in: HandedIn) -> str:
        """The same where many stand in a line; without names, `17`."""
        if self.anonymous:
            return str(self.numbers[handed_in.name])
        return self.heading(handed_in)

    def submission(self, name: str) -> str:
        """What the archive calls it; without names, `Submission 17`."""
        return f"Submission {self.numbers[name]}" if self.anonymous else name

    def student(self, student: Student) -> str:
        """A student; without names, nothing."""
        return "" if self.anonymous else student.shown

    def told(self, text: str) -> str:
        """A text that may quote a student or a file; without names, nothing."""
        return "" if self.anonymous else text


def _shuffled(handed_in: HandedIn) -> str:
    files = handed_in.key.files if handed_in.key else ""
    return sha256(f"{files}\n{handed_in.name}".encode("utf-8", "surrogatepass")).hexdigest()
