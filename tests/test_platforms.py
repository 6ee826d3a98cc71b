"""Windows, macOS and odd places, as far as Linux can play them (`elsewhere`).

Each table is a kind of fault: what is not in a system, what a text is written in, what a path is.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.authoring.handout.zips import STAY_AT_HOME
from autograder.grade import opened
from autograder.platforms import python_command
from autograder.problem import Verdict
from autograder.report.ladder import in_terminal
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.processes import CRASHES, wait_status
from autograder.sandbox.relative import Relative
from autograder.sandbox.session import _how_it_ended
from autograder.settings import thaw
from autograder.worker.messages import Ended
from tests.conftest import LONGEST, ROOT
from tests.submissions import REFERENCE, submission

ELSEWHERE = ROOT / "tests/elsewhere.py"
SYSTEMS = ("win32", "darwin")

HOUSE = ROOT / "autograder"
SOURCES = sorted(HOUSE.rglob("*.py"))
TRAVELLING = [
    path for path in SOURCES if path.relative_to(HOUSE).parts[0] not in STAY_AT_HOME
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def reachable(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Folders of pytest are closed to other users, and as root a worker is another user."""
    base = tmp_path_factory.getbasetemp()
    for folder in (base, base.parent):
        folder.chmod(0o755)


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ""}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True,
        encoding="utf-8", timeout=LONGEST, check=False,
    )  # fmt: skip


def played(system: str, folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program as if on another system."""
    return run(folder, ELSEWHERE, system, *command)


# --------------------------------------------------------------------------- what is not there

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}")
"""

MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in TRAVELLING]


@pytest.mark.parametrize("system", SYSTEMS)
def test_all_that_travels_can_be_imported(system: str) -> None:
    """With every module and every name away that the system does not have."""
    names = [name.removesuffix(".__init__") for name in MODULES if not name.endswith("__main__")]
    done = played(system, ROOT, "-c", IMPORT_ALL, *names)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_module_that_windows_lacks_is_found(tmp_path: Path) -> None:
    """The test above can fail."""
    (tmp_path / "needs_linux.py").write_text("import resource\n", encoding="utf-8")
    (tmp_path / "asks_linux.py").write_text("import os\nME = os.getuid()\n", encoding="utf-8")
    code = f"import sys; sys.path.append({str(tmp_path)!r})\n{IMPORT_ALL}"
    said = played("win32", ROOT, "-c", code, "needs_linux", "asks_linux").stdout
    assert "needs_linux: ModuleNotFoundError" in said and "asks_linux: AttributeError" in said


BODIES = {
    "rnn.rnn_step_forward": "return np.sin(x @ Wx + prev_h @ Wh + b), None",
    "rnn.rnn_forward": "raise ValueError('ü')",
    "rnn.last_hidden": "print('here'); return h[:, -1]",
    "head.temporal_affine_forward": "import os\nos._exit(3)",
}

JUDGED = [*BODIES, "rnn.rnn_backward", "head.temporal_affine_backward"]


