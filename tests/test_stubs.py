"""Stubs say what is to do and what it is worth; `assignment/` is fresh; the leak check finds what
it should.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import read_package
from autograder.authoring.handout.assignment import (
    copy_given,
    handout_files,
    refuse_answers_in_words,
    stale_files,
    write_assignment,
)
from autograder.authoring.handout.leaks import answer_lines, leaks, normalised, secret_lines
from autograder.authoring.handout.stubs import StubError, is_stub, stub, tasks
from autograder.numbers import task_numbers
from autograder.problem import Lesson
from autograder.settings import Course, load_course
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
ASSIGNMENT = ROOT / "assignment"
COURSE = load_course(ROOT / "course.toml")

# ----------------------------------------------------------------------------- what is to do, worth


def made_up(*functions: str, points: float = 2) -> Lesson:
    """A lesson with a problem for each of these functions, numbered from 1.1."""
    example = lessons.find("rnn_forward")
    problems = []
    for number, function in enumerate(functions, start=1):
        name = f"problem_{number}"
        problems.append(replace(example, name=name, of=function, points=points))
    return Lesson(1, "rnn", "Made up", tuple(problems))


def numbered(lesson: Lesson) -> dict[str, str]:
    return {p.name: f"1.{place}" for place, p in enumerate(lesson.problems, start=1)}


def tasks_of(lesson: Lesson, course: Course = COURSE) -> dict[str, str]:
    return tasks(lesson, course, numbered(lesson))


def test_a_stub_says_which_task_it_is_and_what_it_is_worth() -> None:
    source = "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    ### END SOLUTION\n    return y\n"
    stubbed = stub(source, tasks=tasks_of(made_up("f", points=8)))
    assert '    raise NotImplementedError("f (Task 1.1, 8 points)")\n    return y\n' in stubbed
    assert 'NotImplementedError("f (no task of its own)")' in stub(source, tasks={})
    assert 'NotImplementedError("f")' in stub(source)


@pytest.mark.parametrize(
    ("functions", "said"),
    [
        ("f", "Task 1.1, 2 points"),
        ("f f", "Tasks 1.1 and 1.2, 4 points"),
        ("f f f", "Tasks 1.1 to 1.3, 6 points"),
        ("f g f", "Tasks 1.1 and 1.3, 4 points"),
        ("f f g f", "Tasks 1.1, 1.2 and 1.4, 6 points"),
    ],
)
def test_a_function_that_serves_several_problems_bears_all_their_numbers(
    functions: str, said: str
) -> None:
    assert tasks_of(made_up(*functions.split()))["f"] == said


def test_points_are_those_of_the_course() -> None:
    lesson = made_up("f", "g")
    course = replace(COURSE, points={"problem_1": 1, "problem_2": 2.5})
    assert tasks_of(lesson, course) == {"f": "Task 1.1, 1 point", "g": "Task 1.2, 2.5 points"}


def test_a_lesson_that_the_course_leaves_out_has_numbers_and_no_points() -> None:
    assert tasks_of(made_up("f"), COURSE.only("gates")) == {"f": "Task 1.1"}


def test_the_stubs_together_hold_every_task_and_all_points() -> None:
    found: list[str] = []
    points = 0.0
    for name in lessons.names():
        text = (ASSIGNMENT / "recurrent" / f"{name}.py").read_text(encoding="utf-8")
        for numbers, worth in re.findall(r" \(Tasks? (.*), ([\d.]+) points?\)", text):
            found += expanded(numbers)
            points += float(worth)
    assert sorted(found) == sorted(task_numbers(COURSE).values())
    assert points == sum(COURSE.points_of(problem) for problem in lessons.all_problems())


def expanded(numbers: str) -> Iterator[str]:
    """`9.1 to 9.3` and `3.3 and 3.7` as single numbers."""
    first, to, last = numbers.partition(" to ")
    if not to:
        yield from re.findall(r"\d+\.\d+", numbers)
        return
    lesson, _, start = first.partition(".")
    for count in range(int(start), int(last.partition(".")[2]) + 1):
        yield f"{lesson}.{count}"


def test_docstrings_reach_students_unchanged() -> None:
    for name, source in read_package(SOLUTIONS / "recurrent").items():
        left = ast.parse(stub(source))
        for node in ast.walk(ast.parse(source)):
            text = isinstance(node, ast.FunctionDef) and ast.get_docstring(node, clean=False)
            if text and node.name != "reorder":
                there = [n for n in ast.walk(left) if isinstance(n, ast.FunctionDef)]
                assert text in [ast.get_docstring(n, clean=False) for n in there], name


# ---------------------------------------------------------------------------- the folder, generated


def test_assignment_is_not_stale() -> None:
    assert stale_files(SOLUTIONS, ASSIGNMENT, COURSE) == [], (
        "run `make assignment` and commit the result"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of `assignment/` to spoil."""
    return Path(shutil.copytree(ASSIGNMENT, tmp_path / "assignment"))


