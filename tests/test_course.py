"""A repository's course.toml against its solutions and its casebooks, and what holds where."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import cli, lessons
from autograder.authoring import cli as staffs_cli
from autograder.authoring.course import course_of, current_course, lessons_behind, odd_sets
from autograder.authoring.course import remarks_on as remarks_on_course
from autograder.authoring.seeds import seed_file
from autograder.settings import SettingsError, freeze, load_course
from tests.conftest import COURSE_TOML, ROOT

COURSE = load_course(COURSE_TOML)
REBUILD = "run `make casebook`"

HEADER = 'name = "A course"\nterm = "a term"\nseed = 1\n'


def sets(*all_lessons: tuple[str, ...]) -> str:
    """The tables of problem sets with these lessons."""
    tables = ""
    for number, names in enumerate(all_lessons):
        tables += f'[[sets]]\nname = "s{number}"\ntitle = "S"\nlessons = {json.dumps(names)}\n'
    return tables


@pytest.fixture
def root(tmp_path: Path, frozen: Path) -> Path:
    """A repository with a course of two lessons, and their casebooks."""
    text = HEADER + sets(("rnn",), ("attention",))
    (tmp_path / "course.toml").write_text(text)
    shutil.copytree(ROOT / "solutions" / "recurrent", tmp_path / "solutions" / "recurrent")
    house = tmp_path / "autograder" / "frozen"
    for book in ("public", "hidden"):
        (house / book).mkdir(parents=True)
        for name in ("rnn", "attention"):
            file = f"{book}/{name}.safetensors"
            shutil.copy(frozen / file, house / file)
    (house / "course.json").write_text(freeze(load_course(tmp_path / "course.toml")))
    return tmp_path


def change(root: Path, old: str, new: str) -> None:
    path = root / "course.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# ------------------------------------------------------------------------- against the solutions


def test_a_set_may_not_build_on_what_a_later_one_hands_out(root: Path) -> None:
    assert course_of(root).lessons_of("all") == ("rnn", "attention")
    (root / "course.toml").write_text(HEADER + sets(("attention", "cells"), ("rnn",), ("lstm",)))
    with pytest.raises(SettingsError) as error:
        course_of(root)
    assert str(error.value).splitlines() == [
        "course.toml: sets[0].lessons has 'attention', which builds on rnn of a later set: list it "
        "there, or rnn no later",
        "course.toml: sets[0].lessons has 'cells', which builds on lstm of a later set: list it "
        "there, or lstm no later",
    ]


def test_a_set_may_build_on_what_no_set_hands_out(root: Path) -> None:
    """Any part of the course can be taught: what it builds on is handed out with it."""
    (root / "course.toml").write_text(HEADER + sets(("cells",)))
    assert course_of(root).lessons_of("all") == ("cells",)
    assert [lesson.name for lesson in lessons_behind(root, ("cells",))] == ["lstm", "gru", "cells"]


@pytest.mark.parametrize("name", lessons.names())
def test_every_lesson_can_be_taught_alone(root: Path, name: str) -> None:
    (root / "course.toml").write_text(HEADER + sets((name,)))
    assert course_of(root).lessons_of("s0") == (name,)


# ---------------------------------------------------------------------------------- what is said


def test_a_set_that_is_not_worth_100_points_is_said_and_allowed() -> None:
    more = COURSE.points_of(lessons.find("rnn_forward")) + 2.5
    course = replace(COURSE, points={**COURSE.points, "rnn_forward": more})
    before = sum(COURSE.points_of(problem) for problem in problems_of("recurrence"))
    (said,) = odd_sets(course.only("recurrence"))
    worth = f"{before + 2.5:g} points, not 100"
    assert said == f"course.toml: the problem set recurrence is worth {worth}"


def problems_of(name: str) -> list[lessons.Problem]:
    taught = [lessons.lesson(lesson) for lesson in COURSE.lessons_of(name)]
    return [problem for lesson in taught for problem in lesson.problems]


def test_lessons_that_nobody_teaches_are_said_in_one_line() -> None:
    course = replace(COURSE, sets=COURSE.sets[:1])
    said = [line for line in remarks_on_course(course) if "no problem set" in line]
    left_out = [name for name in lessons.names() if name not in course.lessons_of("all")]
    assert said == [f"course.toml: no problem set has the lessons {', '.join(left_out)}"]


# --------------------------------------------------------------------------- against the casebooks


def test_what_changed_after_freezing_holds_at_once(root: Path) -> None:
    frozen = root / "autograder" / "frozen"
    assert current_course(root, frozen) == load_course(root / "course.toml")
    with (root / "course.toml").open("a") as file:
        file.write("due = 2027-02-05T23:59:00Z\n[policy]\nhints = 3\n[points]\nrnn_forward = 80\n")
    course = current_course(root, frozen)
    assert course.points_of(lessons.find("rnn_forward")) == 80
    assert (course.policy.hints, course.sets[1].due) == (3, "2027-02-05T23:59:00+00:00")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("seed = 1", "seed = 2", "course.toml's seed is newer than the casebooks"),
        ("seed = 1", "seed = 1\nhidden_seed = 7", "hidden_seed is newer than the casebooks"),
        ('"attention"', '"attention", "beam"', "there is no casebook yet for beam"),
    ],
)
def test_what_needs_other_casebooks_is_refused(root: Path, old: str, new: str, said: str) -> None:
    change(root, old, new)
    with pytest.raises(SettingsError, match=f"{said}: {REBUILD}"):
        current_course(root, root / "autograder" / "frozen")


def test_casebooks_of_another_seed_than_the_terms_are_refused(root: Path) -> None:
    """A build with SEED=1 leaves them; what is graded with them is not what Gradescope says."""
    frozen, term = root / "autograder" / "frozen", load_course(root / "course.toml").term
    (root / "build").mkdir(exist_ok=True)
    (root / "dist").mkdir()
    (root / "build" / "hidden_seed").write_text("1\n")
    assert current_course(root, frozen), "the term has no seed yet"
    seed_file(root / "dist", term).write_text("2\n")
    with pytest.raises(SettingsError, match=r"other hidden cases than the zips of .*make casebook"):
        current_course(root, frozen)
    (root / "build" / "hidden_seed").write_text("2\n")
    assert current_course(root, frozen)


def test_the_hidden_seed_that_was_used_is_not_newer(root: Path) -> None:
    change(root, "seed = 1", "seed = 1\nhidden_seed = 7")
    (root / "build").mkdir()
    (root / "build" / "hidden_seed").write_text("7\n")
    assert current_course(root, root / "autograder" / "frozen").hidden_seed == 7


@pytest.fixture
def here(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command line in that repository."""
    for module in (cli, staffs_cli):
        monkeypatch.setattr(module, "ROOT", root)
        monkeypatch.setattr(module, "FROZEN", root / "autograder" / "frozen")
    return root


