"""Unfinished work in a notebook: a note in place of an error, and a real error as it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.check import unfinished
from autograder.check.unfinished import NOTE, load_ipython_extension
from tests.conftest import ROOT
from tests.submissions import REFERENCE

InteractiveShell = pytest.importorskip(
    "IPython.core.interactiveshell", reason="IPython is not installed"
).InteractiveShell

STUB = (ROOT / "assignment" / "recurrent" / "rnn.py").read_text()
WRITTEN = (
    "def finished():\n    return missing_name\n\n\ndef broken():\n    raise ValueError('no')\n"
)


def line_of(text: str) -> int:
    return STUB[: STUB.index(text)].count("\n") + 1


LINE = line_of('raise NotImplementedError("rnn_forward ')


class Cells:
    """A shell as a kernel has one: what its cells show, and whether they end in an error."""

    def __init__(self, shell: Any, folder: Path) -> None:
        self.shell, self.folder = shell, folder
        self.shown: list[str] = []
        shell.display_pub.publish = self._publish

    def _publish(self, data: dict[str, str], **options: object) -> None:
        assert data["text/html"].startswith("<div") and "`" not in data["text/html"]
        self.shown.append(data["text/plain"])

    def __call__(self, source: str) -> str:
        """The note that a cell shows, or the name of its error, or empty."""
        self.shown.clear()
        result = self.shell.run_cell(source)
        error = result.error_before_exec or result.error_in_exec
        assert not (error and self.shown)
        return type(error).__name__ if error else "".join(self.shown)

    def write(self, source: str) -> None:
        """Write rnn.py, and let the next cell import it afresh."""
        (self.folder / "recurrent" / "rnn.py").write_text(source)
        forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "recurrent"]:
        del sys.modules[name]


@pytest.fixture
def cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cells]:
    package = tmp_path / "recurrent"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setattr(unfinished, "ROOT", tmp_path.resolve())
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    shell = InteractiveShell()
    load_ipython_extension(shell)
    found = Cells(shell, tmp_path)
    found.write(STUB)
    yield found
    forget()


IMPORT = "from recurrent.rnn import rnn_forward\n"
CALL = IMPORT + "h = rnn_forward(1, 2, 3, 4, 5)"
NEEDS = f"{NOTE}this cell needs rnn_forward, which is still to do in recurrent/rnn.py, line {LINE}"
FOLLOWS = (
    "{note}this cell needs {name} from a cell above, and that one needs rnn_forward, which is "
    "still to do in recurrent/rnn.py, line {line}"
)


def follows(name: str) -> str:
    return FOLLOWS.format(note=NOTE, name=name, line=LINE)


def test_what_is_still_to_do_is_said_with_its_place(cells: Cells) -> None:
    assert cells(CALL) == NEEDS


def test_what_a_cell_has_not_made_is_missed_in_the_same_words(cells: Cells) -> None:
    cells(CALL)
    assert cells("h + 1") == follows("h")
    assert cells("more = h + 1") == follows("h")
    assert cells("print(more)") == follows("more")


def test_no_later_cell_goes_on_with_values_of_something_else(cells: Cells) -> None:
    """The noted cell's variables go, those that it began to fill and those that stood before it."""
    cells("T, found, kept = 5, {'old': 1}, 3")
    cells(IMPORT + "found = {}\nfor T in range(3):\n    found[T] = rnn_forward(1, 2, 3, 4, 5)")
    assert cells("T") == follows("T") and cells("found") == follows("found")
    assert cells("kept") == ""


def test_functions_and_imports_before_the_missing_one_are_kept_and_those_after_it_go(
    cells: Cells,
) -> None:
    cells("import math\ndef before():\n    return 1\n" + CALL + "\ndef after():\n    return 2")
    assert cells("before() + math.pi") == ""
    assert cells("after()") == follows("after")


def test_a_function_of_a_cell_above_that_calls_it(cells: Cells) -> None:
    assert cells(IMPORT + "def loss():\n    return rnn_forward(1, 2, 3, 4, 5)") == ""
    assert cells("loss()") == NEEDS


