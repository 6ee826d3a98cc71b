"""The start of a `Misconception(...)` for a mistake that nobody foresaw; staff fill it in."""

from __future__ import annotations

import json
import re

from autograder import lessons
from autograder.classroom.mistakes import Unforeseen

HERE = "..."
"""Stands for what is to be filled in."""

_SAID = re.compile(r"^diagnosis: .*? what comes out when (.*)$", re.MULTILINE)


def home_of(unforeseen: Unforeseen) -> str:
    """The file that the misconception belongs in."""
    return f"solutions/misconceptions/{unforeseen.lesson}.py"


def skeleton(unforeseen: Unforeseen, idea: str = "") -> str:
    """Python for a misconception of this problem, which takes the text, its replacement and words.

    idea: what is known of what is wrong; see `Misconception`.
    """
    lines = [
        "Misconception(",
        f'    {quoted(unforeseen.problem)}, "name_it",',
        f"    replace={quoted(HERE)},  # stands once in {_function(unforeseen.problem)}",
        f"    by={quoted(HERE)},  # what these submissions have in its place",
        f"    idea={quoted(idea or HERE)},",
        "    hints=(",
        f"        {quoted(HERE)},  # a question",
        f"        {quoted(HERE)},  # an experiment",
        f"        {quoted(HERE)},  # the nearest thing to an answer that is not code",
        "    ),",
        '    source="seen in real submissions",',
    ]
    function = _function(unforeseen.problem)
    if function != unforeseen.problem:
        lines.append(f"    function={quoted(function)},")
    return "\n".join([*lines, "),"])


def near_miss(said: str) -> str:
    """What the grader took the mistake for, where it named a change of the reference.

    >>> near_miss("values: ...\\ndiagnosis: your h is what comes out when `sin` stands in it")
    '`sin` stands in it'
    """
    found = _SAID.search(said)
    return found[1] if found else ""


def quoted(text: str) -> str:
    """The text as a Python literal in double quotes; JSON's are that, too."""
    return json.dumps(text, ensure_ascii=False)


def _function(problem: str) -> str:
    """The function that the problem checks; of a problem that is no more, its name."""
    try:
        return lessons.find(problem).of
    except KeyError:
        return problem
