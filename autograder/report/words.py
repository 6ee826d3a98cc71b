"""What a status is called, and the sign and colour it has, wherever a person reads it."""

from __future__ import annotations

from autograder.problem import Verdict

MARKS = {
    "passed": ("✓", "green"),
    "partial": ("◐", "yellow"),
    "failed": ("✗", "red"),
    "error": ("!", "red"),
    "timeout": ("⧖", "red"),
    "todo": ("·", "bright_black"),
}
"""Status -> the sign before it and its colour; the sign says all that the colour says."""

WORDS = {
    "passed": "passed",
    "partial": "partly",
    "failed": "not yet",
    "error": "stopped",
    "timeout": "too slow",
    "todo": "to do",
}


def word(verdict: Verdict) -> str:
    """The status as a student reads it."""
    if is_carried(verdict):
        return "carried"
    return WORDS[verdict.status]


def is_carried(verdict: Verdict) -> bool:
    """Whether all that is wrong here follows from an earlier mistake."""
    states = verdict.outputs.values()
    return "carried" in states and "wrong" not in states


def points(score: float) -> str:
    """`3.2`, `4`, `2.67`: at most two decimals, without trailing zeros."""
    return f"{score:.2f}".rstrip("0").rstrip(".")
