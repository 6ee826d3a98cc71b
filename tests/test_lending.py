"""`lend = true`: what an earlier set lacks costs a later one nothing, and earns it nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.lent import MOST_BYTES
from autograder.authoring.casebook.variants import read_package
from autograder.authoring.demo import with_body, write_submission
from autograder.casebook import LENT, Casebook
from autograder.grade import casebooks, grade_submission
from autograder.lender import MOST_BESIDE, Lender
from autograder.lending import Call, Link, packed, unpacked
from autograder.problem import Verdict
from autograder.sandbox import Limits, Sandbox
from autograder.settings import Course, thaw
from tests.conftest import ROOT
from tests.submissions import REFERENCE, SOLUTIONS

STUBS = read_package(ROOT / "assignment" / "recurrent")
RNN = ("stacked_forward", "stacked_backward")
OVER_RNN = {
    "gates": (("stacked", "lstm"), RNN),
    "words": (("charlm", "embedding"), ("charlm_loss", "rnnlm_loss")),
    "captions": (("captioning", "attention"), ("captioning_loss_gru", "attention_step_backward")),
}
"""Set -> some files of it, and some of their problems that call files of earlier sets."""


@pytest.fixture(scope="module")
def books(frozen: Path) -> Sequence[Casebook]:
    return casebooks(frozen)


@pytest.fixture(scope="module")
def course(frozen: Path) -> Course:
    return replace(thaw(frozen / "course.json"), lend=True)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits()) as sandbox:
        yield sandbox


class Grading:
    """Grades some problems of a set, public and hidden cases."""

    def __init__(self, course: Course, books: Sequence[Casebook], box: Sandbox, folder: Path):
        self.course, self.books, self.box, self.folder = course, books, box, folder

    def __call__(
        self, files: Mapping[str, str], problems: Sequence[str], lend: bool = True
    ) -> dict[str, Verdict]:
        folder = self.folder / str(len(list(self.folder.iterdir())))
        write_submission(files, folder)
        course = replace(self.course, lend=lend)
        verdicts = grade_submission(folder, course, self.books, problems, self.box)
        return {verdict.problem: verdict for verdict in verdicts}


@pytest.fixture
def grading(course: Course, books: Sequence[Casebook], box: Sandbox, tmp_path: Path) -> Grading:
    return Grading(course, books, box, tmp_path)


def shares(verdicts: Mapping[str, Verdict]) -> dict[str, float]:
    return {name: verdict.score / verdict.max_score for name, verdict in verdicts.items()}


def texts(verdict: Verdict) -> str:
    return "\n".join(finding.text for finding in verdict.findings)


# ----------------------------------------------------------------------------- what it is there for


@pytest.mark.in_turn
@pytest.mark.parametrize("earlier", ["missing", "unfinished"])
@pytest.mark.parametrize("name", OVER_RNN)
def test_a_set_is_graded_without_the_ones_before_it(
    name: str, earlier: str, grading: Grading, course: Course
) -> None:
    modules, problems = OVER_RNN[name]
    files = {module: REFERENCE[module] for module in modules}
    if earlier == "unfinished":
        before = course.earlier_than(modules[0])
        files |= {module: STUBS[module] for module in before}
    verdicts = grading(files, problems)
    assert shares(verdicts) == dict.fromkeys(problems, 1.0)
    for verdict in verdicts.values():
        assert "lent, so that this is graded by itself" in verdict.findings[0].text


BROKEN = {
    "it is no Python": (f"{STUBS['rnn']}\ndef (", "impossible to import"),
    "it lacks a function": ("import numpy as np\n", "missing"),
    "it is there to the half": (
        REFERENCE["rnn"].replace("def rnn_backward(", "def backward("),
        "missing",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_file_that_cannot_be_used_is_lent(how: str, grading: Grading) -> None:
    text, state = BROKEN[how]
    verdicts = grading(
        {"stacked": REFERENCE["stacked"], "lstm": REFERENCE["lstm"], "rnn": text}, RNN
    )
    assert shares(verdicts) == dict.fromkeys(RNN, 1.0)
    assert state in verdicts["stacked_backward"].findings[0].text


def test_what_the_file_has_beside_what_is_lent_stays(grading: Grading) -> None:
    rnn = STUBS["rnn"] + "\n\ndef copied(h):\n    return h + 0\n"
    stacked = "from .rnn import copied\n" + REFERENCE["stacked"].replace(
        "h, cache = x", "h, cache = copied(x)"
    )
    verdicts = grading({"stacked": stacked, "lstm": REFERENCE["lstm"], "rnn": rnn}, RNN)
    assert shares(verdicts) == dict.fromkeys(RNN, 1.0)


STEP_BY_STEP = {
    "stacked_forward": """
