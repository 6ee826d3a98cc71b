"""Short answers: whose numbers count, how answers are read, what is said, what stays at home."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout.stubs import stub
from autograder.casebook import Casebook, LessonBook
from autograder.check.in_process import InProcess
from autograder.classroom.grade import Key
from autograder.classroom.hand_in import HandIn
from autograder.classroom.made_up.answered import answered_by
from autograder.classroom.made_up.everybody import made_up_class
from autograder.classroom.marking import Marker, grader_digest
from autograder.classroom.people import Student
from autograder.classroom.trusted import trusted_by_class
from autograder.clues import ClueBook
from autograder.grade import casebooks, grade_submission
from autograder.lessons._answers import one_number, whole_numbers
from autograder.problem import EXAMPLE, SHEETS, Problem, Verdict
from autograder.report import gradescope
from autograder.report.ladder import in_terminal, next_hint, on_own_computer
from autograder.report.results import Results
from autograder.report.told import NOT_SHOWN, told
from autograder.report.words import is_open, look_next, questions, total, word
from autograder.sandbox import Limits, Sandbox
from autograder.settings import Answers, Conventions, ProblemSet, load_course
from autograder.whose import (
    normalised,
    sheet_of,
    trusted_by_gradescope,
    whose,
    written,
)
from tests.conftest import COURSE_TOML, ROOT
from tests.submissions import REFERENCE

COURSE = load_course(COURSE_TOML)
LESSONS = [lesson for lesson in lessons.all_lessons() if lesson.asks]
QUESTIONS = [problem for lesson in LESSONS for problem in lesson.problems]
IDS = ("ada@example.edu", "grace.hopper@example.edu", "x1@example.edu", "Zoë@example.edu")

of_every_lesson = pytest.mark.parametrize("lesson", [one.name for one in LESSONS])
of_every_question = pytest.mark.parametrize("problem", QUESTIONS, ids=lambda one: one.name)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(Limits()) as opened:
        yield opened


@pytest.fixture(scope="module")
def books(frozen: Path) -> list[Casebook]:
    return casebooks(frozen)


def names_in(lesson: str) -> list[str]:
    return [problem.name for problem in lessons.lesson(lesson).problems]


def handed_in(folder: Path, lesson: str, text: str) -> Path:
    (folder / "recurrent").mkdir(parents=True)
    (folder / "recurrent" / f"{lesson}.py").write_text(text, encoding="utf-8")
    return folder


def answers_of(id: str, lesson: str) -> str:
    """A file with right answers to somebody's questions."""
    return answered_by(id, {lesson: REFERENCE[lesson]}, COURSE)[lesson]


def graded(
    folder: Path,
    lesson: str,
    books: Sequence[Casebook],
    box: Any,
    trusted: Sequence[str] = (),
) -> dict[str, Verdict]:
    verdicts = grade_submission(folder, COURSE, books, names_in(lesson), box, trusted=trusted)
    return {verdict.problem: verdict for verdict in verdicts}


def said(verdict: Verdict) -> str:
    return "\n".join(finding.text for finding in verdict.findings)


# --------------------------------------------------------------------------------- whose numbers


