"""What the page of a student is called: a name that cannot collide, nor leave its folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from autograder.classroom.standing import Standing

LONGEST = 40
DIGITS = 10


def file_names(standings: Sequence[Standing]) -> list[str]:
    """The file of each, in order: letters a to z, digits and `-` only.

    The name is there to be found by; what tells two of one name apart comes after it, and is the
    same whenever the pages are written again.
    """
    names: list[str] = []
    taken: set[str] = set()
    for standing in standings:
        stem = f"{slug(standing.student.shown)}-{_code(standing)}"
        name, number = f"{stem}.html", 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}.html"
        taken.add(name)
        names.append(name)
    return names


def slug(text: str) -> str:
    """The text as a part of a file's name.

    >>> slug("Zoë  O'Neil"), slug("../../etc"), slug("王")
    ('zoe-o-neil', 'etc', 'student')
    """
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST].strip("-") or "student"


def _code(standing: Standing) -> str:
    """Digits that hang on who the student is, and on nothing else."""
    known = standing.student.key or (standing.handed_in.name if standing.handed_in else "")
    return sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