h, cache = x, []
for h0, (Wx, Wh, b) in zip(h0s, layers):
    out, steps = [], []
    for t in range(h.shape[1]):
        h0, step = rnn_step_forward(prev_h=h0, x=h[:, t], Wx=Wx, Wh=Wh, b=b)
        out.append(h0)
        steps.append(step)
    h = np.stack(out, axis=1)
    cache.append(steps)
return h, cache
""",
    "stacked_backward": """
dh0s, dlayers = [], []
for steps in cache[::-1]:
    dx, dprev, total = [], 0, 0
    for t in range(dh.shape[1])[::-1]:
        dx_t, dprev, *dlayer = rnn_step_backward(dh[:, t] + dprev, steps[t])
        dx.insert(0, dx_t)
        total = dlayer if t == dh.shape[1] - 1 else [a + b for a, b in zip(total, dlayer)]
    dh = np.stack(dx, axis=1)
    dh0s.insert(0, dprev)
    dlayers.insert(0, tuple(total))
return dh, dh0s, dlayers
""",
}


def with_bodies(bodies: Mapping[str, str]) -> str:
    """stacked.py with these functions, and all of rnn.py's at hand."""
    text = REFERENCE["stacked"]
    for function, body in bodies.items():
        text = with_body(text, function, body)
    line = "from .rnn import rnn_backward, rnn_forward"
    assert line in text
    return text.replace(line, f"{line}, rnn_step_backward, rnn_step_forward")


def test_steps_can_be_called_where_the_reference_calls_the_whole(
    grading: Grading, frozen: Path
) -> None:
    files = {"stacked": with_bodies(STEP_BY_STEP), "lstm": REFERENCE["lstm"]}
    assert shares(grading(files, RNN[:1])) == {"stacked_forward": 1.0}
    # Of a large hidden case, the steps inside the functions are not there to be lent.
    grading.books = casebooks(frozen, public_only=True)
    assert shares(grading(files, RNN)) == dict.fromkeys(RNN, 1.0)


def test_code_in_float32_is_lent_to_as_well(grading: Grading) -> None:
    body = """
h, cache = x.astype(np.float32), []
for h0, weights in zip(h0s, layers):
    h, layer = rnn_forward(h.astype(np.float32), h0, *weights)
    cache.append(layer)
return h, cache
"""
    files = {"stacked": with_bodies({"stacked_forward": body}), "lstm": REFERENCE["lstm"]}
    assert shares(grading(files, RNN)) == dict.fromkeys(RNN, 1.0)


def test_what_was_lent_can_be_written_on(grading: Grading) -> None:
    body = """
h, cache = x, []
for h0, (Wx, Wh, b) in zip(h0s, layers):
    h, layer = rnn_forward(h, h0, Wx, Wh, b)
    h += 1
    h -= 1
    cache.append(layer)
return h, cache
"""
    files = {"stacked": with_bodies({"stacked_forward": body}), "lstm": REFERENCE["lstm"]}
    assert shares(grading(files, RNN)) == dict.fromkeys(RNN, 1.0)


def test_without_fork_too(frozen: Path, course: Course, tmp_path: Path) -> None:
    files = {"stacked": REFERENCE["stacked"], "lstm": REFERENCE["lstm"]}
    books = casebooks(frozen, public_only=True)
    with Sandbox(Limits(), fork=False) as box:
        verdicts = Grading(course, books, box, tmp_path)(files, RNN[:1])
    assert shares(verdicts) == {"stacked_forward": 1.0}


# ------------------------------------------------------------------------- what it is not there for


@pytest.mark.in_turn
@pytest.mark.parametrize("name", OVER_RNN)
def test_right_work_has_the_same_verdicts_with_and_without(name: str, grading: Grading) -> None:
    problems = OVER_RNN[name][1]
    with_it = grading(REFERENCE, problems, lend=True)
    without = grading(REFERENCE, problems, lend=False)
    assert with_it == without and shares(with_it) == dict.fromkeys(problems, 1.0)


def test_a_wrong_file_of_an_earlier_set_is_not_lent(grading: Grading) -> None:
    rnn = with_body(REFERENCE["rnn"], "rnn_step_forward", "return x @ Wx + prev_h @ Wh + b, ()")
    files = {**REFERENCE, "rnn": rnn}
    assert grading(files, RNN, lend=True) == grading(files, RNN, lend=False)


