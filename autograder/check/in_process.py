"""The check in this process, where no other can be started: in a browser, or because it was asked.

It is a study aid. The student's code runs beside the public answers, nothing ends an endless loop,
and what the code breaks stays broken; so no grade is made here, and no hidden case is run. The
judge is the same, and is asked in the same way: `InProcess` stands in for the sandbox.

`Direct` is what it shares with the stand-in that the proof has for trusted code.
"""

from __future__ import annotations

import builtins
import io
import random
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO, TypeVar

import numpy as np

from autograder import lessons
from autograder.problem import Arrays, Backend, Fault, Problem, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.relative import Relative
from autograder.sandbox.session import FOR_MANY, LenderLike, Limits, Paper, Sheet
from autograder.worker import messages
from autograder.worker.faults import missing_file
from autograder.worker.guard import guarded_import
from autograder.worker.loan import Answered
from autograder.worker.messages import Answer, Borrow, CallMany, Calls, Import, Lent
from autograder.worker.package import NAME, put_in_place
from autograder.worker.student import Asked, Student
from autograder.worker.wire import LENGTHS, unpack

STUDY_AID = (
    "this check ran your code in its own process, on the public cases only: it helps you study, "
    "and is not your grade; you have to stop an endless loop yourself"
)
"""What a student is told of it."""


class DirectSession(ABC):
    """Answers without a process of its own. hidden: nothing is heard of it but arrays."""

    def __init__(self, hidden: bool = False) -> None:
        self.hidden = hidden

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    @abstractmethod
    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """The probe's outputs on copies of the inputs, or the fault that stopped it."""

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]:
        """The answers to papers sat together."""
        for paper in papers:
            yield paper, self.sheet(paper)

    def sheet(self, paper: Paper) -> Sheet:
        """The answer to one paper; what is printed is dropped."""
        replies = [self.call(paper.problem, inputs) for inputs in paper.cases]
        if self.hidden:
            replies = [sanitise.hidden_reply(reply, paper.problem) for reply in replies]
        return Sheet(tuple(replies))

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """The probe once for each row of the stack in place of `inputs[name]`; outputs stacked."""
        replies = []
        for value in stack:
            reply = self.call(problem, {**inputs, name: value})
            if reply.fault is not None:
                return Reply(fault=reply.fault)
            replies.append(reply)
        outputs = {}
        for output in replies[0].outputs:
            outputs[output] = np.stack([reply.outputs[output] for reply in replies])
        return Reply(outputs)


S = TypeVar("S", bound=DirectSession)


class Direct:
    """Opens sessions in this process, one at a time: there is only one standard output."""

    side_by_side = 1

    def opened(self, package: Path | None, hidden: bool) -> DirectSession:
        """A session on a package, the folder in which `recurrent/` lies."""
        raise NotImplementedError

    def together(
        self, backend: Backend, package: Path | None = None, hidden: bool = False
    ) -> DirectSession:
        """A session for many problems; no process is started."""
        return self.opened(package, hidden)

    def session(
        self, problem: Problem, package: Path | None = None, hidden: bool = False
    ) -> DirectSession:
        """A session for one problem; no process is started."""
        return self.opened(package, hidden)

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> DirectSession:
        """A session with functions lent; where nothing can be missing, the same as without."""
        return self.opened(package, hidden)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Nothing to compile: no other process would use it."""

    def absent(self, package: Path, lesson: str) -> Fault | None:
        """The fault of a file that is not there; here none is missing."""
        return None

    def __enter__(self) -> Direct:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to close."""


# ----------------------------------------------------------------------------------- a student's


class InProcess(Direct):
    """Runs the student's files in this process. For public cases only, whoever asks."""

    def opened(self, package: Path | None, hidden: bool) -> StudentSession:
        """A session on a submission. Raises ValueError for a hidden one."""
        return self._opened(package, hidden)

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> StudentSession:
        """The same, with other files lent, such as `rnn`, and functions: `rnn.rnn_forward`."""
        return self._opened(package, hidden, problem.lesson, lent)

    def absent(self, package: Path, lesson: str) -> Fault | None:
        """The fault of a file that is not there."""
        if (package / NAME / f"{lesson}.py").is_file():
            return None
        return missing_file(lesson)

    def _opened(
        self, package: Path | None, hidden: bool, lesson: str = "", lent: Sequence[str] = ()
    ) -> StudentSession:
        if hidden or package is None:
            raise ValueError("a student's code runs beside the answers here: no hidden case is run")
        return StudentSession(package, lesson, lent)