OLD_STUB = 'def f(x):\n    raise NotImplementedError("f (Task 1.3, 8 points)")\n    return y\n'


def test_what_is_changed_missing_or_left_over_is_stale_and_mended(folder: Path) -> None:
    assert stale_files(SOLUTIONS, folder, COURSE) == []
    (folder / "recurrent" / "rnn.py").write_text("changed")
    (folder / "recurrent" / "gone.py").write_text(OLD_STUB)
    (folder / "notebooks" / "gone.ipynb").write_text("{}")
    (folder / "README.md").unlink()
    spoiled = ["README.md", "notebooks/gone.ipynb", "recurrent/gone.py", "recurrent/rnn.py"]
    assert stale_files(SOLUTIONS, folder, COURSE) == spoiled
    assert write_assignment(SOLUTIONS, folder, COURSE) == spoiled
    assert stale_files(SOLUTIONS, folder, COURSE) == []
    assert not (folder / "recurrent" / "gone.py").exists()


def test_a_given_module_is_never_taken_for_a_left_over_one(folder: Path) -> None:
    given = [
        folder / "recurrent" / "plots.py",
        folder / "recurrent" / "data" / "rnn.py",
        folder / "recurrent" / "data" / "table.csv",
        folder / "NOTES.md",
    ]
    for path in given:
        path.write_text("# raise NotImplementedError\n")
    before = (folder / "recurrent" / "training.py").read_text(encoding="utf-8")
    (folder / "recurrent" / "lstm.py").unlink()
    assert write_assignment(SOLUTIONS, folder, COURSE) == ["recurrent/lstm.py"]
    assert all(path.exists() for path in given)
    assert (folder / "recurrent" / "training.py").read_text(encoding="utf-8") == before


def test_what_is_given_is_copied_without_stubs_and_without_pythons_leavings(
    folder: Path, tmp_path: Path
) -> None:
    package = folder / "recurrent"
    (package / "gone.py").write_text(OLD_STUB)
    (package / "data" / "rnn.py").write_text("x = 1\n")
    (package / "data" / "__pycache__").mkdir(exist_ok=True)
    (package / ".hidden").mkdir()
    copy_given(folder, tmp_path / "copy")
    copied = tmp_path / "copy" / "recurrent"
    assert sorted(path.name for path in copied.iterdir()) == [
        "__init__.py",
        "data",
        "pictures",
        "training.py",
    ]
    assert (copied / "data" / "rnn.py").exists()
    assert not list(copied.rglob("__pycache__"))


def test_a_solved_stub_among_the_given_modules_is_refused(folder: Path, tmp_path: Path) -> None:
    """Whoever tries an exercise in `assignment/` under another name gives nothing away."""
    (folder / "recurrent" / "data" / "mine.py").write_text(
        "class LSTMCell:\n    def forward(): ...\n"
    )
    complaint = r"assignment/recurrent/data/mine\.py defines LSTMCell\.forward, which is graded"
    with pytest.raises(StubError, match=complaint):
        copy_given(folder, tmp_path / "copy")
    (folder / "README.md").unlink()
    with pytest.raises(StubError, match=complaint):
        write_assignment(SOLUTIONS, folder, COURSE)
    assert not (folder / "README.md").exists()


def test_every_stub_is_known_for_one_and_no_given_module_is() -> None:
    for path in (ASSIGNMENT / "recurrent").rglob("*.py"):
        is_lesson = path.parent.name == "recurrent" and path.stem in lessons.names()
        assert is_stub(path.read_text(encoding="utf-8")) == is_lesson, path


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A copy of `solutions/` to spoil."""
    return Path(shutil.copytree(SOLUTIONS, tmp_path / "solutions"))


def test_a_file_of_the_reference_that_has_no_lesson_is_refused(reference: Path) -> None:
    (reference / "recurrent" / "tools.py").write_text("def answer():\n    return 42\n")
    with pytest.raises(StubError, match=r"solutions/recurrent/tools\.py belongs to no lesson"):
        handout_files(reference, COURSE)


def test_a_lesson_without_a_file_is_refused(reference: Path) -> None:
    (reference / "recurrent" / "rnn.py").unlink()
    with pytest.raises(StubError, match=r"solutions/recurrent/rnn\.py is missing"):
        handout_files(reference, COURSE)


def test_a_build_stops_at_a_graded_function_without_markers(reference: Path, folder: Path) -> None:
    head = reference / "recurrent" / "head.py"
    text = head.read_text(encoding="utf-8")
    head.write_text(re.sub(r" +### (BEGIN|END) SOLUTION\n", "", text))
    with pytest.raises(StubError, match=r"head\.py: temporal_affine_forward is graded and has no"):
        write_assignment(reference, folder, COURSE)
    assert "NotImplementedError" in (folder / "recurrent" / "head.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("recurrent/head.py", "import numpy as np\n", "# Like dWh = prev_h.T @ da\n"),
        ("recurrent/rnn.py", '    """The gradient of last_hidden.', " dWh = prev_h.T  @ da"),
        ("notebooks/1_recurrence.py", "# %% [markdown]\n", "# In code, `dWh = prev_h.T @ da`.\n"),
        ("handout.md", "## Rules\n", "dWh = prev_h.T @ da\n"),
    ],
    ids=["a comment of another lesson", "a docstring", "a notebook", "the README"],
)
def test_a_line_of_a_solution_in_words_stops_the_build(
    file: str, before: str, after: str, reference: Path
) -> None:
    path = reference / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, before + after, 1))
    with pytest.raises(StubError, match=r"would hold a line of a solution, dWh=prev_h\.T@da"):
        handout_files(reference, COURSE)


