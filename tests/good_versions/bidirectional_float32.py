"""A correct bidirectional.py in single precision: both readings as one batch of steps, each row at
a pace of its own.
"""

from typing import NamedTuple

import numpy as np

f32 = np.float32


class Reading(NamedTuple):
    places: np.ndarray  # (N, T), which step of the row is read when
    real: np.ndarray  # (N, T, 1)
    x: np.ndarray
    h: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray


def order(lengths, T, backwards):
    t = np.tile(np.arange(T), (len(lengths), 1))
    if not backwards:
        return t
    ends = np.asarray(lengths).reshape(-1, 1)
    return np.where(t < ends, ends - 1 - t, t)


def reverse_ragged(x, lengths):
    places = order(lengths, x.shape[1], True)
    turned = np.take_along_axis(x.astype(f32), places[:, :, None], axis=1)
    turned[np.arange(x.shape[1]) >= np.asarray(lengths)[:, None]] = 0
    return turned


def read(x, lengths, weights, backwards):
    Wx, Wh, b = (w.astype(f32) for w in weights)
    places = order(lengths, x.shape[1], backwards)
    x = np.take_along_axis(x.astype(f32), places[..., None], axis=1)
    real = (np.arange(x.shape[1]) < np.asarray(lengths)[:, None])[..., None]
    h = np.zeros((x.shape[0], x.shape[1] + 1, len(b)), dtype=f32)
    for t in range(x.shape[1]):
        h[:, t + 1] = np.where(real[:, t], np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b), f32(0))
    return Reading(places, real, x, h, Wx, Wh)


def back_in_place(values, reading):
    out = np.zeros_like(values)
    np.put_along_axis(out, reading.places[..., None], values, axis=1)
    return out


def unread(dh, reading):
    dh = np.take_along_axis(dh.astype(f32), reading.places[..., None], axis=1) * reading.real
    da = np.zeros_like(dh)
    later = np.zeros_like(dh[:, 0])
    for t in range(dh.shape[1])[::-1]:
        da[:, t] = (dh[:, t] + later) * (1 - reading.h[:, t + 1] ** 2) * reading.real[:, t]
        later = da[:, t] @ reading.Wh.T
    return (
        back_in_place(da @ reading.Wx.T, reading),
        (
            np.tensordot(reading.x, da, axes=((0, 1), (0, 1))),
            np.tensordot(reading.h[:, :-1], da, axes=((0, 1), (0, 1))),
            da.sum((0, 1)),
        ),
    )


def bidirectional_forward(x, lengths, right, left):
    readings = [read(x, lengths, right, False), read(x, lengths, left, True)]
    states = [back_in_place(reading.h[:, 1:], reading) for reading in readings]
    return np.concatenate(states, axis=-1), readings


def bidirectional_backward(dh, cache):
    H = dh.shape[-1] // 2
    dx_right, dright = unread(dh[..., :H], cache[0])
    dx_left, dleft = unread(dh[..., H:], cache[1])
    return dx_right + dx_left, dright, dleft
