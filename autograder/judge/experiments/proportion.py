"""Twice the upstream, twice the gradient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder import lessons
from autograder.judge.experiments.measure import TINY, Run, is_small
from autograder.problem import Arrays, Problem


def upstream_of(problem: Problem) -> tuple[str, ...]:
    """The inputs that are gradients from above; none where there is no forward problem."""
    if not problem.gradient_of:
        return ()
    outputs = {f"d{tensor.name}" for tensor in lessons.forward_of(problem).gives}
    return tuple(tensor.name for tensor in problem.takes if tensor.name in outputs)


def doubled(
    inputs: Arrays, upstream: Sequence[str], run: Run, base: Arrays
) -> dict[str, bool | None]:
    """Output -> whether it is twice as large where all that comes from above is.

    None where it cannot be told, or is zero. base: the outputs to the inputs as they are.
    """
    first, *others = upstream
    twice = {**inputs, **{name: 2 * inputs[name] for name in others}}
    answer = run(twice, first, np.stack([2 * inputs[first]]))
    found: dict[str, bool | None] = {}
    for output, once in base.items():
        if answer is None or output not in answer or once.dtype.kind != "f":
            continue
        if answer[output].shape[1:] == once.shape:
            found[output] = _is_twice(answer[output][0].astype(float), once.astype(float))
    return found


def _is_twice(twice: np.ndarray, once: np.ndarray) -> bool | None:
    with np.errstate(all="ignore"):
        largest, off = np.abs(2 * once).max(initial=0), np.abs(twice - 2 * once).max(initial=0)
    if not (np.isfinite(largest) and np.isfinite(off)) or largest < TINY:
        return None
    return is_small(off, largest)
