"""Experiments: silent for right code, and every sentence about wrong code is literally true.

The truth is found out anew from the text alone: what it names is moved by other amounts than the
experiments took, in the wrong code and in the reference.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.clues.reactions import affordable
from autograder.authoring.mutations.edits import Mutant, mutants
from autograder.authoring.proof.in_process import InProcess
from autograder.authoring.proof.known_right import versions
from autograder.casebook import LessonBook
from autograder.clues import FOLDER, ClueBook, Clues
from autograder.compare import wrong_tensors
from autograder.judge import Attempt
from autograder.judge.attempt import Ask
from autograder.judge.evidence import Observation
from autograder.judge.experiments import experiments, live
from autograder.judge.experiments.known import NAME, kept, known
from autograder.judge.experiments.live import asked_twice, reactions
from autograder.judge.experiments.measure import Measured, rows_of, stack_of
from autograder.judge.experiments.parts import outside, view
from autograder.judge.experiments.smallest import smallest_failing
from autograder.problem import Arrays, Case, Fault, Problem, Reply, axis_length
from tests.conftest import ROOT

ANSWERS = load_answers(ROOT / "solutions")
CODED = [one.name for one in lessons.all_lessons() if not one.asks]
GOOD = [one for one in versions(ROOT / "tests" / "good_versions") if one[0] in CODED]
PUBLIC = ROOT / "autograder" / "frozen" / "public"

MUTANTS = 25
"""Of each of the lessons below."""

SAID = {
    "rnn": 0.58,
    "head": 0.50,
    "lstm": 0.50,
    "gru": 0.66,
    "attention": 0.50,
    "embedding": 0.64,
    "stacked": 0.16,  # mostly results in one another's place, which `judge.explain` tells
    "charlm": 0.33,
}
"""Lesson -> the share of wrong answers of which something was said when it was measured."""

SLACK = 0.1

TRIES = 4


@cache
def cases_of(lesson: str) -> dict[str, list[Case]]:
    cases = LessonBook(PUBLIC / f"{lesson}.safetensors", hidden=False).cases
    return {problem: list(found) for problem, found in cases.items()}


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to say less here."""
    monkeypatch.setattr(live, "SECONDS", 1e9)


@pytest.fixture(scope="session")
def clues(frozen: Path) -> ClueBook:
    """The clues of all lessons, which lie beside the casebook."""
    return ClueBook(frozen / FOLDER)


def attempt_of(problem: Problem, variant: Variant, clues: Clues) -> Attempt | None:
    """The variant's answers to the public cases; None if one has none."""
    session = InProcess(variant).session(problem)
    replies = []
    for case in cases_of(problem.lesson)[problem.name]:
        reply = session.call(problem, case.inputs)
        if reply.fault is not None or reply.odd:
            return None
        replies.append(reply)
    cases = tuple(cases_of(problem.lesson)[problem.name])
    return Attempt(problem, 1.0, cases, tuple(replies), {}, clues=clues)


def wrong_of(attempt: Attempt) -> dict[str, tuple[int, ...]]:
    """Output -> the numbers of the cases in which it is wrong."""
    wrong: dict[str, tuple[int, ...]] = {}
    for tensor in attempt.problem.outputs:
        numbers = []
        for number, (case, reply) in enumerate(attempt.pairs()):
            if tensor.name in wrong_tensors(attempt.problem, reply.outputs, case.expected):
                numbers.append(number)
        if numbers:
            wrong[tensor.name] = tuple(numbers)
    return wrong


