"""A correct mut.py in einsum, with one backward rule per operation instead of one per cell."""

import numpy as np


def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


def mul(a, W):
    return np.einsum("nk,kh->nh", a, W)


def mul_back(a, W, d):
    """(gradient by a, gradient by W) of a W."""
    return np.einsum("nh,kh->nk", d, W), np.einsum("nk,nh->kh", a, d)


def blend(z, n, h):
    return h + np.einsum("nh,nh->nh", z, n - h)


def core_back(dnext_h, z, r, n, h, Whh):
    """Back through the end of all three: (da_z, da_r, da_n, dh, dWhh)."""
    da_z = dnext_h * (n - h) * (z - z * z)
    da_n = dnext_h * z * (1 - n * n)
    dreset, dWhh = mul_back(r * h, Whh, da_n)
    return da_z, dreset * h * (r - r * r), da_n, dnext_h - dnext_h * z + dreset * r, dWhh


def biases(da_z, da_r, da_n):
    return {name: np.einsum("nh->h", da) for name, da in (("bz", da_z), ("br", da_r), ("bh", da_n))}


def check(x, h):
    if not np.array_equal(x.shape[1:], h.shape[1:]):
        raise ValueError(
            f"this cell needs inputs as wide as its state, not {x.shape[1:]} and {h.shape[1:]}"
        )


def mut1_step_forward(x, prev_h, params):
    check(x, prev_h)
    p = params
    z, r = (
        sigmoid(mul(x, p["Wxz"]) + p["bz"]),
        sigmoid(mul(x, p["Wxr"]) + mul(prev_h, p["Whr"]) + p["br"]),
    )
    n = np.tanh(p["bh"] + np.tanh(x) + mul(prev_h * r, p["Whh"]))
    return blend(z, n, prev_h), (x, prev_h, p, z, r, n)


def mut1_step_backward(dnext_h, cache):
    x, h, p, z, r, n = cache
    da_z, da_r, da_n, dh, dWhh = core_back(dnext_h, z, r, n, h, p["Whh"])
    from_z, dWxz = mul_back(x, p["Wxz"], da_z)
    from_r, dWxr = mul_back(x, p["Wxr"], da_r)
    more, dWhr = mul_back(h, p["Whr"], da_r)
    dx = from_z + from_r + da_n / np.cosh(x) ** 2
    return (
        dx,
        dh + more,
        {"Wxz": dWxz, "Wxr": dWxr, "Whr": dWhr, "Whh": dWhh, **biases(da_z, da_r, da_n)},
    )


def mut2_step_forward(x, prev_h, params):
    check(x, prev_h)
    p = params
    z = sigmoid(np.einsum("snk,skh->nh", [x, prev_h], [p["Wxz"], p["Whz"]]) + p["bz"])
    r = sigmoid(mul(prev_h, p["Whr"]) + x + p["br"])
    n = np.tanh(np.einsum("snk,skh->nh", [x, r * prev_h], [p["Wxh"], p["Whh"]]) + p["bh"])
    return blend(z, n, prev_h), (x, prev_h, p, z, r, n)


def mut2_step_backward(dnext_h, cache):
    x, h, p, z, r, n = cache
    da_z, da_r, da_n, dh, dWhh = core_back(dnext_h, z, r, n, h, p["Whh"])
    from_z, dWxz = mul_back(x, p["Wxz"], da_z)
    from_n, dWxh = mul_back(x, p["Wxh"], da_n)
    through_z, dWhz = mul_back(h, p["Whz"], da_z)
    through_r, dWhr = mul_back(h, p["Whr"], da_r)
    grads = {"Wxz": dWxz, "Whz": dWhz, "Whr": dWhr, "Wxh": dWxh, "Whh": dWhh}
    return from_z + da_r + from_n, dh + through_z + through_r, grads | biases(da_z, da_r, da_n)


def mut3_step_forward(x, prev_h, params):
    p = params
    a = (
        np.einsum("nd,sdh->snh", x, [p["Wxz"], p["Wxr"], p["Wxh"]])
        + np.stack([p["bz"], p["br"], p["bh"]])[:, None]
    )
    z = sigmoid(a[0] + mul(np.tanh(prev_h), p["Whz"]))
    r = sigmoid(a[1] + mul(prev_h, p["Whr"]))
    n = np.tanh(a[2] + mul(r * prev_h, p["Whh"]))
    return blend(z, n, prev_h), (x, prev_h, p, z, r, n)


def mut3_step_backward(dnext_h, cache):
    x, h, p, z, r, n = cache
    da_z, da_r, da_n, dh, dWhh = core_back(dnext_h, z, r, n, h, p["Whh"])
    da = np.stack([da_z, da_r, da_n])
    dx = np.einsum("snh,sdh->nd", da, [p["Wxz"], p["Wxr"], p["Wxh"]])
    dWxz, dWxr, dWxh = np.einsum("nd,snh->sdh", x, da)
    through_z, dWhz = mul_back(np.tanh(h), p["Whz"], da_z)
    through_r, dWhr = mul_back(h, p["Whr"], da_r)
    grads = {"Wxz": dWxz, "Whz": dWhz, "Wxr": dWxr, "Whr": dWhr, "Wxh": dWxh, "Whh": dWhh}
    return dx, dh + through_z / np.cosh(h) ** 2 + through_r, {**grads, **biases(da_z, da_r, da_n)}
