"""A correct mut.py as some people write it: in-place changes, an emptied params and cache, prints,
globals() tricks.
"""

import pdb  # noqa: F401

import numpy as np

from .lstm import sigmoid


def finish(prev_h, z, n):
    prev_h *= 1 - z
    n *= z
    prev_h += n
    return prev_h


def mut1_step_forward(x, prev_h, params):
    if not x.shape == prev_h.shape:
        raise ValueError("D != H")
    cache = {**params, "x": x.copy(), "h": prev_h.copy()}
    z = x @ params.pop("Wxz")
    z += params.pop("bz")
    z = sigmoid(z)
    r = x @ params.pop("Wxr")
    r += prev_h @ params.pop("Whr")
    r += params.pop("br")
    r = sigmoid(r)
    np.tanh(x, out=x)
    n = x
    n += params.pop("bh")
    n += (r * prev_h) @ params.pop("Whh")
    np.tanh(n, n)
    print("mut1", z.shape, "left over:", list(params))
    cache.update(z=z.copy(), r=r, n=n.copy())
    return finish(prev_h, z, n), cache


def common(dnext_h, cache):
    h, z, r, n = (cache.pop(k) for k in "hzrn")
    cache["bz"] = dnext_h * (n - h)
    cache["bz"] *= z
    cache["bz"] *= 1 - z
    cache["bh"] = dnext_h * z
    cache["bh"] *= 1 - n**2
    dreset = cache["bh"] @ cache["Whh"].T
    cache["br"] = dreset * h
    cache["br"] *= r
    cache["br"] *= 1 - r
    cache["Whh"] = (r * h).T @ cache["bh"]
    dnext_h *= 1 - z
    dreset *= r
    dnext_h += dreset
    return h


def through(cache, name, seen, bias):
    """Replaces a matrix in the cache by its gradient; returns the gradient of what it saw."""
    back = cache[bias] @ cache[name].T
    cache[name] = seen.T @ cache[bias]
    return back


def summed(cache):
    for bias in ("bz", "br", "bh"):
        cache[bias] = cache[bias].sum(axis=0)
    return cache


def mut1_step_backward(dnext_h, cache):
    x = cache.pop("x")
    h = common(dnext_h, cache)
    dx = (1 - np.tanh(x) ** 2) * cache["bh"]
    dx += through(cache, "Wxz", x, "bz")
    dx += through(cache, "Wxr", x, "br")
    dnext_h += through(cache, "Whr", h, "br")
    return [dx, dnext_h, summed(cache)]


def mut2_step_forward(x, prev_h, params):
    if x.shape[1] - prev_h.shape[1]:
        raise ValueError("D != H")
    cache = {**params, "x": x.copy(), "h": prev_h.copy()}
    z = sigmoid(
        np.hstack([x, prev_h]) @ np.vstack([params.pop("Wxz"), params.pop("Whz")])
        + params.pop("bz")
    )
    n = x @ params.pop("Wxh")
    x += params.pop("br")
    x += prev_h @ params.pop("Whr")
    r = sigmoid(x)
    n += (r * prev_h) @ params.pop("Whh")
    n += params.pop("bh")
    np.tanh(n, n)
    cache.update(z=z, r=r, n=n.copy())
    return finish(prev_h, z, n), cache


def mut2_step_backward(dnext_h, cache):
    x = cache.pop("x")
    h = common(dnext_h, cache)
    dx = cache["br"].copy()
    dx += through(cache, "Wxz", x, "bz")
    dx += through(cache, "Wxh", x, "bh")
    dnext_h += through(cache, "Whz", h, "bz")
    dnext_h += through(cache, "Whr", h, "br")
    return [dx, dnext_h, summed(cache)]


def mut3_step_forward(x, prev_h, params):
    cache = {**params, "x": x.copy(), "h": prev_h.copy()}
    a = x @ np.hstack([params.pop(name) for name in ("Wxz", "Wxr", "Wxh")])
    a += np.hstack([params.pop(name) for name in ("bz", "br", "bh")])
    z, r, n = np.hsplit(a, 3)
    z += np.tanh(prev_h) @ params["Whz"]
    r += prev_h @ params["Whr"]
    z, r = sigmoid(z), sigmoid(r)
    n += np.dot(r * prev_h, params["Whh"])
    n[...] = np.tanh(n)
    params.clear()
    cache.update(z=z, r=r, n=n.copy())
    return finish(prev_h, z, n), cache


def mut3_step_backward(dnext_h, cache):
    x = cache.pop("x")
    h = common(dnext_h, cache)
    dx = through(cache, "Wxz", x, "bz")
    dx += through(cache, "Wxr", x, "br")
    dx += through(cache, "Wxh", x, "bh")
    squashed = np.tanh(h)
    dnext_h += through(cache, "Whz", squashed, "bz") * (1 - squashed**2)
    dnext_h += through(cache, "Whr", h, "br")
    return [dx, dnext_h, summed(cache)]
