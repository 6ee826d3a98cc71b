"""Grading on a Dask cluster, an optional extra: `requirements-dask.txt`.

Dask's messages are pickles: whoever reaches a scheduler's port has every one of its machines run
what they like. So only a scheduler on this machine is used, or one behind TLS.

Scheduler and workers run in this repository's folder, or in a copy of it at the same commit. What
is graded is sent as a path: the archive and the casebooks lie on a disk that all of them share.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from autograder.classroom.engine.line import Done, EngineError, Line, Make, Trial, Work
from autograder.classroom.engine.scratch import sweep
from autograder.settings.strict import shown

try:
    from distributed import Client, Future, KilledWorker, Security, WorkerPlugin, get_worker, wait
    from distributed.client import FuturesCancelledError
except ModuleNotFoundError:
    raise EngineError(
        "--dask needs Dask: `pip install -r requirements-dask.txt` installs it"
    ) from None

WINDOW = 4
"""Tasks that a worker has at a time: it need not wait for us, and few are lost with it."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")

PORT = 8786
"""A scheduler's, where none is said."""

CONNECTING, WITHOUT_WORKERS, LOOKING = 30.0, 600.0, 10.0
"""Seconds until no scheduler is there; seconds for which nobody works until that is an error; and
how often we look whether anybody does."""


class Cluster:
    """The workers of a scheduler, which run tasks as a `Pool` does. A context manager.

    make: called in each worker, gives a context manager for what does the work there. seconds: a
        worker that has not finished a task after so many ends itself.
    Raises EngineError for an address that is not safe, and when nobody is there.
    """

    def __init__(self, address: str, make: Make, seconds: float) -> None:
        self.address, security = checked(address)
        self.name = f"judge-{uuid4().hex}"
        self._keeper = Keeper(make, seconds)
        try:
            self.client = Client(self.address, security=security, timeout=CONNECTING)
        except (OSError, TimeoutError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EngineError(f"no Dask scheduler answers at {self.address}: {why}") from None

    def __enter__(self) -> Cluster:
        self.client.register_plugin(self._keeper, name=self.name)
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(OSError):  # the scheduler may be gone
            # which closes every worker's sandbox; the workers themselves are not ours to end
            self.client.unregister_worker_plugin(self.name)
        self.client.close()

    def run(self, tasks: Iterable[Any]) -> Iterator[Done]:
        """What comes of each task, in no fixed order; each answer is given up by the workers as
        soon as it is here, so that nothing is done again when one of them dies.

        Raises EngineError if the scheduler goes, or nobody works for it for ten minutes.
        """
        # Dask suspects all tasks that a dead worker has had: which one it was, shows when each of
        # them is tried alone
        suspects: list[Any] = []
        with self._said():
            yield from self._finish(Line(tasks), suspects)
            yield from self._finish(Line(suspects))

    def _finish(self, line: Line, suspects: list[Any] | None = None) -> Iterator[Done]:
        """Run all tasks of a line. suspects: takes those with which workers died; where there is
        none, one task is run at a time, and is to blame if workers die."""
        out: dict[Future, Trial] = {}
        idle = 0.0
        while True:
            self._hand_out(line, out, alone=suspects is None)
            if line.is_over:
                return
            try:
                finished = wait([*out], timeout=LOOKING, return_when="FIRST_COMPLETED").done
            except (TimeoutError, asyncio.TimeoutError):  # one and the same from Python 3.11
                idle = 0.0 if self.client.nthreads() else idle + LOOKING
                self._complain_if(idle)
                continue
            for future in finished:
                yield from self._settled(future, out.pop(future), line, suspects)

    def _hand_out(self, line: Line, out: dict[Future, Trial], alone: bool) -> None:
        most = 1 if alone else WINDOW * max(1, len(self.client.nthreads()))
        while len(out) < most and (trial := line.next()) is not None:
            future = self.client.submit(run_here, self.name, trial.task, pure=False)
            out[future] = trial

    def _settled(
        self, future: Future, trial: Trial, line: Line, suspects: list[Any] | None
    ) -> list[Done]:
        try:
            error = future.exception()
            if error is None:
                return line.finished(trial, future.result())
        finally:
            future.release()
        if not isinstance(error, KilledWorker):
            return line.failed(trial, f"{type(error).__name__}: {error}")
        if suspects is None:
            return line.failed(trial, "every worker that took it on has died", for_good=True)
        suspects.append(trial.task)
        line.dropped()
        return []

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What a scheduler that is no longer there does to us, as one sentence."""
        try:
            yield
        except (OSError, CancelledError, FuturesCancelledError):
            raise EngineError(
                f"the Dask scheduler at {self.address} is gone; what is graded so far is kept: "
                "start it, and give the same command again to go on"
            ) from None

    def _complain_if(self, idle: float) -> None:
        if idle >= WITHOUT_WORKERS:
            raise EngineError(
                f"for {WITHOUT_WORKERS / 60:g} minutes the Dask scheduler at {self.address} has "
                "had no worker: start some, and give the same command again to go on"
            )


def checked(address: str) -> tuple[str, Security | None]:
    """An address as it is used, and what makes it safe. Raises EngineError for one that is not."""
    scheme, _, rest = address.rpartition("://")
    try:
        host, port = urlsplit(f"//{rest}").hostname, urlsplit(f"//{rest}").port or PORT
    except ValueError:
        host, port = None, PORT
    # put together anew, so that what was looked at is what is used
    written = f"[{host}]" if host and ":" in host else host
    if host and scheme == "tls":
        return f"tls://{written}:{port}", _security()
    if host in LOOPBACK and scheme in ("", "tcp"):
        return f"tcp://{written}:{port}", None
    raise EngineError(
        f"--dask takes a scheduler on this machine, like 127.0.0.1:{PORT}, or one behind TLS, like "
        f"tls://HOST:{PORT}, not {shown(address)}: whoever reaches its port can run code on "
        "every worker"
    )


def _security() -> Security:
    """The certificates in Dask's own configuration. Raises EngineError if there are none."""
    security = Security(require_encryption=True)
    if not (security.tls_ca_file and security.tls_client_cert):
        raise EngineError(
            "a tls:// scheduler needs certificates: set distributed.comm.tls.ca-file, .client.cert "
            "and .client.key in Dask's configuration"
        )
    return security


# --------------------------------------------------------------------------------- a worker's side


class Keeper(WorkerPlugin):  # type: ignore[misc]
    """Keeps in a worker's process what does the work, from task to task, until the run is over."""

    def __init__(self, make: Make, seconds: float) -> None:
        self.make, self.seconds = make, seconds

    def setup(self, worker: Any) -> None:
        """Called by Dask in each worker, before its first task."""
        self._stack = ExitStack()
        self._work: Work | None = None
        self._one_at_a_time = threading.Lock()

    def teardown(self, worker: Any) -> None:
        """Called by Dask when the run is over, or the worker ends."""
        self._stack.close()

    def do(self, task: Any) -> Any:
        """What comes of a task. The process ends if that does not come in time."""
        with self._one_at_a_time:
            faulthandler.dump_traceback_later(self.seconds, exit=True)
            try:
                return self._kept()(task)
            finally:
                faulthandler.cancel_dump_traceback_later()

    def _kept(self) -> Work:
        if self._work is None:
            sweep()  # of workers that were killed here
            self._work = self._stack.enter_context(self.make())
        return self._work


def run_here(name: str, task: Any) -> Any:
    """Do a task in the worker that this is called in."""
    keeper: Keeper = get_worker().plugins[name]
    return keeper.do(task)
