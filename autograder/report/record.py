"""Verdicts as JSON: what `grade --json` writes and what a class report reads.

    {"score": 41.0, "max_score": 50.0,
     "problems": [{"id": "rnn_step_forward", "lesson": "rnn", "score": 6.0, "max_score": 6.0,
                   "status": "passed" | "partial" | "failed" | "todo" | "error" | "timeout",
                   "diagnosis": "rnn_step_forward.no_bias" or null,
                   "outputs": {"next_h": "right" | "wrong" | "carried" | "missing"},
                   "message": "one line for every finding"}]}

A problem's id is the name of its function. `partial` means some points: part of the tensors is
right, or what is wrong follows from an earlier mistake that was counted where it was made
(`carried`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from autograder.problem import ErrorMap, Finding, Verdict


def record(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The verdicts on one submission as plain data, ready for `json.dumps`."""
    return {
        "score": round(sum(v.score for v in verdicts), 2),
        "max_score": round(sum(v.max_score for v in verdicts), 2),
        "problems": [
            {
                "id": v.problem,
                "lesson": v.lesson,
                "score": v.score,
                "max_score": v.max_score,
                "status": v.status,
                "diagnosis": v.diagnosis,
                "outputs": dict(v.outputs),
                "message": plain(v),
            }
            for v in verdicts
        ],
    }


def plain(verdict: Verdict, level: int = 1, leave_out: Sequence[str] = ()) -> str:
    """A verdict's findings, but for the layers left out, and its hints up to a level, as plain
    lines.
    """
    lines = [
        f"{finding.layer}: {finding.text}"
        for finding in verdict.findings
        if finding.layer not in leave_out
    ]
    hints = [
        f"hint {n}/{len(verdict.hints)}: {hint}"
        for n, hint in enumerate(verdict.hints[:level], start=1)
    ]
    return "\n".join(lines + hints)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The whole of a verdict as plain data, for another process to show; `from_data` reads it."""
    data = asdict(verdict)
    for finding in data["findings"]:
        if finding["error_map"] is not None:
            finding["error_map"]["wrong"] = finding["error_map"]["wrong"].tolist()
    return data


def from_data(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `as_data` wrote."""
    findings = []
    for each in data["findings"]:
        where = each["error_map"] and ErrorMap(
            each["error_map"]["tensor"],
            tuple(each["error_map"]["axes"]),
            np.array(each["error_map"]["wrong"]),
        )
        findings.append(Finding(**{**each, "error_map": where}))
    return Verdict(**{**data, "findings": tuple(findings), "hints": tuple(data["hints"])})
