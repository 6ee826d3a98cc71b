"""The scoring rule by itself: made-up evidence, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from autograder.judge.decide import Decision, Diagnosis, decide
from autograder.judge.evidence import Asked, Candidate, Evidence
from autograder.problem import Fault, Problem, parse_tensors

BACKWARD = Problem(
    name="step_backward",
    lesson="made_up",
    title="A step backward",
    points=8,
    of="step_backward",
    takes=parse_tensors("x[N] dout[N]"),
    gives=parse_tensors("dx[N] dW[N] db[N] dh[N]"),
    holds=(),
    sizes=({"N": 3},),
    probe=lambda student: {},
    gradient_of="step_forward",
)
HERE = Candidate("step_backward.slip", "step_backward")
THERE = Candidate("step_forward.no_tanh", "step_forward")
ALL_WRONG = {name: (0, 1) for name in ("dx", "dW", "db", "dh")}
FOUND_THERE = {
    "step_forward": Decision("failed", 0.0, {}, diagnosed=frozenset({THERE.misconception}))
}
RAISED = Fault("raised", "ValueError", "shapes do not fit")


def earned(evidence: Evidence, earlier: Mapping[str, Decision] | None = None) -> Decision:
    return decide(evidence, earlier or {}, carried_share=0.5)


def test_all_right_is_full_credit() -> None:
    decision = earned(Evidence(BACKWARD))
    assert (decision.status, decision.credit) == ("passed", 1.0)
    assert set(decision.outputs.values()) == {"right"}


def test_every_output_counts_the_same() -> None:
    decision = earned(Evidence(BACKWARD, wrong={"db": (1,)}))
    assert (decision.status, decision.credit) == ("partial", 0.75)
    assert decision.outputs == {"dx": "right", "dW": "right", "db": "wrong", "dh": "right"}


def test_nothing_right_is_failed() -> None:
    assert (earned(Evidence(BACKWARD, wrong=ALL_WRONG)).status) == "failed"


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault("todo"), "todo"), (Fault("timeout"), "timeout"), (RAISED, "error")],
)
def test_no_answer_on_one_case_earns_nothing(fault: Fault, status: str) -> None:
    decision = earned(Evidence(BACKWARD, wrong={"dx": (1,)}, fault=fault))
    assert (decision.status, decision.credit) == (status, 0.0)
    assert set(decision.outputs.values()) == {"missing"}


def test_a_known_mistake_of_this_problem_is_named_and_earns_nothing() -> None:
    decision = earned(Evidence(BACKWARD, wrong=ALL_WRONG, fits=(HERE,)))
    assert decision.credit == 0.0
    assert decision.diagnoses == (Diagnosis(HERE.misconception, tuple(ALL_WRONG)),)
    assert decision.diagnosed == {HERE.misconception}


def test_what_follows_from_an_earlier_mistake_is_carried_for_its_share() -> None:
    evidence = Evidence(BACKWARD, wrong={"dx": (0,), "dW": (0,)}, fits=(THERE,))
    decision = earned(evidence, FOUND_THERE)
    assert decision.credit == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)
    assert decision.outputs["dx"] == "carried" and decision.follows_from == "step_forward"


def test_the_same_numbers_without_the_earlier_mistake_are_wrong() -> None:
    assert earned(Evidence(BACKWARD, wrong=ALL_WRONG, fits=(THERE,))).credit == 0.0


def test_two_mistakes_at_once_are_carried_output_by_output() -> None:
    evidence = Evidence(
        BACKWARD, wrong=ALL_WRONG, fits_output={"dx": (THERE,), "dW": (HERE,), "dh": (HERE,)}
    )
    decision = earned(evidence, FOUND_THERE)
    assert decision.outputs == {"dx": "carried", "dW": "wrong", "db": "wrong", "dh": "wrong"}
    assert decision.diagnoses == (
        Diagnosis(THERE.misconception, ("dx",), found_earlier=True),
        Diagnosis(HERE.misconception, ("dW", "dh")),
    )


def test_an_exception_on_every_case_names_no_mistake_that_was_not_found_before() -> None:
    raises = Candidate(HERE.misconception, HERE.problem, only_raises=True)
    decision = earned(Evidence(BACKWARD, wrong=ALL_WRONG, fault=RAISED, fits=(raises,)))
    assert decision.diagnoses == () and not decision.diagnosed


def test_an_exception_is_never_carried_but_what_it_follows_from_is_said() -> None:
    for only_raises in (True, False):
        there = Candidate(THERE.misconception, THERE.problem, only_raises)
        evidence = Evidence(BACKWARD, wrong=ALL_WRONG, fault=RAISED, fits=(there,))
        decision = earned(evidence, FOUND_THERE)
        assert (decision.status, decision.credit) == ("error", 0.0)
        assert set(decision.outputs.values()) == {"missing"}
        told = Diagnosis(THERE.misconception, tuple(ALL_WRONG), found_earlier=True)
        assert decision.diagnoses == (told,)
        assert decision.follows_from == "step_forward" and not decision.diagnosed


FOUND_ONLY_IN_THE_FORWARD = {
    "step_forward": Decision("failed", 0.0, {}, diagnosed=frozenset({"init.zeros"}))
}


@pytest.mark.parametrize(
    ("candidate", "earlier", "state"),
    [
        (THERE, FOUND_THERE, "carried"),
        (THERE, {}, "wrong"),
        (THERE, FOUND_ONLY_IN_THE_FORWARD, "wrong"),
        (Candidate("init.zeros", "init"), FOUND_ONLY_IN_THE_FORWARD, "carried"),
        (Candidate("init.zeros", "init"), FOUND_THERE, "wrong"),
    ],
)
def test_frozen_gradients_of_a_wrong_forward_count_if_its_mistake_was_found(
    candidate: Candidate, earlier: Mapping[str, Decision], state: str
) -> None:
    wrong = {"dx": (0,), "dW": (0,)}
    evidence = Evidence(BACKWARD, wrong=wrong, fits_forward={"dx": (candidate,)})
    decision = earned(evidence, earlier)
    assert decision.outputs["dx"] == state
    assert decision.outputs["dW"] == "wrong", "it is no derivative that is frozen"
    assert decision.follows_from == ("step_forward" if state == "carried" else "")


def test_what_the_own_forward_answers_decides_nothing() -> None:
    agreeing = Evidence(BACKWARD, wrong=ALL_WRONG, asked=Asked(dict.fromkeys(ALL_WRONG, True)))
    assert earned(agreeing, FOUND_THERE) == earned(Evidence(BACKWARD, wrong=ALL_WRONG), FOUND_THERE)


@pytest.mark.parametrize(
    ("constant", "carried"),
    [(set(ALL_WRONG), False), ({"dx", "dW"}, True), ({"dx", "dW", "db"}, True), (set(), True)],
)
def test_constants_are_carried_only_beside_what_had_to_be_computed(
    constant: set[str], carried: bool
) -> None:
    for evidence in (
        Evidence(BACKWARD, wrong=ALL_WRONG, fits=(THERE,)),
        Evidence(BACKWARD, wrong=ALL_WRONG, fits_output=dict.fromkeys(ALL_WRONG, (THERE,))),
        Evidence(BACKWARD, wrong=ALL_WRONG, fits_forward=dict.fromkeys(ALL_WRONG, (THERE,))),
    ):
        decision = earned(replace(evidence, effortless=frozenset(constant)), FOUND_THERE)
        assert set(decision.outputs.values()) == {"carried" if carried else "wrong"}


def test_the_evidence_says_on_which_problems_the_decision_hangs() -> None:
    elsewhere = Candidate("init.zeros", "init")
    forward = {"dW": (Candidate("cell.slip", "cell"),)}
    evidence = Evidence(BACKWARD, wrong=ALL_WRONG, fits_output={"dx": (HERE, elsewhere)})
    assert evidence.refers_to() == {"init"}
    assert replace(evidence, fits_forward=forward).refers_to() == {"init", "cell", "step_forward"}


# ------------------------------------------------------------------- what is too little to go by

WEAK_HERE = replace(HERE, telling=False)
WEAK_THERE = replace(THERE, telling=False)
SUSPECTED_THERE = {
    "step_forward": Decision("failed", 0.0, {}, suspected=frozenset({THERE.misconception}))
}


def test_a_mistake_without_numbers_that_tell_is_suspected_and_not_named() -> None:
    for evidence in (
        Evidence(BACKWARD, wrong=ALL_WRONG, fits=(WEAK_HERE,)),
        Evidence(BACKWARD, wrong=ALL_WRONG, fits_output={"dx": (WEAK_HERE,)}),
    ):
        decision = earned(evidence)
        assert decision.diagnoses == () and decision.diagnosed == frozenset()
        assert decision.suspected == {HERE.misconception}


@pytest.mark.parametrize(
    ("there", "earlier", "state"),
    [
        (THERE, SUSPECTED_THERE, "carried"),
        (WEAK_THERE, FOUND_THERE, "carried"),
        (WEAK_THERE, SUSPECTED_THERE, "wrong"),
    ],
)
def test_what_is_carried_is_known_by_the_numbers_of_one_of_the_two_problems(
    there: Candidate, earlier: Mapping[str, Decision], state: str
) -> None:
    for evidence in (
        Evidence(BACKWARD, wrong=ALL_WRONG, fits=(there,)),
        Evidence(BACKWARD, wrong=ALL_WRONG, fits_output={"dx": (there,)}),
        Evidence(BACKWARD, wrong=ALL_WRONG, fits_forward={"dx": (there,)}),
    ):
        decision = earned(evidence, earlier)
        assert decision.outputs["dx"] == state
        assert bool(decision.follows_from) == (state == "carried")
