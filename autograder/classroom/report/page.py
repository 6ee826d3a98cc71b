"""All that a report shows, as data; `templates/report.html.j2` is its only reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from autograder.casebook import Casebook
from autograder.classroom import mistakes, statistics
from autograder.classroom.grade import Grade
from autograder.classroom.mistakes import Known, Pair, Unforeseen
from autograder.classroom.report import charts
from autograder.classroom.report.catalogue import Catalogue, Named
from autograder.classroom.report.late import Late, late_work
from autograder.classroom.report.names import Names
from autograder.classroom.report.rendering import points
from autograder.classroom.report.skeleton import home_of, near_miss, skeleton
from autograder.classroom.report.submissions import (
    Member,
    Reason,
    Reasons,
    Submission,
    is_sound,
    submissions_of,
)
from autograder.classroom.report.times import Clock
from autograder.classroom.report.timing import Timing, timing
from autograder.classroom.standing import Standing, once_each
from autograder.classroom.statistics import Analysis, Distribution, Grades, Item
from autograder.problem import Advice
from autograder.settings import Course

BINS = 10
"""Columns of the distribution of totals."""

DRAWN = 12
"""Bars of the chart of misconceptions; the table has all."""

LITTLE, EASY, HARD = 0.2, 0.95, 0.3
"""A discrimination below the first says little; shares beyond the others say why that may be."""


@dataclass(frozen=True)
class Totals:
    """How the totals are distributed: of submissions as earned, of students after late penalties.

    final: None where nothing was lost. rows: from, to, submissions.
    """

    earned: Distribution | None
    final: Distribution | None
    chart: Markup
    rows: tuple[tuple[float, float, statistics.Share], ...]


@dataclass(frozen=True)
class ProblemRow:
    """A problem in the table of all. remark: what is to be looked at, a clause."""

    named: Named
    item: Item
    meter: Markup
    remark: str


@dataclass(frozen=True)
class ProblemPage:
    """A problem on its own. reasons: why it is not right, and whose submissions it is true of."""

    row: ProblemRow
    reasons: tuple[tuple[Reason, tuple[Submission, ...]], ...]


@dataclass(frozen=True)
class MistakeRow:
    """A known mistake. advice: None if the casebooks have none, as of another version."""

    anchor: str
    known: Known
    advice: Advice | None
    place: Named
    carried_to: tuple[tuple[Named, int], ...]
    submissions: tuple[Submission, ...]

    @property
    def idea(self) -> str:
        """What is wrong, in words."""
        return self.advice.idea if self.advice else self.known.misconception


@dataclass(frozen=True)
class PairRow:
    """Two known mistakes that occur together."""

    pair: Pair
    first: MistakeRow
    second: MistakeRow


@dataclass(frozen=True)
class UnforeseenRow:
    """A mistake to be added: who made it, and the Python to start from.

    idea: what the grader took it for, if it could say. also: those of later problems that are
    shared by some of these submissions, and by no other.
    """

    anchor: str
    unforeseen: Unforeseen
    named: Named
    submissions: tuple[Submission, ...]
    idea: str
    home: str
    skeleton: str
    also: tuple[UnforeseenRow, ...] = ()


@dataclass(frozen=True)
class Page:
    """The whole report. students: all, with those who handed in nothing. missing: their names,
    or nothing where names are left out. groups: submissions of several students.
    rows: each student's own points, by name, or by number where names are left out.
    left_out: submissions that are in no statistic, because no grade of theirs can be relied on.
    empty: those without any file of this set, which count as if nothing were done.
    graders: how many versions of the grader, its casebooks and settings the grades come from.
    """

    course: str
    term: str
    set_title: str
    anonymous: bool
    worth: float
    students: int
    absent: int
    missing: tuple[str, ...]
    groups: int
    left_out: int
    empty: tuple[Submission, ...]
    clock: Clock
    graders: int
    totals: Totals
    analysis: Analysis
    scatter: Markup | None
    problems: tuple[ProblemPage, ...]
    known: tuple[MistakeRow, ...]
    known_chart: Markup | None
    dearest: tuple[MistakeRow, ...]
    pairs: tuple[PairRow, ...]
    unforeseen: tuple[UnforeseenRow, ...]
    timing: Timing
    late: Late
    rows: tuple[tuple[Member, Submission], ...]
    submissions: tuple[Submission, ...]


def page_of(
    standings: Sequence[Standing],
    course: Course,
    problem_set: str,
    books: Sequence[Casebook],
    anonymous: bool = False,
    remarks: Sequence[str] = (),
) -> Page:
    """The report on one problem set of a class.

    books: from `casebooks`, for their advice. remarks: on the standings, see `standing.remarks`.
    Raises CasebookError if a casebook cannot be read.
    """
    names, clock = Names.of(standings, anonymous), Clock.of(course, problem_set)
    once = names.in_order(once_each(standings))
    grades = sound_grades(once)
    catalogue = Catalogue(course, books)

    analysis = statistics.analyse(grades)
    shared = [(f"u{n}", one) for n, one in enumerate(mistakes.unforeseen(grades), 1)]
    known = mistakes.known_mistakes(grades)
    anchors = {one.misconception: f"m{n}" for n, one in enumerate(known, 1)}
    reasons = Reasons(catalogue, names, anchors, shared)
    submissions = submissions_of(standings, clock, names, reasons)
    by_name = {name: submissions[number - 1] for name, number in names.numbers.items()}

    rows = {}
    for one in known:
        anchor = anchors[one.misconception]
        rows[one.misconception] = _mistake(one, anchor, catalogue, grades, by_name)
    problems = [_problem(item, catalogue) for item in analysis.items]
    absent = [standing.student for standing in standings if standing.handed_in is None]
    worth = max([standing.worth for standing in standings], default=0.0)
    return Page(
        course=course.name,
        term=course.term,
        set_title=title_of(course, problem_set),
        anonymous=anonymous,
        worth=worth,
        students=len(standings),
        absent=len(absent),
        missing=() if anonymous else tuple(student.shown for student in absent),
        groups=sum(len(standing.group) > 1 for standing in once),
        left_out=len(once) - len(grades),
        empty=tuple(one for one in submissions if one.empty),
        clock=clock,
        graders=len({(grade.key.casebook, grade.key.grader) for grade in grades.values()}),
        totals=_totals(standings, grades, worth),
        analysis=analysis,
        scatter=_scatter(problems),
        problems=tuple(_problem_pages(problems, grades, reasons, by_name)),
        known=tuple(rows.values()),
        known_chart=_known_chart([*rows.values()]),
        dearest=tuple(rows[one.misconception] for one in mistakes.dearest(known)),
        pairs=tuple(_pair(pair, rows) for pair in mistakes.pairs(known)),
        unforeseen=tuple(_all_unforeseen(shared, catalogue, names, by_name)),
        timing=timing(once, names, by_name),
        late=late_work(standings, course, clock, names, by_name, remarks),
        rows=tuple(_rows(submissions, anonymous)),
        submissions=tuple(submissions),
    )


def sound_grades(standings: Sequence[Standing]) -> dict[str, Grade]:
    """Name of a submission -> its grade, of those that say something about the problems."""
    grades = {}
    for standing in standings:
        if standing.handed_in is not None and standing.grade and is_sound(standing.grade):
            grades[standing.handed_in.name] = standing.grade
    return grades


def _rows(submissions: Sequence[Submission], anonymous: bool) -> list[tuple[Member, Submission]]:
    rows = [(member, one) for one in submissions for member in one.members]
    return rows if anonymous else sorted(rows, key=lambda row: row[0].name.casefold())


def title_of(course: Course, problem_set: str) -> str:
    """What a problem set is called."""
    for known in course.sets:
        if known.name == problem_set:
            return known.title
    return "All problem sets" if problem_set == "all" else problem_set


def _totals(standings: Sequence[Standing], grades: Grades, worth: float) -> Totals:
    earned = [grade.score for grade in grades.values()]
    edges = [worth * part / BINS for part in range(BINS + 1)]
    counts = statistics.counts_between(earned, edges) if worth else [0] * BINS
    labels = [points(edge) for edge in edges]
    title = f"Columns: how many submissions earned how many of {points(worth)} points"
    final = [one.final for one in standings if one.handed_in and one.handed_in.name in grades]
    is_any_late = any(one.penalty for one in standings)
    return Totals(
        statistics.distribution(earned),
        statistics.distribution(final) if is_any_late else None,
        charts.columns(counts, labels, "points as earned", title),
        tuple(
            (low, high, statistics.Share(count, len(earned)))
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
        ),
    )


# ----------------------------------------------------------------------------------------- problems


def _problem(item: Item, catalogue: Catalogue) -> ProblemRow:
    share = item.share_tried
    return ProblemRow(catalogue.problem(item.problem), item, charts.meter(share), remark_on(item))


def remark_on(item: Item) -> str:
    """What an author would look at first, a clause; empty where nothing strikes."""
    share = item.share_tried
    if share is None:
        return "no one tried it"
    if item.correlation is not None and item.correlation < 0:
        return "stronger students do no better: check the problem"
    if share >= EASY:
        return "nearly everyone solves it"
    if share < HARD:
        return "hard"
    if item.correlation is not None and item.correlation < LITTLE:
        return "hardly tells strong from weak"
    return ""


def _scatter(rows: Sequence[ProblemRow]) -> Markup | None:
    """None where no problem has a discrimination."""
    found = []
    for row in rows:
        if row.item.correlation is not None and row.item.share_tried is not None:
            found.append((row.named.label, row.item.share_tried, row.item.correlation))
    title = "Points: each problem by the share of its points and by its discrimination"
    return charts.scatter(found, title) if found else None


def _problem_pages(
    rows: Sequence[ProblemRow],
    grades: Grades,
    reasons: Reasons,
    by_name: Mapping[str, Submission],
) -> list[ProblemPage]:
    """Each problem with the reasons why it is not right, the most frequent first."""
    found: dict[str, dict[Reason, list[Submission]]] = {row.named.problem: {} for row in rows}
    for name, grade in grades.items():
        for graded in grade.problems:
            if statistics.outcome(graded) != "right":
                reason = reasons.in_common(grade, graded)
                found[graded.problem].setdefault(reason, []).append(by_name[name])
    pages = []
    for row in rows:
        ordered = sorted(
            found[row.named.problem].items(), key=lambda one: (-len(one[1]), one[0].label)
        )
        pages.append(ProblemPage(row, tuple((reason, tuple(who)) for reason, who in ordered)))
    return pages


# ----------------------------------------------------------------------------------------- mistakes


def _mistake(
    known: Known,
    anchor: str,
    catalogue: Catalogue,
    grades: Grades,
    by_name: Mapping[str, Submission],
) -> MistakeRow:
    example = grades[known.submissions[0]]
    seen_in = next(one for one in example.problems if one.diagnosis == known.misconception)
    carried = [(catalogue.problem(name), count) for name, count in known.carried_to.items()]
    return MistakeRow(
        anchor,
        known,
        catalogue.advice(known.misconception, seen_in.lesson),
        catalogue.problem(known.place),
        tuple(carried),
        tuple(by_name[name] for name in known.submissions),
    )


def _known_chart(rows: Sequence[MistakeRow]) -> Markup | None:
    drawn = [(f"{row.place.label} {row.idea}", row.known.share) for row in rows[:DRAWN]]
    title = "Bars: the share of submissions with each mistake, and its 95 % interval"
    return charts.bars(drawn, title) if drawn else None


def _pair(pair: Pair, rows: Mapping[str, MistakeRow]) -> PairRow:
    return PairRow(pair, rows[pair.first], rows[pair.second])


def _all_unforeseen(
    shared: Sequence[tuple[str, Unforeseen]],
    catalogue: Catalogue,
    names: Names,
    by_name: Mapping[str, Submission],
) -> list[UnforeseenRow]:
    """Those to be looked at first, each with what may only follow from it."""
    rows: list[tuple[Unforeseen, UnforeseenRow]] = []
    for anchor, one in shared:
        rows.append((one, _unforeseen(anchor, one, catalogue, names, by_name)))
    found = []
    for one, row in rows:
        if one.follows is None:
            also = [other for later, other in rows if later.follows == (one.problem, one.wrong)]
            also.sort(key=lambda other: catalogue.place(other.named.problem))
            found.append(replace(row, also=tuple(also)))
    return found


def _unforeseen(
    anchor: str,
    one: Unforeseen,
    catalogue: Catalogue,
    names: Names,
    by_name: Mapping[str, Submission],
) -> UnforeseenRow:
    idea = names.told(near_miss(one.said))
    return UnforeseenRow(
        anchor,
        one,
        catalogue.problem(one.problem),
        tuple(by_name[name] for name in one.submissions),
        idea,
        home_of(one),
        skeleton(one, idea),
    )
