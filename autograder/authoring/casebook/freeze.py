"""Freezing a course: casebooks, clues and settings, in the folder that every front end reads.

Only what changed is built, and what was there stays until everything new is there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.incremental import Target, Task, do_all, planned
from autograder.authoring.casebook.mistakes import checked_answers, refuse_broken_lessons
from autograder.authoring.casebook.variants import BuildError
from autograder.authoring.clues.build import freeze_clues
from autograder.authoring.course import course_of, lessons_behind
from autograder.authoring.seeds import hidden_seed, note_seed
from autograder.clues import FOLDER
from autograder.errors import did_you_mean
from autograder.problem import Lesson
from autograder.settings import Course, freeze

Print = Callable[[str], None]

SETTINGS = "course.json"


def build_course(
    root: Path,
    frozen: Path,
    say: Print,
    only: str | None = None,
    seed: int | None = None,
    new_seed: bool = False,
) -> bool:
    """Bring the casebooks of `course.toml` up to date, for the use of this machine.

    only: the one lesson to build. seed, new_seed: of the hidden cases, see `hidden_seed`.

    Returns whether anything had to be built. Raises BuildError, with a sentence for each mistake in
    the lessons and in `solutions/`.
    """
    refuse_broken_lessons(root / "solutions")
    course = course_of(root)
    taught = lessons_behind(root, course.lessons_of("all"))
    names = [lesson.name for lesson in taught]
    if only is not None and only not in names:
        raise BuildError(
            f"no problem set of course.toml has the lesson {only}{did_you_mean(only, names)}"
        )
    hidden = hidden_seed(seed, course, root / "dist", say, new_seed)
    built = freeze_course(root / "solutions", course, frozen, hidden, taught, say, only)
    note_seed(root / "build" / "hidden_seed", hidden)
    return built


# -------------------------------------------------------------------------------------- the folder


def freeze_course(
    solutions: Path,
    course: Course,
    frozen: Path,
    hidden: int | None,
    taught: Sequence[Lesson],
    say: Print,
    only: str | None = None,
    reuse: Path | None = None,
) -> bool:
    """Bring a folder up to date: `public/`, `course.json` and, given a seed for it, `hidden/`.

    only: the one lesson to build; the files of the others stay as they are.
    reuse: another such folder, from which files are taken that are right.

    Returns whether anything had to be built. Raises BuildError; what was built by then is kept
    beside the folder and used the next time.
    """
    start = time.perf_counter()
    new = frozen.with_name(f"{frozen.name}.new")
    answers = checked_answers(solutions, taught)
    seeds = {"public": course.seed, "hidden": hidden}
    targets = _targets(answers, taught, seeds, new, reuse or frozen)
    wanted = [target for target in targets if only in (None, target.lesson)]
    if _is_up_to_date(frozen, targets, wanted, course):
        return freeze_clues(answers, frozen, taught, say, reuse)

    for target in targets:
        _keep(target, even_if_stale=target not in wanted)
    stale = _lessons_of(target for target in wanted if not target.is_at(target.path))
    is_first = not any(target.is_known() for target in targets)
    _build(targets, stale, answers, say, is_first)
    (new / SETTINGS).write_text(freeze(course), encoding="utf-8")
    _remove_all_but([new / SETTINGS, *(target.path for target in targets)], new)
    if (frozen / FOLDER).is_dir():
        shutil.copytree(frozen / FOLDER, new / FOLDER, dirs_exist_ok=True)
    _swap(new, frozen)

    say(f"built {', '.join(stale) or 'the settings'} in {time.perf_counter() - start:.1f} s")
    if unchanged := [name for name in _lessons_of(targets) if name not in stale]:
        say(f"unchanged: {', '.join(unchanged)}")
    freeze_clues(answers, frozen, taught, say, reuse)
    return True


def _targets(
    answers: Answers,
    taught: Sequence[Lesson],
    seeds: Mapping[str, int | None],
    new: Path,
    old: Path,
) -> list[Target]:
    """The files of a frozen course. A casebook without a seed has none."""
    targets = []
    numbers = seeds["public"]
    assert numbers is not None
    for lesson in taught:
        for book, seed in seeds.items():
            if seed is not None:
                file = Path(book) / f"{lesson.name}.safetensors"
                is_hidden = book == "hidden"
                targets.append(
                    planned(answers, lesson, seed, is_hidden, new / file, old / file, numbers)
                )
    return targets


def build_casebook(
    solutions: Path,
    folder: Path,
    seed: int,
    hidden: bool,
    taught: Sequence[Lesson],
    say: Print,
    public_seed: int | None = None,
) -> None:
    """Write one casebook, of these lessons, into a folder. Raises BuildError.

    public_seed: of the numbers of questions; else `seed`.
    """
    numbers = seed if public_seed is None else public_seed
    answers = checked_answers(solutions, taught)
    targets = []
    for lesson in taught:
        path = folder / f"{lesson.name}.safetensors"
        targets.append(planned(answers, lesson, seed, hidden, path, path, numbers))
    _build(targets, _lessons_of(targets), answers, say, is_first=True)


def _build(
    targets: Sequence[Target], stale: Sequence[str], answers: Answers, say: Print, is_first: bool
) -> None:
    """Build the files of the stale lessons, and say how it goes. Raises BuildError."""
    tasks = []
    for name in stale:
        if not lessons.can_run(name):
            backend = lessons.lesson(name).backend
            raise BuildError(f"the cases of {name} need {backend}: install it, or drop the lesson")
        visible = replace(answers, misconceptions=answers.visible_in(name))
        files = tuple(target for target in targets if target.lesson == name)
        tasks.append(Task(name, visible, files, is_first))
    refused = []
    for done in do_all(tasks):
        if done.refused:
            refused.append(done.refused)
            continue
        say(str(done))
        for line in done.said:
            say(f"  {line}")
    if refused:
        raise BuildError("\n".join(refused))


def _lessons_of(targets: Iterable[Target]) -> list[str]:
    """The lessons of these files, each once."""
    return list(dict.fromkeys(target.lesson for target in targets))


# --------------------------------------------------------------------------------------- the files


def _is_up_to_date(
    frozen: Path, targets: Sequence[Target], wanted: Sequence[Target], course: Course
) -> bool:
    """Whether a folder holds the settings and the wanted files as they should be, and no others."""
    settings = frozen / SETTINGS
    clues = frozen / FOLDER
    there = {path for path in frozen.rglob("*") if path.is_file() and path.parent != clues}
    return (
        settings in there
        and settings.read_text(encoding="utf-8") == freeze(course)
        and there <= {settings, *(target.earlier for target in targets)}
        and all(target.is_at(target.earlier) for target in wanted)
    )


def _keep(target: Target, even_if_stale: bool) -> None:
    """Copy the earlier file to its place, if it need not be built."""
    if target.is_at(target.path):
        return  # built by a run that was then refused another lesson
    if target.is_at(target.earlier) or (even_if_stale and target.earlier.exists()):
        target.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(target.earlier, target.path)


def _remove_all_but(files: Collection[Path], folder: Path) -> None:
    """Remove from a folder what no longer belongs there, such as a lesson that was dropped."""
    # Backwards, so that what a folder holds comes before the folder.
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _swap(new: Path, frozen: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = frozen.with_name(f"{frozen.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if frozen.exists():
        frozen.rename(old)  # a moment is quicker than removing it: somebody may be grading
    new.rename(frozen)
    shutil.rmtree(old, ignore_errors=True)
