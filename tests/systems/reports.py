"""Reports without grading, for what only writes them down."""

from __future__ import annotations

import numpy as np

from autograder.problem import ErrorMap
from autograder.report.systems.report import Outcome, Report


def outcome(
    name: str = "rnn_forward",
    score: float = 8.0,
    max_score: float = 8.0,
    text: str = "✓ passed",
    error_map: ErrorMap | None = None,
    problem_set: str = "recurrence",
) -> Outcome:
    passed = score >= max_score
    return Outcome(
        problem_set, "rnn", "1.3", name, "Over time", score, max_score, passed, text, error_map
    )


def report(*outcomes: Outcome, remarks: tuple[str, ...] = ()) -> Report:
    return Report(outcomes or (outcome(),), "#### Points\n", remarks)


def wrong_in(*shape: int) -> ErrorMap:
    wrong = np.zeros(shape, bool)
    wrong.flat[::3] = True
    return ErrorMap("dWh", tuple("NTDHV"[: len(shape)]), wrong)
