"""Which names stand for something of which shape, at each line of the reference as it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

Shape = tuple[Any, ...]
"""What two names must have in common for one to stand for the other."""


@dataclass
class Scopes:
    """What was seen of one file while it ran.

    at: line -> name -> shape, before the line ran for the first time. An entry of a dictionary is
        seen by the name `params["Wx"]`. functions: the first lines of the functions that ran.
    """

    at: dict[int, Mapping[str, Shape]] = field(default_factory=dict)
    functions: set[int] = field(default_factory=set)

    def before(self, first: int, last: int) -> Mapping[str, Shape]:
        """What was there before a statement that stands on these lines."""
        for line in range(first, last + 1):
            if line in self.at:
                return self.at[line]
        return {}


@contextmanager
def noting_scopes(file: str, scopes: Scopes) -> Iterator[None]:
    """Add to `scopes` what runs of a file in the block."""

    def calls(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != file:
            return None
        scopes.functions.add(frame.f_code.co_firstlineno)
        return lines

    def lines(frame: FrameType, event: str, argument: object) -> Any:
        if event == "line" and frame.f_lineno not in scopes.at:
            scopes.at[frame.f_lineno] = _shapes(frame.f_locals)
        return lines

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        yield
    finally:
        sys.settrace(before)


def _shapes(found: Mapping[str, Any]) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {}
    for name, value in found.items():
        shape = _shape(value)
        if shape is not None:
            shapes[name] = shape
        if isinstance(value, dict) and len(value) < 20:
            for key, entry in value.items():
                shape = _shape(entry)
                if isinstance(key, str) and shape is not None:
                    shapes[f'{name}["{key}"]'] = shape
    return shapes


def _shape(value: Any) -> Shape | None:
    """The type and the shape of an array; of a whole number that it is one; else None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ("number",)
    if isinstance(getattr(value, "shape", None), tuple) and hasattr(value, "dtype"):
        kind = getattr(value.dtype, "kind", str(value.dtype))
        return (type(value).__name__, kind, *value.shape)
    return None
