"""Every sentence of the judge: a situation, and what a student reads then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autograder import lessons
from autograder.compare import sketch
from autograder.judge import Attempt, Result, conclude, examine
from autograder.judge.decide import Decision
from autograder.judge.describe import not_finite, wrong_shape
from autograder.judge.evidence import Asked, Evidence, Observation
from autograder.judge.explain import explain
from autograder.judge.say import count_of_properties, count_of_results, how_others_fare
from autograder.levels import EXACT, NAME, NATURE, WHERE
from autograder.problem import Advice, Arrays, Case, Finding, Problem, Reply, parse_tensors

RNG = np.random.default_rng(5)


def problem_of(gives: str, takes: str = "x[N,T,D]", holds: str = "", blocks: str = "") -> Problem:
    """A problem that takes and gives these tensors, under the name `task`."""
    return Problem(
        name="task", lesson="rnn", title="A task", points=8, of="task",
        takes=parse_tensors(takes), gives=parse_tensors(gives),
        holds=parse_tensors(" ".join(f"{name}[]?" for name in holds.split())),
        sizes=({"N": 3, "T": 5, "D": 4, "H": 6},), probe=lambda student: {}, blocks=blocks,
    )  # fmt: skip


SIZES = [dict(N=3, T=5, D=4, H=6), dict(N=2, T=4, D=3, H=5)]


def cases_of(problem: Problem, *sizes: dict[str, int], inputs: Arrays | None = None) -> list[Case]:
    """Public cases with random results, whole numbers where a bound is declared."""
    cases = []
    for lengths in sizes or tuple(SIZES):
        expected = {}
        for tensor in problem.gives:
            shape = tensor.shape(lengths)
            drawn = RNG.normal(size=shape)
            expected[tensor.name] = RNG.integers(9, size=shape) if tensor.values else drawn
        for tensor in problem.holds:
            expected[tensor.name] = np.array(True)
        name = " ".join(f"{axis}={length}" for axis, length in lengths.items())
        cases.append(Case(name, lengths, inputs or inputs_of(problem, lengths), expected))
    return cases


def inputs_of(problem: Problem, lengths: dict[str, int]) -> Arrays:
    """What a case of these lengths takes; an axis that they do not name has one number."""
    known = {"N": 1, "T": 1, "D": 1, **lengths}
    rng = np.random.default_rng(6)
    return {tensor.name: rng.normal(size=tensor.shape(known)) for tensor in problem.takes}


def concluded(
    problem: Problem,
    cases: list[Case],
    change: Callable[[Arrays], Arrays],
    changed: tuple[str, ...] = (),
) -> Result:
    """The result for whoever answers with changed results."""
    replies = tuple(Reply(change(dict(case.expected)), changed=changed) for case in cases)
    attempt = Attempt(problem, 8.0, tuple(cases), replies, {})
    return conclude(attempt, examine(attempt), {}, 1.0)


def lines(result: Result, layer: str, level: int = NAME) -> list[str]:
    return [
        finding.text
        for finding in result.verdict.findings
        if finding.layer == layer and finding.level <= level
    ]


# --------------------------------------------------------------------- how a result is wrong, where

FORMS: list[tuple[str, Callable[[np.ndarray], np.ndarray], list[tuple[int, str]]]] = [
    ("h[N,T,H]", lambda a: -a, [(EXACT, "h has the opposite sign everywhere")]),
    ("h[N,T,H]", lambda a: a / 2, [(EXACT, "h is 0.5 times the expected one")]),
    ("h[N,T,H]", lambda a: a * 1.37, [(EXACT, "h is 1.37 times the expected one")]),
    ("h[N,T,H]", lambda a: a * len(a), [(EXACT, "h is N times the expected one")]),
    ("h[N,T,H]", lambda a: a / len(a), [(EXACT, "h is the expected one divided by N")]),
    ("h[N,T,H]", lambda a: a * 0, [(WHERE, "h is all zeros")]),
    ("h[N,T,H]", lambda a: a * 0 + 2.5, [(WHERE, "h is 2.5 everywhere")]),
    ("h[N,T,H]", lambda a: a[:, ::-1], [(EXACT, "h is the expected one with time reversed")]),
    ("h[N,T,H]", lambda a: np.roll(a, 1, axis=1), [(EXACT, "h is late by one time step")]),
    ("h[N,T,H]", lambda a: np.roll(a, -1, axis=1), [(EXACT, "h is early by one time step")]),
    (
        "h[N,T,H]",
        lambda a: np.concatenate([a[:, :-1] + 1, a[:, -1:]], axis=1),
        [(WHERE, "h is right only at the last time step")],
    ),
    (
        "h[N,T,H]",
        lambda a: np.concatenate([a[:, :1] + 1, a[:, 1:]], axis=1),
        [(WHERE, "h is wrong only at the first time step")],
    ),
    (
        "h[N,T,H]",
        lambda a: np.concatenate([a[:1], a[1:] + 1]),
        [(WHERE, "h is right only at index 0 of the batch axis")],
    ),
    (
        "h[N,T,H]",
        lambda a: np.repeat(a[:, -1:], a.shape[1], axis=1),
        [
            (NATURE, "h is the same at every time step"),
            (WHERE, "h is right only at the last time step"),
        ],
    ),
    (
        "h[2]",
        lambda a: a + np.array([0, 1]),
        [(WHERE, "h is wrong only at the last index of the axis of length 2")],
    ),
    (
        "h[N,H]",
        lambda a: np.repeat(a.mean(axis=0, keepdims=True), len(a), axis=0),
        [(NATURE, "h is the same for every example of the batch")],
    ),
    ("W[D,D]", lambda a: a + np.eye(len(a)), [(WHERE, "W is wrong only on the diagonal")]),
    ("W[D,D]", lambda a: a + 1 - np.eye(len(a)), [(WHERE, "W is wrong only off the diagonal")]),
    (
        "W[D,D]",
        lambda a: a.T,
        [
            (EXACT, "W is the transpose of the expected one"),
            (WHERE, "W is wrong only off the diagonal"),
        ],
    ),
    ("b[H]", lambda a: a[::-1], [(NATURE, "b has the right numbers in the wrong order")]),
    ("ids[N,T]<V", lambda a: a + 1, [(EXACT, "ids is 1 too large everywhere")]),
    ("ids[N,T]<V", lambda a: a - 1, [(EXACT, "ids is 1 too small everywhere")]),
    ("ids[N,T]<V", lambda a: a[:, ::-1], [(EXACT, "ids is in reverse order")]),
    ("ids[N,T]<V", lambda a: np.roll(a, 1, axis=1), [(EXACT, "ids is late by one place")]),
    ("count[]<V", lambda a: a + 1, [(EXACT, "count is 1 too large")]),
    ("h[N,T,H]", lambda a: a + np.sin(np.arange(a.size)).reshape(a.shape), []),
]


@pytest.mark.parametrize(("gives", "change", "said"), FORMS, ids=[str(row[2]) for row in FORMS])
def test_how_and_where_a_result_is_wrong(
    gives: str, change: Callable[[np.ndarray], np.ndarray], said: list[tuple[int, str]]
) -> None:
    problem = problem_of(gives)
    (tensor,) = problem.gives
    wrong = [(case, change(case.expected[tensor.name])) for case in cases_of(problem)]
    clues = explain(problem, tensor, wrong)
    assert [(clue.level, clue.about([tensor.name])) for clue in clues] == said


def test_a_lone_number_has_no_ratio_by_itself() -> None:
    problem = problem_of("loss[]")
    (tensor,) = problem.gives
    one, other = cases_of(problem)
    assert explain(problem, tensor, [(one, one.expected["loss"] * 1.3)]) == ()
    both = [(case, case.expected["loss"] * 0.5) for case in (one, other)]
    assert [clue.about(["loss"]) for clue in explain(problem, tensor, both)] == [
        "loss is 0.5 times the expected one"
    ]
    each = [(one, one.expected["loss"] * 0.5), (other, other.expected["loss"] * 0.7)]
    assert explain(problem, tensor, each) == ()


def test_a_length_that_is_always_the_same_is_only_a_number() -> None:
    problem = problem_of("h[N,T,H]")
    cases = cases_of(problem, dict(N=3, T=5, H=6), dict(N=3, T=4, H=5))
    wrong = [(case, case.expected["h"] / 3) for case in cases]
    (clue,) = explain(problem, problem.gives[0], wrong)
    assert clue.about(["h"]) == "h is 0.3333 times the expected one"


def test_a_case_with_one_step_does_not_speak_against_a_shift() -> None:
    problem = problem_of("h[N,T,H]")
    cases = cases_of(problem, dict(N=3, T=5, H=6), dict(N=2, T=1, H=5))
    wrong = [(case, np.roll(case.expected["h"], 1, axis=1) + 0.0) for case in cases]
    wrong[1] = (cases[1], cases[1].expected["h"] + 1)
    (clue,) = explain(problem, problem.gives[0], wrong)
    assert clue.about(["h"]) == "h is late by one time step"


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        ("g", "b is wrong only in block g"),
        ("iog", "b is wrong only in blocks i, o and g"),
        ("io", "b is wrong only in blocks i and o"),
    ],
)
def test_blocks_are_listed_as_people_list_things(hit: str, said: str) -> None:
    problem = problem_of("b[4H]", blocks="i f o g")
    wrong = []
    for case in cases_of(problem):
        blocks = dict(zip("ifog", np.split(case.expected["b"], 4), strict=True))
        changed = [block + (name in hit) * RNG.normal(size=1) for name, block in blocks.items()]
        wrong.append((case, np.concatenate(changed)))
    (clue,) = explain(problem, problem.gives[0], wrong)
    assert (clue.level, clue.about(["b"])) == (WHERE, said)


def test_mixed_up_blocks_are_named() -> None:
    problem = problem_of("b[4H]", blocks="i f o g")
    swapped, woven = [], []
    for case in cases_of(problem):
        i, f, o, g = np.split(case.expected["b"], 4)
        swapped.append((case, np.concatenate([i, f, g, o])))
        woven.append((case, np.stack([i, f, o, g], axis=1).ravel()))
    first, *_ = explain(problem, problem.gives[0], swapped)
    assert first.about(["b"]) == "b has its blocks in the order i f g o instead of i f o g"
    first, *_ = explain(problem, problem.gives[0], woven)
    assert first.about(["b"]) == "b has its blocks interleaved instead of side by side"


def test_captions_are_compared_up_to_their_first_end() -> None:
    problem = problem_of("captions[N,T]<V", takes="end[]<V")
    (tensor,) = problem.gives
    want = np.array([[3, 1, 2, 2], [3, 4, 1, 2]])
    case = Case("c", dict(N=2, T=4), {"end": np.array(1)}, {"captions": want})
    after = np.array([[3, 1, 7, 2], [3, 4, 1, 5]])
    (clue,) = explain(problem, tensor, [(case, after)])
    assert clue.about(["captions"]) == (
        "captions is right up to the first <END>; what stands after it differs"
    )
    assert explain(problem, tensor, [(case, np.array([[5, 2, 7, 3], [3, 4, 1, 5]]))]) == ()


def test_what_is_half_right_is_not_called_wrong() -> None:
    problem = problem_of("h[N,T,H]")
    (case, _) = cases_of(problem)
    wrong = case.expected["h"].copy()
    wrong[0, 1:] += 1  # the other rows are right at every step
    (clue,) = explain(problem, problem.gives[0], [(case, wrong)])
    assert clue.about(["h"]) == "h is wrong only at index 0 of the batch axis"
    wrong[1, 1:, 0] += 1
    assert explain(problem, problem.gives[0], [(case, wrong)]) == ()


def test_another_array_in_its_place_is_recognised() -> None:
    problem = problem_of("dx[N,D] dy[N,D]", takes="x[N,D]")
    cases = cases_of(problem, dict(N=3, D=4), inputs={"x": RNG.normal(size=(3, 4))})
    (case,) = cases
    for wrong, said in (
        (case.inputs["x"], "dx is the argument x as it came"),
        (case.expected["dy"], "dx is what dy should be"),
    ):
        (clue,) = explain(problem, problem.gives[0], [(case, wrong)])
        assert clue.about(["dx"]) == said


def test_what_is_not_true_of_a_right_case_is_said_of_the_wrong_ones() -> None:
    problem = problem_of("h[N,T,H]")
    (tensor,) = problem.gives
    one, other = cases_of(problem)
    right = [(other, other.expected["h"])]
    for change, said in (
        (lambda a: 2 * a, "where it is wrong, h is 2 times the expected one"),
        (lambda a: 0 * a, "where it is wrong, h is all zeros"),
        (lambda a: a[:, ::-1], "where it is wrong, h is the expected one with time reversed"),
    ):
        clue, *_ = explain(problem, tensor, [(one, change(one.expected["h"]))], right)
        assert clue.about(["h"]) == said
    assert clue.about(["h", "c"]).startswith("where they are wrong, h and c are each")
    lengths = dict(N=1, T=2, H=3)
    inputs = inputs_of(problem, lengths)
    case = Case("N=1", lengths, inputs, {"h": RNG.normal(size=(1, 2, 3))})
    wrong = [(case, len(case.expected["h"]) * case.expected["h"]) for case in cases_of(problem)]
    (clue,) = explain(problem, tensor, wrong, [(case, case.expected["h"])])
    assert clue.about(["h"]) == "h is N times the expected one"


def test_two_results_in_each_others_place_are_swapped() -> None:
    problem = problem_of("dx[N,D] dy[N,D] dz[N,D]")
    result = concluded(problem, cases_of(problem), lambda a: {**a, "dx": a["dy"], "dy": a["dx"]})
    assert lines(result, "values")[1:] == ["dx and dy are swapped"]
    result = concluded(problem, cases_of(problem), lambda a: {**a, "dx": a["dy"]})
    assert lines(result, "values")[1:] == ["dx is what dy should be"]


@pytest.mark.parametrize(
    ("shape", "value", "bad", "said"),
    [
        ((2, 3), np.nan, 1, "h has 1 NaN among 6 numbers, the first at [0, 0]"),
        ((2, 3), np.nan, 2, "h has 2 NaN among 6 numbers, the first at [0, 0]"),
        ((2, 3), np.inf, 1, "h has 1 infinity among 6 numbers, the first at [0, 0]"),
        ((2, 3), -np.inf, 2, "h has 2 infinities among 6 numbers, the first at [0, 0]"),
        ((), np.inf, 1, "h is infinite"),
        ((), np.nan, 1, "h is NaN"),
    ],
)
def test_what_is_not_finite(shape: tuple[int, ...], value: float, bad: int, said: str) -> None:
    got = np.zeros(shape)
    got.flat[:bad] = value
    assert not_finite("h", got, np.zeros(shape)) == said


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((3, 9), "(3, 9): one too many along the time axis"),
        ((3, 7), "(3, 7): one too few along the time axis"),
        ((4, 8), "(4, 8): one too many along the batch axis"),
        ((4, 9), "(4, 9)"),
        ((8, 3), "(8, 3): the same axes in another order"),
        ((3, 8, 1), "(3, 8, 1): an axis of length 1 too many"),
    ],
)
def test_a_wrong_shape(shape: tuple[int, ...], said: str) -> None:
    (tensor,) = parse_tensors("ids[N,T]<V")
    case = Case("c", dict(N=3, T=8, H=9), {}, {})  # a step too many is no hidden axis
    assert (
        wrong_shape(tensor, np.zeros(shape), np.zeros((3, 8)), case)
        == f"ids should be (N, T) = (3, 8), yours is {said}"
    )


def test_one_clue_is_said_once_for_all_results_it_is_true_of() -> None:
    problem = problem_of("dx[N,D] dW[D,H] db[H] dh[N,H]")
    result = concluded(
        problem,
        cases_of(problem),
        lambda a: {**a, "dx": a["dx"] * 0.5, "db": a["db"] * 0.5, "dh": -a["dh"]},
    )
    assert lines(result, "values")[1:] == [
        "dx and db are each 0.5 times the expected one",
        "dh has the opposite sign everywhere",
    ]
    result = concluded(problem, cases_of(problem), lambda a: {**a, "dx": -a["dx"], "db": -a["db"]})
    assert lines(result, "values")[1:] == ["dx and db each have the opposite sign everywhere"]


def test_only_what_is_wrong_is_said_below_the_first_hint() -> None:
    problem = problem_of("dx[N,D] dW[D,H]")
    result = concluded(problem, cases_of(problem), lambda a: {**a, "dx": -a["dx"]})
    first, *more = [finding for finding in result.verdict.findings if finding.layer == "values"]
    assert first.level == 0 and [finding.level for finding in more] == [EXACT]


# --------------------------------------------------------------------------------- values, one pair


@pytest.mark.parametrize(
    ("gives", "wrong", "said"),
    [
        ("dx[N] dW[N]", {"dx"}, "dx differs by 1 at [0]: yours 1, expected 0; dW is right"),
        ("dx[N]", {"dx"}, "dx differs by 1 at [0]: yours 1, expected 0"),
        (
            "dx[N] dW[N]",
            {"dx", "dW"},
            "dx differs by 1 at [0]: yours 1, expected 0; dW is wrong too",
        ),
        (
            "dx[N] dW[N] db[N] dh[N]",
            {"dx", "dW"},
            "dx differs by 1 at [0]: yours 1, expected 0; dW is wrong too; db and dh are right",
        ),
        (
            "dx[N] dW[N] db[N]",
            {"dx", "dW", "db"},
            "dx differs by 1 at [0]: yours 1, expected 0; all other results are wrong too",
        ),
        ("ids[N]<V", {"ids"}, "ids first differs at [0]: yours 1, expected 0"),
        ("count[]<V", {"count"}, "count differs: yours 1, expected 0"),
        ("loss[]", {"loss"}, "loss differs by 1: yours 1, expected 0"),
    ],
)
def test_one_pair_of_numbers_and_how_the_others_fare(
    gives: str, wrong: set[str], said: str
) -> None:
    problem = problem_of(gives)
    expected = {}
    for tensor in problem.gives:
        kind = int if tensor.values else float
        expected[tensor.name] = np.zeros(tensor.shape({"N": 1}), kind)
    case = Case("N=1", {"N": 1}, {}, expected)
    result = concluded(
        problem, [case], lambda a: {name: v + (name in wrong) for name, v in a.items()}
    )
    assert lines(result, "values", 0) == [f"{said} (case N=1)"]


def test_a_part_is_counted() -> None:
    problem = problem_of("dx[N]")
    case = Case("N=3", {"N": 3}, {}, {"dx": np.zeros(3)})
    result = concluded(problem, [case], lambda a: {"dx": np.array([0.0, 1.0, 1.0])})
    (first, *_) = lines(result, "values", 0)
    assert first == "dx differs by 1 at [1]: yours 1, expected 0 (2 of 3 numbers) (case N=3)"


@pytest.mark.parametrize(
    ("wrong", "states", "said"),
    [
        (["a", "b"], {"a": "wrong", "b": "carried", "c": "right"}, ["b differs too", "c is right"]),
        (
            ["a", "b", "c", "d"],
            {"a": "wrong", "b": "carried", "c": "carried", "d": "wrong"},
            ["d is wrong too", "b and c differ too"],
        ),
        (
            ["a", "b", "c"],
            {"a": "carried", "b": "carried", "c": "carried"},
            ["all other results differ too"],
        ),
    ],
)
def test_what_earns_its_points_is_not_called_wrong(
    wrong: list[str], states: dict[str, str], said: list[str]
) -> None:
    assert how_others_fare(wrong, list(states), states) == said


# ------------------------------------------------------------------------------------ points, notes


@pytest.mark.parametrize(
    ("states", "share", "said"),
    [
        (["right", "wrong"], 1.0, ["1 of 2 results is right"]),
        (["right", "right", "wrong"], 1.0, ["2 of 3 results are right"]),
        (["wrong"], 1.0, ["the result is wrong"]),
        (["right"], 1.0, ["the result is right"]),
        (["carried"], 0.5, ["the result follows from an earlier mistake, for 0.5 of its points"]),
        (["wrong", "wrong"], 1.0, ["0 of 2 results are right"]),
        (
            ["right", "carried"],
            1.0,
            ["1 of 2 results is right", "1 follows from an earlier mistake"],
        ),
        (
            ["carried", "carried"],
            0.5,
            ["2 of 2 results follow from an earlier mistake, each for 0.5 of its points"],
        ),
    ],
)
def test_results_are_counted(states: list[str], share: float, said: list[str]) -> None:
    assert count_of_results(states, share) == said


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ([True], "the property holds"),
        ([False], "the property does not hold"),
        ([True, False], "1 of 2 properties holds"),
        ([True, True, False], "2 of 3 properties hold"),
        ([False, False], "0 of 2 properties hold"),
    ],
)
def test_properties_are_counted(kept: list[bool], said: str) -> None:
    assert count_of_properties(kept) == said


def test_results_and_properties_are_counted_apart() -> None:
    problem = problem_of("dx[N] dW[N]", holds="padding_changes_nothing sums_to_zero")
    right = {"dx": np.zeros(2), "dW": np.zeros(2)}
    held = {"padding_changes_nothing": np.array(True), "sums_to_zero": np.array(True)}
    case = Case("N=2", {"N": 2}, {}, right | held)
    result = concluded(
        problem.bare, [case], lambda a: {**a, "padding_changes_nothing": np.array(False)}
    )
    assert lines(result, "points") == [
        "6 of 8: 2 of 2 results are right and 1 of 2 properties holds"
    ]
    assert lines(result, "values") == ["this should hold but does not: padding changes nothing"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("dh",), "your function changed its argument dh, which"),
        (("dh", "x"), "your function changed its arguments dh and x, which"),
    ],
)
def test_a_changed_argument_is_noted_on_right_work(changed: tuple[str, ...], said: str) -> None:
    problem = problem_of("dx[N,D]")
    result = concluded(problem, cases_of(problem), dict, changed)
    assert result.verdict.status == "passed"
    (note,) = lines(result, "arguments", 0)
    assert note == f"{said} the caller may still need (no points are lost)"


# ----------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ([0, 1, 1, 1, 0], "returned something instead"),
        ([3, 3, 1, 1, 0], "raised AssertionError instead"),
        ([1, 2, 1, 1, 0], "raised another exception instead"),
        ([1, 1, 1, 1, 4], "also raised IndexError where it should answer"),
        ([1, 1, 1, 1, 1], "also raised ValueError where it should answer"),
    ],
)
def test_what_came_instead_of_a_refusal(codes: list[int], said: str) -> None:
    problem = lessons.find("one_hot")
    inputs = {"ids": np.array([[0, 1]]), "V": np.array(2)}
    expected = {tensor.name: np.zeros(1) for tensor in problem.gives}
    expected |= {tensor.name: np.array(True) for tensor in problem.holds}
    case = Case("c", {}, inputs, expected)
    answers = {tensor.name: np.zeros(1) for tensor in problem.gives} | {"refused": np.array(codes)}
    attempt = Attempt(problem, 2.0, (case,), (Reply(answers),), {})
    result = conclude(attempt, examine(attempt), {}, 1.0)
    first, *_ = lines(result, "values", 0)
    assert first == f"it should refuse negative ids with ValueError, and it {said}"
    assert result.verdict.diagnosis is None


# -------------------------------------------------------------------------- diagnoses, what follows

IDEA = {name: Advice(name, name.partition(".")[0], "b is left out", ("?",)) for name in
        ("task.slip", "home.slip")}  # fmt: skip


def diagnosed(
    gives: str, outputs: list[str], name: str = "task.slip", earlier: bool = False
) -> Result:
    """The result for whoever has exactly what a misconception gives for some outputs."""
    problem = problem_of(gives)
    cases, replies = [], []
    for case in cases_of(problem):
        wrong = {one: RNG.normal(size=case.expected[one].shape) for one in outputs}
        kept = {}
        for output, value in wrong.items():
            kept[output] = value if case.keeps_whole(output) else sketch(output, value)
        cases.append(replace(case, by_misconception={name: kept}))
        replies.append(Reply({**case.expected, **wrong}))
    attempt = Attempt(problem, 8.0, tuple(cases), tuple(replies), IDEA)
    before = {"home": Decision("failed", 0.0, {}, diagnosed=frozenset({name}))} if earlier else {}
    return conclude(attempt, examine(attempt), before, 1.0)


@pytest.mark.parametrize(
    ("gives", "outputs", "said"),
    [
        ("dx[N,D]", ["dx"], "your dx is what comes out when b is left out"),
        ("dx[N,D] dW[D,H]", ["dW"], "your dW is what comes out when b is left out"),
        (
            "dx[N,D] dW[D,H] db[H]",
            ["dx", "db"],
            "your dx and db are what comes out when b is left out",
        ),
        (
            "dx[N,D] dW[D,H]",
            ["dx", "dW"],
            "all your results are what comes out when b is left out",
        ),
    ],
)
def test_a_mistake_is_named_once_and_last(gives: str, outputs: list[str], said: str) -> None:
    result = diagnosed(gives, outputs)
    assert lines(result, "diagnosis") == [said] and lines(result, "diagnosis", EXACT) == []


def test_another_problem_is_named_only_where_the_mistake_was_found_there() -> None:
    found = diagnosed("dx[N,D]", ["dx"], "home.slip", earlier=True)
    assert lines(found, "diagnosis") == ["your dx is what comes out when b is left out, as in home"]
    alone = diagnosed("dx[N,D]", ["dx"], "home.slip")
    assert lines(alone, "diagnosis") == ["your dx is what comes out when b is left out"]


@pytest.mark.parametrize(
    ("gives", "outputs", "said"),
    [
        ("dx[N,D]", ["dx"], "this follows"),
        ("dx[N,D] dW[D,H] db[H]", ["dx", "db"], "this follows"),
    ],
)
def test_what_follows_says_where_to_mend(gives: str, outputs: list[str], said: str) -> None:
    result = diagnosed(gives, outputs, "home.slip", earlier=True)
    assert lines(result, "carried") == [
        f"{said} from the mistake in home, which is counted there: mend that first"
    ]


@pytest.mark.parametrize(
    ("carried", "said"),
    [(["dx"], "dx follows"), (["dx", "dW"], "dx and dW follow")],
)
def test_a_part_that_follows_is_listed_with_its_verb(carried: list[str], said: str) -> None:
    from autograder.judge.say import _carried

    states = {name: "carried" for name in carried} | {"db": "wrong"}
    evidence = Evidence(problem_of("dx[N] dW[N] db[N]"), wrong={name: (0,) for name in states})
    decision = Decision("partial", 0.5, states, follows_from="home")
    (finding,) = _carried(evidence, decision)
    assert finding.text.startswith(f"{said} from the mistake in home")


def test_an_observation_is_said_once_and_not_of_what_is_explained() -> None:
    from autograder.judge.say import _observations

    seen = Observation(("dx",), "dx does not react to b", NATURE)
    asked = Asked(experiments=(seen, seen))
    evidence = Evidence(problem_of("dx[N]"), asked=asked, near_misses=(seen,))
    open_ = Decision("failed", 0.0, {"dx": "wrong"})
    attempt = Attempt(problem_of("dx[N]"), 1.0, (), (), {})
    assert list(_observations(attempt, evidence, open_)) == [
        Finding("experiment", "dx does not react to b", level=NATURE)
    ]
    follows = Decision("partial", 1.0, {"dx": "carried"})
    assert list(_observations(attempt, evidence, follows)) == []
