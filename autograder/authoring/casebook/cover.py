"""As few small cases as meet all conditions that the declared ones do not, whatever was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

import numpy as np

from autograder.authoring.casebook.condition import Condition
from autograder.authoring.casebook.conditions import axes_of, floors, lengths_in, upstreams
from autograder.problem import Arrays, Problem

SMALL = 3
"""The length of an axis that is not 1: room for a mask with a hole, and little to compute."""

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
    waiting = [condition for condition in unmet if condition.tensor]
    for extra in extras:
        waiting = _edited(problem, extra, waiting, rng)
    while waiting:
        sizes = _plain_sizes(problem, small)
        extra = Extra(sizes, draw(sizes))
        left = _edited(problem, extra, waiting, rng)
        if len(left) == len(waiting):
            break
        extras.append(extra)
        waiting = left
    for extra in extras:
        yield extra.name, extra.sizes, extra.inputs


def _meets(problem: Problem, extra: Extra, condition: Condition) -> bool:
    return condition.holds(lengths_in(problem, extra.inputs), extra.inputs)


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
            met = [condition for condition in waiting if condition.holds(sizes, {})]
            if len(met) > len(best):
                best, chosen = met, sizes
        if chosen is None:
            return
        yield chosen
        waiting = [condition for condition in waiting if condition not in best]


def _proposals(
    problem: Problem, waiting: Sequence[Condition], small: int
) -> Iterator[dict[str, int]]:
    """Lengths worth a look: some axes at 1, fewer first; a length far out; all others equal."""
    axes = list(problem.sizes[0])
    ones = [c.axes[0] for c in waiting if c.id == f"{c.axes[0]}=1"]
    far = [c.axes[0] for c in waiting if c.id == f"{c.axes[0]}>all"]
    most_ones = max(1, len(axes) // 2)
    for at_one in _subsets(ones, most_ones):
        for far_out in _subsets([axis for axis in far if axis not in at_one], len(far)):
            yield _sizes(problem, at_one, far_out, small)


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


def _plain_sizes(problem: Problem, small: int) -> dict[str, int]:
    """Lengths all different, in the order of the declared ones."""
    declared = problem.sizes[0]
    order = sorted(declared, key=lambda axis: declared[axis])
    least = floors(problem)
    sizes: dict[str, int] = {}
    for rank, axis in enumerate(order):
        sizes[axis] = max(small + rank, least.get(axis, 1))
    return {axis: sizes[axis] for axis in declared}


# ------------------------------------------------------------------------------------------- values


def _edited(
    problem: Problem, extra: Extra, waiting: Sequence[Condition], rng: np.random.Generator
) -> list[Condition]:
    """Change the case to meet one more condition for each tensor; those that are still unmet.

    Few tensors become zero at once, and none that the case is about: what is wrong has to show.
    """
    zeros = _Zeros(problem, extra)
    changed: set[str] = set()
    for condition in waiting:
        name = condition.tensor
        assert condition.edit is not None
        if _meets(problem, extra, condition):
            changed.add(name)  # by luck; another change might undo it
            continue
        if name in changed or (zeros.would_be(condition) and not zeros.allowed(name)):
            continue
        lengths = lengths_in(problem, extra.inputs)
        value = condition.edit(extra.inputs[name], lengths, rng)
        if value is None:
            continue
        extra.inputs = {**extra.inputs, name: value}
        extra.edits.append(condition.sentence)
        changed.add(name)
        if zeros.would_be(condition):
            zeros.made.append(name)
    return [condition for condition in waiting if not _meets(problem, extra, condition)]


class _Zeros:
    """The tensors of one case that are zeros, and which may become so."""

    def __init__(self, problem: Problem, extra: Extra) -> None:
        self.made: list[str] = []
        self.above = upstreams(problem)
        self.real = []
        for tensor in problem.takes:
            if tensor.axes and extra.inputs[tensor.name].dtype.kind == "f":
                self.real.append(tensor)
        self.most = -(-len(self.real) // 3)
        self.ones = {axis for axis, length in extra.sizes.items() if length == 1}

    def would_be(self, condition: Condition) -> bool:
        """Whether this is about a tensor of zeros."""
        names = {tensor.name for tensor in self.real}
        return condition.tensor in names and condition.id == f"{condition.tensor}=0"

    def allowed(self, name: str) -> bool:
        """Whether the tensor may be zeros here, too."""
        tensor = next(tensor for tensor in self.real if tensor.name == name)
        about_it = self.ones & axes_of(tensor)
        above = name in self.above and any(other in self.above for other in self.made)
        return len(self.made) < self.most and not about_it and not above
