"""Lesson 3 against torch and brute force, and what its docstrings promise."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from autograder.lessons import charlm as declared
from solutions.recurrent import charlm, head

HELLO = np.array([0, 1, 2, 2, 3])  # h, e, l, o
FLOOR = 2 * np.log(2) / 4


def drawn_params(
    rng: np.random.Generator, V: int, H: int, scale: float = 0.7
) -> dict[str, np.ndarray]:
    shapes = {"Wx": (V, H), "Wh": (H, H), "b": H, "Why": (H, V), "by": V}
    return {name: rng.normal(scale=scale, size=shape) for name, shape in shapes.items()}


# ------------------------------------------------------------------------------------------ one-hot


@pytest.mark.parametrize("shape", [(), (4,), (3, 4), (2, 1, 3), (0,)])
def test_one_hot_is_torchs_for_ids_of_any_shape(shape: tuple[int, ...]) -> None:
    ids = np.random.default_rng(0).integers(5, size=shape)
    expected = torch.nn.functional.one_hot(torch.tensor(ids), 5).numpy()
    got = charlm.one_hot(ids, 5)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype.kind == "f"


@pytest.mark.parametrize("ids", [[0, -1, 2], [[4], [5]], [9], -3])
def test_ids_outside_the_vocabulary_are_refused_in_one_sentence(ids: object) -> None:
    with pytest.raises(
        ValueError, match="with a vocabulary of 5, ids count from 0 and stay below 5"
    ):
        charlm.one_hot(np.array(ids), 5)


# ------------------------------------------------------------------------------------------ bigrams


@pytest.mark.parametrize("V", [3, 6])
def test_bigrams_are_relative_frequencies(V: int) -> None:
    ids = np.random.default_rng(1).integers(V, size=60)
    pairs, firsts = (
        Counter(zip(ids[:-1].tolist(), ids[1:].tolist(), strict=True)),
        Counter(ids[:-1].tolist()),
    )
    expected = [[pairs[i, j] / firsts[i] for j in range(V)] for i in range(V)]
    np.testing.assert_allclose(np.exp(charlm.bigram_log_probs(ids, V)), expected)


def test_hellos_bigrams_and_their_floor() -> None:
    log_probs = charlm.bigram_log_probs(HELLO, 4)
    expected = [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0.5, 0.5], [0.25] * 4]  # nothing ever follows o
    np.testing.assert_allclose(np.exp(log_probs), expected)
    assert log_probs[0, 0] == -np.inf
    assert -log_probs[HELLO[:-1], HELLO[1:]].mean() == pytest.approx(FLOOR)


def test_a_text_without_pairs_says_nothing() -> None:
    np.testing.assert_allclose(
        charlm.bigram_log_probs(np.array([1]), 3), np.full((3, 3), -np.log(3))
    )


def test_no_other_bigram_model_does_better_on_the_text() -> None:
    """The closed form is where gradient descent on the bigram model's loss would end."""
    rng = np.random.default_rng(2)
    ids = rng.integers(4, size=50)
    best = charlm.bigram_log_probs(ids, 4)
    for _ in range(50):
        other = np.log(rng.dirichlet(np.full(4, 5.0), size=4))
        assert other[ids[:-1], ids[1:]].sum() < best[ids[:-1], ids[1:]].sum()


# ------------------------------------------------------------------------------ the recurrent model


