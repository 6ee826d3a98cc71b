"""Bundles for course systems besides Gradescope: the grader, and what starts it there.

classroom50    autograders/SET/ for the classroom's repository; public, so without a hidden case
prairielearn   a question, and the grader for serverFilesCourse/
autolab        autograde-Makefile and autograde.tar

Each is built from the same grader as Gradescope's zip.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from autograder.authoring.course import course_of, odd_sets
from autograder.authoring.handout.archive import write_tar
from autograder.authoring.handout.zips import (
    FILES,
    ROOT,
    PackageError,
    Print,
    refuse_leaks,
    write_grader,
    zip_folder,
)
from autograder.authoring.seeds import hidden_seed
from autograder.check.pythons import OLDEST
from autograder.grade import course_lessons, worth_of
from autograder.report.cli import HANDIN
from autograder.report.systems.autolab import Autolab
from autograder.report.systems.classroom50 import Classroom50
from autograder.report.systems.limits import seconds_needed, within
from autograder.report.systems.prairielearn import PrairieLearn
from autograder.report.words import points
from autograder.settings import Course
from autograder.wording import listed
from autograder.worker.leftovers import dotted

IMAGE = "YOUR-ORGANISATION/recurrent-grader:{set}"
"""Stands for the name that staff give the image with what the grader needs."""

RUNTIME = {"runs-on": "ubuntu-latest", "python": "3.12"}
"""What Classroom 50 is asked for; its own default is a Python that numpy may not know yet."""

LARGEST_PUBLIC = 10 * 1024 * 1024
"""Bytes of a bundle that Classroom 50's runner fetches."""


@dataclass(frozen=True)
class Bundle:
    """What a system's bundle is made from: the course of one set or all, and the seed.

    hidden: the seed of the hidden cases; None where there may be none.
    """

    course: Course
    which: str
    hidden: int | None

    @property
    def title(self) -> str:
        """`Recurrent networks, Spring 2027: Recurrence`."""
        titles = listed([problem_set.title for problem_set in self.course.sets])
        return f"{self.course.name}, {self.course.term}: {titles}"

    @property
    def name(self) -> str:
        """The set's name, as folders of other systems may be called."""
        return self.which.lower().replace("_", "-")

    def facts(self, longest: int) -> dict[str, str]:
        """What the texts of every bundle may name.

        longest: the most seconds that the system lets one ask for.
        """
        cut = within(self.course, longest)
        return {
            "set": self.which,
            "slug": self.name,
            "title": self.title,
            "most": points(worth_of(self.course)),
            "seconds": str(seconds_needed(cut, longest)),
            "total": str(ceil(cut.policy.total_seconds)),
            "python": dotted(OLDEST),
            "image": IMAGE.format(set=self.name),
        }


