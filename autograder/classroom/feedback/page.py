"""The page of one student: points, what to look at next, and a box for each problem not yet right.

It is made of a `Standing`, for the points, and of `Told`, for everything else. Neither another
student's name nor anything for staff comes this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.classroom.feedback.dates import dates_of, late_work
from autograder.classroom.standing import Standing
from autograder.classroom.templates import environment
from autograder.classroom.told import Told
from autograder.numbers import task_numbers
from autograder.printable import LINES, printable
from autograder.problem import Verdict
from autograder.report.ladder import on_own_computer
from autograder.report.page import html
from autograder.report.words import is_carried, look_next, points, score
from autograder.settings import Course

NOT_GRADED = (
    "Your submission could not be graded yet, so no points are decided. Ask the course staff: they "
    "can see why."
)
MISSING = "Nothing of yours was handed in."
DIFFERS = "What late work costs differs between the members of this group: see the grade itself."
NO_RESULTS = "This course shows the points, and nothing else of the result."


@dataclass(frozen=True)
class Body:
    """What the pages of a group have in common: all but the name.

    files: points by file. next: the problem to look at. boxes, passed: problem by problem.
    """

    sentences: tuple[str, ...] = ()
    files: tuple[Mapping[str, str], ...] = ()
    next: Mapping[str, str] | None = None
    remarks: tuple[str, ...] = ()
    boxes: tuple[Mapping[str, Any], ...] = ()
    passed: tuple[Mapping[str, str], ...] = ()


def render(standing: Standing, course: Course, title: str, body: Body) -> str:
    """The page of one student as HTML.

    title: of the problem set.
    """
    final = points(standing.final) if standing.grade is not None else ""
    sentences = (*late_work(standing), *body.sentences)
    return _rendered(standing, course, title, body, standing.student.shown, final, sentences)


def render_shared(group: Sequence[Standing], course: Course, title: str, body: Body) -> str:
    """The page that all of a group read: it says no name, and no points that only one of them has.

    An extension is one student's, so late work may cost two members of a group differently.
    """
    first = group[0]
    alike = {(one.final, one.lateness.days, one.lateness.slipped) for one in group}
    if len(alike) == 1 and len(group) == len(first.group):
        final = points(first.final) if first.grade is not None else ""
        sentences = (*late_work(first), *body.sentences)
    else:
        final = ""
        sentences = (f"{points(first.raw)} points earned. {DIFFERS}", *body.sentences)
    return _rendered(first, course, title, body, "", final, sentences)


def _rendered(
    standing: Standing,
    course: Course,
    title: str,
    body: Body,
    name: str,
    final: str,
    sentences: Sequence[str],
) -> str:
    page = {
        **vars(body),
        "course": course.name,
        "term": course.term,
        "title": title,
        "student": name,
        "about": tuple(_about(standing, course)),
        "sentences": sentences,
        "final": final,
        "worth": points(standing.worth),
    }
    return _clean(_template().render(page=page))


def body_of(told: Told, course: Course) -> Body:
    """What there is to say of a submission."""
    if told.unread:
        why = f"Your files could not be read, so there are no points: {told.unread.rstrip('.')}."
        return Body((why,), remarks=told.remarks)
    if not told.shows_results:
        return Body((NO_RESULTS,), remarks=told.remarks)
    numbers = task_numbers(course)
    open_ones = [verdict for verdict in told.verdicts if verdict.status != "passed"]
    sentences = () if open_ones else ("Everything is right.",)
    return Body(
        sentences,
        tuple(_by_file(told.verdicts)),
        _next(told.verdicts, numbers),
        told.remarks,
        tuple(_box(verdict, told, numbers) for verdict in open_ones),
        tuple(_line(verdict, numbers) for verdict in told.verdicts if verdict.status == "passed"),
    )


def body_without(standing: Standing) -> Body:
    """What there is to say where there is no grade."""
    return Body((MISSING if standing.handed_in is None else NOT_GRADED,))


# ---------------------------------------------------------------------------------- its sentences


def _about(standing: Standing, course: Course) -> Iterator[str]:
    yield from dates_of(standing, course)
    group = standing.group
    if len(group) > 1:
        yield f"Handed in by a group of {len(group)}"


def _by_file(verdicts: Sequence[Verdict]) -> Iterator[Mapping[str, str]]:
    by_lesson: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_lesson.setdefault(verdict.lesson, []).append(verdict)
    for lesson, of_lesson in by_lesson.items():
        passed = sum(verdict.status == "passed" for verdict in of_lesson)
        carried = sum(is_carried(verdict) for verdict in of_lesson)
        yield {
            "name": f"{lesson}.py",
            "points": points(fsum(verdict.score for verdict in of_lesson)),
            "worth": points(fsum(verdict.max_score for verdict in of_lesson)),
            "problems": f"{passed} of {len(of_lesson)} passed"
            + (f", {carried} carried" if carried else ""),
        }


def _next(verdicts: Sequence[Verdict], numbers: Mapping[str, str]) -> Mapping[str, str] | None:
    following = look_next(verdicts)
    if following is None:
        return None
    what = "Still to do:" if following.status == "todo" else "Mend this first:"
    name = following.problem
    return {"what": what, "name": name, "number": numbers.get(name, "")}


def _box(verdict: Verdict, told: Told, numbers: Mapping[str, str]) -> Mapping[str, Any]:
    shown = html(verdict, told.policy.hints, way=on_own_computer)
    return {**_line(verdict, numbers), "html": Markup(shown)}


def _line(verdict: Verdict, numbers: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "name": verdict.problem,
        "number": numbers.get(verdict.problem, ""),
        "title": verdict.title,
        "score": score(verdict),
    }


# ------------------------------------------------------------------------------------- its template


@cache
def _template() -> Any:
    return environment(Path(__file__).parent / "templates").get_template("page.html")


def _clean(page: str) -> str:
    """The page without characters that turn a line round, in whatever it quotes."""
    # `printable` goes through them one by one, and a page is long and rarely has one.
    if page.replace("\n", "").isprintable():
        return page
    return printable(page, LINES)
