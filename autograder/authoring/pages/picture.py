"""Pictures of a terminal, as SVG that fetches nothing; the README's shows a wrong answer."""

from __future__ import annotations

import tempfile
from html import escape
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.check_as import misconception
from autograder.authoring.demo import write_submission
from autograder.grade import casebooks, grade_submission
from autograder.levels import MOST
from autograder.problem import Verdict
from autograder.report.terminal import show
from autograder.settings import thaw

MISTAKE = "lstm_step_backward.path_from_h_dropped"
"""Made in the reference, for the picture of what is said to it."""

SHOWN = ("lstm_step_forward", "lstm_step_backward", "lstm_forward", "lstm_backward")
COMMAND = f"python check.py lstm --hint {MOST}"
COLUMNS = 88

GROUND, TEXT, GREY = (24, 28, 34), (226, 230, 236), (160, 168, 180)
HUES = [
    (255, 138, 128),  # red
    (129, 214, 140),  # green
    (240, 202, 104),  # yellow
    (140, 180, 255),  # blue
    (214, 160, 255),  # magenta
    (120, 214, 226),  # cyan
]
COLOURS = TerminalTheme(GROUND, TEXT, [GROUND, *HUES, TEXT], [GREY, *HUES, TEXT])
"""Every colour is readable on the ground; the bright ones are no brighter."""

TEMPLATE = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img" \
aria-labelledby="{unique_id}-name {unique_id}-text">
<title id="{unique_id}-name">TITLE</title>
<desc id="{unique_id}-text">WORDS</desc>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">\
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""rich's own asks a server for a font. The capitals are filled in before rich fills in the rest."""


def verdict(solutions: Path, frozen: Path) -> str:
    """The SVG: a student's command, and what it says of a known mistake."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    console.print(Text(f"$ {COMMAND}", style="bold"))
    verdicts = _graded(solutions, frozen)
    show(console, verdicts, explain=1, level=MOST)
    return as_svg(console, f"A terminal after {COMMAND}", "verdict")


def as_svg(console: Console, title: str, name: str) -> str:
    """What a recording console has shown, as an SVG that says the same in words.

    title: what the picture is of. name: unique among the pictures of a page.
    """
    console.print()  # else the last line would be cut off below its letters
    said = console.export_text(clear=False)
    code_format = TEMPLATE.replace("TITLE", title).replace("WORDS", _braced(said))
    picture = console.export_svg(title="", theme=COLOURS, code_format=code_format, unique_id=name)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


def _graded(solutions: Path, frozen: Path) -> list[Verdict]:
    answers = load_answers(solutions)
    wrong = misconception(answers, MISTAKE)
    course, books = thaw(frozen / "course.json"), casebooks(frozen)
    with tempfile.TemporaryDirectory(prefix="picture-") as scratch:
        submission = write_submission(answers.patched(wrong), Path(scratch) / "submission")
        return list(grade_submission(submission, course, books[:1], SHOWN))


def _braced(text: str) -> str:
    """Text for a template that is filled by `str.format`, and for XML."""
    lines = [line.strip() for line in text.splitlines()]
    plain = escape("\n".join(line for line in lines if line))
    return plain.replace("{", "{{").replace("}", "}}")
