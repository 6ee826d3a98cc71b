"""Why a problem has its score, for staff: the sum, the cases, the mistakes, what it was built from.

It names hidden cases by their sizes, so it is not for students.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.casebook import Casebook
from autograder.grade import Grader, course_problems, opened
from autograder.judge import Attempt, Evidence, Result
from autograder.judge.arithmetic import Arithmetic, Term, arithmetic
from autograder.levels import MOST
from autograder.numbers import task_numbers
from autograder.problem import Case, Problem, Reply
from autograder.report.record import as_text
from autograder.report.words import mark, score, word
from autograder.settings import Course
from autograder.sitting import SandboxLike
from autograder.wording import counted

DIGITS = 12
"""How much of a casebook's fingerprint is shown."""


@dataclass(frozen=True)
class Account:
    """A result and all that it hangs on.

    attempt, evidence: None for a problem that was not run to its end. earlier: the results of the
    problems it may follow from. seed: of the public cases.
    """

    problem: Problem
    number: str
    result: Result
    attempt: Attempt | None
    evidence: Evidence | None
    earlier: Mapping[str, Result]
    seed: int


def accounts(
    submission: Path,
    course: Course,
    books: Sequence[Casebook],
    names: Sequence[str],
    sandbox: SandboxLike | None = None,
) -> Iterator[str]:
    """The account of each of these problems, on one submission.

    Raises IntakeError if the submission cannot be read, CasebookError if a casebook cannot.
    """
    wanted = [problem for problem in course_problems(course) if problem.name in names]
    with opened(submission, course, books, sandbox) as grader:
        grader.sit(wanted)
        for problem in wanted:
            yield account(_account_of(grader, problem, course), books)


def _account_of(grader: Grader, problem: Problem, course: Course) -> Account:
    result = grader.result(problem)
    attempt, evidence = grader.examined(problem) or (None, None)
    source = result.decision.follows_from
    earlier = {source: grader.result(lessons.find(source))} if source else {}
    number = task_numbers(course)[problem.name]
    return Account(problem, number, result, attempt, evidence, earlier, course.seed)


def account(told: Account, books: Sequence[Casebook]) -> str:
    """The account as text, a paragraph for each of its parts."""
    parts = [_head(told), _sum(told), *_cases(told), *_mistakes(told), *_message(told)]
    parts.append(_built_from(told, books))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(told: Account) -> list[str]:
    verdict = told.result.verdict
    sign, _ = mark(verdict)
    return [f"{sign} {verdict.problem} (task {told.number})  {score(verdict)}  {word(verdict)}"]


# ------------------------------------------------------------------------------------------ the sum


def _sum(told: Account) -> list[str]:
    """The points of each output, and what is left of them; it adds up to the score."""
    verdict, decision = told.result.verdict, told.result.decision
    terms = arithmetic(told.problem, decision.outputs, decision.carried_share)
    each = verdict.max_score / len(terms.results)
    outputs = counted(len(terms.results), "output")
    lines = [f"sum: {_exact(verdict.max_score)} points / {outputs} = {_exact(each)} each"]
    for term in terms.results:
        lines.append(f"  {_term(term, each)}")
    if terms.properties:
        lines += [f"  {term.output}: {_property(term)}" for term in terms.properties]
        lines.append(f"  {_factor(terms)}")
    missing = any(term.state == "missing" for term in terms.results)
    why = ", because code that does not answer on every case earns nothing" if missing else ""
    lines.append(f"  score: {_exact(verdict.score)}{why}")
    return lines


def _term(term: Term, each: float) -> str:
    product = f"{_exact(each)} x {_exact(term.worth)} = {_exact(each * term.worth)}"
    return f"{term.output}: {term.state}, {product}"


def _property(term: Term) -> str:
    return "a property that holds" if term.worth else f"a property, {term.state}"


def _factor(terms: Arithmetic) -> str:
    results, held, all_of_them = len(terms.results), terms.kept, len(terms.properties)
    fraction = f"({results} + {held}) / ({results} + {all_of_them}) = {_exact(terms.factor)}"
    return f"{held} of {all_of_them} properties hold, so the outputs' points x {fraction}"


def _exact(number: float) -> str:
    """Ten digits: enough for the sum to be checked by hand."""
    return f"{number:.10g}"


