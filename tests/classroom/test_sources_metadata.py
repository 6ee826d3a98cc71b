"""Gradescope's metadata: what real exports hold, and what may be wrong with one entry of them."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from autograder.classroom.hand_in import HandIn
from autograder.classroom.made_up.archives import packed
from autograder.classroom.people import Student
from autograder.classroom.sources import read_source
from autograder.classroom.sources.metadata import NOT_READ, entries_of
from autograder.classroom.sources.times import as_iso

GOOD = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.edu
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
"""
ALSO_GOOD = """\
submission_3:
  :submitters:
  - :name: Grace Hopper
    :sid: '1906'
  :created_at: 2026-04-27 08:00:00.000000000 Z
"""
ADA = Student("Ada Lovelace", "1815", "ada@example.edu")
GRACE = Student("Grace Hopper", "1906")

WRONG = {
    "a list that does not end": "submission_2:\n  :submitters: [\n",
    "a quote that does not end": 'submission_2:\n  :submitters:\n  - :name: "Bob\n',
    "a colon too many": "submission_2:\n  :submitters: a: b: c\n",
    "nothing but its name": "submission_2:\n",
    "a text": "submission_2: none\n",
    "a number": "submission_2: 12\n",
    "a list": "submission_2:\n- a\n- b\n",
    "submitters that are a text": "submission_2:\n  :submitters: Bob\n",
    "submitters that are a list of texts": "submission_2:\n  :submitters:\n  - Bob\n",
    "a name that is a list": "submission_2:\n  :submitters:\n  - :name: [a, b]\n",
    "a name without end": f"submission_2:\n  :submitters:\n  - :name: {'x' * 5000}\n",
    "an object of Python": "submission_2: !!python/object/apply:os.system ['true']\n",
    "an alias of nothing": "submission_2:\n  :submitters: *nobody\n",
    "an alias of itself": "submission_2: &a\n  :submitters: *a\n  :results: *a\n",
    "wrong indentation": "submission_2:\n  :submitters:\n - :name: Bob\n   :sid: 1\n",
    "binary that is none": "submission_2:\n  :submitters:\n  - :name: !!binary '####'\n",
    "too deep": "submission_2:\n  :submitters: " + "[" * 5000 + "\n",
    "deep, but not too deep to be YAML": "submission_2: " + "[" * 900 + "]" * 900 + "\n",
    "a reserved sign": "submission_2:\n  :submitters: @bob\n",
    "an unknown directive": "submission_2:\n  %X\n",
}


def read(text: str | bytes, tmp_path: Path) -> dict[str, HandIn]:
    content = text if isinstance(text, bytes) else text.encode()
    files = {"e/submission_metadata.yml": content}
    for number in (1, 2, 3):
        files[f"e/submission_{number}/rnn.py"] = b""
    (tmp_path / "e.zip").write_bytes(packed(files))
    imported = read_source(tmp_path / "e.zip")
    said = {one.entry for one in imported.unmatched}
    assert said == {one.name for one in imported.hand_ins if not one.students}
    return {one.name: one for one in imported.hand_ins}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_entry_costs_that_entry_only(what: str, tmp_path: Path) -> None:
    for text in (GOOD + WRONG[what] + ALSO_GOOD, WRONG[what] + GOOD + ALSO_GOOD):
        found = read("---\n" + text, tmp_path)
        assert [*found] == ["submission_1", "submission_2", "submission_3"]
        assert found["submission_1"].students == (ADA,)
        assert found["submission_1"].at == "2026-04-26T17:34:00.861687+00:00"
        assert found["submission_1"].results == {"score": 2.0}
        assert found["submission_2"].students == ()
        assert len(found["submission_2"].files) == 1
        assert found["submission_3"].students == (GRACE,)


BOB = Student("Bob", "007")
WITH_BOB = "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: '007'\n"

