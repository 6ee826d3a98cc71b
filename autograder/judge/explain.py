"""What can be said about a wrong tensor by looking at it: a factor, a sign, a transpose, a shift, a
mix of blocks.

Each explanation is a text without numbers of its own case, so that one that holds on every case can
be told from one that holds by accident: `explain` keeps only what is true wherever the tensor is
wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np

from autograder.compare import close
from autograder.judge.describe import known_lengths
from autograder.problem import Case, Problem, Tensor

Same = Callable[[np.ndarray, np.ndarray], bool]


def explain(
    problem: Problem, tensor: Tensor, wrong: Sequence[tuple[Case, np.ndarray]]
) -> str | None:
    """One clause about `tensor`, true on every case in which it is wrong; None if there is none."""
    common: list[str] | None = None
    for case, got in wrong:
        want = case.expected[tensor.name]
        if got.shape != want.shape or want.dtype.kind != "f" or not np.isfinite(got).all():
            return None
        texts = list(_explanations(problem, tensor, case, np.asarray(got, float), want))
        common = texts if common is None else [text for text in common if text in texts]
    return common[0] if common else None


def _explanations(
    problem: Problem, tensor: Tensor, case: Case, got: np.ndarray, want: np.ndarray
) -> Iterator[str]:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return (
            a.shape == b.shape
            and a.size > 0
            and bool(close(a, b, problem.rtol, problem.atol).all())
        )

    if not got.any():
        yield "it is all zeros"
        return
    yield from _factors(problem, case, got, want, same)
    if got.ndim == 2 and same(got.T, want):
        yield "it is the transpose of the expected one"
    if "T" in tensor.axes:
        yield from _in_time(
            np.moveaxis(got, tensor.axes.index("T"), 0),
            np.moveaxis(want, tensor.axes.index("T"), 0),
            same,
        )
    yield from _blocks(problem, tensor, got, want, same)


def _factors(
    problem: Problem, case: Case, got: np.ndarray, want: np.ndarray, same: Same
) -> Iterator[str]:
    if not want.any():
        return
    ratio = float((got * want).sum() / (want * want).sum())
    if ratio == 0 or not same(got, ratio * want):
        return
    if np.isclose(ratio, -1, rtol=1e-4):
        yield "it has the opposite sign everywhere"
    known = {k: float(v) for k, v in known_lengths(problem, case).items()}
    known |= {
        f"{name}.sum()": float(v.sum()) for name, v in case.inputs.items() if v.dtype.kind == "b"
    }
    known |= {f"{a} {b}": known[a] * known[b] for a, b in combinations(known, 2)} | {"2": 2.0}
    for name, value in known.items():
        if value != 1 and np.isclose(ratio, value, rtol=1e-4):
            yield f"it is {name} times the expected one"
        if value not in (0, 1) and np.isclose(ratio, 1 / value, rtol=1e-4):
            yield f"it is the expected one divided by {name}"
    yield "it is the expected one times a constant"


def _in_time(got: np.ndarray, want: np.ndarray, same: Same) -> Iterator[str]:
    if len(got) < 2:
        return
    if same(got[::-1], want):
        yield "it is the expected one with time reversed"
    if same(got[1:], want[:-1]):
        yield "it is late by one time step"
    if same(got[:-1], want[1:]):
        yield "it is early by one time step"
    right = [same(g, w) for g, w in zip(got, want, strict=True)]
    if right[-1] and not any(right[:-1]):
        yield "it is right only at the last time step"
    if right[0] and not any(right[1:]):
        yield "it is right only at the first time step"
    if not right[0] and all(right[1:]):
        yield "it is wrong only at the first time step"


def _blocks(
    problem: Problem, tensor: Tensor, got: np.ndarray, want: np.ndarray, same: Same
) -> Iterator[str]:
    names = problem.blocks.split()
    if len(names) < 2 or not tensor.axes or not tensor.axes[-1].startswith(str(len(names))):
        return
    mine, theirs = (np.split(array, len(names), axis=-1) for array in (got, want))
    order = [
        next((name for name, block in zip(names, theirs, strict=True) if same(one, block)), "?")
        for one in mine
    ]
    if "?" not in order and order != names:
        yield f"its blocks stand in the order {' '.join(order)} instead of {problem.blocks}"
    woven = got.reshape(*got.shape[:-1], -1, len(names)).swapaxes(-1, -2).reshape(got.shape)
    if same(woven, want):
        yield "its blocks are interleaved instead of standing side by side"
