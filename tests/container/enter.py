"""The first process of a container: mounts, root, filter, capabilities, command.

Usage: enter.py OVERLAY_OPTIONS MERGED [HOST=INSIDE ...] -- COMMAND...
Run by `machine` in fresh namespaces; nothing it mounts is seen outside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyseccomp

CAPABILITIES = (
    "chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
    "net_bind_service", "net_raw",
    "sys_chroot", "mknod", "audit_write", "setfcap",
)  # fmt: skip
"""Docker's own. Source: Docker documentation, "Runtime privilege and Linux capabilities"."""

REFUSED = (
    "acct", "add_key", "bpf", "clock_adjtime", "clock_settime", "delete_module", "finit_module",
    "fsconfig", "fsmount",
    "fsopen", "fspick", "get_kernel_syms", "init_module", "io_uring_enter", "io_uring_register",
    "io_uring_setup",
    "ioperm", "iopl", "kcmp", "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mount",
    "mount_setattr",
    "move_mount", "move_pages", "name_to_handle_at", "nfsservctl", "open_by_handle_at",
    "open_tree", "perf_event_open",
    "personality", "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "quotactl",
    "reboot", "request_key",
    "setns", "settimeofday", "swapoff", "swapon", "sysfs", "umount2", "unshare", "userfaultfd",
    "ustat", "vm86",
)  # fmt: skip
"""What Docker's default filter refuses. Source: Docker documentation, "Seccomp security profiles".
"""

NEW_NAMESPACES = 0x7E020000
DEVICES = ("null", "zero", "full", "random", "urandom")


def mount(*arguments: str) -> None:
    """Run mount. Raises CalledProcessError."""
    subprocess.run(["mount", *arguments], check=True)


def furnish(options: str, root: Path, shared: list[str]) -> None:
    """The container's file system, on `root`."""
    mount("--make-rprivate", "/")
    mount("-t", "overlay", "overlay", "-o", options, str(root))
    mount("-t", "proc", "proc", str(root / "proc"))
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root / "dev"))
    for name in DEVICES:
        (root / "dev" / name).touch()
        mount("--bind", f"/dev/{name}", str(root / "dev" / name))
    (root / "dev" / "shm").mkdir()
    mount("-t", "tmpfs", "-o", "size=64m,mode=1777", "tmpfs", str(root / "dev" / "shm"))
    for pair in shared:
        host, inside = pair.split("=", 1)
        place = root / inside.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        mount("--bind", host, str(place))
        mount("-o", "remount,bind,ro", str(place))


def refuse() -> None:
    """The filter, for this process and all that come from it."""
    calls = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        try:
            calls.add_rule(pyseccomp.ERRNO(1), name)
        except (OSError, ValueError):  # a call that this architecture does not have
            continue
    calls.add_rule(
        pyseccomp.ERRNO(1),
        "clone",
        pyseccomp.Arg(0, pyseccomp.MASKED_EQ, NEW_NAMESPACES, NEW_NAMESPACES),
    )
    calls.load()


def main() -> None:
    """Never returns: becomes the command."""
    split = sys.argv.index("--")
    options, root, shared, command = (
        sys.argv[1],
        Path(sys.argv[2]),
        sys.argv[3:split],
        sys.argv[split + 1 :],
    )
    for folder in filter(None, os.environ.pop("CONTAINER_GROUP", "").split(":")):
        (Path(folder) / "cgroup.procs").write_text("0")
    furnish(options, root, shared)
    os.chroot(root)
    os.chdir("/")
    refuse()
    bounding = "-all," + ",".join(f"+{name}" for name in CAPABILITIES)
    os.execv(
        "/usr/bin/setpriv", ["setpriv", f"--bounding-set={bounding}", "--inh-caps=-all", *command]
    )


if __name__ == "__main__":
    main()
