"""What an examination of an attempt has found; nothing is decided yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.problem import Fault, Problem


@dataclass(frozen=True)
class Candidate:
    """A misconception whose results the attempt shows.

    problem: the problem in which the mistake is made, perhaps an earlier one.
    only_raises: it gives an exception on every case, which any other exception looks like.
    telling: the numbers that it changes are enough to know it by, see `telling.weight`.
    """

    misconception: str
    problem: str
    only_raises: bool = False
    telling: bool = True


OwnForward = bool | None
"""Whether a wrong gradient agrees with the derivative of the student's own forward pass on the case
that the message is about; None if that cannot be told. It is said, and no point hangs on it."""


@dataclass(frozen=True)
class Observation:
    """Something that was found about wrong outputs, as a sentence; no point hangs on it.

    level: of the ladder of hints, from which it is shown.
    """

    outputs: tuple[str, ...]
    text: str
    level: int


@dataclass(frozen=True)
class Asked:
    """What was found out by asking the student's code; no point hangs on it.

    own_forward: gradient -> how it compares with the student's own forward pass.
    experiments: what it does when its inputs are changed.
    """

    own_forward: Mapping[str, OwnForward] = field(default_factory=dict)
    experiments: tuple[Observation, ...] = ()


NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class Evidence:
    """All that decides about an attempt.

    wrong: output -> the numbers of the cases in which it is wrong or missing, for the outputs that
        are wrong somewhere, in the signature's order.
    shown: the number of the case that the message is about, the first public one that is wrong.
    fault: why there is no answer, on the first public case without one, else on a hidden case.
    fault_is_hidden: every public case has its answer.
    fits: the misconceptions that give all of these results.
    fits_output: output -> the misconceptions that give this output, those that change least first;
        filled only where no misconception that could be named gives all results.
    fits_forward: gradient -> the misconceptions of the forward pass whose derivative it is.
    effortless: outputs that are a constant, an argument or a lone count on all cases, or have the
        answer of a public case on every hidden one: nothing was computed.
    near_misses: what edit of right code gives these results, where some edit does.
    asked: what was found out by asking the student's code, on public inputs.
    is_open: no case knows what is right, as of a question where there is no hidden case.
    """

    problem: Problem
    wrong: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    shown: int = 0
    fault: Fault | None = None
    fault_is_hidden: bool = False
    fits: tuple[Candidate, ...] = ()
    fits_output: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    fits_forward: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    effortless: frozenset[str] = frozenset()
    near_misses: tuple[Observation, ...] = ()
    asked: Asked = NOTHING_ASKED
    is_open: bool = False

    @property
    def all_right(self) -> bool:
        """Every output of every case is there and right."""
        return self.fault is None and not self.wrong

    def refers_to(self) -> set[str]:
        """The other problems on which a decision may hang: earlier mistakes, the forward pass."""
        candidates = [*self.fits]
        for fitting in (*self.fits_output.values(), *self.fits_forward.values()):
            candidates += fitting
        problems = {candidate.problem for candidate in candidates}
        if self.fits_forward:
            problems.add(self.problem.gradient_of)
        return problems - {self.problem.name}
