"""What `class grade` looks at before it grades: wrong tables, the wrong set, another class."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.classroom.run import grade_class
from autograder.classroom.store import Store
from autograder.classroom.which_set import SetError, introduced, refuse_another_set, strangers
from autograder.errors import UserError
from autograder.settings import Course
from autograder.settings.course import ProblemSet
from tests.classroom import made_up_store, small_class
from tests.classroom.small_class import LESSON, SET, lines, options, write_class
from tests.submissions import REFERENCE

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("temporary")]

OTHER, OTHERS_LESSON = "other", "head"

GOOD = {
    "roster": "login,name\nstudent_0,Ada\n",
    "extensions": "student,set,due\nstudent_0,,2027-02-09\n",
}


def two_sets() -> Course:
    """The small course with a second set, of which nothing is handed in by `write_class`."""
    course = small_class.course()
    sets = (ProblemSet(SET, "Small", (LESSON,)), ProblemSet(OTHER, "Other", (OTHERS_LESSON,)))
    return replace(course, sets=sets)


def everything_in(folder: Path) -> dict[str, bytes]:
    """Path -> content of all files with something in them."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def refused(source: Path, out: Path, frozen: Path, course: Course, **given: Any) -> str:
    """The sentence with which it is refused; not one file of the store has changed by it."""
    before = everything_in(out)
    with pytest.raises(UserError) as why:
        grade_class(options(source, out, **given), course, frozen)
    assert everything_in(out) == before
    assert "\n" not in str(why.value)
    return str(why.value)


# -------------------------------------------------------------------------------------- the tables


@pytest.fixture
def graded(tmp_path: Path, frozen: Path) -> tuple[Path, Path]:
    """A class and its store, with a good roster and good extensions in it."""
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    given = {}
    for name, text in GOOD.items():
        given[name] = tmp_path / f"good_{name}.csv"
        given[name].write_text(text)
    assert grade_class(options(source, out, **given), small_class.course(), frozen) == 0
    return source, out


BROKEN: Mapping[str, Mapping[str, bytes]] = {
    "extensions": {
        "a gradebook": b"Student,ID,SIS User ID\nAda,1,2\n",
        "empty": b"",
        "a workbook": b"PK\x03\x04\xff\xfe",
        "no table": b'student,due\n"ada' + b"x" * 200_000,
    },
    "roster": {
        "no heading": b"1,2\n3,4\n",
        "nobody": b"name,email\n",
        "empty": b"",
        "a workbook": b"PK\x03\x04\xff\xfe",
        "of another class": b"name,email\nBob Else,bob@example.edu\n",
        "extensions": b"student,set,due\nbob@example.edu,,2027-02-09\n",
    },
}
CASES = [(option, kind) for option, kinds in BROKEN.items() for kind in kinds]


@pytest.mark.parametrize(("option", "kind"), CASES)
def test_a_table_that_is_no_good_is_named_and_changes_nothing(
    graded: tuple[Path, Path], frozen: Path, tmp_path: Path, option: str, kind: str
) -> None:
    wrong = tmp_path / "mine.csv"
    wrong.write_bytes(BROKEN[option][kind])
    said = refused(*graded, frozen, small_class.course(), **{option: wrong})
    assert "mine.csv" in said
    assert f"{option}.csv" not in said
    assert grade_class(options(*graded), small_class.course(), frozen) == 0  # the store still works


@pytest.mark.parametrize(
    ("option", "kind"), [one for one in CASES if one[1] in ("empty", "a workbook")]
)
def test_a_broken_table_in_a_store_is_named_there_and_can_be_replaced(
    graded: tuple[Path, Path], frozen: Path, tmp_path: Path, option: str, kind: str
) -> None:
    source, out = graded
    (out / f"{option}.csv").write_bytes(BROKEN[option][kind])
    said = refused(source, out, frozen, small_class.course())
    assert f"{out / option}.csv" in said
    assert f"`class grade` with --{option}" in said
    given = {option: tmp_path / f"good_{option}.csv"}
    assert grade_class(options(source, out, **given), small_class.course(), frozen) == 0
    assert (out / f"{option}.csv").read_text() == GOOD[option]


