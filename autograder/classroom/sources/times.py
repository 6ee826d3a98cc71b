"""When something was handed in, as other systems write it: ISO 8601 with a zone, or nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[Tt \t]+(?P<hour>\d{1,2}:\d{2}(?::\d{2})?)(?P<fraction>[.,]\d*)?)?"
    r"[ \t]*(?P<zone>Z|z|UTC|GMT|[-+]\d{1,2}(?::?\d{2})?)?"
)
"""Of YAML (https://yaml.org/type/timestamp.html), of nbgrader, and of ISO 8601."""


def as_iso(text: str) -> str:
    """The moment as ISO 8601 with a zone; empty for what is none. Without a zone it is UTC.

    That is the rule of YAML, in which Gradescope writes, and of nbgrader.

    >>> as_iso("2026-04-26 17:34:00.861687000 Z")
    '2026-04-26T17:34:00.861687+00:00'
    """
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return ""
    try:
        moment = datetime.strptime(found["day"], "%Y-%m-%d") + _since_midnight(found)
        return moment.replace(tzinfo=_zone(found["zone"])).isoformat()
    except (ValueError, OverflowError):
        return ""


def _since_midnight(found: re.Match[str]) -> timedelta:
    clock = found["hour"] or "0:00"
    known = datetime.strptime(clock, "%H:%M:%S" if clock.count(":") == 2 else "%H:%M")
    digits = (found["fraction"] or ".")[1:7].ljust(6, "0")
    return timedelta(
        hours=known.hour, minutes=known.minute, seconds=known.second, microseconds=int(digits)
    )


def _zone(text: str | None) -> timezone:
    if not text or text[0] not in "+-":
        return timezone.utc
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text[0] == "-" else offset)
