"""`make demo`: whatever problem set it is of, its class shows what a grader meets."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring import demo
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.course import course_of
from autograder.grade import course_lessons
from autograder.settings import Course
from tests.conftest import COURSE_TOML, LONGEST, ROOT

SETS = ("recurrence", "gates", "words", "captions", "all")

NOT_INSTALLED = (
    "hypothesis",
    "jinja2",
    "jupytext",
    "matplotlib",
    "nbclient",
    "nbformat",
    "nbgrader",
    "playwright",
    "torch",
    "yaml",
)
"""Of what the repository's other commands and its tests need, what `make demo` does not install."""


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


@pytest.fixture
def root(tmp_path: Path, frozen: Path) -> Path:
    """A repository with casebooks as new as the shared ones, and nothing of a demo yet."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copy(COURSE_TOML, tmp_path / "course.toml")
    (tmp_path / "build").mkdir()
    shutil.copy(ROOT / "build" / "hidden_seed", tmp_path / "build" / "hidden_seed")
    return tmp_path


def course(which: str) -> Course:
    return course_of(ROOT).only(which)


# ---------------------------------------------------------------------------------- the whole of it


def run_demo(root: Path, *without: str) -> str:
    """What the demo prints where these packages are not installed, with the shared casebooks."""
    code = (
        "import sys; from pathlib import Path; "
        f"sys.modules.update(dict.fromkeys({without!r})); "
        "from autograder import lessons; "
        # An entry None means "cannot be imported", and `find_spec` raises for it.
        "lessons.find_spec = lambda name: None; "
        "from autograder.authoring.demo import demo; "
        f"sys.exit(demo(Path({str(root)!r}), Path({str(ROOT / 'autograder' / 'frozen')!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_it_needs_only_what_it_installs_and_shows_each_student(root: Path) -> None:
    said = run_demo(root, *NOT_INSTALLED)

    students = dict(re.findall(r"^(\w+), [\w ]+?  +([\d.]+) / 100 ", said, flags=re.MULTILINE))
    assert [*students] == ["Ada", "Ben", "Cem", "Dee", "Eli", "Fay"]
    assert students.pop("Ada") == "100"
    assert all(0 < float(points) < 100 for points in students.values())
    assert "rnn_step_forward: Wh is used transposed" in said
    assert "stopped after 2 s of work" in said
    assert "cannot be imported: SyntaxError" in said
    assert "still to do" in said
    assert "What Dee is told about rnn.py, with 2 hints" in said
    assert "hint 2/3" in said and "carried" in said


@pytest.mark.slow
def test_it_uses_casebooks_that_are_there_and_builds_only_what_is_not(root: Path) -> None:
    said = run_demo(root)
    assert said.count(" 0 of ") == 8  # four lessons, public and hidden cases

    (root / "build" / "demo" / "public" / "head.safetensors").write_bytes(b"no casebook")
    again = run_demo(root)
    assert again.count(" 0 of ") == 7
    assert re.search(r"head: 4 problems, 35 misconceptions, ", again)


def test_only_a_newer_casebook_is_taken_over(tmp_path: Path) -> None:
    frozen, folder = tmp_path / "frozen", tmp_path / "demo"
    (frozen / "public").mkdir(parents=True)
    (folder / "public").mkdir(parents=True)
    shared, own = ((base / "public" / "rnn.safetensors") for base in (frozen, folder))
    for text, theirs, ours in (("newer", 2, 1), ("older", 1, 2)):
        shared.write_text("theirs")
        own.write_text("ours")
        os.utime(shared, (theirs, theirs))
        os.utime(own, (ours, ours))
        demo._take_over(frozen, folder, [lessons.lesson("rnn")])
        assert own.read_text() == {"newer": "theirs", "older": "ours"}[text]


# ---------------------------------------------------------------------------------------- the class


@pytest.mark.parametrize("which", SETS)
def test_two_ideas_are_of_the_set(answers: Answers, which: str) -> None:
    taught = course(which).lessons_of("all")
    ideas = demo.two_ideas(answers, course(which))
    assert len({wrong.id for wrong in ideas}) == 2
    assert {lessons.find(wrong.problem).lesson for wrong in ideas} <= {*taught}


@pytest.mark.parametrize("which", SETS)
def test_every_student_differs_from_the_reference_in_the_sets_lessons(
    answers: Answers, which: str
) -> None:
    of_the_set = course(which)
    ideas = demo.two_ideas(answers, of_the_set)
    students = demo.sample_class(answers, course_lessons(of_the_set), ideas)

    assert students.pop("Ada, perfect") == answers.sources
    for name, files in students.items():
        changed = {module for module in files if files[module] != answers.sources[module]}
        assert changed and changed & {*of_the_set.lessons_of("all")}, name
    broken = [name for name, files in students.items() if not all(map(is_python, files.values()))]
    assert broken == ["Fay, a syntax error"]


def is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def test_the_preferred_ideas_are_there(answers: Answers) -> None:
    assert {*demo.FIRST_CHOICE} <= {wrong.id for wrong in answers.misconceptions}


def test_a_body_is_replaced_in_a_method_too() -> None:
    source = 'class A:\n    def f(self):\n        """What."""\n        return 1\n'
    changed = demo.with_body(source, "A.f", "while True:\n    pass")
    assert changed == source.replace(
        "        return 1\n", "        while True:\n            pass\n"
    )


def test_a_lesson_that_cannot_run_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "find_spec", lambda name: None)
    able, left_out = demo._that_can_run(course("captions"))
    assert left_out == ["torch_models"]
    assert able.lessons_of("all") == ("captioning", "beam", "attention", "answers_captions")
