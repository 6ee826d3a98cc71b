"""The autograder zip as Gradescope uses it, and results.json at every moment of its life."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.authoring.handout.readme import problem_rows
from autograder.authoring.handout.stubs import tasks
from autograder.authoring.rehearse import summary
from autograder.casebook import Casebook
from autograder.errors import OURS
from autograder.grade import course_lessons, course_problems
from autograder.numbers import task_numbers
from autograder.problem import Finding, Problem, Verdict
from autograder.report import gradescope, start
from autograder.report.for_student import UNNAMED, output
from autograder.report.results import Results
from autograder.report.told import NOT_SHOWN
from autograder.settings import ProblemSet, load_course
from tests.conftest import COURSE_TOML, LONGEST
from tests.submissions import REFERENCE, submission

COURSE = load_course(COURSE_TOML).only("recurrence")
TEST_KEYS = {
    "name": str,
    "number": str,
    "score": float,
    "max_score": float,
    "status": str,
    "output": str,
    "output_format": str,
    "visibility": str,
    "tags": list,
    "extra_data": dict,
}


def validate(path: Path) -> dict[str, Any]:
    """Gradescope's format, as its specification states it."""
    data: dict[str, Any] = json.loads(path.read_text())
    assert "score" in data or data.get("tests"), "either a total or tests"
    assert isinstance(data.get("score", 0.0), (int, float))
    assert isinstance(data.get("execution_time", 0.0), (int, float))
    for test in data.get("tests", []):
        for key, value in test.items():
            assert isinstance(value, TEST_KEYS[key]), f"{key} is {value!r}"
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in ("passed", "failed")
        assert test["visibility"] in ("visible", "hidden", "after_due_date", "after_published")
        assert test["output_format"] in ("text", "html", "simple_format", "md", "ansi")
    assert data.get("stdout_visibility", "hidden") == "hidden"
    return data


@pytest.fixture
def tree(zips: dict[str, Path], tmp_path: Path) -> Path:
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    (root / "results").mkdir()
    with zipfile.ZipFile(zips["autograder"]) as archive:
        archive.extractall(root / "source")
    return root


