"""A correct torch_models.py in another style: einsum, functional calls, a low score for what is
hidden.
"""

import math

import torch
import torch.nn.functional as functional
from torch import nn


class LSTMCell(nn.Module):
    def __init__(self, D, H):
        super().__init__()
        bound = 1 / math.sqrt(H)
        self.Wx = nn.Parameter(torch.empty(D, 4 * H).uniform_(-bound, bound))
        self.Wh = nn.Parameter(torch.empty(H, 4 * H).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(4 * H))
        with torch.no_grad():
            self.b[H : 2 * H] = 1.0

    def forward(self, x, prev_h, prev_c):
        H = prev_h.shape[1]
        a = functional.linear(x, self.Wx.T, self.b) + functional.linear(prev_h, self.Wh.T)
        gates, g = torch.sigmoid(a[:, : 3 * H]), torch.tanh(a[:, 3 * H :])
        i, f, o = torch.split(gates, H, dim=1)
        next_c = torch.addcmul(i * g, f, prev_c)
        return o * torch.tanh(next_c), next_c


class AdditiveAttention(nn.Module):
    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        query, keys = torch.einsum("nh,ha->na", s, self.W), torch.einsum("nse,ea->nsa", h, self.U)
        e = torch.einsum("nsa,a->ns", torch.tanh(query.unsqueeze(1) + keys), self.v)
        a = functional.softmax(torch.where(mask, e, torch.full_like(e, -1e9)), dim=-1)
        return torch.einsum("ns,nse->ne", a, h), a


class AttentionSeq2Seq(nn.Module):
    def __init__(self, source_size, target_size, D, H, A):
        super().__init__()
        self.source_embedding = nn.Embedding(source_size, D)
        self.target_embedding = nn.Embedding(target_size, D)
        self.encoder = LSTMCell(D, H)
        self.attention = AdditiveAttention(H, H, A)
        self.decoder = LSTMCell(D + H, H)
        self.output = nn.Linear(H, target_size)

    def encode(self, source, mask):
        x = self.source_embedding(source)
        keep = mask.to(x.dtype)[..., None]
        h = torch.zeros(source.shape[0], self.encoder.Wh.shape[0]).to(x)
        c = torch.zeros_like(h)
        out = []
        for x_t, k in zip(x.unbind(1), keep.unbind(1), strict=True):
            new_h, new_c = self.encoder(x_t, h, c)
            h, c = k * new_h + (1 - k) * h, k * new_c + (1 - k) * c
            out += [h]
        return torch.stack(out, 1), h, c

    def decode_step(self, words, prev_s, prev_c, h, mask):
        context, weights = self.attention(prev_s, h, mask)
        word = functional.embedding(words, self.target_embedding.weight)
        next_s, next_c = self.decoder(torch.concat((word, context), -1), prev_s, prev_c)
        return (
            functional.linear(next_s, self.output.weight, self.output.bias),
            next_s,
            next_c,
            weights,
        )

    def forward(self, source, mask, target_in):
        h, s, c = self.encode(source, mask)
        states, weights = [], []
        for words in target_in.T:
            _, s, c, a = self.decode_step(words, s, c, h, mask)
            states.append(s)
            weights.append(a)
        return self.output(torch.stack(states, 1)), torch.stack(weights, 1)

    @torch.inference_mode()
    def translate(self, source, mask, start, end, max_length):
        h, s, c = self.encode(source, mask)
        ids = source.new_full((len(source), max_length + 1), start)
        for t in range(max_length):
            logits, s, c, _ = self.decode_step(ids[:, t], s, c, h, mask)
            ids[:, t + 1] = logits.argmax(-1)
        ids = ids[:, 1:]
        ended_before = (torch.cumsum(ids == end, dim=1) - (ids == end).long()) > 0
        return torch.where(ended_before, torch.full_like(ids, end), ids)


class LayerNorm(nn.Module):
    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        variance, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
        return torch.addcmul(self.bias, (x - mean) * torch.rsqrt(variance + self.eps), self.gain)


class SelfAttention(nn.Module):
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
        N, T, E = x.shape
        Q, K, V = (
            part(x).unflatten(-1, (self.heads, -1)) for part in (self.query, self.key, self.value)
        )
        scores = torch.einsum("nikd,njkd->nkij", Q, K) * (E // self.heads) ** -0.5
        hidden = ~mask[:, None, None, :].expand(-1, -1, T, -1)
        if causal:
            hidden = hidden | torch.triu(torch.ones(T, T), diagonal=1).bool()
        weights = functional.softmax(scores.masked_fill(hidden, -1e9), -1)
        return self.output(torch.einsum("nkij,njkd->nikd", weights, V).flatten(2))


class TransformerBlock(nn.Module):
    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        x = self.norm1(x + self.attention(x, mask, causal))
        return self.norm2(x + self.linear2(functional.relu(self.linear1(x))))
