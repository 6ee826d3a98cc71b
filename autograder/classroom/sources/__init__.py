"""Stand-in until the sources are there: a folder of folders."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from autograder.classroom.hand_in import HandIn, Imported, Member, SourceError
from autograder.classroom.people import Student


def read_source(path: Path, roster: Any) -> Imported:
    """Every folder is a submission."""
    if not path.is_dir():
        raise SourceError(f"there is no folder {path.name}")
    found = []
    for folder in sorted(path.iterdir()):
        members = []
        for file in sorted(folder.rglob("*.py")):
            inside = file.relative_to(folder).as_posix()
            members.append(Member(inside, f"{folder.name}/{inside}", file.stat().st_size))
        found.append(HandIn(folder.name, (Student(login=folder.name),), tuple(members)))
    return Imported("folder of folders", tuple(found))


def fetch(source: Path, hand_in: HandIn, into: Path) -> None:
    """Copy the files of one submission."""
    for member in hand_in.files:
        target = into / member.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / member.entry, target)
