"""A pool of processes that outlives any of them: one that dies is replaced, and the rest goes on.

    with Pool(4, partial(judge, setup), seconds) as pool:
        for done in pool.run(tasks):
            ...

The pool of the standard library gives up all tasks when one of its processes is killed.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from types import FrameType
from typing import Any

from autograder.classroom.engine.line import Done, EngineError, Line, Make, Trial
from autograder.classroom.engine.scratch import abandon, sweep
from autograder.errors import UserError

STILLBORN = 5
"""Processes that may end one after another before they are ready; then there is no sense in it."""

STARTING = 600.0
"""Seconds that a process may take to be ready, on the busiest machine."""

PATIENCE = 10.0
"""Seconds that a process may take to clean up after itself when it is told to end."""

NEVER = float("inf")


class Pool:
    """Processes that do tasks. A context manager; when it is left, no process is.

    count: of processes. make: called in each of them, gives a context manager for what does the
        work there. seconds: a process that has not answered after so many is killed.
    """

    def __init__(self, count: int, make: Make, seconds: float) -> None:
        self.count, self.make, self.seconds = count, make, seconds
        self._members: list[_Member] = []
        self._stillborn = 0

    def __enter__(self) -> Pool:
        sweep()
        for _ in range(self.count):
            self._members.append(_Member(self.make))
        return self

    def __exit__(self, *exception: object) -> None:
        for member in self._members:
            member.pipe.close()  # which tells it to end
        for member in self._members:
            member.end()
        self._members.clear()
        sweep()

    def processes(self) -> list[int]:
        """The numbers of the processes that run."""
        return [member.process.pid for member in self._members if member.process.pid]

    def run(self, tasks: Iterable[Any]) -> Iterator[Done]:
        """What comes of each task, in no fixed order; tasks are drawn as they are needed.

        Raises EngineError if no process can be started.
        """
        line = Line(tasks)
        while True:
            self._hand_out(line)
            if line.is_over:
                return
            finished = []
            for member in self._heard():
                finished += self._settled(member, line)
            # nobody waits while our caller writes down what is finished
            self._hand_out(line)
            yield from finished

    def _hand_out(self, line: Line) -> None:
        for member in self._members:
            if member.is_free and (trial := line.next()) is not None:
                member.give(trial, self.seconds)

    def _heard(self) -> list[_Member]:
        """The members that have something to say, have died or are out of time."""
        left = min(member.until for member in self._members) - time.monotonic()
        pipes = [member.pipe for member in self._members]
        heard = wait(pipes, timeout=None if left == NEVER else max(0.0, left))
        now = time.monotonic()
        return [one for one in self._members if one.pipe in heard or one.until <= now]

    def _settled(self, member: _Member, line: Line) -> list[Done]:
        """What is finished now that we have heard of a member, which is replaced if it is gone."""
        trial = member.trial
        word, said = member.hear()
        if word == "ready":
            self._stillborn = 0
            return []
        if word == "done" and trial is not None:
            return line.finished(trial, said)
        if word == "refused":
            raise EngineError(said)
        self._replace(member)
        return line.failed(trial, said) if trial is not None else []

    def _replace(self, member: _Member) -> None:
        if not member.was_ready:
            self._stillborn += 1
        if self._stillborn >= STILLBORN:
            raise EngineError(
                "the grader's own processes end as soon as they start; what they print above says "
                "why, or there is too little memory for them: try fewer with --workers"
            )
        member.pipe.close()
        member.end(at_once=True)
        sweep()
        self._members[self._members.index(member)] = _Member(self.make)


class _Member:
    """The parent's side of one process. until: when it is given up."""

    def __init__(self, make: Make) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(make, theirs), daemon=True)
        self.process.start()
        theirs.close()  # else we would not hear that it has died
        self.was_ready = False
        self.trial: Trial | None = None
        self.until = time.monotonic() + STARTING

    @property
    def is_free(self) -> bool:
        return self.was_ready and self.trial is None

    def give(self, trial: Trial, seconds: float) -> None:
        self.trial, self.until = trial, time.monotonic() + seconds
        with contextlib.suppress(OSError):  # it is gone, which we hear in a moment
            self.pipe.send(trial.task)

    def hear(self) -> tuple[str, Any]:
        """What it says: a word and what goes with it; `gone` and why if it says nothing more."""
        if not self.pipe.poll():
            return "gone", "it did not come back in time"
        try:
            word, said = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(PATIENCE)
            return "gone", _how_it_ended(self.process.exitcode)
        if word in ("ready", "done"):
            self.was_ready, self.trial, self.until = True, None, NEVER
        return word, said

    def end(self, at_once: bool = False) -> None:
        """Wait for it to end, but not for long."""
        if not at_once:
            self.process.join(PATIENCE)
        self.process.kill()
        self.process.join()
        self.process.close()


def _how_it_ended(code: int | None) -> str:
    if code is None or code >= 0:
        return f"its process ended with status {code}"
    name = signal.Signals(-code).name
    more = ", as when memory runs out" if name == "SIGKILL" else ""
    return f"its process was ended by {name}{more}"


# --------------------------------------------------------------------------- the process's own side


def _serve(make: Make, pipe: Connection) -> None:
    """Do tasks until the pipe ends, also because the parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    signal.signal(signal.SIGTERM, _leave)
    tasks: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks), daemon=True).start()
    failed = "refused"
    try:
        with make() as work:
            _say(pipe, "ready")
            failed = "failed"
            while True:
                _say(pipe, "done", work(tasks.get()))
    except UserError as error:
        _say(pipe, failed, str(error))
    except Exception as error:  # our next process tries again, the staff can read why
        traceback.print_exc()
        _say(pipe, "failed", f"{type(error).__name__}: {error}")


def _say(pipe: Connection, word: str, more: Any = None) -> None:
    try:
        pipe.send((word, more))
    except OSError:
        sys.exit(0)  # nobody hears us any more


def _listen(pipe: Connection, tasks: SimpleQueue[Any]) -> None:
    """Pass on tasks, and end the process when there can be no more of them."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            tasks.put(pipe.recv())
    # our main thread may be in the middle of a submission: this has it clean up and end
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    time.sleep(PATIENCE / 2)
    abandon()


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(0)
