"""A Gradescope export: `assignment_<id>_export` with a folder for each submission, and metadata."""

from __future__ import annotations

from autograder.classroom.sources.archive import Barred
from autograder.classroom.sources.classfolder import ClassFolder
from autograder.classroom.sources.draft import Asked, Draft, Found
from autograder.classroom.sources.metadata import NAME, NOT_THERE, Entry, entries_of

KIND = "Gradescope export"

SUBMISSION = "submission_"
LARGEST_METADATA = 200_000_000
"""Bytes; 20,000 submissions with all their results take less."""

BESIDE = "it lies in no submission's folder"


def recognises(folder: ClassFolder) -> bool:
    """Whether the metadata are there, which no other system writes."""
    return any(file.name == NAME for file in folder.loose)


def read(folder: ClassFolder, asked: Asked) -> Found:
    """Every submission of the metadata, and every folder of which they say nothing."""
    found = Found(KIND)
    entries = _entries(folder, found)
    for name in dict.fromkeys([*entries, *folder.tops]):
        if name not in entries and not name.startswith(SUBMISSION):
            for file in folder.tops[name]:
                found.leave(file, BESIDE)
            continue
        entry = entries.get(name, Entry(whose=NOT_THERE))
        files = [(file.below(name).path, file) for file in folder.tops.get(name, ())]
        draft = Draft(name, entry.students, files, entry.at, results=entry.results)
        draft.whose = entry.whose
        found.drafts.append(draft)
        if entry.remark:
            found.remarks.append(f"{name}: {entry.remark}")
    for file in folder.loose:
        if file.name != NAME:
            found.leave(file, BESIDE)
    return found


def _entries(folder: ClassFolder, found: Found) -> dict[str, Entry]:
    metadata = next(file for file in folder.loose if file.name == NAME)
    try:
        with folder.tree.opened(metadata.entry) as file:
            content = file.read(LARGEST_METADATA + 1)
    except Barred as error:
        found.leave(metadata, str(error))
        return {}
    if metadata.fault or len(content) > LARGEST_METADATA:
        found.leave(metadata, "it is too large to be read")
        return {}
    return entries_of(content)
