"""Which problems may get another verdict when files of a submission have changed.

Rather too many than too few: a problem that is not named here has the verdict that it had. What is
asked is which functions of the student a problem's probe can reach, by the names in their code.
Where that cannot be known, all of a file counts as changed, or all files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

from autograder.check.watch.outline import Definition, Outline, outline
from autograder.problem import Problem, Verdict
from autograder.whose import CONSTANT

PLACE = re.compile(r"\bline \d|\.py:\d")
"""What a verdict says where it names a line: that may be another line now."""

FRAME, ANY = "<frame>", "<any>"
"""Beside the names in a file: what importing it runs, and anything in it."""

Node = tuple[str, str]
"""A module, and a name in it, FRAME or ANY."""


@dataclass(frozen=True)
class Taken:
    """The files of a submission as they were taken in to be judged.

    files: path in the package -> content. refused: lesson -> why its file was not taken in.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, package: Path, refused: Mapping[str, str]) -> Taken:
        """From the folder that `recurrent/` lies in."""
        folder = package / "recurrent"
        files = {}
        for path in sorted(folder.rglob("*.py")):
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
        return cls(files, dict(refused))


def touched(
    old: Taken,
    new: Taken,
    problems: Collection[Problem],
    verdicts: Mapping[str, Verdict],
    hang_on: Mapping[str, Collection[str]],
) -> set[str]:
    """The problems whose verdict may be another one on the new files.

    problems: those that are asked about, and all on which they hang.
    verdicts: those on the old files, as far as they are known.
    hang_on: problem -> the others in which a mistake may have been made that is seen in it.
    """
    reach = Reach(old, new)
    found = set()
    for problem in problems:
        verdict = verdicts.get(problem.name)
        has_moved = verdict is not None and reach.has_moved(problem, verdict)
        if has_moved or reach.is_dirty(problem):
            found.add(problem.name)
    return _with_those_behind(found, hang_on)


def edited(old: Taken, new: Taken, problems: Collection[Problem]) -> list[str]:
    """The problems whose own function is another one now, in the order given."""
    found = []
    for problem in problems:
        before = _own_function(old, problem)
        now = _own_function(new, problem)
        if now is not None and before != now:
            found.append(problem.name)
    return found


def _own_function(taken: Taken, problem: Problem) -> Definition | None:
    """The function that a problem is about; the whole class of a method."""
    read = outline(problem.lesson, taken.files.get(f"{problem.lesson}.py", b""))
    return read.definitions.get(problem.of.partition(".")[0]) if read else None


def _with_those_behind(found: set[str], hang_on: Mapping[str, Collection[str]]) -> set[str]:
    """These problems, and those that hang on them, whatever is between."""
    found = set(found)
    before = -1
    while len(found) > before:
        before = len(found)
        for name, earlier in hang_on.items():
            if not found.isdisjoint(earlier):
                found.add(name)
    return found


