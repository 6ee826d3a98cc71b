"""Whatever a submission does, the answer is a fault in plain words, and the next problem is as if nothing had been."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.intake import take_in
from autograder.problem import Problem, Reply
from autograder.sandbox import Limits, Sandbox
from tests.submissions import REFERENCE, submission

STEP = lessons.find("rnn_step_forward")
NAMES = list(lessons.names())
LIMITS = Limits(seconds=1.5, memory_mb=768)
INPUTS = next(draw_cases(STEP, 1, hidden=False))[2]


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "fresh"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(LIMITS, fork=request.param) as box:
        yield box


def ask(
    sandbox: Sandbox, folder: Path, problem: Problem = STEP, inputs: dict[str, np.ndarray] = INPUTS
) -> tuple[Reply, str]:
    """One call, and what was printed."""
    scratch = folder / "taken-in"
    scratch.mkdir()
    package = take_in(folder / "submission", NAMES, scratch).package
    with sandbox.session(problem, package) as session:
        reply = session.call(problem, inputs)
        return reply, session.printed


BODIES = {
    "a right answer": ("return np.tanh(x @ Wx + prev_h @ Wh + b), None", None, ""),
    "numpy.testing, which imports much": (
        "np.testing.assert_allclose(x, x); return np.tanh(x @ Wx + prev_h @ Wh + b), None", None, ""),
    "todo": ("raise NotImplementedError('write me')", "todo", "write me"),
    "nothing returned": ("pass", "returned", "your function has no `return`; two"),
    "a wrong tuple length": ("return x, x, x", "returned", "you returned three results; two"),
    "an exception": ("return x @ prev_h", "raised", "the inner sizes 4 and 3 differ"),
    "an exception that cannot be printed": (
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "raised", ""),
    "an endless message": ("raise ValueError('x' * 10**8)", "raised", "xxx"),
    "an infinite loop": ("while True: pass", "timeout", "stopped after 1.5 s"),
    "a loop that swallows exceptions": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timeout", ""),
    "a loop deaf to signals": (
        "import signal, time\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except Exception: pass\n"
        "while True: time.sleep(1)", "timeout", ""),
    "sys.exit": ("import sys; sys.exit(0)", "raised", ""),
    "os._exit": ("import os; os._exit(0)", "died", "exit code 0"),
    "a segmentation fault": ("import faulthandler; faulthandler._sigsegv()", "died", "SIGSEGV"),
    "abort": ("import os; os.abort()", "died", "SIGABRT"),
    "a process that stops itself": ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", "timeout", ""),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", "raised", ""),
    "eight gigabytes": ("np.ones(2**30); return x, x", "raised", ""),
    "endless recursion": ("return rnn_step_forward(x, prev_h, Wx, Wh, b)", "raised", "nested too deeply"),
    "a deeper recursion than the stack holds": (
        "import sys; sys.setrecursionlimit(10**7)\nf = lambda n: f(n + 1)\nreturn f(0)", ("died", "timeout", "raised"), ""),
    "a flood of print": ("print('spam ' * 2 * 10**7); return np.tanh(x @ Wx + prev_h @ Wh + b), None", None, ""),
    "closed descriptors": ("import os; os.closerange(0, 100)", "died", ""),
    "noise on every descriptor": (
        "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'\\x80\\x04' * 100)\n    except OSError: pass\nreturn x, x",
        "garbled", ""),
    "a forged giant": (
        "import os, struct\nfor fd in range(3, 20):\n    try: os.write(fd, struct.pack('!II', 2**31, 2**31))\n"
        "    except OSError: pass\nreturn x, x", "garbled", ""),
    "a fork bomb": (
        "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(60)\nwhile True: pass",
        "refused", "start another program or process"),
    "a daemon left behind": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(60)\n    os._exit(0)\n"
        "return np.tanh(x @ Wx + prev_h @ Wh + b), None", "refused", "start another program or process"),
    "a thread left running": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
        "return np.tanh(x @ Wx + prev_h @ Wh + b), None", None, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_whatever_a_function_does_is_an_answer(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    body, kind, text = BODIES[name]
    submission(tmp_path / "submission", {"rnn.rnn_step_forward": body})
    reply, printed = ask(sandbox, tmp_path)
    if kind is None:
        assert reply.fault is None
        right = np.tanh(INPUTS["x"] @ INPUTS["Wx"] + INPUTS["prev_h"] @ INPUTS["Wh"] + INPUTS["b"])
        assert np.array_equal(reply.outputs["next_h"], right)
    else:
        assert reply.fault is not None and reply.fault.kind in (
            kind if isinstance(kind, tuple) else (kind,)
        )
        assert text in reply.fault.text
    assert (
        len(printed) <= LIMITS.printed_bytes and len(reply.fault.text if reply.fault else "") <= 400
    )
    submission(tmp_path / "next" / "submission")
    assert ask(sandbox, tmp_path / "next")[0].fault is None, "the next submission is unaffected"


def test_numpy_warns_as_it_does_by_itself(sandbox: Sandbox, tmp_path: Path) -> None:
    submission(
        tmp_path / "a" / "submission",
        {"rnn.rnn_step_forward": "np.exp(np.full(3, -800.0)); return x, None"},
    )
    assert ask(sandbox, tmp_path / "a")[1] == "", "an exp that underflows is right"
    submission(
        tmp_path / "b" / "submission",
        {"rnn.rnn_step_forward": "np.exp(np.full(3, 800.0)); return x, None"},
    )
    assert "overflow encountered in exp" in ask(sandbox, tmp_path / "b")[1]


def test_an_exception_names_the_students_line_and_a_wrong_return_the_call(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    submission(tmp_path / "a" / "submission", {"rnn.rnn_step_forward": "y = x\nreturn y @ prev_h"})
    fault = ask(sandbox, tmp_path / "a")[0].fault
    assert fault is not None and fault.location.startswith("rnn.py, line ")
    submission(
        tmp_path / "b" / "submission",
        files={"rnn": REFERENCE["rnn"].replace("x, prev_h, Wx, Wh, b):", "x):", 1)},
    )
    fault = ask(sandbox, tmp_path / "b")[0].fault
    assert fault is not None and fault.call == "rnn_step_forward(x, prev_h, Wx, Wh, b)"


FILES = {
    "missing": (None, "missing", "rnn.py is missing from the submission"),
    "empty": ("", "missing", "rnn.py has no function rnn_step_forward"),
    "a syntax error": ("x = 1\ndef f(:\n", "import", "invalid syntax"),
    "a tab among spaces": ("def f():\n        x = 1\n\ty = 2\n", "import", ""),
    "Python 2": ("print 'hello'\n", "import", "Missing parentheses"),
    "an import of a package that is not there": (
        "import no_such_package\nno_such_package.f()\n",
        "refused",
        "no_such_package",
    ),
    "sys.exit on import": ("import sys\nsys.exit(0)\n", "import", ""),
    "os._exit on import": ("import os\nos._exit(0)\n", "died", "exit code 0"),
    "a loop on import": ("while True: pass\n", "timeout", "stopped after"),
    "input() on import": ("input('name? ')\n", "import", ""),
    "a circular import": ("from .rnn import rnn_step_forward\n", "import", ""),
    "a wrong argument count": (
        "def rnn_step_forward(x):\n    return x, x\n",
        "returned",
        "takes 1 positional argument",
    ),
    "a class for a function": (
        "class rnn_step_forward:\n    pass\n",
        "returned",
        "takes no arguments",
    ),
    "an async function": (
        "async def rnn_step_forward(*a):\n    return a\n",
        "returned",
        "coroutine",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_used_costs_only_its_own_problems(
    sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    text, kind, words = FILES[name]
    submission(tmp_path / "submission", files={"rnn": text})
    reply, _ = ask(sandbox, tmp_path)
    assert reply.fault is not None and reply.fault.kind == kind
    assert words in reply.fault.text
    if name == "a syntax error":
        assert reply.fault.location == "rnn.py, line 2"
    (tmp_path / "other").mkdir()
    (tmp_path / "submission").rename(tmp_path / "other" / "submission")
    beam = lessons.find("beam_search")
    inputs = next(draw_cases(beam, 1, hidden=False))[2]
    assert ask(sandbox, tmp_path / "other", beam, inputs)[0].fault is None, (
        "another file's problems are unaffected"
    )


def test_a_file_that_hangs_on_import_is_waited_for_once(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission(tmp_path / "submission", files={"rnn": "while True: pass\n"})
    scratch = tmp_path / "taken-in"
    scratch.mkdir()
    package = take_in(tmp_path / "submission", NAMES, scratch).package
    started = []
    start = sandbox._start
    monkeypatch.setattr(sandbox, "_start", lambda *a, **k: started.append(a) or start(*a, **k))
    for problem in lessons.lesson("rnn").problems:
        with sandbox.session(problem, package) as session:
            fault = session.call(problem, {}).fault
            assert fault is not None and (fault.kind, fault.phase) == ("timeout", "import")
    assert len(started) == 1


OUTPUTS = {
    "None": ("None, None", {"next_h": "None"}),
    "an object array": (
        "np.array([None, x], dtype=object), None",
        {"next_h": "an array of Python objects"},
    ),
    "complex": ("x + 1j, None", {"next_h": "an array of complex numbers"}),
    "a text": ("'hello', None", {"next_h": "a str"}),
    "ragged lists": (
        "[[1.0], [1.0, 2.0]], None",
        {"next_h": "a list of parts of different shapes"},
    ),
    "a generator": ("(i for i in x), None", {"next_h": "a generator"}),
    "a list of lists": ("[[1.0, 2.0]], None", {}),
    "a transposed view": ("x.T, None", {}),
    "a reversed view": ("x[:, ::-1], None", {}),
    "a matrix": ("np.matrix(x), None", {}),
    "a masked array": ("np.ma.array(x), None", {}),
    "big-endian": ("x.astype('>f8'), None", {}),
    "float32": ("x.astype(np.float32), None", {}),
    "a long double": ("x.astype(np.longdouble), None", {}),
    "an array subclass": (
        "type('Mine', (np.ndarray,), {'__eq__': lambda *a: True})((2, 2)), None",
        {},
    ),
    "a number": ("3, None", {}),
    "nothing in it": ("np.zeros((0, 4)), None", {}),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_comes_back_is_plain_arrays_or_described(
    sandbox: Sandbox, tmp_path: Path, name: str
) -> None:
    value, odd = OUTPUTS[name]
    submission(tmp_path / "submission", {"rnn.rnn_step_forward": f"return {value}"})
    reply, _ = ask(sandbox, tmp_path)
    assert reply.fault is None
    assert dict(reply.odd) == odd
    assert all(
        type(array) is np.ndarray and array.dtype.isnative for array in reply.outputs.values()
    )
    expected = {
        "a transposed view": INPUTS["x"].T,
        "a reversed view": INPUTS["x"][:, ::-1],
        "big-endian": INPUTS["x"],
    }
    if name in expected:
        assert np.array_equal(reply.outputs["next_h"], expected[name])


def test_changed_arguments_are_reported_and_the_judges_own_stay(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    submission(
        tmp_path / "submission",
        {"rnn.rnn_step_forward": "x *= 2; b.shape = (5, 1); return x, None"},
    )
    before = {name: value.copy() for name, value in INPUTS.items()}
    reply, _ = ask(sandbox, tmp_path)
    assert set(reply.changed) == {"x", "b"}
    assert all(np.array_equal(INPUTS[name], before[name]) for name in INPUTS)


def test_many_calls_in_one_message(sandbox: Sandbox, tmp_path: Path) -> None:
    submission(tmp_path / "submission")
    scratch = tmp_path / "taken-in"
    scratch.mkdir()
    package = take_in(tmp_path / "submission", NAMES, scratch).package
    stack = np.random.default_rng(0).normal(size=(6, *INPUTS["Wh"].shape))
    with sandbox.session(STEP, package) as session:
        together = session.call_many(STEP, INPUTS, "Wh", stack).outputs["next_h"]
        one_by_one = [session.call(STEP, {**INPUTS, "Wh": row}).outputs["next_h"] for row in stack]
    assert np.array_equal(together, np.stack(one_by_one))


def test_no_process_and_no_descriptor_is_left(tmp_path: Path) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    submission(tmp_path / "submission", {"rnn.rnn_step_forward": BODIES["a fork bomb"][0]})
    submission(tmp_path / "good" / "submission")
    before = descriptors()
    with Sandbox(LIMITS, fork=True) as box:
        ask(box, tmp_path)
        during = descriptors()
        for n in range(5):
            scratch = tmp_path / f"again{n}"
            scratch.mkdir()
            with box.session(
                STEP, take_in(tmp_path / "good" / "submission", NAMES, scratch).package
            ) as session:
                session.call(STEP, INPUTS)
        assert descriptors() == during
        server = box._servers["numpy"].process.pid
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        assert children == [], "the fork server has adopted and ended every orphan"
    assert descriptors() == before
    assert not Path(f"/proc/{server}").exists()
