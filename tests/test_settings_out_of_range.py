"""Whatever stands in course.toml: a course whose numbers make sense, or sentences that say why not.

One table of mistakes with what is said of each, and one property for what the table leaves out.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder import lessons
from autograder.settings import (
    Course,
    Policy,
    ProblemSet,
    SettingsError,
    course_from,
    freeze,
    load_course,
    thaw,
)
from tests.conftest import COURSE_TOML

TEXT = COURSE_TOML.read_text(encoding="utf-8")

SMALL = """
name = "A course"
term = "a term"
seed = 1

[[sets]]
name = "first"
title = "First"
lessons = ["rnn"]
due = "2027-02-05T23:59:00-05:00"

[[sets]]
name = "second"
title = "Second"
lessons = ["lstm", "gru"]
due = "2027-02-19T23:59:00-05:00"

[policy]
seconds = 10.0
total_seconds = 480.0
visibility = "visible"

[points]
rnn_forward = 10
"""

DATE = "2027-02-05T23:59:00-05:00"

SEEDS = "a whole number from 0 to 18446744073709551615"

IN_POLICY = {
    "carried_share": "a number from 0 to 1",
    "seconds": "a number from 1 to 600",
    "total_seconds": "a number from 10 to 600, after which Gradescope stops a submission",
    "memory_mb": "a whole number from 256 to 65536",
    "torch_memory_mb": "a whole number from 1024 to 65536",
    "hints": "a whole number from 0 to 4",
    "diagnosis": "a whole number from 0 to 4, or a text like 'attempt 3'",
}

OUT_OF_POLICY = {
    "carried_share": ["2", "-0.1", "nan", "1.0001"],
    "seconds": ["0", "-1", "0.5", "601", "inf", '"10"'],
    "total_seconds": ["601", "3600", "0", "9", "nan", "-inf"],
    "memory_mb": ["-1", "0", "255", "1024.0", "99999999999999999999", "true"],
    "torch_memory_mb": ["1023", "[4096]", "65537"],
    "hints": ["-1", "5", "1.0", "true", "{}"],
    "diagnosis": ["-1", "5", "4.0", "true", "[]", '"3"', '"atempt 3"', '"attempt 0"', '"attempt"'],
}


def mistakes_in(tmp_path: Path, text: str) -> list[str]:
    """The sentences about a course.toml, without the file's name, which each begins with."""
    path = tmp_path / "course.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_course(path)
    lines = str(error.value).splitlines()
    assert all(line.startswith("course.toml") for line in lines), lines
    return [line.removeprefix("course.toml: ") for line in lines]


def course_of(tmp_path: Path, text: str) -> Course:
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    return load_course(tmp_path / "course.toml")


def policy_rows() -> Iterator[tuple[str, str, str]]:
    for key, values in OUT_OF_POLICY.items():
        for value in values:
            yield key, value, IN_POLICY[key]


# --------------------------------------------------------------------------------- one at a time


@pytest.mark.parametrize(("key", "value", "allowed"), list(policy_rows()))
def test_a_policy_out_of_range_is_named(tmp_path: Path, key: str, value: str, allowed: str) -> None:
    text = SMALL.split("[policy]")[0] + f"[policy]\n{key} = {value}\n"
    (said,) = mistakes_in(tmp_path, text)
    assert said.startswith(f"policy.{key} should be {allowed}, not ")


@pytest.mark.parametrize(
    "value", ["-5", "nan", "inf", "-inf", "true", '"3"', "1001", "1e400", "[]"]
)
def test_points_out_of_range_are_named(tmp_path: Path, value: str) -> None:
    (said,) = mistakes_in(tmp_path, f"{SMALL}\nrnn_step_forward = {value}\n")
    assert said.startswith("points.rnn_step_forward should be a number from 0 to 1000, not ")


@pytest.mark.parametrize("key", ["seed", "hidden_seed"])
@pytest.mark.parametrize("value", ["-1", "true", "1.0", '"1"', str(2**64), "0x" + "F" * 5000])
def test_seeds_out_of_range_are_named(tmp_path: Path, key: str, value: str) -> None:
    others = "seed = 1\n" if key == "hidden_seed" else ""
    (said,) = mistakes_in(tmp_path, SMALL.replace("seed = 1\n", f"{others}{key} = {value}\n"))
    assert said.startswith(f"{key} should be {SEEDS}, not ")


