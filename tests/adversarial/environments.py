"""The environments in which the catalogue is graded.

They are root or an ordinary user, with the kernel's fences or without. Root can test all four, an
ordinary user the last two. Root's interpreter may lie where no other user can go (a version
manager's, below /root): then it is shown to them at another place, in a mount namespace of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.sandbox.users import can_reach

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENTS = ("root", "root, no fences", "user", "user, no fences")
HIGHEST_USER = (1 << 30) - 1 - os.getpid() % 100_000 * len(ENVIRONMENTS)
"""From here down, a user number for each environment; nobody else has them."""


class CannotBeTested(Exception):
    """Why this environment is not available here."""


def grade_in(environment: str, books: Path) -> dict[str, Any]:
    """Grade the catalogue in an environment, in a process of its own; what happened there.

    Raises CannotBeTested if the environment is not available, AssertionError if the grader ended
    without a result.
    """
    if environment.startswith("root") and (sys.platform != "linux" or os.geteuid() != 0):
        raise CannotBeTested("only root can drop to another user")
    with tempfile.TemporaryDirectory(prefix="adversarial-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        place.chmod(0o755)
        work = place / "work"
        shutil.copytree(books, work / "books")
        (work / "submissions").mkdir()
        become, user = [], HIGHEST_USER - ENVIRONMENTS.index(environment)
        if environment.startswith("user") and os.geteuid() == 0:
            become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            for path in (work, *work.rglob("*")):
                os.chown(path, user, user)
        (work / "books").chmod(0o700)
        with reachable_python(place) as (prefix, python):
            module = ["-m", "tests.adversarial.run_all", environment, str(work)]
            command = [*prefix, *become, python, *module]
            done = subprocess.run(
                command, cwd=ROOT, env=variables(), capture_output=True, text=True, timeout=600
            )
        if not (work / "happened.json").exists():
            printed = f"{done.stdout[-2000:]}{done.stderr[-5000:]}"
            raise AssertionError(f"the grader did not survive: {done.returncode}\n{printed}")
        happened = dict(json.loads((work / "happened.json").read_text()))
    # Left by the one item that nothing stops in the last environment.
    Path("/dev/shm/adversarial-later").unlink(missing_ok=True)
    return happened


def variables() -> dict[str, str]:
    """The environment variables of the process that grades."""
    found = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("PATH", "LANG", "ADVERSARIAL_ONLY"):
        if name in os.environ:
            found[name] = os.environ[name]
    return found


@contextmanager
def reachable_python(place: Path) -> Iterator[tuple[list[str], str]]:
    """A command prefix and an interpreter, with our packages, that every user can start."""
    base, site = Path(sys.base_prefix), Path(sysconfig.get_path("purelib"))
    if os.geteuid() != 0 or can_reach(Path(sysconfig.get_path("stdlib"))):
        yield [], sys.executable
        return
    if shutil.which("unshare") is None or not can_reach(site):
        raise CannotBeTested(
            f"no other user can start {sys.executable}, and it cannot be shown elsewhere"
        )
    shown, venv = place / "python", place / "venv"
    shown.mkdir()
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / name).mkdir(parents=True)
    (venv / "lib" / name / "site-packages").symlink_to(site)
    (venv / "bin" / "python").symlink_to(shown / "bin" / name)
    (venv / "pyvenv.cfg").write_text(f"home = {shown / 'bin'}\n")
    script = f'mount --bind "{base}" "{shown}" && exec "$@"'
    yield (
        ["unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh"],
        str(venv / "bin" / "python"),
    )
