"""The report on a class: what it says, what it must not say, and that it holds for any class."""

from __future__ import annotations

import ast
import doctest
import re
from argparse import Namespace
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from autograder.classroom import mistakes, statistics
from autograder.classroom.mistakes import Unforeseen
from autograder.classroom.people import Student
from autograder.classroom.report import (
    as_html,
    charts,
    rendering,
    report,
    submissions,
    times,
    timing,
)
from autograder.classroom.report import skeleton as skeleton_module
from autograder.classroom.report.names import Names
from autograder.classroom.report.page import Page, page_of
from autograder.classroom.report.skeleton import quoted, skeleton
from autograder.classroom.standing import Lateness, Standing, standings
from autograder.classroom.statistics import Share
from autograder.classroom.store import HandedIn
from autograder.classroom.writing import WriteError
from autograder.cli import FROZEN
from autograder.grade import casebooks
from autograder.intake import take_in
from autograder.lessons import all_problems
from autograder.problem import Misconception
from autograder.settings import Late, load_course
from autograder.worker.faults import missing_file
from tests.classroom.made_up_store import (
    ADA,
    ALAN,
    BARBARA,
    EDSGER,
    GRACE,
    MadeUpStore,
    carried,
    made_up_class,
    ours,
    students,
    wrong,
)
from tests.conftest import COURSE_TOML

LESSONS = load_course(COURSE_TOML).only("recurrence").lessons_of("all")
RECURRENCE = [one for one in all_problems() if one.lesson in LESSONS]
VOID = {"meta", "link", "br", "rect", "path", "circle"}