MENDED = {
    "tabs": WITH_BOB.replace("    :sid: ", "    :sid:\t"),
    "tabs for indentation": WITH_BOB.replace("  ", "\t"),
    "a control character": WITH_BOB.replace("Bob", "Bob\a"),
    "line ends of Windows": WITH_BOB.replace("\n", "\r\n"),
    "a document of its own": f"---\n{WITH_BOB}...\n---\n",
    "a mark of Ruby's": WITH_BOB.replace(":submitters:", ":submitters: !ruby/array:Array"),
    "quotes about its name": WITH_BOB.replace("submission_2:", "'submission_2':"),
    "a sid as a number with zeros": WITH_BOB.replace("'007'", "007"),
    "keys without Ruby's colons": WITH_BOB.replace(" :", " ").replace("- :", "- "),
    "one submitter without a list": WITH_BOB.replace("- ", "  "),
    "spaces about a name": WITH_BOB.replace("Bob", "'  Bob '"),
    "an empty submitter besides": WITH_BOB + "  - :name:\n    :sid: null\n",
    "a name in base 64": WITH_BOB.replace("Bob", "!binary |-\n      Qm9i"),
    "a byte-order mark": "\N{ZERO WIDTH NO-BREAK SPACE}" + WITH_BOB,
}


@pytest.mark.parametrize("what", MENDED)
def test_what_can_be_read_is_read(what: str, tmp_path: Path) -> None:
    text = MENDED[what]
    marked = text if what == "a byte-order mark" else ""
    found = read(marked or GOOD + text + ALSO_GOOD, tmp_path)
    [bob] = found["submission_2"].students
    assert bob.name.rstrip("\N{REPLACEMENT CHARACTER}") == "Bob"
    assert bob.sid == "007"
    if not marked:
        assert found["submission_3"].students == (GRACE,)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0123", "0123"),
        ("'0123'", "0123"),
        ("123456789", "123456789"),
        ("123456789012345678901234", "123456789012345678901234"),
        ("12_34", "12_34"),
        ("0x1F", "0x1F"),
        ("12:30:45", "12:30:45"),
        ("1e5", "1e5"),
        ("1815.0", "1815"),
        ("2026-04-26", "2026-04-26"),
        ("No", "No"),
        ("yes", "yes"),
        ("<<", "<<"),
        ("=", "="),
        (".inf", ".inf"),
        ("~", ""),
        ("", ""),
    ],
)
def test_a_sid_is_what_is_written(written: str, meant: str) -> None:
    """YAML would make numbers, dates and truth of many of these."""
    text = f"submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: {written}\n"
    [student] = entries_of(text.encode())["submission_1"].students
    assert student == Student("Ada", meant)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_names_are_read_in_whatever_they_are_written(encoding: str) -> None:
    text = "submission_1:\r\n  :submitters:\r\n  - :name: Jürgen Weiß\r\n"
    [student] = entries_of(text.encode(encoding))["submission_1"].students
    assert student.name == "Jürgen Weiß"


def test_one_line_in_another_encoding_costs_no_other() -> None:
    first = "submission_1:\n  :submitters:\n  - :name: Jürgen\n".encode("cp1252")
    second = "submission_2:\n  :submitters:\n  - :name: Ана\n".encode()
    names = [entry.students[0].name for entry in entries_of(first + second).values()]
    assert names == ["Jürgen", "Ана"]


def test_an_alias_into_another_entry_is_followed_though_a_third_is_wrong() -> None:
    first = "submission_1:\n  :submitters: &a\n  - :name: Ada\n"
    wrong = "submission_2:\n  :submitters: [\n"
    third = "submission_3:\n  :submitters: *a\n"
    found = entries_of((first + wrong + third).encode())
    assert found["submission_3"].students == found["submission_1"].students == (Student("Ada"),)
    assert found["submission_2"].whose == NOT_READ


