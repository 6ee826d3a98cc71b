"""What an input can meet: a condition for every edge that a declaration leads to.

An axis of length 1, two axes of equal length, a length beyond all axes, ids at both ends of the
vocabulary or all equal, full lengths and short ones, masks with holes, a tensor of zeros, a large
gradient from above. Code that is wrong only there must be caught, so some public and some hidden
case must meet every one of them (`cover`), unless the declaration says in `never=` why no input
does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache
from itertools import combinations

from autograder import lessons
from autograder.authoring.casebook.condition import Condition, Lengths
from autograder.authoring.casebook.values import large, of_values, zero
from autograder.authoring.casebook.variants import BuildError
from autograder.problem import Arrays, Problem, Tensor, letter_length

_FLOOR = re.compile(r"(\w+)<(\d+)")


# ------------------------------------------------------------------------------ lengths of the axes


def letters(problem: Problem) -> list[str]:
    """The letters of the axes, and of the lengths given as numbers, each once."""
    found: dict[str, int] = {}
    for tensor in problem.takes:
        bound = [tensor.bound] if tensor.values == "=" else []
        for axis in (*tensor.axes, *bound):
            found |= letter_length(axis, 0)
    return list(found)


def axes_of(tensor: Tensor) -> set[str]:
    """The letters of a tensor's axes."""
    found: set[str] = set()
    for axis in tensor.axes:
        found |= letter_length(axis, 0).keys()
    return found


def choices(problem: Problem) -> set[str]:
    """The letters of the axes along which one is chosen of many: the words, the places of a mask.

    Where such an axis is 1, there is little to compute.
    """
    found: set[str] = set()
    for tensor in problem.takes:
        if tensor.values == "<":
            found |= letter_length(tensor.bound, 0).keys()
        if tensor.values == "?" and tensor.axes:
            found |= letter_length(tensor.axes[-1], 0).keys()
    return found


# --------------------------------------------------------------------------------- the enumeration


def conditions_of(problem: Problem, drawn: Arrays) -> list[Condition]:
    """The conditions that an input of the problem can meet: all but those in its `never=`.

    drawn: any input of it, which tells real numbers from whole ones.
    Raises BuildError for what `never=` names and is no condition.
    """
    found = list(_all_of(problem, drawn))
    _refuse_unknown(problem, [condition.id for condition in found])
    never = _never_met(problem)
    return [condition for condition in found if condition.id not in never]


def excluded(problem: Problem, drawn: Arrays) -> list[Condition]:
    """The conditions that no input meets, as its `never=` says."""
    never = _never_met(problem)
    return [condition for condition in _all_of(problem, drawn) if condition.id in never]


def _never_met(problem: Problem) -> set[str]:
    """The ids in `never=`; a floor such as V<4 stands for V=1."""
    return {*problem.never, *(f"{axis}=1" for axis in floors(problem))}


def _refuse_unknown(problem: Problem, ids: Sequence[str]) -> None:
    for name in problem.never:
        floor = _FLOOR.fullmatch(name)
        if name not in ids and (floor is None or f"{floor[1]}=1" not in ids):
            raise BuildError(
                f'never= of {problem.name} names "{name}", which is none of its conditions: drop '
                f"it, or write one of {', '.join(sorted(ids))}"
            )


def floors(problem: Problem) -> dict[str, int]:
    """Axis -> the least length it can have, from entries such as `never={"V<4": ...}`."""
    found = {}
    for name in problem.never:
        if floor := _FLOOR.fullmatch(name):
            found[floor[1]] = int(floor[2])
    return found


def upstreams(problem: Problem) -> list[str]:
    """The gradients from above among the inputs: `dh`, because some tensor is called `h`."""
    names = tensor_names()
    return [tensor.name for tensor in problem.takes if _is_gradient(tensor.name, names)]


def _is_gradient(name: str, names: Set[str]) -> bool:
    return name.startswith("d") and name[1:] in names


@cache
def tensor_names() -> Set[str]:
    """What the tensors of all lessons are called."""
    found = set()
    for problem in lessons.all_problems():
        found |= {tensor.name for tensor in (*problem.takes, *problem.gives)}
    return found


def _all_of(problem: Problem, drawn: Arrays) -> Iterator[Condition]:
    axes = letters(problem)
    for axis in axes:
        yield _length_one(axis, alone=len(axes) == 1)
    for one, other in combinations(axes, 2):
        yield _equal(one, other)
    yield from _far_out(problem)
    for tensor in problem.takes:
        yield from of_values(tensor)
    for tensor in problem.takes:
        if not tensor.values and tensor.axes and drawn[tensor.name].dtype.kind == "f":
            yield zero(tensor.name)
    # torch computes in float32, where right sums in another order differ by more than is let pass
    in_float64 = lessons.lesson(problem.lesson).backend == "numpy"
    for name in upstreams(problem):
        if in_float64 and drawn[name].dtype.kind == "f":
            yield large(name)


def _length_one(axis: str, alone: bool) -> Condition:
    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        # Where all lengths are 1, most mistakes do not show.
        return lengths[axis] == 1 and (alone or max(lengths.values()) > 1)

    return Condition(f"{axis}=1", f"{axis} is 1", holds, axes=(axis,))


def _equal(one: str, other: str) -> Condition:
    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        return lengths[one] == lengths[other] > 1

    return Condition(f"{one}={other}", f"{one} and {other} are equal", holds, axes=(one, other))


def _far_out(problem: Problem) -> Iterator[Condition]:
    """A number such as a window that is larger than anything else."""
    named: set[str] = set()
    for tensor in problem.takes:
        named |= axes_of(tensor)
    for tensor in problem.takes:
        if tensor.values == "=" and named and tensor.bound not in named:
            yield _beyond(tensor.bound, letters(problem))


def _beyond(length: str, axes: Sequence[str]) -> Condition:
    others = [axis for axis in axes if axis != length]

    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        # Beyond a text of one word, a window is the same whatever it is.
        return lengths[length] > max(lengths[axis] for axis in others) and all(
            lengths[axis] > 1 for axis in others
        )

    sentence = f"{length} is larger than any other length"
    return Condition(f"{length}>all", sentence, holds, axes=(length,))
