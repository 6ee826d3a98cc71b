"""Lesson 6, second part: MUT1, MUT2, MUT3."""

import numpy as np

from .lstm import sigmoid


def dsigmoid(s):
    """Derivative of the sigmoid, from its value."""
    return s * (1 - s)


def dtanh(y):
    """Derivative of tanh, from its value."""
    return 1 - y**2


def mut1_step_forward(x, prev_h, params):
    """One step of MUT1."""
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError("MUT1 needs D == H")
    p = params
    z = sigmoid(x @ p["Wxz"] + p["bz"])
    r = sigmoid(x @ p["Wxr"] + prev_h @ p["Whr"] + p["br"])
    tx = np.tanh(x)
    reset = r * prev_h
    n = np.tanh(reset @ p["Whh"] + tx + p["bh"])
    next_h = n * z + prev_h * (1 - z)
    return next_h, {"x": x, "h": prev_h, "p": p, "z": z, "r": r, "tx": tx, "reset": reset, "n": n}


def mut1_step_backward(dnext_h, cache):
    """Gradient of one step of MUT1."""
    x, h, p = cache["x"], cache["h"], cache["p"]
    z, r, n, tx = cache["z"], cache["r"], cache["n"], cache["tx"]
    dan = dnext_h * z * dtanh(n)
    daz = dnext_h * (n - h) * dsigmoid(z)
    dreset = dan @ p["Whh"].T
    dar = dreset * h * dsigmoid(r)
    dx = dan * dtanh(tx)
    dx = dx + daz @ p["Wxz"].T
    dx = dx + dar @ p["Wxr"].T
    dprev_h = dnext_h * (1 - z)
    dprev_h = dprev_h + dreset * r
    dprev_h = dprev_h + dar @ p["Whr"].T
    grads = {}
    grads["Wxz"] = x.T @ daz
    grads["bz"] = daz.sum(axis=0)
    grads["Wxr"] = x.T @ dar
    grads["Whr"] = h.T @ dar
    grads["br"] = dar.sum(axis=0)
    grads["Whh"] = cache["reset"].T @ dan
    grads["bh"] = dan.sum(axis=0)
    return dx, dprev_h, grads


def mut2_step_forward(x, prev_h, params):
    """One step of MUT2."""
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError("MUT2 needs D == H")
    h = prev_h
    z = sigmoid(x @ params["Wxz"] + h @ params["Whz"] + params["bz"])
    r = sigmoid(x + h @ params["Whr"] + params["br"])
    reset = r * h
    n = np.tanh(reset @ params["Whh"] + x @ params["Wxh"] + params["bh"])
    next_h = n * z + h * (1 - z)
    cache = (x, h, z, r, reset, n, params)
    return next_h, cache


def mut2_step_backward(dnext_h, cache):
    """Gradient of one step of MUT2."""
    x, h, z, r, reset, n, params = cache
    dn = dnext_h * z
    dz = dnext_h * (n - h)
    dan = dn * dtanh(n)
    daz = dz * dsigmoid(z)
    dreset = np.einsum("nk,hk->nh", dan, params["Whh"])
    dr = dreset * h
    dar = dr * dsigmoid(r)
    dx = daz @ params["Wxz"].T + dan @ params["Wxh"].T + dar
    dprev_h = dnext_h * (1 - z) + dreset * r + daz @ params["Whz"].T + dar @ params["Whr"].T
    grads = {
        "Wxz": x.T @ daz,
        "Whz": h.T @ daz,
        "bz": np.sum(daz, axis=0),
        "Whr": h.T @ dar,
        "br": np.sum(dar, axis=0),
        "Wxh": x.T @ dan,
        "Whh": reset.T @ dan,
        "bh": np.sum(dan, axis=0),
    }
    return dx, dprev_h, grads


def mut3_step_forward(x, prev_h, params):
    """One step of MUT3."""
    th = np.tanh(prev_h)
    z = sigmoid(x @ params["Wxz"] + th @ params["Whz"] + params["bz"])
    r = sigmoid(x @ params["Wxr"] + prev_h @ params["Whr"] + params["br"])
    reset = r * prev_h
    n = np.tanh(reset @ params["Whh"] + x @ params["Wxh"] + params["bh"])
    next_h = n * z + prev_h * (1 - z)
    cache = (x, prev_h, th, z, r, reset, n, params)
    return next_h, cache


def mut3_step_backward(dnext_h, cache):
    """Gradient of one step of MUT3."""
    x, h, th, z, r, reset, n, params = cache
    dan = dnext_h * z * dtanh(n)
    daz = dnext_h * (n - h) * dsigmoid(z)
    dreset = dan @ params["Whh"].T
    dar = dreset * h * dsigmoid(r)
    dx = 0
    grads = {}
    for name, da in (("z", daz), ("r", dar), ("h", dan)):
        grads["Wx" + name] = x.T @ da
        grads["b" + name] = da.sum(axis=0)
        dx = dx + da @ params["Wx" + name].T
    grads["Whz"] = th.T @ daz
    grads["Whr"] = h.T @ dar
    grads["Whh"] = reset.T @ dan
    dth = daz @ params["Whz"].T
    dprev_h = dnext_h * (1 - z)
    dprev_h += dth * dtanh(th)
    dprev_h += dar @ params["Whr"].T
    dprev_h += dreset * r
    return dx, dprev_h, grads
