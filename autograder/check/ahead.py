"""What to do once all that was asked for passes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.grade import course_problems
from autograder.platforms import python_command
from autograder.problem import Verdict
from autograder.report.places import Places
from autograder.report.words import is_done, is_open
from autograder.settings import Course

ALL = "everything passes: hand in the folder recurrent/ (it is graded with other sizes and numbers)"

WITH_ANSWERS = f"nothing is wrong here: {ALL.partition(': ')[2]}"
"""Where there are answers of which only the form can be checked."""

REST = f"nothing else is to do: `{python_command()} check.py` checks all of it once more"


def ahead(verdicts: Sequence[Verdict], submission: Path, course: Course) -> str:
    """One sentence on what comes next; empty unless all verdicts are passes.

    That is the first problem of the course that is not among them and that nobody has begun. Only
    the files are read: whether what was begun is right is not said.
    """
    if not all(map(is_done, verdicts)):
        return ""
    passed = {verdict.problem for verdict in verdicts}
    others = [one for one in course_problems(course) if one.name not in passed]
    if not others:
        return WITH_ANSWERS if any(map(is_open, verdicts)) else ALL
    places = Places(submission / "recurrent")
    for problem in others:
        found = places.to_do(problem)
        if found is not None:
            where = f"recurrent/{found.place.file.name}, line {found.place.line}"
            return f"next: {found.name}, {where}; then {python_command()} check.py {problem.name}"
    return REST
