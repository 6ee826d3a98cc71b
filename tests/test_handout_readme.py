"""The handout's README has what its problem set needs, names nothing else, and can be followed.

Tried for every set of the course, for the whole of it, and for a course of each single lesson.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.demo import write_submission
from autograder.authoring.handout import make_handout
from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.assignment import FROZEN
from autograder.authoring.handout.example import Example, example
from autograder.authoring.handout.notebooks import notebooks_for
from autograder.authoring.handout.readme import readme
from autograder.check.asked import problems_asked
from autograder.grade import course_problems
from autograder.settings import Course, ProblemSet, load_course
from tests.conftest import COURSE_TOML, LONGEST, ROOT
from tests.test_part_of_the_course import NOTEBOOKS, ONLY_IN, strangers

SOLUTIONS = ROOT / "solutions"
NAMES = lessons.names()
SOURCES = {
    name: (SOLUTIONS / "recurrent" / f"{name}.py").read_text(encoding="utf-8") for name in NAMES
}
WHOLE = load_course(COURSE_TOML)
SETS = [problem_set.name for problem_set in WHOLE.sets]
COURSES: dict[str, Course] = {
    "all": WHOLE,
    **{name: WHOLE.only(name) for name in SETS},
    **{name: replace(WHOLE, sets=(ProblemSet("part", "Part", (name,)),)) for name in NAMES},
}

ENGLISH = {"perplexity", "greedy", "expand", "rank", "case", "sample"}
"""Functions whose names are words, too: in plain text they are no functions."""


@cache
def example_of(name: str) -> Example | None:
    return example(SOLUTIONS, COURSES[name], FROZEN)


@cache
def text_of(name: str) -> str:
    course, shown = COURSES[name], example_of(name)
    template = (SOLUTIONS / "handout.md").read_text(encoding="utf-8")
    handed_out = notebooks_for(NOTEBOOKS, course.lessons_of("all"))
    return readme(template, course, SOURCES, handed_out, shown.as_markdown() if shown else "")


@pytest.fixture(params=COURSES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def named_elsewhere(text: str, taught: Collection[str]) -> set[str]:
    """Functions of lessons that are not taught, wherever a text names them."""
    found = set()
    for word in re.findall(r"(?<![\w.])[a-z]\w*", text):
        if word in ONLY_IN and word not in ENGLISH and ONLY_IN[word].isdisjoint(taught):
            found.add(word)
    return found


def test_it_names_no_function_and_no_file_of_what_is_not_taught(name: str) -> None:
    text, taught = text_of(name), COURSES[name].lessons_of("all")
    assert strangers(text, taught) == []
    assert named_elsewhere(text, taught) == set()
    assert "{{" not in text and "only:" not in text and "<!--" not in text


def test_it_names_the_notebooks_that_are_handed_out_and_no_other(name: str) -> None:
    handed_out = notebooks_for(NOTEBOOKS, COURSES[name].lessons_of("all"))
    assert re.findall(r"(\w+)\.ipynb", text_of(name)) == [one.name for one in handed_out]
    assert handed_out


def test_its_items_are_counted_from_one_on(name: str) -> None:
    numbers = re.findall(r"^(\d+)\. ", text_of(name), flags=re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize(
    ("words", "lessons_with_them"),
    [
        ("**i, f, o, g**", {"lstm", "stacked", "captioning", "torch_models", "cells"}),
        ("Blocks of the GRU", {"gru", "captioning"}),
        ("MUT cells", {"mut"}),
        ("float32", {"torch_models"}),
        ("may import torch", {"torch_models"}),
        ("Largest singular value", {"gradflow"}),
        ("At how many steps is W used?", {"gradflow"}),
        ("king - man + woman", {"embedding"}),
        ("L layers", {"stacked"}),
        ("E encoder", {"attention", "torch_models"}),
    ],
)
def test_conventions_and_questions_are_those_of_what_is_taught(
    words: str, lessons_with_them: set[str], name: str
) -> None:
    taught = set(COURSES[name].lessons_of("all"))
    assert (words in text_of(name)) == bool(taught & lessons_with_them)


def test_a_course_without_numpy_says_nothing_of_numpys_rules() -> None:
    assert "The numpy lessons may import" not in text_of("torch_models")
    assert "The numpy lessons may import" in text_of("rnn")


# ------------------------------------------------------------------------------------- the example


def test_its_example_is_of_a_problem_that_is_asked_for(name: str) -> None:
    shown = example_of(name)
    if all(lessons.lesson(taught).asks for taught in COURSES[name].lessons_of("all")):
        assert shown is None, "of an answer a student's own check does not say that it is wrong"
        return
    assert shown is not None, "every lesson has a mistake with wrong numbers"
    assert shown.wrong.problem in {problem.name for problem in course_problems(COURSES[name])}
    text = shown.as_markdown()
    assert f"\n    {shown.verdict.problem}  " in text and "\n      values" in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    assert max(map(len, text.splitlines())) <= 120


def test_its_example_is_what_check_py_prints_of_that_mistake(
    zips: dict[str, Path], tmp_path: Path
) -> None:
    """To the letter: in the handout, by a student's own command."""
    with zipfile.ZipFile(zips["handout"]) as archive:
        archive.extractall(tmp_path)
    handout = tmp_path / "assignment"
    shown = example(SOLUTIONS, WHOLE.only("recurrence"), FROZEN)
    assert shown is not None
    mine = write_submission(load_answers(SOLUTIONS).patched(shown.wrong), tmp_path / "mine")
    done = subprocess.run(
        [sys.executable, "check.py", shown.verdict.problem, "--submission", str(mine)],
        cwd=handout,
        env={"COLUMNS": "110", "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    printed = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    example_lines = [line[4:] for line in shown.as_markdown().splitlines()[2:]]
    assert "\n".join(example_lines) in printed
    assert shown.as_markdown() in (handout / "README.md").read_text(encoding="utf-8")


def test_it_is_the_same_whenever_it_is_built() -> None:
    course = WHOLE.only("recurrence")
    first, second = (example(SOLUTIONS, course, FROZEN) for _ in range(2))
    assert first and second and first.as_markdown() == second.as_markdown()


# ---------------------------------------------------------------------------------- the machine


def test_what_the_grading_machine_has_is_what_is_installed_and_set_there() -> None:
    requirements = (zips_module.FILES / "requirements-grading.txt").read_text(encoding="utf-8")
    text = text_of("recurrence")
    for version in re.findall(r"numpy==([\d.]+)", requirements):
        assert version in text
    policy = replace(WHOLE.policy, seconds=7.0, total_seconds=321.0, memory_mb=777)
    template = (SOLUTIONS / "handout.md").read_text(encoding="utf-8")
    other = readme(template, replace(WHOLE, policy=policy).only("recurrence"), SOURCES, (), "")
    assert "7 seconds of processor time and 777 MB of memory" in other
    assert "the whole submission 321 seconds" in other and "torch" not in other


def test_files_of_an_earlier_set_are_said_to_be_used_again() -> None:
    template = (SOLUTIONS / "handout.md").read_text(encoding="utf-8")
    gates = WHOLE.only("gates")
    said = {}
    for there in ((), ("rnn", "lstm"), ("rnn", "head", "lstm")):
        said[there] = readme(template, gates, SOURCES, (), "", there)
    assert "earlier problem set" not in said[()]
    assert "`rnn.py` is of an earlier problem set" in said["rnn", "lstm"]
    assert "`rnn.py` and `head.py` are of an earlier problem set" in said["rnn", "head", "lstm"]


# --------------------------------------------------------------------------------- the commands


def commands_of(text: str) -> list[str]:
    """The commands of a page, on lines of their own and within sentences."""
    starts = r"python3?|py|uv|\.|\.venv\\Scripts\\activate"
    alone = re.findall(rf"^ {{4}}((?:{starts})(?: .*)?)$", text, re.MULTILINE)
    return alone + re.findall(r"`((?:python3?|py|uv) [^`]+)`", text)


def test_every_check_that_it_names_can_be_asked_for(name: str) -> None:
    asked = [line for line in commands_of(text_of(name)) if line.startswith("python check.py")]
    assert len(asked) >= 6
    for line in asked:
        names = re.split(r" --", line.removeprefix("python check.py"))[0].split()
        problems_asked(names, COURSES[name])  # raises for a name that is none


def run_in(
    folder: Path, *command: str, typed: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


def follow(line: str, folder: Path) -> None:
    """Do what a line of the README says, as far as that can be done without a network."""
    notebook = next((folder / "notebooks").glob("*.ipynb"))
    if line.startswith("python check.py"):
        arguments = line.replace("NOTEBOOK", f"notebooks/{notebook.name}").split()[1:]
        done = run_in(folder, *arguments, typed="q\n")
        if "--from" in arguments:  # nothing was written into it yet
            assert done.stderr == f"{notebook.name} defines no function of this course\n"
            return
        assert done.returncode in (0, 1), (line, done.stderr)
        if "--debug" in arguments:  # which shows the student's own error as Python does
            assert "still to do" in done.stdout
        else:
            assert done.stderr == "", line
    elif line.startswith("python -m pip install -r "):
        # All of it is here already, so that pip would have nothing to do.
        done = run_in(folder, *line.split()[1:], "--dry-run", "--no-index")
        assert done.returncode == 0, (line, done.stderr)
    elif line == "python3 -m venv .venv":
        assert run_in(folder, *line.split()[1:]).returncode == 0
    elif line == ". .venv/bin/activate":
        assert (folder / ".venv" / "bin" / "activate").is_file()
    elif line == "python -m jupyterlab":
        assert run_in(folder, *line.split()[1:], "--version").returncode == 0
    elif line.startswith("uv run --with-requirements requirements.txt check.py"):
        assert (folder / "requirements.txt").is_file()  # uv itself asks a registry
    else:
        assert line in (
            "python3 --version",
            "py --version",
            "py -m venv .venv",
            r".venv\Scripts\activate",
        ), f"{line} is not tried"


@pytest.mark.slow
@pytest.mark.parametrize("which", ["gates", "captions"])
def test_every_command_in_it_runs(
    which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips_module, "course_of", lambda root: WHOLE)
    archive = make_handout(which, tmp_path / "assignment.zip", print_line=lambda line: None)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    folder = tmp_path / "assignment"
    text = (folder / "README.md").read_text(encoding="utf-8")
    for line in dict.fromkeys(commands_of(text)):
        follow(line, folder)
    for path in re.findall(r"`((?:recurrent|notebooks)/[\w/]*(?:\.\w+)?)`", text):
        assert (folder / path).exists(), path
    stubs = {path.stem for path in (folder / "recurrent").glob("*.py")} & set(NAMES)
    files = set(re.findall(r"`(\w+)\.py`", text)) & set(NAMES)
    assert files <= stubs
    for earlier in stubs - set(COURSES[which].lessons_of("all")):
        assert f"`{earlier}.py`" in text, "what is there and not asked for is explained"


def test_students_are_told_of_no_make(zips: dict[str, Path]) -> None:
    """Nowhere in what they read: a Windows computer has none."""
    with zipfile.ZipFile(zips["handout"]) as archive:
        for path in archive.namelist():
            if path.startswith("assignment/autograder/"):
                continue
            text = archive.read(path).decode("utf-8", errors="replace")
            if path.endswith(".ipynb"):
                cells = json.loads(text)["cells"]
                text = "\n".join("".join(cell["source"]) for cell in cells)
            assert not re.search(r"`make\b|^ {4}make ", text, re.MULTILINE), path
