"""A mistake is named by numbers that tell, and by nothing less: over the whole casebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.large import outputs_with
from autograder.authoring.proof.measure import books_of
from autograder.casebook import Casebook, gathered
from autograder.cli import FROZEN
from autograder.compare import PROJECTIONS, close, equal
from autograder.judge import Attempt, examine, telling
from autograder.judge.decide import decide
from autograder.judge.telling import ENOUGH, WHOLE, weight
from autograder.problem import Advice, Arrays, Case, Fault, Problem, Reply, Tensor, parse_tensors

pytestmark = pytest.mark.in_turn

PROBLEMS = [problem.name for problem in lessons.coded_problems()]


@dataclass(frozen=True)
class Made:
    """Replies that have only a part of what a misconception leads to."""

    what: str
    misconception: str
    replies: tuple[Reply, ...]


# ------------------------------------------------------------------------- replies that tell little


def changed_by(case: Case, wrong: str) -> Arrays:
    """The outputs that a misconception changes; stand-ins where only a sketch is kept."""
    outputs = outputs_with(case, wrong)
    return {name: outputs[name] for name in case.by_misconception.get(wrong, {})}


def is_weak(problem: Problem, tensor: Tensor, got: np.ndarray) -> str:
    """Why an answer for an output tells nothing; empty if it tells something."""
    if tensor in problem.holds or (not tensor.axes and got.dtype.kind == "b"):
        return "truth values"
    if not tensor.axes and got.size == 1 and (got == np.round(got)).all():
        return "lone counts"
    if got.size > 1 and (got == got.flat[0]).all():
        return "constants"
    return ""


def with_only(
    problem: Problem, cases: tuple[Case, ...], given: list[Arrays], kinds: set[str]
) -> tuple[Reply, ...]:
    """The right answers, but for the weak ones of some kinds, which are the misconception's."""
    tensors = {tensor.name: tensor for tensor in problem.outputs}
    replies = []
    for case, changed in zip(cases, given, strict=True):
        outputs = dict(case.expected)
        for name, value in changed.items():
            if is_weak(problem, tensors[name], value) in kinds:
                outputs[name] = value
        replies.append(Reply(outputs))
    return tuple(replies)


def with_one_number(
    cases: tuple[Case, ...], problem: Problem, given: list[Arrays]
) -> tuple[Reply, ...]:
    """The right answers, but for one number of one case, which is the misconception's."""
    replies = [Reply(dict(case.expected)) for case in cases]
    for number, case in enumerate(cases):
        for name, value in given[number].items():
            right = case.expected[name]
            if value.shape == right.shape and not equal(problem, value, right):
                differs = ~close(value, right, problem.rtol, problem.atol)
                first = np.unravel_index(int(np.argmax(differs)), differs.shape)
                changed = right.copy()
                changed[first] = value[first]
                replies[number] = Reply({**case.expected, name: changed})
                return tuple(replies)
    return tuple(replies)


def with_its_exceptions(cases: tuple[Case, ...], wrong: str) -> tuple[Reply, ...]:
    """The right answers, but for the exceptions, which have the misconception's names."""
    replies = []
    for case in cases:
        error = case.raises.get(wrong)
        fault = Fault("raised", error) if error else None
        replies.append(Reply({} if fault else dict(case.expected), fault=fault))
    return tuple(replies)


def all_made(problem: Problem, cases: tuple[Case, ...], wrong: str) -> Iterator[Made]:
    kinds = ("truth values", "lone counts", "constants")
    given = [changed_by(case, wrong) for case in cases]
    for kind in kinds:
        yield Made(kind, wrong, with_only(problem, cases, given, {kind}))
    yield Made("all of these", wrong, with_only(problem, cases, given, set(kinds)))
    yield Made("one number", wrong, with_one_number(cases, problem, given))
    if any(wrong in case.raises for case in cases):
        yield Made("exceptions", wrong, with_its_exceptions(cases, wrong))


def differs_somewhere(made: Made, problem: Problem, cases: tuple[Case, ...]) -> bool:
    for case, reply in zip(cases, made.replies, strict=True):
        if reply.fault is not None:
            return True
        if any(
            not equal(problem, reply.outputs[name], case.expected[name]) for name in case.expected
        ):
            return True
    return False


def named(problem: Problem, cases: tuple[Case, ...], made: Made) -> list[str]:
    """The misconceptions that a student is told who answers so."""
    advice = _AllAdvice()
    attempt = Attempt(problem.bare, problem.points, cases, made.replies, advice)
    evidence = replace(examine(attempt), problem=problem)
    return [diagnosis.misconception for diagnosis in decide(evidence, {}, 1.0).diagnoses]


class _AllAdvice(Mapping[str, Advice]):
    """What is to be said of any misconception, which says here only where it belongs."""

    def __getitem__(self, name: str) -> Advice:
        return Advice(name, name.partition(".")[0], "", ())

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def known(problem: Problem, books: list[Casebook]) -> tuple[tuple[Case, ...], list[str]]:
    """The cases of a problem that are not large, and the misconceptions that they can see."""
    cases = tuple(case for case in gathered(problem, books).all if not case.large)
    names: dict[str, None] = {}
    for case in cases:
        names |= dict.fromkeys([*case.by_misconception, *case.raises])
    return cases, list(names)


