"""Lesson 9: the loss against autograd, the sampling contract clause by clause, BLEU against a table
of known values.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from autograder.authoring.casebook.draw import draw_cases
from autograder.lessons import find
from autograder.lessons.captioning import SMALLEST_BLEU, bleu_properties
from solutions.recurrent import captioning

WORDS = {"<NULL>": 3, "<START>": 0, "<END>": 5, "a": 1, "dog": 2, "cat": 4, "runs": 6}


def model_and_data(cell: str):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(0)
    model = captioning.CaptioningRNN(
        WORDS, input_dim=3, wordvec_dim=4, hidden_dim=5, cell_type=cell
    )
    for name in model.params:
        model.params[name] = rng.normal(size=model.params[name].shape)
    captions = np.array([[0, 1, 2, 6, 5], [0, 4, 5, 3, 3]])
    return model, rng.normal(size=(2, 3)), captions


def torch_states(cell: str, x, h, Wx, Wh, b):  # type: ignore[no-untyped-def]
    states, c = [], torch.zeros_like(h)
    for t in range(x.shape[1]):
        if cell == "rnn":
            h = torch.tanh(x[:, t] @ Wx + h @ Wh + b)
        elif cell == "lstm":
            i, f, o, g = (x[:, t] @ Wx + h @ Wh + b).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        else:
            xz, xr, xn = (x[:, t] @ Wx + b).chunk(3, dim=1)
            Uz, Ur, Un = Wh.chunk(3, dim=1)
            z, r = torch.sigmoid(xz + h @ Uz), torch.sigmoid(xr + h @ Ur)
            h = (1 - z) * h + z * torch.tanh(xn + (r * h) @ Un)
        states.append(h)
    return torch.stack(states, dim=1)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_loss_and_gradients_are_autograds(cell: str) -> None:
    model, features, captions = model_and_data(cell)
    p = {name: torch.tensor(value, requires_grad=True) for name, value in model.params.items()}
    h0 = torch.tensor(features) @ p["W_proj"] + p["b_proj"]
    states = torch_states(
        cell, p["W_embed"][torch.tensor(captions[:, :-1])], h0, p["Wx"], p["Wh"], p["b"]
    )
    scores = (states @ p["W_vocab"] + p["b_vocab"]).reshape(-1, len(WORDS))
    targets = torch.tensor(captions[:, 1:].ravel())
    expected = (
        torch.nn.functional.cross_entropy(
            scores, targets, ignore_index=WORDS["<NULL>"], reduction="sum"
        )
        / 2
    )
    expected.backward()
    loss, grads = model.loss(features, captions)
    assert loss == pytest.approx(expected.item())
    assert grads.keys() == model.params.keys()
    for name, got in grads.items():
        np.testing.assert_allclose(got, p[name].grad.numpy(), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_sampling_keeps_its_contract(cell: str) -> None:
    model, _, _ = model_and_data(cell)
    rng = np.random.default_rng(1)
    features, ended = rng.normal(size=(40, 3)), 0
    for _ in range(20):  # a network with large weights wanders; some of them come by <END>
        for name in model.params:
            model.params[name] = 2 * rng.normal(size=model.params[name].shape)
        ended += check_contract(model, features)
    assert 0 < ended < 800, "some captions end and some do not, or this test sees nothing"


def check_contract(model: captioning.CaptioningRNN, features: np.ndarray) -> int:
    """Every clause of the contract; how many captions ended."""
    captions = model.sample(features, 9)
    assert captions.shape == (40, 9) and captions.dtype.kind == "i"
    ended = 0
    for row in captions.tolist():
        if WORDS["<END>"] in row:
            ended += 1
            assert set(row[row.index(WORDS["<END>"]) + 1 :]) <= {WORDS["<NULL>"]}
    np.testing.assert_array_equal(model.sample(features, 4), captions[:, :4])
    np.testing.assert_array_equal(model.sample(features[7:8], 9), captions[7:8])
    return ended


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_each_word_said_is_the_likeliest_after_those_before_it(cell: str) -> None:
    """Teacher forcing on the model's own caption: asking for any other word costs more."""
    model, features, _ = model_and_data(cell)
    said = model.sample(features[:1], 5)[0]
    length = list(said).index(5) + 1 if 5 in said else 5
    for t in range(length):
        start = [WORDS["<START>"], *said[:t]]
        costs = []
        for word in range(len(WORDS)):
            model.null = -1  # count every word, <NULL> too
            costs.append(model.loss(features[:1], np.array([[*start, word]]))[0])
        assert int(np.argmin(costs)) == said[t]


def split(*texts: str) -> list[list[str]]:
    return [text.split() for text in texts]


@pytest.mark.parametrize(
    ("candidates", "references", "max_n", "bleu"),
    [
        (["the cat sat on the mat"], [["the cat sat on the mat"]], 4, 1.0),
        # clipped; longer than the reference, no penalty
        (["the the the"], [["the cat"]], 1, 1 / 3),
        (["the cat"], [["the cat sat on the mat"]], 2, math.exp(1 - 6 / 2)),  # only short
        (["a b c d"], [["a b x d"]], 2, math.sqrt(3 / 4 * 1 / 3)),  # a geometric mean
        (["a b"], [["b a"]], 2, 0.0),  # no pair matches
        (["a"], [["a"]], 2, 0.0),  # there is no pair at all
        # two equally near references: the shorter counts, 3 > 2
        (["a b c"], [["a b c d", "a b"]], 1, 1.0),
        # one corpus, not a mean of sentences
        (["a b", "c d e f"], [["a b"], ["c d x x"]], 1, 4 / 6),
        # as often as in the reference that has it most often
        (["the the"], [["the", "the the the"]], 1, 1.0),
        ([""], [["a"]], 1, 0.0),  # nothing written
    ],
)
def test_bleu_of_captions_worked_out_by_hand(
    candidates: list[str], references: list[list[str]], max_n: int, bleu: float
) -> None:
    got = captioning.corpus_bleu(split(*candidates), [split(*refs) for refs in references], max_n)
    assert got == pytest.approx(bleu)


@pytest.mark.parametrize(
    ("score", "holds"), [(0.0, True), (1e-9, False), (-1e-9, False), (1e-300, False), (0.02, True)]
)
def test_a_small_number_does_not_pass_for_zero(score, holds):
    """What counts as equal lets 4e-7 pass for zero; a smoothed BLEU is smaller than that."""
    answers = {"bleu": np.array(0.5), "bleu_up_to_pairs": np.array(score)}
    assert bleu_properties({}, answers)["no_small_number_stands_for_zero"] == holds


def test_no_case_has_a_bleu_so_small_that_it_would_be_taken_for_a_smoothed_zero():
    for seed in range(10):
        for hidden in (False, True):
            for _, _, inputs in draw_cases(find("corpus_bleu"), seed, hidden):
                outputs = find("corpus_bleu").probe(captioning, **inputs)
                assert all(score == 0 or score > 100 * SMALLEST_BLEU for score in outputs.values())
