"""Grading the table in one process, one submission after the other: `python -m tests.adversarial.run_all HOME PLACE`.

It runs in one of the environments (`environments`), with the layers that environment has, and writes what happened to PLACE/happened.json.
One fork server, one judge, one results.json in turn, as in a class: what an item breaks, the next ones feel.
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
from pathlib import Path
from typing import Any

from autograder.casebook import Casebook
from autograder.grade import opened
from autograder.problem import Problem, Verdict
from autograder.report import gradescope
from autograder.sandbox import IntakeError, Limits, Sandbox
from autograder.sandbox.protection import as_data, layers
from autograder.sandbox.users import FIRST, PER_PROCESS
from autograder.settings import Course, Policy, ProblemSet
from tests.adversarial.catalogue import ITEMS, LEAF, LESSONS, Item
from tests.submissions import REFERENCE, submission

SECONDS = 2.5
"""Three times what the slowest item that is not stopped by it takes, with two environments side by side on two slow cores."""
WITHOUT = {
    "root": (),
    "root, no fences": ("files", "calls"),
    "user": ("user",),
    "user, no fences": ("user", "files", "calls"),
}
COURSE = Course(
    "Fortress",
    "",
    1,
    (ProblemSet("all", "All", LESSONS),),
    Policy(seconds=SECONDS, total_seconds=600.0, memory_mb=1024),
)


@dataclass(frozen=True)
class Place:
    """Where things lie while one environment is tested, and what attackers may know of it."""

    folder: Path
    environment: str

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def furnish(self) -> None:
        """Everything a real grader's tree has that is none of a submission's business."""
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
        """The text with the names in it replaced by what they stand for."""
        names = {
            "HEAD": REFERENCE["head"],
            "PUBLIC_ANSWERS": self.public_answers(),
            "PUBLIC": str(sorted(self.public())),
            "PLACE": str(self.folder),
            "BOOKS": str(self.folder / "books"),
            "RESULTS": str(self.results),
            "METADATA": str(self.folder / "metadata.json"),
            "SOLUTION": str(self.folder / "solution.py"),
            "GRADER": str(self.folder / "grader.py"),
            "JUDGE": str(os.getpid()),
            "SITE": str(Path(json.__file__).parent.parent / "site-packages"),
        }
        return re.sub(r"@([A-Z_]+)@", lambda match: names[match[1]], text)

    def books(self) -> list[Casebook]:
        return [
            Casebook(self.folder / "books" / "False"),
            Casebook(self.folder / "books" / "True", hidden=True),
        ]

    def public(self) -> dict[float, list[Any]]:
        """The answers to the public cases of the leaf, by the first number of its argument."""
        cases = self.books()[0].lesson("rnn").cases[LEAF]
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
    place.furnish()
    only = os.environ.get("ADVERSARIAL_ONLY", "")
    happened: dict[str, Any] = {"items": {}}
    before = remains(place)
    limits = Limits(seconds=SECONDS, memory_mb=1024)
    with Sandbox(limits, without=WITHOUT[environment]) as box:
        happened["layers"] = as_data(layers(box))
        for number, item in enumerate(ITEMS):
            if only in item.name:
                shared = remains(place)
                happened["items"][item.name] = grade(item, number, place, box) | changes(
                    shared, remains(place)
                )
    happened["left"] = changes(before, remains(place))
    (folder / "happened.json").write_text(json.dumps(happened))


def grade(item: Item, number: int, place: Place, box: Sandbox) -> dict[str, Any]:
    """Hand in one submission: the verdicts, and what Gradescope would get."""
    handed_in = place.folder / "submissions" / str(number)
    write(item, handed_in, place)
    verdicts: dict[str, Verdict] = {}
    start = time.monotonic()
    results = place.results / "results.json"
    gradescope.save(results, {"score": 0.0, "output": gradescope.OURS})
    try:
        with opened(handed_in, COURSE, place.books(), box) as grader:

            def decide(problem: Problem) -> Verdict:
                verdicts[problem.name] = grader.result(problem).verdict
                return verdicts[problem.name]

            gradescope.run_tests(results, COURSE, decide)
    except IntakeError as error:
        return {"refused": str(error)}
    finally:
        shutil.rmtree(handed_in)
    return {
        "seconds": round(time.monotonic() - start, 2),
        "verdicts": {
            name: {
                "status": v.status,
                "score": v.score,
                "max_score": v.max_score,
                "message": message(v),
            }
            for name, v in verdicts.items()
        },
        "results": results.read_text(),
    }


def message(verdict: Verdict) -> str:
    return "\n".join(finding.text for finding in verdict.findings)


def write(item: Item, folder: Path, place: Place) -> None:
    """Write the submission of an item, with the names in it filled in."""
    submission(folder, item.bodies, {name: text for name, text in item.files.items()})
    if item.build:
        item.build(folder)
    for path in folder.rglob("*.py"):
        if path.is_file() and not path.is_symlink() and b"@" in path.read_bytes():
            path.write_bytes(place.fill_in(path.read_bytes().decode("latin-1")).encode("latin-1"))


# ------------------------------------------------------------------------------------- what is left


def remains(place: Place) -> dict[str, list[str]]:
    """What a submission could leave behind: processes, descriptors of ours, files in open places, SysV objects."""
    return {
        "processes": sorted(strangers()),
        "descriptors": [str(len([*Path("/proc/self/fd").iterdir()]))],
        "files": sorted(open_files()),
        "executed": [str(path) for path in place.folder.glob("EXECUTED")],
        "shared": [line for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]],
    }


def changes(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "left": {key: new for key in before if (new := sorted(set(after[key]) - set(before[key])))}
    }


def theirs(uid: int) -> bool:
    """Whether a user number is one of our workers': of this process's own range, or our own where we are not root."""
    first = FIRST + os.getpid() * PER_PROCESS
    return uid == os.getuid() if os.getuid() else first <= uid < first + PER_PROCESS


def strangers() -> Iterator[str]:
    """Processes below us, and of users that only workers have."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines())
        except (OSError, ValueError):
            continue
        if theirs(int(status["Uid"].split()[0])) or status["PPid"].strip() == str(os.getpid()):
            yield f"{path.name} {status['Name'].strip()} {status['State'].strip()}"


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
