"""The worker's processes: forked by a warm server, or started fresh where there is no fork."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Sequence

from autograder.problem import Backend
from autograder.sandbox.channel import Channel, Closed, ThreadedChannel
from autograder.sandbox.deadline import Deadline, TimedOut
from autograder.sandbox.session import ChannelLike, Limits
from autograder.worker import messages
from autograder.worker.launch import Launched, launch_worker
from autograder.worker.messages import End, Ended, Start, Started
from autograder.worker.whereabouts import SIGNAL
from autograder.worker.wire import LARGEST_HEADER, Garbled

PATIENCE = 10.0
"""Seconds that a process of ours which runs no student code may take for an answer."""

TORCH_PATIENCE = 60.0
"""As many more where it has torch to import first."""

AHEAD: dict[Backend, int] = {"numpy": 2, "torch": 1}
"""Workers without fork that are kept warm for problems sat alone: one is used up by each.

Torch's are large, and one is enough: what it runs takes longer, too.
"""

GRACE = 0.2
"""Seconds in which a fresh process that has closed its pipes may still end by itself."""


class ForkServer:
    """The judge's side of a zygote, which is waited for when a worker is first wanted."""

    def __init__(self, launched: Launched) -> None:
        assert launched.control is not None, "this is a worker, and no fork server"
        self.process, self.control = launched.process, launched.control
        self.control.settimeout(_patience(launched.setup.backend))
        self.lock = threading.Lock()

    def alive(self) -> bool:
        """Whether the server still runs."""
        return self.process.poll() is None

    def start(self, request: Start, limits: Limits, clean: Callable[[], None]) -> ForkedProcess:
        """Fork a worker. Raises OSError or Garbled if the server is gone or talks nonsense."""
        pairs = [os.pipe() for _ in range(3)]
        (their_requests, requests), (replies, their_replies), (output, their_output) = pairs
        theirs = [their_requests, their_replies, their_output]
        try:
            with self.lock:
                socket.send_fds(self.control, [messages.to_json(request)], theirs)
                started = messages.from_json(self._line(), Started)
        except BaseException:
            for fd in (requests, replies, output):
                os.close(fd)
            raise
        finally:
            # a pipe ends when its last writer closes it, so none of us may keep a worker's end
            for fd in theirs:
                os.close(fd)
        channel = Channel(requests, replies, output, limits.printed_bytes)
        return ForkedProcess(self, started.pid, request, channel, clean)

    def end(self, request: End) -> Ended:
        """End a worker; if the server cannot, end the server, and every worker with it."""
        try:
            with self.lock:
                self.control.sendall(messages.to_json(request))
                return messages.from_json(self._line(), Ended)
        except (OSError, Garbled):
            self.close()
            return Ended(None)

    def _line(self) -> bytes:
        """The server's next answer. Raises OSError if none comes."""
        data = b""
        while not data.endswith(b"\n"):
            chunk = self.control.recv(4096)
            if not chunk:
                raise ConnectionError("the fork server is gone")
            data += chunk
        return data

    def close(self) -> None:
        """End the server; its workers end with it."""
        self.control.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class ForkedProcess:
    """A worker forked by a server."""

    def __init__(
        self,
        server: ForkServer,
        pid: int,
        request: Start,
        channel: Channel,
        clean: Callable[[], None],
    ) -> None:
        self.server, self.pid, self.uid, self.clean = server, pid, request.uid, clean
        self.folders: Sequence[str] = (request.package, request.scratch)
        self.channel: ChannelLike = channel

    def ask_where(self) -> None:
        """Have it write to its output on which line it is."""
        _ask_where(self.pid)

    def kill(self) -> None:
        """Kill it, and leave the rest to `end`."""
        # nobody has reaped it yet, so that the number is still its own
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self, grace: bool) -> Ended:
        """Kill it with everything it started, and remove what it wrote."""
        ended = self.server.end(End(self.pid, self.uid, grace))
        self.clean()
        return ended


