"""Crashes: the student's own lines, the shapes that do not fit, and the case.

Every row of a table is an instance of a kind; a new one is a line more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.casebook import Casebook
from autograder.check.debug import own_module
from autograder.grade import casebooks, grade_submission
from autograder.intake import take_in
from autograder.judge import Attempt, conclude, examine
from autograder.problem import Problem, Verdict
from autograder.sandbox import Limits, Sandbox, sanitise
from autograder.sandbox.processes import ForkedProcess
from autograder.settings import Course, thaw
from autograder.worker import whereabouts
from autograder.worker.student import run
from tests.submissions import REFERENCE, submission

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=2.0)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def books(frozen: Path) -> list[Casebook]:
    return casebooks(frozen, public_only=True)


@pytest.fixture(scope="module")
def course(frozen: Path) -> Course:
    return thaw(frozen / "course.json")


Said = Callable[..., str]


@pytest.fixture
def said(box: Sandbox, books: list[Casebook], course: Course, tmp_path: Path) -> Said:
    """What a check says of a problem when some functions have other bodies."""

    def run(problem: str, bodies: dict[str, str], files: dict[str, str] | None = None) -> str:
        folder = submission(tmp_path / "submission", bodies, files)
        (verdict,) = grade_submission(folder, course, books, [problem], box)
        return " | ".join(finding.text for finding in verdict.findings if not finding.good)

    return run


# --------------------------------------------------------------------- a table of broken functions

STEP = "a = x @ Wx + prev_h @ Wh + b\nnext_h = np.tanh(a)\n"
BACK = "x, prev_h, Wx, Wh, next_h = cache\nda = dnext_h * (1 - next_h ** 2)\n"
SEQUENCE = "N, T, D = x.shape\nH = h0.shape[1]\nh = np.zeros((N, T, H))\nprev = h0\nsteps = []\n"
LOOP = (
    "for t in range(T):\n"
    "    prev, step = rnn_step_forward(x[:, t], prev, Wx, Wh, b)\n"
    "    h[:, t] = prev\n"
    "return h, steps"
)
FIVE = "return dx, dx, dx, dx, dx"

F, B, S, L = "rnn_step_forward", "rnn_step_backward", "rnn_forward", "last_hidden_backward"

TABLE = {
    # problem, function -> its body, what stands in the sentence
    "a product": (B, {B: f"{BACK}dx = da @ Wx\n{FIVE}"}, (
        "ValueError: da (3, 5) @ Wx (4, 5): the inner sizes 5 and 4 differ (rnn.py, line ",
        ", in rnn_step_backward: `dx = da @ Wx`; case N=3 D=4 H=5")),
    "a sum": (F, {F: "return np.tanh(x @ Wx + x), None"}, (
        "x @ Wx (3, 5) + x (3, 4): 5 and 4 cannot be broadcast (shapes are lined up from the right)",)),
    "right code that is given wrong arguments": (S, {S: SEQUENCE + LOOP.replace("Wx, Wh", "Wh, Wx")}, (
        "x (3, 4) @ Wx (6, 6): the inner sizes 4 and 6 differ (rnn.py, line ",
        ", in rnn_forward: `prev, step = rnn_step_forward(x[:, t], prev, Wh, Wx, b)` with x[:, t] (3, 4)",
        "; from there rnn.py, line 32, in rnn_step_forward: `a = x @ Wx")),
    "an index": (S, {S: SEQUENCE + LOOP.replace("(T)", "(T + 1)")}, (
        "IndexError: x (3, 5, 4) has length 5 along axis 1: there is no index 5", "it is so on every public case")),
    "an index at T = 1": (S, {S: f"{SEQUENCE}second = x[:, 1]\n{LOOP}"}, (
        "x (2, 1, 3) has length 1 along axis 1: there is no index 1",
        "case N=2 T=1 D=3 H=4; it runs on N=3 T=5 D=4 H=6, N=1 T=4 D=2 H=3 and ")),
    "too many indices": (F, {F: "return x[:, 0, 0], None"}, (
        "IndexError: x (3, 4) has 2 axes, and x[:, 0, 0] has 3 indices",)),
    "an axis that is squeezed away": (F, {F: f"{STEP}N, H = np.squeeze(next_h).shape\nreturn x, x"}, (
        "2 values are wanted, and `np.squeeze(next_h).shape` has 1", "; it runs on N=3 D=4 H=5")),
    "a part": (S, {S: f"{SEQUENCE}h[:, 0] = x[:, 0]\nreturn h, steps"}, (
        "h[:, 0] is (3, 6), and x[:, 0], which is put there, is (3, 4)",)),
    "in place": (B, {B: f"{BACK}db = np.zeros(5)\ndb += da\ndx = db\n{FIVE}"}, (
        "db is (5,), and da (3, 5) does not fit into it",)),
    "an axis": (B, {B: f"{BACK}dx = da.sum(axis=2)\n{FIVE}"}, (
        "AxisError: da (3, 5) has the axes 0 and 1, and axis 2 was asked for",)),
    "a concatenation": (F, {F: "return np.concatenate([x, prev_h]), None"}, (
        "np.concatenate of x (3, 4), prev_h (3, 5) along axis 0: along axis 1 they have 4 and 5",)),
    "a reshape": (F, {F: "return x.reshape(5, 2), None"}, (
        "x (3, 4) has 12 numbers, and (5, 2) takes 10",)),
    "einsum": (F, {F: "return np.einsum('nd,dh->nh', x, Wh), None"}, (
        "einsum: one letter stands for axes of different lengths (rnn.py", " with x (3, 4), Wh (5, 5)")),
    "a comprehension": (S, {S: f"{SEQUENCE}h = [x[:, t] @ Wh for t in range(T)]\nreturn h, steps"}, (
        "x[:, t] (3, 4) @ Wh (6, 6): the inner sizes 4 and 6 differ",
        ", in rnn_forward: `h = [x[:, t] @ Wh for t in range(T)]`; case ")),
    "no return": (F, {F: STEP}, (
        "your function has no `return`; two results are wanted, in this order: next_h, cache",)),
    "no return of a lone result": (L, {L: "dh = np.zeros(3)"}, (
        "dh should be an array, yours is None, because last_hidden_backward has no `return`",)),
    "a return without a value": (F, {F: f"{STEP}return"}, ("you returned None; two results are wanted",)),
    "no return in what is called": (S, {F: STEP, S: SEQUENCE + LOOP}, (
        "`rnn_step_forward` has no `return`, so that it gives None, and 2 values are wanted of it",
        ", in rnn_forward: `prev, step = ")),
    "None in some cases": (F, {F: f"{STEP}if len(x) > 1:\n    return next_h, None"}, (
        "you returned None; two results", "(case N=1 D=2 H=3; it runs on N=3 D=4 H=5")),
    "a result that is None in some cases": (F, {F: f"{STEP}return next_h if len(x) > 1 else None, x"}, (
        "yours is None (case N=1 D=2 H=3; the shapes are right on N=3 D=4 H=5",)),
    "a wrong shape in some cases": (F, {F: f"{STEP}return np.squeeze(next_h), x"}, (
        "next_h should be", "; the shapes are right on N=3 D=4 H=5")),
    "two results in another order": (B, {B: f"{BACK}z = np.zeros\nreturn z((3, 5)), z((3, 4)), z((4, 5)), z((5, 5)), z(5)"}, (
        "dx should be (N, D) = (3, 4), yours is (3, 5)",
        " | dx and dprev_h have each other's shape: are they returned in another order?")),
    "three results in another order": (B, {B: f"{BACK}z = np.zeros\nreturn z((4, 5)), z((3, 4)), z((3, 5)), z((5, 5)), z(5)"}, (
        "dx, dprev_h and dWx have one another's shapes: are they returned in another order?",)),
    "no cache": (B, {F: f"{STEP}return next_h, None"}, (
        "`cache` is None, and 5 values are wanted of it (it is what the forward pass returned as its",)),
    "one value for two": (S, {F: f"{STEP}return next_h", S: SEQUENCE + LOOP}, (
        "2 values are wanted, and `rnn_step_forward` gave more: it ends with `return next_h`",)),
    "a short cache": (B, {F: f"{STEP}return next_h, (x, prev_h)"}, (
        "5 values are wanted, and `cache` is a tuple of 2",)),
    "a key": (B, {F: f"{STEP}return next_h, dict(x=x, h=prev_h)",
                  B: f"dx = cache['x'] + cache['prev_h']\n{FIVE}"}, (
        "KeyError: `cache` has no key 'prev_h'; it has 'x', 'h'",)),
    "a name of the forward pass": (B, {F: "new = np.tanh(x @ Wx)\nreturn new, x", B: f"dx = new\n{FIVE}"}, (
        "`new` is a name inside `rnn_step_forward`, and `rnn_step_backward` does not see it: what it "
        "needs comes through `cache`",)),
    "a number for two": (S, {F: "return 3", S: SEQUENCE + LOOP}, (
        "`rnn_step_forward` returned an int, and 2 values are wanted of it: it ends with `return 3`",)),
    "another function of that name": (S, {F: "return 3", S: f"{SEQUENCE}rnn_step_forward = lambda *a: 'abc'\n{LOOP}"}, (
        "2 values are wanted, and `rnn_step_forward` gave more (rnn.py",)),
    "None in a product": (F, {F: "x = None\nreturn x @ Wx, None"}, (
        "`x` is None, and nothing can be calculated with None",)),
    "a loop over None": (F, {F: "x = None\ny = [one for one in x]\nreturn y, None"}, (
        "`x` is None, and no loop can go over it",)),
    "an index into a number": (F, {F: "x = 3\nreturn x[0], None"}, (
        "`x` is an int, and there is nothing in it to index",)),
    "a misspelt name": (F, {F: "return np.tanh(x @ Wx + prevh @ Wh), None"}, (
        "NameError: there is no `prevh` here: did you mean `prev_h`?",)),
    "a name of numpy's": (F, {F: "return np.tahn(x), None"}, (
        "AttributeError: numpy has no `tahn`: did you mean `tanh`?",)),
    "a name without a value": (S, {S: f"{SEQUENCE}for t in range(1, T):\n    last = prev\nreturn last, x"}, (
        "`last` has no value yet on this line: it gets one on line ", "case N=2 T=1 D=3 H=4; it runs on")),
    "an array that is called": (F, {F: "return x(0), None"}, (
        "`x` is an array, and it is called like a function: an index stands in [ ]",)),
    "None in a sum": (S, {S: f"{SEQUENCE}h = None\nh = h + 1\nreturn h, steps"}, (
        "`h` is None, and nothing can be calculated with None",)),
    "a truth": (F, {F: "if x > 0:\n    pass\nreturn x, x"}, (
        "an array stands where one True or False is wanted",)),
    "too few arguments": (S, {S: SEQUENCE + LOOP.replace(", b)", ")")}, (
        "missing 1 required positional argument: 'b'; it is written as rnn_step_forward(x, prev_h, Wx, "
        "Wh, b) (rnn.py",)),
    "without end": (F, {F: "return rnn_step_forward(x, prev_h, Wx, Wh, b)"}, (
        "RecursionError: calls are nested too deeply: does a function call itself without end? (rnn.py, line 32",)),
    "its own words": (F, {F: "raise ValueError('operands could not be broadcast together with shapes (1,) (2,) ')"}, (
        "ValueError: operands could not be broadcast together with shapes (1,) (2,)",)),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_a_crash_is_told_by_the_students_own_lines(said: Said, name: str) -> None:
    problem, bodies, parts = TABLE[name]
    text = said(problem, {f"rnn.{function}": body for function, body in bodies.items()})
    for part in parts:
        assert part in text, text
    assert "Traceback" not in text and "student." not in text and "autograder" not in text


def test_a_wrong_signature_is_told_by_the_call(said: Said) -> None:
    text = REFERENCE["rnn"].replace("x, prev_h, Wx, Wh, b):", "x):", 1)
    assert said(F, {}, {"rnn": text}).startswith(
        "rnn_step_forward() takes 1 positional argument but 5 were given: it is called as "
        "rnn_step_forward(x, prev_h, Wx, Wh, b) (case N=3 D=4 H=5"
    )


# ----------------------------------------------------------------------------- a loop without an end


@pytest.mark.parametrize("body", ["pass", "print('spam' * 20)", "np.ones((50, 50)) @ np.ones(50)"])
def test_a_loop_that_hangs_is_told_by_its_line(said: Said, body: str) -> None:
    text = said(S, {f"rnn.{S}": f"{SEQUENCE}t = 0\nwhile t < T:\n    {body}\nreturn h, steps"})
    assert text.startswith("no answer on this call: stopped after ")
    found = re.search(r"; it was then at rnn\.py, line \d+, in rnn_forward: `(.+?)` \(case ", text)
    assert found is not None, text
    assert found[1] in ("while t < T:", body)


def test_where_a_function_that_is_called_hangs_both_lines_are_told(said: Said) -> None:
    text = said(S, {f"rnn.{F}": "while len(x):\n    pass"})
    assert "in rnn_forward: `" in text and "; from there rnn.py, line 3" in text
    assert "in rnn_step_forward: `" in text


def test_a_file_that_hangs_while_it_is_imported_is_told_by_its_line(said: Said) -> None:
    text = said(S, {}, {"rnn": "x = 1\nwhile x:\n    pass\n"})
    assert re.search(r"it was then at rnn\.py, line [23], in <module>: `", text), text


@pytest.mark.parametrize(
    "quiet",
    [
        "import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
        "import faulthandler, signal; faulthandler.unregister(signal.SIGUSR1)",
        "import os; os.close(2)",
        "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    ],
)
def test_where_nothing_is_heard_nothing_is_said(said: Said, quiet: str) -> None:
    text = said(F, {f"rnn.{F}": f"{quiet}\nwhile True:\n    pass"})
    assert text.startswith("no answer on this call: stopped after")


@pytest.mark.parametrize("hidden", [False, True])
def test_in_a_hidden_case_nobody_asks(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hidden: bool
) -> None:
    problem, asked = lessons.find(F), []
    real = ForkedProcess.ask_where
    monkeypatch.setattr(ForkedProcess, "ask_where", lambda self: asked.append(1) or real(self))
    folder = submission(tmp_path / "submission", {f"rnn.{F}": "while True:\n    pass"})
    (tmp_path / "taken-in").mkdir()
    package = take_in(folder, list(lessons.names()), tmp_path / "taken-in").package
    inputs = next(draw_cases(problem, 1, hidden=False))[2]
    with box.session(problem, package, hidden) as session:
        fault = session.call(problem, inputs).fault
    assert fault is not None and fault.kind == "timeout"
    assert bool(asked) != hidden and bool(fault.path) != hidden


def test_a_forged_stack_is_at_most_a_wrong_sentence_about_ones_own_files(tmp_path: Path) -> None:
    (tmp_path / "recurrent").mkdir()
    (tmp_path / "recurrent" / "rnn.py").write_text("x = 1\n")
    (tmp_path / "secret.py").write_text("secret\n")
    ours = tmp_path / "recurrent" / "rnn.py"
    forged = [
        f'  File "{ours}", line 1 in f',
        f'  File "{ours}", line 999999 in f',
        f'  File "{tmp_path}/recurrent/../secret.py", line 1 in f',
        f'  File "{tmp_path}/secret.py", line 1 in f',
        '  File "/x/zygote.py", line 1 in <module>',
    ]
    output = b"spam\nStack (most recent call first):\n" + "\n".join(forged).encode() + b"\nspam"
    assert whereabouts.is_whole(output)
    path = whereabouts.path_of(output, tmp_path)
    assert path == ("rnn.py, line 999999, in f", "rnn.py, line 1, in f: `x = 1`")
    assert "secret" not in str(path)


# ------------------------------------------------------------------------ every problem, every garbage

NUMPY = [problem for problem in lessons.coded_problems() if "torch" not in problem.lesson]

GARBAGE = """

