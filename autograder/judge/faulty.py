"""The sentences about faults: why the student's code gave no answer, and where it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from autograder import lessons
from autograder.judge.attempt import Attempt
from autograder.problem import Case, Fault, Problem, Reply
from autograder.wording import HALF_DONE, listed

ALONE = 'put what the file is to do by itself below `if __name__ == "__main__":`'


SIGNATURE = re.compile(r"\w+(\.\w+)*\(\) (takes|missing|got) ")


def fault(found: Fault, problem: Problem, cases: str = "") -> str:
    """What went wrong while the student's code ran, and where, in one sentence.

    cases: in which cases, where that is to be told.
    """
    location = f" ({found.location})" if found.location else ""
    error = ": ".join(filter(None, (found.error, found.text)))
    during = "while the file was imported" if found.phase == "import" else "on this call"
    late = f"; {ALONE}" if found.phase == "import" else ""
    here = _in_brackets(_way(found), cases)
    only_case = _in_brackets("", cases)
    late_at = f"{found.text or 'time is up'}{_at_the_end(found, cases)}"
    return {
        "import": f"{problem.lesson}.py cannot be imported: {error}{location}",
        "missing": f"{found.text or f'{problem.of} is missing'}{location}",
        "todo": unfinished(found, problem),
        "raised": f"stopped with {error}{_called(found)}{here}",
        "returned": f"{misfit(found)}{only_case}",
        "refused": f"{found.text or 'it does what is not allowed here'}{location}",
        "died": f"the process ended {during}: {found.text}{only_case}",
        "timeout": f"no answer {during}: {late_at}{late}",
        "garbled": f"the answer could not be read: {found.text}{only_case}",
        "silent": "there is no answer",
    }[found.kind]


def _in_brackets(*parts: str) -> str:
    told = "; ".join(filter(None, parts))
    return f" ({told})" if told else ""


def _way(found: Fault) -> str:
    """Where it was: from the outermost line of the student's inward."""
    return "; from there ".join(found.path) if found.path else found.location


def _at_the_end(found: Fault, cases: str) -> str:
    """The line on which it was when its time was up."""
    if not found.path:
        return _in_brackets("", cases)
    return f"; it was then at {_way(found)}{_in_brackets('', cases)}"


def _called(found: Fault) -> str:
    return f" when {found.call} was called" if found.call else ""


def misfit(found: Fault) -> str:
    """What the check could not do with the function, or with what it returned."""
    if not found.call:
        return found.text  # a whole sentence
    if SIGNATURE.match(found.text):
        return f"{found.text}: it is called as {found.call}"
    name = found.call.partition("(")[0]
    return f"what {name} returned does not fit: {found.text}"


def unfinished(found: Fault, problem: Problem) -> str:
    """What is still to do and where, or which line says so of code that is there already."""
    if not found.text:
        where = found.location or f"{problem.lesson}.py"
        return f"{HALF_DONE} at {where}: delete that line when the function is finished"
    text = f"still to do: {found.text}"
    if not found.location:
        return text
    text += f", at recurrent/{found.location}"
    lesson = found.location.partition(".py")[0]
    if lesson not in lessons.names():
        return text
    if lesson != problem.lesson:
        number = lessons.lesson(lesson).number
        return f"{text}: it is a function of lesson {number}, and {problem.of} calls it"
    other = found.text.partition(" ")[0]
    if other != problem.of and any(other == one.of for one in lessons.lesson(lesson).problems):
        return f"{text}: {problem.of} calls it"
    return text


# ----------------------------------------------------------------------------- in which cases it is

ENDS_ALL = ("died", "timeout", "garbled")
"""Faults after which no further case is tried."""

TOLD_WITH_CASE = ("raised", "returned", *ENDS_ALL)
"""Faults of a call; the others are the same in every case."""

MOST_CASES = 2
"""Cases that are named as those in which it runs."""


def no_answer(attempt: Attempt) -> str:
    """The sentence about the public cases without an answer: why there is none, and in which case.

    See `told_case` for which of them it is about.
    """
    case, reply = attempt.pairs()[told_case(attempt)]
    assert reply.fault is not None
    if reply.fault.kind not in TOLD_WITH_CASE or reply.fault.phase == "import":
        return fault(reply.fault, attempt.problem)
    running = [one for one, other in _public(attempt) if other.fault is None]
    failing = len(_public(attempt)) - len(running)
    known = 1 if reply.fault.kind in ENDS_ALL else failing
    return fault(reply.fault, attempt.problem, in_case(case, running, known))


def told_case(attempt: Attempt) -> int:
    """The number of the public case without an answer that is told of.

    It is the first, in which no two sizes are the same by chance; where that one runs, it is the
    smallest of those that do not. The first, too, of those behind which none was tried.
    """
    failing = []
    for number, (case, reply) in enumerate(attempt.pairs()):
        if not case.hidden and reply.fault is not None:
            failing.append(number)
    first = attempt.replies[failing[0]].fault
    if failing[0] == 0 or (first is not None and first.kind in ENDS_ALL):
        return failing[0]
    return min(failing, key=lambda number: size_of(attempt.cases[number]))


def _public(attempt: Attempt) -> list[tuple[Case, Reply]]:
    return [pair for pair in attempt.pairs() if not pair[0].hidden]


def size_of(case: Case) -> int:
    """How much there is to look at in a case."""
    return sum(array.size for array in case.inputs.values())


def in_case(case: Case, running: Sequence[Case], failing: int, runs: str = "it runs") -> str:
    """`case N=1 D=2; it runs on N=3 D=4`; where all of several cases fail, that is said.

    failing: the number of cases that are known to fail.
    """
    if running:
        # those that are no edge case first: their names are short
        names = sorted((one.name for one in running), key=lambda name: "," in name)
        return f"case {case.name}; {runs} on {listed(names, MOST_CASES + 1)}"
    return (
        f"case {case.name}; it is so on every public case" if failing > 1 else f"case {case.name}"
    )


def only_there(attempt: Attempt, shown: int, bad: Collection[int], fine: str) -> str:
    """` (case N=1 D=2; the shapes are right on N=3 D=4)`; empty if the first public case is one.

    There no two sizes are the same: what is right in another may be so by chance.

    shown: the number of the case that is told. bad: of all that are like it.
    """
    public = [number for number, case in enumerate(attempt.cases) if not case.hidden]
    others = [attempt.cases[number] for number in public if number not in bad]
    if public[0] in bad or not others:
        return ""
    return _in_brackets(in_case(attempt.cases[shown], others, len(bad), fine))


def in_another_order(problem: Problem, case: Case, reply: Reply) -> str:
    """Whether wrong outputs have one another's shapes: then they are returned in another order.

    `dx and dWx have each other's shape: are they returned in another order?`
    """
    got = {name: array.shape for name, array in reply.outputs.items()}
    want = {name: array.shape for name, array in case.expected.items()}
    wrong = [one.name for one in problem.gives if got.get(one.name) != want.get(one.name)]
    if problem.finish is not None or len(wrong) < 2:
        return ""
    if any(name not in got or name not in want for name in wrong):
        return ""
    if sorted(got[name] for name in wrong) != sorted(want[name] for name in wrong):
        return ""
    whose = "each other's shape" if len(wrong) == 2 else "one another's shapes"
    return f"{listed(wrong)} have {whose}: are they returned in another order?"