# --------------------------------------------------------------------------------------- right code


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "lesson, path",
    [*[(name, None) for name in CODED], *GOOD],
    ids=[*[f"reference-{name}" for name in CODED], *[path.stem for _, path in GOOD]],
)
def test_nothing_is_said_of_right_code(lesson: str, path: Path | None, clues: ClueBook) -> None:
    """Not even if all of its outputs were taken for wrong."""
    if not lessons.can_run(lesson):
        pytest.skip("torch is not installed")
    sources = dict(ANSWERS.sources)
    if path is not None:
        sources[lesson] = path.read_text(encoding="utf-8")
    with imported(sources) as variant:
        for problem in lessons.lesson(lesson).problems:
            attempt = attempt_of(problem, variant, clues.of(lesson, problem.name))
            assert attempt is not None, problem.name
            ask = InProcess(variant).session(problem).call_many
            results = [tensor.name for tensor in problem.gives]
            assert asked_twice(attempt, results, 0, ask) == []
            assert reactions(attempt, results, ask) == []
            assert experiments(attempt, {}, 0, ask) == ()


def test_what_has_no_reactions_is_known(clues: ClueBook) -> None:
    """The core of every lesson that works with real numbers alone has them."""
    have = set()
    for lesson in lessons.all_lessons():
        for problem in lesson.problems:
            if clues.of(lesson.name, problem.name).part(NAME).told is not None:
                have.add(problem.name)
    for cell in ("rnn", "lstm", "gru"):
        for what in ("step_forward", "step_backward", "forward", "backward"):
            assert f"{cell}_{what}" in have
    assert {"temporal_softmax_loss", "charlm_loss", "captioning_loss", "layer_norm"} <= have
    assert {"additive_attention_backward", "attention_step_backward", "rnnlm_loss"} <= have
    # what is chosen leaps
    assert not have & {"greedy", "beam_search", "sample", "captioning_sample", "nearest"}


# ---------------------------------------------------------------------------- wrong code: the truth


@dataclass(frozen=True)
class Named:
    """What a sentence names: numbers of a tensor."""

    tensor: str
    inside: np.ndarray