def test_what_this_set_lacks_itself_is_not_lent(grading: Grading) -> None:
    files = {"stacked": REFERENCE["stacked"], "lstm": STUBS["lstm"], "rnn": REFERENCE["rnn"]}
    verdict = grading(files, ["stacked_lstm_forward"])["stacked_lstm_forward"]
    assert (
        verdict.score == 0 and "lent" not in texts(verdict) and "points hang" not in texts(verdict)
    )


BY_NUMBERS = """
s, h, mask, W, U, v = cache[:6]
found = []
for array in (s, h, W, U, v):
    gradient = np.zeros(array.shape)
    for place in np.ndindex(*array.shape):
        kept = array[place]
        ends = []
        for moved in (kept + 1e-5, kept - 1e-5):
            array[place] = moved
            ends.append(additive_attention_forward(s, h, mask, W, U, v)[0])
        array[place] = kept
        gradient[place] = np.sum(dcontext * (ends[0] - ends[1])) / 2e-5
    found.append(gradient)
return tuple(found)
"""


def test_a_missing_file_is_no_way_round_the_large_case(grading: Grading) -> None:
    forward = with_body(
        REFERENCE["attention"],
        "additive_attention_forward",
        """
if not mask.any(axis=1).all(): raise ValueError
e = np.tanh(s[:, None] @ W + h @ U) @ v
a = masked_softmax(e, mask)
return np.einsum("nt,nth->nh", a, h), a, (s, h, mask, W, U, v)
""",
    )
    attention = with_body(forward, "additive_attention_backward", BY_NUMBERS)
    grading.course = replace(grading.course, policy=replace(grading.course.policy, seconds=2.0))
    verdict = grading({"attention": attention}, ["additive_attention_backward"])
    assert "was lent" in verdict["additive_attention_backward"].findings[0].text
    assert "a derived one milliseconds" in texts(verdict["additive_attention_backward"])
    assert verdict["additive_attention_backward"].score == 0


WORTHLESS = {
    "what was lent is returned": {
        "stacked_forward": "return rnn_forward(x, h0s[0], *layers[0])",
        "stacked_backward": "raise ValueError",
    },
    "the layers are tried until one is answered": {
        "stacked_forward": """
for h0, layer in zip(h0s, layers):
    try:
        h, cache = rnn_forward(x, h0, *layer)
        if np.isfinite(h).all():
            break
    except Exception:
        pass
return h, cache
""",
        "stacked_backward": "return rnn_backward(dh, cache), (), ()",
    },
    "nothing is called": {
        "stacked_forward": "return x, ()",
        "stacked_backward": "return dh, [], []",
    },
    "it never stops asking": {
        "stacked_forward": "while True: rnn_forward(x, h0s[0], *layers[0])",
        "stacked_backward": "return dh, [], []",
    },
    "the channel is spoken to": {
        "stacked_forward": """
import gc, os
for fd in range(3, 40):
    try:
        os.write(fd, b"\\0\\0\\0\\x02\\0\\0\\0\\0{}" * 50)
    except OSError:
        pass
return rnn_forward(x, h0s[0], *layers[0])
""",
        "stacked_backward": "return dh, [], []",
    },
}


@pytest.mark.in_turn
@pytest.mark.parametrize("how", WORTHLESS)
def test_worthless_work_over_what_is_lent_earns_nothing(how: str, grading: Grading) -> None:
    files = {"stacked": with_bodies(WORTHLESS[how]), "lstm": REFERENCE["lstm"]}
    verdicts = grading(files, RNN)
    assert shares(verdicts) == dict.fromkeys(RNN, 0.0)
    assert "_answered" not in "".join(map(texts, verdicts.values()))


def test_mistakes_earn_no_more_than_over_the_right_file(grading: Grading) -> None:
    answers = load_answers(SOLUTIONS)
    wrongs = [wrong for wrong in answers.misconceptions if wrong.problem == "stacked_backward"]
    assert len(wrongs) > 3
    partly = 0
    for wrong in wrongs:
        stacked = answers.patched(wrong)["stacked"]
        lent = shares(grading({"stacked": stacked, "lstm": REFERENCE["lstm"]}, RNN))
        over_right = shares(grading({**REFERENCE, "stacked": stacked}, RNN))
        assert lent == over_right
        partly += 0 < lent["stacked_backward"] < 1
    assert partly, "partial credit, gradient by gradient, is tried too"


