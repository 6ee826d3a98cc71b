"""A correct mut.py that computes in float32 inside, each cell written out with the state stacked
under the input.
"""

import numpy as np

from .lstm import sigmoid


def single(*arrays):
    return tuple(np.float32(a) for a in arrays)


def of(params):
    return {name: np.float32(w) for name, w in params.items()}


def finish_back(up, z, r, n, h, Whh):
    da_n = up * z * (1 - n) * (1 + n)
    dreset = da_n @ Whh.T
    return up * (n - h) * z * (1 - z), dreset * h * r * (1 - r), da_n, up * (1 - z) + r * dreset


def mut1_step_forward(x, prev_h, params):
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError("MUT1 needs D = H: give x as many columns as the state has")
    (x, h), p = single(x, prev_h), of(params)
    z = sigmoid(x @ p["Wxz"] + p["bz"])
    r = sigmoid(np.hstack([x, h]) @ np.vstack([p["Wxr"], p["Whr"]]) + p["br"])
    inner = np.tanh(x)
    n = np.tanh((h * r) @ p["Whh"] + inner + p["bh"])
    return z * n - z * h + h, (x, h, p, z, r, n, inner)


def mut1_step_backward(dnext_h, cache):
    x, h, p, z, r, n, inner = cache
    da_z, da_r, da_n, dh = finish_back(np.float32(dnext_h), z, r, n, h, p["Whh"])
    dboth = da_r @ np.vstack([p["Wxr"], p["Whr"]]).T
    dW = np.hstack([x, h]).T @ da_r
    D = x.shape[1]
    grads = dict(
        bz=da_z.sum(0), br=da_r.sum(0), bh=da_n.sum(0), Wxz=x.T @ da_z, Wxr=dW[:D], Whr=dW[D:]
    )
    grads["Whh"] = (h * r).T @ da_n
    return dboth[:, :D] + da_z @ p["Wxz"].T + da_n - da_n * inner**2, dh + dboth[:, D:], grads


def mut2_step_forward(x, prev_h, params):
    if x.shape[1] != prev_h.shape[1]:
        raise ValueError("MUT2 needs D = H: give x as many columns as the state has")
    (x, h), p = single(x, prev_h), of(params)
    z = sigmoid(np.hstack([x, h]) @ np.vstack([p["Wxz"], p["Whz"]]) + p["bz"])
    r = sigmoid(
        np.hstack([x, h]) @ np.vstack([np.eye(len(p["bz"]), dtype=np.float32), p["Whr"]]) + p["br"]
    )
    n = np.tanh(np.hstack([x, r * h]) @ np.vstack([p["Wxh"], p["Whh"]]) + p["bh"])
    return z * n - z * h + h, (x, h, p, z, r, n)


def mut2_step_backward(dnext_h, cache):
    x, h, p, z, r, n = cache
    da_z, da_r, da_n, dh = finish_back(np.float32(dnext_h), z, r, n, h, p["Whh"])
    both, D = np.hstack([x, h]), x.shape[1]
    dWz, dWr, dWn = both.T @ da_z, both.T @ da_r, np.hstack([x, r * h]).T @ da_n
    dx = da_z @ p["Wxz"].T + da_r + da_n @ p["Wxh"].T
    dh = dh + da_z @ p["Whz"].T + da_r @ p["Whr"].T
    grads = dict(bz=da_z.sum(0), br=da_r.sum(0), bh=da_n.sum(0))
    grads |= dict(Wxz=dWz[:D], Whz=dWz[D:], Whr=dWr[D:], Wxh=dWn[:D], Whh=dWn[D:])
    return dx, dh, grads


def mut3_step_forward(x, prev_h, params):
    (x, h), p = single(x, prev_h), of(params)
    z = sigmoid(np.hstack([x, np.tanh(h)]) @ np.vstack([p["Wxz"], p["Whz"]]) + p["bz"])
    r = sigmoid(np.hstack([x, h]) @ np.vstack([p["Wxr"], p["Whr"]]) + p["br"])
    n = np.tanh(np.hstack([x, r * h]) @ np.vstack([p["Wxh"], p["Whh"]]) + p["bh"])
    return z * n - z * h + h, (x, h, p, z, r, n)


def mut3_step_backward(dnext_h, cache):
    x, h, p, z, r, n = cache
    da_z, da_r, da_n, dh = finish_back(np.float32(dnext_h), z, r, n, h, p["Whh"])
    s, D = np.tanh(h), x.shape[1]
    grads, dx = {}, 0
    for name, state, da in (("z", s, da_z), ("r", h, da_r), ("h", r * h, da_n)):
        dW = np.hstack([x, state]).T @ da
        grads[f"Wx{name}"], grads[f"Wh{name}"], grads[f"b{name}"] = dW[:D], dW[D:], da.sum(0)
        dx = dx + da @ p[f"Wx{name}"].T
    return dx, dh + (da_z @ p["Whz"].T) * (1 - s * s) + da_r @ p["Whr"].T, grads
