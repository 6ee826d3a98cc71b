"""Taking a submission in: the expected files, found where students put them, and their helpers.

Nothing is followed, unpacked or run on the way: links, pipes and devices stay outside, only the
wanted members of an archive are read, and everything has a largest size. The judge itself opens
files and takes plain UTF-8 as it is; all else is looked into by a process with limits
(`unpacking`). Which files are judged is decided by `choice`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from autograder import lessons
from autograder.errors import UserError
from autograder.intake import unpacking
from autograder.intake.choice import MOST_LISTED, Choice, choose
from autograder.intake.folder import open_regular, places_in
from autograder.intake.handed import Handed, handed
from autograder.printable import printable
from autograder.unpack.entries import Entry
from autograder.unpack.names import ARCHIVES, GZIP, OTHER_ARCHIVES, guess, lookalike
from autograder.unpack.shortlist import NO_PYTHON, LeftOut, Place, read_all, shortlist
from autograder.unpack.zip_directory import has_directory
from autograder.wording import listed

LONGEST_NAME = 80
"""Characters of a file's name that are shown."""

MOST_REMARKS = 10
"""Sentences about a submission as a whole that are shown."""

MOST_ARCHIVES = 4
"""Archives in a folder that are looked into."""

PACKAGE = '"""The submitted package."""\n'


class IntakeError(UserError):
    """There is nothing here that can be graded; the message says what was expected."""


@dataclass(frozen=True)
class Intake:
    """What was taken in.

    package: the fresh folder with `recurrent/` in it. found: the modules that were handed in.
    notes: what was chosen, left out or mended, a sentence each. refused: of the modules that are
    not among the found, those of which there is more to say than that -> the sentence that does.
    """

    package: Path
    found: tuple[str, ...]
    notes: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)

    def remarks(self) -> list[str]:
        """The notes for the student to read, without those that a problem's verdict says anyway."""
        said = set(self.refused.values())
        remarks = [note for note in dict.fromkeys(self.notes) if note not in said]
        if len(remarks) > MOST_REMARKS:
            more = len(remarks) - MOST_REMARKS
            remarks[MOST_REMARKS:] = [f"{more} more files were left out, or taken by another name"]
        return remarks


