"""A correct beam.py in another style: small objects with their own state, a heap, recursion,
tuples.
"""

import heapq

import numpy as np


class Hypothesis:
    def __init__(self, ids, score, state):
        self.ids, self.score, self.state = tuple(ids), score, state

    def __lt__(self, other):
        return (-self.score, self.ids) < (-other.score, other.ids)


def rescore(step, state, start, ids):
    if len(ids) == 0:
        return 0
    log_probs, state = step(state, [start])
    return log_probs[0, ids[0]] + rescore(step, state, ids[0], ids[1:])


def greedy(step, state, start, end, max_length):
    if max_length == 0:
        return (), 0
    log_probs, state = step(state, [start])
    word = max(range(log_probs.shape[1]), key=lambda w: (log_probs[0, w], -w))
    if word == end:
        return (word,), log_probs[0, word]
    ids, score = greedy(step, state, word, end, max_length - 1)
    return (word, *ids), log_probs[0, word] + score


def expand(alive, log_probs, beam_size):
    heap = []
    for parent, (ids, score) in enumerate(alive):
        for word, log_prob in enumerate(log_probs[parent]):
            if log_prob != float("-inf"):
                heap.append((-(score + log_prob), (*ids, word), parent))
    heapq.heapify(heap)
    best = [heapq.heappop(heap) for _ in range(min(beam_size, len(heap)))]
    return [(ids, -negative, parent) for negative, ids, parent in best]


def rank(hypotheses, alpha):
    heap = [(-score * len(ids) ** -alpha, tuple(ids), score) for ids, score in hypotheses]
    return [(ids, score) for _, ids, score in heapq.nsmallest(len(heap), heap)]


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    alive, finished = [Hypothesis([], 0.0, state[0])], []
    for _ in range(max_length):
        children = []
        for parent in alive:  # one hypothesis at a time: step takes any K
            word = parent.ids[-1] if parent.ids else start
            log_probs, states = step(parent.state[None], np.array([word]))
            possible = np.flatnonzero(np.isfinite(log_probs[0]))
            children += [
                Hypothesis((*parent.ids, int(w)), parent.score + log_probs[0, w], states[0])
                for w in possible
            ]
        survivors = heapq.nsmallest(beam_size, children)
        finished += [child for child in survivors if child.ids[-1] == end]
        alive = [child for child in survivors if child.ids[-1] != end]
    return rank([(child.ids, child.score) for child in finished + alive], alpha)[:beam_size]
