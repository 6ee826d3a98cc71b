"""Every clause of the docstrings of the torch modules, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ------------------------------------------------------------------------------------- LSTMCell
    NoInput("LSTMCell", "One step of an LSTM: the equations of lesson 5", "a title"),
    Known(
        "LSTMCell", "[i f o g] = x Wx + prev_h Wh + b", "lstm_cell.torch_gate_order",
        problem="lstm_cell",
    ),
    Known(
        "LSTMCell", "[i f o g] = x Wx + prev_h Wh + b", "lstm_cell.bias_left_out",
        problem="lstm_cell",
    ),
    Clause(
        "LSTMCell", "a sigmoid on i, f and o",
        replace="torch.sigmoid(o) *", by="torch.tanh(o) *", problem="lstm_cell",
    ),
    Known(
        "LSTMCell", "a tanh on g", "lstm_cell.candidate_through_sigmoid", problem="lstm_cell",
    ),
    Known(
        "LSTMCell", "c_t = f * c_{t-1} + i * g", "lstm_cell.input_and_forget_swapped",
        problem="lstm_cell",
    ),
    Known(
        "LSTMCell", "h_t = o * tanh(c_t)", "lstm_cell.no_tanh_on_the_way_out",
        problem="lstm_cell",
    ),
    Known(
        "LSTMCell", "input-to-hidden weights, blocks i f o g", "lstm_cell.gates_interleaved",
        problem="lstm_cell",
    ),
    Clause(
        "LSTMCell", "hidden-to-hidden weights, blocks i f o g",
        replace="prev_h @ self.Wh", by="prev_h @ self.Wh.flip(0)", problem="lstm_cell",
    ),
    Known("LSTMCell", "bias, blocks i f o g", "lstm_cell.bias_left_out", problem="lstm_cell"),
    Clause(
        "LSTMCell.forward", "One step for a batch",
        replace="i, f, o, g = (x @ self.Wx + prev_h @ self.Wh + self.b)",
        by="i, f, o, g = (x @ self.Wx + prev_h[:1] @ self.Wh + self.b)",
    ),
    Clause(
        "LSTMCell.forward", "the input at this time step",
        replace="(x @ self.Wx", by="(x.abs() @ self.Wx",
    ),
    Clause(
        "LSTMCell.forward", "the hidden state of the step before",
        replace="prev_h @ self.Wh", by="prev_c @ self.Wh",
    ),
    Known(
        "LSTMCell.forward", "the cell state of the step before",
        "lstm_cell.old_cell_state_detached",
    ),
    Known("LSTMCell.forward", "the new hidden state", "lstm_cell.no_tanh_on_the_way_out"),
    Clause(
        "LSTMCell.forward", "the new cell state",
        replace="next_h = torch.sigmoid(o) * torch.tanh(next_c)",
        by="next_h = torch.sigmoid(o) * torch.tanh(next_c)\n        next_c = torch.tanh(next_c)",
    ),
    # ---------------------------------------------------------------------------- AdditiveAttention
    NoInput("AdditiveAttention", "One look at the source: the equations of lesson 11", "a title"),
    Known(
        "AdditiveAttention", "e_i = v . tanh(s W + h_i U)", "additive_attention.no_tanh",
        problem="additive_attention",
    ),
    Known(
        "AdditiveAttention", "weights = softmax of e over the words",
        "additive_attention.mask_after_softmax", problem="additive_attention",
    ),
    Known(
        "AdditiveAttention", "weights = softmax of e over the words",
        "additive_attention.over_the_batch", problem="additive_attention",
    ),
    Clause(
        "AdditiveAttention", "context = sum_i weights_i h_i",
        replace="(weights[:, :, None] * h).sum(dim=1)",
        by="(weights[:, :, None] * h).sum(dim=1) / weights.shape[1]",
        problem="additive_attention",
    ),
    Known("AdditiveAttention.forward", "Ask with s, average h", "additive_attention.no_tanh"),
    Clause(
        "AdditiveAttention.forward", "Ask with s, average h",
        replace="context = (weights[:, :, None] * h).sum(dim=1)",
        by="context = (weights[:, :, None] * h).mean(dim=1)",
    ),
    Clause(
        "AdditiveAttention.forward", "the query",
        replace="(s @ self.W)", by="(s[:1] @ self.W)",
    ),
    Clause(
        "AdditiveAttention.forward", "the encoder's states",
        replace="+ h @ self.U)", by="+ h.flip(1) @ self.U)",
    ),
    Known(
        "AdditiveAttention.forward", "booleans, True where there is a word",
        "additive_attention.mask_inverted",
    ),
    Clause(
        "AdditiveAttention.forward", "booleans, True where there is a word",
        replace="masked_fill(~mask, -torch.inf)", by="masked_fill(~mask, -100.0)",
    ),
    Clause(
        "AdditiveAttention.forward", "booleans, True where there is a word",
        replace="e = (q @ self.v).masked_fill(~mask, -torch.inf)",
        by="ends = mask.shape[1] - mask.flip(1).int().argmax(dim=1)\n"
        "        inside = torch.arange(mask.shape[1]) < ends[:, None]\n"
        "        e = (q @ self.v).masked_fill(~inside, -torch.inf)",
    ),
    NoInput("AdditiveAttention.forward", "every row has one", "a promise about the input"),
    Clause(
        "AdditiveAttention.forward", "the average",
        replace="context = (weights[:, :, None] * h).sum(dim=1)",
        by="context = h[torch.arange(len(h)), weights.argmax(dim=1)]",
    ),
    Known(
        "AdditiveAttention.forward", "exactly 0 where mask is False",
        "additive_attention.mask_ignored",
    ),
    Clause(
        "AdditiveAttention.forward", "exactly 0 where mask is False",
        replace="context = (weights[:, :, None] * h).sum(dim=1)",
        by="context = (weights[:, :, None] * h).sum(dim=1)\n"
        "        weights = weights.masked_fill(~mask, 0.001)",
    ),
    # ----------------------------------------------------------------------- AttentionSeq2Seq.encode
    Known(
        "AttentionSeq2Seq",
        "A translator: one LSTM reads the source, another writes the target and looks back",
        "seq2seq_forward.starts_from_zeros", problem="seq2seq_forward",
    ),
    NoInput(
        "AttentionSeq2Seq",
        "P = source_size is the number of source words, V = target_size that of target words",
        "the constructor is given",
    ),
    Known(
        "AttentionSeq2Seq.encode", "Read the source from left to right",
        "seq2seq_encode.read_backwards",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "starting from zeros",
        replace="vectors.new_zeros(", by="vectors.new_ones(",
    ),
    Known(
        "AttentionSeq2Seq.encode",
        "A padded position leaves both states of its row as they are",
        "seq2seq_encode.cell_state_reads_padding",
    ),
    Known(
        "AttentionSeq2Seq.encode",
        "A padded position leaves both states of its row as they are",
        "seq2seq_encode.zero_on_padding",
    ),
    Known(
        "AttentionSeq2Seq.encode",
        "So the last state of every row is the state after its last word, however far the row "
        "was padded.",
        "seq2seq_encode.padding_read",
    ),
    Clause(
        "AttentionSeq2Seq.encode",
        "So the last state of every row is the state after its last word, however far the row "
        "was padded.",
        replace="h = torch.stack(states, dim=1)",
        by="h = torch.stack(states, dim=1)\n"
        "        last_h = h[:, int(mask.sum(dim=1).min()) - 1]",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "source: (N, S), ids",
        replace="self.source_embedding(source)", by="self.source_embedding(source.clamp(1))",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "booleans, True where there is a word",
        replace="is_word = mask[:, t, None]", by="is_word = ~mask[:, t, None]",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "booleans, True where there is a word",
        replace="is_word = mask[:, t, None]", by="is_word = (mask.sum(dim=1) > t)[:, None]",
    ),
    Known(
        "AttentionSeq2Seq.encode",
        "the hidden states; h[:, t] has read source[:, 0] to source[:, t]",
        "seq2seq_encode.batch_and_time_scrambled",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "h[:, t] has read source[:, 0] to source[:, t]",
        replace="h = torch.stack(states, dim=1)",
        by="h = torch.stack([torch.zeros_like(last_h), *states[:-1]], dim=1)",
    ),
    Clause(
        "AttentionSeq2Seq.encode", "the hidden state after the last position",
        replace="h = torch.stack(states, dim=1)",
        by="h = torch.stack(states, dim=1)\n        last_h = last_c",
    ),
    Known(
        "AttentionSeq2Seq.encode", "the cell state after the last position",
        "seq2seq_encode.cell_state_reset",
    ),
    # ------------------------------------------------------------------ AttentionSeq2Seq.decode_step
    Known(
        "AttentionSeq2Seq.decode_step", "Look at the source with prev_s",
        "seq2seq_forward.asks_with_new_state",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "read the word before, and say what could come next",
        replace="self.target_embedding(words)", by="self.target_embedding(words.flip(0))",
        problem="seq2seq_forward",
    ),
    Known(
        "AttentionSeq2Seq.decode_step",
        "The decoder's input is the word's vector and the context side by side, [x; context]",
        "seq2seq_forward.context_before_word",
        problem="seq2seq_forward",
    ),
    Known(
        "AttentionSeq2Seq.decode_step",
        "what comes next is judged from the new hidden state alone, logits = output(next_s)",
        "seq2seq_forward.logits_of_old_state",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "alone, logits = output(next_s)",
        replace="self.output(next_s)", by="self.output(next_s + context)",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the ids of the words before",
        replace="self.target_embedding(words)",
        by="self.target_embedding(words.clamp(1))", problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the decoder's hidden state of the step before",
        replace="self.decoder(x, prev_s, prev_c)", by="self.decoder(x, 0 * prev_s, prev_c)",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the decoder's cell state of the step before",
        replace="self.decoder(x, prev_s, prev_c)", by="self.decoder(x, prev_s, 0 * prev_c)",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the encoder's states",
        replace="self.attention(prev_s, h, mask)",
        by="self.attention(prev_s, h[:, :1].expand_as(h), mask)", problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "booleans, True where there is a word",
        replace="self.attention(prev_s, h, mask)",
        by="self.attention(prev_s, h, torch.ones_like(mask))", problem="seq2seq_forward",
    ),
    Known(
        "AttentionSeq2Seq.decode_step", "scores of the next word, before any softmax",
        "seq2seq_forward.probabilities_returned",
        problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the decoder's new hidden state",
        replace="logits = self.output(next_s)",
        by="logits = self.output(next_s)\n        next_s = prev_s", problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "the decoder's new cell state",
        replace="logits = self.output(next_s)",
        by="logits = self.output(next_s)\n        next_c = prev_c", problem="seq2seq_forward",
    ),
    Clause(
        "AttentionSeq2Seq.decode_step", "what it looked at",
        replace="logits = self.output(next_s)",
        by="logits = self.output(next_s)\n        weights = self.attention(next_s, h, mask)[1]",
        problem="seq2seq_forward",
    ),
    # ---------------------------------------------------------------------- AttentionSeq2Seq.forward
    Known(
        "AttentionSeq2Seq.forward",
        "Teacher forcing: at each step the decoder reads the true word before, not its own",
        "seq2seq_forward.own_words_read",
    ),
    Known(
        "AttentionSeq2Seq.forward", "The decoder starts from the encoder's last states",
        "seq2seq_forward.starts_from_zeros",
    ),
    Known(
        "AttentionSeq2Seq.forward", "The decoder starts from the encoder's last states",
        "seq2seq_forward.cell_state_dropped",
    ),
    Clause(
        "AttentionSeq2Seq.forward", "source: (N, S), ids",
        replace="self.encode(source, mask)", by="self.encode(source.clamp(1), mask)",
    ),
    Clause(
        "AttentionSeq2Seq.forward", "booleans, True where there is a word",
        replace="s, c, h, mask)", by="s, c, h, torch.ones_like(mask))",
    ),
    Clause(
        "AttentionSeq2Seq.forward", "booleans, True where there is a word",
        replace="self.encode(source, mask)", by="self.encode(source, torch.ones_like(mask))",
    ),
    Known(
        "AttentionSeq2Seq.forward",
        "the words the decoder reads: the start word, then the target without its last word",
        "seq2seq_forward.first_word_repeated",
    ),
    Known(
        "AttentionSeq2Seq.forward",
        "logits[:, t] has read target_in[:, 0] to target_in[:, t]",
        "seq2seq_forward.state_not_carried",
    ),
    Clause(
        "AttentionSeq2Seq.forward", "what the decoder looked at",
        replace="torch.stack(weights, dim=1)\n", by="torch.stack(weights, dim=1).flip(1)\n",
    ),
    # -------------------------------------------------------------------- AttentionSeq2Seq.translate
    Clause(
        "AttentionSeq2Seq.translate", "Greedy translation",
        replace="words = logits.argmax(dim=1)", by="words = logits.argmin(dim=1)",
    ),
    Known(
        "AttentionSeq2Seq.translate", "the decoder reads its own best word of the step before",
        "seq2seq_translate.start_fed_always",
    ),
    NoInput(
        "AttentionSeq2Seq.translate", "No two words have the same score.",
        "a promise about the input",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "source: (N, S), ids",
        replace="self.encode(source, mask)", by="self.encode(source.clamp(1), mask)",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "booleans, True where there is a word",
        replace="s, c, h, mask)", by="s, c, h, torch.ones_like(mask))",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "booleans, True where there is a word",
        replace="self.encode(source, mask)", by="self.encode(source, torch.ones_like(mask))",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "the id of the start word",
        replace="torch.full((len(source),), start,",
        by="torch.full((len(source),), int(start == 0),",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "the id of the end word",
        replace="(words == end)", by="(words == 1)",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "how many words to write",
        replace="range(max_length)", by="range(max_length - 1)",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "how many words to write",
        replace="            written.append(words)\n",
        by="            written.append(words)\n            if finished.all():\n                break\n",
    ),
    Known(
        "AttentionSeq2Seq.translate", "without the start word", "seq2seq_translate.start_returned",
    ),
    Known(
        "AttentionSeq2Seq.translate", "after a row's first end word every id is `end`",
        "seq2seq_translate.goes_on_after_end",
    ),
    Known(
        "AttentionSeq2Seq.translate", "after a row's first end word every id is `end`",
        "seq2seq_translate.one_ends_all",
    ),
    Clause(
        "AttentionSeq2Seq.translate", "every id is `end`",
        replace="masked_fill(finished, end)", by="masked_fill(finished, 0)",
    ),
    # ------------------------------------------------------------------------------------ LayerNorm
    Known(
        "LayerNorm", "Layer normalisation: every vector by itself",
        "layer_norm.over_positions_too", problem="layer_norm",
    ),
    Known("LayerNorm", "over its E numbers", "layer_norm.over_the_batch", problem="layer_norm"),
    Known(
        "LayerNorm", "y = gain * (x - mean) / sqrt(variance + eps) + bias",
        "layer_norm.eps_outside_the_root", problem="layer_norm",
    ),
    Known(
        "LayerNorm", "y = gain * (x - mean) / sqrt(variance + eps) + bias",
        "layer_norm.divided_by_variance", problem="layer_norm",
    ),
    Clause(
        "LayerNorm", "y = gain * (x - mean) / sqrt(variance + eps) + bias",
        replace="y = self.gain * (x - mean)", by="y = (x - mean)", problem="layer_norm",
    ),
    Clause(
        "LayerNorm", "y = gain * (x - mean) / sqrt(variance + eps) + bias",
        replace="self.eps) + self.bias", by="self.eps)", problem="layer_norm",
    ),
    Clause(
        "LayerNorm", "Mean and variance are taken over the last axis only",
        replace="mean = x.mean(dim=-1, keepdim=True)",
        by="mean = x.mean(dim=(-2, -1), keepdim=True)", problem="layer_norm",
    ),
    Clause(
        "LayerNorm", "the variance is the mean of the squared differences",
        replace="((x - mean) ** 2).mean(dim=-1, keepdim=True)",
        by="(x - mean).abs().mean(dim=-1, keepdim=True) ** 2", problem="layer_norm",
    ),
    Known(
        "LayerNorm", "divided by E, not by E - 1", "layer_norm.unbiased_variance",
        problem="layer_norm",
    ),
    Known(
        "LayerNorm.forward", "Normalise every vector of an array",
        "layer_norm.over_positions_too",
    ),
    Clause(
        "LayerNorm.forward", "(..., E), the vectors",
        replace="mean = x.mean(dim=-1, keepdim=True)",
        by="x = x if x.ndim == 3 else x[None]\n        mean = x.mean(dim=-1, keepdim=True)",
    ),
    Clause(
        "LayerNorm.forward", "of the same shape as x",
        replace="self.eps) + self.bias", by="self.eps) + self.bias\n        y = y.flatten(0, -2)",
    ),
    # -------------------------------------------------------------------------------- SelfAttention
    Known(
        "SelfAttention", "All vectors interact: scaled dot-product attention with several heads",
        "self_attention.not_scaled", problem="self_attention",
    ),
    Known(
        "SelfAttention",
        "Queries Q, keys K and values V of all positions come from three linear layers",
        "self_attention.keys_as_values", problem="self_attention",
    ),
    Known(
        "SelfAttention",
        "Head number k has the columns k E/heads to (k+1) E/heads of each",
        "self_attention.heads_interleaved", problem="self_attention",
    ),
    Known(
        "SelfAttention", "with d = E/heads numbers for each position",
        "self_attention.scaled_by_whole_width", problem="self_attention",
    ),
    Known(
        "SelfAttention", "weights = softmax over positions j of (Q_i . K_j / sqrt(d))",
        "self_attention.softmax_over_queries", problem="self_attention",
    ),
    Clause(
        "SelfAttention", "weights = softmax over positions j of (Q_i . K_j / sqrt(d))",
        replace="scores = Q @ K.transpose(2, 3)", by="scores = K @ Q.transpose(2, 3)",
        problem="self_attention",
    ),
    Clause(
        "SelfAttention", "out_i = sum_j weights_ij V_j",
        replace="(weights @ V)", by="(weights.transpose(2, 3) @ V)", problem="self_attention",
    ),
    Known(
        "SelfAttention", "the heads' outputs, side by side in order",
        "self_attention.merged_without_transpose", problem="self_attention",
    ),
    Known(
        "SelfAttention", "go through a last linear layer", "self_attention.output_layer_missing",
        problem="self_attention",
    ),
    Known(
        "SelfAttention.forward", "Each position looks at the words", "self_attention.mask_ignored",
    ),
    Known(
        "SelfAttention.forward", "and if `causal`, only at those up to itself",
        "self_attention.causal_ignored",
    ),
    Clause(
        "SelfAttention.forward", "those up to itself",
        replace=".tril()", by=".tril(-1) | torch.eye(T, dtype=torch.bool)[:, :1]",
    ),
    Known(
        "SelfAttention.forward", "one vector for each position", "self_attention.heads_by_reshape",
    ),
    Clause(
        "SelfAttention.forward", "booleans, True where there is a word",
        replace="scores.masked_fill(~visible, -torch.inf)",
        by="scores.masked_fill(~visible, -100.0)",
    ),
    Clause(
        "SelfAttention.forward", "booleans, True where there is a word",
        replace="visible = mask[:, None, None, :]", by="visible = mask[:, None, :, None]",
    ),
    NoInput(
        "SelfAttention.forward", "the words of a row come first, and every row has one",
        "a promise about the input",
    ),
    Known(
        "SelfAttention.forward",
        "True or False, whether position i may only look at positions j <= i",
        "self_attention.causal_inverted",
    ),
    Clause(
        "SelfAttention.forward", "True or False",
        replace="if causal:", by="if True:",
    ),
    NoInput(
        "SelfAttention.forward", "what stands at padded positions does not matter",
        "it asks for nothing",
    ),
    # ----------------------------------------------------------------------------- TransformerBlock
    Known(
        "TransformerBlock",
        "The block of the lecture, in the order of the 2017 figure: normalise after adding",
        "transformer_block.pre_norm", problem="transformer_block",
    ),
    Known(
        "TransformerBlock", "All vectors interact", "transformer_block.mask_not_passed_on",
        problem="transformer_block",
    ),
    Clause(
        "TransformerBlock", "then an MLP works on each vector by itself",
        replace="torch.relu(self.linear1(y))", by="torch.relu(self.linear1(y.flip(1)))",
        problem="transformer_block",
    ),
    Known(
        "TransformerBlock", "y = norm1(x + attention(x))", "transformer_block.added_after_norm",
        problem="transformer_block",
    ),
    Known(
        "TransformerBlock", "out = norm2(y + linear2(relu(linear1(y))))",
        "transformer_block.no_relu", problem="transformer_block",
    ),
    Known(
        "TransformerBlock", "out = norm2(y + linear2(relu(linear1(y))))",
        "transformer_block.one_norm_for_both", problem="transformer_block",
    ),
    Known(
        "TransformerBlock", "out = norm2(y + linear2(relu(linear1(y))))",
        "transformer_block.no_residual_at_mlp", problem="transformer_block",
    ),
    Clause(
        "TransformerBlock", "There is no dropout here",
        replace="out = self.norm2(", by="y = nn.functional.dropout(y, 0.1)\n        out = self.norm2(",
        problem="transformer_block",
    ),
    Clause(
        "TransformerBlock", "eps of both norms is 1e-5",
        replace="y = self.norm1(", by="self.norm1.eps = 1e-3\n        y = self.norm1(",
        problem="transformer_block",
    ),
    Clause(
        "TransformerBlock", "eps of both norms is 1e-5",
        replace="out = self.norm2(", by="self.norm2.eps = 1e-3\n        out = self.norm2(",
        problem="transformer_block",
    ),
    Known(
        "TransformerBlock.forward",
        "Attention and the MLP, each added to what it read and normalised",
        "transformer_block.pre_norm",
    ),
    Known(
        "TransformerBlock.forward", "each added to what it read",
        "transformer_block.no_residual_at_attention",
    ),
    Known(
        "TransformerBlock.forward", "each added to what it read",
        "transformer_block.second_residual_from_input",
    ),
    Clause(
        "TransformerBlock.forward", "one vector for each position",
        replace="out = self.norm2(y", by="out = self.norm2(y.mean(dim=1, keepdim=True)",
    ),
    Known(
        "TransformerBlock.forward", "booleans, True where there is a word",
        "transformer_block.mask_not_passed_on",
    ),
    NoInput(
        "TransformerBlock.forward", "the words of a row come first, and every row has one",
        "a promise about the input",
    ),
    Known(
        "TransformerBlock.forward",
        "True or False, whether position i may only look at positions j <= i",
        "transformer_block.causal_not_passed_on",
    ),
    Clause(
        "TransformerBlock.forward", "True or False",
        replace="self.attention(x, mask, causal)", by="self.attention(x, mask, True)",
    ),
    NoInput(
        "TransformerBlock.forward", "what stands at padded positions does not matter",
        "it asks for nothing",
    ),
)  # fmt: skip
