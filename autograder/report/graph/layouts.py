"""The steps that are drawn, laid out by hand in 40 columns, and the problems they belong to.

`@` is the matrix product and `*` the elementwise one, as in Python.
"""

from __future__ import annotations

from autograder.report.graph.model import Edge, Graph, Node, inputs

LABELS = 7
"""The column at which the names of gradients begin, after the longest name of an input."""

RNN = Graph(
    nodes=(
        *inputs(("x", 0), ("Wx", 1), ("prev_h", 2), ("Wh", 3), ("b", 4)),
        Node("x @ Wx", "operation", 19, 0, "@"),
        Node("prev_h @ Wh", "operation", 19, 2, "@"),
        Node("a", "operation", 23, 2, "+", forms=("a", "da")),
        Node("tanh", "operation", 26, 2, "tanh", forms=("next_h",)),
        Node("next_h", "output", 33, 2, "next_h"),
    ),
    edges=(
        Edge("x", "x @ Wx", tensor="x"),
        Edge("Wx", "x @ Wx", ((19, 1),), tensor="Wx"),
        Edge("prev_h", "prev_h @ Wh", tensor="prev_h"),
        Edge("Wh", "prev_h @ Wh", ((19, 3),), tensor="Wh"),
        Edge("x @ Wx", "a", ((23, 0),)),
        Edge("prev_h @ Wh", "a"),
        Edge("b", "a", ((23, 4),), tensor="b"),
        Edge("a", "tanh"),
        Edge("tanh", "next_h", tensor="next_h"),
    ),
    computes="next_h, the tanh of x Wx + prev_h Wh + b",
    steps=("rnn_step_forward", "rnn_step_backward"),
    labels=LABELS,
)

LSTM = Graph(
    nodes=(
        *inputs(("prev_c", 0), ("x", 2), ("Wx", 3), ("prev_h", 4), ("Wh", 5), ("b", 6)),
        Node("a", "operation", 20, 4, "a", forms=("a", "da")),
        Node("f", "operation", 25, 2, "f", forms=("f", "df", "da_f", "a_f"), gate="f"),
        Node("i", "operation", 25, 4, "i", forms=("i", "di", "da_i", "a_i"), gate="i"),
        Node("g", "operation", 25, 6, "g", forms=("g", "dg", "da_g", "a_g"), gate="g"),
        Node("o", "operation", 25, 8, "o", forms=("o", "do", "da_o", "a_o"), gate="o"),
        Node("f * prev_c", "operation", 27, 0, "*"),
        Node("i * g", "operation", 27, 4, "*"),
        Node("c", "operation", 30, 4, "+", forms=("next_c", "dc")),
        Node("tanh", "operation", 28, 7, "tanh"),
        Node("o * tanh", "operation", 30, 8, "*", forms=("next_h",)),
        Node("next_c", "output", 34, 4, "next_c"),
        Node("next_h", "output", 34, 8, "next_h"),
    ),
    edges=(
        Edge("prev_c", "f * prev_c", tensor="prev_c"),
        Edge("x", "a", ((18, 2), (18, 4)), tensor="x"),
        Edge("Wx", "a", ((18, 3), (18, 4)), tensor="Wx"),
        Edge("prev_h", "a", tensor="prev_h"),
        Edge("Wh", "a", ((18, 5), (18, 4)), tensor="Wh"),
        Edge("b", "a", ((18, 6), (18, 4)), tensor="b"),
        Edge("a", "f", ((22, 4), (22, 2))),
        Edge("a", "i"),
        Edge("a", "g", ((22, 4), (22, 6))),
        Edge("a", "o", ((22, 4), (22, 8))),
        Edge("f", "f * prev_c", ((27, 2),)),
        Edge("i", "i * g"),
        Edge("g", "i * g", ((27, 6),)),
        Edge("f * prev_c", "c", ((30, 0),)),
        Edge("i * g", "c"),
        Edge("c", "next_c", tensor="next_c"),
        Edge("c", "tanh"),
        Edge("tanh", "o * tanh"),
        Edge("o", "o * tanh"),
        Edge("o * tanh", "next_h", tensor="next_h"),
    ),
    computes="a, which is x Wx + prev_h Wh + b in the blocks i f o g; the gates i, f and o, "
    "which are its sigmoid, and g, its tanh; next_c, to which f lets prev_c and i lets g; "
    "and next_h, which is the tanh of next_c as far as o lets it",
    steps=("lstm_step_forward", "lstm_step_backward"),
    labels=LABELS,
)