def _broken(function):
    def {name}(*arguments, **named):
        result = function(*arguments, **named)
        {body}
    return {name}

{of} = _broken({of})
"""

INSTEAD = {
    "None": "return None",
    "nothing": "pass",
    "a text": "return 'text'",
    "a dict": "return {'a': 1}",
    "an int": "return 3",
    "an empty tuple": "return ()",
    "many": "return (1,) * 17",
    "ragged": "return [[1.0], [1.0, 2.0]]",
    "an object": "return object()",
    "a class": "return int",
    "a ValueError": "raise ValueError('no')",
    "a product": "return __import__('numpy').ones((2, 3)) @ __import__('numpy').ones((2, 3))",
    "a KeyError": "return dict()['W']",
    "a StopIteration": "raise StopIteration",
    "an AssertionError": "assert False",
    "an AttributeError": "return result.nothing_like_this",
    "a NameError": "return nothing_like_this",
    "a generator": "return (one for one in ())",
    "complex": "return 1j",
    "itself": "return {of}",
}

OURS = re.compile(r"Traceback|student\.|autograder|lessons/|<listcomp>|zygote|probe")


def wrapped(template: str, **words: str) -> dict[str, str]:
    """The reference's files with every graded function wrapped."""
    texts = dict(REFERENCE)
    for of, lesson in {problem.of: problem.lesson for problem in NUMPY}.items():
        if "." not in of:
            filled = {key: word.replace("{of}", of) for key, word in words.items()}
            texts[lesson] += template.format(name=of, of=of, **filled)
    return texts


