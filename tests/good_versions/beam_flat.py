"""A correct beam.py in another style: numpy from end to end, pairs as flat indices, hypotheses as
rows of a matrix.
"""

import numpy as np


def rescore(step, state, start, ids):
    inputs = np.concatenate([[start], ids[:-1]]).astype(int)
    terms = np.zeros(len(ids))
    for t, (word, target) in enumerate(zip(inputs, ids, strict=True)):
        log_probs, state = step(state, word.reshape(1))
        terms[t] = log_probs[0, target]
    return terms.sum()


def greedy(step, state, start, end, max_length):
    results = beam_search(step, state, start, end, 1, max_length, 0.0)
    return results[0]


def _best_pairs(ids, scores, log_probs, beam_size):
    """ids (K, T), scores (K,) -> rows, words, totals of the survivors, in order."""
    K, V = log_probs.shape
    totals = (scores[:, None] + log_probs).ravel()
    order_of_parents = np.lexsort(ids.T[::-1]) if ids.shape[1] else np.arange(K)
    place = np.empty(K, dtype=int)
    place[order_of_parents] = np.arange(K)  # where each parent stands among the lists of ids
    tie = (place[:, None] * V + np.arange(V)).ravel()
    best = np.lexsort((tie, -totals))
    best = best[np.isfinite(totals[best])][:beam_size]
    return best // V, best % V, totals[best]


def expand(alive, log_probs, beam_size):
    ids = np.array([hypothesis for hypothesis, _ in alive], dtype=int).reshape(len(alive), -1)
    scores = np.array([score for _, score in alive])
    rows, words, totals = _best_pairs(ids, scores, log_probs, beam_size)
    return [
        ([*ids[row].tolist(), int(w)], total, row)
        for row, w, total in zip(rows, words, totals, strict=True)
    ]


def rank(hypotheses, alpha):
    if not hypotheses:
        return []
    by_ids = sorted(hypotheses, key=lambda pair: pair[0])
    scores = np.array([score for _, score in by_ids])
    lengths = np.array([len(ids) for ids, _ in by_ids])
    return [by_ids[i] for i in np.argsort(-scores / lengths**alpha, kind="stable")]


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    ids, scores = np.zeros((1, 0), dtype=int), np.zeros(1)
    words = np.array([start])
    results = []
    for _ in range(max_length):
        log_probs, state = step(state, words)
        rows, words, scores = _best_pairs(ids, scores, log_probs, beam_size)
        ids = np.concatenate([ids[rows], words[:, None]], axis=1)
        state = np.take(state, rows, axis=0)
        done = words == end
        results += [
            (row.tolist(), score) for row, score in zip(ids[done], scores[done], strict=True)
        ]
        ids, scores, words, state = ids[~done], scores[~done], words[~done], state[~done]
        if not len(ids):
            break
    results += [(row.tolist(), score) for row, score in zip(ids, scores, strict=True)]
    return rank(results, alpha)[:beam_size]
