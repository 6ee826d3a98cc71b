"""Cases drawn afresh, and whether a variant is wrong on a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext

from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.variants import Variant
from autograder.authoring.in_time import TooLong, at_most
from autograder.compare import wrong_tensors
from autograder.problem import Arrays, Problem

HANG_SECONDS = 10.0
"""After so long, a variant of which nothing is known counts as one that does not come to an end."""

Drawn = list[tuple[Arrays, Arrays]]
"""Cases of one problem: inputs, and what the reference gives for them."""


def answered(
    problem: Problem, reference: Variant, cases: Iterable[tuple[str, Mapping[str, int], Arrays]]
) -> Drawn:
    """Drawn cases, as `draw_cases` yields them, with what the reference gives."""
    return [(inputs, run_probe(problem, reference, inputs)) for _, _, inputs in cases]


def is_wrong(
    problem: Problem,
    variant: Variant,
    inputs: Arrays,
    expected: Arrays,
    seconds: float | None = None,
) -> bool:
    """Whether a variant gives something else on a case, raises, or does not come to an end.

    seconds: by the clock, for code that may not.
    """
    try:
        with nullcontext() if seconds is None else at_most(seconds):
            outputs = run_probe(problem, variant, inputs)
    except (Exception, TooLong):
        return True
    return bool(wrong_tensors(problem, outputs, expected))