def judged_here(
    texts: dict[str, str], books: list[Casebook], folder: Path, most: int
) -> Iterator[tuple[Problem, Verdict]]:
    """The verdict on every problem, as the worker answers, in this process.

    most: public cases of each.
    """
    package = submission(folder, files=texts)
    with own_module(package, "rnn"):
        for problem in NUMPY:
            module = import_module(f"recurrent.{problem.lesson}")
            cases = books[0].lesson(problem.lesson)
            asked = tuple(cases.cases[problem.name][:most])
            replies = []
            for case in asked:
                reply = run(problem, module, str(package), case.inputs)
                replies.append(sanitise.reply(reply, problem))
            attempt = Attempt(problem, problem.points, asked, tuple(replies), cases.advice)
            yield problem, conclude(attempt, examine(attempt), {}, 1.0).verdict


@pytest.mark.parametrize("what", INSTEAD)
def test_whatever_a_function_does_no_line_of_ours_is_shown(
    books: list[Casebook], tmp_path: Path, what: str
) -> None:
    probes = {line for problem in NUMPY for line in probe_lines(problem)}
    texts = wrapped(GARBAGE, body=INSTEAD[what])
    for problem, verdict in judged_here(texts, books, tmp_path / "submission", most=1):
        for finding in verdict.findings:
            assert not OURS.search(finding.text), (problem.name, finding.text)
            assert not any(line in finding.text for line in probes), (problem.name, finding.text)


