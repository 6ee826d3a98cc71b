"""What becomes of an attempt: the verdict that is reported, the decision later problems ask for."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.judge.attempt import Attempt
from autograder.judge.decide import Decision, Earlier, decide
from autograder.judge.evidence import Evidence
from autograder.judge.say import say
from autograder.problem import Advice, Finding, Problem, Status, Verdict


@dataclass(frozen=True)
class Result:
    """A verdict, and the decision behind it.

    mistakes: what there is to say of each mistake that was diagnosed, each once.
    """

    verdict: Verdict
    decision: Decision
    mistakes: tuple[Advice, ...] = ()


def conclude(
    attempt: Attempt, evidence: Evidence, earlier: Earlier, carried_share: float
) -> Result:
    """The second and third stage: decide, and say it.

    earlier: the decisions on `evidence.refers_to()`, of those problems that come before this one.
    carried_share: what an output earns, of its points, that is wrong only by an earlier mistake.
    """
    decision = decide(evidence, earlier, carried_share)
    first = decision.diagnoses[0].misconception if decision.diagnoses else None
    question, hints = attempt.problem.question, attempt.advice[first].hints if first else ()
    if question is not None and not first and decision.status != "passed":
        hints = question.hints
    verdict = Verdict(
        attempt.problem.name,
        attempt.problem.lesson,
        attempt.problem.title,
        decision.status,
        score=attempt.earned(decision.credit),
        max_score=attempt.points,
        outputs=decision.outputs,
        findings=say(attempt, evidence, decision),
        diagnosis=first,
        hints=hints,
        printed=attempt.printed,
    )
    mistakes = [attempt.advice[diagnosis.misconception] for diagnosis in decision.diagnoses]
    return Result(verdict, decision, tuple(mistakes))


def not_run(problem: Problem, points: float, status: Status, why: str) -> Result:
    """The result of a problem that was never attempted; nothing follows from it."""
    outputs = {tensor.name: "missing" for tensor in problem.outputs}
    decision = Decision(status, 0.0, outputs)
    verdict = Verdict(
        problem.name,
        problem.lesson,
        problem.title,
        status,
        score=0.0,
        max_score=points,
        outputs=outputs,
        findings=(Finding("runs", why),),
    )
    return Result(verdict, decision)
