"""The submissions of a class as they are compared: fingerprints, words, wrong numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from autograder.classroom.grade import Grade
from autograder.classroom.similar.fingerprints import Prints, fingerprints
from autograder.classroom.similar.tokens import tokens_of

Feature = tuple[str, object]
"""Kind and value of something that two submissions may share: `("name", "from_later")`."""

ENOUGH = 25
"""Fingerprints of a student's own from which on equal files tell something: about 60 lines."""


@dataclass(frozen=True)
class Boilerplate:
    """What the handout gives, which says nothing of whoever has it. texts: whole files."""

    texts: frozenset[str] = frozenset()
    prints: frozenset[int] = frozenset()
    comments: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Work:
    """One submission.

    owners: `Student.key` of all who handed it in. files: path -> its text. prints: path -> its
    fingerprints, without the handout's. digest: of all files; empty where too little of them is the
    student's. wrong: problem -> the digest of wrong numbers that nobody foresaw.
    """

    name: str
    owners: frozenset[str]
    shown: str
    files: Mapping[str, str]
    prints: Mapping[str, Prints]
    comments: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    digest: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    def features(self) -> set[Feature]:
        """All that it may share with another."""
        found: set[Feature] = {("comment", one) for one in self.comments}
        found |= {("name", one) for one in self.names}
        found |= {("wrong", one) for one in self.wrong.items()}
        for prints in self.prints.values():
            found |= {("code", one) for one in prints}
        if self.digest:
            found.add(("files", self.digest))
        return found


def boilerplate_of(folder: Path) -> Boilerplate:
    """What the Python files of the handout's package hold: stubs and given files."""
    prints: set[int] = set()
    comments: set[str] = set()
    names: set[str] = set()
    texts = {path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    for text in texts:
        tokens = tokens_of(text)
        prints |= fingerprints(tokens.code).keys()
        comments |= tokens.comments
        names |= tokens.names
    return Boilerplate(frozenset(texts), frozenset(prints), frozenset(comments), frozenset(names))


def work_of(
    name: str,
    owners: Collection[str],
    shown: str,
    files: Mapping[str, str],
    given: Boilerplate,
    grade: Grade | None = None,
) -> Work:
    """A submission with these files, without those of the handout.

    grade: for the wrong numbers, where it was graded.
    """
    prints: dict[str, Prints] = {}
    comments: set[str] = set()
    names: set[str] = set()
    files = {path: text for path, text in files.items() if text not in given.texts}
    for path, text in files.items():
        tokens = tokens_of(text)
        found = fingerprints(tokens.code)
        prints[path] = {one: span for one, span in found.items() if one not in given.prints}
        comments |= tokens.comments - given.comments
        names |= tokens.names - given.names
    own = sum(len(found) for found in prints.values())
    return Work(
        name,
        frozenset(owners),
        shown,
        files,
        prints,
        frozenset(comments),
        frozenset(names),
        _digest(files) if own >= ENOUGH else "",
        _wrong(grade),
    )


def _digest(files: Mapping[str, str]) -> str:
    hashed = sha256()
    for path in sorted(files):
        hashed.update(f"{path}\0{files[path]}\0".encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def _wrong(grade: Grade | None) -> dict[str, str]:
    problems = grade.problems if grade else ()
    return {problem.problem: problem.wrong for problem in problems if problem.wrong}