def probe_lines(problem: Problem) -> set[str]:
    """The lines of a probe that nobody would write by chance."""
    import inspect

    source = inspect.getsource(problem.probe)
    lines = {line.strip() for line in source.splitlines()}
    return {line for line in lines if "student." in line or line.startswith('return {"')}


# ------------------------------------------------------------------------------- the case is named

ONLY_ONE = """

def _only_one(function):
    def {name}(*arguments, **named):
        if {condition}:
            raise ValueError('one')
        return function(*arguments, **named)
    return {name}

{of} = _only_one({of})
"""

IS_ONE = "any(getattr(one, 'ndim', 0) and one.shape[0] == 1 for one in arguments)"


def test_what_stops_only_where_a_first_axis_is_one_names_such_a_case(
    books: list[Casebook], tmp_path: Path
) -> None:
    """Of every problem: what stops in some cases names one that stops, and some that run."""
    texts = wrapped(ONLY_ONE, condition=IS_ONE)
    named = 0
    for problem, verdict in judged_here(texts, books, tmp_path / "submission", most=99):
        cases = {case.name: case for case in books[0].lesson(problem.lesson).cases[problem.name]}
        for finding in verdict.findings:
            if "ValueError: one" not in finding.text:
                continue
            found = re.search(
                r"; case (.+?)(; it runs on .+|; it is so on every public case)?\)$", finding.text
            )
            assert found is not None and found[1] in cases, finding.text
            if (found[2] or "").startswith("; it runs on"):
                named += 1
                # A probe may hand over a part of an input, whose first axis is another one.
                assert any(1 in array.shape for array in cases[found[1]].inputs.values())
    assert named > 15, "of many problems some cases run"