@pytest.fixture(scope="module")
def books() -> list[Casebook]:
    return books_of(FROZEN)


@pytest.mark.parametrize("name", PROBLEMS)
def test_nothing_of_one_bit_names_a_mistake(name: str, books: list[Casebook]) -> None:
    problem = lessons.find(name)
    cases, misconceptions = known(problem, books)
    for wrong in misconceptions:
        for made in all_made(problem, cases, wrong):
            if differs_somewhere(made, problem, cases):
                assert named(problem, cases, made) == [], f"{made.what} of {wrong}"


def test_without_the_rule_they_would(
    books: list[Casebook], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: the same replies are diagnosed where everything is evidence."""
    monkeypatch.setattr(telling, "ENOUGH", 0.0)
    found = set()
    for name in ("one_hot", "count_parameters", "masked_softmax", "rnn_backward", "init_lstm"):
        problem = lessons.find(name)
        cases, misconceptions = known(problem, books)
        for wrong in misconceptions:
            for made in all_made(problem, cases, wrong):
                if differs_somewhere(made, problem, cases) and named(problem, cases, made):
                    found.add(made.what)
    assert found >= {"truth values", "lone counts", "constants"}


@pytest.mark.parametrize("name", PROBLEMS)
def test_whoever_has_all_its_numbers_is_told_where_they_tell(
    name: str, books: list[Casebook]
) -> None:
    """The rule takes no name away from a mistake that real numbers show."""
    problem = lessons.find(name)
    cases, misconceptions = known(problem, books)
    own = [wrong for wrong in misconceptions if wrong.startswith(f"{name}.")]
    for wrong in own:
        if any(wrong in case.raises for case in cases) or not has_stand_ins(cases, wrong):
            continue
        if few_real_numbers(problem, cases, wrong):
            continue
        replies = tuple(Reply(outputs_with(case, wrong)) for case in cases)
        assert named(problem, cases, Made("all", wrong, replies)), wrong


def has_stand_ins(cases: tuple[Case, ...], wrong: str) -> bool:
    """Whether all that it leads to can be made from what is kept: what is not finite cannot."""
    for case in cases:
        for name, kept in case.by_misconception.get(wrong, {}).items():
            if not case.keeps_whole(name) and kept.size != PROJECTIONS:
                return False
    return True


def few_real_numbers(problem: Problem, cases: tuple[Case, ...], wrong: str) -> bool:
    """Whether fewer than four different real numbers are wrong by a misconception."""
    different: set[float] = set()
    for case in cases:
        for name, value in changed_by(case, wrong).items():
            constant = value.size > 1 and (value == value.flat[0]).all()
            if (
                value.dtype.kind == "f"
                and value.shape == case.expected[name].shape
                and not constant
            ):
                differs = ~close(value, case.expected[name], problem.rtol, problem.atol)
                numbers = value[differs & np.isfinite(value)]
                different |= {float(number) for number in numbers if number != np.round(number)}
    return len({f"{number:.3g}" for number in different}) < 4


# -------------------------------------------------------------------------------------- the measure

RNN = lessons.find("rnn_forward")


def weighed(declared: str, *answers: tuple[object, object]) -> float:
    (tensor,) = parse_tensors(declared)
    pairs = [(np.asarray(got), np.asarray(want)) for got, want in answers]
    return weight(RNN, tensor, pairs)


@pytest.mark.parametrize(
    ("declared", "got", "want", "expected"),
    [
        ("refused[]?", False, True, 0),
        ("count[]", 7, 8, 0),
        ("loss[]", 2.0, 1.7, 0),
        ("loss[]", 0.71, 1.7, 1),
        ("dx[N]", [0.0, 0.0, 0.0], [0.3, 0.2, 0.1], 0),
        ("dx[N]", [0.5, 0.5, 0.5], [0.3, 0.2, 0.1], 0),
        ("dx[N]", [0.4, 0.2, 0.1], [0.3, 0.2, 0.1], 1),
        ("dx[N]", [0.4, 0.5, 0.4], [0.3, 0.2, 0.1], 2),
        ("dx[N]", [0.0, 0.2, 1.0], [0.3, 0.2, 0.1], 2 * WHOLE),
        ("dx[N]", [np.nan, np.inf, 0.1], [0.3, 0.2, 0.1], 0),
        ("ids[N]", [4, 5, 6], [1, 5, 9], 2 * WHOLE),
        ("mask[N]?", [True, False, True], [False, True, True], 2 * WHOLE),
    ],
)
def test_what_an_answer_weighs(declared: str, got: object, want: object, expected: float) -> None:
    assert weighed(declared, (got, want)) == expected


def test_a_real_number_counts_once_however_often_it_comes() -> None:
    assert weighed("loss[]", (0.71, 1.7), (0.71, 1.2), (0.71003, 1.4)) == 1
    assert weighed("loss[]", (0.71, 1.7), (0.43, 1.2)) == 2 == ENOUGH


def test_an_array_of_nothing_weighs_nothing() -> None:
    nothing: Arrays = {"ids": np.zeros(0, int)}
    assert weighed("ids[_]", (nothing["ids"], np.array([1, 2]))) == 0
