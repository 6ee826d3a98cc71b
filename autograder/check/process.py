"""The check as a command in a process of its own, for who must not hold an expected value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from autograder.errors import UserError


def run_check(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What `check` with these arguments prints, for the files in `recurrent/` as they are on disk.

    root: the folder in which `autograder/` and `recurrent/` lie.
    Raises UserError, with the command's last words, if there is no answer.
    """
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # 0 and 1 say whether the problem is passed; with any other status there is no verdict.
    if done.returncode not in (0, 1) or not done.stdout:
        lines = done.stderr.strip().splitlines() or ["the check ended without an answer"]
        raise UserError(lines[-1])
    return done