def bomb(line: str, depth: int = 30) -> str:
    lines = ["submission_2:", "  a0: &a0 {x: 1}"]
    for number in range(1, depth):
        before = f"*a{number - 1}"
        lines.append(f"  a{number}: &a{number} " + line.format(before=before, number=number))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "line",
    [
        "[{before}, {before}, {before}, {before}, {before}, {before}, {before}, {before}]",
        "{{x: {before}, y: {before}, z: {before}}}",
        "{{<<: [{before}, {before}, {before}], k{number}: 1}}",
    ],
)
def test_a_bomb_of_aliases_costs_its_entry_only(line: str, tmp_path: Path) -> None:
    found = read(GOOD + bomb(line) + ALSO_GOOD, tmp_path)
    # written out it would take longer than the world has
    assert found["submission_2"].students == ()
    assert found["submission_1"].students == (ADA,) and found["submission_3"].students == (GRACE,)


def test_metadata_may_be_json() -> None:
    data = {"submission_1": {":submitters": [{":name": "Ada", ":sid": 7}], ":score": 1.5}}
    for text in (json.dumps(data), json.dumps(data, indent=2)):
        [entry] = entries_of(text.encode()).values()
        assert entry.students == (Student("Ada", "7"),) and entry.results == {"score": 1.5}


def test_little_of_large_metadata_is_in_memory_at_once() -> None:
    """Of all nodes at once there would be a hundred times as much as of one entry's."""
    tests = json.dumps([{"name": f"Problem {number}", "score": 1.5} for number in range(20)])
    entry = "submission_1{}:\n  :submitters: []\n  :results: {{tests: {}}}\n"
    content = "".join(entry.format(number, tests) for number in range(100)).encode()
    for wrong in (b"", WRONG["a quote that does not end"].encode()):
        tracemalloc.start()
        found = entries_of(content + wrong)
        peak = tracemalloc.get_traced_memory()[1]
        kept = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(found) == 100 + bool(wrong)
        assert peak - kept < 4 * len(content)


def test_an_entry_that_comes_twice_is_said(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "submission_metadata.yml").write_text(GOOD + ALSO_GOOD + GOOD)
    imported = read_source(tmp_path / "e")
    assert any("has it twice" in remark for remark in imported.remarks)
    assert len(imported.hand_ins) == 2


def test_metadata_that_are_no_yaml_at_all_cost_no_submission(tmp_path: Path) -> None:
    for text in (b"", b"\0\1\2", b"<html>", b"- a\n- b\n", b"just words", b"[" * 100_000):
        found = read(text, tmp_path)
        assert [*found] == ["submission_1", "submission_2", "submission_3"]
        assert all(len(hand_in.files) == 1 for hand_in in found.values())


def test_a_time_that_is_none_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    wrong = GOOD.replace("2026-04-26 17:34:00.861687000 Z", "2026-13-45 99:00:00 Z")
    (tmp_path / "e" / "submission_metadata.yml").write_text(wrong)
    imported = read_source(tmp_path / "e")
    [hand_in] = imported.hand_ins
    assert hand_in.students == (ADA,) and hand_in.at == ""
    assert imported.remarks == (
        "submission_1: its time cannot be read, so nobody knows whether it is late",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-04-26 17:34:00.861687000 Z", "2026-04-26T17:34:00.861687+00:00"),
        ("2026-04-26 17:34:00.861687 UTC", "2026-04-26T17:34:00.861687+00:00"),
        ("2026-04-26T17:34:00-07:00", "2026-04-26T17:34:00-07:00"),
        ("2026-04-26 17:34:00 -0700", "2026-04-26T17:34:00-07:00"),
        ("2026-04-26 17:34:00.5 +5:30", "2026-04-26T17:34:00.500000+05:30"),
        ("2026-04-26 17:34:00", "2026-04-26T17:34:00+00:00"),
        ("2026-04-26 17:34", "2026-04-26T17:34:00+00:00"),
        ("2026-04-26", "2026-04-26T00:00:00+00:00"),
        ("2024-02-29 00:00:00 Z", "2024-02-29T00:00:00+00:00"),
        ("2023-02-29 00:00:00 Z", ""),
        ("yesterday", ""),
        ("2026-04-26 17:34:00 +99:00", ""),
        ("2026-04-26 25:00:00 Z", ""),
        ("0000-01-01 00:00:00 Z", ""),
        ("", ""),
    ],
)
def test_a_time_is_read_with_its_zone(written: str, meant: str) -> None:
    assert as_iso(written) == meant
