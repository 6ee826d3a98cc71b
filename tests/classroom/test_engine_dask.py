"""Grading on a Dask cluster of this machine: nothing is lost when workers are killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")

import dask.config

from autograder.classroom.engine import dask as engine
from autograder.classroom.engine.dask import Cluster, checked
from autograder.classroom.engine.line import EngineError
from autograder.classroom.engine.scratch import sweep
from autograder.classroom.run import grade_class
from autograder.classroom.store import Writer
from tests.classroom import works
from tests.classroom.processes import wait_until
from tests.classroom.small_class import course, lines, options, scores, write_class
from tests.conftest import LONGEST, ROOT

SETTINGS = {
    # a task that kills its worker is named at once: it takes seconds to start another
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    # a busy machine answers late
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "300s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "300s",
}
QUIET = ("--no-dashboard",)

AGAIN = "import subprocess, sys\nwhile True: subprocess.run(sys.argv[1:])"
"""Starts a command again whenever it ends. Dask's nanny does, too, but gives up on a worker that
dies just while it starts, which a quick test has it do.
"""


@contextmanager
def program(*arguments: str, log: Path, again: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """One of Dask's programs, which is gone with all it has started when this ends.

    again: it is started again whenever it ends.
    """
    command = [sys.executable, "-m", "dask", *arguments]
    if again:
        command = [sys.executable, "-c", AGAIN, *command]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **SETTINGS, "DASK_TEMPORARY_DIRECTORY": str(log.parent)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def scheduler(folder: Path, *more: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler on a free port of this machine, and its address."""
    file = folder / "scheduler.json"
    arguments = ("scheduler", "--host", "127.0.0.1", "--port", "0", *QUIET, *more)
    bounds = ("--idle-timeout", f"{LONGEST}s", "--scheduler-file", str(file))
    with program(*arguments, *bounds, log=folder / "scheduler.log") as process:

        def address() -> str:
            try:
                return str(json.loads(file.read_text())["address"])
            except (OSError, ValueError):
                assert process.poll() is None, (folder / "scheduler.log").read_text()
                return ""

        wait_until(lambda: bool(address()), "a scheduler")
        yield address(), process


