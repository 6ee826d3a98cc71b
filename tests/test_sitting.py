"""A submission is sat publicly and then hidden, in one process each, and what went wrong once more.

Nothing public runs beside or after anything hidden, of a hidden case only arrays are heard, and a
problem that spoils the process costs no other.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import grade, lessons
from autograder.authoring.casebook.draw import draw_cases
from autograder.casebook import Casebook
from autograder.grade import casebooks, opened
from autograder.problem import Case, Fault, Problem, Reply, Verdict
from autograder.report.record import as_text
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.deadline import IDLE, WALL, Deadline, TimedOut
from autograder.sandbox.session import Paper, Session, Sheet
from autograder.settings import Course, Policy, ProblemSet, thaw
from autograder.sitting import Questions, Sitting
from tests.in_process import small_casebooks
from tests.submissions import submission

SECONDS = 2.0
COURSE = Course(
    "Sitting", "", 1, (ProblemSet("all", "All", ("rnn",)),), Policy(total_seconds=240.0)
)
RNN = lessons.lesson("rnn").problems
PUBLIC_SHAPES = {inputs["x"].shape for _, _, inputs in draw_cases(RNN[0], seed=0, hidden=False)}
"""Of x in the public cases of rnn_step_forward."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Casebook]:
    return small_casebooks(tmp_path_factory.mktemp("books"), ("rnn",))[1]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=SECONDS)) as sandbox:
        yield sandbox


class Watched:
    """A sandbox that keeps a diary of the processes in which the student's code runs."""

    def __init__(self, box: Sandbox) -> None:
        self.box, self.side_by_side = box, box.side_by_side
        self.diary: list[str] = []
        self.running: list[str] = []

    def together(self, backend: Any, package: Path, hidden: bool = False) -> Any:
        return self._watched(self.box.together(backend, package, hidden), "together", hidden)

    def session(self, problem: Problem, package: Path, hidden: bool = False) -> Any:
        return self._watched(self.box.session(problem, package, hidden), problem.name, hidden)

    def compile(self, package: Path, modules: list[str]) -> None:
        self.box.compile(package, modules)

    def absent(self, package: Path, lesson: str) -> Fault | None:
        return self.box.absent(package, lesson)

    def _watched(self, session: Session, what: str, hidden: bool) -> Any:
        entry = f"{what}, hidden" if hidden else what

        @contextmanager
        def noted() -> Iterator[Session]:
            with session:
                self.diary.append(entry)
                self.running.append(entry)
                if hidden:
                    assert all(other.endswith(", hidden") for other in self.running)
                yield session
            self.running.remove(entry)

        return noted()


def graded(
    folder: Path, books: list[Casebook], box: Any, bodies: dict[str, str]
) -> dict[str, Verdict]:
    submission(folder, {f"rnn.{name}": body for name, body in bodies.items()})
    with opened(folder, COURSE, books, box) as grader:
        grader.sit(RNN)
        return {problem.name: grader.result(problem).verdict for problem in RNN}


RIGHT = "h = np.tanh(x @ Wx + prev_h @ Wh + b)\nreturn h, (x, prev_h, Wx, Wh, h)"
ONLY_HIDDEN = f"if x.shape not in {PUBLIC_SHAPES}: "