@of_every_lesson
def test_right_answers_to_ones_own_questions_earn_all_points(
    lesson: str, books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    for number, id in enumerate(IDS):
        folder = handed_in(tmp_path / str(number), lesson, answers_of(id, lesson))
        found = graded(folder, lesson, books, box, [id])
        assert {verdict.status for verdict in found.values()} == {"passed"}, id


@of_every_lesson
def test_somebody_elses_answers_are_not_right_and_both_are_named(
    lesson: str, books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    folder = handed_in(tmp_path / "s", lesson, answers_of(IDS[0], lesson))
    found = graded(folder, lesson, books, box, [IDS[1]])
    # Two may share a sheet, or an answer, here and there.
    assert sum(verdict.score for verdict in found.values()) <= 2
    for verdict in found.values():
        assert f"handed in by {IDS[1]}, whose questions count" in said(verdict)
        assert f'STUDENT in {lesson}.py is "{IDS[0]}"' in said(verdict)


def test_of_a_group_anybody_may_have_written_it(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    folder = handed_in(tmp_path / "s", "answers_words", answers_of(IDS[2], "answers_words"))
    found = graded(folder, "answers_words", books, box, IDS)
    assert sum(verdict.score for verdict in found.values()) == 6


@pytest.mark.parametrize(
    "line, why",
    [
        ('STUDENT = ""', "STUDENT is empty: write your e-mail address there"),
        ("", "STUDENT is empty"),
        ('STUDENT = "  "', "STUDENT is empty"),
        ("STUDENT = ada", "STUDENT is empty"),
        ('STUDENT = "ada"', 'STUDENT is "ada", which is no e-mail address: write your e-mail'),
    ],
)
def test_without_an_id_there_is_one_sentence_and_no_question(
    line: str, why: str, books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    text = answers_of(EXAMPLE, "answers_gates").replace('STUDENT = "example"', line)
    text = re.sub(r"^STUDENT = 'example'$", line, text, flags=re.MULTILINE)
    folder = handed_in(tmp_path / "s", "answers_gates", text)
    for of_public in (True, False):
        found = graded(folder, "answers_gates", books[:1] if of_public else books, box)
        for verdict in found.values():
            (finding,) = verdict.findings
            assert why in finding.text and "recurrent/answers_gates.py" in finding.text
            assert verdict.status == "todo" and verdict.score == 0 and not verdict.hints


def test_where_it_is_known_who_handed_it_in_nothing_need_be_written(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    text = answers_of(IDS[0], "answers_gates").replace(f"STUDENT = {IDS[0]!r}", 'STUDENT = ""')
    folder = handed_in(tmp_path / "s", "answers_gates", text)
    found = graded(folder, "answers_gates", books, box, [IDS[0]])
    assert sum(verdict.score for verdict in found.values()) == 6


@pytest.mark.parametrize(
    "text, id",
    [
        ('STUDENT = "ada@example.edu"', "ada@example.edu"),
        ("STUDENT='ada@example.edu'  # me", "ada@example.edu"),
        ('x = 1\nSTUDENT: str = " Ada "\n', "Ada"),
        ('# STUDENT = "no"\nSTUDENT = "yes"', "yes"),
        ('    STUDENT = "inside"', ""),
        ("STUDENT = name()", ""),
        ("\x00\udcff".encode("utf-8", "replace").decode(), ""),
        ('STUDENT = "' + "x" * 10**6, ""),
    ],
)
def test_the_line_is_read_and_nothing_is_run(text: str, id: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    assert written(tmp_path / "a.py") == id


def test_capitals_and_blanks_do_not_count() -> None:
    problem = QUESTIONS[0]
    for one, other in (("Ada@Example.edu ", "ada@example.edu"), ("ZOË", "zoë"), ("a  b", "a b")):
        assert normalised(one) == normalised(other)
        assert sheet_of(problem, one, COURSE, 49) == sheet_of(problem, other, COURSE, 49)


def test_sheets_are_spread_and_no_two_questions_share_them() -> None:
    ids = [f"student{number}@example.edu" for number in range(2000)]
    of = [[sheet_of(problem, id, COURSE, 1 + SHEETS) for id in ids] for problem in QUESTIONS[:2]]
    for sheets in of:
        counts = np.bincount(sheets, minlength=1 + SHEETS)
        assert counts[0] == 0 and counts[1:].min() > 15
    pairs = set(zip(*of, strict=True))
    assert len(pairs) > 1000
    assert sheet_of(QUESTIONS[0], EXAMPLE, COURSE, 1 + SHEETS) == 0
    other = replace(COURSE, seed=COURSE.seed + 1)
    anew = [sheet_of(QUESTIONS[0], id, other, 1 + SHEETS) for id in ids]
    assert anew != of[0]


def test_gradescope_says_who_handed_it_in(tmp_path: Path) -> None:
    path = tmp_path / "submission_metadata.json"
    users = [{"email": "ada@example.edu", "sid": "1815"}, {"email": "b@example.edu", "sid": ""}]
    path.write_text(json.dumps({"users": users}))
    assert trusted_by_gradescope(path, COURSE) == ("ada@example.edu", "b@example.edu")
    by_number = replace(COURSE, answers=Answers(id="sid"))
    assert trusted_by_gradescope(path, by_number) == ("1815",)
    assert trusted_by_gradescope(path, replace(COURSE, answers=Answers(id="written"))) == ()
    for broken in ("{}", "[]", "no json", '{"users": [{"name": "Ada"}]}'):
        path.write_text(broken)
        assert trusted_by_gradescope(path, COURSE) == ()
    assert trusted_by_gradescope(tmp_path / "missing.json", COURSE) == ()
    assert trusted_by_gradescope(None, COURSE) == ()


def test_a_class_list_says_who_handed_it_in() -> None:
    ada = Student("Ada", sid="1815", email="ada@example.edu", login="ada1")
    hand_in = HandIn("s", (ada, Student("Bob")), ())
    assert trusted_by_class(hand_in, COURSE) == ("ada@example.edu",)
    assert trusted_by_class(hand_in, replace(COURSE, answers=Answers(id="login"))) == ("ada1",)
    assert trusted_by_class(hand_in, replace(COURSE, answers=Answers(id="written"))) == ()
    without = replace(COURSE, sets=(replace(COURSE.sets[0], lessons=("rnn",)),))
    assert trusted_by_class(hand_in, without) == ()
    varied = replace(without, conventions=Conventions(gru=True))
    assert trusted_by_class(hand_in, varied) == ("ada@example.edu",)


def test_a_class_is_graded_again_where_conventions_begin_to_vary_and_not_for_a_new_term() -> None:
    later = replace(COURSE, term="Another term")
    varied = replace(COURSE, conventions=Conventions(z=True))
    assert grader_digest(COURSE) == grader_digest(later)
    digests = {grader_digest(one) for one in (COURSE, varied, replace(varied, term="Another term"))}
    assert len(digests) == 3


# ------------------------------------------------------------------------------- what is answered

ONE = {
    1.5: [
        "1.5",
        "3/2",
        "1,5",
        " 1.5 ",
        "≈ 1.5",
        "~1.5",
        "=1.5",
        "150 %",
        "150%",
        "1.5 nats",
        "1.50",
    ],
    0.63: ["63 %", ".63", "0,63", "6.3e-1", "6.3 x 10^-1", "63 percent"],
    20e6: ["20 million", "2e7", "2 * 10^7", "20,000,000", "20_000_000", "20 000 000", "20'000'000"],
    -0.5: ["-0.5", "−1/2", "-50 %"],
}
VALUES = {
    1.5: [1.5, [1.5], (1.5,), np.float32(1.5), np.array([[1.5]]), Fraction(3, 2)],
    3.0: [3, np.int8(3), [3], "3", "3 steps"],
}


@pytest.mark.parametrize("number, forms", [*ONE.items(), *VALUES.items()])
def test_a_number_may_be_written_in_many_ways(number: float, forms: list[Any]) -> None:
    for form in forms:
        answer = one_number(form)
        assert answer.shape == () and float(answer) == pytest.approx(number), form


@pytest.mark.parametrize(
    "form, why",
    [
        (None, "your function returned None"),
        ("abc", "'abc' is no number: return a number, such as 1.67"),
        ("", "'' is no number"),
        ("1 or 2", "is no number"),
        ("20,000", "can be read in two ways: write 20000 or 20.000"),
        ("1/0", "divides by zero"),
        ("9" * 400, "is too long for a number"),
        ("1e400", "is no finite number"),
        ([1.0, 2.0], "you returned 2 numbers, and one is asked for"),
        ([], "you returned 0 numbers"),
        (True, "True is no number"),
        (1j, "1j is no number"),
        (float("nan"), "nan is no finite number"),
        (object(), "what you returned is no number"),
        ([[1], [2, 3]], "what you returned is no number"),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence(form: Any, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        one_number(form)


@pytest.mark.parametrize(
    "form",
    ["1, 3", "1 and 3", "[3, 1]", "1;3", [1, 3], (3, 1), {1, 3}, np.array([1.0, 3.0]), "{1,3}"],
)
def test_a_list_may_be_written_in_many_ways(form: Any) -> None:
    assert whole_numbers(form).tolist() == [1, 3]


@pytest.mark.parametrize("form", ["one", "1.5", [1.5], [], "", None, "1,,3", [True]])
def test_what_is_no_list_is_refused(form: Any) -> None:
    with pytest.raises(ValueError, match=r"list|number"):
        whole_numbers(form)


def test_one_per_cent_off_is_near_enough_and_a_count_is_exact() -> None:
    by_name = {problem.name: problem for problem in QUESTIONS}
    assert by_name["belt_left"].rtol == 0.01 and by_name["belt_left"].atol == 0


NO_ANSWER = """
STUDENT = "ada@example.edu"
def belt_left(): return "abc"
def bias_that_keeps(): pass
def lstm_numbers(n): return n
def gru_units(): raise NotImplementedError("gru_units (Task 18.4, 1 point)")
def rounds_of_a_stack(): return 1 / 0
gru_unit = 0.5
"""


def test_what_is_wrong_with_the_form_is_said_here(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    folder = handed_in(tmp_path / "s", "answers_gates", NO_ANSWER)
    found = graded(folder, "answers_gates", books[:1], box)
    expected = {
        "belt_left": "'abc' is no number: return a number",
        "bias_that_keeps": "your function returned None",
        "lstm_numbers": "it is called as lstm_numbers()",
        "gru_units": "still to do",
        "rounds_of_a_stack": "ZeroDivisionError",
        "gru_unit": "not callable",
    }
    for name, words in expected.items():
        assert words in said(found[name]), said(found[name])
        assert found[name].findings[0].layer == "question"
        assert found[name].score == 0 and len(found[name].hints) == 3
        assert next_hint(found[name], 1, in_terminal)


# ----------------------------------------------------------------------------------- what is said


def test_here_a_number_is_answered_and_never_right_or_wrong(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    right = answers_of(IDS[0], "answers_gates")
    wrong = right.replace("return answer", "return 12.5")
    messages = []
    for name, text in (("right", right), ("wrong", wrong)):
        found = graded(
            handed_in(tmp_path / name, "answers_gates", text), "answers_gates", books[:1], box
        )
        verdicts = list(found.values())
        assert all(map(is_open, verdicts)) and {word(one) for one in verdicts} == {"answered"}
        assert {verdict.score for verdict in verdicts} == {0.0}
        later = "6 points for answers are decided where it is graded"
        assert total(verdicts) == f"0 of 6 points, 0 of 6 problems passed; {later}"
        assert questions(verdicts) == verdicts and look_next(verdicts) is None
        text = "\n".join(map(said, verdicts))
        assert "whether it is right is said where it is graded" in text
        messages.append(re.sub(r"your answer, \S+, is", "your answer, X, is", text))
    assert messages[0] == messages[1]


@of_every_question
def test_a_question_has_its_numbers_and_three_hints(
    problem: Problem, books: list[Casebook]
) -> None:
    assert problem.question is not None and problem.points == 1
    assert len(problem.question.hints) == 3 and all(problem.question.hints)
    texts = [problem.question.text(case.inputs) for case in cases(problem, books[0])]
    assert len(texts) == 1 + SHEETS and len(set(texts[1:])) == SHEETS
    for text in texts:
        assert "{" not in text and not re.search(r"\de-", text) and text.count("?") >= 1


def cases(problem: Problem, book: Casebook) -> Any:
    return book.lesson(problem.lesson).cases_of(problem)


@of_every_question
def test_no_number_does_for_many_students(problem: Problem, books: list[Casebook]) -> None:
    """Nor 0, for anybody; and the same is right for a seventh of them at most."""
    answers = [case.expected["answer"] for case in cases(problem, books[1])]
    assert all(answer.all() for answer in answers)
    rounded = [tuple(np.round(answer.ravel().astype(float), 6)) for answer in answers]
    most = max(rounded.count(answer) for answer in rounded)
    assert most <= (1 + SHEETS) / 7


def test_a_formula_that_is_known_to_be_wrong_has_its_own_hint(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    text = answers_of(IDS[0], "answers_recurrence").replace(
        "norm * threshold / squares", "threshold / squares"
    )
    found = graded(
        handed_in(tmp_path / "s", "answers_recurrence", text), "answers_recurrence", books, box
    )
    verdict = found["slide_clipping"]
    assert verdict.diagnosis == "slide_clipping.the_factor_alone"
    assert verdict.hints[0].startswith("You have a number by which the gradient is multiplied")
    assert "what comes out when the factor by which it is shortened" in said(verdict)
    # Rounded, it may be anything.
    rounded = text.replace("return answer", "return float(f'{answer:.1g}')", 1)
    found = graded(
        handed_in(tmp_path / "r", "answers_recurrence", rounded), "answers_recurrence", books, box
    )
    assert found["slide_clipping"].diagnosis is None


def test_a_grader_that_says_nothing_of_hidden_cases_does_not_say_it_of_answers(
    books: list[Casebook], box: Sandbox, tmp_path: Path
) -> None:
    text = answers_of(IDS[0], "answers_gates").replace("return answer", "return 12.5")
    found = graded(handed_in(tmp_path / "s", "answers_gates", text), "answers_gates", books, box)
    verdict = found["belt_left"]
    assert "your answer, 12.5, is not right" in said(verdict)
    seen = told(verdict, replace(COURSE.policy, hidden_cases="none"))
    assert "is not right" not in said(seen) and NOT_SHOWN in said(seen)
    assert on_own_computer(verdict, 2).startswith("python check.py belt_left --hint 2")


def test_in_a_browser_it_is_the_same(books: list[Casebook], box: Sandbox, tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "s", "answers_words", answers_of(IDS[0], "answers_words"))
    here = graded(folder, "answers_words", books[:1], InProcess())
    assert here == graded(folder, "answers_words", books[:1], box)


# ----------------------------------------------------------------------------- what stays at home


@of_every_question
def test_what_travels_does_not_know_the_answer(problem: Problem, frozen: Path) -> None:
    """Of no sheet: neither what is right, nor what a known mistake gives, nor a clue to either."""
    public = LessonBook(frozen / "public" / f"{problem.lesson}.safetensors", hidden=False)
    assert len(public.cases_of(problem)) == 1 + SHEETS
    for case in public.cases_of(problem):
        assert case.expected == {} and not case.by_misconception and not case.by_forward
        assert set(case.inputs) == {tensor.name for tensor in problem.takes}
    assert public.advice == {}
    clues = ClueBook(frozen / "clues").of(problem.lesson, problem.name)
    assert all(clues.part(name).told is None for name in ("near_misses", "reactions"))


@of_every_question
def test_hidden_cases_have_the_same_numbers(problem: Problem, books: list[Casebook]) -> None:
    for public, hidden in zip(*(cases(problem, book) for book in books), strict=True):
        assert public.name == hidden.name
        assert all(
            np.array_equal(public.inputs[name], hidden.inputs[name]) for name in public.inputs
        )


@of_every_lesson
def test_a_stub_has_neither_numbers_nor_the_examples_name(lesson: str) -> None:
    text = stub(REFERENCE[lesson], lesson)
    assert 'STUDENT = ""' in text and EXAMPLE not in text.partition("STUDENT")[2]
    assert re.findall(r"^def \w+\((.*)\):$", text, re.MULTILINE) == [""] * 6


@of_every_lesson
def test_the_handout_has_no_line_of_the_formulas(lesson: str, zips: dict[str, Path]) -> None:
    if lesson not in COURSE.only("recurrence").lessons_of("all"):
        pytest.skip("the zip is of another set")
    solved = load_answers(ROOT / "solutions").sources[lesson]
    formulas = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", solved, re.DOTALL)
    lines = {line.strip() for formula in formulas for line in formula.splitlines()}
    with zipfile.ZipFile(zips["handout"]) as archive:
        names = [name for name in archive.namelist() if name.endswith((".py", ".ipynb", ".md"))]
        text = "\n".join(archive.read(name).decode() for name in names)
        assert not any("hidden/" in name for name in archive.namelist())
    assert [line for line in lines if len(line) > 12 and line in text] == []


@of_every_question
def test_a_question_names_the_section_in_which_it_is_asked(problem: Problem) -> None:
    """Sections get other numbers when one is put in before them."""
    _, _, after = REFERENCE[problem.lesson].partition(f"def {problem.of}(")
    named = re.findall(r"notebook (\d), section (\d\.\d+)", after.partition("### BEGIN")[0])
    assert named == [(asked_in(problem)[0], asked_in(problem))]


def asked_in(problem: Problem) -> str:
    """The number of the section that has its check cell."""
    for path in sorted((ROOT / "solutions" / "notebooks").glob("*.py")):
        before, cell, _ = path.read_text(encoding="utf-8").partition(f'\ncheck("{problem.name}")\n')
        if cell:
            return re.findall(r"^# ## (\d\.\d+) ", before, re.MULTILINE)[-1]
    raise AssertionError(f"no notebook asks {problem.name}")


def test_nobody_is_the_example_by_chance(tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "s", "answers_gates", 'STUDENT = "example"')
    assert whose(folder, "answers_gates", COURSE).id == EXAMPLE
    assert whose(folder, "answers_gates", COURSE, ["ada@example.edu"]).id == "ada@example.edu"


# ------------------------------------------------------------------------------ where it is graded

ONE_LESSON = replace(COURSE, sets=(ProblemSet("small", "Small", ("answers_gates",)),))


def test_on_gradescope_the_address_decides(frozen: Path, tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "s", "answers_gates", answers_of(IDS[0], "answers_gates"))
    metadata = tmp_path / "submission_metadata.json"
    scores = []
    for id in IDS[:2]:
        metadata.write_text(json.dumps({"users": [{"email": id.upper()}]}))
        results = Results(tmp_path / "results.json")
        gradescope.grade(results, folder, frozen, ONE_LESSON, metadata)
        results.close()
        data = json.loads((tmp_path / "results.json").read_text())
        scores.append(data["score"])
        assert len(data["tests"]) == 6
    assert scores[0] == 6 and scores[1] <= 2
    text = data["tests"][0]["extra_data"]["text"]
    assert f'STUDENT in answers_gates.py is "{IDS[0]}"' in text and IDS[1].upper() in text
    assert "hint 1/3" in text and "--hint 2 in your copy of the assignment" in text


def test_in_a_class_the_same_files_are_graded_for_each_who_hands_them_in(
    frozen: Path, tmp_path: Path
) -> None:
    folder = handed_in(tmp_path / "s", "answers_gates", answers_of(IDS[0], "answers_gates"))
    with Marker(ONE_LESSON, "small", frozen) as marker:
        keys = [marker.look_at(folder, [id])[0] for id in (IDS[0], IDS[0].upper(), IDS[1])]
        assert keys[0] == keys[1] != keys[2]
        rows = [marker.grade_one(folder, [id]) for id in (IDS[0], IDS[1])]
        unknown = marker.grade_one(folder)
    assert rows[0]["score"] == unknown["score"] == 6 and rows[1]["score"] <= 2
    assert [Key(**row["key"]) for row in rows] == [keys[0], keys[2]]


def test_a_made_up_class_answers_its_own_questions() -> None:
    answers = load_answers(ROOT / "solutions")
    made = made_up_class(answers, ONE_LESSON, "small", 12)
    written_ids = set()
    for one in made:
        text = one.files["recurrent/answers_gates.py"].decode()
        if found := re.search(r"^STUDENT = ['\"](.+)['\"]$", text, re.MULTILINE):
            written_ids.add(found[1])
    assert EXAMPLE not in written_ids and len(written_ids) > 5
