"""Nothing stands twice: neither what is given to students nor any other file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from autograder import lessons
from tests.conftest import ROOT


def modules(package: Path) -> set[str]:
    return {path.relative_to(package).as_posix() for path in package.rglob("*.py")}


def test_reference_and_assignment_share_the_lessons_and_nothing_else() -> None:
    """Each of the two is a package, so each has an `__init__.py`, with a text of its own."""
    both = modules(ROOT / "solutions" / "recurrent") & modules(ROOT / "assignment" / "recurrent")
    assert both == {"__init__.py", *(f"{name}.py" for name in lessons.names())}


def test_the_reference_holds_secrets_only() -> None:
    expected = {"__init__.py", *(f"{name}.py" for name in lessons.names())}
    assert modules(ROOT / "solutions" / "recurrent") == expected


def test_no_two_files_of_the_repository_are_copies_of_one_another() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("this is no checkout of git")
    copies = defaultdict(list)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.stat().st_size:
            copies[hashlib.sha256(path.read_bytes()).hexdigest()].append(name)
    assert len(copies) > 200
    assert [names for names in copies.values() if len(names) > 1] == []


def test_ruff_reads_what_is_given_and_the_stubs() -> None:
    """So there is no list of either, which a new lesson would have to be added to."""
    shown = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--show-files", "assignment"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    package = ROOT / "assignment" / "recurrent"
    linted = {Path(line).relative_to(package).as_posix() for line in shown.stdout.splitlines()}
    assert linted == modules(package)
