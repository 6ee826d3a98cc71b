"""What `--watch` shows, as rich renderables: from the state alone, and for every width from 40 on.

A page is a head, a body that may be longer than the screen, and a foot. Nothing is cut: what does
not fit beside goes below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from autograder.check.watch.state import State, all_passed, changes
from autograder.printable import LINES, printable
from autograder.problem import Problem, Verdict
from autograder.report.ladder import next_hint
from autograder.report.picture import picture_of
from autograder.report.terminal import message
from autograder.report.words import asks, is_carried, is_open, mark, points, score, word
from autograder.wording import listed

KEYS = (
    ("n", "next"),
    ("h", "hint"),
    ("l", "list"),
    ("d", "debug"),
    ("c", "case"),
    ("p", "picture"),
    ("r", "rerun"),
    ("q", "quit"),
)
"""The keys, and what each is called on the line of keys."""

WAITING = ("○", "bright_black")
"""The sign of what has no verdict yet, and its colour."""

NO_PICTURE = "there is no picture: no array of the right shape has wrong numbers in it"

DONE, OPEN = "━", "─"
WIDEST_BAR = 40


@dataclass(frozen=True)
class Parts:
    """A screen's parts, from top to bottom; the body gets the room that the others leave."""

    head: RenderableType
    body: RenderableType
    foot: RenderableType


def in_watch(verdict: Verdict, level: int) -> str:
    """How to get the next hint here."""
    return "press h"


def parts(state: State, level: int, width: int, at_once: bool = True) -> Parts:
    """What to show.

    level: of the hints of the problem at hand. at_once: keys need no Enter.
    """
    return Parts(
        Group(*_head(state, width)),
        Group(*_body(state, level, width)),
        Group(*_foot(state, width, at_once)),
    )


# -------------------------------------------------------------------------------------------- head


def _head(state: State, width: int) -> Iterator[RenderableType]:
    yield signs(state, width)
    yield bar(state, min(width, WIDEST_BAR))
    for sentence in [*state.notes, state.trouble]:
        if sentence:
            yield _text(f"note: {sentence}", "yellow")
    if state.page == "message":
        for sentence in changes(state):
            yield _text(sentence, "yellow" if sentence.startswith("worse") else "green")


def signs(state: State, width: int) -> Text:
    """A sign for every problem, by lessons."""
    lessons: dict[str, Text] = {}
    for problem in state.problems:
        line = lessons.setdefault(problem.lesson, Text(f"{problem.lesson} "))
        sign, colour = _sign(state, problem.name)
        line.append(sign, style=f"{colour} reverse" if problem.name == state.focus else colour)
    return flowing(list(lessons.values()), width)


def flowing(items: Sequence[Text], width: int) -> Text:
    """These side by side, two blanks between, on as many lines as it takes; none is broken."""
    flow, column = Text(), 0
    for item in items:
        if column and column + 2 + item.cell_len > width:
            flow.append("\n")
            column = 0
        gap = "  " if column else ""
        flow.append(gap).append_text(item)
        column += len(gap) + item.cell_len
    return flow


def _sign(state: State, name: str) -> tuple[str, str]:
    verdict = state.verdicts.get(name)
    if verdict is None or name in state.waiting:
        return WAITING
    return mark(verdict)


def bar(state: State, width: int) -> Text:
    """How many of the points there are, and the numbers."""
    share = state.earned / state.most if state.most else 0.0
    full = int(share * width)
    line = Text(DONE * full, style="green")
    line.append(OPEN * (width - full), style="bright_black")
    return Text.assemble(line, "\n", (state.total, "bold"))


# -------------------------------------------------------------------------------------------- body


def _body(state: State, level: int, width: int) -> Iterator[RenderableType]:
    yield Text()
    verdict = state.at_hand
    if state.page == "list":
        yield from _list(state)
    elif verdict is None:
        yield from _nothing_yet(state)
    elif state.page == "case":
        yield _text(state.case)
    elif state.page == "picture":
        yield Text(verdict.problem, style="bold")
        yield picture_of(verdict, level) or _text(NO_PICTURE)
    elif verdict.status == "passed":
        yield _text(f"{verdict.problem} is passed", "green")
    else:
        yield message(verdict, level, way=in_watch)
        if verdict.status == "todo" and not asks(verdict):
            yield _text(f"\n{_task(state, verdict)}", "bright_black")


