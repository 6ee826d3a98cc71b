"""The judge: from cases and replies to a verdict, in three stages that run one way.

    Attempt ──examine──► Evidence ──decide──► Decision ──say──► the words of a Verdict

`examine` finds everything out, once; what is to be asked of the worker, `inquire` has asked before,
while public cases were run. `decide` is the scoring rule; `say` words it. None of them sees a
process or a file format.
"""

from autograder.judge.attempt import Ask, Attempt
from autograder.judge.decide import Decision, Earlier
from autograder.judge.evidence import NOTHING_ASKED, Asked, Evidence
from autograder.judge.examine import examine, inquire
from autograder.judge.result import Result, conclude, not_run

__all__ = [
    "NOTHING_ASKED",
    "Ask",
    "Asked",
    "Attempt",
    "Decision",
    "Earlier",
    "Evidence",
    "Result",
    "conclude",
    "examine",
    "inquire",
    "not_run",
]
