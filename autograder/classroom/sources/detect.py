"""What a class archive or folder is, told by what is in it, and where in it the submissions lie."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import IO, BinaryIO, cast

from autograder.classroom.hand_in import SourceError
from autograder.classroom.sources import canvas, clones, gradescope, moodle, nbgrader, plain
from autograder.classroom.sources.archive import Barred, FolderTree, Tree, ZipTree
from autograder.classroom.sources.classfolder import ClassFolder, whole
from autograder.classroom.sources.files import File
from autograder.printable import printable
from autograder.unpack.zip_directory import ZipError, check_directory

UNMISTAKABLE: tuple[ModuleType, ...] = (gradescope, moodle, canvas)
"""The formats that no student's folder has. Each is a module with `recognises` and `read`."""

FORMATS = (*UNMISTAKABLE, nbgrader, clones)
"""Those that other systems write. What is none of them is `plain`."""

DEEPEST = 3
"""Folders around a class: archives are unpacked into folders, and these archived again."""

MOST_FOLDERS = 6
"""Of a folder whose folders are looked into for a class. More are a class already."""

MOST_ARCHIVES = 4
MOST_ENTRIES = 100_000
LARGEST_ARCHIVE = 8_000_000_000
"""Of archives in an archive that are looked into for a class: how many, of what size."""

BESIDE = "it lies beside the submissions of the class"


@dataclass(frozen=True)
class Place:
    """Where the submissions lie, and in which format.

    outside: files beside the archive in which they lie. around: what that archive lies in.
    """

    folder: ClassFolder
    format: ModuleType
    outside: tuple[File, ...] = ()
    around: Tree | None = None

    def close(self) -> None:
        """Let go of the archives."""
        self.folder.tree.close()
        if self.around is not None:
            self.around.close()


def open_tree(source: Path) -> Tree:
    """A class archive or folder. Raises SourceError if there is none, or it is broken."""
    name = printable(source.name or str(source))
    try:
        if source.is_dir():
            return FolderTree(source)
        if not source.exists():
            raise SourceError(f"{name} is not there: name the class archive or its folder")
        if not source.is_file():
            raise SourceError(f"{name} is neither a folder nor a zip file")
        return _zip_tree(source.open("rb"), name)
    except OSError as error:
        raise SourceError(f"{name} cannot be read: {error.strerror}") from None


def _zip_tree(file: BinaryIO, name: str, prefix: str = "") -> ZipTree:
    """The tree, which closes the file; as this does if it is none."""
    try:
        return ZipTree(file, name, prefix)
    except BaseException:
        file.close()
        raise


def located(tree: Tree, name: str) -> Place:
    """Where in a tree the submissions lie. Raises SourceError if there are none, or two classes."""
    root = whole(tree, name)
    if not tree.files:
        raise SourceError(f"{printable(name)} is empty: there is no submission in it")
    if all(file.fault for file in tree.files):
        raise SourceError(f"no file in {printable(name)} can be read: {tree.files[0].fault}")
    place = _of_a_system(root) or _in_an_archive(root) or _plain(root)
    if place is None:
        raise SourceError(
            f"{printable(name)} looks like one submission, not like those of a class: grade it "
            f"with `python -m autograder grade`, or name the folder around it"
        )
    return place


def _of_a_system(root: ClassFolder) -> Place | None:
    """The place that another system's format has, in the folder or in those in it.

    Raises SourceError if several have, and most of what there is.
    """
    level = [root]
    for _ in range(DEEPEST):
        is_alone = len(level) == 1
        found = [place for folder in level if (place := _recognised(folder, is_alone))]
        if _hold_most(found, root):
            if len(found) > 1:
                raise SourceError(_several([place.folder.name for place in found]))
            return found[0]
        inner = []
        for folder in level:
            if len(folder.tops) <= MOST_FOLDERS:
                inner += [folder.inner(top) for top in folder.tops]
        level = inner
    return None


def _recognised(folder: ClassFolder, is_alone: bool) -> Place | None:
    for one in FORMATS if is_alone else UNMISTAKABLE:
        if one.recognises(folder):
            return Place(folder, one)
    return None


def _hold_most(found: list[Place], root: ClassFolder) -> bool:
    """Else it is one student's folder that looks like a class by accident."""
    return 2 * sum(len(place.folder.files) for place in found) > len(root.files)


def _several(names: list[str]) -> str:
    shown = ", ".join(printable(name) for name in sorted(names))
    return f"there is more than one class archive in it ({shown}): name one of them"


def _plain(root: ClassFolder) -> Place | None:
    """The folder of the students' folders: the innermost that several may lie in."""
    around = folder = root
    for _ in range(DEEPEST):
        if plain.recognises(folder):
            return Place(folder, plain)
        if len(folder.tops) != 1 or folder.archives() or plain.has_work(folder):
            break
        [only] = folder.tops
        around, folder = folder, folder.inner(only)
        if plain.PACKAGE in folder.tops:
            return Place(around, plain)  # a class of one
    is_a_class = root.tops or root.archives()
    return Place(root, plain) if is_a_class and not plain.is_one(root) else None


# ------------------------------------------------------------------------- an archive in an archive


def _in_an_archive(root: ClassFolder) -> Place | None:
    """The place in the one archive of a folder. Raises SourceError if each of several has one."""
    folder = _innermost(root)
    archives = [file for file in folder.archives() if file.name.lower().endswith(".zip")]
    if folder.tops or not 0 < len(archives) <= MOST_ARCHIVES:
        return None
    found = []
    for file in archives:
        place = _looked_into(root.tree, file, is_alone=len(archives) == 1)
        if place is not None:
            found.append(place)
    if len(found) < len(archives):
        for place in found:
            place.close()
        return None
    if len(found) > 1:
        raise SourceError(_several([file.name for file in archives]))
    name = found[0].folder.tree.name
    beside = tuple(file for file in root.tree.files if file.entry != name)
    return replace(found[0], outside=beside, around=root.tree)


def _innermost(root: ClassFolder) -> ClassFolder:
    """The folder that is not just one around another."""
    folder = root
    for _ in range(DEEPEST):
        if folder.loose or len(folder.tops) != 1:
            break
        folder = folder.inner(*folder.tops)
    return folder


def _looked_into(tree: Tree, file: File, is_alone: bool) -> Place | None:
    try:
        inner = _inner_tree(tree, file, is_alone)
    except (SourceError, Barred, ZipError):
        return None  # it is a student's, then, and the grader's intake says what is wrong with it
    root = whole(inner, file.name)
    place = _of_a_system(root)
    if place is None and is_alone:
        place = _plain_inside(root)
    if place is None:
        inner.close()
    return place


def _plain_inside(root: ClassFolder) -> Place | None:
    place = _plain(root)
    return place if place is not None and plain.recognises(place.folder) else None


def _inner_tree(tree: Tree, file: File, is_alone: bool) -> ZipTree:
    """A copy, so that it can be read from anywhere; it goes when it is closed."""
    copy = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - the tree closes it
    try:
        with tree.opened(file.entry) as content:
            _copy(content, copy)
        if not is_alone:  # it is a student's rather than a class's
            check_directory(copy, MOST_ENTRIES)
    except BaseException:
        copy.close()
        raise
    return _zip_tree(copy, file.name, f"{file.entry}/")


def _copy(content: BinaryIO | IO[bytes], copy: BinaryIO) -> None:
    room = LARGEST_ARCHIVE
    while room > 0 and (block := content.read(1 << 20)):
        copy.write(block)
        room -= len(block)
