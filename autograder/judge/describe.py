"""The layers of a check, in order: did it run, shapes, finite numbers, values. Each says what it
saw in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np

from autograder.compare import close
from autograder.problem import Case, ErrorMap, Fault, Problem, Reply, Tensor, axis_length

MEANING = {
    "N": "batch",
    "T": "time",
    "D": "input",
    "H": "hidden",
    "V": "vocabulary",
    "E": "encoder",
    "L": "layers",
}


MOST_AXES, MOST_NUMBERS = 4, 4000
"""Of a tensor that is drawn as a map."""


def describe_fault(fault: Fault, problem: Problem) -> str:
    """What went wrong while the student's code ran, and where, in one sentence."""
    where = f" ({fault.location})" if fault.location else ""
    error = f"{fault.error}: {fault.text}" if fault.text else fault.error
    call = f"; the check was: {fault.call}" if fault.call else ""
    during = "while the file was imported" if fault.phase == "import" else "on this call"
    return {
        "import": f"{problem.lesson}.py cannot be imported: {error}{where}",
        "missing": f"{fault.text}{where}",
        "todo": f"still to do: {fault.text or problem.name}",
        "raised": f"stopped with {error}{where}{call}",
        "returned": f"what came back does not fit: {fault.text}{call}",
        "refused": f"{fault.text}{where}",
        "died": f"the process ended {during}: {fault.text}",
        "timeout": f"no answer {during}: {fault.text or 'time is up'}",
        "garbled": f"the answer could not be read: {fault.text}",
    }[fault.kind]


def shape_of(array: np.ndarray) -> str:
    """`(3, 5)`, without numpy's long integers."""
    return "(" + ", ".join(map(str, array.shape)) + ("," if array.ndim == 1 else "") + ")"


def named_shape(shape: Sequence[int], sizes: Mapping[str, int]) -> str:
    """The axis names that would give this shape, if some do: `(3, 4)` is `(N, D)`."""
    letters = [
        next((axis for axis, n in sizes.items() if n == length), str(length)) for length in shape
    ]
    return "(" + ", ".join(letters) + ("," if len(letters) == 1 else "") + ")"


def wrong_shape(tensor: Tensor, got: np.ndarray, want: np.ndarray, case: Case) -> str:
    """`next_h should be (N, H) = (3, 5), yours is (3, 4): that is (N, D)`."""
    axes = str(tensor).removeprefix(f"{tensor.name} ")
    expected = (
        shape_of(want) if "_" in tensor.axes or not tensor.axes else f"{axes} = {shape_of(want)}"
    )
    text = f"{tensor.name} should be {expected}, yours is {shape_of(got)}"
    if got.ndim == want.ndim and want.ndim > 1 and got.shape in set(permutations(want.shape)):
        return f"{text}: the same axes in another order"
    if got.ndim and all(n in case.sizes.values() for n in got.shape):
        return f"{text}: that is {named_shape(got.shape, case.sizes)}"
    return text


def shape_faults(problem: Problem, case: Case, reply: Reply) -> dict[str, str]:
    """Output -> why it is no array of the right shape, for those that are not."""
    faults = {}
    for tensor in problem.outputs:
        if tensor.name in reply.odd:
            faults[tensor.name] = (
                f"{tensor.name} should be an array, yours is {reply.odd[tensor.name]}"
            )
        elif tensor.name not in reply.outputs:
            faults[tensor.name] = f"{tensor.name} is missing from the answer"
        elif reply.outputs[tensor.name].shape != case.expected[tensor.name].shape:
            faults[tensor.name] = wrong_shape(
                tensor, reply.outputs[tensor.name], case.expected[tensor.name], case
            )
    return faults


