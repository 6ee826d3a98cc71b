"""Stage three: the words. Pure: what was found and decided, as lines in the order of the check.

Of hidden cases nothing is said but how many are wrong, or differ only by an earlier mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograder.compare import equal
from autograder.judge import describe, faulty
from autograder.judge.attempt import Attempt
from autograder.judge.decide import Decision, Diagnosis
from autograder.judge.evidence import Evidence, Observation
from autograder.judge.explain import explain
from autograder.problem import Case, Finding, Layer, Reply, Tensor
from autograder.wording import listed


def say(attempt: Attempt, evidence: Evidence, decision: Decision) -> tuple[Finding, ...]:
    """The findings: layer by layer down to the first that fails, then what explains it."""
    findings: list[Finding] = []
    if evidence.fault is not None and "missing" in decision.outputs.values():
        findings += _no_answer(attempt, evidence)
    else:
        findings += _public_cases(attempt, evidence, decision)
        findings += _hidden_cases(attempt, evidence, decision)
    findings += _observations(evidence, decision)
    findings += _diagnoses(attempt, evidence, decision)
    findings += _carried(evidence, decision)
    findings += _arithmetic(attempt, decision)
    return tuple(findings)


# ------------------------------------------------------------------------------------ public cases


def _no_answer(attempt: Attempt, evidence: Evidence) -> Iterator[Finding]:
    assert evidence.fault is not None
    if not evidence.fault_is_hidden:
        yield Finding("runs", faulty.no_answer(attempt))
        return
    text = "every public case has an answer, but a hidden one has none"
    if evidence.fault.kind == "timeout":
        text += " in time"
        if attempt.problem.large:
            text += (
                ": one is large, where a gradient by numeric differentiation takes minutes, and a "
                "derived one milliseconds"
            )
    yield Finding("hidden", text)


def _public_cases(attempt: Attempt, evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """The layers of the case that is shown, down to the first layer that fails."""
    case, reply = attempt.cases[evidence.shown], attempt.replies[evidence.shown]
    if reply.fault is not None:
        yield Finding("runs", faulty.no_answer(attempt))
        return

    problem = attempt.problem
    shape_faults = describe.shape_faults(problem, case, reply)
    if shape_faults:
        bad = _public_where(attempt, lambda *pair: bool(describe.shape_faults(problem, *pair)))
        there = faulty.only_there(attempt, evidence.shown, bad, "the shapes are right")
        yield from (Finding("shapes", text + there) for text in shape_faults)
        yield from _changed_arguments(attempt)
        return
    yield Finding("shapes", describe.shapes(case.expected), good=True)

    not_finite = describe.all_not_finite(reply.outputs, case.expected)
    if not_finite:
        yield from (Finding("finite", text) for text in not_finite)
        yield from _changed_arguments(attempt)
        return
    yield from _changed_arguments(attempt)

    wrong_here = [name for name, cases in evidence.wrong.items() if evidence.shown in cases]
    if not wrong_here:
        count = sum(not case.hidden for case in attempt.cases)
        yield Finding("values", f"right on {_all_of(count, 'public case')}", good=True)
        return
    yield from _wrong_values(attempt, evidence, decision, wrong_here)
    yield from _own_forward(attempt, evidence, wrong_here)


def _public_where(attempt: Attempt, is_so: Callable[[Case, Reply], bool]) -> list[int]:
    """The numbers of the public cases of which something is true."""
    found = []
    for number, (case, reply) in enumerate(attempt.pairs()):
        if not case.hidden and is_so(case, reply):
            found.append(number)
    return found


def _changed_arguments(attempt: Attempt) -> Iterator[Finding]:
    changed = sorted({name for reply in attempt.replies for name in reply.changed})
    if changed:
        what = "its argument" if len(changed) == 1 else "its arguments"
        yield Finding(
            "arguments",
            f"your function changed {what} {listed(changed)}, which the caller may still need "
            "(no points are lost)",
        )


def _wrong_values(
    attempt: Attempt, evidence: Evidence, decision: Decision, names: Sequence[str]
) -> Iterator[Finding]:
    """The worst number of the first wrong output, how the others fare, and what can be seen."""
    problem = attempt.problem
    case, reply = attempt.cases[evidence.shown], attempt.replies[evidence.shown]
    tensors = {tensor.name: tensor for tensor in problem.outputs}

    first = tensors[names[0]]
    got, want = reply.outputs[first.name], case.expected[first.name]
    text = describe.wrong_value(problem, first, got, want)
    # What earns its points is not called wrong.
    carried = all(decision.outputs[name] == "carried" for name in names)
    others = _how_others_fare(names, list(tensors), carried)
    error_map = describe.error_map(problem, first, got, want)
    yield Finding("values", f"{text}; {others} (case {case.name})", error_map=error_map)

    for name in names:
        clue = _clue(attempt, tensors[name])
        if clue:
            yield Finding("values", f"{name}: {clue}")


def _clue(attempt: Attempt, tensor: Tensor) -> str | None:
    """What can be seen of one wrong output, on every public case in which it is wrong."""
    wrong = []
    for case, reply in attempt.pairs():
        got = reply.outputs.get(tensor.name)
        if case.hidden or got is None:
            continue
        if not equal(attempt.problem, got, case.expected[tensor.name]):
            wrong.append((case, got))
    return explain(attempt.problem, tensor, wrong)


def _own_forward(attempt: Attempt, evidence: Evidence, names: Sequence[str]) -> Iterator[Finding]:
    """Which wrong gradients are the derivatives of the student's own forward pass."""
    found = {name: evidence.own_forward.get(name) for name in names}
    agreeing = [name for name, agrees in found.items() if agrees]
    disagreeing = [name for name, agrees in found.items() if agrees is False]
    numeric = f"numeric differentiation of your own {attempt.problem.gradient_of}"
    if agreeing:
        verb = "agrees" if len(agreeing) == 1 else "agree"
        text = f"{listed(agreeing)} {verb} with {numeric}: look there first"
        yield Finding("gradients", text, good=True)
    if disagreeing:
        verb = "disagrees" if len(disagreeing) == 1 else "disagree"
        yield Finding("gradients", f"{listed(disagreeing)} {verb} with {numeric}")


