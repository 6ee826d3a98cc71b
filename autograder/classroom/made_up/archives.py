"""A made-up class as each learning platform would hand it over.

    folder_of_zips = FORMATS["zips"](submissions, folder)

Everything follows from what is given: the same submissions give the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autograder.classroom.people import Student
from autograder.classroom.roster import squashed

PACKED = "submission.zip"
"""What a student hands in where a platform takes no folders."""

FIRST_SUBMISSION, FIRST_USER, FIRST_ATTACHMENT, FIRST_PARTICIPANT = (
    409_000_001,
    70_001,
    900_001,
    301,
)
COURSE, ASSIGNMENT = "nlp27", "recurrence"


@dataclass(frozen=True)
class MadeUp:
    """One submission. files: path -> content. at: ISO 8601 with a zone. results: of Gradescope."""

    students: tuple[Student, ...]
    files: Mapping[str, bytes]
    at: str = ""
    late: bool = False
    results: Mapping[str, Any] | None = None


Submissions = Sequence[MadeUp]
Files = Mapping[str, bytes]


def gradescope_export(submissions: Submissions, into: Path) -> Path:
    """`assignment_<id>_export.zip`: groups, times and results are in it."""
    top = "assignment_7_export"
    files: dict[str, bytes] = {}
    entries = []
    for number, submission in enumerate(submissions):
        name = f"submission_{FIRST_SUBMISSION + number}"
        entries.append(_entry(name, submission))
        for path, content in submission.files.items():
            files[f"{top}/{name}/{path}"] = content
    metadata = "---\n" + "".join(entries)
    return _zipped(
        into / f"{top}.zip", {f"{top}/submission_metadata.yml": metadata.encode(), **files}
    )


def _entry(name: str, submission: MadeUp) -> str:
    """An entry of the metadata, as Ruby writes it; a text in quotes is the same in JSON."""
    lines = [f"{name}:", "  :submitters:" + ("" if submission.students else " []")]
    for student in submission.students:
        start = "  - "
        for key in ("name", "sid", "email"):
            value = getattr(student, key)
            if value:
                lines.append(f"{start}:{key}: {json.dumps(value, ensure_ascii=False)}")
                start = "    "
    if submission.at:
        moment = datetime.fromisoformat(submission.at).astimezone(timezone.utc)
        lines.append(f"  :created_at: {moment:%Y-%m-%d %H:%M:%S.%f}000 Z")
    if submission.results is not None:
        lines.append(f"  :score: {json.dumps(submission.results.get('score'))}")
        lines.append(f"  :results: {json.dumps(submission.results)}")
    return "\n".join(lines) + "\n"


def canvas_archive(submissions: Submissions, into: Path) -> Path:
    """A flat zip. Of a group only the first is known; a folder is handed in as a zip."""
    files = {}
    attachment = FIRST_ATTACHMENT
    for number, submission in enumerate(submissions):
        student = submission.students[0]
        first, _, last = student.name.rpartition(" ")
        parts = [squashed(f"{last}{first}"), "LATE" if submission.late else ""]
        start = "_".join([*filter(None, parts), student.canvas_id or str(FIRST_USER + number)])
        for path, content in _flat(submission.files).items():
            files[f"{start}_{attachment}_{path}"] = content
            attachment += 1
    return _zipped(into / "submissions.zip", files)


def moodle_archive(submissions: Submissions, into: Path) -> Path:
    """A zip with a folder for each student. Of a group only the first is known."""
    files = {}
    for start, submission in _moodle_starts(submissions):
        for path, content in submission.files.items():
            files[f"{start}/{path}"] = content
    return _zipped(into / f"{COURSE}-{ASSIGNMENT}-42.zip", files)


def moodle_flat(submissions: Submissions, into: Path) -> Path:
    """The same without folders, as a teacher may choose."""
    files = {}
    for start, submission in _moodle_starts(submissions):
        for path, content in _flat(submission.files).items():
            files[f"{start}_{path}"] = content
    return _zipped(into / f"{COURSE}-{ASSIGNMENT}-flat-42.zip", files)


def _moodle_starts(submissions: Submissions) -> list[tuple[str, MadeUp]]:
    found = []
    for number, submission in enumerate(submissions):
        student = submission.students[0]
        participant = student.participant or str(FIRST_PARTICIPANT + number)
        found.append((f"{student.name}_{participant}_assignsubmission_file", submission))
    return found


def nbgrader_course(submissions: Submissions, into: Path) -> Path:
    """A course folder with `submitted/`, and the time of each."""
    for submission in submissions:
        folder = into / "course" / "submitted" / _login(submission) / ASSIGNMENT
        _written(folder, submission.files)
        if submission.at:
            moment = datetime.fromisoformat(submission.at).astimezone(timezone.utc)
            _written(folder, {"timestamp.txt": f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC".encode()})
    return into / "course"


def clones(submissions: Submissions, into: Path) -> Path:
    """A folder of repositories, as many commands leave them."""
    top = into / "clones"
    for submission in submissions:
        folder = top / f"{COURSE}-{ASSIGNMENT}-{_login(submission)}"
        _written(folder, submission.files)
        _written(folder, {".git/HEAD": b"ref: refs/heads/main\n", ".git/hooks/update.py": b"0\n"})
    return top


def folders(submissions: Submissions, into: Path) -> Path:
    """A folder for each student, by the login."""
    for submission in submissions:
        _written(into / "folders" / _login(submission), submission.files)
    return into / "folders"


def zips(submissions: Submissions, into: Path) -> Path:
    """A zip for each student, by the login."""
    top = into / "zips"
    top.mkdir(parents=True, exist_ok=True)
    for submission in submissions:
        _zipped(top / f"{_login(submission)}.zip", submission.files)
    return top


FORMATS: dict[str, Callable[[Submissions, Path], Path]] = {
    "gradescope": gradescope_export,
    "canvas": canvas_archive,
    "moodle": moodle_archive,
    "moodle flat": moodle_flat,
    "nbgrader": nbgrader_course,
    "clones": clones,
    "folders": folders,
    "zips": zips,
}
"""Name -> what writes a class below a folder, and says where."""


def _login(submission: MadeUp) -> str:
    student = submission.students[0]
    return student.login or squashed(student.name)


def _flat(files: Files) -> Files:
    """The files as they are handed in where there are no folders."""
    if any("/" in path for path in files):
        return {PACKED: packed(files)}
    return files


def packed(files: Files) -> bytes:
    """A zip that is the same whenever it is made."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(path, (2027, 2, 5, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return content.getvalue()


def _zipped(path: Path, files: Files) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(files))
    return path


def _written(folder: Path, files: Files) -> None:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
