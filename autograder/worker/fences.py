"""The kernel's fences: which files a worker may open (Landlock), which system calls it may make
(seccomp).

Both come from libraries that need not be there, py-landlock and pyseccomp; `Missing` then says what
is.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sysconfig
from pathlib import Path
from typing import Any


class Missing(Exception):
    """This fence cannot be had here; the message says why."""


# -------------------------------------------------------------------------------------------- files


class FilesFence:
    """Read what Python and the lesson's packages need and the student's own package, write the
    scratch folder.

    Nothing else can be opened, no TCP port reached, and no signal sent to a process outside. What
    this fence does not see are changes of mode, owner and times: `SyscallFence` refuses those.
    """

    def __init__(self, backend: str) -> None:
        try:
            import py_landlock
        except ImportError:
            raise Missing("py-landlock is not installed") from None
        from py_landlock.abi import get_supported_fs, get_supported_net, get_supported_scope

        self._api = py_landlock
        try:
            abi = py_landlock.get_abi_version()
        except py_landlock.LandlockError as error:
            raise Missing(f"the kernel has no Landlock: {error}") from None
        self.version = int(abi)
        self._handled = get_supported_fs(abi)
        self._net, self._scope = get_supported_net(abi), get_supported_scope(abi)
        files = py_landlock.AccessFs
        self._read_file = self._handled & files.READ_FILE
        self._write_file = self._handled & (files.READ_FILE | files.WRITE_FILE | files.TRUNCATE)
        self._read = self._handled & (files.READ_FILE | files.READ_DIR)
        self._write = self._handled & ~(files.EXECUTE | files.MAKE_CHAR | files.MAKE_BLOCK)
        paths = dict.fromkeys(
            str(Path(path).resolve()) for path in readable_paths(backend) if Path(path).exists()
        )
        self._readable = [
            (path, self._read if Path(path).is_dir() else self._read_file) for path in paths
        ]

    def apply(self, package: str, scratch: str) -> None:
        """Restrict this process and its children for good."""
        ruleset = self._api.create_ruleset(
            self._api.RulesetAttr(self._handled, self._net, self._scope)
        )
        for path, access in self._readable:
            self._allow(ruleset, path, access)
        self._allow(ruleset, package, self._read)
        self._allow(ruleset, scratch, self._write)
        self._allow(ruleset, os.devnull, self._write_file)
        self._api.restrict_self(ruleset, None)
        os.close(ruleset)

    def trial(self) -> None:
        """Apply it with nothing in it. Raises whatever stands against it."""
        ruleset = self._api.create_ruleset(
            self._api.RulesetAttr(self._handled, self._net, self._scope)
        )
        self._allow(ruleset, os.devnull, self._read_file)
        self._api.restrict_self(ruleset, None)

    def _allow(self, ruleset: Any, path: str, access: Any) -> None:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        self._api.add_rule(ruleset, self._api.PathBeneathAttr(access, fd))
        os.close(fd)


PACKAGES = {"numpy": ("numpy", "numpy.libs"), "torch": ("",)}
"""What lies in site-packages that a lesson's workers may read; "" for all of it: torch has many
dependencies.
"""

SYSTEM = (
    "/lib64", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo",
    "/usr/lib/locale",
    "/dev/zero", "/dev/urandom", "/dev/random", "/proc/meminfo", "/proc/cpuinfo",
)  # fmt: skip


def readable_paths(backend: str) -> list[str]:
    """The files and folders that Python, numpy and what the lesson needs may want to read after
    they are imported.
    """
    standard = Path(sysconfig.get_path("stdlib"))
    sites = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    packages = [str(site / name) for site in sites for name in PACKAGES[backend]]
    multiarch = sysconfig.get_config_var("MULTIARCH")
    libraries = [f"/lib/{multiarch}", f"/usr/lib/{multiarch}"] if multiarch else []
    return [*_without_sites(standard, sites), *packages, *libraries, *SYSTEM]


def _without_sites(standard: Path, sites: set[Path]) -> list[str]:
    """The standard library, in parts if other packages are installed beneath it."""
    if not any(site.is_relative_to(standard) for site in sites):
        return [str(standard)]
    return [
        str(path)
        for path in standard.iterdir()
        if path.name not in ("site-packages", "dist-packages")
    ]


# ------------------------------------------------------------------------------------- system calls

REFUSED = (
    "socket", "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv",
    "process_vm_writev",
    "process_madvise", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill", "io_uring_setup",
    "io_uring_enter",
    "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key",
    "request_key", "shmget",
    "semget", "msgget", "mq_open", "unshare", "setns", "mount", "umount2", "move_mount",
    "open_tree", "fsopen",
    "fsmount", "fsconfig", "fspick", "mount_setattr", "pivot_root", "chroot", "kexec_load",
    "kexec_file_load",
    "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff", "acct", "mknod",
    "mknodat",
    "open_by_handle_at", "name_to_handle_at", "fanotify_init", "settimeofday", "clock_settime",
    "adjtimex",
    "sethostname", "setdomainname", "quotactl", "syslog", "iopl", "ioperm", "setrlimit",
)  # fmt: skip

REFUSED_TO_SAME_USER = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime",
    "utimes",
    "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr",
    "fremovexattr",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
    "setpriority", "capset",
)  # fmt: skip
"""To a worker that runs as the judge's own user, besides: what would touch the judge's files, which
Landlock allows.
"""

CLONE_THREAD = 0x10000
SIGNALS = {"kill": 0, "tgkill": 0, "rt_sigqueueinfo": 0, "rt_tgsigqueueinfo": 0}
"""Calls that send a signal, allowed to oneself only: where each has the receiver's number."""


