"""The ladder of hints: what each level shows, and what each front end says of the next."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.check.notebook import Checked
from autograder.levels import EXACT, NAME, NATURE, WHERE
from autograder.problem import Finding, Status, Verdict
from autograder.report.attempt import attempt_of
from autograder.report.for_student import output
from autograder.report.ladder import (
    ALL,
    LAST,
    LAST_HERE,
    NONE,
    in_notebook,
    in_terminal,
    next_hint,
    on_own_computer,
    shown,
)
from autograder.report.page import html
from autograder.report.record import as_data as as_plain
from autograder.report.record import as_text, from_data
from autograder.report.terminal import show
from autograder.report.told import told
from autograder.settings import Policy
from tests.in_process import course_of_all

VALUES = Finding("values", "dx differs")
CLUES = (
    VALUES,
    Finding("values", "dx is wrong only in row 0", level=WHERE),
    Finding("experiment", "dx does not react", level=NATURE),
    Finding("values", "dx is transposed", level=EXACT),
)
NAMED = Finding("diagnosis", "this is what comes out when dx is transposed", level=NAME)
HINTS = ("first?", "second", "third")


def verdict(
    findings: tuple[Finding, ...] = CLUES, hints: tuple[str, ...] = (), status: Status = "failed"
) -> Verdict:
    return Verdict("task", "rnn", "A task", status, 0.0, 4.0, {"dx": "wrong"}, findings, "", hints)


DIAGNOSED = verdict((VALUES, NAMED), HINTS)


@pytest.mark.parametrize("level", range(5))
def test_a_level_shows_what_belongs_to_it_and_all_below(level: int) -> None:
    texts = [finding.text for finding in shown(verdict(), level).findings]
    assert texts == [finding.text for finding in CLUES if finding.level <= level]
    seen = shown(DIAGNOSED, level)
    assert list(seen.hints.values()) == list(HINTS[:level])
    assert (NAMED in seen.findings) == (level == NAME)


@pytest.mark.parametrize(
    ("one", "level", "said"),
    [
        (verdict(), 0, "for a hint: python check.py task --hint 1"),
        (verdict(), 1, "for more: python check.py task --hint 2"),
        (verdict(), 3, ALL),
        (verdict((VALUES, CLUES[3])), 1, "for a hint: python check.py task --hint 3"),
        (verdict((VALUES, CLUES[2])), 1, "for a hint: python check.py task --hint 2"),
        (verdict((VALUES, NAMED)), 3, "for a hint: python check.py task --hint 4"),
        (verdict((VALUES,)), 0, NONE),
        (verdict((VALUES,)), 3, NONE),
        (verdict(CLUES[:2]), 0, "for a hint: python check.py task --hint 1"),
        (verdict(CLUES[:2]), 1, ALL),
        (verdict((VALUES,), HINTS), 0, "for a hint: python check.py task --hint 1"),
        (verdict((VALUES,), HINTS), 1, "next hint: python check.py task --hint 2"),
        (verdict((VALUES,), HINTS), 3, LAST),
        (DIAGNOSED, 3, "next hint: python check.py task --hint 4"),
        (DIAGNOSED, 4, LAST),
        (verdict(status="passed"), 1, ""),
        (verdict(status="todo"), 1, ""),
    ],
)
def test_each_problem_says_how_to_get_the_next_hint(one: Verdict, level: int, said: str) -> None:
    assert next_hint(one, level, in_terminal) == said


def test_every_front_end_says_it_in_its_own_words() -> None:
    assert next_hint(DIAGNOSED, 1, in_notebook) == 'next hint: check("task", hint=2)'
    page = "next hint: python check.py task --hint 2 in your copy of the assignment"
    assert next_hint(DIAGNOSED, 1, on_own_computer) == page
    right_here = (Finding("values", "right on all 3 public cases", good=True), NAMED)
    assert next_hint(verdict(right_here, HINTS), 1, on_own_computer) == LAST_HERE
    assert next_hint(verdict(right_here, HINTS), 0, on_own_computer) == ""
    assert next_hint(verdict(right_here), 1, on_own_computer) == ""


@pytest.mark.parametrize("level", range(5))
@pytest.mark.parametrize("hints", [HINTS[:count] for count in range(4)])
@pytest.mark.parametrize("clues", [(), *((clue,) for clue in CLUES[1:]), CLUES[1:], (NAMED,)])
def test_the_next_hint_fits_what_is_shown(
    clues: tuple[Finding, ...], hints: tuple[str, ...], level: int
) -> None:
    one = verdict((VALUES, *clues), hints)
    seen, everything = shown(one, level), shown(one, 4)
    said = next_hint(one, level, in_terminal)
    assert ("hint:" in said or "more:" in said) == (seen != everything)
    if "next" in said or "last" in said:
        assert seen.hints, "hints are called so where they are shown"
    if said.startswith("for a hint"):
        assert seen == shown(verdict((VALUES,)), 4), "there is none yet"
    if said == NONE:
        assert everything == shown(verdict((VALUES,)), 4)
    if ":" in said:
        further = shown(one, int(said.rpartition(" ")[2]))
        assert further != seen, "what is named shows something new"


def terminal(one: Verdict, level: int) -> str:
    stream = io.StringIO()
    show(Console(file=stream, width=200, highlight=False), [one], level=level)
    return stream.getvalue()


def page(one: Verdict, level: int) -> str:
    course = course_of_all()
    course = replace(course, policy=replace(course.policy, hints=level))
    return output(one, course.policy)


FRONT_ENDS = {
    "terminal": terminal,
    "notebook, as text": lambda one, level: repr(Checked(one, level)),
    "notebook": lambda one, level: html(one, level),
    "through another process": lambda one, level: as_text(from_data(as_plain(one)), level),
    "gradescope": page,
}


@pytest.mark.parametrize("front_end", FRONT_ENDS)
@pytest.mark.parametrize("level", range(5))
@pytest.mark.parametrize("one", [verdict(), DIAGNOSED])
def test_all_front_ends_show_the_same_at_a_level(front_end: str, level: int, one: Verdict) -> None:
    text = FRONT_ENDS[front_end](one, level)
    for finding in one.findings:
        assert (finding.text in text) == (finding.level <= level), finding
    for number, hint in enumerate(one.hints, start=1):
        assert (hint in text) == (number <= level)


def test_notes_on_right_work_are_shown_everywhere() -> None:
    note = Finding("arguments", "your function changed its argument x")
    right = verdict((Finding("shapes", "dx (3,)", good=True), note), status="passed")
    for front_end, text_of in FRONT_ENDS.items():
        assert note.text in text_of(right, 1), front_end


# -------------------------------------------------------------------------- when a mistake is named


@pytest.mark.parametrize("level", range(5))
def test_the_course_says_from_which_level_a_mistake_is_named(level: int) -> None:
    seen = told(DIAGNOSED, Policy(diagnosis=level))
    for asked in range(5):
        assert (NAMED.text in as_text(seen, asked)) == (asked >= level)


@pytest.mark.parametrize(("attempt", "named"), [(1, False), (2, False), (3, True), (9, True)])
def test_or_from_which_submission(attempt: int, named: bool) -> None:
    policy = Policy(diagnosis="attempt 3").at_attempt(attempt)
    text = as_text(told(DIAGNOSED, policy), 1)
    assert (NAMED.text in text) == named
    assert ("it is named from submission 3 on" in text) != named


def test_where_nothing_is_submitted_it_is_named_after_the_last_hint() -> None:
    seen = told(DIAGNOSED, Policy(diagnosis="attempt 3").at_attempt(None))
    assert NAMED.text not in as_text(seen, 3) and NAMED.text in as_text(seen, 4)


def test_what_is_told_twice_is_told_the_same() -> None:
    for diagnosis in (0, 2, 4, "attempt 3"):
        policy = Policy(diagnosis=diagnosis)
        once = told(DIAGNOSED, policy)
        assert told(once, policy) == once


def test_the_attempt_is_counted_by_gradescopes_list(tmp_path: Path) -> None:
    path = tmp_path / "submission_metadata.json"
    assert attempt_of(None) == attempt_of(path) == 1
    for earlier in (0, 1, 4):
        path.write_text(json.dumps({"previous_submissions": [{"score": 1}] * earlier}))
        assert attempt_of(path) == earlier + 1
    for broken in ("", "[]", '{"previous_submissions": 3}'):
        path.write_text(broken)
        assert attempt_of(path) == 1