class Tree(HTMLParser):
    """What a report consists of, and that its tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        if told.get("id"):
            self.ids.append(str(told["id"]))
        if tag == "a" and told.get("href"):
            self.links.append(str(told["href"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def options(store: Path, **more: Any) -> Namespace:
    told = {"store": store, "set": None, "out": None, "anonymous": False, "force": False}
    return Namespace(**{**told, **more})


def page(made: MadeUpStore, anonymous: bool = False) -> Page:
    found = standings(made.store, made.course, made.set)
    return page_of(found, made.course, made.set, casebooks(FROZEN), anonymous)


def html(made: MadeUpStore, anonymous: bool = False) -> str:
    return as_html(page(made, anonymous))


def section(text: str, name: str) -> str:
    """The text of a section, without its tags."""
    start = text.index(f'<section aria-labelledby="{name}">')
    return plain(text[start : text.index("</section>", start)])


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


@pytest.fixture
def made(tmp_path: Path) -> MadeUpStore:
    return made_up_class(tmp_path / "class")


@pytest.fixture
def shared(tmp_path: Path) -> MadeUpStore:
    """Four that share a mistake nobody foresaw, three of them another one that follows."""
    made = MadeUpStore(tmp_path / "class")
    for number, student in enumerate(students(4)):
        step = wrong("rnn_step_forward", digest="aa11")
        later = wrong("rnn_forward", digest="bb22") if number else "passed"
        made.hand_in(student, rnn_step_forward=step, rnn_forward=later)
    return made


def large(folder: Path, count: int) -> MadeUpStore:
    """So many of them, no two alike, with the usual mistakes."""
    made = MadeUpStore(folder)
    for number, student in enumerate(students(count)):
        went: dict[str, Any] = {}
        for place, problem in enumerate(RECURRENCE):
            turn = (number * 7 + place * 5 + number * place) % 17
            if turn < 2:
                went[problem.name] = wrong(problem.name, text=f"it says {number} of {place}")
            elif turn == 2:
                went[problem.name] = wrong(problem.name, diagnosis="a_wrong_idea")
            elif turn == 3:
                went[problem.name] = wrong(problem.name, digest=f"{place}{number % 9}")
            elif turn in (4, 5):
                went[problem.name] = "todo"
        made.hand_in(student, late=number % 5 == 0, **went)
    return made


# ---------------------------------------------------------------------------------- what it says


def test_every_part_is_there_in_order(made: MadeUpStore) -> None:
    text = html(made)
    wanted = re.findall(r'<a href="#([\w-]+)">', text[: text.index("</nav>")])
    places = [text.index(f'<h2 id="{name}">') for name in wanted]
    assert places == sorted(places) and len(places) == text.count("<h2 ") == 10


def test_who_and_what_is_counted(made: MadeUpStore) -> None:
    found = page(made)
    assert (found.students, len(found.submissions), found.groups, found.left_out) == (5, 4, 1, 2)
    assert found.analysis.submissions == 2, "a group once, nothing without a grade to rely on"
    assert found.totals.earned is not None and found.totals.earned.count == 2


def test_a_mistake_counts_where_it_was_made(made: MadeUpStore) -> None:
    (known,) = page(made).known
    assert known.place.problem == "rnn_step_backward"
    assert [(named.problem, count) for named, count in known.carried_to] == [("rnn_backward", 1)]
    by_problem = {one.row.named.problem: one.row.item for one in page(made).problems}
    assert by_problem["rnn_step_backward"].lost_here == 10.0
    assert by_problem["rnn_backward"].lost_here == 0.0


def test_what_to_say_is_the_idea_and_the_first_hint_of_the_casebook(made: MadeUpStore) -> None:
    advice = casebooks(FROZEN)[0].lesson("rnn").advice["rnn_step_backward.no_tanh_slope"]
    said = section(html(made), "lecture")
    assert advice.idea in said and advice.hints[0] in said and advice.hints[1] not in said


def test_a_mistake_without_advice_is_called_by_its_name(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, rnn_forward=wrong("rnn_forward", diagnosis="of_another_version"))
    assert "rnn_forward.of_another_version" in section(html(made), "mistakes")


def test_a_carried_problem_says_what_it_follows_from(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(
        ADA,
        rnn_step_forward=wrong("rnn_step_forward", diagnosis="no_tanh"),
        rnn_forward=carried("rnn_forward", "rnn_step_forward", "no_tanh"),
    )
    (one,) = page(made).submissions
    assert [(a.problem, b.problem) for a, b in one.carried] == [("rnn_forward", "rnn_step_forward")]
    assert "follows from 1.1" in section(html(made), "one-by-one")


def test_an_unforeseen_mistake_names_those_who_show_it(shared: MadeUpStore) -> None:
    (first,) = page(shared).unforeseen
    (second,) = first.also
    names = [one.file for one in first.submissions]
    assert sorted(names) == [f"submission_{4001 + n}" for n in range(4)]
    assert first.named.problem == "rnn_step_forward"
    assert second.named.problem == "rnn_forward" and len(second.submissions) == 3
    said = section(html(shared), "unforeseen")
    assert all(name in said for name in names)


def test_those_who_cannot_be_graded_are_listed_and_why(made: MadeUpStore) -> None:
    said = section(html(made), "time")
    assert "it could not be read: there is no Python file in it" in said
    assert "it was not graded: the judge died on it twice" in said


def test_what_the_grader_failed_on_is_in_no_statistic(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, rnn_forward=ours("rnn_forward"))
    made.hand_in(ALAN)
    assert page(made).analysis.submissions == 1
    assert "the grader failed on it" in section(html(made), "time")


def test_grades_of_two_graders_are_remarked_on(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    assert "versions of the grader" not in html(made)
    made.grader = "another"
    made.hand_in(ALAN)
    assert "2 versions of the grader" in section(html(made), "glance")


def test_late_work_and_extensions_are_listed(made: MadeUpStore) -> None:
    late = Lateness(days=2, slipped=1, lost=0.1, why="2 days after the due date", extended="ill")
    found = []
    for one in standings(made.store, made.course, made.set):
        is_late = one.student == ALAN
        found.append(_late(one, late) if is_late else one)
    text = as_html(page_of(found, made.course, made.set, casebooks(FROZEN)))
    said = section(text, "late")
    assert "Alan Turing" in said and "2 days after the due date" in said and "ill" in said
    assert "1 student has an extension" in said
    assert "after late penalties" in section(text, "totals")


def _late(one: Standing, lateness: Lateness) -> Standing:
    told = {**vars(one), "lateness": lateness, "penalty": 5.0, "final": one.raw - 5.0}
    return Standing(**told)


UTC = "2027-02-06T05:05:00+00:00"
"""Six minutes after the course's due date, which is written in another zone."""


