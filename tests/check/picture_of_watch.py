"""A picture of `--watch` in a real terminal, as SVG.

python -m tests.check.picture_of_watch docs/pictures/watch.svg
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.authoring.pages.picture import as_svg
from tests.check.terminal import command, terminal
from tests.conftest import ROOT

COLUMNS, ROWS = 80, 24


def main(target: Path) -> None:
    """Take the picture: a mistake was saved, and a second hint asked for."""
    shown = looked_at()
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown), end="")
    svg = as_svg(console, "A terminal with python check.py --watch", "watch")
    target.write_text(svg, encoding="utf-8")


def looked_at() -> str:
    """What a terminal shows, with its colours."""
    with tempfile.TemporaryDirectory() as folder, terminal(COLUMNS, ROWS) as shell:
        work = Path(folder)
        shutil.copytree(ROOT / "assignment" / "recurrent", work / "recurrent")
        reference = (ROOT / "solutions" / "recurrent" / "rnn.py").read_text(encoding="utf-8")
        path = work / "recurrent" / "rnn.py"
        stub = path.read_text(encoding="utf-8")
        done, to_do = "\n\n\ndef rnn_forward(", "\n\n\ndef rnn_forward("
        start = reference.partition(done)[0].replace("(1 - next_h**2)", "(1 - next_h)")
        path.write_text(start + to_do + stub.partition(to_do)[2], encoding="utf-8")
        shell.type(command("rnn", "head", "gradflow", "--watch", "--submission", folder))
        shell.wait_for("next: mend rnn_step_backward")
        shell.press("h")
        shell.wait_for("hint 2/3")
        return shell.text(colours=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