GRU = Graph(
    nodes=(
        *inputs(("x", 0), ("Wx", 1), ("Wh", 2), ("b", 3), ("prev_h", 6)),
        Node("a", "operation", 20, 2, "a", forms=("a", "da")),
        Node("z", "operation", 25, 0, "z", forms=("z", "dz", "da_z"), gate="z"),
        Node("n", "operation", 27, 2, "n", forms=("n", "dn", "da_n"), gate="n"),
        Node("r", "operation", 25, 4, "r", forms=("r", "dr", "da_r"), gate="r"),
        Node("r * prev_h", "operation", 27, 4, "*", forms=("dreset",)),
        Node("mixed", "operation", 30, 2, "+", forms=("next_h",)),
        Node("next_h", "output", 34, 2, "next_h"),
    ),
    edges=(
        Edge("x", "a", ((18, 0), (18, 2)), tensor="x"),
        Edge("Wx", "a", ((18, 1), (18, 2)), tensor="Wx"),
        Edge("Wh", "a", tensor="Wh"),
        Edge("b", "a", ((18, 3), (18, 2)), tensor="b"),
        Edge("prev_h", "a", ((20, 6),), tensor="prev_h"),
        Edge("prev_h", "r * prev_h", ((27, 6),), tensor="prev_h"),
        Edge("prev_h", "mixed", ((30, 6),), tensor="prev_h"),
        Edge("a", "z", ((22, 2), (22, 0))),
        Edge("a", "n"),
        Edge("a", "r", ((22, 2), (22, 4))),
        Edge("r", "r * prev_h"),
        Edge("r * prev_h", "n"),
        Edge("z", "mixed", ((30, 0),)),
        Edge("n", "mixed"),
        Edge("mixed", "next_h", tensor="next_h"),
    ),
    computes="a, which is x Wx + prev_h Wh + b in the blocks z r n, where the block n sees prev_h "
    "as far as r lets it; the gates z and r, which are its sigmoid, and n, its tanh; "
    "and next_h, a mixture of prev_h and n by the weight z",
    steps=("gru_step_forward", "gru_step_backward"),
    labels=LABELS,
)

ATTENTION = Graph(
    nodes=(
        *inputs(("v", 0), ("W", 1), ("s", 2), ("U", 3), ("h", 4)),
        Node("s @ W", "operation", 11, 2, "@"),
        Node("h @ U", "operation", 11, 4, "@"),
        Node("added", "operation", 14, 3, "+"),
        Node("tanh", "operation", 16, 3, "tanh"),
        Node("scores", "operation", 21, 3, "@"),
        Node("softmax", "operation", 23, 3, "softmax"),
        Node("averaged", "operation", 26, 5, "*", forms=("context", "da")),
        Node("weights", "output", 33, 3, "weights"),
        Node("context", "output", 33, 5, "context"),
    ),
    edges=(
        Edge("v", "scores", ((21, 0),), tensor="v"),
        Edge("W", "s @ W", ((11, 1),), tensor="W"),
        Edge("s", "s @ W", tensor="s"),
        Edge("U", "h @ U", ((11, 3),), tensor="U"),
        Edge("h", "h @ U", tensor="h"),
        Edge("h", "averaged", ((9, 4), (9, 5)), tensor="h"),
        Edge("s @ W", "added", ((14, 2),)),
        Edge("h @ U", "added", ((14, 4),)),
        Edge("added", "tanh"),
        Edge("tanh", "scores"),
        Edge("scores", "softmax"),
        Edge("softmax", "weights", tensor="weights"),
        Edge("softmax", "averaged"),
        Edge("averaged", "context", tensor="context"),
    ),
    computes="the scores v . tanh(s W + h U), the weights, which are their softmax over the words "
    "of the mask, and the context, the average of h by the weights",
    steps=("additive_attention_forward", "additive_attention_backward"),
    labels=2,
)

NOTE = "one of the T steps; dh0 is the dprev_h of the first"

GRAPHS = {
    "rnn_step_forward": RNN,
    "rnn_step_backward": RNN,
    "rnn_backward": RNN.renamed({"prev_h": "h0"}, NOTE),
    "rnn_backward_truncated": RNN.renamed({"prev_h": "h0"}, NOTE),
    "lstm_step_forward": LSTM,
    "lstm_step_backward": LSTM,
    "lstm_backward": LSTM.renamed({"prev_h": "h0"}, NOTE),
    "gru_step_forward": GRU,
    "gru_step_backward": GRU,
    "gru_backward": GRU.renamed({"prev_h": "h0"}, NOTE),
    "additive_attention_forward": ATTENTION,
    "additive_attention_backward": ATTENTION,
}
"""Problem -> the graph of its step."""
