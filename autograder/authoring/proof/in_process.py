"""A stand-in for the sandbox that runs trusted code, a variant, in this process: the whole grader
without the isolation.

It must answer as the worker does; `tests/test_rehearsal.py` holds it to that.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from autograder.arrays import exact
from autograder.authoring.casebook.variants import Variant
from autograder.problem import Arrays, Fault, Problem, Reply


class InProcess:
    """Opens sessions on the variant it was made with."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant

    def session(self, problem: Problem, package: Path | None = None) -> InProcessSession:
        """A session for one problem; no process is started."""
        return InProcessSession(self.variant)

    def compile(self, package: Path, modules: Sequence[str]) -> None:
        """Nothing to compile: variants are modules already."""

    def close(self) -> None:
        """Nothing to close."""


class InProcessSession:
    """Runs probes directly."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant

    @property
    def printed(self) -> str:
        """Nothing: what trusted code prints is dropped."""
        return ""

    def __enter__(self) -> InProcessSession:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def calls(self, problem: Problem, cases: Sequence[Arrays]) -> list[Reply]:
        """The replies to several cases."""
        return [self.call(problem, inputs) for inputs in cases]

    def call(self, problem: Problem, inputs: Arrays) -> Reply:
        """The probe's outputs on copies of the inputs, or the fault that stopped it."""
        copies = {name: value.copy() for name, value in inputs.items()}
        try:
            with np.errstate(all="ignore"), redirect_stdout(io.StringIO()):
                outputs = problem.probe(self.variant.module(problem.lesson), **copies)
        except NotImplementedError as error:
            return Reply(fault=Fault("todo", "NotImplementedError", str(error)))
        except Exception as error:
            in_probe = traceback.extract_tb(error.__traceback__)[-1].name == problem.name
            returned = in_probe and isinstance(error, (TypeError, ValueError))
            return Reply(
                fault=Fault(
                    "returned" if returned else "raised", type(error).__name__, str(error)[:200]
                )
            )
        changed = tuple(
            name
            for name, value in inputs.items()
            if not np.array_equal(value, copies[name], equal_nan=True)
        )
        arrays = {name: np.asarray(value) for name, value in outputs.items()}
        odd = {
            name: f"of type {type(outputs[name]).__name__}"
            for name, a in arrays.items()
            if a.dtype.kind not in "biuf"
        }
        return Reply(
            {name: exact(array) for name, array in arrays.items() if name not in odd}, odd, changed
        )

    def call_many(self, problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        """The probe once for each row of the stack in place of `inputs[name]`; outputs stacked."""
        replies = [self.call(problem, {**inputs, name: value}) for value in stack]
        fault = next((reply.fault for reply in replies if reply.fault is not None), None)
        if fault is not None:
            return Reply(fault=fault)
        return Reply(
            {out: np.stack([reply.outputs[out] for reply in replies]) for out in replies[0].outputs}
        )
