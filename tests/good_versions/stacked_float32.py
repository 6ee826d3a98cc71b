"""A correct stacked.py in float32 inside, a class for the layers, one matrix for [below; before; 1]
as on the slide.
"""

import numpy as np

F = np.float32


class Layer:
    """h_t = cell(W [h_t of the layer below; h_{t-1}; 1])."""

    def __init__(self, Wx, Wh, b):
        self.W = np.vstack([Wx, Wh, b[None]]).astype(F)
        self.D, self.H = len(Wx), len(Wh)
        self.tape = []

    def forward(self, x, h0):
        h, c, out = h0.astype(F), np.zeros(h0.shape, F), []
        for t in range(x.shape[1]):
            seen = np.concatenate([x[:, t].astype(F), h, np.ones((len(h), 1), F)], axis=1)
            h, c, kept = self.cell(seen @ self.W, c)
            self.tape.append((seen, kept))
            out.append(h)
        return np.stack(out, axis=1)

    def backward(self, dh):
        dW, dx = np.zeros_like(self.W), np.zeros((*dh.shape[:2], self.D), F)
        at_h, at_c = np.zeros(dh[:, 0].shape, F), np.zeros(dh[:, 0].shape, F)
        for t in range(dh.shape[1])[::-1]:
            seen, kept = self.tape[t]
            da, at_c = self.undo(dh[:, t].astype(F) + at_h, at_c, kept)
            dW += seen.T @ da
            dx[:, t], at_h, _ = np.split(da @ self.W.T, [self.D, self.D + self.H], axis=1)
        return dx, at_h, (dW[: self.D], dW[self.D : -1], dW[-1])


class Vanilla(Layer):
    def cell(self, a, c):
        h = np.tanh(a)
        return h, c, h

    def undo(self, dh, dc, h):
        return (1 - h) * (1 + h) * dh, dc


class LongShort(Layer):
    def cell(self, a, c):
        ifo, g = (1 + np.tanh(a[:, : 3 * self.H] / 2)) / 2, np.tanh(a[:, 3 * self.H :])
        i, f, o = np.split(ifo, 3, axis=1)
        next_c = c * f + g * i
        return o * np.tanh(next_c), next_c, (i, f, o, g, c, np.tanh(next_c))

    def undo(self, dh, dc, kept):
        i, f, o, g, c, t = kept
        dc = dc + (1 - t * t) * o * dh
        gates = np.hstack([i, f, o])
        da = np.hstack([dc * g, dc * c, dh * t]) * gates * (1 - gates)
        return np.hstack([da, (1 - g * g) * i * dc]), f * dc


def stack(kind, x, h0s, layers):
    made = [kind(*layer) for layer in layers]
    for layer, h0 in zip(made, h0s, strict=True):
        x = layer.forward(x, h0)
    return x, made


def unstack(dh, made):
    gradients = []
    for layer in made[::-1]:
        dh, dh0, weights = layer.backward(dh)
        gradients.append((dh0, weights))
    dh0s, dlayers = zip(*gradients[::-1], strict=True)
    return dh, dh0s, dlayers


def stacked_forward(x, h0s, layers):
    return stack(Vanilla, x, h0s, layers)


def stacked_lstm_forward(x, h0s, layers):
    return stack(LongShort, x, h0s, layers)


stacked_backward = unstack
stacked_lstm_backward = unstack


def count_parameters(sizes, cell):
    widths = np.array(sizes)
    per_block = widths[1:] * (widths[:-1] + widths[1:] + 1)
    return len({"rnn": "h", "gru": "zrn", "lstm": "ifog"}[cell]) * per_block.sum()