class Truth:
    """Finds out whether sentences about a variant are true of a case."""

    def __init__(
        self, problem: Problem, reference: Variant, variant: Variant, cases: Sequence[Case]
    ) -> None:
        self.problem, self.cases = problem, {case.name: case for case in cases}
        self.sessions = [InProcess(one).session(problem) for one in (reference, variant)]

    def holds(self, text: str) -> bool:
        """Whether a sentence about reactions is true; AssertionError if it is of no known form."""
        text, _, case_name = text.removesuffix(")").rpartition(" (tried on the case ")
        self.case = self.cases[case_name]
        for pattern, check in (
            (r"(.+) (?:do|does) not change, whichever of (?:its|their) inputs is changed.*",
             self._all),
            (r"(.+) (?:do|does) not change when (.+) (?:is|are) changed, but should(:.*)?",
             self._silent),
            (r"(.+) changes? when (.+) (?:is|are) changed, but should not(:.*)?", self._should_not),
            (
                r"(.+) reacts? correctly to (.+), but wrongly to (.+)",
                self._partly,
            ),
            (r"(.+) reacts? to (.+) in the opposite direction", self._opposite),
            (r"(.+) (?:is|are) linear in (.+), and should not be", self._straight),
            (r"(.+) (?:is|are) not linear in (.+), but should be", self._bent),
            (r"(.+) reacts? to (.+) in reversed order of time", self._reversed),
        ):  # fmt: skip
            found = re.fullmatch(pattern, text)
            if found:
                return bool(check(*found.groups()))
        raise AssertionError(f"unknown form: {text}")

    def _all(self, subject: str) -> bool:
        names = [tensor.name for tensor in self.problem.takes]
        moved = [name for name in names if self._can_move(name)]
        for output in self.named(subject, outputs=True):
            if not any(self._reacts(0, output, given) for given in self._wholes(moved)):
                return False
            if any(self._reacts(1, output, given) for given in self._wholes(moved)):
                return False
        return True

    def _silent(self, subject: str, given: str, note: str | None) -> bool:
        for output in self.named(subject, outputs=True):
            for part in self.named(given):
                if self._reacts(1, output, part) or not self._reacts(0, output, part):
                    return False
        return True

    def _should_not(self, subject: str, given: str, note: str | None) -> bool:
        for output in self.named(subject, outputs=True):
            for part in self.named(given):
                if self._reacts(0, output, part) or not self._reacts(1, output, part):
                    return False
        return True

    def _partly(self, subject: str, given: str, other: str) -> bool:
        for output in self.named(subject, outputs=True):
            if not all(self._as_far(output, part, 1.0) for part in self.named(given)):
                return False
            if any(self._as_far(output, part, 1.0) for part in self.named(other)):
                return False
        return True

    def _opposite(self, subject: str, given: str) -> bool:
        return all(
            self._as_far(output, part, -1.0)
            for output in self.named(subject, outputs=True)
            for part in self.named(given)
        )

    def _straight(self, subject: str, given: str) -> bool:
        return self._lines(subject, given, bent=0)

    def _bent(self, subject: str, given: str) -> bool:
        return self._lines(subject, given, bent=1)

    def _lines(self, subject: str, given: str, bent: int) -> bool:
        for output in self.named(subject, outputs=True):
            for part in self.named(given):
                far = [self._bend(who, output.tensor, part) for who in (0, 1)]
                if far[bent] < 1e-3 or far[1 - bent] > 1e-3:
                    return False
        return True

    def _reversed(self, subject: str, given: str) -> bool:
        """Step by step: as the reference would, counted from the other end."""
        for output in self.named(subject, outputs=True):
            for part in self.named(given):
                should = self._steps(0, output.tensor, part.tensor)
                does = self._steps(1, output.tensor, part.tensor)
                if not np.array_equal(does, should[::-1, ::-1]) or np.array_equal(does, should):
                    return False
        return True

    def _steps(self, who: int, output: str, given: str) -> np.ndarray:
        """Which step of an output reacts to which step of an input."""
        axes = {tensor.name: tensor.axes for tensor in (*self.problem.takes, *self.problem.gives)}
        gives, takes = self.case.expected[output], self.case.inputs[given]
        rows = []
        for step in range(takes.shape[axes[given].index("T")]):
            part = Named(given, _at(takes, axes[given].index("T"), step))
            to = range(gives.shape[axes[output].index("T")])
            seen = [Named(output, _at(gives, axes[output].index("T"), other)) for other in to]
            rows.append([self._reacts(who, one, part) for one in seen])
        return np.array(rows)

    # ------------------------------------------------------------------------------------- moving

    def _wholes(self, names: Sequence[str]) -> Iterator[Named]:
        for name in names:
            yield Named(name, np.ones(self.case.inputs[name].shape, bool))

    def _can_move(self, name: str) -> bool:
        tensor = self._tensor(name)
        value = self.case.inputs[name]
        if tensor.values in ("<", "<=", "?"):
            return True
        return value.dtype.kind == "f" and not tensor.values

    def _tensor(self, name: str) -> Any:
        return next(tensor for tensor in self.problem.takes if tensor.name == name)

    def moves(self, part: Named) -> np.ndarray:
        """Other values for a part of an input than the experiments take, TRIES of them."""
        rng = np.random.default_rng(len(part.tensor) + int(part.inside.sum()))
        value, tensor = self.case.inputs[part.tensor], self._tensor(part.tensor)
        rows = []
        for _ in range(TRIES):
            if tensor.values == "?":
                other = ~value.astype(bool)
            elif tensor.values:
                least = int(tensor.values == "<=")
                most = axis_length(tensor.bound, self.problem.lengths_in(self.case.inputs))
                other = (value - least + rng.integers(1, max(2, most))) % most + least
            else:
                other = value + rng.normal(scale=0.6, size=value.shape)
            rows.append(np.where(part.inside, other, value).astype(value.dtype))
        return np.stack(rows)

    def answers(self, who: int, name: str, stack: np.ndarray, output: str) -> np.ndarray | None:
        """The unchanged answer, then those to the stack; None if one has none."""
        stack = np.concatenate([self.case.inputs[name][None], stack])
        reply = self.sessions[who].call_many(self.problem, self.case.inputs, name, stack)
        return reply.outputs.get(output)

    def _reacts(self, who: int, output: Named, part: Named) -> bool:
        rows = self.answers(who, part.tensor, self.moves(part), output.tensor)
        if rows is None:
            return False
        rows = np.asarray(rows, float)
        scale = float(np.abs(rows[np.isfinite(rows)]).max(initial=0))
        far = np.abs(rows[1:] - rows[0])[:, output.inside]
        return bool((far > max(1e-6 * scale, 1e-12)).any())

    def _as_far(self, output: Named, part: Named, times: float) -> bool:
        stack = self.moves(part)
        rows = [self.answers(who, part.tensor, stack, output.tensor) for who in (0, 1)]
        if rows[0] is None or rows[1] is None:
            return False
        should, does = (np.asarray(row, float)[1:] - np.asarray(row, float)[0] for row in rows)
        scale = np.abs(should).max()
        return bool(np.abs(does - times * should).max() <= 5e-3 * scale)

    def _bend(self, who: int, output: str, part: Named) -> float:
        """How far from a line the answers are, as a share of how far they go."""
        rng = np.random.default_rng(5)
        value = self.case.inputs[part.tensor]
        step = rng.normal(scale=1.5, size=value.shape)
        rows = self.answers(who, part.tensor, np.stack([value + step, value - step]), output)
        assert rows is not None
        base, one, other = np.asarray(rows, float)
        return float(np.abs(one + other - 2 * base).max() / np.abs(one - other).max())

    # ------------------------------------------------------------------------------------- reading

    def named(self, text: str, outputs: bool = False) -> list[Named]:
        """What a list in a sentence names; "2 more" names nothing."""
        blocks = re.match(r"(blocks?|units?) (.+?) of (?:every block of )?(?=\w)", text)
        rest = text[blocks.end() :] if blocks else text
        found = []
        item = r"([A-Za-z_]\w*)((?:\[[^\]]*\])?)( where \w+ is false| behind \w+)?"
        for name, index, left_out in re.findall(item, rest):
            if name in ("and", "or", "more"):
                continue
            inside = np.zeros(self._shape(name, outputs), bool)
            if blocks:
                inside = self._of_blocks(name, outputs, blocks[1], blocks[2], inside)
            elif left_out:
                mask = self._tensor(left_out.split()[1])
                inside = outside(self.case.inputs, mask, self._tensor(name))
            elif index:
                inside[eval(f"numpy.s_{index}", {"numpy": np})] = True
            else:
                inside[...] = True
            found.append(Named(name, inside))
        assert found, text
        return found

    def _shape(self, name: str, outputs: bool) -> tuple[int, ...]:
        return (self.case.expected if outputs else self.case.inputs)[name].shape

    def _of_blocks(
        self, name: str, outputs: bool, noun: str, listed: str, inside: np.ndarray
    ) -> np.ndarray:
        tensors = self.problem.gives if outputs else self.problem.takes
        tensor = next(tensor for tensor in tensors if tensor.name == name)
        seen = view(self.problem, tensor)
        numbers = []
        for word in re.split(r", | and ", listed):
            blocks = self.problem.blocks.split()
            numbers.append(blocks.index(word) if noun.startswith("block") else int(word))
        axis = seen.axes.index("block") + (not noun.startswith("block"))
        split = inside.reshape(seen.shape(inside.shape))
        np.moveaxis(split, axis, 0)[numbers] = True
        return split.reshape(inside.shape)


