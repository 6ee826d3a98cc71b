"""JUnit XML, which continuous integration shows: a case for each problem, in a suite.

The form is that of https://github.com/testmoapp/junitxml. A message is what the student may read.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.printable import LINES, printable
from autograder.problem import Verdict
from autograder.report.record import as_text
from autograder.report.telling import Telling
from autograder.report.words import is_carried, score, word

ERRORS = ("error", "timeout")

COUNTED = {"tests": "", "failures": "/failure", "errors": "/error", "skipped": "/skipped"}
"""Attribute of a suite -> the part of a case of which there are that many."""


def junit(telling: Telling) -> str:
    """The file for one check, with a suite for each of the student's files."""
    root = Element("testsuites", name="check")
    suites: dict[str, Element] = {}
    for verdict in telling.verdicts:
        if verdict.lesson not in suites:
            suites[verdict.lesson] = SubElement(root, "testsuite", name=f"{verdict.lesson}.py")
        case = case_of(suites[verdict.lesson], verdict)
        file, line = telling.file(verdict)
        case.set("file", printable(file))
        case.set("line", str(line))
        add_result(case, verdict, telling.level)
    # Whatever a terminal's encoding is: every other character is written by its number.
    return as_xml(root, "us-ascii").decode("ascii")


def case_of(suite: Element, verdict: Verdict) -> Element:
    """Add the case of a problem, without a result."""
    case = SubElement(suite, "testcase", classname=verdict.lesson, name=verdict.problem)
    # Without it some readers say that the file is broken; how long it took is not kept.
    case.set("time", "0")
    return case


def add_result(case: Element, verdict: Verdict, level: int) -> None:
    """Say in its case what became of a problem.

    What is carried for all of its points is no failure, as on Gradescope. level: of the hints.
    """
    if verdict.status == "passed":
        return
    text = as_text(verdict, level)
    if is_carried(verdict) and verdict.score >= verdict.max_score > 0:
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


def as_xml(root: Element, encoding: str = "utf-8") -> bytes:
    """The finished file, with what a reader wants counted on every suite and on all together."""
    totals = dict.fromkeys(COUNTED, 0)
    for suite in root.iter("testsuite"):
        for name, part in COUNTED.items():
            number = len(suite.findall(f"testcase{part}"))
            suite.set(name, str(number))
            totals[name] += number
    for name, number in totals.items():
        root.set(name, str(number))
    indent(root)
    written: bytes = tostring(root, encoding=encoding, xml_declaration=True)
    return written + b"\n"
