"""The JSON Schemas: real outputs are valid, broken ones are refused."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

from autograder.authoring.demo import write_submission
from autograder.authoring.pages import SCHEMA
from autograder.authoring.pages.schema import course_schema
from autograder.classroom.run import grade_class
from autograder.cli import main
from autograder.problem import Layer, Status, Verdict
from autograder.settings import SettingsError, course_from
from tests.classroom.small_class import LESSON, course, lines, options, write_class
from tests.conftest import COURSE_TOML, ROOT
from tests.submissions import REFERENCE

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

SCHEMAS = sorted((ROOT / "docs" / "schemas").glob("*.json"))
BROKEN = "def step_jacobian(next_h, Wh):\n    return np.ones((len(next_h), *Wh.shape))\n"


def schema(name: str) -> Any:
    path = ROOT / "docs" / "schemas" / f"{name}.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def refused(name: str, data: Any) -> bool:
    return not jsonschema.Draft7Validator(schema(name)).is_valid(data)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one(path: Path) -> None:
    jsonschema.Draft7Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_its_words_are_those_of_the_judge() -> None:
    entry = schema("grade")["properties"]["problems"]["items"]["properties"]
    assert entry["status"]["enum"] == [*get_args(Status)]
    finding = entry["verdict"]["properties"]["findings"]["items"]["properties"]
    assert finding["layer"]["enum"] == [*get_args(Layer)]
    assert [*entry["verdict"]["properties"]] == [field.name for field in fields(Verdict)]
    assert (
        schema("record")["properties"]["problems"]["items"]["properties"]["status"]
        == entry["status"]
    )


# ------------------------------------------------------------------------------- what graders write


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, frozen: Path) -> Any:
    """Of a submission in which one function is right, one wrong, one not begun, one broken."""
    folder = tmp_path_factory.mktemp("record")
    text = REFERENCE["rnn"].replace("np.tanh(a)", "a")
    write_submission({**REFERENCE, "rnn": text, "head": "1 +"}, folder / "submission")
    arguments = ["grade", str(folder / "submission"), "--set", "recurrence", "--json"]
    assert main([*arguments, str(folder / "record.json")]) == 0
    return json.loads((folder / "record.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, frozen: Path) -> Path:
    """A class with right work, wrong work, and something that is no submission."""
    folder = tmp_path_factory.mktemp("store")
    source = write_class(folder / "class", 1, {"wrong": f"{REFERENCE[LESSON]}\n\n{BROKEN}"})
    grade_class(options(source, folder / "out"), course(), frozen)
    return folder / "out"


def test_what_grade_writes_is_valid(record: Any) -> None:
    jsonschema.validate(record, schema("record"))
    statuses = {entry["status"] for entry in record["problems"]}
    assert len(statuses) > 1, "else little is tested"


@pytest.mark.parametrize("kind", ["grades", "hand_ins"])
def test_a_line_of_a_store_is_valid(store: Path, kind: str) -> None:
    written = lines(store, kind)
    assert len(written) == 2
    for line in written:
        jsonschema.validate(line, schema(kind.removesuffix("s")))


def test_a_wrong_problem_has_a_verdict_in_the_store(store: Path) -> None:
    """Else the schema of a verdict would be tried on nothing."""
    verdicts = []
    for line in lines(store, "grades"):
        verdicts += [entry["verdict"] for entry in line["problems"] if "verdict" in entry]
    findings = [finding for verdict in verdicts for finding in verdict["findings"]]
    assert any(finding["error_map"] for finding in findings)


def without(key: str) -> Callable[[Any], None]:
    return lambda data: data.pop(key)


def with_(key: str, value: Any) -> Callable[[Any], None]:
    return lambda data: data.__setitem__(key, value)


def of_a_problem(change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda data: change(data["problems"][0])


SPOILED: Mapping[str, Callable[[Any], None]] = {
    "a score that is a text": with_("score", "12"),
    "a score below 0": with_("score", -1),
    "no problems": without("problems"),
    "something unknown": with_("sum", 3),
    "a status that is none": of_a_problem(with_("status", "ok")),
    "an output that is none": of_a_problem(with_("outputs", {"h": "fine"})),
    "a problem without points": of_a_problem(without("max_score")),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_broken_record_is_refused(how: str, record: Any) -> None:
    data = copy.deepcopy(record)
    SPOILED[how](data)
    assert refused("record", data)


@pytest.mark.parametrize("how", [*SPOILED, "no key", "another format"])
def test_a_broken_grade_is_refused(how: str, store: Path) -> None:
    data = lines(store, "grades")[0]
    more = {"no key": without("key"), "another format": with_("format", "class store 0")}
    {**SPOILED, **more}[how](data)
    assert refused("grade", data)


@pytest.mark.parametrize(
    "change",
    [
        without("name"),
        with_("students", [{"nickname": "Ada"}]),
        with_("key", "0"),
        with_("late", 2),
    ],
)
def test_a_broken_hand_in_is_refused(change: Callable[[Any], None], store: Path) -> None:
    data = lines(store, "hand_ins")[0]
    change(data)
    assert refused("hand_in", data)


# -------------------------------------------------------------------------------------- course.toml


def toml(path: Path) -> Any:
    parser = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return parser.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [ROOT / "course.toml", COURSE_TOML], ids=["shipped", "tests"])
def test_the_course_is_valid_and_names_the_schema(path: Path) -> None:
    jsonschema.validate(toml(path), course_schema())
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    assert (path.parent / first.removeprefix("#:schema ")).resolve() == (ROOT / SCHEMA).resolve()


def setting(*places: Any) -> Callable[[Any], None]:
    """A change of the setting at these places to the last of them."""

    def change(data: Any) -> None:
        *way, name, value = places
        for place in way:
            data = data.setdefault(place, {}) if isinstance(place, str) else data[place]
        data[name] = value

    return change


WRONG: Mapping[str, Callable[[Any], None]] = {
    "no name": without("name"),
    "a blank name": setting("name", "  "),
    "no such setting": setting("policy", "second", 3),
    "too many seconds": setting("policy", "seconds", 601),
    "a seed with a point": setting("seed", 1.5),
    "a share above 1": setting("late", {"per_day": 2}),
    "no share": setting("late", {"floor": 0.5}),
    "no such lesson": setting("sets", 0, "lessons", ["rnm"]),
    "no lessons": setting("sets", 0, "lessons", []),
    "two words": setting("sets", 0, "name", "two words"),
    "a date in words": setting("sets", 0, "due", "next Friday"),
    "no such problem": setting("points", "rnn_sideways", 3),
    "no such visibility": setting("policy", "visibility", "seldom"),
    "attempt 0": setting("policy", "diagnosis", "attempt 0"),
    "what is worked out": setting("elsewhere", {"rnn": "recurrence"}),
    "lend as a text": setting("lend", "yes"),
}

RIGHT: Mapping[str, Callable[[Any], None]] = {
    "from attempt 12 on": setting("policy", "diagnosis", "attempt 12"),
    "at once": setting("policy", "diagnosis", 0),
    "a day": setting("sets", 3, "due", "2027-03-31T10:00Z"),
    "an empty date": setting("sets", 3, "due", ""),
    "a date with blanks around it": setting("sets", 3, "due", " 2027-03-31 10:00 +0100 "),
    "late": setting("late", {"per_day": 0.1, "slip_days": 2}),
    "points": setting("points", "rnn_forward", 10),
    "the largest seed": setting("seed", 2**64 - 1),
    "seconds without a point": setting("policy", "seconds", 20),
    "lending": setting("lend", True),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_broken_course_is_refused_by_schema_and_reader(how: str) -> None:
    data = toml(COURSE_TOML)
    WRONG[how](data)
    assert not jsonschema.Draft7Validator(course_schema()).is_valid(data)
    with pytest.raises(SettingsError):
        course_from(data, "course.toml", not_here=("elsewhere",))


@pytest.mark.parametrize("how", RIGHT)
def test_what_the_reader_takes_the_schema_takes(how: str) -> None:
    data = toml(COURSE_TOML)
    RIGHT[how](data)
    course_from(data, "course.toml", not_here=("elsewhere",))
    jsonschema.validate(data, course_schema())