def take_in(
    submission: Path,
    names: Sequence[str],
    into: Path,
    given: Mapping[str, str] | None = None,
    wanted: Collection[str] | None = None,
    handout: Path | None = None,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> Intake:
    """Copy the expected modules of a folder or an archive, and what they may import, into
    `into/recurrent/`.

    names: the modules, without `.py`. wanted: those that the set is about; else all.
    given: module -> a source of ours to put in, whatever was handed in.
    handout: a folder with the helpers that the handout gives; those not handed in come from it.
    elsewhere: module -> the other set that it belongs to.
    Raises IntakeError if the submission cannot be opened at all.
    """
    given = given or {}
    names = [name for name in names if name not in given]
    harvest = Harvest(names, names if wanted is None else wanted)
    _gather(submission, harvest)
    choice = harvest.choice()
    harvest.look_for_another_set(choice, elsewhere)
    _write_package(into, choice, given, handout)
    found = tuple(name for name in names if name in choice.taken)
    notes = [printable(note) for note in harvest.said(choice)]
    refused = {name: printable(note) for name, note in harvest.refusals(choice).items()}
    return Intake(into, found, tuple(notes), refused)


def shown(name: str) -> str:
    """A file's name as it may be shown."""
    return printable(name, longest=LONGEST_NAME)


class Harvest:
    """What has been gathered so far: the files that could be read, and what there is to say."""

    def __init__(self, names: Sequence[str], wanted: Collection[str]) -> None:
        self.names, self.wanted = names, wanted
        self.files: list[Handed] = []
        self.notes: list[str] = []
        self.left_out: dict[str, str] = {}
        self.archives: list[str] = []

    def add(self, entry: Entry, inside: str = "") -> None:
        """Take in one thing that was found. inside: the archive that it is in, and a `/`."""
        path = f"{inside}{shown(entry.path)}"
        if entry.kind == "source":
            remark = printable(entry.text)
            self.files.append(handed(path, entry.content, remark, entry.date, self.names))
        elif entry.kind == "left out":
            self._leave_out(path, printable(entry.text))
        elif entry.kind == "remark":
            self.notes.append(f"{inside}{printable(entry.text)}")

    def _leave_out(self, path: str, why: str) -> None:
        name = path.rpartition("/")[2]
        guessed = guess(name, self.names)
        note = f"{name} {why} and was left out"
        if guessed is not None:
            self.left_out.setdefault(guessed.module, note)
        elif why == NO_PYTHON:
            module = str(lookalike(name, self.names))
            note = f"{module}.py is missing, and {name} {why}: save it as plain text, {module}.py"
            self.left_out.setdefault(module, note)
            return  # of no interest where the file itself is there too
        self.notes.append(note)

    def choice(self) -> Choice:
        """What is judged of all this."""
        return choose(self.files, self.wanted)

    def look_for_another_set(self, choice: Choice, elsewhere: Mapping[str, str]) -> None:
        """Say so where nothing of this set was handed in, but files of another."""
        others = [elsewhere[name] for name in choice.taken if name in elsewhere]
        if others and not set(self.wanted) & choice.taken.keys():
            here = listed([f"{name}.py" for name in choice.taken], MOST_LISTED)
            files = listed([f"{name}.py" for name in self.wanted], MOST_LISTED)
            sets = listed(list(dict.fromkeys(others)), MOST_LISTED)
            note = f"these are the files of the set {sets} ({here}): hand in {files}"
            self.left_out |= dict.fromkeys(self.wanted, note)

    def said(self, choice: Choice) -> list[str]:
        """The notes, what was chosen first."""
        unpacked = []
        for archive in self.archives:
            if f"{choice.folder}/".startswith(f"{archive}/"):
                unpacked.append(f"the files are in {archive}: it was unpacked")
        return [*unpacked, *choice.notes, *self.notes]

    def refusals(self, choice: Choice) -> dict[str, str]:
        """Module -> why it is not there: it was left out, or what the choice says."""
        refused = {**choice.refused, **self.left_out}
        return {name: note for name, note in refused.items() if name not in choice.taken}


# ------------------------------------------------------------------------------------- gathering


def _gather(submission: Path, harvest: Harvest) -> None:
    """Gather what is found in a folder or an archive. Raises IntakeError."""
    if submission.is_dir():
        _gather_folder(submission, harvest)
        return
    # staff named this path, and may have named it by a link
    if submission.is_file():
        with submission.open("rb") as file:
            if is_archive(file, submission.name):
                _gather_archive(file, submission.name, "", harvest)
                return
    raise IntakeError(
        f"{shown(submission.name)} is neither a folder nor a zip file; hand in the folder "
        f"recurrent/ with your files"
    )


def is_archive(file: BinaryIO, name: str) -> bool:
    """Whether this can be unpacked, by what is in it or by its name."""
    file.seek(0)
    return has_directory(file) or _starts_with(file, GZIP) or name.lower().endswith(ARCHIVES)


def _starts_with(file: BinaryIO, start: bytes) -> bool:
    file.seek(0)
    return file.read(len(start)) == start


def _gather_folder(folder: Path, harvest: Harvest) -> None:
    places = list(places_in(folder, harvest.notes))
    for entry in read_all(shortlist(places, harvest.names)):
        harvest.add(entry)
    archives = [place for place in places if place.is_open and _is_archive_by_name(place)]
    if not archives:
        return
    choice = harvest.choice()
    missing = [name for name in harvest.wanted if not _is_worked(choice, name)]
    if missing:
        _gather_archives(folder, archives, harvest)


def _is_archive_by_name(place: Place) -> bool:
    return place.name.lower().endswith(ARCHIVES + OTHER_ARCHIVES)


def _is_worked(choice: Choice, name: str) -> bool:
    return name in choice.taken and bool(choice.taken[name].done(name))


def _gather_archives(folder: Path, archives: Sequence[Place], harvest: Harvest) -> None:
    """Gather what is in the archives of a folder, as if each were a folder of it.

    Raises IntakeError if nothing else was handed in and none can be read.
    """
    failed = []
    for place in archives[:MOST_ARCHIVES]:
        try:
            with _opened(folder, place) as file:
                _gather_archive(file, place.path, f"{shown(place.path)}/", harvest)
            harvest.archives.append(shown(place.path))
        except IntakeError as error:
            failed.append(str(error))
    if len(archives) > MOST_ARCHIVES:
        harvest.notes.append(f"there are {len(archives)} archives; {MOST_ARCHIVES} were unpacked")
    if failed and not harvest.files:
        raise IntakeError(failed[0])
    harvest.notes += failed


@contextmanager
def _opened(folder: Path, place: Place) -> Iterator[BinaryIO]:
    if place.name.lower().endswith(OTHER_ARCHIVES):
        raise IntakeError(
            f"{shown(place.path)} cannot be unpacked here: hand in a zip file, or the folder "
            f"recurrent/ itself"
        )
    try:
        with open_regular(folder / place.path) as file:
            yield file
    except LeftOut as error:
        raise IntakeError(f"{shown(place.path)} {error} and was left out") from None


def _gather_archive(file: BinaryIO, name: str, inside: str, harvest: Harvest) -> None:
    """Gather what is found in an open archive. Raises IntakeError if it cannot be read at all."""
    try:
        found, broken_off = unpacking.read_archive(file, harvest.names)
    except LeftOut as error:
        raise IntakeError(f"{shown(name)} {error} and was left out") from None
    for entry in found:
        if entry.kind == "refused":
            why = printable(entry.text)
            kind = "tar" if ".t" in name.lower() else "zip"
            raise IntakeError(f"{shown(name)} cannot be read as a {kind} file: {why}")
        harvest.add(entry, inside)
    if broken_off:
        note = f"{shown(name)} {broken_off}, and was read only in part"
        harvest.notes.append(note)
        for module in harvest.names:
            harvest.left_out.setdefault(module, note)


# --------------------------------------------------------------------------------------- writing


def _write_package(
    into: Path, choice: Choice, given: Mapping[str, str], handout: Path | None
) -> None:
    """Write `into/recurrent/`: the chosen files, their helpers, and what the handout gives."""
    into.chmod(0o755)
    package = into / "recurrent"
    package.mkdir(mode=0o755)
    files = {"__init__.py": PACKAGE.encode()}
    if handout is not None:
        files |= _from_handout(handout, choice)
    files |= {path: helper.content for path, helper in choice.helpers.items()}
    files |= {f"{module}.py": file.content for module, file in choice.taken.items()}
    files |= {f"{module}.py": text.encode() for module, text in given.items()}
    for path, content in files.items():
        _write(package, path, content)


def _from_handout(folder: Path, choice: Choice) -> dict[str, bytes]:
    """The helpers that the handout gives and of which nothing was handed in: path -> source."""
    handed_in = {path.partition("/")[0].removesuffix(".py") for path in choice.helpers}
    not_given = {*lessons.names(), "__init__"}
    files = {}
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder).as_posix()
        top = inside.partition("/")[0].removesuffix(".py")
        if top not in handed_in and top not in not_given:
            files[inside] = path.read_bytes()
    return files


def _write(package: Path, path: str, content: bytes) -> None:
    place = package / path
    for folder in reversed(place.relative_to(package).parents[:-1]):
        (package / folder).mkdir(mode=0o755, exist_ok=True)
        (package / folder).chmod(0o755)
    place.write_bytes(content)
    place.chmod(0o644)  # whatever our umask says: the worker may be another user
