"""Another system, as far as Linux can play it: `python elsewhere.py win32 PROGRAM ARGUMENTS...`.

Takes away what Windows or macOS lack, and runs a program as if it were there: a file, `-m MODULE`
or `-c CODE`. The programs that it starts by `launch.python` are there too. What it cannot play is
what a path means: that is tested by itself, with paths of that kind.
"""

from __future__ import annotations

import array
import contextlib
import encodings.cp1252
import faulthandler
import fcntl
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from termios import FIONREAD
from types import ModuleType
from typing import Any

POSIX_ONLY = (
    "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "pty", "pwd", "readline", "resource",
    "spwd", "syslog", "termios", "tty", "_curses", "_posixshmem",
)  # fmt: skip
"""The modules that Windows lacks."""

MISSING_MODULES = {"win32": POSIX_ONLY, "darwin": ("ossaudiodev", "spwd")}

LINUX_ONLY = {
    os: "memfd_create pidfd_open sched_setaffinity sched_getaffinity setresuid setresgid getresuid "
    "getresgid waitid O_PATH O_TMPFILE splice eventfd",
    select: "epoll",
    signal: "sigtimedwait sigwaitinfo",
    socket: "AF_NETLINK AF_VSOCK SO_PEERCRED",
}
"""What macOS lacks too."""

NOT_ON_WINDOWS = {
    os: "fork forkpty posix_spawn posix_spawnp getuid geteuid getgid getegid setuid seteuid setgid "
    "setegid setreuid setregid setgroups getgroups initgroups setsid getsid killpg getpgid setpgid "
    "getpgrp tcgetpgrp tcsetpgrp mkfifo mknod chown lchown fchown fchmod chroot sync statvfs "
    "fstatvfs uname sysconf confstr pathconf nice getpriority setpriority getloadavg pread pwrite "
    "preadv pwritev readv writev sendfile lockf openpty ttyname ctermid wait wait3 wait4 "
    "O_NOFOLLOW O_NONBLOCK O_DIRECTORY O_CLOEXEC O_SYNC O_DSYNC O_ASYNC O_NOCTTY "
    "set_blocking get_blocking sched_yield register_at_fork P_PID WEXITED WNOWAIT",
    signal: "SIGKILL SIGALRM SIGUSR1 SIGUSR2 SIGHUP SIGXCPU SIGXFSZ SIGCHLD SIGSTOP SIGPIPE "
    "SIGQUIT SIGTSTP SIGWINCH setitimer getitimer alarm pause pthread_kill pthread_sigmask "
    "sigpending sigwait siginterrupt",
    socket: "send_fds recv_fds AF_UNIX",
    select: "poll",
    time: "clock_gettime clock_settime clock_getres pthread_getcpuclockid tzset",
    faulthandler: "register unregister",
}


def play(platform: str, program: str) -> None:
    """Be that system from now on. What the standard library needs of Linux, it has taken before.

    program: to be run there; it says where our code is, else the current folder does.
    """
    assert encodings.cp1252 is not None and threading is not None and tempfile is not None
    sysconfig.get_config_vars()  # which are looked up by the platform's name
    for name in MISSING_MODULES[platform]:
        sys.modules[name] = None  # type: ignore[assignment]
    _take_away(LINUX_ONLY)
    if platform == "win32":
        _take_away(NOT_ON_WINDOWS)
        _play_windows()
    sys.platform = platform
    # as Python does: a program's own packages before all others
    path = Path(program)
    sys.path[0] = str(path.parents[2] if path.parent.name == "worker" else Path.cwd())
    _have_programs_started_here(platform)


def _take_away(names: dict[ModuleType, str]) -> None:
    for module, listed in names.items():
        for name in listed.split():
            if hasattr(module, name):
                delattr(module, name)


def _play_windows() -> None:
    os.supports_dir_fd.clear()
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    os.O_BINARY = 0  # type: ignore[attr-defined]
    setmode: Callable[[int, int], int] = lambda fd, mode: 0  # noqa: E731
    sys.modules["msvcrt"] = ModuleType("msvcrt")
    vars(sys.modules["msvcrt"]).update(setmode=setmode, get_osfhandle=lambda fd: fd)
    sys.modules["_winapi"] = ModuleType("_winapi")
    vars(sys.modules["_winapi"])["PeekNamedPipe"] = _peek
    os.spawnv = lambda mode, path, given: subprocess.call([path, *given[1:]])
    subprocess.CREATE_NEW_PROCESS_GROUP = 0  # type: ignore[attr-defined]
    with contextlib.suppress(ModuleNotFoundError):
        import rich.console

        rich.console.WINDOWS = False  # it would call Windows itself
    # a process that was ended has no signal there, but a status of whoever ended it
    ended: Any = subprocess.Popen._handle_exitstatus  # type: ignore[attr-defined]

    def handle(self: Any, status: int, *rest: Any, **named: Any) -> None:
        ended(self, status, *rest, **named)
        if self.returncode is not None and self.returncode < 0:
            self.returncode = 1

    subprocess.Popen._handle_exitstatus = handle  # type: ignore[attr-defined]
    subprocess.Popen.kill = lambda self: self.send_signal(9)  # type: ignore[method-assign]
    subprocess.Popen.terminate = subprocess.Popen.kill  # type: ignore[method-assign]


def _peek(pipe: int, size: int, control: Any = fcntl.ioctl) -> tuple[int, int]:
    """How many bytes there are in a pipe, and how many more of a message. Raises at its end."""
    count = array.array("i", [0])
    control(pipe, FIONREAD, count)
    if not count[0] and select.select([pipe], [], [], 0)[0]:
        raise BrokenPipeError(109, "the pipe has been ended")
    return count[0], 0


def _have_programs_started_here(platform: str) -> None:
    """Let the programs that the judge starts be played there too."""
    from autograder.worker import launch

    def python(program: str, *arguments: str) -> list[str]:
        path = str(launch.PROGRAMS / program)
        return [sys.executable, "-s", "-B", __file__, platform, path, *arguments]

    launch.python = python


def run(program: str, *arguments: str) -> None:
    """Run a file, `-m MODULE` or `-c CODE`, as Python itself does."""
    sys.argv = [program, *arguments]
    if program == "-c":
        sys.argv = ["-c", *arguments[1:]]
        exec(compile(arguments[0], "<code>", "exec"), {"__name__": "__main__"})
    elif program == "-m":
        sys.argv = list(arguments)
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    play(*sys.argv[1:3])
    run(*sys.argv[2:])
