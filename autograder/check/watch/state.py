"""What `--watch` knows at a moment, and which problem is at hand; it neither draws nor waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from autograder.check.watch.rounds import Began, Judged
from autograder.problem import Problem, Verdict
from autograder.report.words import (
    failing,
    in_all,
    is_carried,
    is_done,
    look_next,
    open_points,
    points,
)
from autograder.wording import listed

Page = Literal["message", "list", "case", "picture"]
"""What is shown below the bar."""


@dataclass
class State:
    """What there is to show.

    problems: those that are watched. worth: problem -> its points.
    verdicts: the last of each problem. waiting: those that are being judged.
    focus: the problem at hand; empty while none is. chosen: the student has asked for it.
    edited: the problems whose functions were changed by the last save.
    before: the verdicts before the last save, or before the slip for which there was no answer.
    answer: to the last key; empty if none.
    notes: what there is to say of the files. lines: problem -> where its function begins.
    case: of the page of that name. first: the line of the page that is shown first.
    trouble: why nothing can be checked; empty if it can.
    """

    problems: tuple[Problem, ...]
    worth: dict[str, float]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    focus: str = ""
    chosen: bool = False
    edited: tuple[str, ...] = ()
    before: dict[str, Verdict] = field(default_factory=dict)
    answer: str = ""
    notes: tuple[str, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    page: Page = "message"
    case: str = ""
    first: int = 0
    trouble: str = ""
    round: int = 0

    def in_order(self) -> list[Verdict]:
        """The verdicts that are there, in the order of the syllabus."""
        found = [self.verdicts.get(problem.name) for problem in self.problems]
        return [verdict for verdict in found if verdict is not None]

    @property
    def earned(self) -> float:
        """The points of the verdicts that are there."""
        return sum(verdict.score for verdict in self.verdicts.values())

    @property
    def most(self) -> float:
        """The points of all problems."""
        return sum(self.worth.values())

    @property
    def passed(self) -> int:
        """How many problems are passed."""
        return sum(verdict.status == "passed" for verdict in self.verdicts.values())

    @property
    def total(self) -> str:
        """Points and problems, as every check counts them."""
        decided_later = open_points(self.verdicts.values())
        return in_all(self.earned, self.most, self.passed, len(self.problems), decided_later)

    @property
    def at_hand(self) -> Verdict | None:
        """The verdict on the problem at hand."""
        return self.verdicts.get(self.focus)

    def begin(self, began: Began) -> None:
        """A round begins: what it judges again is waited for."""
        self.round, self.waiting = began.number, began.names
        self.edited = began.edited or self._touched(began.names)
        self.lines, self.notes = began.lines, began.remarks
        self.trouble = ""
        self.before |= {name: one for name, one in self.verdicts.items() if _is_answer(one)}
        if began.edited:
            self.chosen = False
        if self.page != "list":
            self.turn_to("message")

    def _touched(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """What a change elsewhere has reached; nothing where it may have been anything."""
        return names if len(names) < len(self.problems) else ()

    def take(self, judged: Judged) -> None:
        """A verdict comes in."""
        verdict = judged.verdict
        self.verdicts[verdict.problem] = verdict
        self.waiting = tuple(name for name in self.waiting if name != verdict.problem)
        self._turn_focus()

    def end(self) -> None:
        """A round is over."""
        self.waiting = ()
        self._turn_focus()

    def choose(self, name: str) -> None:
        """The student turns to a problem."""
        self.focus, self.chosen = name, True
        self.turn_to("message")

    def next_one(self) -> str:
        """The problem behind the one at hand that is not passed; empty if there is none."""
        names = [verdict.problem for verdict in self.in_order() if not is_done(verdict)]
        others = [name for name in self._behind(self.focus) if name in names]
        return next((name for name in others if name != self.focus), "")

    def turn_to(self, page: Page) -> None:
        """Show a page from its beginning."""
        self.page, self.first = page, 0

    def _turn_focus(self) -> None:
        focus = self._best_focus()
        if focus != self.focus:
            self.focus, self.first = focus, 0

    def _best_focus(self) -> str:
        """What the student works on, if it is wrong; else what comes next."""
        if self.chosen:
            return self.focus
        for name in self.edited:
            if self._is_mistake(name):
                return name
        verdict = self.at_hand
        unfinished = verdict is None or not is_done(verdict)
        if self.focus and (unfinished or self._awaits(self.focus, *self.edited)):
            return self.focus
        return self._what_comes_next()

    def _awaits(self, *names: str) -> bool:
        return not set(names).isdisjoint(self.waiting)

    def _what_comes_next(self) -> str:
        """The first mistake, from the problem at hand on; else the first that is to do."""
        found = self.in_order()
        mistakes = [verdict for verdict in failing(found) if not is_carried(verdict)]
        if self.waiting and not mistakes:
            return self.focus  # one may still come to light
        behind = self._behind(self.focus)
        following = look_next(sorted(found, key=lambda verdict: behind.index(verdict.problem)))
        return following.problem if following is not None else self._any_wrong()

    def _any_wrong(self) -> str:
        """A problem that is not passed though there is nothing to mend or to write."""
        wrong = [verdict.problem for verdict in self.in_order() if not is_done(verdict)]
        return wrong[0] if wrong else ""

    def _is_mistake(self, name: str) -> bool:
        verdict = self.verdicts.get(name)
        if verdict is None or name in self.waiting:
            return False
        return bool(failing([verdict])) and not is_carried(verdict)

    def _behind(self, name: str) -> list[str]:
        """All problems, from the one behind this one on."""
        names = [problem.name for problem in self.problems]
        start = names.index(name) + 1 if name in names else 0
        return names[start:] + names[:start]


def changes(state: State) -> Iterator[str]:
    """What the last save has done to the points, a sentence each: first what it brought."""
    passed, gained, lost = Change(), Change(), Change()
    for name, now in state.verdicts.items():
        before = state.before.get(name)
        if before is None or not _is_answer(now):
            continue
        if now.status == "passed" and before.status != "passed":
            passed.add(name, now.score - before.score)
        elif now.score > before.score:
            gained.add(name, now.score - before.score)
        elif now.score < before.score:
            lost.add(name, before.score - now.score)
    if passed.names:
        yield f"passed: {passed.listed()}, {passed.amount()} more"
    if gained.names:
        yield f"better: {gained.listed()}, {gained.amount()} more"
    if lost.names:
        yield f"worse than before this save: {lost.listed()}, {lost.amount()} less"


def _is_answer(verdict: Verdict) -> bool:
    """Whether the code has run to its end: a bracket that is missing costs nothing for long."""
    return verdict.status not in ("error", "timeout")


class Change:
    """Problems, and how many points it is about in all."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._points = 0.0

    def add(self, name: str, points: float) -> None:
        """Add a problem, and its points."""
        self.names.append(name)
        self._points += points

    def listed(self) -> str:
        """The problems, as a sentence has them."""
        return listed(self.names, 3)

    def amount(self) -> str:
        """`3.5 points`."""
        return f"{points(self._points)} {'point' if self._points == 1 else 'points'}"


def all_passed(problems: Sequence[Problem], verdicts: dict[str, Verdict]) -> bool:
    """Whether every problem is passed, or answered where that is all there is to do."""
    return all(problem.name in verdicts and is_done(verdicts[problem.name]) for problem in problems)
