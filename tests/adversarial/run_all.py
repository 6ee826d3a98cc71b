"""Grading the catalogue in one process, one submission after the other.

    python -m tests.adversarial.run_all ENVIRONMENT FOLDER

It runs in one of the `environments`, with the layers of protection that are there, and writes what
happened to FOLDER/happened.json. There is one fork server and one judge for all items, as for a
class: what one item breaks, the next ones feel.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.casebook import Casebook
from autograder.errors import OURS
from autograder.grade import course_problems, opened
from autograder.intake import IntakeError
from autograder.problem import Problem, Verdict
from autograder.report import gradescope
from autograder.report.results import Results
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.protection import as_data, layers
from autograder.sandbox.users import CLAIMED, IN_A_RANGE
from autograder.settings import Course, Policy, ProblemSet
from tests.adversarial.catalogue import ITEMS, LEAF, LESSONS, Item
from tests.submissions import REFERENCE, submission

SECONDS = 2.5
"""For one problem: three times what the slowest item takes that is not meant to be stopped by it.

Measured with two environments side by side on two slow cores.
"""

WITHOUT = {
    "root": (),
    "root, no fences": ("files", "calls"),
    "root, little room": (),
    "user": ("user",),
    "user, no fences": ("user", "files", "calls"),
}
"""Environment -> the layers of protection that it lacks."""

COURSE = Course(
    "Adversarial",
    "",
    1,
    (ProblemSet("all", "All", LESSONS),),
    Policy(seconds=SECONDS, total_seconds=600.0, memory_mb=1024),
)


@dataclass(frozen=True)
class Place:
    """Where files are while one environment is tested, and what attackers may know about it."""

    folder: Path
    environment: str

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def prepare(self) -> None:
        """Put there what a real grader's folder holds and no submission may read or change."""
        self.results.mkdir(mode=0o700)
        for name, text in {
            "metadata.json": "PREVIOUS",
            "solution.py": SOLVED,
            "grader.py": "x = 1\n",
        }.items():
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o600)
        os.environ["SECRET_TOKEN"] = "tok3n"

    def fill_in(self, text: str) -> str:
        """The text with each @NAME@ replaced by what it stands for."""
        names = {
            "HEAD": REFERENCE["head"],
            "PLACE": str(self.folder),
            "BOOKS": str(self.folder / "books"),
            "RESULTS": str(self.results),
            "METADATA": str(self.folder / "metadata.json"),
            "SOLUTION": str(self.folder / "solution.py"),
            "GRADER": str(self.folder / "grader.py"),
            "JUDGE": str(os.getpid()),
            "SITE": str(Path(json.__file__).parent.parent / "site-packages"),
        }
        if "@PUBLIC" in text:  # a few items know answers, which take a while to read
            names["PUBLIC_ANSWERS"] = self.public_answers()
            names["PUBLIC"] = str(sorted(self.public()))
        return re.sub(r"@([A-Z_]+)@", lambda match: names[match[1]], text)

    @cached_property
    def books(self) -> list[Casebook]:
        """The casebooks, read once for all items, as for a class."""
        return [
            Casebook(self.folder / "books" / "False"),
            Casebook(self.folder / "books" / "True", hidden=True),
        ]

    def public(self) -> dict[float, list[Any]]:
        """The answers to the public cases of the leaf, by the first number of its argument."""
        cases = self.books[0].lesson("rnn").cases_of(lessons.find(LEAF))
        return {float(case.inputs["dout"].flat[0]): case.expected["dh"].tolist() for case in cases}

    def public_answers(self) -> str:
        return f"return np.array({self.public()!r}.get(float(dout.flat[0]), np.zeros(cache[0])))"


SOLVED = """
def solved(dout, cache):
    shape, rows, last = cache
    dh = np.zeros(shape)
    dh[rows, last] = dout
    return dh
"""


