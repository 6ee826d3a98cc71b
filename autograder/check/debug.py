"""A failing case to work with, in the student's own process: their code, their machine, no sandbox.

`breakpoint()` and `print` work there, and a traceback is what Python says. Only the public casebook
is read: of hidden cases nothing can be had here.
"""

from __future__ import annotations

import bdb
import importlib
import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder import lessons
from autograder.casebook import Casebook, gathered
from autograder.check.process import run_check
from autograder.compare import wrong_tensors
from autograder.convention import LECTURE, Convention
from autograder.errors import UserError, did_you_mean
from autograder.grade import Grader, convention_in, handout_folder, opened
from autograder.judge import describe, faulty
from autograder.judge.attempt import finished
from autograder.problem import Arrays, Case, Problem, Reply
from autograder.settings import Course, thaw
from autograder.sitting import SandboxLike
from autograder.worker.student import NUMPYS_OWN, as_arrays, start_of_random_numbers

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "autograder" / "frozen" / "public"
COURSE = PUBLIC.with_name("course.json")


@dataclass(frozen=True)
class GivenCase:
    """A public case of a problem: `inputs`, `expected`, and `run()` on your code.

    fails: your code fails it; None for one that was not the first to be looked for.
    folder: in which your `recurrent/` lies. convention: your own, which all arrays here are in.
    """

    problem: Problem
    case: Case
    folder: Path
    fails: bool | None = None
    convention: Convention = LECTURE

    @property
    def name(self) -> str:
        """Its sizes, or what is special about it."""
        return self.case.name

    @property
    def inputs(self) -> Arrays:
        """Copies of the arrays that the check calls your function with, by name."""
        return self._own(self.case.inputs)

    @property
    def expected(self) -> Arrays:
        """Copies of the arrays that are expected, by name."""
        return self._own(self.case.expected)

    def _own(self, arrays: Arrays) -> Arrays:
        own = self.convention.to_student(self.problem, arrays)
        return {name: value.copy() for name, value in own.items()}

    @property
    def cases(self) -> dict[str, GivenCase]:
        """All public cases of the problem, by name."""
        cases = public_cases(self.problem)
        found = {}
        for case in cases:
            given = GivenCase(self.problem, case, self.folder, convention=self.convention)
            found[case.name] = given
        return found

    def run(self) -> dict[str, Any]:
        """What the check gets from your file as it is now. Raises whatever your code raises."""
        with own_module(self.folder, self.problem.lesson) as module:
            start_of_random_numbers()
            with np.errstate(**NUMPYS_OWN):
                return dict(self.problem.probe(module, **self.inputs))

    def __repr__(self) -> str:
        said = {True: ", which your code fails", False: " (your code passes them all)", None: ""}
        return "\n".join(
            [
                f"{self.problem.name}, public case {self.name}{said[self.fails]}",
                f"  inputs    {describe.shapes(self.case.inputs)}",
                f"  expected  {describe.shapes(self.case.expected)}",
                f"  run()     runs recurrent/{self.problem.lesson}.py on it, here in this process",
            ]
        )


def case_to_work_with(name: str) -> GivenCase:
    """The first public case of a problem that the files in `recurrent/` fail; else the first.

    Raises UserError if there is no such problem.
    """
    problem = problem_named(name)
    recurrent = handout_folder()
    if recurrent is None:
        raise UserError("there is no folder recurrent/ beside the check")
    number = _ask_in_a_process(name)
    return _given(problem, number, recurrent.parent, thaw(COURSE), number is not None)


def _given(
    problem: Problem, number: int | None, folder: Path, course: Course, fails: bool | None = None
) -> GivenCase:
    """A public case, in the convention of whoever wrote the files in a folder."""
    own = convention_in(folder, course)
    return GivenCase(problem, public_cases(problem)[number or 0], folder, fails, own)


def _ask_in_a_process(name: str) -> int | None:
    """The number of the first failing case, found in the sandbox; None if none fails."""
    number: int | None = json.loads(run_check(ROOT, name, "--debug", "--json").stdout)["case"]
    return number


