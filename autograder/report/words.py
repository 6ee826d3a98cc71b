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
    return "carried" if is_carried(verdict) else WORDS[verdict.status]


def is_carried(verdict: Verdict) -> bool:
    """Whether nothing is wrong here but what follows from an earlier mistake."""
    return "carried" in verdict.outputs.values() and "wrong" not in verdict.outputs.values()


def points(score: float) -> str:
    """`3.2`, `4`: no more digits than there are."""
    return f"{score:.2f}".rstrip("0").rstrip(".")
