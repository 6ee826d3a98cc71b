"""Lesson 12: the same ideas as torch modules.

Now torch does the backward pass, and what you write is the forward pass of lessons 5 and 11 once
more, and the block that came after them. Write it from tensors, `nn.Linear` and `nn.Embedding`.
What torch has ready-made for exactly these things (its recurrent cells and layers, its attention,
Transformer and layer normalisation) is what you are checked against, so it is refused here.

The constructors are given: they name every parameter and its shape, and a check sets the parameters
by these names. Add no parameters of your own. Conventions are those of the whole course: batch
first, row vectors, weights on the right, LSTM blocks in the order i, f, o, g. Masks are boolean and
True where there is a word. New tensors belong on the device and in the dtype of what you were given
(`x.new_zeros(...)` makes such a tensor).

N batch, T time or target positions, S source positions, D word vector, H hidden, A alignment units,
V vocabulary, E width of the Transformer, F hidden width of its MLP.
"""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    """One step of an LSTM: the equations of lesson 5.

    [i f o g] = x Wx + prev_h Wh + b, a sigmoid on i, f and o, a tanh on g;
    c_t = f * c_{t-1} + i * g and h_t = o * tanh(c_t).

    Parameters: Wx (D, 4H), Wh (H, 4H), b (4H,), in blocks i, f, o, g.
    """

    def __init__(self, D, H):
        super().__init__()
        bound = 1 / math.sqrt(H)
        self.Wx = nn.Parameter(torch.empty(D, 4 * H).uniform_(-bound, bound))
        self.Wh = nn.Parameter(torch.empty(H, 4 * H).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(4 * H))
        with torch.no_grad():
            self.b[H : 2 * H] = 1.0  # a new cell remembers

    def forward(self, x, prev_h, prev_c):
        """One step for a batch.

        Inputs:
        - x: (N, D), prev_h: (N, H), prev_c: (N, H)

        Returns:
        - next_h: (N, H), next_c: (N, H)
        """
        raise NotImplementedError("LSTMCell.forward (Task 12.1, 5 points)")
        return next_h, next_c


class AdditiveAttention(nn.Module):
    """One look at the source: the equations of lesson 11.

    e_i = v . tanh(s W + h_i U), weights = softmax of e over the words, context = sum_i weights_i
    h_i.

    Parameters: W (H, A), U (E, A), v (A,).
    """

    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        """Ask with s, average h.

        Inputs:
        - s: (N, H), the query
        - h: (N, S, E), the encoder's states
        - mask: (N, S), boolean, True where there is a word; every row has one

        Returns:
        - context: (N, E)
        - weights: (N, S), exactly 0 where mask is False
        """
        raise NotImplementedError("AdditiveAttention.forward (Task 12.2, 3 points)")
        return context, weights


class AttentionSeq2Seq(nn.Module):
    """A translator: an LSTM reads the source, another writes the target and looks back at every
    step.

    Parameters: those of its parts, source_embedding.weight (source_size, D),
    target_embedding.weight (target_size, D), encoder.Wx (D, 4H), encoder.Wh, encoder.b, attention.W
    (H, A), attention.U (H, A), attention.v, decoder.Wx (D+H, 4H), decoder.Wh, decoder.b,
    output.weight (target_size, H), output.bias.

    Source: lecture, "Machine Translation with RNNs and Attention".
    """

    def __init__(self, source_size, target_size, D, H, A):
        super().__init__()
        self.source_embedding = nn.Embedding(source_size, D)
        self.target_embedding = nn.Embedding(target_size, D)
        self.encoder = LSTMCell(D, H)
        self.attention = AdditiveAttention(H, H, A)
        self.decoder = LSTMCell(D + H, H)
        self.output = nn.Linear(H, target_size)

    def encode(self, source, mask):
        """Read the source from left to right, starting from zeros.

        A padded position leaves both states of its row as they are. So the last state of every row
        is the state after its last word, however long the row was padded.

        Inputs:
        - source: (N, S), ids
        - mask: (N, S), boolean, True where there is a word

        Returns:
        - h: (N, S, H), the hidden states; h[:, t] has read source[:, 0] to source[:, t]
        - last_h: (N, H), last_c: (N, H), both states after the last position
        """
        raise NotImplementedError("AttentionSeq2Seq.encode (Task 12.3, 4 points)")
        return h, last_h, last_c

    def decode_step(self, words, prev_s, prev_c, h, mask):
        """Look at the source with prev_s, read the word before, and say what could come next.

        The decoder's input is the word's vector and the context side by side, [x; context]; what
        comes next is judged from the new hidden state alone, logits = output(next_s).

        Inputs:
        - words: (N,), the ids of the words before
        - prev_s: (N, H), prev_c: (N, H), the decoder's states
        - h: (N, S, H), mask: (N, S), from the encoder

        Returns:
        - logits: (N, target_size), scores of the next word, before any softmax
        - next_s: (N, H), next_c: (N, H)
        - weights: (N, S), what it looked at
        """
        raise NotImplementedError("AttentionSeq2Seq.decode_step (no task of its own)")
        return logits, next_s, next_c, weights

    def forward(self, source, mask, target_in):
        """Teacher forcing: at each step the decoder reads the true word before, whatever it would
        have said itself.

        The decoder starts from the encoder's last states.

        Inputs:
        - source: (N, S), mask: (N, S)
        - target_in: (N, T), the words the decoder reads: the start word, then the target without
          its last word

        Returns:
        - logits: (N, T, target_size); logits[:, t] has read target_in[:, 0] to target_in[:, t]
        - weights: (N, T, S)
        """
        raise NotImplementedError("AttentionSeq2Seq.forward (Task 12.4, 6 points)")
        return logits, weights

    @torch.no_grad()
    def translate(self, source, mask, start, end, max_length):
        """Greedy translation: the decoder reads its own best word of the step before.

        Inputs:
        - source: (N, S), mask: (N, S)
        - start, end: the ids of the start word and the end word
        - max_length: how many words to write

        Returns:
        - ids: (N, max_length), without the start word; after a row's first end word every id is
          `end`
        """
        raise NotImplementedError("AttentionSeq2Seq.translate (Task 12.5, 3 points)")
        return ids


