"""A stand-in for the sandbox that runs a variant in this process: the grader without isolation.

For trusted code only. It must answer as the worker does; `tests/test_in_process.py` checks that.
"""

from __future__ import annotations

import io
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np

from autograder.authoring.casebook.variants import REFERENCE, Variant
from autograder.check.in_process import Direct, DirectSession
from autograder.problem import Arrays, Fault, Problem, Reply
from autograder.worker import faults, lines, returned
from autograder.worker.messages import one_line
from autograder.worker.returned import Watched, WrongReturn
from autograder.worker.student import as_arrays


class InProcess(Direct):
    """Opens sessions on the variant it was made with. No file is missing from a variant."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant

    def opened(self, package: Path | None, hidden: bool) -> InProcessSession:
        """A session on the variant, whatever package is named."""
        return InProcessSession(self.variant, hidden)


class InProcessSession(DirectSession):
    """Runs probes directly."""

    def __init__(self, variant: Variant, hidden: bool = False) -> None:
        super().__init__(hidden)
        self.variant = variant

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
