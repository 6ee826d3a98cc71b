"""Bad versions: every misconception graded over the whole course, for what it is called and what it
costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import indistinguishable, seen_by
from autograder.authoring.casebook.variants import Variant, dependents, imported, module_of
from autograder.authoring.proof.in_process import InProcess
from autograder.authoring.proof.measure import Line, in_parallel
from autograder.casebook import Casebook
from autograder.grade import Grader, casebooks
from autograder.problem import Verdict
from autograder.settings import Course, thaw

ENOUGH = 200


@dataclass(frozen=True)
class Graded:
    """How one misconception fares. lost_elsewhere: points lost in problems other than its own."""

    wrong: str
    public: bool
    hidden: bool
    diagnosed: bool
    lost: float
    points: float
    lost_elsewhere: tuple[tuple[str, float], ...]


def grade_world(
    variant: Variant, course: Course, books: Sequence[Casebook], names: Sequence[str]
) -> list[Verdict]:
    """The verdicts on a variant, for these problems."""
    grader = Grader(Path(), course, books, InProcess(variant))
    return [grader.result(lessons.find(name)).verdict for name in names]


def grade_all(solutions: Path, frozen: Path) -> list[Graded]:
    """Every misconception, graded."""
    count = len(load_answers(solutions).misconceptions)
    return in_parallel(partial(grade_one, solutions, frozen), range(count))


def grade_one(solutions: Path, frozen: Path, number: int) -> Graded:
    """Grade every problem that could see a misconception in its variant."""
    answers = load_answers(solutions)
    wrong = answers.misconceptions[number]
    touched = dependents(answers.sources, module_of(answers.sources, wrong))
    names = [
        p.name for each in lessons.all_lessons() if each.name in touched for p in each.problems
    ]
    books = casebooks(frozen)
    with imported(answers.patched(wrong)) as variant:
        verdicts = {
            v.problem: v for v in grade_world(variant, thaw(frozen / "course.json"), books, names)
        }
    home = lessons.find(wrong.problem)
    public, hidden = (book.lesson(home.lesson).cases_of(home) for book in books)
    own = [m.id for m in answers.misconceptions if m.problem == wrong.problem]
    alike = {
        name
        for pair in indistinguishable([*public, *hidden], home, own)
        if wrong.id in pair
        for name in pair
    }
    return Graded(
        wrong.id,
        seen_by(public, wrong.id) > 0,
        seen_by(hidden, wrong.id) > 0,
        verdicts[wrong.problem].diagnosis in {wrong.id, *alike},
        lost=verdicts[wrong.problem].max_score - verdicts[wrong.problem].score,
        points=verdicts[wrong.problem].max_score,
        lost_elsewhere=tuple(
            (name, v.max_score - v.score)
            for name, v in verdicts.items()
            if name != wrong.problem and v.score < v.max_score
        ),
    )


def bad_versions(graded: Sequence[Graded]) -> Line:
    """Caught on public and on hidden cases, called by their names, and nothing taken where they do
    not touch.
    """
    figures = (
        f"{len(graded)} misconceptions, {sum(g.public for g in graded)} caught on public cases, "
        f"{sum(g.hidden for g in graded)} on hidden ones, {sum(g.diagnosed for g in graded)} "
        f"diagnosed by name, "
        f"{sum(bool(g.lost_elsewhere) for g in graded)} take points from another problem"
    )
    objections = [f"{g.wrong} is not caught on public cases" for g in graded if not g.public]
    objections += [f"{g.wrong} is not caught on hidden cases" for g in graded if not g.hidden]
    objections += [f"{g.wrong} is not diagnosed by its name" for g in graded if not g.diagnosed]
    objections += [f"{g.wrong} loses nothing" for g in graded if g.lost <= 0]
    objections += [
        f"{g.wrong} takes {lost:g} from {name}" for g in graded for name, lost in g.lost_elsewhere
    ]
    if len(graded) < ENOUGH:
        objections.append(f"{len(graded)} misconceptions are fewer than {ENOUGH}")
    return Line("bad versions", figures, tuple(objections))


def carried_forward(graded: Sequence[Graded]) -> Line:
    """What one mistake costs over the whole course: at most the points of the function it is made
    in.
    """
    total = {g.wrong: g.lost + sum(lost for _, lost in g.lost_elsewhere) for g in graded}
    over = tuple(
        f"{g.wrong} costs {total[g.wrong]:g} of {g.points:g}"
        for g in graded
        if total[g.wrong] > g.points + 1e-9
    )
    worst = max(graded, key=lambda g: total[g.wrong] / g.points)
    figures = (
        f"{len(graded)} mistakes, {len(over)} cost more than their own function's points; the "
        f"dearest costs "
    )
    return Line("carried forward", f"{figures}{total[worst.wrong]:g} of {worst.points:g}", over)
