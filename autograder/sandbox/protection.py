"""The layers between a submission and the grader, measured by what a worker tries in vain."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from autograder.sandbox.cleanup import temporary_folder
from autograder.sandbox.pool import Sandbox
from autograder.sandbox.session import Limits
from autograder.worker.launch import PASSED_ON, environment
from autograder.worker.messages import Capabilities

LIMITED = ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC")


@dataclass(frozen=True)
class Layer:
    """One layer: whether it holds here, and what it does or what it lacks."""

    name: str
    active: bool
    why: str


def layers(sandbox: Sandbox | None = None) -> tuple[Layer, ...]:
    """The layers of a sandbox, or of one as it would be started here."""
    if sandbox is None:
        with Sandbox(Limits()) as own:
            return layers(own)
    return _judge(_capabilities(sandbox), sandbox)


def as_data(found: tuple[Layer, ...]) -> dict[str, str]:
    """For a report that staff read: `{"another user": "yes: ...", ...}`."""
    return {layer.name: f"{'yes' if layer.active else 'no'}: {layer.why}" for layer in found}


def _capabilities(sandbox: Sandbox) -> Capabilities | None:
    with temporary_folder("layers-") as folder, sandbox.bare_session() as session:
        folder.chmod(0o777)  # so that what stops a worker is none of its own permissions
        secret = _write(folder / "secret", mode=0o600)
        public = _write(folder / "public", mode=0o644)
        return session.capabilities(os.getpid(), str(secret), str(public), str(folder))


def _write(path: Path, mode: int) -> Path:
    path.write_text(path.name, encoding="ascii")
    path.chmod(mode)
    return path


def _judge(measured: Capabilities | None, sandbox: Sandbox) -> tuple[Layer, ...]:
    """What was measured, as layers; without an answer nothing holds that a worker has to show."""
    found = measured or Capabilities()
    return (
        _process(measured is not None),
        _fork_server(sandbox.fork),
        _another_user(found, sandbox),
        _judges_files(not found.reads_secret),
        Layer(
            "file fence",
            not found.reads_public and not found.writes_elsewhere,
            _why("py_landlock", "Landlock", FENCED),
        ),
        Layer(
            "system calls",
            not found.opens_socket and not found.starts_process,
            _why("pyseccomp", "seccomp", CALLS),
        ),
        Layer("uncounted memory", not found.makes_uncounted_memory, UNCOUNTED),
        Layer(
            "neighbours",
            not found.reschedules_judge and not found.locks_files and not found.lists_neighbours,
            NEIGHBOURS,
        ),
        Layer("nothing written", not found.writes_scratch, "no file takes a byte, scratch or not"),
        Layer("first to go", found.goes_first, "a worker dies before the judge without memory"),
        Layer("the judge's memory", not found.reads_judges_memory, MEMORY),
        Layer("signals", not found.signals_judge, "no signal reaches the judge"),
        _limits(found),
        Layer("no new rights", found.no_new_privs, "set-user-id programs gain nothing (Linux)"),
        Layer("ends with the grader", found.dies_with_server, DIES),
        _environment(found),
    )


FENCED = "only Python, the lesson's packages, the submission and a scratch folder can be opened"
CALLS = "no socket, no other program or process, no signal, no other's memory"
UNCOUNTED = "neither memfd_create nor System V memory, which no limit counts"
NEIGHBOURS = "no say in others' processors, no lock on shared files, no list of others' folders"
MEMORY = "/proc of the judge is closed to workers"
DIES = "PDEATHSIG, set after the change of user"


def _process(answered: bool) -> Layer:
    why = "killed from outside when its time is up" if answered else "none"
    return Layer("a process for each problem", answered, why)


def _fork_server(fork: bool) -> Layer:
    why = "there is no fork here: a fresh process each time"
    if fork:
        why = "orphans are adopted and ended"
    return Layer("fork server", fork, why)


def _another_user(found: Capabilities, sandbox: Sandbox) -> Layer:
    ours = os.getuid() if hasattr(os, "getuid") else None
    own_groups_only = set(found.groups) <= set(found.user)
    active = bool(found.user) and ours not in found.user and own_groups_only
    why = sandbox.users.why or "every worker is a user of its own, without groups"
    return Layer("another user", active, why)


def _judges_files(closed: bool) -> Layer:
    why = "a worker that is our own user reads what we may read"
    if closed:
        why = "a file of mode 600 cannot be read"
    return Layer("the judge's files", closed, why)


def _limits(found: Capabilities) -> Layer:
    active = {"AS", "CPU", "FSIZE"} <= set(found.limits)
    shown = [f"{name} {found.limits[name]}" for name in LIMITED if name in found.limits]
    return Layer("limits", active, ", ".join(shown) or "this platform has none")


def _environment(found: Capabilities) -> Layer:
    # the last of these Python sets itself, the others the fences do
    extra = set(found.environment) - set(environment()) - {"HOME", "TMPDIR", "LC_CTYPE"}
    why = str(extra) if extra else f"only {', '.join(PASSED_ON)} and fixed values"
    return Layer("environment", not extra, why)


def _why(module: str, kernel: str, what: str) -> str:
    """What a fence does, or which of its two parts is missing."""
    if find_spec(module):
        return what
    return f"{kernel} is used where {module.replace('_', '-')} is installed and Linux has it"
