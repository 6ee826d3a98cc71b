"""One file of a class archive or folder: its name there, a name that is safe, and what bars it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from unicodedata import normalize

LONGEST_PART, LONGEST_PATH = 255, 1000
"""Bytes of a name, as all common disks take it, and of a path below the class folder."""

LARGEST_FILE = 100_000_000
"""Bytes, as learning platforms limit an upload. A larger file is named and left out."""

TOO_LARGE = f"it is larger than {LARGEST_FILE / 1e6:g} MB"

SAME_NAME = "another file has the same name, and that one counts"

GIT = ".git"
SYSTEM_FOLDERS = frozenset((GIT, "__MACOSX", ".Spotlight-V100", ".Trashes", ".fseventsd"))
SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini"))
RESOURCE_FORK = "._"
"""What computers add by themselves, or a clone has beside the work: nobody's submission."""

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
"""Endings of what the grader's intake unpacks."""

OTHER_ARCHIVES = (".7z", ".rar", ".tar.xz", ".tar.bz2")
"""Endings of what it does not, and says so to the student."""

WORK = (".py", ".ipynb")
"""Endings of what a student writes."""

DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class File:
    """A file that a class archive or folder holds.

    path: below the class folder, with `/`, as text that can be shown. entry: the exact name by
    which it is opened. size: in bytes, as the archive says. date: larger is later; 0 is unknown.
    fault: why it cannot be taken, a clause that follows its name and a colon; empty if it can.
    stray: whether even its path is no good, so that it cannot be told where it belongs.
    """

    path: str
    entry: str
    size: int
    date: int = 0
    fault: str = ""
    stray: bool = False

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]

    @property
    def top(self) -> str:
        """The outermost folder that it lies in; empty for a loose file."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    def below(self, folder: str) -> File:
        """The same file as seen from a folder that it lies in."""
        return replace(self, path=self.path[len(folder) + 1 :]) if folder else self


def is_junk(path: str) -> bool:
    """Whether a file is what computers add by themselves."""
    *folders, name = path.split("/")
    if name.lower() in SYSTEM_FILES or name in SYSTEM_FOLDERS:
        return True
    return name.startswith(RESOURCE_FORK) or not SYSTEM_FOLDERS.isdisjoint(folders)


def shown_path(raw: str) -> str:
    """A path as it is shown: without parts that mean nothing, each character in one way.

    A Mac writes an accented letter as two characters, and a roster has it as one.
    """
    return normalize("NFC", "/".join(part for part in raw.split("/") if part not in ("", ".")))


def fault_of(path: str) -> str:
    """Why a path cannot be written below a folder; empty if it can.

    >>> fault_of("ada/../../rnn.py")
    'it leads out of the class folder'
    """
    parts = path.split("/")
    if path.startswith("/") or DRIVE.fullmatch(parts[0]) or ".." in parts:
        return "it leads out of the class folder"
    if "\0" in path or not shown_path(path):
        return "no file can have this name"
    if any(len(_encoded(part)) > LONGEST_PART for part in parts):
        return "its name is too long"
    return "its path is too long" if len(_encoded(path)) > LONGEST_PATH else ""


def judged(path: str, file: File) -> File:
    """The file, with what is wrong with the path that it was given."""
    fault = fault_of(path)
    return replace(file, fault=fault, stray=True) if fault else file


def _encoded(name: str) -> bytes:
    return name.encode(errors="replace")


def readable(name: bytes, otherwise: str) -> str:
    """A name as text: UTF-8 if it is that, whatever its archive says of it; else another codec."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode(otherwise, errors="replace")


def once_each(files: Iterable[File]) -> list[File]:
    """The files in order; of several with one path the last counts, and the others say so."""
    counts: dict[str, File] = {}
    found = list(files)
    for file in found:
        if not file.fault:
            counts[file.path] = file
    for number, file in enumerate(found):
        if not file.fault and counts[file.path] is not file:
            found[number] = replace(file, fault=SAME_NAME)
    return sorted(found, key=lambda file: file.path)


def empty_of(folders: Iterable[str], files: Iterable[File]) -> list[str]:
    """The folders in which no file lies, the outermost of them only."""
    full = {""}
    for file in files:
        folder = file.path
        while folder not in full:
            full.add(folder)
            folder = folder.rpartition("/")[0]
    found: list[str] = []
    for folder in sorted(set(folders) - full):
        if folder.rpartition("/")[0] in full:
            found.append(folder)
    return found
