"""Measuring: some inputs of a case are changed, part by part, and what comes out is compared.

The reference is measured when the clues are built, a student's code live, in the same way.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from autograder.compare import FLOOR, directions
from autograder.judge.experiments.parts import WHOLE, Part, parts, view, where
from autograder.problem import Arrays, Problem, Tensor, axis_length

MOVE = 0.37
"""About how far a real number is moved."""

FAR = 12.0
"""How many times as far the second time, and the other way: one of the two leaves a dead zone."""

FARTHER = 6.0
"""How many times as far as MOVE all of an input is moved, to see whether an output is linear."""

MOST_IDS = 6
"""Other ids that are tried in place of each, at most."""

REACTS, SILENT = 1e-3, 1e-7
"""Of an output's largest number: what counts as a change, and what is still none.

In between lie rounding errors of float32, of which nothing is said.
"""

NOISE = 1e-12
"""A number smaller than this is zero, and no change is smaller than a thousand of it."""

STRAIGHT, BENT = 1e-4, 1e-2
"""Of how far an output has moved: the distance from a straight line that is none, and one that is
plainly there.
"""

LOOKS = 2
"""Numbers by which it is told whether an output has moved as far as another: a projection for each
of the first two tries, so that even of a lone number there are two.
"""

MORE_TRIES = 8
"""Ways in which what does not react is asked again."""

TINY = 1e-3 * FLOOR
"""An output that moves by less than this is zero by the maths: in float32, it is rounding alone."""

WHOLE_MOVES = (1.0, -1.0, FARTHER, -FARTHER, FAR)
PART_MOVES = (1.0, -FAR)

Run = Callable[[Arrays, str, np.ndarray], "Arrays | None"]
"""(inputs, name of one, a stack of values for it) -> the outputs, stacked; None without answer."""


@dataclass(frozen=True)
class Reaction:
    """How an output reacts to the parts of one input; where neither is True it cannot be told.

    yes, no: (parts, *view of the output). affine: whether it is linear in all of the input, up to
    a constant; None if it cannot be told. moved: how far it has moved for each part, by LOOKS
    numbers: (parts, LOOKS).
    """

    yes: np.ndarray
    no: np.ndarray
    moved: np.ndarray
    affine: bool | None = None


@dataclass(frozen=True)
class Measured:
    """What was measured: (output, input) -> the reaction; and whether asking twice gave the same.

    base: the outputs of the case itself.
    """

    reactions: Mapping[tuple[str, str], Reaction]
    base: Arrays
    steady: bool = True


def changeable(problem: Problem, inputs: Arrays) -> list[Tensor]:
    """The inputs that can be changed: real numbers, ids, lengths, masks; no sizes, no seeds."""
    found = []
    for tensor in problem.takes:
        value = inputs[tensor.name]
        real = value.dtype.kind == "f" and not tensor.values
        if value.size and (real or tensor.values in ("<", "<=", "?")):
            found.append(tensor)
    return found


def stack_of(problem: Problem, tensor: Tensor, inputs: Arrays, finely: bool) -> np.ndarray:
    """The values of one input that are tried, the unchanged one first and last."""
    value = inputs[tensor.name]
    rows = [value]
    for part in parts(problem, tensor, inputs, finely):
        inside = where(problem, tensor, part, inputs)
        for far in moves_of(problem, tensor, part, inputs):
            rows.append(np.where(inside, _moved(problem, tensor, inputs, far), value))
    rows.append(value)
    return np.stack(rows)


def moves_of(problem: Problem, tensor: Tensor, part: Part, inputs: Arrays) -> tuple[float, ...]:
    """How far a part is moved, each time in units of MOVE or of ids."""
    if tensor.values == "?":
        return (1.0,)
    if tensor.values:
        count = axis_length(tensor.bound, problem.lengths_in(inputs))
        return tuple(float(far) for far in range(1, min(max(count, 2), MOST_IDS + 1)))
    return WHOLE_MOVES if part == WHOLE else PART_MOVES


def _moved(problem: Problem, tensor: Tensor, inputs: Arrays, far: float) -> np.ndarray:
    """An input with every number of it moved."""
    value = inputs[tensor.name]
    if tensor.values == "?":
        return ~value.astype(bool)
    if tensor.values:
        most = axis_length(tensor.bound, problem.lengths_in(inputs))
        least = 1 if tensor.values == "<=" else 0
        return np.asarray((value - least + int(far)) % most + least).astype(value.dtype)
    return np.asarray(value + far * _amounts(f"{problem.name} {tensor.name}", value.shape))


def at_random(
    problem: Problem, tensor: Tensor, inputs: Arrays, part: Part, count: int
) -> np.ndarray:
    """Other values of a part than those of `stack_of`, near and far, the unchanged one first."""
    rng = np.random.default_rng(zlib.crc32(f"{problem.name} {tensor.name} {part}".encode()))
    value, inside = inputs[tensor.name], where(problem, tensor, part, inputs)
    rows = [value]
    other: np.ndarray
    for _ in range(count):
        if tensor.values == "?":
            other = rng.random(value.shape) < 0.5
        elif tensor.values:
            most = axis_length(tensor.bound, problem.lengths_in(inputs))
            least = 1 if tensor.values == "<=" else 0
            other = rng.integers(least, least + most, size=value.shape)
        else:
            other = value + rng.choice([0.3, 2.0, 8.0]) * rng.normal(size=value.shape)
        rows.append(np.where(inside, other, value).astype(value.dtype))
    return np.stack(rows)


@cache
def _amounts(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """How far each number is moved, either way.

    Each by another amount: what only differences matter to would not notice the same one.
    """
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return np.asarray(MOVE * rng.uniform(0.7, 1.3, shape) * rng.choice([-1.0, 1.0], shape))


def rows_of(problem: Problem, tensor: Tensor, inputs: Arrays, finely: bool) -> int:
    """How many values of one input are tried."""
    tried = parts(problem, tensor, inputs, finely)
    return 2 + sum(len(moves_of(problem, tensor, part, inputs)) for part in tried)


def measure(
    problem: Problem,
    inputs: Arrays,
    run: Run,
    finely: Mapping[str, bool],
    shapes: Mapping[str, tuple[int, ...]],
) -> Measured | None:
    """How the outputs of these shapes react to some inputs.

    finely: name of an input -> whether its parts are tried one by one, too.
    None if nothing comes back. An input for which nothing comes back has no reactions, and an
    output of another shape has none.
    """
    reactions: dict[tuple[str, str], Reaction] = {}
    base: Arrays = {}
    steady = True
    tensors = {tensor.name: tensor for tensor in problem.takes}
    outputs = {tensor.name: tensor for tensor in problem.gives}
    for name, fine in finely.items():
        stacked = run(inputs, name, stack_of(problem, tensors[name], inputs, fine))
        if stacked is None:
            continue
        tried = parts(problem, tensors[name], inputs, fine)
        layout = [moves_of(problem, tensors[name], part, inputs) for part in tried]
        for output, shape in shapes.items():
            rows = stacked.get(output)
            if rows is None or rows.shape[1:] != shape or len(rows) != sum(map(len, layout)) + 2:
                continue
            base.setdefault(output, rows[0])
            steady = (
                steady and same_answer(rows[0], rows[-1]) and same_answer(rows[0], base[output])
            )
            seen = view(problem, outputs[output]).shape(shape)
            reactions[output, name] = _reaction(output, rows[:-1], layout, seen)
    return Measured(reactions, base, steady) if base else None


def same_answer(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two answers to the same question are the same, but for a last digit."""
    if one.dtype.kind != "f" or other.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    return bool(np.allclose(one, other, rtol=1e-4, atol=1e-6, equal_nan=True))


