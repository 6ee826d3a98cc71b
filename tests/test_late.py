"""Late work: Gradescope's own dates, what they cost, and files that say nothing of use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.judge import not_run
from autograder.report import gradescope, late, start
from autograder.report.late import lateness
from autograder.report.results import Results
from autograder.settings import Late, SettingsError, course_from, freeze, load_course, thaw
from tests.conftest import COURSE_TOML

COURSE = load_course(COURSE_TOML).only("recurrence")
RULES = Late(per_day=0.1, grace_minutes=15, most_days=3)
NOTHING = Late(per_day=0.0)
DUE = "2027-02-05T23:59:00.000000-05:00"


def metadata(handed_in: str, *own: str | None, due: str | None = DUE) -> dict[str, Any]:
    """Gradescope's file. own: the due date of each member of the group, if there is one."""
    users = []
    for number, date in enumerate(own):
        dates = {"release_date": None, "due_date": date, "late_due_date": None}
        users.append({"id": number, "email": "a@b.c", "assignment": dates})
    return {
        "id": 1,
        "created_at": handed_in,
        "assignment": {"due_date": due, "late_due_date": None, "total_points": "100.0"},
        "users": users,
        "previous_submissions": [],
    }


def written(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / start.METADATA
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("handed_in", "own", "days", "lost"),
    [
        ("2027-02-01T00:00:00-05:00", (), 0, 0.0),
        ("2027-02-05T23:59:00-05:00", (), 0, 0.0),
        ("2027-02-06T00:14:00-05:00", (), 0, 0.0),  # the last minute of the grace
        ("2027-02-06T00:14:01-05:00", (), 1, 0.1),
        ("2027-02-06T05:14:00Z", (), 0, 0.0),  # the same moment, by another clock
        ("2027-02-07T00:14:00-05:00", (), 1, 0.1),
        ("2027-02-07T00:15:00-05:00", (), 2, 0.2),
        ("2027-02-08T12:00:00-05:00", (), 3, 0.3),
        ("2027-02-09T12:00:00-05:00", (), 4, 1.0),  # later than most_days
        ("2027-02-08T12:00:00-05:00", ("2027-02-10T00:00:00-05:00",), 0, 0.0),  # an extension
        ("2027-02-08T12:00:00-05:00", (DUE, "2027-02-08T00:00:00-05:00"), 1, 0.1),
        ("2027-02-08T12:00:00-05:00", (None,), 3, 0.3),
    ],
)
def test_begun_days_after_the_grace_cost_their_share(
    handed_in: str, own: tuple[str | None, ...], days: int, lost: float, tmp_path: Path
) -> None:
    found = lateness(RULES, written(tmp_path, metadata(handed_in, *own)))
    assert found is not None and (found.days, found.lost) == (days, pytest.approx(lost))
    assert found.score(80.0) == pytest.approx(80.0 * (1 - lost))
    assert bool(found.sentence) == (lost > 0)
    assert handed_in[:10] in found.why


def test_nobody_loses_more_than_the_floor_leaves() -> None:
    kind = Late(per_day=0.3, most_days=2, floor=0.5)
    assert [kind.lost(days) for days in range(5)] == [0.0, 0.3, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[1]",
        "{",
        "\x00",
        {},
        {"created_at": None, "assignment": {"due_date": DUE}},
        {"created_at": "yesterday", "assignment": {"due_date": DUE}},
        {"created_at": "2027-02-08T12:00:00", "assignment": {"due_date": DUE}},  # no zone
        {"created_at": "2027-02-08T12:00:00-05:00"},
        {"created_at": "2027-02-08T12:00:00-05:00", "assignment": None},
        {"created_at": "2027-02-08T12:00:00-05:00", "assignment": {"due_date": 5}},
        {"created_at": "2027-02-08T12:00:00-05:00", "users": [7], "assignment": {"due_date": DUE}},
        {"created_at": "2027-02-08T12:00:00-05:00", "assignment": {"due_date": None}},
    ],
)
def test_what_cannot_be_understood_costs_nothing_and_staff_are_told(
    content: Any, tmp_path: Path
) -> None:
    found = lateness(RULES, written(tmp_path, content))
    assert found is not None and found.lost == 0 and found.why.endswith("no penalty")


def test_no_file_costs_nothing_and_no_table_says_nothing(tmp_path: Path) -> None:
    found = lateness(RULES, tmp_path / start.METADATA)
    assert found is not None and found.lost == 0 and "there is no submission_meta" in found.why
    assert lateness(NOTHING, written(tmp_path, metadata("2027-02-08T12:00:00-05:00"))) is None


# --------------------------------------------------------------------------------- from end to end


def test_the_table_reaches_the_results_and_the_tests_stay_raw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    (frozen / "course.json").write_text(freeze(replace(COURSE, late=RULES)))
    written(tmp_path, metadata("2027-02-06T12:00:00-05:00"))
    seen = []

    def fake(
        results: Results, submission: Path, course: Any, books: Any, late: Any, *others: Any
    ) -> None:
        seen.append((course.late, late.days))
        decide = lambda problem: not_run(problem, course.points_of(problem), "todo", "no")  # noqa: E731
        gradescope.run_tests(results, course, decide, late=late)

    monkeypatch.setattr(gradescope, "grade_into", fake)
    assert start.run(tmp_path, frozen) == 0
    assert seen == [(RULES, 1)]
    data = json.loads((tmp_path / "results" / "results.json").read_text())
    assert data["extra_data"]["late"]["days"] == 1 and data["score"] == 0


def test_a_course_keeps_its_rules_when_it_is_frozen(tmp_path: Path) -> None:
    for rules in (RULES, NOTHING):
        course = replace(COURSE, late=rules)
        (tmp_path / "course.json").write_text(freeze(course))
        assert thaw(tmp_path / "course.json").late == rules


def test_a_mistake_in_the_table_is_named() -> None:
    sets = [{"name": "a", "title": "A", "lessons": ["rnn"]}]
    data = {"name": "n", "term": "t", "seed": 1, "sets": sets}
    assert course_from(data | {"late": {"per_day": 0.2}}, "course.toml").late == Late(0.2)
    assert course_from(data, "course.toml").late == NOTHING
    with pytest.raises(SettingsError, match=r"late\.per_day is missing"):
        course_from(data | {"late": {"grace_minutes": 5}}, "course.toml")
    with pytest.raises(SettingsError, match=r"late\.per_weak is not a setting"):
        course_from(data | {"late": {"per_weak": 0.2}}, "course.toml")
    for wrong in ("ten", -0.1, 1.5, True):
        with pytest.raises(SettingsError, match=r"late\.per_day should be a number from 0 to 1"):
            course_from(data | {"late": {"per_day": wrong}}, "course.toml")


def test_the_file_has_the_name_that_gradescope_gives_it() -> None:
    assert start.METADATA == "submission_metadata.json" and late.lateness is lateness
