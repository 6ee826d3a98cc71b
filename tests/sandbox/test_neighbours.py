"""A submission changes nothing for the one that is graded after it, or beside it."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.protection import layers
from autograder.sandbox.users import (
    FIRST,
    IN_A_RANGE,
    RANGES,
    SandboxError,
    Users,
    files_of,
    objects_of,
)
from tests.submissions import submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the fences are Linux's")

STEP = lessons.find("rnn_step_forward")
ROOT = Path(__file__).resolve().parents[2]


# ------------------------------------------------------------------------------ what a worker may do

TRIED = """
import errno, fcntl, json, os, resource, signal, socket, sys
from autograder.worker import confine
from autograder.worker.messages import Start

parent, folder = os.getppid(), sys.argv[1]
os.chdir(folder)
fences = confine.Fences("numpy")
fences.apply(Start(folder, folder, False, 2 << 30, 60, None))
libc = confine.LIBC
HIGH = 1 << 32
def call(name, *words):
    confine.ctypes.set_errno(0)
    return lambda: check(getattr(libc, name)(*[confine.ctypes.c_long(word) for word in words]))
def check(answer):
    if answer == -1:
        raise OSError
    return answer
file = open(os.__file__, "rb")
pipe = os.pipe()
DEEDS = {
    "memfd_create": lambda: os.memfd_create("x"),
    "shmget": call("shmget", 0, 4096, 0o600),
    "semget": call("semget", 0, 1, 0o600),
    "msgget": call("msgget", 0, 0o600),
    "userfaultfd": call("syscall", 323, 1),
    "io_uring_setup": call("syscall", 425, 1, 0),
    "memfd_secret": call("syscall", 447, 0),
    "inotify": call("inotify_init1", 0),
    "socketpair": lambda: socket.socketpair(),
    "a class for another": lambda: os.sched_setscheduler(parent, os.SCHED_OTHER, os.sched_param(0)),
    "processors of another": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(0)),
    "its priority": lambda: os.setpriority(os.PRIO_PROCESS, parent, 0),
    "everybody's priority": lambda: os.setpriority(os.PRIO_USER, 0, 0),
    "its io priority": call("syscall", 251, 1, parent, 2 << 13 | 4),
    "limits of another": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
    "flock": lambda: fcntl.flock(file, fcntl.LOCK_SH),
    "a record lock": lambda: fcntl.lockf(file, fcntl.LOCK_SH),
    "a lock of the open file": call("fcntl", file.fileno(), 37, 0),
    "an owner": lambda: fcntl.fcntl(pipe[0], fcntl.F_SETOWN, parent),
    "an owner, with a bit too many": call("syscall", 72, pipe[0], 8 + HIGH, parent),
    "a signal": lambda: fcntl.fcntl(pipe[0], 10, signal.SIGUSR1),
    "a lease": lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "notes of a folder": lambda: fcntl.fcntl(os.open(folder, os.O_RDONLY), fcntl.F_NOTIFY, 1),
    "a larger pipe": lambda: fcntl.fcntl(pipe[1], 1031, 1 << 20),
    "life after the server": call("prctl", 1, 0),
    "a file": lambda: open("file", "w"),
    "a folder": lambda: os.mkdir("d"),
    "a link": lambda: os.symlink("x", "y"),
}
ALLOWED = {
    "its own class": lambda: os.sched_getscheduler(0),
    "its own processors": lambda: os.sched_setaffinity(0, os.sched_getaffinity(0)),
    "a second descriptor": lambda: os.dup(pipe[0]),
    "no blocking": lambda: os.set_blocking(pipe[0], False),
    "its limits": lambda: resource.getrlimit(resource.RLIMIT_AS),
    "its folder": lambda: os.listdir("."),
    "nothing to write to": lambda: open("/dev/null", "w").write("x"),
}
done = []
for deeds in DEEDS, ALLOWED:
    for name, deed in deeds.items():
        try:
            deed()
            done.append(name)
        except OSError:
            pass
print(json.dumps([done, [*ALLOWED], bool(fences.files and fences.calls)]))
"""


def run(program: str, *arguments: str) -> Any:
    """What a program of its own prints, as JSON."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="has the numbers of x86_64's calls")
def test_what_reaches_others_or_counts_nowhere_is_refused(tmp_path: Path) -> None:
    done, allowed, fenced = run(TRIED, str(tmp_path))
    if not fenced:
        pytest.skip("this kernel or Python has no fences")
    assert done == allowed
    assert list(tmp_path.iterdir()) == []


