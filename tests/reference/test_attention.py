"""Lesson 11 against torch in float64, and the promises its docstrings make."""

import numpy as np
import pytest
import torch

from solutions.recurrent import attention

SIZES = [(3, 4, 5, 6, 7), (1, 5, 2, 3, 4), (2, 1, 3, 3, 3), (4, 6, 1, 2, 1)]


def drawn(N, T, E, H, A, seed=0):
    rng = np.random.default_rng([seed, N, T, E, H, A])
    lengths = rng.integers(1, T + 1, size=N)
    return {
        "s": rng.normal(size=(N, H)),
        "h": rng.normal(size=(N, T, E)),
        "mask": np.arange(T) < lengths[:, None],
        "W": rng.normal(size=(H, A)),
        "U": rng.normal(size=(E, A)),
        "v": rng.normal(size=A),
    }


def torch_look(s, h, mask, W, U, v):
    """The same attention with torch's own softmax, one position at a time."""
    scores = torch.stack([torch.tanh(s @ W + h[:, i] @ U) @ v for i in range(h.shape[1])], dim=1)
    weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=1)
    return torch.einsum("nt,nte->ne", weights, h), weights


def as_torch(arrays):
    return {k: torch.tensor(a, requires_grad=a.dtype != bool) for k, a in arrays.items()}


@pytest.mark.parametrize("sizes", SIZES)
def test_one_look_forward_and_backward(sizes):
    arrays = drawn(*sizes)
    tensors = as_torch(arrays)
    context, weights, cache = attention.additive_attention_forward(**arrays)
    expected, expected_weights = torch_look(**tensors)
    np.testing.assert_allclose(context, expected.detach(), atol=1e-12)
    np.testing.assert_allclose(weights, expected_weights.detach(), atol=1e-12)
    assert (weights[~arrays["mask"]] == 0).all()

    dcontext = np.random.default_rng(1).normal(size=context.shape)
    expected.backward(torch.tensor(dcontext))
    gradients = attention.additive_attention_backward(dcontext, cache)
    for name, gradient in zip(["s", "h", "W", "U", "v"], gradients, strict=True):
        np.testing.assert_allclose(gradient, tensors[name].grad, atol=1e-11, err_msg=name)
    assert (gradients[1][~arrays["mask"]] == 0).all()


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("D", [1, 4])
def test_a_decoder_step_forward_and_backward(sizes, D):
    N, _, E, H, _ = sizes
    rng = np.random.default_rng([5, D, *sizes])
    look = drawn(*sizes)
    arrays = {
        "x": rng.normal(size=(N, D)),
        "prev_s": look.pop("s"),
        **look,
        "Wx": rng.normal(size=(D + E, H)),
        "Wh": rng.normal(size=(H, H)),
        "b": rng.normal(size=H),
    }
    t = as_torch(arrays)
    next_s, weights, cache = attention.attention_step_forward(**arrays)
    context, expected_weights = torch_look(t["prev_s"], t["h"], t["mask"], t["W"], t["U"], t["v"])
    cell = torch.nn.RNNCell(D + E, H, dtype=torch.float64)
    expected = torch.func.functional_call(
        cell,
        {
            "weight_ih": t["Wx"].T,
            "weight_hh": t["Wh"].T,
            "bias_ih": t["b"],
            "bias_hh": torch.zeros(H).double(),
        },
        (torch.cat([t["x"], context], dim=1), t["prev_s"]),
    )
    np.testing.assert_allclose(next_s, expected.detach(), atol=1e-12)
    np.testing.assert_allclose(weights, expected_weights.detach(), atol=1e-12)

    dnext_s = rng.normal(size=(N, H))
    expected.backward(torch.tensor(dnext_s))
    gradients = attention.attention_step_backward(dnext_s, cache)
    names = ["x", "prev_s", "h", "W", "U", "v", "Wx", "Wh", "b"]
    for name, gradient in zip(names, gradients, strict=True):
        np.testing.assert_allclose(gradient, t[name].grad, atol=1e-11, err_msg=name)


