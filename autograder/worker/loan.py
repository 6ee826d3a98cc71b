"""Functions of other lessons that the judge lends: each asks for its answer when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from autograder.arrays import exact
from autograder.problem import Arrays
from autograder.worker import messages
from autograder.worker.messages import Borrow, Lent
from autograder.worker.package import NAME

Answered = tuple[Lent, Arrays]
Ask = Callable[[Borrow, Arrays], Answered | None]


class NotLent(Exception):
    """A lent function was called with something else than is lent for."""


class Kept:
    """What a lent function has kept for a later one; only the judge knows what it is."""

    def __init__(self, number: int) -> None:
        self.number = number


class Loan:
    """The lent functions of one process.

    ask: puts a question to the judge. is_open: the judge is waiting for the answer to a case, and
    will listen.
    """

    def __init__(self, ask: Ask) -> None:
        self.ask, self.is_open = ask, False

    def put_in_place(self, places: Sequence[str]) -> None:
        """Have files that import these others, as `rnn`, or functions of theirs get the lent ones.

        Whatever else such a file lacks can be imported, and not called.
        """
        for place in places:
            module, _, function = place.partition(".")
            if function:
                setattr(sys.modules[f"{NAME}.{module}"], function, self._stand_in(place))
            else:
                _module(module).__getattr__ = partial(self._missing, module)  # type: ignore[method-assign]

    def _missing(self, module: str, name: str) -> Callable[..., Any]:
        if name.startswith("__"):  # Python asks for such names by itself
            raise AttributeError(name)

        def missing(*arguments: Any, **named: Any) -> NoReturn:
            raise NotLent(f"{name} is missing from {module}.py, and cannot be lent for this")

        return missing

    def _stand_in(self, place: str) -> Callable[..., Any]:
        name = place.partition(".")[2]

        def lent(*arguments: Any, **named: Any) -> Any:
            if not self.is_open:
                raise NotLent(f"{name} is lent, and can be called by your functions only")
            values = [_sendable(name, value) for value in (*arguments, *named.values())]
            numbers, arrays = messages.in_numbers(values)
            names = ("",) * len(arguments) + tuple(named)
            answered = self.ask(Borrow(place, names, numbers), arrays)
            if answered is None or not answered[0].found:
                raise NotLent(
                    f"{name} is lent, and takes no arguments of these kinds and shapes here"
                )
            return _returned(*answered)

        lent.__name__ = lent.__qualname__ = name
        return lent


def _module(name: str) -> ModuleType:
    """The student's own file, as far as it can be imported, or an empty one in its place."""
    full = f"{NAME}.{name}"
    try:
        return importlib.import_module(full)
    except BaseException:  # whatever it is: the file is lent because it cannot be used
        module = sys.modules[full] = ModuleType(full)
        return module


def _sendable(name: str, value: Any) -> np.ndarray | int | None:
    if value is None:
        return None
    if isinstance(value, Kept):
        return value.number
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise NotLent(f"{name} is lent, and takes arrays and what it has returned itself")
    return exact(array)


def _returned(lent: Lent, arrays: Arrays) -> Any:
    results: list[Any] = []
    for value in messages.from_numbers(lent.values, arrays):
        if isinstance(value, int):
            results.append(Kept(value))
        elif isinstance(value, np.ndarray):
            results.append(value.copy()[()])  # to be written on; and a lone number is no array
        else:
            results.append(None)
    return results[0] if lent.alone else tuple(results)
