"""A container without an engine: mmdebstrap builds its root, util-linux gives it namespaces,
overlay its layers.

The image is layers, as an engine's is: Debian below, what setup.sh did above it. A container puts a
fresh, empty layer on top, which is thrown away with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MEMORY_BYTES = 768 * 1024 * 1024
HALF_A_CPU = (50_000, 100_000)
"""Microseconds of one processor in every so many."""

PACKAGES = "python3,python3-venv"
ENTER = Path(__file__).with_name("enter.py")


class CannotBeBuilt(Exception):
    """Why there can be no container here."""


def missing() -> str:
    """What stands in the way, in a sentence; empty if nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root on Linux can build a container"
    lacking = [
        tool for tool in ("mmdebstrap", "unshare", "setpriv", "mount") if shutil.which(tool) is None
    ]
    if lacking:
        return f"{', '.join(lacking)} not found: apt-get install mmdebstrap util-linux"
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, OSError, RuntimeError):
        return "pyseccomp or libseccomp2 is not installed"
    tried = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--ipc", "--uts", "--net", "true"], check=False
    )
    return "" if tried.returncode == 0 else "namespaces are not allowed here"


def debian_root(folder: Path) -> Path:
    """A minimal Debian with Python, from the mirrors this machine's apt knows. Raises
    CannotBeBuilt.
    """
    release = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    ).get("VERSION_CODENAME", "stable")
    command = [
        "mmdebstrap",
        "--variant=minbase",
        f"--include={PACKAGES}",
        "--quiet",
        release.strip('"'),
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise CannotBeBuilt(f"mmdebstrap: {done.stderr.strip().splitlines()[-1:]}")
    return folder


@dataclass(frozen=True)
class Machine:
    """An image, and how its containers are run.

    layers: folders, the lowest first. scratch: where to keep new ones. shared: folders to show
        inside, read-only.
    """

    layers: tuple[Path, ...]
    scratch: Path
    shared: dict[Path, str] = field(default_factory=dict)

    def run(
        self,
        command: Sequence[str],
        layer: Path,
        network: bool,
        environment: dict[str, str],
        seconds: float,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as the container's root. layer: a new folder for all that it writes."""
        merged, work = (
            layer.with_name(f"{layer.name}.merged"),
            layer.with_name(f"{layer.name}.work"),
        )
        for folder in (layer, merged, work):
            folder.mkdir(parents=True, exist_ok=True)
        lower = ":".join(map(str, reversed(self.layers)))
        namespaces = [
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--ipc",
            "--uts",
            *([] if network else ["--net"]),
        ]
        shared = [f"{host}={inside}" for host, inside in self.shared.items()]
        inside = [
            sys.executable, str(ENTER), f"lowerdir={lower},upperdir={layer},workdir={work}",
            str(merged), *shared, "--",
            *command,
        ]  # fmt: skip
        path = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
        }
        with limited() as group:
            return subprocess.run(
                ["unshare", *namespaces, "--", *inside],
                env=path | {"LANG": "C.UTF-8"} | environment | {"CONTAINER_GROUP": group},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )


class limited:  # noqa: N801 - used as a function
    """A control group with the container's memory and processor time, of either version; its
    folders, joined by `:`.
    """

    def __enter__(self) -> str:
        top, name = Path("/sys/fs/cgroup"), f"grader-{os.getpid()}"
        quota, period = HALF_A_CPU
        if (top / "cgroup.controllers").exists():
            values = {top / name: {"memory.max": MEMORY_BYTES, "cpu.max": f"{quota} {period}"}}
        else:
            values = {
                top / "memory" / name: {"memory.limit_in_bytes": MEMORY_BYTES},
                top / "cpu" / name: {"cpu.cfs_period_us": period, "cpu.cfs_quota_us": quota},
            }
        self.folders = []
        for folder, settings in values.items():
            try:
                folder.mkdir(exist_ok=True)
                for key, value in settings.items():
                    (folder / key).write_text(str(value))
                self.folders.append(folder)
            except OSError as error:
                print(f"the container goes without {', '.join(settings)}: {error}")
        return ":".join(map(str, self.folders))

    def __exit__(self, *exception: object) -> None:
        for folder in self.folders:
            try:
                folder.rmdir()
            except OSError as error:
                print(f"{folder.name} stays: {error}")
