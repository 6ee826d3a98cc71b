"""Workers where there is no fork: warm before they are wanted, one for each problem, none left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox import processes as module
from autograder.sandbox.processes import AHEAD
from autograder.worker import launch
from autograder.worker.launch import Launched, Setup
from tests.submissions import submission

STEP = lessons.find("rnn_step_forward")
X, H = np.ones((2, 3)), np.ones((2, 4))
INPUTS = {"x": X, "prev_h": H, "Wx": np.ones((3, 4)), "Wh": np.ones((4, 4)), "b": np.ones(4)}

Started = list[subprocess.Popen[bytes]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Every worker that is started; at the end none of them runs."""
    found: Started = []
    original = launch.launch_worker

    def noted(backend: str, without: tuple[str, ...] = ()) -> Launched:
        launched = original(backend, without)  # type: ignore[arg-type]
        found.append(launched.process)
        return launched

    monkeypatch.setattr(module, "launch_worker", noted)
    yield found
    assert [process.poll() for process in found].count(None) == 0, "a worker is left"


def test_a_worker_is_warm_before_it_is_wanted(started: Started, tmp_path: Path) -> None:
    submission(tmp_path)
    with Sandbox(Limits(), fork=False) as box:
        assert len(started) == 1, "it gets warm while the judge reads the casebooks"
        with box.together("numpy", tmp_path) as session:
            assert session.call(STEP, INPUTS).fault is None
        assert len(started) == 1, "right work needs no other"


def test_what_is_sat_alone_has_a_process_of_its_own_and_the_next_is_warm(
    started: Started, tmp_path: Path
) -> None:
    """The number of the process is what the student's code returns."""
    submission(tmp_path, {"rnn.rnn_step_forward": "import os\nreturn os.getpid() + 0 * prev_h, 1"})
    seen = []
    with Sandbox(Limits(), fork=False) as box:
        for _ in range(3):
            with box.session(STEP, tmp_path) as session:
                seen.append(int(session.call(STEP, INPUTS).outputs["next_h"][0, 0]))
                assert len(started) == len(seen) + AHEAD["numpy"]
    assert seen == [process.pid for process in started[:3]]


def test_a_worker_that_died_while_it_waited_costs_nobody_anything(
    started: Started, tmp_path: Path
) -> None:
    submission(tmp_path)
    with Sandbox(Limits(), fork=False) as box:
        started[0].kill()
        with box.session(STEP, tmp_path) as session:
            assert session.call(STEP, INPUTS).fault is None


def test_a_worker_that_does_not_start_is_no_fault_of_the_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission(tmp_path)
    program = "import sys; sys.exit('numpy is broken here')"

    def broken(backend: str, without: tuple[str, ...] = ()) -> Launched:
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        process = subprocess.Popen([sys.executable, "-c", program], **pipes)  # type: ignore[call-overload]
        return Launched(Setup("numpy"), process)

    monkeypatch.setattr(module, "launch_worker", broken)
    with (
        Sandbox(Limits(), fork=False) as box,
        pytest.raises(OSError, match="numpy is broken here"),
        box.session(STEP, tmp_path),
    ):
        pass
    assert list(Path(tmp_path).glob("scratch-*")) == []


def test_the_time_of_the_start_is_not_the_submissions(started: Started, tmp_path: Path) -> None:
    """A worker needs a tenth of a second to import numpy, here as much as the student has."""
    submission(tmp_path)
    with Sandbox(Limits(seconds=0.1), fork=False) as box, box.session(STEP, tmp_path) as session:
        assert session.call(STEP, INPUTS).fault is None


def test_the_descriptors_are_closed(started: Started, tmp_path: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not list a process's descriptors")
    submission(tmp_path)
    before = len([*Path("/proc/self/fd").iterdir()])
    with Sandbox(Limits(), fork=False) as box:
        for _ in range(2):
            with box.session(STEP, tmp_path) as session:
                session.call(STEP, INPUTS)
    assert len([*Path("/proc/self/fd").iterdir()]) == before
