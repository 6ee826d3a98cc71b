"""Wrong ideas that show only in rare values: a cut, a rounding, a small number added.

Each is a change of one line of the reference, as a misconception is: the function, what stands
there, and what is written instead.
"""

from __future__ import annotations

from collections.abc import Iterator

Change = tuple[str, str, str]
"""A function of the reference, a text in it, and the text in its place."""

TANH = {
    "rnn_step_forward": "np.tanh(a)",
    "lstm_step_forward": "np.tanh(a_g)",
    "gru_step_forward": "np.tanh(x @ Wxn + (r * prev_h) @ Whn + bn)",
    "mut1_step_forward": 'np.tanh((r * prev_h) @ params["Whh"] + np.tanh(x) + params["bh"])',
    "mut2_step_forward": 'np.tanh((r * prev_h) @ params["Whh"] + x @ params["Wxh"] + params["bh"])',
    "mut3_step_forward": 'np.tanh((r * prev_h) @ params["Whh"] + x @ params["Wxh"] + params["bh"])',
    "additive_attention_forward": "np.tanh((s @ W)[:, None, :] + h @ U)",
    "bigram_lm_loss": 'np.tanh(vectors @ params["W1"] + params["b1"])',
}
"""Function -> a tanh in it."""

CUT_TANH = (
    "np.clip({it}, -0.99, 0.99)",
    "np.clip({it}, -0.999, 0.999)",
    "np.clip({it}, -0.9995, 0.9995)",
    "np.minimum({it}, 0.9995)",
    "np.maximum({it}, -0.999)",
    "np.where(np.abs({it}) > 0.9999, 0.0, {it})",
    "np.round({it}, 2)",
    "({it}).astype(np.float32)",
)
CUT_ARGUMENT = (
    "np.tanh(np.clip({it}, -2, 2))",
    "np.tanh(np.clip({it}, -3, 3))",
    "np.tanh(np.clip({it}, -4, 4))",
    "np.tanh(np.clip({it}, -20, 20))",
    "np.where(np.abs({it}) > 10, 0.0, np.tanh({it}))",
)

GRADIENTS = {
    "rnn_step_backward": "dnext_h * (1 - next_h**2)",
    "rnn_backward": "dh[:, t] + dprev_h",
    "lstm_step_backward": "np.concatenate([da_i, da_f, da_o, da_g], axis=1)",
    "lstm_backward": "dh[:, t] + dprev_h",
    "gru_step_backward": "np.concatenate([da_z, da_r, da_n], axis=1)",
    "gru_backward": "dh[:, t] + dprev_h",
    "linear_recurrence_backward": "dh.copy()",
    "mingru_backward": "np.concatenate([da_z, dn], axis=2)",
    "temporal_affine_backward": 'np.einsum("nth,ntv->hv", x, dout)',
    "masked_softmax_backward": "a * (da - mean)",
    "additive_attention_backward": "dp_sum @ W.T",
}
CUT_GRADIENT = (
    "np.clip({it}, -1, 1)",
    "np.clip({it}, -5, 5)",
    "np.clip({it}, -10, 10)",
    "np.round({it}, 8)",
)
"""Gradients cut off by value, as it stands in many a tutorial."""

WHOLE_SIGMOID = "return 0.5 * (1 + np.tanh(0.5 * a))"
LOG_P = "shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))"
SHIFT = "x - x.max(axis=2, keepdims=True)"
PERPLEXITY = "np.exp(np.sum(total_nats) / np.sum(tokens))"
BOUND = "np.linalg.svd(Wh, compute_uv=False)[0] ** T"
WEIGHTS = "a / a.sum(axis=1, keepdims=True)"
HEAT = "np.exp((row[kept] - row.max()) / temperature)"
MARGIN = "sign * (u @ v)"
CELL = "f * prev_c + i * g"

