"""A correct linear_rnn.py in single precision, with objects as caches; both ways are scans."""

from dataclasses import dataclass

import numpy as np

from .lstm import sigmoid


@dataclass
class Run:
    f: np.ndarray
    before: np.ndarray


@dataclass
class Gated:
    x: np.ndarray
    Wx: np.ndarray
    z: np.ndarray
    n: np.ndarray
    run: Run


def single(*arrays):
    return tuple(np.asarray(array, dtype=np.float32) for array in arrays)


def compose_steps(f1, v1, f2, v2):
    f1, v1, f2, v2 = single(f1, v1, f2, v2)
    return np.multiply(f1, f2), np.add(np.multiply(v1, f2), v2)


def scan_round(f, v, distance):
    f, v = single(f, v)
    start = f[:, :distance], v[:, :distance]
    rest = compose_steps(f[:, :-distance], v[:, :-distance], f[:, distance:], v[:, distance:])
    return tuple(np.concatenate(parts, axis=1) for parts in zip(start, rest, strict=True))


def parallel_scan(f, v, h0):
    f, v, h0 = single(f, v, h0)
    rounds = int(f.shape[1] - 1).bit_length()
    for k in range(rounds):
        f, v = scan_round(f, v, 1 << k)
    return np.expand_dims(h0, 1) * f + v


def linear_recurrence_forward(f, v, h0):
    f, v, h0 = single(f, v, h0)
    h = parallel_scan(f, v, h0)
    return h, Run(f, np.concatenate([np.expand_dims(h0, 1), h], axis=1)[:, :-1])


def linear_recurrence_backward(dh, cache):
    (dh,) = single(dh)
    later = np.concatenate([cache.f[:, 1:], np.zeros_like(cache.f[:, :1])], axis=1)
    nothing = np.zeros_like(dh[:, 0])
    dv = parallel_scan(later[:, ::-1], dh[:, ::-1], nothing)[:, ::-1]
    return dv * cache.before, dv, cache.f[:, 0] * dv[:, 0]


def state_gradient_path(f):
    (f,) = single(f)
    backwards = np.flip(f[:, 1:], axis=1)
    products = np.flip(np.cumprod(backwards, axis=1), axis=1)
    return np.concatenate([products, np.ones_like(f[:, :1])], axis=1)


def mingru_forward(x, h0, Wx, b):
    x, h0, Wx, b = single(x, h0, Wx, b)
    half = len(b) // 2
    z = sigmoid(x @ Wx[:, :half] + b[:half]).astype(np.float32)
    n = x @ Wx[:, half:] + b[half:]
    h, run = linear_recurrence_forward(1 - z, z * n, h0)
    return h, Gated(x, Wx, z, n, run)


def mingru_backward(dh, cache):
    df, dv, dh0 = linear_recurrence_backward(dh, cache.run)
    slope = cache.z * (1 - cache.z)
    da = np.concatenate([slope * (dv * cache.n - df), dv * cache.z], axis=-1)
    flat = da.reshape(-1, da.shape[-1])
    dWx = cache.x.reshape(len(flat), -1).T @ flat
    return np.inner(da, cache.Wx), dh0, dWx, flat.sum(axis=0)
