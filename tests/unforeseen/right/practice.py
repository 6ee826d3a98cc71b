"""Lesson 16: training practice."""

import numpy as np

from .embedding import rnnlm_loss
from .rnn import rnn_step_forward


def sequence_dropout_forward(x, u, p):
    """One mask per sequence."""
    if p < 0 or p >= 1:
        raise ValueError("p must be in [0, 1)")
    keep = np.where(u < p, 0.0, 1.0)
    scale = 1.0 / (1.0 - p)
    mask = (keep * scale)[:, np.newaxis, :]
    out = x * mask
    return out, {"mask": mask}


def sequence_dropout_backward(dout, cache):
    """Same mask."""
    mask = cache["mask"]
    dx = dout * mask
    return dx


def tied_rnnlm_loss(params, ids, s0):
    """One table."""
    table = params["E"]
    inputs = np.dot(table, params["Wx"])
    outputs = table.T
    loss, g = rnnlm_loss({"U": inputs, "W": params["Wh"], "b": params["b"], "V": outputs}, ids, s0)
    d_in = np.dot(g["U"], params["Wx"].T)
    d_out = g["V"].T
    dWx = np.dot(table.T, g["U"])
    grads = {"E": d_in + d_out, "Wx": dWx, "Wh": g["W"], "b": g["b"]}
    return loss, grads


def teacher_forcing_rate(steps, k):
    """Inverse sigmoid decay."""
    power = np.asarray(steps, dtype=float) / k
    shrink = np.exp(-power)
    rates = k * shrink / (k * shrink + 1.0)
    return rates


def scheduled_inputs(params, ids, h0, u, rate):
    """Truth or guess."""
    n_rows, n_steps = ids.shape
    n_chars = params["Wx"].shape[0]
    read = ids.copy()
    state = h0
    scores = None
    for step in range(n_steps):
        if step > 0:
            guess = np.argmax(scores, axis=1)
            for row in range(n_rows):
                if u[row, step] >= rate:
                    read[row, step] = guess[row]
        x_now = np.eye(n_chars)[read[:, step]]
        state, _ = rnn_step_forward(x_now, state, params["Wx"], params["Wh"], params["b"])
        scores = np.dot(state, params["Why"]) + params["by"]
    return read


def nucleus_probs(logits, p):
    """Keep the head of the distribution."""
    if p <= 0 or p > 1:
        raise ValueError("p must be in (0, 1]")
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    probs = np.exp(shifted)
    probs = probs / np.sum(probs, axis=1, keepdims=True)
    out = np.zeros_like(probs)
    for row in range(probs.shape[0]):
        order = np.argsort(-probs[row], kind="stable")
        total = 0.0
        for j in order:
            if total >= p and p < 1:
                break
            out[row, j] = probs[row, j]
            total += probs[row, j]
        out[row] = out[row] / np.sum(out[row])
    return out
