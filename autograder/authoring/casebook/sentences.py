"""What errors say: where something is, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from traceback import extract_tb

from autograder.problem import Problem


def short(path: Path) -> str:
    """The end of a path that tells a reader of this repository which file it is."""
    return "/".join(path.parts[-3:])


def place_of(problem: Problem) -> str:
    """Where a problem is declared: "autograder/lessons/rnn.py, line 39"."""
    code = problem.probe.__code__
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


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The end of a sentence about a name that does not exist; empty if none is like it.

    >>> did_you_mean("hint", ["hints", "idea"])
    '; did you mean hints?'
    """
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""
