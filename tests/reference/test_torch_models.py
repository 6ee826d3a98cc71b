"""Lesson 12 against torch's own modules in float64, and against lesson 11 in numpy."""

import numpy as np
import pytest
import torch
from torch import nn

from autograder.authoring.casebook.draw import draw_cases
from autograder.lessons import find
from solutions.recurrent import attention as numpy_attention
from solutions.recurrent import torch_models


@pytest.fixture(autouse=True)
def float64():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    yield
    torch.set_default_dtype(torch.float32)


def same(got, expected, what=""):
    np.testing.assert_allclose(
        got.detach().numpy(), expected.detach().numpy(), atol=1e-10, err_msg=what
    )


def torch_blocks(w, axis=-1):
    """i f o g -> i f g o."""
    i, f, o, g = w.chunk(4, dim=axis)
    return torch.cat([i, f, g, o], dim=axis)


def oracle_cell(cell):
    """An nn.LSTMCell with the same weights."""
    D, H = cell.Wx.shape[0], cell.Wh.shape[0]
    oracle = nn.LSTMCell(D, H)
    with torch.no_grad():
        oracle.weight_ih.copy_(torch_blocks(cell.Wx).T)
        oracle.weight_hh.copy_(torch_blocks(cell.Wh).T)
        oracle.bias_ih.copy_(torch_blocks(cell.b))
        oracle.bias_hh.zero_()
    return oracle


@pytest.mark.parametrize("N, D, H", [(3, 4, 5), (1, 2, 1), (2, 3, 3)])
def test_lstm_cell_is_torchs(N, D, H):
    cell = torch_models.LSTMCell(D, H)
    oracle = oracle_cell(cell)
    given = [torch.randn(N, n, requires_grad=True) for n in (D, H, H)]
    theirs = [t.detach().clone().requires_grad_() for t in given]
    outputs, expected = cell(*given), oracle(theirs[0], (theirs[1], theirs[2]))
    upstream = [torch.randn(N, H), torch.randn(N, H)]
    for out, want in zip(outputs, expected, strict=True):
        same(out, want)
    torch.autograd.backward(outputs, upstream)
    torch.autograd.backward(expected, upstream)
    for mine, their in zip(given, theirs, strict=True):
        same(mine.grad, their.grad)
    same(torch_blocks(cell.Wx.grad).T, oracle.weight_ih.grad)
    same(torch_blocks(cell.Wh.grad).T, oracle.weight_hh.grad)
    same(torch_blocks(cell.b.grad), oracle.bias_ih.grad)


def test_a_new_cell_remembers():
    cell = torch_models.LSTMCell(3, 4)
    assert (cell.b[4:8] == 1).all()
    assert (cell.b[:4] == 0).all() and (cell.b[8:] == 0).all()


@pytest.mark.parametrize("N, S, H, E, A", [(3, 4, 5, 6, 7), (1, 5, 2, 3, 4)])
def test_additive_attention_is_lesson_11s(N, S, H, E, A):
    module = torch_models.AdditiveAttention(H, E, A)
    mask = torch.arange(S) < torch.randint(1, S + 1, (N, 1))
    s, h = torch.randn(N, H, requires_grad=True), torch.randn(N, S, E, requires_grad=True)
    context, weights = module(s, h, mask)
    arrays = [t.detach().numpy() for t in (s, h, mask, module.W, module.U, module.v)]
    expected_context, expected_weights, cache = numpy_attention.additive_attention_forward(*arrays)
    np.testing.assert_allclose(context.detach(), expected_context, atol=1e-12)
    np.testing.assert_allclose(weights.detach(), expected_weights, atol=1e-12)
    assert (weights[~mask] == 0).all()
    dcontext = torch.randn(N, E)
    context.backward(dcontext)
    gradients = numpy_attention.additive_attention_backward(dcontext.numpy(), cache)
    for tensor, gradient in zip((s, h, module.W, module.U, module.v), gradients, strict=True):
        np.testing.assert_allclose(tensor.grad, gradient, atol=1e-11)


def translator():
    return torch_models.AttentionSeq2Seq(source_size=9, target_size=8, D=4, H=5, A=3)


