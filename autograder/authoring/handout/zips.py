"""Building what students get, and the two zips, from what they are derived from."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.freeze import freeze_course, hidden_seed
from autograder.authoring.casebook.variants import imports_of, read_package
from autograder.authoring.handout.leaks import leaks, secret_lines
from autograder.authoring.handout.notebooks import Notebook, load_notebooks, notebooks_for
from autograder.authoring.handout.stubs import write_assignment
from autograder.errors import UserError
from autograder.problem import Lesson
from autograder.settings import Course, load_course

ROOT = Path(__file__).resolve().parents[3]
FILES = Path(__file__).parent / "files"

STAY_AT_HOME = ("authoring", "classroom")
"""The rooms of `autograder/` that never travel: they read `solutions/`, or know a whole class."""

MADE_AFRESH = ("frozen", "__pycache__")
"""What is built for each zip, or by Python."""

LONG_AGO = (2020, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same content gives the same bytes."""


class PackageError(UserError):
    """A zip was not built; the message says why."""


def make_handout(which: str, out: Path, say: Callable[[str], None] = print) -> Path:
    """dist/assignment.zip: stubs, the check with its public cases, and how to start. Raises
    PackageError.
    """
    course = load_course(ROOT / "course.toml").only(which)
    with tempfile.TemporaryDirectory() as scratch:
        write_handout(course, Path(scratch))
        return _zip(Path(scratch), out, say)


def write_handout(course: Course, folder: Path) -> None:
    """What students get, into a folder: what the course's sets need of stubs and notebooks, and the
    check.
    """
    notebooks = notebooks_for(
        load_notebooks(ROOT / "solutions" / "notebooks"), course.lessons_of("all")
    )
    taught = lessons_with_imports(course, notebooks)
    write_assignment(ROOT / "solutions", folder, course)
    wanted = {each.name for each in taught} | {each.name for each in notebooks}
    for path in (*folder.glob("recurrent/*.py"), *folder.glob("notebooks/*.ipynb")):
        if path.stem not in wanted and (path.suffix == ".ipynb" or path.stem in lessons.names()):
            path.unlink()
    copy_grader(folder)
    freeze_course(
        ROOT / "solutions",
        course,
        folder / "autograder" / "frozen",
        None,
        taught,
        lambda text: None,
    )
    for name in ("check.py", "requirements.txt", "requirements-notebooks.txt"):
        shutil.copy(FILES / name, folder / name)


def make_autograder(
    which: str, out: Path, seed: int | None = None, say: Callable[[str], None] = print
) -> Path:
    """dist/autograder.zip for Gradescope: the grader and both casebooks, no solution. Raises
    PackageError.
    """
    course = load_course(ROOT / "course.toml")
    hidden = hidden_seed(seed, course)
    course = course.only(which)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        taught = lessons_with_imports(course)
        copy_grader(folder)
        freeze_course(
            ROOT / "solutions",
            course,
            folder / "autograder" / "frozen",
            hidden,
            taught,
            lambda text: None,
        )
        for name in (
            "setup.sh",
            "run_autograder",
            "requirements-grading.txt",
            "requirements-fences.txt",
            "Dockerfile",
        ):
            shutil.copy(FILES / name, folder / name)
        if any(each.backend == "torch" for each in taught):
            shutil.copy(FILES / "requirements-torch.txt", folder / "requirements-torch.txt")
        return _zip(folder, out, say)


def lessons_with_imports(course: Course, notebooks: Sequence[Notebook] = ()) -> list[Lesson]:
    """The course's lessons, its notebooks' and those they build on: an error is carried forward
    from where it was.
    """
    sources = read_package(ROOT / "solutions" / "recurrent")
    wanted = {*course.lessons_of("all"), *(name for each in notebooks for name in each.lessons)}
    while more := {used for name in wanted for used in imports_of(sources.get(name, ""))} - wanted:
        wanted |= more
    return [each for each in lessons.all_lessons() if each.name in wanted]


def copy_grader(folder: Path) -> None:
    """Copy `autograder/` without the rooms that stay at home and without what is made afresh."""
    home = ROOT / "autograder"

    def left_out(place: str, names: list[str]) -> list[str]:
        stays = STAY_AT_HOME if Path(place) == home else ()
        return [name for name in names if name in (*stays, *MADE_AFRESH)]

    shutil.copytree(home, folder / "autograder", ignore=left_out)


def refuse_leaks(folder: Path, name: str) -> None:
    """Raise PackageError if a line of a solution is in the folder."""
    answers = load_answers(ROOT / "solutions")
    found = leaks(folder, secret_lines(ROOT / "solutions", answers.misconceptions))
    if found:
        raise PackageError(f"{name} was not built, a solution would leak: {'; '.join(found[:5])}")


def _zip(folder: Path, out: Path, say: Callable[[str], None]) -> Path:
    refuse_leaks(folder, out.name)
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), LONG_AGO)
            runnable = path.name in ("setup.sh", "run_autograder")
            info.external_attr = (0o755 if runnable else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    say(f"{out.name}: {out.stat().st_size / 1e6:.1f} MB, no solution line in it")
    return out
