"""One process of a submission: calls in, replies out, a failure is a fault, never an exception."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from autograder.problem import Arrays, Backend, Fault, FaultKind, Phase, Problem, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.channel import Closed, Message
from autograder.sandbox.deadline import Deadline, TimedOut
from autograder.sandbox.relative import Relative
from autograder.worker import messages, whereabouts
from autograder.worker.messages import (
    Answer,
    CallMany,
    Calls,
    Capabilities,
    Compile,
    Ended,
    Import,
    Lent,
    ReportCapabilities,
    Request,
)
from autograder.worker.wire import LARGEST_HEADER, Garbled

TOGETHER = 0.2
"""The share of a problem's seconds that it has where it is sat together with others.

Right work needs a hundredth of it, and what is slower is sat again alone, with all its seconds.
"""

TIMES_EXPECTED, SPARE_BYTES = 4, 64_000
"""An answer may have this many times the bytes of the expected one, and so many more."""

PATIENCE = 1.0
"""Seconds that a worker whose time is up has to say on which line it is."""

FOR_MANY = 8_000_000
"""Bytes of an answer to `call_many`."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use.

    seconds: of processor time for one problem; for the wall clock see `deadline`.
    memory_mb: of address space, torch_memory_mb where the lesson needs torch.
    printed_bytes: of what it prints.
    """

    seconds: float = 10.0
    memory_mb: int = 1024
    torch_memory_mb: int = 4096
    printed_bytes: int = 64_000

    def memory_for(self, backend: Backend) -> int:
        """Bytes of address space for a lesson that needs this backend."""
        return (self.torch_memory_mb if backend == "torch" else self.memory_mb) << 20


class LenderLike(Protocol):
    """Who answers for functions that are lent.

    room: the bytes that the arrays of a question may have.
    """

    room: int

    def may_ask(self) -> bool: ...

    def answer(
        self,
        function: str,
        names: Sequence[str],
        arguments: Sequence[np.ndarray | int | None],
    ) -> tuple[Sequence[np.ndarray | int | None], bool] | None: ...


class Paper(NamedTuple):
    """What one problem asks of a submission: the inputs of its cases.

    largest: for each case, the bytes that an answer to it may have.
    lenders: for each case, who answers for the functions that are lent; empty where none is.
    """

    problem: Problem
    cases: Sequence[Arrays]
    largest: Sequence[int]
    lenders: Sequence[LenderLike] = ()


class Sheet(NamedTuple):
    """What came back: a reply for each case.

    printed: what the student's code printed. lost: its process went down with the fork server, so
    that nobody knows whose fault it was.
    """

    replies: tuple[Reply, ...]
    printed: str = ""
    lost: bool = False

    @property
    def notes(self) -> set[str]:
        """What staff should know of it, and nobody else."""
        found: set[str] = set()
        for reply in self.replies:
            found.update(reply.notes)
        return found

    @property
    def fault(self) -> Fault | None:
        """Why the first case without an answer has none."""
        for reply in self.replies:
            if reply.fault is not None:
                return reply.fault
        return None


class ChannelLike(Protocol):
    """A channel, of either make.

    printed: what came so far, and no more of it than printed_bytes.
    """

    printed: bytearray
    printed_bytes: int

    def send(self, messages: Iterable[bytes]) -> None: ...

    def receive(self, deadline: Deadline, limit: int, last: bool = True) -> Message: ...

    def drain(self) -> None: ...

    def last_words(self, is_whole: Callable[[bytes], bool], seconds: float) -> bytes: ...

    def close(self) -> None: ...


class ProcessLike(Protocol):
    """A worker as the session knows it.

    folders: those it was given, which nothing that it says is to name.
    """

    pid: int
    folders: Sequence[str]

    @property
    def channel(self) -> ChannelLike:
        """The way to it."""

    def ask_where(self) -> None:
        """Have it write to its output on which line it is."""

    def kill(self) -> None:
        """Kill it, and leave the rest to `end`."""

    def end(self, grace: bool) -> Ended:
        """Kill it with everything it started, and remove what it wrote.

        grace: give it a moment to end by itself, if it is about to.
        """


class Session:
    """A context manager. The process starts when the block is entered and is gone when it is left.

    lesson: the file that is imported first; empty: none, each is imported when it is needed.
    seconds: of processor time, from the start to the end where a lesson is given, else for each
        paper.
    hidden: nothing is heard of it but arrays, and that there is no answer.
    known_fault: why no process need be started: an earlier one died while importing the same file.
    remember: told the fault when this one does.
    lent: other files that are lent, as `rnn`, and functions of theirs, as `rnn.rnn_forward`.
    package: the folder of the submission, to quote the line on which it hangs.
    """

    def __init__(
        self,
        start: Callable[[], ProcessLike],
        seconds: float,
        lesson: str = "",
        hidden: bool = False,
        known_fault: Fault | None = None,
        remember: Callable[[Fault], None] = lambda fault: None,
        lent: Sequence[str] = (),
        package: Path | None = None,
    ) -> None:
        self._package = package
        self._start, self._seconds, self._remember = start, seconds, remember
        self._lesson, self._hidden, self._lent = lesson, hidden, tuple(lent)
        self._fault = known_fault
        self._process: ProcessLike | None = None
        self._relative = Relative()
        self._printed = ""
        self._lender: LenderLike | None = None
        self._ids = itertools.count()
        self.lost = False

    def __enter__(self) -> Session:
        if self._fault is not None:
            return self
        self._process = self._start()
        self._relative = Relative(self._process.folders)
        self._deadline = Deadline(self._process.pid, self._seconds)
        if self._lesson:
            self._import()
        return self

    def _import(self) -> None:
        request = Import(next(self._ids), self._lesson, self._lent)
        self._send([(request, {})])
        imported = self._answer(request.id, "import")
        if self._fault is None:
            self._fault = self._said(imported.replies[0].fault)
        # Only what takes its time or the process with it: any other fault is cheap to find again.
        elif not self.lost:
            self._remember(self._fault)

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def kill(self) -> None:
        """Kill the process, from whatever thread: who waits for its answer finds that it is gone.

        For answers that nobody wants any more. The session is still to be left as ever.
        """
        process = self._process
        if process is not None:
            process.kill()

    @property
    def printed(self) -> str:
        """What the student's code has printed so far, cut to the limit."""
        if self._process is not None:
            channel = self._process.channel
            channel.drain()
            if not self._hidden:
                is_cut = len(channel.printed) >= channel.printed_bytes
                text = channel.printed.decode(errors="replace")
                self._printed = sanitise.harmless(self._relative.text(text, is_cut))
        return self._printed

    # ------------------------------------------------------------------------------------ questions

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]:
        """The answers to papers sat together, in order, until one has none.

        Each has its own seconds. Of the paper that ended the process, and of those behind it,
        nothing is told.
        """
        requests: list[tuple[Request, Arrays]] = []
        for paper in papers:
            requests.append(self._calls(paper.problem, paper.cases, paper.largest))
        self._send(requests)
        for paper, (request, _) in zip(papers, requests, strict=True):
            if self._process is None:
                return
            self._deadline = Deadline(self._process.pid, self._seconds)
            count = len(paper.cases)
            last = paper is papers[-1]
            answer = self._answer(request.id, "call", count, sum(paper.largest), last)
            if self._fault is not None:
                return
            replies = tuple(self._held(reply, paper.problem) for reply in answer.replies)
            sheet = Sheet(replies, self.printed)
            self._process.channel.printed.clear()  # what comes now is the next one's
            yield paper, sheet

    def sheet(self, paper: Paper) -> Sheet:
        """The answer to a paper sat alone, a reply for each case up to the one that has none."""
        if paper.lenders:
            replies = self._lent_calls(paper)
        else:
            replies = self.calls(paper.problem, paper.cases, paper.largest)
        return Sheet(tuple(replies), self.printed, self.lost)

    def calls(
        self, problem: Problem, cases: Sequence[Arrays], largest: Sequence[int]
    ) -> list[Reply]:
        """Run a problem's probe on the inputs of each case, in order; all are sent at once.

        largest: for each case, the bytes that the answer may have.
        """
        # One message for each: when the process dies, it is known at which case.
        requests = []
        for inputs, room in zip(cases, largest, strict=True):
            requests.append(self._calls(problem, [inputs], [room]))
        return self._ask(problem, requests, largest)

    def _lent_calls(self, paper: Paper) -> list[Reply]:
        """The same, case by case: a question may come before the answer, and nothing is ahead."""
        replies = []
        for inputs, room, lender in zip(paper.cases, paper.largest, paper.lenders, strict=True):
            self._lender = lender
            request = self._calls(paper.problem, [inputs], [room])
            replies += self._ask(paper.problem, [request], [room])
        self._lender = None
        return replies

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """Run a problem's probe on these inputs."""
        return self.calls(problem, [inputs], [FOR_MANY])[0]

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """Run a probe once for each row of `stack` in place of `inputs[name]`.

        The outputs of all runs come back stacked along a new axis 0.
        """
        request = CallMany(next(self._ids), problem.lesson, problem.name, name, FOR_MANY)
        return self._ask(problem, [(request, {**inputs, "stack": stack})], [FOR_MANY])[0]

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
        return self._answer(request.id, "call").replies[0].outputs

    def _calls(
        self, problem: Problem, cases: Sequence[Arrays], largest: Sequence[int]
    ) -> tuple[Request, Arrays]:
        """One message about some cases of a problem."""
        arrays: Arrays = {}
        for number, inputs in enumerate(cases):
            arrays.update(messages.numbered(number, inputs))
        request = Calls(next(self._ids), problem.lesson, problem.name, tuple(largest))
        return request, arrays

    def _ask(
        self,
        problem: Problem,
        requests: Sequence[tuple[Request, Arrays]],
        largest: Sequence[int],
    ) -> list[Reply]:
        """The replies about one problem, each held to what it could say of it."""
        self._send(requests)
        replies = []
        for (request, _), room in zip(requests, largest, strict=True):
            last = request is requests[-1][0]
            answer = self._answer(request.id, "call", largest=room, last=last)
            if self._fault is not None:
                replies.append(Reply(fault=self._fault))
            else:
                replies.append(self._held(answer.replies[0], problem))
        return replies

    def _held(self, said: Reply, problem: Problem) -> Reply:
        """A reply held to what may be heard of this problem from this process."""
        if self._hidden:
            return sanitise.hidden_reply(said, problem)
        return self._relative.reply(sanitise.reply(said, problem))

    def _said(self, fault: Fault | None) -> Fault | None:
        if fault is not None and self._hidden:
            return sanitise.hidden_fault(fault)
        return self._relative.fault(sanitise.fault(fault))

    # ------------------------------------------------------------------------------------- messages

    def _send(self, requests: Sequence[tuple[Request, Arrays]]) -> None:
        if self._process is None or not requests:
            return
        self._process.channel.send(itertools.starmap(messages.pack_request, requests))

    def _answer(
        self, id: int, phase: Phase, count: int = 1, largest: int = FOR_MANY, last: bool = True
    ) -> Answer:
        """Wait for the answer to a request.

        After anything else the process is ended, the fault is kept, and the answer is empty.
        """
        nothing = Answer(id, (Reply(),) * count)
        if self._fault is not None or self._process is None:
            return nothing
        try:
            room = self._lender.room if self._lender else 0
            limit = max(largest, room) + LARGEST_HEADER
            header, arrays = self._process.channel.receive(self._deadline, limit, last)
            while self._lender is not None and self._has_lent(header, arrays, self._lender):
                header, arrays = self._process.channel.receive(self._deadline, limit, last)
            return messages.read_answer(header, arrays, id, count)
        except TimedOut as slow:
            self._fail("timeout", str(slow), phase)
        except Closed:
            self._fail("died", "", phase)
        except Garbled as error:
            self._fail("garbled", str(error), phase)
        return nothing

    def _has_lent(self, header: dict[str, Any], arrays: Arrays, lender: LenderLike) -> bool:
        """Whether this was a question about a lent function, which is answered now.

        Raises Garbled for one that cannot be read, or one too many.
        """
        asked = messages.read_borrow(header, arrays)
        if asked is None or self._process is None:
            return False
        if not lender.may_ask():
            raise Garbled("it calls what is lent more often than anyone needs")
        question, arguments = asked
        answer = lender.answer(question.function, question.names, arguments)
        lent, results = Lent(found=False), Arrays()
        if answer is not None:
            gives, alone = answer
            numbers, results = messages.in_numbers(gives)
            lent = Lent(True, numbers, alone)
        self._process.channel.send([messages.pack_lending(lent, results)])
        return True

    def _fail(self, kind: FaultKind, text: str, phase: Phase) -> None:
        path = self._whereabouts() if kind == "timeout" else ()
        # One that has closed its pipes is about to end, and how it ends is what there is to say.
        ended = self._stop(grace=kind == "died")
        self.lost = kind == "died" and ended.status is None
        fault = Fault(kind, text=text or _how_it_ended(ended), phase=phase, path=path)
        self._fault = self._said(fault)

    def _whereabouts(self) -> tuple[str, ...]:
        """The student's lines at which the process is now; empty for a hidden case."""
        if self._process is None or self._package is None or self._hidden:
            return ()
        if whereabouts.SIGNAL is None:  # nobody would answer
            return ()
        channel = self._process.channel
        channel.drain()
        printed = bytes(channel.printed)
        self._process.ask_where()
        output = channel.last_words(whereabouts.is_whole, PATIENCE)
        channel.printed[:] = printed  # the stack is no text of the student's
        return whereabouts.path_of(output, self._package)

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