def test_encode_is_nn_lstm_on_packed_sequences():
    model = translator()
    lengths = torch.tensor([2, 5, 1])
    source = torch.randint(9, (3, 5))
    mask = torch.arange(5) < lengths[:, None]
    h, last_h, last_c = model.encode(source, mask)
    lstm = nn.LSTM(4, 5, batch_first=True)
    cell = oracle_cell(model.encoder)
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(lstm, name + "_l0").copy_(getattr(cell, name))
    vectors = model.source_embedding(source)
    packed = nn.utils.rnn.pack_padded_sequence(
        vectors, lengths, batch_first=True, enforce_sorted=False
    )
    states, (final_h, final_c) = lstm(packed)
    states, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True)
    same(h * mask[:, :, None], states)
    same(last_h, final_h[0])
    same(last_c, final_c[0])
    same(h[0, 4], h[0, 1])  # padding leaves the state as it is


def test_forward_step_by_step_with_torchs_cell():
    model = translator()
    source, target_in = torch.randint(9, (3, 5)), torch.randint(8, (3, 4))
    mask = torch.arange(5) < torch.tensor([[2], [5], [1]])
    logits, weights = model(source, mask, target_in)
    assert logits.shape == (3, 4, 8)
    assert weights.shape == (3, 4, 5)

    h, s, c = model.encode(source, mask)
    decoder = oracle_cell(model.decoder)
    attention = model.attention
    for t in range(4):
        scores = torch.stack(
            [torch.tanh(s @ attention.W + h[:, i] @ attention.U) @ attention.v for i in range(5)], 1
        )
        a = torch.softmax(scores.masked_fill(~mask, -1e30), dim=1)
        x = torch.cat(
            [model.target_embedding.weight[target_in[:, t]], (a[:, :, None] * h).sum(1)], dim=1
        )
        s, c = decoder(x, (s, c))
        same(weights[:, t], a)
        same(logits[:, t], s @ model.output.weight.T + model.output.bias)


def test_source_padding_changes_nothing():
    model = translator()
    source, target_in = torch.randint(9, (2, 3)), torch.randint(8, (2, 4))
    mask = torch.ones(2, 3, dtype=torch.bool)
    longer = torch.cat([source, torch.randint(9, (2, 2))], dim=1)
    padded = torch.cat([mask, torch.zeros(2, 2, dtype=torch.bool)], dim=1)
    logits, weights = model(source, mask, target_in)
    again, more_weights = model(longer, padded, target_in)
    same(logits, again)
    same(weights, more_weights[:, :, :3])


def test_translate_agrees_with_the_teacher_forced_pass_on_its_own_words():
    model = translator()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)
    source = torch.randint(9, (6, 5))
    mask = torch.arange(5) < torch.randint(1, 6, (6, 1))
    start = 0
    seen_end = False
    for end in range(8):
        ids = model.translate(source, mask, start, end, 7)
        assert ids.shape == (6, 7)
        target_in = torch.cat([torch.full((6, 1), start), ids[:, :-1]], dim=1)
        best = model(source, mask, target_in)[0].argmax(dim=2)
        for row, want in zip(ids.tolist(), best.tolist(), strict=True):
            length = row.index(end) + 1 if end in row else 7
            assert row[:length] == want[:length]
            assert all(word == end for word in row[length:])
            seen_end |= length < 7
    assert seen_end


@pytest.mark.parametrize("shape", [(3, 4, 5), (1, 2, 3), (4, 6)])
@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_layer_norm_is_torchs(shape, scale):
    mine, theirs = torch_models.LayerNorm(shape[-1]), nn.LayerNorm(shape[-1])
    with torch.no_grad():
        mine.gain.copy_(theirs.weight.normal_())
        mine.bias.copy_(theirs.bias.normal_())
    x = (scale * torch.randn(shape)).requires_grad_()
    x2 = x.detach().clone().requires_grad_()
    y, y2 = mine(x), theirs(x2)
    same(y, y2)
    dy = torch.randn(shape)
    y.backward(dy)
    y2.backward(dy)
    np.testing.assert_allclose(x.grad, x2.grad, rtol=1e-8, atol=1e-8)
    same(mine.gain.grad, theirs.weight.grad)
    same(mine.bias.grad, theirs.bias.grad)


def copy_linear(mine, theirs):
    with torch.no_grad():
        theirs.weight.copy_(mine.weight)
        theirs.bias.copy_(mine.bias.normal_())


