"""Every condition that an input can meet is met, and code that is wrong only there is caught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import all_true_cases, run_probe
from autograder.authoring.casebook.conditions import conditions_of, excluded
from autograder.authoring.casebook.cover import SMALL
from autograder.authoring.casebook.draw import draw_cases, refuse_unmet, unmet
from autograder.authoring.casebook.variants import BuildError, imported
from autograder.authoring.in_time import at_most
from autograder.authoring.proof.edges import wrong_only_there
from autograder.casebook import Casebook, ProblemCases, gathered
from autograder.compare import wrong_tensors
from autograder.judge import Attempt, conclude, examine, inquire
from autograder.problem import Arrays, Fault, Problem, Reply, problem
from tests.conftest import ROOT

pytestmark = pytest.mark.in_turn

SOLUTIONS = ROOT / "solutions"
PROBLEMS = lessons.coded_problems()
SEEDS = (1, 2, 3, 2**64 - 1)

MANY_SEEDS = 100
GENEROUS_SECONDS = 60.0
"""For what takes some milliseconds."""

of_every_problem = pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
public_and_hidden = pytest.mark.parametrize("hidden", [False, True], ids=["public", "hidden"])


def drawn(problem: Problem, seed: int, hidden: bool) -> list[Arrays]:
    return [inputs for _, _, inputs in draw_cases(problem, seed, hidden)]


# ------------------------------------------------------------------------------- what cases meet


@of_every_problem
@public_and_hidden
def test_every_condition_is_met_on_every_seed(problem: Problem, hidden: bool) -> None:
    for seed in SEEDS:
        inputs = drawn(problem, seed, hidden)
        assert [condition.id for condition in unmet(problem, inputs)] == []
        refuse_unmet(problem, inputs, hidden)


@of_every_problem
def test_no_seed_keeps_a_build_waiting(problem: Problem) -> None:
    """Draws that are tried until they suit: on one seed of 64 bits in a hundred, one never did."""
    for seed in range(MANY_SEEDS):
        with at_most(GENEROUS_SECONDS):
            assert drawn(problem, seed, hidden=True)


@of_every_problem
def test_the_cases_that_are_added_are_small_and_come_last(problem: Problem) -> None:
    declared = len(problem.sizes) + len(problem.edges)
    for number, (name, sizes, _) in enumerate(draw_cases(problem, 1, hidden=True)):
        if number >= declared:
            assert "=" in name
            assert max(sizes.values()) <= max(SMALL + 4, *sizes_needed(problem))


def sizes_needed(problem: Problem) -> list[int]:
    """The floors of `never=`, which every case keeps to."""
    floors = [name.partition("<")[2] for name in problem.never if "<" in name]
    return [int(floor) for floor in floors] or [0]


def test_the_conditions_of_a_problem_are_those_of_its_declaration() -> None:
    """The list for one problem, written by hand."""
    truncated = lessons.find("last_hidden_backward")
    found = conditions_of(truncated, drawn(truncated, 1, hidden=False)[0])
    assert [condition.id for condition in found] == [
        "N=1",
        "T=1",
        "H=1",
        "N=T",
        "N=H",
        "T=H",
        "lengths ends",
        "lengths full",
        "lengths short",
        "h=0",
        "dout=0",
        "dout large",
    ]


@pytest.mark.parametrize(
    ("takes", "ids"),
    [
        ("ids[N]<V", ["ids ends", "ids repeats", "ids equal"]),
        ("start[]<V", ["start=0", "start=V-1"]),
        ("lengths[N]<=T", ["lengths ends", "lengths full", "lengths short"]),
        ("mask[N,T]?", ["mask full", "mask hole", "mask later"]),
        ("causal[]?", ["causal on", "causal off"]),
        ("k[]=k", ["k>all"]),
        ("h0[N,H]", ["h0=0"]),
    ],
)
def test_every_kind_of_tensor_has_its_conditions(takes: str, ids: list[str]) -> None:
    probed = declare(takes=f"x[N,T,V] {takes}", sizes=[dict(N=2, T=3, V=4, H=5, k=2)])
    found = conditions_of(probed, drawn(probed, 1, hidden=False)[0])
    assert set(ids) <= {condition.id for condition in found}


@pytest.mark.parametrize(
    ("condition", "met", "not_met"),
    [
        ("lengths full", [3, 3], [3, 2]),
        ("lengths short", [1, 1], [1, 2]),
        ("lengths ends", [3, 1], [3, 2]),
        ("ids ends", [0, 3], [0, 2]),
        ("ids repeats", [1, 1, 2], [1, 2, 3]),
        ("ids equal", [2, 2], [2, 1]),
        ("mask full", [[True] * 3], [[True, True, False]]),
        ("mask hole", [[True, False, True]], [[True, True, False]]),
        ("mask later", [[False, True, True]], [[True, False, True]]),
        ("h0=0", [[0.0, 0.0]], [[0.0, 1.0]]),
    ],
)
def test_a_condition_is_met_by_these_values_and_not_by_those(
    condition: str, met: list[object], not_met: list[object]
) -> None:
    name = condition.replace("=", " ").split()[0]
    takes = {
        "lengths": "lengths[N]<=T",
        "ids": "ids[N]<V",
        "mask": "mask[N,T]?",
        "h0": "h0[N,H]",
    }
    probed = declare(takes=f"x[N,T,V] {takes[name]}", sizes=[dict(N=2, T=3, V=4, H=2)])
    inputs = drawn(probed, 1, hidden=False)[0]
    by_id = {found.id: found for found in conditions_of(probed, inputs)}
    for value, wanted in ((met, True), (not_met, False)):
        given = {**inputs, name: np.array(value), "x": np.ones((len(value), 3, 4))}
        lengths = {"N": 2, "T": 3, "V": 4, "H": 2}
        assert by_id[condition].holds(lengths, given) is wanted


# ------------------------------------------------------------------------------------- never=


def declare(**changes: object) -> Problem:
    """A problem of the lesson rnn that is nobody's, declared with these changes."""
    given: dict = {
        "points": 1,
        "title": "A test",
        "takes": "x[N,D]",
        "gives": "y[N,D]",
        "sizes": [dict(N=2, D=3)],
        **changes,
    }

    def probe(student, **tensors):  # type: ignore[no-untyped-def]
        return {"y": tensors["x"]}

    declared: Problem = problem(**given)(probe)
    return replace(declared, lesson="rnn")


