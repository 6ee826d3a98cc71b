"""Lesson 12: the same ideas as torch modules.

Now torch does the backward pass, and what you write is the forward pass of lessons 5 and 11 once
more, and the block that came after them. Write it from tensors, `nn.Linear` and `nn.Embedding`.
What torch has ready-made for exactly these things (its recurrent cells and layers, its attention
and Transformer, its norms from LayerNorm to GroupNorm) is what you are to write, so it is refused.
All else of torch is yours: arithmetic, `matmul`, `einsum`, `softmax`, `relu`, `mean`, `var_mean`.

The constructors are given: they name every parameter and its shape, and a check sets the parameters
by these names. Add no parameters of your own. Conventions are those of the whole course: batch
first, row vectors, weights on the right, LSTM blocks in the order i, f, o, g. Masks are boolean and
True where there is a word. New tensors belong on the device and in the dtype of what you were given
(`x.new_zeros(...)` makes such a tensor). The checks run in float32.

N batch, T time or target positions, S source positions, D word vector, H hidden, A alignment units,
E encoder state or width of the Transformer, F hidden width of its MLP, P source vocabulary, V
target vocabulary.
"""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    """One step of an LSTM: the equations of lesson 5.

        [i f o g] = x Wx + prev_h Wh + b,    a sigmoid on i, f and o, a tanh on g,
        c_t = f * c_{t-1} + i * g,           h_t = o * tanh(c_t)

    Parameters:
    - Wx: (D, 4H), input-to-hidden weights, blocks i f o g
    - Wh: (H, 4H), hidden-to-hidden weights, blocks i f o g
    - b: (4H,), bias, blocks i f o g

    Source: lecture, "Long Short Term Memory"; Hochreiter and Schmidhuber 1997.
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
        - x: (N, D), the input at this time step
        - prev_h: (N, H), the hidden state of the step before
        - prev_c: (N, H), the cell state of the step before

        Returns:
        - next_h: (N, H), the new hidden state
        - next_c: (N, H), the new cell state

        Source: lesson 5, lstm_step_forward.
        """
        raise NotImplementedError("LSTMCell.forward (Task 12.1, 5 points)")
        return next_h, next_c


class AdditiveAttention(nn.Module):
    """One look at the source: the equations of lesson 11.

        e_i = v . tanh(s W + h_i U),
        weights = softmax of e over the words,    context = sum_i weights_i h_i

    Parameters:
    - W: (H, A)
    - U: (E, A)
    - v: (A,)

    Source: lecture, "Machine Translation with RNNs and Attention"; Bahdanau, Cho and Bengio 2015.
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
        - mask: (N, S), booleans, True where there is a word; every row has one

        Returns:
        - context: (N, E), the average
        - weights: (N, S), exactly 0 where mask is False

        Source: lesson 11, additive_attention_forward.
        """
        raise NotImplementedError("AdditiveAttention.forward (Task 12.2, 3 points)")
        return context, weights


class AttentionSeq2Seq(nn.Module):
    """A translator: one LSTM reads the source, another writes the target and looks back.

    P = source_size is the number of source words, V = target_size that of target words.

    Parameters:
    - source_embedding.weight: (P, D)
    - target_embedding.weight: (V, D)
    - encoder.Wx: (D, 4H)
    - encoder.Wh: (H, 4H)
    - encoder.b: (4H,)
    - attention.W: (H, A)
    - attention.U: (H, A)
    - attention.v: (A,)
    - decoder.Wx: (D+H, 4H)
    - decoder.Wh: (H, 4H)
    - decoder.b: (4H,)
    - output.weight: (V, H)
    - output.bias: (V,)

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
        is the state after its last word, however far the row was padded.

        Inputs:
        - source: (N, S), ids
        - mask: (N, S), booleans, True where there is a word

        Returns:
        - h: (N, S, H), the hidden states; h[:, t] has read source[:, 0] to source[:, t]
        - last_h: (N, H), the hidden state after the last position
        - last_c: (N, H), the cell state after the last position

        Source: lecture, "Machine Translation with RNNs and Attention".
        """
        raise NotImplementedError("AttentionSeq2Seq.encode (Task 12.3, 4 points)")
        return h, last_h, last_c

    def decode_step(self, words, prev_s, prev_c, h, mask):
        """Look at the source with prev_s, read the word before, and say what could come next.

        The decoder's input is the word's vector and the context side by side, [x; context]; what
        comes next is judged from the new hidden state alone, logits = output(next_s).

        Inputs:
        - words: (N,), the ids of the words before
        - prev_s: (N, H), the decoder's hidden state of the step before
        - prev_c: (N, H), the decoder's cell state of the step before
        - h: (N, S, H), the encoder's states
        - mask: (N, S), booleans, True where there is a word

        Returns:
        - logits: (N, V), scores of the next word, before any softmax
        - next_s: (N, H), the decoder's new hidden state
        - next_c: (N, H), the decoder's new cell state
        - weights: (N, S), what it looked at

        Source: lecture, "Machine Translation with RNNs and Attention".
        """
        raise NotImplementedError("AttentionSeq2Seq.decode_step (no task of its own)")
        return logits, next_s, next_c, weights

    def forward(self, source, mask, target_in):
        """Teacher forcing: at each step the decoder reads the true word before, not its own.

        The decoder starts from the encoder's last states.

        Inputs:
        - source: (N, S), ids
        - mask: (N, S), booleans, True where there is a word
        - target_in: (N, T), the words the decoder reads: the start word, then the target without
          its last word

        Returns:
        - logits: (N, T, V); logits[:, t] has read target_in[:, 0] to target_in[:, t]
        - weights: (N, T, S), what the decoder looked at

        Source: lecture, "Machine Translation with RNNs and Attention".
        """
        raise NotImplementedError("AttentionSeq2Seq.forward (Task 12.4, 5 points)")
        return logits, weights

    @torch.no_grad()
    def translate(self, source, mask, start, end, max_length):
        """Greedy translation: the decoder reads its own best word of the step before.

        No two words have the same score.

        Inputs:
        - source: (N, S), ids
        - mask: (N, S), booleans, True where there is a word
        - start: a whole number, the id of the start word
        - end: a whole number, the id of the end word
        - max_length: a whole number, how many words to write

        Returns:
        - ids: (N, max_length), without the start word; after a row's first end word every id is
          `end`

        Source: lecture, "Machine Translation with RNNs and Attention".
        """
        raise NotImplementedError("AttentionSeq2Seq.translate (Task 12.5, 3 points)")
        return ids


