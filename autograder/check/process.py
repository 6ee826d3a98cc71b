"""The check as a command in a process of its own, for who must not hold an expected value."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from autograder.errors import UserError
from autograder.platforms import has_processes


class Done(NamedTuple):
    """How the command ended, and what it has printed."""

    returncode: int
    stdout: str
    stderr: str


def run_check(root: Path, *arguments: str) -> Done:
    """What `check` with these arguments prints, for the files in `recurrent/` as they are on disk.

    root: the folder in which `autograder/` and `recurrent/` lie.
    Raises UserError, with the command's last words, if there is no answer.
    """
    run = _in_its_own_process if has_processes() else _here
    done = run(root, *arguments)
    # 0 and 1 say whether the problem is passed; with any other status there is no verdict.
    if done.returncode not in (0, 1) or not done.stdout:
        lines = done.stderr.strip().splitlines() or ["the check ended without an answer"]
        raise UserError(lines[-1])
    return done


def _in_its_own_process(root: Path, *arguments: str) -> Done:
    import subprocess  # a browser has none

    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def _here(root: Path, *arguments: str) -> Done:
    """The same in this process, where there can be no other."""
    from autograder.cli import main

    said, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(errors):
        status = main(["check", *arguments])
    return Done(status, said.getvalue(), errors.getvalue())
