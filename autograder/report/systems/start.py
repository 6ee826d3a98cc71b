"""Starting the grader where a course system runs it, so that the system hears of it in any case.

Only the standard library is imported here until the system has its first result: whatever is
missing or broken is told in a sentence. Tracebacks go into a log, which no student sees.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TextIO

from autograder.errors import UserError
from autograder.report.start import NOT_INSTALLED

if TYPE_CHECKING:
    from autograder.report.systems.report import Report
    from autograder.settings import Course

FAILED = (
    "Not graded: the grader itself failed. That is not your fault, and what you handed in is kept. "
    "Please tell the staff: they can have it graded again."
)

OUR_FOLDER = Path(__file__).resolve().parents[2]


class System(Protocol):
    """A course system: where it puts what is handed in, and how it takes a result.

    longest: the most seconds that it waits for a submission. public_only: anyone can read what it
    is given, so no hidden case is ever run there. Each method that says something returns the exit
    status that the system expects.
    """

    longest: int
    public_only: bool

    def submission(self) -> Path:
        """The folder or archive to grade. Raises UserError if the system's tree has none."""

    def begin(self) -> None:
        """Leave a result that holds if the grader is killed at any later moment.

        Raises UserError if the system has not said what its result needs.
        """

    def show(self, report: Report, out: TextIO) -> int:
        """Hand over the report. out: what the system reads of standard output."""

    def refuse(self, report: Report, why: str, out: TextIO) -> int:
        """Say that what was handed in cannot be read; `report` has no points, and says why."""

    def fail(self, why: str, out: TextIO) -> int:
        """Say that the grader failed. why: a sentence for the student and one for the staff."""


def run(system: System, frozen: Path, course: Callable[[], Course], log: Path | None = None) -> int:
    """Grade the submission that a system has put in its place; the exit status it expects.

    frozen: the folder with the casebooks. log: gets whatever is printed on the way, tracebacks
    too; None for nowhere. Raises UserError if the log cannot be written.
    """
    with apart(log) as out:
        try:
            system.begin()
            return _graded(system, frozen, course, out)
        except UserError as error:
            traceback.print_exc()
            return _fail(system, f"{FAILED}\nFor the staff: {error}", out)
        except Exception as error:
            traceback.print_exc()
            return _fail(system, f"{_said_of(error)}\nFor the staff: {place_of(error)}", out)


def _fail(system: System, why: str, out: TextIO) -> int:
    """Say that the grader failed, at least on standard output if the system's file is refused."""
    try:
        return system.fail(why, out)
    except OSError:
        traceback.print_exc()
        print(why, file=out)
        return 1


def _graded(system: System, frozen: Path, course: Callable[[], Course], out: TextIO) -> int:
    # here, because whatever is missing or broken shows in it
    from autograder.grade import casebooks
    from autograder.intake import IntakeError
    from autograder.report.systems.limits import within
    from autograder.report.systems.report import report_on, unread

    wanted = within(course(), system.longest)
    books = casebooks(frozen, public_only=system.public_only)
    try:
        report = report_on(system.submission(), wanted, books)
    except IntakeError as error:
        return system.refuse(unread(wanted, str(error)), str(error), out)
    return system.show(report, out)


def _said_of(error: Exception) -> str:
    return NOT_INSTALLED if isinstance(error, ImportError) else FAILED


def place_of(error: Exception) -> str:
    """Where in the grader an error arose, without a path of the machine or a word of anybody's.

    >>> place_of(ValueError("secret"))
    'ValueError'
    """
    kind = type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(OUR_FOLDER):
            inside = path.relative_to(OUR_FOLDER.parent).as_posix()
            return f"{kind} in {inside}, line {frame.lineno}"
    return kind


def _text(descriptor: int) -> TextIO:
    return os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", buffering=1)


@contextmanager
def apart(log: Path | None) -> Iterator[TextIO]:
    """Send all that this process and those it starts print into a log; yields standard output.

    So nothing but what is written to the stream reaches the system: one stray line would be taken
    for the result. Raises UserError if the log cannot be written.
    """
    try:
        sink = os.open(log or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise UserError(f"the log {log} cannot be written: {error.strerror}") from None
    sys.stdout.flush()
    sys.stderr.flush()
    before = {stream: os.dup(stream) for stream in (1, 2)}
    for stream in before:
        os.dup2(sink, stream)
    try:
        with (
            _text(sink) as printed,
            redirect_stdout(printed),
            redirect_stderr(printed),
            _text(os.dup(before[1])) as out,
        ):
            yield out
    finally:
        for stream, kept in before.items():
            os.dup2(kept, stream)
            os.close(kept)
