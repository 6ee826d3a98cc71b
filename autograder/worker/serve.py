"""Answering in the student's process: import files, run probes, as asked, until the end.

What is answered, `student` knows; here are the pipes, and what the process gives up before.
"""

from __future__ import annotations

import contextlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.problem import Arrays, Backend, Reply
from autograder.worker import messages
from autograder.worker.capabilities import capabilities
from autograder.worker.guard import guard
from autograder.worker.loan import Answered
from autograder.worker.messages import Answer, Borrow, Lent, ReportCapabilities, Request
from autograder.worker.package import put_in_place
from autograder.worker.student import Student
from autograder.worker.whereabouts import answer_when_asked
from autograder.worker.wire import LENGTHS, Garbled, unpack

ROOT = str(Path(__file__).resolve().parents[2])


def serve(requests: int, replies: int, package: str, backend: Backend, guarded: bool) -> None:
    """Answer requests read from one file descriptor on another until the first is closed.

    package: the folder in which the student's `recurrent/` lies.
    guarded: with the guard up, as always but where no student's code is to run.
    """
    student = Student(package, partial(_borrowed, requests, replies))
    answer_when_asked()
    if guarded:
        sys.path.insert(0, package)
        own = put_in_place(package).own_names | set(lessons.names())
        guard(backend, package, own, closed=(ROOT,))
    while (message := _receive(requests)) is not None:
        request, arrays = message
        _send(replies, _reply_to(request, arrays, student))


def _reply_to(request: Request, arrays: Arrays, student: Student) -> Answer:
    if isinstance(request, ReportCapabilities):
        return Answer(request.id, (Reply(),), capabilities(request))
    return student.reply_to(request, arrays)


# ----------------------------------------------------------------------------------------- messages


def _borrowed(requests: int, replies: int, question: Borrow, arrays: Arrays) -> Answered | None:
    """The judge's answer to a question about a lent function."""
    _write(replies, messages.pack_lending(question, arrays))
    message = _message(requests)
    if message is None:
        return None
    header, results = message
    return messages.read(header, Lent), results


def _send(replies: int, answer: Answer) -> None:
    # what was printed comes first: the judge reads it when it has the answer
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # the student may have closed or replaced it
            stream.flush()
    _write(replies, messages.pack_answer(answer))


def _write(replies: int, message: bytes) -> None:
    data = memoryview(message)
    while data:
        data = data[os.write(replies, data) :]


def _receive(requests: int) -> tuple[Request, Arrays] | None:
    """The next request; None when there are no more, or none that can be read."""
    message = _message(requests)
    if message is None:
        return None
    header, arrays = message
    try:
        return messages.read_request(header), arrays
    except Garbled:
        return None


def _message(requests: int) -> tuple[dict[str, Any], Arrays] | None:
    """The next message; None when there are no more, or none that can be read."""
    prefix = _read(requests, LENGTHS.size)
    if prefix is None:
        return None
    # no limits here, as the judge has them: it is the judge who writes
    head_size, body_size = LENGTHS.unpack(prefix)
    head, body = _read(requests, head_size), _read(requests, body_size)
    if head is None or body is None:
        return None
    try:
        return unpack(head, body)
    except Garbled:
        return None


def _read(requests: int, size: int) -> bytes | None:
    chunks = []
    while size:
        chunk = os.read(requests, min(size, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
