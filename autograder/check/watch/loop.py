"""The loop of `--watch`: what is saved, pressed and judged comes in, the screen goes out."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from autograder.check.asked import ROOT
from autograder.check.checker import Checker
from autograder.check.watch import signals, view
from autograder.check.watch.cases import Cases
from autograder.check.watch.keys import ENTER, GONE, INTERRUPT, Keys
from autograder.check.watch.progress import Progress, load
from autograder.check.watch.rounds import Began, Crashed, Ended, Event, Judged, Refused, Rounds
from autograder.check.watch.saved import saves
from autograder.check.watch.screen import Screen
from autograder.check.watch.state import State
from autograder.grade import course_problems
from autograder.levels import MOST
from autograder.problem import Problem, Verdict
from autograder.report.ladder import shown
from autograder.report.words import mark, score, word
from autograder.settings import Course

TICK = 0.2
"""Seconds after which it is seen that the terminal has another size."""

SCROLLING = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -10, "page down": 10}
"""Key -> by how many lines the page moves."""


@dataclass(frozen=True)
class Pressed:
    """A key."""

    key: str


@dataclass(frozen=True)
class Saved:
    """Files have another content than before."""


@dataclass(frozen=True)
class Suspended:
    """Ctrl-Z."""


@dataclass(frozen=True)
class CaseFound:
    """The text on a problem's case."""

    problem: str
    text: str


Happening = Event | Pressed | Saved | Suspended | CaseFound


def watch(checker: Checker, wanted: Sequence[str] | None = None, level: int = 1) -> int:
    """Check the files on every save, until somebody quits. Returns the exit status.

    checker: open. wanted: names of problems; None for all of the course.
    level: of the hints that are shown unasked.
    """
    problems = course_problems(checker.course)
    if wanted is not None:
        problems = [problem for problem in problems if problem.name in wanted]
    return Watch(checker, problems, level).run()