def copy_attention(mine, theirs):
    with torch.no_grad():
        for part in (mine.query, mine.key, mine.value):
            part.bias.normal_()
        theirs.in_proj_weight.copy_(
            torch.cat([mine.query.weight, mine.key.weight, mine.value.weight])
        )
        theirs.in_proj_bias.copy_(torch.cat([mine.query.bias, mine.key.bias, mine.value.bias]))
    copy_linear(mine.output, theirs.out_proj)


@pytest.mark.parametrize("N, T, E, heads", [(3, 4, 6, 2), (1, 5, 4, 4), (2, 3, 5, 1)])
@pytest.mark.parametrize("causal", [False, True])
def test_self_attention_is_torchs(N, T, E, heads, causal):
    mine, theirs = (
        torch_models.SelfAttention(E, heads),
        nn.MultiheadAttention(E, heads, batch_first=True),
    )
    copy_attention(mine, theirs)
    x = torch.randn(N, T, E)
    mask = torch.arange(T) < torch.randint(1, T + 1, (N, 1))
    future = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None
    expected, _ = theirs(x, x, x, key_padding_mask=~mask, attn_mask=future)
    same(mine(x, mask, causal)[mask], expected[mask])


@pytest.mark.parametrize("N, T, E, heads, F", [(3, 4, 6, 2, 7), (1, 5, 4, 4, 3)])
@pytest.mark.parametrize("causal", [False, True])
def test_transformer_block_is_torchs(N, T, E, heads, F, causal):
    mine = torch_models.TransformerBlock(E, heads, F)
    theirs = nn.TransformerEncoderLayer(
        E, heads, F, dropout=0.0, activation="relu", batch_first=True, norm_first=False
    )
    copy_attention(mine.attention, theirs.self_attn)
    copy_linear(mine.linear1, theirs.linear1)
    copy_linear(mine.linear2, theirs.linear2)
    with torch.no_grad():
        for ours, norm in ((mine.norm1, theirs.norm1), (mine.norm2, theirs.norm2)):
            norm.weight.copy_(ours.gain.normal_())
            norm.bias.copy_(ours.bias.normal_())
    mask = torch.arange(T) < torch.randint(1, T + 1, (N, 1))
    x = torch.randn(N, T, E, requires_grad=True)
    x2 = x.detach().clone().requires_grad_()
    future = torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None
    out, expected = mine(x, mask, causal), theirs(x2, src_mask=future, src_key_padding_mask=~mask)
    same(out[mask], expected[mask])
    upstream = torch.randn(N, T, E) * mask[:, :, None]
    out.backward(upstream)
    expected.backward(upstream)
    same(x.grad, x2.grad)
    same(mine.attention.value.weight.grad, theirs.self_attn.in_proj_weight.grad[2 * E :])
    same(mine.attention.key.weight.grad, theirs.self_attn.in_proj_weight.grad[E : 2 * E])
    same(mine.linear1.weight.grad, theirs.linear1.weight.grad)
    same(mine.linear2.bias.grad, theirs.linear2.bias.grad)
    same(mine.norm1.gain.grad, theirs.norm1.weight.grad)
    same(mine.norm2.bias.grad, theirs.norm2.bias.grad)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="3 heads"):
        torch_models.SelfAttention(8, 3)


@pytest.mark.parametrize("hidden", [False, True])
def test_no_two_words_have_the_same_score_in_any_case_of_a_translation(hidden, monkeypatch):
    """As the docstring of translate promises: nobody has to think of ties there."""
    model = torch_models.AttentionSeq2Seq
    assert "No two words have the same score." in model.translate.__doc__
    gaps, decode_step = [], model.decode_step

    def noting(self, *arguments):
        logits, *rest = decode_step(self, *arguments)
        if logits.shape[1] > 1:
            first, second = logits.topk(2, dim=1).values.T
            gaps.extend((first - second).tolist())
        return logits, *rest

    monkeypatch.setattr(model, "decode_step", noting)
    for seed in range(5):
        for _, _, inputs in draw_cases(find("seq2seq_translate"), seed, hidden):
            find("seq2seq_translate").probe(torch_models, **inputs)
    assert len(gaps) > 1000 and min(gaps) > 0
