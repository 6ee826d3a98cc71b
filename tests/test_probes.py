"""Probes hand back what the student returned; they do not calculate with it unchecked.

numpy broadcasts without a word: an output of a wrong shape looks right once a probe has multiplied
it by something of the right one, and its diagnosis is false.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.lessons._numbers import fitted

FOLDER = Path(lessons.__file__).parent

CHECKED = ("real", "whole", "fitted", "has_shape", "len")
"""What makes of anything a number, or an array of the shape that is asked for, or says if it is."""

CONSIDERED = {"backward", "without_padding", "with_parameters"}
"""Helpers that compare shapes before they calculate."""

OF_ANYTHING = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
"""Comparisons that do not calculate."""

Function = ast.FunctionDef


def arithmetic_in(source: str) -> list[str]:
    """Where the probes of a lesson calculate with something that came from a student's code."""
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, Function)}
    waiting = [(function, {"student"}) for function in functions.values() if _is_probe(function)]
    done: set[tuple[str, frozenset[str]]] = set()
    found: list[str] = []
    while waiting:
        function, given = waiting.pop()
        if function.name in CONSIDERED or (function.name, frozenset(given)) in done:
            continue
        done.add((function.name, frozenset(given)))
        tainted = _tainted(function, given)
        found += [f"{function.name}: {ast.unparse(node)}" for node in _sums(function, tainted)]
        waiting += _calls(function, tainted, functions)
    return sorted(set(found))


def _is_probe(function: Function) -> bool:
    return "student" in [argument.arg for argument in function.args.args]


def _tainted(function: Function, given: set[str]) -> set[str]:
    """The names in a function that hold something that came from a student's code."""
    tainted = set(given)
    before = -1
    while len(tainted) > before:
        before = len(tainted)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and _names(node.value) & tainted:
                for target in node.targets:
                    tainted |= _names(target)
            elif isinstance(node, (ast.For, ast.comprehension)) and _names(node.iter) & tainted:
                tainted |= _names(node.target)
    return tainted


def _names(node: ast.AST) -> set[str]:
    """The names in an expression, but for those that a checking function is given."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CHECKED:
        return set()
    names = {node.id} if isinstance(node, ast.Name) else set()
    for child in ast.iter_child_nodes(node):
        names |= _names(child)
    return names


def _sums(function: Function, tainted: set[str]) -> Iterator[ast.AST]:
    for node in ast.walk(function):
        parts: list[ast.AST] = []
        operator = getattr(node, "op", None)
        if isinstance(operator, ast.BitOr):
            continue  # of dictionaries
        if isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        elif isinstance(node, ast.AugAssign):
            parts = [node.target, node.value]
        elif isinstance(node, ast.Compare) and not isinstance(node.ops[0], OF_ANYTHING):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.UnaryOp):
            parts = [node.operand]
        if any(_names(part) & tainted for part in parts):
            yield node


def _calls(
    function: Function, tainted: set[str], functions: dict[str, Function]
) -> Iterator[tuple[Function, set[str]]]:
    """The helpers of the same file that a function gives something tainted."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            helper = functions.get(node.func.id)
            if helper is None:
                continue
            parameters = [argument.arg for argument in helper.args.args]
            pairs = zip(parameters, node.args, strict=False)
            given = {parameter for parameter, value in pairs if _names(value) & tainted}
            if given - {"student"}:
                yield helper, given


@pytest.mark.parametrize("lesson", lessons.names())
def test_no_probe_calculates_with_what_was_not_checked(lesson: str) -> None:
    source = (FOLDER / f"{lesson}.py").read_text(encoding="utf-8")
    assert arithmetic_in(source) == []


@pytest.mark.parametrize(
    "line",
    [
        "out = student.f(x) * mask",
        "out = student.f(x); out = out - x",
        "out = [one + 1 for one in student.f(x)]",
        "out = model(student, x); out += x",
        "out = student.f(x) == x",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert arithmetic_in(f"def probe(student, x, mask):\n    {line}\n    return out\n")


def test_it_follows_what_is_given_to_a_helper() -> None:
    helper = "def double(value):\n    return 2 * value\n"
    probe = "def probe(student, x):\n    return {'out': double(student.f(x))}\n"
    assert arithmetic_in(helper + probe) == ["double: 2 * value"]


def test_what_is_fitted_has_the_shape_or_is_refused() -> None:
    assert fitted(np.zeros((1, 4)), (4,)).shape == (4,)
    for wrong in (np.zeros((1, 4)), np.zeros(3), np.zeros(())):
        with pytest.raises(ValueError, match=r"an array of shape \(3, 4\) is needed here"):
            fitted(wrong, (3, 4))


def test_a_wrong_shape_stays_wrong_in_front_of_a_mask() -> None:
    torch = pytest.importorskip("torch")
    from autograder.lessons.torch_models import backward, without_padding

    words = torch.tensor([[True, True, False]])
    assert without_padding(torch.ones(1, 3, 2), words)[0, :, 0].tolist() == [1, 1, 0]
    for shape in ((3, 2), (1, 1, 2), (2,), ()):
        assert without_padding(torch.ones(shape), words).shape == shape
    leaf = torch.ones(3, 2, requires_grad=True)
    backward([leaf * 2], [np.ones((1, 3, 2))])
    assert leaf.grad.tolist() == [[2, 2]] * 3, "an axis of length 1 more is no other shape"
    leaf.grad = None
    backward([leaf * 2], [np.ones((4, 3, 2))])
    assert leaf.grad is None, "nothing is made up by broadcasting"
