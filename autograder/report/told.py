"""What a course's policy lets a student be told: of hidden cases, and when a mistake is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.levels import NAME, WITHHELD
from autograder.problem import Finding, Verdict
from autograder.settings import Policy

NOT_SHOWN = "the points are decided by cases that are not shown here"
"""Said in place of everything about hidden cases. It has no number, and nothing hangs on why."""


def told(verdict: Verdict, policy: Policy) -> Verdict:
    """The verdict as a student may read it.

    policy: as `Policy.at_attempt` gives it. Where that says nothing of hidden cases, a problem that
    only they find at fault is *not yet* right, whatever happened there.
    """
    return _without_hidden(_named_when(verdict, policy), policy.hidden_cases)


def is_named(policy: Policy, level: int) -> bool:
    """Whether a mistake is named at a level of hints."""
    return isinstance(policy.diagnosis, int) and policy.diagnosis <= level


def _named_when(verdict: Verdict, policy: Policy) -> Verdict:
    """The verdict with the names of mistakes at the level that the course says."""
    findings: list[Finding] = []
    for finding in verdict.findings:
        if finding.level != NAME:
            findings.append(finding)
        elif isinstance(policy.diagnosis, int):
            findings.append(replace(finding, level=policy.diagnosis))
        else:
            number = policy.diagnosis.split()[-1]
            text = f"this is a mistake we know: it is named from submission {number} on"
            findings.append(replace(finding, level=WITHHELD))
            findings.append(Finding("diagnosis", text))
    return replace(verdict, findings=tuple(dict.fromkeys(findings)))


def _without_hidden(verdict: Verdict, hidden_cases: str) -> Verdict:
    """The verdict with what hidden cases found, or without."""
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