class LayerNorm(nn.Module):
    """Layer normalisation: every vector by itself, over its E numbers.

        y = gain * (x - mean) / sqrt(variance + eps) + bias

    Mean and variance are taken over the last axis only; the variance is the mean of the squared
    differences (divided by E, not by E - 1).

    Parameters:
    - gain: (E,)
    - bias: (E,)

    Source: Ba, Kiros and Hinton 2016.
    """

    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        """Normalise every vector of an array.

        Inputs:
        - x: (..., E), the vectors

        Returns:
        - y: (..., E), of the same shape as x

        Source: Ba, Kiros and Hinton 2016.
        """
        raise NotImplementedError("LayerNorm.forward (Task 12.6, 2 points)")
        return y


class SelfAttention(nn.Module):
    """All vectors interact: scaled dot-product attention with several heads.

    Queries Q, keys K and values V of all positions come from three linear layers. Head number k has
    the columns k E/heads to (k+1) E/heads of each. Within a head, with d = E/heads numbers for each
    position,

        weights = softmax over positions j of (Q_i . K_j / sqrt(d)),
        out_i = sum_j weights_ij V_j,

    and the heads' outputs, side by side in order, go through a last linear layer.

    Parameters:
    - query.weight: (E, E)
    - query.bias: (E,)
    - key.weight: (E, E)
    - key.bias: (E,)
    - value.weight: (E, E)
    - value.bias: (E,)
    - output.weight: (E, E)
    - output.bias: (E,)

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
        - x: (N, T, E), one vector for each position
        - mask: (N, T), booleans, True where there is a word; the words of a row come first, and
          every row has one
        - causal: True or False, whether position i may only look at positions j <= i

        Returns:
        - out: (N, T, E); what stands at padded positions does not matter

        Source: Vaswani et al. 2017, section 3.2.
        """
        raise NotImplementedError("SelfAttention.forward (Task 12.7, 4 points)")
        return out


class TransformerBlock(nn.Module):
    """The block of the lecture, in the order of the 2017 figure: normalise after adding.

    All vectors interact; then an MLP works on each vector by itself:

        y = norm1(x + attention(x)),    out = norm2(y + linear2(relu(linear1(y))))

    There is no dropout here, and eps of both norms is 1e-5.

    Parameters:
    - attention.query.weight: (E, E)
    - attention.query.bias: (E,)
    - attention.key.weight: (E, E)
    - attention.key.bias: (E,)
    - attention.value.weight: (E, E)
    - attention.value.bias: (E,)
    - attention.output.weight: (E, E)
    - attention.output.bias: (E,)
    - norm1.gain: (E,)
    - norm1.bias: (E,)
    - linear1.weight: (F, E)
    - linear1.bias: (F,)
    - linear2.weight: (E, F)
    - linear2.bias: (E,)
    - norm2.gain: (E,)
    - norm2.bias: (E,)

    Source: lecture, "The Transformer"; Vaswani et al. 2017, figure 1.
    """

    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        """Attention and the MLP, each added to what it read and normalised.

        Inputs:
        - x: (N, T, E), one vector for each position
        - mask: (N, T), booleans, True where there is a word; the words of a row come first, and
          every row has one
        - causal: True or False, whether position i may only look at positions j <= i

        Returns:
        - out: (N, T, E); what stands at padded positions does not matter

        Source: lecture, "The Transformer"; Vaswani et al. 2017, figure 1.
        """
        raise NotImplementedError("TransformerBlock.forward (Task 12.8, 3 points)")
        return out
