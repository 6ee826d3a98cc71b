"""As few small cases as meet all conditions that the declared ones do not, whatever was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

import numpy as np

from autograder.authoring.casebook.condition import Condition
from autograder.authoring.casebook.conditions import choices, floors, upstreams
from autograder.problem import Arrays, Problem

SMALL = 3
"""The length of an axis that is not 1: room for a mask with a hole, and little to compute."""

AT_MOST_ZERO = 2
AT_MOST_CASES = 4
"""So many tensors become zeros in one case, more only if it took more cases than that."""

Draw = Callable[[Mapping[str, int]], Arrays]


@dataclass
class Extra:
    """A case that is added: its lengths, its arrays, and what was done to them."""

    sizes: dict[str, int]
    inputs: Arrays
    edits: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The lengths, then what is unusual about the values."""
        lengths = " ".join(f"{axis}={length}" for axis, length in self.sizes.items())
        return ", ".join([lengths, *self.edits])


def extra_cases(
    problem: Problem,
    unmet: Sequence[Condition],
    draw: Draw,
    rng: np.random.Generator,
    small: int = SMALL,
) -> Iterator[tuple[str, Mapping[str, int], Arrays]]:
    """(name, sizes, inputs) of cases that meet the conditions that are not met yet.

    What no case can be made to meet is left: `draw` has no room for it, or needs other values.
    """
    extras = [Extra(sizes, draw(sizes)) for sizes in _all_sizes(problem, unmet, small)]
    plain = _sizes(problem, (), (), small)

    # What the values are may be changed where the lengths are unusual, if that shows.
    waiting = [condition for condition in unmet if condition.tensor and not condition.zeros]
    for extra in extras:
        if not _decided(problem, extra.sizes):
            waiting = _edited(problem, extra, waiting, rng)
    while waiting:
        extra = Extra(plain, draw(plain))
        left = _edited(problem, extra, waiting, rng)
        if len(left) == len(waiting):
            break
        extras.append(extra)
        waiting = left

    # Beside zeros, most other mistakes do not show.
    for together in _zeros_together(problem, unmet):
        extra = Extra(plain, draw(plain))
        _edited(problem, extra, together, rng)
        extras.append(extra)

    for extra in extras:
        yield extra.name, extra.sizes, extra.inputs


# -------------------------------------------------------------------------------------------- sizes


def _all_sizes(
    problem: Problem, unmet: Sequence[Condition], small: int
) -> Iterator[dict[str, int]]:
    """Lengths that together meet all unmet conditions of axes which lengths alone can meet."""
    free = set(problem.sizes[0])
    waiting = [c for c in unmet if c.axes and set(c.axes) <= free]
    while waiting:
        best: list[Condition] = []
        chosen = None
        for sizes in _proposals(problem, waiting, small):
            met = _met_by_lengths(problem, waiting, sizes)
            if len(met) > len(best):
                best, chosen = met, sizes
        if chosen is None:
            return
        yield chosen
        waiting = [condition for condition in waiting if condition not in best]


def _met_by_lengths(
    problem: Problem, waiting: Sequence[Condition], sizes: Mapping[str, int]
) -> list[Condition]:
    met = [condition for condition in waiting if condition.holds(sizes, {})]
    if _decided(problem, sizes):
        return [condition for condition in met if sizes[condition.axes[0]] == 1]
    return met


def _proposals(
    problem: Problem, waiting: Sequence[Condition], small: int
) -> Iterator[dict[str, int]]:
    """Lengths worth a look: some axes at 1, fewer first; a length far out; all others equal."""
    ones = [c.axes[0] for c in waiting if c.id == f"{c.axes[0]}=1"]
    far = [c.axes[0] for c in waiting if c.id == f"{c.axes[0]}>all"]
    most_ones = max(1, len(problem.sizes[0]) // 2)
    for at_one in _subsets(ones, most_ones):
        if len(at_one) > 1 and choices(problem) & set(at_one):
            continue
        for far_out in _subsets([axis for axis in far if axis not in at_one], len(far)):
            yield _sizes(problem, at_one, far_out, small)


def _decided(problem: Problem, sizes: Mapping[str, int]) -> bool:
    """Whether there is little to compute, so that what is wrong elsewhere might not show."""
    return any(sizes.get(axis) == 1 for axis in choices(problem))


def _subsets(names: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    sizes = range(min(most, len(names)) + 1)
    return chain.from_iterable(combinations(names, size) for size in sizes)


def _sizes(
    problem: Problem, at_one: Sequence[str], far_out: Sequence[str], small: int
) -> dict[str, int]:
    """The lengths of one case. Axes that must not be equal are not."""
    least = max([small, *floors(problem).values()])
    sizes: dict[str, int] = {}
    for axis in problem.sizes[0]:
        if axis in at_one:
            sizes[axis] = 1
            continue
        length = least + 3 if axis in far_out else least
        while any(sizes[other] == length and _never_equal(problem, axis, other) for other in sizes):
            length += 1
        sizes[axis] = length
    return sizes


def _never_equal(problem: Problem, one: str, other: str) -> bool:
    return f"{one}={other}" in problem.never or f"{other}={one}" in problem.never


# ------------------------------------------------------------------------------------------- values


def _edited(
    problem: Problem, extra: Extra, waiting: Sequence[Condition], rng: np.random.Generator
) -> list[Condition]:
    """Change the case to meet one more condition for each tensor; those that are still unmet."""
    changed: set[str] = set()
    for condition in waiting:
        name = condition.tensor
        assert condition.edit is not None
        if condition.met_by(problem, extra.inputs):
            changed.add(name)  # by luck; another change might undo it
            continue
        if name in changed:
            continue
        value = condition.edit(extra.inputs[name], problem.lengths_in(extra.inputs), rng)
        if value is None:
            continue
        extra.inputs = {**extra.inputs, name: value}
        extra.edits.append(condition.sentence)
        changed.add(name)
    return [condition for condition in waiting if not condition.met_by(problem, extra.inputs)]


def _zeros_together(problem: Problem, unmet: Sequence[Condition]) -> Iterator[list[Condition]]:
    """The tensors that are zeros in one case: a few neighbours, or a gradient from above."""
    above = upstreams(problem)
    real = [c for c in unmet if c.zeros and c.tensor not in above]
    # Few, or nothing shows; of many tensors more, or there would be too many cases.
    most = min(max(AT_MOST_ZERO, -(-len(real) // AT_MOST_CASES)), -(-len(real) // 3))
    for start in range(0, len(real), most or 1):
        yield real[start : start + most]
    for condition in unmet:
        if condition.zeros and condition.tensor in above:
            yield [condition]