HANDLES = """
import ctypes, gc, json, os, sys
from autograder.worker import confine
from autograder.worker.messages import Start

folder = sys.argv[1]
os.chdir(folder)
fences = confine.Fences("numpy")
fences.apply(Start(folder, folder, bool(sys.argv[2]), 2 << 30, 60, None))
gc.collect()
handles = [thing for thing in gc.get_objects() if isinstance(thing, ctypes.CDLL)]
pythons = [ctypes.pythonapi]
print(json.dumps([str(h) for h in handles if h not in pythons]))
"""


def test_no_handle_of_ours_on_the_c_library_is_left_for_student_code(tmp_path: Path) -> None:
    assert run(HANDLES, str(tmp_path), "guarded") == []
    assert run(HANDLES, str(tmp_path), "") != []  # where our own code looks round, it is needed


# -------------------------------------------------------------------- one submission after the other

SURROUNDINGS = """
    import os, resource, json
    limits = {n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith("RLIMIT")}
    del limits["RLIMIT_NPROC"]
    print(json.dumps([
        os.sched_getscheduler(0), sorted(os.sched_getaffinity(0)), limits, os.listdir("."),
        os.getpriority(os.PRIO_PROCESS, 0), os.umask(0), sorted(os.environ), os.getgroups(),
    ]))
"""

ATTACKS = """
    import fcntl, os
    def tried(deed, *arguments):
        try: deed(*arguments)
        except (OSError, ImportError): pass
    for pid in (os.getppid(), *range(os.getpid() - 3, os.getpid() + 4)):
        if pid != os.getpid():
            tried(os.sched_setscheduler, pid, os.SCHED_IDLE, os.sched_param(0))
            tried(os.sched_setaffinity, pid, {0})
            tried(os.setpriority, os.PRIO_PROCESS, pid, 19)
    tried(os.setpriority, os.PRIO_USER, 0, 19)
    tried(os.memfd_create, "x")
    for name in ("/tmp/neighbour", "/dev/shm/neighbour", "neighbour", "../neighbour"):
        tried(os.mkdir, name)
    os.umask(0o777)
"""


def printed(box: Sandbox, folder: Path, body: str) -> str:
    """What a submission prints in the first public case of a problem."""
    submission(folder, bodies={"rnn.rnn_step_forward": dedent(body) + "return x, None"})
    with box.session(STEP, folder) as session:
        reply = session.call(STEP, next(draw_cases(STEP, 1, hidden=False))[2])
        assert reply.fault is None, reply.fault
        return session.printed


def test_the_second_submission_finds_the_surroundings_of_the_first(tmp_path: Path) -> None:
    with Sandbox(Limits(seconds=5.0), fork=True) as box:
        first = printed(box, tmp_path / "a", SURROUNDINGS)
        printed(box, tmp_path / "b", ATTACKS)
        assert printed(box, tmp_path / "c", SURROUNDINGS) == first
    for folder in ("/tmp", "/dev/shm"):
        assert not (Path(folder) / "neighbour").exists()


# ----------------------------------------------------------------------------------- each layer away

LAYERS = {
    "files": {"file fence"},
    "calls": {"system calls", "uncounted memory", "neighbours"},
}


@pytest.mark.parametrize("without", LAYERS)
def test_the_doctor_sees_a_layer_that_is_missing(without: str) -> None:
    def active(*left_out: str) -> set[str]:
        with Sandbox(Limits(), without=left_out) as box:
            return {layer.name for layer in layers(box) if layer.active}

    everything = active()
    if not LAYERS[without] <= everything:
        pytest.skip("this machine lacks it anyhow")
    assert everything - active(without) >= LAYERS[without]


def test_the_doctor_sees_limits_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.sandbox.protection import _judge
    from autograder.worker.messages import Capabilities

    with Sandbox(Limits()) as box:
        nothing = {layer.name: layer.active for layer in _judge(Capabilities(), box)}
    # what a worker does not show does not hold
    assert not any(
        nothing[name]
        for name in nothing
        if name not in ("a process for each problem", "fork server", "environment")
    )


# ------------------------------------------------------------------------------------------- users


def slots() -> Users:
    users = Users()
    users.why = ""  # numbers alone need no rights
    return users