class SyscallFence:
    """No socket, no other program, no new process (threads are fine), no signal to anyone, no look
    at others' memory.

    A refused call gets EPERM, which Python raises as PermissionError.
    """

    def __init__(self) -> None:
        try:
            import pyseccomp
        except (ImportError, OSError, RuntimeError) as error:
            raise Missing(f"pyseccomp or libseccomp is not installed ({error})") from None
        self._api = pyseccomp
        self._filters = {
            keep: self._filter(REFUSED + (REFUSED_TO_SAME_USER if keep else ()))
            for keep in (False, True)
        }

    def _filter(self, refused: tuple[str, ...]) -> Any:
        no = self._api.ERRNO(errno.EPERM)
        calls = self._api.SyscallFilter(self._api.ALLOW)
        # since libseccomp 2.5: a tree, quicker to load and to pass
        with contextlib.suppress(OSError, ValueError):
            calls.set_attr(self._api.Attr.CTL_OPTIMIZE, 2)
        for name in refused:
            self._rule(calls, no, name)
        self._rule(calls, no, "clone", self._api.Arg(0, self._api.MASKED_EQ, CLONE_THREAD, 0))
        # to read one's limits is fine
        self._rule(calls, no, "prlimit64", self._api.Arg(2, self._api.NE, 0))
        # its flags cannot be seen; libc then uses clone
        self._rule(calls, self._api.ERRNO(errno.ENOSYS), "clone3")
        return calls

    @staticmethod
    def _rule(calls: Any, action: int, name: str, *arguments: Any) -> None:
        try:
            calls.add_rule(action, name, *arguments)
        except (OSError, ValueError):  # a call this architecture or library does not know
            return

    def apply(self, keep_user: bool) -> None:
        """Restrict this process for good."""
        calls = self._filters[keep_user]
        me = os.getpid()
        for name, place in SIGNALS.items():
            self._rule(
                calls, self._api.ERRNO(errno.EPERM), name, self._api.Arg(place, self._api.NE, me)
            )
        calls.load()

    def trial(self) -> None:
        """Apply it. Raises whatever stands against it."""
        self.apply(keep_user=True)
