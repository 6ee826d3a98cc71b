"""Stage two: what an attempt earns. Pure: the same evidence gives the same decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.judge.arithmetic import arithmetic
from autograder.judge.evidence import Candidate, Evidence
from autograder.problem import Fault, Status


@dataclass(frozen=True)
class Diagnosis:
    """A misconception and the outputs it explains, in the signature's order.

    found_earlier: this student was found to have made it in an earlier problem, too.
    """

    misconception: str
    outputs: tuple[str, ...]
    found_earlier: bool = False


@dataclass(frozen=True)
class Decision:
    """What an attempt earns, and what later problems must know to carry its error forward.

    credit: the share of the points, 0 to 1.
    outputs: each output -> right, wrong, carried (wrong only by an earlier mistake), missing or
        open (there is nothing here to compare it with).
    diagnoses: what is said of the mistakes, each once.
    diagnosed: the misconceptions found here, with those that nothing tells from them.
    suspected: those whose results these are, but nothing that could tell them from other mistakes:
        they are not named. A later problem with numbers that tell is found to follow from them.
    follows_from: the earlier problem in which the mistake was made that this follows from.
    carried_share: what a carried output earns.
    """

    status: Status
    credit: float
    outputs: Mapping[str, str]
    diagnoses: tuple[Diagnosis, ...] = ()
    diagnosed: frozenset[str] = frozenset()
    suspected: frozenset[str] = frozenset()
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
       this student leads to: it equals, on every case, the frozen array of what the misconception
       found there gives here, or of the derivative of the forward pass with that misconception.
       What is carried is counted where the mistake was made. Where one number, an argument as it
       came, a count for each case, or the answers to public cases would do for an output, it is
       carried only beside an output, right or carried, that takes more than that.
    4. Every result counts the same: a right one all its points, a carried one `carried_share` of
       them, a wrong one none. v is their mean.
       Where no case knows what is right, as of a question outside of a grading, all is **open**:
       nothing is earned yet, and nothing is wrong.
    5. Properties (`holds`) earn nothing by themselves, since whoever writes the code can say they
       hold. Of n results and m properties, k of which are right or carried, the credit is
       v * (n + k) / (n + m).
    """
    if evidence.all_right:
        return _open(evidence) if evidence.is_open else _passed(evidence, carried_share)

    fits = _believable(evidence.fits, evidence.problem.name, earlier)
    fits_earlier = [candidate for candidate in fits if _made_earlier(candidate, earlier)]
    if evidence.fault is not None:
        return _no_answer(evidence, fits, fits_earlier)

    whole = fits_earlier or fits
    by_output = _believable_by_output(evidence, earlier)
    by_forward = _found_in_forward(evidence, earlier)
    carried = _carried(evidence, bool(fits_earlier), by_output, by_forward, earlier)

    outputs = {}
    for tensor in evidence.problem.outputs:
        if tensor.name not in evidence.wrong:
            outputs[tensor.name] = "right"
        else:
            outputs[tensor.name] = "carried" if tensor.name in carried else "wrong"
    credit = arithmetic(evidence.problem, outputs, carried_share).credit

    candidates = [*whole, *(one for fitting in by_output.values() for one in fitting)]
    carriers = [*candidates, *(one for fitting in by_forward.values() for one in fitting)]
    return Decision(
        status="partial" if credit > 0 else "failed",
        credit=credit,
        outputs=outputs,
        diagnoses=_diagnoses(evidence, whole, by_output, earlier),
        diagnosed=frozenset(candidate.misconception for candidate in candidates),
        suspected=_suspected(evidence),
        follows_from=_follows_from(evidence, carriers, earlier) if carried else "",
        carried_share=carried_share,
    )


def _passed(evidence: Evidence, carried_share: float) -> Decision:
    outputs = {tensor.name: "right" for tensor in evidence.problem.outputs}
    return Decision("passed", 1.0, outputs, carried_share=carried_share)


def _open(evidence: Evidence) -> Decision:
    """An answer is there, and it is graded elsewhere: what is still to do is not the student's."""
    return Decision("todo", 0.0, {tensor.name: "open" for tensor in evidence.problem.outputs})


def _no_answer(
    evidence: Evidence, fits: Sequence[Candidate], fits_earlier: Sequence[Candidate]
) -> Decision:
    """Nothing is earned; the mistake that it comes from, here or earlier, is still named."""
    assert evidence.fault is not None
    own = [one for one in fits if one.problem == evidence.problem.name]
    named = [*fits_earlier] or own
    told = [
        Diagnosis(one.misconception, tuple(evidence.wrong), one in fits_earlier)
        for one in named[:1]
    ]
    return Decision(
        status=_status_of(evidence.fault, evidence.fault_is_hidden),
        credit=0.0,
        outputs={tensor.name: "missing" for tensor in evidence.problem.outputs},
        diagnoses=tuple(told),
        diagnosed=frozenset(candidate.misconception for candidate in own),
        suspected=_suspected(evidence),
        follows_from=fits_earlier[0].problem if fits_earlier else "",
    )


