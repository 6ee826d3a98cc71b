"""Checking in the background: what a save touches is judged, the problem at hand first."""

from __future__ import annotations

import os
import queue
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.check.checker import Checker
from autograder.check.watch.cases import Cases, case_text
from autograder.check.watch.rounds import Began, Crashed, Ended, Event, Judged, Refused, Rounds
from autograder.check.watch.stoppable import GivenUp, Stoppable
from autograder.cli import frozen_course
from autograder.grade import course_problems
from autograder.lessons import find
from autograder.lessons import names as all_names
from autograder.problem import Verdict
from autograder.report.record import as_data
from autograder.settings import Course
from tests.classroom.processes import below, wait_until
from tests.conftest import ROOT

PATIENCE = 180.0
STEP = "next_h = np.tanh(a)"
NAMES = ("rnn", "head")


def patient_course() -> Course:
    """A course whose deadlines end no test: what is given up has to be ended by us."""
    course = frozen_course()
    return replace(course, policy=replace(course.policy, seconds=50 * PATIENCE))


OTHERS: set[int] = set()
"""The processes that tests before this one have left to the very end, as multiprocessing does."""


@pytest.fixture(autouse=True)
def _others() -> None:
    OTHERS.clear()
    OTHERS.update(below(os.getpid()))


def ours() -> set[int]:
    """The processes that this test has started."""
    return below(os.getpid()) - OTHERS


class Watched:
    """A checker on a copy of the reference, and the rounds on it."""

    def __init__(self, checker: Checker, lessons: tuple[str, ...] = NAMES) -> None:
        self.checker = checker
        every = course_problems(checker.course)
        self.problems = [problem for problem in every if problem.lesson in lessons]
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.rounds = Rounds(checker, self.problems, self.events.put)

    def change(self, old: str, new: str, name: str = "rnn.py") -> None:
        path = self.checker.submission / "recurrent" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def next(self) -> Event:
        event = self.events.get(timeout=PATIENCE)
        if isinstance(event, Crashed):
            raise event.error
        return event

    def events_of(self, number: int) -> list[Event]:
        """All that happens up to the end of a round."""
        found: list[Event] = []
        while not (found and isinstance(found[-1], Ended) and found[-1].number == number):
            found.append(self.next())
        return found

    def verdicts_of(self, number: int) -> dict[str, Verdict]:
        judged = [event for event in self.events_of(number) if isinstance(event, Judged)]
        return {event.verdict.problem: event.verdict for event in judged}


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    shutil.copytree(ROOT / "solutions" / "recurrent", tmp_path / "recurrent")
    with Checker(tmp_path, patient_course()) as checker:
        opened = Watched(checker)
        with opened.rounds:
            yield opened


def test_a_round_begins_with_what_was_edited_and_judges_what_is_touched(watched: Watched) -> None:
    every = watched.events_of(watched.rounds.ask())
    began = every[0]
    assert isinstance(began, Began)
    assert began.names == tuple(problem.name for problem in watched.problems)
    assert began.lines["rnn_step_forward"] == 15 and began.edited == ()

    watched.change("dh0 = dprev_h", "dh0 = 2 * dprev_h")
    events = watched.events_of(watched.rounds.ask(["perplexity"]))
    began = events[0]
    assert isinstance(began, Began)
    assert began.edited == ("rnn_backward",)
    # in the second of them a mistake in the first may be seen
    assert began.names == ("rnn_backward", "rnn_backward_truncated")

    watched.change(STEP, "next_h = a")
    events = watched.events_of(watched.rounds.ask(["rnn_forward"]))
    began = events[0]
    assert isinstance(began, Began)
    assert began.names[:2] == ("rnn_step_forward", "rnn_forward")
    assert "last_hidden" not in began.names and "perplexity" not in began.names


def test_nothing_is_judged_where_nothing_changed(watched: Watched) -> None:
    watched.events_of(watched.rounds.ask())
    watched.change("The gradient of one step.", "A comment.")
    assert watched.verdicts_of(watched.rounds.ask()) == {}
    assert len(watched.verdicts_of(watched.rounds.ask(again=True))) == len(watched.problems)


def test_the_verdicts_are_those_of_a_check(watched: Watched) -> None:
    watched.events_of(watched.rounds.ask())
    watched.change(STEP, "next_h = a")
    found = watched.verdicts_of(watched.rounds.ask())
    plain = {verdict.problem: verdict for verdict in watched.checker.check(list(found))}
    assert {name: as_data(one) for name, one in found.items()} == {
        name: as_data(one) for name, one in plain.items()
    }


def test_a_round_that_is_given_up_is_made_up_for(watched: Watched) -> None:
    """An endless loop ends when the next save comes, and what it kept from judging is judged."""
    watched.events_of(watched.rounds.ask())
    watched.change(STEP, "while True: pass")
    first = watched.rounds.ask()
    assert isinstance(watched.next(), Began)
    wait_until(lambda: busy_child() > 0, "the loop runs")
    watched.change("while True: pass", STEP)
    second = watched.rounds.ask()
    verdicts = watched.verdicts_of(second)
    assert verdicts.keys() >= {"rnn_step_forward", "rnn_forward", "rnn_backward"}
    assert {verdict.status for verdict in verdicts.values()} == {"passed"}
    assert first < second


