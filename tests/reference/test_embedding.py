"""Lesson 8 against torch's autograd and against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from autograder.authoring.casebook.draw import draw_cases
from autograder.lessons import find
from solutions.recurrent import embedding

RNG = np.random.default_rng(0)


def leaves(**arrays: np.ndarray) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(value, requires_grad=True) for name, value in arrays.items()}


def test_a_lookup_is_a_product_with_one_hot_vectors_forward_and_backward() -> None:
    W, x, dout = RNG.normal(size=(6, 4)), RNG.integers(6, size=(3, 5)), RNG.normal(size=(3, 5, 4))
    table = torch.tensor(W, requires_grad=True)
    expected = torch.nn.functional.one_hot(torch.tensor(x), 6).double() @ table
    expected.backward(torch.tensor(dout))
    out, cache = embedding.word_embedding_forward(x, W)
    np.testing.assert_allclose(out, expected.detach().numpy())
    np.testing.assert_allclose(embedding.word_embedding_backward(dout, cache), table.grad.numpy())


@pytest.mark.parametrize("window", [1, 2, 4])
def test_neighbours_are_counted_as_one_would_by_hand(window: int) -> None:
    ids = RNG.integers(3, size=11)
    expected = np.zeros((3, 3))
    for s, t in itertools.permutations(range(len(ids)), 2):
        expected[ids[s], ids[t]] += abs(s - t) <= window
    C = embedding.cooccurrence(ids, 3, window)
    np.testing.assert_array_equal(C, expected)
    np.testing.assert_array_equal(C, C.T)


def test_the_bigram_model_is_torchs() -> None:
    params = dict(
        E=RNG.normal(size=(5, 3)),
        W1=RNG.normal(size=(3, 4)),
        b1=RNG.normal(size=4),
        W2=RNG.normal(size=(4, 5)),
        b2=RNG.normal(size=5),
    )
    words, targets = RNG.integers(5, size=(2, 8))
    t = leaves(**params)
    scores = torch.tanh(t["E"][torch.tensor(words)] @ t["W1"] + t["b1"]) @ t["W2"] + t["b2"]
    expected = torch.nn.functional.cross_entropy(scores, torch.tensor(targets))
    expected.backward()
    loss, grads = embedding.bigram_lm_loss(params, words, targets)
    assert loss == pytest.approx(expected.item())
    for name, got in grads.items():
        np.testing.assert_allclose(got, t[name].grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 50.0])
def test_both_skip_gram_losses_are_torchs(scale: float) -> None:
    centers, outsides = RNG.normal(size=(2, 6, 3)) * scale
    t = leaves(centers=centers, outsides=outsides)
    outside = np.array([1, 4, 1])
    scores = t["outsides"] @ t["centers"][2]
    expected = -torch.log_softmax(scores, dim=0)[torch.tensor(outside)].sum()
    expected.backward()
    loss, dcenters, doutsides = embedding.skipgram_softmax_loss(2, outside, centers, outsides)
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(dcenters, t["centers"].grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(doutsides, t["outsides"].grad.numpy(), atol=1e-10)

    t, negatives = leaves(centers=centers, outsides=outsides), np.array([0, 3, 0])
    v, sigma = t["centers"][2], torch.nn.functional.logsigmoid
    expected = (
        -sigma(t["outsides"][1] @ v) - sigma(-t["outsides"][torch.tensor(negatives)] @ v).sum()
    )
    expected.backward()
    loss, dcenters, doutsides = embedding.skipgram_negative_loss(2, 1, negatives, centers, outsides)
    assert loss == pytest.approx(expected.item())
    np.testing.assert_allclose(dcenters, t["centers"].grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(doutsides, t["outsides"].grad.numpy(), atol=1e-10)


def test_neighbours_by_angle_and_analogies_without_the_question() -> None:
    E = np.array([[1.0, 0.0], [10.0, 1.0], [0.0, 3.0], [-1.0, 0.0]])
    np.testing.assert_array_equal(embedding.nearest(np.array([2.0, 0.0]), E, 3), [0, 1, 2])
    man, woman, king = np.array([1.0, 0, 0.2]), np.array([0, 1.0, 0.2]), np.array([1.0, 0, 5])
    words = np.stack([man, king, woman, woman + king - man, np.array([0.3, -1, 0.1])])
    assert embedding.analogy(words * RNG.uniform(0.5, 5, size=(5, 1)), 0, 1, 2) == 3


def test_known_rows_are_kept_and_the_others_are_as_widely_spread() -> None:
    vectors = RNG.normal(0, 3, size=(2000, 5))
    known = np.arange(2000) % 2 == 0
    E = embedding.init_embedding(known, vectors, np.random.default_rng(1))
    np.testing.assert_array_equal(E[known], vectors[known])
    assert E[~known].std() == pytest.approx(3, rel=0.05)
    assert E is not vectors


def test_the_recurrent_language_model_is_torchs() -> None:
    C, H, N, T = 6, 4, 3, 5
    params = dict(
        U=RNG.normal(size=(C, H)),
        W=RNG.normal(size=(H, H)),
        b=RNG.normal(size=H),
        V=RNG.normal(size=(H, C)),
    )
    ids, s0 = RNG.integers(C, size=(N, T + 1)), RNG.normal(size=(N, H))
    t = leaves(**params)
    s, expected = torch.tensor(s0), torch.zeros(())
    for step in range(T):
        s = torch.tanh(t["U"][torch.tensor(ids[:, step])] + s @ t["W"] + t["b"])
        expected = expected + torch.nn.functional.cross_entropy(
            s @ t["V"], torch.tensor(ids[:, step + 1])
        )
    expected.backward()
    loss, grads = embedding.rnnlm_loss(params, ids, s0)
    assert loss == pytest.approx(expected.item())
    for name, got in grads.items():
        np.testing.assert_allclose(got, t[name].grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("hidden", [False, True])
def test_no_two_words_are_equally_near_in_any_case_of_analogy(hidden: bool) -> None:
    """As its docstring promises: nobody has to think of ties there."""
    assert "No two words are equally near." in str(embedding.analogy.__doc__)
    for seed in range(40):
        for name, _, inputs in draw_cases(find("analogy"), seed, hidden):
            unit = inputs["E"] / np.linalg.norm(inputs["E"], axis=1, keepdims=True)
            for a, b, c in inputs["questions"]:
                cosine = np.delete(unit @ (unit[b] - unit[a] + unit[c]), [a, b, c])
                if len(cosine) > 1:
                    second, first = np.sort(cosine)[-2:]
                    assert first - second > 1e-5, (seed, name)


def test_a_pattern_is_a_sum_over_the_parts_that_are_there() -> None:
    present, table = RNG.random(size=(7, 5)) < 0.5, RNG.normal(size=(5, 3))
    present[2] = False
    expected = np.zeros((7, 3))
    for n, p in itertools.product(range(7), range(5)):
        if present[n, p]:
            expected[n] += table[p]
    np.testing.assert_allclose(embedding.compose(present, table), expected)


def test_the_lectures_toy_has_one_pattern_and_two_meanings() -> None:
    """Locally the units are VR, HR, VE, HE; in the distributed code they are V, H, R, E."""
    slide = np.array([[True, True, False, True]])
    np.testing.assert_array_equal(embedding.compose(slide, np.eye(4)), [[1, 1, 0, 1]])
    V, H, R, E = np.eye(4)
    things = {"VR": V + R, "HR": H + R, "VE": V + E, "HE": H + E}
    # of the four things, the ellipses are nearest to V + H + E, and equally near
    order = embedding.nearest(V + H + E, np.stack(list(things.values())), 4)
    np.testing.assert_array_equal(order, [2, 3, 0, 1])


@pytest.mark.parametrize("choices", [[2, 2], [3], [1, 4], [3, 1, 2], [2, 2, 2], [3, 4]])
def test_things_and_pairs_are_counted_as_one_would_by_hand(choices: list[int]) -> None:
    """All patterns are written down, and the different ones counted."""
    units = sum(choices)
    first = np.cumsum([0, *choices[:-1]])
    combinations = itertools.product(*(range(values) for values in choices))
    distributed = [np.eye(units)[first + np.array(values)].sum(axis=0) for values in combinations]
    local, found = embedding.concepts_expressible(np.array(choices))
    np.testing.assert_array_equal(local, counted(np.eye(units)))
    np.testing.assert_array_equal(found, counted(np.stack(distributed)))


def counted(patterns: np.ndarray) -> list[int]:
    """How many different patterns there are, and how many different sums of two of them."""
    pairs = itertools.combinations_with_replacement(patterns, 2)
    sums = {tuple(one + other) for one, other in pairs}
    return [len({tuple(pattern) for pattern in patterns}), len(sums)]
