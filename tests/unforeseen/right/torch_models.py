"""Lesson 12: the same ideas as torch modules."""

import math

import torch
from torch import nn


class LSTMCell(nn.Module):
    """One step of an LSTM: the equations of lesson 5."""

    def __init__(self, D, H):
        super().__init__()
        bound = 1 / math.sqrt(H)
        self.Wx = nn.Parameter(torch.empty(D, 4 * H).uniform_(-bound, bound))
        self.Wh = nn.Parameter(torch.empty(H, 4 * H).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(4 * H))
        with torch.no_grad():
            self.b[H : 2 * H] = 1.0  # a new cell remembers

    def forward(self, x, prev_h, prev_c):
        """One step for a batch."""
        a = x @ self.Wx + prev_h @ self.Wh + self.b
        H = prev_h.shape[1]
        gate_in = torch.sigmoid(a[:, :H])
        gate_forget = torch.sigmoid(a[:, H : 2 * H])
        gate_out = torch.sigmoid(a[:, 2 * H : 3 * H])
        new = torch.tanh(a[:, 3 * H :])
        next_c = gate_forget * prev_c + gate_in * new
        next_h = gate_out * torch.tanh(next_c)
        return next_h, next_c


class AdditiveAttention(nn.Module):
    """One look at the source: the equations of lesson 11."""

    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        """Ask with s, average h."""
        asked = (s @ self.W).unsqueeze(1)
        e = torch.tanh(asked + h @ self.U) @ self.v
        e = e.masked_fill(~mask, float("-inf"))
        weights = torch.softmax(e, dim=1)
        context = (weights.unsqueeze(2) * h).sum(dim=1)
        return context, weights


class AttentionSeq2Seq(nn.Module):
    """A translator: one LSTM reads the source, another writes the target and looks back."""

    def __init__(self, source_size, target_size, D, H, A):
        super().__init__()
        self.source_embedding = nn.Embedding(source_size, D)
        self.target_embedding = nn.Embedding(target_size, D)
        self.encoder = LSTMCell(D, H)
        self.attention = AdditiveAttention(H, H, A)
        self.decoder = LSTMCell(D + H, H)
        self.output = nn.Linear(H, target_size)

    def encode(self, source, mask):
        """Read the source from left to right, starting from zeros."""
        N, S = source.shape
        vectors = self.source_embedding(source)
        H = self.encoder.Wh.shape[0]
        last_h = vectors.new_zeros(N, H)
        last_c = vectors.new_zeros(N, H)
        states = []
        for t in range(S):
            h_t, c_t = self.encoder(vectors[:, t], last_h, last_c)
            real = mask[:, t].unsqueeze(1)
            last_h = torch.where(real, h_t, last_h)
            last_c = torch.where(real, c_t, last_c)
            states.append(last_h)
        h = torch.stack(states, dim=1)
        return h, last_h, last_c

    def decode_step(self, words, prev_s, prev_c, h, mask):
        """Look at the source with prev_s, read the word before, and say what could come next."""
        context, weights = self.attention(prev_s, h, mask)
        inp = torch.cat([self.target_embedding(words), context], dim=1)
        next_s, next_c = self.decoder(inp, prev_s, prev_c)
        logits = self.output(next_s)
        return logits, next_s, next_c, weights

    def forward(self, source, mask, target_in):
        """Teacher forcing: at each step the decoder reads the true word before, not its own."""
        h, s, c = self.encode(source, mask)
        all_logits, looked = [], []
        for t in range(target_in.shape[1]):
            step_logits, s, c, w = self.decode_step(target_in[:, t], s, c, h, mask)
            all_logits.append(step_logits)
            looked.append(w)
        logits = torch.stack(all_logits, dim=1)
        weights = torch.stack(looked, dim=1)
        return logits, weights

    @torch.no_grad()
    def translate(self, source, mask, start, end, max_length):
        """Greedy translation: the decoder reads its own best word of the step before."""
        h, s, c = self.encode(source, mask)
        N = source.shape[0]
        current = source.new_full((N,), start)
        ended = torch.zeros(N, dtype=torch.bool, device=source.device)
        columns = []
        for _ in range(max_length):
            scores, s, c, _w = self.decode_step(current, s, c, h, mask)
            current = scores.argmax(dim=1)
            current = current.masked_fill(ended, end)
            ended = ended | (current == end)
            columns.append(current)
        ids = torch.stack(columns, dim=1)
        return ids


class LayerNorm(nn.Module):
    """Layer normalisation: every vector by itself, over its E numbers."""

    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        """Normalise every vector of an array."""
        mu = x.mean(dim=-1, keepdim=True)
        centred = x - mu
        var = (centred**2).mean(dim=-1, keepdim=True)
        y = self.gain * centred / torch.sqrt(var + self.eps) + self.bias
        return y


class SelfAttention(nn.Module):
    """All vectors interact: scaled dot-product attention with several heads."""

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
        """Each position looks at the words, and if `causal`, only at those up to itself."""
        N, T, E = x.shape
        d = E // self.heads
        q, k, v = self.query(x), self.key(x), self.value(x)
        allowed = mask[:, None, :].expand(N, T, T)
        if causal:
            past = torch.ones(T, T, dtype=torch.bool, device=x.device).tril()
            allowed = allowed & past
        pieces = []
        for head in range(self.heads):
            cols = slice(head * d, (head + 1) * d)
            match = torch.einsum("nid,njd->nij", q[:, :, cols], k[:, :, cols])
            match = match / math.sqrt(d)
            match = match.masked_fill(~allowed, float("-inf"))
            looks = torch.softmax(match, dim=-1)
            pieces.append(looks @ v[:, :, cols])
        out = self.output(torch.cat(pieces, dim=-1))
        return out


class TransformerBlock(nn.Module):
    """The block of the lecture, in the order of the 2017 figure: normalise after adding."""

    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        """Attention and the MLP, each added to what it read and normalised."""
        talked = self.attention(x, mask, causal)
        y = self.norm1(x + talked)
        thought = self.linear2(torch.relu(self.linear1(y)))
        out = self.norm2(y + thought)
        return out
