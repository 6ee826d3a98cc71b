"""What the judge says: the findings of a check, layer by layer, down to the first that fails.

Of hidden cases it says only how many are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from autograder.compare import equal
from autograder.judge import describe
from autograder.judge.explain import explain
from autograder.judge.numeric import agrees_with_own_forward
from autograder.judge.sitting import Sitting
from autograder.problem import Finding


def public_findings(sitting: Sitting, wrong: Mapping[str, list[int]]) -> list[Finding]:
    """The layers of the first public case that is wrong, down to the first layer that fails."""
    public = [number for number, case in enumerate(sitting.cases) if not case.hidden]
    bad = sorted({number for numbers in wrong.values() for number in numbers if number in public})
    number = (bad or public)[0]
    case, reply = sitting.cases[number], sitting.replies[number]
    if reply.fault is not None:
        return [Finding("runs", describe.describe_fault(reply.fault, sitting.problem))]
    changed = sorted({name for reply in sitting.replies for name in reply.changed})
    notes = [Finding("arguments", _changed_text(changed))] if changed else []
    shapes = describe.shape_faults(sitting.problem, case, reply)
    if shapes:
        return [*(Finding("shapes", text) for text in shapes.values()), *notes]
    seen = Finding(
        "shapes",
        "  ".join(f"{n} {describe.shape_of(v)}" for n, v in case.expected.items()),
        good=True,
    )
    nans = [
        describe.not_finite(name, reply.outputs[name], case.expected[name])
        for name in case.expected
    ]
    if any(nans):
        return [seen, *(Finding("finite", text) for text in nans if text), *notes]
    if not bad:
        return [
            seen,
            *notes,
            Finding("values", f"right on {_count(len(public), 'public case')}", good=True),
        ]
    here = [name for name in wrong if number in wrong[name]]
    return [
        seen,
        *notes,
        *_value_findings(sitting, here, number),
        *_gradient_findings(sitting, here, number),
    ]


def _value_findings(sitting: Sitting, names: Sequence[str], number: int) -> list[Finding]:
    """The worst number of the first wrong output, how the others fare, and what can be seen of each
    by looking.
    """
    case, reply = sitting.cases[number], sitting.replies[number]
    tensors = {tensor.name: tensor for tensor in sitting.problem.outputs}
    first = describe.wrong_value(
        sitting.problem, tensors[names[0]], reply.outputs[names[0]], case.expected[names[0]]
    )
    where = describe.where_wrong(
        sitting.problem, tensors[names[0]], reply.outputs[names[0]], case.expected[names[0]]
    )
    findings = [
        Finding(
            "values",
            f"{first}; {_others(names, list(tensors))} (case {case.name})",
            error_map=where,
        )
    ]
    public = [(c, r) for c, r in sitting.pairs() if not c.hidden]
    for name in names:
        answers = [(c, r.outputs[name]) for c, r in public if name in r.outputs]
        bad = [(c, got) for c, got in answers if not equal(sitting.problem, got, c.expected[name])]
        clue = explain(sitting.problem, tensors[name], bad)
        if clue:
            findings.append(Finding("values", f"{name}: {clue}"))
    return findings


def _gradient_findings(sitting: Sitting, names: Sequence[str], number: int) -> list[Finding]:
    """Which of the wrong gradients are the derivatives of the student's own forward pass, and which
    are not.
    """
    problem = sitting.problem
    if not problem.gradient_of:
        return []
    case, reply = sitting.cases[number], sitting.replies[number]
    own = {
        name: agrees_with_own_forward(problem, case, name, reply.outputs[name], sitting.vary)
        for name in names
    }
    good = [name for name, agrees in own.items() if agrees]
    bad = [name for name, agrees in own.items() if agrees is False]
    numeric = f"numeric differentiation of your own {problem.gradient_of}"
    findings = []
    if good:
        text = f"{_list(good)} {_verb(good, 'agree')} with {numeric}: look there first"
        findings.append(Finding("gradients", text, good=True))
    if bad:
        text = f"{_list(bad)} {_verb(bad, 'disagree')} with {numeric}"
        findings.append(Finding("gradients", text))
    return findings


def hidden_findings(sitting: Sitting, wrong: Mapping[str, list[int]]) -> list[Finding]:
    """How many of the hidden cases are wrong, and nothing else about them."""
    hidden = [number for number, case in enumerate(sitting.cases) if case.hidden]
    bad = {number for numbers in wrong.values() for number in numbers if number in hidden}
    if not hidden:
        return []
    if not bad:
        return [Finding("hidden", f"right on {_count(len(hidden), 'hidden case')}", good=True)]
    return [Finding("hidden", f"wrong on {len(bad)} of {len(hidden)} hidden cases")]


def diagnosis(sitting: Sitting, worlds: Sequence[str], output: str = "") -> list[Finding]:
    """Whose results these are; of one output only, where two mistakes meet."""
    if not worlds:
        return []
    advice = sitting.advice[worlds[0]]
    what = f"{output} is" if output else "your result is"
    where = "" if advice.problem == sitting.problem.name else f", as in {advice.problem}"
    return [Finding("diagnosis", f"{what} what comes out when {advice.idea}{where}")]


def carried_text(
    sitting: Sitting, carried: Set[str], wrong: Mapping[str, list[int]], named: Sequence[str]
) -> str:
    """Where the mistake was made that the carried outputs follow from."""
    homes = [
        sitting.advice[w].problem
        for w in named
        if sitting.advice[w].problem != sitting.problem.name
    ]
    source = homes[0] if homes else sitting.problem.gradient_of
    which = "this" if carried == set(wrong) else _list(sorted(carried))
    return f"{which} follows from the mistake in {source}, which is counted there: mend that first"


def _changed_text(names: Sequence[str]) -> str:
    what = "its argument" if len(names) == 1 else "its arguments"
    return (
        f"your function changed {what} {_list(names)}, which the caller may still need (no "
        f"points are lost)"
    )


def _others(wrong: Sequence[str], names: Sequence[str]) -> str:
    """How the other outputs fare: `dx and dWx are right`, `dWh and db are wrong too`."""
    right = [name for name in names if name not in wrong]
    if len(names) == 1:
        return "it is the only output"
    if not right:
        return "all outputs are wrong"
    too = (
        f"{_list(wrong[1:])} {'is' if len(wrong) == 2 else 'are'} wrong too, "
        if len(wrong) > 1
        else ""
    )
    return f"{too}{_list(right)} {'is' if len(right) == 1 else 'are'} right"


def _list(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _verb(names: Sequence[str], verb: str) -> str:
    return verb + ("s" if len(names) == 1 else "")


def _count(number: int, noun: str) -> str:
    return f"the {noun}" if number == 1 else f"all {number} {noun}s" if number else f"no {noun}"
