"""The kernel's fences: the files a worker may open (Landlock), the calls it may make (seccomp).

Both need a library that may not be installed, py-landlock or pyseccomp; `Missing` says so.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sysconfig
from pathlib import Path
from typing import Any

from autograder.problem import Backend


class Missing(Exception):
    """This fence cannot be had here; the message says why."""


# -------------------------------------------------------------------------------------------- files


class FilesFence:
    """Read what Python and the lesson need, the student's package and its scratch folder.

    Nothing else can be opened and nothing written: whatever many small files fill up, the next
    submission needs too. No TCP port is reached, and no signal sent to a process outside. This
    fence does not see changes of mode, owner and times: `SyscallFence` refuses those.

    Raises Missing, when it is made, if the library or the kernel's part is not there.
    """

    def __init__(self, backend: Backend) -> None:
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
        # everything that this kernel's version can refuse
        self._handled = get_supported_fs(abi)
        self._net, self._scope = get_supported_net(abi), get_supported_scope(abi)
        files = py_landlock.AccessFs
        self._read_file = self._handled & files.READ_FILE
        self._write_file = self._handled & (files.READ_FILE | files.WRITE_FILE | files.TRUNCATE)
        self._read = self._handled & (files.READ_FILE | files.READ_DIR)
        self._readable = {}
        for path in map(Path, readable_paths(backend)):
            if path.exists():
                # to list a folder is a right that the kernel knows for folders only
                access = self._read if path.is_dir() else self._read_file
                self._readable[str(path.resolve())] = access

    def apply(self, package: str, scratch: str) -> None:
        """Restrict this process and its children for good."""
        ruleset = self._empty_ruleset()
        for path, access in self._readable.items():
            self._allow(ruleset, path, access)
        self._allow(ruleset, package, self._read)
        self._allow(ruleset, scratch, self._read)
        self._allow(ruleset, os.devnull, self._write_file)
        self._api.restrict_self(ruleset, None)
        os.close(ruleset)

    def trial(self) -> None:
        """Apply it with next to nothing in it. Raises whatever stands against it."""
        ruleset = self._empty_ruleset()
        self._allow(ruleset, os.devnull, self._read_file)
        self._api.restrict_self(ruleset, None)

    def _empty_ruleset(self) -> Any:
        """A descriptor of rules that refuse all there is to refuse, until some of it is allowed."""
        rules = self._api.RulesetAttr(self._handled, self._net, self._scope)
        return self._api.create_ruleset(rules)

    def _allow(self, ruleset: Any, path: str, access: Any) -> None:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        self._api.add_rule(ruleset, self._api.PathBeneathAttr(access, fd))
        os.close(fd)


PACKAGES: dict[Backend, tuple[str, ...]] = {"numpy": ("numpy", "numpy.libs"), "torch": ("",)}
"""What of site-packages a worker may read; "" for all of it: torch has many dependencies."""

SYSTEM = (
    "/lib64", "/usr/lib64", "/etc/ld.so.cache",
    "/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale",
    "/dev/zero", "/dev/urandom", "/dev/random",
    "/proc/meminfo", "/proc/cpuinfo",
)  # fmt: skip


def readable_paths(backend: Backend) -> list[str]:
    """What Python, numpy and the lesson's backend may want to read after they are imported."""
    standard = Path(sysconfig.get_path("stdlib"))
    sites = {Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    paths = _without_sites(standard, sites)
    for site in sites:
        paths += [str(site / name) for name in PACKAGES[backend]]
    multiarch = sysconfig.get_config_var("MULTIARCH")  # "x86_64-linux-gnu", on Debian and its kin
    if multiarch:
        paths += [f"/lib/{multiarch}", f"/usr/lib/{multiarch}"]
    return [*paths, *SYSTEM]


def _without_sites(standard: Path, sites: set[Path]) -> list[str]:
    """The standard library, in parts if other packages are installed beneath it."""
    # what is allowed for a folder holds for all below it, and cannot be taken back there
    if not any(site.is_relative_to(standard) for site in sites):
        return [str(standard)]
    return [
        str(path)
        for path in standard.iterdir()
        if path.name not in ("site-packages", "dist-packages")
    ]


# ------------------------------------------------------------------------------------- system calls

REFUSED = (
    # the network, other programs and processes (`clone` and `prlimit64` have conditions, below)
    "socket", "socketpair", "execve", "execveat", "fork", "vfork",
    # others' memory and descriptors, signals to them
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "tkill",
    # ways past this filter, and large parts of the kernel that calculating never needs
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open",
    "userfaultfd", "keyctl", "add_key", "request_key",
    # memory and objects of the kernel's that no limit of ours counts
    "memfd_create", "memfd_secret", "io_setup", "inotify_init", "inotify_init1", "vmsplice",
    # what outlives its process and could be found by the next
    "shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl",
    "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink",
    # the neighbours' share of the processor and the disk
    "sched_setscheduler", "sched_setparam", "sched_setattr", "setpriority", "ioprio_set",
    "sync", "syncfs",
    # a word to a neighbour: who holds a lock on a file that both may read
    "flock",
    # other views of the file system
    "unshare", "setns", "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount",
    "fsconfig", "fspick", "mount_setattr", "pivot_root", "chroot", "mknod", "mknodat",
    "open_by_handle_at", "name_to_handle_at", "fanotify_init",
    # the machine itself
    "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
    "swapon", "swapoff", "acct", "settimeofday", "clock_settime", "adjtimex", "sethostname",
    "setdomainname", "quotactl", "syslog", "iopl", "ioperm",
    # its own limits
    "setrlimit",
)  # fmt: skip

REFUSED_TO_SAME_USER = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "utime", "utimes", "utimensat", "futimesat",
    "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups",
    "capset",
)  # fmt: skip
"""More, for a worker that runs as the judge's own user: it could change files of the judge's.

Landlock has no say in these.
"""

