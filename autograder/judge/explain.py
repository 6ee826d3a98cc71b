"""What can be said of a wrong tensor by looking at it: a factor, a transpose, a shift, a mix-up.

Each clue is a clause without numbers of its own case, so that one that holds on every case can be
told from one that holds by accident: `explain` keeps what is true wherever the tensor is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from autograder.compare import close
from autograder.judge.describe import known_lengths
from autograder.problem import Case, Problem, Tensor

NEAR = 1e-4
"""Relative distance within which a ratio of two tensors counts as a known number."""


def explain(
    problem: Problem, tensor: Tensor, wrong: Sequence[tuple[Case, np.ndarray]]
) -> str | None:
    """One clause about `tensor`, true on every case in which it is wrong; None if there is none.

    wrong: the cases in which it is wrong, each with what came back.
    """
    common: list[str] | None = None
    for case, got in wrong:
        want = case.expected[tensor.name]
        if got.shape != want.shape or want.dtype.kind != "f":
            return None
        if not (np.isfinite(got).all() and np.isfinite(want).all()):
            return None
        clues = list(_clues(_Pair(problem, tensor, case, np.asarray(got, float), want)))
        common = clues if common is None else [clue for clue in common if clue in clues]
    return common[0] if common else None


@dataclass(frozen=True)
class _Pair:
    """One wrong tensor of one case, beside the expected one."""

    problem: Problem
    tensor: Tensor
    case: Case
    got: np.ndarray
    want: np.ndarray

    def same(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether two tensors are equal for the purposes of this problem."""
        if one.shape != other.shape or one.size == 0:
            return False
        return bool(close(one, other, self.problem.rtol, self.problem.atol).all())


def _clues(pair: _Pair) -> Iterator[str]:
    """Everything that is true of this one case, what says most first."""
    if not pair.got.any():
        yield "it is all zeros"
        return
    yield from _factors(pair)
    if pair.got.ndim == 2 and pair.same(pair.got.T, pair.want):
        yield "it is the transpose of the expected one"
    if "T" in pair.tensor.axes:
        yield from _in_time(pair, pair.tensor.axes.index("T"))
    yield from _blocks(pair)


def _factors(pair: _Pair) -> Iterator[str]:
    """A constant factor, by the name of a length or a sum where it is one."""
    got, want = pair.got, pair.want
    if not want.any():
        return
    ratio = float((got * want).sum() / (want * want).sum())  # the factor of least squares
    if ratio == 0 or not pair.same(got, ratio * want):
        return
    if np.isclose(ratio, -1, rtol=NEAR):
        yield "it has the opposite sign everywhere"
    for name, value in _known_numbers(pair).items():
        if value != 1 and np.isclose(ratio, value, rtol=NEAR):
            yield f"it is {name} times the expected one"
        if value not in (0, 1) and np.isclose(ratio, 1 / value, rtol=NEAR):
            yield f"it is the expected one divided by {name}"
    yield "it is the expected one times a constant"


def _known_numbers(pair: _Pair) -> dict[str, float]:
    """What a tensor is multiplied by in practice: lengths, sums of masks, products of two, 2."""
    known: dict[str, float] = {}
    for axis, length in known_lengths(pair.problem, pair.case).items():
        known[axis] = float(length)
    for name, value in pair.case.inputs.items():
        if value.dtype.kind == "b":
            known[f"{name}.sum()"] = float(value.sum())
    for one, other in list(combinations(known, 2)):
        known[f"{one} {other}"] = known[one] * known[other]
    return known | {"2": 2.0}


def _in_time(pair: _Pair, axis: int) -> Iterator[str]:
    """Shifts and turns along the axis of time, and steps that are right by themselves."""
    got, want = np.moveaxis(pair.got, axis, 0), np.moveaxis(pair.want, axis, 0)
    if len(got) < 2:
        return
    if pair.same(got[::-1], want):
        yield "it is the expected one with time reversed"
    if pair.same(got[1:], want[:-1]):
        yield "it is late by one time step"
    if pair.same(got[:-1], want[1:]):
        yield "it is early by one time step"
    right = [pair.same(got[t], want[t]) for t in range(len(got))]
    if right[-1] and not any(right[:-1]):
        yield "it is right only at the last time step"
    if right[0] and not any(right[1:]):
        yield "it is right only at the first time step"
    if not right[0] and all(right[1:]):
        yield "it is wrong only at the first time step"


def _blocks(pair: _Pair) -> Iterator[str]:
    """Blocks of an axis like 4H in another order, or woven into one another."""
    names = pair.problem.blocks.split()
    axes = pair.tensor.axes
    if len(names) < 2 or not axes or not axes[-1].startswith(str(len(names))):
        return
    expected = dict(zip(names, np.split(pair.want, len(names), axis=-1), strict=True))
    order = []
    for block in np.split(pair.got, len(names), axis=-1):
        found = [name for name in names if pair.same(block, expected[name])]
        order.append(found[0] if found else "?")
    if "?" not in order and order != names:
        yield f"its blocks stand in the order {' '.join(order)} instead of {pair.problem.blocks}"
    woven = pair.got.reshape(*pair.got.shape[:-1], -1, len(names)).swapaxes(-1, -2)
    if pair.same(woven.reshape(pair.got.shape), pair.want):
        yield "its blocks are interleaved instead of standing side by side"