@pytest.mark.parametrize(
    ("never", "named"),
    [({"D=Q": "no such axis"}, "D=Q"), ({"h0=0": "gone"}, "h0=0"), ({"Q<3": "no"}, "Q<3")],
)
def test_a_never_that_names_no_condition_is_refused(never: Mapping[str, str], named: str) -> None:
    said = f'names "{named}", which is none of its conditions: drop it, or write one of D=1, N=1'
    with pytest.raises(BuildError, match=said):
        drawn(declare(never=never), 1, hidden=False)


@pytest.mark.parametrize("never", ["N=D", "N=1", "N<3", "x=0"])
def test_a_never_that_a_case_meets_all_the_same_is_refused(never: str) -> None:
    """What is said of the inputs has to be true of those that the declaration itself draws."""

    def zeros(case: Arrays, rng: np.random.Generator) -> Arrays:
        return {"x": np.zeros_like(case["x"])}

    sizes = [dict(N=2, D=3), dict(N=1, D=2), dict(N=3, D=3)]
    contradicted = declare(never={never: "it is said"}, sizes=sizes, edges=[zeros])
    inputs = drawn(contradicted, 1, hidden=False)
    with pytest.raises(BuildError, match=r"says that no input meets .* but one of its cases does"):
        refuse_unmet(contradicted, inputs, hidden=False)


def test_a_never_that_is_true_keeps_to_it() -> None:
    bounded = declare(never={"D<3": "two are taken", "N=D": "one for each"})
    for seed in SEEDS:
        inputs = drawn(bounded, seed, hidden=True)
        refuse_unmet(bounded, inputs, hidden=True)
        assert all(case["x"].shape[1] >= 3 for case in inputs)
    assert [condition.id for condition in excluded(bounded, inputs[0])] == ["D=1", "N=D"]


@public_and_hidden
def test_a_condition_that_no_case_meets_stops_the_build(hidden: bool) -> None:
    """The sentence names the file, the line, the problem and the condition, and what to do."""

    def always_two(rng: np.random.Generator, sizes: Mapping[str, int]) -> Arrays:
        return {"x": rng.normal(size=(2, sizes["D"]))}

    stubborn = declare(draw=always_two, gives="y[_,D]")
    lesson = replace(lessons.lesson("rnn"), problems=(stubborn,))
    with pytest.raises(BuildError) as refusal:
        all_true_cases(load_answers(SOLUTIONS), lesson, 1, hidden)
    kind = "hidden" if hidden else "public"
    said = str(refusal.value)
    assert "tests/test_conditions.py, line " in said
    assert f'no {kind} case of probe meets "N=1" (N is 1); "N=D" (N and D are equal): ' in said
    assert 'add a size or an edge that does, or say why no input can: never={"N=1": "..."}' in said


def test_every_reason_of_never_is_a_sentence_of_its_own() -> None:
    reasons = [reason for problem in PROBLEMS for reason in problem.never.values()]
    assert reasons and all(len(reason.split()) >= 4 for reason in reasons)


# ------------------------------------------------------------- the judge and what is wrong there