def make_bundle(
    system: str,
    which: str,
    out: Path,
    seed: int | None = None,
    print_line: Print = print,
    new_seed: bool = False,
) -> Path:
    """Build the zip that a course system needs.

    system: a name of `SYSTEMS`. which: a problem set of course.toml, or all. seed, new_seed: of the
    hidden cases, see `hidden_seed`; of no use for a bundle that is public.

    Raises SeedError, or PackageError if a line of a solution would travel, if a bundle that is
    public would hold a hidden case, or if it is larger than the system takes.
    """
    course = course_of(ROOT).only(which)
    hidden = None
    if system not in PUBLIC:
        hidden = hidden_seed(seed, course, out.parent, print_line, new_seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        told = SYSTEMS[system](Bundle(course, which, hidden), folder)
        for line in odd_sets(course):
            print_line(line)
        if system in PUBLIC:
            refuse_hidden(folder, out.name)
        zip_folder(folder, out, print_line, told)
    if system in PUBLIC and out.stat().st_size > LARGEST_PUBLIC:
        out.unlink()
        raise PackageError(
            f"{out.name} would be larger than the {LARGEST_PUBLIC >> 20} MB that Classroom 50 "
            "takes: build it for one set, with --set"
        )
    return out


def refuse_hidden(folder: Path, name: str) -> None:
    """Raise PackageError if a hidden casebook is in a folder that anyone will read."""
    for path in folder.rglob("*"):
        if "hidden" in path.relative_to(folder).parts:
            raise PackageError(f"{name} was not built: it is public, and would hold hidden cases")


# ------------------------------------------------------------------------------------- the systems


def _classroom50(bundle: Bundle, folder: Path) -> dict[str, Any]:
    own = folder / "autograders" / bundle.name
    told = write_grader(bundle.course, bundle.which, own / "grader", bundle.hidden)
    shutil.copy(FILES / "classroom50" / "autograder.py", own / "autograder.py")
    _write_json(folder / "runtime.json", RUNTIME)
    _fill("classroom50/README.md", folder / "README.md", bundle.facts(Classroom50.longest))
    return told


def _prairielearn(bundle: Bundle, folder: Path) -> dict[str, Any]:
    longest = PrairieLearn.longest
    grader = f"grader_{bundle.which}"
    names = [f"{lesson.name}.py" for lesson in course_lessons(bundle.course)]
    facts = bundle.facts(longest) | {
        "grader": grader,
        "question": bundle.which,
        "names": ", ".join(names),
        "files": listed([f"<code>{name}</code>" for name in names]),
    }
    own = folder / "serverFilesCourse" / grader
    told = write_grader(within(bundle.course, longest), bundle.which, own, bundle.hidden)
    shutil.copy(FILES / "prairielearn" / "run.sh", own / "run.sh")
    question = folder / "questions" / bundle.which
    _fill("prairielearn/question.html", question / "question.html", facts)
    _write_json(question / "info.json", question_info(bundle, facts))
    for name in ("README.md", "Dockerfile"):
        _fill(f"prairielearn/{name}", folder / name, facts)
    return told


def question_info(bundle: Bundle, facts: dict[str, str]) -> dict[str, Any]:
    """The question's info.json, which tells PrairieLearn how to grade it."""
    name = f"{bundle.course.name}, {bundle.course.term}, {bundle.which}"
    return {
        # The same for every build of a term, for PrairieLearn knows the question by it.
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, name)),
        "title": bundle.title,
        "topic": bundle.course.name,
        "tags": ["code"],
        "type": "v3",
        "gradingMethod": "External",
        "singleVariant": True,
        "externalGradingOptions": {
            "enabled": True,
            "image": facts["image"],
            "serverFilesCourse": [f"{facts['grader']}/"],
            "entrypoint": f"/grade/serverFilesCourse/{facts['grader']}/run.sh",
            "timeout": int(facts["seconds"]),
        },
    }


def _autolab(bundle: Bundle, folder: Path) -> dict[str, Any]:
    longest = Autolab.longest
    problems = []
    for problem_set in bundle.course.sets:
        most = points(worth_of(bundle.course.only(problem_set.name)))
        problems.append(f"`{problem_set.name}` with {most} points")
    facts = bundle.facts(longest) | {
        "handin": HANDIN,
        "problems": listed(problems),
        "check": "cd grader && /opt/grader/bin/python -m autograder doctor",
    }
    with tempfile.TemporaryDirectory() as scratch:
        grader = Path(scratch)
        told = write_grader(within(bundle.course, longest), bundle.which, grader, bundle.hidden)
        shutil.copy(FILES / "autolab" / "run.sh", grader / "run.sh")
        refuse_leaks(grader, "autograde.tar")
        write_tar(grader, folder / "autograde.tar", top="grader")
    for name in ("autograde-Makefile", "README.md", "Dockerfile"):
        _fill(f"autolab/{name}", folder / name, facts)
    return told


SYSTEMS: dict[str, Callable[[Bundle, Path], dict[str, Any]]] = {
    "classroom50": _classroom50,
    "prairielearn": _prairielearn,
    "autolab": _autolab,
}
"""System -> what writes its bundle into a folder, and returns what the grader says of itself."""

PUBLIC = ("classroom50",)
"""The systems whose bundle anyone can read."""


def _fill(name: str, path: Path, facts: dict[str, str]) -> None:
    """Write one of the texts of `files/`, with facts for the names in braces."""
    text = (FILES / name).read_text(encoding="utf-8")
    for fact, value in facts.items():
        text = text.replace(f"{{{fact}}}", value)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
