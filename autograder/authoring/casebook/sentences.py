"""What errors say of a problem or a file: where it is, and what went wrong there."""

from __future__ import annotations

from inspect import unwrap
from pathlib import Path
from traceback import extract_tb

from autograder.errors import short
from autograder.problem import Problem


def place_of(problem: Problem) -> str:
    """Where a problem is declared: "autograder/lessons/rnn.py, line 39"."""
    code = problem.probe.__code__
    if problem.question is not None and problem.draw is not None:
        code = unwrap(problem.draw).__code__  # all questions have one probe
    return f"{short(Path(code.co_filename))}, line {code.co_firstlineno}"


def described(error: Exception, path: Path) -> str:
    """What went wrong while a file was run: the file, the line in it, the error.

    >>> try:
    ...     exec(compile("x = 1\\nx = unknown", "a/b/c.py", "exec"))
    ... except NameError as error:
    ...     described(error, Path("a/b/c.py"))
    "a/b/c.py, line 2: NameError: name 'unknown' is not defined"
    """
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f"{short(path)}, line {error.lineno}: {error.msg}"
    frames = extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    place = f"{short(path)}, line {lines[-1]}" if lines else short(path)
    return f"{place}: {type(error).__name__}: {error}"