def test_when_it_is_written_the_cell_above_is_to_be_run_first(cells: Cells) -> None:
    """Nothing is called still to do that no longer is."""
    cells(CALL)
    cells.write(REFERENCE["rnn"])
    assert cells("h") == f"{NOTE}this cell needs h from a cell above: run that one first"


def test_a_half_written_function_is_not_called_to_do(cells: Cells) -> None:
    half = STUB.replace(
        '    raise NotImplementedError("rnn_forward ',
        '    N, T, D = 1, 2, 3\n    raise NotImplementedError("rnn_forward ',
    )
    cells.write(half)
    assert cells(CALL) == (
        f"{NOTE}this cell needs rnn_forward, which is not finished: raise NotImplementedError "
        f"still stands in recurrent/rnn.py, line {LINE + 1}"
    )


def test_a_method_is_called_by_its_class(cells: Cells) -> None:
    cells.write("class Network:\n    def loss(self):\n        raise NotImplementedError\n")
    shown = cells("from recurrent.rnn import Network\nNetwork().loss()")
    assert shown.startswith(f"{NOTE}this cell needs Network.loss, which is still to do")


REAL = {
    "an error of the student's": ("from recurrent.rnn import broken\nbroken()", "ValueError"),
    "a name that a file lacks": ("from recurrent.rnn import finished\nfinished()", "NameError"),
    "a name that nothing makes": ("nowhere", "NameError"),
    "a NotImplementedError of the cell's own": (
        "raise NotImplementedError('mine')",
        "NotImplementedError",
    ),
    "a NotImplementedError of a library": (
        "import concurrent.futures\nconcurrent.futures.Executor().submit(None)",
        "NotImplementedError",
    ),
    "a local variable": ("def f():\n    print(h)\n    h = 1\nf()", "UnboundLocalError"),
    "a slip": ("1 +", "SyntaxError"),
    "a wrong call": ("len(1)", "TypeError"),
}


@pytest.mark.parametrize("source, kind", REAL.values(), ids=REAL)
def test_a_real_error_is_shown_as_it_is(
    source: str, kind: str, cells: Cells, capsys: pytest.CaptureFixture[str]
) -> None:
    cells.write(STUB + "\n\n" + WRITTEN)
    cells(CALL)  # h and missing_name are missing now
    cells(CALL.replace("h =", "missing_name ="))
    capsys.readouterr()
    assert cells(source) == kind
    assert kind in capsys.readouterr().out


def test_a_real_error_leaves_the_variables(cells: Cells) -> None:
    cells("kept = 1\nkept = kept / 0")
    assert cells("kept") == ""


def test_while_a_file_cannot_be_read_each_cell_says_that_its_old_code_runs(cells: Cells) -> None:
    """The reader of files leaves the old functions in place, and says so only once."""
    cells.write(REFERENCE["rnn"])
    assert cells(IMPORT) == ""
    rnn = cells.folder / "recurrent" / "rnn.py"
    broken = REFERENCE["rnn"].replace("def rnn_forward(", "def rnn_forward((")
    rnn.write_text(broken)
    said = "! old code: recurrent/rnn.py cannot be read (line "
    for _ in range(2):
        shown = cells("1 + 1")
        assert shown.startswith(said) and "as they were before" in shown
    rnn.write_text(REFERENCE["rnn"])
    os.utime(rnn, ns=(0, 0))  # another time, however coarse the clock of files is
    assert cells("1 + 1") == ""


def test_a_file_that_is_not_imported_is_not_looked_at(cells: Cells) -> None:
    (cells.folder / "recurrent" / "head.py").write_text("def (")
    assert cells("1 + 1") == ""


def test_a_picture_that_was_begun_is_not_shown(cells: Cells) -> None:
    plots = pytest.importorskip("matplotlib.pyplot")
    cells("import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\nplt.figure()")
    assert len(plots.get_fignums()) == 1
    cells(CALL)
    assert plots.get_fignums() == []


def test_it_is_loaded_by_its_name() -> None:
    shell = InteractiveShell()
    assert shell.extension_manager.load_extension("autograder.check.unfinished") is None
    assert NotImplementedError in shell.custom_exceptions