class Watch:
    """One run of `--watch`."""

    def __init__(self, checker: Checker, problems: Sequence[Problem], level: int) -> None:
        self.checker, self.least = checker, level
        self.state = State(tuple(problems), _worth(checker.course, problems))
        self.progress: Progress = load(checker.submission)
        self.screen = Screen()
        self.happenings: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        put = self.happenings.put
        self.rounds = Rounds(checker, problems, put)
        self.cases = Cases(checker, lambda name, text: put(CaseFound(name, text)))
        self.keys = Keys(lambda key: put(Pressed(key)))
        self.quits = False
        self.rests = False
        self.last_first = 0

    def run(self) -> int:
        """Watch until somebody quits."""
        signalled = signals.handled(lambda: self.happenings.put(Suspended()))
        with signalled, self.rounds, self.cases, self._watching():
            try:
                self._go()
            finally:
                # First of all: what still runs may take a moment to end.
                self.screen.leave()
        self.progress.save()
        self.screen.append(Text(self.state.total))
        return 0

    def _go(self) -> None:
        at = self.progress.at
        if at in self.state.worth:
            self.state.focus = at
        self.screen.enter()
        with self.keys:
            self._show_start()
            self.rounds.ask([at] if self.state.focus else [])
            while not self.quits:
                self._wait()
                self._paint()

    def _wait(self) -> None:
        """Do what has happened; return after a while if nothing has."""
        with contextlib.suppress(queue.Empty):
            self._do(self.happenings.get(timeout=TICK))
            while not self.quits:
                self._do(self.happenings.get_nowait())

    @contextlib.contextmanager
    def _watching(self) -> Iterator[None]:
        """In the block, saves are told of."""
        stop = threading.Event()

        def tell() -> None:
            try:
                for _ in saves(self.checker.submission, stop):
                    self.happenings.put(Saved())
            except Exception as error:
                self.happenings.put(Crashed(error))

        thread = threading.Thread(target=tell, name="saves", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    # -------------------------------------------------------------------------- what has happened

    def _do(self, happening: Happening) -> None:
        if isinstance(happening, Pressed):
            self._press(happening.key)
        elif isinstance(happening, Saved):
            self._ask_again()
        elif isinstance(happening, Suspended):
            self._suspend()
        elif isinstance(happening, CaseFound):
            self._show_case(happening)
        elif isinstance(happening, Crashed):
            raise happening.error
        elif happening.number >= self.state.round:
            self._take(happening)

    def _take(self, event: Began | Judged | Ended | Refused) -> None:
        """News of the round that is going on."""
        if isinstance(event, Began):
            self.state.begin(event)
        elif isinstance(event, Judged):
            self.state.take(event)
            self.progress.judged(event.verdict)
            self._tell_at_once(event.verdict)
        else:
            if isinstance(event, Refused):
                self.state.trouble = event.why
            self.state.end()
            self._remember()
            self._append_all()

    def _ask_again(self, everything: bool = False) -> None:
        focus = [self.state.focus] if self.state.focus else []
        self.rounds.ask(focus, everything)

    def _remember(self) -> None:
        self.progress.at = self.state.focus
        self.progress.save()

    def _show_case(self, found: CaseFound) -> None:
        if found.problem == self.state.focus and self.state.page == "case":
            self.state.case = found.text
            self._append(Text(found.text))

    # --------------------------------------------------------------------------------------- keys

    def _press(self, key: str) -> None:
        if key in (GONE, "q"):
            self.quits = True
        elif key == INTERRUPT:
            raise KeyboardInterrupt
        elif self.rests:
            self.rests = False
            self.screen.enter()
        else:
            self.state.answer = ""
            self._do_key(key)

    def _do_key(self, key: str) -> None:
        actions: dict[str, Callable[[], None]] = {
            "n": self._next,
            "h": self._hint,
            "l": self._list,
            "d": self._debug,
            "c": self._case,
            "p": self._picture,
            "r": self._rerun,
            ENTER: lambda: self.state.turn_to("message"),
        }
        if key in SCROLLING:
            first = self.state.first + SCROLLING[key]
            self.state.first = min(max(first, 0), self.last_first)
        elif key in actions:
            actions[key]()
            self._append_answer()

    def _next(self) -> None:
        following = self.state.next_one()
        if following:
            self.state.choose(following)
            self._append_page()
        else:
            self.state.answer = "there is no other problem to go to"

    def _hint(self) -> None:
        self.state.turn_to("message")
        verdict = self.state.at_hand
        if verdict is None:
            self.state.answer = "there is nothing to give a hint on yet"
            return
        level = self._level()
        for higher in range(level + 1, MOST + 1):
            if verdict.status != "passed" and shown(verdict, higher) != shown(verdict, level):
                self.progress.hinted(verdict, higher)
                self._remember()
                self._append_page()
                return
        self.state.answer = view.no_more_hints(verdict, level)

    def _list(self) -> None:
        self.state.turn_to("message" if self.state.page == "list" else "list")
        self._append_page()

    def _picture(self) -> None:
        self.state.turn_to("message" if self.state.page == "picture" else "picture")
        self._append_page()

    def _case(self) -> None:
        problem = self._problem()
        if problem is None or self.state.page == "case":
            self.state.turn_to("message")
            return
        self.state.case = f"looking for the case that {problem.name} fails ..."
        self.state.turn_to("case")
        width, _ = self.screen.size
        self.cases.look_for(problem, width)

    def _rerun(self) -> None:
        self.state.answer = "checking everything again"
        self._ask_again(everything=True)

    def _problem(self) -> Problem | None:
        """The problem at hand."""
        named = [problem for problem in self.state.problems if problem.name == self.state.focus]
        return named[0] if named else None

    def _level(self) -> int:
        verdict = self.state.at_hand
        return self.least if verdict is None else self.progress.level(verdict, self.least)

    # ------------------------------------------------------------------- the terminal, given away

    def _debug(self) -> None:
        problem = self._problem()
        if problem is None:
            self.state.answer = "there is no problem to debug yet"
            return
        with self.keys.lent():
            self.screen.leave()
            self.screen.append(Text(f"starting {problem.name} in plain Python ..."))
            debug(self.checker.submission, problem)
        self.screen.append(Text("\n(press a key to go back to watching)"))
        self.rests = self.keys.at_once

    def _suspend(self) -> None:
        with self.keys.lent():
            self.screen.leave()
            signals.stop_here()
        if not self.rests:
            self.screen.enter()

    # -------------------------------------------------------------------------------- what is seen

    def _paint(self) -> None:
        if self.screen.paints and not self.rests and not self.quits:
            self.last_first = self.screen.paint(self._parts(), self.state.first)

    def _parts(self) -> view.Parts:
        width, _ = self.screen.size
        return view.parts(self._noted(), self._level(), width, self.keys.at_once)

    def _noted(self) -> State:
        """The state, with what there is to say of the memory."""
        note = self.progress.note
        if note and note not in self.state.notes:
            self.state.notes = (*self.state.notes, note)
        return self.state

    # --------------------------------------------------------- the same where lines are appended

    def _append(self, *renderables: RenderableType) -> None:
        if not self.screen.paints:
            self.screen.append(*renderables)

    def _show_start(self) -> None:
        self._append(Text("watching recurrent/: save a file, and it is checked"))
        self._paint()

    def _tell_at_once(self, verdict: Verdict) -> None:
        """One line for what was edited: the rest of the round may take its time."""
        if verdict.problem in self.state.edited:
            sign, _ = mark(verdict)
            line = f"{sign} {verdict.problem}  {score(verdict)}  {word(verdict)}"
            self._append(Text(line))

    def _append_all(self) -> None:
        if not self.screen.paints:
            found = self._parts()
            self._append(Text(), found.head, found.body, Text(), found.foot)

    def _append_page(self) -> None:
        if not self.screen.paints:
            self._append(self._parts().body)

    def _append_answer(self) -> None:
        if self.state.answer:
            self._append(Text(self.state.answer))


def _worth(course: Course, problems: Sequence[Problem]) -> dict[str, float]:
    return {problem.name: course.points_of(problem) for problem in problems}


def debug(submission: Path, problem: Problem) -> None:
    """Run a problem's failing case in plain Python, which has the terminal meanwhile."""
    command = [sys.executable, "-m", "autograder", "check", problem.name, "--debug"]
    command += ["--submission", str(submission.resolve())]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with signals.left_to_child():
        subprocess.run(command, cwd=ROOT, env=environment, check=False)
