"""What the page of a student is called: a name that cannot collide, nor leave its folder."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from autograder.classroom.standing import Standing

LONGEST, MOST_BYTES = 40, 100
"""Of a student's name in a file's: characters, and bytes. Some file systems take 143 in all."""

DIGITS = 10
ENDING = ".html"


def file_names(standings: Sequence[Standing]) -> list[str]:
    """The file of each, in order: letters of any script, digits and `-` only.

    The name is there to be found by; what tells two of one name apart comes after it, and is the
    same whenever the pages are written again.
    """
    names: list[str] = []
    taken: set[str] = set()
    for standing in standings:
        stem = f"{slug(standing.student.shown)}-{_code(standing)}"
        name, number = f"{stem}{ENDING}", 1
        while _as_compared(name) in taken:
            number += 1
            name = f"{stem}-{number}{ENDING}"
        taken.add(_as_compared(name))
        names.append(name)
    return names


def is_file_name(name: str) -> bool:
    """Whether a page of ours may be called so."""
    stem = name.removesuffix(ENDING)
    return stem != name and bool(stem) and all(_stays(letter) or letter == "-" for letter in stem)


def slug(text: str) -> str:
    """The text as a part of a file's name: in lower case, and `-` for all that is no letter.

    >>> slug("Ægir  O'Neil"), slug("../../etc"), slug("张伟 Ritchie"), slug("...")
    ('ægir-o-neil', 'etc', '张伟-ritchie', 'student')
    """
    lower = unicodedata.normalize("NFC", text.lower())
    kept = "".join(letter if _stays(letter) else " " for letter in lower)
    name = "-".join(kept.split())[:LONGEST]
    while len(name.encode()) > MOST_BYTES:
        name = name[:-1]
    return name.strip("-") or "student"


def _stays(letter: str) -> bool:
    """Whether it is a letter, a mark on one, or a digit: nobody refuses these in a file's name."""
    return unicodedata.category(letter)[0] in "LMN"


def _as_compared(name: str) -> str:
    """The name as the most forgiving of file systems compares it."""
    return unicodedata.normalize("NFKC", name).casefold()


def _code(standing: Standing) -> str:
    """Digits that hang on who the student is, and on nothing else."""
    known = standing.student.key or (standing.handed_in.name if standing.handed_in else "")
    return sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
