"""Lesson 10: beam search.

A decoder gives p(next word | words so far). The most probable sentence cannot be found one best
word at a time: a good first word may lead nowhere. Beam search keeps the `beam_size` best
beginnings instead of one.

The decoder comes as a function `step`, so that any of your models can be searched:

    log_probs, new_state = step(state, ids)

- state: an array with one row for each hypothesis, shape (K, ...): what the decoder remembers of
  the words before `ids`
- ids: (K,), whole numbers: the last word of each hypothesis, in the same order
- log_probs: (K, V): row k holds log p(word | hypothesis k), by the natural logarithm; -inf marks an
  impossible word
- new_state: (K, ...): the states after reading `ids`; row k is again that of hypothesis k

A decoder with two states (an LSTM) puts them side by side in one row. `step` may be called with any
K; it has no memory of its own: all it remembers is in `state`. Rows do not influence each other, so
if you reorder the hypotheses, you must reorder the state.

A hypothesis is a pair (ids, score). `ids` is a list of whole numbers, without the start word, and
with the end word if the hypothesis has reached it. `score` is the sum of the log-probabilities of
these ids, including that of the end word. The length of a hypothesis is the number of its ids: it
counts the end word and not the start.
"""

import numpy as np


def rescore(step, state, start, ids):
    """The score of one given hypothesis.

    It is the sum over t of log p(ids[t] | start, ids[0], ..., ids[t-1]).

    Inputs:
    - step: the decoder, as at the top of this file
    - state: (1, ...), its state before it reads `start`
    - start: a whole number, the id of the start word
    - ids: list of T ids, T >= 1

    Returns:
    - score: a number, not above 0

    Source: the chain rule of probability, in logarithms.
    """
    raise NotImplementedError("rescore (Task 10.1, 2 points)")
    return score


def greedy(step, state, start, end, max_length):
    """Always the most probable next word, until it is `end` or there are max_length ids.

    Inputs:
    - step: the decoder, as at the top of this file
    - state: (1, ...), its state before it reads `start`
    - start: a whole number, the id of the start word
    - end: a whole number, the id of the end word
    - max_length: a whole number, the most ids a hypothesis may have, at least 1; `end` counts,
      `start` does not

    Returns:
    - ids: list of at most max_length ids; of equally probable words the smaller id is taken
    - score: a number, the sum of their log-probabilities

    Source: lecture, "Beam Search", with a single partial caption.
    """
    raise NotImplementedError("greedy (Task 10.2, 3 points)")
    return ids, score


def expand(alive, log_probs, beam_size):
    """One step of the search: the best beam_size of all (parent, next word) pairs.

    A parent may have several children among the survivors, or none. Impossible pairs
    (log-probability -inf) never survive, so fewer than beam_size may come back.

    Inputs:
    - alive: list of K hypotheses (ids, score), all of one length
    - log_probs: (K, V), row k belongs to alive[k]
    - beam_size: a whole number, how many survive, at least 1; it may be larger than K V

    Returns:
    - survivors: list of (ids, score, parent), the best score first. ids is a new list, the parent's
      ids and one word more; score is the child's own; parent is the number of the row the child
      came from. Of equal scores the smaller ids come first, compared as Python compares lists: [1,
      5] before [2, 0].

    Source: lecture, "Beam Search": expand each, discard all but the top N.
    """
    raise NotImplementedError("expand (Task 10.3, 4 points)")
    return survivors


def rank(hypotheses, alpha):
    """Put hypotheses of different lengths in order, the best first.

    Every word costs probability, so a plain comparison favours short sentences. Compare score /
    length^alpha instead: alpha = 0 compares the scores themselves, alpha = 1 the mean
    log-probability of a word.

    Inputs:
    - hypotheses: list of (ids, score), each with at least one id
    - alpha: a number, 0 or more

    Returns:
    - ranked: list of the same pairs in order; their scores are still the plain sums. Of equals the
      smaller ids come first.

    Source: Wu et al. 2016, section 7, with length^alpha for their ((5 + length) / 6)^alpha.
    """
    raise NotImplementedError("rank (Task 10.4, 3 points)")
    return ranked


def beam_search(step, state, start, end, beam_size, max_length, alpha):
    """The best hypotheses that a beam of this size finds.

    The search starts with one hypothesis, the empty one. Then, max_length times at most:

    - call `step` once for all hypotheses that are alive;
    - keep the beam_size best (parent, next word) pairs, as `expand` does;
    - those that now end in `end` are finished: they leave the beam, keep their score, and are never
      extended. The others are alive. The next step again keeps beam_size pairs, however many have
      finished before.

    It stops early only when nothing is alive. What is alive after max_length steps is cut off there
    and counts as a result like the finished ones.

    Inputs:
    - step: the decoder, as at the top of this file
    - state: (1, ...), its state before it reads `start`
    - start: a whole number, the id of the start word
    - end: a whole number, the id of the end word
    - beam_size: a whole number, at least 1. With 1 this is `greedy` (as long as some word is
      possible); with V^max_length or more nothing is ever discarded.
    - max_length: a whole number, the most ids a hypothesis may have, at least 1; `end` counts,
      `start` does not
    - alpha: a number, the exponent of `rank`

    Returns:
    - results: list of (ids, score) in the order of `rank`, the beam_size best of all finished and
      cut-off hypotheses (all, if there are fewer)

    Source: lecture, "Beam Search".
    """
    raise NotImplementedError("beam_search (Tasks 10.5 and 10.6, 7 points)")
    return results
