"""A stand-in for the sandbox that runs a variant in this process: the grader without isolation.

For trusted code only. It must answer as the worker does; `tests/test_in_process.py` checks that.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np

from autograder.authoring.casebook.variants import REFERENCE, Variant
from autograder.problem import Arrays, Backend, Fault, Problem, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.session import Paper, Sheet
from autograder.worker import faults, lines, returned
from autograder.worker.messages import one_line
from autograder.worker.returned import Watched, WrongReturn
from autograder.worker.serve import as_arrays


class InProcess:
    """Opens sessions on the variant it was made with.

    One at a time: they take standard output away while a probe runs, and there is only one.
    """

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.side_by_side = 1

    def together(
        self, backend: Backend, package: Path | None = None, hidden: bool = False
    ) -> InProcessSession:
        """A session for many problems; no process is started."""
        return InProcessSession(self.variant, hidden)

    def session(
        self, problem: Problem, package: Path | None = None, hidden: bool = False
    ) -> InProcessSession:
        """A session for one problem; no process is started."""
        return InProcessSession(self.variant, hidden)

    def lending(
        self, problem: Problem, package: Path, hidden: bool, lent: Sequence[str]
    ) -> InProcessSession:
        """The same: a variant lacks no file, so that there is nothing to lend."""
        return InProcessSession(self.variant, hidden)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Nothing to compile: variants are modules already."""

    def absent(self, package: Path, lesson: str) -> None:
        """Nothing is missing from a variant."""

    def close(self) -> None:
        """Nothing to close."""


class InProcessSession:
    """Runs probes directly."""

    def __init__(self, variant: Variant, hidden: bool = False) -> None:
        self.variant, self.hidden = variant, hidden

    def __enter__(self) -> InProcessSession:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def sheets(self, papers: Sequence[Paper]) -> Iterator[tuple[Paper, Sheet]]:
        """The answers to papers sat together."""
        for paper in papers:
            yield paper, self.sheet(paper)

    def sheet(self, paper: Paper) -> Sheet:
        """The answer to one paper; what trusted code prints is dropped."""
        replies = [self.call(paper.problem, inputs) for inputs in paper.cases]
        if self.hidden:
            replies = [sanitise.hidden_reply(reply, paper.problem) for reply in replies]
        return Sheet(tuple(replies))

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """The probe's outputs on copies of the inputs, or the fault that stopped it."""
        copies = {name: value.copy() for name, value in inputs.items()}
        try:
            unheard = io.StringIO()
            with np.errstate(all="ignore"), redirect_stdout(unheard), redirect_stderr(unheard):
                student = Watched(self.variant.module(problem.lesson), problem)
                outputs = problem.probe(student, **copies)
            arrays, odd = as_arrays(outputs)
        except Exception as error:
            return Reply(fault=_fault(problem, error))
        return Reply(arrays, odd, _changed(inputs, copies))

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """The probe once for each row of the stack in place of `inputs[name]`; outputs stacked."""
        replies = []
        for value in stack:
            reply = self.call(problem, {**inputs, name: value})
            if reply.fault is not None:
                return Reply(fault=reply.fault)
            replies.append(reply)
        outputs = {}
        for output in replies[0].outputs:
            outputs[output] = np.stack([reply.outputs[output] for reply in replies])
        return Reply(outputs)


def _fault(problem: Problem, error: Exception) -> Fault:
    """The fault that the worker makes of an exception."""
    if isinstance(error, WrongReturn):
        return Fault("returned", error.error, one_line(str(error)))
    if isinstance(error, NotImplementedError):
        return faults.unfinished(error)
    # Raised in the probe itself, these say that it could not take apart what was returned. It is
    # known by its file: the function that is checked may have the probe's name.
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    in_probe = files[-1] in (problem.probe.__code__.co_filename, returned.FILE)
    in_probe = in_probe and not any(file.startswith(f"{REFERENCE}/") for file in files)
    if in_probe and isinstance(error, faults.MISFITS):
        return faults.stumbled(error, problem)
    trace = lines.places(error.__traceback__)
    theirs = [place for place in trace if place[0].f_code.co_filename.startswith(f"{REFERENCE}/")]
    text = faults.meaning(error, theirs) if theirs else str(error)
    return Fault("raised", type(error).__name__, one_line(text))


def _changed(inputs: Arrays, copies: Arrays) -> tuple[str, ...]:
    """The names of the arguments that were changed in place."""
    changed = []
    for name, value in inputs.items():
        if not np.array_equal(value, copies[name], equal_nan=True):
            changed.append(name)
    return tuple(changed)
