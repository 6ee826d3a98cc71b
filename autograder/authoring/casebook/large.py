"""The large hidden case of a gradient, in which there is no time to differentiate numerically.

Moving each of some 10^4 numbers and running the forward pass again takes longer than a problem may
take; a gradient that was derived is there in a few milliseconds, and in a Python loop over the
batch and over time in a fraction of a second.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import numpy as np

from autograder.authoring.casebook.draw import draw_inputs
from autograder.compare import PROJECTIONS, directions, projections
from autograder.problem import Arrays, Case, Problem

NAME = "large"

LONGER = 1.1
"""How many times as long as declared an axis may be: no hidden length is known outside."""

SHRINK = 0.125
"""What the numbers are multiplied with: a recurrence of some 50 units stays in step.

Its weights, normal with this deviation, have a spectral radius of about SHRINK sqrt(H), which is
0.9. Above 1, two almost equal states drift apart: with 0.25, 35 steps made the derivative so rough
that one hidden seed in thirty was refused, and right code in float32 would have strayed as far.
"""


def draw_large(
    problem: Problem, seed: int, hidden: bool
) -> Iterator[tuple[str, Mapping[str, int], Arrays]]:
    """(name, sizes, inputs) of a problem's large case, if it has one."""
    if problem.large is None or not hidden:
        return
    # Drawn apart from the other cases: what is changed there changes nothing here.
    rng = np.random.default_rng([seed, zlib.crc32(problem.name.encode()), 1])
    sizes = _lengths(problem.large, rng)
    drawn = draw_inputs(problem, sizes, rng)
    yield NAME, sizes, {name: _shrunk(value) for name, value in drawn.items()}


def _lengths(declared: Mapping[str, int], rng: np.random.Generator) -> dict[str, int]:
    """Lengths a little above the declared ones, of which no two are equal that were not."""
    longer: dict[int, int] = {}
    for length in sorted(set(declared.values())):
        drawn = int(rng.integers(length, int(LONGER * length), endpoint=True))
        longer[length] = max([drawn, *(other + 1 for other in longer.values())])
    return {axis: longer[length] for axis, length in declared.items()}


def _shrunk(value: np.ndarray) -> np.ndarray:
    """Smaller real numbers, of as few digits as float16 has: they are stored in a quarter."""
    if value.dtype.kind != "f":
        return value
    return np.asarray((SHRINK * value).astype(np.float16).astype(np.float64))


def rounded(result: np.ndarray) -> np.ndarray:
    """A result in the digits of float32, far more than are compared: they are stored in half."""
    return result.astype(np.float32).astype(float) if result.dtype.kind == "f" else result


def with_projections(name: str, shape: tuple[int, ...], wanted: np.ndarray) -> np.ndarray:
    """The smallest array of that shape with these projections: it stands for one not kept.

    >>> kept = projections("dx", np.arange(600.0).reshape(200, 3))
    >>> stand_in = with_projections("dx", (200, 3), kept)
    >>> bool(np.allclose(projections("dx", stand_in), kept))
    True
    """
    along = directions(name, shape).reshape(PROJECTIONS, -1)
    return np.asarray(np.linalg.pinv(along) @ wanted).reshape(shape)


def outputs_with(case: Case, mistake: str) -> Arrays:
    """What a misconception gives on a case: what has the sketch, where only that is kept of it."""
    outputs = dict(case.expected)
    for name, kept in case.by_misconception.get(mistake, {}).items():
        outputs[name] = kept if case.keeps_whole(name) else with_sketch(case, name, kept)
    return outputs


def with_sketch(case: Case, name: str, kept: np.ndarray) -> np.ndarray:
    """An output with this sketch: a constant or an argument that has it, else a stand-in.

    What is not finite has no stand-in: NaN everywhere stands for it.
    """
    shape = case.expected[name].shape
    if kept.size != PROJECTIONS:
        return np.full(shape, np.nan)
    ones = projections(name, np.ones(shape))
    constant = np.full(shape, (kept @ ones) / (ones @ ones))
    for simple in (constant, *case.inputs.values()):
        if simple.shape == shape and np.allclose(projections(name, simple), kept, 1e-6, 1e-9):
            return simple
    return with_projections(name, shape, kept)
