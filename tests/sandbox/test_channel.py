"""What goes through the pipes to a worker, and when."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.channel import Channel
from autograder.sandbox.deadline import Deadline
from autograder.worker.launch import can_fork
from autograder.worker.wire import pack

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes cannot be waited for there")

MEGABYTE = bytes(1_000_000)


class Other:
    """A channel, and the worker's ends of its pipes."""

    def __init__(self) -> None:
        self.requests, requests = os.pipe()
        replies, self.replies = os.pipe()
        output, self.output = os.pipe()
        self.channel = Channel(requests, replies, output, 1000)

    def close(self) -> None:
        self.channel.close()
        for fd in (self.requests, self.replies, self.output):
            os.close(fd)


@pytest.fixture
def other() -> Iterator[Other]:
    ends = Other()
    yield ends
    ends.close()


def test_a_message_is_made_when_the_one_before_it_has_gone(other: Other) -> None:
    made: list[int] = []

    def messages() -> Iterator[bytes]:
        for number in range(5):
            made.append(number)
            yield MEGABYTE

    other.channel.send(messages())
    assert made == [0], "the pipe holds less than one of them"
    read = 0
    while read < 5 * len(MEGABYTE):
        read += len(os.read(other.requests, 1 << 20))
        other.channel._write()
        in_the_pipe = 1 << 16
        assert len(made) <= 1 + (read + in_the_pipe) // len(MEGABYTE)
    assert made == [0, 1, 2, 3, 4]


def test_an_answer_to_what_was_not_read_does_not_mix_up_what_is_sent_next(other: Other) -> None:
    other.channel.send([b"a" * 1_000_000])
    os.write(other.replies, pack({"id": 0}, {}))
    header, _ = other.channel.receive(Deadline(os.getpid(), 5.0), 1000, last=False)
    assert header == {"id": 0}
    other.channel.send([b"b"])
    read = b""
    while not read.endswith(b"b"):
        read += os.read(other.requests, 1 << 20)
        other.channel._write()
    assert read == b"a" * 1_000_000 + b"b"


def test_nobody_there_is_no_error_until_an_answer_is_due() -> None:
    ends = Other()
    os.close(ends.requests)
    ends.channel.send([MEGABYTE] * 3)
    os.write(ends.replies, pack({"id": 0}, {}))
    assert ends.channel.receive(Deadline(os.getpid(), 5.0), 1000) == ({"id": 0}, {})
    ends.channel.close()
    os.close(ends.replies)
    os.close(ends.output)


@pytest.mark.skipif(not can_fork(), reason="there is no fork server here")
def test_a_worker_ended_as_soon_as_it_is_started_takes_nobody_along() -> None:
    """It was waited for until the fork server, and all workers with it, was given up."""
    with Sandbox(Limits(), fork=True) as box:
        with box.bare_session():
            pass
        server = box._servers["numpy"].process
        for _ in range(60):
            with box.bare_session():
                pass
        assert box._servers["numpy"].process is server and server.poll() is None
