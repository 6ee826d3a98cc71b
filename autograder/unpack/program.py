"""The program that looks into a student's file: a process with limits, and none of our secrets.

Usage: python -I -S -B program.py source | archive MODULE ... | member NAME BYTES
The file is open as its standard input. What it finds goes to its standard output, as `entries`.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import suppress

if __name__ == "__main__":
    # `-I` leaves this folder out, and `autograder` has to be found
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(__file__))))  # noqa: PTH120

from autograder.unpack.encoding import CODECS, as_utf8
from autograder.unpack.entries import Entry, pack
from autograder.unpack.shortlist import LeftOut, read_bounded

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` takes as long to import as all the rest
    from typing import BinaryIO

SECONDS = 2
MEMORY = 256_000_000
USERS = ((1 << 30) - 1, 39_999)
"""The user that this becomes where it is root, below those of workers; in a container that maps
only some 65000 users, the second. It owns nothing, and needs no name in /etc/passwd.
"""


def read_source(file: BinaryIO, modules: list[str]) -> Iterator[Entry]:
    """The source that this file is, as UTF-8."""
    try:
        source, remark = as_utf8(read_bounded(file))
    except LeftOut as error:
        yield Entry("left out", text=str(error))
    else:
        yield Entry("source", text=remark, content=source)


def confine(seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """Give up everything but the open file, some memory and some seconds. What a system lacks is
    left out.
    """
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    limits = {
        resource.RLIMIT_AS: (memory, memory),
        # the first ends it with a signal of its own, by which it is known
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
        resource.RLIMIT_NOFILE: (0, 0),
    }
    if os.geteuid() == 0:
        _leave_root()
    for limit, values in limits.items():
        with suppress(ValueError, OSError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(limit, values)


def _leave_root() -> None:
    for uid in USERS:
        with suppress(OSError):
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            return


def main() -> None:
    """Look into the file on standard input."""
    what, *modules = sys.argv[1:]
    look_into = read_source
    if what == "archive":  # whose libraries take as long to import as all the rest
        from autograder.unpack.archive import look_into  # type: ignore[assignment]
    elif what == "member":
        from autograder.unpack.archive import find_member as look_into  # type: ignore[assignment]
    for name in (*CODECS, "utf-16-le", "utf-16-be", "cp437"):
        codecs.lookup(name)  # imports it, which is no longer possible afterwards
    confine()
    with open(0, "rb") as file, open(1, "wb") as out:
        for entry in look_into(file, modules):
            out.write(pack(entry))
            out.flush()  # so that what was found outlives whatever comes next
        out.write(pack(Entry("end")))


if __name__ == "__main__":
    main()
