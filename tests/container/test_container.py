"""The zip as Gradescope uses it: setup.sh as root in a bare system, run_autograder on one
submission after another.

What is emulated: a Debian root, a fresh writable layer for every submission, namespaces for
processes, mounts, IPC, host name and network, Docker's capabilities, a filter like Docker's, 768
MB, half a processor, and no network while grading.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.authoring.handout import make_autograder
from tests.conftest import ROOT
from tests.container.machine import CannotBeBuilt, Machine, debian_root, missing
from tests.submissions import submission
from tests.test_gradescope import scores, validate

WHY_NOT = missing()
if WHY_NOT:
    pytest.skip(WHY_NOT, allow_module_level=True)

pytestmark = pytest.mark.slow

SET = "recurrence"
SETUP_SECONDS = 60
HEAD = {problem.name for problem in lessons.lesson("head").problems}
LATER = {"last_hidden", "last_hidden_backward"}
WHEELS = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

ZEROS = "return np.zeros(cache[0])"
RESULTS = "/autograder/results/results.json"
CASEBOOK = "/autograder/source/autograder/frozen/course.json"
METADATA = "/autograder/submission_metadata.json"
BAD: dict[str, tuple[dict[str, str], dict[str, str | None], set[str]]] = {
    "a loop": ({"rnn.last_hidden_backward": "while True: pass"}, {}, {"last_hidden_backward"}),
    "a fork bomb": (
        {"rnn.last_hidden_backward": "import os\nwhile True: os.fork()"},
        {},
        {"last_hidden_backward"},
    ),
    "eight gigabytes": (
        {"rnn.last_hidden_backward": "np.ones(2**30)"},
        {},
        {"last_hidden_backward"},
    ),
    "a crash": ({"rnn.last_hidden": "import os\nos.abort()"}, {}, LATER),
    "a syntax error": ({}, {"head": "def oops(:\n"}, HEAD),
    "writes its own results": (
        {"rnn.last_hidden_backward": f"open({RESULTS!r}, 'w').write('{{}}')\n{ZEROS}"},
        {},
        {"last_hidden_backward"},
    ),
    "reads the casebook": (
        {"rnn.last_hidden_backward": f"open({CASEBOOK!r}).read()\n{ZEROS}"},
        {},
        {"last_hidden_backward"},
    ),
    "reads who handed it in": (
        {"rnn.last_hidden_backward": f"print(open({METADATA!r}).read())\n{ZEROS}"},
        {},
        {"last_hidden_backward"},
    ),
    "patches numpy and calls home": (
        {"rnn.last_hidden_backward": f"import socket\nnp.allclose = lambda *a: True\n{ZEROS}"},
        {},
        {"last_hidden_backward"},
    ),
}


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, float]]:
    """Debian with the grader set up in it, and the seconds that setup.sh took."""
    folder = tmp_path_factory.mktemp("container")
    folder.chmod(0o755)
    try:
        system = debian_root(folder / "debian")
    except (CannotBeBuilt, subprocess.TimeoutExpired) as error:
        pytest.skip(f"no Debian could be built here: {error}")
    wheels(system, folder / "wheels")
    source = folder / "setup" / "autograder" / "source"
    shutil.unpack_archive(
        make_autograder(SET, folder / "autograder.zip", seed=3, print_line=lambda line: None),
        source,
    )
    machine = Machine((system,), folder, {folder / "wheels": "/wheels"})
    start = time.monotonic()
    done = machine.run(
        ["bash", "/autograder/source/setup.sh"], folder / "setup", False, WHEELS, 300
    )
    seconds = time.monotonic() - start
    assert done.returncode == 0, done.stderr[-3000:]
    yield replace(machine, layers=(system, folder / "setup"), shared={}), seconds
    shutil.rmtree(folder)


def wheels(system: Path, folder: Path) -> None:
    """What setup.sh will install, fetched out here, for the Python in there."""
    version = next((system / "usr" / "lib").glob("python3.[0-9]*")).name.removeprefix("python")
    here = ROOT / "autograder" / "authoring" / "handout" / "files"
    for name in ("requirements-grading.txt", "requirements-fences.txt"):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
        command += ["--python-version", version, "--dest", str(folder), "-r", str(here / name)]
        subprocess.run(command, check=True, timeout=300)


@pytest.fixture
def grade(image: tuple[Machine, float], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Grade one submission in a container of its own; results.json."""

    def run(bodies: dict[str, str], files: dict[str, str | None]) -> dict[str, Any]:
        machine, layer = image[0], image[0].scratch / f"run-{tmp_path.name}"
        tree = layer / "autograder"
        submission(tree / "submission", bodies, files)
        (tree / "results").mkdir()
        (tree / "submission_metadata.json").write_text('{"users": "PREVIOUS"}')
        done = machine.run(["bash", "/autograder/source/run_autograder"], layer, False, {}, 300)
        data = validate(tree / "results" / "results.json")
        assert done.returncode == 0, done.stderr[-2000:]
        left = {
            p.name
            for place in ("tmp", "dev/shm", "var/tmp")
            if (layer / place).exists()
            for p in (layer / place).iterdir()
        }
        assert left == set()
        shutil.rmtree(layer)
        return data

    return run


def test_setup_needs_no_compiler_and_less_than_a_minute(image: tuple[Machine, float]) -> None:
    machine, seconds = image
    print(f"setup.sh took {seconds:.0f} s on half a processor, its wheels being there")
    assert seconds < SETUP_SECONDS
    assert not any(
        (machine.layers[0] / "usr" / "bin" / name).exists() for name in ("gcc", "cc", "clang")
    )
    assert not (
        machine.layers[1] / "opt" / "grader" / "lib" / "python3" / "site-packages" / "torch"
    ).exists()


def test_a_right_submission_gets_all_points_with_every_layer_up(
    grade: Callable[..., dict[str, Any]],
) -> None:
    data = grade({}, {})
    assert data["score"] == 100
    layers = data["extra_data"]["layers"]
    for name in (
        "another user",
        "the judge's files",
        "the judge's memory",
        "signals",
        "limits",
        "no new rights",
    ):
        assert layers[name].startswith("yes"), f"{name}: {layers[name]}"


@pytest.mark.parametrize("name", BAD)
def test_what_is_broken_or_hostile_costs_its_own_problem_and_no_other(
    name: str, grade: Callable[..., dict[str, Any]]
) -> None:
    bodies, files, lost = BAD[name]
    data = grade(bodies, files)
    assert {problem for problem, score in scores(data).items() if score == 0} == lost
    full = {
        problem.name: problem.points for each in lessons.all_lessons() for problem in each.problems
    }
    assert all(
        score == full[problem] for problem, score in scores(data).items() if problem not in lost
    )
    assert "PREVIOUS" not in json.dumps(data)


def test_what_cannot_be_read_at_all_is_answered_in_a_sentence(
    image: tuple[Machine, float], tmp_path: Path
) -> None:
    machine, layer = image[0], image[0].scratch / "run-nothing"
    (layer / "autograder" / "submission").mkdir(parents=True)
    (layer / "autograder" / "submission" / "notes.txt").write_text("nothing here")
    machine.run(["bash", "/autograder/source/run_autograder"], layer, False, {}, 300)
    data = validate(layer / "autograder" / "results" / "results.json")
    assert data["score"] == 0 and "missing" in data["tests"][0]["output"]
