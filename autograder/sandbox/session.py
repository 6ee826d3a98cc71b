"""One process for one problem: calls in, replies out, every failure a fault and never an exception."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast, get_args

import numpy as np

from autograder.problem import Arrays, Fault, Problem, Reply
from autograder.sandbox.channel import Channel, Closed, TimedOut
from autograder.worker.wire import Garbled, pack

FAULT_KINDS = get_args(Fault.__annotations__["kind"]) or (
    "import", "missing", "todo", "raised", "returned", "refused", "died", "timeout", "garbled",
)  # fmt: skip
LONGEST_TEXT = 400


@dataclass(frozen=True)
class Limits:
    """What a worker may use: seconds of wall clock for one problem, memory, printed and answered bytes."""

    seconds: float = 10.0
    memory_mb: int = 1024
    torch_memory_mb: int = 4096
    printed_bytes: int = 64_000
    reply_bytes: int = 64_000_000

    def memory_for(self, needs: str) -> int:
        """Bytes of address space for a lesson that needs numpy or torch."""
        return (self.torch_memory_mb if needs == "torch" else self.memory_mb) << 20


class Process(Protocol):
    """A worker as the session knows it."""

    channel: Channel

    def end(self) -> int | None:
        """Kill it with everything it started; its wait status, or None if nobody knows."""


class Session:
    """A context manager. The process starts when the block is entered and is gone when it is left.

    known_fault: why no process need be started, because an earlier one for the same file died while importing it.
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
        self._number = 0
        self._deadline = 0.0

    def __enter__(self) -> Session:
        if self._fault is None:
            self._process = self._start()
            self._deadline = time.monotonic() + self._seconds
            fault = self._ask(b"", "import")[0].get("fault")
            self._fault = self._fault or _fault(fault)
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
            self._printed = _harmless(self._process.channel.printed.decode(errors="replace"))
        return self._printed

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """Run a problem's probe on these inputs."""
        return self._request({"do": "call", "problem": problem.name, "lesson": problem.lesson}, inputs)

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """Run a probe once for each row of `stack` in place of `inputs[name]`; outputs stacked along a new axis 0."""
        header = {"do": "many", "problem": problem.name, "lesson": problem.lesson, "name": name}
        return self._request(header, {**inputs, "stack": stack})

    def _request(self, header: Mapping[str, Any], arrays: Arrays) -> Reply:
        if self._fault is not None:
            return Reply(fault=self._fault)
        self._number += 1
        answer, outputs = self._ask(pack({**header, "id": self._number}, arrays), "call")
        if self._fault is not None:
            return Reply(fault=self._fault)
        return Reply(
            outputs,
            odd={str(k)[:80]: str(v)[:LONGEST_TEXT] for k, v in _mapping(answer.get("odd")).items()},
            changed=tuple(str(name)[:80] for name in _sequence(answer.get("changed"))),
            fault=_fault(answer.get("fault")),
        )

    def _ask(self, data: bytes, phase: str) -> tuple[dict[str, Any], Arrays]:
        """Send a message and wait for its answer; after anything else the process is ended and the fault is kept."""
        assert self._process is not None
        try:
            header, arrays = self._process.channel.exchange(data, self._deadline)
            if header.get("id") != self._number:
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
        status = self._stop()
        self._fault = Fault(kind, text=text or _how_it_ended(status), phase=phase)

    def _stop(self) -> int | None:
        if self._process is None:
            return None
        _ = self.printed
        status = self._process.end()
        self._process.channel.close()
        self._process = None
        return status


def _fault(data: Any) -> Fault | None:
    """A fault from what a worker says of itself; only texts get through, cut and without control characters."""
    if not isinstance(data, dict) or data.get("kind") not in FAULT_KINDS:
        return None
    text = {key: _plain(data.get(key, "")) for key in ("error", "text", "where", "call")}
    return Fault(data["kind"], **text, phase="import" if data.get("phase") == "import" else "call")


def _plain(value: Any) -> str:
    return "".join(c if c.isprintable() else " " for c in str(value)[:LONGEST_TEXT])


def _harmless(text: str) -> str:
    """Printed text without the characters that move a cursor, change a colour or turn a line round."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _mapping(value: Any) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value[:100] if isinstance(value, list) else []


def _how_it_ended(status: int | None) -> str:
    """`exit code 0`, `killed by SIGSEGV`: what the system says of a dead process."""
    if status is None:
        return "nobody knows how"
    if status & 0x7F:
        try:
            return f"killed by {signal.Signals(status & 0x7F).name}"
        except ValueError:
            return f"killed by signal {status & 0x7F}"
    return f"exit code {status >> 8}"
