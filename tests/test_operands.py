"""Reading a line of the student's: nothing of theirs is run, and of right lines nothing is said."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.worker.operands import Scope, misfit, operands


class Trap:
    """A student's class that must not be run: everything about it raises."""

    def __init__(self) -> None:
        self.kept = np.zeros((2, 3))

    @property
    def shape(self) -> None:
        raise AssertionError("a property was run")

    def __getattr__(self, name: str) -> None:
        raise AssertionError("__getattr__ was run")

    def __repr__(self) -> str:
        raise AssertionError("repr was run")

    __len__ = __add__ = __matmul__ = __getitem__ = __eq__ = __repr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


class Sub(np.ndarray):
    """An array of a student's class."""

    def __getitem__(self, index: object) -> None:
        raise AssertionError("an index was looked up by their code")


LINES = [
    "y = trap @ x", "y = trap.shape[0] + x", "y = trap[x]", "y = len(trap)", "y = sub[0] @ x", "y = sub + x",
    "y = trap.kept @ x", "y = [trap, x]", "y = d[trap]", "d['a'] = trap + x", "trap.y = x", "y = x[trap]",
    "y = f(trap) @ x", "while trap < x:\n pass",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_nothing_of_a_students_is_run_by_looking_at_a_line(line: str) -> None:
    names = dict(trap=Trap(), sub=np.zeros((2, 3)).view(Sub), x=np.zeros((3, 4)), d={"a": Trap()})
    names["f"] = lambda value: pytest.fail("a function was run")
    statement = ast.parse(line).body[0]
    scope = Scope(names, {"np": np})
    misfit(statement, scope)
    assert all("trap (" not in text and "sub" not in text for text in operands(statement, scope))


FITTING = [
    "x @ W + b", "x @ W @ W.T", "np.tanh(x @ W)[:, 1:] + x[:, :2, None][..., 0] if False else x", "x.sum(axis=0) + x",
    "np.concatenate([x, x], axis=1) @ np.zeros((8, 2))", "x[x > 0]", "x[np.arange(3), ids]", "x[:, None] * W.T[None][:, :1]",
    "x.reshape(2, -1).T @ np.ones(2)", "W[ids] @ np.ones(5)", "(x - x.mean(axis=1, keepdims=True)) / x.std(axis=-1)[:, None]",
    "np.stack([x, x], axis=1)[:, 0] + x", "x[..., -1] @ x", "-x + 1", "np.zeros_like(x) + x", "np.maximum(x, 0) @ W", "x[0] @ W",
    "np.hstack([x[0], b])", "np.sum(x, axis=(0, 1)) + x", "x[[0, 2]] + x[:2]", "x.transpose(1, 0) @ x", "x[1:1] @ W", "x[True] + x",
]  # fmt: skip


@pytest.mark.parametrize("line", FITTING)
def test_of_a_line_that_runs_nothing_is_found_wrong(line: str) -> None:
    names = dict(x=np.ones((3, 4)), W=np.ones((4, 5)), b=np.ones(5), ids=np.array([0, 1, 3]))
    eval(line, {"np": np}, names)
    assert misfit(ast.parse(line).body[0], Scope(names, {"np": np})) is None
