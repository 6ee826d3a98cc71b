"""From solutions to stubs: what stands between the markers becomes one line that says what is to
do, as which task, for how many points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.authoring.sources import StubError, lines_of, parsed, regions
from autograder.problem import EXAMPLE, Lesson, Problem
from autograder.settings import Course
from autograder.whose import CONSTANT

__all__ = ["StubError", "is_stub", "stub", "tasks"]

NO_TASK = "no task of its own"
"""Said of a function that is only checked through others."""

_EXAMPLES = re.compile(rf'^{CONSTANT} = "{EXAMPLE}"$', re.MULTILINE)
"""In every file of the reference that answers questions."""

_HEAD = re.compile(r"^(def \w+)\(.*?\):$", re.MULTILINE | re.DOTALL)

_TO_DO = re.compile(r'raise NotImplementedError\("[\w.]+ \(Tasks? \d')
"""In every stub of a lesson, and in no other file."""


def stub(source: str, name: str = "this file", tasks: Mapping[str, str] | None = None) -> str:
    """The source with every solution region replaced by `raise NotImplementedError(...)`.

    tasks: what to say of a function besides its name, from `tasks`; without them, nothing.

    Raises StubError for markers that are not as docs/markers.md wants them.

    With tasks={"double": "Task 1.2, 3 points"}, what is left of a function `double` is

        def double(x):
            raise NotImplementedError("double (Task 1.2, 3 points)")
            return y
    """
    lines = lines_of(source)
    # From the last to the first, so that the numbers of the lines before it stay right.
    for region in reversed(regions(source, name)):
        marker = lines[region.begin - 1]
        indent = marker[: len(marker) - len(marker.lstrip())]
        what = region.function
        if tasks is not None:
            what += f" ({tasks.get(what, NO_TASK)})"
        lines[region.begin - 1 : region.end] = [f'{indent}raise NotImplementedError("{what}")\n']
    stubbed = without_numbers("".join(lines))
    parsed(stubbed, f"{name} without its solutions")
    return stubbed


def without_numbers(source: str) -> str:
    """A file of answers without the example's numbers, and without whom it was written by.

    Any other file is returned as it is.

    >>> print(without_numbers('STUDENT = "example"\ndef half(x=3.0):\n    return answer'))
    STUDENT = ""
    def half():
        return answer
    """
    if not _EXAMPLES.search(source):
        return source
    source = _EXAMPLES.sub(f'{CONSTANT} = ""', source)
    return _HEAD.sub(r"\1():", source)


def is_stub(source: str) -> bool:
    """Whether a file was written by `stub` with tasks, whatever lesson it was for."""
    return _TO_DO.search(source) is not None


def tasks(lesson: Lesson, course: Course, numbers: Mapping[str, str]) -> dict[str, str]:
    """Function or `Class.method` -> "Task 1.3, 8 points", for what the lesson grades.

    numbers: problem -> its number, from `numbers.task_numbers`.

    A lesson that is in none of the course's sets earns nothing here: "Task 1.3".
    """
    graded: dict[str, list[Problem]] = {}
    for problem in lesson.problems:
        graded.setdefault(problem.of, []).append(problem)
    counts = lesson.name in course.lessons_of("all")
    texts = {}
    for function, problems in graded.items():
        text = _numbers([numbers[problem.name] for problem in problems])
        if counts:
            text += f", {_points(sum(course.points_of(problem) for problem in problems))}"
        texts[function] = text
    return texts


def _numbers(numbers: Sequence[str]) -> str:
    """`Task 1.3`, `Tasks 3.3 and 3.7`, `Tasks 9.1 to 9.3`."""
    if len(numbers) == 1:
        return f"Task {numbers[0]}"
    if len(numbers) > 2 and _follow_on(numbers):
        return f"Tasks {numbers[0]} to {numbers[-1]}"
    return f"Tasks {', '.join(numbers[:-1])} and {numbers[-1]}"


def _follow_on(numbers: Sequence[str]) -> bool:
    lesson, _, first = numbers[0].partition(".")
    expected = [f"{lesson}.{int(first) + place}" for place in range(len(numbers))]
    return list(numbers) == expected


def _points(points: float) -> str:
    return f"{points:g} point" if points == 1 else f"{points:g} points"
