"""Stage three: the words. Pure: what was found and decided, as lines in the order of the check.

Of hidden cases nothing is said but how many are wrong, or differ only by an earlier mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.compare import equal
from autograder.convention import in_the_lectures
from autograder.judge import describe, faulty
from autograder.judge.arithmetic import KEPT
from autograder.judge.attempt import Attempt
from autograder.judge.decide import Decision
from autograder.judge.evidence import Evidence, Observation
from autograder.judge.explain import Clue, explain
from autograder.judge.only_said import in_words
from autograder.levels import EXACT, NAME
from autograder.problem import Case, Finding, Layer, Reply, Tensor
from autograder.wording import listed

MOST_CLUES = 4
"""How many clues a message has."""


def say(attempt: Attempt, evidence: Evidence, decision: Decision) -> tuple[Finding, ...]:
    """The findings: layer by layer down to the first that fails, then what explains it."""
    findings: list[Finding] = []
    if attempt.problem.question is not None:
        findings += in_words(lambda: _answer(attempt, evidence))
        findings += in_words(lambda: _diagnoses(attempt, evidence, decision))
        return tuple(findings)
    if evidence.fault is not None and "missing" in decision.outputs.values():
        findings += in_words(lambda: _no_answer(attempt, evidence))
    else:
        findings += in_words(lambda: _public_cases(attempt.as_asked, evidence, decision))
        findings += _hidden_cases(attempt, evidence, decision)
    findings += _observations(attempt, evidence, decision)
    findings += in_words(lambda: _diagnoses(attempt, evidence, decision))
    findings += _carried(evidence, decision)
    findings += _arithmetic(attempt, decision)
    return tuple(findings)


# ------------------------------------------------------------------------------- the short answers


def _answer(attempt: Attempt, evidence: Evidence) -> Iterator[Finding]:
    """What became of the answer to a question, of which there is one case in each casebook."""
    fault = evidence.fault
    if fault is not None and not evidence.fault_is_hidden:
        yield Finding("runs", faulty.fault(fault, attempt.problem))
        return
    if fault is not None:
        yield Finding("hidden", "your function answers here, and not when it is asked again")
        return
    (tensor,) = attempt.problem.gives
    given = attempt.replies[0].outputs.get(tensor.name)
    yours = "your answer" if given is None else f"your answer, {in_digits(given)},"
    if evidence.is_open:
        form = "has the right form" if tensor.axes else "is a number"
        yield Finding("runs", f"{yours} {form}; whether it is right is said where it is graded")
    elif evidence.wrong:
        yield Finding("hidden", f"{yours} is not right")
    else:
        yield Finding("hidden", f"{yours} is right", good=True)


def in_digits(answer: np.ndarray) -> str:
    """An answer as it is quoted: `1.667`, or `1, 3` of several."""
    return ", ".join(f"{number:.4g}" for number in answer.ravel().tolist())


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
        if swapped := faulty.in_another_order(problem, case, reply):
            yield Finding("shapes", swapped)
        yield from _changed_arguments(attempt, evidence.all_right)
        return
    results = {tensor.name: case.expected[tensor.name] for tensor in attempt.problem.gives}
    yield Finding("shapes", describe.shapes(results), good=True)

    not_finite = describe.all_not_finite(reply.outputs, case.expected)
    if not_finite:
        yield from (Finding("finite", text) for text in not_finite)
        yield from _changed_arguments(attempt, evidence.all_right)
        return
    yield from _changed_arguments(attempt, evidence.all_right)

    wrong_here = [name for name, cases in evidence.wrong.items() if evidence.shown in cases]
    if not wrong_here:
        count = sum(not case.hidden for case in attempt.cases)
        yield Finding("values", f"right on {_all_of(count, 'public case')}", good=True)
        return
    yield from _wrong_results(attempt, decision, case, reply, wrong_here)
    if attempt.is_translated:
        own = attempt.convention.words(problem)
        yield Finding("values", f"your own convention holds here: {own}")
    yield from _broken_properties(attempt, evidence, wrong_here)
    yield from _clues(attempt, decision, wrong_here)
    yield from _own_forward(attempt, evidence, wrong_here)


def _public_where(attempt: Attempt, is_so: Callable[[Case, Reply], bool]) -> list[int]:
    """The numbers of the public cases of which something is true."""
    found = []
    for number, (case, reply) in enumerate(attempt.pairs()):
        if not case.hidden and is_so(case, reply):
            found.append(number)
    return found


def _changed_arguments(attempt: Attempt, is_right: bool) -> Iterator[Finding]:
    changed = sorted({name for reply in attempt.replies for name in reply.changed})
    if changed:
        what = "its argument" if len(changed) == 1 else "its arguments"
        # Where something is wrong, this may be the reason.
        free = " (no points are lost)" if is_right else ""
        yield Finding(
            "arguments",
            f"your function changed {what} {listed(changed)}, "
            f"which the caller may still need{free}",
        )


def _wrong_results(
    attempt: Attempt, decision: Decision, case: Case, reply: Reply, wrong: Sequence[str]
) -> Iterator[Finding]:
    """The worst number of the first wrong result, and how the others fare."""
    problem = attempt.problem
    results = {tensor.name: tensor for tensor in problem.gives}
    names = [name for name in results if name in wrong]
    # What earns its points is not what to look at first.
    names.sort(key=lambda name: decision.outputs[name] == "carried")
    if not names:
        return
    first = results[names[0]]
    got, want = reply.outputs[first.name], case.expected[first.name]
    text = describe.wrong_value(problem, first, got, want)
    others = how_others_fare(names, list(results), decision.outputs)
    error_map = describe.error_map(problem, first, got, want)
    if error_map is not None and attempt.is_translated:
        # Pictures name the blocks, in the lecture's order.
        drawn = attempt.convention.to_lecture(problem, {first.name: error_map.wrong})
        error_map = replace(error_map, wrong=drawn[first.name])
    text = "; ".join([text, *others])
    yield Finding("values", f"{text} (case {case.name})", error_map=error_map)


def _broken_properties(
    attempt: Attempt, evidence: Evidence, wrong: Sequence[str]
) -> Iterator[Finding]:
    """What should hold on the case that is shown, and does not."""
    case, answer = attempt.cases[evidence.shown], attempt.answers[evidence.shown]
    for tensor in attempt.problem.holds:
        if tensor.name in wrong:
            text = describe.broken_property(attempt.problem, tensor.name, case, answer)
            yield Finding("values", text)


def _clues(attempt: Attempt, decision: Decision, names: Sequence[str]) -> Iterator[Finding]:
    """What can be seen of the wrong outputs, once for all that it is true of."""
    alike: dict[Clue, list[str]] = {}
    for tensor in attempt.problem.gives:
        # What follows from an earlier mistake is right for that.
        if tensor.name in names and decision.outputs[tensor.name] != "carried":
            for clue in _clues_of(attempt, tensor):
                alike.setdefault(clue, []).append(tensor.name)
    for one, other in swapped(alike):
        yield Finding("values", f"{one} and {other} are swapped", level=EXACT)
    clues = sorted(alike, key=lambda clue: (clue.level, -len(alike[clue])))
    for clue in clues[:MOST_CLUES]:
        yield Finding("values", clue.about(alike[clue]), level=clue.level)


def swapped(alike: dict[Clue, list[str]]) -> list[tuple[str, str]]:
    """The pairs of outputs of which each is what the other should be, taken out of the clues."""
    like = {}
    for clue, outputs in alike.items():
        if clue.like and len(outputs) == 1 and not clue.partly:
            like[outputs[0]] = clue
    pairs = []
    for output, clue in like.items():
        other = like.get(clue.like)
        if other is not None and other.like == output and clue in alike:
            pairs.append((output, clue.like))
            del alike[clue], alike[other]
    return pairs


def _clues_of(attempt: Attempt, tensor: Tensor) -> tuple[Clue, ...]:
    """What can be seen of one wrong output, on all public cases."""
    wrong: list[tuple[Case, np.ndarray]] = []
    right: list[tuple[Case, np.ndarray]] = []
    for case, reply in attempt.pairs():
        got = reply.outputs.get(tensor.name)
        if case.hidden or got is None:
            continue
        is_right = equal(attempt.problem, got, case.expected[tensor.name])
        (right if is_right else wrong).append((case, got))
    return explain(attempt.problem, tensor, wrong, right)


def _own_forward(attempt: Attempt, evidence: Evidence, names: Sequence[str]) -> Iterator[Finding]:
    """Which wrong gradients are the derivatives of the student's own forward pass."""
    found = {name: evidence.asked.own_forward.get(name) for name in names}
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
        text = follows_on(len(carried), len(hidden))
        yield Finding("hidden", text, good=decision.credit == 1)
    else:
        yield Finding("hidden", f"right on {_all_of(len(hidden), 'hidden case')}", good=True)


