"""What numpy and torch say, provoked from those installed here, is said in plain English."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograder.worker import gibberish

X, A, D = np.zeros((3, 4)), np.zeros((3, 5)), np.zeros((4, 5))

PROVOKED = {
    "a product": "D @ D",
    "a product with a number": "X @ 3",
    "dot": "np.dot(D, D)",
    "a sum": "X + A",
    "in place": "X += np.zeros((2, 3, 4))",
    "a part": "X[:, 0] = A",
    "a part by indices": "X[[0, 1]] = np.zeros((3, 3))",
    "indices that do not fit": "X[[0, 1], [0, 1, 2]]",
    "an index": "X[:, 4]",
    "an index of a list": "[1][2]",
    "too many indices": "X[0, 0, 0]",
    "a float as an index": "X[0.5]",
    "an array of floats as an index": "X[np.zeros(2)]",
    "a mask": "X[np.ones(4, bool)]",
    "two indices for a list": "[1][0, 0]",
    "an axis": "X.sum(axis=2)",
    "axes": "X.transpose(0, 1, 2)",
    "squeeze": "X.squeeze(axis=0)",
    "a concatenation": "np.concatenate([X, A])",
    "a concatenation of other axes": "np.concatenate([X, X[0]])",
    "a stack": "np.stack([X, A])",
    "nothing to join": "np.concatenate([])",
    "nothing to stack": "np.stack([])",
    "a split": "np.split(X, 5)",
    "a reshape": "X.reshape(5, -1)",
    "a truth": "bool(X > 0)",
    "a number": "float(X)",
    "a whole number": "range(np.arange(3))",
    "parts of different shapes": "np.array([[1.0], [1.0, 2.0]])",
    "a sequence": "X[0, 0] = [1, 2]",
    "whole numbers in place": "n = np.zeros(3, int); n += 0.5",
    "read-only": "np.broadcast_to(X, (2, 3, 4))[0] = 1",
    "None in a function": "np.tanh(np.array([None]))",
    "an object in a function": "np.tanh(np.array([object()]))",
    "a text in a product": "X @ np.array(['a'] * 4)",
    "a text in a function": "np.tanh(np.array(['a']))",
    "a float as a whole number": "range(2.0)",
    "a float as a length": "np.zeros(2.0)",
    "a float in a slice": "X[0:2.0]",
    "einsum with too many letters": "np.einsum('abc->a', X)",
    "einsum with too few letters": "np.einsum('a->a', X)",
    "einsum with another letter": "np.einsum('ab->c', X)",
    "einsum with two lengths": "np.einsum('ab,ac->bc', X, D)",
    "recursion": "f = lambda n: f(n); f(1)",
}

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")
"""Python sees some of it coming."""

WITH_TORCH = {
    "a product": "t.zeros(3, 5) @ t.zeros(4, 5)",
    "a sum": "t.zeros(3, 4) + t.zeros(3, 5)",
    "an index": "t.zeros(3, 4)[:, 4]",
    "too many indices": "t.zeros(3)[0, 0]",
    "a concatenation": "t.cat([t.zeros(3, 4), t.zeros(2, 5)])",
    "a reshape": "t.zeros(3, 4).reshape(5, 2)",
    "an axis": "t.zeros(3, 4).sum(2)",
    "two types": "t.zeros(3, 4) @ t.zeros(4, 5).double()",
}


def provoked(code: str, **names: object) -> tuple[str, str]:
    """What is raised, and what is made of it."""
    scope = dict(np=np, X=X.copy(), A=A.copy(), D=D.copy(), **names)
    with pytest.raises(Exception) as caught:
        exec(code, scope)
    message = str(caught.value).strip()
    found = gibberish.row_of(message)
    return message, "" if found is None else gibberish.in_english(*found) or message


@pytest.mark.parametrize("name", PROVOKED)
def test_what_numpy_says_is_said_in_plain_english(name: str) -> None:
    message, plain = provoked(PROVOKED[name])
    assert plain, f"in no row of the table: {message}"
    assert not re.search(
        r"ufunc|gufunc|core dimension|dtype\(|casting rule|subscripts|NoneType", plain
    )


@pytest.mark.parametrize("name", WITH_TORCH)
def test_what_torch_says_is_said_in_plain_english(name: str) -> None:
    torch = pytest.importorskip("torch")
    message, plain = provoked(WITH_TORCH[name], t=torch)
    assert plain, f"in no row of the table: {message}"


def test_every_row_of_the_table_is_provoked() -> None:
    torch = pytest.importorskip("torch")
    met = set()
    for code in PROVOKED.values():
        met.add(gibberish.row_of(provoked(code)[0]))
    for code in WITH_TORCH.values():
        met.add(gibberish.row_of(provoked(code, t=torch)[0]))
    patterns = {found[0].pattern for found in met if found is not None}
    assert [row.pattern for row in gibberish.ROWS if row.pattern not in patterns] == []
