"""Lesson 10: beam search."""

import numpy as np


def rescore(step, state, start, ids):
    """The score of one given hypothesis."""
    score = 0.0
    previous = start
    for word in ids:
        log_probs, state = step(state, np.array([previous]))
        score += log_probs[0, word]
        previous = word
    return float(score)


def greedy(step, state, start, end, max_length):
    """Always the most probable next word."""
    ids = []
    total = 0.0
    last = start
    while len(ids) < max_length:
        lp, state = step(state, np.array([last]))
        last = int(np.argmax(lp[0]))
        total += float(lp[0, last])
        ids.append(last)
        if last == end:
            break
    return ids, total


def expand(alive, log_probs, beam_size):
    """The best beam_size of all (parent, next word) pairs."""
    children = []
    for k, (ids, score) in enumerate(alive):
        row = log_probs[k]
        for word in range(len(row)):
            if np.isneginf(row[word]):
                continue
            children.append((ids + [word], score + float(row[word]), k))
    children.sort(key=lambda child: (-child[1], child[0]))
    return children[:beam_size]


def rank(hypotheses, alpha):
    """Put hypotheses of different lengths in order, the best first."""

    def sort_key(hyp):
        ids, score = hyp
        return (-score / len(ids) ** alpha, ids)

    return sorted(hypotheses, key=sort_key)


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    """The best hypotheses that a beam of this size finds."""
    alive = [([], 0.0)]
    done = []
    for _ in range(max_length):
        if len(alive) == 0:
            break
        last_words = np.array([ids[-1] if ids else start for ids, _ in alive])
        log_probs, new_state = step(state, last_words)
        kept = []
        parents = []
        for ids, score, parent in expand(alive, log_probs, beam_size):
            if ids[-1] == end:
                done.append((ids, score))
            else:
                kept.append((ids, score))
                parents.append(parent)
        alive = kept
        state = new_state[np.array(parents, dtype=int)]
    results = rank(done + alive, alpha)
    return results[:beam_size]
