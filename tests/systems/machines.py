"""Bundles unpacked in trees shaped like those in which course systems run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import validate

from tests.conftest import LONGEST
from tests.systems.schemas import AUTOLAB, CLASSROOM50, PRAIRIELEARN, PRAIRIELEARNS_BYTES

SET = "recurrence"
SECONDS = 1.0
"""Of processor time for a problem, so that nobody waits for a loop."""

HOST = {"PATH": os.environ["PATH"], "AUTOGRADER_VENV": sys.prefix, "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Graded:
    """What a system holds after a run.

    problems: name -> points, where the system has them. total: all points; None for no grade.
    said: all that a student reads.
    """

    problems: dict[str, float]
    total: float | None
    said: str


def unpack(bundle: Path, folder: Path) -> Path:
    """Unpack a bundle, and give its course less time."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def hurry(grader: Path) -> None:
    path = grader / "autograder" / "frozen" / "course.json"
    course = json.loads(path.read_text())
    course["policy"]["seconds"] = SECONDS
    path.write_text(json.dumps(course))


def run(command: list[str], folder: Path, more: dict[str, str] | None = None) -> str:
    """Run a command as the system does; standard output."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**HOST, **(more or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class PrairieLearnsContainer:
    """The tree /grade, elsewhere."""

    public_only = False

    def __init__(self, bundle: Path, folder: Path) -> None:
        self.course = unpack(bundle, folder / "course")
        self.root = folder / "grade"
        shutil.copytree(self.course / "serverFilesCourse", self.root / "serverFilesCourse")
        self.grader = self.root / "serverFilesCourse" / f"grader_{SET}"
        hurry(self.grader)

    def grade(self, submission: Path) -> Graded:
        student = self.root / "student"
        shutil.rmtree(student, ignore_errors=True)
        student.mkdir()
        for path in sorted(submission.rglob("*.*")):
            shutil.copy(path, student / path.name)  # it hands over files without their folder
        said = run(["bash", str(self.grader / "run.sh"), "--root", str(self.root)], self.root)
        file = self.root / "results" / "results.json"
        assert file.stat().st_size <= PRAIRIELEARNS_BYTES
        data: dict[str, Any] = json.loads(file.read_text())
        validate(data, PRAIRIELEARN)
        problems = {test["name"].split()[1]: test["points"] for test in data.get("tests", ())}
        total = 100 * data["score"] if data["gradable"] else None
        return Graded(problems, total, said + json.dumps(data, ensure_ascii=False))


class AutolabsInstance:
    """The empty folder into which Tango copies three files before it runs `make`."""

    public_only = False

    def __init__(self, bundle: Path, folder: Path) -> None:
        unpack(bundle, folder / "bundle")
        self.root = folder / "autolab"
        self.root.mkdir()
        shutil.copy(folder / "bundle" / "autograde-Makefile", self.root / "Makefile")
        # with less time, so it is packed again
        run(["tar", "-xf", "autograde.tar"], folder / "bundle")
        hurry(folder / "bundle" / "grader")
        run(["tar", "-cf", str(self.root / "autograde.tar"), "grader"], folder / "bundle")

    def grade(self, submission: Path) -> Graded:
        if submission.is_dir():
            shutil.make_archive(str(self.root / "handin"), "zip", submission)
        else:
            shutil.copy(submission, self.root / "handin.zip")
        said = run(["make"], self.root)
        last = said.splitlines()[-1]
        if not last.startswith("{"):
            return Graded({}, None, said)
        data = json.loads(last)
        validate(data, AUTOLAB)
        return Graded({}, data["scores"][SET], said)


class Classroom50sRunner:
    """A student's checkout, and the bundle where the runner unpacks it."""

    public_only = True
    variables = {  # noqa: RUF012 - nobody changes it
        "CLASSROOM": "cs",
        "ASSIGNMENT": SET,
        "SUBMISSION_TAG": "submit/2027-02-05T14-32-05Z-a1b2c3d",
        "COMMIT_URL": "https://example.org/commit/1",
        "RELEASE_URL": "https://example.org/releases/1",
        "OWNER": "ada",
    }

    def __init__(self, bundle: Path, folder: Path) -> None:
        self.bundle = unpack(bundle, folder / "runtime")
        self.entry = self.bundle / "autograders" / SET / "autograder.py"
        self.root = folder / "checkout"
        hurry(self.entry.parent / "grader")

    def grade(self, submission: Path) -> Graded:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(submission, self.root)
        said = run([sys.executable, str(self.entry)], self.root, self.variables)
        data: dict[str, Any] = json.loads((self.root / "result.json").read_text())
        validate(data | {"graded_at": data["datetime"]}, CLASSROOM50)
        problems = {test["test-name"].split()[1]: test["score"] / 100 for test in data["tests"]}
        body = (self.root / "release-body.md").read_text(encoding="utf-8")
        return Graded(problems, data["score"] / 100, said + body)


MACHINES = {
    "classroom50": Classroom50sRunner,
    "prairielearn": PrairieLearnsContainer,
    "autolab": AutolabsInstance,
}
