"""The course of a repository: its `course.toml`, held against its solutions and its casebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import fsum
from pathlib import Path

from autograder import lessons
from autograder.authoring.seeds import read_seed, seed_file
from autograder.problem import Lesson
from autograder.settings import Course, SettingsError, load_course, thaw

POINTS_OF_A_SET = 100

REBUILD = "run `make casebook`"


def course_of(root: Path) -> Course:
    """The course, of which no set builds on what is handed out later. Raises SettingsError."""
    return load_course(root / "course.toml", _builds_on(root))


def lessons_behind(root: Path, names: Collection[str]) -> list[Lesson]:
    """The lessons of these names and all that they build on: a mistake is carried forward from
    where it was made.
    """
    builds_on = _builds_on(root)
    wanted = set(names)
    for name in names:
        wanted |= builds_on.get(name, set())
    return [lesson for lesson in lessons.all_lessons() if lesson.name in wanted]


def _builds_on(root: Path) -> dict[str, set[str]]:
    """Lesson -> the lessons that its solution imports, directly or not."""
    # Reading the solutions takes longer than all else that a check has to start with.
    from autograder.authoring.casebook.variants import needed_by, read_package

    sources = read_package(root / "solutions" / "recurrent")
    return {name: needed_by(sources, name) - {name} for name in sources}


def current_course(root: Path, frozen: Path) -> Course:
    """The course as course.toml has it now, if the casebooks that are frozen are its own.

    Points, dates, policy and problem sets hold at once, as in a zip that would be built now.
    Raises SettingsError if the casebooks have to be built first.
    """
    course = load_course(root / "course.toml")
    if thaw(frozen / "course.json").seed != course.seed:
        raise SettingsError(f"course.toml's seed is newer than the casebooks: {REBUILD}")
    if course.hidden_seed not in (None, seed_kept(root)):
        raise SettingsError(f"course.toml's hidden_seed is newer than the casebooks: {REBUILD}")
    if course.hidden_seed is None:
        _refuse_another_terms_cases(root, course.term)
    taught = course.lessons_of("all")
    new = [name for name in taught if not _casebook(frozen, name).exists()]
    if new:
        raise SettingsError(f"there is no casebook yet for {', '.join(new)}: {REBUILD}")
    return course


def _refuse_another_terms_cases(root: Path, term: str) -> None:
    """Raises SettingsError if the term has a seed, and the casebooks were built with another.

    A build with `SEED=1`, say to try something out, leaves such casebooks: grades that are worked
    out with them are not those of the term's zips.
    """
    used, file = seed_kept(root), seed_file(root / "dist", term)
    if used is not None and file.exists() and read_seed(file) != used:
        raise SettingsError(
            f"the casebooks have other hidden cases than the zips of {term}, whose seed is in "
            f"dist/{file.name}: {REBUILD}"
        )


def _casebook(frozen: Path, lesson: str) -> Path:
    return frozen / "public" / f"{lesson}.safetensors"


def seed_kept(root: Path) -> int | None:
    """The seed of the hidden cases in this machine's casebooks, which may be none of the term's."""
    try:
        return int((root / "build" / "hidden_seed").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remarks_on(course: Course) -> Iterator[str]:
    """What is unusual about a course and may be meant, a sentence each."""
    taught = course.lessons_of("all")
    left_out = [name for name in lessons.names() if name not in taught]
    if left_out:
        yield f"course.toml: no problem set has the lessons {', '.join(left_out)}"
    yield from odd_sets(course)


def odd_sets(course: Course) -> Iterator[str]:
    """The problem sets whose points do not add up to 100, a sentence each."""
    for problem_set in course.sets:
        taught = [lessons.lesson(name) for name in problem_set.lessons]
        given = [course.points_of(problem) for lesson in taught for problem in lesson.problems]
        points = round(fsum(given), 6)
        if points != POINTS_OF_A_SET:
            yield (
                f"course.toml: the problem set {problem_set.name} is worth {points:g} points, not "
                f"{POINTS_OF_A_SET}"
            )
