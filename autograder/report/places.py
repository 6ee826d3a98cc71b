"""Where in a student's files a problem is: the line that failed, else the line of its function.

Read as text, never run. Editors and code hosts jump there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.notebook_code import find_function, is_to_do
from autograder.problem import Problem, Verdict

NAMED = re.compile(r"\b(\w+)\.py, line (\d+)")
"""How a finding names a line of a student's file."""


QUOTED = re.compile(r"`[^`]*`")
"""Code in a finding."""


@dataclass(frozen=True)
class Place:
    """A line of a file, from 1; the file need not be there."""

    file: Path
    line: int


@dataclass(frozen=True)
class ToDo:
    """A function that nobody has begun: what it is called where it says so, and the line there."""

    name: str
    place: Place


class Places:
    """The places of problems in the files of one folder, as the files are now.

    recurrent: the folder with the student's files.
    """

    def __init__(self, recurrent: Path) -> None:
        self.recurrent = recurrent
        self._texts: dict[str, str] = {}

    def of(self, verdict: Verdict) -> Place:
        """The line that a verdict names, the innermost if there are several, else its function's.

        What cannot be found is on the first line of the problem's file.
        """
        for lesson, line in self._named_in(verdict):
            return Place(self._file(lesson), line)
        problem = _problem(verdict.problem)
        function = find_function(self._text(verdict.lesson), problem.of) if problem else None
        line = function.lineno if function else 1
        return Place(self._file(verdict.lesson), line)

    def to_do(self, problem: Problem) -> ToDo | None:
        """Where a problem is still to do; None if its function was begun or is not there."""
        function = find_function(self._text(problem.lesson), problem.of)
        if function is None or not is_to_do(function):
            return None
        name, line = problem.name, function.lineno
        for statement in function.body:
            if isinstance(statement, ast.Raise):
                line = statement.lineno
                name = _told_in(statement) or name
        return ToDo(name, Place(self._file(problem.lesson), line))

    def _named_in(self, verdict: Verdict) -> Iterator[tuple[str, int]]:
        """The lines of files in the folder that say why there is no answer, the last one first."""
        for finding in verdict.findings:
            if finding.layer != "runs" or finding.good:
                continue
            # The line itself is quoted there, too, and may hold anything.
            named = NAMED.findall(QUOTED.sub("", finding.text))
            for lesson, line in reversed(named):
                # So may a student's own message.
                if len(line) < 7 and 0 < int(line) <= len(self._text(lesson).splitlines()):
                    yield lesson, int(line)

    def _file(self, lesson: str) -> Path:
        return self.recurrent / f"{lesson}.py"

    def _text(self, lesson: str) -> str:
        if lesson not in self._texts:
            try:
                text = self._file(lesson).read_text(encoding="utf-8-sig")
            except (OSError, ValueError):
                text = ""
            self._texts[lesson] = text
        return self._texts[lesson]


def _problem(name: str) -> Problem | None:
    return next((problem for problem in lessons.all_problems() if problem.name == name), None)


def _told_in(statement: ast.Raise) -> str:
    """What a stub's error says: `rnn_forward (Task 1.3, 8 points)`."""
    error = statement.exc
    if isinstance(error, ast.Call) and error.args and isinstance(error.args[0], ast.Constant):
        return str(error.args[0].value)
    return ""
