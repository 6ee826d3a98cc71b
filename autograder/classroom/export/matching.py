"""Which row of a teacher's file is which student: by the surest identifier, by a name if it must.

Nothing is guessed: an identifier that two have decides nothing, and neither does a name where an
identifier says otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.classroom.export.job import named
from autograder.classroom.people import Student
from autograder.classroom.standing import Standing

Keys = Callable[[Student], Iterable[str]]
"""What a student may be known by, in one way."""


@dataclass(frozen=True)
class Matches:
    """rows: row -> how its student stands. lost: who is in no row. unsure: a sentence each."""

    rows: Mapping[int, Standing]
    lost: tuple[Standing, ...]
    unsure: tuple[str, ...]


def match(people: Mapping[int, Student], standings: Sequence[Standing]) -> Matches:
    """Find the standing of each row.

    people: row -> what the file says of its student.
    """
    found: dict[int, Standing] = {}
    taken: set[int] = set()
    unsure: list[str] = []
    for of_row, of_student, is_sure in _WAYS:
        rows = _by_key(people.items(), of_row)
        known = _by_key(enumerate(one.student for one in standings), of_student)
        for key, numbers in known.items():
            free = [number for number in numbers if number not in taken]
            open_rows = [row for row in rows.get(key, ()) if row not in found]
            if not free or not open_rows:
                continue
            several = len(numbers) > 1 or (not is_sure and len(rows[key]) > 1)
            if several:
                unsure.append(_said(key, free, standings))
                continue
            standing = standings[free[0]]
            for row in open_rows:
                if not _contradict(people[row], standing.student):
                    found[row] = standing
                    taken.add(free[0])
    lost = [standing for number, standing in enumerate(standings) if number not in taken]
    still = {named(standing) for standing in lost}
    told = [text for text in dict.fromkeys(unsure) if any(name in text for name in still)]
    return Matches(found, tuple(lost), tuple(told))


def _by_key(people: Iterable[tuple[int, Student]], keys: Keys) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, student in people:
        for key in dict.fromkeys(keys(student)):
            if key:
                found.setdefault(key, []).append(number)
    return found


def _said(key: str, numbers: Sequence[int], standings: Sequence[Standing]) -> str:
    who = " and ".join(named(standings[number]) for number in numbers)
    return f"{key!r} is no one student: nothing is written for {who}"


def _contradict(one: Student, other: Student) -> bool:
    """Whether an identifier that both have says that these are two people."""
    for name in ("sid", "canvas_id", "participant"):
        ours, theirs = _plain(getattr(one, name)), _plain(getattr(other, name))
        if ours and theirs and ours != theirs:
            return True
    return False


# ------------------------------------------------------------------------------- what is compared


def _plain(text: str) -> str:
    """An identifier as it is compared: a spreadsheet takes the zeros before a number away.

    >>> _plain(" 000123 "), _plain("ADA@example.edu")
    ('123', 'ada@example.edu')
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return plain.lstrip("0") or "0" if plain.isdigit() else plain


def plain_name(name: str) -> str:
    """A name as it is compared: `Lovelace, Ada` is `Ada Lovelace`.

    >>> plain_name("Lovelace,  Ada"), plain_name("Ada LOVELACE")
    ('ada lovelace', 'ada lovelace')
    """
    last, comma, first = name.partition(",")
    turned = f"{first} {last}" if comma else name
    return " ".join(unicodedata.normalize("NFKC", turned).casefold().split())


def _sid(student: Student) -> list[str]:
    return [_plain(student.sid)]


def _canvas_id(student: Student) -> list[str]:
    return [_plain(student.canvas_id)]


def _participant(student: Student) -> list[str]:
    return [_plain(student.participant)]


def _logins(student: Student) -> list[str]:
    """A login may be an address, and is one in many universities."""
    return [_plain(student.login), _plain(student.email)]


def _bare(student: Student) -> list[str]:
    """Logins that are no addresses: `ada`."""
    return [key for key in _logins(student) if "@" not in key]


def _before_the_at(student: Student) -> list[str]:
    """`ada` of `ada@example.edu`. Of two addresses it would be anybody's: see `_WAYS`."""
    return [key.partition("@")[0] for key in _logins(student) if "@" in key]


def _shorter(student: Student) -> list[str]:
    """`ada@example.edu` of `ada@mail.example.edu`."""
    found = []
    for key in _logins(student):
        name, at, domain = key.partition("@")
        labels = domain.split(".")
        for first in range(1, len(labels) - 1):
            found.append(f"{name}@{'.'.join(labels[first:])}")
    return found


def _name(student: Student) -> list[str]:
    return [plain_name(student.name)]


_WAYS: tuple[tuple[Keys, Keys, bool], ...] = (
    (_sid, _sid, True),
    (_canvas_id, _canvas_id, True),
    (_participant, _participant, True),
    (_logins, _logins, True),
    (_bare, _before_the_at, False),
    (_before_the_at, _bare, False),
    (_shorter, _logins, False),
    (_logins, _shorter, False),
    (_name, _name, False),
)
"""What of a row is compared with what of a student, the surest first; True where that is sure.

What is not sure counts only if it is one row's and one student's. The same name at two addresses
is no reason: `ada@one.edu` and `ada@two.edu` are two people.
"""
