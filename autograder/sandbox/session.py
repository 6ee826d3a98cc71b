"""One process for one problem: calls in, replies out, a failure is a fault, never an exception."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np

from autograder.problem import Arrays, Fault, Problem, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.channel import Closed, Message, TimedOut
from autograder.worker.wire import Garbled, pack


@dataclass(frozen=True)
class Limits:
    """What a worker may use: seconds of wall clock for one problem, memory, printed and answered
    bytes.
    """

    seconds: float = 10.0
    memory_mb: int = 1024
    torch_memory_mb: int = 4096
    printed_bytes: int = 64_000
    reply_bytes: int = 64_000_000

    def memory_for(self, backend: str) -> int:
        """Bytes of address space for a lesson that needs numpy or torch."""
        return (self.torch_memory_mb if backend == "torch" else self.memory_mb) << 20


@dataclass(frozen=True)
class Ended:
    """How a worker ended. status: its wait status, None if nobody knows. running: it had to be
    stopped.
    """

    status: int | None
    running: bool = False


class ChannelLike(Protocol):
    """A channel, of either make."""

    printed: bytearray

    def send(self, data: bytes) -> None: ...

    def receive(self, deadline: float, last: bool = True) -> Message: ...

    def drain(self) -> None: ...

    def close(self) -> None: ...


class Process(Protocol):
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

    known_fault: why no process need be started, because an earlier one for the same file died while
        importing it.
    remember: told the fault when this one does.
    """

    def __init__(
        self,
        start: Callable[[], Process],
        seconds: float,
        known_fault: Fault | None = None,
        remember: Callable[[Fault], None] = lambda fault: None,
    ) -> None:
        self._start, self._seconds, self._remember = start, seconds, remember
        self._fault = known_fault
        self._process: Process | None = None
        self._printed = ""
        self._sent = 0
        self._deadline = 0.0

    def __enter__(self) -> Session:
        if self._fault is None:
            self._process = self._start()
            self._deadline = time.monotonic() + self._seconds
            fault = self._answer(0, "import")[0].get("fault")
            self._fault = self._fault or sanitise.fault(fault)
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
            self._printed = sanitise.harmless(
                self._process.channel.printed.decode(errors="replace")
            )
        return self._printed

    def calls(self, problem: Problem, cases: Sequence[Arrays]) -> list[Reply]:
        """Run a problem's probe on the inputs of each case, one after the other; all are sent at
        once.
        """
        return self._requests(problem, [({"do": "call"}, inputs) for inputs in cases])

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """Run a problem's probe on these inputs."""
        return self.calls(problem, [inputs])[0]

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """Run a probe once for each row of `stack` in place of `inputs[name]`; outputs stacked
        along a new axis 0.
        """
        return self._requests(
            problem, [({"do": "many", "name": name}, {**inputs, "stack": stack})]
        )[0]

    def capabilities(self, questions: Mapping[str, Any]) -> dict[str, Any]:
        """What the process can still do (`autograder.worker.capabilities`); empty without an
        answer.
        """
        return dict(
            sanitise.mapping(
                self._ask({"do": "capabilities", "questions": questions})[0].get("facts")
            )
        )

    def compile(self, modules: Sequence[str]) -> Arrays:
        """Module -> the bytes of its .pyc, as `autograder.worker.bytecode` has it; none if the work
        killed it.
        """
        return self._ask({"do": "compile", "modules": modules})[1]

    def _requests(
        self, problem: Problem, requests: Sequence[tuple[Mapping[str, Any], Arrays]]
    ) -> list[Reply]:
        which = {"problem": problem.name, "lesson": problem.lesson}
        numbers = self._send([({**header, **which}, arrays) for header, arrays in requests])
        return [self._reply(problem, number, last=number == numbers[-1]) for number in numbers]

    def _reply(self, problem: Problem, number: int, last: bool) -> Reply:
        answer, outputs = self._answer(number, "call", last)
        if self._fault is not None:
            return Reply(fault=self._fault)
        gives, takes = {t.name for t in problem.outputs}, {t.name for t in problem.takes}
        return Reply(
            {name: array for name, array in outputs.items() if name in gives},
            odd={
                k: sanitise.one_line(v)
                for k, v in sanitise.mapping(answer.get("odd")).items()
                if k in gives
            },
            changed=sanitise.known_names(answer.get("changed"), takes),
            fault=sanitise.fault(answer.get("fault")),
        )

    def _ask(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], Arrays]:
        (number,) = self._send([(request, {})])
        return self._answer(number, "call")

    def _send(self, requests: Sequence[tuple[Mapping[str, Any], Arrays]]) -> range:
        """Send requests; the numbers their answers will have."""
        numbers = range(self._sent + 1, self._sent + 1 + len(requests))
        self._sent += len(requests)
        if self._process is not None and requests:
            messages = [
                pack({**header, "id": number}, arrays)
                for number, (header, arrays) in zip(numbers, requests, strict=True)
            ]
            self._process.channel.send(b"".join(messages))
        return numbers

    def _answer(self, number: int, phase: str, last: bool = True) -> tuple[dict[str, Any], Arrays]:
        """Wait for the answer to a request; after anything else the process is ended and the fault
        is kept.
        """
        if self._fault is not None or self._process is None:
            return {}, {}
        try:
            header, arrays = self._process.channel.receive(self._deadline, last)
            if header.get("id") != number:
                raise Garbled("it answers a question that was not asked")
            return header, cast(Arrays, arrays)
        except TimedOut:
            self._fail("timeout", f"stopped after {self._seconds:g} s", phase)
        except Closed:
            self._fail("died", "", phase)
        except Garbled as error:
            self._fail("garbled", str(error), phase)
        return {}, {}

    def _fail(self, kind: Any, text: str, phase: Any) -> None:
        ended = self._stop(grace=kind == "died")
        self._fault = Fault(kind, text=text or _how_it_ended(ended), phase=phase)

    def _stop(self, grace: bool = False) -> Ended:
        if self._process is None:
            return Ended(None)
        _ = self.printed
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
    if ended.status & 0x7F:
        try:
            return f"killed by {signal.Signals(ended.status & 0x7F).name}"
        except ValueError:
            return f"killed by signal {ended.status & 0x7F}"
    return f"exit code {ended.status >> 8}"
