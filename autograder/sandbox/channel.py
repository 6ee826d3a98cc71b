"""Three pipes to one worker: requests out, answers in, and what it prints, read all the while.

Nothing here blocks longer than the deadline, whatever the other side does or leaves undone.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import os
import queue
import select
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograder.problem import Arrays
from autograder.sandbox.deadline import Deadline
from autograder.worker.wire import LENGTHS, Garbled, lengths, unpack

Message = tuple[dict[str, Any], Arrays]


TAIL = 1 << 17
"""Bytes of what was printed last that are kept beyond the limit: a stack, and a chunk behind it."""


class Closed(Exception):
    """The other side is gone."""


class Inbox:
    """Bytes in, messages out.

    It never keeps more than one message of the allowed size and what came with its last bytes.
    """

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take these bytes in; to be called only when `take` has nothing to give."""
        self._received += chunk

    def take(self, limit: int, last: bool) -> Message | None:
        """The next message, if all of it is there. Raises Garbled.

        limit: the bytes that it may have. last: nothing more has been asked for, and nothing may
            come after it.
        """
        if len(self._received) < LENGTHS.size:
            return None
        head, body = lengths(bytes(self._received[: LENGTHS.size]), limit)
        whole = LENGTHS.size + head + body
        if len(self._received) < whole:
            return None
        if last and len(self._received) > whole:
            raise Garbled("more came back than was asked for")
        start = LENGTHS.size + head
        # closed before the bytes go: what is looked into cannot shrink
        with memoryview(self._received) as view:
            message = unpack(bytes(view[LENGTHS.size : start]), bytes(view[start:whole]))
        del self._received[:whole]
        return message


class Channel:
    """The judge's ends of a worker's pipes, where one can wait for all three (not on Windows)."""

    def __init__(self, requests: int, replies: int, output: int, printed_bytes: int) -> None:
        self.requests, self.replies, self.output = requests, replies, output
        self.printed_bytes = printed_bytes
        self.printed = bytearray()
        self._tail = b""
        self._inbox = Inbox()
        self._unsent = memoryview(b"")
        self._waiting: Iterator[bytes] = iter(())
        for fd in (requests, replies, output):
            os.set_blocking(fd, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(replies, selectors.EVENT_READ)
        self._selector.register(output, selectors.EVENT_READ)

    def send(self, messages: Iterable[bytes]) -> None:
        """Send messages: what the pipe will hold now, and the rest while `receive` waits.

        Each is asked for when the one before it has gone: they are never all in memory.
        """
        self._waiting = itertools.chain(self._waiting, messages)
        self._write()

    def receive(self, deadline: Deadline, limit: int, last: bool = True) -> Message:
        """Wait for one message: (header, arrays). Raises TimedOut, Closed or Garbled.

        limit: the bytes that it may have. last: no further answer is due.
        """
        while (message := self._inbox.take(limit, last)) is None:
            for key, _ in self._selector.select(deadline.wait()):
                self._serve(key.fd)
        return message

    def _serve(self, fd: int) -> None:
        """Do what this pipe is ready for; one that is done with is no longer waited for."""
        if fd == self.requests:
            self._write()
        elif fd == self.replies:
            self._read()
        elif not self._drain_once():
            self._selector.unregister(self.output)

    def _write(self) -> None:
        """Write until the pipe is full or all is sent; wait for it only while it is full."""
        was_full = bool(self._unsent)
        with contextlib.suppress(BlockingIOError):
            while self._unsent or self._next():
                self._unsent = self._unsent[self._written(self._unsent) :]
        if self._unsent and not was_full:
            self._selector.register(self.requests, selectors.EVENT_WRITE)
        elif was_full and not self._unsent:
            self._selector.unregister(self.requests)

    def _next(self) -> bool:
        """Take the next message, if there is one."""
        self._unsent = memoryview(next(self._waiting, b""))
        return bool(self._unsent)

    def _written(self, data: memoryview) -> int:
        """How many of these bytes are done with. Raises BlockingIOError if the pipe is full."""
        try:
            return os.write(self.requests, data)
        except BrokenPipeError:  # it is gone; what it answered before may still be on its way
            self._waiting = iter(())
            return len(data)

    def _read(self) -> None:
        try:
            chunk = os.read(self.replies, 1 << 20)
        except BlockingIOError:
            return
        if not chunk:
            raise Closed
        self._inbox.feed(chunk)

    def _drain_once(self) -> bool:
        """Read some of what was printed, and keep it while there is room; False at its end."""
        chunk = os.read(self.output, 1 << 16)
        self._tail = (self._tail + chunk)[-TAIL:]
        self.printed += chunk[: max(0, self.printed_bytes - len(self.printed))]
        return bool(chunk)

    def drain(self) -> None:
        """Read what has been printed so far."""
        try:
            # more often than fills a pipe, but not for ever: some never stop printing
            for _ in range(64):
                if not self._drain_once():
                    return
        except BlockingIOError:
            return

    def last_words(self, is_whole: Callable[[bytes], bool], seconds: float) -> bytes:
        """The end of what is printed, as soon as it is whole, or when these seconds are over."""
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.output, selectors.EVENT_READ)
            while not is_whole(self._tail) and (left := end - time.monotonic()) > 0:
                if selector.select(left) and not self._drain_once():
                    break
        return self._tail

    def close(self) -> None:
        """Close the three pipes."""
        self._selector.close()
        for fd in (self.requests, self.replies, self.output):
            os.close(fd)


