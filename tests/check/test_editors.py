"""What the handout has for editors and code hosts: read and run as those do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.authoring.demo import with_body
from autograder.authoring.handout.zips import STUDENTS_EDITORS
from autograder.grade import taken_in
from autograder.report.gcc import gcc
from autograder.settings import load_course
from tests.check.test_formats import GCC, read_command, telling, with_text
from tests.conftest import COURSE_TOML, LONGEST
from tests.submissions import REFERENCE

WRONG = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
UNFINISHED = with_body(WRONG, "last_hidden", 'raise NotImplementedError("last_hidden")')

FILES = (".vscode/tasks.json", ".devcontainer/devcontainer.json", ".github/workflows/check.yml")


@pytest.fixture(scope="module")
def handout(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handout in a folder with a blank in its name, with one mistake and much to do."""
    folder = tmp_path_factory.mktemp("handed out")
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(folder)
    (folder / "assignment" / "recurrent" / "rnn.py").write_text(UNFINISHED)
    return folder / "assignment"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Programs named `python` and `pip`; the second installs nothing and wants its file there."""
    programs = tmp_path_factory.mktemp("bin")
    python, pip = programs / "python", programs / "pip"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    pip.write_text('#!/bin/sh\ntest "$1 $2" = "install -r" && test -s "$3"\n')
    for program in (python, pip):
        program.chmod(0o755)
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def with_comments(path: Path) -> Any:
    """JSON as VS Code reads it, with lines of comment."""
    return json.loads(re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE))


def test_they_are_in_the_handout_as_they_are_here_small_and_commented(handout: Path) -> None:
    here = {path.relative_to(STUDENTS_EDITORS).as_posix() for path in STUDENTS_EDITORS.rglob("*.*")}
    assert {name for name in here if (STUDENTS_EDITORS / name).is_file()} == set(FILES)
    for name in FILES:
        text = (handout / name).read_text()
        assert text == (STUDENTS_EDITORS / name).read_text()
        assert text.startswith(("//", "#")) and len(text.splitlines()) <= 60


# ------------------------------------------------------------------------------------------ VS Code


def tasks(handout: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = with_comments(handout / ".vscode" / "tasks.json")["tasks"]
    return found


def test_one_task_is_what_is_built_by_one_key(handout: Path) -> None:
    default = [
        task for task in tasks(handout) if task["group"] == {"kind": "build", "isDefault": True}
    ]
    assert [task["label"] for task in default] == ["check this file"]
    matchers = [task["problemMatcher"] for task in tasks(handout)]
    assert matchers[0] == matchers[1]


@pytest.mark.parametrize("number", [0, 1])
def test_a_task_runs_as_it_stands_and_its_matcher_finds_every_line(
    handout: Path, environment: dict[str, str], number: int
) -> None:
    task = tasks(handout)[number]
    variables = {
        "${command:python.interpreterPath}": sys.executable,
        "${file}": str(handout / "recurrent" / "rnn.py"),
        "${workspaceFolder}": str(handout),
    }
    command = [variables.get(part, part) for part in (task["command"], *task["args"])]
    assert not [part for part in command if "$" in part]
    done = subprocess.run(
        command,
        cwd=variables[task["options"]["cwd"]],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) > 4
    for line in lines:
        _found_by(task["problemMatcher"], line, handout)
    seen = {GCC.fullmatch(line)[5] for line in lines}  # type: ignore[index]
    assert {"rnn_step_backward", "last_hidden"} <= seen


def _found_by(matcher: dict[str, Any], line: str, folder: Path) -> None:
    pattern = matcher["pattern"]
    found = re.search(pattern["regexp"], line)
    assert found is not None, line
    # autoDetect: relative to the workspace, if it is there, else as it is.
    file = folder / found[pattern["file"]]
    assert file.is_file()
    assert 1 <= int(found[pattern["line"]]) <= len(file.read_text().splitlines())
    assert found[pattern["severity"]] in ("error", "warning", "note")
    assert found[pattern["message"]]


@pytest.mark.parametrize("folder", ["/home/me/a: b/x", "C:\\Users\\me\\x", "/a:12: error: b"])
def test_the_matcher_finds_the_file_whatever_its_folder_is_called(
    handout: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = tasks(handout)[0]["problemMatcher"]["pattern"]
    told = telling(with_text("a: b:3: error: c"))
    monkeypatch.setattr(type(told), "file", lambda self, verdict: (f"{folder}/rnn.py", 31))
    for line in gcc(told).splitlines():
        found = re.search(pattern["regexp"], line)
        assert found is not None
        if "error" not in folder:
            assert found[pattern["file"]] == f"{folder}/rnn.py" and found[pattern["line"]] == "31"


# -------------------------------------------------------------------------------- the dev container

DOCUMENTED = {"name", "image", "postCreateCommand", "customizations"}
"""Of the properties in "Dev Container metadata reference", those that a file this small needs."""


def test_the_container_has_only_documented_properties_and_can_check(
    handout: Path, environment: dict[str, str]
) -> None:
    container = with_comments(handout / ".devcontainer" / "devcontainer.json")
    assert container.keys() <= DOCUMENTED
    assert re.fullmatch(r"python:3\.1[0-3]", container["image"])
    assert container["customizations"].keys() == {"vscode"}
    assert container["customizations"]["vscode"].keys() == {"extensions"}
    command = container["postCreateCommand"]
    assert subprocess.run(["sh", "-c", command], cwd=handout, env=environment).returncode == 0


# ------------------------------------------------------------------------------------------- GitHub


@pytest.fixture
def steps(handout: Path) -> list[dict[str, Any]]:
    workflow = yaml.safe_load((handout / ".github" / "workflows" / "check.yml").read_text())
    assert workflow[True] == ["push", "workflow_dispatch"], "YAML 1.1 reads `on` as true"
    assert workflow["permissions"] == {"contents": "read"}
    found: list[dict[str, Any]] = workflow["jobs"]["check"]["steps"]
    return found


def test_every_step_is_an_action_of_a_version_or_a_command(steps: list[dict[str, Any]]) -> None:
    for step in steps:
        assert step.keys() <= {"uses", "with", "run", "name"}
        assert "run" in step or re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])


@pytest.mark.parametrize(("text", "status"), [(UNFINISHED, 1), (REFERENCE["rnn"], 1)])
def test_the_commands_run_as_they_stand(
    handout: Path,
    environment: dict[str, str],
    steps: list[dict[str, Any]],
    tmp_path: Path,
    text: str,
    status: int,
) -> None:
    folder = Path(shutil.copytree(handout, tmp_path / "repository"))
    (folder / "recurrent" / "rnn.py").write_text(text)
    summary = tmp_path / "summary.md"
    given = {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(folder), "CI": "true"}
    done = []
    for step in steps:
        if "run" in step:
            # As GitHub runs it where a step names no shell.
            command = ["bash", "-e", "-c", step["run"]]
            result = subprocess.run(
                command,
                cwd=folder,
                env=environment | given,
                capture_output=True,
                encoding="utf-8",
                timeout=LONGEST,
            )
            done.append(result)
    assert [result.returncode for result in done] == [0, 0, status]
    assert "".join(result.stderr for result in done) == ""
    assert re.match(r"### [\d.]+ of 100 points, \d+ of \d+ problems passed\n", summary.read_text())
    found = [read_command(line) for line in done[-1].stdout.splitlines()[:-1]]
    assert all((folder / properties["file"]).is_file() for _, properties, _ in found)
    if text == UNFINISHED:
        named = {properties["title"].partition(":")[0] for _, properties, _ in found}
        assert "rnn_step_backward" in named and "dWh differs by" in summary.read_text()
    else:
        (following,) = found
        assert following[0] == "notice" and following[1]["title"].startswith("next: ")


# ------------------------------------------------------------------------------ what is handed in


@pytest.mark.parametrize("top", ["", "assignment"])
def test_a_whole_folder_that_is_handed_in_is_taken_in_without_a_word_about_them(
    handout: Path, tmp_path: Path, top: str
) -> None:
    archive = tmp_path / "work"
    shutil.make_archive(str(archive), "zip", handout.parent if top else handout)
    course = load_course(COURSE_TOML).only("recurrence")
    into = tmp_path / "into"
    into.mkdir()
    intake = taken_in(archive.with_suffix(".zip"), course, into)
    assert intake.refused == {}
    said = " ".join(intake.remarks())
    for name in (".vscode", ".devcontainer", ".github", "tasks.json", "check.yml", "check.py"):
        assert name not in said, said
    assert (intake.package / "recurrent" / "rnn.py").read_text() == UNFINISHED
