"""A correct torch_models.py in another style: double precision inside, helper functions, states
side by side.
"""

import math

import torch
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
        W = torch.cat([self.Wx, self.Wh, self.b[None]]).double()
        ones = torch.ones(len(x), 1, dtype=torch.double)
        a = torch.cat([x.double(), prev_h.double(), ones], dim=1) @ W
        i, f, o, g = a.tensor_split(4, dim=1)
        c = prev_c.double() / (1 + torch.exp(-f)) + torch.tanh(g) / (1 + torch.exp(-i))
        h = torch.tanh(c) / (1 + torch.exp(-o))
        return h.to(x.dtype), c.to(x.dtype)


class AdditiveAttention(nn.Module):
    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        W, U, v = self.W.double(), self.U.double(), self.v.double()
        e = torch.tanh((s.double() @ W).unsqueeze(1) + h.double() @ U) @ v
        logs = torch.log_softmax(e + torch.log(mask.double()), dim=1)
        weights = logs.exp()
        context = (weights.unsqueeze(2) * h.double()).sum(1)
        return context.to(h.dtype), weights.to(h.dtype)


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
        H = self.encoder.Wh.shape[0]
        both = torch.zeros(len(source), 2 * H)
        states = [both]
        for t in range(source.shape[1]):
            new = torch.cat(
                self.encoder(self.source_embedding(source)[:, t], both[:, :H], both[:, H:]), dim=1
            )
            both = torch.where(mask[:, t : t + 1].expand_as(new), new, both)
            states.append(both)
        h = torch.stack(states[1:]).transpose(0, 1)[..., :H]
        return h, both[:, :H], both[:, H:]

    def decode_step(self, words, prev_s, prev_c, h, mask):
        context, weights = self.attention(prev_s, h, mask)
        one_hot = torch.eye(self.target_embedding.num_embeddings)[words]
        x = torch.cat([one_hot @ self.target_embedding.weight, context], dim=1)
        next_s, next_c = self.decoder(x, prev_s, prev_c)
        return self.output(next_s), next_s, next_c, weights

    def forward(self, source, mask, target_in):
        h, s, c = self.encode(source, mask)

        def run(t, s, c):
            if t == target_in.shape[1]:
                return [], []
            y, s, c, a = self.decode_step(target_in[:, t], s, c, h, mask)
            logits, weights = run(t + 1, s, c)
            return [y, *logits], [a, *weights]

        logits, weights = run(0, s, c)
        return torch.stack(logits).permute(1, 0, 2), torch.stack(weights).permute(1, 0, 2)

    def translate(self, source, mask, start, end, max_length):
        with torch.no_grad():
            written = torch.full((len(source), 1), start)
            for _ in range(max_length):  # from the beginning again for every word: slow, and right
                best = self(source, mask, written)[0][:, -1].argmax(dim=1, keepdim=True)
                over = (written[:, 1:] == end).any(dim=1, keepdim=True)
                written = torch.cat([written, torch.where(over, end, best)], dim=1)
        return written[:, 1:]


class LayerNorm(nn.Module):
    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        y = x.double()
        y = (y - y.mean(dim=-1, keepdim=True)) / (
            y.var(dim=-1, unbiased=False, keepdim=True) + self.eps
        ).sqrt()
        return (self.gain * y + self.bias).to(x.dtype)


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
        d = E // self.heads

        def heads(y):  # (N heads, T, d)
            return y.double().view(N, T, self.heads, d).permute(0, 2, 1, 3).reshape(-1, T, d)

        Q, K, V = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        position = torch.arange(T)
        seen = mask[:, None, :] & ((position[None, :] <= position[:, None]) | (not causal))
        bias = torch.log(seen.double()).repeat_interleave(self.heads, dim=0)
        weights = torch.baddbmm(bias, Q, K.mT, alpha=d**-0.5).softmax(-1)
        out = (weights @ V).view(N, self.heads, T, d).permute(0, 2, 1, 3).reshape(N, T, E)
        return self.output(out.to(x.dtype))


class TransformerBlock(nn.Module):
    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        def mlp(y):
            hidden = self.linear1(y)
            return self.linear2(hidden * (hidden > 0))

        for part, norm in (
            (lambda y: self.attention(y, mask, causal), self.norm1),
            (mlp, self.norm2),
        ):
            x = norm(x + part(x))
        return x
