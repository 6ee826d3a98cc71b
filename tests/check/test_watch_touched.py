"""What a change touches: never too little, and no more than it has to be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.mutations.edits import mutants
from autograder.casebook import gathered
from autograder.check.checker import FROZEN, Checker
from autograder.check.watch.outline import outline
from autograder.check.watch.touched import Taken, edited, names_in, touched
from autograder.cli import frozen_course
from autograder.grade import casebooks, course_problems
from autograder.problem import Finding, Problem, Verdict
from autograder.report.record import as_data
from tests.conftest import ROOT
from tests.submissions import REFERENCE

PROBLEMS = [problem for problem in lessons.all_problems() if problem.lesson != "torch_models"]
FILES = {f"{name}.py": text.encode() for name, text in REFERENCE.items()}
RNN_STEP = {
    "rnn_step_forward", "rnn_step_backward", "rnn_forward", "rnn_backward",
    "rnn_backward_truncated", "sample", "charlm_loss", "learns_hello", "rnnlm_loss",
    "stacked_forward", "stacked_backward", "attention_step_forward", "attention_step_backward",
    "captioning_loss", "captioning_loss_gru", "captioning_loss_lstm", "captioning_sample",
    "captioning_sample_gru", "captioning_sample_lstm", "bidirectional_forward",
    "bidirectional_backward", "tied_rnnlm_loss", "scheduled_inputs",
}  # fmt: skip


@pytest.fixture(scope="module")
def hang_on() -> dict[str, set[str]]:
    books = casebooks(FROZEN, public_only=True)
    return {problem.name: gathered(problem, books).hang_on() for problem in PROBLEMS}


def passed(problem: Problem, text: str = "") -> Verdict:
    findings = (Finding("runs", text),) if text else ()
    return Verdict(problem.name, problem.lesson, "", "passed", 1, 1, findings=findings)


def touched_by(
    hang_on: dict[str, set[str]], changed: dict[str, bytes | None], text: str = ""
) -> set[str]:
    """What is touched when these files of the reference have another content, or none."""
    files = {name: source for name, source in {**FILES, **changed}.items() if source is not None}
    verdicts = {problem.name: passed(problem, text) for problem in PROBLEMS}
    return touched(Taken(FILES), Taken(files), PROBLEMS, verdicts, hang_on)


def replaced(name: str, old: str, new: str) -> dict[str, bytes | None]:
    text = FILES[name].decode()
    assert old in text
    return {name: text.replace(old, new, 1).encode()}


def of_lessons(*names: str) -> set[str]:
    return {problem.name for problem in PROBLEMS if problem.lesson in names}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# (N, H)", "# something else"),
        ("The gradient of one step.", "The slope of one step."),
        ('"""Lesson 1', '"""The first lesson'),
        ("def rnn_forward", "\n\n# a comment\n\ndef rnn_forward"),
        ("a = x @ Wx + prev_h @ Wh + b", "a = (x @ Wx) + ((prev_h @ Wh)) + b"),
    ],
)
def test_what_is_no_code_touches_nothing(hang_on: dict[str, set[str]], old: str, new: str) -> None:
    assert touched_by(hang_on, replaced("rnn.py", old, new)) == set()


def test_a_function_touches_what_reaches_it(hang_on: dict[str, set[str]]) -> None:
    assert touched_by(hang_on, replaced("rnn.py", "np.tanh(a)", "np.tan(a)")) == RNN_STEP
    nearest = replaced(
        "embedding.py", "def nearest(query, E, k):", "def nearest(query, E, k):\n    1"
    )
    assert touched_by(hang_on, nearest) == {"nearest"}
    last = touched_by(hang_on, replaced("rnn.py", "last = lengths - 1", "last = lengths"))
    assert last == {"last_hidden", "last_hidden_backward"}


def test_a_helper_that_other_files_import_touches_their_problems(
    hang_on: dict[str, set[str]],
) -> None:
    found = touched_by(
        hang_on, replaced("lstm.py", "def sigmoid(a):", "def sigmoid(a):\n    a = a")
    )
    assert found >= of_lessons("gru", "mut") - {"gru_to_other_convention"}
    assert not found & of_lessons("rnn", "head", "gradflow", "beam")


@pytest.mark.parametrize(
    "new", ["import numpy as np\nX = 3", "import numpy", "import numpy as np\nprint(1)", "def ("]
)
def test_what_stands_at_the_top_touches_the_file_and_all_that_import_it(
    hang_on: dict[str, set[str]], new: str
) -> None:
    found = touched_by(hang_on, replaced("rnn.py", "import numpy as np", new))
    assert found >= of_lessons("rnn", "charlm", "stacked", "embedding", "attention", "captioning")
    assert not found & of_lessons("head", "gradflow", "lstm", "gru", "mut", "beam")


def test_a_file_that_goes_touches_its_problems_and_all_that_import_it(
    hang_on: dict[str, set[str]],
) -> None:
    found = touched_by(hang_on, {"head.py": None})
    assert found >= of_lessons("head", "charlm", "embedding", "captioning")
    assert not found & of_lessons("rnn", "lstm")


def test_another_refusal_touches_the_lesson(hang_on: dict[str, set[str]]) -> None:
    old, new = Taken(FILES), Taken(FILES, {"beam": "beam.py is no plain file"})
    assert touched(old, new, PROBLEMS, {}, {}) == of_lessons("beam")


def test_what_hangs_on_an_earlier_problem_is_touched_with_it() -> None:
    """Also where no name leads from one to the other."""
    step = replaced("rnn.py", "np.tanh(a)", "np.tan(a)")
    found = touched_by({"perplexity": {"nearest"}, "nearest": {"rnn_step_forward"}}, step)
    assert found == RNN_STEP | {"nearest", "perplexity"}


def test_a_verdict_that_names_a_line_is_looked_at_again_when_lines_may_have_moved(
    hang_on: dict[str, set[str]],
) -> None:
    moved = replaced("head.py", "import numpy as np", "# a line more\nimport numpy as np")
    assert touched_by(hang_on, moved, "it raises at head.py, line 31") >= of_lessons("head")
    assert touched_by(hang_on, moved, "head.py:31: RuntimeWarning") >= of_lessons("charlm")
    assert touched_by(hang_on, moved, "it differs by 3.1") == set()


ANYTHING = [
    ("def f():\n    global X\n    X = 1\n", "global"),
    ("def f():\n    np.tanh = None\n", "writes into numpy"),
    ("def f():\n    rnn_step_forward.cache = 1\n", "writes into a function"),
    ("def f():\n    globals()['x'] = 1\n", "globals"),
    ("def f():\n    import sys\n    sys.modules.clear()\n", "modules"),
    ("def f():\n    exec('x = 1')\n", "exec"),
    ("def f():\n    setattr(np, 'tanh', 1)\n", "setattr"),
    ("def f():\n    np.seterr(all='raise')\n", "a setting of numpy's"),
    ("from .head import *\n", "everything of a module"),
    ("def f():\n    f.__code__ = 1\n", "code"),
]


@pytest.mark.parametrize(("code", "what"), ANYTHING, ids=[what for _, what in ANYTHING])
def test_a_file_that_can_reach_anything_touches_everything(
    hang_on: dict[str, set[str]], code: str, what: str
) -> None:
    before = FILES["rnn.py"] + b"\n\n" + code.encode()
    after = before.replace(b"last = lengths - 1", b"last = lengths")
    verdicts = {problem.name: passed(problem) for problem in PROBLEMS}
    old, new = Taken({**FILES, "rnn.py": before}), Taken({**FILES, "rnn.py": after})
    assert touched(old, new, PROBLEMS, verdicts, hang_on) == {problem.name for problem in PROBLEMS}


SHARED = [
    # what one function leaves in a variable reaches whoever reads it
    ("CACHE = {}\n\n\ndef last_hidden(h, lengths):\n    CACHE[1] = NUMBER\n",
     "def rnn_step_forward(*given):\n    return CACHE[1]\n"),
    ("try:\n    KEPT = []\nexcept ValueError:\n    pass\n\n\ndef last_hidden(h, lengths):\n"
     "    KEPT.append(NUMBER)\n",
     "def rnn_step_forward(*given):\n    return KEPT\n"),
    # what is run when the file is imported
    ("def last_hidden(h, lengths):\n    return NUMBER\n\n\nTABLE = last_hidden(1, 2)\n",
     "def rnn_step_forward(*given):\n    return 1\n"),
    ("def last_hidden(h, lengths):\n    return NUMBER\n\n\n",
     "@last_hidden\ndef rnn_step_forward(*given):\n    return 1\n"),
    # what is imported within a function
    ("def last_hidden(h, lengths):\n    return NUMBER\n\n\n",
     "def rnn_step_forward(*given):\n    from . import rnn\n    return rnn.last_hidden\n"),
    # a function that is hidden in a branch
    ("def last_hidden(h, lengths):\n    return NUMBER\n\n\nif True:\n    def g():\n"
     "        return last_hidden\n",
     "def rnn_step_forward(*given):\n    return g()\n"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), SHARED)
def test_what_is_shared_is_followed(first: str, second: str) -> None:
    names = {"last_hidden", "rnn_step_forward"}  # neither probe calls the other's function
    problems = [problem for problem in PROBLEMS if problem.name in names]
    verdicts = {problem.name: passed(problem) for problem in problems}
    text = f"{first}\n\n{second}"
    old, new = (Taken({"rnn.py": text.replace("NUMBER", number).encode()}) for number in "12")
    assert old != new
    found = touched(old, new, problems, verdicts, {})
    assert found == names


def test_what_shares_nothing_is_not_touched() -> None:
    names = {"last_hidden", "rnn_step_forward"}
    problems = [problem for problem in PROBLEMS if problem.name in names]
    text = "X = 1\n\n\ndef last_hidden(h):\n    return NUMBER + X\n\n\n"
    text += "def rnn_step_forward():\n    return X"
    old, new = (Taken({"rnn.py": text.replace("NUMBER", number).encode()}) for number in "12")
    assert touched(old, new, problems, {}, {}) == {"last_hidden"}


def test_what_was_edited_is_the_function_itself() -> None:
    new = Taken({**FILES, **replaced("rnn.py", "np.tanh(a)", "np.tan(a)")})  # type: ignore[dict-item]
    assert edited(Taken(FILES), new, PROBLEMS) == ["rnn_step_forward"]


def test_another_answer_touches_its_question_and_another_student_all_of_them(
    hang_on: dict[str, set[str]],
) -> None:
    name = "answers_recurrence.py"
    questions = of_lessons("answers_recurrence")
    assert touched_by(hang_on, replaced(name, '"example"', '"ada@example.edu"')) == questions
    other = replaced(name, "answer = ", "answer = 0 + ")
    assert touched_by(hang_on, other) == {"slide_clipping"}


def test_the_reference_has_nothing_in_it_that_touches_everything() -> None:
    for name, source in FILES.items():
        found = outline(name.removesuffix(".py"), source)
        assert found is not None and not found.odd, name


def test_every_probe_names_the_function_it_is_about() -> None:
    for problem in lessons.coded_problems():
        assert problem.of.partition(".")[0] in names_in(problem.probe), problem.name


# ------------------------------------------------------------ held to what a full check would say


def verdicts_of(checker: Checker, names: list[str]) -> dict[str, dict[str, object]]:
    return {verdict.problem: as_data(verdict) for verdict in checker.check(names)}


@pytest.fixture
def checker(tmp_path: Path) -> Iterator[Checker]:
    (tmp_path / "recurrent").mkdir()
    with Checker(tmp_path, frozen_course()) as opened:
        yield opened


def write(checker: Checker, sources: dict[str, bytes]) -> None:
    for name, source in sources.items():
        (checker.submission / "recurrent" / name).write_bytes(source)


@pytest.mark.in_turn
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_what_is_not_touched_has_the_verdict_it_had(
    checker: Checker, hang_on: dict[str, set[str]], seed: int
) -> None:
    """For mutants of the reference: nothing that is wrong in them was left out."""
    rng = random.Random(seed)
    names = [problem.name for problem in course_problems(checker.course)]
    names = [name for name in names if name in hang_on]
    write(checker, FILES)
    before = verdicts_of(checker, names)
    for name in rng.sample(sorted(FILES), 4):
        if name in ("__init__.py", "torch_models.py"):
            continue
        module = name.removesuffix(".py")
        mutant = rng.choice(list(mutants(module, REFERENCE[module])))
        changed = {name: mutant.source.encode()}
        left = [name for name in names if name not in touched_by(hang_on, changed)]
        write(checker, changed)
        found = verdicts_of(checker, left)
        assert found == {name: before[name] for name in left}, mutant
        write(checker, {name: FILES[name]})


@pytest.mark.in_turn
@pytest.mark.slow
def test_work_that_grows_has_after_every_save_the_verdicts_of_a_full_check(
    checker: Checker, hang_on: dict[str, set[str]]
) -> None:
    """From the stubs to the reference, function by function, with slips on the way."""
    problems = [problem for problem in PROBLEMS if problem.lesson in ("rnn", "head")]
    names = [problem.name for problem in problems]
    files: dict[str, bytes] = {}
    kept: dict[str, dict[str, object]] = {}
    verdicts: dict[str, Verdict] = {}
    skipped = 0
    for step in steps():
        before, files = files, {**files, **step}
        write(checker, step)
        taken = Taken(before), Taken(files)
        again = touched(*taken, PROBLEMS, verdicts, hang_on) if before else set(names)
        for verdict in checker.check([name for name in names if name in again]):
            verdicts[verdict.problem], kept[verdict.problem] = verdict, as_data(verdict)
        assert kept == verdicts_of(checker, names)
        skipped += len(set(names) - again)
    assert skipped > len(names)


def steps() -> Iterator[dict[str, bytes]]:
    """The files that are saved, one after another."""
    now = {}
    for lesson in ("rnn", "head"):
        path = ROOT / "assignment" / "recurrent" / f"{lesson}.py"
        now[lesson] = path.read_text(encoding="utf-8")
    yield {f"{lesson}.py": text.encode() for lesson, text in now.items()}
    for lesson, text in now.items():
        parts = text.split("\n\n\ndef ")
        done = REFERENCE[lesson].split("\n\n\ndef ")
        for number, part in enumerate(done[1:], start=1):
            slip = part.replace("+", "-", 1).replace("axis=0", "axis=1")
            for version in (slip, part.replace("return", "retrun", 1), f"{part}\n# done", part):
                parts[number] = version
                yield {f"{lesson}.py": "\n\n\ndef ".join(parts).encode()}