def run(root: Path) -> dict[str, Any]:
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_VENV": sys.prefix}
    command = ["bash", str(root / "source" / "run_autograder"), "--root", str(root)]
    done = subprocess.run(
        command, env=environment, cwd=root, capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0, done.stderr
    return validate(root / "results" / "results.json")


def scores(data: dict[str, Any]) -> dict[str, float]:
    return {test["name"].split(":")[0]: test["score"] for test in data["tests"]}


def test_a_perfect_submission_gets_all_points_in_order(tree: Path) -> None:
    shutil.rmtree(tree / "submission")
    submission(tree / "submission")
    data = run(tree)
    assert list(scores(data)) == [problem.name for problem in course_problems(COURSE)]
    assert data["score"] == 100
    assert [test["number"] for test in data["tests"]][:3] == ["1.1", "1.2", "1.3"]
    assert "hidden: right on all" in data["tests"][0]["extra_data"]["text"]
    assert data["output"].endswith("Everything is right.\n") and data["output_format"] == "md"


def test_staff_are_told_what_protected_the_grader_and_students_are_not(tree: Path) -> None:
    data = run(tree)
    layers = data["extra_data"]["layers"]
    assert layers["a process for each problem"].startswith("yes")
    for layer in ("another user", "the judge's files", "file fence", "system calls", "limits"):
        assert layer in layers
    assert not any("another user" in test["output"] for test in data["tests"])


def test_protection_that_cannot_be_measured_costs_no_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(gradescope, "layers", broken)
    assert gradescope.protection() == {"layers": "could not be measured: OSError"}


def test_a_loop_a_crash_and_a_syntax_error_cost_only_their_own(tree: Path) -> None:
    shutil.rmtree(tree / "submission")
    course = tree / "source" / "autograder" / "frozen" / "course.json"
    course.write_text(course.read_text().replace('"seconds": 10.0', '"seconds": 1.0'))
    bodies = {
        "rnn.rnn_backward": "while True: pass",
        "rnn.last_hidden": "import faulthandler; faulthandler._sigsegv()",
    }
    submission(tree / "submission", bodies, files={"head": "def oops(:\n"})
    data = run(tree)
    lost = {name for name, score in scores(data).items() if score == 0}
    head = {problem.name for problem in lessons.lesson("head").problems}
    assert lost == {"rnn_backward", "last_hidden", "last_hidden_backward"} | head
    outputs = {test["name"].split(":")[0]: test["output"] for test in data["tests"]}
    assert "stopped after 1 s" in outputs["rnn_backward"]
    assert "SIGSEGV" in outputs["last_hidden"]
    assert "head.py, line 1" in outputs[min(head)]


def test_an_empty_submission_and_one_that_is_none_have_every_problem(tree: Path) -> None:
    data = run(tree)
    assert len(data["tests"]) == len(scores(data)) > 10
    assert data["score"] == 0
    assert "rnn.py is missing from the submission" in data["tests"][0]["output"]
    shutil.rmtree(tree / "submission")
    data = run(tree)
    assert "neither a folder nor a zip" in data["tests"][0]["output"]
    assert "neither a folder nor a zip" in data["output"].split("#### Points")[0]


# ------------------------------------------------------------------------- the life of results.json


def verdict_on(problem: Problem) -> Verdict:
    return Verdict(
        problem.name,
        problem.lesson,
        problem.title,
        "partial",
        score=1.0,
        max_score=COURSE.points_of(problem),
        findings=(
            Finding("values", "something"),
            Finding("hidden", "wrong on 1 of 3 hidden cases"),
        ),
        diagnosis="x.y",
        hints=("one", "two"),
    )


def test_results_are_valid_and_complete_after_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    seen = []

    def decide(problem: Problem) -> Verdict:
        if seen:
            data = validate(path)
            assert len(data["tests"]) == len(course_problems(COURSE))
            assert data["score"] == len(seen), "what is decided counts, what is not is 0 so far"
            assert gradescope.UNFINISHED in data["tests"][-1]["output"]
        seen.append(problem.name)
        return verdict_on(problem)

    gradescope.run_tests(Results(path), COURSE, decide)
    assert validate(path)["score"] == len(seen)


def test_two_runs_in_one_process_do_not_share_scores(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    gradescope.run_tests(Results(path), COURSE, verdict_on)
    first = validate(path)
    gradescope.run_tests(Results(path), COURSE, verdict_on)
    assert validate(path)["tests"] == first["tests"]


def test_our_own_crash_is_ours_and_costs_one_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.json"

    def decide(problem: Problem) -> Verdict:
        if problem.name == "rnn_forward":
            raise KeyError("a bug of ours, with a /secret/path")
        return verdict_on(problem)

    gradescope.run_tests(Results(path), COURSE, decide)
    data = validate(path)
    crashed = next(test for test in data["tests"] if test["name"].startswith("rnn_forward"))
    assert crashed["score"] == 0 and "not your fault" in crashed["output"]
    assert "secret" not in path.read_text()
    assert sum(test["score"] == 1 for test in data["tests"]) == len(data["tests"]) - 1


def test_there_is_a_result_before_anything_runs_and_after_the_grader_breaks(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    assert start.run(tmp_path, tmp_path / "no-casebook") == 1
    data = validate(tmp_path / "results" / "results.json")
    assert data["score"] == 0 and data["output"] == OURS


def test_the_settings_say_what_is_told_of_hidden_cases() -> None:
    problem = lessons.find("rnn_forward")
    silent = replace(COURSE, policy=replace(COURSE.policy, hidden_cases="none", hints=2))
    assert "hidden" in output(verdict_on(problem), COURSE.policy)
    told = output(verdict_on(problem), silent.policy)
    assert "hidden" not in told and "hint 2/2: two" in told
    assert told.startswith("◐ partly\n") and NOT_SHOWN in told


MUT_ALONE = ProblemSet("mut", "MUT", ("mut", "stacked"))
"""Lessons of which one shares its number, 6, with a lesson that this course does not teach."""


@pytest.mark.parametrize("which", ["recurrence", "gates", "words", "captions", "all", "mut"])
def test_the_numbers_are_those_of_the_stubs_and_have_no_gaps_within_a_lesson(
    which: str, tmp_path: Path
) -> None:
    course = load_course(COURSE_TOML)
    course = replace(course, sets=(*course.sets, MUT_ALONE)) if which == "mut" else course
    course = course.only(which)
    gradescope.run_tests(Results(tmp_path / "results.json"), course, verdict_on)
    shown = {}
    places: dict[int, list[int]] = {}
    for test in validate(tmp_path / "results.json")["tests"]:
        shown[test["name"].split(":")[0]] = test["number"]
        lesson, place = map(int, test["number"].split("."))
        places.setdefault(lesson, []).append(place)
    for found in places.values():
        assert found == list(range(1, len(found) + 1))

    for lesson_taught in course_lessons(course):
        rows = problem_rows(lesson_taught, course, REFERENCE[lesson_taught.name])
        numbers = [shown[problem.name] for problem in lesson_taught.problems]
        assert [row[0] for row in rows] == numbers, "the README's"
        told = " ".join(tasks(lesson_taught, course, task_numbers(course)).values())
        assert numbers[0] in told and numbers[-1] in told, "the stubs'"


def test_what_only_staff_may_see_of_cases_is_nowhere_in_the_results(tree: Path) -> None:
    shutil.rmtree(tree / "submission")
    slip = {"rnn": REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")}
    submission(tree / "submission", files=slip)
    data = run(tree)
    content = json.dumps(data)
    book = Casebook(tree / "source" / "autograder" / "frozen" / "hidden", hidden=True)
    public = Casebook(tree / "source" / "autograder" / "frozen" / "public")
    for problem in course_problems(COURSE):
        shown = {case.name for case in public.lesson(problem.lesson).cases_of(problem)}
        for case in book.lesson(problem.lesson).cases_of(problem):
            assert case.name in shown or f"case {case.name}" not in content
    kept = {test["extra_data"]["problem"]: test["extra_data"] for test in data["tests"]}
    assert kept["rnn_step_backward"]["diagnosis"] == "rnn_step_backward.dWh_transposed"
    assert kept["rnn_step_backward"]["outputs"]["dWh"] == {"state": "wrong", "points": 0.0}
    assert kept["rnn_backward"]["carried_from"] == "rnn_step_backward"
    assert f"`rnn_step_backward`: {UNNAMED} (`rnn_backward`" in data["output"]
    assert "dWh is transposed" not in content, "the course names mistakes after the last hint"


def test_late_work_loses_its_share_by_gradescopes_own_dates(tree: Path) -> None:
    shutil.rmtree(tree / "submission")
    submission(tree / "submission")
    course = tree / "source" / "autograder" / "frozen" / "course.json"
    table = {"per_day": 0.1, "grace_minutes": 15, "most_days": 3, "floor": 0.0}
    course.write_text(json.dumps(json.loads(course.read_text()) | {"late": table}))
    due = {"due_date": "2027-02-05T23:59:00-05:00"}
    handed_in = {"created_at": "2027-02-06T12:00:00-05:00", "assignment": due, "users": []}
    (tree / "submission_metadata.json").write_text(json.dumps(handed_in))
    data = run(tree)
    assert data["score"] == 90 and sum(test["score"] for test in data["tests"]) == 100
    assert "1 day late: −10 %: raw 100 of 100, with the penalty 90." in data["output"]


def test_a_mistake_is_named_from_the_submission_on_that_the_course_says(tree: Path) -> None:
    shutil.rmtree(tree / "submission")
    slip = {"rnn": REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")}
    submission(tree / "submission", files=slip)
    path = tree / "source" / "autograder" / "frozen" / "course.json"
    course = json.loads(path.read_text())
    course["policy"]["diagnosis"] = "attempt 2"
    path.write_text(json.dumps(course))
    named = "your dWh is what comes out when dWh is transposed"
    for earlier in (0, 1):
        metadata = {"previous_submissions": [{"score": "1.0"}] * earlier}
        (tree / "submission_metadata.json").write_text(json.dumps(metadata))
        data = run(tree)
        outputs = {test["name"].split(":")[0]: test["output"] for test in data["tests"]}
        said = outputs["rnn_step_backward"]
        assert (named in said) == (earlier == 1)
        assert ("it is named from submission 2 on" in said) == (earlier == 0)
        assert ("dWh is transposed" in data["output"]) == (earlier == 1)


def test_a_rehearsal_counts_as_passed_what_the_student_is_told_has_passed(tmp_path: Path) -> None:
    """A problem that is carried has all its points, and is not counted: nor is one to come."""
    told = [{"extra_data": {"status": "passed"}}, {"extra_data": {"status": "partial"}}, {}]
    tests = [{"score": 3.0, "max_score": 3.0, **test} for test in told]
    results = tmp_path / "results.json"
    results.write_text(json.dumps({"score": 9.0, "tests": tests}), encoding="utf-8")
    assert summary(results) == "9 of 9 points, 1 of 3 problems passed"