def _at(value: np.ndarray, axis: int, index: int) -> np.ndarray:
    """Where an axis has an index, as a mask."""
    inside = np.zeros(value.shape, bool)
    np.moveaxis(inside, axis, 0)[index] = True
    return inside


def sampled(lesson: str) -> list[Mutant]:
    found = list(mutants(lesson, ANSWERS.sources[lesson]))
    random.Random(7).shuffle(found)
    return found[:MUTANTS]


def problems_of(mutant: Mutant) -> list[Problem]:
    """The problems that check the changed function, or else all of its lesson."""
    problems = lessons.lesson(mutant.module).problems
    return [one for one in problems if one.of == mutant.function] or list(problems)


@pytest.mark.in_turn
@pytest.mark.parametrize("lesson", SAID)
def test_every_sentence_about_a_mutant_is_true(lesson: str, clues: ClueBook) -> None:
    """And something is said of most of them."""
    wrong_answers = said = 0
    false = []
    with imported(ANSWERS.sources) as reference:
        for mutant in sampled(lesson):
            with imported({**ANSWERS.sources, lesson: mutant.source}) as variant:
                for problem in problems_of(mutant):
                    attempt = attempt_of(problem, variant, clues.of(lesson, problem.name))
                    wrong = wrong_of(attempt) if attempt else {}
                    if attempt is None or not wrong:
                        continue
                    ask = InProcess(variant).session(problem).call_many
                    shown = min(numbers[0] for numbers in wrong.values())
                    seen = experiments(attempt, wrong, shown, ask)
                    wrong_answers += 1
                    said += bool(seen)
                    truth = Truth(problem, reference, variant, attempt.cases)
                    for observation in reactions(attempt, list(wrong), ask):
                        if not is_true(observation, truth):
                            false.append(f"{problem.name}, {mutant.change}: {observation.text}")
                    for observation in smallest_failing(attempt, wrong):
                        assert separates(observation, attempt, wrong), observation
    print(f"{lesson}: {said} of {wrong_answers} wrong answers have something said of them")
    assert false == []
    assert said >= (SAID[lesson] - SLACK) * wrong_answers


