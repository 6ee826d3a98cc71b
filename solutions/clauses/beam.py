"""Every clause of the docstrings about beam search, and what breaks just that clause."""

from autograder.authoring.clauses import Clause, Known, NoInput

DECODER = "a pointer to the top of the file"

CLAUSES = (
    # -------------------------------------------------------------------------------------- rescore
    Known("rescore", "The score of one given hypothesis", "rescore.probability_instead_of_log"),
    Known(
        "rescore",
        "It is the sum over t of log p(ids[t] | start, ids[0], ..., ids[t-1])",
        "rescore.log_probs_multiplied",
    ),
    Known(
        "rescore", "log p(ids[t] | start, ids[0], ..., ids[t-1])", "rescore.always_from_start",
    ),
    Known(
        "rescore", "log p(ids[t] | start, ids[0], ..., ids[t-1])", "rescore.state_thrown_away",
    ),
    NoInput("rescore", "the decoder, as at the top of this file", DECODER),
    Clause(
        "rescore", "its state before it reads `start`",
        replace="word = start\n",
        by="word = start\n    _, state = step(state, np.array([word]))\n",
    ),
    Clause(
        "rescore", "the id of the start word",
        replace="word = start\n", by="word = 0\n",
    ),
    Clause(
        "rescore", "list of T ids, T >= 1",
        replace="for next_word in ids:", by="for next_word in ids[:4]:",
    ),
    Clause(
        "rescore", "a number, not above 0",
        replace="score += log_probs", by="score -= log_probs",
    ),
    # --------------------------------------------------------------------------------------- greedy
    Clause(
        "greedy", "Always the most probable next word",
        replace="word = int(np.argmax(log_probs[0]))",
        by="word = int(np.argmax(log_probs[0] if not ids else -log_probs[0]))",
    ),
    Known("greedy", "until it is `end`", "greedy.goes_on_after_end"),
    Clause(
        "greedy", "or there are max_length ids",
        replace="for _ in range(max_length):", by="for _ in range(max_length + 9):",
    ),
    NoInput("greedy", "the decoder, as at the top of this file", DECODER),
    Clause(
        "greedy", "its state before it reads `start`",
        replace="word = start\n",
        by="word = start\n    _, state = step(state, np.array([word]))\n",
    ),
    Clause(
        "greedy", "the id of the start word",
        replace="word = start\n", by="word = 0\n",
    ),
    Clause(
        "greedy", "the id of the end word",
        replace="if word == end:", by="if word == 2:",
    ),
    Clause(
        "greedy", "the most ids a hypothesis may have, at least 1",
        replace="for _ in range(max_length):", by="for _ in range(max(max_length, 2)):",
    ),
    Clause(
        "greedy", "`end` counts",
        replace="for _ in range(max_length):",
        by="for _ in range(max_length - (int(np.argmax(step(state, np.array([start]))[0])) != end)):",
    ),
    Known("greedy", "`start` does not", "greedy.length_off_by_one"),
    Known("greedy", "list of at most max_length ids", "greedy.start_returned"),
    Clause(
        "greedy", "of equally probable words the smaller id is taken",
        replace="word = int(np.argmax(log_probs[0]))",
        by="word = len(log_probs[0]) - 1 - int(np.argmax(log_probs[0][::-1]))",
    ),
    Known("greedy", "a number, the sum of their log-probabilities", "greedy.end_not_paid"),
    # --------------------------------------------------------------------------------------- expand
    Known(
        "expand",
        "One step of the search: the best beam_size of all (parent, next word) pairs",
        "expand.scores_not_accumulated",
    ),
    Known(
        "expand", "the best beam_size of all (parent, next word) pairs", "expand.worst_survive",
    ),
    Known(
        "expand", "A parent may have several children among the survivors, or none",
        "expand.one_child_each",
    ),
    Clause(
        "expand", "or none",
        replace="survivors = children[:beam_size]",
        by="first = {}\n"
        "    for child in children:\n"
        "        first.setdefault(child[2], child)\n"
        "    others = [child for child in children if child is not first[child[2]]]\n"
        "    survivors = [*first.values(), *others][:beam_size]\n"
        "    survivors.sort(key=lambda child: (-child[1], child[0]))",
    ),
    Known(
        "expand", "Impossible pairs (log-probability -inf) never survive",
        "expand.impossible_survive",
    ),
    Clause(
        "expand", "so fewer than beam_size may come back",
        replace="survivors = children[:beam_size]",
        by="survivors = (children * beam_size)[:beam_size]",
    ),
    Clause(
        "expand", "list of K hypotheses (ids, score), all of one length",
        replace="for parent, (ids, score) in enumerate(alive):",
        by="for parent, (ids, score) in enumerate(alive[:2]):",
    ),
    Clause(
        "expand", "row k belongs to alive[k]",
        replace="enumerate(alive):", by="enumerate(alive[::-1]):",
    ),
    Clause(
        "expand", "how many survive",
        replace="survivors = children[:beam_size]", by="survivors = children[: beam_size + 1]",
    ),
    Clause(
        "expand", "at least 1",
        replace="survivors = children[:beam_size]", by="survivors = children[: max(beam_size, 2)]",
    ),
    Clause(
        "expand", "it may be larger than K V",
        replace="children = []", by="children = [] if beam_size <= log_probs.size else None",
    ),
    Clause(
        "expand", "list of (ids, score, parent), the best score first",
        replace="survivors = children[:beam_size]",
        by="survivors = sorted(children[:beam_size], key=lambda child: (child[2], child[0]))",
    ),
    Clause(
        "expand", "ids is a new list",
        replace="            children.append(([*ids, int(word)], score + log_probs[parent, word], parent))",
        by="            ids.append(int(word))\n"
        "            children.append((ids, score + log_probs[parent, word], parent))",
    ),
    Clause(
        "expand", "the parent's ids and one word more",
        replace="children.append(([*ids, int(word)],", by="children.append(([int(word), *ids],",
    ),
    Known("expand", "score is the child's own", "expand.probability_added"),
    Clause(
        "expand", "score is the child's own",
        replace="survivors = children[:beam_size]",
        by="survivors = [(ids, alive[p][1], p) for ids, _, p in children[:beam_size]]",
    ),
    Known(
        "expand", "parent is the number of the row the child came from", "expand.parent_by_rank",
    ),
    Known("expand", "Of equal scores the smaller ids come first", "expand.ties_by_parent"),
    Clause(
        "expand", "compared as Python compares lists: [1, 5] before [2, 0]",
        replace="(-child[1], child[0])", by="(-child[1], child[0][::-1])",
    ),
    Clause(
        "expand", "compared as Python compares lists: [1, 5] before [2, 0]",
        replace="(-child[1], child[0])", by="(-child[1], sum(child[0]), child[0])",
    ),
    # ----------------------------------------------------------------------------------------- rank
    Known(
        "rank", "Put hypotheses of different lengths in order, the best first",
        "rank.worst_first",
    ),
    Known(
        "rank", "Every word costs probability, so a plain comparison favours short sentences",
        "rank.no_normalisation",
    ),
    Known("rank", "Compare score / length^alpha instead", "rank.alpha_as_factor"),
    Clause(
        "rank", "Compare score / length^alpha instead",
        replace="len(pair[0]) ** alpha", by="((5 + len(pair[0])) / 6) ** alpha",
    ),
    Known("rank", "alpha = 0 compares the scores themselves", "rank.divided_by_plain_length"),
    Clause(
        "rank", "alpha = 0 compares the scores themselves",
        replace="len(pair[0]) ** alpha", by="len(pair[0]) ** (alpha or 1)",
    ),
    Clause(
        "rank", "alpha = 1 the mean log-probability of a word",
        replace="len(pair[0]) ** alpha", by="len(pair[0]) ** min(alpha, 0.85)",
    ),
    Clause(
        "rank", "list of (ids, score), each with at least one id",
        replace="len(pair[0]) ** alpha", by="max(len(pair[0]), 2) ** alpha",
    ),
    Clause(
        "rank", "a number, 0 or more",
        replace="len(pair[0]) ** alpha", by="len(pair[0]) ** min(alpha, 1)",
    ),
    Clause(
        "rank", "list of the same pairs in order",
        replace="    ranked = ", by="    hypotheses = [(ids[:1], score) for ids, score in hypotheses]\n    ranked = ",
    ),
    Known("rank", "their scores are still the plain sums", "rank.score_normalised"),
    Clause(
        "rank", "Of equals the smaller ids come first",
        replace="** alpha, pair[0])", by="** alpha)",
    ),
    Clause(
        "rank", "Of equals the smaller ids come first",
        replace="** alpha, pair[0])", by="** alpha, len(pair[0]), pair[0])",
    ),
    # ---------------------------------------------------------------------------------- beam_search
    Known(
        "beam_search", "The best hypotheses that a beam of this size finds",
        "beam_search.ends_crowd_nobody",
    ),
    Known(
        "beam_search", "The search starts with one hypothesis, the empty one",
        "beam_search.many_starts",
    ),
    Known("beam_search", "Then, max_length times at most", "beam_search.one_step_short"),
    Clause(
        "beam_search", "call `step` once for all hypotheses that are alive",
        replace="log_probs, state = step(state, words)",
        by="log_probs, state = step(state, words[:1])\n"
        "        log_probs = np.repeat(log_probs, len(words), axis=0)\n"
        "        state = np.repeat(state, len(words), axis=0)",
    ),
    Known(
        "beam_search", "call `step` once for all hypotheses that are alive",
        "beam_search.state_not_reindexed",
    ),
    NoInput(
        "beam_search", "call `step` once",
        "calling it once for each hypothesis gives the same: rows do not influence each other",
    ),
    Clause(
        "beam_search", "keep the beam_size best (parent, next word) pairs, as `expand` does",
        replace="survivors = expand(alive, log_probs, beam_size)",
        by="survivors = []\n"
        "        for row, one in enumerate(alive):\n"
        "            children = expand([one], log_probs[row : row + 1], 1 + beam_size // len(alive))\n"
        "            survivors += [(ids, score, row) for ids, score, _ in children]\n"
        "        survivors = survivors[:beam_size]",
    ),
    Known(
        "beam_search", "those that now end in `end` are finished",
        "beam_search.finished_keep_growing",
    ),
    Known("beam_search", "they leave the beam", "beam_search.finished_keep_growing"),
    Clause(
        "beam_search", "keep their score",
        replace="finished += [(ids, score) for", by="finished += [(ids, score - 0.5) for",
    ),
    Known("beam_search", "never extended", "beam_search.finished_keep_growing"),
    Known("beam_search", "The others are alive", "beam_search.stops_at_first_end"),
    Known(
        "beam_search",
        "The next step again keeps beam_size pairs, however many have finished before",
        "beam_search.beam_shrinks",
    ),
    Clause(
        "beam_search",
        "The next step again keeps beam_size pairs, however many have finished before",
        replace="        survivors = expand(alive, log_probs, beam_size)\n",
        by="        survivors = expand(alive, log_probs, 3 * beam_size)\n"
        "        going = [child for child in survivors if child[0][-1] != end][:beam_size]\n"
        "        worst = going[-1][1] if len(going) == beam_size else -np.inf\n"
        "        ends = [c for c in survivors if c[0][-1] == end and c[1] >= worst]\n"
        "        survivors = going + ends\n",
    ),
    Clause(
        "beam_search",
        "The next step again keeps beam_size pairs, however many have finished before",
        replace="        survivors = expand(alive, log_probs, beam_size)\n",
        by="        pairs = expand(alive, log_probs, len(alive) * log_probs.shape[1])\n"
        "        survivors, room = [], beam_size\n"
        "        for child in pairs:\n"
        "            if room:\n"
        "                survivors.append(child)\n"
        "                room -= child[0][-1] != end\n",
    ),
    Clause(
        "beam_search", "they leave the beam, keep their score, and are never extended",
        replace="        survivors = expand(alive, log_probs, beam_size)\n",
        by="        best = sorted(finished, key=lambda one: -one[1])[:beam_size]\n"
        "        survivors = expand(alive, log_probs, beam_size)\n"
        "        bar = best[-1][1] if len(best) == beam_size else -np.inf\n"
        "        survivors = [child for child in survivors if child[1] > bar]\n",
    ),
    Known(
        "beam_search", "It stops early only when nothing is alive",
        "beam_search.stops_when_beam_size_finished",
    ),
    Clause(
        "beam_search", "It stops early only when nothing is alive",
        replace="        if not alive:\n            break\n",
        by="        best = max([score for _, score in finished], default=-np.inf)\n"
        "        if not alive or best > alive[0][1]:\n            break\n",
    ),
    Clause(
        "beam_search", "It stops early only when nothing is alive",
        replace="        if not alive:\n            break\n", by="",
    ),
    Known(
        "beam_search",
        "What is alive after max_length steps is cut off there and counts as a result like the "
        "finished ones.",
        "beam_search.cut_off_dropped",
    ),
    Clause(
        "beam_search", "counts as a result like the finished ones",
        replace="results = rank(finished + alive, alpha)[:beam_size]",
        by="results = (rank(finished, alpha) + rank(alive, alpha))[:beam_size]",
    ),
    Clause(
        "beam_search", "counts as a result like the finished ones",
        replace="results = rank(finished + alive, alpha)[:beam_size]",
        by="results = rank(finished or alive, alpha)[:beam_size]",
    ),
    NoInput("beam_search", "the decoder, as at the top of this file", DECODER),
    Clause(
        "beam_search", "its state before it reads `start`",
        replace="    words = np.array([start])\n",
        by="    words = np.array([start])\n    _, state = step(state, words)\n",
    ),
    Clause(
        "beam_search", "the id of the start word",
        replace="    words = np.array([start])\n", by="    words = np.array([0])\n",
    ),
    Clause(
        "beam_search", "the id of the end word",
        replace="    alive, finished = [([], 0.0)], []\n",
        by="    alive, finished = [([], 0.0)], []\n    end = 2\n",
    ),
    Clause(
        "beam_search", "a whole number, at least 1",
        replace="    alive, finished = [([], 0.0)], []\n",
        by="    alive, finished = [([], 0.0)], []\n    beam_size = max(beam_size, 2)\n",
    ),
    Clause(
        "beam_search", "With 1 this is `greedy`",
        replace="    alive, finished = [([], 0.0)], []\n",
        by="    alive, finished = [([], 0.0)], []\n    alpha = 0.0 if beam_size == 1 else alpha\n"
        "    max_length = max_length + (beam_size == 1)\n",
    ),
    NoInput(
        "beam_search", "as long as some word is possible",
        "probabilities sum to 1, and some word is possible always",
    ),
    Clause(
        "beam_search", "with V^max_length or more nothing is ever discarded",
        replace="    alive, finished = [([], 0.0)], []\n",
        by="    alive, finished = [([], 0.0)], []\n    beam_size = min(beam_size, 8)\n",
    ),
    Clause(
        "beam_search", "the most ids a hypothesis may have, at least 1",
        replace="for _ in range(max_length):", by="for _ in range(max(max_length, 2)):",
    ),
    Clause(
        "beam_search", "`end` counts",
        replace="results = rank(finished + alive, alpha)[:beam_size]",
        by="finished = [(ids[:-1], score) for ids, score in finished]\n"
        "    results = rank([pair for pair in finished + alive if pair[0]], alpha)[:beam_size]",
    ),
    Known("beam_search", "`start` does not", "beam_search.one_step_short"),
    Clause(
        "beam_search", "a number, the exponent of `rank`",
        replace="rank(finished + alive, alpha)", by="rank(finished + alive, 1.0)",
    ),
    Known(
        "beam_search", "list of (ids, score) in the order of `rank`", "beam_search.not_ranked",
    ),
    Clause(
        "beam_search", "the beam_size best of all finished and cut-off hypotheses",
        replace="results = rank(finished + alive, alpha)[:beam_size]",
        by="results = rank((finished + alive)[:beam_size], alpha)",
    ),
    Known(
        "beam_search", "the beam_size best of all finished and cut-off hypotheses",
        "beam_search.all_returned",
    ),
    Clause(
        "beam_search", "all, if there are fewer",
        replace="results = rank(finished + alive, alpha)[:beam_size]",
        by="results = rank(finished + alive, alpha)\n"
        "    results = (results * beam_size)[:beam_size]",
    ),
)  # fmt: skip
