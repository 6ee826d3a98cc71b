"""What a course's policy lets be told of hidden cases: the same verdict, with or without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.problem import Finding, Verdict

NOT_SHOWN = "the points are decided by cases that are not shown here"
"""Said in place of everything about hidden cases. It has no number, and nothing hangs on why."""


def told(verdict: Verdict, hidden_cases: str) -> Verdict:
    """The verdict as a student may read it.

    hidden_cases: the policy's. With "none", a problem that only hidden cases find at fault is *not
    yet* right, whatever happened there.
    """
    if hidden_cases != "none":
        return verdict
    findings = [finding for finding in verdict.findings if finding.layer != "hidden"]
    if any(finding.layer == "hidden" and not finding.good for finding in verdict.findings):
        findings.insert(_place(findings), Finding("points", NOT_SHOWN))
    if not _only_hidden_have_no_answer(verdict):
        return replace(verdict, findings=tuple(findings))
    outputs = {
        name: "wrong" if state == "missing" else state for name, state in verdict.outputs.items()
    }
    answered = Finding("runs", "every public case has an answer", good=True)
    return replace(verdict, status="failed", outputs=outputs, findings=(answered, *findings))


def _place(findings: Sequence[Finding]) -> int:
    """Where hidden cases are told of: after what was seen, before what explains it."""
    explained = ("diagnosis", "carried", "points")
    before = [finding for finding in findings if finding.layer not in explained]
    return len(before)


def _only_hidden_have_no_answer(verdict: Verdict) -> bool:
    """Whether every public case has its answer, and some hidden one has none."""
    layers = {finding.layer for finding in verdict.findings}
    return verdict.status in ("error", "timeout") and "hidden" in layers and "runs" not in layers
