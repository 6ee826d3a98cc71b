"""A correct torch_models.py in another style: one gate, row, position and head at a time."""

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

    def gate(self, number, x, prev_h):
        H = self.Wh.shape[0]
        block = slice(number * H, number * H + H)
        return x @ self.Wx[:, block] + prev_h @ self.Wh[:, block] + self.b[block]

    def forward(self, x, prev_h, prev_c):
        i = self.gate(0, x, prev_h).sigmoid()
        f = self.gate(1, x, prev_h).sigmoid()
        o = self.gate(2, x, prev_h).sigmoid()
        g = self.gate(3, x, prev_h).tanh()
        c = f * prev_c + i * g
        return o * c.tanh(), c


class AdditiveAttention(nn.Module):
    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        contexts, all_weights = [], []
        for n in range(len(s)):
            exps = []
            scores = [torch.tanh(s[n] @ self.W + state @ self.U) @ self.v for state in h[n]]
            largest = max(e.item() for e, word in zip(scores, mask[n], strict=True) if word)
            for e, word in zip(scores, mask[n], strict=True):
                exps.append(torch.exp(e - largest) if word else torch.zeros(()))
            weights = torch.stack(exps) / sum(exps)
            all_weights.append(weights)
            contexts.append(sum(weights[t] * h[n, t] for t in range(len(exps))))
        return torch.stack(contexts), torch.stack(all_weights)


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
        N, S = source.shape
        H = len(self.encoder.Wh)
        all_states, hs, cs = [], [], []
        for n in range(N):
            h, c = torch.zeros(1, H), torch.zeros(1, H)
            states = []
            for t in range(S):
                if mask[n, t]:
                    h, c = self.encoder(self.source_embedding(source[n, t : t + 1]), h, c)
                states.append(h[0])
            all_states.append(torch.stack(states))
            hs.append(h)
            cs.append(c)
        return torch.stack(all_states), torch.cat(hs), torch.cat(cs)

    def decode_step(self, words, prev_s, prev_c, h, mask):
        c, weights = self.attention(prev_s, h, mask)
        next_s, next_c = self.decoder(
            torch.hstack([self.target_embedding(words), c]), prev_s, prev_c
        )
        return self.output(next_s), next_s, next_c, weights

    def forward(self, source, mask, target_in):
        rows, looks = [], []
        for n in range(len(source)):
            h, s, c = self.encode(source[n : n + 1], mask[n : n + 1])
            logits, weights = [], []
            for word in target_in[n]:
                y, s, c, a = self.decode_step(word[None], s, c, h, mask[n : n + 1])
                logits.append(y[0])
                weights.append(a[0])
            rows.append(torch.stack(logits))
            looks.append(torch.stack(weights))
        return torch.stack(rows), torch.stack(looks)

    def translate(self, source, mask, start, end, max_length):
        ids = torch.full((len(source), max_length), end)
        for n in range(len(source)):
            h, s, c = self.encode(source[n : n + 1], mask[n : n + 1])
            word = start
            for t in range(max_length):
                logits, s, c, _ = self.decode_step(torch.tensor([word]), s, c, h, mask[n : n + 1])
                word = int(logits[0].argmax())
                ids[n, t] = word
                if word == end:
                    break
        return ids


class LayerNorm(nn.Module):
    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        E = x.shape[-1]
        mean = sum(x[..., e] for e in range(E)) / E
        variance = sum((x[..., e] - mean) ** 2 for e in range(E)) / E
        columns = [
            (x[..., e] - mean) / (variance + self.eps) ** 0.5 * self.gain[e] + self.bias[e]
            for e in range(E)
        ]
        return torch.stack(columns, dim=-1)


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
        rows = []
        for n in range(N):
            Q, K, V = self.query(x[n]), self.key(x[n]), self.value(x[n])
            found = []
            for i in range(T):
                seen = [j for j in range(T) if mask[n, j] and (j <= i or not causal)]
                parts = []
                for k in range(self.heads):
                    columns = slice(k * d, k * d + d)
                    scores = torch.stack([Q[i, columns] @ K[j, columns] for j in seen]) / d**0.5
                    parts.append(torch.softmax(scores, dim=0) @ V[seen][:, columns])
                found.append(torch.cat(parts))
            rows.append(self.output(torch.stack(found)))
        return torch.stack(rows)


class TransformerBlock(nn.Module):
    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        heard = self.attention(x, mask, causal)
        y = self.norm1(x + heard)
        rows = [self.linear2(torch.relu(self.linear1(y[:, t]))) for t in range(x.shape[1])]
        return self.norm2(y + torch.stack(rows, dim=1))