def test_a_number_is_in_use_once_at_a_time_and_comes_from_a_fixed_range() -> None:
    users = slots()
    taken = [users.next() for _ in range(IN_A_RANGE)]
    assert len(set(taken)) == IN_A_RANGE
    with pytest.raises(SandboxError, match="in use"):
        users.next()
    users.clean_up(taken[7])
    assert users.next() == taken[7]


CLAIM = """
import sys
from autograder.sandbox.users import Users
users = Users()
users.why = ""
print(users.next(), flush=True)
sys.stdin.read()
"""


def test_no_two_graders_have_the_same_users_wherever_few_are_mapped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight graders whose process numbers all lead to the same range."""
    monkeypatch.setattr("autograder.sandbox.users._mapped_users", lambda: 65_536)
    monkeypatch.setattr("os.getpid", lambda: 4711)
    graders = [slots() for _ in range(8)]
    taken = {users.next() for users in graders for _ in range(IN_A_RANGE)}
    assert len(taken) == 8 * IN_A_RANGE
    assert max(taken) < 65_536
    for users in graders:
        users.close()
    again = slots()
    assert again.next() in taken  # what was given back is free
    again.close()


def test_when_all_ranges_are_taken_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.sandbox.users._mapped_users", lambda: 65_536)
    monkeypatch.setattr("autograder.sandbox.users.RANGES_WHERE_FEW", 2)
    first, second, third = slots(), slots(), slots()
    assert first.next() != second.next()
    with pytest.raises(SandboxError, match="other graders"):
        third.next()
    first.close()
    assert third.next()
    second.close()
    third.close()


def test_a_grader_in_another_process_has_other_users_and_gives_them_back_when_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = [sys.executable, "-c", CLAIM]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, cwd=ROOT) as other:
        assert other.stdout is not None
        theirs = int(other.stdout.readline())
        monkeypatch.setattr("os.getpid", lambda: other.pid)  # the same range by our number
        users = slots()
        ours = users.next()
        assert ours is not None
        assert abs(ours - theirs) >= IN_A_RANGE
        users.close()
        other.kill()
    assert users.next() == theirs
    users.close()


def test_where_no_name_can_be_claimed_the_process_number_has_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autograder.sandbox.users.NAME", "/nowhere/{}")
    users = slots()
    assert users.next() == FIRST + os.getpid() % RANGES * IN_A_RANGE
    users.close()


def test_numbers_with_a_past_are_cleaned_or_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A grader was killed, and a file of one of its workers, or a process, has stayed."""
    users = slots()
    running, has_file = users.next(), users.next()
    users.close()
    file = tmp_path / "left"
    file.touch()
    owners = {Path("/proc"): {running}, tmp_path: {has_file}}
    monkeypatch.setattr("autograder.sandbox.users.SHARED_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr("autograder.sandbox.users._owners", owners.__getitem__)
    monkeypatch.setattr("autograder.sandbox.users.files_of", lambda uid: [file])
    taken = [users.next() for _ in range(IN_A_RANGE - 1)]
    assert running not in taken
    assert has_file in taken
    assert not file.exists()
    users.close()


def test_a_number_whose_files_stay_is_not_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    users = slots()
    uid = users.next()
    monkeypatch.setattr("autograder.sandbox.users.files_of", lambda uid: [Path("/proc/1/status")])
    users.clean_up(uid)
    assert uid not in [users.next() for _ in range(IN_A_RANGE - 1)]


def test_what_vanishes_while_we_look_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "left").write_text("x")
    monkeypatch.setattr("autograder.sandbox.users.SHARED_FOLDERS", (str(tmp_path),))
    there = list(tmp_path.iterdir())
    gone = tmp_path / "gone"
    monkeypatch.setattr(Path, "iterdir", lambda self: iter([gone, *there]))
    assert list(files_of(os.getuid())) == there


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(
    "make", ["shmget(0, 4096, 0o600)", "semget(0, 1, 0o600)", "msgget(0, 0o600)"]
)
def test_system_v_objects_go_with_their_user(make: str) -> None:
    users = slots()
    uid = users.next()
    assert uid is not None
    pid = os.fork()
    if pid == 0:
        os.setuid(uid)
        eval(f"ctypes.CDLL(None).{make}", {"ctypes": ctypes})
        os._exit(0)
    os.waitpid(pid, 0)
    if not objects_of(uid):
        pytest.skip("this kernel has no System V objects")
    users.clean_up(uid)
    assert objects_of(uid) == []
