"""What only staff get: the oral questions, and the notebooks with answers; none of it travels."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Collection
from math import e, exp, log, sqrt
from pathlib import Path

import nbformat
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout import PackageError
from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.leaks import leaks, secret_lines, staff_lines
from autograder.authoring.handout.notebooks import (
    ANSWER,
    Notebook,
    load_notebooks,
    student_cells,
    tags_of,
)
from autograder.authoring.staff import build, make_staff
from autograder.authoring.staff.build import key_cells
from autograder.authoring.staff.oral import (
    OralError,
    Question,
    as_html,
    as_markdown,
    load_oral,
    taught,
)
from autograder.settings import Course, load_course
from tests.conftest import COURSE_TOML, LONGEST, ROOT
from tests.test_part_of_the_course import NOTEBOOKS

SOLUTIONS = ROOT / "solutions"
WHOLE = load_course(COURSE_TOML)
SETS = [problem_set.name for problem_set in WHOLE.sets]
ORAL = load_oral(SOLUTIONS / "oral.md")


def sigma(a: float) -> float:
    return 1 / (1 + exp(-a))


# ------------------------------------------------------------------------------ the oral questions


def test_there_are_thirty_five_and_some_for_every_lesson_and_set() -> None:
    assert len(ORAL.questions) == 35
    about = {lesson for question in ORAL.questions for lesson in question.lessons}
    assert about == {problem.lesson for problem in lessons.coded_problems()}
    for name in SETS:
        asked = taught(ORAL, WHOLE.lessons_of(name), WHOLE.lessons_before(name)).questions
        assert len(asked) >= 5, name
        assert [question.number for question in asked] == list(range(1, len(asked) + 1))


def homes() -> dict[str, set[str]]:
    """Function or method -> the lessons that ask for one of this name."""
    found: dict[str, set[str]] = {}
    for problem in lessons.all_problems():
        found.setdefault(problem.of.rpartition(".")[2], set()).add(problem.lesson)
    return found


def functions_in(text: str) -> set[str]:
    """The functions that a text names as code."""
    names = set()
    for code in re.findall(r"`([^`]+)`", text):
        names |= set(re.findall(r"[a-z]\w*", code)) & homes().keys()
    return names


@pytest.mark.parametrize("question", ORAL.questions, ids=lambda question: str(question.number))
def test_a_question_names_functions_of_its_own_lessons_only(question: Question) -> None:
    texts = [value for value in vars(question).values() if isinstance(value, str)]
    for name in functions_in(" ".join(texts)):
        assert not homes()[name].isdisjoint(question.lessons), name


def test_its_numbers_are_right() -> None:
    """Each is worked out from what the text says, and stands there as it comes out."""
    text = " ".join((SOLUTIONS / "oral.md").read_text(encoding="utf-8").split())
    worked_out = {
        "1.67, 0.5 and 0.05": [5 / 3, 5 / 10, 5 / 100],
        "of norm 2.24": [sqrt(5)],
        "stops growing at 18.4": [-log(1e-8)],
        "exp(1.18) = 3.26": [130 / 110, exp(130 / 110)],
        "the two perplexities, 11.4": [(e + exp(3)) / 2],
        "with a bias of 3, about 0.09": [3, sigma(3) ** 50],
        "below 0.347 nats": [2 * log(2) / 4],
        "about 0.67, 0.24 and 0.09": [exp(score) / (e**2 + e + 1) for score in (2, 1, 0)],
        "about 0.87, 0.12 and 0.02": [exp(score) / (e**4 + e**2 + 1) for score in (4, 2, 0)],
        "0.37 of a bracket": [0.99**100],
    }
    for words, numbers in worked_out.items():
        assert words in text, words
        written = re.findall(r"\d+\.?\d*", words)
        for shown, number in zip(written, numbers, strict=True):
            decimals = len(shown.partition(".")[2])
            assert f"{number:.{decimals}f}" == shown, words


QUESTION = """
# Oral

Ask.

## Part

### 1. Why `x`?

Lessons: rnn

**Good answer.** Because 1 < 2.

**Follow-up.** And?

