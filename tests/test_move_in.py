"""Work that was written in a notebook: found there, named, and moved into the files on request."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder import lessons
from autograder.check.move_in import move_in
from autograder.errors import UserError
from autograder.notebook_code import functions_in_notebook
from tests.conftest import ROOT
from tests.submissions import REFERENCE

GRADED = {problem.of: problem.lesson for problem in lessons.all_problems()}
HANDOUT = ROOT / "assignment"
STUBS = {name: (HANDOUT / "recurrent" / f"{name}.py").read_text() for name in lessons.names()}

STEP = """
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    # mine
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)
"""


def notebook(path: Path, *cells: str) -> Path:
    """A notebook with these code cells, and text between them."""
    listed = []
    for cell in cells:
        listed.append({"cell_type": "markdown", "source": "def rnn_forward(x):", "metadata": {}})
        listed.append({"cell_type": "code", "source": cell.splitlines(True), "outputs": []})
    path.write_text(json.dumps({"cells": listed, "metadata": {}, "nbformat": 4}))
    return path


@pytest.fixture
def recurrent(tmp_path: Path) -> Path:
    """All stubs, as they are handed out."""
    folder = tmp_path / "recurrent"
    folder.mkdir()
    for lesson, source in STUBS.items():
        (folder / f"{lesson}.py").write_text(source)
    return folder


def changed(recurrent: Path) -> set[str]:
    return {path.stem for path in recurrent.iterdir() if path.read_text() != STUBS.get(path.stem)}


@pytest.mark.parametrize("lesson", STUBS)
def test_a_lesson_written_in_cells_moves_whole_and_means_the_same(
    lesson: str, recurrent: Path, tmp_path: Path
) -> None:
    """Functions and methods, their helpers, imports and constants; every docstring stays."""
    source = REFERENCE[lesson]
    cells = [ast.get_source_segment(source, part) or "" for part in ast.parse(source).body]
    said = move_in(notebook(tmp_path / "n.ipynb", *cells), recurrent, GRADED)
    moved = {function for function in GRADED if any(f": {function} was moved" in s for s in said)}
    assert moved == {function for function, where in GRADED.items() if where == lesson}
    assert changed(recurrent) == {lesson}
    written = (recurrent / f"{lesson}.py").read_text()
    assert "NotImplementedError(" not in written
    assert definitions(written) == definitions(source)


def definitions(source: str) -> dict[str, str]:
    """Every function and class of a file by name, as it is once parsed."""
    parts = (part for part in ast.parse(source).body)
    return {part.name: ast.dump(part) for part in parts if hasattr(part, "name")}


def test_magics_and_cells_that_are_no_python_do_not_stop_it(
    recurrent: Path, tmp_path: Path
) -> None:
    cells = [
        "!pip install numpy\n%matplotlib inline\nimport numpy as np",
        "%%bash\nls (",
        "np.tanh?",
    ]
    mixed = ["files = !ls\n%%time", f"%%time\n{STEP}\n%timeit 1", "def f(:\n"]
    said = move_in(notebook(tmp_path / "n.ipynb", *cells, *mixed), recurrent, GRADED)
    assert "recurrent/rnn.py: rnn_step_forward was moved there from cell 10" in said
    assert [s for s in said if "cell 12 was left out, because it is no Python (line 1" in s]
    rnn = (recurrent / "rnn.py").read_text()
    assert "    # mine\n" in rnn and "One step of a vanilla RNN" in rnn


def test_helpers_imports_and_constants_go_along_and_what_is_worked_out_is_named(
    recurrent: Path, tmp_path: Path
) -> None:
    cells = [
        "import math\nfrom recurrent.head import perplexity as pp\nEPS = 1e-9\nx = W = max(3, 4)",
        "def squash(a):\n    return np.tanh(a) + EPS * math.pi\n\ndef unused():\n    return 1",
        STEP.replace("np.tanh(", "squash(").replace("# mine", "pp(W)"),
    ]
    said = move_in(notebook(tmp_path / "n.ipynb", *cells), recurrent, GRADED)
    rnn = (recurrent / "rnn.py").read_text()
    for line in ("\nimport math\n", "\nfrom .head import perplexity as pp\n", "\nEPS = 1e-9\n"):
        assert line in rnn
    assert "def squash(a):" in rnn and "unused" not in rnn
    # x is an argument of the function, W an array of the notebook's
    assert [sentence for sentence in said if "uses W, which cell 2 works out" in sentence]
    assert not [sentence for sentence in said if "uses x" in sentence]


@pytest.mark.parametrize(
    "body, kept",
    [
        ("    return x, None\n", True),
        ("    raise NotImplementedError\n    next_h = x\n    return next_h, None\n", True),
        ('    """Mine."""\n    raise NotImplementedError("rnn_step_forward")\n', False),
        ("    pass\n", False),
    ],
)
def test_what_is_written_in_a_file_is_never_replaced(
    body: str, kept: bool, recurrent: Path, tmp_path: Path
) -> None:
    own = f"import numpy as np\r\n\r\ndef rnn_step_forward(x, prev_h, Wx, Wh, b):\r\n{body}"
    before = own.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    (recurrent / "rnn.py").write_bytes(before)
    said = move_in(notebook(tmp_path / "n.ipynb", STEP), recurrent, GRADED)
    after = (recurrent / "rnn.py").read_bytes()
    assert (after == before) == kept
    assert any("the rnn_step_forward you wrote there, line 3, was kept" in s for s in said) == kept
    assert after.count(b"\n") == after.count(b"\r\n"), "its ends of line are as they were"
    again = move_in(notebook(tmp_path / "n.ipynb", STEP), recurrent, GRADED)
    assert (recurrent / "rnn.py").read_bytes() == after
    assert kept or again == ["recurrent/rnn.py: rnn_step_forward is there already"]


@pytest.mark.parametrize(
    "file, sentence",
    [
        (None, "recurrent/rnn.py is missing"),
        ("def f(:\n", "recurrent/rnn.py, line 1, is no Python"),
        ("import numpy as np\n", "recurrent/rnn.py has no rnn_step_forward any more"),
    ],
)
def test_a_file_that_cannot_take_it_is_named(
    file: str | None, sentence: str, recurrent: Path, tmp_path: Path
) -> None:
    rnn = recurrent / "rnn.py"
    rnn.unlink()
    if file is not None:
        rnn.write_text(file)
    said = move_in(notebook(tmp_path / "n.ipynb", STEP), recurrent, GRADED)
    assert any(sentence in one for one in said)
    assert not rnn.exists() if file is None else rnn.read_text() == file


NO_NOTEBOOKS: Sequence[str] = ("", "{", "[]", "{}", '{"cells": 3}', "[" * 100_000, "def f(): pass")


@pytest.mark.parametrize("text", NO_NOTEBOOKS, ids=lambda text: text[:12])
def test_what_is_no_notebook_is_said_to_be_none(text: str, recurrent: Path, tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(text)
    assert functions_in_notebook(text) == []
    with pytest.raises(UserError, match=r"n\.ipynb cannot be read as a notebook"):
        move_in(path, recurrent, GRADED)
    assert changed(recurrent) == set()


def test_a_notebook_of_the_handout_defines_nothing_of_the_course(
    recurrent: Path, tmp_path: Path
) -> None:
    for path in sorted((HANDOUT / "notebooks").glob("*.ipynb")):
        assert functions_in_notebook(path.read_text()) == []
        with pytest.raises(UserError, match="defines no function of this course"):
            move_in(path, recurrent, GRADED)


def test_functions_are_found_in_broken_cells_too(tmp_path: Path) -> None:
    cells = [
        "!ls\ndef lstm_forward(x:",
        STEP,
        STEP,
        "class LSTMCell(nn.Module):\n    pass",
        "def f(): 1",
    ]
    text = notebook(tmp_path / "n.ipynb", *cells).read_text()
    assert functions_in_notebook(text) == ["lstm_forward", "rnn_step_forward", "LSTMCell"]
