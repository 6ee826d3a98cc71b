"""The mutation engine: it makes the slips it promises, one at a time, and only in solutions."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.in_time import TooLong, at_most
from autograder.authoring.mutations.edits import mutants
from autograder.authoring.proof.mutation_score import judge_survivors

SOURCE = '''
def helper(x):
    return x + 1

def f(x, W, b):
    """Text - with + operators."""
    ### BEGIN SOLUTION
    a = x @ W + b
    for t in range(3):
        a[:, t] += x[:, t - 1] * 2
    y = a.sum(axis=0)
    ### END SOLUTION
    return y
'''


INDEPENDENT = """
def f(x):
    ### BEGIN SOLUTION
    a = x + 1
    b = x + 2
    ### END SOLUTION
    return a, b
"""


def changes() -> set[str]:
    return {mutant.change for mutant in mutants("m", SOURCE)}


@pytest.mark.parametrize(
    "change",
    [
        "a = x @ W + b -> a = x @ W - b",
        "a = x @ W + b -> a = x @ W",
        "a = x @ W + b -> a = x @ W.T + b",
        "a = x @ W + b -> a = W @ x + b",
        "a = x @ W + b -> a = -(x @ W + b)",
        "a = x @ W + b -> (dropped)",
        "a[:, t] += x[:, t - 1] * 2 -> a[:, t] = x[:, t - 1] * 2",
        "a[:, t] += x[:, t - 1] * 2 -> a[:, t] += x[:, t + 1] * 2",
        "a[:, t] += x[:, t - 1] * 2 -> a[:, t] += x[:, t - 1] * 3",
        "for t in range(3): -> for t in range(4):",
        "for t in range(3): -> for t in range(1, 3):",
        "y = a.sum(axis=0) -> y = a.sum(axis=1)",
        "y = a.sum(axis=0) -> y = a.sum(axis=None)",
        "y = a.sum(axis=0) -> y = a.mean(axis=0)",
        "for t in range(3): -> (after) y = a.sum(axis=0)",
    ],
)
def test_each_slip_is_made(change: str) -> None:
    assert change in changes()


def test_each_mutant_is_one_change_that_parses_and_leaves_given_code_alone() -> None:
    found = list(mutants("m", SOURCE))
    reference = ast.unparse(ast.parse(SOURCE)).splitlines()
    assert len({mutant.source for mutant in found}) == len(found)
    for mutant in found:
        ast.parse(mutant.source)
        assert mutant.function == "f"
        assert mutant.source.splitlines()[:5] == reference[:5]
        assert mutant.source != "\n".join(reference)


def test_swapping_independent_statements_is_no_mutant() -> None:
    assert not any("(after)" in mutant.change for mutant in mutants("m", INDEPENDENT))


def test_survivors_need_a_reason() -> None:
    found = list(mutants("m", SOURCE))[:3]
    unexplained = judge_survivors(3, found[:1], {})
    assert unexplained.objections and "survives" in unexplained.objections[0]
    explained = judge_survivors(2000, found[:1], {found[0].key: "it is the same"})
    assert not explained.objections
    stale = judge_survivors(2000, [], {found[0].key: "it is the same"})
    assert "no longer survives" in stale.objections[0]


def test_code_that_does_not_end_is_stopped() -> None:
    with pytest.raises(TooLong), at_most(0.05):
        while True:
            pass