MISTAKES = {
    # duplicates
    ('"second"', '"first"'): "sets[1].name is 'first', as in sets[0]: give it another",
    ('"second"', '"First"'): "sets[1].name is 'First', as in sets[0]: give it another",
    ('"second"', '"all"'): "sets[1].name should not be 'all', which stands for all sets together",
    ('"gru"]', '"lstm"]'): "sets[1].lessons has 'lstm' twice: list it once",
    ('"gru"]', '"rnn"]'): "sets[1].lessons has 'rnn', as sets[0]: list it in one of them",
    ("seed = 1\n", "seed = 1\nhidden_seed = 1\n"): (
        "hidden_seed should not be the seed of the public cases, which anyone may know"
    ),
    # empty
    ('name = "A course"', 'name = ""'): "name should be a line of text, not ''",
    ('"a term"', '" \\t"'): "term should be a line of text, not ' \\t'",
    ('"Second"', '"two\\nlines"'): "sets[1].title should be a line of text, not 'two\\nlines'",
    ('"second"', '"../up"'): (
        "sets[1].name should be a word of the letters a to z, digits, - and _, not '../up'"
    ),
    ('["lstm", "gru"]', "[]"): "sets[1].lessons is empty: it should list at least one",
    ("seed = 1\n", ""): f"seed is missing: it should be {SEEDS}",
    ('lessons = ["rnn"]', ""): "sets[0].lessons is missing: it should be a list of names",
    # dates
    ("2027-02-19", "2027-01-19"): (
        "sets[1].due should not be before sets[0].due: sets are listed as they are due"
    ),
    ('"2027-02-19T23:59:00-05:00"', "2027-02-19"): (
        f"sets[1].due has no offset and sets[0].due has one: write it in all, as in {DATE}"
    ),
    ('"2027-02-19T23:59:00-05:00"', "23:59:00"): (
        f"sets[1].due should be a date like {DATE}, not 23:59:00"
    ),
    ("2027-02-19T", "19.02.2027 T"): (
        f"sets[1].due should be a date like {DATE}, not '19.02.2027 T23:59:00-05:00'"
    ),
    ("2027-02-19T", "2027-02-30T"): (
        f"sets[1].due should be a date like {DATE}, not '2027-02-30T23:59:00-05:00'"
    ),
    # what does not go together
    ("total_seconds = 480.0", "total_seconds = 10\nseconds = 20"): (
        "policy.total_seconds should not be less than policy.seconds: a whole submission has 10 "
        "seconds and one problem 20"
    ),
    ("seed = 1\n", "seed = 1\ndiagnosis = 2\n"): (
        "diagnosis is not a setting; diagnosis belongs in [policy]"
    ),
    # near misses
    ("visibility =", "diagnose = 3\nvisibility ="): (
        "policy.diagnose is not a setting; did you mean diagnosis?"
    ),
    ("seed = 1\n", "seed = 1\nhiden_seed = 2\n"): (
        "hiden_seed is not a setting; did you mean hidden_seed or seed?"
    ),
    ("seed = 1\n", "seed = 1\nhints = 2\n"): "hints is not a setting; hints belongs in [policy]",
    ("seed = 1\n", "seed = 1\ndue = 2\n"): "due is not a setting; due belongs in [[sets]]",
    ("visibility =", "Hidden-Cases = 'none'\nvisibility ="): (
        "policy.Hidden-Cases is not a setting; did you mean hidden_cases?"
    ),
    ("visibility =", "qqq = 1\nvisibility ="): (
        "policy.qqq is not a setting; the settings here are carried_share, seconds, total_seconds, "
        "memory_mb, torch_memory_mb, visibility, hidden_cases, hints, diagnosis"
    ),
    ('"visible"', '"Visible"'): (
        "policy.visibility should be 'visible', 'hidden', 'after_due_date' or 'after_published', "
        "not 'Visible'; did you mean visible?"
    ),
    ('"gru"]', '"gur"]'): "sets[1].lessons: there is no lesson 'gur'; did you mean gru?",
    ('"gru"]', '"GRU"]'): "sets[1].lessons: there is no lesson 'GRU'; did you mean gru?",
    ("rnn_forward = 10", "RNN-forward = 10"): (
        "points: there is no problem 'RNN-forward'; did you mean rnn_forward?"
    ),
    ("rnn_forward = 10", "hidden_seed = 10"): (
        "points: there is no problem 'hidden_seed'; hidden_seed belongs at the top, before the "
        "first table"
    ),
    ("rnn_forward = 10", "hints = 2"): (
        "points: there is no problem 'hints'; hints belongs in [policy]"
    ),
    # containers
    ('["lstm", "gru"]', '"lstm"'): "sets[1].lessons should be a list of names, not 'lstm'",
    ('["lstm", "gru"]', "[1]"): "sets[1].lessons should be a list of names, not [1]",
    ('["lstm", "gru"]', "{ rnn = 1 }"): "sets[1].lessons should be a list of names, not {'rnn': 1}",
    ("[points]\nrnn_forward = 10", "[[points]]"): "points should be the table [points], not [{}]",
}  # fmt: skip


