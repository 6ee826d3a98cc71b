"""Submissions for tests: the reference with a function or a file replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.authoring.casebook.variants import read_package
from autograder.authoring.demo import with_body, write_submission

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
REFERENCE = read_package(SOLUTIONS / "recurrent")


def submission(
    folder: Path,
    bodies: Mapping[str, str] | None = None,
    files: Mapping[str, str | None] | None = None,
) -> Path:
    """Write a submission: the reference, but for what is given here.

    bodies: `lesson.function` -> its new body.
    files: module -> its text, or None to leave the file out.
    """
    texts = dict(REFERENCE)
    for name, body in (bodies or {}).items():
        module, function = name.split(".", 1)
        texts[module] = with_body(texts[module], function, body)
    for name, text in (files or {}).items():
        if text is None:
            del texts[name]
        else:
            texts[name] = text
    return write_submission(texts, folder)
