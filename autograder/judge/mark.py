"""Marking one problem: from the replies to a standing, with its verdict, its points and what later
problems need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from autograder.judge import findings as say
from autograder.judge.describe import describe_fault
from autograder.judge.diagnose import breadth, fits, fits_tensor, worlds_seen
from autograder.judge.numeric import agrees_with_own_forward
from autograder.judge.sitting import Sitting
from autograder.problem import Finding, Status, Verdict


@dataclass(frozen=True)
class Standing:
    """A verdict, and what a later problem must know to carry its error forward.

    held: the misconceptions these results are, indistinguishable twins included.
    explained: right, or wrong only in ways that have been diagnosed or carried.
    """

    verdict: Verdict
    held: frozenset[str] = frozenset()
    explained: bool = False


Earlier = Callable[[str], Standing | None]
"""The standing of a problem that comes before the one being marked; None for any other."""

STATUS_OF_FAULT: Mapping[str, Status] = {"todo": "todo", "timeout": "timeout"}


def mark(sitting: Sitting, share: float, earlier: Earlier) -> Standing:
    """Decide one problem. `share`: what a tensor earns, of its points, that is wrong only by an
    earlier mistake.
    """
    faults = [reply.fault for reply in sitting.replies if reply.fault is not None]
    wrong = sitting.wrong()
    if not faults and not wrong:
        return _decide(sitting, share, {}, set(), [], {})
    fitting = _fitting(sitting, earlier)
    carrying = [world for world in fitting if _carries(sitting, world, earlier)]
    if faults and not carrying:
        return _faulted(sitting, fitting)
    held = _held_by_tensor(sitting, fitting, earlier)
    carried = {
        name
        for name in wrong
        if carrying or any(_carries(sitting, w, earlier) for w in held.get(name, ()))
    }
    if not faults:
        carried |= _consistent_with_explained_forward(
            sitting, [n for n in wrong if n not in carried], earlier
        )
    return _decide(sitting, share, wrong, carried, carrying or fitting, held)


# ------------------------------------------------------------------------------- what is the matter


def _fitting(sitting: Sitting, earlier: Earlier) -> list[str]:
    """The worlds that give all of these results, the problem's own misconceptions first.

    A world that raises an exception on every case cannot be told from any other exception: it
    counts if the mistake was found where it was made, and is no diagnosis otherwise.
    """
    found = [
        w
        for w in worlds_seen(sitting.cases)
        if fits(sitting.problem, w, sitting.cases, sitting.replies)
    ]
    known = [
        w
        for w in found
        if any(w not in case.raises for case in sitting.cases) or _carries(sitting, w, earlier)
    ]
    return sorted(known, key=lambda world: sitting.advice[world].problem != sitting.problem.name)


def _held_by_tensor(
    sitting: Sitting, fitting: Sequence[str], earlier: Earlier
) -> dict[str, list[str]]:
    """Where no one world gives all of it: output -> the worlds that give this output, two mistakes
    at once.
    """
    if fitting:
        return {}
    candidates = [
        world
        for world in worlds_seen(sitting.cases)
        if sitting.advice[world].problem == sitting.problem.name
        or _carries(sitting, world, earlier)
    ]
    candidates.sort(key=lambda world: breadth(world, sitting.cases))
    held = {
        name: [
            w
            for w in candidates
            if fits_tensor(sitting.problem, w, sitting.cases, sitting.replies, name)
        ]
        for name in sitting.wrong()
    }
    return {name: worlds for name, worlds in held.items() if worlds}


def _carries(sitting: Sitting, world: str, earlier: Earlier) -> bool:
    """Whether a world is a mistake of an earlier problem that this student was found to have made
    there.
    """
    home = sitting.advice[world].problem
    standing = earlier(home) if home != sitting.problem.name else None
    return standing is not None and world in standing.held


def _consistent_with_explained_forward(
    sitting: Sitting, names: Sequence[str], earlier: Earlier
) -> set[str]:
    """The gradients that agree, on every case, with numeric differentiation of a wrong but
    diagnosed forward pass.

    A forward pass nobody can explain earns none: a constant function has a consistent gradient too.
    """
    problem = sitting.problem
    forward = (
        earlier(problem.gradient_of) if problem.gradient_of not in ("", problem.name) else None
    )
    if forward is None or forward.verdict.status == "passed" or not forward.explained:
        return set()
    return {
        name
        for name in names
        if all(
            name in reply.outputs
            and agrees_with_own_forward(problem, case, name, reply.outputs[name], sitting.vary)
            for case, reply in sitting.pairs()
        )
    }


# ------------------------------------------------------------------------------------ what it earns


def _faulted(sitting: Sitting, fitting: Sequence[str]) -> Standing:
    """The code did not answer, on at least one case, and no earlier mistake is the reason."""
    first = next(reply.fault for reply in sitting.replies if reply.fault is not None)
    shown = [reply.fault for case, reply in sitting.pairs() if not case.hidden]
    public = next((fault for fault in shown if fault is not None), None)
    if public is not None:
        finding = Finding("runs", describe_fault(public, sitting.problem))
    else:
        where = f" ({first.location})" if first.location else ""
        finding = Finding(
            "hidden",
            f"right on the public cases, but on a hidden one: {first.error or first.kind}{where}",
        )
    own = [world for world in fitting if sitting.advice[world].problem == sitting.problem.name]
    status = STATUS_OF_FAULT.get((public or first).kind, "error")
    outputs = {tensor.name: "missing" for tensor in sitting.problem.outputs}
    return _standing(
        sitting,
        status,
        0.0,
        outputs,
        [finding, *say.diagnosis(sitting, own)],
        own,
        explained=bool(own),
    )


def _decide(
    sitting: Sitting,
    share: float,
    wrong: Mapping[str, list[int]],
    carried: set[str],
    fitting: Sequence[str],
    held: Mapping[str, list[str]],
) -> Standing:
    names = [tensor.name for tensor in sitting.problem.outputs]
    outputs = {
        n: "right" if n not in wrong else "carried" if n in carried else "wrong" for n in names
    }
    credit = sum(
        {"right": 1.0, "carried": share, "wrong": 0.0}[outputs[name]] for name in names
    ) / len(names)
    status: Status = "passed" if not wrong else "partial" if credit > 0 else "failed"
    named = (
        list(dict.fromkeys([*fitting, *(world for worlds in held.values() for world in worlds)]))
        if wrong
        else []
    )
    explained = all(name in carried or fitting or name in held for name in wrong)
    findings = [*say.public_findings(sitting, wrong), *say.hidden_findings(sitting, wrong)]
    if wrong and not fitting:
        findings += [
            f for name, worlds in held.items() for f in say.diagnosis(sitting, worlds[:1], name)
        ]
    elif wrong:
        findings += say.diagnosis(sitting, fitting)
    if carried:
        findings.append(
            Finding("carried", say.carried_text(sitting, carried, wrong, named), good=True)
        )
    return _standing(sitting, status, credit, outputs, findings, named, explained)


def _standing(
    sitting: Sitting,
    status: Status,
    credit: float,
    outputs: Mapping[str, str],
    findings: Sequence[Finding],
    named: Sequence[str],
    explained: bool,
) -> Standing:
    problem = sitting.problem
    verdict = Verdict(
        problem.name,
        problem.lesson,
        problem.title,
        status,
        score=round(sitting.points * credit, 2),
        max_score=sitting.points,
        outputs=outputs,
        findings=tuple(findings),
        diagnosis=named[0] if named else None,
        hints=sitting.advice[named[0]].hints if named else (),
        printed=sitting.printed,
    )
    return Standing(verdict, frozenset(named), explained)
