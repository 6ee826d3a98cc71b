"""The seed of the hidden cases: drawn once a term, kept in a private file, in no zip.

Whoever knows it can draw the hidden cases. A seed that is lost changes the hidden cases, and with
them perhaps grades; so `make clean` leaves its file alone.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from autograder.errors import UserError
from autograder.settings import Course

Print = Callable[[str], None]

BITS = 64
"""Of a seed that is drawn: too many to try."""


class SeedError(UserError):
    """The file of the seed cannot be used; the message says what to do."""


def seed_file(folder: Path, term: str) -> Path:
    """Where the seed of a term is kept: beside the zips, by the term's name.

    >>> seed_file(Path("dist"), "Spring 2027").name
    'hidden_seed-spring-2027'
    """
    name = re.sub(r"\W+", "-", term.lower()).strip("-")
    return folder / f"hidden_seed-{name or 'course'}"


def hidden_seed(
    given: int | None, course: Course, folder: Path, print_line: Print, new: bool = False
) -> int:
    """The seed of the hidden cases: the one given, else the course's own, else the term's.

    folder: where the zips are built and the term's seed is kept. If there is none yet, it is
    drawn, kept, and printed this once. What is given, here or in course.toml, is used and not
    kept: trying SEED=1 costs nobody the term's seed.

    new: draw another one all the same. The one before is kept beside it.

    Raises SeedError if the file holds no seed.
    """
    if given is not None:
        return given
    if course.hidden_seed is not None:
        return course.hidden_seed
    file = seed_file(folder, course.term)
    if file.exists() and not new:
        return read_seed(file)
    seed = secrets.randbits(BITS)
    _keep(file, seed)
    print_line(
        f"{course.term}: drew a secret seed for the hidden cases, {seed}. It is kept in "
        f"{file.parent.name}/{file.name} and used again at every build; note it in a safe place, "
        "for it is not printed again."
    )
    return seed


def read_seed(file: Path) -> int:
    """The number in a seed's file. Raises SeedError if it holds none."""
    text = file.read_text(encoding="utf-8", errors="replace").strip()
    if not (text.isascii() and text.isdigit()):
        raise SeedError(
            f"{file.parent.name}/{file.name} holds no seed: write into it the number that was "
            "printed when the seed was drawn, or draw another with NEW_SEED=1"
        )
    return int(text)


def _keep(file: Path, seed: int) -> None:
    """Write the file of a term, and keep the one before it."""
    if file.exists():
        file.replace(file.with_name(f"{file.name}.before"))
    note_seed(file, seed)


def note_seed(file: Path, seed: int) -> None:
    """Write a file in one step, readable by its owner only from the start."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_name(f"{file.name}.new")
    written.unlink(missing_ok=True)
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"{seed}\n")
    written.replace(file)
