"""What students leave in a file or return: one exact sentence, and the other files keep their points.

Each row of a table is an instance of a kind; a new one is a line more.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.check import pythons
from autograder.intake import take_in
from autograder.judge.describe import shape_faults
from autograder.judge.faulty import fault as in_words
from autograder.problem import Case, Problem, Reply
from autograder.sandbox import Limits, Sandbox
from autograder.worker.leftovers import HERE, newer_name, newer_syntax
from tests.submissions import REFERENCE, submission

ROOT = Path(__file__).resolve().parents[2]
NAMES = list(lessons.names())
STEP, BACKWARD = lessons.find("rnn_step_forward"), lessons.find("rnn_step_backward")
AFFINE = lessons.find("temporal_affine_forward")

BELOW = 'below `if __name__ == "__main__":`'
MOVE = f"delete that line, or move it {BELOW}"
CANNOT = "rnn.py cannot be imported: "


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=2.0)) as sandbox:
        yield sandbox


def package_of(folder: Path) -> Path:
    scratch = folder / "taken-in"
    scratch.mkdir()
    return take_in(folder / "submission", NAMES, scratch).package


def inputs_of(problem: Problem) -> Case:
    name, sizes, inputs = next(draw_cases(problem, 1, hidden=False))
    return Case(name, sizes, inputs, {})


def ask(box: Sandbox, package: Path, problem: Problem) -> Reply:
    with box.session(problem, package) as session:
        return session.call(problem, inputs_of(problem).inputs)


def said(reply: Reply, problem: Problem) -> str:
    assert reply.fault is not None
    return in_words(reply.fault, problem)


# ---------------------------------------------------------------------------- left at a file's end

LENGTH = len(REFERENCE["rnn"].splitlines())

HARMLESS = {
    "argparse, options only": (
        "import argparse\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', type=float, default=0.1)\nargs = parser.parse_args()"
    ),
    "the name of the script": "import sys\nassert sys.argv == ['recurrent/rnn.py']",
    "a demo below main": 'if __name__ == "__main__":\n    exit(rnn_forward())',
    "a notebook's import, not used": "from google.colab import drive",
    "matplotlib, not used": "import matplotlib.pyplot as plt",
    "a prompt in a docstring": 'def note():\n    """\n    >>> note()\n    """',
    "a percent sign between lines": "x = (7\n% 4)",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_plain_script_may_do_costs_nothing(box: Sandbox, tmp_path: Path, name: str) -> None:
    text = f"{REFERENCE['rnn']}\n{HARMLESS[name]}\n"
    submission(tmp_path / "submission", files={"rnn": text})
    reply = ask(box, package_of(tmp_path), STEP)
    assert reply.fault is None and "next_h" in reply.outputs


LEFT = {
    # what stands below the reference -> the sentence; the line is the last one, unless it is named
    "argparse that wants something": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('lr')\n"
        "args = parser.parse_args()",
        f"SystemExit: `args = parser.parse_args()` ends the program while the file is imported: {MOVE}",
    ),
    "an argument that is not there": (
        "import sys\nn = int(sys.argv[1])",
        "IndexError: list index out of range; `n = int(sys.argv[1])` runs while the file is imported: "
        f"correct that line, or move it {BELOW}",
    ),
    "input": (
        "name = input('? ')",
        f"EOFError: `name = input('? ')` asks for input, and nobody is there to type it: {MOVE}",
    ),
    "exit": (
        "exit()", f"SystemExit: `exit()` ends the program while the file is imported: {MOVE}"),
    "quit": (
        "quit()", f"SystemExit: `quit()` ends the program while the file is imported: {MOVE}"),
    "sys.exit beside its import": (
        "import sys; sys.exit()",
        f"SystemExit: `import sys; sys.exit()` ends the program while the file is imported: {MOVE}",
    ),
    "a demo of what is still to do": (
        "def todo():\n    raise NotImplementedError('later')\ntodo()",
        f"NotImplementedError: `todo()` runs what is still to do while the file is imported: {MOVE}",
    ),
    "a demo that fails": (
        "for i in range(9):\n    np.zeros(3)[i]",
        "IndexError: index 3 is out of bounds for axis 0 with size 3; `np.zeros(3)[i]` runs while the "
        f"file is imported: correct that line, or move it {BELOW}",
    ),
    "a name that another file lacks": (
        "from .lstm import nothing", "ImportError: there is no nothing in lstm.py"),
    "!pip": ("!pip install numpy", "`!pip install numpy` is notebook syntax: delete that line"),
    "!pip, exported": (
        "get_ipython().system('pip install numpy')",
        "`get_ipython().system('pip install numpy')` is notebook syntax: delete that line",
    ),
    "a magic, exported": (
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "`get_ipython().run_line_magic('matplotlib', 'inline')` is notebook syntax: delete that line",
    ),
    "a line magic": (
        "%matplotlib inline", "`%matplotlib inline` is notebook syntax: delete that line"),
    "a cell magic": ("%%time", "`%%time` is notebook syntax: delete that line"),
    "help": ("np.tanh?", "`np.tanh?` is notebook syntax: delete that line"),
    "a shell's answer": ("files = !ls", "`files = !ls` is notebook syntax: delete that line"),
    "display": ("display(np)", "`display(np)` is notebook syntax: delete that line"),
    "pip": ("pip install numpy", "`pip install numpy` is a command for a terminal: delete that line"),
    "a prompt": (
        ">>> x = 1",
        "`>>> x = 1` begins with a prompt of Python's: delete `>>>` and `...` at the beginning of the "
        "lines",
    ),
    "a prompt that goes on": (
        "... x = 1",
        "`... x = 1` begins with a prompt of Python's: delete `>>>` and `...` at the beginning of the "
        "lines",
    ),
    "a cell's number": (
        "In [3]: x = 1",
        "`In [3]: x = 1` begins with a notebook's cell number: delete `In [..]:` and `Out[..]:` at the "
        "beginning of the lines",
    ),
    "line numbers": (
        "12 import os",
        "`12 import os` begins with a line number: delete the numbers at the beginning of the lines",
    ),
    "curly quotes": (
        "x = \u201ca\u201d",
        "`x = \u201ca\u201d` has the quotes of a word processor (U+201C): type \" or ' in their place",
    ),
    "a merge": (
        "<<<<<<< HEAD", "`<<<<<<< HEAD` is left from a merge: keep one of the two versions, and delete "
        "the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
    "the end of a merge": (
        ">>>>>>> main", "`>>>>>>> main` is left from a merge: keep one of the two versions, and delete "
        "the lines `<<<<<<<`, `=======` and `>>>>>>>`"),
    "a fence": (
        "```python", "'```python' is markdown, as a chat or a web page writes it: delete that line"),
    "tabs among spaces": (
        "def f():\n        x = 1\n\ty = 2",
        "TabError: this line mixes tabs and spaces: indent every line with spaces only",
    ),
    "an indent": ("x = 1\n    y = 2", "IndentationError: unexpected indent"),
    "a space that is none": (
        "x =\u00a01",
        "`x = 1` has an invisible character that a web page or a word processor left there (U+00A0): "
        "delete the spaces of that line and type them again",
    ),
    "a mark of order inside": (
        "x = \ufeff1",
        "`x =  1` has an invisible character that a web page or a word processor left there (U+FEFF): "
        "delete the spaces of that line and type them again",
    ),
    "a minus that is none": (
        "x = 3 \u2212 1",
        "`x = 3 \u2212 1` has a dash that is no minus (U+2212): type - in its place",
    ),
    "no Python at all": ("def f(:", f"SyntaxError: invalid syntax for Python {HERE}"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_in_a_file_is_quoted_with_what_to_do(
    box: Sandbox, tmp_path: Path, name: str
) -> None:
    left, sentence = LEFT[name]
    text = f"{REFERENCE['rnn'].rstrip()}\n{left}\n"
    submission(tmp_path / "submission", files={"rnn": text})
    package = package_of(tmp_path)
    line = len(text.splitlines())
    assert said(ask(box, package, STEP), STEP) == f"{CANNOT}{sentence} (rnn.py, line {line})"
    assert ask(box, package, AFFINE).fault is None, "head.py keeps its points"


USED_IN_NOTEBOOKS = {
    "a drive": (
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "`drive.mount('/content/drive')` works in a notebook only: delete that line",
    ),
    "an upload": (
        "from google.colab import files\nu = files.upload()",
        "`u = files.upload()` works in a notebook only: delete that line",
    ),
    "a picture": (
        "import matplotlib.pyplot as plt\nplt.show()",
        "this lesson may not use matplotlib, only numpy and the harmless part of the standard library; "
        f"delete `plt.show()`, or move it {BELOW}",
    ),
}


@pytest.mark.parametrize("name", USED_IN_NOTEBOOKS)
def test_what_only_a_notebook_has_is_named_where_it_is_used(
    box: Sandbox, tmp_path: Path, name: str
) -> None:
    left, sentence = USED_IN_NOTEBOOKS[name]
    text = f"{REFERENCE['rnn'].rstrip()}\n{left}\n"
    submission(tmp_path / "submission", files={"rnn": text})
    reply = ask(box, package_of(tmp_path), STEP)
    assert said(reply, STEP) == f"{sentence} (rnn.py, line {len(text.splitlines())})"


def test_a_file_that_runs_too_long_says_where_that_belongs(box: Sandbox, tmp_path: Path) -> None:
    submission(tmp_path / "submission", files={"rnn": "while True: pass\n"})
    text = said(ask(box, package_of(tmp_path), STEP), STEP)
    assert text.endswith(f"put what the file is to do by itself {BELOW}")


@pytest.mark.parametrize(
    "body, sentence",
    [
        ("n = input()", "stopped with EOFError: `n = input()` asks for input, and nobody is there to "
         "type it: use the arguments"),
        ("exit()", "stopped with SystemExit: `exit()` ends the program: let the function return its "
         "results"),
    ],
)  # fmt: skip
def test_a_function_that_asks_or_ends(
    box: Sandbox, tmp_path: Path, body: str, sentence: str
) -> None:
    submission(tmp_path / "submission", {"rnn.rnn_step_forward": body})
    text = said(ask(box, package_of(tmp_path), STEP), STEP)
    assert text.partition(" (rnn.py, line ")[0] == sentence


# ---------------------------------------------------------------------------------- still to do

TODO = "raise NotImplementedError('rnn_step_forward (Task 1.1, 6 points)')"
RIGHT = "next_h = np.tanh(x @ Wx + prev_h @ Wh + b)"
DELETE = "delete that line when the function is finished"

UNFINISHED = {
    "as it was handed out": (f"{TODO}\nreturn next_h, cache", "still to do"),
    "without its last line": (TODO, "still to do"),
    "above the finished code": (f"{TODO}\n{RIGHT}\nreturn next_h, None", "left in"),
    "below the finished code": (f"{RIGHT}\n{TODO}\nreturn next_h, None", "left in"),
    "half done": (f"a = x @ Wx\n{TODO}", "left in"),
    "above a result": (f"{TODO}\nreturn np.tanh(x @ Wx + prev_h @ Wh + b), None", "left in"),
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_is_still_to_do_is_told_from_a_line_that_was_left_in(
    box: Sandbox, tmp_path: Path, name: str
) -> None:
    body, which = UNFINISHED[name]
    folder = submission(tmp_path / "submission", {"rnn.rnn_step_forward": body})
    lines = (folder / "recurrent/rnn.py").read_text().splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if "NotImplementedError(" in text)
    text = said(ask(box, package_of(tmp_path), STEP), STEP)
    if which == "left in":
        assert text == f"your code raises NotImplementedError at rnn.py, line {line}: {DELETE}"
    else:
        where = f"at recurrent/rnn.py, line {line}"
        assert text == f"still to do: rnn_step_forward (Task 1.1, 6 points), {where}"


def test_what_is_to_do_in_another_function_or_file_says_who_calls_it(
    box: Sandbox, tmp_path: Path
) -> None:
    stub = (ROOT / "assignment/recurrent/rnn.py").read_text()
    submission(tmp_path / "submission", files={"rnn": stub})
    line = 1 + next(n for n, text in enumerate(stub.splitlines()) if '"rnn_forward (Task' in text)
    problem = lessons.find("stacked_forward")
    assert said(ask(box, package_of(tmp_path), problem), problem) == (
        f"still to do: rnn_forward (Task 1.3, 8 points), at recurrent/rnn.py, line {line}: "
        "it is a function of lesson 1, and stacked_forward calls it"
    )
    (tmp_path / "b").mkdir(mode=0o755)
    submission(tmp_path / "b" / "submission", {"rnn.rnn_step_forward": TODO})
    problem = lessons.find("rnn_forward")
    text = said(ask(box, package_of(tmp_path / "b"), problem), problem)
    assert text.startswith(
        "still to do: rnn_step_forward (Task 1.1, 6 points), at recurrent/rnn.py, "
    )
    assert text.endswith(": rnn_forward calls it")


# ------------------------------------------------------------------------------- what is returned

FIVE = "five arrays are wanted, in this order: dx, dprev_h, dWx, dWh, db"
TWO = "two results are wanted, in this order: next_h, cache"

RETURNED = {
    "a dict": (BACKWARD, "return dict(dx=1, dprev_h=2, dWx=3, dWh=4, db=5)", f"a dict; {FIVE}"),
    "four": (BACKWARD, "return 1, 2, 3, 4", f"four results; {FIVE}"),
    "six": (BACKWARD, "return 1, 2, 3, 4, 5, 6", f"six results; {FIVE}"),
    "brackets around them": (BACKWARD, "return (1, 2, 3, 4, 5),", f"one result; {FIVE}"),
    "nothing": (BACKWARD, "pass", f"your function has no `return`; {FIVE}"),
    "None": (BACKWARD, "return None", f"None; {FIVE}"),
    "one array": (BACKWARD, "return dnext_h", f"one array; {FIVE}"),
    "no cache": (STEP, f"{RIGHT}\nreturn next_h", f"one array; {TWO}"),
    "no cache, of two rows": (STEP, f"{RIGHT}\nreturn next_h[:2]", f"one array; {TWO}"),
    "the cache first": (
        STEP,
        f"{RIGHT}\nreturn (x, prev_h), next_h",
        f"them in another order; {TWO}",
    ),
    "a dict first": (STEP, f"{RIGHT}\nreturn dict(x=x), next_h", f"them in another order; {TWO}"),
    "a text": (STEP, "return 'ab'", f"a str; {TWO}"),
    "a set": (STEP, "return {1, 2}", f"a set; {TWO}"),
    "a number": (STEP, "return 3.0", f"a float; {TWO}"),
    "an endless generator": (STEP, "import itertools\nreturn itertools.count()", f"a count; {TWO}"),
}


@pytest.mark.parametrize("name", RETURNED)
def test_what_cannot_be_taken_apart_is_said_once_with_what_is_wanted(
    box: Sandbox, tmp_path: Path, name: str
) -> None:
    problem, body, sentence = RETURNED[name]
    submission(tmp_path / "submission", {f"rnn.{problem.of}": body})
    package = package_of(tmp_path)
    begins = "" if name == "nothing" else "you returned "
    assert said(ask(box, package, problem), problem) == begins + sentence
    assert ask(box, package, AFFINE).fault is None


@pytest.mark.parametrize(
    "results",
    [
        "return next_h, None",
        "return [next_h, None]",
        "return (result for result in (next_h, None))",
        "return {'h': next_h, 'cache': None}.values()",
        "return next_h.tolist(), None",
        "return tuple(next_h), next_h",
        "import collections\nreturn collections.namedtuple('R', 'h cache')(next_h, None)",
    ],
)
def test_what_python_takes_apart_is_taken_apart(box: Sandbox, tmp_path: Path, results: str) -> None:
    submission(tmp_path / "submission", {"rnn.rnn_step_forward": f"{RIGHT}\n{results}"})
    assert ask(box, package_of(tmp_path), STEP).outputs["next_h"].shape == (3, 5)


def test_a_forward_pass_that_returns_too_little_is_named_by_its_backward_pass(
    box: Sandbox, tmp_path: Path
) -> None:
    submission(tmp_path / "submission", {"rnn.rnn_step_forward": "return x"})
    text = said(ask(box, package_of(tmp_path), BACKWARD), BACKWARD)
    assert text == f"rnn_step_forward returned one array; {TWO}"


def test_outputs_that_are_the_same_in_place_of_arrays_are_one_sentence() -> None:
    odd = {tensor.name: "None" for tensor in BACKWARD.gives}
    case = inputs_of(BACKWARD)
    expected = {tensor.name: case.inputs["x"] for tensor in BACKWARD.gives}
    case = Case(case.name, case.sizes, case.inputs, expected)
    assert shape_faults(BACKWARD, case, Reply(odd=odd)) == [
        "dx, dprev_h, dWx, dWh and db should be arrays, each of yours is None"
    ]


# ---------------------------------------------------------------------------------- other Pythons

NEWER = {
    'return f"{d["a"]}"': "the same quotes inside an f-string are syntax of Python 3.12 or newer",
    "def first[T](x: T) -> T:": "`def name[T]` is syntax of Python 3.12 or newer",
    "class Stack[T]:": "`class Name[T]` is syntax of Python 3.12 or newer",
    "type Vector = list[float]": "`type Name = ...` is syntax of Python 3.12 or newer",
    "except* ValueError:": "`except*` is syntax of Python 3.11 or newer",
    't"{x}"': "a t-string is syntax of Python 3.14 or newer",
}
OLD = [
    "f\"{d['a']}\"",
    "def first(x):",
    "class Stack:",
    "type(x) == y",
    "except ValueError:",
    "kind = 1",
]


@pytest.mark.parametrize("line", NEWER)
def test_newer_syntax_is_known_by_its_line(line: str) -> None:
    assert newer_syntax(line, "invalid syntax", here=(3, 10)) == NEWER[line]
    assert newer_syntax(line, "invalid syntax", here=(3, 15)) == ""


@pytest.mark.parametrize("line", OLD)
def test_older_syntax_is_not(line: str) -> None:
    assert newer_syntax(line, "invalid syntax", here=(3, 10)) == ""


def test_the_message_names_the_python_that_grades(box: Sandbox, tmp_path: Path) -> None:
    """A newer syntax where the tests run on an older Python; else what no Python reads."""
    left = 'def note(d):\n    return f"{d["a"]}"'
    parts = (NEWER['return f"{d["a"]}"'], f"this is graded with Python {HERE}")
    if sys.version_info >= (3, 12):
        left, parts = "x = = 1", (f"invalid syntax for Python {HERE}",)
    submission(tmp_path / "submission", files={"rnn": f"{REFERENCE['rnn']}\n{left}\n"})
    sentence = said(ask(box, package_of(tmp_path), STEP), STEP)
    assert all(part in sentence for part in parts)


@pytest.mark.parametrize(
    "name, since",
    [("itertools.batched", (3, 12)), ("math.sumprod", (3, 12)), ("typing.Self", (3, 11))],
)
def test_newer_names_are_known_and_really_are_in_the_library(
    name: str, since: tuple[int, int]
) -> None:
    assert newer_name(name, here=(since[0], since[1] - 1)).startswith(f"{name} came with Python")
    assert newer_name(name, here=since) == ""
    module, _, attribute = name.partition(".")
    assert hasattr(__import__(module), attribute) == (sys.version_info[:2] >= since)


def test_a_name_of_a_newer_library_says_so_where_it_is_used(box: Sandbox, tmp_path: Path) -> None:
    submission(
        tmp_path / "submission", {"rnn.rnn_step_forward": "from copy import replace\nreturn x, x"}
    )
    reply = ask(box, package_of(tmp_path), STEP)
    if sys.version_info >= (3, 13):
        assert reply.fault is None
    else:
        text = f"copy.replace came with Python 3.13, and this is graded with Python {HERE}"
        assert said(reply, STEP).startswith(f"stopped with ImportError: {text} (rnn.py, line ")


CHECK = ROOT / "autograder/authoring/handout/files/check.py"


def test_check_py_says_to_old_pythons_what_it_needs(tmp_path: Path) -> None:
    """It can be read by them, imports nothing before that, and names the version of pythons.py."""
    tree = ast.parse(CHECK.read_text(), feature_version=(3, 4))
    first = [type(node) for node in tree.body[1:3]]
    assert first == [ast.Import, ast.If], "only sys is imported before the version is looked at"
    assert isinstance(tree.body[1], ast.Import) and tree.body[1].names[0].name == "sys"
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree)), "Python 2 has none"
    assert f"sys.version_info < {pythons.OLDEST}" in CHECK.read_text()
    assert f'requires-python = ">={HERE_OLDEST}"' in (ROOT / "pyproject.toml").read_text()


HERE_OLDEST = "{}.{}".format(*pythons.OLDEST)


@pytest.mark.parametrize("version", ["2.7.18", "3.6.15", "3.9.18"])
def test_check_py_under_an_old_python(version: str) -> None:
    python = Path.home() / ".pyenv/versions" / version / "bin/python"
    if not python.exists():
        pytest.skip(f"there is no Python {version} here")
    done = subprocess.run([python, CHECK], capture_output=True, text=True, timeout=300)
    number = version.rpartition(".")[0]
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(
        f"This is Python {number}, and the check needs Python {HERE_OLDEST} or newer: install one"
    )
    assert len(done.stderr.splitlines()) == 1


def test_the_handout_names_the_python_to_write_for() -> None:
    text = (ROOT / "assignment/README.md").read_text()
    assert f"Your files are graded with Python {HERE_OLDEST} or a newer one" in text


NOTED = {
    "type X = int\n": "Type statement is only supported in Python 3.12 and greater",
    "def f[T](x): return x\n": "Type parameter lists are only supported in Python 3.12 and greater",
    "try:\n    pass\nexcept* ValueError:\n    pass\n": "Exception groups are only supported in Python",
    'd = {}\nx = f"{d["a"]}"\n': "its own quotes, a backslash or a comment between an f-string's",
    "from typing import Self\n": "typing.Self came with Python 3.11",
}


@pytest.mark.parametrize("source", NOTED)
def test_check_notes_what_the_oldest_python_could_not_read(source: str, tmp_path: Path) -> None:
    (tmp_path / "recurrent").mkdir()
    (tmp_path / "recurrent/rnn.py").write_text(source)
    notes = list(pythons.notes(tmp_path, ["rnn", "head"]))
    try:
        compile(source, "rnn.py", "exec")
    except SyntaxError:
        assert notes == [], "this Python says it itself"
        return
    if sys.version_info[:2] == pythons.OLDEST:
        assert notes == []
        return
    (note,) = notes
    assert NOTED[source] in note and note.startswith("rnn.py, line ")
    assert note.endswith(f"graded with Python {HERE_OLDEST}, the file cannot be imported")


def test_check_notes_nothing_of_the_reference(tmp_path: Path) -> None:
    submission(tmp_path)
    assert list(pythons.notes(tmp_path, NAMES)) == []