def verdicts(said: str) -> dict[str, tuple[object, ...]]:
    """Problem -> what a student reads."""
    found = {}
    for verdict in json.loads(said):
        texts = tuple(finding["text"] for finding in verdict["findings"])
        found[verdict["problem"]] = (
            verdict["status"], verdict["score"], texts, verdict["printed"], *verdict["hints"],
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def wrong_work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work with something of each kind in it, and with the line ends of Windows."""
    folder = tmp_path_factory.mktemp("work")
    submission(folder, BODIES)
    for path in (folder / "recurrent").glob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return folder


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_check_says_the_same_there(system: str, wrong_work: Path) -> None:
    names = [name.partition(".")[2] for name in JUDGED]
    command = ("-m", "autograder", "check", *names, "--json", "--submission", wrong_work)
    here, there = run(ROOT, *command), played(system, ROOT, *command)
    assert there.stderr == here.stderr == ""
    assert verdicts(there.stdout) == verdicts(here.stdout)


LOOPS = """
import sys
from pathlib import Path
from autograder import lessons
from autograder.sandbox import Limits, Sandbox
from autograder.judge.faulty import fault
problem = lessons.find("rnn_step_forward")
with Sandbox(Limits(seconds=0.5)) as box:
    print(box.fork)
    with box.session(problem, Path(sys.argv[1])) as session:
        reply = session.call(problem, {tensor.name: 0 for tensor in []})
    print(fault(reply.fault, problem))
"""


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_loop_is_ended_there(system: str, tmp_path: Path) -> None:
    """By the clock on the wall: these systems do not tell another process's time."""
    submission(tmp_path, files={"rnn": "while True: pass\n"})
    done = played(system, ROOT, "-c", LOOPS, tmp_path)
    assert done.stderr == ""
    forked, said = done.stdout.splitlines()
    assert forked == "False" and "after waiting for 1 s" in said


@pytest.mark.parametrize("code", [*CRASHES, 0xC0000005 - (1 << 32)])
def test_a_crash_on_windows_has_the_name_of_its_signal(code: int) -> None:
    name = CRASHES[code & 0xFFFFFFFF]
    assert _how_it_ended(Ended(wait_status(code))) == f"killed by {name}"


def test_other_ends_are_what_they_are() -> None:
    assert _how_it_ended(Ended(wait_status(-signal.SIGSEGV))) == "killed by SIGSEGV"
    assert _how_it_ended(Ended(wait_status(3))) == "exit code 3"


def test_doctor_claims_nothing_that_it_has_not_tried() -> None:
    done = played("win32", ROOT, "-m", "autograder", "doctor")
    assert done.stderr == "" and done.returncode == 0
    for name in ("another user", "the judge's memory", "neighbours", "uncounted memory", "limits"):
        assert any(name in line and "no" in line.split() for line in done.stdout.splitlines()), name


# ------------------------------------------------------------------------------------- where it is

HOMES = ("Übung 1 – día", "Meine Übungen (neu)", "a'b", "$HOME & co; x", "100 % [1]")


@pytest.mark.parametrize("name", HOMES)
@pytest.mark.parametrize("system", ["here", "win32"])
def test_the_handout_works_in_a_folder_of_any_name(
    system: str, name: str, zips: dict[str, Path], tmp_path: Path
) -> None:
    home = tmp_path / name
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(home)
    folder = home / "assignment"
    (folder / "recurrent/rnn.py").write_text(REFERENCE["rnn"], encoding="utf-8")
    command = ("check.py", "rnn_step_forward", "--json")
    done = run(folder, *command) if system == "here" else played(system, folder, *command)
    assert done.stderr == ""
    assert [verdict["status"] for verdict in json.loads(done.stdout)] == ["passed"]


@pytest.mark.parametrize("text, expected", [
    (r'File "C:\Temp\sub\x1\recurrent\rnn.py", line 3', r'File "recurrent\rnn.py", line 3'),
    (r"C:\Temp\sub\x1", "."),
    (r"D:\other\rnn.py", r"D:\other\rnn.py"),
])  # fmt: skip
def test_a_folder_of_windows_is_taken_out_of_a_text(
    text: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    relative = Relative()
    relative._own = {r"C:\Temp\sub\x1": "."}
    monkeypatch.setattr(os, "sep", "\\")
    assert relative.text(text) == expected


def test_a_file_that_another_program_has_open_costs_nobody_a_verdict(
    frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows does not remove it. The verdicts are there, and no traceback is."""
    submission(tmp_path)
    course = thaw(frozen / "course.json")
    kept: list[Path] = []

    def refuse(*arguments: object, **named: object) -> None:
        raise PermissionError(13, "the process cannot access the file")

    with Sandbox(Limits(), fork=False) as box:
        with opened(tmp_path, course, [], box) as grader:
            kept.append(grader.package)
            monkeypatch.setattr(os, "unlink", refuse)
            monkeypatch.setattr(os, "rmdir", refuse)
        monkeypatch.undo()
    assert kept[0].exists(), "the test has not kept anything from being removed"


def temporary_folders_that_must_go(source: str) -> list[int]:
    """The lines on which a temporary folder is made whose removal may fail aloud."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("TemporaryDirectory"):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", TRAVELLING, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_temporary_folder_fails_aloud_when_it_cannot_be_removed(path: Path) -> None:
    assert temporary_folders_that_must_go(path.read_text(encoding="utf-8")) == []


def test_a_temporary_folder_that_must_go_is_found() -> None:
    assert temporary_folders_that_must_go("with tempfile.TemporaryDirectory() as place: pass") == [
        1
    ]


# ------------------------------------------------------------------------------------ what it says


@pytest.mark.parametrize("system, expected", [("win32", "py"), ("darwin", "python")])
def test_a_command_is_what_works_there(
    system: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert python_command() == expected
    verdict = Verdict("rnn_forward", "rnn", "", "failed", 0.0, 1.0, {}, ())
    assert in_terminal(verdict, 2) == f"{expected} check.py rnn_forward --hint 2"


def commands_spelt_out(path: Path) -> list[int]:
    """The lines with a text, other than a docstring, that tells somebody to run `python`."""
    tree = ast.parse(path.read_bytes())
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docstrings.add(id(node.value))
    lines = []
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings and "python check.py" in str(node.value):
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", TRAVELLING, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_message_names_the_command_of_one_system(path: Path) -> None:
    assert commands_spelt_out(path) == []


# --------------------------------------------------------------------------- what it is written in

IN_BYTES = ("b", "rb", "wb", "ab", "xb", "r+b", "rb+", "w+b", "wb+")


def texts_without_encoding(source: str) -> list[int]:
    """The lines on which text is read or written in whatever the system takes it to be."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _needs_an_encoding(node) and not _has_one(node):
            lines.append(node.lineno)
    return lines


def _needs_an_encoding(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    last = name.rpartition(".")[2]
    if last in ("read_text", "write_text", "TextIOWrapper"):
        return True
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name.startswith("subprocess."):
        return "text" in named or "universal_newlines" in named
    if name in ("open", "io.open", "os.fdopen"):
        return not _is_in_bytes(call.args[1:2], named)
    if last == "open" and isinstance(call.func, ast.Attribute):
        # of a path: its first argument is the mode; of an archive or the system: no text
        owner = ast.unparse(call.func.value).lower()
        others = ("os", "archive", "zip", "tarfile", "image", "webbrowser", "gzip", "lzma", "bz2")
        is_path = not any(other in owner for other in others)
        return is_path and not _is_in_bytes(call.args[:1], named)
    if last in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile"):
        mode = named.get("mode", call.args[0] if call.args else None)
        return mode is not None and "b" not in ast.unparse(mode)
    return False


def _is_in_bytes(mode: list[ast.expr], named: dict[str | None, ast.expr]) -> bool:
    found = named.get("mode", mode[0] if mode else None)
    return isinstance(found, ast.Constant) and found.value in IN_BYTES


def _has_one(call: ast.Call) -> bool:
    last = ast.unparse(call.func).rpartition(".")[2]
    if last == "read_text" and call.args:
        return True
    return any(keyword.arg in ("encoding", None) for keyword in call.keywords)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_every_text_has_an_encoding(path: Path) -> None:
    """Windows would take it for cp1252, and a `Ü` in it for two letters."""
    assert texts_without_encoding(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "open(name)", "open(name, 'w')", "path.open()", "path.open('a')", "path.read_text()",
        "path.write_text(text)", "os.fdopen(fd, 'w')", "subprocess.run(command, text=True)",
        "tempfile.NamedTemporaryFile('w')", "io.TextIOWrapper(raw)",
    ],
)  # fmt: skip
def test_a_text_without_an_encoding_is_found(line: str) -> None:
    assert texts_without_encoding(line) == [1]
    begin = line.removesuffix(")")
    separator = "" if begin.endswith("(") else ", "
    assert texts_without_encoding(f"{begin}{separator}encoding='utf-8')") == []


@pytest.mark.parametrize(
    "line", ["open(name, 'rb')", "path.open('rb')", "archive.open(name)", "os.open(name, flags)"]
)
def test_bytes_need_none(line: str) -> None:
    assert texts_without_encoding(line) == []
