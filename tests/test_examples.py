"""The examples in docstrings: what they say comes out does come out."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from autograder import compare, errors, gradients, problem
from autograder.lessons import _numbers
from autograder.settings import course


@pytest.mark.parametrize(
    "module",
    [compare, errors, gradients, problem, _numbers, course],
    ids=lambda module: module.__name__,
)
def test_the_examples_in_docstrings_are_true(module: ModuleType) -> None:
    results = doctest.testmod(module)  # prints each example that fails, and what came out
    assert results.attempted > 0, "no example is left"
    assert results.failed == 0