# -------------------------------------------------------------------------------------- its records


def test_nothing_of_it_is_read_where_nothing_is_lent(
    frozen: Path, course: Course, box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.casebook.LessonBook.lent", None)
    verdicts = Grading(course, casebooks(frozen), box, tmp_path)(REFERENCE, RNN)
    assert shares(verdicts) == dict.fromkeys(RNN, 1.0)


@pytest.mark.parametrize("hidden", [False, True])
def test_the_records_are_small_and_there_for_all_cases(
    hidden: bool, books: Sequence[Casebook]
) -> None:
    book = books[hidden]
    lent, whole = 0, 0
    for module in ("stacked", "charlm", "embedding"):
        lesson = book.lesson(module)
        whole += lesson.path.stat().st_size
        for problem in lesson.cases:
            entry = f"{problem}/{LENT}"
            if entry in set(lesson._file.keys()):
                lent += lesson._file.get_tensor(entry).nbytes
    assert 0 < lent < 0.4 * whole
    for name in (*RNN, "charlm_loss", "rnnlm_loss"):
        problem = lessons.find(name)
        lesson = book.lesson(problem.lesson)
        cases, kept = lesson.cases_of(problem), lesson.lent(name)
        assert [*kept] == [*range(len(cases))]
        for number, case in enumerate(cases):
            calls = unpacked(kept[number], case.inputs)
            again = packed(calls, case.inputs)
            np.testing.assert_equal(unpacked(again, case.inputs), calls)
            if not case.large:
                assert sum(array.nbytes for array in again.values()) <= MOST_BYTES


# --------------------------------------------------------------------------------------- the lender

X, H = np.arange(6.0).reshape(2, 3), np.ones((2, 4))
CALLS = (
    Call("rnn.step", {"x": X, "h": H}, (2 * H, Link(0, 1))),
    Call("rnn.step", {"x": X, "h": -H}, (3 * H, Link(1, 1))),
    Call("rnn.back", {"dh": H, "cache": Link(1, 1)}, (X,), alone=True),
    Call("rnn.back", {"dh": H, "cache": Link(0, 1)}, (-X,), alone=True),
)


def test_the_lender_answers_what_was_called_by_place_or_by_name() -> None:
    lender = Lender(CALLS)
    first = lender.answer("rnn.step", ("", ""), (X, H))
    second = lender.answer("rnn.step", ("h", "x"), (-H, X * (1 + 1e-7)))
    assert first is not None and second is not None
    np.testing.assert_array_equal(first.gives[0], 2 * H)
    np.testing.assert_array_equal(second.gives[0], 3 * H)
    for answer, expected in ((first, -X), (second, X)):
        back = lender.answer("rnn.back", ("", ""), (H, answer.gives[1]))
        assert back is not None and back.alone
        np.testing.assert_array_equal(back.gives[0], expected)


def test_other_numbers_get_nan_and_so_does_what_follows() -> None:
    lender = Lender(CALLS)
    answer = lender.answer("rnn.step", ("", ""), (X, H + 0.01))
    assert answer is not None and np.isnan(answer.gives[0]).all()
    back = lender.answer("rnn.back", ("", ""), (H, answer.gives[1]))
    assert back is not None and np.isnan(back.gives[0]).all()
    made_up = lender.answer("rnn.back", ("", ""), (H, 10**9))
    assert made_up is not None and np.isnan(made_up.gives[0]).all()


OTHERS = {
    "another function": ("rnn.other", ("", ""), (X, H)),
    "another shape": ("rnn.step", ("", ""), (X.T, H)),
    "one too few": ("rnn.step", ("",), (X,)),
    "one too many": ("rnn.step", ("", "", ""), (X, H, H)),
    "one twice": ("rnn.step", ("", "x"), (X, X)),
    "another name": ("rnn.step", ("", "y"), (X, H)),
    "no cache": ("rnn.back", ("", ""), (H, None)),
    "a cache for an array": ("rnn.step", ("", ""), (X, 0)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_to_anything_else_there_is_no_answer(what: str) -> None:
    assert Lender(CALLS).answer(*OTHERS[what]) is None


def test_the_lender_hears_so_many_questions_and_no_more() -> None:
    lender = Lender(())
    assert [lender.may_ask() for _ in range(MOST_BESIDE + 1)] == [True] * MOST_BESIDE + [False]
