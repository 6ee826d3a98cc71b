"""Small stores for tests of a class: who handed in what, and how each problem went, as rows.

    made = MadeUpStore(tmp_path / "class")
    made.hand_in(ADA, rnn_forward="failed", rnn_backward="carried")
    made.hand_in(ALAN, GRACE, late=True, rnn_forward=wrong("rnn_forward", digest="aa11"))
    made.unreadable(EDSGER, why="there is no Python file in it")
    store, course = made.store, made.course

What is not named is passed. Nothing is drawn: the same calls write the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from autograder import lessons
from autograder.classroom.grade import Key
from autograder.classroom.people import Student
from autograder.classroom.store import HandedIn, Shard, Store
from autograder.errors import OURS
from autograder.grade import course_problems
from autograder.levels import MOST
from autograder.problem import ErrorMap, Finding, Status, Verdict
from autograder.report.record import as_data, as_text
from autograder.settings import Course, Policy, load_course
from tests.conftest import COURSE_TOML

ADA = Student("Ada Lovelace", sid="1815", email="ada@example.edu", login="ada")
ALAN = Student("Alan Turing", sid="1912", email="alan@example.edu", login="alan")
GRACE = Student("Grace Hopper", sid="1906", email="grace@example.edu", login="grace")
EDSGER = Student("Edsger Dijkstra", sid="1930", email="edsger@example.edu", login="edsger")
BARBARA = Student("Barbara Liskov", sid="1939", email="barbara@example.edu", login="barbara")
PEOPLE = (ADA, ALAN, GRACE, EDSGER, BARBARA)

DUE = "2027-02-05T23:59:00-05:00"
IN_TIME, LATE = "2027-02-05T18:00:00-05:00", "2027-02-06T19:00:00-05:00"

HINTS = ("A first hint.", "A second hint.", "A third hint, which gives it away.")
IDEA = "the gradient passes the tanh unchanged"

Entry = dict[str, Any]
"""One problem of a row, as `Marker.grade_one` writes it."""


@cache
def course_of_tests() -> Course:
    """The course that tests use."""
    return load_course(COURSE_TOML)


tests_course = course_of_tests
"""The same by a name that pytest takes for a test where it is imported."""


PROBLEMS = course_problems(course_of_tests().only("recurrence"))
"""Those of the set that a class here hands in."""


def course_with(policy: Mapping[str, Any] | None = None, **changes: Any) -> Course:
    """The same with another policy: `course_with({"hidden_cases": "none"}, lend=True)`."""
    course = course_of_tests()
    return replace(course, policy=replace(Policy(), **dict(policy or {})), **changes)


def students(count: int) -> list[Student]:
    """So many students with names, numbers and addresses of their own."""
    made = []
    for number in range(count):
        login = f"s{number:05d}"
        name = f"{('Ada', 'Jörg', 'Zoë', 'Li')[number % 4]} Student{number:05d}"
        made.append(Student(name, str(100_000 + number), f"{login}@example.edu", login))
    return made


# ------------------------------------------------------------------------------- how a problem went


def passed(problem: str) -> Entry:
    """All right, for all points."""
    return _entry(problem, "passed", 1.0, "right", [Finding("values", "right on all", good=True)])


def wrong(
    problem: str,
    status: Status = "failed",
    *,
    share: float | None = None,
    diagnosis: str = "",
    carried_from: str = "",
    digest: str = "",
    hidden: str = "wrong on 3 of 10 hidden cases",
    printed: str = "",
    text: str = "",
) -> Entry:
    """Anything but right, with a message like the judge's.

    share: of the points; else none, or half of them where the status is `partial`. diagnosis: the
    name of a misconception, `no_tanh`. digest: of wrong numbers nobody foresaw. hidden: what is
    said of hidden cases; empty where nothing is. text: the finding, instead of one that fits.
    """
    if share is None:
        share = 0.5 if status == "partial" else 0.0
    findings = _findings(problem, status, text)
    if hidden:
        findings.append(Finding("hidden", hidden))
    named = ""
    if diagnosis:
        named = diagnosis if "." in diagnosis else f"{carried_from or problem}.{diagnosis}"
        findings.append(Finding("diagnosis", f"all your results come out when {IDEA}", level=MOST))
    if carried_from:
        follows = f"this follows from the mistake in {carried_from}, which is counted there"
        findings.append(Finding("carried", follows, good=True))
    state = {"todo": "missing", "error": "missing", "timeout": "missing"}.get(status, "wrong")
    entry = _entry(
        problem,
        status,
        share,
        "carried" if carried_from else state,
        findings,
        diagnosis=named,
        hints=HINTS if diagnosis else (),
        printed=printed,
    )
    return entry | {"carried_from": carried_from, "wrong": digest}


def carried(problem: str, source: str, diagnosis: str = "wrong_idea", share: float = 1.0) -> Entry:
    """Wrong only by a mistake in an earlier problem, for these points all the same."""
    return wrong(problem, "partial", share=share, diagnosis=diagnosis, carried_from=source)


def ours(problem: str) -> Entry:
    """The grader itself failed on it."""
    return wrong(problem, "error", text=OURS, hidden="")


def _findings(problem: str, status: str, text: str) -> list[Finding]:
    """What the judge would say first."""
    if text:
        return [Finding("runs", text)]
    if status in ("todo", "error", "timeout"):
        said = {
            "todo": f"still to do: {problem}",
            "error": "ValueError: bad",
            "timeout": "too slow",
        }
        return [Finding("runs", said[status])]
    output = lessons.find(problem).outputs[0]
    at = ErrorMap(output.name, ("N", "H"), np.eye(2, 3) > 0)
    return [Finding("values", f"{output.name} differs by 0.5 at [0, 0]", error_map=at)]


def _entry(
    problem: str,
    status: Status,
    share: float,
    state: str,
    findings: list[Finding],
    diagnosis: str = "",
    hints: tuple[str, ...] = (),
    printed: str = "",
) -> Entry:
    declared = lessons.find(problem)
    most = course_of_tests().points_of(declared)
    outputs = {tensor.name: state for tensor in declared.outputs}
    verdict = Verdict(
        problem,
        declared.lesson,
        declared.title,
        status,
        round(share * most, 10),
        most,
        outputs,
        tuple(findings),
        diagnosis or None,
        hints,
        printed,
    )
    entry = {
        "problem": problem,
        "lesson": declared.lesson,
        "score": verdict.score,
        "max_score": most,
        "status": status,
        "outputs": outputs,
        "diagnosis": diagnosis,
        "carried_from": "",
        "wrong": "",
        "message": as_text(verdict, MOST),
    }
    return entry if status == "passed" else entry | {"verdict": as_data(verdict)}


# ------------------------------------------------------------------------------------ what is built


class MadeUpStore:
    """A store that is written row by row.

    problem_set: of the tests' course. grader: stands for the grader's version; a store with another
    one is a regrade of the same class.
    """

    def __init__(
        self, folder: Path, problem_set: str = "recurrence", grader: str = "grader"
    ) -> None:
        self.folder, self.set, self.grader = folder, problem_set, grader
        self.course = course_of_tests()
        self.count = 0

    @property
    def store(self) -> Store:
        """The store, to be read."""
        return Store.of(self.folder)

    def key(self, files: str) -> Key:
        """The key of a grade of these files."""
        digest = sha256(files.encode()).hexdigest()
        return Key(digest, self.set, "casebook", self.grader)

    def row(self, files: str, *, error: str = "", **problems: Entry | str) -> Entry:
        """A grade as `Marker.grade_one` gives it.

        files: stands for their content; equal ones are graded once. problems: name -> how it went,
        an entry or a status; what is not named is passed.
        """
        entries = []
        for problem in course_problems(self.course.only(self.set)):
            went = problems.pop(problem.name, "passed")
            entries.append(_as_entry(problem.name, went))
        assert not problems, f"not in this set: {', '.join(problems)}"
        row = {
            "key": self.key(files).as_data(),
            "score": sum(entry["score"] for entry in entries),
            "max_score": sum(entry["max_score"] for entry in entries),
            "problems": entries,
            "remarks": [],
            "at_fault": any(OURS in entry["message"] for entry in entries),
            "seconds": 0.5,
        }
        return row | ({"error": error} if error else {})

    def hand_in(
        self,
        *group: Student,
        late: bool = False,
        at: str = "",
        files: str = "",
        number: int = 0,
        folder: str = "",
        name: str = "",
        results: Mapping[str, Any] | None = None,
        remarks: tuple[str, ...] = (),
        **problems: Entry | str,
    ) -> HandedIn:
        """Something handed in and graded. Several students are a group."""
        self.count += 1
        name = name or f"submission_{4000 + self.count}"
        row = self.row(files or name, **problems) | {"remarks": list(remarks)}
        handed_in = HandedIn(
            self.set,
            name,
            group,
            self.key(files or name),
            at=at or (LATE if late else IN_TIME),
            late=late,
            number=number,
            results=results,
            folder=folder,
            source="Gradescope export",
        )
        self.write(handed_in, row)
        return handed_in

    def unreadable(self, *group: Student, why: str = "there is no Python file in it") -> HandedIn:
        """Something handed in that could not be read: it has no points, and its row says why."""
        self.count += 1
        name = f"submission_{4000 + self.count}"
        nothing = {}
        for problem in course_problems(self.course.only(self.set)):
            entry = wrong(problem.name, "error", text=why, hidden="")
            del entry["verdict"]
            nothing[problem.name] = entry | {"message": why, "outputs": {}}
        handed_in = HandedIn(self.set, name, group, self.key(name), at=IN_TIME, late=False)
        self.write(handed_in, self.row(name, error=why, **nothing))
        return handed_in

    def not_graded(self, *group: Student, why: str = "the judge died on it twice") -> HandedIn:
        """Something handed in that has no grade, by no fault of its own."""
        self.count += 1
        name = f"submission_{4000 + self.count}"
        handed_in = HandedIn(self.set, name, group, None, at=IN_TIME, late=False, error=why)
        self.write(handed_in, None)
        return handed_in

    def not_graded_yet(self, *group: Student) -> HandedIn:
        """Something handed in whose key is known, of a run that was stopped before its grade."""
        self.count += 1
        name = f"submission_{4000 + self.count}"
        handed_in = HandedIn(self.set, name, group, self.key(name), at=IN_TIME, late=False)
        self.write(handed_in, None)
        return handed_in

    def roster(self, *people: Student) -> Path:
        """Who is in the class, handed in or not, as `class grade --roster` keeps it."""
        lines = ["name,sid,email,login"]
        lines += [f"{one.name},{one.sid},{one.email},{one.login}" for one in people]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "roster.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def write(self, handed_in: HandedIn, row: Entry | None, shard: Shard | None = None) -> None:
        """Append what was handed in, after its grade if it has one."""
        with Store(self.folder).writer(shard or Shard()) as writer:
            if row is not None:
                writer.grade(row)
            writer.hand_in(handed_in)


def _as_entry(problem: str, went: Entry | str) -> Entry:
    """How a problem went, where a status may stand for it."""
    if isinstance(went, dict):
        return went
    if went == "passed":
        return passed(problem)
    if went == "carried":
        first = lessons.lesson(lessons.find(problem).lesson).problems[0]
        return carried(problem, first.name)
    return wrong(problem, went)  # type: ignore[arg-type]


def made_up_class(folder: Path) -> MadeUpStore:
    """One of everything: right, wrong, carried, to do, a group, late, unreadable, not graded."""
    made = MadeUpStore(folder)
    made.hand_in(ADA)
    made.hand_in(
        ALAN,
        GRACE,
        late=True,
        rnn_step_backward=wrong("rnn_step_backward", diagnosis="no_tanh_slope"),
        rnn_backward=carried("rnn_backward", "rnn_step_backward", "no_tanh_slope"),
        last_hidden=wrong("last_hidden", digest="0123456789abcdef", printed="shape (3, 4)\n"),
        temporal_affine_forward="todo",
    )
    made.unreadable(EDSGER)
    made.not_graded(BARBARA)
    return made
