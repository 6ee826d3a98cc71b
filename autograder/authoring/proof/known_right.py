"""Good versions: right answers in other styles get full marks, on frozen cases and on fresh ones.

The fresh ones are the hidden cases of 200 seeds; on those, every misconception must fail, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.large import draw_large
from autograder.authoring.casebook.variants import Variant, imported, read_package
from autograder.authoring.proof.fresh import Drawn, answered, is_wrong
from autograder.authoring.proof.known_wrong import grade_variant
from autograder.authoring.proof.measure import Line, books_of, in_parallel
from autograder.problem import Problem
from autograder.settings import thaw

ENOUGH_STYLES = 4
SEEDS = 200

ADDED_EVERY, LARGE_SEEDS = 8, 1
"""Every eighth seed's added cases are tried too, and the large ones of the first: they take most of
the time.
"""


def versions(folder: Path) -> list[tuple[str, Path]]:
    """(lesson, file) of every good version: `rnn_loops.py` is lesson rnn in the style `loops`."""
    found = []
    for path in sorted(folder.glob("*.py")):
        matching = [name for name in lessons.names() if path.stem.startswith(f"{name}_")]
        if matching:
            found.append((max(matching, key=len), path))
    return found


def good_versions(solutions: Path, frozen: Path, folder: Path) -> Line:
    """Full marks for every good version; at least four for every lesson."""
    found = versions(folder)
    lost = in_parallel(partial(points_lost, solutions, frozen), found)
    objections = []
    for (_, path), problems in zip(found, lost, strict=True):
        if problems:
            objections.append(f"{path.name} loses points in {', '.join(problems)}")

    styles = Counter(lesson for lesson, _ in found)
    for name in lessons.names():
        if styles[name] < ENOUGH_STYLES:
            objections.append(f"{name} has {styles[name]} good versions")

    count = sum(len(lessons.lesson(lesson).problems) for lesson, _ in found)
    losing = sum(len(problems) for problems in lost)
    figures = f"{len(found)} files in other styles, {count} problems, {losing} of them lose points"
    return Line("good versions", figures, tuple(objections))


def points_lost(solutions: Path, frozen: Path, version: tuple[str, Path]) -> list[str]:
    """The problems in which a good version does not get full marks."""
    lesson, path = version
    sources = {**read_package(solutions / "recurrent"), lesson: path.read_text(encoding="utf-8")}
    names = [problem.name for problem in lessons.lesson(lesson).problems]
    course, books = thaw(frozen / "course.json"), books_of(frozen)
    with imported(sources) as variant:
        verdicts = grade_variant(variant, course, books, names)
    return [verdict.problem for verdict in verdicts if verdict.score < verdict.max_score]


# -------------------------------------------------------------------------------------- other seeds


def no_flakiness(solutions: Path, folder: Path, seeds: int = SEEDS) -> Line:
    """On many hidden seeds, no right answer loses points and no wrong one keeps them."""
    # The torch lesson, a late one, takes longest: nobody should be left with it at the end.
    names = [problem.name for problem in reversed(lessons.coded_problems())]
    objections: list[str] = []
    for found in in_parallel(partial(try_seeds, solutions, folder, seeds), names):
        objections += found
    good, wrong = len(versions(folder)), len(load_answers(solutions).misconceptions)
    figures = (
        f"{seeds} hidden seeds: reference, {good} good versions and {wrong} misconceptions on "
        f"each, {len(objections)} verdicts that change with the seed"
    )
    return Line("no flakiness", figures, tuple(objections))


def try_seeds(solutions: Path, folder: Path, seeds: int, name: str) -> list[str]:
    """The good versions that fail one problem on some seed, the misconceptions that pass it."""
    problem, answers = lessons.find(name), load_answers(solutions)
    with imported(answers.sources) as reference:
        drawn = [_draw(problem, reference, seed) for seed in range(seeds)]

    objections = []
    for version, sources in _right_sources(problem, answers, folder).items():
        for seed in _failing(problem, sources, drawn):
            objections.append(f"{name}: {version} fails on seed {seed}")
    for wrong in answers.misconceptions:
        if wrong.problem == name:
            passing = set(range(seeds)) - set(_failing(problem, answers.patched(wrong), drawn))
            # Three show what is wrong; there may be as many as seeds.
            objections += [f"{wrong.id} passes on seed {seed}" for seed in sorted(passing)[:3]]
    return objections


def _draw(problem: Problem, reference: Variant, seed: int) -> Drawn:
    cases = list(draw_cases(problem, seed, hidden=True))
    if seed % ADDED_EVERY:
        cases = cases[: len(problem.sizes) + len(problem.edges)]
    if seed < LARGE_SEEDS:
        cases += draw_large(problem, seed, hidden=True)
    return answered(problem, reference, cases)


def _right_sources(problem: Problem, answers: Answers, folder: Path) -> dict[str, dict[str, str]]:
    """Name -> package: the reference, and each good version of the problem's lesson."""
    packages = {"the reference": dict(answers.sources)}
    for lesson, path in versions(folder):
        if lesson == problem.lesson:
            packages[path.name] = {**answers.sources, lesson: path.read_text(encoding="utf-8")}
    return packages


def _failing(problem: Problem, sources: Mapping[str, str], seeds: list[Drawn]) -> list[int]:
    """The seeds on which the package of these sources has something wrong in a problem."""
    with imported(sources) as variant:
        failing = []
        for seed, drawn in enumerate(seeds):
            if any(is_wrong(problem, variant, *case) for case in drawn):
                failing.append(seed)
        return failing
