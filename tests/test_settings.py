"""course.toml: what it means, and that every mistake in it is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.grade import course_problems
from autograder.settings import Course, SettingsError, course_from, freeze, load_course, thaw
from tests.conftest import COURSE_TOML

COURSE = load_course(COURSE_TOML)


def test_the_course_splits_all_lessons_into_sets_of_100_points() -> None:
    assert sorted(COURSE.lessons_of("all")) == sorted(lessons.names())
    for problem_set in COURSE.sets:
        course = COURSE.only(problem_set.name)
        assert sum(map(course.points_of, course_problems(course))) == 100, problem_set.name


def test_what_travels_is_the_same_course_without_its_hidden_seed(tmp_path: Path) -> None:
    path = tmp_path / "course.json"
    path.write_text(freeze(replace(COURSE, hidden_seed=123456789)))
    assert thaw(path) == replace(COURSE, hidden_seed=None)
    assert "123456789" not in path.read_text()


def test_points_can_be_changed_without_touching_a_lesson() -> None:
    problem = lessons.find("rnn_forward")
    assert COURSE.points_of(problem) == problem.points
    assert replace(COURSE, points={"rnn_forward": 2.5}).points_of(problem) == 2.5


def test_one_set_or_all_and_nothing_else() -> None:
    assert [problem_set.name for problem_set in COURSE.only("gates").sets] == ["gates"]
    assert COURSE.only("all") == COURSE
    message = "there is no problem set 'gate'; choose all or recurrence, gates"
    for asked_for in (COURSE.only, COURSE.lessons_of):
        with pytest.raises(SettingsError, match=message):
            asked_for("gate")


def test_every_mistake_is_named_in_one_sentence() -> None:
    wrong = {
        "name": 3,
        "nmae": "x",
        "sets": [{"name": "a", "lessons": "rnn"}],
        "policy": {"seconds": "ten", "hidden_cases": "all"},
    }
    with pytest.raises(SettingsError) as error:
        course_from(wrong, "course.toml")
    for words in (
        "nmae is not a setting",
        "term is missing",
        "seed is missing",
        "name should be a line of text, not 3",
        "sets[0].title is missing",
        "sets[0].lessons should be a list of names, not 'rnn'",
        "policy.seconds should be a number from 1 to 600, not 'ten'",
        "policy.hidden_cases should be 'summary' or 'none', not 'all'",
    ):
        assert words in str(error.value)


def test_points_of_a_problem_that_does_not_exist_are_refused(tmp_path: Path) -> None:
    text = COURSE_TOML.read_text(encoding="utf-8")
    (tmp_path / "course.toml").write_text(f"{text}\nrnn_fwd = 3\n")
    with pytest.raises(SettingsError, match="there is no problem 'rnn_fwd'"):
        load_course(tmp_path / "course.toml")


def test_a_typo_in_a_lesson_or_a_date_is_named() -> None:
    wrong = {
        "name": "c",
        "term": "t",
        "seed": 1,
        "sets": [{"name": "a", "title": "A", "lessons": ["rnm"], "due": "tomorrow"}],
    }
    with pytest.raises(SettingsError) as error:
        course_from(wrong, "course.toml")
    message = str(error.value)
    assert "sets[0].lessons: there is no lesson 'rnm'" in message
    assert "sets[0].due should be a date like 2027-02-05T23:59:00-05:00, not 'tomorrow'" in message


def test_missing_and_unreadable_files_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"course\.toml is missing"):
        load_course(tmp_path / "course.toml")
    (tmp_path / "course.toml").write_text("name = ")
    with pytest.raises(SettingsError, match="not readable as TOML"):
        load_course(tmp_path / "course.toml")
    with pytest.raises(SettingsError, match="run `make casebook`"):
        thaw(tmp_path / "course.json")


def test_course_is_a_value() -> None:
    assert isinstance(COURSE, Course)
    with pytest.raises(AttributeError):
        COURSE.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"name": "x", "colour": "red"}', "colour is not a setting; .* it is of another version"),
        ("{", "cannot be read"),
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ("5", "cannot be read"),
    ],
)
def test_a_frozen_course_that_is_not_what_was_written_is_a_sentence(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "course.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=rf"course\.json.*{complaint}.*: run `make casebook`"):
        thaw(path)


def test_a_frozen_course_whose_lesson_was_renamed_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "course.json"
    path.write_text(freeze(COURSE).replace('"stacked"', '"xyzzy"'))
    said = "there is no lesson 'xyzzy'; it is of another version: run `make casebook`"
    with pytest.raises(SettingsError, match=said):
        thaw(path)


def test_a_set_by_itself_knows_which_lessons_are_elsewhere(tmp_path: Path) -> None:
    gates = COURSE.only("gates")
    assert gates.elsewhere["rnn"] == "recurrence" and "lstm" not in gates.elsewhere
    assert COURSE.elsewhere == {}
    (tmp_path / "course.json").write_text(freeze(gates), encoding="utf-8")
    assert thaw(tmp_path / "course.json") == replace(gates, hidden_seed=None)


def test_which_lessons_are_elsewhere_is_no_setting(tmp_path: Path) -> None:
    text = COURSE_TOML.read_text(encoding="utf-8")
    (tmp_path / "course.toml").write_text('elsewhere = { rnn = "x" }\n' + text, encoding="utf-8")
    with pytest.raises(SettingsError, match="elsewhere is not a setting") as raised:
        load_course(tmp_path / "course.toml")
    assert "seed, elsewhere" not in str(raised.value)
    assert "did you mean elsewhere" not in str(raised.value)
