"""A correct beam.py as some people write it: prints, stray imports, arguments sorted in place."""

import pdb  # noqa: F401
import time

import numpy as np


def rescore(step, state, start, ids):
    ids.insert(0, start)
    score = 0
    while len(ids) > 1:
        log_probs, state = step(state, np.array(ids[:1]))
        ids.pop(0)
        score += log_probs[0, ids[0]]
    return score


def greedy(step, state, start, end, max_length):
    began = time.time()
    ids, score = [start], 0
    for _ in range(max_length):
        log_probs, state[...] = step(state, np.array(ids[-1:]))
        ids += [log_probs[0].argmax()]
        score += log_probs[0].max()
        if ids[-1] == end:
            break
    print("greedy took", time.time() - began)
    del ids[0]
    return ids, score


def expand(alive, log_probs, beam_size):
    for parent, (_, score) in enumerate(alive):
        log_probs[parent] += score
    children = []
    while len(children) < beam_size and log_probs.max() > -np.inf:
        rows, words = np.nonzero(log_probs == log_probs.max())
        tied = [(list(alive[row][0]) + [word], row, word) for row, word in zip(rows, words)]  # noqa: B905, RUF005
        ids, row, word = min(tied)
        children.append((ids, log_probs[row, word], row))
        log_probs[row, word] = -np.inf
    return children


def rank(hypotheses, alpha):
    hypotheses.sort(key=lambda pair: pair[0])
    hypotheses.sort(key=lambda pair: pair[1] / len(pair[0]) ** alpha, reverse=True)
    print(len(hypotheses), "hypotheses")
    return hypotheses


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    alive, done, last = [([], 0)], [], [start]
    while alive and max_length > 0:
        max_length -= 1
        log_probs, state = step(state, np.array(last))
        children = expand(alive, log_probs, beam_size)
        alive, parents, last = [], [], []
        for ids, score, parent in children:
            if ids[-1] == end:
                done.append((ids, score))
            else:
                alive.append((ids, score))
                parents.append(parent)
                last.append(ids[-1])
        if alive:
            state = state[parents]
    done.extend(alive)
    return rank(done, alpha)[:beam_size]
