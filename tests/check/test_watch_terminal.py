"""`--watch` in a real terminal: looked at, typed into, resized, suspended and left."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.check.terminal import Terminal, command, flat, terminal
from tests.classroom.processes import below, is_running, wait_until
from tests.conftest import ROOT

STEP = "next_h = np.tanh(a)"
LESSONS = ("rnn", "head")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The reference as somebody's work."""
    shutil.copytree(ROOT / "solutions" / "recurrent", tmp_path / "work" / "recurrent")
    return tmp_path / "work"


def scratch_of(work: Path) -> Path:
    """The folder for temporary files, which is to be empty at last."""
    folder = work.parent / "tmp"
    folder.mkdir(exist_ok=True)
    return folder


def change(work: Path, old: str, new: str, name: str = "rnn.py") -> None:
    path = work / "recurrent" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def start(shell: Terminal, work: Path, *names: str, **environment: str) -> None:
    environment["TMPDIR"] = str(scratch_of(work))
    shell.type(command(*(names or LESSONS), "--watch", "--submission", str(work), **environment))


@pytest.fixture(params=[(80, 24), (40, 24)], ids=["80", "40"])
def shell(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    with terminal(*request.param) as opened:
        yield opened


@pytest.mark.slow
def test_saves_and_keys(shell: Terminal, work: Path) -> None:
    start(shell, work)
    shell.wait_for("all done")
    assert shell.is_alternate and not shell.has_cursor

    change(work, STEP, "next_h = a")
    shell.wait_for("next: mend rnn_step_forward in recurrent/rnn.py, line 15, and save")
    screen = flat(shell.text())
    assert "worse than before this save: rnn_step_forward" in screen
    assert "rnn ✗" in screen and "head ✓✓✓✓" in screen
    assert "values next_h differs by" in screen and "press h" in screen

    shell.press("h")
    shell.wait_for("hint 2/3")
    shell.press("p")
    shell.wait_for("✕ is wrong")
    shell.press("p")
    shell.press("c")
    shell.wait_for("public case N=3 D=4 H=5, which your code fails")
    shell.press("Space", "Space", "Space", "Space")
    shell.wait_for("or press d here")
    shell.press("l")
    shell.wait_for(">✗ rnn_step_forward")
    shell.press("n")
    shell.wait_for("rnn_step_backward")

    change(work, "next_h = a", STEP)
    shell.wait_for("all done")
    assert "passed: rnn_step_forward" in flat(shell.text())
    shell.press("r")
    shell.wait_for("checking")
    shell.wait_for("all done")
    shell.press("q")
    left(shell, work)


def left(shell: Terminal, work: Path, status: int = 0, says: str = "passed") -> None:
    """The terminal is what it was: echo, the cursor, the student's own lines; nothing runs on."""
    assert says in flat(shell.wait_for_prompt())
    assert not shell.is_alternate and shell.has_cursor
    shell.type("echo status $?; stty -a | grep -o ' icanon\\| echo '")
    shell.wait_for(f"status {status} icanon echo")
    wait_until(lambda: not any(map(is_running, below(shell.pid))), "every process has ended")
    assert list(scratch_of(work).iterdir()) == []


@pytest.mark.slow
def test_a_lesson_from_the_stubs_on(tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(ROOT / "assignment" / "recurrent", work / "recurrent")
    stub = 'raise NotImplementedError("rnn_step_forward (Task 1.1, 6 points)")'
    with terminal() as shell:
        start(shell, work, "rnn")
        shell.wait_for("next: write rnn_step_forward in recurrent/rnn.py, line 15, and save")
        change(work, stub, "a = x @ Wx + prev_h @ Wh + b)")
        shell.wait_for("cannot be imported: SyntaxError")
        change(
            work,
            "prev_h @ Wh + b)\n    return",
            "prev_h @ Wh + b\n    next_h, cache = a, ()\n    return",
        )
        shell.wait_for("values next_h differs by")
        change(work, "next_h, cache = a, ()", "next_h, cache = np.tanh(a), ()")
        shell.wait_for("next: write rnn_step_backward in recurrent/rnn.py")
        assert "passed: rnn_step_forward, 6 points more" in flat(shell.text())
        shell.press("q")
        left(shell, work)
        assert "6 of 50 points, 1 of 7 problems passed" in flat(shell.text())


@pytest.mark.slow
def test_debug_has_the_terminal_and_gives_it_back(work: Path) -> None:
    change(work, STEP, "next_h = np.tanh(a[0])\n    breakpoint()")
    with terminal() as shell:
        start(shell, work, "rnn_step_forward")
        shell.wait_for("next: mend rnn_step_forward")
        shell.press("d")
        # Not the debugger's prompt first: the check shows one among what the code has printed.
        shell.wait_for("without the sandbox: print and breakpoint() work")
        shell.wait_for("(Pdb)")
        shell.type("next_h.shape")
        shell.wait_for("(5,)")
        shell.type("c")
        shell.wait_for("press a key to go back")
        assert not shell.is_alternate
        shell.press("x")
        shell.wait_for("next: mend rnn_step_forward")
        assert shell.is_alternate
        shell.press("q")
        left(shell, work)


@pytest.mark.slow
@pytest.mark.parametrize(("way", "status"), [("C-c", 130), ("TERM", 143), ("HUP", 129)])
def test_every_way_out_puts_the_terminal_back(work: Path, way: str, status: int) -> None:
    with terminal() as shell:
        start(shell, work, "rnn")
        shell.wait_for("all done")
        if way == "C-c":
            shell.press(way)
        else:
            [pid] = [pid for pid in below(shell.pid) if "--watch" in arguments_of(pid)]
            os.kill(pid, getattr(signal, f"SIG{way}"))
        left(shell, work, status, says="")


def arguments_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.slow
def test_suspended_and_continued_and_resized(work: Path) -> None:
    change(work, STEP, "next_h = a")
    with terminal() as shell:
        shell.type("set -m")
        start(shell, work, "rnn")
        shell.wait_for("next: mend rnn_step_forward")
        shell.press("C-z")
        shell.wait_for_prompt()
        assert not shell.is_alternate and shell.has_cursor
        shell.type("stty -a | grep -o ' icanon\\| echo '")
        shell.wait_for("icanon echo")
        shell.type("fg")
        shell.wait_for("next: mend rnn_step_forward")
        assert shell.is_alternate

        for columns, rows in ((40, 30), (30, 12), (120, 24), (80, 24)):
            shell.resize(columns, rows)
            shell.wait_for(lambda rows=rows: is_painted(shell, rows), "the page in the new size")
        shell.press("q")
        shell.wait_for_prompt()


def is_painted(shell: Terminal, rows: int) -> bool:
    """Whether the keys stand at the bottom, and each of them is whole."""
    lines = shell.text().rstrip("\n").split("\n")
    keys = "n next h hint l list d debug c case p picture r rerun q quit"
    return len(lines) == rows and flat("\n".join(lines)).endswith(keys)


@pytest.mark.slow
def test_an_endless_loop_leaves_the_keys_alive_and_a_save_ends_it(work: Path) -> None:
    change(work, STEP, "while True: pass")
    with terminal() as shell:
        start(shell, work, "rnn_step_forward")
        shell.wait_for("checking rnn_step_forward")
        shell.press("l")
        shell.wait_for("○")
        shell.wait_for("rnn.py")
        shell.press("l")
        change(work, "while True: pass", STEP)
        shell.wait_for("all done")
        shell.press("q")
        left(shell, work)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80])
def test_without_colour(work: Path, columns: int) -> None:
    change(work, STEP, "next_h = a")
    with terminal(columns) as shell:
        start(shell, work, "rnn", NO_COLOR="1")
        shell.wait_for("next: mend rnn_step_forward")
        assert re.search(r"\x1b\[[\d;]*3[0-7]m", shell.text(colours=True)) is None
        shell.press("q")
        left(shell, work)


@pytest.mark.slow
def test_with_colour(work: Path) -> None:
    with terminal() as shell:
        start(shell, work, "rnn")
        shell.wait_for("all done")
        assert re.search(r"\x1b\[[\d;]*3[0-7]m", shell.text(colours=True))
        shell.press("q")
        left(shell, work)


@pytest.mark.slow
def test_a_dumb_terminal_gets_lines(work: Path) -> None:
    with terminal(80, 50) as shell:
        start(shell, work, "rnn", TERM="dumb")
        shell.wait_for("all done")
        assert not shell.is_alternate and shell.has_cursor
        change(work, STEP, "next_h = a")
        shell.wait_for("next: mend rnn_step_forward")
        assert "watching recurrent/" in shell.text()
        shell.press("h")
        shell.wait_for("hint 2/3")
        shell.press("q")
        left(shell, work)
