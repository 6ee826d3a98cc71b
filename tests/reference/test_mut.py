"""The three mutants against autograd of their formulas; the widths they refuse."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from solutions.recurrent import mut

SHAPES = {
    1: "Wxz:DH bz:H Wxr:DH Whr:HH br:H Whh:HH bh:H",
    2: "Wxz:DH Whz:HH bz:H Whr:HH br:H Wxh:DH Whh:HH bh:H",
    3: "Wxz:DH Whz:HH bz:H Wxr:DH Whr:HH br:H Wxh:DH Whh:HH bh:H",
}


def draw(
    which: int, N: int, D: int, H: int
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray], np.ndarray]:
    rng, sizes = np.random.default_rng([which, N, D, H]), {"D": D, "H": H}
    shapes = (each.split(":") for each in SHAPES[which].split())
    params = {name: rng.normal(size=[sizes[axis] for axis in axes]) for name, axes in shapes}
    return rng.normal(size=(N, D)), rng.normal(size=(N, H)), params, rng.normal(size=(N, H))


def formula(which: int, x, h, p):  # type: ignore[no-untyped-def]
    s, tanh = torch.sigmoid, torch.tanh
    if which == 1:
        z, r = s(x @ p["Wxz"] + p["bz"]), s(x @ p["Wxr"] + h @ p["Whr"] + p["br"])
        n = tanh((r * h) @ p["Whh"] + tanh(x) + p["bh"])
    elif which == 2:
        z, r = s(x @ p["Wxz"] + h @ p["Whz"] + p["bz"]), s(x + h @ p["Whr"] + p["br"])
        n = tanh((r * h) @ p["Whh"] + x @ p["Wxh"] + p["bh"])
    else:
        z, r = (
            s(x @ p["Wxz"] + tanh(h) @ p["Whz"] + p["bz"]),
            s(x @ p["Wxr"] + h @ p["Whr"] + p["br"]),
        )
        n = tanh((r * h) @ p["Whh"] + x @ p["Wxh"] + p["bh"])
    return n * z + h * (1 - z)


@pytest.mark.parametrize(
    ("which", "N", "D", "H"), [(1, 3, 4, 4), (1, 1, 1, 1), (2, 3, 4, 4), (3, 3, 4, 5), (3, 2, 1, 3)]
)
def test_forward_and_all_gradients(which: int, N: int, D: int, H: int) -> None:
    x, h, params, dnext_h = draw(which, N, D, H)
    leaves = {n: torch.tensor(a, requires_grad=True) for n, a in {"x": x, "h": h, **params}.items()}
    expected = formula(which, leaves["x"], leaves["h"], leaves)
    expected.backward(torch.tensor(dnext_h))
    next_h, cache = getattr(mut, f"mut{which}_step_forward")(x, h, params)
    dx, dprev_h, grads = getattr(mut, f"mut{which}_step_backward")(dnext_h, cache)
    np.testing.assert_allclose(next_h, expected.detach().numpy(), rtol=1e-9)
    assert grads.keys() == params.keys()
    for name, got in {"x": dx, "h": dprev_h, **grads}.items():
        np.testing.assert_allclose(got, leaves[name].grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("which", [1, 2])
@pytest.mark.parametrize("D", [1, 3, 5])
def test_unweighted_inputs_of_another_width_are_refused(which: int, D: int) -> None:
    x, h, params, _ = draw(which, 2, D, 4)
    with pytest.raises(ValueError, match=f"D = {D} must be H = 4"):
        getattr(mut, f"mut{which}_step_forward")(x, h, params)
