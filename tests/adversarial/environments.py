"""The environments in which the catalogue is graded.

They are root or an ordinary user, with the kernel's fences or without, and root with little memory
and disk. Root can test all five, an ordinary user the last two. Root's interpreter may lie where no other user can go (a version
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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from autograder.sandbox.users import can_reach
from tests.adversarial.little_room import NoRoom, little_disk, little_memory

ROOT = Path(__file__).resolve().parents[2]
LITTLE_ROOM = "root, little room"
ENVIRONMENTS = ("root", "root, no fences", LITTLE_ROOM, "user", "user, no fences")
LONGEST = 900
"""Seconds for all items in one environment, with another beside it and on a busy machine."""

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
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="adversarial-", ignore_cleanup_errors=True)
        place = Path(stack.enter_context(folder))
        place.chmod(0o755)
        work = place / "work"
        work.mkdir()
        prefix, settings = [], variables()
        if environment == LITTLE_ROOM:
            try:
                stack.enter_context(little_disk(work))
                prefix = stack.enter_context(little_memory())
            except NoRoom as error:
                raise CannotBeTested(str(error)) from None
            (work / "tmp").mkdir(mode=0o1777)
            settings["TMPDIR"] = str(work / "tmp")
        shutil.copytree(books, work / "books")
        (work / "submissions").mkdir()
        user = HIGHEST_USER - ENVIRONMENTS.index(environment)
        if environment.startswith("user") and os.geteuid() == 0:
            prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
            for path in (work, *work.rglob("*")):
                os.chown(path, user, user)
        (work / "books").chmod(0o700)
        shown, python = stack.enter_context(reachable_python(place))
        module = ["-m", "tests.adversarial.run_all", environment, str(work)]
        done = subprocess.run(
            [*shown, *prefix, python, *module],
            cwd=ROOT,
            env=settings,
            capture_output=True,
            text=True,
            timeout=LONGEST,
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