class ThreadedChannel:
    """The same with a thread for each pipe, for platforms whose pipes cannot be waited for."""

    def __init__(self, requests: int, replies: int, output: int, printed_bytes: int) -> None:
        self.requests, self.printed_bytes = requests, printed_bytes
        self.printed = bytearray()
        self._tail = b""
        self._inbox = Inbox()
        # a flood waits in the pipe, not in our memory
        self._chunks: queue.Queue[bytes] = queue.Queue(maxsize=4)
        self._closed = threading.Event()
        self._output, self._output_ended = output, False
        self._reading = threading.Lock()
        self._writer: threading.Thread | None = None
        self._threads = [
            threading.Thread(target=self._read_replies, args=(replies,), daemon=True),
            threading.Thread(target=self._read_output, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, messages: Iterable[bytes]) -> None:
        """Send messages, in the background."""
        self._writer = threading.Thread(target=self._write, args=(messages,), daemon=True)
        self._writer.start()

    def receive(self, deadline: Deadline, limit: int, last: bool = True) -> Message:
        """Wait for one message: (header, arrays). Raises TimedOut, Closed or Garbled."""
        while (message := self._inbox.take(limit, last)) is None:
            try:
                chunk = self._chunks.get(timeout=deadline.wait())
            except queue.Empty:
                continue
            if not chunk:
                raise Closed
            self._inbox.feed(chunk)
        return message

    def _write(self, messages: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError):  # the worker is gone, which the reading thread will see
            for message in messages:
                unsent = memoryview(message)
                while unsent:
                    unsent = unsent[os.write(self.requests, unsent) :]

    def _read_replies(self, fd: int) -> None:
        chunk = b"?"
        while chunk and not self._closed.is_set():
            chunk = _read(fd)
            self._hand_over(chunk)
        os.close(fd)

    def _hand_over(self, chunk: bytes) -> None:
        """Put a chunk where `receive` finds it, as soon as there is room or nobody wants it."""
        while not self._closed.is_set():
            # in small steps: nothing can wait for a place in the queue and for the closing at once
            with contextlib.suppress(queue.Full):
                self._chunks.put(chunk, timeout=0.2)
                return

    def _read_output(self) -> None:
        while not self._closed.is_set() and not self._output_ended:
            if is_waiting(self._output, 0.05):
                self._take_output()
        with self._reading:
            self._output_ended = True
            os.close(self._output)

    def _take_output(self) -> bool:
        """Read some of what was printed, if there is any; False if there is not."""
        # whoever reads also keeps it before anybody else looks: so `drain` misses nothing
        with self._reading:
            if self._output_ended or not is_waiting(self._output, 0):
                return False
            chunk = _read(self._output)
            self._tail = (self._tail + chunk)[-TAIL:]
            self.printed += chunk[: max(0, self.printed_bytes - len(self.printed))]
            self._output_ended = not chunk
            return bool(chunk)

    def drain(self) -> None:
        """Read what has been printed so far."""
        # more often than fills a pipe, but not for ever: some never stop printing
        for _ in range(64):
            if not self._take_output():
                return

    def last_words(self, is_whole: Callable[[bytes], bool], seconds: float) -> bytes:
        """The end of what is printed, as soon as it is whole, or when these seconds are over."""
        end = time.monotonic() + seconds
        while not is_whole(self._tail) and time.monotonic() < end:
            if not self._take_output():
                time.sleep(0.005)
        return self._tail

    def close(self) -> None:
        """Close the pipes. The reading threads close theirs when the worker's ends are closed."""
        self._closed.set()
        if self._writer is not None:
            self._writer.join(1.0)
        os.close(self.requests)
        for thread in self._threads:
            thread.join(1.0)


def is_waiting(fd: int, seconds: float) -> bool:
    """Whether there is something to read in a pipe, or its end, now or within these seconds."""
    if sys.platform != "win32":
        return bool(select.select([fd], [], [], seconds)[0])
    end = time.monotonic() + seconds
    while not _has_bytes(fd):
        if time.monotonic() >= end:
            return False
        time.sleep(0.005)
    return True


def _has_bytes(fd: int) -> bool:
    """The same on Windows, which waits for sockets only, but says what is in a pipe."""
    winapi, msvcrt = importlib.import_module("_winapi"), importlib.import_module("msvcrt")
    try:
        return bool(winapi.PeekNamedPipe(msvcrt.get_osfhandle(fd), 0)[0])
    except OSError:
        return True  # its end, which a reader is told at once


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 1 << 16)
    except OSError:
        return b""