# ---------------------------------------------------------------------------------------- the leaks


@pytest.fixture(scope="module")
def secret() -> set[str]:
    return secret_lines(SOLUTIONS, load_answers(SOLUTIONS).misconceptions)


def test_nothing_leaks_into_the_assignment_or_the_zips(
    secret: set[str], zips: dict[str, Path]
) -> None:
    assert len(secret) > 300
    for path in (ROOT / "assignment", *zips.values()):
        assert leaks(path, secret) == []


def test_the_whole_handout_of_all_lessons_is_clean(secret: set[str]) -> None:
    everything = "\n".join(handout_files(SOLUTIONS, COURSE).values())
    lessons = "\n".join(path.read_text() for path in (ROOT / "autograder" / "lessons").glob("*.py"))
    assert [line for line in secret if line in normalised(everything + lessons)] == []


LINE = "    dWh = prev_h.T @ da  # (H, H)"


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "dWh=prev_h.T@da",
        "x = 1; dWh  =  prev_h.T  @  da",
        json.dumps({"cells": [{"source": ["import numpy\n", LINE + "\n"]}]}),
        json.dumps({"__metadata__": {"advice": json.dumps({"replace": LINE})}}),
    ],
    ids=[
        "the line",
        "without spaces",
        "with more spaces",
        "in a notebook",
        "in a casebook's metadata",
    ],
)
def test_a_planted_line_is_found(tmp_path: Path, secret: set[str], text: str) -> None:
    (tmp_path / "inner.txt").write_text(text)
    assert "inner.txt: dWh=prev_h.T@da" in leaks(tmp_path, secret)
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as archive:
        archive.write(tmp_path / "inner.txt", "deep/inner.txt")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(tmp_path / "inner.zip", "inner.zip")
    found = leaks(tmp_path / "outer.zip", secret)
    assert "outer.zip/inner.zip/deep/inner.txt: dWh=prev_h.T@da" in found


def test_the_patch_of_a_misconception_is_a_secret_too(tmp_path: Path, secret: set[str]) -> None:
    wrong = next(
        m
        for m in load_answers(SOLUTIONS).misconceptions
        if m.id == "rnn_step_backward.sigmoid_slope"
    )
    (tmp_path / "x").write_text(f"try {wrong.by}")
    assert leaks(tmp_path, secret)


def test_what_is_given_anyway_is_no_secret(tmp_path: Path, secret: set[str]) -> None:
    (tmp_path / "x").write_text("return dx, dprev_h, dWx, dWh, db\nimport numpy as np\n")
    assert leaks(tmp_path, secret) == []


MODULE = """
def f(x):
    \"\"\"y = weights @ x.T + 1, and helper(x, 2, 3).\"\"\"
    ### BEGIN SOLUTION
    y = weights @ x.T + 1
    z = helper(x, 2, 3)
    ### END SOLUTION
    return y, z


def given(x):
    return 2 * helper(x, 2, 3)
"""


def test_a_line_of_a_solution_is_a_secret_though_a_docstring_has_it_and_not_if_code_has() -> None:
    shared = MODULE.replace("return 2 * helper", "z = helper")
    assert answer_lines({"m": MODULE}) == {"y=weights@x.T+1", "z=helper(x,2,3)"}
    assert answer_lines({"m": shared}) == {"y=weights@x.T+1"}


def test_a_line_between_markers_with_blanks_behind_them_is_a_secret() -> None:
    spaced = MODULE.replace("SOLUTION\n", "SOLUTION   \n")
    assert answer_lines({"m": spaced}) == answer_lines({"m": MODULE})


def test_a_text_without_a_line_of_a_solution_passes() -> None:
    answers = answer_lines({"m": MODULE})
    refuse_answers_in_words({"README.md": "y is the weights times x, and one more"}, answers)
    with pytest.raises(StubError, match=r"^assignment/README\.md would hold"):
        refuse_answers_in_words({"README.md": "so y = weights @ x.T + 1."}, answers)