@pytest.mark.parametrize("change", MISTAKES)
def test_every_other_mistake_is_one_sentence(tmp_path: Path, change: tuple[str, str]) -> None:
    old, new = change
    assert old in SMALL
    text = SMALL.replace("seconds = 10.0\n", "") if "seconds = 20" in new else SMALL
    assert mistakes_in(tmp_path, text.replace(old, new)) == [MISTAKES[change]]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sets = 3", "sets should be tables [[sets]], each with two brackets, not 3"),
        ("sets = []", "sets is empty: it should list at least one"),
        ('sets = ["rnn"]', "sets[0] should be a table, not 'rnn'"),
        ("[sets]", "sets should be tables [[sets]], each with two brackets, not one table"),
        ("", "sets is missing: it should be tables [[sets]]"),
        ("policy = []\n[[sets]]", "policy should be the table [policy], not []"),
        ("points = 5\n[[sets]]", "points should be the table [points], not 5"),
    ],
)
def test_the_wrong_kind_of_table_is_a_sentence(tmp_path: Path, line: str, said: str) -> None:
    assert said in mistakes_in(tmp_path, f'name = "a"\nterm = "b"\nseed = 1\n{line}\n')


def test_a_set_worth_nothing_is_a_mistake(tmp_path: Path) -> None:
    zeros = [f"{problem.name} = 0" for problem in lessons.lesson("rnn").problems]
    text = SMALL.replace("rnn_forward = 10", "\n".join(zeros))
    said = "sets[0] is worth 0 points: give some to its problems under [points]"
    assert mistakes_in(tmp_path, text) == [said]
    course_of(tmp_path, text.replace(zeros[0], zeros[0][:-1] + "0.5"))  # any other sum will do


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = SMALL
    for old, new in (
        ("A course", ""),
        ("seed = 1\n", "seed = -1\n"),
        ('"second"', '"first"'),
        ('"gru"]', '"rnn", "gur"]'),
        ("2027-02-19", "2027-01-19"),
        ("seconds = 10.0", "seconds = 0"),
        ("visible", "seen"),
        ("= 10\n", "= nan\n"),
    ):
        text = text.replace(old, new, 1)
    said = mistakes_in(tmp_path, text)
    assert len(said) == 9, said
    assert len(set(said)) == 9


# ------------------------------------------------------------------------------- what is understood


@pytest.mark.parametrize(("written", "kept"), [("0", 0), ("4", 4), ('"attempt 12"', "attempt 12")])
def test_when_a_mistake_is_named(tmp_path: Path, written: str, kept: int | str) -> None:
    text = SMALL.replace("visibility =", f"diagnosis = {written}\nvisibility =")
    assert course_of(tmp_path, text).policy.diagnosis == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"2027-02-05T23:59:00-05:00"', DATE),
        ("2027-02-05T23:59:00-05:00", DATE),
        ("2027-02-05 23:59:00.5-05:00", DATE),
        ('"2027-02-05 23:59 -0500"', DATE),
        ('"2027-02-05T23:59:00Z"', "2027-02-05T23:59:00+00:00"),
        ('"2027-02-05t23:59z"', "2027-02-05T23:59:00+00:00"),
        ("2027-02-05T23:59:00Z", "2027-02-05T23:59:00+00:00"),
    ],
)
def test_a_date_may_be_written_as_toml_or_as_people_do(
    tmp_path: Path, written: str, kept: str
) -> None:
    course = course_of(tmp_path, SMALL.replace(f'"{DATE}"', written))
    assert course.sets[0].due == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2027-02-05", "2027-02-05T23:59:59"),
        ('"2027-02-05"', "2027-02-05T23:59:59"),
        ("2027-02-05T08:00:00", "2027-02-05T08:00:00"),
        ('""', ""),
    ],
)
def test_a_day_alone_ends_at_its_last_second(tmp_path: Path, written: str, kept: str) -> None:
    text = SMALL.replace('due = "2027-02-19T23:59:00-05:00"\n', "").replace(f'"{DATE}"', written)
    assert course_of(tmp_path, text).sets[0].due == kept


def test_files_as_editors_save_them(tmp_path: Path) -> None:
    path = tmp_path / "course.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_course(path).name == "A course"
    path.write_bytes(SMALL.encode("utf-16"))
    with pytest.raises(SettingsError, match="is not readable as text: save it as UTF-8"):
        load_course(path)


@pytest.mark.parametrize(
    "text", ["seed = " + "9" * 5000, "a = " + "[" * 10000, "name = ", "[a]\n[a]"]
)
def test_what_python_cannot_read_is_a_sentence(tmp_path: Path, text: str) -> None:
    (said,) = mistakes_in(tmp_path, text)
    assert said.startswith("course.toml is not readable as TOML: ")
    assert "sys." not in said


