"""The mutation engine: it makes the slips it promises, one at a time, and only in solutions."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring.casebook.variants import read_package
from autograder.authoring.in_time import TooLong, at_most
from autograder.authoring.mutations.contract import Contract
from autograder.authoring.mutations.edits import Edit, edits, mutants
from autograder.authoring.mutations.pairs import pairs
from autograder.authoring.mutations.scope import Scopes, noting_scopes
from autograder.authoring.mutations.words import words
from autograder.authoring.proof.mutation_score import judge_survivors
from autograder.authoring.sources import solution_lines
from autograder.problem import Misconception
from solutions.equivalent_mutants import EQUIVALENT
from tests.conftest import ROOT

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


ARRAYS = """
def f(x, prev_h, W, V, b):
    ### BEGIN SOLUTION
    h = np.zeros_like(prev_h)
    one, two = np.split(W, 2, axis=1)
    i, g = sigmoid(one), np.tanh(two)
    h = i * g * (1 - g**2) + prev_h
    da = h * i * (1 - i)
    both = np.concatenate([i, g], axis=1)
    spread = both.std(axis=0)
    for row in x:
        b = step(prev_h, h, row[:3])
    y = mix(i, g)
    ### END SOLUTION
    return y
"""


@pytest.mark.parametrize(
    "change",
    [
        "one, two = np.split(W, 2, axis=1) -> two, one = np.split(W, 2, axis=1)",
        "i, g = (sigmoid(one), np.tanh(two)) -> i, g = (np.tanh(one), np.tanh(two))",
        "h = i * g * (1 - g ** 2) + prev_h -> h = i * g * g * (1 - g) + prev_h",
        "h = i * g * (1 - g ** 2) + prev_h -> h = i * g * (1 - g ** 2) + 2 * prev_h",
        "h = i * g * (1 - g ** 2) + prev_h -> h = 0.5 * (i * g * (1 - g ** 2) + prev_h)",
        "h = i * g * (1 - g ** 2) + prev_h -> h = i * i * (1 - g ** 2) + prev_h",
        "h = np.zeros_like(prev_h) -> h = prev_h",
        "da = h * i * (1 - i) -> da = h * (1 - i ** 2)",
        "da = h * i * (1 - i) -> da = h * i ** 2 * (1 - i)",
        "both = np.concatenate([i, g], axis=1) -> both = np.concatenate([g, i], axis=1)",
        "spread = both.std(axis=0) -> spread = both.std(axis=0, ddof=1)",
        "for row in x: -> for row in list(x)[1:]:",
        "for row in x: -> for row in list(x)[:-1]:",
        "b = step(prev_h, h, row[:3]) -> b = step(h, prev_h, row[:3])",
        "y = mix(i, g) -> y = mix(g, i)",
    ],
)
def test_each_slip_with_arrays_is_made(change: str) -> None:
    assert change in {edit.change for edit in _edits_of_arrays()}


def _edits_of_arrays() -> list[Edit]:
    """All changes of ARRAYS; i, g, h and prev_h are of one shape, x is of another."""
    shapes = {name: ("ndarray", "f", 3, 5) for name in ("i", "g", "h", "prev_h")}
    shapes["x"] = ("ndarray", "f", 3, 4)
    scopes = Scopes(at=dict.fromkeys(range(1, 20), shapes))
    return list(edits(ast.parse(ARRAYS), solution_lines(ARRAYS), scopes))


def test_a_name_stands_only_for_another_of_its_shape() -> None:
    swapped = [edit for edit in _edits_of_arrays() if edit.kind == "substituted"]
    assert swapped
    for edit in swapped:
        assert {ast.unparse(edit.old), ast.unparse(edit.new)} <= {"i", "g", "h", "prev_h"}


def test_the_tree_is_as_it_was_after_all_changes() -> None:
    tree = ast.parse(ARRAYS)
    before = ast.unparse(tree)
    shapes = {"i": ("f", 3), "g": ("f", 3)}
    scopes = Scopes(at=dict.fromkeys(range(1, 20), shapes))
    texts = [ast.unparse(tree) for _ in edits(tree, solution_lines(ARRAYS), scopes)]
    assert texts and before not in texts
    assert ast.unparse(tree) == before


def test_scopes_are_what_was_there_before_a_line(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("import numpy as np\ndef f(x):\n    y = x + 1\n    n = 3\n    return y\n")
    space: dict[str, Any] = {}
    exec(compile(path.read_text(), str(path), "exec"), space)
    scopes = Scopes()
    with noting_scopes(str(path), scopes):
        space["f"](np.ones((2, 3)))
    assert scopes.functions == {2}
    assert set(scopes.at[3]) == {"x"} and set(scopes.at[5]) == {"x", "y", "n"}
    assert scopes.at[5]["x"] == scopes.at[5]["y"] != scopes.at[5]["n"]


def test_pairs_are_of_patches_that_do_not_touch() -> None:
    source = "def f(x):\n    a = x + 1\n    b = a * 2\n    return b\n"
    wrong = [
        _misconception("one", "x + 1", "x - 1"),
        _misconception("two", "a * 2", "a * 3"),
        _misconception("three", "x + 1", "x"),
    ]
    found = list(pairs({"m": source}, wrong, "m"))
    assert [(pair.one.id, pair.other.id) for pair in found] == [
        ("f.one", "f.two"),
        ("f.two", "f.three"),
    ]
    assert found[0].text == "def f(x):\n    a = x - 1\n    b = a * 3\n    return b\n"


def _misconception(name: str, replace: str, by: str) -> Misconception:
    hints = ("one?", "two.", "three.")
    return Misconception("f", name, replace=replace, by=by, idea=name, hints=hints, source="own")


WORDS = [
    ("h = i * g * (1 - g ** 2) + prev_h -> h = i * g * (1 - g ** 2) + 2 * prev_h",
     "the term `prev_h` counts twice", "where `h` is formed"),
    ("h = i * g * (1 - g ** 2) + prev_h -> h = i * i * (1 - g ** 2) + prev_h",
     "`i` stands in place of `g`", "where `h` is formed"),
    ("i, g = (sigmoid(one), np.tanh(two)) -> i, g = (np.tanh(one), np.tanh(two))",
     "a tanh stands in place of a sigmoid", "where `i` is formed"),
    ("y = mix(i, g) -> y = mix(g, i)",
     "`i` and `g` are exchanged", "where `y` is formed"),
    ("b = step(prev_h, h, row[:3]) -> b = step(h, prev_h, row[:3])",
     "`prev_h` and `h` are exchanged in the call of `step`", "where `b` is formed"),
    ("for row in x: -> for row in list(x)[1:]:",
     "the first index is left out of a loop", ""),
    ("both = np.concatenate([i, g], axis=1) -> both = np.concatenate([g, i], axis=1)",
     "the blocks are put together in the order g i", ""),
    ("h = np.zeros_like(prev_h) -> h = prev_h", "`h` starts at `prev_h`, not at zero", ""),
]  # fmt: skip


@pytest.mark.parametrize("change, what, where", WORDS)
def test_the_words_are_made_of_the_change(change: str, what: str, where: str) -> None:
    names = frozenset({"x", "prev_h", "h", "i", "g", "b", "y"})
    known = Contract(names, frozenset({"step"}), ("i", "g"))
    told = [words(edit, known) for edit in _edits_of_arrays() if edit.change == change]
    assert (what, where) in {(one.what, one.where) for one in told}


def test_every_kind_of_change_has_words_without_a_private_name() -> None:
    known = Contract(frozenset({"x"}), frozenset(), ())
    for edit in _edits_of_arrays():
        told = words(edit, known)
        private = {"one", "two", "row", "both", "spread", "prev_h"}
        assert not private & set(re.findall(r"`(\w+)`", f"{told.what} {told.where}"))


def test_survivors_need_a_reason() -> None:
    found = list(mutants("m", SOURCE))[:3]
    unexplained = judge_survivors(3, found[:1], {})
    assert unexplained.objections and "survives" in unexplained.objections[0]
    explained = judge_survivors(2000, found[:1], {found[0].key: "it is the same"})
    assert not explained.objections
    stale = judge_survivors(2000, [], {found[0].key: "it is the same"})
    assert "no longer survives" in stale.objections[0]


def test_every_change_that_is_listed_as_equivalent_is_still_made() -> None:
    """By the classic operators alone, which the proof goes by."""
    made = set()
    for source in read_package(ROOT / "solutions" / "recurrent").values():
        for edit in edits(ast.parse(source), solution_lines(source)):
            made.add((edit.function, edit.change))
    assert {(entry.function, entry.change) for entry in EQUIVALENT} - made == set()


def test_code_that_does_not_end_is_stopped() -> None:
    with pytest.raises(TooLong), at_most(0.05):
        while True:
            pass
