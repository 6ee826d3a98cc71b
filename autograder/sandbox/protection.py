"""The layers between a submission and the grader, measured from inside a worker: what it tries and
is refused.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.sandbox.pool import Sandbox
from autograder.sandbox.processes import PASSED_ON, environment
from autograder.sandbox.session import Limits

LIMITED = ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "NPROC")


@dataclass(frozen=True)
class Layer:
    """One layer: whether it holds here, and what it does or what it lacks."""

    name: str
    active: bool
    why: str


def layers(sandbox: Sandbox | None = None) -> tuple[Layer, ...]:
    """The layers of a sandbox, or of one as it would be started here; strongest first."""
    if sandbox is None:
        with Sandbox(Limits()) as own:
            return layers(own)
    return _judge(_capabilities(sandbox), sandbox)


def as_data(found: tuple[Layer, ...]) -> dict[str, str]:
    """For a report that staff read: `{"another user": "yes: ...", ...}`."""
    return {layer.name: f"{'yes' if layer.active else 'no'}: {layer.why}" for layer in found}


def _capabilities(sandbox: Sandbox) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="layers-") as folder, sandbox.bare_session() as session:
        where = Path(folder)
        where.chmod(0o777)
        for name, mode in (("secret", 0o600), ("public", 0o644)):
            (where / name).write_text(name, encoding="ascii")
            (where / name).chmod(mode)
        return session.capabilities(
            {
                "judge": os.getpid(),
                "secret": str(where / "secret"),
                "public": str(where / "public"),
                "elsewhere": str(where),
            }
        )


def _judge(facts: dict[str, Any], sandbox: Sandbox) -> tuple[Layer, ...]:
    def no(attempt: str) -> bool:
        return facts.get(attempt) is False

    mine = os.getuid() if hasattr(os, "getuid") else None
    users = facts.get("user", [])
    other = bool(users) and mine not in users and not set(facts.get("groups", [])) - set(users)
    limits = facts.get("limits", {})
    extra = set(facts.get("environment", [])) - set(environment()) - {"HOME", "TMPDIR", "LC_CTYPE"}
    return (
        Layer(
            "a process for each problem",
            bool(facts),
            "killed from outside when its time is up" if facts else "none",
        ),
        Layer(
            "fork server",
            sandbox.fork,
            "orphans are adopted and ended"
            if sandbox.fork
            else "there is no fork here: a fresh process each time",
        ),
        Layer(
            "another user",
            other,
            sandbox.users.why or "every worker is a user of its own, without groups",
        ),
        Layer(
            "the judge's files",
            no("reads_secret"),
            "a file of mode 600 cannot be read" if no("reads_secret") else OPEN,
        ),
        Layer(
            "file fence",
            no("reads_public") and no("writes_elsewhere"),
            _why("py_landlock", "Landlock", FENCED),
        ),
        Layer(
            "system calls",
            no("opens_socket") and no("starts_process"),
            _why("pyseccomp", "seccomp", CALLS),
        ),
        Layer(
            "the judge's memory",
            no("reads_judges_memory"),
            "/proc of the judge is closed to workers",
        ),
        Layer("signals", no("signals_judge"), "no signal reaches the judge"),
        Layer(
            "limits",
            {"AS", "CPU", "FSIZE"} <= set(limits),
            ", ".join(f"{name} {limits[name]}" for name in LIMITED if name in limits)
            or "this platform has none",
        ),
        Layer(
            "no new rights",
            facts.get("no_new_privs") == 1,
            "set-user-id programs gain nothing (Linux)",
        ),
        Layer(
            "ends with the grader",
            facts.get("dies_with_server") is True,
            "PDEATHSIG, set after the change of user",
        ),
        Layer(
            "environment",
            not extra,
            f"only {', '.join(PASSED_ON)} and fixed values" if not extra else str(extra),
        ),
    )


OPEN = "a worker that is our own user reads what we may read"
FENCED = "only Python, the lesson's packages, the submission and a scratch folder can be opened"
CALLS = "no socket, no other program or process, no signal, no other's memory"


def _why(module: str, kernel: str, what: str) -> str:
    """What a fence does, or which of its two parts is missing."""
    return (
        what
        if find_spec(module)
        else f"{kernel} is used where {module.replace('_', '-')} is installed and Linux has it"
    )