@pytest.mark.parametrize(
    ("N", "T", "V", "H"), [(3, 5, 4, 6), (1, 1, 2, 3), (4, 7, 6, 2), (2, 3, 5, 1)]
)
def test_loss_gradients_and_last_state_are_torchs(N: int, T: int, V: int, H: int) -> None:
    rng = np.random.default_rng(3)
    params, h0, ids = (
        drawn_params(rng, V, H),
        rng.normal(size=(N, H)),
        rng.integers(V, size=(N, T + 1)),
    )
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    rnn = torch.nn.RNN(V, H, batch_first=True, dtype=torch.float64)
    weights = {
        "weight_ih_l0": tensors["Wx"].T,
        "weight_hh_l0": tensors["Wh"].T,
        "bias_ih_l0": tensors["b"],
        "bias_hh_l0": torch.zeros(H, dtype=torch.float64),
    }
    x = torch.nn.functional.one_hot(torch.tensor(ids[:, :-1]), V).double()
    h, last = torch.func.functional_call(rnn, weights, (x, torch.tensor(h0)[None]))
    scores = h @ tensors["Why"] + tensors["by"]
    targets = torch.tensor(ids[:, 1:])
    expected = (
        torch.nn.functional.cross_entropy(
            scores.reshape(-1, V), targets.reshape(-1), reduction="sum"
        )
        / N
    )
    expected.backward()
    loss, grads, hT = charlm.charlm_loss(params, ids, h0)
    assert loss == pytest.approx(expected.item())
    assert grads.keys() == params.keys()
    for name, tensor in tensors.items():
        np.testing.assert_allclose(grads[name], tensor.grad.numpy(), atol=1e-12, err_msg=name)
    np.testing.assert_allclose(hT, last[0].detach().numpy())


def test_a_text_read_in_chunks_is_the_text_read_at_once() -> None:
    rng = np.random.default_rng(4)
    params, h0, ids = (
        drawn_params(rng, 5, 4),
        rng.normal(size=(2, 4)),
        rng.integers(5, size=(2, 10)),
    )
    whole, _, end = charlm.charlm_loss(params, ids, h0)
    first, _, middle = charlm.charlm_loss(params, ids[:, :5], h0)
    second, _, end_of_second = charlm.charlm_loss(params, ids[:, 4:], middle)
    assert first + second == pytest.approx(whole)
    np.testing.assert_allclose(end_of_second, end)


def test_arguments_are_left_alone() -> None:
    rng = np.random.default_rng(5)
    params, h0, ids, u = (
        drawn_params(rng, 4, 3),
        rng.normal(size=(1, 3)),
        rng.integers(4, size=(1, 6)),
        rng.random(4),
    )
    logits = rng.normal(size=(2, 4))
    given = [*params.values(), h0, ids, u, logits]
    before = [array.copy() for array in given]
    charlm.charlm_loss(params, ids, h0)
    charlm.sample(params, h0, 1, u)
    charlm.next_probs(logits, 0.5, 2)
    charlm.bigram_log_probs(ids[0], 4)
    for array, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, old)


# ------------------------------------------------------------------------------------------ drawing


@pytest.mark.parametrize("temperature", [1e-3, 0.3, 1.0, 5.0])
@pytest.mark.parametrize("height", [-1500.0, 0.0, 1000.0])
def test_temperature_is_torchs_softmax_of_divided_scores(temperature: float, height: float) -> None:
    logits = np.random.default_rng(6).normal(size=(3, 6)) + height
    expected = torch.softmax(torch.tensor(logits) / temperature, dim=1).numpy()
    np.testing.assert_allclose(
        charlm.next_probs(logits, temperature), expected, rtol=1e-8, atol=1e-12
    )


@pytest.mark.parametrize("k", [1, 2, 5, 6, 40])
def test_top_k_keeps_exactly_k_and_their_proportions(k: int) -> None:
    logits = np.random.default_rng(7).normal(size=(4, 6))
    everything, cut = charlm.next_probs(logits, 0.7), charlm.next_probs(logits, 0.7, k)
    np.testing.assert_allclose(cut.sum(axis=1), 1)
    for row, kept in zip(everything, cut, strict=True):
        largest = np.sort(np.argsort(row)[-k:])
        np.testing.assert_array_equal(np.flatnonzero(kept), largest)
        np.testing.assert_allclose(kept[largest], row[largest] / row[largest].sum())


def test_among_equal_scores_the_lower_index_goes_first() -> None:
    logits = np.array([[2.0, 1.0, 2.0, 2.0], [1.0, 1.0, 1.0, 1.0], [0.0, 3.0, 0.0, 3.0]])
    half = [[0.5, 0, 0.5, 0], [0.5, 0.5, 0, 0], [0, 0.5, 0, 0.5]]
    np.testing.assert_allclose(charlm.next_probs(logits, 1.0, 2), half)