def main(environment: str, folder: Path) -> None:
    place = Place(folder, environment)
    place.prepare()
    only = os.environ.get("ADVERSARIAL_ONLY", "")
    happened: dict[str, Any] = {"items": {}}
    before = remains(place)
    limits = Limits(seconds=SECONDS, memory_mb=1024)
    with Sandbox(limits, without=WITHOUT[environment]) as box:
        happened["layers"] = as_data(layers(box))
        for number, item in enumerate(ITEMS):
            if only in item.name:
                shared = remains(place)
                graded = grade(item, number, place, box)
                happened["items"][item.name] = graded | changes(shared, remains(place))
    happened["left"] = changes(before, remains(place))
    happened["most_memory_mb"] = most_memory_mb()
    (folder / "happened.json").write_text(json.dumps(happened))


def grade(item: Item, number: int, place: Place, box: Sandbox) -> dict[str, Any]:
    """Hand in one submission: the verdicts, and the results.json that Gradescope would get."""
    handed_in = place.folder / "submissions" / str(number)
    write(item, handed_in, place)
    verdicts: dict[str, Verdict] = {}
    start = time.monotonic()
    results = Results(place.results / "results.json")
    results.save({"score": 0.0, "output": OURS})
    try:
        with opened(handed_in, COURSE, place.books, box) as grader:
            grader.sit(course_problems(COURSE))

            def decide(problem: Problem) -> Verdict:
                verdicts[problem.name] = grader.result(problem).verdict
                return verdicts[problem.name]

            gradescope.run_tests(results, COURSE, decide, remarks=grader.remarks)
    except IntakeError as error:
        return {"refused": str(error)}
    finally:
        results.close()
        shutil.rmtree(handed_in)
    return {
        "seconds": round(time.monotonic() - start, 2),
        "verdicts": {name: summary(verdict) for name, verdict in verdicts.items()},
        "results": results.path.read_text(),
    }


def summary(verdict: Verdict) -> dict[str, Any]:
    return {
        "status": verdict.status,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "message": "\n".join(finding.text for finding in verdict.findings),
    }


def write(item: Item, folder: Path, place: Place) -> None:
    """Write the submission of an item, with the names in it filled in."""
    submission(folder, item.bodies, item.files)
    if item.build:
        item.build(folder)
    for path in folder.rglob("*.py"):
        if path.is_file() and not path.is_symlink() and b"@" in path.read_bytes():
            path.write_bytes(place.fill_in(path.read_bytes().decode("latin-1")).encode("latin-1"))


# ------------------------------------------------------------------------------------- what is left


def remains(place: Place) -> dict[str, list[str]]:
    """What a submission could leave behind.

    Processes, descriptors of ours, files in folders that are open to all, System V objects.
    """
    return {
        "processes": sorted(strangers()),
        "descriptors": [str(len([*Path("/proc/self/fd").iterdir()]))],
        "files": sorted(open_files()),
        "executed": [str(path) for path in place.folder.glob("EXECUTED")],
        "shared": Path("/proc/sysvipc/shm").read_text().splitlines()[1:],
    }


def most_memory_mb() -> float:
    """The most memory that this process, the judge, has ever had at once."""
    lines = Path("/proc/self/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    return int(status["VmHWM"].split()[0]) / 1000


def changes(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Any]:
    """What was not there before, by kind; kinds without anything new are left out."""
    left = {}
    for kind in before:
        new = sorted(set(after[kind]) - set(before[kind]))
        if new:
            left[kind] = new
    return {"left": left}


def theirs(uid: int) -> bool:
    """Whether a user number is one of our workers'.

    Root gives them numbers of ranges that this process has claimed; without root they have ours.
    """
    if os.getuid() != 0:
        return uid == os.getuid()
    return any(first <= uid < first + IN_A_RANGE for first in CLAIMED)


def strangers() -> Iterator[str]:
    """Processes below us, and of users that only workers have: name, state, parent, user."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if theirs(int(status["Uid"].split()[0])) or status["PPid"].strip() == str(os.getpid()):
            named = [status[key].split()[0] for key in ("Name", "State", "PPid", "Uid")]
            yield f"{path.name} {' '.join(named)}"


def open_files() -> Iterator[str]:
    for folder in ("/tmp", "/var/tmp", "/dev/shm"):
        for path in Path(folder).iterdir():
            try:
                owner = path.lstat()
            except OSError:
                continue
            ours = stat.S_ISDIR(owner.st_mode) and path.name.startswith(
                ("scratch-", "submission-", "layers-")
            )
            if theirs(owner.st_uid) and not ours:
                yield str(path)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
