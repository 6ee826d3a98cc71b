"""The stand-in for the sandbox answers as the worker does: the same arrays, the same faults."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.grade import Grader, casebooks
from autograder.problem import Case, Problem, Reply
from autograder.sandbox import Limits, Sandbox
from autograder.settings import thaw
from tests.submissions import REFERENCE, submission

NUMPY = [lesson.name for lesson in lessons.all_lessons() if lesson.backend == "numpy"]
CODED = [name for name in NUMPY if not lessons.lesson(name).asks]


def both(
    text: dict[str, str], problem: Problem, cases: list[Case], folder: Path
) -> list[tuple[Reply, Reply]]:
    """Each case's reply from the worker and from the stand-in."""
    package = submission(folder, files=text) / "recurrent"
    with (
        Sandbox(Limits()) as box,
        imported({**REFERENCE, **text}) as variant,
        box.session(problem, package.parent) as real,
        InProcess(variant).session(problem) as stand_in,
    ):
        replies = []
        for case in cases:
            replies.append((real.call(problem, case.inputs), stand_in.call(problem, case.inputs)))
        return replies


def same(real: Reply, stand_in: Reply) -> None:
    assert (real.fault is None) == (stand_in.fault is None), (real.fault, stand_in.fault)
    if real.fault is not None and stand_in.fault is not None:
        for part in ("kind", "error", "text", "phase"):
            assert getattr(real.fault, part) == getattr(stand_in.fault, part)
    assert real.outputs.keys() == stand_in.outputs.keys()
    for name, array in real.outputs.items():
        assert array.dtype == stand_in.outputs[name].dtype
        # In the worker the arrays lie elsewhere in memory, and BLAS may add in another order.
        np.testing.assert_allclose(array, stand_in.outputs[name], rtol=1e-12, atol=1e-14)
    assert real.changed == stand_in.changed and real.odd.keys() == stand_in.odd.keys()


@pytest.mark.parametrize("lesson", CODED)
def test_the_reference_gives_the_same_in_both(lesson: str, frozen: Path, tmp_path: Path) -> None:
    problem = lessons.lesson(lesson).problems[0]
    cases = list(casebooks(frozen)[0].lesson(lesson).cases[problem.name])
    for real, stand_in in both({}, problem, cases, tmp_path):
        assert real.fault is None
        same(real, stand_in)


@pytest.mark.parametrize(
    "old, new",
    [
        ("next_h = np.tanh(a)", "raise NotImplementedError('to do')"),
        ("next_h = np.tanh(a)", "next_h = 1 / 0"),
        ("next_h = np.tanh(a)", "raise ValueError('two\\nlines' * 100)"),
        ("next_h = np.tanh(a)", "next_h = np.tanh(a.T)[:, :, None]"),
        ("next_h = np.tanh(a)", "next_h = None"),
        ("next_h = np.tanh(a)", "next_h = 'text'"),
        ("next_h = np.tanh(a)", "next_h = [[1.0, 2.0]]"),
        ("next_h = np.tanh(a)", "x *= 0\n    next_h = np.tanh(a)"),
        (
            "return next_h, cache\n\n\ndef rnn_step_backward",
            "return next_h\n\n\ndef rnn_step_backward",
        ),
    ],
)
def test_what_goes_wrong_goes_wrong_alike(old: str, new: str, frozen: Path, tmp_path: Path) -> None:
    problem = lessons.find("rnn_step_forward")
    assert old in REFERENCE["rnn"]
    text = {"rnn": REFERENCE["rnn"].replace(old, new, 1)}
    cases = list(casebooks(frozen)[0].lesson("rnn").cases[problem.name])
    for real, stand_in in both(text, problem, cases, tmp_path):
        same(real, stand_in)


def test_standard_output_is_given_back(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Probes take it away while they run; several at once would take it from one another."""
    texts, problems = dict(REFERENCE), []
    for name in ("rnn", "head", "lstm", "gru"):
        texts[name] = texts[name].replace("@", "*")
        problems += lessons.lesson(name).problems
    printing, often = sys.stdout, sys.getswitchinterval()
    monkeypatch.setattr(sys, "stdout", printing)  # so that it is put back whatever happens
    sys.setswitchinterval(1e-6)  # threads would change places within every probe
    with imported(texts) as variant:
        course, books = thaw(frozen / "course.json"), casebooks(frozen)
        for _ in range(6):
            Grader(Path(), course, books, InProcess(variant), asks=False).sit(problems)
    sys.setswitchinterval(often)
    assert sys.stdout is printing


@pytest.mark.parametrize(
    ("wrong", "tanh"),
    [
        ("rnn_step_backward", "np.tanh"),
        ("lstm_step_forward", "np.tanh(next_c)"),  # and not that of the given sigmoid
        ("gru_backward", "np.tanh"),
    ],
)
def test_code_that_is_not_asked_about_its_answers_has_the_same_points(
    wrong: str, tanh: str, frozen: Path
) -> None:
    """Only sentences are missing where a grader asks nothing: the proof may leave that out."""
    problem = lessons.find(wrong)
    text = REFERENCE[problem.lesson].replace(tanh, tanh.replace("tanh", "sin"))
    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    with imported({**REFERENCE, problem.lesson: text}) as variant:
        asked, unasked = (
            Grader(Path(), course, books, InProcess(variant), asks=asks).result(problem)
            for asks in (True, False)
        )
    assert asked.verdict.status != "passed"
    assert asked.decision == unasked.decision
    assert asked.verdict.score == unasked.verdict.score
    missing = set(asked.verdict.findings) - set(unasked.verdict.findings)
    assert set(unasked.verdict.findings) <= set(asked.verdict.findings)
    # Of a wrong backward pass, something is always asked: whether it fits its own forward pass.
    assert ("gradients" in {finding.layer for finding in missing}) == bool(problem.gradient_of)
