"""No path of the server in what a submission prints, or a fault quotes; and nothing else changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.intake import take_in
from autograder.problem import Fault, Reply
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.relative import INSTALLED, Relative
from autograder.worker.messages import LONGEST_TEXT
from tests.submissions import submission

STEP = lessons.find("rnn_step_forward")
INPUTS = next(draw_cases(STEP, 1, hidden=False))[2]
LIMITS = Limits(seconds=5.0, printed_bytes=2000)

PACKAGE = str(Path(tempfile.gettempdir(), "submission-fz7luw8v", "8a42"))
SCRATCH = str(Path(tempfile.gettempdir(), "scratch-1x", "000007"))
RELATIVE = Relative([PACKAGE, SCRATCH])

SHOWN = {
    f"{PACKAGE}/recurrent/head.py:79: RuntimeWarning": "recurrent/head.py:79: RuntimeWarning",
    f'File "{PACKAGE}/recurrent/rnn.py", line 3': 'File "recurrent/rnn.py", line 3',
    f"I am in {SCRATCH}.": "I am in ..",
    f"{SCRATCH}/": "./",
    f"['{PACKAGE}', '{SCRATCH}/a.txt']": "['.', 'a.txt']",
    str(Path(PACKAGE).parent): "..",
    f"{INSTALLED[0]}/autograder/worker/serve.py": "autograder/worker/serve.py",
    f"{INSTALLED[1]}/numpy/linalg/_linalg.py:12: x": "numpy/linalg/_linalg.py:12: x",
    f"{INSTALLED[0]}2/mine": f"{INSTALLED[0]}2/mine",
    "/home/ada/recurrent/rnn.py": "/home/ada/recurrent/rnn.py",
    f"{tempfile.gettempdir()}/other": f"{tempfile.gettempdir()}/other",
}


@pytest.mark.parametrize("text", SHOWN)
def test_a_folder_is_taken_out_of_a_text(text: str) -> None:
    assert RELATIVE.text(text) == SHOWN[text]
    fault = RELATIVE.fault(Fault("raised", "OSError", text, path=(text,), call=text))
    assert fault is not None
    assert (fault.text, fault.path, fault.call) == (SHOWN[text], (SHOWN[text],), SHOWN[text])
    assert RELATIVE.reply(Reply(odd={"dx": text})).odd == {"dx": SHOWN[text]}


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="/"))))
def test_nothing_else_of_a_text_changes(parts: list[str]) -> None:
    assert RELATIVE.text("/".join(parts)) == "/".join(parts)
    assert RELATIVE.text(f" {PACKAGE}/rnn.py".join(parts)) == " rnn.py".join(parts)


@given(st.integers(min_value=len(tempfile.gettempdir()) + 1, max_value=len(PACKAGE) + 20))
def test_no_beginning_of_a_folder_is_left_where_a_text_is_cut(length: int) -> None:
    path = f"{PACKAGE}/recurrent/rnn.py:79: x"[:length]
    before = "x" * (LONGEST_TEXT - length)
    fault = RELATIVE.fault(Fault("raised", "OSError", before + path))
    assert fault is not None and "submission" not in fault.text
    assert fault.text.startswith(before)
    whole = "x" * 20 + tempfile.gettempdir() + "/su"
    assert RELATIVE.text(whole) == whole, "nobody has cut this one"


# ------------------------------------------------------------------------- in a real submission

ANSWER = "return np.tanh(x @ Wx + prev_h @ Wh + b), None"

PRINTS = {
    "a warning of numpy's": ("np.log(x * 0 - 1)", "recurrent/rnn.py:"),
    "a warning of its own": ("import warnings; warnings.warn('mine')", "recurrent/rnn.py:"),
    "a traceback": (
        "import traceback\ntry: 1 / 0\nexcept ZeroDivisionError: traceback.print_exc()",
        'File "recurrent/rnn.py", line',
    ),
    "a traceback with a frame of numpy's": (
        "import traceback\ntry: np.linalg.inv(np.zeros((2, 2)))\n"
        "except Exception: traceback.print_exc()",
        'File "numpy/linalg/',
    ),
    "the whole stack": (
        "import traceback; traceback.print_stack()",
        'File "autograder/worker/serve.py", line',
    ),
    "its own file": ("print(__file__)", "recurrent/rnn.py\n"),
    "its own file, quoted": ("print([__file__])", "['recurrent/rnn.py']\n"),
    "the folder that it is in": ("import os; print(os.getcwd())", ".\n"),
    "what is above it": ("import os; print(os.path.dirname(os.getcwd()))", "..\n"),
    "a file there": ("import os; print(os.path.abspath('a.txt'))", "a.txt\n"),
    "its home": ("import os; print(os.path.expanduser('~/a.txt'))", "a.txt\n"),
    "where Python looks": ("import sys; print(sys.path)", "['."),
    "the package": ("import recurrent; print(recurrent)", "recurrent/__init__.py"),
    "more than is kept": ("print((__file__ + ' ') * 1000)", "recurrent/rnn.py recurrent/rnn.py"),
}

FAULTS = {
    "a file that is not there": ("open(__file__ + '.txt')", "recurrent/rnn.py.txt"),
    "its own words": ("raise ValueError(f'see {__file__}')", "see recurrent/rnn.py"),
    "more than is kept": (f"raise ValueError('x' * {LONGEST_TEXT - 30} + __file__)", "xxx"),
    "files that import each other": ("from .lstm import nothing", "nothing"),
}


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "fresh"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, fork=request.param) as box:
        yield box


def asked(sandbox: Sandbox, folder: Path, body: str) -> tuple[Reply, str, Path]:
    """One call, what was printed, and the package."""
    submission(folder / "submission", bodies={"rnn.rnn_step_forward": f"{dedent(body)}\n{ANSWER}"})
    taken = folder / "submission-1" / "taken-in"
    taken.mkdir(parents=True)
    package = take_in(folder / "submission", list(lessons.names()), taken).package
    with sandbox.session(STEP, package) as session:
        reply = session.call(STEP, INPUTS)
        return reply, session.printed, package


def check(text: str, package: Path) -> None:
    for folder in (str(package), str(package.parent), "scratch-", *INSTALLED[:3]):
        assert folder not in text
    assert tempfile.gettempdir() + "/" not in text


@pytest.mark.parametrize("what", PRINTS)
def test_what_is_printed_names_no_folder_of_ours(
    sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    body, said = PRINTS[what]
    reply, printed, package = asked(sandbox, tmp_path, body)
    assert reply.fault is None
    assert said in printed
    check(printed, package)


@pytest.mark.parametrize("what", FAULTS)
def test_what_a_fault_quotes_names_no_folder_of_ours(
    sandbox: Sandbox, tmp_path: Path, what: str
) -> None:
    body, said = FAULTS[what]
    reply, _, package = asked(sandbox, tmp_path, body)
    assert reply.fault is not None and said in reply.fault.text
    check("\n".join((reply.fault.text, *reply.fault.path, reply.fault.call)), package)


def test_two_runs_say_the_same(sandbox: Sandbox, tmp_path: Path) -> None:
    body = PRINTS["more than is kept"][0] + "; import os; open(os.getcwd() + '/nothing')"
    told = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        reply, printed, _ = asked(sandbox, tmp_path / name, body)
        assert reply.fault is not None
        told.add((printed, reply.fault.text))
    assert len(told) == 1
