"""Three pipes to one worker: requests out, replies in, and what it prints, drained all the while and cut.

Nothing here blocks longer than the deadline, whatever the other side does or leaves undone.
"""

from __future__ import annotations

import os
import selectors
import time
from typing import Any

from autograder.worker.wire import LENGTHS, Garbled, lengths, unpack


class TimedOut(Exception):
    """The deadline has passed."""


class Closed(Exception):
    """The other side is gone."""


class Channel:
    """The judge's ends of a worker's pipes."""

    def __init__(self, requests: int, replies: int, output: int, printed_bytes: int, reply_bytes: int) -> None:
        self.requests, self.replies, self.output = requests, replies, output
        self.printed_bytes, self.reply_bytes = printed_bytes, reply_bytes
        self.printed = bytearray()
        self._received = bytearray()
        for fd in (requests, replies, output):
            os.set_blocking(fd, False)

    def exchange(self, data: bytes, deadline: float) -> tuple[dict[str, Any], Any]:
        """Send a message and wait for one: (header, arrays). Raises TimedOut, Closed or Garbled.

        deadline: on the clock of `time.monotonic`.
        """
        unsent = memoryview(data)
        with selectors.DefaultSelector() as selector:
            selector.register(self.replies, selectors.EVENT_READ)
            selector.register(self.output, selectors.EVENT_READ)
            if unsent:
                selector.register(self.requests, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimedOut
                for key, _ in selector.select(left):
                    if key.fd == self.requests:
                        unsent = self._write(unsent)
                        if not unsent:
                            selector.unregister(self.requests)
                    elif key.fd == self.output:
                        if not self._drain_once():
                            selector.unregister(self.output)
                    elif (message := self._read()) is not None:
                        return message

    def _write(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self.requests, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:
            raise Closed from None

    def _read(self) -> tuple[dict[str, Any], Any] | None:
        try:
            chunk = os.read(self.replies, 1 << 20)
        except BlockingIOError:
            return None
        if not chunk:
            raise Closed
        self._received += chunk
        if len(self._received) < LENGTHS.size:
            return None
        head, body = lengths(bytes(self._received[: LENGTHS.size]), self.reply_bytes)
        if len(self._received) < LENGTHS.size + head + body:
            return None
        if len(self._received) > LENGTHS.size + head + body:
            raise Garbled("more came back than was asked for")
        start = LENGTHS.size + head
        message = unpack(bytes(self._received[LENGTHS.size : start]), bytes(self._received[start:]))
        self._received.clear()
        return message

    def _drain_once(self) -> bool:
        """Read some of what was printed, and keep it while there is room; False at its end."""
        chunk = os.read(self.output, 1 << 16)
        self.printed += chunk[: max(0, self.printed_bytes - len(self.printed))]
        return bool(chunk)

    def drain(self) -> None:
        """Read what has been printed so far: no more than a pipe holds, so that nobody can keep us here."""
        try:
            for _ in range(64):
                if not self._drain_once():
                    return
        except BlockingIOError:
            return

    def close(self) -> None:
        """Close the three pipes."""
        for fd in (self.requests, self.replies, self.output):
            os.close(fd)