# ---------------------------------------------------------------------------------------- the cases


def _cases(told: Account) -> Iterator[list[str]]:
    """A line for every case: whether each output is right there."""
    attempt, evidence = told.attempt, told.evidence
    if attempt is None or evidence is None:
        return
    for hidden in (False, True):
        lines = []
        for number, (case, reply) in enumerate(attempt.pairs()):
            if case.hidden == hidden:
                # Where a public case has no answer, no hidden one is asked.
                asked = not hidden or evidence.fault is None or evidence.fault_is_hidden
                fared = _fared(number, reply, evidence, told.result) if asked else "not asked"
                lines.append(f"  {case.name}: {fared}")
        if lines:
            where = "hidden" if hidden else "public"
            yield [f"{where} cases: {len(lines)}", *lines]
        elif hidden:
            yield ["hidden cases: none here"]


def _fared(number: int, reply: Reply, evidence: Evidence, result: Result) -> str:
    """`right`, `wrong dWh; right dx and db`, `no answer (timeout)` on one case."""
    if reply.fault is not None:
        return f"no answer ({reply.fault.kind})"
    states: dict[str, list[str]] = {"wrong": [], "carried": [], "missing": [], "right": []}
    for output, state in result.decision.outputs.items():
        if number not in evidence.wrong.get(output, ()):
            state = "right"
        elif output not in reply.outputs:
            state = "missing"
        elif state == "missing":  # for want of an answer to another case
            state = "wrong"
        states[state].append(output)
    told = [f"{state} {', '.join(outputs)}" for state, outputs in states.items() if outputs]
    return "right" if len(states["right"]) == len(result.decision.outputs) else "; ".join(told)


# ------------------------------------------------------------------------------------- the mistakes


def _mistakes(told: Account) -> Iterator[list[str]]:
    """Which known mistakes these results are, on what evidence, and where they were made."""
    decision = told.result.decision
    lines = []
    for diagnosis, advice in zip(decision.diagnoses, told.result.mistakes, strict=True):
        lines.append(f"  {advice.id}: {advice.idea}")
        if told.attempt is not None and told.evidence is not None:
            lines.append(f"    {_evidence(told, diagnosis.misconception, diagnosis.outputs)}")
    if lines:
        yield ["diagnosis:", *lines]
    source = decision.follows_from
    if source:
        line = f"carried from: {source}"
        if source in told.earlier:
            verdict = told.earlier[source].verdict
            line += f", {score(verdict)} there"
        yield [f"{line}; a carried output earns {_exact(decision.carried_share)} of its points"]


def _evidence(told: Account, misconception: str, outputs: Sequence[str]) -> str:
    """On how many cases the results are the mistake's, and not the right ones."""
    assert told.attempt is not None and told.evidence is not None
    seeing = 0
    for case in told.attempt.cases:
        seeing += bool(_seen_in(case, misconception) & set(outputs)) or misconception in case.raises
    known = len(told.attempt.cases)
    whole = misconception in {candidate.misconception for candidate in told.evidence.fits}
    what = "all results are" if whole else f"{', '.join(outputs)} is" if outputs else "this is"
    cases = f"{seeing} of {known} cases tell it from right work"
    return f"{what} what it gives on every case that was run; {cases}"


def _seen_in(case: Case, misconception: str) -> set[str]:
    """The outputs in which a case shows a mistake."""
    shown = {*case.by_misconception.get(misconception, {})}
    return shown | {*case.by_forward.get(misconception, {})}


# ---------------------------------------------------------------------------- the rest


def _message(told: Account) -> Iterator[list[str]]:
    lines = as_text(told.result.verdict, MOST).splitlines()
    if lines:
        yield ["all that the student can read, hints included:", *(f"  {line}" for line in lines)]


def _built_from(told: Account, books: Sequence[Casebook]) -> list[str]:
    """The version of the cases: casebooks of the same fingerprint hold the same cases."""
    lines = [f"cases: public seed {told.seed}"]
    for book in books:
        which = "hidden" if book.hidden else "public"
        fingerprint = str(book.lesson(told.problem.lesson).built_from.get("base", "unknown"))
        lines.append(f"  {which} casebook {told.problem.lesson}: {fingerprint[:DIGITS]}")
    return lines
