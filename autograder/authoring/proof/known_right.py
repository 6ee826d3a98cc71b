"""Good versions: correct implementations in other styles must get full marks, on the frozen cases
and on 200 seeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import imported, read_package
from autograder.authoring.proof.known_wrong import grade_world
from autograder.authoring.proof.measure import Line, in_parallel
from autograder.compare import wrong_tensors
from autograder.grade import casebooks
from autograder.problem import Arrays, Problem
from autograder.settings import thaw

ENOUGH_STYLES = 4
SEEDS = 200


def versions(folder: Path) -> list[tuple[str, Path]]:
    """(lesson, file) of every good version: `rnn_loops.py` is lesson rnn in the style `loops`."""
    found = []
    for path in sorted(folder.glob("*.py")):
        lesson = max(
            (name for name in lessons.names() if path.stem.startswith(f"{name}_")),
            key=len,
            default=None,
        )
        if lesson is not None:
            found.append((lesson, path))
    return found


def good_versions(solutions: Path, frozen: Path, folder: Path) -> Line:
    """Full marks for every good version; at least four for every lesson."""
    found = versions(folder)
    lost = in_parallel(partial(points_lost, solutions, frozen), found)
    objections = [
        f"{path.name} loses points in {', '.join(p)}"
        for (_, path), p in zip(found, lost, strict=True)
        if p
    ]
    styles = Counter(lesson for lesson, _ in found)
    objections += [
        f"{name} has {styles[name]} good versions"
        for name in lessons.names()
        if styles[name] < ENOUGH_STYLES
    ]
    count = sum(len(lessons.lesson(lesson).problems) for lesson, _ in found)
    figures = (
        f"{len(found)} files in other styles, {count} problems, {sum(map(len, lost))} of them "
        f"lose points"
    )
    return Line("good versions", figures, tuple(objections))


def points_lost(solutions: Path, frozen: Path, version: tuple[str, Path]) -> list[str]:
    """The problems in which a good version does not get full marks."""
    lesson, path = version
    sources = {**read_package(solutions / "recurrent"), lesson: path.read_text(encoding="utf-8")}
    names = [p.name for p in lessons.lesson(lesson).problems]
    with imported(sources) as variant:
        verdicts = grade_world(variant, thaw(frozen / "course.json"), casebooks(frozen), names)
    return [v.problem for v in verdicts if v.score < v.max_score]


# -------------------------------------------------------------------------------------- other seeds


def no_flakiness(solutions: Path, folder: Path) -> Line:
    """On 200 hidden seeds: nobody right loses points, nobody wrong keeps them."""
    names = [p.name for each in lessons.all_lessons() for p in each.problems]
    results = in_parallel(partial(try_seeds, solutions, folder), names)
    objections = tuple(text for texts in results for text in texts)
    wrong = len(load_answers(solutions).misconceptions)
    figures = (
        f"{SEEDS} hidden seeds: reference, {len(versions(folder))} good versions and {wrong} "
        f"misconceptions on each, "
        f"{len(objections)} verdicts that are not the same on all"
    )
    return Line("no flakiness", figures, objections)


def try_seeds(solutions: Path, folder: Path, name: str) -> list[str]:
    """What goes wrong on some seed with one problem: a good version that fails, a misconception
    that passes.
    """
    problem, answers = lessons.find(name), load_answers(solutions)
    with imported(answers.sources) as reference:
        cases = [
            [
                (inputs, run_probe(problem, reference, inputs))
                for _, _, inputs in draw_cases(problem, seed, hidden=True)
            ]
            for seed in range(SEEDS)
        ]
    good = {"the reference": answers.sources} | {
        path.name: {**answers.sources, lesson: path.read_text(encoding="utf-8")}
        for lesson, path in versions(folder)
        if lesson == problem.lesson
    }
    bad = {m.id: answers.patched(m) for m in answers.misconceptions if m.problem == name}
    objections = [
        f"{name}: {who} fails on seed {s}"
        for who, src in good.items()
        for s in _failing(problem, src, cases)
    ]
    for who, sources in bad.items():
        passing = set(range(SEEDS)) - set(_failing(problem, sources, cases))
        objections += [f"{who} passes on seed {seed}" for seed in sorted(passing)[:3]]
    return objections


def _failing(
    problem: Problem, sources: Mapping[str, str], seeds: list[list[tuple[Arrays, Arrays]]]
) -> list[int]:
    """The seeds on which the package of these sources has something wrong in a problem."""
    with imported(sources) as variant:

        def wrong(inputs: Arrays, expected: Arrays) -> bool:
            try:
                return bool(wrong_tensors(problem, run_probe(problem, variant, inputs), expected))
            except Exception:
                return True

        return [seed for seed, cases in enumerate(seeds) if any(wrong(*case) for case in cases)]
