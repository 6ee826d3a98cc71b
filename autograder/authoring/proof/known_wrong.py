"""Bad versions: every misconception graded over the whole course, for its name and for its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import indistinguishable, run_probe, seen_by
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.proof.in_process import InProcess
from autograder.authoring.proof.measure import Line, books_of, in_parallel
from autograder.casebook import Casebook, gathered
from autograder.grade import Grader
from autograder.judge import Attempt
from autograder.judge.matching import effortless_outputs
from autograder.judge.telling import tells
from autograder.problem import Case, Fault, Misconception, Problem, Reply, Verdict
from autograder.settings import Course, thaw

ENOUGH = 200


@dataclass(frozen=True)
class Graded:
    """How one misconception fares.

    public, hidden: whether some case of that kind sees it.
    diagnosed: whether the verdict names it, or one that gives the same results on all cases.
    telling: whether it changes enough numbers to be named by. said: what a student reads of it.
    lost: of `points`, in its own problem. lost_elsewhere: (problem, points lost there).
    unpaid: the same for problems in which the mistake leaves nothing that could be paid: an
        exception, one and the same number everywhere, an argument as it came, or what cannot be
        known by its numbers, neither there nor where it was made (`decide`).
    """

    misconception: str
    public: bool
    hidden: bool
    diagnosed: bool
    lost: float
    points: float
    lost_elsewhere: tuple[tuple[str, float], ...]
    unpaid: tuple[tuple[str, float], ...] = ()
    telling: bool = True
    said: str = ""

    @property
    def lost_in_all(self) -> float:
        """What the mistake costs over the whole course."""
        return self.lost + sum(lost for _, lost in self.lost_elsewhere)


def grade_variant(
    variant: Variant, course: Course, books: Sequence[Casebook], names: Sequence[str]
) -> list[Verdict]:
    """The verdicts on a variant, for these problems, without what only asking it could say."""
    # With the questions it takes twice as long.
    grader = Grader(Path(), course, books, InProcess(variant), asks=False)
    return [grader.result(lessons.find(name)).verdict for name in names]


def grade_all(solutions: Path, frozen: Path) -> list[Graded]:
    """Every misconception, graded."""
    count = len(load_answers(solutions).misconceptions)
    return in_parallel(partial(grade_one, solutions, frozen), range(count))


def grade_one(solutions: Path, frozen: Path, number: int) -> Graded:
    """Grade one misconception's variant, on every problem in which the mistake could be seen."""
    answers = load_answers(solutions)
    wrong = answers.misconceptions[number]
    course, books = thaw(frozen / "course.json"), books_of(frozen)
    problem = lessons.find(wrong.problem)
    public, hidden = (book.lesson(problem.lesson).cases_of(problem) for book in books)
    lost_elsewhere, unpaid = [], []
    with imported(answers.patched(wrong)) as variant:
        verdicts = grade_variant(variant, course, books, _reached_by(wrong, books))
        own = next(verdict for verdict in verdicts if verdict.problem == wrong.problem)
        telling = can_be_named(wrong, _attempt(variant, problem, [*public, *hidden]))
        for verdict in verdicts:
            if verdict is own or verdict.score == verdict.max_score:
                continue
            loss = (verdict.problem, verdict.max_score - verdict.score)
            there = lessons.find(verdict.problem)
            attempt = _attempt(variant, there, gathered(there, books).all)
            if leaves_nothing(attempt) or not (telling or can_be_named(wrong, attempt)):
                unpaid.append(loss)
            else:
                lost_elsewhere.append(loss)
    return Graded(
        wrong.id,
        # No public case knows the answer to a question.
        public=problem.question is not None or seen_by(public, wrong.id) > 0,
        hidden=seen_by(hidden, wrong.id) > 0,
        diagnosed=own.diagnosis in _names_for(wrong, answers, [*public, *hidden]),
        lost=own.max_score - own.score,
        points=own.max_score,
        lost_elsewhere=tuple(lost_elsewhere),
        unpaid=tuple(unpaid),
        telling=telling,
        said=_said(own),
    )


def can_be_named(wrong: Misconception, attempt: Attempt) -> bool:
    """Whether a mistake, as somebody makes it, changes numbers by which it could be known."""
    return tells(attempt, wrong.id, [tensor.name for tensor in attempt.problem.outputs])


