"""What a submission earns that implements nothing: the judge alone, with made-up replies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder import lessons
from autograder.casebook import Casebook
from autograder.judge import Attempt, conclude, examine
from autograder.problem import Advice, Arrays, Case, Fault, Problem, Reply

CONSTANTS = (0.0, 1.0, -1.0, 0.5, np.nan)
PROPERTY_HOLDS = np.array(True)


def credit(
    problem: Problem, cases: list[Case], replies: list[Reply], advice: Mapping[str, Advice]
) -> float:
    attempt = Attempt(problem, 1.0, tuple(cases), tuple(replies), advice)
    evidence = examine(attempt, lambda *asked: Reply(fault=Fault("raised", "ValueError")))
    return conclude(attempt, evidence, {}, carried_share=1.0).decision.credit


def constant(problem: Problem, case: Case, value: float) -> Reply:
    """Every answer full of one number, and every property forged."""
    outputs: Arrays = {}
    if problem.finish is not None:
        for tensor in problem.brings:
            # The shapes of a case's own weights; the built ones are of one size.
            outputs[tensor.name] = np.full(tensor.shape({"D": 4, "H": 5, **case.sizes}), value)
        return Reply(outputs)
    for tensor in problem.gives:
        outputs[tensor.name] = np.full(case.expected[tensor.name].shape, value)
    outputs.update({tensor.name: PROPERTY_HOLDS for tensor in problem.holds})
    return Reply(outputs)


def forged(problem: Problem, case: Case) -> Reply:
    """Nothing but properties that hold."""
    return Reply({tensor.name: PROPERTY_HOLDS for tensor in problem.holds})


STILL_EARNS: frozenset[tuple[str, str]] = frozenset()
"""(problem, submission) for which something is still earned: to be mended, never added to."""


def attempts(problem: Problem, case: Case) -> dict[str, Reply]:
    """Worthless submission -> its reply to a case."""
    replies = {f"all {value}": constant(problem, case, value) for value in CONSTANTS}
    replies["only properties"] = forged(problem, case)
    replies["nothing"] = Reply()
    for error in ("ValueError", "NotImplementedError", "AssertionError", "IndexError"):
        replies[f"raise {error}"] = Reply(fault=Fault("raised", error))
    return replies


def test_what_implements_nothing_earns_nothing(frozen: Path) -> None:
    public, hidden = Casebook(frozen / "public"), Casebook(frozen / "hidden", hidden=True)
    earning = set()
    for problem in lessons.all_problems():
        book = public.lesson(problem.lesson)
        cases = [*book.cases_of(problem), *hidden.lesson(problem.lesson).cases_of(problem)]
        by_case = [attempts(problem, case) for case in cases]
        for submission in by_case[0]:
            replies = [replies[submission] for replies in by_case]
            if credit(problem, cases, replies, book.advice) > 0:
                earning.add((problem.name, submission))
    assert earning == STILL_EARNS