def test_force_takes_a_roster_that_knows_nobody(
    graded: tuple[Path, Path], frozen: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("name,email\nBob Else,bob@example.edu\n")
    given = options(*graded, roster=other, force=True)
    assert grade_class(given, small_class.course(), frozen) == 0


# ----------------------------------------------------------------------------------- the wrong set


def as_folders(source: Path) -> None:
    """As `write_class` has it."""


def as_zips(source: Path) -> None:
    """Each folder as a zip: the names of the files are in no listing of the class."""
    for folder in sorted(source.iterdir()):
        shutil.make_archive(str(folder), "zip", folder)
        shutil.rmtree(folder)


def as_copies(source: Path) -> None:
    """Each file as a browser saves a second download."""
    for path in sorted(source.rglob("*.py")):
        path.rename(path.with_name(f"{path.stem} (1).py"))


@pytest.mark.parametrize("shape", [as_folders, as_zips, as_copies])
def test_the_wrong_set_is_refused_however_the_files_come(
    tmp_path: Path, frozen: Path, shape: Any
) -> None:
    source, out = write_class(tmp_path / "class", 3), tmp_path / "store"
    shape(source)
    said = refused(source, out, frozen, two_sets(), set=OTHER)
    assert said == (
        f"all 3 submissions have files of the set {SET} and none of {OTHER}: --set {SET} grades "
        f"that, --force grades {OTHER} all the same"
    )
    assert Store.of(out).sets() == []
    # and the same folder is good for the right one
    assert grade_class(options(source, out, set=SET), two_sets(), frozen) == 0
    assert Store.of(out).sets() == [SET]


def test_force_grades_the_wrong_set_and_the_summary_says_so(
    tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    assert grade_class(options(source, out, set=OTHER, force=True), two_sets(), frozen) == 0
    said = capsys.readouterr().out
    assert f"files of another set, and none of {OTHER}, are in student_0 ({SET})\n" in said


def test_a_minority_with_another_set_is_named(
    tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_class(tmp_path / "class", 2), tmp_path / "store"
    (source / "astray" / "recurrent").mkdir(parents=True)
    (source / "astray" / "recurrent" / f"{OTHERS_LESSON}.py").write_text(REFERENCE[OTHERS_LESSON])
    assert grade_class(options(source, out, set=SET), two_sets(), frozen) == 0
    said = capsys.readouterr().out
    assert f"files of another set, and none of {SET}, are in astray ({OTHER})\n" in said
    assert f"grading the set {SET}, 30 points\n" in said


def test_no_set_is_all_of_them_unless_only_one_was_handed_in(
    tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_class(tmp_path / "class", 2), tmp_path / "store"
    said = refused(source, out, frozen, two_sets(), set=None)
    assert said == (
        f"only files of the set {SET} were handed in: --set {SET} grades that, --set all grades "
        "all sets together"
    )
    assert "grading all 2 sets together" in capsys.readouterr().out
    assert grade_class(options(source, out, set="all"), two_sets(), frozen) == 0
    assert {row["set"] for row in lines(out, "hand_ins")} == {"all"}


def test_where_there_is_one_set_nobody_has_to_name_it(tmp_path: Path, frozen: Path) -> None:
    source, out = write_class(tmp_path / "class", 1), tmp_path / "store"
    assert grade_class(options(source, out, set=None), small_class.course(), frozen) == 0


COURSE = made_up_store.tests_course()


@pytest.mark.parametrize(
    ("asked", "found", "why"),
    [
        ("recurrence", [("recurrence",), ()], ""),
        ("recurrence", [(), ()], ""),
        ("recurrence", [], ""),
        ("recurrence", [("gates",), ("recurrence",)], ""),  # half is not most
        (
            "gates",
            [("recurrence",), (), ()],
            "the only submission with files of a set has files of the",
        ),
        # later sets are handed in with the earlier files they build on
        ("gates", [("recurrence", "gates")] * 2, ""),
        ("words", [("recurrence", "gates")] * 2, "files of the set gates and none of words"),
        ("all", [("gates",)], ""),
        (None, [("recurrence", "gates")], ""),
        (None, [("gates",), ("gates", "words")], ""),
        (None, [("gates",), ()], "only files of the set gates were handed in"),
        (
            None,
            [("gates",)] * 2 + [("words",)],
            "2 of 3 submissions have files of the set gates al",
        ),
    ],
)
def test_most_of_those_with_files_decide(
    asked: str | None, found: list[tuple[str, ...]], why: str
) -> None:
    by_name = {str(number): sets for number, sets in enumerate(found)}
    if not why:
        refuse_another_set(by_name, COURSE, asked)
        return
    with pytest.raises(SetError, match=why):
        refuse_another_set(by_name, COURSE, asked)


def test_what_is_graded_is_said_with_its_points() -> None:
    assert introduced(COURSE, "gates") == "grading the set gates, 100 points"
    assert introduced(COURSE, "all") == "grading all 5 sets together, 500 points"
    assert introduced(COURSE, None) == (
        "grading all 5 sets together, 500 points: --set grades one of them (recurrence, gates, "
        "words, captions, beyond)"
    )
    assert [*strangers({"a": ("gates",)}, "all")] == []