# ------------------------------------------------------------------------------------ the property

BASE: dict[str, Any] = json.loads(freeze(load_course(COURSE_TOML)))
BASE["points"] = {"rnn_forward": 10.0}

PLACES = [
    *[(field.name,) for field in fields(Course)],
    *[("policy", field.name) for field in fields(Policy)],
    *[("sets", 1, field.name) for field in fields(ProblemSet)],
    ("sets", 1),
    ("points", "rnn_forward"),
    ("points", "no_such_problem"),
    ("no_such_setting",),
    ("policy", "no_such_setting"),
]

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**63),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["all", "rnn", "none", "2027-02-05", "\ud800", "\x1b[2J", "", "1"]),
    st.datetimes(),
    st.dates(),
    st.times(),
)
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=3))
@example([(("policy", "seconds"), math.nan)])
@example([(("sets", 1, "due"), datetime(1, 1, 1)), (("sets", 1, "lessons"), [["rnn"]])])
@example([(("sets", 1, "due"), date(2027, 1, 1)), (("policy", "hints"), time(1))])
@example([(("policy", "diagnosis"), "attempt 2")])
@example([(("policy", "diagnosis"), None)])
def test_any_value_anywhere_is_a_course_or_sentences(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    data = copy.deepcopy(BASE)
    for place, value in changes:
        put(data, place, value)
    try:
        course = course_from(data, "course.toml")
    except SettingsError as error:
        lines = str(error).split("\n")
        assert all(line.startswith("course.toml: ") for line in lines)
        assert all(len(line) < 400 for line in lines)
        assert len(set(lines)) == len(lines), "each once"
        return
    assert_in_range(course)
    assert_travels(course)


def put(data: Any, place: tuple[Any, ...], value: Any) -> None:
    """Set a value deep in plain data, where another change has left that place."""
    for key in place[:-1]:
        if not has_room(data, key):
            return
        data = data[key] if isinstance(data, list) or key in data else None
    if has_room(data, place[-1]):
        data[place[-1]] = value


def has_room(data: Any, key: Any) -> bool:
    """Whether plain data has, or can have, something under this key."""
    if isinstance(data, list):
        return isinstance(key, int) and key < len(data)
    return isinstance(data, dict)


def assert_in_range(course: Course) -> None:
    """The ranges once more, written down apart from where they are declared."""
    policy = course.policy
    assert 0 <= policy.carried_share <= 1
    assert 1 <= policy.seconds <= policy.total_seconds <= 600
    assert 256 <= policy.memory_mb <= 65536 and 1024 <= policy.torch_memory_mb <= 65536
    assert policy.hints in (0, 1, 2, 3, 4)
    if isinstance(policy.diagnosis, str):
        assert policy.diagnosis.startswith("attempt ") and int(policy.diagnosis[8:]) in range(
            1, 100
        )
    else:
        assert policy.diagnosis in (0, 1, 2, 3, 4) and type(policy.diagnosis) is int
    for value in (policy.memory_mb, policy.torch_memory_mb, policy.hints, course.seed):
        assert type(value) is int
    assert all(type(value) is float and 0 <= value <= 1000 for value in course.points.values())
    assert 0 <= course.seed < 2**64 and course.hidden_seed != course.seed
    taught = course.lessons_of("all")
    assert len(taught) == len(set(taught)) and set(taught) <= set(lessons.names())
    names = [problem_set.name for problem_set in course.sets]
    assert len(set(names)) == len(names) and "all" not in names
    for problem_set in course.sets:
        assert problem_set.title.strip() and problem_set.lessons
        assert problem_set.due == "" or datetime.fromisoformat(problem_set.due)


def assert_travels(course: Course) -> None:
    """What is frozen is strict JSON, and thawed the same course without its hidden seed."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    data = json.loads(freeze(course), parse_constant=refuse)
    thawed = course_from(data, "course.json")
    assert freeze(thawed) == freeze(course)
    assert thawed.points == course.points and thawed.sets == course.sets


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(PLACES), st.none() | st.booleans() | st.floats() | st.text() | st.integers())
def test_a_frozen_course_that_was_tampered_with_is_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], value: Any
) -> None:
    data = copy.deepcopy(BASE)
    put(data, place, value)
    path = tmp_path_factory.getbasetemp() / "course.json"
    path.write_text(json.dumps(data))
    try:
        assert_in_range(thaw(path))
    except SettingsError as error:
        (line,) = str(error).splitlines()
        assert line.startswith("course.json: ") and "run `make casebook`" in line
