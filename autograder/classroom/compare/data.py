"""A comparison as plain data, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from autograder.classroom.compare.moves import Comparison, Pair, by_problem
from autograder.classroom.compare.sides import Graded, Side
from autograder.classroom.people import Student

MARK = "class compare 1"
"""Of the format, near the start of every file."""


def as_json(comparison: Comparison) -> str:
    """All that was found, as JSON. Points are as earned, except `finals`."""
    return json.dumps(as_data(comparison), indent=2, ensure_ascii=False) + "\n"


def as_data(comparison: Comparison) -> dict[str, Any]:
    """All that was found, the submissions that stay as they are included."""
    matrix = [
        {"old": old, "new": new, "problems": count}
        for (old, new), count in sorted(comparison.matrix.items())
    ]
    return {
        "format": MARK,
        "set": comparison.problem_set,
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "anyone_loses": comparison.anyone_loses,
        "matrix": matrix,
        "problems": [asdict(one) for one in by_problem(comparison)],
        "submissions": [_pair(pair) for pair in comparison.pairs],
        "only_old": [_alone(*one) for one in comparison.only_old],
        "only_new": [_alone(*one) for one in comparison.only_new],
    }


def _side(side: Side) -> dict[str, Any]:
    pending = [graded.name for graded in side.graded if graded.pending]
    return {
        "name": side.name,
        "kind": side.kind,
        "remarks": list(side.remarks),
        "not_graded_yet": pending,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    finals = {key: {"old": old, "new": new} for key, (old, new) in pair.finals.items()}
    return {
        "students": [student.as_data() for student in pair.students],
        "old": _graded(pair.old),
        "new": _graded(pair.new),
        "moved": pair.moves,
        "by": pair.by,
        "finals": finals,
        "problems": [{**asdict(move), "by": move.by} for move in pair.problems],
        "reasons": list(pair.reasons),
    }


def _graded(graded: Graded) -> dict[str, Any]:
    return {
        "name": graded.name,
        "at": graded.at,
        "score": graded.score,
        "error": graded.error,
        "key": graded.key.as_data() if graded.key else None,
    }


def _alone(student: Student, graded: Graded) -> dict[str, Any]:
    return {"student": student.as_data(), **_graded(graded)}