def test_times_are_in_the_zone_of_the_due_date_which_is_said_once(made: MadeUpStore) -> None:
    made.hand_in(Student("Tony Hoare"), at=UTC)
    text = html(made)
    for name in ("late", "students"):
        assert "Sat 6 Feb 00:05" in section(text, name)
    assert "05:05" not in plain(text) and "T23:59" not in text
    assert text.count("UTC−05:00") == 1
    assert "Due Fri 5 Feb 2027 23:59. All times" in section(text, "glance")


def test_why_it_is_late_is_said_in_words(made: MadeUpStore) -> None:
    made.hand_in(Student("Tony Hoare", login="tony"), at=UTC)
    (made.folder / "extensions.csv").write_text(
        "student,set,due,note\ntony,recurrence,2027-02-08,\n"
    )
    text = html(made)
    said = section(text, "late")
    assert "19 hours 1 minute after the due date, Fri 5 Feb 23:59" in said
    assert "in time, before the extended due date, Mon 8 Feb 23:59" in said
    assert not re.search(r"\dT\d\d:", plain(text)), "no stamp of a machine"


def test_where_no_due_date_has_a_zone_each_time_says_its_own() -> None:
    assert times.Clock().shown(UTC) == "Sat 6 Feb 2027 05:05 UTC"
    assert times.Clock().zone == times.Clock().deadline() == ""


def late_said(made: MadeUpStore, **course: Any) -> str:
    found = standings(made.store, replace(made.course, **course), made.set)
    told = page_of(found, replace(made.course, **course), made.set, casebooks(FROZEN))
    return section(as_html(told), "late")


def test_of_late_work_only_what_is_known_is_said(tmp_path: Path) -> None:
    silent = MadeUpStore(tmp_path / "silent")
    silent.write(HandedIn(silent.set, "one", (ADA,), silent.key("one"), at=UTC), silent.row("one"))
    said = late_said(silent)
    assert "By the course’s dates, 1 submission was late." in said
    assert "ource" not in said, "which says nothing of it"
    assert "costs nothing here, because course.toml sets no penalty" in said
    assert "Penalty" not in said and "Slip days" not in said and "Extension" not in said

    silent.write(HandedIn(silent.set, "two", (ALAN,), silent.key("two")), silent.row("two"))
    assert "Whether 1 more submission was late is not known." in late_said(silent)
    undated = tuple(replace(one, due="") for one in silent.course.sets)
    assert "Whether 2 submissions were late is not known." in late_said(silent, sets=undated)


def test_of_late_work_that_costs_points_all_is_said(made: MadeUpStore) -> None:
    said = late_said(made, late=Late(per_day=0.1, slip_days=1))
    assert "The source marks 1 submission as late." in said
    assert "Late work cost 0 points" in said and "because course.toml" not in said
    assert "Penalty" in said and "Slip days" in said and "Source says" in said
    assert "Late work cost 17 points" in late_said(made, late=Late(per_day=0.1))


def test_students_who_handed_in_nothing_are_named(made: MadeUpStore) -> None:
    absent = Standing(Student("Nobody Atall"), made.set, 100.0)
    found = [*standings(made.store, made.course, made.set), absent]
    text = as_html(page_of(found, made.course, made.set, casebooks(FROZEN)))
    assert "Nobody Atall" in section(text, "students")
    without = as_html(page_of(found, made.course, made.set, casebooks(FROZEN), anonymous=True))
    assert "Atall" not in without and "1 student." in section(without, "students")


