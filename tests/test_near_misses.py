"""Near misses: an edit of right code is told by its results, in true and plain words."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.clues import near_misses as building
from autograder.authoring.clues import signatures
from autograder.authoring.clues.changes import Changed, Survey, changes, survey
from autograder.authoring.clues.signatures import Bench, is_usable, signature_of, standing_in
from autograder.authoring.handout.leaks import leaks, normalised, secret_lines
from autograder.authoring.mutations.contract import contract
from autograder.authoring.proof.known_right import versions
from autograder.casebook import Casebook, gathered
from autograder.clues import Clues, LessonClues, Part, write_clues
from autograder.compare import sketch
from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Observation
from autograder.judge.examine import examine
from autograder.judge.near_miss import folded, near, near_misses, sentence
from autograder.problem import Arrays, Fault, Problem, Reply
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"

SAMPLE = 12
"""Changes of each lesson that are judged; which ones, does not depend on chance."""

QUICK = [
    lesson.name for lesson in lessons.all_lessons() if lesson.backend == "numpy" and not lesson.asks
]

FORMED = re.compile(
    r"`(\w+)` (?:is formed|has the opposite|is twice|is half|is overwritten|starts|is left as)"
)
"""A name of which a sentence says that something happens to it."""


@cache
def answers() -> Answers:
    return load_answers(SOLUTIONS)


@pytest.fixture(scope="module")
def book(frozen: Path) -> Casebook:
    return Casebook(frozen / "public")


def parts(frozen: Path) -> Iterator[tuple[str, Problem, Part]]:
    """(lesson, problem, its near misses) for everything that is built."""
    for name in lessons.names():
        clues = LessonClues(frozen / "clues" / f"{name}.safetensors")
        for problem in lessons.lesson(name).problems:
            part = clues.part(problem.name, "near_misses")
            if part.told is not None:
                yield name, problem, part


def attempt(problem: Problem, variant: Variant, book: Casebook) -> Attempt:
    """What a variant answers to the public cases."""
    cases = gathered(problem, [book])
    replies = []
    for case in cases.all:
        try:
            replies.append(Reply(run_probe(problem, variant, case.inputs)))
        except Exception as error:
            replies.append(Reply(fault=Fault("raised", type(error).__name__)))
    return Attempt(problem.bare, 1.0, cases.all, tuple(replies), cases.advice, clues=cases.clues)


Judged = tuple[Changed, Attempt, dict[str, tuple[int, ...]], tuple[Observation, ...]]


@cache
def judged(name: str, book: Casebook, count: int) -> tuple[Judged, ...]:
    """Some changes of a lesson that give wrong numbers no known mistake gives, with what is said.

    The third is where each output is wrong.
    """
    return tuple(_judged(name, book, count))


def _judged(name: str, book: Casebook, count: int) -> Iterator[Judged]:
    seen, listed = surveyed(name, book), slips(name, book)
    with imported(answers().sources) as reference:
        for changed in random.Random(name).sample(listed, min(count, len(listed))):
            for bench in seen.benches:
                if not seen.reaches(bench.problem.name, changed.function):
                    continue
                try:
                    with standing_in(reference.module(name), changed.top, changed.text):
                        given = attempt(bench.problem, reference, book)
                except Exception:
                    continue  # it cannot be defined
                evidence = examine(given)
                told = any(candidate.telling for candidate in evidence.fits)
                if evidence.fault is None and evidence.wrong and not told:
                    yield changed, given, dict(evidence.wrong), evidence.near_misses


@cache
def surveyed(name: str, book: Casebook) -> Survey:
    lesson, cases = lessons.lesson(name), book.lesson(name).cases
    with imported(answers().sources) as reference:
        return survey(reference, lesson, answers().sources[name], cases)


@cache
def slips(name: str, book: Casebook) -> tuple[Changed, ...]:
    """All that are made in a lesson: thousands of texts, of which few are judged."""
    scopes = surveyed(name, book).scopes
    return tuple(changes(answers(), lessons.lesson(name), scopes, which_pairs="none"))


# --------------------------------------------------------------------------------- what is found


@pytest.mark.in_turn
@pytest.mark.parametrize("name", QUICK)
def test_a_change_gets_the_text_that_was_written_of_it(name: str, book: Casebook) -> None:
    silent, said = [], 0
    for changed, given, wrong, observations in judged(name, book, SAMPLE):
        stored = _stored(given)
        if stored is None:
            silent.append(changed.told)
            assert not observations or len(observations[0].outputs) < len(wrong)
            continue
        expected = sentence(given.problem, list(wrong), stored)
        assert [seen.text for seen in observations] == [expected] * bool(expected)
        said += bool(expected)
    # Whole numbers are few, and often all the same: of lessons with them little can be said.
    assert said > (len(silent) if name in ("lstm", "gru") else 0), silent


def _stored(given: Attempt) -> str | None:
    """The text of the entry whose signature an attempt has; None if there is no such entry."""
    part = given.clues.part("near_misses")
    outputs = {number: dict(given.replies[number].outputs) for number in part.told["looked_at"]}
    for number, answer in outputs.items():
        if not is_usable(answer, given.cases[number].expected):
            return None
    found = signature_of(given.problem, given.cases, outputs)
    if found is None:
        return None
    names = part.told["outputs"]
    masks = np.array([found.masks.get(name, 0) for name in names])
    for number in np.flatnonzero((part.arrays["masks"] == masks).all(axis=1)):
        rows = part.arrays["values"][part.arrays["entry"] == number]
        values = np.stack(list(found.values.values()))
        if rows.shape == values.shape and near(given.problem, values, rows).all():
            text = part.told["texts"][int(part.arrays["text"][number])]
            return text if isinstance(text, str) else None
    return None


@pytest.mark.in_turn
@pytest.mark.parametrize("name", QUICK)
def test_nothing_that_is_right_is_said_to_be_formed_wrongly(name: str, book: Casebook) -> None:
    for _, given, wrong, observations in judged(name, book, SAMPLE):
        assert len(observations) <= 2
        for seen in observations:
            assert set(seen.outputs) <= set(wrong)
            outputs = {tensor.name for tensor in given.problem.outputs}
            if "in the work of" not in seen.text:  # there, a name is that of another function
                assert set(FORMED.findall(seen.text)) & outputs <= set(wrong), seen.text


@pytest.mark.parametrize("name", ["rnn", "lstm", "head", "gru", "gradflow", "attention"])
def test_right_code_gets_none(name: str, book: Casebook) -> None:
    for lesson, path in versions(ROOT / "tests" / "good_versions"):
        if lesson != name:
            continue
        sources = {**answers().sources, name: path.read_text(encoding="utf-8")}
        with imported(sources) as variant:
            for problem in lessons.lesson(name).problems:
                given = attempt(problem, variant, book)
                assert examine(given).near_misses == ()
                assert near_misses(given, {}) == ()


def test_two_changes_of_two_outputs_are_both_told(book: Casebook) -> None:
    """Each output is looked at by itself where no change gives all of them."""
    problem = lessons.find("rnn_step_backward")
    gotten = {}
    for _, given, wrong, observations in judged("rnn", book, 200):
        if given.problem.name == problem.name and len(wrong) == 1 and observations:
            gotten.setdefault(next(iter(wrong)), (given, observations[0].text))
    (first, (one, told)), (second, (other, told_too)) = sorted(gotten.items())[:2]
    replies = []
    for mine, yours in zip(one.replies, other.replies, strict=True):
        replies.append(Reply({**mine.outputs, second: yours.outputs[second]}))
    texts = [seen.text for seen in examine(replace(one, answers=tuple(replies))).near_misses]
    assert sorted(texts) == sorted([told, told_too])
    assert first in told and second in told_too


def test_numbers_that_no_change_gives_are_not_spoken_of(book: Casebook) -> None:
    problem = lessons.find("lstm_step_backward")
    cases = gathered(problem, [book])
    rng = np.random.default_rng(1)
    replies = []
    for case in cases.all:
        noise = {
            name: value + rng.normal(size=value.shape) for name, value in case.expected.items()
        }
        replies.append(Reply(noise))
    given = Attempt(problem, 1.0, cases.all, tuple(replies), cases.advice, clues=cases.clues)
    assert examine(given).near_misses == ()


# ------------------------------------------------------------------------------------- evidence


@pytest.mark.parametrize("wrong_cases, is_said", [(1, False), (2, False), (3, True)])
def test_a_lone_number_tells_nothing(
    wrong_cases: int, is_said: bool, book: Casebook, tmp_path: Path
) -> None:
    problem = lessons.find("perplexity")
    cases = gathered(problem, [book])
    answered = {}
    for number, case in enumerate(cases.all):
        off = 1.5 if number < wrong_cases else 1.0
        answered[number] = {name: off * value for name, value in case.expected.items()}
    assert (signature_of(problem, cases.all, answered) is not None) == is_said

    clues = handmade(problem, cases.all, answered, tmp_path)
    replies = tuple(Reply(answered[number]) for number in range(len(cases.all)))
    given = Attempt(problem, 1.0, cases.all, replies, {}, clues=clues)
    assert bool(examine(given).near_misses) == is_said


def handmade(problem: Problem, cases: object, answered: dict[int, Arrays], folder: Path) -> Clues:
    """Clues with one entry that gives these answers, whether or not they are enough to tell by."""
    (output,) = [tensor.name for tensor in problem.outputs]
    listed = list(cases)  # type: ignore[call-overload]
    mask, rows = 0, []
    for number, case in enumerate(listed):
        if not np.allclose(answered[number][output], case.expected[output]):
            mask |= 1 << number
            rows.append((number, folded(sketch(output, answered[number][output]))))
    arrays = {
        "masks": np.array([[mask]], np.uint32),
        "text": np.zeros(1, np.uint16),
        "entry": np.zeros(len(rows), np.uint16),
        "case": np.array([number for number, _ in rows], np.uint8),
        "output": np.zeros(len(rows), np.uint8),
        "values": np.array([values for _, values in rows], np.float32),
    }
    told = {
        "outputs": [output],
        "cases": [case.name for case in listed],
        "looked_at": list(range(len(listed))),
        "texts": [" it is so"],
    }
    path = folder / "handmade.safetensors"
    write_clues(path, {problem.name: {"near_misses": Part(arrays, told)}}, "now")
    return Clues(LessonClues(path), problem.name)


# ------------------------------------------------------------------------------------ the texts


def test_the_texts_have_names_that_a_student_has(frozen: Path) -> None:
    seen = 0
    for lesson, problem, part in parts(frozen):
        source = answers().sources[lesson]
        known = contract(lessons.lesson(lesson), source)
        stub = (ROOT / "assignment" / "recurrent" / f"{lesson}.py").read_text(encoding="utf-8")
        declared = {tensor.name for tensor in (*problem.takes, *problem.gives)}
        for text in _sentences(part):
            for code in re.findall(r"`([^`]*)`", text):
                for name in re.findall(r"[A-Za-z_][\w.]*", code):
                    seen += 1
                    own = known.has(name) or name in known.functions or name in NUMPY
                    assert own, f"{lesson}: {name} in {text}"
                    bare = name.removeprefix("d") if name not in declared else name
                    is_given = re.search(rf"\b({name}|{bare}|{bare}_t)\b", stub)
                    assert is_given or name in declared or name in NUMPY, (
                        f"{lesson}: {name}: {text}"
                    )
    assert seen > 1000


NUMPY = {
    "sin", "tanh", "sigmoid", "exp", "expm1", "log", "log1p", "sqrt", "square", "any", "all", "in",
    "not", "is", "keepdims", "axis", "endpoint", "side", "kind", "dtype", "tanh_of", "strict",
    "reshape", "astype", "sorted", "reverse", "key",
    "dim", "keepdim", "unbiased", "correction", "diagonal", "device",
}  # fmt: skip
"""What anybody knows who knows numpy and torch."""


def test_the_texts_are_english(frozen: Path) -> None:
    for _, _, part in parts(frozen):
        for text in _sentences(part):
            assert not re.search(r"\b(\w+) \1\b", text), text
            assert "  " not in text and "None" not in text, text
            assert text.count("`") % 2 == 0, text
            assert "{" not in text.replace("{them}", ""), text
            assert text[0] in " ," and not text.endswith((" ", ".", ",")), text
            assert not re.search(r"where [^,]* where ", text.split(", or when")[0]), text


def test_no_text_quotes_the_reference(frozen: Path) -> None:
    secret = secret_lines(SOLUTIONS, answers().misconceptions)
    texts = [text for _, _, part in parts(frozen) for text in _sentences(part)]
    # Each line is looked for in all texts at once: there are thousands of both.
    bare = "\n".join(normalised(text.replace("`", "")) for text in texts)
    assert [line for line in secret if line in bare] == []
    assert leaks(frozen / "clues", secret) == []


def test_the_leak_check_reads_the_texts(tmp_path: Path) -> None:
    secret = secret_lines(SOLUTIONS, answers().misconceptions)
    line = "next_c = f * prev_c + i * g"
    told = {"outputs": [], "cases": [], "looked_at": [], "texts": [f" where {line} is formed"]}
    write_clues(tmp_path / "lstm.safetensors", {"a": {"near_misses": Part({}, told)}}, "now")
    assert leaks(tmp_path, secret) == [f"lstm.safetensors: {normalised(line)}"]


def _sentences(part: Part) -> list[str]:
    return [text for text in part.told["texts"] if isinstance(text, str) and text]


# ----------------------------------------------------------------------------------- the build


def test_what_is_unchanged_is_not_run_again(
    book: Casebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    run = Bench.run
    monkeypatch.setattr(Bench, "run", lambda *given: runs.append(1) or run(*given))
    lesson, cases = lessons.lesson("head"), book.lesson("head").cases
    path = tmp_path / "head.safetensors"
    first = building.near_misses(answers(), lesson, cases, LessonClues(path))
    count = len(runs)
    write_clues(path, {name: {"near_misses": part} for name, part in first.items()}, "now")
    again = building.near_misses(answers(), lesson, cases, LessonClues(path))
    assert count > 100 and len(runs) - count < count / 3
    for name, part in first.items():
        assert again[name].told == part.told
        for key, array in part.arrays.items():
            np.testing.assert_array_equal(again[name].arrays[key], array)


def test_a_change_that_does_not_end_has_no_signature(
    book: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "HANG_SECONDS", 0.05)
    problem = lessons.find("rnn_step_forward")
    bench = Bench(problem, book.lesson("rnn").cases_of(problem), torch=False)
    endless = "def rnn_step_forward(*given):\n    while True:\n        pass\n"
    with imported(answers().sources) as reference:
        module = reference.module("rnn")
        original = module.rnn_step_forward
        with standing_in(module, "rnn_step_forward", endless):
            assert bench.run(reference) is None
        assert module.rnn_step_forward is original
        assert bench.run(reference) is None, "the truth has no signature"


def test_words_speak_of_the_tree_as_it_was(book: Casebook) -> None:
    """Every change of a lesson parses, and is another text than the reference."""
    lesson = lessons.lesson("head")
    source = answers().sources["head"]
    tops = {
        node.name: ast.unparse(node) for node in ast.parse(source).body if hasattr(node, "name")
    }
    scopes = surveyed("head", book).scopes
    for changed in changes(answers(), lesson, scopes, which_pairs="known"):
        ast.parse(changed.text)
        assert changed.text != tops[changed.top]
