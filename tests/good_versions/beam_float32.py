"""A correct beam.py in another style: single precision, numpy scalars and arrays where lists were meant."""

import numpy as np


def rescore(step, state, start, ids):
    score = np.float32(0)
    for previous, word in zip([start, *ids], ids):  # noqa: B905
        log_probs, state = step(state, np.array([previous]))
        score += log_probs.astype(np.float32)[0, word]
    return score


def greedy(step, state, start, end, max_length):
    ids = np.zeros(0, dtype=np.int32)
    score = np.float32(0)
    last = start
    while len(ids) < max_length and (len(ids) == 0 or last != end):
        log_probs, state = step(state, np.array([last]))
        last = log_probs[0].astype(np.float32).argmax()
        score += np.float32(log_probs[0, last])
        ids = np.append(ids, last)
    return ids, score


def expand(alive, log_probs, beam_size):
    scores = np.array([score for _, score in alive], dtype=np.float32)
    totals = scores[:, None] + log_probs.astype(np.float32)
    pairs = [([*ids, w], totals[p, w], p) for p, (ids, _) in enumerate(alive) for w in np.arange(totals.shape[1])]
    pairs = [pair for pair in pairs if pair[1] > -np.inf]
    pairs = sorted(pairs, key=lambda pair: pair[0])
    pairs = sorted(pairs, key=lambda pair: pair[1], reverse=True)  # a stable sort keeps the order of the ids
    return pairs[:beam_size]


def rank(hypotheses, alpha):
    def key(pair):
        ids, score = pair
        return -np.float32(score) / np.float32(len(ids)) ** np.float32(alpha), list(ids)

    return sorted(hypotheses, key=key)


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    results = []
    beam = [([], np.float32(0))]
    last = np.array([start])
    for length in range(max_length):
        log_probs, state = step(state, last)
        chosen = expand(beam, log_probs, beam_size)
        results.extend((np.array(ids), score) for ids, score, _ in chosen if ids[-1] == end or length + 1 == max_length)
        chosen = [child for child in chosen if child[0][-1] != end]
        if chosen == []:
            break
        beam = [child[:2] for child in chosen]
        last = np.array([child[0][-1] for child in chosen])
        state = state[np.array([child[2] for child in chosen])]
    return rank(results, alpha)[:beam_size]