def is_true(observation: Observation, truth: Truth) -> bool:
    if "not proportional" in observation.text:
        return is_not_proportional(observation, truth)
    return truth.holds(observation.text)


def is_not_proportional(observation: Observation, truth: Truth) -> bool:
    """Twice the upstream, in one session, gives something else than twice the gradient."""
    _, given = re.fullmatch(
        r"(.+) (?:is|are) not proportional to (.+): twice .*", observation.text
    ).groups()  # type: ignore[union-attr]
    case = next(iter(truth.cases.values()))
    doubled = dict(case.inputs)
    for name in re.split(r", | and ", given):
        doubled[name] = 2 * doubled[name]
    once, twice = (
        truth.sessions[1].call(truth.problem, inputs).outputs for inputs in (case.inputs, doubled)
    )
    right_once, right_twice = (
        truth.sessions[0].call(truth.problem, inputs).outputs for inputs in (case.inputs, doubled)
    )
    for output in observation.outputs:
        if np.allclose(twice[output], 2 * once[output], rtol=1e-3, atol=1e-9):
            return False
        if not np.allclose(right_twice[output], 2 * right_once[output], rtol=1e-6, atol=1e-12):
            return False
    return True


def separates(
    observation: Observation, attempt: Attempt, wrong: dict[str, tuple[int, ...]]
) -> bool:
    """Whether what is said of the cases is true of each of them."""
    _, right, condition = re.fullmatch(
        r"(.+) (?:is|are) (right|wrong) only (?:on the public cases where|in the cases?) (.+)",
        observation.text,
    ).groups()  # type: ignore[union-attr]
    condition = re.sub(r" \(\d+ of \d+\)$", "", condition)
    condition, _, also = condition.partition(" and on those where all ")
    for number, case in enumerate(attempt.cases):
        for output in observation.outputs:
            is_right = number not in wrong[output]
            same = len(np.unique(case.expected[output])) == 1
            holds = _holds(condition, case)
            if right == "right" and is_right and not (holds or (also and same)):
                return False
            if right == "wrong" and not is_right and not holds:
                return False
            telling = not same or not is_right
            if telling and holds != (is_right == (right == "right")):
                return False
    return True