@pytest.mark.parametrize("shape", [(3, 5), (1, 4), (2, 1)])
def test_masked_softmax_and_its_gradient(shape):
    rng = np.random.default_rng(2)
    e, da, mask = rng.normal(size=shape), rng.normal(size=shape), rng.random(shape) < 0.6
    mask[:, -1] = True
    a = attention.masked_softmax(e, mask)
    tensor = torch.tensor(e, requires_grad=True)
    expected = torch.softmax(tensor.masked_fill(torch.tensor(~mask), float("-inf")), dim=1)
    np.testing.assert_allclose(a, expected.detach(), atol=1e-15)
    expected.backward(torch.tensor(da))
    np.testing.assert_allclose(attention.masked_softmax_backward(da, a), tensor.grad, atol=1e-14)


def test_large_scores_do_not_overflow():
    mask = np.array([[True, True, False], [True, True, True]])
    e = np.array([[1e4, 1e4 + 1, 3e4], [-1e4, -1e4, -1e4]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = attention.masked_softmax(e, mask)
    np.testing.assert_allclose(a, [[1 / (1 + np.e), np.e / (1 + np.e), 0], [1 / 3, 1 / 3, 1 / 3]])


def test_a_row_without_words_is_refused_everywhere():
    arrays = drawn(3, 4, 5, 6, 7)
    arrays["mask"][1] = False
    with pytest.raises(ValueError, match="no valid position"):
        attention.masked_softmax(np.zeros((3, 4)), arrays["mask"])
    with pytest.raises(ValueError, match="no valid position"):
        attention.additive_attention_forward(**arrays)
    s = arrays.pop("s")
    with pytest.raises(ValueError, match="no valid position"):
        attention.attention_step_forward(
            np.zeros((3, 2)), s, **arrays, Wx=np.ones((7, 6)), Wh=np.eye(6), b=np.ones(6)
        )


def test_one_hot_weights_return_that_state():
    arrays = drawn(3, 4, 5, 6, 7)
    arrays["mask"] = np.eye(4, dtype=bool)[[2, 0, 3]]
    context, weights, _ = attention.additive_attention_forward(**arrays)
    assert (weights == arrays["mask"]).all()
    assert (context == arrays["h"][arrays["mask"]]).all()


def test_padding_changes_nothing_and_arguments_are_left_alone():
    arrays = drawn(3, 4, 5, 6, 7)
    arrays["mask"][:, -1] = False
    arrays["mask"][:, 0] = True
    copies = {name: array.copy() for name, array in arrays.items()}
    context, _, cache = attention.additive_attention_forward(**arrays)
    attention.additive_attention_backward(np.ones_like(context), cache)
    for name, array in arrays.items():
        assert (array == copies[name]).all(), name


@pytest.mark.parametrize("size", [1e6, -1e100, 1e100])
def test_no_number_in_padding_changes_any_result(size):
    """As the file's docstring promises; of infinity and of NaN it promises nothing."""
    assert "as\nlarge as 1e100, may change any result" in attention.__doc__
    results = []
    for padding in (0.0, size):
        arrays = drawn(3, 4, 5, 6, 7)
        arrays["mask"][:, -1] = False
        arrays["mask"][:, 0] = True
        arrays["h"][~arrays["mask"]] = padding
        context, weights, cache = attention.additive_attention_forward(**arrays)
        gradients = attention.additive_attention_backward(np.ones_like(context), cache)
        results.append([context, weights, *gradients])
    for as_zero, as_given in zip(*results, strict=True):
        np.testing.assert_array_equal(as_zero, as_given)


def test_large_queries_give_finite_gradients():
    arrays = drawn(3, 4, 5, 6, 7)
    arrays["v"] *= 1e4
    context, weights, cache = attention.additive_attention_forward(**arrays)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    for gradient in attention.additive_attention_backward(np.ones_like(context), cache):
        assert np.isfinite(gradient).all()
