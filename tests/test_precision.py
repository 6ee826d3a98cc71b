"""The reference keeps the precision of its inputs: what goes in as float32 comes out as float32."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import Variant, imported
from autograder.problem import Arrays, Problem
from solutions.recurrent import cells, embedding, gradflow, rnn
from solutions.recurrent.charlm import next_probs
from tests.conftest import ROOT

PROBLEMS = [
    problem
    for lesson in lessons.all_lessons()
    if lesson.backend == "numpy" and not lesson.asks
    for problem in lesson.problems
]

EXCEPTIONS = {
    "temporal_softmax_loss.loss_padding_moved": "the probe moves the scores, in float64",
    "temporal_softmax_loss.loss_words_moved": "the probe moves the scores, in float64",
    "perplexity.perplexity": "a lone number: a sum divided by a count, a whole number of numpy's",
    "bits_per_char.bits": "a lone number: a sum divided by a count, a whole number of numpy's",
    "learns_hello.log_probs": "made from counts, which are whole numbers",
    "learns_hello.nats": "losses are lone numbers, which the probe reads as Python's",
    "clip_grad_norm.dWx": "the probe reads it as float64, whatever the dictionary holds",
    "clip_grad_norm.dWh": "the probe reads it as float64, whatever the dictionary holds",
    "clip_grad_norm.db": "the probe reads it as float64, whatever the dictionary holds",
    "init_lstm.Wx": "drawn, and rng.normal draws in float64",
    "init_lstm.Wh": "drawn, and rng.normal draws in float64",
    "init_lstm.b": "forget_bias is a number of Python's: b is as precise as what is drawn",
    "teacher_forcing_rate.rates": "made from steps, which are whole numbers",
    "expand.totals": "scores are lone numbers, and the probe hands them over as Python's",
    "rank.ranked_scores": "scores are lone numbers, and the probe hands them over as Python's",
    "beam_search.scores": "scores are lone numbers, which the probe reads as Python's",
    "beam_search_limits.wide_scores": "scores are lone numbers, which the probe reads as Python's",
    "beam_search_limits.rescored": "scores are lone numbers, which the probe reads as Python's",
}
"""`problem.output` -> why it is float64 all the same."""


def in_float32(inputs: Arrays) -> Arrays:
    """The inputs, real numbers in float32; whole numbers and booleans stay."""
    return {
        name: value.astype(np.float32) if value.dtype.kind == "f" else value
        for name, value in inputs.items()
    }


def wider_outputs(problem: Problem, variant: Variant) -> set[str]:
    """`problem.output` for every real output that is not float32, in any public case."""
    wider = set()
    for _, _, inputs in draw_cases(problem, seed=7, hidden=False):
        given = in_float32(inputs)
        if not any(value.dtype.kind == "f" for value in given.values()):
            continue  # nothing real goes in: there is no precision to keep
        with np.errstate(all="ignore"):
            outputs = problem.probe(variant.module(problem.lesson), **given)
        for name, value in outputs.items():
            dtype = np.asarray(value).dtype
            if dtype.kind == "f" and dtype != np.float32:
                wider.add(f"{problem.name}.{name}")
    return wider


@pytest.fixture(scope="module")
def reference() -> Iterator[Variant]:
    with imported(load_answers(ROOT / "solutions").sources) as variant:
        yield variant


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_float32_goes_in_and_comes_out(problem: Problem, reference: Variant) -> None:
    excused = {name for name in EXCEPTIONS if name.startswith(f"{problem.name}.")}
    assert wider_outputs(problem, reference) == excused


@pytest.mark.parametrize(
    ("lesson", "by_old", "problem"),
    [
        ("rnn", ("np.result_type(x, h0, Wx, 1.0)", "float"), "rnn_forward"),
        ("lstm", ("np.zeros_like(Wx)", "np.zeros(Wx.shape)"), "lstm_backward"),
        ("lstm", ("np.eye(H, dtype=f.dtype)", "np.eye(H)"), "cell_jacobian"),
    ],
)
def test_a_buffer_of_float64_is_found(lesson: str, by_old: tuple[str, str], problem: str) -> None:
    sources = dict(load_answers(ROOT / "solutions").sources)
    assert by_old[0] in sources[lesson]
    sources[lesson] = sources[lesson].replace(*by_old)
    with imported(sources) as variant:
        assert wider_outputs(lessons.find(problem), variant)


# --------------------------------------------------- whole numbers, which a buffer would cut off


def test_whole_numbers_become_real_ones() -> None:
    """A result takes over the precision of its inputs, not that they are whole numbers."""
    one = np.ones((1, 2, 2), int)
    h, _ = rnn.rnn_forward(one, one[:, 0], one[0], one[0], one[0, 0])
    np.testing.assert_allclose(h[:, 0], np.tanh(5.0))
    norms = gradflow.gradient_norms(one[:, 0], np.tanh(one), one[0])
    assert norms[-1] == pytest.approx(np.sqrt(2))
    np.testing.assert_allclose(next_probs(np.array([[0, 0, 0, 0]])), 0.25)
    drawn = embedding.init_embedding(
        np.array([True, False]), np.array([[1, 3], [0, 0]]), np.random.default_rng(0)
    )
    expected = np.random.default_rng(0).normal(0, 1, size=(1, 2))
    np.testing.assert_allclose(drawn, np.concatenate([[[1, 3]], expected]))
    Wx = np.array([[-40, 40, 0, 0], [40, -40, 0, 40], [40, -40, 0, 0]])
    traces = cells.cell_traces(np.array([0, 1, 0]), Wx, np.zeros((1, 4), int), np.zeros(4, int))
    np.testing.assert_allclose(traces[:, 0], [0, np.tanh(1.0), np.tanh(1.0)])