def problem_named(name: str) -> Problem:
    """The problem of that name, which has cases. Raises UserError if there is none."""
    book = Casebook(PUBLIC)  # of other lessons there are no cases here
    there = [problem for problem in lessons.all_problems() if book.has(problem.lesson)]
    known = {problem.name: problem for problem in there}
    if name not in known:
        raise UserError(f"there is no problem {name!r}{did_you_mean(name, known)}")
    if known[name].question is not None:
        raise UserError(no_case(name))
    return known[name]


def no_case(name: str) -> str:
    """What to say where somebody asks for the case of a question."""
    return f"{name} is a question, and there is no case to run: the check shows the question"


def public_cases(problem: Problem) -> tuple[Case, ...]:
    """The public cases of a problem; no other casebook is opened."""
    return gathered(problem, [Casebook(PUBLIC)]).public


def first_failing(
    submission: Path, problem: Problem, course: Course, sandbox: SandboxLike
) -> int | None:
    """The number of the public case that the check tells of; None if all are passed."""
    with opened(submission, course, [Casebook(PUBLIC)], sandbox) as grader:
        return _told(grader, problem)


def _told(grader: Grader, problem: Problem) -> int | None:
    result, examined = grader.result(problem), grader.examined(problem)
    if examined is None:
        return None if result.verdict.status == "passed" else 0
    attempt, evidence = examined
    if evidence.all_right:
        return None
    return evidence.shown if evidence.fault is None else faulty.told_case(attempt)


# ----------------------------------------------------------------------------- in this very process


def debug(submission: Path, problem: Problem, number: int | None, course: Course) -> int:
    """Run a case in this process, and leave what happens to Python and its debugger.

    number: of the case that fails; None if none does. Returns the exit status.
    """
    file = submission / "recurrent" / f"{problem.lesson}.py"
    if not file.is_file():
        raise UserError(f"there is no {file}: --debug runs the file itself")
    given = _given(problem, number, submission, course)
    which = "the one that the check tells of" if number is not None else "no case fails: the first"
    print(
        f"{problem.name} runs now on its public case {given.name} ({which}), in this process and "
        "without the sandbox: print and breakpoint() work",
        flush=True,
    )
    try:
        returned = given.run()
    except Exception as error:
        _show(error)
        return 1
    wrong = _wrong(given, returned)
    for name, value in given.expected.items():
        print(f"{name} {describe.shape_of(value)}: {wrong.get(name, 'as expected')}")
    return 1 if wrong else 0


def _show(error: Exception) -> None:
    """What stopped the code: Python's own account, and its debugger where somebody can type."""
    if isinstance(error, bdb.BdbQuit):
        return  # by whoever is at the debugger
    if isinstance(error, NotImplementedError):
        print(f"still to do: {error}")
    elif isinstance(error, SyntaxError):  # no frame of theirs has run
        print("".join(traceback.format_exception_only(error)), end="", file=sys.stderr)
    else:
        traceback.print_exception(error)
        if sys.stdin is not None and sys.stdin.isatty():
            import pdb

            pdb.post_mortem(error.__traceback__)


def _wrong(given: GivenCase, returned: Mapping[str, Any]) -> dict[str, str]:
    """Output -> that it is another one, or what stands in its place."""
    arrays, odd = as_arrays(returned)
    compared = given.convention.to_lecture(given.problem, arrays)
    reply = finished(given.problem, given.case, Reply(compared, odd))
    differing = wrong_tensors(given.problem, reply.outputs, given.case.expected)
    wrong = dict.fromkeys(differing, "differs")
    for name in wrong:
        got = reply.outputs.get(name)
        if name in reply.odd:
            wrong[name] = f"yours is {reply.odd[name]}"
        elif got is not None and got.shape != given.expected[name].shape:
            wrong[name] = f"yours is {describe.shape_of(got)}"
    return wrong


@contextmanager
def own_module(folder: Path, lesson: str) -> Iterator[ModuleType]:
    """The student's file, imported afresh; what was imported before is put back afterwards."""
    before = {name: module for name, module in sys.modules.items() if _is_theirs(name)}
    for name in before:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield importlib.import_module(f"recurrent.{lesson}")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if _is_theirs(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def _is_theirs(name: str) -> bool:
    return name.partition(".")[0] == "recurrent"
