"""Whose questions: from what a student is known by to the numbers of their questions.

A student writes it into the file of the answers, `STUDENT = "ada@example.edu"`. It is read from the
text, before any of the code runs. Where somebody who can be trusted says who handed it in, as
Gradescope or a class list does, that counts.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from autograder import lessons
from autograder.casebook import ProblemCases
from autograder.judge import Result
from autograder.printable import printable
from autograder.problem import EXAMPLE, Case, Finding, Problem
from autograder.settings import Course

CONSTANT = "STUDENT"

WRITTEN = re.compile(rf"^{CONSTANT}\s*(?::\s*str\s*)?=\s*(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)

LONGEST_READ = 1_000_000
"""Characters of a file in which the line is sought."""

LONGEST_SHOWN = 80

KNOWN_BY: Mapping[str, str] = {
    "email": "your e-mail address",
    "sid": "your student number",
    "login": "your login",
    "written": "your name",
}
"""What `[answers] id` in course.toml may be, and what it is called."""


@dataclass(frozen=True)
class Whose:
    """Who answers, or why that is not known.

    id: as it counts. remark: what there is to say of it. why_not: what to do where nobody knows.
    """

    id: str = ""
    remark: str = ""
    why_not: str = ""


def whose(package: Path, lesson: str, course: Course, trusted: Sequence[str] = ()) -> Whose:
    """Whose answers a file holds.

    package: the folder in which `recurrent/` lies. trusted: what those who handed it in are known
    by, of whom one has written it; none where nobody says so.
    """
    path = package / "recurrent" / f"{lesson}.py"
    if not path.is_file():
        return Whose(EXAMPLE)  # nothing is answered, and nothing can be earned
    said = written(path)
    if trusted:
        known = {normalised(one): one for one in trusted}
        if normalised(said) in known:
            return Whose(known[normalised(said)])
        first = _first(known)
        remark = f"handed in by {_shown(first)}, whose questions count; "
        remark += f'{CONSTANT} in {path.name} is "{_shown(said)}"'
        return Whose(first, remark=remark)
    if mistake := _mistake_in(said, course):
        name = KNOWN_BY[course.answers.id]
        example = f'{CONSTANT} = "{_example(course)}"'
        where = f"recurrent/{path.name}"
        return Whose(
            why_not=f"{mistake}: write {name} there, as {example} in {where}, and the question "
            "is shown with your own numbers"
        )
    return Whose(said)


def student_of(package: Path, trusted: Sequence[str] = ()) -> str | None:
    """Whose files these are: whom somebody says who can be trusted, else whom a file names.

    package, trusted: as in `whose`. None where nobody says.
    """
    if trusted:
        return _first({normalised(one): one for one in trusted})
    for lesson in lessons.all_lessons():
        if lesson.asks:
            said = written(package / "recurrent" / f"{lesson.name}.py")
            if said and normalised(said) != EXAMPLE:
                return said
    return None


def _first(known: Mapping[str, str]) -> str:
    """Of several who handed in together always the same one. known: normalised -> as it came."""
    return known[min(known)]


def written(path: Path) -> str:
    """What a file says of who wrote it; empty where it does not."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")[:LONGEST_READ]
    except OSError:
        return ""
    found = WRITTEN.search(text)
    return found[1][1:-1].strip() if found else ""


def normalised(id: str) -> str:
    """The same for every way to write it: capitals and blanks do not count.

    >>> normalised(" Ada@Example.edu "), normalised("Ada  Lovelace")
    ('ada@example.edu', 'ada lovelace')
    """
    return " ".join(unicodedata.normalize("NFKC", id).casefold().split())


def _mistake_in(said: str, course: Course) -> str:
    """Why this can be nobody; empty where it can."""
    if not said:
        return f"{CONSTANT} is empty"
    if course.answers.id == "email" and "@" not in said and normalised(said) != EXAMPLE:
        return f'{CONSTANT} is "{_shown(said)}", which is no e-mail address'
    return ""


def _example(course: Course) -> str:
    shown = {
        "email": "ada@example.edu",
        "sid": "18151210",
        "login": "ada",
        "written": "Ada Lovelace",
    }
    return shown[course.answers.id]


def _shown(text: str) -> str:
    return printable(text, longest=LONGEST_SHOWN)


# --------------------------------------------------------------------------------- whose numbers


def sheet_of(problem: Problem, id: str, course: Course, sheets: int) -> int:
    """The number of the case that has a student's numbers; 0 is the example's.

    Another question or another term, by its seed, draws anew: who shares one sheet with somebody
    shares no other.
    """
    if normalised(id) == EXAMPLE:
        return 0
    text = json.dumps([course.seed, problem.name, normalised(id)])
    drawn = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
    return 1 + drawn % (sheets - 1)


def own_cases(cases: ProblemCases, id: str, course: Course) -> ProblemCases:
    """Of the cases of a question, those with a student's own numbers: one of each casebook."""
    kept: list[Case] = []
    for group in (cases.public, cases.hidden):
        if group:
            kept.append(group[sheet_of(cases.problem, id, course, len(group))])
    return replace(cases, all=tuple(kept))


def with_question(result: Result, problem: Problem, numbers: Case, remark: str) -> Result:
    """The result of a question, with the question first of all, and whose it is if that is odd."""
    assert problem.question is not None
    findings = [Finding("question", problem.question.text(numbers.inputs), good=True)]
    if remark:
        findings.append(Finding("question", remark))
    told = replace(result.verdict, findings=(*findings, *result.verdict.findings))
    return replace(result, verdict=told)


# ---------------------------------------------------------------------- who it is, on Gradescope


def trusted_by_gradescope(metadata: Path | None, course: Course) -> tuple[str, ...]:
    """What the members of a submission are known by, as Gradescope's file about it says; none where
    it does not, or where the course goes by what is written.
    """
    if metadata is None or course.answers.id not in ("email", "sid"):
        return ()
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        found = [str(user[course.answers.id]) for user in users]
    except Exception:  # of a file that is not ours anything may be missing
        return ()
    return tuple(one for one in found if one.strip())
