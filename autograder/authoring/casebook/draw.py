"""Drawing inputs: public cases have the declared sizes, hidden cases others of the same pattern."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from autograder.authoring.casebook.condition import Condition
from autograder.authoring.casebook.conditions import conditions_of, excluded, floors
from autograder.authoring.casebook.cover import SMALL, extra_cases
from autograder.authoring.casebook.variants import BuildError
from autograder.problem import Arrays, Problem, Tensor, axis_length

SPREAD = 0.7
"""Standard deviation of real inputs.

Large enough that every term matters, small enough that tanh does not saturate.
"""

LARGEST = 8
"""No hidden axis is longer than this, unless the declared ones are."""


def draw_cases(
    problem: Problem, seed: int, hidden: bool
) -> Iterator[tuple[str, Mapping[str, int], Arrays]]:
    """(name, sizes, inputs) of every case of a problem.

    There is one for each of the declared sizes, then one for each edge, then a few that meet the
    conditions which none of these meets.
    """
    # The problem's name is part of the seed: another problem more or less changes no draw of this.
    rng = np.random.default_rng([seed, zlib.crc32(problem.name.encode())])
    declared = list(_declared_cases(problem, rng, hidden))
    yield from declared
    small = int(rng.integers(SMALL, SMALL + 2)) if hidden else SMALL
    yield from extra_cases(
        problem,
        unmet(problem, [inputs for _, _, inputs in declared]),
        lambda sizes: draw_inputs(problem, sizes, rng),
        rng,
        small,
    )


def unmet(problem: Problem, drawn: Sequence[Arrays]) -> list[Condition]:
    """The conditions that no input of these meets. Raises BuildError for a mistake in `never=`."""
    left = list(conditions_of(problem, drawn[0]))
    for inputs in drawn:
        left = [condition for condition in left if not condition.met_by(problem, inputs)]
    return left


def refuse_unmet(problem: Problem, drawn: Sequence[Arrays], hidden: bool) -> None:
    """Raise BuildError for conditions that no case meets, and for a `never=` that is not true."""
    if left := unmet(problem, drawn):
        kind = "hidden" if hidden else "public"
        conditions = "; ".join(f'"{condition.id}" ({condition.sentence})' for condition in left)
        raise BuildError(
            f"no {kind} case of {problem.name} meets {conditions}: add a size or an edge that "
            'does, or say why no input can: never={"' + left[0].id + '": "..."}'
        )
    for condition in excluded(problem, drawn[0]):
        if any(condition.met_by(problem, inputs) for inputs in drawn):
            raise BuildError(
                f'never= of {problem.name} says that no input meets "{condition.id}" '
                f"({condition.sentence}), but one of its cases does: drop it from never="
            )


def _declared_cases(
    problem: Problem, rng: np.random.Generator, hidden: bool
) -> Iterator[tuple[str, Mapping[str, int], Arrays]]:
    """The cases that the declaration asks for by name."""
    for declared in problem.sizes:
        sizes = _sizes(problem, declared, rng, hidden)
        name = " ".join(f"{axis}={length}" for axis, length in sizes.items())
        yield name, sizes, draw_inputs(problem, sizes, rng)
    for edge in problem.edges:
        sizes = _sizes(problem, problem.sizes[0], rng, hidden)
        inputs = edge(draw_inputs(problem, sizes, rng), rng)
        lengths = problem.lengths_in(inputs)  # an edge may make an axis longer or shorter
        yield edge.__name__, {**sizes, **{a: n for a, n in lengths.items() if a in sizes}}, inputs


def _sizes(
    problem: Problem, declared: Mapping[str, int], rng: np.random.Generator, hidden: bool
) -> Mapping[str, int]:
    """The declared lengths, or for hidden cases others that are not below what `never=` says."""
    if not hidden:
        return declared
    least = floors(problem)
    while True:
        sizes = other_sizes(declared, rng)
        if all(sizes[axis] >= min(least.get(axis, 1), declared[axis]) for axis in sizes):
            return sizes


def other_sizes(declared: Mapping[str, int], rng: np.random.Generator) -> dict[str, int]:
    """Other lengths of the same pattern: a 1 stays 1, equal stays equal, larger stays larger."""
    old = sorted({length for length in declared.values() if 1 < length <= 2 * LARGEST})
    top = max(LARGEST, len(old) + 2, *old)
    new = sorted(rng.choice(np.arange(2, top + 1), size=len(old), replace=False).tolist())
    exchange = {1: 1, **dict(zip(old, new, strict=True))}

    # What is meant to be many, such as pictures, stays many.
    far = sorted({length for length in declared.values() if length > 2 * LARGEST})
    share = rng.uniform(0.75, 1.0) if far else 1.0
    exchange |= {length: int(share * length) for length in far}
    return {axis: exchange[length] for axis, length in declared.items()}


def draw_inputs(problem: Problem, sizes: Mapping[str, int], rng: np.random.Generator) -> Arrays:
    """Fresh inputs: every tensor its own draw, nothing zero, nothing symmetric."""
    if problem.draw is not None:
        return problem.draw(rng, sizes)
    return {tensor.name: draw_tensor(tensor, sizes, rng) for tensor in problem.takes}


def draw_tensor(tensor: Tensor, sizes: Mapping[str, int], rng: np.random.Generator) -> np.ndarray:
    """One tensor, drawn as its declaration says."""
    shape = tensor.shape(sizes)
    if tensor.values == "<":
        return np.asarray(rng.integers(axis_length(tensor.bound, sizes), size=shape))
    if tensor.values == "<=":
        return np.asarray(rng.integers(1, axis_length(tensor.bound, sizes) + 1, size=shape))
    if tensor.values == "=":
        return np.full(shape, axis_length(tensor.bound, sizes))
    if tensor.values == "?":
        return _mask(shape, rng)
    return np.asarray(rng.normal(scale=SPREAD, size=shape))


def _mask(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Booleans with a True in every row and, where there is room, a False somewhere."""
    if not shape:
        return np.array(rng.random() < 0.5)
    mask = rng.random(shape) < 0.7
    mask[..., 0] = True
    if shape[-1] > 1:
        mask.reshape(-1, shape[-1])[0, -1] = False
    return np.asarray(mask)
