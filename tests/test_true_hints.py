"""What a hint says of the student's own result is true of everybody who gets it.

A hint is shown to those whose numbers are exactly what the mistake leads to, so it can be held to
what the mistake does: "With T = 1 you are right." is tried on cases with T = 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.draw import draw_cases, draw_inputs
from autograder.authoring.casebook.variants import Variant, imported
from autograder.compare import equal
from autograder.problem import Arrays, Misconception, Problem
from tests.conftest import ROOT

AXIS_OF = {
    "a batch of one": "N",
    "a batch of one picture": "N",
    "one step": "T",
    "one unit": "H",
    "N = 1": "N",
    "T = 1": "T",
    "H = 1": "H",
}
LENGTH_ONE = "|".join(map(re.escape, sorted(AXIS_OF, key=len, reverse=True)))
RIGHT_AT_ONE = re.compile(
    rf"(?:With|For|for) ({LENGTH_ONE})(?: or with (?:{LENGTH_ONE}))? (you are|your (\w+) is) right"
)
RIGHT_FOR_ONE = re.compile(rf"You are right for ({LENGTH_ONE})")
ONLY_WRONG = re.compile(r"Only (\w+) is wrong")
IS_RIGHT = re.compile(r"^(?:Your )?(d?\w+)(?: and (d\w+))? (?:is|are) right(?=[.:;]| and )")
BLOCK = re.compile(
    r"In dWx, dWh and db (?:only )?the blocks? (\w)(?: and (\w))? (?:is|are) wrong"
    r"(?:.*, and (\w+) is right)?"
)


@dataclass(frozen=True)
class Claim:
    """What a sentence says: these outputs are right, on cases in which `axis` has length 1.

    outputs: none for all. but: the outputs that are not claimed to be right.
    """

    outputs: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    axis: str = ""
    blocks: tuple[str, ...] = ()  # of dWx, dWh and db, that are wrong: the others are right


def claims_of(hint: str, problem: Problem) -> Iterator[Claim]:
    """What a hint claims of the outputs of a problem, in one of these ways."""
    names = {tensor.name for tensor in problem.gives}
    if found := RIGHT_AT_ONE.search(hint):
        axis, _, name = found.groups()
        if name is None or name in names:
            yield Claim((name,) if name else (), axis=AXIS_OF[axis])
    if found := RIGHT_FOR_ONE.search(hint):
        yield Claim(axis=AXIS_OF[found[1]])
    if (found := ONLY_WRONG.search(hint)) and found[1] in names:
        yield Claim(but=(found[1],))
    if found := IS_RIGHT.search(hint):
        right = tuple(name for name in found.groups() if name in names)
        if right:
            yield Claim(right)
    if found := BLOCK.search(hint):
        first, second, whole = found.groups()
        yield Claim((whole,) if whole else (), blocks=tuple(filter(None, (first, second))))


def cases_of(problem: Problem, axis: str) -> Iterator[Arrays]:
    """Inputs of public and hidden cases, in which the axis has length 1 if one is named."""
    for hidden in (False, True):
        for _, sizes, inputs in draw_cases(problem, seed=11 + hidden, hidden=hidden):
            if not axis or sizes.get(axis) == 1:
                yield inputs
    if axis and problem.draw is None:
        rng = np.random.default_rng(11)
        yield draw_inputs(problem, {**problem.sizes[0], axis: 1}, rng)


def answer(problem: Problem, variant: Variant, inputs: Arrays) -> Mapping[str, np.ndarray]:
    """The outputs of a problem, as arrays."""
    copies = {name: value.copy() for name, value in inputs.items()}
    with np.errstate(all="ignore"):
        outputs = problem.probe(variant.module(problem.lesson), **copies)
    return {tensor.name: np.asarray(outputs[tensor.name]) for tensor in problem.gives}


def false_outputs(
    claim: Claim, problem: Problem, wrong: Variant, reference: Variant
) -> Iterator[str]:
    """Outputs, or blocks of them, that the claim calls right and that are not."""
    cases = list(cases_of(problem, claim.axis))
    assert cases, f"no case has {claim.axis} = 1"
    for inputs in cases:
        got, want = answer(problem, wrong, inputs), answer(problem, reference, inputs)
        for name in claim.outputs or (() if claim.blocks else tuple(want)):
            if name not in claim.but and not equal(problem, got[name], want[name]):
                yield name
        if claim.blocks:
            yield from _false_blocks(claim, problem, got, want)


def _false_blocks(
    claim: Claim,
    problem: Problem,
    got: Mapping[str, np.ndarray],
    want: Mapping[str, np.ndarray],
) -> Iterator[str]:
    """Blocks of the weights' gradients that the claim does not call wrong, and that are."""
    names = problem.blocks.split()
    for output in ("dWx", "dWh", "db"):
        mine = np.split(got[output], len(names), axis=-1)
        right = np.split(want[output], len(names), axis=-1)
        for block, one, other in zip(names, mine, right, strict=True):
            if block not in claim.blocks and not equal(problem, one, other):
                yield f"block {block} of {output}"


ANSWERS = load_answers(ROOT / "solutions")
CLAIMS = [
    (misconception, hint, claim)
    for misconception in ANSWERS.misconceptions
    for hint in misconception.hints
    for claim in claims_of(hint, lessons.find(misconception.problem))
]


@pytest.fixture(scope="module")
def reference() -> Iterator[Variant]:
    with imported(ANSWERS.sources) as variant:
        yield variant


@pytest.mark.parametrize(
    ("misconception", "hint", "claim"),
    CLAIMS,
    ids=[misconception.id for misconception, *_ in CLAIMS],
)
def test_what_a_hint_says_of_the_result_is_true(
    misconception: Misconception, hint: str, claim: Claim, reference: Variant
) -> None:
    problem = lessons.find(misconception.problem)
    if not lessons.can_run(problem.lesson):
        pytest.skip(f"{problem.lesson} cannot run here")
    with imported(ANSWERS.patched(misconception)) as wrong:
        assert set(false_outputs(claim, problem, wrong, reference)) == set(), hint


def test_a_false_sentence_is_found(reference: Variant) -> None:
    """What stood there once: with the block o of db, dx and dprev_h are wrong too."""
    problem = lessons.find("lstm_step_backward")
    (mistake,) = (m for m in ANSWERS.misconceptions if m.id == "lstm_step_backward.do_uses_c")
    with imported(ANSWERS.patched(mistake)) as wrong:
        for sentence, false in (
            ("Only db is wrong.", {"dx", "dprev_h", "dWx", "dWh"}),
            ("dx is right.", {"dx"}),
            (
                "In dWx, dWh and db only the block f is wrong.",
                {"block o of dWx", "block o of dWh", "block o of db"},
            ),
        ):
            (claim,) = claims_of(sentence, problem)
            assert set(false_outputs(claim, problem, wrong, reference)) == false
