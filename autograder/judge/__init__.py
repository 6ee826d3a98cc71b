"""The judge: from cases and replies to a verdict, in three stages that run one way.

    Attempt ──examine──► Evidence ──decide──► Decision ──say──► the words of a Verdict

`examine` finds everything out, once, and is the only stage that may ask the worker; `decide` is the
scoring rule; `say` words it. None of them sees a process or a file format.
"""

from autograder.judge.attempt import Ask, Attempt
from autograder.judge.decide import Decision, Earlier
from autograder.judge.evidence import Evidence, OwnForward
from autograder.judge.examine import examine
from autograder.judge.result import Result, conclude, not_run

__all__ = [
    "Ask",
    "Attempt",
    "Decision",
    "Earlier",
    "Evidence",
    "OwnForward",
    "Result",
    "conclude",
    "examine",
    "not_run",
]