CLONE_THREAD = 0x10000

FIRST_32_BITS = 0xFFFFFFFF
"""The part of an argument that the kernel reads where it wants an int; the rest may be anything."""

REFUSED_COMMANDS = {
    # locks (F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW), and who is told by a signal of what
    # (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY); F_SETPIPE_SZ: memory nobody counts
    "fcntl": (1, (6, 7, 37, 38, 8, 10, 15, 1024, 1026, 1031)),
    # PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER: as we have set them
    "prctl": (0, (1, 4, 36)),
}  # fmt: skip
"""Calls of many uses, refused for some -> which argument tells, and its refused values."""

ONESELF_ONLY = ("sched_setaffinity", "prlimit64")
"""Calls with a process's number first, allowed with 0, which is oneself, there."""

SIGNALS = {"kill": 0, "tgkill": 0, "rt_sigqueueinfo": 0, "rt_tgsigqueueinfo": 0}
"""Calls that send a signal, allowed to oneself only -> which argument is the receiver's number."""


class SyscallFence:
    """No socket, no program, no new process (threads are fine), no signal, no others' memory.

    Nor memory that no limit counts, nor a say in when other processes run.

    A refused call gets EPERM, which Python raises as PermissionError.

    Raises Missing, when it is made, if the library is not there.
    """

    def __init__(self) -> None:
        try:
            import pyseccomp
        except (ImportError, OSError, RuntimeError) as error:
            raise Missing(f"pyseccomp or libseccomp is not installed ({error})") from None
        self._api = pyseccomp
        # made once, in the fork server: a worker only adds its own number
        self._filters = {
            "another user": self._filter(REFUSED),
            "same user": self._filter(REFUSED + REFUSED_TO_SAME_USER),
        }

    def _filter(self, refused: tuple[str, ...]) -> Any:
        no = self._api.ERRNO(errno.EPERM)
        calls = self._api.SyscallFilter(self._api.ALLOW)
        # since libseccomp 2.5: a tree, quicker to load and to pass
        with contextlib.suppress(OSError, ValueError):
            calls.set_attr(self._api.Attr.CTL_OPTIMIZE, 2)
        for name in refused:
            self._rule(calls, no, name)
        # a new process, but not a new thread
        self._rule(calls, no, "clone", self._api.Arg(0, self._api.MASKED_EQ, CLONE_THREAD, 0))
        # its flags lie in memory, where no filter can see them; told that the kernel does not have
        # it, libc uses clone
        self._rule(calls, self._api.ERRNO(errno.ENOSYS), "clone3")
        for name, (place, commands) in REFUSED_COMMANDS.items():
            for command in commands:
                same = self._api.Arg(place, self._api.MASKED_EQ, FIRST_32_BITS, command)
                self._rule(calls, no, name, same)
        for name in ONESELF_ONLY:
            self._rule(calls, no, name, self._api.Arg(0, self._api.NE, 0))
        # to set limits, but not to read them
        self._rule(calls, no, "prlimit64", self._api.Arg(2, self._api.NE, 0))
        return calls

    @staticmethod
    def _rule(calls: Any, action: int, name: str, *arguments: Any) -> None:
        try:
            calls.add_rule(action, name, *arguments)
        except (OSError, ValueError):  # a call this architecture or library does not know
            return

    def apply(self, keep_user: bool) -> None:
        """Restrict this process for good. keep_user: it runs as the judge's own user."""
        calls = self._filters["same user" if keep_user else "another user"]
        no = self._api.ERRNO(errno.EPERM)
        for name, place in SIGNALS.items():
            self._rule(calls, no, name, self._api.Arg(place, self._api.NE, os.getpid()))
        calls.load()

    def trial(self) -> None:
        """Apply it. Raises whatever stands against it."""
        self.apply(keep_user=True)