# ---------------------------------------------------------------------- hidden cases, explanations


def _hidden_cases(attempt: Attempt, evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """How many of the hidden cases are wrong, and nothing else about them.

    What is carried is not called wrong: its points are earned.
    """
    hidden = {number for number, case in enumerate(attempt.cases) if case.hidden}
    if not hidden:
        return
    wrong: set[int] = set()
    carried: set[int] = set()
    for output, numbers in evidence.wrong.items():
        where = carried if decision.outputs[output] == "carried" else wrong
        where |= hidden & set(numbers)
    if wrong:
        yield Finding("hidden", f"wrong on {len(wrong)} of {len(hidden)} hidden cases")
    elif carried:
        share = f"{len(carried)} of {len(hidden)} hidden cases"
        text = f"as the earlier mistake leads to on {share}"
        yield Finding("hidden", text, good=decision.credit == 1)
    else:
        yield Finding("hidden", f"right on {_all_of(len(hidden), 'hidden case')}", good=True)


def _observations(evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """What was found of outputs that no diagnosis explains and no earlier mistake leads to."""
    explained: set[str] = set()
    for diagnosis in decision.diagnoses:
        explained |= set(diagnosis.outputs)
    for output, state in decision.outputs.items():
        if state == "carried":
            explained.add(output)
    layers: tuple[tuple[Layer, tuple[Observation, ...]], ...] = (
        ("experiment", evidence.experiments),
        ("diagnosis", evidence.near_misses),
    )
    for layer, observations in layers:
        for seen in observations:
            if not set(seen.outputs) <= explained:
                yield Finding(layer, seen.text, level=seen.level)


def _diagnoses(attempt: Attempt, evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """Each mistake once, with the outputs it explains."""
    for diagnosis in decision.diagnoses:
        advice = attempt.advice[diagnosis.misconception]
        elsewhere = "" if advice.problem == attempt.problem.name else f", as in {advice.problem}"
        subject = _subject(attempt, evidence, diagnosis)
        yield Finding("diagnosis", f"{subject} when {advice.idea}{elsewhere}")


def _subject(attempt: Attempt, evidence: Evidence, diagnosis: Diagnosis) -> str:
    if evidence.fault is not None:
        return "this is what happens"
    names = [tensor.name for tensor in attempt.problem.outputs]
    if len(names) > 1 and len(diagnosis.outputs) == len(names):
        return "all your outputs are what comes out"
    verb = "is" if len(diagnosis.outputs) == 1 else "are"
    return f"your {listed(diagnosis.outputs)} {verb} what comes out"


def _carried(evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """Where the mistake was made that the carried outputs follow from."""
    carried = [name for name, state in decision.outputs.items() if state == "carried"]
    source = decision.follows_from
    if not carried:
        if source:
            unpaid = f"this follows from the mistake in {source}: mend that first"
            yield Finding("carried", f"{unpaid} (no points are given without an answer)")
        return
    everything = len(carried) == len(evidence.wrong)
    subject = "this follows" if everything else f"{listed(carried)} {_follow(len(carried))}"
    yield Finding(
        "carried",
        f"{subject} from the mistake in {source}, which is counted there: mend that first",
        good=True,
    )


def _arithmetic(attempt: Attempt, decision: Decision) -> Iterator[Finding]:
    """Where only a part of the points is earned, the sum behind it."""
    states = list(decision.outputs.values())
    right, carried = states.count("right"), states.count("carried")
    # What is carried for no points at all is told why, too.
    if decision.status != "partial" and not carried:
        return
    if len(states) == 1 and decision.carried_share == 1.0:
        return
    parts = []
    if right or not carried:
        parts.append(f"{right} of {_count(len(states), 'output')} {_is(right)} right")
    if carried:
        who = f"{carried}" if right else f"{carried} of {_count(len(states), 'output')}"
        rate = f", each for {decision.carried_share:g} of its points" * (decision.carried_share < 1)
        parts.append(f"{who} {_follow(carried)} from an earlier mistake{rate}")
    # The only rounding is here, where it is read: what is earned is kept as it is.
    earned, most = round(attempt.earned(decision.credit), 2), round(attempt.points, 2)
    yield Finding("points", f"{earned:g} of {most:g}: {' and '.join(parts)}")


# -------------------------------------------------------------------------------------------- words


def _how_others_fare(wrong: Sequence[str], names: Sequence[str], carried: bool) -> str:
    """`dx and dWx are right`, `dWh and db are wrong too, dx is right`, `all outputs are wrong`.

    carried: what is wrong follows from an earlier mistake, so it only differs.
    """
    if len(names) == 1:
        return "it is the only output"
    right = [name for name in names if name not in wrong]
    if not right:
        return "all outputs differ" if carried else "all outputs are wrong"
    text = f"{listed(right)} {_is(len(right))} right"
    too = wrong[1:]
    if not too:
        return text
    differ = "differs" if len(too) == 1 else "differ"
    how = differ if carried else f"{_is(len(too))} wrong"
    return f"{listed(too)} {how} too, {text}"


def _follow(count: int) -> str:
    return "follows" if count == 1 else "follow"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _all_of(number: int, noun: str) -> str:
    """`the public case`, `all 3 public cases`."""
    return f"the {noun}" if number == 1 else f"all {number} {noun}s"