def _holds(condition: str, case: Case) -> bool:
    zeros = re.fullmatch(r"(.+) (?:is|are) all zeros", condition)
    ones = re.fullmatch(r"(.+) (?:=|are) 1", condition)
    equal = re.fullmatch(r"(\w+) = (\w+)", condition)
    if zeros:
        return all(not case.inputs[name].any() for name in re.split(r", | and ", zeros[1]))
    if ones:
        return all(case.sizes[axis] == 1 for axis in re.split(r", | and ", ones[1]))
    if equal:
        return case.sizes[equal[1]] == case.sizes[equal[2]]
    return case.name in re.split(r", | and ", condition)


# ---------------------------------------------------------------------------- single sentences


def said_of(
    clues: ClueBook, problem_name: str, old: str, new: str, module: str = ""
) -> tuple[str, ...]:
    """What experiments say when a text that occurs once in the reference is replaced."""
    problem = lessons.find(problem_name)
    module = module or problem.lesson
    source = ANSWERS.sources[module]
    assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times"
    with imported({**ANSWERS.sources, module: source.replace(old, new)}) as variant:
        attempt = attempt_of(problem, variant, clues.of(problem.lesson, problem.name))
        assert attempt is not None
        wrong = wrong_of(attempt)
        assert wrong, "it is right"
        shown = min(numbers[0] for numbers in wrong.values())
        ask = InProcess(variant).session(problem).call_many
        return tuple(seen.text for seen in experiments(attempt, wrong, shown, ask))


def test_a_bias_that_is_forgotten(clues: ClueBook) -> None:
    old = "x @ Wx + prev_h @ Wh + b"
    first, second = said_of(clues, "rnn_step_forward", old, "x @ Wx + prev_h @ Wh")
    assert first == "next_h is right only on the public cases where b is all zeros"
    tried = "(tried on the case N=3 D=4 H=5)"
    assert second == f"next_h does not change when b is changed, but should {tried}"


def test_nothing_squashes(clues: ClueBook) -> None:
    texts = said_of(clues, "rnn_step_forward", "next_h = np.tanh(a)", "next_h = a")
    assert texts[0].startswith("next_h is linear in x, prev_h, Wx, Wh and b, and should not be")


def test_rows_of_the_batch_that_are_mixed(clues: ClueBook) -> None:
    old = "    mean = (a * da).sum(axis=1, keepdims=True)"
    texts = said_of(clues, "masked_softmax_backward", old, "    mean = (a * da).sum(keepdims=True)")
    assert texts[0].startswith("de is right only on the public cases where N = 1")
    assert "the rows of the batch are mixed" in texts[1]


def test_a_gradient_that_does_not_go_back_in_time(clues: ClueBook) -> None:
    old = "        dnext_h = dh[:, t] + dprev_h\n"
    texts = said_of(clues, "rnn_backward", old, "        dnext_h = dh[:, t]\n")
    assert any("a step has no effect on other steps" in text for text in texts)


def test_a_gradient_that_is_not_proportional_to_what_comes_back(clues: ClueBook) -> None:
    texts = said_of(clues, "lstm_step_backward", "da_f = df * f * (1 - f)", "da_f = f * (1 - f)")
    assert texts[0] == (
        "dx, dprev_h, dWx, dWh and db are not proportional to dnext_h and dnext_c: twice the "
        "upstream gradient should give twice the gradient"
    )
    assert texts[1].startswith("block f of dWx, dWh and db does not change when prev_c, dnext_h")


