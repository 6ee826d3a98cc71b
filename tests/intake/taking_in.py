"""Taking a submission in, as tests of intake and of unpacking want it."""

from __future__ import annotations

from pathlib import Path

from autograder import lessons
from autograder.intake import Intake, take_in

NAMES = list(lessons.names())
RIGHT = "x = 1\n"
ONLY_RNN = {"rnn": RIGHT.encode()}


def taken(submission: Path, tmp_path: Path) -> tuple[Intake, dict[str, bytes]]:
    """A submission taken in, and the modules' bytes."""
    into = tmp_path / "into"
    into.mkdir()
    intake = take_in(submission, NAMES, into)
    files = {}
    for path in (into / "recurrent").glob("*.py"):
        if path.stem in NAMES:
            files[path.stem] = path.read_bytes()
    assert set(files) == set(intake.found)
    assert [path.name for path in into.iterdir()] == ["recurrent"], "nothing but the package"
    return intake, files
