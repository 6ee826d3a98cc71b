"""Every clause of the docstrings about words as vectors, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

CLAUSES = (
    # ----------------------------------------------------------------------- word_embedding_forward
    Known(
        "word_embedding_forward", "Look words up in a table",
        "word_embedding_forward.rows_one_off",
    ),
    Clause(
        "word_embedding_forward", "whole numbers from 0 to V-1",
        replace="out = W[x]", by="out = W[np.minimum(x, len(W) - 2)]",
    ),
    Clause(
        "word_embedding_forward", "one row per word",
        replace="out = W[x]", by="out = W.T[x]",
    ),
    Clause(
        "word_embedding_forward", "out[n, t] the row of word x[n, t]",
        replace="out = W[x]", by="out = W[x[::-1, ::-1]]",
    ),
    # ---------------------------------------------------------------------- word_embedding_backward
    Known(
        "word_embedding_backward", "The gradient of the table",
        "word_embedding_backward.unit_rows",
    ),
    Known(
        "word_embedding_backward", "A word that occurs three times collects three gradients",
        "word_embedding_backward.repeats_counted_once",
    ),
    Clause(
        "word_embedding_backward", "A word that occurs three times collects three gradients",
        replace="np.add.at(dW, x, dout)",
        by="flat = x.ravel()\n"
        "    seen = np.array([(flat[:place] == word).sum() for place, word in enumerate(flat)])\n"
        "    rows = dout.reshape(len(flat), -1) * (seen < 2)[:, None]\n"
        "    np.add.at(dW, flat, rows)",
    ),
    Known(
        "word_embedding_backward", "gradient of the loss with respect to out",
        "word_embedding_backward.averaged_over_batch",
    ),
    Clause(
        "word_embedding_backward", "rows of words that do not occur are zero",
        replace="np.add.at(dW, x, dout)",
        by="np.add.at(dW, x, dout)\n"
        "    dW[np.setdiff1d(np.arange(len(dW)), x)] = dout.mean()",
    ),
    # ------------------------------------------------------------------------------------- compose
    Known(
        "compose",
        "The patterns of things that are made of parts: the rows of their parts, added up",
        "compose.averaged",
    ),
    Known("compose", "the rows of their parts, added up", "compose.rows_multiplied"),
    NoInput(
        "compose",
        "A code is local if each thing is a single part with a row of its own: its pattern is "
        "looked up.",
        "it defines a word",
    ),
    NoInput("compose", "It is distributed if a thing has several parts.", "it defines a word"),
    NoInput(
        "compose",
        "The lecture's V + H + E, vertical and horizontal and an ellipse, is nearly a circle, and "
        "the table has no row for circles.",
        "an example",
    ),
    Known(
        "compose", "booleans, whether thing n has part p", "compose.absent_parts_subtracted",
    ),
    Clause(
        "compose", "booleans, whether thing n has part p",
        replace="present @ table", by="present[:1] @ table",
    ),
    Clause(
        "compose", "a thing may have no part at all",
        replace="present @ table",
        by="(present | ~present.any(axis=1, keepdims=True)) @ table",
    ),
    Clause(
        "compose", "one row per part",
        replace="present @ table", by="present @ table[::-1]",
    ),
    # ------------------------------------------------------------------------- concepts_expressible
    Known(
        "concepts_expressible",
        "How many things a local and a distributed code tell apart, with equally many units",
        "concepts_expressible.as_many_units_as_needed",
    ),
    Known(
        "concepts_expressible",
        "Things differ in A properties, and property a takes one of choices[a] values.",
        "concepts_expressible.values_added",
    ),
    Clause(
        "concepts_expressible",
        "Both codes have one unit for each value of each property, the sum of choices in all",
        replace="choices.sum()", by="(choices - 1).sum() + 1",
    ),
    Known(
        "concepts_expressible",
        "the sum of choices in all, and a unit is on or off",
        "concepts_expressible.any_set_of_units",
    ),
    Clause(
        "concepts_expressible",
        "The local code spends a unit on each thing, which is on for this thing only: there are as "
        "many things as units.",
        replace="np.array([units, units", by="np.array([2**units, units",
    ),
    Known(
        "concepts_expressible",
        "In the distributed code a thing switches A units on, one for each of its properties: there "
        "is a thing for each combination of values.",
        "concepts_expressible.any_set_of_units",
    ),
    NoInput(
        "concepts_expressible",
        "If two things are shown at once, their patterns are added.",
        "the next sentence says what follows from it",
    ),
    Known(
        "concepts_expressible",
        "Two pairs can be told apart if their sums differ: in the lecture's toy, VR and HE together "
        "look like VE and HR.",
        "concepts_expressible.no_two_pairs_look_alike",
    ),
    Known(
        "concepts_expressible", "The order in a pair does not matter",
        "concepts_expressible.order_counts",
    ),
    Known(
        "concepts_expressible", "a thing may be paired with itself",
        "concepts_expressible.not_with_itself",
    ),
    Clause(
        "concepts_expressible", "whole numbers from 1, how many values each property takes",
        replace="units = choices.sum()",
        by="choices = np.maximum(choices, 2)\n    units = choices.sum()",
    ),
    Clause(
        "concepts_expressible",
        "whole numbers: how many things, and how many pairs of them, can be told apart",
        replace="np.array([units, units * (units + 1) // 2])",
        by="np.array([units * (units + 1) // 2, units])",
    ),
    Clause(
        "concepts_expressible", "the same two numbers for the distributed code",
        replace="np.array([choices.prod(), (choices * (choices + 1) // 2).prod()])",
        by="np.array([choices.prod(), choices.prod()])",
    ),
    # --------------------------------------------------------------------------------- cooccurrence
    Known(
        "cooccurrence", "How often each word has each other word near it",
        "cooccurrence.weighed_by_distance",
    ),
    Clause(
        "cooccurrence", "a text as whole numbers from 0 to V-1",
        replace="    C = np.zeros((V, V))\n",
        by="    ids = np.minimum(ids, V - 2)\n    C = np.zeros((V, V))\n",
    ),
    Clause(
        "cooccurrence", "a whole number, the size of the vocabulary",
        replace="np.zeros((V, V))", by="np.zeros((ids.max() + 1, ids.max() + 1))",
    ),
    Known(
        "cooccurrence", "how many positions to either side count as near",
        "cooccurrence.window_in_total",
    ),
    Clause(
        "cooccurrence", "how many positions to either side count as near",
        replace="left, right = ids[:-distance], ids[distance:]",
        by="left, right = ids, np.roll(ids, -distance)",
    ),
    Clause(
        "cooccurrence", "how many positions to either side count as near",
        replace="range(1, window + 1)", by="range(1, min(window, len(ids) - 2) + 1)",
    ),
    Known(
        "cooccurrence", "counts the pairs of positions (s, t)",
        "cooccurrence.repeats_counted_once",
    ),
    Known("cooccurrence", "s != t", "cooccurrence.itself_counted"),
    Known("cooccurrence", "|s - t| <= window", "cooccurrence.window_one_short"),
    Clause(
        "cooccurrence", "with word a at s and word b at t",
        replace="left, right = ids[:-distance], ids[distance:]",
        by="left, right = ids[:-distance], ids[:-distance]",
    ),
    Known("cooccurrence", "C is symmetric", "cooccurrence.only_to_the_right"),
    Clause(
        "cooccurrence", "a word near another copy of itself counts on the diagonal",
        replace="        np.add.at(C, (right, left), 1)\n",
        by="        np.add.at(C, (right, left), 1)\n    np.fill_diagonal(C, 0)\n",
    ),
    Clause(
        "cooccurrence", "once from each side",
        replace="        np.add.at(C, (right, left), 1)\n",
        by="        np.add.at(C, (right, left), 1)\n    C[np.diag_indices(V)] /= 2\n",
    ),
    # ------------------------------------------------------------------------------- bigram_lm_loss
    NoInput(
        "bigram_lm_loss",
        "A bigram neural language model: a word's vector, a hidden layer, scores for the next word",
        "the formulas below say it",
    ),
    Known("bigram_lm_loss", "s = tanh(E[word] W1 + b1)", "bigram_lm_loss.no_tanh"),
    Clause(
        "bigram_lm_loss", "s = tanh(E[word] W1 + b1)",
        replace='np.tanh(vectors @ params["W1"] + params["b1"])',
        by='np.tanh(vectors @ params["W1"])',
    ),
    Clause(
        "bigram_lm_loss", "scores = s W2 + b2",
        replace='log_softmax(s @ params["W2"] + params["b2"])',
        by='log_softmax(s @ params["W2"])',
    ),
    Clause(
        "bigram_lm_loss", "log softmax(scores[n])[targets[n]]",
        replace="loss = -log_p[np.arange(N), targets].mean()",
        by="loss = -np.log(np.exp(log_p[np.arange(N), targets]) + 1e-8).mean()",
    ),
    Known("bigram_lm_loss", "-1/N sum_n", "bigram_lm_loss.summed_not_averaged"),
    NoInput("bigram_lm_loss", "dictionary of", "the name of a type"),
    Clause(
        "bigram_lm_loss", "the table of word vectors",
        replace='vectors = params["E"][words]', by='vectors = params["E"][words - 1]',
    ),
    Known("bigram_lm_loss", "the previous words", "bigram_lm_loss.words_and_targets_exchanged"),
    Known(
        "bigram_lm_loss", "the words that follow them",
        "bigram_lm_loss.words_and_targets_exchanged",
    ),
    Known(
        "bigram_lm_loss", "a number, the mean over the N pairs",
        "bigram_lm_loss.summed_not_averaged",
    ),
    Clause(
        "bigram_lm_loss", "in nats",
        replace="targets].mean()", by="targets].mean() / np.log(2)",
    ),
    Clause(
        "bigram_lm_loss", "dictionary with the keys and shapes of params",
        replace='"b1": da.sum(0)', by='"b1": da.sum(0, keepdims=True)',
    ),
    Clause(
        "bigram_lm_loss", "dictionary with the keys and shapes of params",
        replace='"b1": da.sum(0)', by='"db1": da.sum(0)',
    ),
    Known(
        "bigram_lm_loss", "the gradients of the loss", "bigram_lm_loss.gradient_not_averaged",
    ),
    # ------------------------------------------------------------------------ skipgram_softmax_loss
    Known(
        "skipgram_softmax_loss", "Skip-gram with a full softmax",
        "skipgram_softmax_loss.center_row_only_of_outside",
    ),
    Clause(
        "skipgram_softmax_loss", "Skip-gram with a full softmax",
        replace="log_p = log_softmax(outsides @ v)  # (V,)",
        by="others = np.setdiff1d(np.arange(len(outsides)), outside)\n"
        "    scores = outsides @ v\n"
        "    scores[others] = -1e4\n"
        "    log_p = log_softmax(scores)",
    ),
    Known(
        "skipgram_softmax_loss", "one centre word predicts each of the words around it",
        "skipgram_softmax_loss.only_last_outside",
    ),
    Known(
        "skipgram_softmax_loss", "loss = -sum_j log softmax(outsides v)[outside[j]]",
        "skipgram_softmax_loss.averaged_over_outside",
    ),
    Known(
        "skipgram_softmax_loss", "v the centre word's row of centers",
        "skipgram_softmax_loss.tables_exchanged",
    ),
    Clause(
        "skipgram_softmax_loss", "It must not overflow for products of any size",
        replace="log_p = log_softmax(outsides @ v)  # (V,)",
        by="p = np.exp(outsides @ v)\n    log_p = np.log(p / p.sum())",
    ),
    Clause(
        "skipgram_softmax_loss", "It must not overflow for products of any size",
        replace="log_p = log_softmax(outsides @ v)  # (V,)",
        by="log_p = np.log(np.exp(log_softmax(outsides @ v)))",
    ),
    Clause(
        "skipgram_softmax_loss", "It must not overflow for products of any size",
        replace="loss = -log_p[outside].sum()",
        by="loss = -np.log(np.exp(log_p[outside]) + 1e-8).sum()",
    ),
    Clause(
        "skipgram_softmax_loss", "a whole number, the centre word",
        replace="dcenters[center] = dscores @ outsides",
        by="dcenters[center - 1] = dscores @ outsides",
    ),
    Clause(
        "skipgram_softmax_loss", "whole numbers, the words around it",
        replace="np.add.at(dscores, outside, -1)",
        by="np.add.at(dscores, np.minimum(outside, len(outsides) - 2), -1)",
    ),
    Known(
        "skipgram_softmax_loss", "some may be the same",
        "skipgram_softmax_loss.repeats_counted_once",
    ),
    Known(
        "skipgram_softmax_loss", "vectors of words as centres",
        "skipgram_softmax_loss.tables_exchanged",
    ),
    Known(
        "skipgram_softmax_loss", "vectors of words as neighbours",
        "skipgram_softmax_loss.tables_exchanged",
    ),
    Known(
        "skipgram_softmax_loss", "a number, summed over the J words",
        "skipgram_softmax_loss.averaged_over_outside",
    ),
    Clause(
        "skipgram_softmax_loss", "in nats",
        replace="loss = -log_p[outside].sum()", by="loss = -log_p[outside].sum() / np.log(2)",
    ),
    # ----------------------------------------------------------------------- skipgram_negative_loss
    Known(
        "skipgram_negative_loss",
        "Skip-gram with negative sampling: one true neighbour against some words drawn at random",
        "skipgram_negative_loss.negatives_pulled",
    ),
    Known(
        "skipgram_negative_loss", "loss = -log sigma(u_o . v) - sum_k log sigma(-u_k . v)",
        "skipgram_negative_loss.negatives_averaged",
    ),
    Clause(
        "skipgram_negative_loss", "v the centre word's row of centers, u rows of outsides",
        replace="v = centers[center]  # (D,)",
        by="centers, outsides = outsides, centers\n    v = centers[center]",
    ),
    Clause(
        "skipgram_negative_loss", "It must not overflow for products of any size",
        replace="loss = np.logaddexp(0, -margin).sum()",
        by="loss = -np.log(1 / (1 + np.exp(-margin))).sum()",
    ),
    Clause(
        "skipgram_negative_loss", "It must not overflow for products of any size",
        replace="loss = np.logaddexp(0, -margin).sum()",
        by="loss = np.log1p(np.exp(-margin)).sum()",
    ),
    Clause(
        "skipgram_negative_loss", "It must not overflow for products of any size",
        replace="loss = np.logaddexp(0, -margin).sum()",
        by="loss = -np.log(np.exp(-np.logaddexp(0, -margin)) + 1e-8).sum()",
    ),
    Clause(
        "skipgram_negative_loss", "It must not overflow for products of any size",
        replace="dproduct = -sign * np.exp(-np.logaddexp(0, margin))",
        by="dproduct = -sign * (np.exp(-margin) / (1 + np.exp(-margin)))",
    ),
    Clause(
        "skipgram_negative_loss", "a whole number, the centre word",
        replace="dcenters[center] = dproduct @ u", by="dcenters[center - 1] = dproduct @ u",
    ),
    Clause(
        "skipgram_negative_loss", "a whole number, its true neighbour",
        replace="rows = np.concatenate([[outside], negatives])",
        by="rows = np.concatenate([[outside - 1], negatives])",
    ),
    Known(
        "skipgram_negative_loss", "the words drawn",
        "skipgram_negative_loss.center_gradient_of_positive_only",
    ),
    Known(
        "skipgram_negative_loss", "a word drawn twice counts twice",
        "skipgram_negative_loss.repeats_counted_once",
    ),
    Clause(
        "skipgram_negative_loss", "a word drawn twice counts twice",
        replace="rows = np.concatenate([[outside], negatives])",
        by="negatives = np.unique(negatives)\n    rows = np.concatenate([[outside], negatives])",
    ),
    NoInput(
        "skipgram_negative_loss", "none is the true neighbour", "a promise about the input",
    ),
    Clause(
        "skipgram_negative_loss", "vectors of words as centres",
        replace="v = centers[center]  # (D,)", by="v = centers[center - 1]",
    ),
    Clause(
        "skipgram_negative_loss", "vectors of words as neighbours",
        replace="u = outsides[rows]", by="u = centers[rows]",
    ),
    Clause(
        "skipgram_negative_loss", "a number, in nats",
        replace="loss = np.logaddexp(0, -margin).sum()",
        by="loss = np.logaddexp(0, -margin).sum() / np.log(2)",
    ),
    # -------------------------------------------------------------------------------------- nearest
    Known(
        "nearest", "The k words whose vectors point most nearly the same way",
        "nearest.farthest_first",
    ),
    NoInput(
        "nearest", "a vector, of any length but zero",
        "the query's length divides all cosines alike and moves no word before another",
    ),
    Known("nearest", "one row per word, of any lengths but zero", "nearest.no_unit_length"),
    Known("nearest", "one row per word, of any lengths but zero", "nearest.euclidean"),
    Clause(
        "nearest", "a whole number, how many",
        replace='kind="stable")[:k]', by='kind="stable")[: k + 1]',
    ),
    Clause(
        "nearest", "at most V",
        replace='kind="stable")[:k]', by='kind="stable")[: min(k, len(E) - 1)]',
    ),
    Clause(
        "nearest", "whole numbers, by falling cosine",
        replace="    ids = np.argsort(-cosine, kind=\"stable\")[:k]\n",
        by="    ids = np.sort(np.argsort(-cosine, kind=\"stable\")[:k])\n",
    ),
    Clause(
        "nearest", "by falling cosine",
        replace="np.argsort(-cosine, ", by="np.argsort(-np.abs(cosine), ",
    ),
    Clause(
        "nearest", "of two equal cosines the smaller id comes first",
        replace='np.argsort(-cosine, kind="stable")[:k]',
        by='np.argsort(cosine, kind="stable")[::-1][:k]',
    ),
    # -------------------------------------------------------------------------------------- analogy
    Known(
        "analogy",
        "`a` is to `b` as `c` is to ... : analogy(E, man, king, woman) should be queen",
        "analogy.signs_permuted",
    ),
    Known("analogy", "Every vector is first brought to unit length", "analogy.no_unit_length"),
    Clause(
        "analogy", "The answer is then the word nearest (by cosine) to b - a + c",
        replace="cosine = unit @ (unit[b] - unit[a] + unit[c])",
        by="way = unit - unit[c]\n"
        "    length = np.maximum(np.linalg.norm(way, axis=1), 1e-12)\n"
        "    cosine = way @ (unit[b] - unit[a]) / length",
    ),
    Known(
        "analogy", "where the three words of the question do not compete",
        "analogy.only_b_excluded",
    ),
    Clause(
        "analogy", "the three words of the question",
        replace="cosine[[a, b, c]]", by="cosine[[b, c]]",
    ),
    Clause(
        "analogy", "the three words of the question",
        replace="cosine[[a, b, c]]", by="cosine[[a, c]]",
    ),
    Clause(
        "analogy", "the three words of the question",
        replace="cosine[[a, b, c]]", by="cosine[[a, b]]",
    ),
    Known(
        "analogy",
        "Without that last clause the answer to king - man + woman is king",
        "analogy.words_not_excluded",
    ),
    Clause(
        "analogy", "one row per word",
        replace="np.linalg.norm(E, axis=1, keepdims=True)",
        by="np.linalg.norm(E, axis=0, keepdims=True)",
    ),
    NoInput("analogy", "V is at least 4", "a promise about the input"),
    NoInput("analogy", "No two words are equally near.", "a promise about the input"),
    Known("analogy", "a: a whole number, a word", "analogy.signs_permuted"),
    Known("analogy", "the word that belongs to a", "analogy.signs_permuted"),
    Clause(
        "analogy", "the word whose partner is wanted",
        replace="(unit[b] - unit[a] + unit[c])", by="(unit[b] - unit[a])",
    ),
    Clause(
        "analogy", "a whole number, the partner of c",
        replace="word = int(np.argmax(cosine))", by="word = E[np.argmax(cosine)]",
    ),
    # ------------------------------------------------------------------------------- init_embedding
    Known(
        "init_embedding", "A table that starts from pre-trained vectors where there are some",
        "init_embedding.all_random",
    ),
    Clause(
        "init_embedding", "Known rows are the vectors as they are",
        replace="E = 1.0 * vectors",
        by="E = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)",
    ),
    Clause(
        "init_embedding",
        "The others are filled by one call of rng.normal for all unknown words together",
        replace="    E[~known] = rng.normal(0, spread, size=(int((~known).sum()), vectors.shape[1]))",
        by="    E[~known] = rng.normal(0, spread, size=vectors.shape)[~known]",
    ),
    Clause(
        "init_embedding",
        "The others are filled by one call of rng.normal for all unknown words together",
        replace="rng.normal(0, spread, size=(int((~known).sum()), vectors.shape[1]))",
        by="rng.normal(0, spread, size=vectors.shape[1])",
    ),
    Clause(
        "init_embedding", "in the order of their ids",
        replace="vectors.shape[1]))", by="vectors.shape[1]))[::-1]",
    ),
    Clause(
        "init_embedding", "with mean 0",
        replace="rng.normal(0, spread", by="rng.normal(vectors.mean(), spread",
    ),
    Known(
        "init_embedding", "the standard deviation of all numbers in the known rows",
        "init_embedding.unit_spread",
    ),
    Clause(
        "init_embedding", "the standard deviation of all numbers in the known rows",
        replace="vectors[known].std()", by="vectors[known].std(axis=0)",
    ),
    Clause(
        "init_embedding", "np.std of them, which divides by how many they are",
        replace="vectors[known].std()", by="vectors[known].std(ddof=1)",
    ),
    Clause(
        "init_embedding", "1 if no word is known",
        replace="else 1.0", by="else 0.1",
    ),
    NoInput(
        "init_embedding", "so that no word stands out by its length",
        "what the standard deviation is good for",
    ),
    Clause(
        "init_embedding", "booleans, whether word w has a pre-trained vector",
        replace="spread = vectors[known]", by="known = ~known\n    spread = vectors[known]",
    ),
    Clause(
        "init_embedding", "the vectors, floating-point",
        replace="E = 1.0 * vectors", by="E = vectors.astype(int)",
    ),
    Known(
        "init_embedding", "rows of unknown words hold anything",
        "init_embedding.spread_of_all_rows",
    ),
    Clause(
        "init_embedding", "rows of unknown words hold anything",
        replace="spread = vectors[known]",
        by="known = known | vectors.any(axis=1)\n    spread = vectors[known]",
    ),
    Clause(
        "init_embedding", "a numpy Generator",
        replace="E[~known] = rng.normal(", by="E[~known] = np.random.default_rng(0).normal(",
    ),
    Clause(
        "init_embedding", "a new array",
        replace="E = 1.0 * vectors", by="E = vectors",
    ),
    # ----------------------------------------------------------------------------------- rnnlm_loss
    Known(
        "rnnlm_loss",
        "A recurrent language model with two tables of words, U on the way in and V on the way out",
        "rnnlm_loss.tables_tied",
    ),
    Clause(
        "rnnlm_loss", "s_t = tanh(U[ids_t] + s_{t-1} W + b)",
        replace='params["W"], params["b"])', by='params["W"], 0 * params["b"])',
    ),
    Clause(
        "rnnlm_loss", "scores_t = s_t V",
        replace="scores, output = temporal_affine_forward(s,",
        by="scores, output = temporal_affine_forward(np.maximum(s, 0),",
    ),
    Known("rnnlm_loss", "predicting ids_{t+1}", "rnnlm_loss.targets_not_shifted"),
    Clause(
        "rnnlm_loss",
        "Looking up U is the lecture's product of a one-hot vector with the input matrix: "
        "the word's vector enters the state directly, so the rows of U have length H.",
        replace="rnn_forward(vectors, s0, identity", by="rnn_forward(vectors, s0, 2 * identity",
    ),
    NoInput("rnnlm_loss", "dictionary, with C words in the vocabulary", "it names a letter"),
    Known(
        "rnnlm_loss",
        "whole numbers from 0 to C-1: the first T are read, the last T are predicted",
        "rnnlm_loss.targets_not_shifted",
    ),
    Clause(
        "rnnlm_loss", "whole numbers from 0 to C-1",
        replace="vectors, lookup = word_embedding_forward(ids[:, :-1]",
        by='vectors, lookup = word_embedding_forward(np.minimum(ids[:, :-1], len(params["U"]) - 2)',
    ),
    Known("rnnlm_loss", "the state before the first word", "rnnlm_loss.initial_state_ignored"),
    Known("rnnlm_loss", "a number, summed over time", "rnnlm_loss.averaged_over_time"),
    Clause(
        "rnnlm_loss", "averaged over the batch",
        replace="    dvectors, _, _, dW, db", by="    loss = loss * len(ids)\n    dvectors, _, _, dW, db",
    ),
    Clause(
        "rnnlm_loss", "in nats",
        replace="    dvectors, _, _, dW, db", by="    loss = loss / np.log(2)\n    dvectors, _, _, dW, db",
    ),
    Clause(
        "rnnlm_loss", "dictionary with the keys and shapes of params",
        replace='"b": db', by='"db": db',
    ),
    Clause(
        "rnnlm_loss", "dictionary with the keys and shapes of params",
        replace='"b": db', by='"b": db[None]',
    ),
    Clause(
        "rnnlm_loss", "the gradients of the loss",
        replace='"V": dV}', by='"V": np.clip(dV, -0.1, 0.1)}',
    ),
)  # fmt: skip
