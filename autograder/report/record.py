"""Verdicts as JSON: what `grade --json` writes and what a class report reads.

    {"score": 41.0, "max_score": 50.0,
     "remarks": ["a sentence on what was chosen or left out of what was handed in"],
     "problems": [{"id": "rnn_step_forward", "lesson": "rnn", "score": 6.0, "max_score": 6.0,
                   "status": "passed" | "partial" | "failed" | "todo" | "error" | "timeout",
                   "diagnosis": "rnn_step_forward.no_bias" or null,
                   "outputs": {"next_h": "right" | "wrong" | "carried" | "missing" | "open"},
                   "message": "one line for every finding"}]}

A problem's id is the name of its function. `partial` means some points: some of the tensors are
right, or what is wrong follows from an earlier mistake that was counted where it was made
(`carried`). Of an answer to a question whose value is not known, as in a student's own check, the
status is `todo` and the output is `open`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import fsum
from typing import Any

import numpy as np

from autograder.levels import MOST
from autograder.printable import LINES, printable, printable_data
from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.ladder import shown


def record(verdicts: Sequence[Verdict], remarks: Sequence[str] = ()) -> dict[str, Any]:
    """The verdicts on one submission as plain data, ready for `json.dumps`.

    remarks: what there is to say of the files themselves.
    """
    return {
        "score": fsum(verdict.score for verdict in verdicts),
        "max_score": fsum(verdict.max_score for verdict in verdicts),
        "remarks": list(remarks),
        "problems": [_entry(verdict) for verdict in verdicts],
    }


def _entry(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.problem,
        "lesson": verdict.lesson,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "status": verdict.status,
        "diagnosis": verdict.diagnosis,
        "outputs": dict(verdict.outputs),
        "message": as_text(verdict, MOST),
    }


def as_text(verdict: Verdict, level: int = 1, leave_out: Sequence[str] = ()) -> str:
    """A verdict's findings and its hints, a line each.

    level: of the hints. leave_out: the layers whose findings are not wanted.
    """
    lines = []
    seen = shown(verdict, level)
    for finding in seen.findings:
        if finding.layer not in leave_out:
            lines.append(f"{finding.layer}: {finding.text}")
    for label, hint in seen.hints.items():
        lines.append(f"{label}: {hint}")
    return printable("\n".join(lines), LINES)


# -------------------------------------------------------------------------- from process to process


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The whole of a verdict as plain data, for another process to show; `from_data` reads it."""
    data = asdict(verdict)
    for finding in data["findings"]:
        if finding["error_map"] is not None:
            finding["error_map"]["wrong"] = finding["error_map"]["wrong"].tolist()
    return printable_data(data)  # type: ignore[no-any-return]


def from_data(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `as_data` wrote."""
    findings = []
    for finding in data["findings"]:
        error_map = _error_map(finding["error_map"])
        findings.append(Finding(**{**finding, "error_map": error_map}))
    return Verdict(**{**data, "findings": tuple(findings), "hints": tuple(data["hints"])})


def _error_map(data: Mapping[str, Any] | None) -> ErrorMap | None:
    if data is None:
        return None
    return ErrorMap(data["tensor"], tuple(data["axes"]), np.array(data["wrong"]))
