"""What `--watch` shows, in every width, encoding and terminal."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from autograder import lessons
from autograder.check.watch import view
from autograder.check.watch.rounds import Began, Judged
from autograder.check.watch.screen import Screen, window
from autograder.check.watch.state import Page, State, changes
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.console import STAND_INS, writable
from autograder.report.picture import picture_of
from autograder.report.words import MARKS

PROBLEMS = tuple(
    problem for problem in lessons.all_problems() if problem.lesson in ("rnn", "head", "gradflow")
)
WIDTHS = (20, 40, 80, 200)
NAMES = [problem.name for problem in PROBLEMS]
MAP = ErrorMap("dWx", ("D", "H"), np.array([[True, False], [False, False]]))


def verdict(name: str, status: str = "passed", level: int = 0) -> Verdict:
    problem = lessons.find(name)
    worth = problem.points
    earned = {"passed": worth, "partial": worth / 2}.get(status, 0.0)
    states = {"passed": "right", "todo": "missing"}
    findings = (
        Finding("shapes", "dx (3, 4)", good=True),
        Finding("values", "dWx differs by 0.2 at [0, 1] [bold]", error_map=MAP),
        Finding("experiment", "something that is only told later", level=2),
    )
    return Verdict(
        name,
        problem.lesson,
        problem.title,
        status,  # type: ignore[arg-type]
        earned,
        worth,
        {"dx": states.get(status, "wrong")},
        findings if status in ("failed", "partial") else (),
        hints=("the first hint", "the second hint", "the third") if status == "failed" else (),
        printed="x = \x1b[2J 3\n" if status == "failed" else "",
    )


def state(**statuses: str) -> State:
    """All passed, but for these."""
    worth = {problem.name: problem.points for problem in PROBLEMS}
    made = State(PROBLEMS, worth, round=1)
    for name in NAMES:
        made.verdicts[name] = verdict(name, statuses.get(name, "passed"))
    made.end()
    return made


def screen(width: int, encoding: str = "utf-8", **options: object) -> tuple[Screen, io.BytesIO]:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    console = Console(file=stream, width=width, highlight=False, **options)  # type: ignore[arg-type]
    return Screen(console), raw


def lines(made: State, width: int, level: int = 1) -> list[str]:
    shown, raw = screen(width)
    parts = view.parts(made, level, width)
    shown.append(parts.head, parts.body, parts.foot)
    return raw.getvalue().decode().split("\n")


STATES = {
    "nothing yet": State(PROBLEMS, {problem.name: problem.points for problem in PROBLEMS}),
    "all passed": state(),
    "one wrong": state(rnn_forward="failed"),
    "half right": state(rnn_backward="partial"),
    "stopped": state(rnn_step_forward="error"),
    "too slow": state(rnn_step_forward="timeout"),
    "to do": state(**dict.fromkeys(NAMES, "todo")),
    "all wrong": state(**dict.fromkeys(NAMES, "failed")),
}
PAGES: tuple[Page, ...] = ("message", "list", "case", "picture")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_and_no_line_is_too_long_or_ends_in_blanks(
    width: int, name: str, page: Page
) -> None:
    made = STATES[name]
    made.page, made.case = page, "the case " + "x " * 60
    made.notes = ("lstm.py was taken for " + "rnn.py " * 20,)
    shown = lines(made, width)
    wide = lines(made, 1000)
    for line in shown:
        assert len(line) <= width or (page == "list" and width < 40), line
        assert line == line.rstrip()
    if page != "picture" and width >= 40:
        assert letters(shown) == letters(wide)


def letters(shown: list[str]) -> list[str]:
    """All that is written, wherever its lines are broken."""
    return sorted(re.sub(r"[\s━─]", "", "".join(shown)))


def test_what_comes_next() -> None:
    def says(**statuses: str) -> str:
        return view.what_next(state(**statuses))

    everything = dict.fromkeys(NAMES, "todo")
    assert says() == "all done: 94 of 94 points"
    assert says(**everything).startswith("next: write rnn_step_forward in recurrent/rnn.py")
    assert says(rnn_forward="failed").startswith("next: mend rnn_forward in recurrent/rnn.py")
    made = state(rnn_forward="failed")
    made.lines["rnn_forward"] = 31
    assert view.what_next(made).endswith("recurrent/rnn.py, line 31, and save")
    made.waiting = ("rnn_forward", "rnn_backward", "perplexity")
    assert view.what_next(made) == "checking rnn_forward and 2 more ..."
    made.trouble = "there is nothing"
    assert view.what_next(made) == "next: mend that, and save a file"


def test_hints_come_one_by_one_by_the_key() -> None:
    made = state(rnn_forward="failed")
    text = "\n".join(lines(made, 80, 1))
    assert "the first hint" in text and "the second" not in text and "press h" in text
    assert "check.py" not in text
    assert "only told later" in "\n".join(lines(made, 80, 2))
    assert "that was the last hint" in "\n".join(lines(made, 80, 4))


# ------------------------------------------------------------------------------------------- focus


def began(*edited: str, names: tuple[str, ...] = (), number: int = 2) -> Began:
    return Began(number, names or edited, edited, {}, ())


def test_what_is_edited_and_wrong_is_at_hand() -> None:
    made = state(**dict.fromkeys(NAMES[3:], "todo"))
    assert made.focus == NAMES[3]
    made.begin(began(NAMES[1], names=tuple(NAMES[1:3])))
    made.take(Judged(2, verdict(NAMES[1], "failed")))
    assert made.focus == NAMES[1]
    made.take(Judged(2, verdict(NAMES[2], "failed")))
    made.end()
    assert made.focus == NAMES[1]


def test_after_a_pass_comes_the_next_to_do() -> None:
    made = state(**dict.fromkeys(NAMES[3:], "todo"))
    made.begin(began(NAMES[3]))
    made.take(Judged(2, verdict(NAMES[3], "passed")))
    made.end()
    assert made.focus == NAMES[4]
    assert list(changes(made)) == [f"passed: {NAMES[3]}, 12 points more"]


def test_the_focus_waits_for_the_verdicts() -> None:
    made = State(PROBLEMS, {problem.name: problem.points for problem in PROBLEMS})
    made.begin(began(names=tuple(NAMES), number=1))
    for name in NAMES[:-1]:
        made.take(Judged(1, verdict(name, "todo")))
        assert made.focus == ""
    made.take(Judged(1, verdict(NAMES[-1], "failed")))
    assert made.focus == NAMES[-1]


def test_what_the_student_has_turned_to_stays_until_something_is_edited() -> None:
    made = state(**dict.fromkeys(NAMES, "todo"))
    made.choose(NAMES[5])
    made.begin(began(names=(NAMES[2],)))
    made.take(Judged(2, verdict(NAMES[2], "failed")))
    made.end()
    assert made.focus == NAMES[5]
    made.begin(began(NAMES[2]))
    made.take(Judged(2, verdict(NAMES[2], "failed")))
    assert made.focus == NAMES[2]


def test_next_goes_round_all_that_is_not_passed() -> None:
    made = state(rnn_forward="failed", perplexity="todo", clip_grad_norm="todo")
    seen = []
    for _ in range(4):
        seen.append(made.focus)
        made.choose(made.next_one())
    assert seen == ["rnn_forward", "perplexity", "clip_grad_norm", "rnn_forward"]
    assert state().next_one() == ""


def test_a_save_says_what_it_has_brought_and_what_it_has_cost() -> None:
    made = state(rnn_forward="failed", rnn_backward="partial")
    made.begin(began(*NAMES))
    made.take(Judged(2, verdict("rnn_forward", "passed")))
    made.take(Judged(2, verdict("rnn_backward", "failed")))
    assert list(changes(made)) == [
        "passed: rnn_forward, 8 points more",
        "worse than before this save: rnn_backward, 6 points less",
    ]


def test_a_slip_that_stops_the_file_is_not_told_as_points_lost() -> None:
    made = state(rnn_backward="todo")
    for status in ("error", "timeout"):
        made.begin(began(*NAMES))
        made.take(Judged(2, verdict("rnn_forward", status)))
        assert list(changes(made)) == []
    made.begin(began(*NAMES))
    made.take(Judged(2, verdict("rnn_forward", "passed")))
    made.take(Judged(2, verdict("rnn_backward", "passed")))
    assert list(changes(made)) == ["passed: rnn_backward, 12 points more"]


def test_what_is_to_do_says_what_goes_in_and_comes_out() -> None:
    text = " ".join(" ".join(lines(state(rnn_step_forward="todo"), 80)).split())
    assert "One step forward: next_h (N, H) from x (N, D), prev_h (N, H)" in text


# -------------------------------------------------------------------------------------- terminals


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
def test_every_encoding_shows_every_sign(encoding: str) -> None:
    made = state(**dict(zip(NAMES, itertools.cycle(MARKS))))
    for page in PAGES:
        made.page = page
        shown, raw = screen(60, encoding)
        parts = view.parts(made, 4, 60)
        shown.append(parts.head, parts.body, parts.foot)
        text = raw.getvalue().decode(encoding)
        assert "points" in text
        assert "?" not in text


def test_signs_have_stand_ins_of_their_own() -> None:
    signs = [sign for sign, _ in MARKS.values()]
    instead = [writable(sign, "ascii") for sign in signs]
    assert len(set(instead)) == len(signs) and "?" not in instead
    assert writable("é✓", "no such encoding") == "?+"
    assert writable("é✓", "latin-1") == "é+"
    for sign, instead_of_it in STAND_INS.items():
        assert not sign.isascii() and instead_of_it.isascii()


def test_where_the_cursor_cannot_be_moved_nothing_tries_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    for is_terminal in (True, False):
        shown, raw = screen(80, force_terminal=is_terminal)
        assert not shown.paints
        shown.enter()
        parts = view.parts(state(rnn_forward="failed"), 1, 80)
        shown.append(parts.head, parts.body, parts.foot)
        shown.leave()
        assert b"\x1b" not in raw.getvalue()


def test_a_page_is_painted_over_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")
    shown, raw = screen(60, force_terminal=True)
    assert shown.paints
    parts = view.parts(state(rnn_forward="failed"), 1, 60)
    shown.paint(parts, 0)
    painted = raw.getvalue()
    assert painted.count(b"\r\n") == 19
    shown.paint(parts, 0)
    assert raw.getvalue() == painted  # the same page is not sent again


def test_what_does_not_fit_is_said_and_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown, _ = screen(40, force_terminal=True)
    body = shown.lines("\n".join(f"line {number}" for number in range(30)), 40)
    seen = set()
    first, last = 0, 1
    while first <= last:
        part, last = window(body, 10, first, 40)
        texts = ["".join(segment.text for segment in line) for line in part]
        assert len(texts) == 10
        assert texts[-1] == (f"↓ {30 - first - 9} more lines: space" if first < last else texts[-1])
        seen.update(texts[:-1])
        first += 1
    assert seen == {f"line {number}" for number in range(30)}
    assert texts[-1] == "↑ the beginning: up"


# ---------------------------------------------------------------------------------------- pictures


def test_the_picture_is_that_of_the_check() -> None:
    made = state(rnn_forward="failed")
    made.focus, made.page = "rnn_forward", "picture"
    drawn = picture_of(made.verdicts["rnn_forward"])
    assert drawn is not None
    assert str(drawn.as_text(80, colour=False)) in "\n".join(lines(made, 80))
    made.choose("rnn_step_forward")
    made.page = "picture"
    assert view.NO_PICTURE in "\n".join(lines(made, 80))


def test_no_module_of_watch_is_imported_by_what_grades() -> None:
    root = Path(lessons.__file__).parents[1]
    for path in root.rglob("*.py"):
        inside = path.relative_to(root).as_posix()
        if not inside.startswith("check/watch/") and inside != "check/cli.py":
            assert "check.watch" not in path.read_text(encoding="utf-8"), inside
