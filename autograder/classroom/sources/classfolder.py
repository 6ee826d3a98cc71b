"""The folder in which the submissions of a class lie, wherever in an archive that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.classroom.sources.archive import Tree
from autograder.classroom.sources.files import ARCHIVES, OTHER_ARCHIVES, File


@dataclass(frozen=True)
class ClassFolder:
    """A folder of a tree, seen from within. path: empty for the tree itself.

    files, clones, empty: as in `Tree`, below this folder. name: its own, or its archive's.
    """

    tree: Tree
    path: str
    name: str
    files: list[File]
    clones: set[str]
    empty: list[str]
    tops: dict[str, list[File]] = field(default_factory=dict)
    loose: list[File] = field(default_factory=list)

    def __post_init__(self) -> None:
        for file in self.files:
            if file.top:
                self.tops.setdefault(file.top, []).append(file)
            else:
                self.loose.append(file)

    def inner(self, name: str) -> ClassFolder:
        """One of its folders."""
        files = [file.below(name) for file in self.tops.get(name, ())]
        path = f"{self.path}/{name}".lstrip("/")
        return ClassFolder(
            self.tree,
            path,
            name,
            files,
            _below(self.clones, name),
            sorted(_below(self.empty, name)),
        )

    def archives(self) -> list[File]:
        """The loose files that are archives by their names."""
        return [file for file in self.loose if is_archive(file.name)]


def is_archive(name: str) -> bool:
    """Whether it is one by its name, be it unpacked here or not."""
    return name.lower().endswith(ARCHIVES + OTHER_ARCHIVES)


def whole(tree: Tree, name: str) -> ClassFolder:
    """A tree as one folder, without the files of which nobody knows where they belong."""
    files = [file for file in tree.files if not file.stray]
    return ClassFolder(tree, "", name, files, tree.clones, tree.empty)


def _below(paths: Iterable[str], folder: str) -> set[str]:
    start = f"{folder}/"
    return {path[len(start) :] for path in paths if path.startswith(start)}
