"""A due date, as people and TOML write it: understood alike by every Python, kept in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

EXAMPLE = "2027-02-05T23:59:00-05:00"

WRITTEN = re.compile(
    r"(?P<day>2\d{3}-\d\d-\d\d)"
    r"(?:[T ](?P<minute>(?:[01]\d|2[0-3]):[0-5]\d)(?P<second>:[0-5]\d)?(?:\.\d+)?"
    r" ?(?P<offset>Z|(?P<hours>[+-]\d\d):?(?P<minutes>[0-5]\d))?)?",
    re.ASCII | re.IGNORECASE,
)
"""Python 3.10 reads neither `Z` nor `-0500`, later ones read more than they say."""

_TIME = r"[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?([Zz]|[+-]\d\d:?\d\d))?"

SCHEMA = {"type": "string", "pattern": rf"^\s*(2\d{{3}}-\d\d-\d\d({_TIME})?)?\s*$"}
"""What JSON Schema can say of a due date: JavaScript has to understand the pattern, too."""


def as_due(value: Any) -> str:
    """A due date as `2027-02-05T23:59:00-05:00`; empty for an empty text.

    value: a text, or what TOML makes of a date without quotes. A day alone ends at its last second.

    Raises ValueError for anything else.

    >>> as_due("2027-02-05 23:59Z"), as_due(date(2027, 2, 5))
    ('2027-02-05T23:59:00+00:00', '2027-02-05T23:59:59')
    """
    text = value.isoformat() if isinstance(value, date) else value  # a datetime is a date
    if text == "":
        return ""
    match = WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError
    if match["minute"] is None:
        return datetime.fromisoformat(f"{match['day']}T23:59:59").isoformat()
    offset = ""
    if match["offset"]:
        offset = f"{match['hours']}:{match['minutes']}" if match["hours"] else "+00:00"
    second = match["second"] or ":00"
    return datetime.fromisoformat(f"{match['day']}T{match['minute']}{second}{offset}").isoformat()


def odd_dates(dates: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is wrong between the due dates of the sets, a clause each.

    dates: place and date (from `as_due`) of each set that has one, in the order of the sets.
    """
    by_offset: dict[bool, list[tuple[str, datetime]]] = {False: [], True: []}
    for place, text in dates:
        due = datetime.fromisoformat(text)
        by_offset[due.tzinfo is not None].append((place, due))
    if by_offset[False] and by_offset[True]:
        without, beside = by_offset[False][0][0], by_offset[True][0][0]
        yield f"{without} has no offset and {beside} has one: write it in all, as in {EXAMPLE}"
    for alike in by_offset.values():
        for (earlier, first), (later, second) in pairwise(alike):
            if second < first:
                yield f"{later} should not be before {earlier}: sets are listed as they are due"