def credit(both: ProblemCases, replies: list[Reply]) -> float:
    attempt = Attempt(both.problem.bare, 1.0, both.all, tuple(replies), both.advice)
    asked = inquire(attempt, lambda *question: Reply(fault=Fault("raised", "ValueError")))
    return conclude(attempt, examine(attempt, asked), {}, carried_share=1.0).decision.credit


@pytest.mark.parametrize(
    "problem",
    [problem for problem in PROBLEMS if not problem.finish],  # these answer with what they build
    ids=lambda problem: problem.name,
)
@public_and_hidden
def test_the_reference_that_is_wrong_only_there_loses_points(
    problem: Problem, hidden: bool, frozen: Path
) -> None:
    """Where it answers right in all cases of the other kind."""
    books = [Casebook(frozen / "public"), Casebook(frozen / "hidden", hidden=True)]
    both = gathered(problem, books)
    cases = both.all
    assert credit(both, [Reply(case.expected) for case in cases]) == 1
    for condition in conditions_of(problem, cases[0].inputs):
        replies = []
        for case in cases:
            is_wrong = case.hidden == hidden
            outputs = wrong_only_there(problem, condition, case) if is_wrong else case.expected
            replies.append(Reply(outputs))
        assert credit(both, replies) < 1, condition.id


# ---------------------------------------------------------------- written by hand, wrong only there

WRONG_ONLY_THERE = {
    "last_hidden: rows of full length": """
        def wrong(h, lengths):
            out, cache = right(h, lengths)
            full = lengths == h.shape[1]
            return np.where(full[:, None], h[:, 0], out), cache
    """,
    "last_hidden_backward: all lengths 1": """
        def wrong(dout, cache):
            dh = right(dout, cache)
            return dh[:, ::-1] if dh[:, 0].any(axis=1).all() else dh
    """,
    "rnn_forward: D = H": """
        def wrong(x, h0, Wx, Wh, b):
            return right(x, h0, Wx.T if x.shape[2] == h0.shape[1] else Wx, Wh, b)
    """,
    "rnn_backward_truncated: k beyond everything": """
        def wrong(dh, cache, k):
            return right(dh, cache, 1 if k > max(dh.shape) else k)
    """,
    "temporal_affine_backward: H = V": """
        def wrong(dout, cache):
            dx, dW, db = right(dout, cache)
            return dx, dW.T if len(dW) == len(dW.T) else dW, db
    """,
    "lstm_forward: h0 is zeros": """
        def wrong(x, h0, Wx, Wh, b):
            h, cache = right(x, h0, Wx, Wh, b)
            return (h if h0.any() else np.tanh(h)), cache
    """,
    "gru_step_forward: H = 1": """
        def wrong(x, prev_h, Wx, Wh, b):
            next_h, cache = right(x, prev_h, Wx, Wh, b)
            return (prev_h if prev_h.shape[1] == 1 else next_h), cache
    """,
    "one_hot: an id is V-1, another 0": """
        def wrong(ids, V):
            x = right(ids, V)
            return x if 0 not in ids else np.where(np.asarray(ids)[..., None] == V - 1, 0, x)
    """,
    "word_embedding_backward: all ids equal": """
        def wrong(dout, cache):
            dW = right(dout, cache)
            return dW / 2 if (dW.any(axis=1).sum() == 1) else dW
    """,
    "cooccurrence: a window larger than the text and the vocabulary": """
        def wrong(ids, V, window):
            return right(ids, V, 1 if window > max(len(ids), V) else window)
    """,
    "masked_softmax: a hole in the mask": """
        def wrong(e, mask):
            return right(e, np.logical_or.accumulate(mask[:, ::-1], axis=1)[:, ::-1] & mask.any())
    """,
    "temporal_softmax_loss: one word only": """
        def wrong(x, y, mask):
            loss, dx = right(x, y, mask)
            return (loss + 1 if x.shape[2] == 1 else loss), dx
    """,
}


@cache
def reference_sources() -> Mapping[str, str]:
    return load_answers(SOLUTIONS).sources


@pytest.mark.parametrize("version", WRONG_ONLY_THERE)
def test_a_version_that_is_wrong_only_there_is_caught_on_every_seed(version: str) -> None:
    probed = lessons.find(version.partition(":")[0])
    sources = reference_sources()
    text = dedent(WRONG_ONLY_THERE[version])
    patched = f"{sources[probed.lesson]}\n\nright = {probed.of}\n{text}\n{probed.of} = wrong\n"
    with imported(sources) as reference, imported({**sources, probed.lesson: patched}) as variant:
        for seed in SEEDS:
            for hidden in (False, True):
                caught = [
                    wrong_tensors(
                        probed,
                        run_probe(probed, variant, inputs),
                        run_probe(probed, reference, inputs),
                    )
                    for inputs in drawn(probed, seed, hidden)
                ]
                assert any(caught), (seed, hidden)
