"""A correct torch_models.py in another style: buffers, changes in place, lists, prints, a stray
import.
"""

import math
import pdb  # noqa: F401

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
        print("step", tuple(x.shape))
        a = torch.cat([x, prev_h], 1).mm(torch.cat([self.Wx, self.Wh], 0))
        a += self.b
        a = a.view(len(x), 4, -1)
        next_c = a[:, 3].tanh() * a[:, 0].sigmoid()
        next_c += a[:, 1].sigmoid() * prev_c
        return [a[:, 2].sigmoid() * next_c.tanh(), next_c]


class AdditiveAttention(nn.Module):
    def __init__(self, H, E, A):
        super().__init__()
        self.W = nn.Parameter(torch.empty(H, A).uniform_(-1, 1) / math.sqrt(H))
        self.U = nn.Parameter(torch.empty(E, A).uniform_(-1, 1) / math.sqrt(E))
        self.v = nn.Parameter(torch.empty(A).uniform_(-1, 1) / math.sqrt(A))

    def forward(self, s, h, mask):
        q = h.matmul(self.U)
        q += s.matmul(self.W).unsqueeze(1)
        q = q.tanh()
        e = q.matmul(self.v)
        e = e.masked_fill(mask.logical_not(), float("-inf"))
        e = (e - e.max(dim=1, keepdim=True).values).exp()
        e = e / e.sum(1, keepdim=True)
        return torch.bmm(e.unsqueeze(1), h).squeeze(1), e


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
        N, S = source.size()
        H = self.encoder.Wh.size(0)
        h = torch.zeros(N, S, H)
        c = torch.zeros(N, S, H)
        for t in range(S):
            before_h = h[:, t - 1].clone() if t else torch.zeros(N, H)
            before_c = c[:, t - 1].clone() if t else torch.zeros(N, H)
            new_h, new_c = self.encoder(self.source_embedding(source[:, t]), before_h, before_c)
            word = mask[:, t]
            h[:, t], c[:, t] = before_h, before_c
            h[word, t], c[word, t] = new_h[word], new_c[word]
        return h, h[:, -1], c[:, -1]

    def decode_step(self, words, prev_s, prev_c, h, mask):
        x = torch.zeros(len(words), self.decoder.Wx.size(0))
        D = self.target_embedding.embedding_dim
        context, weights = self.attention(prev_s, h, mask)
        x[:, :D] = self.target_embedding(words)
        x[:, D:] = context
        next_s, next_c = self.decoder(x, prev_s, prev_c)
        return [self.output(next_s), next_s, next_c, weights]

    def forward(self, source, mask, target_in):
        N, T = target_in.size()
        h, s, c = self.encode(source, mask)
        logits = torch.zeros(N, T, self.output.out_features)
        weights = torch.zeros(N, T, source.size(1))
        for t in range(T):
            logits[:, t], s, c, weights[:, t] = self.decode_step(target_in[:, t], s, c, h, mask)
        return logits, weights

    def translate(self, source, mask, start, end, max_length):
        h, s, c = self.encode(source, mask)
        words = torch.tensor([start] * len(source))
        running = [True] * len(source)
        ids = []
        for _ in range(max_length):
            logits, s, c, _ = self.decode_step(words, s, c, h, mask)
            words = logits.max(dim=1).indices
            for n in range(len(source)):
                if not running[n]:
                    words[n] = end
                running[n] = running[n] and int(words[n]) != end
            ids.append(words.tolist())
        return torch.tensor(ids).T


class LayerNorm(nn.Module):
    def __init__(self, E, eps=1e-5):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(E))
        self.bias = nn.Parameter(torch.zeros(E))
        self.eps = eps

    def forward(self, x):
        y = x - x.mean(-1)[..., None]
        y = y / (y.pow(2).mean(-1)[..., None] + self.eps).sqrt()
        return y * self.gain + self.bias


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
        N, T, E = x.size()
        d = E // self.heads
        out = torch.zeros(N, T, E)
        Q, K, V = self.query(x) / math.sqrt(d), self.key(x), self.value(x)
        allowed = mask.unsqueeze(1).repeat(1, T, 1)
        if causal:
            for i in range(T):
                allowed[:, i, i + 1 :] = False
        for k in range(0, E, d):
            scores = torch.bmm(Q[..., k : k + d], K[..., k : k + d].transpose(1, 2))
            scores.masked_fill_(~allowed, -torch.inf)
            weights = torch.exp(scores - scores.max(2, keepdim=True).values)
            weights = weights / weights.sum(2, keepdim=True)
            out[..., k : k + d] = torch.bmm(weights, V[..., k : k + d])
        return self.output(out)


class TransformerBlock(nn.Module):
    def __init__(self, E, heads, F):
        super().__init__()
        self.attention = SelfAttention(E, heads)
        self.norm1 = LayerNorm(E)
        self.linear1 = nn.Linear(E, F)
        self.linear2 = nn.Linear(F, E)
        self.norm2 = LayerNorm(E)

    def forward(self, x, mask, causal=False):
        y = self.attention(x, mask, causal)
        y += x
        y = self.norm1(y)
        z = self.linear1(y).clamp(min=0)
        z = self.linear2(z)
        z += y
        return self.norm2(z)
