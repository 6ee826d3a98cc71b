"""How much a student's numbers tell of a mistake: what is needed before it may be named."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from autograder.compare import close
from autograder.judge.attempt import Attempt
from autograder.problem import Problem, Tensor

ENOUGH = 2.0
"""The weight from which on a mistake may be named: two real numbers, or eight whole ones."""

WHOLE = 0.25
"""The weight of a whole number or a truth value in an array, where a real number has 1."""

MOST_COUNTED = 50
"""Real numbers of one answer that are counted: far more than is enough, however large it is."""

DIGITS = 4
"""Real numbers that agree in these leading digits are one: the same number twice tells nothing."""


def tells(attempt: Attempt, misconception: str, outputs: Iterable[str]) -> bool:
    """Whether what came back, which fits the misconception, is enough to name it.

    outputs: those that it is to be known by. Only the cases count in which it changes them.
    """
    if attempt.problem.question is not None:
        return _answers_so(attempt, misconception)
    tensors = [tensor for tensor in attempt.problem.outputs if tensor.name in set(outputs)]
    total = 0.0
    for tensor in tensors:
        pairs = []
        for case, reply in attempt.pairs():
            changed = {*case.by_misconception.get(misconception, {})}
            changed |= {*case.by_forward.get(misconception, {})}
            got = reply.outputs.get(tensor.name)
            if tensor.name in changed and got is not None:
                pairs.append((got, case.expected[tensor.name]))
        total += weight(attempt.problem, tensor, pairs)
    return total >= ENOUGH


def _answers_so(attempt: Attempt, misconception: str) -> bool:
    """Whether the answer to a question is what the misconception gives, to DIGITS digits.

    Nobody comes by these without the wrong formula. A count or a choice is easily the same.
    """
    for case, reply in attempt.pairs():
        for output, wrong in case.by_misconception.get(misconception, {}).items():
            got = reply.outputs.get(output)
            if got is None or got.shape != wrong.shape:
                return False
            is_real = bool((wrong != np.round(wrong)).any())
            if not is_real or not close(got, wrong, 0.5 * 10.0 ** (1 - DIGITS), 0.0).all():
                return False
    return True


def weight(
    problem: Problem, tensor: Tensor, pairs: Iterable[tuple[np.ndarray, np.ndarray]]
) -> float:
    """How hard it is to come by these wrong answers for an output without the mistake itself.

    pairs: what came back and what is expected, for each case that the mistake changes.

    Any wrong code that answers with a truth value gives the same truth value, a count is easily the
    same count, and who computes nothing gives zeros, ones or another constant. But nobody comes by
    real numbers that agree to four digits except by computing them. So:

    * a property, a truth value by itself and a whole number by itself weigh nothing;
    * an array in which all numbers are the same weighs nothing;
    * of other arrays, each wrong number that is whole (0 and 1 in a gradient, too) weighs WHOLE;
    * a wrong real number weighs 1, and once however often it comes; of one answer, MOST_COUNTED
      are counted.
    """
    if tensor in problem.holds:
        return 0.0
    reals: set[str] = set()
    whole = 0
    for got, want in pairs:
        if not _is_constant(got):
            wrong = _wrong_numbers(problem, got, want)
            is_whole = wrong == np.round(wrong)
            several = np.unique(wrong[~is_whole])[:MOST_COUNTED]
            reals |= {f"{number:.{DIGITS}g}" for number in several.tolist()}
            whole += int(is_whole.sum()) if tensor.axes else 0
    return len(reals) + WHOLE * whole


def _is_constant(array: np.ndarray) -> bool:
    """Whether it is an array of one and the same number; a number by itself is none."""
    return array.size != 1 and bool((array == array.flat[0]).all()) if array.size else True


def _wrong_numbers(problem: Problem, got: np.ndarray, want: np.ndarray) -> np.ndarray:
    """The finite numbers of an answer that are not the expected ones; all, in another shape."""
    if got.shape == want.shape:
        got = got[~close(got, want, problem.rtol, problem.atol)]
    numbers = got.ravel().astype(float)
    return np.asarray(numbers[np.isfinite(numbers)])
