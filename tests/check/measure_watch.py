"""Seconds from a save to its answer on the screen of `--watch`, in a real terminal's other end.

    python -m tests.check.measure_watch

No test: it depends on the machine. The best, the median and the worst of twenty saves of a
wrong and of a right edit in each of two files.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import ROOT

SAVES = 20
PATIENCE = 120.0

EDITS = {
    "rnn": ("rnn_step_forward", "next_h = np.tanh(a)", "next_h = a"),
    "lstm": ("lstm_step_forward", "next_h = o * tanh_c", "next_h = o * next_c"),
}
"""File -> the problem that is edited, what stands there, and what is wrong instead."""


class Seen:
    """What a program writes to its terminal."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def until(self, text: bytes) -> None:
        """Read until a text has been written. Raises TimeoutError."""
        read = b""
        end = time.monotonic() + PATIENCE
        while text not in read:
            ready, _, _ = select.select([self._fd], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(read.decode(errors="replace")[-2000:])
            read += os.read(self._fd, 65536)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copytree(ROOT / "solutions" / "recurrent", work / "recurrent")
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "autograder", "check", *EDITS, "--watch"]
        process = subprocess.Popen(
            [*command, "--submission", folder],
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
            stdin=theirs,
            stdout=theirs,
        )
        try:
            measure(work, Seen(ours))
            os.write(ours, b"q")
            process.wait(PATIENCE)
        finally:
            process.kill()


def measure(work: Path, seen: Seen) -> None:
    seen.until(b"all done")
    for name, (problem, right, wrong) in EDITS.items():
        path = work / "recurrent" / f"{name}.py"
        source = path.read_text(encoding="utf-8")
        assert right in source
        seconds: dict[str, list[float]] = {"wrong": [], "right": []}
        for number in range(SAVES):
            edited = source.replace(right, f"{wrong} + {number} - {number}", 1)
            seconds["wrong"].append(save(path, edited, seen, b"differs by"))
            seen.until(b"next: mend")
            time.sleep(0.3)
            passed = f"passed: {problem}".encode()
            seconds["right"].append(save(path, source, seen, passed))
            seen.until(b"all done")
            time.sleep(0.3)
        for kind, all_of in seconds.items():
            best, median, worst = min(all_of), statistics.median(all_of), max(all_of)
            print(
                f"{name}.py, {kind}: best {best:.2f} s, median {median:.2f} s, worst {worst:.2f} s"
            )


def save(path: Path, text: str, seen: Seen, answer: bytes) -> float:
    """Seconds until an answer is on the screen."""
    path.write_text(text, encoding="utf-8")
    begun = time.monotonic()
    seen.until(answer)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