@contextmanager
def worker(
    folder: Path, name: str, *more: str, again: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    arguments = ("worker", "--scheduler-file", str(folder / "scheduler.json"), *QUIET)
    local = ("--host", "127.0.0.1", "--local-directory", str(folder / name), "--no-nanny")
    bounds = ("--nthreads", "1", "--death-timeout", f"{LONGEST}s", *more)
    with program(*arguments, *local, *bounds, log=folder / f"{name}.log", again=again) as process:
        yield process


@pytest.mark.slow
@pytest.mark.usefixtures("temporary")
def test_a_class_loses_nothing_when_a_worker_is_killed(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = write_class(tmp_path / "class", 8, same=2), tmp_path / "store"
    write = Writer.grade
    with scheduler(tmp_path) as (address, _), worker(tmp_path, "stays"):
        with worker(tmp_path, "killed") as second:

            def grade(self: Writer, row: dict[str, Any]) -> None:
                write(self, row)
                second.kill()

            monkeypatch.setattr(Writer, "grade", grade)
            assert grade_class(options(source, out, dask=address), course(), frozen) == 0
        found = Counter(row["key"]["files"] for row in lines(out, "grades"))
        assert list(found.values()) == [1] * 9
        assert list(scores(out).values()) == [(30.0, False)] * 10
    sweep()  # what the killed one has left, as the next run on its machine does


@pytest.mark.slow
@pytest.mark.usefixtures("temporary")
def test_tasks_that_fail_are_tried_again_and_a_scheduler_that_goes_is_said(tmp_path: Path) -> None:
    letters = [("capital", letter) for letter in "abcdefghijkl"]
    with scheduler(tmp_path) as (address, process), worker(tmp_path, "restarted", again=True):
        with Cluster(address, works.ready, LONGEST) as cluster:
            # the deadly one comes first, so that others wait behind it whenever its worker dies
            done = list(cluster.run([("dies", "y"), ("raises", "x"), *letters]))
            answers = {one.task[1]: one.answer for one in done if not one.failure}
            assert answers == {letter: letter.upper() for _, letter in letters}
            failed = {one.task[1]: one.failure for one in done if one.failure}
            assert failed == {
                "x": "ValueError: no such luck",
                "y": "every worker that took it on has died",
            }
        with Cluster(address, works.ready, seconds=0.5) as cluster:
            [done] = cluster.run([("hangs", str(tmp_path / "hangs"))])
            assert "every worker that took it on has died" in done.failure
        with (
            pytest.raises(EngineError, match="is gone; what is graded so far is kept"),
            Cluster(address, works.ready, LONGEST) as cluster,
        ):
            for _ in cluster.run(letters):
                process.kill()
    sweep()


@pytest.mark.slow
def test_without_a_worker_or_a_scheduler_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WITHOUT_WORKERS", 0.2)
    monkeypatch.setattr(engine, "LOOKING", 0.1)
    with (
        scheduler(tmp_path) as (address, _),
        pytest.raises(EngineError, match="has had no worker: start some"),
        Cluster(address, works.ready, LONGEST) as cluster,
    ):
        list(cluster.run([("capital", "a")]))
    monkeypatch.setattr(engine, "CONNECTING", 0.2)
    with pytest.raises(EngineError, match="no Dask scheduler answers at"):
        Cluster(address, works.ready, LONGEST)


# ------------------------------------------------------------------------------------------- safety


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("tcp://127.0.0.1:9", "tcp://127.0.0.1:9"),
        ("localhost", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_a_scheduler_on_this_machine_is_used(given: str, used: str) -> None:
    assert checked(given) == (used, None)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "192.0.2.1:8786",
        "tcp://grader.example.edu:8786",
        "ws://127.0.0.1:8786",
        "ucx://127.0.0.1:8786",
        "inproc://127.0.0.1/1/1",
        "127.0.0.1@192.0.2.1:8786",
        "tcp://127.0.0.1:8786@192.0.2.1:8786",
        "127.0.0.1.example.edu:8786",
        "tcp://127.0.0.1:8786://192.0.2.1",
        "tcp://0.0.0.0:8786",
        "::1",
        "127.0.0.1:port",
        "127.0.0.1:99999",
    ],
)
def test_a_scheduler_elsewhere_is_refused_in_one_sentence(given: str) -> None:
    with pytest.raises(EngineError, match="whoever reaches its port can run code") as refused:
        checked(given)
    assert "\n" not in str(refused.value)


def test_tls_needs_certificates() -> None:
    with pytest.raises(EngineError, match="needs certificates: set"):
        checked("tls://grader.example.edu:8786")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes the certificates")
@pytest.mark.usefixtures("temporary")
def test_a_scheduler_behind_tls_is_used(tmp_path: Path) -> None:
    key, cert = str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-keyout", key, "-out", cert]
    subprocess.run(command, check=True, capture_output=True)
    tls = ("--tls-ca-file", cert, "--tls-cert", cert, "--tls-key", key)
    ours = {
        "distributed.comm.tls.ca-file": cert,
        "distributed.comm.tls.client.cert": cert,
        "distributed.comm.tls.client.key": key,
    }
    safe = ("--protocol", "tls", *tls)
    with scheduler(tmp_path, *safe) as (address, _), worker(tmp_path, "safe", *safe):
        assert address.startswith("tls://")
        with pytest.raises(EngineError, match="needs certificates"):
            Cluster(address, works.ready, LONGEST)
        with dask.config.set(ours), Cluster(address, works.ready, LONGEST) as cluster:
            [done] = cluster.run([("capital", "a")])
    assert done.answer == "A"
