"""JUnit XML of a class: a suite for each student, a case for each problem; see `report.junit`."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from autograder.classroom.export.job import Export, Job, exact, named, points_or_nothing, state_of
from autograder.classroom.standing import Standing
from autograder.classroom.told import Told, told_of
from autograder.printable import printable
from autograder.report.junit import add_result, as_xml, case_of


def junit(job: Job) -> Export:
    """The file."""
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
    return Export(as_xml(root))


def _fill(suite: Element, standing: Standing, told: Told) -> None:
    _properties(suite, standing)
    for verdict in told.verdicts:
        case = case_of(suite, verdict)
        if told.shows_results:
            add_result(case, verdict, told.policy.hints)


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