def not_finite(name: str, got: np.ndarray, want: np.ndarray) -> str | None:
    """`dx has 3 NaN among 12 numbers, the first at [0, 1]`, where finite numbers are expected."""
    if got.dtype.kind != "f" or want.dtype.kind != "f":
        return None
    bad = ~np.isfinite(got) & np.isfinite(want)
    if not bad.any():
        return None
    kind = "NaN" if np.isnan(got[bad]).any() else "infinities"
    return (
        f"{name} has {int(bad.sum())} {kind} among {got.size} numbers, the first at {index_of(bad)}"
    )


def index_of(mask: np.ndarray) -> str:
    """The first True of a mask as `[1, 2]`; `[]` for a lone number."""
    return (
        "["
        + ", ".join(str(int(i)) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))
        + "]"
    )


def number(value: np.ndarray | float) -> str:
    """Three digits that tell two numbers apart without drowning them."""
    return f"{value:.4g}" if isinstance(value, float) or value.dtype.kind == "f" else str(value)


def wrong_value(problem: Problem, tensor: Tensor, got: np.ndarray, want: np.ndarray) -> str:
    """`dprev_c differs by 0.83 at [1, 2]: yours 0.112, expected 0.947`, at the worst place."""
    if want.dtype.kind == "b" and not want.ndim:
        return f"{tensor.name} should be {bool(want)}, yours is {bool(got)}".lower()
    wrong = ~close(got, want, problem.rtol, problem.atol)
    with np.errstate(invalid="ignore"):
        distance = np.where(wrong, np.abs(np.asarray(got, float) - np.asarray(want, float)), -1.0)
    distance = np.where(np.isnan(distance), np.inf, distance)
    worst = np.unravel_index(int(np.argmax(distance)), distance.shape)
    at = f" at [{', '.join(str(int(i)) for i in worst)}]" if got.ndim else ""
    by = (
        f" by {distance[worst]:.2g}"
        if got.dtype.kind == "f" and np.isfinite(distance[worst])
        else ""
    )
    part = "" if wrong.all() or not got.ndim else f" ({wrong_part(problem, tensor, wrong)})"
    return (
        f"{tensor.name} differs{by}{at}: yours {number(got[worst])}, expected "
        f"{number(want[worst])}{part}"
    )


def where_wrong(
    problem: Problem, tensor: Tensor, got: np.ndarray, want: np.ndarray
) -> ErrorMap | None:
    """Where one output differs from the expected one; None for a lone number and for what nobody
    could look at.
    """
    if not 1 <= want.ndim <= MOST_AXES or want.size > MOST_NUMBERS:
        return None
    return ErrorMap(tensor.name, tensor.axes, ~close(got, want, problem.rtol, problem.atol))


def wrong_part(problem: Problem, tensor: Tensor, wrong: np.ndarray) -> str:
    """Which part of a tensor is wrong: whole blocks, rows or columns of one axis, or how many
    numbers.
    """
    for axis, letter in enumerate(tensor.axes):
        others = tuple(i for i in range(wrong.ndim) if i != axis)
        any_wrong = np.asarray(wrong.any(axis=others))
        blocks = problem.blocks.split()
        if len(blocks) > 1 and letter.startswith(str(len(blocks))):
            hit = [
                block
                for block, part in zip(blocks, np.split(any_wrong, len(blocks)), strict=True)
                if part.any()
            ]
            if len(hit) < len(blocks):
                return f"only in block {' and '.join(hit)}"
        if any_wrong.sum() == 1 < len(any_wrong):
            return f"only at {MEANING.get(letter, letter)} index {int(np.argmax(any_wrong))}"
    return f"{int(wrong.sum())} of {wrong.size} numbers"


def known_lengths(problem: Problem, case: Case) -> dict[str, int]:
    """The axes of a problem and their lengths in a case, by letter."""
    letters = {
        axis
        for tensor in (*problem.takes, *problem.outputs)
        for axis in tensor.axes
        if axis in case.sizes
    }
    return {letter: axis_length(letter, case.sizes) for letter in sorted(letters)}
