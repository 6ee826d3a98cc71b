"""Two gradings of a class side by side: whose score moves, by which problem, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.classroom.compare.data import as_data
from autograder.classroom.compare.moves import (
    ABSENT,
    OTHER_CASES,
    OTHER_FILES,
    OTHER_GRADER,
    OTHER_SUBMISSION,
    SAME,
    UNKNOWN,
    Comparison,
    Pair,
    by_problem,
    compared,
)
from autograder.classroom.compare.sides import of_export, of_store
from autograder.classroom.hand_in import HandIn
from autograder.classroom.people import Student
from autograder.classroom.store import StoreError
from autograder.cli import main
from autograder.judge import not_run
from autograder.problem import Problem, Verdict
from autograder.report import gradescope
from autograder.report.results import Results
from autograder.settings import Late
from tests.classroom import made_up_store
from tests.classroom.made_up_store import ADA, ALAN, EDSGER, GRACE, MadeUpStore, wrong

COURSE = made_up_store.tests_course()
SET = "recurrence"
SOME = ("rnn_step_forward", "rnn_forward", "last_hidden")


@pytest.fixture
def stores(tmp_path: Path) -> tuple[MadeUpStore, MadeUpStore]:
    return MadeUpStore(tmp_path / "old"), MadeUpStore(tmp_path / "new", grader="another")


def between(old: MadeUpStore, new: MadeUpStore) -> Comparison:
    sides = (of_store(made.store, COURSE, SET) for made in (old, new))
    return compared(*sides, SET)


def only(found: Comparison) -> Pair:
    (pair,) = found.pairs
    return pair


# ----------------------------------------------------------------------------- between two stores


def test_a_store_is_like_itself(stores: tuple[MadeUpStore, MadeUpStore]) -> None:
    old, _ = stores
    old.hand_in(ADA, rnn_forward="failed")
    old.hand_in(ALAN, GRACE)
    found = between(old, old)
    assert not found.anyone_loses and not found.moved and len(found.pairs) == 2
    assert set(found.matrix) == {("passed", "passed"), ("failed", "failed")}
    assert all(pair.reasons == () for pair in found.pairs)


def test_who_loses_comes_first_and_a_group_counts_once(
    stores: tuple[MadeUpStore, MadeUpStore],
) -> None:
    old, new = stores
    old.hand_in(EDSGER, rnn_forward="failed")
    new.hand_in(EDSGER)
    old.hand_in(ALAN, GRACE)
    new.hand_in(ALAN, GRACE, rnn_forward=wrong("rnn_forward", diagnosis="no_tanh"))
    found = between(old, new)
    down, up = found.moved
    assert down.students == (ALAN, GRACE) and up.students == (EDSGER,)
    assert down.by == -up.by < 0 and found.anyone_loses
    (move,) = down.problems
    assert move.new is not None and move.new.diagnosis == "rnn_forward.no_tanh"
    assert (move.problem, move.kind, move.by) == ("rnn_forward", "score", down.by)
    assert found.matrix["passed", "failed"] == found.matrix["failed", "passed"] == 1
    (by,) = by_problem(found)
    assert (by.problem, by.gain, by.lose, by.points) == ("rnn_forward", 1, 1, 0)


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, (SAME,)),
        ({"files": "b"}, (OTHER_FILES,)),
        ({"casebook": "b"}, (OTHER_CASES,)),
        ({"grader": "b"}, (OTHER_GRADER,)),
        ({"files": "b", "grader": "b"}, (OTHER_FILES, OTHER_GRADER)),
    ],
)
def test_the_reasons_are_what_the_keys_tell(
    tmp_path: Path, change: Mapping[str, str], reasons: tuple[str, ...]
) -> None:
    made = [MadeUpStore(tmp_path / name) for name in ("old", "new")]
    made[0].hand_in(ADA, name="one")
    handed_in = made[1].hand_in(ADA, name="one", rnn_forward="failed")
    assert handed_in.key is not None
    key = replace(handed_in.key, **change)
    row = made[1].row("one", rnn_forward="failed") | {"key": key.as_data()}
    made[1].write(replace(handed_in, key=key), row)
    assert only(between(*made)).reasons == reasons


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        (wrong("rnn_forward"), wrong("rnn_forward", "error"), "status"),
        (wrong("rnn_forward"), wrong("rnn_forward", diagnosis="no_tanh"), "diagnosis"),
        (
            wrong("rnn_forward", carried_from="rnn_step_forward"),
            wrong("rnn_forward", carried_from="last_hidden"),
            "carried",
        ),
        (wrong("rnn_forward"), wrong("rnn_forward") | {"max_score": 3.0}, "worth"),
    ],
)
def test_what_costs_nothing_is_told_but_moves_no_score(
    stores: tuple[MadeUpStore, MadeUpStore], then: Any, now: Any, kind: str
) -> None:
    old, new = stores
    old.hand_in(ADA, rnn_forward=then)
    new.hand_in(ADA, rnn_forward=now)
    found = between(old, new)
    assert [move.kind for move in only(found).problems] == [kind]
    assert not found.moved and not found.anyone_loses and not by_problem(found)


def test_points_that_only_change_places_are_a_move(
    stores: tuple[MadeUpStore, MadeUpStore],
) -> None:
    old, new = stores
    old.hand_in(ADA, rnn_forward=wrong("rnn_forward", "partial", share=0.25))
    new.hand_in(ADA, rnn_backward=wrong("rnn_backward", "partial", share=0.5))
    pair = only(between(old, new))
    assert {move.problem: move.by for move in pair.problems} == {
        "rnn_forward": 6,
        "rnn_backward": -6,
    }
    assert pair.by == 0 and pair.moves and not between(old, new).anyone_loses


def test_who_is_in_one_of_the_two_is_listed(stores: tuple[MadeUpStore, MadeUpStore]) -> None:
    old, new = stores
    for made in stores:
        made.hand_in(ADA, name="ada")
    old.hand_in(ALAN)
    new.hand_in(GRACE)
    found = between(old, new)
    assert [student for student, _ in found.only_old] == [ALAN]
    assert [student for student, _ in found.only_new] == [GRACE]
    assert found.anyone_loses  # Alan had points, and has none
    assert not between(new, new).anyone_loses


def test_a_group_that_has_split_is_compared_student_by_student(
    stores: tuple[MadeUpStore, MadeUpStore],
) -> None:
    old, new = stores
    old.hand_in(ADA, ALAN, name="both")
    new.hand_in(ADA, name="hers")
    new.hand_in(ALAN, name="his", rnn_forward="failed")
    found = between(old, new)
    assert {pair.students: pair.by for pair in found.pairs} == {(ADA,): 0, (ALAN,): -8}


def test_students_are_matched_by_whatever_both_sides_know(
    stores: tuple[MadeUpStore, MadeUpStore],
) -> None:
    old, new = stores
    old.hand_in(Student("Ada Lovelace", email="ADA@example.edu"))
    new.hand_in(ADA)
    found = between(old, new)
    assert only(found).students == (ADA,) and not found.only_old and not found.only_new


def test_what_could_not_be_graded_says_so(stores: tuple[MadeUpStore, MadeUpStore]) -> None:
    old, new = stores
    old.hand_in(ADA, name="one")
    new.not_graded(ADA, why="the judge died on it twice")
    found = between(old, new)
    assert only(found).by == -100 and found.anyone_loses
    assert only(found).reasons == ("it could not be graded now: the judge died on it twice",)
    assert set(found.matrix) == {("passed", ABSENT)}
    new.unreadable(GRACE)
    old.hand_in(GRACE)
    reasons = {pair.students: pair.reasons for pair in between(old, new).pairs}
    why = "it could not be graded now: there is no Python file in it"
    assert reasons[(GRACE,)] == (why,)  # whose key says nothing of the files


@pytest.mark.parametrize("which", ["old", "new"])
def test_what_is_not_graded_yet_is_no_loss_and_no_gain(
    stores: tuple[MadeUpStore, MadeUpStore], which: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for made in stores:
        made.hand_in(GRACE, name="hers")
        if made.folder.name == which:
            made.not_graded_yet(ADA)
        else:
            made.hand_in(ADA, name="one")
    found = between(*stores)
    assert only(found).students == (GRACE,) and not found.anyone_loses and not found.moved
    assert ADA not in [student for student, _ in (*found.only_old, *found.only_new)]
    assert as_data(found)[which]["not_graded_yet"] != []
    assert run(stores[0].folder, stores[1].folder) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"1 submission is not graded yet, and is not compared, in the {which}, {which}" in said
    assert "could not be graded" not in said


def test_a_comparison_speaks_as_the_report_does(
    stores: tuple[MadeUpStore, MadeUpStore], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = stores
    old.hand_in(
        ADA,
        name="one",
        rnn_forward="timeout",
        rnn_backward="error",
        last_hidden=wrong("last_hidden"),
        temporal_affine_forward="todo",
    )
    new.hand_in(
        ADA,
        name="one",
        rnn_forward="failed",
        rnn_backward=wrong("rnn_backward", carried_from="rnn_step_forward"),
        last_hidden=wrong("last_hidden", "partial", diagnosis="off_by_one"),
    )
    run(old.folder, new.folder)
    said = capsys.readouterr().out
    words = set(re.findall(r"[a-z]+", said))
    assert not words & {"passed", "partial", "failed", "error", "timeout", "todo", "nothing"}
    said = " ".join(said.split())
    for told in (
        "too slow → wrong",
        "mistake: not named → last_hidden.off_by_one",
        "follows from: no earlier mistake → rnn_step_forward",
        "to do → right",
    ):
        assert told in said


def test_final_points_are_told_apart_from_those_that_were_earned(
    stores: tuple[MadeUpStore, MadeUpStore],
) -> None:
    old, new = stores
    for made in stores:
        made.hand_in(ADA, late=True, name="one")
    (new.folder / "extensions.csv").write_text("student,due\nada,2027-02-08\n")
    late = replace(COURSE, late=Late(per_day=0.1))
    found = compared(of_store(old.store, late, SET), of_store(new.store, late, SET), SET)
    assert only(found).by == 0 and not found.anyone_loses
    assert only(found).finals == {ADA.key: (90.0, 100.0)}


# --------------------------------------------------------------------------- a Gradescope export


def results_of(tmp_path: Path, *failing: str) -> dict[str, Any]:
    """What our own autograder wrote there; these problems stay as in the stub."""
    path = tmp_path / "results.json"

    def decide(problem: Problem) -> Verdict:
        points = COURSE.points_of(problem)
        if problem.name in failing:
            return not_run(problem, points, "todo", "still to do")
        outputs = {tensor.name: "right" for tensor in problem.outputs}
        return Verdict(
            problem.name, problem.lesson, problem.title, "passed", points, points, outputs, ()
        )

    gradescope.run_tests(Results(path), COURSE.only(SET), decide)
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def exported(*hand_ins: HandIn) -> Any:
    return of_export("export.zip", hand_ins, COURSE, SET)


def test_the_results_in_an_export_are_read_as_our_autograder_wrote_them(
    tmp_path: Path, stores: tuple[MadeUpStore, MadeUpStore]
) -> None:
    _, new = stores
    new.hand_in(ADA, name="submission_1", rnn_forward="failed")
    results = results_of(tmp_path, "last_hidden")
    old = exported(HandIn("submission_1", (ADA,), (), results=results))
    assert not old.by_points and old.graded[0].score == results["score"]
    found = compared(old, of_store(new.store, COURSE, SET), SET)
    moves = {move.problem: move for move in only(found).problems}
    assert set(moves) == {"rnn_forward", "last_hidden"}
    assert moves["last_hidden"].old is not None and moves["last_hidden"].old.status == "todo"
    assert found.matrix["todo", "passed"] == found.matrix["passed", "failed"] == 1
    assert only(found).reasons == (UNKNOWN,)


def test_where_an_export_knows_only_points_both_sides_go_by_them(
    tmp_path: Path, stores: tuple[MadeUpStore, MadeUpStore]
) -> None:
    _, new = stores
    new.hand_in(ADA, name="submission_2", last_hidden="error")
    results = results_of(tmp_path, "last_hidden")
    for test in results["tests"]:
        del test["extra_data"]
    old = exported(HandIn("submission_1", (ADA,), (), results=results))
    found = compared(old, of_store(new.store, COURSE, SET), SET)
    assert old.by_points and only(found).problems == ()
    assert set(found.matrix) == {("passed", "passed"), ("failed", "failed")}
    new.hand_in(ADA, name="submission_2", rnn_forward="failed")
    found = compared(old, of_store(new.store, COURSE, SET), SET)
    assert only(found).reasons == (OTHER_SUBMISSION,)


@pytest.mark.parametrize(
    "results",
    [
        None,
        {},
        {"tests": None},
        {"tests": "no"},
        {"tests": [None, 3, {}, {"name": None}, {"name": "rnn_forward2: x", "score": 5}]},
    ],
)
def test_results_that_say_nothing_are_no_grade(results: Any) -> None:
    (graded,) = exported(HandIn("submission_1", (), (), results=results)).graded
    assert (graded.marks, graded.score) == ({}, 0)
    assert graded.error == "there are no results of it in the export"
    assert graded.students == (Student(login="submission_1"),)


def test_odd_numbers_are_nothing_and_strange_tests_are_named() -> None:
    tests = [
        {"name": "rnn_forward: x", "score": "many", "max_score": None},
        {"name": "style"},
        {"score": 1},
    ]
    side = exported(HandIn("s", (ADA,), (), results={"tests": tests}))
    assert side.graded[0].score == 0
    assert side.remarks == (
        "tests in export.zip that are no problem of recurrence do not count: a test without a name "
        "and style",
    )


# ------------------------------------------------------------------------------------- the verb


def run(*arguments: object) -> int:
    return main(["class", "compare", *map(str, arguments)])


def test_the_verb_prints_the_tables_and_writes_all_of_it(
    stores: tuple[MadeUpStore, MadeUpStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = stores
    for made, status in zip(stores, ("passed", "failed"), strict=True):
        made.hand_in(Student("[red]Ada", sid="1"), rnn_forward=status)
        made.hand_in(ALAN)
    told = tmp_path / "told.json"
    assert run(old.folder, new.folder, "--json", told) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "[red]Ada 100 92 −8 rnn_forward: 8 of 8 → 0 of 8, right → wrong" in out
    assert f"why: {OTHER_GRADER}" in out and "1 of 2 scores move: 1 down" in out
    data = json.loads(told.read_text())
    assert data == json.loads(json.dumps(as_data(between(old, new))))
    assert data["anyone_loses"] and len(data["submissions"]) == 2
    assert run(old.folder, new.folder, "--json", told) == 1  # its own file is written again
    assert run(new.folder, old.folder) == 0
    assert run(old.folder, old.folder) == 0
    assert "0 of 2 scores move" in capsys.readouterr().out


def test_somebody_elses_file_is_not_written_over(
    stores: tuple[MadeUpStore, MadeUpStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, _ = stores
    old.hand_in(ADA)
    told = tmp_path / "grades.json"
    told.write_text("mine")
    assert run(old.folder, old.folder, "--json", told) == 2
    assert capsys.readouterr().err == (
        "grades.json is there and is none of ours: name another file, or add --force to write "
        "over it\n"
    )
    assert told.read_text() == "mine"
    assert run(old.folder, old.folder, "--json", told, "--force") == 0
    assert run(old.folder, old.folder, "--json", told / "where.json") == 2
    assert "where.json cannot be written" in capsys.readouterr().err


def test_what_cannot_be_compared_is_refused(
    stores: tuple[MadeUpStore, MadeUpStore], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, _ = stores
    old.hand_in(ADA)
    gates = MadeUpStore(tmp_path / "gates", "gates")
    gates.hand_in(ADA)
    assert run(old.folder, tmp_path / "nowhere") == 2
    assert "there is no graded class in nowhere" in capsys.readouterr().err
    assert run(old.folder, gates.folder) == 2
    assert "old has no set 'gates', only recurrence" in capsys.readouterr().err
    with pytest.raises(StoreError, match="has no set 'words'"):
        of_store(old.store, COURSE, "words")


def test_an_export_is_read_from_its_archive(
    tmp_path: Path, stores: tuple[MadeUpStore, MadeUpStore], capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "assignment_7_export", stores[1]
    new.hand_in(ADA, name="submission_1", rnn_forward="failed")
    (old / "submission_1" / "recurrent").mkdir(parents=True)
    (old / "submission_1" / "recurrent" / "rnn.py").write_text("x = 1\n")
    entry = {
        ":submitters": [{":name": ADA.name, ":sid": ADA.sid, ":email": ADA.email}],
        ":created_at": "2027-02-05T18:00:00-05:00",
        ":results": results_of(tmp_path),
    }
    (old / "submission_metadata.yml").write_text(yaml.safe_dump({"submission_1": entry}))
    assert run(old, new.folder) == 1
    assert "rnn_forward: 8 of 8 → 0 of 8" in " ".join(capsys.readouterr().out.split())