def test_a_right_submission_takes_one_process_a_sitting(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    watched = Watched(box)
    verdicts = graded(tmp_path / "s", books, watched, {})
    assert all(verdict.status == "passed" for verdict in verdicts.values())
    assert watched.diary == ["together", "together, hidden"]


def test_nothing_public_runs_beside_or_after_anything_hidden(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    watched = Watched(box)
    wrong = {
        "rnn_step_forward": "return x @ Wx + prev_h @ Wh + b, (x, prev_h, Wx, Wh, prev_h)",
        "rnn_step_backward": "x, p, Wx, Wh, h = cache\nreturn x, p, Wx, Wh, Wh[0]",
        "rnn_backward": "return 1 / 0",
        "last_hidden": "print(h)\nreturn h[:, -1], (h.shape, None, None)",
    }
    graded(tmp_path / "s", books, watched, wrong)
    hidden = [entry.endswith(", hidden") for entry in watched.diary]
    assert hidden == sorted(hidden) and any(hidden), watched.diary
    assert watched.running == []
    alone = {"rnn_step_forward", "rnn_step_backward", "rnn_backward", "last_hidden"}
    assert alone <= {*watched.diary}, "what was not right is sat again alone"
    assert "rnn_backward, hidden" not in watched.diary, "it can earn nothing any more"


def test_what_was_wrong_only_together_is_right_alone(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    bodies = {
        "rnn_backward_truncated": "np.n = 1; np.tanh = np.sin\nraise ValueError",
        "last_hidden": "return h[np.arange(len(h)), lengths - 1] + hasattr(np, 'n'), "
        "(h.shape, np.arange(len(h)), lengths - 1)",
    }
    verdicts = graded(tmp_path / "s", books, box, bodies)
    assert verdicts["rnn_step_forward"].status == "passed"
    assert verdicts["last_hidden_backward"].status == "passed"
    assert verdicts["last_hidden"].status == "passed"
    assert verdicts["rnn_backward_truncated"].status == "error"


MISDEEDS = {
    "raises": "raise ValueError(f'{x}')",
    "raises elsewhere": "\n    y = x\n    raise KeyError(float(x.flat[0]))",
    "dies": "import os; os._exit(int(abs(x.flat[0]) * 100) % 250)",
    "is not done": "raise NotImplementedError(f'{x}')",
    "leaves": "raise SystemExit(3)",
    "closes the pipes": "import os; os.closerange(0, 99)",
    "writes nonsense": "import os; os.write(4, x.tobytes() * 9)",
}


def test_every_way_not_to_answer_a_hidden_case_looks_the_same(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    texts = set()
    for number, deed in enumerate(MISDEEDS.values()):
        body = ONLY_HIDDEN + deed + "\n" + RIGHT
        verdicts = graded(tmp_path / str(number), books, box, {"rnn_step_forward": body})
        verdict = verdicts["rnn_step_forward"]
        assert verdict.score == 0
        texts.add((verdict.status, as_text(verdict), verdict.printed))
        assert verdicts["last_hidden"].status == "passed"
    assert texts == {
        ("error", "hidden: every public case has an answer, but a hidden one has none", "")
    }


QUIET_DEEDS = {
    "prints": "print(x)",
    "warns": "np.exp(np.full(3, 800.0))",
    "changes its arguments": "x += 1; b -= 1",
    "changes some of them": "\n    for n, a in enumerate((x, prev_h, Wx, Wh, b)):\n"
    "        a += int(abs(x.flat[0]) * 16) >> n & 1",
}


def test_a_right_answer_in_a_hidden_case_tells_nothing_else(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    copies = "x, prev_h, Wx, Wh, b = (a.copy() for a in (x, prev_h, Wx, Wh, b))\n"
    keep = "X = (x, prev_h, Wx, Wh, b)\n" + copies
    restore = "given = X\n"
    texts = set()
    for number, deed in enumerate(["pass", *QUIET_DEEDS.values()]):
        inner = deed.replace("x += 1; b -= 1", "X[0][:] += 1; X[4][:] -= 1")
        inner = inner.replace("enumerate((x, prev_h, Wx, Wh, b))", "enumerate(X)")
        body = keep + restore + ONLY_HIDDEN + inner + "\n" + RIGHT
        verdicts = graded(tmp_path / str(number), books, box, {"rnn_step_forward": body})
        verdict = verdicts["rnn_step_forward"]
        texts.add((verdict.status, as_text(verdict), verdict.printed))
    assert len(texts) == 1 and next(iter(texts))[0] == "passed"


def test_what_is_printed_is_shown_where_it_was_printed(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    body = "print('step', x.shape)\n" + RIGHT
    verdicts = graded(tmp_path / "s", books, box, {"rnn_step_backward": "print('back')\nreturn 1"})
    assert "back" in verdicts["rnn_step_backward"].printed
    assert verdicts["last_hidden"].printed == ""
    verdicts = graded(tmp_path / "t", books, box, {"rnn_step_forward": body})
    assert verdicts["rnn_step_forward"].printed.startswith("step (3, 4)")
    assert verdicts["rnn_step_forward"].status == "passed"
    assert verdicts["last_hidden_backward"].printed == ""


@pytest.mark.parametrize("deed", ["import os; os._exit(3)", "while True: pass"])
def test_a_problem_that_ends_the_process_costs_no_other(
    tmp_path: Path, books: list[Casebook], box: Sandbox, deed: str
) -> None:
    watched = Watched(box)
    bodies = {"rnn_backward_truncated": deed, "last_hidden_backward": deed}
    verdicts = graded(tmp_path / "s", books, watched, bodies)
    for name in ("rnn_step_forward", "rnn_forward", "rnn_backward", "last_hidden"):
        assert verdicts[name].status == "passed", name
    assert watched.diary.count("together") == 2, "gone on with behind the first of the two"
    assert watched.diary.count("together, hidden") == 1


def test_a_file_that_is_not_there_costs_no_process(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    watched = Watched(box)
    submission(tmp_path / "s", files={"rnn": None})
    with opened(tmp_path / "s", COURSE, books, watched) as grader:
        grader.sit(RNN)
        verdict = grader.result(RNN[0]).verdict
    assert "rnn.py is missing from the submission" in as_text(verdict)
    assert all(entry.startswith("together") for entry in watched.diary)


def test_torch_is_not_imported_for_a_submission_without_its_file(
    tmp_path: Path, frozen: Path
) -> None:
    if not lessons.can_run("torch_models"):
        pytest.skip("torch is not installed here")
    submission(tmp_path / "s", files={"torch_models": None})
    course, books = thaw(frozen / "course.json"), casebooks(frozen, public_only=True)
    with Sandbox(Limits()) as box, opened(tmp_path / "s", course, books, box) as grader:
        grader.sit(grade.course_problems(course))
        assert box._servers.keys() == {"numpy"}


def test_waiting_is_not_working(tmp_path: Path, books: list[Casebook], box: Sandbox) -> None:
    """A worker that is kept from working, as on a busy machine, is waited for."""
    nap = f"import time; time.sleep({1.3 * SECONDS} * (x.shape == (1, 2)))\n"
    verdicts = graded(tmp_path / "s", books, box, {"rnn_step_forward": nap + RIGHT})
    assert verdicts["rnn_step_forward"].status == "passed"


@contextmanager
def running(program: str) -> Iterator[int]:
    """The number of a process that runs this program, and no longer than the block."""
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def test_work_is_stopped_by_its_processor_time() -> None:
    with running("while True: pass") as pid:
        deadline = Deadline(pid, 0.2)
        with pytest.raises(TimedOut, match=r"after 0.2 s of work"):
            while True:
                time.sleep(deadline.wait())


def test_waiting_is_stopped_by_the_clock_and_work_that_hardly_goes_on_much_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, used = [0.0], [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(Deadline, "_used", lambda self: used[0])
    waiting = Deadline(1, 5.0)
    while now[0] < IDLE * 5 - 1:
        now[0] += 0.5
        assert 0 < waiting.wait() <= 0.2
    now[0] += 2
    with pytest.raises(TimedOut, match="after waiting for 10 s"):
        waiting.wait()
    now[0] = 0.0
    slow = Deadline(1, 5.0)
    while now[0] < WALL * 5 - 1:
        now[0], used[0] = now[0] + 0.5, used[0] + 0.04
        assert 0 < slow.wait() <= 0.2
    now[0] += 2
    with pytest.raises(TimedOut, match=r"after 50 s$"):
        slow.wait()


def test_what_died_with_the_fork_server_is_sat_once_more() -> None:
    asked = []

    class Once:
        """A process that is lost the first time."""

        def __enter__(self) -> Once:
            return self

        def __exit__(self, *exception: object) -> None: ...

        def sheet(self, paper: Paper) -> Sheet:
            lost = len(asked) == 1
            return Sheet((Reply(fault=Fault("died") if lost else None),), lost=lost)

    class Box:
        side_by_side = 1

        def session(self, problem: Problem, package: Path, hidden: bool = False) -> Once:
            asked.append(problem.name)
            return Once()

        def compile(self, package: Path, modules: list[str]) -> None: ...

        def absent(self, package: Path, lesson: str) -> None: ...

    sitting = Sitting(Box(), Path(), hidden=False, until=time.monotonic() + 60)  # type: ignore[arg-type]
    sheets = sitting.sit([Questions(RNN[0], (Case("one", {}, {}, {}),), wary=True)])
    assert asked == ["rnn_step_forward"] * 2
    assert sheets["rnn_step_forward"].fault is None


BIG = "import numpy\nreturn (numpy.zeros(10**6, dtype=bool),) * 2"


def test_an_answer_far_larger_than_expected_is_not_sent(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    submission(tmp_path / "s", {"rnn.rnn_step_forward": BIG, "rnn.rnn_forward": BIG})
    with opened(tmp_path / "s", COURSE, books, box) as grader:
        grader.sit(RNN)
        kept = 0
        for name in ("rnn_step_forward", "rnn_forward"):
            for reply in grader._sat[name].replies() or ():
                kept += sum(array.nbytes for array in reply.outputs.values())
        verdict = grader.result(RNN[0]).verdict
    assert kept < 300_000
    assert "an array of shape (1000000,), larger than anything asked for" in as_text(verdict)


def test_a_forged_answer_far_larger_than_expected_is_refused_before_it_is_read(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    forged = (
        "import os, struct\nos.write(4, struct.pack('!II', 2, 10**7) + b'{}')\n"
        "for _ in range(100): os.write(4, bytes(10**5))\n"
    )
    verdicts = graded(tmp_path / "s", books, box, {"rnn_step_forward": forged + RIGHT})
    assert "larger than the" in as_text(verdicts["rnn_step_forward"])
    assert verdicts["last_hidden"].status == "passed"


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ZeroDivisionError])
def test_a_failure_of_ours_costs_one_problem(
    tmp_path: Path,
    books: list[Casebook],
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    conclude = grade.conclude

    def failing(attempt: Any, *more: Any) -> Any:
        if attempt.problem.name == "rnn_forward":
            raise error
        return conclude(attempt, *more)

    monkeypatch.setattr(grade, "conclude", failing)
    verdicts = graded(tmp_path / "s", books, box, {})
    assert "not your fault" in as_text(verdicts.pop("rnn_forward"))
    assert all(verdict.status == "passed" for verdict in verdicts.values())


@pytest.mark.parametrize("way", ["together", "session"])
def test_a_failure_of_ours_while_sitting_costs_at_most_one_problem(
    tmp_path: Path,
    books: list[Casebook],
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    def failing(*arguments: Any, **named: Any) -> Any:
        raise OSError("no more processes")

    monkeypatch.setattr(box, way, failing)
    verdicts = graded(tmp_path / "s", books, box, {"last_hidden_backward": "return 1 / 0"})
    text = as_text(verdicts.pop("last_hidden_backward"))
    assert "not your fault" in text if way == "session" else "ZeroDivisionError" in text
    assert all(verdict.status == "passed" for verdict in verdicts.values())


def test_a_file_that_was_refused_says_why(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    submission(tmp_path / "s", files={"rnn": "# coding: undefined\n"})
    with opened(tmp_path / "s", COURSE, books, box) as grader:
        verdict = grader.result(RNN[0]).verdict
    assert verdict.status == "error"
    assert "rnn.py" in as_text(verdict) and "undefined" in as_text(verdict)


def test_time_that_runs_out_leaves_what_was_sat(
    tmp_path: Path, books: list[Casebook], box: Sandbox
) -> None:
    submission(tmp_path / "s")
    with opened(tmp_path / "s", COURSE, books, box) as grader:
        grader.until = grader.public_until = time.monotonic() - 1
        grader.sit(RNN)
        verdict = grader.result(RNN[0]).verdict
    assert (verdict.status, verdict.score) == ("timeout", 0.0)
    assert "were used up before this" in as_text(verdict)


def test_a_paper_has_room_for_its_own_answers(books: list[Casebook]) -> None:
    for problem in RNN:
        cases = books[0].lesson("rnn").cases_of(problem)
        paper = Questions(problem, cases).paper
        for case, largest in zip(cases, paper.largest, strict=True):
            asked_for = sum(np.asarray(array, float).nbytes for array in case.expected.values())
            assert asked_for < largest
        assert len(paper.cases) == len(cases)
