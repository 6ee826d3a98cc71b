"""What a zip says of itself: `build.json` beside its casebooks, which holds no secret."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograder.authoring.handout.archive import build_day
from autograder.settings import Course

MANIFEST = "build.json"

LENGTH = 12
"""Digits of a fingerprint."""


def write_manifest(frozen: Path, course: Course, which: str, root: Path) -> dict[str, Any]:
    """Write `build.json` into a frozen course, and return what it says.

    which: the problem set, or all. root: the repository the zip is built in.
    """
    told = {
        "term": course.term,
        "set": which,
        "built": build_day().isoformat(),
        "commit": commit_of(root),
        "hidden_cases": fingerprint_of(frozen / "hidden"),
    }
    frozen.mkdir(parents=True, exist_ok=True)
    (frozen / MANIFEST).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def fingerprint_of(book: Path) -> str | None:
    """A few digits that tell one casebook from another; None if it is not there.

    They are taken from all bytes of it and not from its seed: a seed such as 1 could be found by
    trying, the bytes by nobody who has not all of `solutions/`.
    """
    files = sorted(book.glob("*.safetensors"))
    if not files:
        return None
    digest = sha256()
    for file in files:
        digest.update(f"{file.name}\n".encode())
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:LENGTH]


def commit_of(root: Path) -> str | None:
    """The commit that lies in the repository's folder; None without git, or in a copy of it."""
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != root.resolve():
        return None
    return _git(root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
