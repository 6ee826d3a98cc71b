"""What the values of a tensor can be: zeros, ids at both ends, full lengths, masks with holes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.authoring.casebook.condition import Condition, Lengths
from autograder.problem import Arrays, Tensor, axis_length


def zero(name: str) -> Condition:
    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        return inputs[name].size > 0 and not inputs[name].any()

    def edit(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray:
        return np.zeros_like(value)

    return Condition(f"{name}=0", f"{name} is all zeros", holds, tensor=name, edit=edit, zeros=True)


LARGE = 1024.0
"""The largest number of a gradient from above that is large: a power of 2, exact in float32."""


def large(name: str) -> Condition:
    """A gradient that code which cuts gradients off, at 5 or at 100, would not let through."""

    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        return bool(np.abs(inputs[name]).max(initial=0.0) >= LARGE / 2)

    def edit(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        largest = np.abs(value).max(initial=0.0)
        return value * (LARGE / largest) if largest > 0 else None

    return Condition(f"{name} large", f"{name} is large", holds, tensor=name, edit=edit)


def of_values(tensor: Tensor) -> Iterator[Condition]:
    single = not tensor.axes or all(axis == "1" for axis in tensor.axes)
    if tensor.values == "<" and single:
        yield from _one_id(tensor)
    elif tensor.values == "<":
        yield from _many_ids(tensor)
    elif tensor.values == "<=":
        yield from _counts(tensor)
    elif tensor.values == "?":
        yield from _switch(tensor.name) if single else _mask(tensor.name)


def _one_id(tensor: Tensor) -> Iterator[Condition]:
    name, bound = tensor.name, tensor.bound

    def first(lengths: Lengths, inputs: Arrays) -> bool:
        return bool((inputs[name] == 0).all()) and axis_length(bound, lengths) > 1

    def last(lengths: Lengths, inputs: Arrays) -> bool:
        size = axis_length(bound, lengths)
        return bool((inputs[name] == size - 1).all()) and size > 1

    def to_first(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray:
        return np.zeros_like(value)

    def to_last(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray:
        return np.full_like(value, axis_length(bound, lengths) - 1)

    yield Condition(f"{name}=0", f"{name} is 0", first, tensor=name, edit=to_first)
    yield Condition(f"{name}={bound}-1", f"{name} is {bound}-1", last, tensor=name, edit=to_last)


def _many_ids(tensor: Tensor) -> Iterator[Condition]:
    name, bound = tensor.name, tensor.bound

    def both_ends(lengths: Lengths, inputs: Arrays) -> bool:
        size = axis_length(bound, lengths)
        return size > 1 and {0, size - 1} <= set(inputs[name].ravel().tolist())

    def to_ends(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        size = axis_length(bound, lengths)
        if size < 2 or value.size < 2:
            return None
        places = rng.permutation(value.size)[:2]
        changed = value.copy()
        changed.flat[places[0]], changed.flat[places[1]] = 0, size - 1
        return changed

    def repeated(lengths: Lengths, inputs: Arrays) -> bool:
        return 1 < len(np.unique(inputs[name])) < inputs[name].size

    def repeat(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        if axis_length(bound, lengths) < 2 or value.size < 3:
            return None
        changed = value.copy()
        once, twice = rng.choice(axis_length(bound, lengths), size=2, replace=False)
        changed.flat[rng.permutation(value.size)[:3]] = [once, twice, twice]
        return changed

    def all_equal(lengths: Lengths, inputs: Arrays) -> bool:
        value = inputs[name]
        return value.size > 1 and len(np.unique(value)) == 1 and axis_length(bound, lengths) > 1

    def equalise(
        value: np.ndarray, lengths: Lengths, rng: np.random.Generator
    ) -> np.ndarray | None:
        if value.size < 2 or axis_length(bound, lengths) < 2:
            return None
        return np.full_like(value, value.flat[0])

    ends = f"{name} has both 0 and {bound}-1"
    yield Condition(f"{name} ends", ends, both_ends, tensor=name, edit=to_ends)
    yield Condition(f"{name} repeats", f"{name} repeats", repeated, tensor=name, edit=repeat)
    yield Condition(f"{name} equal", f"{name} is all equal", all_equal, tensor=name, edit=equalise)


def _counts(tensor: Tensor) -> Iterator[Condition]:
    name, bound = tensor.name, tensor.bound

    def both_ends(lengths: Lengths, inputs: Arrays) -> bool:
        most = axis_length(bound, lengths)
        return most > 1 and {1, most} <= set(inputs[name].ravel().tolist())

    def to_ends(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        most = axis_length(bound, lengths)
        if most < 2 or value.size < 2:
            return None
        changed = value.copy()
        places = rng.permutation(value.size)[:2]
        changed.flat[places[0]], changed.flat[places[1]] = 1, most
        return changed

    ends = f"{name} has both 1 and {bound}"
    yield Condition(f"{name} ends", ends, both_ends, tensor=name, edit=to_ends)
    yield _all_at(name, f"{name} full", f"{name} is {bound} everywhere", bound, 0)
    yield _all_at(name, f"{name} short", f"{name} is 1 everywhere", bound, 1)


def _all_at(name: str, condition: str, sentence: str, bound: str, fixed: int) -> Condition:
    """Every count at its largest, or at `fixed`."""

    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        most = axis_length(bound, lengths)
        return most > 1 and bool((inputs[name] == (fixed or most)).all())

    def edit(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        most = axis_length(bound, lengths)
        return np.full_like(value, fixed or most) if most > 1 else None

    return Condition(condition, sentence, holds, tensor=name, edit=edit)


def _switch(name: str) -> Iterator[Condition]:
    for wanted, state in ((True, "on"), (False, "off")):
        yield _switched(name, wanted, f"{name} {state}")


def _switched(name: str, wanted: bool, condition: str) -> Condition:
    def holds(lengths: Lengths, inputs: Arrays) -> bool:
        return bool(inputs[name]) == wanted

    def edit(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray:
        return np.full_like(value, wanted)

    return Condition(condition, f"{name} is {wanted}", holds, tensor=name, edit=edit)


def _mask(name: str) -> Iterator[Condition]:
    def everywhere(lengths: Lengths, inputs: Arrays) -> bool:
        mask = inputs[name]
        return mask.shape[-1] > 1 and bool(mask.all())

    def fill(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        return np.ones_like(value) if value.shape[-1] > 1 else None

    def with_a_hole(lengths: Lengths, inputs: Arrays) -> bool:
        mask = inputs[name]
        before = np.logical_or.accumulate(mask, axis=-1)
        after = np.logical_or.accumulate(mask[..., ::-1], axis=-1)[..., ::-1]
        return bool((before & ~mask & after).any())

    def pierce(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        if value.shape[-1] < 3:
            return None
        changed = value.copy()
        changed[..., 0], changed[..., 1], changed[..., 2] = True, False, True
        return changed

    def later(lengths: Lengths, inputs: Arrays) -> bool:
        return bool((~inputs[name][..., 0] & inputs[name].any(axis=-1)).any())

    def delay(value: np.ndarray, lengths: Lengths, rng: np.random.Generator) -> np.ndarray | None:
        if value.shape[-1] < 2:
            return None
        changed = value.copy()
        changed[..., 0], changed[..., -1] = False, True
        return changed

    late = f"{name} is false first and true later"
    yield Condition(f"{name} full", f"{name} is all true", everywhere, tensor=name, edit=fill)
    yield Condition(f"{name} hole", f"{name} has a hole", with_a_hole, tensor=name, edit=pierce)
    yield Condition(f"{name} later", late, later, tensor=name, edit=delay)
