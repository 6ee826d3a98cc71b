"""The parts of a tensor that can be named: an index of an axis, a block, what a mask leaves out.

An axis such as `4H` with the blocks i f o g is looked at as two, the block and the unit in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.problem import Arrays, Problem, Tensor
from autograder.wording import listed

BLOCK = "block"
"""The name of the axis that says in which block a number stands."""

LONGEST = 12
"""Numbers along an axis that is looked at index by index."""


@dataclass(frozen=True)
class Part:
    """A part of an input: everything, one index of one axis, or what a mask leaves out.

    axis: of the tensor's view; None unless the part is one index of one. outside: the mask, or the
    lengths.
    """

    axis: int | None = None
    index: int = 0
    outside: str = ""


WHOLE = Part()


@dataclass(frozen=True)
class View:
    """How a tensor of a problem is looked at.

    axes: their names, `block` among them. units: the places of the axes that say which unit of a
    block. places: for each axis, its place in the tensor itself.
    """

    tensor: Tensor
    axes: tuple[str, ...]
    units: tuple[int, ...]
    places: tuple[int, ...]
    blocks: tuple[str, ...]

    def shape(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The lengths of the axes, for a tensor of this shape."""
        lengths: list[int] = []
        for axis, place in enumerate(self.places):
            if self.axes[axis] == BLOCK:
                lengths.append(len(self.blocks))
            elif axis in self.units:
                lengths.append(shape[place] // len(self.blocks))
            else:
                lengths.append(shape[place])
        return tuple(lengths)

    def named(self, axis: int, indices: Sequence[int], length: int) -> str:
        """Some indices of an axis, in words or as Python writes them.

        `x[:, 0]`, `h[1:]`, `block f of Wx`, `unit 2 of every block of b`.
        """
        name = self.tensor.name
        if self.axes[axis] == BLOCK:
            blocks = [self.blocks[index] for index in indices]
            noun = "block" if len(blocks) == 1 else "blocks"
            return f"{noun} {listed(blocks)} of {name}"
        if axis in self.units:
            noun = "unit" if len(indices) == 1 else "units"
            return f"{noun} {listed([str(index) for index in indices])} of every block of {name}"
        before = ":, " * self.places[axis]
        return listed([f"{name}[{before}{run}]" for run in _runs(indices, length)])


def view(problem: Problem, tensor: Tensor) -> View:
    """How a tensor of this problem is looked at.

    >>> from autograder import lessons
    >>> step = lessons.find("lstm_step_forward")
    >>> view(step, step.takes[4]).axes
    ('H', 'block', 'H')
    """
    blocks = tuple(problem.blocks.split())
    axes: list[str] = []
    units: list[int] = []
    places: list[int] = []
    for place, axis in enumerate(tensor.axes):
        match = re.fullmatch(r"(\d+)([A-Za-z]\w*)", axis)
        if len(blocks) > 1 and match and int(match[1]) == len(blocks):
            axes += [BLOCK, match[2]]
            places += [place, place]
            units.append(len(axes) - 1)
        else:
            axes.append(axis)
            places.append(place)
    return View(tensor, tuple(axes), tuple(units), tuple(places), blocks)


def parts(problem: Problem, tensor: Tensor, inputs: Arrays, finely: bool = True) -> list[Part]:
    """The parts of an input that are changed by themselves: all of it first; not finely, only."""
    seen = view(problem, tensor)
    found = [WHOLE]
    if not finely:
        return found
    for axis, length in enumerate(seen.shape(inputs[tensor.name].shape)):
        if 1 < length <= LONGEST:
            found += [Part(axis, index) for index in range(length)]
    for other in problem.takes:
        if _leaves_out(other, tensor) and outside(inputs, other, tensor).any():
            found.append(Part(outside=other.name))
    return found


def _leaves_out(mask: Tensor, tensor: Tensor) -> bool:
    """Whether a mask or lengths say which numbers of a tensor count."""
    if mask.values == "?":
        return bool(mask.axes) and tensor.axes[: len(mask.axes)] == mask.axes and mask != tensor
    return mask.values == "<=" and tensor.axes[:2] == (*mask.axes, mask.bound)


def outside(inputs: Arrays, mask: Tensor, tensor: Tensor) -> np.ndarray:
    """Where a tensor lies outside of a mask, or behind the lengths; of the tensor's shape."""
    value, given = inputs[tensor.name], inputs[mask.name]
    if mask.values == "?":
        left_out = ~given.astype(bool)
    else:
        left_out = np.arange(value.shape[1]) >= given[:, None]
    more = value.ndim - left_out.ndim
    return np.asarray(np.broadcast_to(left_out.reshape(left_out.shape + (1,) * more), value.shape))


def where(problem: Problem, tensor: Tensor, part: Part, inputs: Arrays) -> np.ndarray:
    """The numbers of an input that belong to a part, as a mask of its shape."""
    value = inputs[tensor.name]
    if part.outside:
        mask = next(other for other in problem.takes if other.name == part.outside)
        return outside(inputs, mask, tensor)
    if part.axis is None:
        return np.ones(value.shape, bool)
    shape = view(problem, tensor).shape(value.shape)
    chosen = np.zeros(shape, bool)
    np.moveaxis(chosen, part.axis, 0)[part.index] = True
    return chosen.reshape(value.shape)


def named_outside(problem: Problem, tensor: Tensor, mask: str) -> str:
    """`x where mask is false`, `h from the row's length on`."""
    boolean = any(other.name == mask and other.values == "?" for other in problem.takes)
    return f"{tensor.name} where {mask} is false" if boolean else f"{tensor.name} behind {mask}"


def _runs(indices: Sequence[int], length: int) -> list[str]:
    """Indices as Python's subscripts: `0`, `1:`, `:3`, `1:3`."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][1] == index:
            runs[-1][1] = index + 1
        else:
            runs.append([index, index + 1])
    words = []
    for start, end in runs:
        first, last = str(start) if start else "", str(end) if end < length else ""
        words.append(str(start) if end - start == 1 else f"{first}:{last}")
    return words
