"""What a student's file may import besides the expected ones: its helpers, and what is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from autograder.grade import casebooks, grade_submission
from autograder.problem import Verdict
from autograder.sandbox import Limits, Sandbox
from autograder.settings import thaw
from autograder.worker.guard import why_not
from tests.conftest import ROOT
from tests.submissions import REFERENCE

STEP = "rnn_step_forward"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits()) as sandbox:
        yield sandbox


def graded(
    files: Mapping[str, str], tmp_path: Path, frozen: Path, box: Sandbox, *names: str
) -> tuple[list[Verdict], list[str]]:
    """The verdicts on some problems of a submission, public cases only, and the remarks."""
    for path, text in files.items():
        (tmp_path / "s" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / path).write_text(text, encoding="utf-8")
    course = thaw(frozen / "course.json")
    books = casebooks(frozen, public_only=True)
    remarks: list[str] = []
    found = grade_submission(tmp_path / "s", course, books, names or [STEP], box, remarks.append)
    return list(found), remarks


def rnn_with(line: str, instead: str = "") -> str:
    """The reference's rnn.py with a line above all, and `np.tanh` replaced where that is given."""
    text = REFERENCE["rnn"].replace("import numpy as np\n", f"import numpy as np\n{line}\n", 1)
    return text.replace("np.tanh", instead) if instead else text


TANH = "import numpy as np\n\n\ndef squash(x):\n    return np.tanh(x)\n"

WAYS = {
    "a file": ({"activations.py": TANH}, "from .activations import squash", "squash"),
    "by its full name": (
        {"activations.py": TANH},
        "from recurrent.activations import squash",
        "squash",
    ),
    "the module": ({"activations.py": TANH}, "from . import activations", "activations.squash"),
    "a package": (
        {"tools/__init__.py": "from .more import squash\n", "tools/more.py": TANH},
        "from .tools import squash",
        "squash",
    ),
    "no __init__": ({"tools/more.py": TANH}, "from .tools.more import squash", "squash"),
    "their own __init__": ({"__init__.py": TANH}, "from . import squash", "squash"),
    "one through the other": (
        {"__init__.py": "from .activations import squash\n", "activations.py": TANH},
        "from . import squash",
        "squash",
    ),
    "two that import each other": (
        {"a.py": "from . import b\n" + TANH, "b.py": "from . import a\n"},
        "from .a import squash",
        "squash",
    ),
}  # fmt: skip
"""How -> the helpers, the line that imports, and what stands in place of `np.tanh`."""


@pytest.mark.parametrize("way", WAYS)
def test_a_helper_can_be_imported(way: str, tmp_path: Path, frozen: Path, box: Sandbox) -> None:
    helpers, line, instead = WAYS[way]
    files = {f"recurrent/{name}": text for name, text in helpers.items()}
    files["recurrent/rnn.py"] = rnn_with(line, instead)
    [verdict], remarks = graded(files, tmp_path, frozen, box)
    assert verdict.status == "passed", verdict.findings
    assert remarks == []


GIVEN = sorted(
    path.relative_to(ROOT / "assignment" / "recurrent")
    .with_suffix("")
    .as_posix()
    .replace("/", ".")
    .removesuffix(".__init__")
    for part in ("training.py", "data/*.py", "pictures/*.py")
    for path in (ROOT / "assignment" / "recurrent").glob(part)
)


@pytest.mark.parametrize("module", GIVEN)
def test_what_the_handout_gives_can_be_imported_though_only_one_file_is_handed_in(
    module: str, tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    top, dot, inner = module.rpartition(".")
    line = f"from .{top} import {inner}" if dot else f"from . import {inner}"
    [verdict], _ = graded({"rnn.py": rnn_with(line)}, tmp_path, frozen, box)
    assert verdict.status == "passed", verdict.findings


def test_a_given_module_that_was_handed_in_is_the_students_own(
    tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    files = {"rnn.py": rnn_with("from .training import squash", "squash"), "training.py": TANH}
    [verdict], _ = graded(files, tmp_path, frozen, box)
    assert verdict.status == "passed", verdict.findings


@pytest.mark.parametrize(
    "text", ["raise RuntimeError\n", "while True: pass\n", "import os\nos._exit(3)\n", "(\n"]
)
def test_a_broken_init_costs_only_who_uses_it(
    text: str, tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    files = {f"recurrent/{name}.py": REFERENCE[name] for name in ("rnn", "head")}
    files["recurrent/__init__.py"] = text
    problems = (STEP, "temporal_affine_forward")
    verdicts, _ = graded(files, tmp_path, frozen, box, *problems)
    assert [verdict.status for verdict in verdicts] == ["passed", "passed"]


def test_a_helper_that_is_not_there_is_named(tmp_path: Path, frozen: Path, box: Sandbox) -> None:
    files = {"rnn.py": rnn_with("from .activations import squash", "squash")}
    [verdict], _ = graded(files, tmp_path, frozen, box)
    assert verdict.findings[0].text == "activations.py is missing from the submission"


REFUSED = {
    "subprocess": "import subprocess\nsubprocess.run(['true'])\n",
    "scipy": "import scipy\nscipy.linalg.norm(1)\n",
    "the grader": "from autograder import casebook\ncasebook.gathered()\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_helper_stands_under_the_same_guard(
    what: str, tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    files = {"rnn.py": rnn_with("from . import activations"), "activations.py": REFUSED[what]}
    [verdict], _ = graded(files, tmp_path, frozen, box)
    assert verdict.score == 0 and "this lesson may not use" in verdict.findings[0].text


@pytest.mark.parametrize(
    ("wrong", "meant"), [("nunpy", "numpy"), ("maths", "math"), ("typng", "typing")]
)
def test_a_module_that_there_is_not_is_told_its_name(
    wrong: str, meant: str, tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    files = {"rnn.py": rnn_with(f"import {wrong}", f"{wrong}.tanh")}
    [verdict], _ = graded(files, tmp_path, frozen, box)
    assert verdict.findings[0].text.partition(";")[2].startswith(f" did you mean {meant}?")


def test_a_module_that_is_another_is_told_no_name() -> None:
    for name in ("scipy", "cupy", "ctypes", "pandas", "torch"):
        assert "did you mean" not in why_not(name, "numpy", frozenset())


def test_a_helper_imported_by_a_plain_name_is_told_how(
    tmp_path: Path, frozen: Path, box: Sandbox
) -> None:
    files = {"rnn.py": rnn_with("import activations", "activations.squash")}
    files["activations.py"] = TANH
    [verdict], _ = graded(files, tmp_path, frozen, box)
    assert "import your own activations.py as `from .activations import" in verdict.findings[0].text
