"""JUnit XML, which continuous integration shows: a suite for each student, a case for each problem.

The form is that of https://github.com/testmoapp/junitxml. A message is what the student may read.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.classroom.export.job import Export, Job, exact, named, points_or_nothing, state_of
from autograder.classroom.standing import Standing
from autograder.classroom.told import Told, told_of
from autograder.printable import LINES, printable
from autograder.problem import Verdict
from autograder.report.record import as_text
from autograder.report.words import is_carried, score, word

ERRORS = ("error", "timeout")


def junit(job: Job) -> Export:
    """The file. What is carried for all of its points is no failure, as on Gradescope."""
    handed_in = [standing.handed_in for standing in job.standings if standing.handed_in]
    rows = dict(job.store.whole_rows({one.key for one in handed_in if one.key}))
    root = Element("testsuites", name=printable(f"{job.course.name}: {job.title}"))
    for standing in job.standings:
        suite = SubElement(root, "testsuite", name=printable(named(standing)))
        key = standing.handed_in.key if standing.handed_in else None
        if standing.handed_in is not None and key is not None and key in rows:
            told = told_of(rows[key], job.course, standing.handed_in.number)
            _fill(suite, standing, told)
        else:
            _empty(suite, standing)
    _count(root)
    indent(root)
    return Export(tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _fill(suite: Element, standing: Standing, told: Told) -> None:
    _properties(suite, standing)
    for verdict in told.verdicts:
        case = SubElement(suite, "testcase", classname=verdict.lesson, name=verdict.problem)
        # Without it some readers say that the file is broken; how long it took is not kept.
        case.set("time", "0")
        if told.shows_results:
            _result(case, verdict, told)


def _result(case: Element, verdict: Verdict, told: Told) -> None:
    text = as_text(verdict, told.policy.hints)
    is_green = is_carried(verdict) and verdict.score >= verdict.max_score > 0
    if verdict.status == "passed":
        return
    if is_green:
        SubElement(case, "system-out").text = f"{word(verdict)}\n{text}"
        return
    kind = "failure"
    if verdict.status in ERRORS:
        kind = "error"
    elif verdict.status == "todo":
        kind = "skipped"
    found = SubElement(case, kind, message=f"{word(verdict)}: {score(verdict)} points")
    if kind != "skipped":
        found.set("type", verdict.status)
    found.text = printable(text, LINES)


def _empty(suite: Element, standing: Standing) -> None:
    """Of a student without a grade: one case that says so."""
    _properties(suite, standing)
    state = state_of(standing)
    case = SubElement(suite, "testcase", classname=standing.set, name="submission", time="0")
    what = "nothing was handed in" if state == "missing" else "this could not be graded"
    SubElement(case, "skipped" if state == "missing" else "error", message=what)


def _properties(suite: Element, standing: Standing) -> None:
    """The points, which a count of cases does not tell."""
    properties = SubElement(suite, "properties")
    points = points_or_nothing(standing)
    if points:
        SubElement(properties, "property", name="raw", value=exact(standing.raw))
        SubElement(properties, "property", name="penalty", value=exact(standing.penalty))
        SubElement(properties, "property", name="final", value=points)
    SubElement(properties, "property", name="worth", value=exact(standing.worth))
    SubElement(properties, "property", name="state", value=state_of(standing))


def _count(root: Element) -> None:
    """The numbers that a reader wants on every suite and on all together."""
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in root.iter("testsuite"):
        counts = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        for name, number in counts.items():
            suite.set(name, str(number))
            totals[name] += number
    for name, number in totals.items():
        root.set(name, str(number))
