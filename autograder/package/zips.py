"""Building what students get, and the two zips, from what they are derived from."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder import lessons
from autograder.casebook.build import load_answers
from autograder.casebook.freeze import freeze_course, hidden_seed
from autograder.casebook.worlds import imports_of, read_package
from autograder.leaks import leaks, secret_lines
from autograder.notebooks import Notebook, load_notebooks, notebooks_for
from autograder.problem import Lesson
from autograder.scaffold import write_assignment
from autograder.settings import Course, load_course

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "files"

GRADING = (
    "__init__",
    "__main__",
    "arrays",
    "cli",
    "compare",
    "gradients",
    "grade",
    "problem",
    "settings",
)
"""The modules of `autograder/` that grade. What builds (worlds, scaffold, package, proof) stays at
home.
"""

ROOMS = ("judge", "sandbox", "worker")

LONG_AGO = (2020, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same content gives the same bytes."""


class PackageError(Exception):
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
        if path.stem not in wanted and (path.suffix == ".ipynb" or path.stem in lessons.ORDER):
            path.unlink()
    copy_grader(folder, taught, ("terminal", "notebook", "words", "record"))
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
        copy_grader(folder, taught, ("gradescope", "record"))
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
        if any(each.needs == "torch" for each in taught):
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


def copy_grader(folder: Path, taught: Sequence[Lesson], reports: Sequence[str]) -> None:
    """Copy the part of `autograder/` that grades these lessons and reports in these ways."""
    here, there = ROOT / "autograder", folder / "autograder"
    names = [f"{name}.py" for name in GRADING]
    names += [
        path.relative_to(here).as_posix()
        for room in ROOMS
        for path in sorted((here / room).glob("*.py"))
    ]
    names += [f"casebook/{name}.py" for name in ("__init__", "store")]
    names += [f"lessons/{name}.py" for name in ("__init__", *(each.name for each in taught))]
    names += [f"report/{name}.py" for name in ("__init__", *reports)]
    for name in names:
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(here / name, there / name)


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