class Reach:
    """What a change reaches."""

    def __init__(self, old: Taken, new: Taken) -> None:
        self._outlines = {module_of(path): _outlined(new, path) for path in new.files}
        self._moved = {module_of(path) for path in _differing(old, new)}
        self._refused = {
            lesson
            for lesson in old.refused.keys() | new.refused.keys()
            if old.refused.get(lesson) != new.refused.get(lesson)
        }
        self.everything = False
        dirty: set[Node] = set()
        for path in _differing(old, new):
            dirty |= self._changed(module_of(path), _outlined(old, path), _outlined(new, path))
        self._dirty = _spread(dirty, self._needs())

    def is_dirty(self, problem: Problem) -> bool:
        """Whether the change reaches what a problem's probe calls."""
        if self.everything or problem.lesson in self._refused:
            return True
        return any(node in self._dirty for node in self._entries(problem))

    def has_moved(self, problem: Problem, verdict: Verdict) -> bool:
        """Whether a verdict names a line, and a file that it may be in is not what it was."""
        texts = [finding.text for finding in verdict.findings]
        texts += [verdict.printed, *verdict.hints]
        if not any(PLACE.search(text) for text in texts):
            return False
        return bool(self._moved & self._imported_by(problem.lesson))

    def _changed(self, module: str, before: Outline | None, now: Outline | None) -> set[Node]:
        """What of a file is another one than before."""
        whole = {(module, FRAME), (module, ANY)}
        if module.endswith("__init__"):
            self.everything = True  # what is asked of the package, and when, is not looked into
        if before is None or now is None:
            return whole
        names = before.definitions.keys() | now.definitions.keys()
        differing = {
            name for name in names if before.definitions.get(name) != now.definitions.get(name)
        }
        if before.frame != now.frame:
            self.everything |= before.odd or now.odd
            return whole
        if not differing:
            return set()
        self.everything |= before.odd or now.odd
        return {(module, ANY), *((module, name) for name in differing)}

    # ------------------------------------------------------------------------- what needs what

    def _needs(self) -> dict[Node, set[Node]]:
        """Node -> those from which a change gets to it."""
        needs: dict[Node, set[Node]] = {}
        for module, read in self._outlines.items():
            if read is None:
                continue
            frame, anything = (module, FRAME), (module, ANY)
            needs[frame] = set(self._resolved(module, read.frame_names))
            for other in read.modules:
                needs[frame] |= set(self._frames(other))
            needs[anything] = {frame}
            for name, definition in read.definitions.items():
                node = (module, name)
                needs[node] = {frame, *self._of_definition(module, definition)}
                needs[anything].add(node)
        self._add_variables(needs)
        return needs

    def _of_definition(self, module: str, definition: Definition) -> Iterator[Node]:
        yield from self._resolved(module, definition.names)
        for other in definition.modules:
            yield from self._anything(other)

    def _add_variables(self, needs: dict[Node, set[Node]]) -> None:
        """A variable that can be changed is reached from every code that names it."""
        for module, read in self._outlines.items():
            for variable in read.variables if read else ():
                needs[module, variable] = {(module, FRAME)}
        for node, needed in list(needs.items()):
            for other in needed:
                read = self._outlines.get(other[0])
                if read is not None and other[1] in read.variables:
                    needs[other].add(node)

    def _resolved(self, module: str, names: Collection[str]) -> Iterator[Node]:
        """What these names are in a file; those that are nothing of the package are left out."""
        read = self._outlines.get(module)
        for name in names if read else ():
            assert read is not None
            if name in read.definitions or name in read.variables:
                yield module, name
            if name in read.imported:
                yield from self._imported(*read.imported[name])

    def _imported(self, source: str, name: str) -> Iterator[Node]:
        """What an import brings: a module, or something that a module has."""
        if not name or self._key(f"{source}.{name}".lstrip(".")):
            yield from self._anything(f"{source}.{name}".strip("."))
        key = self._key(source)
        if key and name:
            yield key, FRAME
            # It may be one that the other file has itself imported.
            known = list(self._resolved(key, [name]))
            yield from known or [(key, ANY)]

    def _anything(self, module: str) -> Iterator[Node]:
        """Anything in a module or in what it imports."""
        for key in self._imported_by(module):
            yield key, ANY

    def _frames(self, module: str) -> Iterator[Node]:
        key = self._key(module) or module
        yield key, FRAME

    def _key(self, module: str) -> str:
        """What a module, or a package, is called here; empty if there is none."""
        for key in (module, f"{module}.__init__"):
            if key in self._outlines:
                return key
        return ""

    def _imported_by(self, module: str) -> set[str]:
        """A module and all that is imported with it; one that is not there by its own name."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            name = waiting.pop()
            key = self._key(name) or name
            if key in found:
                continue
            found.add(key)
            read = self._outlines.get(key)
            if read is not None:
                waiting += read.modules
                for definition in read.definitions.values():
                    waiting += definition.modules
        return found

    def _entries(self, problem: Problem) -> Iterator[Node]:
        """Where a problem's probe begins."""
        lesson = problem.lesson
        yield lesson, FRAME
        names = names_in(problem.probe) | {problem.of.partition(".")[0]}
        if problem.question is not None:
            names.add(CONSTANT)  # whose question it is
        nodes = list(self._resolved(lesson, names))
        # What it calls may be bound in a way that is not seen here.
        yield from nodes or [(lesson, ANY)]


def module_of(path: str) -> str:
    """What a file in the package is called: "data.glove" for recurrent/data/glove.py."""
    return path.removesuffix(".py").replace("/", ".")


def _outlined(taken: Taken, path: str) -> Outline | None:
    content = taken.files.get(path)
    return None if content is None else outline(module_of(path), content)


def _differing(old: Taken, new: Taken) -> list[str]:
    paths = old.files.keys() | new.files.keys()
    return sorted(path for path in paths if old.files.get(path) != new.files.get(path))


def _spread(dirty: set[Node], needs: Mapping[Node, Collection[Node]]) -> set[Node]:
    """What is dirty, and all that needs it."""
    needed_by: dict[Node, list[Node]] = {}
    for node, needed in needs.items():
        for other in needed:
            needed_by.setdefault(other, []).append(node)
    found = set(dirty)
    waiting = list(dirty)
    while waiting:
        for node in needed_by.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def names_in(probe: object) -> set[str]:
    """The names that a probe uses, and those of the functions of its own module that it calls."""
    found: set[str] = set()
    waiting = [probe]
    seen: list[object] = []
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.append(function)
        names = set(_names_of(function.__code__))
        found |= names
        for name in names:
            other = function.__globals__.get(name)
            if getattr(other, "__module__", "") == function.__module__:
                waiting.append(other)
    return found


def _names_of(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of(constant)
        elif isinstance(constant, str):
            yield constant  # a name by which something is asked for
