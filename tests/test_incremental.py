"""Building a casebook a second time: only what changed, and the same as building all of it."""

from __future__ import annotations

import os
import re
import runpy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from safetensors.numpy import load

from autograder import lessons
from autograder.arrays import from_bytes
from autograder.authoring.casebook import fingerprint, freeze
from autograder.authoring.casebook.incremental import Done
from autograder.authoring.casebook.variants import BuildError
from autograder.casebook import Casebook
from autograder.settings import Course, ProblemSet, thaw
from tests.conftest import ROOT

pytestmark = pytest.mark.in_turn

COURSE = Course(
    "A course",
    "a term",
    seed=3,
    sets=(ProblemSet("one", "One", ("head", "gradflow", "embedding")),),
)
"""embedding.py imports head.py; gradflow.py stands alone. All three are quickly built."""

HIDDEN_SEED = 8319046628873120467


class Workshop:
    """A copy of `solutions/`, and the casebooks built from it."""

    def __init__(self, folder: Path) -> None:
        self.solutions, self.frozen = folder / "solutions", folder / "frozen"
        self.clues_asked_for = 0

    def build(
        self,
        course: Course = COURSE,
        hidden: int | None = HIDDEN_SEED,
        only: str | None = None,
        reuse: Path | None = None,
    ) -> str:
        """Bring the casebooks up to date; what is said meanwhile."""
        said: list[str] = []
        taught = [lessons.lesson(name) for name in course.lessons_of("all")]
        # Clues take longer than casebooks, and what is built again of them is tested elsewhere.
        with patch.object(freeze, "freeze_clues") as clues:
            freeze.freeze_course(
                self.solutions, course, self.frozen, hidden, taught, said.append, only, reuse
            )
        self.clues_asked_for += clues.call_count
        return "\n".join(said)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first of a text in a file of `solutions/`."""
        path = self.solutions / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file of the casebooks: `public/head.safetensors` -> its content."""
        paths = sorted(path for path in self.frozen.rglob("*") if path.is_file())
        paths = [path for path in paths if path.parent.name != "clues"]
        return {path.relative_to(self.frozen).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three small lessons are built before other processes have started."""
    monkeypatch.setattr(os, "cpu_count", lambda: 1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workshop")
    for part in ("recurrent", "misconceptions"):
        ignored = shutil.ignore_patterns("__pycache__", "data", "pictures")
        shutil.copytree(ROOT / "solutions" / part, folder / "solutions" / part, ignore=ignored)
    for path in (folder / "solutions" / "misconceptions").glob("*.py"):
        if path.stem not in ("__init__", *COURSE.lessons_of("all")):
            path.unlink()  # others cost time, and change nothing that is tested here
    Workshop(folder).build()
    return folder


@pytest.fixture
def workshop(finished: Path, tmp_path: Path) -> Workshop:
    """Casebooks that are up to date."""
    return Workshop(Path(shutil.copytree(finished, tmp_path / "workshop")))


# ------------------------------------------------------------------------------- only what changed


@dataclass(frozen=True)
class Edit:
    """A change in a file, and the lessons whose cases may be others after it."""

    file: str
    old: str
    new: str
    touched: tuple[str, ...]


SINE = """MISCONCEPTIONS = (
    Misconception(
        "temporal_affine_forward", "sine",
        replace="out = x @ W + b", by="out = np.sin(x @ W + b)",
        idea="a sine is taken", hints=("a?", "b.", "c."), source="own",
    ),"""
WRONG = "misconceptions/head.py"
SEES_HEAD = ("embedding", "head")

EDITS = {
    "a new misconception": Edit(WRONG, "MISCONCEPTIONS = (", SINE, SEES_HEAD),
    "a new name": Edit("misconceptions/gradflow.py", '"transposed"', '"turned"', ("gradflow",)),
    "another patch": Edit(WRONG, 'by="out = x @ W"', 'by="out = x @ W / 2"', SEES_HEAD),
    "another hint": Edit(WRONG, "should the scores be?", "must the scores be?", SEES_HEAD),
    "one misconception less": Edit(WRONG, "IONS = (", "IONS = (lambda *all: all[1:])(", SEES_HEAD),
    "another reference": Edit("recurrent/head.py", "import numpy", "import math, numpy", SEES_HEAD),
    "a file that nobody imports": Edit("recurrent/lstm.py", "import numpy", "import  numpy", ()),
}


def test_when_nothing_changed_nothing_is_said_and_nothing_touched(workshop: Workshop) -> None:
    before = {path: path.stat().st_mtime_ns for path in workshop.frozen.rglob("*")}
    assert workshop.build() == ""
    assert {path: path.stat().st_mtime_ns for path in workshop.frozen.rglob("*")} == before


def test_clues_are_brought_up_to_date_whether_or_not_a_casebook_is_built(
    workshop: Workshop,
) -> None:
    workshop.build()
    assert workshop.clues_asked_for == 1
    workshop.edit("misconceptions/gradflow.py", '"transposed"', '"turned"')
    workshop.build()
    assert workshop.clues_asked_for == 2


@pytest.mark.parametrize("name", EDITS)
def test_only_the_lessons_that_a_change_can_be_seen_in_are_built(
    workshop: Workshop, name: str
) -> None:
    edit, before = EDITS[name], workshop.files()
    workshop.edit(edit.file, edit.old, edit.new)
    said = workshop.build()
    after = workshop.files()
    changed = {Path(file).stem for file in after if after[file] != before[file]}
    assert sorted(changed) == list(edit.touched)
    for lesson in COURSE.lessons_of("all"):
        assert (f"{lesson}: " in said) == (lesson in edit.touched)


@pytest.mark.parametrize("name", EDITS)
def test_building_on_gives_the_same_as_building_from_nothing(workshop: Workshop, name: str) -> None:
    edit = EDITS[name]
    workshop.edit(edit.file, edit.old, edit.new)
    workshop.build()
    built_on = workshop.files()
    shutil.rmtree(workshop.frozen)
    workshop.build()
    from_nothing = workshop.files()
    assert from_nothing.keys() == built_on.keys()
    for file, content in from_nothing.items():
        assert content == built_on[file] or differ_by_rounding(content, built_on[file]), file


def differ_by_rounding(one: bytes, other: bytes) -> bool:
    """Whether two files have the same arrays but for the last digits.

    The product of large matrices depends on where in memory they lie.
    """
    mine, theirs = load(one), load(other)
    if mine.keys() != theirs.keys():
        return False
    for group, packed in mine.items():
        arrays, others = (from_bytes(entry.tobytes()) for entry in (packed, theirs[group]))
        if list(arrays) != list(others):
            return False
        for key, array in arrays.items():
            what = f"{group}/{key}"
            np.testing.assert_allclose(array, others[key], rtol=1e-6, atol=1e-9, err_msg=what)
    return True


def test_of_the_misconceptions_only_the_new_one_is_run(workshop: Workshop) -> None:
    workshop.edit(WRONG, "MISCONCEPTIONS = (", SINE)
    said = workshop.build()
    assert re.search(r"head: 4 problems, 1 of \d+ misconceptions run, ", said)
    assert re.search(r"embedding: 12 problems, 1 of \d+ misconceptions run, ", said)
    assert "unchanged: gradflow" in said


def test_the_public_cases_are_kept_when_the_hidden_seed_is_another(workshop: Workshop) -> None:
    before = workshop.files()
    workshop.build(hidden=6)
    after = workshop.files()
    assert {file for file in after if after[file] != before[file]} == {
        "hidden/embedding.safetensors",
        "hidden/gradflow.safetensors",
        "hidden/head.safetensors",
    }


def test_many_processes_build_the_same_as_one(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workshop.files()
    shutil.rmtree(workshop.frozen)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    workshop.build()
    assert workshop.files() == before


@pytest.mark.parametrize("module", ["problem", "compare", "arrays", "gradients", "casebook"])
def test_the_base_changes_with_all_code_that_makes_numbers(module: str) -> None:
    assert f"autograder.{module}" in fingerprint.modules_behind(fingerprint.BUILDERS)


def test_the_base_does_not_change_with_what_only_judges_or_reports() -> None:
    behind = fingerprint.modules_behind([*fingerprint.BUILDERS, "autograder.lessons.rnn"])
    rooms = {module.split(".")[1] for module in behind if "." in module}
    assert rooms.isdisjoint({"judge", "report", "grade", "sandbox", "settings", "cli"})
    assert {"autograder.lessons.rnn", "autograder.authoring.casebook.draw"} <= behind


# ---------------------------------------------------------------------------- what stays, what goes


def test_what_was_there_stays_when_a_build_is_refused(workshop: Workshop) -> None:
    before = workshop.files()
    workshop.edit("misconceptions/gradflow.py", '"transposed"', '"turned"')
    workshop.edit(WRONG, 'by="out = x @ W"', 'by="out = x @ W + b + 0"')
    with pytest.raises(BuildError, match="no public case of temporal_affine_forward can see"):
        workshop.build()
    assert workshop.files() == before


def test_what_was_built_before_a_refusal_is_not_built_again(workshop: Workshop) -> None:
    shutil.rmtree(workshop.frozen)
    workshop.edit(WRONG, 'by="out = x @ W"', 'by="out = x @ W + b + 0"')
    with pytest.raises(BuildError):
        workshop.build()
    workshop.edit(WRONG, 'by="out = x @ W + b + 0"', 'by="out = x @ W"')
    said = workshop.build()
    assert "head: 4 problems" in said
    assert "unchanged: gradflow" in said


def test_one_lesson_is_built_and_the_others_are_left_as_they_are(workshop: Workshop) -> None:
    before = workshop.files()
    workshop.edit("misconceptions/gradflow.py", '"transposed"', '"turned"')
    workshop.edit(WRONG, "MISCONCEPTIONS = (", SINE)
    workshop.build(only="gradflow")
    after = workshop.files()
    assert {file for file in after if after[file] != before[file]} == {
        "hidden/gradflow.safetensors",
        "public/gradflow.safetensors",
    }
    said = workshop.build()
    assert said.count(" misconceptions run, ") == 2, "the others are built when they are asked for"


def test_what_a_course_no_longer_has_is_removed(workshop: Workshop) -> None:
    smaller = replace(COURSE, sets=(replace(COURSE.sets[0], lessons=("head",)),))
    workshop.build(smaller, hidden=None)
    assert sorted(workshop.files()) == ["course.json", "public/head.safetensors"]
    assert not (workshop.frozen / "hidden").exists(), "a grader would look for cases in it"


def test_new_settings_are_written_without_building_anything(workshop: Workshop) -> None:
    assert workshop.build(replace(COURSE, term="next term")).startswith("built the settings in ")
    assert thaw(workshop.frozen / "course.json").term == "next term"


def test_another_folder_lends_the_files_that_are_right(workshop: Workshop, tmp_path: Path) -> None:
    fresh = Workshop(tmp_path / "workshop")
    fresh.frozen = tmp_path / "elsewhere" / "frozen"
    said = fresh.build(hidden=None, reuse=workshop.frozen)
    assert "unchanged: head, gradflow, embedding" in said
    public = {file: text for file, text in workshop.files().items() if "hidden" not in file}
    assert fresh.files() == public


@pytest.mark.parametrize("content", [b"", b"no casebook", None])
def test_a_file_that_was_damaged_is_built_again(workshop: Workshop, content: bytes | None) -> None:
    before = workshop.files()
    file = workshop.frozen / "public" / "head.safetensors"
    file.write_bytes(before["public/head.safetensors"][:-100] if content is None else content)
    workshop.build()
    assert workshop.files() == before


# --------------------------------------------------------------------------------- what is said


def test_a_new_misconception_is_said_to_be_seen_by_so_many_cases(workshop: Workshop) -> None:
    workshop.edit(WRONG, "MISCONCEPTIONS = (", SINE)
    said = workshop.build()
    assert said.count("seen by") == 1
    every = r"affine_forward.sine: seen by (\d+) of \1 public and (\d+) of \2 hidden cases\n"
    assert re.search(every, said)


@pytest.mark.parametrize("name", ["another patch", "another hint"])
def test_so_is_one_that_gives_or_says_something_else(workshop: Workshop, name: str) -> None:
    edit = EDITS[name]
    workshop.edit(edit.file, edit.old, edit.new)
    assert workshop.build().count("seen by") == 1


def test_one_that_is_as_it_was_is_no_news_even_if_all_is_built_again(workshop: Workshop) -> None:
    edit = EDITS["another reference"]
    workshop.edit(edit.file, edit.old, edit.new)
    said = workshop.build()
    assert re.search(r"head: 4 problems, \d+ misconceptions, ", said), "all of them"
    assert "seen by" not in said


def test_much_news_is_summed_up(workshop: Workshop) -> None:
    file = "misconceptions/gradflow.py"
    count = len(runpy.run_path(str(workshop.solutions / file))["MISCONCEPTIONS"])
    workshop.edit(file, "MISCONCEPTIONS = (", "MISCONCEPTIONS = ()\nNONE = (")
    workshop.build()
    workshop.edit(file, "MISCONCEPTIONS = ()\nNONE = (", "MISCONCEPTIONS = (")
    summed_up = f"\n  {count} misconceptions are new or changed; every one is seen\n"
    assert summed_up in workshop.build()


def test_two_that_no_case_tells_apart_are_named(workshop: Workshop) -> None:
    twin = SINE.replace('"sine"', '"twin"').replace("MISCONCEPTIONS = (", "")
    workshop.edit(WRONG, "MISCONCEPTIONS = (", SINE + twin)
    same = "cannot be told apart: temporal_affine_forward.sine and temporal_affine_forward.twin"
    assert same in workshop.build()


# --------------------------------------------------------------------------------- the hidden seed


def test_the_hidden_seed_stands_in_no_file_that_is_frozen(workshop: Workshop) -> None:
    for name, content in workshop.files().items():
        assert str(HIDDEN_SEED).encode() not in content, name
        assert HIDDEN_SEED.to_bytes(8, "little") not in content, name


def test_no_patch_is_in_a_casebook_not_even_as_a_fingerprint_of_its_own(
    workshop: Workshop,
) -> None:
    """The same patch has another fingerprint where another reference lies under it."""
    before = Casebook(workshop.frozen / "public").lesson("embedding").built_from["patches"]
    workshop.edit("recurrent/embedding.py", "import numpy", "import  numpy")
    workshop.build()
    after = Casebook(workshop.frozen / "public").lesson("embedding").built_from["patches"]
    assert before.keys() == after.keys()
    assert set(before.values()).isdisjoint(after.values())


def test_one_problem_with_one_misconception_is_counted_as_one() -> None:
    line = str(Done("cells", visible=1, run=1))
    assert re.match(r"cells: \d+ problems, 1 misconception, 0\.0 s$", line)