def grade(root: Path, capsys: pytest.CaptureFixture[str]) -> float:
    """The score of the reference on rnn."""
    assert cli.main(["grade", str(root / "solutions"), "--set", "s0"]) == 0
    return float(json.loads(capsys.readouterr().out)["score"])


def test_grade_and_check_know_the_points_of_now(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = sum(problem.points for problem in lessons.lesson("rnn").problems)
    assert grade(here, capsys) == declared
    with (here / "course.toml").open("a") as file:
        file.write("[points]\nrnn_forward = 80\n")
    assert grade(here, capsys) == declared + 80 - lessons.find("rnn_forward").points
    arguments = ["check", "rnn_forward", "--submission", str(here / "solutions")]
    assert cli.main(arguments) == 0
    assert "80 of 80 points" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["grade", "check", "gradescope"])
def test_every_verb_refuses_casebooks_of_another_seed(
    here: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    change(here, "seed = 1", "seed = 2")
    arguments = {"grade": [str(here)], "check": [], "gradescope": ["--root", str(here / "g")]}
    assert cli.main([verb, *arguments[verb]]) != 0
    assert capsys.readouterr().err.strip() == (
        f"course.toml's seed is newer than the casebooks: {REBUILD}"
    )


# ------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize("verb", ["casebook", "autograder", "nbgrader"])
@pytest.mark.parametrize("seed", ["-5", "1e5", "nan", str(2**64), "9" * 5000, ""])
def test_a_seed_out_of_range_is_a_sentence(
    capsys: pytest.CaptureFixture[str], verb: str, seed: str
) -> None:
    assert cli.main([verb, f"--seed={seed}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("--seed should be a whole number from 0 to 18446744073709551615, not ")
    assert len(line) < 150
