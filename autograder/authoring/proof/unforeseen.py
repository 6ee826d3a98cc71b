"""Unforeseen mistakes: what the grader says to wrong code that was written without a look at it.

The versions in `tests/unforeseen` were written blind, from the stubs alone. What is said to each
was then read by a marker, who put down in `read.json` which sentences name the mistake, which are
true and do not, and which are false. A sentence that nobody has read yet is an objection, where
no misconception explains all that is wrong.
"""

from __future__ import annotations

import json
import math
import re
import runpy
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Literal
from unittest.mock import patch

from autograder import lessons
from autograder.authoring.casebook.variants import BuildError, code_span, read_package
from autograder.authoring.proof.measure import Line, in_parallel
from autograder.casebook import Casebook
from autograder.grade import limits_of, opened
from autograder.judge import Result
from autograder.judge.experiments import live
from autograder.problem import Finding
from autograder.sandbox import Sandbox
from autograder.settings import Course, thaw

ENOUGH = 120
ENOUGH_NAMED = 0.85

Mark = Literal["named", "true", "false"]
"""What a marker says of a sentence: it names the mistake; it is true, and does not; it is false."""

CAUSES = ("runs", "shapes", "finite", "arguments", "gradients", "experiment", "diagnosis")
"""The layers that say what is wrong; of the others, what stands on the ladder of hints."""

PAIR = re.compile(r"yours .*, expected ")
"""What a sentence about values has in it that only shows two numbers."""


@dataclass(frozen=True)
class Version:
    """One wrong version: an edit of the right file of its lesson, written blind.

    problem: in which the mistake is made. replace: text that occurs once in the function. by: what
    stands there instead. truth: what a good human marker would say of it.
    """

    problem: str
    replace: str
    by: str
    truth: str

    @property
    def key(self) -> str:
        """A short name that is the same wherever the version stands in its file."""
        edit = f"{self.problem}\n{self.replace}\n{self.by}"
        return f"{self.problem} {sha256(edit.encode()).hexdigest()[:6]}"


@dataclass(frozen=True)
class Told:
    """What the grader says to a version.

    passed: it says nothing, all points are earned. known: a misconception of that problem explains
    all of it, so that it is not unforeseen. sentences: those that say what is wrong.
    """

    version: Version
    passed: bool
    known: bool
    sentences: tuple[str, ...]


def versions(folder: Path) -> dict[str, tuple[Version, ...]]:
    """Lesson -> its versions."""
    found = {}
    for name in lessons.names():
        path = folder / f"{name}.py"
        if path.exists():
            found[name] = tuple(runpy.run_path(str(path))["VERSIONS"])
    return found


def edited(right: str, version: Version) -> str:
    """The right file with the edit of a version. Raises BuildError if it does not fit."""
    of = lessons.find(version.problem).of
    start, end = 0, len(right)
    if right.count(version.replace) != 1:
        start, end = code_span(right, of)
    function = right[start:end]
    if function.count(version.replace) != 1:
        raise BuildError(f"{version.key}: the text to replace is not there once")
    return right[:start] + function.replace(version.replace, version.by) + right[end:]


def told(solutions: Path, frozen: Path, folder: Path, lesson: str) -> list[Told]:
    """What students would read of each version of a lesson, with every hint, on public cases."""
    right = (folder / "right" / f"{lesson}.py").read_text(encoding="utf-8")
    others = read_package(solutions / "recurrent")
    course, books = thaw(frozen / "course.json"), [Casebook(frozen / "public")]
    found = []
    # On a slow machine a student is told less; what a marker has read is all that may be said.
    with patch.object(live, "SECONDS", math.inf), Sandbox(limits_of(course)) as sandbox:
        for version in versions(folder)[lesson]:
            sources = {**others, lesson: edited(right, version)}
            result = _result(sources, course, books, version.problem, sandbox)
            found.append(_told(version, result))
    return found


def _result(
    sources: Mapping[str, str],
    course: Course,
    books: Sequence[Casebook],
    problem: str,
    sandbox: Sandbox,
) -> Result:
    """The result in one problem of a package given as source texts."""
    with tempfile.TemporaryDirectory(prefix="unforeseen-") as scratch:
        package = Path(scratch) / "recurrent"
        package.mkdir()
        for name, source in sources.items():
            (package / f"{name}.py").write_text(source, encoding="utf-8")
        with opened(Path(scratch), course, books, sandbox) as grader:
            return grader.result(lessons.find(problem))


def _told(version: Version, result: Result) -> Told:
    verdict, decision = result.verdict, result.decision
    wrong = {output for output, state in decision.outputs.items() if state != "right"}
    explained: set[str] = set()
    for diagnosis in decision.diagnoses:
        explained |= set(diagnosis.outputs)
    return Told(
        version,
        passed=verdict.status == "passed",
        known=bool(wrong) and wrong <= explained,
        sentences=tuple(finding.text for finding in verdict.findings if _says_why(finding)),
    )


def _says_why(finding: Finding) -> bool:
    if finding.good:
        return False
    says_more = finding.layer == "values" and not PAIR.search(finding.text)
    return finding.layer in CAUSES or finding.level > 0 or says_more


# --------------------------------------------------------------------------------- what was read


def read_marks(folder: Path) -> dict[str, dict[str, Mark]]:
    """Key of a version -> sentence -> what a marker said of it."""
    path = folder / "read.json"
    marks: dict[str, dict[str, Mark]] = {}
    if path.exists():
        marks = json.loads(path.read_text(encoding="utf-8"))
    return marks


def unforeseen_mistakes(solutions: Path, frozen: Path, folder: Path) -> Line:
    """The share of unforeseen mistakes that are named, and how many sentences are false."""
    names = list(versions(folder))
    all_told: list[Told] = []
    for found in in_parallel(partial(told, solutions, frozen, folder), names):
        all_told += found
    return judge_told(all_told, read_marks(folder))


def judge_told(all_told: Sequence[Told], marks: Mapping[str, Mapping[str, Mark]]) -> Line:
    """The line of the proof. marks: from `read_marks`."""
    unforeseen = [one for one in all_told if not one.known]
    named, false = 0, 0
    objections: list[str] = []
    for one in all_told:
        read = marks.get(one.version.key, {})
        said = [read.get(sentence) for sentence in one.sentences]
        named += "named" in said and not one.known
        false += said.count("false")
        objections += _objections(one, said)
    share = named / max(1, len(unforeseen))
    figures = (
        f"{len(all_told)} wrong versions written blind, {len(all_told) - len(unforeseen)} are "
        f"misconceptions that are known; of the other {len(unforeseen)}, {share:.0%} are told what "
        f"is wrong; {false} sentences are false"
    )
    if share < ENOUGH_NAMED:
        objections.append(f"{share:.0%} are fewer than {ENOUGH_NAMED:.0%}")
    if len(all_told) < ENOUGH:
        objections.append(f"{len(all_told)} versions are fewer than {ENOUGH}")
    return Line("unforeseen mistakes", figures, tuple(objections))


def _objections(one: Told, said: Sequence[Mark | None]) -> Iterator[str]:
    if one.passed:
        yield f"{one.version.key} passes: {one.version.truth}"
    for sentence, mark in zip(one.sentences, said, strict=True):
        if mark is None and not one.known:
            yield f"{one.version.key}: nobody has read yet: {sentence}"
        elif mark == "false":
            yield f"{one.version.key} is told what is false: {sentence}"
