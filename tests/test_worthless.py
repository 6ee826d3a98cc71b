"""What a submission earns that implements nothing: the judge alone, with made-up replies.

What the course's problems pay for it, `test_proof.py` measures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.proof import worthless
from autograder.casebook import ProblemCases
from autograder.judge import Decision
from autograder.problem import Advice, Arrays, Case, Fault, Problem, Reply, parse_tensors

# --------------------------------------------------------------- the measurement can find something

MADE_UP = Problem(
    name="made_up",
    lesson="made_up",
    title="Made up",
    points=2,
    of="made_up",
    takes=parse_tensors("x[N] y[N]"),
    gives=parse_tensors("z[N]"),
    holds=(),
    sizes=({"N": 3},),
    probe=lambda student: {},
)
HOLDING = replace(MADE_UP, holds=parse_tensors("one[]? two[]?"))


def made_up(result: Callable[[Arrays, np.random.Generator], np.ndarray]) -> ProblemCases:
    """Cases of a problem with this result: two public ones, one hidden one longer than these."""
    rng, cases = np.random.default_rng(3), []
    for number, length in enumerate((3, 4, 6)):
        inputs = {"x": rng.normal(size=length), "y": rng.normal(size=length)}
        expected = {"z": result(inputs, rng)}
        cases.append(Case(str(number), {"N": length}, inputs, expected, hidden=number == 2))
    return ProblemCases(MADE_UP, tuple(cases), {})


def credit(cases: ProblemCases) -> float:
    return worthless.graded([cases], worthless.BEST)["made_up"].credit


@pytest.mark.parametrize(
    "result",
    [
        lambda inputs, rng: np.zeros_like(inputs["x"]),
        lambda inputs, rng: np.full_like(inputs["x"], 7.25),
        lambda inputs, rng: np.full_like(inputs["x"], -np.inf),
        lambda inputs, rng: inputs["y"],
        lambda inputs, rng: np.array([1.0, 3.0, 2.0]),
        lambda inputs, rng: np.resize([1.0, 3.0, 0.0, 0.0, 0.0, 0.0], len(inputs["x"])),
        lambda inputs, rng: np.array(0.3 + 1e-6 * rng.normal()),
    ],
    ids=["zeros", "sevens", "infinities", "argument", "same array", "cut array", "all but equal"],
)
def test_a_result_that_needs_no_work_is_found(
    result: Callable[[Arrays, np.random.Generator], np.ndarray],
) -> None:
    assert credit(made_up(result)) == 1


def test_a_result_that_needs_work_is_not() -> None:
    assert credit(made_up(lambda inputs, rng: inputs["x"] + inputs["y"])) == 0


def test_properties_by_themselves_earn_nothing() -> None:
    cases = replace(made_up(lambda inputs, rng: 2 * inputs["x"]), problem=HOLDING)
    holding = tuple(
        replace(case, expected={**case.expected, "one": np.array(True), "two": np.array(True)})
        for case in cases.all
    )
    assert credit(replace(cases, all=holding)) == 0


def test_a_result_that_depends_on_lengths_alone_is_found() -> None:
    """As the number of all sentences does: whoever counts them has not searched."""
    (tensor,) = MADE_UP.gives
    one, other = (made_up(lambda inputs, rng: np.array(len(inputs["x"]) ** 3)) for _ in range(2))
    assert worthless.depends_on_lengths_alone(MADE_UP, tensor, one.all, other.all)
    one, other = (made_up(lambda inputs, rng: rng.normal(size=2)) for _ in range(2))
    one = replace(one, all=tuple(replace(case, expected={"z": np.ones(2)}) for case in one.all))
    assert not worthless.depends_on_lengths_alone(MADE_UP, tensor, one.all, other.all)


@pytest.mark.parametrize(
    ("led_to", "paid"),
    [
        (lambda inputs: np.zeros_like(inputs["x"]), 0),
        (lambda inputs: inputs["y"], 0),
        (lambda inputs: np.arange(float(len(inputs["x"]))), 0),
        (lambda inputs: np.sin(inputs["x"]), 1),
    ],
    ids=["zeros", "an argument", "the same numbers in public and hidden", "what takes work"],
)
def test_what_a_mistake_leads_to_is_carried_only_if_it_takes_work(
    led_to: Callable[[Arrays], np.ndarray], paid: float
) -> None:
    cases = made_up(lambda inputs, rng: inputs["x"] + inputs["y"])
    advice = {"home.slip": Advice("home.slip", "home", "it slips", ("a", "b", "c"))}
    slipped = tuple(
        replace(case, by_misconception={"home.slip": {"z": led_to(case.inputs)}})
        for case in cases.all
    )
    earlier = {"home": Decision("failed", 0.0, {}, diagnosed=frozenset({"home.slip"}))}
    replies = [Reply(dict(case.by_misconception["home.slip"])) for case in slipped]
    decision = worthless.judged(ProblemCases(MADE_UP, slipped, advice), replies, earlier)
    assert decision.credit == paid


def test_what_raises_earns_nothing_where_the_mistake_would_raise_too() -> None:
    cases = made_up(lambda inputs, rng: inputs["x"] + inputs["y"])
    advice = {"home.slip": Advice("home.slip", "home", "it slips", ("a", "b", "c"))}
    raising = tuple(replace(case, raises={"home.slip": "ValueError"}) for case in cases.all)
    earlier = {"home": Decision("failed", 0.0, {}, diagnosed=frozenset({"home.slip"}))}
    replies = [Reply(fault=Fault("raised", "ValueError"))] * len(raising)
    decision = worthless.judged(ProblemCases(MADE_UP, raising, advice), replies, earlier)
    assert decision.credit == 0
