"""Stage two: what an attempt earns. Pure: the same evidence gives the same decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.judge.evidence import Candidate, Evidence
from autograder.problem import Problem, Status


@dataclass(frozen=True)
class Diagnosis:
    """A misconception and the outputs it explains, in the signature's order."""

    misconception: str
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What an attempt earns, and what later problems must know to carry its error forward.

    credit: the share of the points, 0 to 1.
    outputs: each output -> right, wrong, carried (wrong only by an earlier mistake) or missing.
    diagnoses: what is said of the mistakes, each once.
    diagnosed: the misconceptions found here, with those that nothing tells from them.
    explained: right, or wrong only in ways that have been diagnosed or carried.
    follows_from: the earlier problem that carried outputs follow from.
    carried_share: what a carried output earns.
    """

    status: Status
    credit: float
    outputs: Mapping[str, str]
    diagnoses: tuple[Diagnosis, ...] = ()
    diagnosed: frozenset[str] = frozenset()
    explained: bool = False
    follows_from: str = ""
    carried_share: float = 1.0


Earlier = Mapping[str, Decision]
"""The decisions on the problems an attempt may follow from, as far as they come before it."""

STATUS_OF_FAULT: Mapping[str, Status] = {"todo": "todo", "timeout": "timeout"}


def decide(evidence: Evidence, earlier: Earlier, carried_share: float) -> Decision:
    """The scoring rule.

    1. An output is **right** if it equals the expected array on every case, public and hidden.
    2. Code that does not answer on some case earns nothing for the problem.
    3. An output is **carried** if it is wrong in just the way that an earlier, diagnosed mistake of
       this student leads to: it is what the misconception found there gives here, on every case; or
       it is a gradient that agrees, on every case, with the derivative of the student's own forward
       pass, and all that is wrong with that forward pass has been diagnosed. What is carried is
       counted where the mistake was made. (If all results, exceptions among them, are those of an
       earlier mistake, rule 2 does not apply.)
    4. Every result counts the same: a right one all its points, a carried one `carried_share` of
       them, a wrong one none. v is their mean.
    5. Properties (`holds`) earn nothing by themselves, since whoever writes the code can say they
       hold. Of n results and m properties, k of which are right or carried, the credit is
       v * (n + k) / (n + m).
    """
    if evidence.all_right:
        return _passed(evidence, carried_share)

    fits = _believable(evidence.fits, evidence.problem.name, earlier)
    fits_earlier = [candidate for candidate in fits if _made_earlier(candidate, earlier)]
    if evidence.fault is not None and not fits_earlier:
        return _no_answer(evidence, fits)

    whole = fits_earlier or fits
    by_output = _believable_by_output(evidence, earlier)
    carried = _carried(evidence, bool(fits_earlier), by_output, earlier)

    outputs = {}
    for tensor in evidence.problem.outputs:
        if tensor.name not in evidence.wrong:
            outputs[tensor.name] = "right"
        else:
            outputs[tensor.name] = "carried" if tensor.name in carried else "wrong"
    credit = _credit(evidence.problem, outputs, carried_share)

    candidates = [*whole, *(one for fitting in by_output.values() for one in fitting)]
    return Decision(
        status="partial" if credit > 0 else "failed",
        credit=credit,
        outputs=outputs,
        diagnoses=_diagnoses(evidence, whole, by_output),
        diagnosed=frozenset(candidate.misconception for candidate in candidates),
        explained=bool(whole) or evidence.wrong.keys() <= carried | by_output.keys(),
        follows_from=_follows_from(evidence, candidates) if carried else "",
        carried_share=carried_share,
    )


def _credit(problem: Problem, outputs: Mapping[str, str], carried_share: float) -> float:
    """What the results earn, less what properties that do not hold take from it."""
    worth = {"right": 1.0, "carried": carried_share, "wrong": 0.0}
    earned = sum(worth[outputs[tensor.name]] for tensor in problem.gives)
    kept = sum(outputs[tensor.name] != "wrong" for tensor in problem.holds)
    results = len(problem.gives)
    return earned / results * (results + kept) / (results + len(problem.holds))


def _passed(evidence: Evidence, carried_share: float) -> Decision:
    outputs = {tensor.name: "right" for tensor in evidence.problem.outputs}
    return Decision("passed", 1.0, outputs, explained=True, carried_share=carried_share)


def _no_answer(evidence: Evidence, fits: Sequence[Candidate]) -> Decision:
    """Nothing is earned; a mistake of this very problem is still named."""
    assert evidence.fault is not None
    own = [one.misconception for one in fits if one.problem == evidence.problem.name]
    return Decision(
        status=STATUS_OF_FAULT.get(evidence.fault.kind, "error"),
        credit=0.0,
        outputs={tensor.name: "missing" for tensor in evidence.problem.outputs},
        diagnoses=tuple(Diagnosis(name, tuple(evidence.wrong)) for name in own[:1]),
        diagnosed=frozenset(own),
        explained=bool(own),
    )


# ------------------------------------------------------------------------------ whose mistake it is


def _made_earlier(candidate: Candidate, earlier: Earlier) -> bool:
    """Whether this student was found to have made the mistake in an earlier problem."""
    decision = earlier.get(candidate.problem)
    return decision is not None and candidate.misconception in decision.diagnosed


def _believable(candidates: Sequence[Candidate], problem: str, earlier: Earlier) -> list[Candidate]:
    """The candidates that may be named, this problem's own first.

    An exception on every case says nothing of its reason, unless the mistake was found where it was
    made.
    """
    kept = [one for one in candidates if not one.only_raises or _made_earlier(one, earlier)]
    return sorted(kept, key=lambda candidate: candidate.problem != problem)


def _believable_by_output(evidence: Evidence, earlier: Earlier) -> dict[str, tuple[Candidate, ...]]:
    """Output -> the mistakes that give this one output: made here, or found earlier."""
    kept = {}
    for output, candidates in evidence.fits_output.items():
        believable = tuple(
            candidate
            for candidate in candidates
            if candidate.problem == evidence.problem.name or _made_earlier(candidate, earlier)
        )
        if believable:
            kept[output] = believable
    return kept


def _carried(
    evidence: Evidence,
    all_of_it: bool,
    by_output: Mapping[str, Sequence[Candidate]],
    earlier: Earlier,
) -> set[str]:
    """The outputs that are wrong only by an earlier mistake."""
    if all_of_it:
        return set(evidence.wrong)
    carried = set()
    for output, candidates in by_output.items():
        if any(_made_earlier(candidate, earlier) for candidate in candidates):
            carried.add(output)
    forward = earlier.get(evidence.problem.gradient_of)
    # A forward pass nobody can explain lends nothing: a constant has a consistent gradient too.
    if forward is not None and forward.status != "passed" and forward.explained:
        for output, comparison in evidence.own_forward.items():
            if comparison.everywhere:
                carried.add(output)
    return carried


def _diagnoses(
    evidence: Evidence,
    whole: Sequence[Candidate],
    by_output: Mapping[str, Sequence[Candidate]],
) -> tuple[Diagnosis, ...]:
    """The first mistake that explains all; else, for each output, the one that says most of it."""
    if whole:
        return (Diagnosis(whole[0].misconception, tuple(evidence.wrong)),)
    explains: dict[str, list[str]] = {}
    for output, candidates in by_output.items():
        explains.setdefault(candidates[0].misconception, []).append(output)
    return tuple(Diagnosis(name, tuple(outputs)) for name, outputs in explains.items())


def _follows_from(evidence: Evidence, candidates: Sequence[Candidate]) -> str:
    """Where the mistake was made: a misconception's own problem, else the forward pass."""
    for candidate in candidates:
        if candidate.problem != evidence.problem.name:
            return candidate.problem
    return evidence.problem.gradient_of
