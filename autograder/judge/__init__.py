"""The judge: compares, differentiates, diagnoses, carries forward, scores.

It sees cases and replies, never a process or a file format. `mark` is the whole of it: the layers
of a check in order (`layers`), the reasons the judge works out itself (`explain`), the
misconceptions (`diagnose`), the points (`mark`).
"""

from autograder.judge.mark import Standing, mark
from autograder.judge.sitting import Sitting

__all__ = ["Sitting", "Standing", "mark"]
