"""One process for one problem: calls in, replies out, a failure is a fault, never an exception."""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from autograder.problem import Arrays, Backend, Fault, FaultKind, Phase, Problem, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.channel import Closed, Message, TimedOut
from autograder.worker import messages
from autograder.worker.messages import (
    Answer,
    Call,
    CallMany,
    Capabilities,
    Compile,
    Ended,
    ReportCapabilities,
    Request,
)
from autograder.worker.wire import Garbled


@dataclass(frozen=True)
class Limits:
    """What a worker may use.

    seconds: of wall clock for one problem. memory_mb: of address space, torch_memory_mb where the
        lesson needs torch. printed_bytes, reply_bytes: of what it prints, and of one answer.
    """

    seconds: float = 10.0
    memory_mb: int = 1024
    torch_memory_mb: int = 4096
    printed_bytes: int = 64_000
    reply_bytes: int = 64_000_000

    def memory_for(self, backend: Backend) -> int:
        """Bytes of address space for a lesson that needs this backend."""
        return (self.torch_memory_mb if backend == "torch" else self.memory_mb) << 20


class ChannelLike(Protocol):
    """A channel, of either make."""

    printed: bytearray

    def send(self, data: bytes) -> None: ...

    def receive(self, deadline: float, last: bool = True) -> Message: ...

    def drain(self) -> None: ...

    def close(self) -> None: ...


class ProcessLike(Protocol):
    """A worker as the session knows it."""

    @property
    def channel(self) -> ChannelLike:
        """The way to it."""

    def end(self, grace: bool) -> Ended:
        """Kill it with everything it started, and remove what it wrote.

        grace: give it a moment to end by itself, if it is about to.
        """


class Session:
    """A context manager. The process starts when the block is entered and is gone when it is left.

    known_fault: why no process need be started: an earlier one died while importing the same file.
    remember: told the fault when this one does.
    """

    def __init__(
        self,
        start: Callable[[], ProcessLike],
        seconds: float,
        known_fault: Fault | None = None,
        remember: Callable[[Fault], None] = lambda fault: None,
    ) -> None:
        self._start, self._seconds, self._remember = start, seconds, remember
        self._fault = known_fault
        self._process: ProcessLike | None = None
        self._printed = ""
        self._ids = itertools.count(messages.IMPORT + 1)
        self._deadline = 0.0

    def __enter__(self) -> Session:
        if self._fault is not None:
            return self
        self._process = self._start()
        self._deadline = time.monotonic() + self._seconds
        imported = self._answer(messages.IMPORT, "import")
        if self._fault is None:
            self._fault = sanitise.fault(imported.reply.fault)
        # Only what takes its time or the process with it: any other fault is cheap to find again.
        if self._fault is not None and self._fault.kind in ("died", "timeout", "garbled"):
            self._remember(self._fault)
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    @property
    def printed(self) -> str:
        """What the student's code has printed so far, cut to the limit."""
        if self._process is not None:
            self._process.channel.drain()
            text = self._process.channel.printed.decode(errors="replace")
            self._printed = sanitise.harmless(text)
        return self._printed

    # ------------------------------------------------------------------------------------ questions

    def calls(self, problem: Problem, cases: Sequence[Arrays]) -> list[Reply]:
        """Run a problem's probe on the inputs of each case, in order; all are sent at once."""
        requests: list[tuple[Request, Arrays]] = []
        for inputs in cases:
            requests.append((Call(next(self._ids), problem.lesson, problem.name), inputs))
        return self._ask(problem, requests)

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """Run a problem's probe on these inputs."""
        return self.calls(problem, [inputs])[0]

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """Run a probe once for each row of `stack` in place of `inputs[name]`.

        The outputs of all runs come back stacked along a new axis 0.
        """
        request = CallMany(next(self._ids), problem.lesson, problem.name, name)
        return self._ask(problem, [(request, {**inputs, "stack": stack})])[0]

    def capabilities(
        self, judge: int, secret: str, public: str, elsewhere: str
    ) -> Capabilities | None:
        """What the process can still do, see `ReportCapabilities`; None without an answer."""
        request = ReportCapabilities(next(self._ids), judge, secret, public, elsewhere)
        self._send([(request, {})])
        return self._answer(request.id, "call").capabilities

    def compile(self, modules: Sequence[str]) -> Arrays:
        """Module -> the bytes of its .pyc, as `worker.bytecode` has it; none if that killed it."""
        request = Compile(next(self._ids), tuple(modules))
        self._send([(request, {})])
        return self._answer(request.id, "call").reply.outputs

    def _ask(self, problem: Problem, requests: Sequence[tuple[Request, Arrays]]) -> list[Reply]:
        """The replies about one problem, each held to what it could say of it."""
        self._send(requests)
        replies = []
        for number, (request, _) in enumerate(requests, 1):
            answer = self._answer(request.id, "call", last=number == len(requests))
            if self._fault is not None:
                replies.append(Reply(fault=self._fault))
            else:
                replies.append(sanitise.reply(answer.reply, problem))
        return replies

    # ------------------------------------------------------------------------------------- messages

    def _send(self, requests: Sequence[tuple[Request, Arrays]]) -> None:
        if self._process is None or not requests:
            return
        packed = [messages.pack_request(request, arrays) for request, arrays in requests]
        self._process.channel.send(b"".join(packed))

    def _answer(self, id: int, phase: Phase, last: bool = True) -> Answer:
        """Wait for the answer to a request.

        After anything else the process is ended, the fault is kept, and the answer is empty.
        """
        if self._fault is not None or self._process is None:
            return Answer(id, Reply())
        try:
            header, arrays = self._process.channel.receive(self._deadline, last)
            return messages.read_answer(header, arrays, id)
        except TimedOut:
            self._fail("timeout", f"stopped after {self._seconds:g} s", phase)
        except Closed:
            self._fail("died", "", phase)
        except Garbled as error:
            self._fail("garbled", str(error), phase)
        return Answer(id, Reply())

    def _fail(self, kind: FaultKind, text: str, phase: Phase) -> None:
        # One that has closed its pipes is about to end, and how it ends is what there is to say.
        ended = self._stop(grace=kind == "died")
        self._fault = Fault(kind, text=text or _how_it_ended(ended), phase=phase)

    def _stop(self, grace: bool = False) -> Ended:
        if self._process is None:
            return Ended(None)
        _ = self.printed  # read what is still in the pipe, before it is closed
        ended = self._process.end(grace)
        self._process.channel.close()
        self._process = None
        return ended


def _how_it_ended(ended: Ended) -> str:
    """`exit code 0`, `killed by SIGSEGV`: what the system says of a dead process."""
    if ended.status is None:
        return "nobody knows how"
    if ended.running:
        return "it closed its connection to the grader and was stopped"
    number = ended.status & 0x7F  # a wait status: the signal in the low bits, the exit code above
    if not number:
        return f"exit code {ended.status >> 8}"
    try:
        return f"killed by {signal.Signals(number).name}"
    except ValueError:
        return f"killed by signal {number}"
