"""Frozen answers of functions of other lessons, for a submission that lacks them.

While the reference ran a case, every call that it made of another lesson's functions was written
down: `lender` answers for them. What a function keeps for its backward pass is no array; it is a
link to the call that made it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from autograder.problem import Arrays

LISTED = "calls"
"""The array that says which of the others are whose."""


class Link(NamedTuple):
    """What a call has returned that is no array, such as a cache: number of the call, and place."""

    call: int
    place: int


Value = np.ndarray | Link | None
"""An argument or a result of a call, as it was written down."""


@dataclass(frozen=True)
class Call:
    """One call of a function.

    function: `rnn.rnn_forward`. takes: its arguments by name, in order. gives: its results.
    alone: there is one result, and no tuple around it.
    """

    function: str
    takes: Mapping[str, Value]
    gives: tuple[Value, ...]
    alone: bool = False


# ------------------------------------------------------------------------------------ as it is kept


def packed(calls: Sequence[Call], inputs: Arrays) -> Arrays:
    """The calls of one case as arrays, each of which is kept once; `inputs` are at hand anyway."""
    kept: Arrays = {}
    names = {_identity(value): name for name, value in inputs.items()}

    def reference(value: Value) -> Any:
        if value is None or isinstance(value, Link):
            return value
        name = names.setdefault(_identity(value), str(len(kept)))
        if name not in inputs:
            kept[name] = value
        return name

    listed = []
    for call in calls:
        takes = {name: reference(value) for name, value in call.takes.items()}
        gives = [reference(value) for value in call.gives]
        listed.append([call.function, takes, gives, call.alone])
    return {**kept, LISTED: np.frombuffer(json.dumps(listed).encode(), np.uint8)}


def _identity(value: np.ndarray) -> tuple[str, tuple[int, ...], bytes]:
    return value.dtype.str, value.shape, value.tobytes()


def unpacked(arrays: Arrays, inputs: Arrays) -> tuple[Call, ...]:
    """What `packed` was given."""
    known = {**inputs, **arrays}

    def value_of(reference: Any) -> Value:
        if isinstance(reference, list):
            return Link(*reference)
        return None if reference is None else known[reference]

    calls = []
    for function, takes, gives, alone in json.loads(known[LISTED].tobytes()):
        arguments = {name: value_of(reference) for name, reference in takes.items()}
        results = tuple(value_of(reference) for reference in gives)
        calls.append(Call(function, arguments, results, alone))
    return tuple(calls)
