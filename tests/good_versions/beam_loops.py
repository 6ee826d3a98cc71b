"""A correct beam.py in another style: plain loops, one comparison at a time."""

import math

import numpy as np


def rescore(step, state, start, ids):
    total = 0.0
    previous = start
    for t in range(len(ids)):
        log_probs, new_state = step(state, np.array([previous]))
        total = total + float(log_probs[0][ids[t]])
        state = new_state
        previous = ids[t]
    return total


def greedy(step, state, start, end, max_length):
    ids = []
    total = 0.0
    previous = start
    finished = False
    while not finished:
        log_probs, state = step(state, np.array([previous]))
        best = 0
        for word in range(len(log_probs[0])):
            if log_probs[0][word] > log_probs[0][best]:
                best = word
        total += float(log_probs[0][best])
        ids.append(best)
        previous = best
        finished = best == end or len(ids) == max_length
    return ids, total


def better(one, other):
    """Whether a child (ids, score, parent) goes before another."""
    if one[1] != other[1]:
        return one[1] > other[1]
    return one[0] < other[0]


def expand(alive, log_probs, beam_size):
    survivors = []
    for parent in range(len(alive)):
        ids, score = alive[parent]
        for word in range(len(log_probs[parent])):
            if math.isinf(log_probs[parent][word]):
                continue
            child = (list(ids) + [word], score + float(log_probs[parent][word]), parent)  # noqa: RUF005
            place = len(survivors)
            while place > 0 and better(child, survivors[place - 1]):
                place -= 1
            survivors.insert(place, child)
            if len(survivors) > beam_size:
                survivors.pop()
    return survivors


def rank(hypotheses, alpha):
    waiting = list(hypotheses)
    ranked = []
    while waiting:
        best = waiting[0]
        for pair in waiting[1:]:
            mine = pair[1] / math.pow(len(pair[0]), alpha)
            theirs = best[1] / math.pow(len(best[0]), alpha)
            if mine > theirs or (mine == theirs and pair[0] < best[0]):
                best = pair
        waiting.remove(best)
        ranked.append(best)
    return ranked


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    alive = [([], 0.0)]
    results = []
    for length in range(1, max_length + 1):
        if len(alive) == 0:
            continue
        last = []
        for ids, _ in alive:
            last.append(ids[-1] if ids else start)
        log_probs, new_state = step(state, np.array(last))
        rows, going_on = [], []
        for ids, score, parent in expand(alive, log_probs, beam_size):
            if ids[-1] == end or length == max_length:
                results.append((ids, score))
            else:
                going_on.append((ids, score))
                rows.append(new_state[parent])
        alive = going_on
        if rows:
            state = np.stack(rows)
    return rank(results, alpha)[:beam_size]