OTHERS = {
    ("sigmoid", "0.5 * a"): (
        "0.5 * np.clip(a, -4, 4)",
        "0.5 * np.clip(a, -6, 6)",
        "0.5 * np.clip(a, -20, 20)",
        "0.5 * np.clip(a, -500, 500)",
    ),
    ("sigmoid", WHOLE_SIGMOID): (
        "return np.clip(1 / (1 + np.exp(-a)), 0.01, 0.99)",
        "return np.clip(1 / (1 + np.exp(-a)), 1e-3, 1 - 1e-3)",
        "return np.clip(1 / (1 + np.exp(-a)), 1e-8, 1 - 1e-8)",
        "return np.clip(0.2 * a + 0.5, 0, 1)",
    ),
    ("lstm_step_forward", "np.tanh(next_c)"): (
        "np.clip(np.tanh(next_c), -0.99, 0.99)",
        "np.clip(np.tanh(next_c), -0.9995, 0.9995)",
        "np.tanh(np.clip(next_c, -3, 3))",
        "np.tanh(np.clip(next_c, -4, 4))",
    ),
    ("lstm_step_forward", CELL): (
        f"np.clip({CELL}, -1, 1)",
        f"np.clip({CELL}, -3, 3)",
        f"np.clip({CELL}, -10, 10)",
        f"np.clip({CELL}, -1000, 1000)",
    ),
    ("cell_jacobian", "np.tanh(prev_c)"): (
        "np.clip(np.tanh(prev_c), -0.95, 0.95)",
        "np.clip(np.tanh(prev_c), -0.9995, 0.9995)",
    ),
    ("cell_gradient_path", "f.prod(axis=1)"): (
        "np.clip(f, 0.01, 0.99).prod(axis=1)",
        "np.clip(f, 1e-8, 1).prod(axis=1)",
        "np.exp(np.log(f + 1e-8).sum(axis=1))",
    ),
    ("temporal_softmax_loss", LOG_P): (
        *(f"np.log(np.exp({LOG_P}) + {eps})" for eps in ("1e-12", "1e-8", "1e-5", "1e-4")),
        f"np.log(np.clip(np.exp({LOG_P}), 1e-7, 1 - 1e-7))",
        f"np.log(np.clip(np.exp({LOG_P}), 1e-3, 1))",
    ),
    ("temporal_softmax_loss", SHIFT): (
        "np.clip(x, -500, 500)",
        f"np.clip({SHIFT}, -5, 0)",
        f"np.clip({SHIFT}, -50, 0)",
        "x - x.max()",
    ),
    ("perplexity", PERPLEXITY): (
        f"min({PERPLEXITY}, 100)",
        f"np.exp(min(np.log({PERPLEXITY}), 5))",
        f"np.round({PERPLEXITY}, 2)",
        f"np.round({PERPLEXITY}, 3)",
        "np.exp(np.sum(total_nats) / (np.sum(tokens) + 1e-8))",
    ),
    ("clip_grad_norm", "if norm > max_norm:"): (
        "if norm > max_norm * 1.5:",
        "if norm > max_norm + 1:",
        "if norm >= max_norm:",
    ),
    ("clip_grad_norm", "max_norm / norm"): (
        "max_norm / (norm + 1e-6)",
        "max_norm / (norm + 1e-3)",
        "max_norm / (norm + 1e-2)",
    ),
    ("step_jacobian", "1 - next_h**2"): (
        "np.maximum(1 - next_h**2, 1e-3)",
        "1 - np.clip(next_h, -0.95, 0.95)**2",
        "1 - np.clip(next_h, -0.9995, 0.9995)**2",
    ),
    ("gradient_norms", "np.sqrt((dh**2).sum())"): (
        "np.sqrt((dh**2).sum() + 1e-8)",
        "np.sqrt((dh**2).sum() + 1e-12)",
        "min(np.sqrt((dh**2).sum()), 5)",
    ),
    ("vanishing_bound", BOUND): (f"min({BOUND}, 10)", f"min({BOUND}, 100)"),
    ("masked_softmax", "np.where(mask, e, -np.inf)"): (
        "np.where(mask, e, -1e9)",
        "np.where(mask, e, -20.0)",
        "np.where(mask, np.clip(e, -30, 30), -np.inf)",
    ),
    ("masked_softmax", WEIGHTS): (
        "a / (a.sum(axis=1, keepdims=True) + 1e-8)",
        "a / (a.sum(axis=1, keepdims=True) + 1e-3)",
        f"np.where({WEIGHTS} < 1e-4, 0, {WEIGHTS})",
    ),
    ("next_probs", HEAT): (
        "np.exp(np.maximum((row[kept] - row.max()) / temperature, -20))",
        "np.exp((row[kept] - row.max()) / max(temperature, 0.5))",
        "np.exp((row[kept] - row.max()) / (temperature + 1e-8))",
        "np.exp((row[kept] - row.max()) / (temperature + 1e-3))",
    ),
    ("skipgram_negative_loss", MARGIN): (
        f"np.clip({MARGIN}, -3, 3)",
        f"np.clip({MARGIN}, -6, 6)",
        f"np.clip({MARGIN}, -20, 20)",
    ),
    ("log_softmax", "scores - scores.max(axis=-1, keepdims=True)"): (
        "np.clip(scores, -10, 10)",
        "np.clip(scores, -500, 500)",
        "np.clip(scores - scores.max(axis=-1, keepdims=True), -20, 0)",
    ),
}  # fmt: skip


def changes() -> Iterator[Change]:
    """All of them."""
    for function, it in TANH.items():
        argument = it.removeprefix("np.tanh")
        yield from ((function, it, way.format(it=it)) for way in CUT_TANH)
        yield from ((function, it, way.format(it=argument)) for way in CUT_ARGUMENT)
    for function, it in GRADIENTS.items():
        yield from ((function, it, way.format(it=f"({it})")) for way in CUT_GRADIENT)
    for (function, old), ways in OTHERS.items():
        yield from ((function, old, way) for way in ways)
