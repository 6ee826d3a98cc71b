"""What a file that was handed in holds, as far as a look at its lines can tell; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property

from autograder import lessons
from autograder.unpack.names import Guess, guess

DEFINED = re.compile(rb"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
IN_A_NOTEBOOK = re.compile(rb"(?:\"|\\n)(?:def|class) (\w+)")
"""The same in the JSON of a notebook, where a line is a string or a part of one."""

STUB_LINE = re.compile(rb"raise NotImplementedError\(\s*[\"']([\w.]+) \(")
"""The line of a stub that the student replaces; it names the function."""

FROM_THE_GRADER = re.compile(rb"^from autograder\.[\w.]+ import", re.MULTILINE)
DECLARES = re.compile(rb"^@(?:problem|question)\(", re.MULTILINE)


@dataclass(frozen=True)
class Handed:
    """A file that could be read. path: with `/`. guess: the module that its name says it is."""

    path: str
    content: bytes
    remark: str = ""
    date: str = ""
    guess: Guess | None = None

    @property
    def folder(self) -> str:
        """Where it lies, without a `/` at the end; empty at the top."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.rpartition("/")[2]

    @property
    def is_notebook(self) -> bool:
        """Whether it is a notebook by its name."""
        return self.name.lower().endswith(".ipynb")

    def done(self, module: str) -> list[str]:
        """The graded functions of a module that it defines and that are not left as in the stub."""
        written = [name for name in graded(module) if name not in self.left]
        return [name for name in written if name.partition(".")[0] in self.defined]

    # Both are asked for again and again while folders are compared, and read the whole file.

    @cached_property
    def left(self) -> set[str]:
        """The functions that it leaves as they are in the stub."""
        return {name.decode() for name in STUB_LINE.findall(self.content)}

    @cached_property
    def defined(self) -> set[str]:
        """The functions and classes that it defines."""
        pattern = IN_A_NOTEBOOK if self.is_notebook else DEFINED
        return {name.decode() for name in pattern.findall(self.content)}

    def is_the_graders(self) -> bool:
        """Whether it is a file of the grader, of which some have names that the students' have."""
        is_lesson = DECLARES.search(self.content) is not None
        return is_lesson and FROM_THE_GRADER.search(self.content) is not None


def handed(path: str, content: bytes, remark: str, date: str, modules: Collection[str]) -> Handed:
    """A file, with what its name says."""
    return Handed(path, content, remark, date, guess(path.rpartition("/")[2], modules))


@cache
def graded(module: str) -> tuple[str, ...]:
    """The functions of a lesson, as `name` or `Class.method`, that its problems are of."""
    return tuple(dict.fromkeys(problem.of for problem in lessons.lesson(module).problems))
