"""What students install is given as ranges; what the repository tests with and grades with is
pinned, within them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder import lessons
from autograder.authoring.experiments import solved_handout
from autograder.authoring.handout.zips import FILES
from tests.conftest import LONGEST, ROOT

STUDENTS = (FILES / "requirements.txt", FILES / "requirements-notebooks.txt")
OURS = (
    ROOT / "requirements-dev.txt",
    ROOT / "requirements-demo.txt",
    FILES / "requirements-grading.txt",
    FILES / "requirements-torch.txt",
)
PYTHONS = ("3.10", "3.11", "3.12", "3.13")

TESTED = re.compile(r"#\s*tested:\s*(.+)$")


def lines_of(path: Path) -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of a file, and the versions that its comment says it was tested with."""
    for line in path.read_text().splitlines():
        code = line.partition("#")[0].strip()
        if code and not code.startswith("-"):
            tested = TESTED.search(line)
            yield Requirement(code), tested[1].split(", ") if tested else []


def is_for(requirement: Requirement, python: str) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({"python_version": python})


def pinned(requirement: Requirement) -> str:
    """The version, if there is but one."""
    (specifier,) = list(requirement.specifier)[:1]
    is_one = specifier.operator == "==" and len(requirement.specifier) == 1
    return specifier.version if is_one else ""


def pins(python: str) -> dict[str, str]:
    found = {}
    for path in OURS:
        for requirement, _ in lines_of(path):
            if is_for(requirement, python) and pinned(requirement):
                found[requirement.name] = pinned(requirement)
    return found


ASKED = [
    pytest.param(requirement, tested, python, id=f"{requirement.name}-{python}")
    for path in STUDENTS
    for requirement, tested in lines_of(path)
    for python in PYTHONS
    if is_for(requirement, python)
]


@pytest.mark.parametrize("requirement, tested, python", ASKED)
def test_what_we_test_with_lies_in_the_range_and_is_named_beside_it(
    requirement: Requirement, tested: list[str], python: str
) -> None:
    version = pinned(requirement)
    if version:  # data: one version for everybody
        assert not tested
        return
    ours = pins(python)[requirement.name]
    assert requirement.specifier.contains(ours) and ours in tested
    assert all(requirement.specifier.contains(version) for version in tested)
    bounds = {specifier.operator for specifier in requirement.specifier}
    assert bounds == {">=", "<"}, "a range ends before the next version that may break"


def test_what_grades_is_pinned() -> None:
    for name in ("requirements-grading.txt", "requirements-torch.txt"):
        for requirement, _ in lines_of(FILES / name):
            assert pinned(requirement)


def lowest() -> list[str]:
    """Of what the check needs, on this Python, the lowest version that was tested."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found = []
    for requirement, tested in lines_of(FILES / "requirements.txt"):
        if is_for(requirement, here):
            found.append(f"{requirement.name}=={tested[0]}")
    return found


@pytest.mark.slow
def test_the_check_runs_with_the_lowest_versions(tmp_path: Path) -> None:
    if sys.version_info >= (3, 13):
        pytest.skip("the lowest versions were tested on Python 3.12 and older")
    run = [sys.executable, "-m", "venv", str(tmp_path / "venv")]
    subprocess.run(run, check=True, timeout=LONGEST)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--retries=0", "--only-binary=:all:"]
    done = subprocess.run([*install, *lowest()], capture_output=True, text=True, timeout=LONGEST)
    if done.returncode:
        pytest.skip(f"{', '.join(lowest())} cannot be had here: {done.stderr.strip()[-200:]}")
    with solved_handout(ROOT) as solved:
        shutil.copytree(solved, tmp_path / "handout")
    in_numpy = []
    for lesson in lessons.all_lessons():
        if lesson.backend == "numpy" and not lesson.asks:
            in_numpy.append(lesson.name)
    check = [str(python), "check.py", *in_numpy]
    done = subprocess.run(
        check, cwd=tmp_path / "handout", capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0, done.stdout + done.stderr
    problems = sum(len(lessons.lesson(name).problems) for name in in_numpy)
    assert f"{problems} of {problems} problems passed" in done.stdout
