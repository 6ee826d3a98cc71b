"""A piece of the reference in words: only names that a student has, and no line of it."""

from __future__ import annotations

import ast
import re

from autograder.authoring.mutations.contract import Contract
from autograder.authoring.mutations.tree import base, called

LONGEST = 11
"""Characters of a piece of code that is shown; a whole line of an answer has more."""

SPOKEN = {"tanh": "tanh", "sigmoid": "sigmoid", "exp": "exponential", "log": "logarithm"}


def name_of(name: str, contract: Contract) -> str | None:
    """A name in words: `dx`, `dWx` of one step, the tanh of `next_c`; None if it is private.

    >>> from autograder.authoring.mutations.contract import Contract
    >>> known = Contract(frozenset({"f", "dWx"}), frozenset(), ())
    >>> name_of("df", known), name_of("dWx_t", known), name_of("through", known)
    ('`df`', '`dWx` of one step', None)
    """
    if contract.has(name):
        return f"`{name}`"
    if name.endswith("_t") and contract.has(name[:-2]):
        return f"`{name[:-2]}` of one step"
    return contract.meanings.get(name)


def phrase(node: ast.AST | None, contract: Contract) -> str | None:
    """A piece of the reference in words; None for what cannot be said."""
    if isinstance(node, ast.Name):
        return name_of(node.id, contract)
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, (int, float, bool)) else None
    if isinstance(node, ast.Subscript):
        return _of_part(node, contract)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = phrase(node.value, contract)
        return f"the transpose of {inner}" if inner and inner.startswith("`") else None
    if called(node or ast.Pass()) in SPOKEN and isinstance(node, ast.Call) and node.args:
        inner = phrase(node.args[0], contract)
        name = SPOKEN[called(node)]
        return f"the {name} of {inner}" if inner and inner.startswith("`") else None
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return _code(node, contract) or _product(node, contract)
    return None


def _product(node: ast.expr, contract: Contract) -> str | None:
    """`the product of f and prev_c`, of two things with names."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.MatMult)):
        return None
    names = [phrase(factor, contract) for factor in (node.left, node.right)]
    if any(name is None or not name.startswith("`") for name in names):
        return None
    return f"the product of {names[0]} and {names[1]}"


def _of_part(node: ast.Subscript, contract: Contract) -> str | None:
    """An entry of a dictionary by its key; a part of an array by the array's name."""
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return name_of(node.slice.value, contract)
    name = name_of(base(node), contract)
    if name is None:
        return None
    if "`t`" in name or "of one step" in name:
        return name
    by_step = any(isinstance(part, ast.Name) and part.id == "t" for part in ast.walk(node.slice))
    return f"{name} of one step" if by_step and name.startswith("`") else name


def _code(node: ast.expr, contract: Contract) -> str | None:
    """`1 - f`, as code: short, and with one name that a student has."""
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    odd = (ast.Call, ast.Subscript, ast.Attribute)
    if len(names) != 1 or any(isinstance(part, odd) for part in ast.walk(node)):
        return None
    text = ast.unparse(node)
    short = len(re.sub(r"\s", "", text)) <= LONGEST
    return f"`{text}`" if short and contract.has(names[0]) else None