class Spares:
    """Workers without fork that are started before they are wanted: numpy takes its time.

    Each serves one submission and ends: nothing in which a student's code has run is used again.
    """

    def __init__(self, without: Collection[str]) -> None:
        self.without = tuple(without)
        self._waiting: dict[Backend, list[Launched]] = {"numpy": [], "torch": []}
        self._lock = threading.Lock()

    def add(self, launched: Launched) -> None:
        """Keep one that was started elsewhere."""
        self._waiting[launched.setup.backend].append(launched)

    def prepare(self, backend: Backend, count: int) -> None:
        """See to it that so many are getting warm."""
        with self._lock:
            waiting = self._waiting[backend]
            while len(waiting) < count:
                waiting.append(launch_worker(backend, self.without))

    def take(self, backend: Backend) -> Launched:
        """One that nobody else has, warm if there is one."""
        with self._lock:
            while self._waiting[backend]:
                spare = self._waiting[backend].pop(0)
                if spare.process.poll() is None:
                    return spare
                _put_down(spare)
        return launch_worker(backend, self.without)

    def close(self) -> None:
        """End those that are still waiting."""
        with self._lock:
            for waiting in self._waiting.values():
                while waiting:
                    _put_down(waiting.pop())


class FreshProcess:
    """A worker that is a process of its own from the start, and is told now what it serves.

    Raises OSError if it does not start; nothing of it is left then, and `clean` is not called.
    """

    def __init__(
        self, launched: Launched, request: Start, limits: Limits, clean: Callable[[], None]
    ) -> None:
        self.clean, self.process = clean, launched.process
        # copies, because a file object of Python's would close its descriptor whenever it likes
        pipes = [self.process.stdin, self.process.stdout, self.process.stderr]
        requests, replies, output = (os.dup(pipe.fileno()) for pipe in pipes if pipe is not None)
        _close_pipes(self.process)
        self.channel: ChannelLike = ThreadedChannel(requests, replies, output, limits.printed_bytes)
        self.pid = self.process.pid
        self.folders: Sequence[str] = (request.package, request.scratch)
        try:
            self._tell(request, _patience(launched.setup.backend))
        except BaseException:
            self._kill_all()
            self.process.wait()
            self.channel.close()
            raise

    def _tell(self, request: Start, patience: float) -> None:
        """Say what it serves, and wait until it is ready: only then the submission's time begins.

        Raises OSError.
        """
        self.channel.send([messages.to_json(request) + b"\n"])
        try:
            header, _ = self.channel.receive(Deadline(self.pid, patience), LARGEST_HEADER)
            messages.read(header, Started)
        except (TimedOut, Closed, Garbled) as error:
            said = bytes(self.channel.printed).decode(errors="replace")
            raise ConnectionError(f"a worker did not start ({error}): {said}") from None

    def ask_where(self) -> None:
        """Have it write to its output on which line it is."""
        _ask_where(self.pid)

    def kill(self) -> None:
        """Kill it, and leave the rest to `end`."""
        self.process.kill()

    def end(self, grace: bool) -> Ended:
        """Kill it with everything it started, and remove what it wrote."""
        running = True
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE if grace else 0)
            running = False
        self._kill_all()
        code = self.process.wait()
        self.clean()
        return Ended(wait_status(code), running)

    def _kill_all(self) -> None:
        if sys.platform == "win32":
            command = ["taskkill", "/F", "/T", "/PID", str(self.process.pid)]
            with contextlib.suppress(OSError):  # some Windows have no taskkill
                subprocess.run(command, capture_output=True, check=False)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()


CRASHES = {
    0xC0000005: "SIGSEGV",  # an access violation
    0xC00000FD: "SIGSEGV",  # no room left on the stack
    0xC000001D: "SIGILL",
    0xC0000094: "SIGFPE",
    0xC0000409: "SIGABRT",
}
"""What Windows says of a process that the system has ended -> the signal that stands for it."""


def wait_status(code: int) -> int:
    """The wait status for what `Popen` says: the signal in the low bits, the exit code above."""
    name = CRASHES.get(code & 0xFFFFFFFF)
    if name is not None:
        return int(getattr(signal, name))
    return -code if code < 0 else code << 8


def _patience(backend: Backend) -> float:
    """Seconds that a process of ours may take to get warm."""
    return PATIENCE + (TORCH_PATIENCE if backend == "torch" else 0)


def _put_down(spare: Launched) -> None:
    """End a worker that runs nobody's code."""
    spare.process.kill()
    spare.process.wait()
    _close_pipes(spare.process)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _ask_where(pid: int) -> None:
    # nobody has reaped it yet, so that the number is still its own
    if SIGNAL is not None:
        with contextlib.suppress(OSError):
            os.kill(pid, SIGNAL)