def _reaction(
    output: str, rows: np.ndarray, layout: Sequence[tuple[float, ...]], shape: tuple[int, ...]
) -> Reaction:
    """rows: the unchanged answer, then those to the moves of each part in turn."""
    yes, no = changed(rows)
    of_part_yes, of_part_no, moved, first = [], [], [], 0
    for moves in layout:
        moved.append(_moved_by(output, rows[0], rows[1 + first : 1 + first + len(moves)]))
        rows_of_part = slice(first, first + len(moves))
        of_part_yes.append(yes[rows_of_part].any(axis=0))
        of_part_no.append(no[rows_of_part].all(axis=0))
        first += len(moves)
    affine = _affine(rows) if layout[0] == WHOLE_MOVES and rows.dtype.kind == "f" else None
    parts_and_shape = (len(layout), *shape)
    return Reaction(
        np.stack(of_part_yes).reshape(parts_and_shape),
        np.stack(of_part_no).reshape(parts_and_shape),
        np.stack(moved),
        affine,
    )


def _moved_by(output: str, base: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """One number for each of the first two rows; of a lone row, two numbers if there are two."""
    looks = np.full(LOOKS, np.nan, np.float32)
    if len(rows) == 1 and base.size == 1:
        return looks
    for look in range(LOOKS):
        with np.errstate(all="ignore"):
            distance = rows[min(look, len(rows) - 1)].astype(float) - base.astype(float)
            looks[look] = _direction(output, base.shape, look) @ distance.ravel()
    return looks


@cache
def _direction(output: str, shape: tuple[int, ...], look: int) -> np.ndarray:
    return np.asarray(directions(output, shape)[look].ravel())


def changed(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the rows behind the first plainly differ from it, and where they plainly do not."""
    base, moved = rows[0], rows[1:]
    if rows.dtype.kind != "f":
        return moved != base, moved == base
    base, moved = base.astype(float), moved.astype(float)
    with np.errstate(all="ignore"):
        distance = np.abs(moved - base)
        finite = np.isfinite(distance)
        largest = np.abs(np.where(np.isfinite(base), base, 0)).max(initial=0.0)
        other = np.abs(np.where(np.isfinite(moved), moved, 0))
        other = other.reshape(len(moved), -1).max(axis=1, initial=0.0)
    scale = np.maximum(largest, other).reshape(-1, *[1] * base.ndim)
    yes = finite & (distance > REACTS * scale) & (distance > 1000 * NOISE)
    no = finite & (distance <= np.maximum(SILENT * scale, NOISE))
    return yes, no


def _affine(rows: np.ndarray) -> bool | None:
    """Whether the answers lie on a line, for all of an input moved to both sides, near and far."""
    base, near, other_near, far, other_far = rows[:5]
    found = {is_straight(base, near, other_near), is_straight(base, far, other_far)}
    if len(found) == 1:
        return found.pop()
    return False if False in found and None not in found else None


def is_straight(base: np.ndarray, one: np.ndarray, other: np.ndarray) -> bool | None:
    """Whether an answer lies in the middle of those to moves to both sides."""
    base, one, other = base.astype(float), one.astype(float), other.astype(float)
    with np.errstate(all="ignore"):
        bend, moved = np.abs(one + other - 2 * base).max(), np.abs(one - other).max()
        floor = max(1e-6 * np.abs(base).max(), TINY)
    if not (np.isfinite(bend) and np.isfinite(moved)) or moved < floor:
        return None
    return is_small(bend, moved)


def is_small(error: float, scale: float) -> bool | None:
    """Whether an error is none beside this scale; None where it is neither none nor plain."""
    if error >= BENT * scale:
        return False
    return True if error <= STRAIGHT * scale else None
