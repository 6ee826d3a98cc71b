"""Running an autograder zip here as Gradescope would, on one submission."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.errors import UserError
from autograder.report.words import in_all

NEEDED = ("run_autograder", "autograder/frozen/course.json", "autograder/cli.py")
"""Without these in it, a zip is no autograder."""

MOST_FILES, MOST_BYTES = 20_000, 500_000_000
"""Of what a zip may unpack to."""

SECONDS = 900.0
"""By the clock, for one submission; Gradescope's own limit is 600 by default."""


class RehearsalError(UserError):
    """A zip or a submission cannot be used; the message says which, and why."""


def rehearse(archive: Path, submission: Path, root: Path) -> Path:
    """Grade a submission with an autograder zip in a tree like Gradescope's; its results.json.

    root: the tree, made anew. Raises RehearsalError.
    """
    if not submission.exists():
        raise RehearsalError(f"there is no submission {submission.name}")
    shutil.rmtree(root, ignore_errors=True)
    set_up(archive, root)
    return run(root, submission)


def set_up(archive: Path, root: Path) -> None:
    """Unpack an autograder zip into a tree like Gradescope's. Raises RehearsalError."""
    source = root / "source"
    unpack(archive, source)
    for name in NEEDED:
        if not (source / name).is_file():
            raise RehearsalError(
                f"{archive.name} is no autograder zip: {name} is missing from it; "
                "`make autograder` builds one"
            )
    (root / "results").mkdir()


def run(root: Path, submission: Path) -> Path:
    """Grade one submission in a tree that is set up; its results.json.

    The zip's own code does it, in a process of its own. Raises RehearsalError if there is no
    result to be read, or the submission cannot be put there.
    """
    put(submission, root / "submission")
    results = root / "results" / "results.json"
    results.unlink(missing_ok=True)
    run_script(root, submission.name)
    if not results.is_file():
        raise RehearsalError(f"{submission.name}: run_autograder left no results.json")
    return results


def run_script(root: Path, name: str) -> subprocess.CompletedProcess[str]:
    """Run a zip's run_autograder in its tree. Raises RehearsalError if it takes too long.

    name: whose work it grades, for the sentence.
    """
    try:
        return subprocess.run(
            ["bash", str(root / "source" / "run_autograder"), "--root", str(root)],
            env=environment(),
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RehearsalError(f"{name}: not graded within {SECONDS:.0f} s") from None


def environment() -> dict[str, str]:
    """The variables for a program of what was unpacked, which has to do by itself."""
    variables = {**os.environ, "AUTOGRADER_VENV": sys.prefix}
    variables.pop("PYTHONPATH", None)
    return variables


def read_results(results: Path, name: str) -> dict[str, Any]:
    """What a results.json says.

    name: whose, for the sentence. Raises RehearsalError if nothing was graded.
    """
    try:
        data: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    except ValueError:
        raise RehearsalError(f"{name}: results.json is not valid JSON") from None
    if "failure" in data.get("extra_data", {}) or not data.get("tests"):
        first = str(data.get("output", "no reason given")).partition("\n")[0]
        raise RehearsalError(f"{name}: not graded: {first}")
    return data


def summary(results: Path) -> str:
    """A results.json in one sentence: the points, or why nothing was graded."""
    try:
        data = read_results(results, results.name)
    except RehearsalError as error:
        return str(error)
    tests = data["tests"]
    worth = sum(test["max_score"] for test in tests)
    # A carried problem has all its points, and has not passed.
    passed = [test for test in tests if test.get("extra_data", {}).get("status") == "passed"]
    return in_all(data["score"], worth, len(passed), len(tests))


# ---------------------------------------------------------------------------------- the submission


def put(submission: Path, folder: Path) -> None:
    """Put a submission where Gradescope would: a folder's files, or what a zip unpacks to.

    Any other file is put there as it is, and so is a zip that cannot be unpacked: the grader says
    what it thinks of it. Raises RehearsalError for a zip that unpacks to far too much.
    """
    shutil.rmtree(folder, ignore_errors=True)
    if submission.is_dir():
        shutil.copytree(submission, folder, symlinks=True)
    elif zipfile.is_zipfile(submission):
        unpack(submission, folder)
    else:
        folder.mkdir(parents=True)
        shutil.copy(submission, folder)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip into a folder, and nowhere else. Raises RehearsalError if that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    with _readable(archive) as opened:
        entries = opened.infolist()
        size = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_FILES or size > MOST_BYTES:
            raise RehearsalError(
                f"{archive.name} would unpack to {len(entries)} files of {size / 1e6:.0f} MB; more "
                f"than {MOST_FILES} files or {MOST_BYTES / 1e6:.0f} MB is not unpacked"
            )
        # A name such as ../x or /x is made harmless by zipfile, and a link is a plain file; what
        # is longer than it says is refused when its checksum is read.
        opened.extractall(folder)


@contextmanager
def _readable(archive: Path) -> Iterator[zipfile.ZipFile]:
    """A zip, opened. Whatever is wrong with it in the block is a RehearsalError."""
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except FileNotFoundError:
        raise RehearsalError(f"there is no {archive.name}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        raise RehearsalError(f"{archive.name} cannot be unpacked: {why}") from None
