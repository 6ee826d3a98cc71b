"""Wrong versions of the torch lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "lstm_cell",
        replace="next_h = gate_out * torch.tanh(next_c)",
        by="next_h = gate_out * torch.tanh(prev_c)",
        truth="next_h is made from the previous cell state prev_c where the new one, next_c, belongs",
    ),
    Version(
        "lstm_cell",
        replace="H = prev_h.shape[1]",
        by="H = x.shape[1]",
        truth="the width of the four blocks is taken from the input's D, not from the hidden state's H",
    ),
    Version(
        "additive_attention",
        replace='e = e.masked_fill(~mask, float("-inf"))',
        by="e = e.masked_fill(~mask, 0.0)",
        truth="the scores of padded positions are set to 0 before the softmax and not to -inf, so padding gets weight",
    ),
    Version(
        "additive_attention",
        replace="context = (weights.unsqueeze(2) * h).sum(dim=1)",
        by="context = (weights.unsqueeze(1) @ h).squeeze()",
        truth="the context is squeezed over all axes, not only the one of length 1 that the product left, so it loses its batch axis when N is 1",
    ),
    Version(
        "seq2seq_encode",
        replace="last_c = torch.where(real, c_t, last_c)",
        by="last_c = c_t",
        truth="a padded position leaves the hidden state as it is, but not the cell state, which goes on changing there",
    ),
    Version(
        "seq2seq_encode",
        replace="last_h = vectors.new_zeros(N, H)",
        by="last_h = vectors.new_zeros(H)",
        truth="the hidden state that the encoder starts from has no batch axis: it is (H,) where (N, H) belongs, and the cell cannot use it",
    ),
    Version(
        "seq2seq_forward",
        replace="""        h, s, c = self.encode(source, mask)
        all_logits, looked = [], []
""",
        by="""        h, s, c = self.encode(source, mask)
        c = torch.zeros_like(s)
        all_logits, looked = [], []
""",
        truth="the decoder's cell state starts at zero, where it should start from the encoder's last cell state",
    ),
    Version(
        "seq2seq_translate",
        replace="""            current = current.masked_fill(ended, end)
            ended = ended | (current == end)
            columns.append(current)
""",
        by="""            columns.append(current)
            if bool((current == end).any()):
                break
        while len(columns) < max_length:
            columns.append(torch.full_like(current, end))
""",
        truth="the whole batch stops as soon as one row says end: all rows are filled up with end from there, those that had not ended too",
    ),
    Version(
        "layer_norm",
        replace="""        var = (centred**2).mean(dim=-1, keepdim=True)
        y = self.gain * centred / torch.sqrt(var + self.eps) + self.bias
""",
        by="""        var = x.var(dim=-1, keepdim=True)
        y = self.gain * centred / (torch.sqrt(var) + self.eps) + self.bias
""",
        truth="two mistakes: the variance is divided by E - 1 and not by E, and eps is added to the square root, not to the variance under it",
    ),
    Version(
        "self_attention",
        replace="""            match = torch.einsum("nid,njd->nij", q[:, :, cols], k[:, :, cols])
""",
        by="""            match = torch.einsum("nid,njd->nij", k[:, :, cols], q[:, :, cols])
""",
        truth="queries and keys are swapped: weights_ij is made from K_i and Q_j, where Q_i and K_j belong",
    ),
    Version(
        "transformer_block",
        replace="out = self.norm2(y + thought)",
        by="out = self.norm2(x + thought)",
        truth="the MLP's output is added to x, the block's input, where it should be added to y, which the MLP read",
    ),
    Version(
        "transformer_block",
        replace="talked = self.attention(x, mask, causal)",
        by="talked = self.attention(x, mask)",
        truth="causal is not handed on to the attention, so positions look at later ones in the causal case too",
    ),
    Version(
        "additive_attention",
        replace="weights = torch.softmax(e, dim=1)",
        by="weights = torch.softmax(e, dim=0)",
        truth="the softmax runs over the batch, where it should run over the source positions of each row",
    ),
    Version(
        "seq2seq_forward",
        replace="logits = self.output(next_s)",
        by="logits = self.output(prev_s)",
        truth="what comes next is judged from the decoder's state of the step before, prev_s, where the new hidden state next_s belongs",
    ),
    Version(
        "self_attention",
        replace="match = match / math.sqrt(d)",
        by="match = match / math.sqrt(E)",
        truth="the products of queries and keys are divided by the square root of E, the whole width, where that of a head's width d = E/heads belongs",
    ),
    Version(
        "lstm_cell",
        replace="gate_forget * prev_c + gate_in * new",
        by="gate_forget * prev_c + (1 - gate_forget) * new",
        truth="the new content g is weighed with 1 - f, as in a GRU, instead of with the input gate i",
    ),
    Version(
        "seq2seq_forward",
        replace="step_logits, s, c, w = ",
        by="step_logits, s, _, w = ",
        truth="the decoder's cell state is not passed on: each step starts from the last cell state of the encoder",
    ),
    Version(
        "seq2seq_translate",
        replace="            current = current.masked_fill(ended, end)\n",
        by="",
        truth="rows that have ended are not filled with the end marker: the decoder goes on writing words after it",
    ),
    Version(
        "layer_norm",
        replace="var = (centred**2).mean(dim=-1, keepdim=True)",
        by="var = x.var(dim=-1, keepdim=True)",
        truth="the variance is divided by E - 1 (torch's default) instead of by E",
    ),
)
