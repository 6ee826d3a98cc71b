"""Lesson 4 against numeric and torch's Jacobians, autograd, torch's clipping, and numbers worked
out by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import gradflow, rnn

SIZES = [(3, 5, 4, 6), (1, 1, 2, 3), (2, 7, 3, 3), (4, 2, 1, 1)]


def sequence(N: int, T: int, D: int, H: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng([N, T, D, H])
    return tuple(rng.normal(size=s) for s in ((N, T, D), (N, H), (D, H), (H, H), (H,), (N, H)))


@pytest.mark.parametrize("sizes", SIZES)
def test_one_steps_jacobian_is_the_numeric_one(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, _ = sequence(*sizes)

    def step(prev_h: np.ndarray) -> np.ndarray:
        return rnn.rnn_step_forward(x[:, 0], prev_h, Wx, Wh, b)[0]

    J = gradflow.step_jacobian(step(h0), Wh)
    assert J.shape == (sizes[0], sizes[3], sizes[3])
    for j in range(sizes[3]):
        eps = np.zeros_like(h0)
        eps[:, j] = 1e-5
        np.testing.assert_allclose(
            J[:, :, j], (step(h0 + eps) - step(h0 - eps)) / 2e-5, rtol=1e-6, atol=1e-9
        )


@pytest.mark.parametrize("sizes", SIZES)
def test_a_sequences_jacobian_is_the_numeric_one_and_torchs(
    sizes: tuple[int, int, int, int],
) -> None:
    x, h0, Wx, Wh, b, _ = sequence(*sizes)
    h, _ = rnn.rnn_forward(x, h0, Wx, Wh, b)
    J = gradflow.sequence_jacobian(h, Wh)
    for j in range(sizes[3]):
        eps = np.zeros_like(h0)
        eps[:, j] = 1e-5
        up, down = (rnn.rnn_forward(x, h, Wx, Wh, b)[0][:, -1] for h in (h0 + eps, h0 - eps))
        np.testing.assert_allclose(J[:, :, j], (up - down) / 2e-5, rtol=1e-5, atol=1e-8)

    inputs, Wx_, Wh_, b_ = (torch.tensor(a) for a in (x, Wx, Wh, b))
    for n in range(sizes[0]):

        def last(state: torch.Tensor, n: int = n) -> torch.Tensor:
            for x_t in inputs[n]:
                state = torch.tanh(x_t @ Wx_ + state @ Wh_ + b_)
            return state

        expected = torch.autograd.functional.jacobian(last, torch.tensor(h0[n]))
        np.testing.assert_allclose(J[n], expected.numpy(), rtol=1e-9, atol=1e-12)


def test_a_jacobian_by_hand() -> None:
    J = gradflow.step_jacobian(np.array([[0.6, 0.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_allclose(J, [[[0.64, 1.92], [2.0, 4.0]]])


@pytest.mark.parametrize("sizes", SIZES)
def test_gradient_norms_are_those_of_autograd(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, dhT = sequence(*sizes)
    states, state = [], torch.tensor(h0, requires_grad=True)
    for t in range(sizes[1]):
        state = torch.tanh(
            torch.tensor(x[:, t]) @ torch.tensor(Wx) + state @ torch.tensor(Wh) + torch.tensor(b)
        )
        state.retain_grad()
        states.append(state)
    state.backward(torch.tensor(dhT))
    h = np.stack([s.detach().numpy() for s in states], axis=1)
    norms = gradflow.gradient_norms(dhT, h, Wh)
    np.testing.assert_allclose(norms, [np.linalg.norm(s.grad.numpy()) for s in states], rtol=1e-9)
    np.testing.assert_allclose(norms[-1], np.linalg.norm(dhT))


@pytest.mark.parametrize("sizes", SIZES)
def test_the_bound_is_a_bound_and_one_that_is_reached(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, dhT = sequence(*sizes)
    h, _ = rnn.rnn_forward(x, h0, Wx, Wh, b)
    norms = gradflow.gradient_norms(dhT, h, Wh)
    for t in range(sizes[1]):
        assert norms[t] <= norms[-1] * gradflow.vanishing_bound(Wh, sizes[1] - 1 - t) * (1 + 1e-12)
    # where no slope helps (h = 0), a rotation times 3 is as far as its bound
    rotation = np.linalg.qr(Wh)[0]
    flat = np.zeros((sizes[0], sizes[1], sizes[3]))
    reached = gradflow.gradient_norms(dhT, flat, 3 * rotation)[0] / np.linalg.norm(dhT)
    np.testing.assert_allclose(
        reached, gradflow.vanishing_bound(3 * rotation, sizes[1] - 1), rtol=1e-9
    )


def test_bounds_by_hand() -> None:
    np.testing.assert_allclose(
        gradflow.vanishing_bound(np.array([[0.0, 10.0], [0.0, 0.0]]), 3), 1000
    )
    np.testing.assert_allclose(gradflow.vanishing_bound(np.array([[0.0, 10.0], [0.0, 0.0]]), 0), 1)
    np.testing.assert_allclose(gradflow.vanishing_bound(np.array([[-0.5]]), 2), 0.25)


@pytest.mark.parametrize("H", [2, 3, 5, 12])
def test_the_counterexample_stretches_at_first_and_then_vanishes(H: int) -> None:
    W = gradflow.large_singular_value_that_vanishes(H)
    assert W.shape == (H, H)
    assert np.linalg.svd(W, compute_uv=False)[0] >= 2
    assert np.abs(np.linalg.eigvals(W)).max() <= 0.5
    norms = gradflow.gradient_norms(np.ones((1, H)), np.zeros((1, 200, H)), W)
    assert norms[-2] > norms[-1] and norms[0] < 1e-12


@pytest.mark.parametrize("H", [1, 0])
def test_one_unit_is_no_counterexample(H: int) -> None:
    with pytest.raises(ValueError, match="two units"):
        gradflow.large_singular_value_that_vanishes(H)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_terms_add_up_to_rnn_backwards_gradient(sizes: tuple[int, int, int, int]) -> None:
    x, h0, Wx, Wh, b, dhT = sequence(*sizes)
    h, cache = rnn.rnn_forward(x, h0, Wx, Wh, b)
    dh = np.zeros_like(h)
    dh[:, -1] = dhT
    terms = gradflow.gradient_by_age(dhT, h0, h, Wh)
    assert terms.shape == (sizes[1], sizes[3], sizes[3])
    dWh = rnn.rnn_backward(dh, cache)[3]
    np.testing.assert_allclose(terms.sum(axis=0), dWh, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_each_term_is_autograds_where_all_other_steps_have_a_detached_weight(
    sizes: tuple[int, int, int, int],
) -> None:
    x, h0, Wx, Wh, b, dhT = sequence(*sizes)
    T = sizes[1]
    h, _ = rnn.rnn_forward(x, h0, Wx, Wh, b)
    terms = gradflow.gradient_by_age(dhT, h0, h, Wh)
    inputs, Wx_, b_ = (torch.tensor(a) for a in (x, Wx, b))
    for step in range(T):
        weight = torch.tensor(Wh, requires_grad=True)
        state = torch.tensor(h0)
        for t in range(T):
            used = weight if t == step else weight.detach()
            state = torch.tanh(inputs[:, t] @ Wx_ + state @ used + b_)
        state.backward(torch.tensor(dhT))
        assert weight.grad is not None
        np.testing.assert_allclose(terms[step], weight.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_two_terms_by_hand() -> None:
    """One unit, h_1 = tanh(w h_0), h_2 = tanh(w h_1): the question of the handout.

    dh_2/dw = (1 - h_2^2) (h_1 + w (1 - h_1^2) h_0), and the slide has the second half.
    """
    h0, h1, h2, w = 0.5, 0.6, -0.8, 2.0
    terms = gradflow.gradient_by_age(
        np.ones((1, 1)), np.full((1, 1), h0), np.array([[[h1], [h2]]]), np.full((1, 1), w)
    )
    np.testing.assert_allclose(terms.ravel(), [0.36 * 2.0 * 0.64 * 0.5, 0.36 * 0.6])


def test_from_a_zero_state_the_slides_term_is_zero() -> None:
    x, h0, Wx, Wh, b, dhT = sequence(3, 5, 4, 6)
    h, _ = rnn.rnn_forward(x, 0 * h0, Wx, Wh, b)
    terms = gradflow.gradient_by_age(dhT, 0 * h0, h, Wh)
    assert np.abs(terms[0]).max() == 0 < np.abs(terms[1:]).max(axis=(1, 2)).min()


@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_chunks_that_divide_the_sequence_keep_the_newest_terms(k: int) -> None:
    """What notebook 1 says of truncation, section 1.9."""
    x, h0, Wx, Wh, b, dhT = sequence(2, 6, 3, 4)
    h, cache = rnn.rnn_forward(x, h0, Wx, Wh, b)
    dh = np.zeros_like(h)
    dh[:, -1] = dhT
    terms = gradflow.gradient_by_age(dhT, h0, h, Wh)
    dWh = rnn.rnn_backward_truncated(dh, cache, k)[3]
    np.testing.assert_allclose(terms[-k:].sum(axis=0), dWh, rtol=1e-9, atol=1e-12)


def test_how_much_of_the_gradient_the_slides_term_is() -> None:
    """What notebook 1 says of it: one or two hundredths in 12 steps, with Wh of size 0.9."""
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x, h0, dhT = (0.5 * rng.normal(size=shape) for shape in ((16, 12, 8), (16, 64), (16, 64)))
        Wh, Wx = 0.9 * np.linalg.qr(rng.normal(size=(64, 64)))[0], rng.normal(size=(8, 64)) / 8**0.5
        h, _ = rnn.rnn_forward(x, h0, Wx, Wh, np.zeros(64))
        terms = gradflow.gradient_by_age(dhT, h0, h, Wh)
        found.append(np.linalg.norm(terms[0]) / np.linalg.norm(terms.sum(axis=0)))
    assert min(found) > 0.01
    assert max(found) < 0.025


@pytest.mark.parametrize("max_norm", [0.1, 1.0, 3.0, 1000.0])
def test_clipping_is_torchs(max_norm: float) -> None:
    rng = np.random.default_rng(0)
    grads = {
        "W": rng.normal(size=(3, 4)),
        "b": 5 * rng.normal(size=4),
        "E": 0.1 * rng.normal(size=(2, 3, 2)),
    }
    leaves = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads.values()]
    for leaf, g in zip(leaves, grads.values(), strict=True):
        leaf.grad = torch.tensor(g)
    held = dict(grads)
    expected = torch.nn.utils.clip_grad_norm_(leaves, max_norm)
    np.testing.assert_allclose(
        gradflow.clip_grad_norm(grads, max_norm), expected.numpy(), rtol=1e-12
    )
    for name, leaf in zip(held, leaves, strict=True):
        assert grads[name] is held[name]
        # torch divides by norm + 1e-6
        np.testing.assert_allclose(grads[name], leaf.grad.numpy(), rtol=1e-5)


def test_clipping_changes_the_length_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    grads = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}
    before = np.concatenate([g.ravel() for g in grads.values()])
    norm = gradflow.clip_grad_norm(grads, 0.25)
    after = np.concatenate([g.ravel() for g in grads.values()])
    np.testing.assert_allclose(norm, np.linalg.norm(before))
    np.testing.assert_allclose(np.linalg.norm(after), 0.25)
    np.testing.assert_allclose(after @ before, 0.25 * norm)


def test_short_and_zero_gradients_are_left_alone() -> None:
    grads = {"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}
    assert gradflow.clip_grad_norm(grads, 5.0) == 5.0
    np.testing.assert_array_equal(grads["W"], [[3.0, 0.0]])
    zero = {"W": np.zeros((2, 2))}
    assert gradflow.clip_grad_norm(zero, 1.0) == 0.0
    np.testing.assert_array_equal(zero["W"], np.zeros((2, 2)))


def test_the_slides_norm_lacks_a_root() -> None:
    """The figures quoted in the syllabus: what the slide's clipping leaves of gradients of norm 3,
    10 and 100.
    """
    left = []
    for size in (3.0, 10.0, 100.0):
        slide = size**2
        left.append(size * (5 / slide if slide > 5 else 1))
    np.testing.assert_allclose(left, [1.67, 0.5, 0.05], atol=0.005)