**Expected.** So.
"""


def oral_file(folder: Path, text: str) -> Path:
    path = folder / "oral.md"
    path.write_text(text.lstrip(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("**Expected.** So.\n", "", "question 1 lacks its paragraph '**Expected.**'"),
        ("**Expected.** So.", "**Expected.**", "question 1 lacks its paragraph '**Expected.**'"),
        ("**Good answer.**", "Good answer.", "question 1 lacks its paragraph '**Good answer.**'"),
        ("Lessons: rnn", "Lessons: rnnn", "question 1 is about 'rnnn', which is no lesson"),
        ("### 1.", "### 2.", "numbered [2], not from 1 on"),
        ("### 1. Why", "### Why", "a question is '### 7. Why ...?', not '### Why `x`?'"),
        ("## Part\n", "## Part\n\nMore.\n", "this belongs to no question: More."),
    ],
)
def test_a_question_that_lacks_something_is_refused(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in QUESTION
    with pytest.raises(OralError, match=re.escape(said)):
        load_oral(oral_file(tmp_path, QUESTION.replace(old, new)))


def test_the_page_shows_what_is_written_as_text_and_code(tmp_path: Path) -> None:
    page = as_html(load_oral(oral_file(tmp_path, QUESTION)), "A <course>")
    assert "Why <code>x</code>?" in page and "Because 1 &lt; 2." in page
    assert "A &lt;course&gt;" in page and "<dd>So.</dd>" in page
    assert "http" not in page.replace("http-equiv", ""), "nothing is fetched"


def test_the_page_as_text_reads_like_the_file(tmp_path: Path) -> None:
    again = load_oral(oral_file(tmp_path, as_markdown(ORAL, "again")))
    assert again == ORAL


# ----------------------------------------------------------------------------------- the answer key


def answers_in(notebook: Notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if ANSWER in tags_of(cell)]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_every_answer_stands_behind_its_questions_and_no_room_for_a_students(
    notebook: Notebook,
) -> None:
    key = [cell.source for cell in key_cells(notebook)]
    for answer in answers_in(notebook):
        place = key.index(f"**Answer.**\n\n{answer}")
        assert re.match(r"\*\*Questions?\.\*\*", key[place - 1])
    assert not [source for source in key if source.startswith("*Your answer")]
    students = [cell.source for cell in student_cells(notebook)]
    others = [source for source in students if not source.startswith("*Your answer")]
    assert [source for source in key if not source.startswith("**Answer.**")] == others


def test_an_answer_goes_with_its_questions_where_they_are_cut(tmp_path: Path) -> None:
    script = tmp_path / "1_test.py"
    script.write_text(
        "# ---\n# jupyter:\n#   recurrent: {lessons: [rnn]}\n# ---\n\n"
        "# %% [markdown]\n# **Question.** One?\n\n"
        '# %% [markdown] tags=["answer"]\n# This.\n'
    )
    (notebook,) = load_notebooks(tmp_path)
    assert [cell.source for cell in key_cells(notebook)] == [
        "**Question.** One?",
        "**Answer.**\n\nThis.",
    ]
    cut = type(notebook)(notebook.name, notebook.lessons, notebook.cells[1:])
    assert [*key_cells(cut)] == []


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/staff of one small set."""
    patched = pytest.MonkeyPatch()
    patched.setattr(build, "course_of", lambda root: WHOLE)
    out = tmp_path_factory.mktemp("dist") / "staff"
    out.mkdir()
    (out / "of_last_term.md").touch()
    made = make_staff("recurrence", out, print_line=lambda line: None)
    patched.undo()
    return made


def test_only_staff_may_open_it_and_nothing_old_is_left(staff: Path) -> None:
    assert stat.S_IMODE(staff.stat().st_mode) == 0o700
    assert not (staff / "of_last_term.md").exists()
    readme = (staff / "README.md").read_text(encoding="utf-8")
    assert "Never give this folder out" in readme and "7 oral questions" in readme


@pytest.mark.slow
def test_its_check_passes_with_the_reference(staff: Path, tmp_path: Path) -> None:
    shutil.copytree(staff / "key", tmp_path / "key")
    done = subprocess.run(
        [sys.executable, "check.py", "rnn_step_forward", "clip_grad_norm"],
        cwd=tmp_path / "key",
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_its_notebooks_run_where_they_lie(
    staff: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell of each sort, for the whole takes minutes."""
    shutil.copytree(staff / "key", tmp_path / "key")
    notebooks = tmp_path / "key" / "notebooks"
    path = notebooks / "1_recurrence.ipynb"
    notebook = nbformat.read(path, as_version=4)
    setup = next(cell for cell in notebook.cells if "from check import" in cell.source)
    checked = next(cell for cell in notebook.cells if cell.source.startswith("check("))
    notebook.cells = [setup, checked, nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(notebook, path)
    said: list[str] = []
    build._run(notebooks, True, said.append)
    assert said == ["1_recurrence.ipynb stopped by ZeroDivisionError: division by zero"]
    ran = nbformat.read(path, as_version=4)
    assert "passed" in str(ran.cells[1].outputs)


# --------------------------------------------------------------------------- none of it may travel


@pytest.fixture(scope="module")
def secret() -> set[str]:
    return secret_lines(SOLUTIONS, load_answers(SOLUTIONS).misconceptions)


def said_in(lines: Collection[str], text: str) -> bool:
    bare = re.sub(r"""[\s'"\\]+""", "", text)
    return any(line in bare for line in lines)


def test_the_leak_check_knows_every_answer() -> None:
    lines = staff_lines(SOLUTIONS)
    for question in ORAL.questions:
        assert said_in(lines, question.good), question.number
    for notebook in NOTEBOOKS:
        for answer in answers_in(notebook):
            assert said_in(lines, answer) or len(answer) < 60, answer


def test_what_is_built_for_staff_is_found_in_whatever_would_travel(
    staff: Path, secret: set[str]
) -> None:
    found = leaks(staff, secret)
    for name in ("questions.md", "questions.html", "1_recurrence.ipynb"):
        assert any(line.startswith(f"{name}: ") for line in found), name


@pytest.mark.slow
@pytest.mark.parametrize("what", ["an oral question", "a notebook's answer"])
def test_no_zip_is_built_with_an_answer_in_words(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ORAL.questions[0].good
    if what == "a notebook's answer":
        answer = answers_in(NOTEBOOKS[0])[0]

    def write_handout(course: Course, folder: Path, before: Collection[str]) -> None:
        (folder / "recurrent").mkdir()
        (folder / "autograder" / "frozen").mkdir(parents=True)
        (folder / "README.md").write_text(f"Somebody wrote: {answer}", encoding="utf-8")

    monkeypatch.setattr(zips_module, "course_of", lambda root: WHOLE)
    monkeypatch.setattr(zips_module, "write_handout", write_handout)
    out = tmp_path / "assignment.zip"
    with pytest.raises(PackageError, match=r"a solution would leak: README\.md: "):
        zips_module.make_handout("recurrence", out, print_line=lambda line: None)
    assert not out.exists()