def _status_of(fault: Fault, hidden: bool) -> Status:
    """What public cases have an answer to is written: there, no fault means that it is to do."""
    if hidden and fault.kind == "todo":
        return "error"
    return STATUS_OF_FAULT.get(fault.kind, "error")


# ------------------------------------------------------------------------------ whose mistake it is


def _made_earlier(candidate: Candidate, earlier: Earlier) -> bool:
    """Whether this student was found to have made the mistake in an earlier problem.

    The numbers of one of the two problems must be enough to know it by.
    """
    decision = earlier.get(candidate.problem)
    return decision is not None and _is_found(candidate, decision)


def _is_found(candidate: Candidate, decision: Decision) -> bool:
    found = candidate.misconception in decision.diagnosed
    return found or (candidate.telling and candidate.misconception in decision.suspected)


def _believable(candidates: Sequence[Candidate], problem: str, earlier: Earlier) -> list[Candidate]:
    """The candidates that may be named, this problem's own first.

    An exception on every case says nothing of its reason, and neither do a truth value or a lone
    count, unless the mistake was found where it was made.
    """
    kept = [one for one in candidates if _is_named(one) or _made_earlier(one, earlier)]
    return sorted(kept, key=lambda candidate: candidate.problem != problem)


def _is_named(candidate: Candidate) -> bool:
    return candidate.telling and not candidate.only_raises


def _suspected(evidence: Evidence) -> frozenset[str]:
    """The mistakes of this problem that give its results, and too little to name them by."""
    candidates = [*evidence.fits]
    for fitting in evidence.fits_output.values():
        candidates += fitting
    suspected = set()
    for candidate in candidates:
        own = candidate.problem == evidence.problem.name
        if own and not candidate.telling and not candidate.only_raises:
            suspected.add(candidate.misconception)
    return frozenset(suspected)


def _believable_by_output(evidence: Evidence, earlier: Earlier) -> dict[str, tuple[Candidate, ...]]:
    """Output -> the mistakes that give this one output: made here, or found earlier."""
    kept = {}
    for output, candidates in evidence.fits_output.items():
        believable = tuple(
            candidate
            for candidate in candidates
            if _made_earlier(candidate, earlier)
            or (_is_named(candidate) and candidate.problem == evidence.problem.name)
        )
        if believable:
            kept[output] = believable
    return kept


def _found_in_forward(evidence: Evidence, earlier: Earlier) -> dict[str, tuple[Candidate, ...]]:
    """Gradient -> the mistakes it is the derivative of, found where made or in the forward pass."""
    forward = earlier.get(evidence.problem.gradient_of)
    kept = {}
    for output, candidates in evidence.fits_forward.items():
        found = tuple(
            candidate
            for candidate in candidates
            if _made_earlier(candidate, earlier)
            or (forward is not None and _is_found(candidate, forward))
        )
        if found:
            kept[output] = found
    return kept


def _carried(
    evidence: Evidence,
    all_of_it: bool,
    by_output: Mapping[str, Sequence[Candidate]],
    by_forward: Mapping[str, Sequence[Candidate]],
    earlier: Earlier,
) -> set[str]:
    """The outputs that are wrong only by an earlier mistake."""
    if all_of_it:
        carried = set(evidence.wrong)
    else:
        carried = set(by_forward)
        for output, candidates in by_output.items():
            if any(_made_earlier(candidate, earlier) for candidate in candidates):
                carried.add(output)

    # What takes no work is paid only in the company of what had to be computed.
    names = {tensor.name for tensor in evidence.problem.outputs}
    earning = (names - evidence.wrong.keys()) | carried
    if earning <= evidence.effortless:
        carried.clear()
    return carried


def _diagnoses(
    evidence: Evidence,
    whole: Sequence[Candidate],
    by_output: Mapping[str, Sequence[Candidate]],
    earlier: Earlier,
) -> tuple[Diagnosis, ...]:
    """The first mistake that explains all; else, for each output, the one that says most of it."""
    if whole:
        found_earlier = _made_earlier(whole[0], earlier)
        return (Diagnosis(whole[0].misconception, tuple(evidence.wrong), found_earlier),)
    explains: dict[str, list[str]] = {}
    made_earlier = set()
    for output, (first, *_) in by_output.items():
        explains.setdefault(first.misconception, []).append(output)
        if _made_earlier(first, earlier):
            made_earlier.add(first.misconception)
    return tuple(
        Diagnosis(name, tuple(outputs), name in made_earlier) for name, outputs in explains.items()
    )


def _follows_from(evidence: Evidence, candidates: Sequence[Candidate], earlier: Earlier) -> str:
    """Where the mistake was made: a misconception's own problem, else the forward pass."""
    for candidate in candidates:
        if _made_earlier(candidate, earlier):
            return candidate.problem
    return evidence.problem.gradient_of