class LayerNorm(nn.Module):
    """Layer normalisation: every vector by itself, over its E numbers.

    y = gain * (x - mean) / sqrt(variance + eps) + bias, with mean and variance over the last axis
    only; the variance is the mean of the squared differences (divided by E, not by E - 1).

    Parameters: gain (E,), bias (E,).

    Source: Ba, Kiros and Hinton 2016.
    """

    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        """Inputs: x (..., E). Returns: y of the same shape."""
        raise NotImplementedError("LayerNorm.forward (Task 12.6, 2 points)")
        return y


class SelfAttention(nn.Module):
    """All vectors interact: scaled dot-product attention with several heads.

    queries Q, keys K and values V of all positions come from three linear layers. Head number k has
    the columns k E/heads to (k+1) E/heads of each. Within a head, with d = E/heads numbers for each
    position,

        weights = softmax over positions j of (Q_i . K_j / sqrt(d)),
        out_i = sum_j weights_ij V_j,

    and the heads' outputs, side by side in order, go through a last linear layer.

    Parameters: weight (E, E) and bias (E,) of query, key, value and output.

    Source: Vaswani et al. 2017, section 3.2.
    """

    def __init__(self, E, heads):
        super().__init__()
        if E % heads:
            raise ValueError(f"{heads} heads cannot share {E} numbers equally")
        self.heads = heads
        self.query = nn.Linear(E, E)
        self.key = nn.Linear(E, E)
        self.value = nn.Linear(E, E)
        self.output = nn.Linear(E, E)

    def forward(self, x, mask, causal=False):
        """Each position looks at the words, and if `causal`, only at those up to itself.

        Inputs:
        - x: (N, T, E)
        - mask: (N, T), boolean, True where there is a word; the words of a row come first, and
          every row has one
        - causal: whether position i may only look at positions j <= i

        Returns:
        - out: (N, T, E); what stands at padded positions is nobody's business
        """
        raise NotImplementedError("SelfAttention.forward (Task 12.7, 4 points)")
        return out


class TransformerBlock(nn.Module):
    """The block of the lecture, in the order of the 2017 figure: normalise after adding.

    All vectors interact, y = norm1(x + attention(x)); then an MLP on each vector by itself,
    out = norm2(y + linear2(relu(linear1(y)))).

    Parameters: those of its parts, attention.query.weight, ..., norm1.gain, norm1.bias,
    linear1.weight (F, E), linear1.bias, linear2.weight (E, F), linear2.bias, norm2.gain,
    norm2.bias. eps of both norms is 1e-5.

    Source: lecture, "The Transformer"; Vaswani et al. 2017, figure 1. No dropout here.
    """

    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        """As for SelfAttention: x (N, T, E), mask (N, T), causal; out (N, T, E)."""
        raise NotImplementedError("TransformerBlock.forward (Task 12.8, 3 points)")
        return out