def _task(state: State, verdict: Verdict) -> str:
    """What is to be written: `One step forward: next_h (N, H) from x (N, D), prev_h (N, H)`."""
    problem = next(one for one in state.problems if one.name == verdict.problem)
    gives = ", ".join(map(str, problem.gives))
    takes = ", ".join(map(str, problem.takes))
    return f"{problem.title}: {gives} from {takes}"


def _nothing_yet(state: State) -> Iterator[Text]:
    if state.trouble:
        return
    if state.waiting or not state.verdicts:
        yield _text("looking at your files ...", "bright_black")


def _list(state: State) -> Iterator[RenderableType]:
    """A line for every problem; not a table, which would cut or wrap its columns."""
    lesson = ""
    longest = max(len(problem.name) for problem in state.problems)
    for problem in state.problems:
        if problem.lesson != lesson:
            lesson = problem.lesson
            yield Text(f"{lesson}.py", style="bold")
        yield _line(state, problem, longest)


def _line(state: State, problem: Problem, longest: int) -> Text:
    sign, colour = _sign(state, problem.name)
    here = ">" if problem.name == state.focus else " "
    verdict = state.verdicts.get(problem.name)
    line = Text.assemble(here, (sign, colour), f" {problem.name:{longest}}")
    if verdict is not None:
        line.append(f" {score(verdict)}")
        line.append(f" {word(verdict)}", style=colour)
    return line


# -------------------------------------------------------------------------------------------- foot


def _foot(state: State, width: int, at_once: bool) -> Iterator[RenderableType]:
    if state.answer:
        yield _text(state.answer, "cyan")
    yield _text(what_next(state), "cyan")
    yield keys_line(width, at_once)


def what_next(state: State) -> str:
    """One sentence: what to do now."""
    if state.trouble:
        return "next: mend that, and save a file"
    if all_passed(state.problems, state.verdicts) and not state.waiting:
        return f"all done: {points(state.earned)} of {points(state.most)} points"
    if state.waiting:
        return f"checking {listed(state.waiting, 2)} ..."
    if not state.round:
        return "checking ..."
    verdict = state.at_hand
    if verdict is None:
        return "next: write something in recurrent/, and save it"
    place = _place(state, verdict)
    if is_open(verdict):
        return f"next: press n, or change {verdict.problem} in {place}"
    if verdict.status == "todo":
        return f"next: write {verdict.problem} in {place}, and save"
    if is_carried(verdict):
        return f"next: mend what {verdict.problem} follows from; press n"
    if verdict.status == "passed":
        return "next: press n"
    return f"next: mend {verdict.problem} in {place}, and save"


def _place(state: State, verdict: Verdict) -> str:
    """`recurrent/rnn.py, line 31`."""
    line = state.lines.get(verdict.problem)
    file = f"recurrent/{verdict.lesson}.py"
    return f"{file}, line {line}" if line else file


def keys_line(width: int, at_once: bool) -> Text:
    """The keys and what each is called."""
    items = []
    for key, name in KEYS:
        items.append(Text.assemble((key, "bold"), " ", (name, "bright_black")))
    if not at_once:
        items.append(Text("(then Enter)", style="bright_black"))
    return flowing(items, width)


def no_more_hints(verdict: Verdict, level: int) -> str:
    """What to answer to a wish for a hint that is not there."""
    if verdict.status == "passed":
        return f"{verdict.problem} is passed: it needs no hint"
    if verdict.status == "todo" and not verdict.hints:
        return "hints come when there is code to give them on: write it, and save"
    return next_hint(verdict, level, lambda *_: "")


def _text(text: str, style: str = "") -> Text:
    """Text of anybody's: a bracket in it is no markup, and nothing in it moves the cursor."""
    return Text(printable(text, LINES), style=style)
