"""Output that nothing can break: code pages, files, closed streams, full disks."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from autograder.report.console import HANDLER, STAND_INS
from autograder.report.words import MARKS
from tests.conftest import LONGEST, ROOT

ENCODINGS = (
    *("cp1252", "cp1252:strict", "ascii", "ascii:surrogateescape"),
    *("cp437", "cp932", "latin-1", "utf-8", "utf-16"),
)
"""As PYTHONIOENCODING has them; the last part is how errors would be met without us."""

EVERYTHING = """
import sys
from autograder.report import console
console.prepare()
from autograder.check.notebook import Checked
from autograder.report.formats import FORMATS
from autograder.report.record import as_text
from autograder.report.terminal import show
from tests.check.test_formats import telling
from tests.test_terminal import KINDS
remarks = ["\\N{SNOWMAN} \\udcff"]
show(console.new_console(), KINDS, explain=99, level=4, remarks=remarks, ahead="done")
for write in FORMATS.values():
    print(write(telling(KINDS, remarks=["\\N{SNOWMAN}"])))
for verdict in KINDS:
    print(repr(Checked(verdict, 4)), Checked(verdict, 4)._repr_html_(), as_text(verdict, 4))
print("\\N{SNOWMAN} \\udcff \\ud800 \\u0141\\u00f3d\\u017a", "last line")
sys.exit(console.finish(0))
"""
"""Prints all that a front end can say of every kind of verdict, and what nobody should print."""


def run(
    command: list[str], stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    given = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": os.environ["PATH"]}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=given | environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        timeout=LONGEST,
    )


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line in which `check` is the command with the reference as the submission."""
    check = f"{sys.executable} -m autograder check --submission solutions"
    script = command.replace("check", check, 1)
    return run(["bash", "-o", "pipefail", "-c", script], **environment)


@pytest.mark.parametrize("named", ENCODINGS)
def test_every_text_can_be_written_in_every_encoding(named: str) -> None:
    encoding = named.partition(":")[0]
    done = run([sys.executable, "-c", EVERYTHING], PYTHONIOENCODING=named, PYTHONUTF8="0")
    assert (done.returncode, done.stderr.decode(encoding)) == (0, "")
    text = done.stdout.decode(encoding)  # strictly: it is what the terminal will read
    assert text.rstrip().endswith("last line")
    if encoding == "ascii":
        assert "+  rnn_forward" in text and "~  lstm_step_backward" in text
        assert "? ? ? ??d? last line" in text
    if encoding.startswith("utf"):
        assert "✓  rnn_forward" in text and "\N{SNOWMAN} ? ? \u0141\u00f3d\u017a last" in text


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_so_can_a_check_and_a_refusal(encoding: str, frozen: Path) -> None:
    done = shell("check rnn_forward", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.splitlines()[1] == b"+  rnn_forward  8 / 8  passed"
    refused = shell("check '\N{SNOWMAN}'", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert refused.returncode == 2 and b"there is no problem or lesson '?'" in refused.stderr


def test_in_the_c_locale_and_into_a_file(tmp_path: Path, frozen: Path) -> None:
    given = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    file = tmp_path / "out.txt"
    done = shell(f"check rnn_forward > '{file}'", **given)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"+  rnn_forward" in file.read_bytes()


# ---------------------------------------------------------------------------- where nobody listens


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(closed: str, frozen: Path) -> None:
    done = shell(f"check rnn_forward {closed}")
    assert (done.returncode, done.stderr) == (0, b"")
    if ">&-" in closed.replace("2>&-", ""):
        assert done.stdout == b"", "not even what a worker prints ends up there"


def test_a_process_without_any_stream_can_print() -> None:
    code = """
import sys
sys.stdin = sys.stdout = sys.stderr = None
from autograder.report import console
console.prepare()
print("nobody", file=sys.stderr)
console.new_console().print("reads this")
sys.exit(console.finish(0))
"""
    done = run([sys.executable, "-c", code])
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("what", ["rnn_forward", "--help", "rnn --format junit"])
def test_a_reader_that_leaves_at_once_is_no_error(what: str, frozen: Path) -> None:
    done = shell(f"check {what} | true")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("what", ["rnn_forward", "--help", "rnn --format json"])
def test_a_full_disk_is_one_sentence(what: str, frozen: Path) -> None:
    done = shell(f"check {what} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == b"the output could not be written: No space left on device\n"


# ------------------------------------------------------------------------------------ the stand-ins


def signs_of(path: Path) -> Iterator[str]:
    """The characters beyond ASCII in the texts of a module, those of its docstrings excepted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docstrings.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            yield from (sign for sign in str(node.value) if not sign.isascii())


def test_every_sign_of_ours_has_a_stand_in_of_its_width() -> None:
    assert {sign for sign, _ in MARKS.values() if not sign.isascii()} <= STAND_INS.keys()
    for folder in ("report", "check"):
        for path in sorted((ROOT / "autograder" / folder).rglob("*.py")):
            assert set(signs_of(path)) <= STAND_INS.keys(), path.name
    for sign, instead in STAND_INS.items():
        assert instead.isascii() and instead.isprintable()
        assert len(sign) == cell_len(sign) == len(instead) == 1, sign


def test_every_status_keeps_a_sign_of_its_own() -> None:
    signs = [sign.encode("ascii", HANDLER) for sign, _ in MARKS.values()]
    assert len(set(signs)) == len(signs)