def follows_on(carried: int, hidden: int) -> str:
    """Of hidden cases none of which is wrong: on how many an earlier mistake is seen."""
    said = "what the earlier mistake leads to on"
    if carried == hidden:
        return f"{said} {_all_of(hidden, 'hidden case')}"
    rest = hidden - carried
    others = "the other one" if rest == 1 else f"the other {rest}"
    return f"{said} {carried} of {hidden} hidden cases, and right on {others}"


def _observations(attempt: Attempt, evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """What was found of outputs that no diagnosis explains and no earlier mistake leads to."""
    explained: set[str] = set()
    for diagnosis in decision.diagnoses:
        explained |= set(diagnosis.outputs)
    for output, state in decision.outputs.items():
        if state == "carried":
            explained.add(output)
    layers: tuple[tuple[Layer, tuple[Observation, ...]], ...] = (
        ("experiment", evidence.asked.experiments),
        ("diagnosis", evidence.near_misses),
    )
    said = set()
    for layer, observations in layers:
        for seen in observations:
            if not set(seen.outputs) <= explained and seen.text not in said:
                said.add(seen.text)
                text = in_the_lectures(seen.text) if attempt.is_translated else seen.text
                yield Finding(layer, text, level=seen.level)


def _diagnoses(attempt: Attempt, evidence: Evidence, decision: Decision) -> Iterator[Finding]:
    """Each mistake once, with the outputs it explains."""
    explains: dict[str, set[str]] = {}
    for diagnosis in decision.diagnoses:
        advice = attempt.advice[diagnosis.misconception]
        ending = f"when {advice.idea}"
        if diagnosis.found_earlier and advice.problem != attempt.problem.name:
            ending += f", as in {advice.problem}"
        explains.setdefault(ending, set()).update(diagnosis.outputs)
    for ending, outputs in explains.items():
        yield Finding("diagnosis", f"{_subject(attempt, evidence, outputs)} {ending}", level=NAME)


def _subject(attempt: Attempt, evidence: Evidence, outputs: Collection[str]) -> str:
    if evidence.fault is not None:
        return "this is what happens"
    results = [tensor.name for tensor in attempt.problem.gives]
    named = [name for name in results if name in outputs]
    if len(results) > 1 and named == results:
        return "all your results are what comes out"
    if not named:
        return "this is what happens"  # only properties do not hold
    return f"your {listed(named)} {_is(len(named))} what comes out"


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
    states = [decision.outputs[tensor.name] for tensor in attempt.problem.gives]
    kept = [decision.outputs[tensor.name] in KEPT for tensor in attempt.problem.holds]
    carried = "carried" in decision.outputs.values()
    # What is carried for no points at all is told why, too.
    if decision.status != "partial" and not carried:
        return
    if len(decision.outputs) == 1 and decision.carried_share == 1.0:
        return
    # The only rounding is here, where it is read: what is earned is kept as it is.
    earned, most = round(attempt.earned(decision.credit), 2), round(attempt.points, 2)
    parts = count_of_results(states, decision.carried_share)
    if kept:
        parts.append(count_of_properties(kept))
    yield Finding("points", f"{earned:g} of {most:g}: {listed(parts)}")


# -------------------------------------------------------------------------------------------- words


def how_others_fare(
    wrong: Sequence[str], names: Sequence[str], states: Mapping[str, str]
) -> list[str]:
    """`dWh is wrong too` and `dx and dWx are right`; `all other results are wrong too`.

    wrong: the results that are wrong on a case, the one that is described first. names: all of
    them. states: of these; what is carried is not called wrong.
    """
    right = [name for name in names if name not in wrong]
    too = [name for name in names if name in wrong[1:] and states[name] != "carried"]
    carried = [name for name in names if name in wrong[1:] and states[name] == "carried"]
    parts = []
    if len(too) == len(names) - 1 > 1:
        parts.append("all other results are wrong too")
    elif too:
        parts.append(f"{listed(too)} {_is(len(too))} wrong too")
    if len(carried) == len(names) - 1 > 1:
        parts.append("all other results differ too")
    elif carried:
        parts.append(f"{listed(carried)} {'differs' if len(carried) == 1 else 'differ'} too")
    if right:
        parts.append(f"{listed(right)} {_is(len(right))} right")
    return parts


def count_of_results(states: Sequence[str], carried_share: float) -> list[str]:
    """`4 of 5 results are right`, `1 follows from an earlier mistake`: what adds up to a score."""
    right, carried = states.count("right"), states.count("carried")
    if len(states) == 1:
        rate = f", for {carried_share:g} of its points" * (carried_share < 1)
        return [
            f"the result {'follows from an earlier mistake' + rate if carried else _how(right)}"
        ]
    parts = []
    if right or not carried:
        parts.append(f"{right} of {len(states)} results {_is(right)} right")
    if carried:
        who = f"{carried}" if right else f"{carried} of {len(states)} results"
        rate = f", each for {carried_share:g} of its points" * (carried_share < 1)
        parts.append(f"{who} {_follow(carried)} from an earlier mistake{rate}")
    return parts


def count_of_properties(kept: Sequence[bool]) -> str:
    """`1 of 2 properties holds`, `the property does not hold`."""
    if len(kept) == 1:
        return "the property holds" if kept[0] else "the property does not hold"
    return f"{sum(kept)} of {len(kept)} properties {'holds' if sum(kept) == 1 else 'hold'}"


def _follow(count: int) -> str:
    return "follows" if count == 1 else "follow"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _how(right: int) -> str:
    return "is right" if right else "is wrong"


def _all_of(number: int, noun: str) -> str:
    """`the public case`, `all 3 public cases`."""
    return f"the {noun}" if number == 1 else f"all {number} {noun}s"