def test_what_is_kept_from_one_call_to_the_next(clues: ClueBook) -> None:
    """And nothing else is said then: what changes by itself reacts to nothing in particular."""
    old = "    next_h = np.tanh(a)\n"
    new = "    CALLS.append(1)\n    next_h = np.tanh(a) + 0.1 * len(CALLS)\n"
    source = ANSWERS.sources["rnn"].replace(old, new) + "\nCALLS = []\n"
    problem = lessons.find("rnn_step_forward")
    with imported({**ANSWERS.sources, "rnn": source}) as variant:
        attempt = attempt_of(problem, variant, clues.of("rnn", problem.name))
        assert attempt is not None
        ask = InProcess(variant).session(problem).call_many
        (seen,) = experiments(attempt, wrong_of(attempt), 0, ask)
    assert seen.text.startswith("two calls with the same arguments give a different next_h")


# ---------------------------------------------------------------------------- what makes it silent


def wrong_step(clues: ClueBook) -> tuple[Attempt, dict[str, tuple[int, ...]], Ask]:
    """An attempt that forgets the bias, what is wrong of it, and a way to ask it."""
    problem = lessons.find("rnn_step_forward")
    source = ANSWERS.sources["rnn"].replace("x @ Wx + prev_h @ Wh + b", "x @ Wx + prev_h @ Wh")
    with imported({**ANSWERS.sources, "rnn": source}) as variant:
        variant.module("rnn")
        session = InProcess(variant).session(problem)
        attempt = attempt_of(problem, variant, clues.of("rnn", problem.name))
        assert attempt is not None
    return attempt, wrong_of(attempt), session.call_many


def test_code_that_raises_on_what_is_asked_has_nothing_said_of_its_reactions(
    clues: ClueBook,
) -> None:
    attempt, wrong, _ = wrong_step(clues)

    def ask(*question: Any) -> Reply:
        return Reply(fault=Fault("raised", "ValueError"))

    assert reactions(attempt, list(wrong), ask) == []
    assert asked_twice(attempt, list(wrong), 0, ask) == []


def test_slow_code_is_asked_no_more_than_foretells_it(
    clues: ClueBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt, wrong, call_many = wrong_step(clues)
    asked = []

    def ask(problem: Problem, inputs: Arrays, name: str, stack: np.ndarray) -> Reply:
        asked.append(len(stack))
        return call_many(problem, inputs, name, stack)

    monkeypatch.setattr(live, "SECONDS", 0.0)
    assert reactions(attempt, list(wrong), ask) == []
    assert sum(asked) <= 9


def test_outputs_that_are_right_have_nothing_said_of_them(clues: ClueBook) -> None:
    attempt, _, call_many = wrong_step(clues)
    assert reactions(attempt, [], call_many) == []


def test_runs_stay_within_what_was_afforded(clues: ClueBook) -> None:
    problem = lessons.find("lstm_backward")
    case = cases_of("lstm")["lstm_backward"][0]
    for most in (400, 100, 30, 5):
        finely = affordable(problem, case.inputs, most)
        takes = {tensor.name: tensor for tensor in problem.takes}
        runs = [rows_of(problem, takes[name], case.inputs, finely[name]) for name in finely]
        stacks = [len(stack_of(problem, takes[name], case.inputs, finely[name])) for name in finely]
        assert sum(runs) <= most
        assert runs == stacks


def test_what_is_known_is_written_and_read_the_same(clues: ClueBook) -> None:
    problem = lessons.find("lstm_step_backward")
    cases = cases_of("lstm")[problem.name]
    clue = clues.of("lstm", problem.name).part(NAME)
    read = known(problem, cases, clue)
    assert read is not None
    measured = Measured(read.reactions, {})
    again = kept(read.case, read.finely, measured, read.upstream, read.proportional)
    assert again.told == clue.told
    for name, array in clue.arrays.items():
        assert np.array_equal(again.arrays[name], array, equal_nan=True)
    assert known(problem, [], clue) is None