def busy_child() -> float:
    """Seconds of processor time that any worker of ours has used up beyond a start."""
    ticks = os.sysconf("SC_CLK_TCK")
    used = [0.0]
    for pid in ours():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used.append(int(fields[11]) / ticks - 0.3)
    return max(used)


def test_leaving_ends_a_round_at_once(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "solutions" / "recurrent", tmp_path / "recurrent")
    with Checker(tmp_path, patient_course()) as checker:
        opened = Watched(checker)
        opened.change(STEP, "while True: pass")
        with opened.rounds:
            opened.rounds.ask()
            assert isinstance(opened.next(), Began)
            wait_until(lambda: busy_child() > 0, "the loop runs")
    left = list(opened.events.get() for _ in range(opened.events.qsize()))
    assert not [event for event in left if isinstance(event, (Judged, Crashed))]
    wait_until(lambda: not ours(), "every process has ended")


def test_what_cannot_be_taken_in_is_refused_and_then_taken(watched: Watched) -> None:
    folder = watched.checker.submission
    folder.rename(folder.with_name("away"))
    watched.rounds.ask()
    refused = watched.next()
    assert isinstance(refused, Refused) and "recurrent/" in refused.why
    folder.with_name("away").rename(folder)
    assert len(watched.verdicts_of(watched.rounds.ask())) == len(watched.problems)


def test_a_file_that_is_no_python_and_one_that_is_gone(watched: Watched) -> None:
    watched.events_of(watched.rounds.ask())
    watched.change("import numpy as np", "import numpy as (np")
    verdicts = watched.verdicts_of(watched.rounds.ask())
    assert {one.status for name, one in verdicts.items() if one.lesson == "rnn"} == {"error"}
    (watched.checker.submission / "recurrent" / "rnn.py").unlink()
    verdicts = watched.verdicts_of(watched.rounds.ask())
    assert {one.lesson for one in verdicts.values()} == {"rnn"}


def test_what_is_stopped_answers_nothing_more(watched: Watched) -> None:
    box = Stoppable(watched.checker.sandbox)
    problem = find("rnn_forward")
    with box.session(problem, watched.checker.submission):
        box.stop()
    with pytest.raises(GivenUp), box.session(problem, watched.checker.submission):
        pass
    with pytest.raises(GivenUp):
        box.compile(watched.checker.submission, ["rnn"])


@pytest.mark.slow
def test_one_problem_again_costs_at_most_a_third_of_everything(tmp_path: Path) -> None:
    """Held to the best of several pairs: the machine may be busy with something else."""
    shutil.copytree(ROOT / "solutions" / "recurrent", tmp_path / "recurrent")
    lessons = tuple(name for name in all_names() if name != "torch_models")

    def seconds(again: bool = False) -> float:
        begun = time.monotonic()
        watched.events_of(watched.rounds.ask(again=again))
        return time.monotonic() - begun

    ratios = []
    with Checker(tmp_path, frozen_course()) as checker:
        watched = Watched(checker, lessons)
        with watched.rounds:
            seconds()
            for number in range(4):
                whole = seconds(again=True)
                watched.change("last = ", f"last = {number} - {number} + ")
                ratios.append(seconds() / whole)
    assert min(ratios) < 1 / 3, ratios


# ------------------------------------------------------------------------------------------- cases


def test_the_failing_case_is_found_in_the_background(watched: Watched) -> None:
    watched.change(STEP, "next_h = a")
    told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    with Cases(watched.checker, lambda name, text: told.put((name, text))) as cases:
        cases.look_for(find("rnn_step_forward"), 80)
        name, text = told.get(timeout=PATIENCE)
        assert name == "rnn_step_forward"
        assert "public case N=3 D=4 H=5, which your code fails" in text
        assert "Wx (4, 5)" in text and "next_h (3, 5)" in text
        cases.look_for(find("last_hidden"), 80)
        assert "your code passes them all" in told.get(timeout=PATIENCE)[1]


def test_of_a_question_there_is_no_case(watched: Watched) -> None:
    told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    with Cases(watched.checker, lambda name, text: told.put((name, text))) as cases:
        cases.look_for(find("slide_clipping"), 80)
        assert "slide_clipping is a question" in told.get(timeout=PATIENCE)[1]


def test_looking_for_a_case_ends_when_it_is_left(watched: Watched) -> None:
    watched.change(STEP, "while True: pass")
    told: list[str] = []
    with Cases(watched.checker, lambda name, text: told.append(text)) as cases:
        cases.look_for(find("rnn_step_forward"), 80)
        wait_until(lambda: busy_child() > 0, "the loop runs")
    assert told == []


@pytest.mark.parametrize("width", [40, 80])
def test_the_text_on_a_case_fits(width: int) -> None:
    for problem in course_problems(frozen_course()):
        if problem.question is not None:
            continue  # there is no case to show, which `look_for` says
        text = case_text(problem, 0, width)
        numbers = [line for line in text.splitlines() if line.startswith("    ")]
        assert all(len(line) <= width for line in numbers), problem.name