def test_what_stops_for_one_reason_is_one_row(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    why = "rnn.py cannot be imported"
    stopped = {name: wrong(name, "error", text=why) for name in ("rnn_forward", "last_hidden")}
    made.hand_in(ADA, **stopped)
    (one,) = page(made).submissions
    (row,) = one.not_right
    assert [named.problem for named in row.problems] == ["rnn_forward", "last_hidden"]
    assert one.wrong == 2 and row.max_score == 11.0 and row.reason.text == why


def test_a_problem_that_is_no_more_keeps_its_name(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    handed_in = made.hand_in(ADA)
    row = made.row("other")
    old = wrong("rnn_forward") | {"problem": "of_last_year", "lesson": "gone", "wrong": "ab"}
    row["problems"].append(old)
    for number in range(3):
        row["key"] = {**row["key"], "files": str(number)}
        told = {**vars(handed_in), "name": f"old{number}", "students": (GRACE,)}
        told["key"] = type(handed_in.key)(**row["key"])
        made.write(type(handed_in)(**told), row)
    assert "of_last_year" in section(html(made), "problems")


def test_a_grade_that_several_share_took_its_time_once(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    for student in students(4):
        made.hand_in(student, files="the same")
    made.hand_in(ADA)
    found = page(made).timing
    assert found.seconds is not None
    assert (found.total, found.seconds.count, found.graded) == (1.0, 2, 5)
    assert len(found.slowest) == 2
    assert "5 submissions share 2 grades" in section(html(made), "time")


@pytest.mark.parametrize("seconds", [[], [0.5], [1.0] * 23 + [42.0], [0.0, 0.0, 9.0], [2.0] * 9])
def test_a_chart_of_seconds_is_drawn_only_where_it_tells_something(seconds: list[float]) -> None:
    edges = timing.edges_for(seconds)
    assert edges == sorted(set(edges))
    assert sum(statistics.counts_between(seconds, edges)) == len(seconds), "all are in it"
    assert timing._drawn(seconds) == (None, ())


def test_a_few_slow_ones_do_not_push_all_others_into_one_column() -> None:
    seconds = [0.8 + 0.1 * number for number in range(23)] + [42.0]
    counts = statistics.counts_between(seconds, timing.edges_for(seconds))
    assert max(counts) <= 15 and sum(counts) == 24
    assert timing._drawn(seconds)[0] is not None


ANOTHER_SET = (
    "these are the files of the set gates (lstm.py and gru.py): hand in rnn.py and head.py"
)


def without_files(made: MadeUpStore, student: Student, why: str) -> None:
    went = {}
    for problem in RECURRENCE:
        entry = wrong(problem.name, "error", text=why or missing_file(problem.lesson).text)
        went[problem.name] = entry
    made.hand_in(student, **went)


def test_who_has_no_file_of_the_set_is_counted_and_named(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    without_files(made, ADA, ANOTHER_SET)
    without_files(made, ALAN, "")
    made.hand_in(GRACE, rnn_forward=wrong("rnn_forward", "error", text="rnn.py is missing here"))
    text = html(made)
    assert [one.short for one in page(made).empty] == [ADA.name, ALAN.name]
    assert "2 submissions have no file of this set and count as 0" in section(text, "glance")
    assert "2 submissions have no file of this set" in section(text, "time")
    assert "could be read and graded" not in text


def test_that_the_files_are_of_another_set_begins_as_the_report_knows_it(tmp_path: Path) -> None:
    """The report goes by the sentence of the intake."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "lstm.py").write_text("x = 1\n")
    (tmp_path / "out").mkdir()
    taken = take_in(
        tmp_path / "in",
        ["rnn", "lstm"],
        tmp_path / "out",
        wanted=["rnn"],
        elsewhere={"lstm": "gates"},
    )
    assert submissions.NO_FILE.match(f"runs: {taken.refused['rnn']}")


WORDY = "it stops at `while True: pass` (case N=3 D=4, the second) although [one, two] is there `x"


@pytest.mark.parametrize("longest", range(1, len(WORDY) + 1))
def test_a_long_text_is_cut_at_a_word_and_never_in_code_or_brackets(longest: int) -> None:
    found = submissions.cut(WORDY, longest)
    kept = found.removesuffix(" …")
    assert WORDY.startswith(kept) and WORDY[len(kept) :][:1] in ("", " ")
    if found != WORDY:
        assert kept.count("`") % 2 == 0
        assert kept.count("(") == kept.count(")") and kept.count("[") == kept.count("]")
    assert len(kept) <= max(longest, 2) or " " not in kept


# ---------------------------------------------------------------------------------- as a document


def test_its_tags_close_and_every_link_leads_somewhere(made: MadeUpStore) -> None:
    for text in (html(made), html(made, anonymous=True)):
        tree = Tree(text)
        assert len(tree.ids) == len(set(tree.ids)), "an id stands for one place"
        missing = {link for link in tree.links if link.removeprefix("#") not in tree.ids}
        assert missing == set()


def test_problems_and_students_lead_to_one_another(shared: MadeUpStore) -> None:
    text = html(shared)
    problem = text[text.index('<article aria-labelledby="p1.1">') :]
    problem = problem[: problem.index("</article>")]
    student = text[text.index('<article aria-labelledby="s1">') :]
    student = student[: student.index("</article>")]
    assert 'href="#s1"' in problem and 'href="#p1.1"' in student


def test_it_is_made_for_everyone(made: MadeUpStore) -> None:
    text = html(made)
    tree = Tree(text)
    names = [tag for tag, _ in tree.tags]
    assert dict(tree.tags)["html"]["lang"] == "en"
    for landmark in ("header", "nav", "main", "footer"):
        assert names.count(landmark) == 1
    assert tree.headings[0] == 1 and tree.headings.count(1) == 1
    steps = [later - level for level, later in zip(tree.headings, tree.headings[1:], strict=False)]
    assert max(steps) <= 1, "no level of heading is left out"
    assert names.count("table") == names.count("caption") > 5
    assert all(told.get("scope") in ("row", "col") for tag, told in tree.tags if tag == "th")
    for tag, told in tree.tags:
        if tag == "svg":
            assert told.get("aria-hidden") == "true" or told.get("aria-label")
    first_link = next(told for tag, told in tree.tags if tag == "a")
    assert first_link["class"] == "skip" and first_link["href"] == "#report"


def test_nothing_is_fetched(made: MadeUpStore) -> None:
    text = html(made)
    for tag, told in Tree(text).tags:
        assert "src" not in told and tag != "link"
    assert "url(" not in text and "@import" not in text and "http" not in text.replace("http-", "")
    assert "default-src 'none'" in text


def test_whatever_a_name_holds_is_shown_as_text(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    evil = "<script>alert(1)</script>\"'&{{ page }}\x1b[2J\u202e\ud800"
    told = wrong("rnn_forward", "error", text=evil)
    made.hand_in(Student(evil), name=f"n{evil}", files="f", remarks=(evil,), rnn_forward=told)
    text = html(made)
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert "\x1b" not in text and "\u202e" not in text
    assert text.encode("utf-8")
    Tree(text)


# -------------------------------------------------------------------------------------- anonymous

MARK = "xyzzy"
"""Stands in everything that somebody chose."""


def marked(folder: Path) -> MadeUpStore:
    """A class in which every text that somebody chose has a mark in it."""
    made = MadeUpStore(folder)
    for number in range(4):
        student = Student(*(f"{MARK}{field}{number}" for field in range(6)))
        other = Student(*(f"{MARK}{field}b{number}" for field in range(6)))
        told = wrong("rnn_forward", "error", text=f"{MARK} raised", printed=MARK)
        near = wrong("rnn_step_forward", digest="aa", text=f"your h is what comes out when {MARK}")
        made.hand_in(
            student,
            other,
            late=True,
            at=f"2031-09-0{number + 1}T09:09:09+00:00",
            folder=f"{MARK}-folder",
            name=f"{MARK}-{number}",
            remarks=(f"{MARK}.zip was unpacked",),
            results={"tests": [{"name": MARK}]},
            rnn_forward=told,
            rnn_step_forward={
                **near,
                "message": f"diagnosis: your h is what comes out when {MARK}",
            },
        )
    made.unreadable(Student(f"{MARK}u"), why=f"{MARK}.zip is no zip")
    made.not_graded(Student(f"{MARK}v"), why=f"{MARK} died")
    return made


def test_the_marks_are_seen_where_names_are_wanted(tmp_path: Path) -> None:
    """Else the next test would prove nothing."""
    text = html(marked(tmp_path / "class"))
    assert text.count(MARK) > 30
    for told in (
        f"{MARK} raised",
        f"{MARK}.zip was",
        f"{MARK}.zip is no",
        f"{MARK} died",
        "Sep 2031",
    ):
        assert told in text


def test_nothing_in_an_anonymous_report_tells_anybody(tmp_path: Path) -> None:
    made = marked(tmp_path / "class")
    late = Lateness(days=1, lost=0.1, why=f"{MARK} late", extended=f"{MARK} ill")
    found = [_late(one, late) for one in standings(made.store, made.course, made.set)]
    found.append(Standing(Student(f"{MARK}absent"), made.set, 100.0))
    text = as_html(page_of(found, made.course, made.set, casebooks(FROZEN), anonymous=True))
    assert MARK not in text
    assert "submission_40" not in text, "nor what the archive calls it"
    assert "2031" not in text, "nor when it was handed in"
    assert "Submission 1" in text and 'href="#s1"' in text


def test_numbers_do_not_follow_the_order_of_names(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    people = students(30)
    for student in people:
        made.hand_in(student)
    found = standings(made.store, made.course, made.set)
    by_name = [one.handed_in.name for one in found if one.handed_in]
    numbers = Names.of(found, anonymous=True).numbers
    ordered = sorted(numbers, key=lambda name: numbers[name])
    assert ordered not in (by_name, by_name[::-1], sorted(by_name))
    agree = sum(one == other for one, other in zip(ordered, by_name, strict=True))
    assert agree < 10


def test_no_list_follows_the_order_of_names(tmp_path: Path) -> None:
    """Lists in the order of the names would put the numbers in that order, one after the other."""
    made = MadeUpStore(tmp_path / "class")
    for student in students(9):
        told = wrong("rnn_forward", digest="aa")
        stopped = wrong("last_hidden", "error")
        made.hand_in(student, late=True, rnn_forward=told, last_hidden=stopped, perplexity="todo")
    made.unreadable(ADA)
    made.unreadable(ALAN)
    text = html(made, anonymous=True)
    pieces = re.split(r"</td>|</p>|</table>|</ol>", text)
    lists = [re.findall(r'href="#s(\d+)"', piece) for piece in pieces]
    tables = [re.findall(r'<tr><th[^>]*><a href="#s(\d+)"', one) for one in text.split("<table")]
    long = [[int(number) for number in found] for found in lists + tables if len(found) > 1]
    assert len(long) > 6
    assert all(numbers == sorted(numbers) for numbers in long)


# ----------------------------------------------------------------------------- a class of any size


def test_a_class_of_nobody(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    text = as_html(page_of([], made.course, made.set, casebooks(FROZEN)))
    Tree(text)
    assert "Nothing was handed in yet" in text


def test_a_class_of_one(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA)
    text = html(made)
    Tree(text)
    said = section(text, "problems")
    assert said.count("there is one") == 1, "once"
    assert "Discrimination ↕" not in said and "Alpha without" not in said and "Reliab" not in said
    assert '<circle class="dot"' not in text
    assert ">nan<" not in text


def test_a_class_of_whom_nobody_can_be_graded(tmp_path: Path) -> None:
    made = MadeUpStore(tmp_path / "class")
    made.not_graded(BARBARA)
    made.unreadable(EDSGER)
    text = html(made)
    Tree(text)
    assert "There is no grade yet" in section(text, "totals")


def test_a_class_of_thirty_has_a_scatter_and_an_alpha(tmp_path: Path) -> None:
    text = html(large(tmp_path / "class", 30))
    alpha = f"Reliability Cronbach’s alpha of the {len(RECURRENCE)} problems is"
    assert alpha in section(text, "problems")
    assert "Alpha without" in section(text, "problems")
    assert "each problem by the share" in text


@pytest.mark.slow
def test_a_thousand_fit_into_a_file_that_can_be_sent(tmp_path: Path) -> None:
    text = html(large(tmp_path / "class", 1000))
    assert len(text.encode()) < 3_000_000
    assert 'id="s1000"' in text


# -------------------------------------------------------------------------------------- the file


def test_it_lies_in_the_store_and_may_be_written_again(
    made: MadeUpStore, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert report(options(made.folder), made.course) == 0
    out = made.folder / "report.html"
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert str(out) in capsys.readouterr().out
    assert [path.name for path in made.folder.iterdir() if path.name.startswith(".")] == []


def test_the_same_store_gives_the_same_file(made: MadeUpStore) -> None:
    assert html(made) == html(made) and html(made, True) == html(made, True)


def test_what_is_not_ours_is_not_written_over(made: MadeUpStore, tmp_path: Path) -> None:
    out = tmp_path / "grades.html"
    out.write_text("my own")
    with pytest.raises(WriteError, match="--force"):
        report(options(made.folder, out=out), made.course)
    assert out.read_text() == "my own"
    assert report(options(made.folder, out=out, force=True), made.course) == 0
    assert out.read_text(encoding="utf-8") != "my own"


def test_the_one_without_names_is_another_file(made: MadeUpStore) -> None:
    report(options(made.folder), made.course)
    report(options(made.folder, anonymous=True), made.course)
    assert "Lovelace" in (made.folder / "report.html").read_text(encoding="utf-8")
    assert "Lovelace" not in (made.folder / "report_anonymous.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("out", ["", "a file/report.html"])
def test_where_no_file_can_be_is_said(made: MadeUpStore, tmp_path: Path, out: str) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(WriteError):
        report(options(made.folder, out=tmp_path / out), made.course)


def test_an_extension_that_is_not_understood_is_remarked_on(made: MadeUpStore) -> None:
    (made.folder / "extensions.csv").write_text("student,set,due,note\nada,recurrence,soon,x\n")
    report(options(made.folder), made.course)
    text = (made.folder / "report.html").read_text(encoding="utf-8")
    assert "soon" in section(text, "late")
    report(options(made.folder, anonymous=True), made.course)
    assert "soon" not in (made.folder / "report_anonymous.html").read_text(encoding="utf-8")


def test_a_full_disk_leaves_what_was_there(
    made: MadeUpStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(options(made.folder), made.course)
    before = (made.folder / "report.html").read_bytes()

    def full(self: Path, *_: object, **__: object) -> None:
        self.write_text("<!doc")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="is full"):
        report(options(made.folder), made.course)
    assert (made.folder / "report.html").read_bytes() == before
    assert [path.name for path in made.folder.glob("report*")] == ["report.html"]


# ---------------------------------------------------------------------------------- the skeleton


@pytest.mark.parametrize("problem", [one.name for one in all_problems()])
def test_the_skeleton_is_a_misconception_to_fill_in(problem: str) -> None:
    declared = next(one for one in all_problems() if one.name == problem)
    text = skeleton(unforeseen(problem, declared.lesson), idea='`sin` stands for "tanh" \\ it\'s')
    (found,) = eval(text, {"Misconception": Misconception})
    assert isinstance(found, Misconception)
    assert found.problem == problem and found.patches[0].function == declared.of
    assert len(found.hints) == 3 and found.idea == '`sin` stands for "tanh" \\ it\'s'
    assert found.source == "seen in real submissions"


def unforeseen(problem: str, lesson: str) -> Unforeseen:
    return Unforeseen(problem, lesson, "aa11", ("h",), ("a", "b", "c"), 3, 12.0)


def test_a_skeleton_in_the_page_can_be_parsed(shared: MadeUpStore) -> None:
    (first,) = page(shared).unforeseen
    for row in (first, *first.also):
        (expression,) = ast.parse(row.skeleton).body
        assert isinstance(expression, ast.Expr)
        assert row.home == "solutions/misconceptions/rnn.py"


@pytest.mark.parametrize("text", ["plain", "it's", 'a "quote"', "both ' and \"", "a \\ b\n", "é\0"])
def test_a_literal_is_in_double_quotes(text: str) -> None:
    written = quoted(text)
    assert written[0] == written[-1] == '"' and ast.literal_eval(written) == text


@pytest.mark.parametrize(
    "module", [mistakes, rendering, skeleton_module, statistics, submissions, times, timing]
)
def test_the_examples_in_docstrings_are_true(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


# ------------------------------------------------------------------------------------ the charts


def svg(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(markup)


def drawn(chart: ElementTree.Element, tag: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in chart.iter(tag) if one.get("class", "").split()[:1] == [kind]]


def test_columns_are_as_high_as_what_they_count() -> None:
    chart = svg(charts.columns([1, 0, 4], ["0", "10", "20", "30"], "points", "Columns"))
    heights = [float(rect.get("height", "")) for rect in drawn(chart, "rect", "fill")]
    assert heights[1] == pytest.approx(4 * heights[0], abs=0.2) and len(heights) == 2
    assert [text.text for text in drawn(chart, "text", "value")] == ["1", "4"]
    assert [text.text for text in drawn(chart, "text", "tick")] == ["0", "10", "20", "30"]
    for rect in drawn(chart, "rect", "fill"):
        assert float(rect.get("y", "")) + float(rect.get("height", "")) == 220 - charts.BOTTOM


def test_labels_stand_at_borders_or_in_the_middle() -> None:
    at_borders = svg(charts.columns([1, 2], ["0", "1", "2"], "x", "t"))
    in_the_middle = svg(charts.columns([1, 2], ["0", "1"], "x", "t"))
    (one, *_), (_, _, last) = drawn(at_borders, "text", "value"), drawn(at_borders, "text", "tick")
    assert float(last.get("x", "")) > float(one.get("x", ""))
    places = [float(text.get("x", "")) for text in drawn(in_the_middle, "text", "tick")]
    centers = [float(text.get("x", "")) for text in drawn(in_the_middle, "text", "value")]
    assert places == pytest.approx(centers, abs=0.2)


def test_bars_are_as_long_as_their_shares_and_their_intervals() -> None:
    rows = [("one", Share(10, 100)), ("two", Share(5, 100))]
    chart = svg(charts.bars(rows, "Bars"))
    first, second = (float(rect.get("width", "")) for rect in drawn(chart, "rect", "fill"))
    assert first == pytest.approx(2 * second, abs=0.2)
    low, high = rows[0][1].interval
    ends = re.match(r"M([\d.]+) \S+H([\d.]+)", str(drawn(chart, "path", "whisker")[0].get("d")))
    assert ends is not None
    assert float(ends[1]) - 1 == pytest.approx(first * low / 0.1, abs=0.2)
    assert float(ends[2]) - 1 == pytest.approx(first * high / 0.1, abs=0.2)
    assert drawn(chart, "text", "value")[0].text == "10 · 10%"


def test_a_scatter_puts_easy_to_the_right_and_what_discriminates_up() -> None:
    found = [("1.1", 0.2, 0.5), ("1.2", 0.9, 0.5), ("1.3", 0.2, -0.3)]
    chart = svg(charts.scatter(found, "Points"))
    (x1, y1), (x2, y2), (x3, y3) = (
        (float(dot.get("cx", "")), float(dot.get("cy", "")))
        for dot in drawn(chart, "circle", "dot")
    )
    assert x1 < x2 and y1 == y2 and x1 == x3 and y3 > y1
    marks = [text.text for text in drawn(chart, "text", "tick")]
    assert "−0.4" in marks and "1" in marks and "100%" in marks


def test_labels_of_a_scatter_cover_nothing() -> None:
    found = [(f"{n // 10}.{n % 10}", 0.5 + n % 7 / 50, 0.5 + n % 5 / 40) for n in range(60)]
    chart = svg(charts.scatter(found, "Points"))
    boxes = []
    for text in drawn(chart, "text", "label"):
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        boxes.append((x, y - 9, x + len(text.text or "") * charts.LETTER, y + 2))
        assert x >= 0 and boxes[-1][2] <= charts.WIDTH
    for number, box in enumerate(boxes):
        assert not any(_cover(box, other) for other in boxes[:number])
    assert len(drawn(chart, "circle", "dot")) == 60 and 5 < len(boxes) < 60


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes meet by more than the rounding of a tenth."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 0.2 and down > 0.2


def test_a_chart_takes_a_few_kilobytes() -> None:
    rows = [(f"a mistake that takes some words to say {n}", Share(n, 100)) for n in range(12)]
    found = [(f"1.{n}", n / 20, n / 20) for n in range(17)]
    sizes = [
        len(charts.columns([*range(10)], [str(n) for n in range(11)], "points", "t")),
        len(charts.bars(rows, "t")),
        len(charts.scatter(found, "t")),
    ]
    assert max(sizes) < 5 * 1024


def test_a_long_label_goes_on_in_another_line() -> None:
    label = "1.1 the gradient accumulates over all the steps instead of being replaced at each"
    chart = svg(charts.bars([(label, Share(1, 2)), ("short", Share(1, 2))], "t"))
    lines = drawn(chart, "text", "label")
    assert " ".join(str(line.text) for line in lines) == f"{label} short" and len(lines) == 3
    heights = [float(line.get("y", "")) for line in lines]
    assert heights == sorted(set(heights))


def test_what_stands_in_a_chart_is_escaped() -> None:
    chart = svg(charts.bars([("<b> & co", Share(1, 2))], '"quoted" <title>'))
    assert drawn(chart, "text", "label")[0].text == "<b> & co"
    assert chart.get("aria-label") == '"quoted" <title>'