class StudentSession(DirectSession):
    """A submission's files, imported anew, and what they answer, worded as by a worker.

    lesson: the file that is imported first, where functions are lent.
    """

    def __init__(self, package: Path, lesson: str = "", lent: Sequence[str] = ()) -> None:
        super().__init__(hidden=False)
        self.package, self.lesson, self.lent = package, lesson, tuple(lent)
        self._student = Student(str(package), self._lend)
        self._relative = Relative([str(package)])
        self._printed = Printed(Limits().printed_bytes)
        self._lender: LenderLike | None = None
        self._stack = ExitStack()

    def __enter__(self) -> StudentSession:
        self._own = self._stack.enter_context(_in_place(self.package))
        if self.lesson:
            self._asked(Import(0, self.lesson, self.lent), {}, 1)
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def sheet(self, paper: Paper) -> Sheet:
        """The answer to one paper, and what the student's code printed meanwhile."""
        replies = []
        for number, inputs in enumerate(paper.cases):
            self._lender = paper.lenders[number] if paper.lenders else None
            replies.append(self._call(paper.problem, inputs, paper.largest[number]))
        self._lender = None
        return Sheet(tuple(replies), self._what_was_printed())

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """The probe's outputs on copies of the inputs, or the fault that stopped it."""
        return self._call(problem, inputs, FOR_MANY)

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """The probe once for each row of the stack in place of `inputs[name]`; outputs stacked."""
        request = CallMany(0, problem.lesson, problem.name, name, FOR_MANY)
        answer = self._asked(request, {**inputs, "stack": stack}, 1, problem.lesson)
        return self._relative.reply(sanitise.reply(answer.replies[0], problem))

    def _call(self, problem: Problem, inputs: Arrays, largest: int) -> Reply:
        request = Calls(0, problem.lesson, problem.name, (largest,))
        answer = self._asked(request, messages.numbered(0, inputs), 1, problem.lesson)
        return self._relative.reply(sanitise.reply(answer.replies[0], problem))

    def _asked(self, request: Asked, arrays: Arrays, count: int, lesson: str = "") -> Answer:
        """What is answered, as it is read from a worker's pipe: texts cut, arrays copied.

        Raises KeyboardInterrupt if that is what stopped the student's code.
        """
        backend = lessons.lesson(lesson or self.lesson).backend
        with _surroundings(self._printed, backend, str(self.package), self._own):
            answer = self._student.reply_to(request, arrays)
        for reply in answer.replies:
            # a worker would be stopped from outside; here it is the only way to end a loop
            if reply.fault is not None and reply.fault.error == KeyboardInterrupt.__name__:
                raise KeyboardInterrupt
        packed = messages.pack_answer(answer)
        head, _ = LENGTHS.unpack(packed[: LENGTHS.size])
        start = LENGTHS.size + head
        header, outputs = unpack(packed[LENGTHS.size : start], packed[start:])
        return messages.read_answer(header, outputs, request.id, count)

    def _what_was_printed(self) -> str:
        text, is_cut = self._printed.taken()
        return sanitise.harmless(self._relative.text(text, is_cut))

    def _lend(self, question: Borrow, arrays: Arrays) -> Answered | None:
        """What a lent function gives; None where it is not lent for these arguments."""
        lender = self._lender
        if lender is None or not lender.may_ask():
            return None
        arguments = messages.from_numbers(question.values, arrays)
        answer = lender.answer(question.function, question.names, arguments)
        if answer is None:
            return Lent(found=False), {}
        gives, alone = answer
        numbers, results = messages.in_numbers(gives)
        return Lent(True, numbers, alone), results


class Printed:
    """What is printed, and no more of it than a student's process may.

    Its two streams write as those of a process whose output is a pipe: the standard output what
    has gathered, the standard error at once.
    """

    def __init__(self, most: int) -> None:
        self.most, self.kept = most, bytearray()
        self.output = io.TextIOWrapper(
            io.BufferedWriter(_Raw(self)), encoding="utf-8", errors="surrogateescape"
        )
        self.errors = io.TextIOWrapper(
            io.BufferedWriter(_Raw(self)),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )

    def keep(self, chunk: bytes) -> None:
        """Keep what there is room for."""
        self.kept += chunk[: max(0, self.most - len(self.kept))]

    def flush(self) -> None:
        """Have all that was printed arrive."""
        for stream in (self.output, self.errors):
            with suppress(ValueError):  # the student's code has closed it
                stream.flush()

    def taken(self) -> tuple[str, bool]:
        """What was printed since this was last asked, and whether it is cut off."""
        text, is_cut = self.kept.decode(errors="replace"), len(self.kept) >= self.most
        self.kept.clear()
        return text, is_cut


class _Raw(io.RawIOBase):
    """The end of a stream that writes to a `Printed`."""

    def __init__(self, printed: Printed) -> None:
        self.printed = printed

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        chunk = bytes(data)
        self.printed.keep(chunk)
        return len(chunk)


@contextmanager
def _in_place(package: Path) -> Iterator[frozenset[str]]:
    """Have `import recurrent` give the submission, and afterwards what it gave before.

    Yields the names of the submission's own files.
    """
    before = _taken_away()
    try:
        yield put_in_place(str(package)).own_names | frozenset(lessons.names())
    finally:
        _taken_away()
        sys.modules.update(before)


def _taken_away() -> dict[str, Any]:
    """The modules of the package, which are then no longer imported."""
    names = [name for name in sys.modules if name.partition(".")[0] == NAME]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def _surroundings(
    printed: Printed, backend: Backend, package: str, own: frozenset[str]
) -> Iterator[None]:
    """Around the student's code, what a worker has; afterwards all is as it was."""
    argv, path, limit = sys.argv, [*sys.path], sys.getrecursionlimit()
    streams = sys.stdin, sys.stdout, sys.stderr
    numbers, numpys = random.getstate(), np.random.get_state()
    imports, show_warning = builtins.__import__, warnings.showwarning
    try:
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(), printed.output, printed.errors
        sys.path.insert(0, package)
        builtins.__import__ = guarded_import(imports, backend, package, own)
        warnings.showwarning = _print_warning
        with np.errstate():
            yield
    finally:
        builtins.__import__, warnings.showwarning = imports, show_warning
        sys.argv, sys.path[:] = argv, path
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.setrecursionlimit(limit)
        random.setstate(numbers)
        np.random.set_state(numpys)
        printed.flush()


def _print_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """What Python does by itself; a notebook or a test may have it do something else."""
    stream = file or sys.stderr
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.write(warnings.formatwarning(message, category, filename, lineno, line))