def _attempt(variant: Variant, problem: Problem, cases: Sequence[Case]) -> Attempt:
    """A variant on those of the cases that are not large."""
    small = [case for case in cases if not case.large]
    replies = []
    for case in small:
        try:
            replies.append(Reply(run_probe(problem, variant, case.inputs)))
        except Exception as error:
            replies.append(Reply(fault=Fault("raised", type(error).__name__)))
    return Attempt(problem.bare, problem.points, tuple(small), tuple(replies), {})


def _said(verdict: Verdict) -> str:
    """The first line of a message that says what is wrong."""
    wrong = [finding.text for finding in verdict.findings if not finding.good]
    return wrong[0] if wrong else ""


def leaves_nothing(attempt: Attempt) -> bool:
    """Whether a mistake leads to nothing, in this problem, that had to be computed.

    It raises on some case, or a constant or an argument would do for every output: no point is paid
    for any of these.
    """
    if any(reply.fault is not None for reply in attempt.replies):
        return True
    return effortless_outputs(attempt) >= {tensor.name for tensor in attempt.problem.outputs}


def _reached_by(wrong: Misconception, books: Sequence[Casebook]) -> list[str]:
    """The problems in which the mistake changes something on some case, its own among them.

    The casebook knows it of every variant and case. Where nothing is changed, the verdict is that
    on right work.
    """
    reached = []
    for problem in lessons.all_problems():
        for case in gathered(problem, books).all:
            if wrong.id in (*case.by_misconception, *case.raises, *case.by_forward):
                reached.append(problem.name)
                break
    return reached


def _names_for(wrong: Misconception, answers: Answers, cases: Sequence[Case]) -> set[str]:
    """The misconception itself, and those of its problem that no case can tell from it."""
    own = [other.id for other in answers.misconceptions if other.problem == wrong.problem]
    names = {wrong.id}
    for pair in indistinguishable(cases, lessons.find(wrong.problem), own):
        if wrong.id in pair:
            names.update(pair)
    return names


# ------------------------------------------------------------------------------- lines of the proof


def bad_versions(graded: Sequence[Graded]) -> Line:
    """Each is caught on public and on hidden cases, named, and costs points in its problem only."""
    public = sum(one.public for one in graded)
    hidden = sum(one.hidden for one in graded)
    diagnosed = sum(one.diagnosed for one in graded)
    elsewhere = sum(bool(one.lost_elsewhere) for one in graded)
    unpaid = sum(bool(one.unpaid) for one in graded)
    unnamed = sum(not one.diagnosed and not one.telling for one in graded)
    figures = (
        f"{len(graded)} misconceptions, {public} caught on public cases, {hidden} on hidden ones, "
        f"{diagnosed} diagnosed by name, {unnamed} that change only truth values, lone counts or "
        f"constants and are told by what came, {elsewhere} take points from another problem "
        f"({unpaid} leave one without an answer, or with one that takes no work or is too little "
        "to know them by)"
    )
    return Line("bad versions", figures, tuple(_objections(graded)))


def _objections(graded: Sequence[Graded]) -> list[str]:
    not_public = [one.misconception for one in graded if not one.public]
    not_hidden = [one.misconception for one in graded if not one.hidden]
    not_named = [one.misconception for one in graded if one.telling and not one.diagnosed]
    silent = [one.misconception for one in graded if not one.diagnosed and not one.said]
    for_free = [one.misconception for one in graded if one.lost <= 0]
    objections = [f"{name} is not caught on public cases" for name in not_public]
    objections += [f"{name} is not caught on hidden cases" for name in not_hidden]
    objections += [f"{name} is not diagnosed by its name" for name in not_named]
    objections += [f"of {name} nothing is said" for name in silent]
    objections += [f"{name} loses nothing" for name in for_free]
    for one in graded:
        for problem, lost in one.lost_elsewhere:
            objections.append(f"{one.misconception} takes {lost:g} from {problem}")
    if len(graded) < ENOUGH:
        objections.append(f"{len(graded)} misconceptions are fewer than {ENOUGH}")
    return objections


def carried_forward(graded: Sequence[Graded]) -> Line:
    """One mistake costs at most the points of the function in which it is made."""
    # The sums are of floats: a rounding error is no point lost.
    over = [one for one in graded if one.lost_in_all > one.points + 1e-9]
    objections = [
        f"{one.misconception} costs {one.lost_in_all:g} of {one.points:g}" for one in over
    ]
    dearest = max(graded, key=lambda one: one.lost_in_all / one.points)
    figures = (
        f"{len(graded)} mistakes, {len(over)} cost more than their own function's points; "
        f"the dearest costs {dearest.lost_in_all:g} of {dearest.points:g}"
    )
    return Line("carried forward", figures, tuple(objections))
