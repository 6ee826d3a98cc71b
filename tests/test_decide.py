"""The scoring rule by itself: made-up evidence, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from autograder.judge.decide import Decision, Diagnosis, decide
from autograder.judge.evidence import Candidate, Evidence, OwnForward
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
    assert not decision.explained


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
    assert decision.credit == 0.0 and decision.explained
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
        Diagnosis(THERE.misconception, ("dx",)),
        Diagnosis(HERE.misconception, ("dW", "dh")),
    )
    assert not decision.explained, "nobody knows what is wrong with db"


def test_an_exception_on_every_case_names_no_mistake_that_was_not_found_before() -> None:
    raises = Candidate(HERE.misconception, HERE.problem, only_raises=True)
    decision = earned(Evidence(BACKWARD, wrong=ALL_WRONG, fault=RAISED, fits=(raises,)))
    assert decision.diagnoses == () and not decision.diagnosed


@pytest.mark.parametrize(
    ("forward", "state"),
    [
        (Decision("failed", 0.0, {}, explained=True), "carried"),
        (Decision("failed", 0.0, {}, explained=False), "wrong"),
        (Decision("passed", 1.0, {}, explained=True), "wrong"),
    ],
)
def test_gradients_of_the_own_forward_count_if_that_is_wrong_in_a_known_way(
    forward: Decision, state: str
) -> None:
    own = {"dx": OwnForward(True, everywhere=True), "dW": OwnForward(True, everywhere=False)}
    evidence = Evidence(BACKWARD, wrong={"dx": (0,), "dW": (0,)}, own_forward=own)
    decision = earned(evidence, {"step_forward": forward})
    assert decision.outputs["dx"] == state
    assert decision.outputs["dW"] == "wrong", "it agrees on the case that is shown only"


def test_the_evidence_says_on_which_problems_the_decision_hangs() -> None:
    own = {"dx": OwnForward(False, everywhere=False)}
    elsewhere = Candidate("init.zeros", "init")
    evidence = Evidence(
        BACKWARD, wrong=ALL_WRONG, fits_output={"dx": (HERE, elsewhere)}, own_forward=own
    )
    assert evidence.refers_to() == {"init", "step_forward"}
