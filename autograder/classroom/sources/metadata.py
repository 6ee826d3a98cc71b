"""Gradescope's `submission_metadata.yml`: whose each submission is, when it came, what it got.

What is missing costs nothing: an export may have nobody's name, number or results in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder.classroom.people import Student
from autograder.classroom.sources import ruby_yaml
from autograder.classroom.sources.ruby_yaml import Wrong
from autograder.classroom.sources.times import as_iso
from autograder.printable import printable

NAME = "submission_metadata.yml"

LONGEST = 200
"""Characters of a name or a number that is believed."""

NOT_READ = "its entry in submission_metadata.yml cannot be read, so nobody knows whose it is"
NOT_THERE = "submission_metadata.yml says nothing of it, so nobody knows whose it is"
TWICE = "submission_metadata.yml has it twice, and the later entry counts"
NO_TIME = "its time cannot be read, so nobody knows whether it is late"
NOBODY = "submission_metadata.yml names nobody for it"


@dataclass
class Entry:
    """What is said of one submission. whose: why nobody knows whose it is, a clause.

    remark: what else is wrong with it, a sentence.
    """

    students: tuple[Student, ...] = ()
    at: str = ""
    results: Mapping[str, Any] | None = None
    whose: str = ""
    remark: str = ""


def entries_of(content: bytes) -> dict[str, Entry]:
    """Submission -> what is said of it, wrong entries among them; of two the later counts."""
    text = _decoded(content)
    found = {name: _entry(data) for name, data in ruby_yaml.entries(text).items()}
    for name, times in Counter(ruby_yaml.names(text)).items():
        if times > 1 and name in found:
            found[name].remark = TWICE
    return found


def _decoded(content: bytes) -> str:
    """The text, with one kind of line end; a line that is no UTF-8 costs no more than itself."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "\n".join(content.decode("utf-16", errors="replace").splitlines())
    lines = []
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
    return "\n".join(lines)


# ---------------------------------------------------------------------------------------- an entry


def _entry(data: Any) -> Entry:
    if not isinstance(data, dict):
        return Entry(whose=NOT_READ)
    entry = Entry(results=_results(data))
    with suppress(Wrong):
        entry.at = as_iso(_text(data.get("created_at")))
    if data.get("created_at") and not entry.at:
        entry.remark = NO_TIME
    try:
        entry.students = _students(data.get("submitters"))
        entry.whose = "" if entry.students else NOBODY
    except Wrong:
        entry.whose = NOT_READ
    return entry


def _results(known: Mapping[str, Any]) -> Mapping[str, Any] | None:
    results = known.get("results")
    if isinstance(results, dict):
        return results
    score = known.get("score")
    return {"score": score} if isinstance(score, (int, float)) else None


def _students(submitters: Any) -> tuple[Student, ...]:
    if isinstance(submitters, dict):
        submitters = [submitters]
    if not isinstance(submitters, list):
        if submitters is None:
            return ()
        raise Wrong
    found = []
    for submitter in submitters:
        if not isinstance(submitter, dict):
            raise Wrong
        student = Student(
            name=_text(submitter.get("name")),
            sid=_text(submitter.get("sid")),
            email=_text(submitter.get("email")),
        )
        if student.key:
            found.append(student)
    return tuple(dict.fromkeys(found))


def _text(value: Any) -> str:
    """A text, or a number as one. Raises Wrong for anything else."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (dict, list)):
        raise Wrong
    text = " ".join(printable(str(value)).split())
    if len(text) > LONGEST:
        raise Wrong
    return text