@pytest.mark.parametrize(("temperature", "top_k"), [(0.0, None), (-1.0, None), (1.0, 0), (1.0, -2)])
def test_bad_settings_are_refused(temperature: float, top_k: int | None) -> None:
    with pytest.raises(
        ValueError, match=r"^(temperature must be above 0|top_k must be at least 1)"
    ):
        charlm.next_probs(np.zeros((1, 3)), temperature, top_k)


def test_a_written_text_follows_the_three_steps_of_the_docstring() -> None:
    rng = np.random.default_rng(8)
    params, h0, u = drawn_params(rng, 5, 4, 1.2), rng.normal(size=(1, 4)), rng.random(40)
    got = charlm.sample(params, h0, 3, u)
    h, read = h0[0], 3
    for t in range(40):
        h = np.tanh(params["Wx"][read] + h @ params["Wh"] + params["b"])
        p = torch.softmax(torch.tensor(h @ params["Why"] + params["by"]), dim=0).numpy()
        read = next(j for j in range(5) if u[t] < sum(p[: j + 1]))
        assert got[t] == read


def test_characters_come_as_often_as_they_are_probable() -> None:
    rng = np.random.default_rng(9)
    params, h0 = drawn_params(rng, 4, 3), rng.normal(size=(1, 3))
    # evenly spread, so that a frequency is off by 1/1000 at most
    draws = (np.arange(1000) + 0.5) / 1000
    often = (
        np.bincount([charlm.sample(params, h0, 2, np.array([u]))[0] for u in draws], minlength=4)
        / 1000
    )
    _, _, h = charlm.charlm_loss(params, np.array([[2, 0]]), h0)
    p = charlm.next_probs(h @ params["Why"] + params["by"])[0]
    np.testing.assert_allclose(often, p, atol=1.1e-3)


def test_a_draw_that_rounding_leaves_above_all_sums_is_the_last_character() -> None:
    params = {
        name: np.zeros_like(value)
        for name, value in drawn_params(np.random.default_rng(0), 10, 2).items()
    }
    assert np.cumsum(np.full(10, 0.1))[-1] <= np.nextafter(1, 0), (
        "otherwise this test tests nothing"
    )
    np.testing.assert_array_equal(
        charlm.sample(params, np.zeros((1, 2)), 0, np.array([np.nextafter(1, 0), 0.0])), [9, 0]
    )


# -------------------------------------------------------------------------------- bits, and "hello"


def test_bits_per_character() -> None:
    chars = np.array([10, 30, 2])
    assert charlm.bits_per_char(np.log(8) * chars, chars) == pytest.approx(3)
    nats = np.array([12.0, 50.0, 9.0])
    assert 2 ** charlm.bits_per_char(nats, chars) == pytest.approx(head.perplexity(nats, chars))
    assert charlm.bits_per_char(nats, chars) == pytest.approx(71 / 42 / 0.6931471805599453)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_hello_is_learnt_with_a_wide_margin_from_many_beginnings(dtype: type) -> None:
    """Rounding cannot decide the check: it starts far above the floor and ends far below it, in
    float32 too.
    """
    for seed in range(40):
        params = declared.draw_beginner(np.random.default_rng(seed), {})
        h0 = params.pop("h0").astype(dtype)
        nats = []
        for _ in range(declared.STEPS):
            rounded = {name: value.astype(dtype) for name, value in params.items()}
            loss, grads, _ = charlm.charlm_loss(rounded, HELLO[None], h0)
            nats.append(loss / 4)
            params = {
                name: value - declared.STEP_SIZE * grads[name] for name, value in params.items()
            }
        assert nats[0] > 2 * FLOOR
        assert nats[-1] < FLOOR / 5


def test_without_a_memory_hello_stops_at_the_floor() -> None:
    """What the check is about: the same training, with Wh kept at zero, cannot get below what
    bigrams can.
    """
    params = declared.draw_beginner(np.random.default_rng(0), {})
    h0 = np.zeros_like(params.pop("h0"))
    for _ in range(1500):
        params["Wh"][:] = 0
        loss, grads, _ = charlm.charlm_loss(params, HELLO[None], h0)
        params = {name: value - declared.STEP_SIZE * grads[name] for name, value in params.items()}
    assert FLOOR < loss / 4 < FLOOR + 0.01
