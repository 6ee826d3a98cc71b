"""Which file is judged: of one folder, never a stub before work, never one of the grader's own."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder import lessons
from autograder.intake.choice import Choice, choose, quoted
from autograder.intake.handed import Handed, handed
from autograder.unpack.names import guess
from tests.conftest import ROOT
from tests.intake.taking_in import NAMES
from tests.submissions import REFERENCE

STUBS = {
    name: (ROOT / "assignment" / "recurrent" / f"{name}.py").read_text(encoding="utf-8")
    for name in NAMES
}
RECURRENCE = ("rnn", "head", "gradflow")
GATES = ("lstm", "gru", "mut", "stacked")


def chosen(files: Mapping[str, str], wanted: tuple[str, ...] = RECURRENCE) -> Choice:
    """What is judged of these files: path -> text."""
    return choose(
        [handed(path, text.encode(), "", "", NAMES) for path, text in files.items()], wanted
    )


def paths(choice: Choice) -> dict[str, str]:
    """Module -> the path of what is judged."""
    return {module: file.path for module, file in choice.taken.items()}


def in_folder(folder: str, sources: Mapping[str, str], *names: str) -> dict[str, str]:
    """Path -> text of these modules in a folder."""
    return {f"{folder}{name}.py": sources[name] for name in names}


# ------------------------------------------------------------------------------------------- names

MADE_BY = {
    "a browser": "{} (1).py",
    "another browser": "{}(2).py",
    "a Mac": "{} copy.py",
    "a Mac, again": "{} copy 2.py",
    "a Mac, numbered": "{} 2.py",
    "Windows": "{} - Copy (3).py",
    "German Windows": "{} - Kopie.py",
    "Google Drive": "Copy of {}.py",
    "Canvas, handed in again": "{}-1.py",
    "a UUID": "{}-0b8f6f3e-1f0e-4c9a-9d5a-8e3f1c2d4b5a.py",
    "a text editor": "{}.py.txt",
    "the same, capital": "{}.PY.TXT",
    "a thumb": " {}.py",
    "another thumb": "{} .py",
    "twice": "{}.py.py",
    "a notebook's export": "{}.ipynb.py",
    "wget": "{}.py.1",
    "hope": "{}_final.py",
    "more hope": "{}-final-v2.py",
    "version control by hand": "{}_v3.py",
}
"""Who changes a name -> what becomes of it: nothing that is left of it means anything."""

MADE_BY_PEOPLE = {
    "a name before": "jdoe_{}.py",
    "a name after": "{}_jane.py",
    "Canvas": "doejane_LATE_123_456_{}-1.py",
    "Moodle": "Jane Doe_12345_assignsubmission_file_{}.py",
    "an exercise": "hw1-{}.py",
}
"""The same, with words that could be those of another file: what is in it decides."""


@pytest.mark.parametrize("by", [*MADE_BY, *MADE_BY_PEOPLE])
def test_a_changed_name_is_understood(by: str) -> None:
    pattern = {**MADE_BY, **MADE_BY_PEOPLE}[by]
    for module, upper in itertools.product(NAMES, (False, True)):
        name = pattern.format(module.upper() if upper else module)
        found = chosen({f"recurrent/{name}": REFERENCE[module]}, (module,))
        assert paths(found) == {module: f"recurrent/{name}"}
        [note] = found.notes
        assert note == f"{quoted(name)} was taken for {module}.py: give it that name"


@pytest.mark.parametrize(
    "pattern",
    [
        "{}_utils.py", "test_{}.py", "my_{}_helpers.py", "plot-{}.py", "{}_notes.txt", "{}.md",
        "{}.py~", ".{}.py.swp", "{}.py.bak", "{}.pyc", "{}s.py", "un{}.py", "{}.ipynb",
    ],
)  # fmt: skip
def test_another_file_is_not_taken_for_a_module(pattern: str) -> None:
    text = "def helper():\n    return 1\n"
    for module in NAMES:
        assert paths(chosen({f"recurrent/{pattern.format(module)}": text}, (module,))) == {}


def test_a_name_with_two_modules_in_it_is_neither() -> None:
    for one, other in itertools.permutations(NAMES, 2):
        assert guess(f"{one}_vs_{other}.py", NAMES) is None


def test_two_copies_that_differ_are_named_and_equal_ones_are_taken() -> None:
    one, other = REFERENCE["rnn"], REFERENCE["rnn"] + "# more\n"
    files = {"rnn-1.py": one, "rnn (2).py": other}
    found = chosen(files)
    assert paths(found) == {}
    assert found.refused["rnn"] == (
        "rnn.py is missing, and rnn (2).py and rnn-1.py differ: hand in one of them, named rnn.py"
    )
    assert set(paths(chosen(dict.fromkeys(files, one)))) == {"rnn"}


# -------------------------------------------------------------------------- stubs, second copies


@pytest.mark.parametrize("by", [*MADE_BY, *MADE_BY_PEOPLE])
def test_a_stub_never_beats_work_beside_it(by: str) -> None:
    for module in NAMES:
        other = {**MADE_BY, **MADE_BY_PEOPLE}[by].format(module)
        found = chosen({f"{module}.py": STUBS[module], other: REFERENCE[module]}, (module,))
        assert paths(found) == {module: other}
        assert found.notes == [
            f"{quoted(other)} was taken for {module}.py, because {module}.py is still the stub: "
            f"give it that name"
        ]


@pytest.mark.parametrize("place", ["recurrent (1)/", "recurrent 2/", "Desktop/a/b/", "old/"])
@pytest.mark.parametrize("stubs", ["recurrent/", "", "assignment/recurrent/"])
def test_a_folder_of_stubs_never_beats_a_folder_of_work(place: str, stubs: str) -> None:
    files = in_folder(stubs, STUBS, *NAMES) | in_folder(place, REFERENCE, *RECURRENCE)
    found = chosen(files)
    assert {paths(found)[name] for name in RECURRENCE} == {f"{place}{n}.py" for n in RECURRENCE}


def test_what_the_stub_hides_is_said() -> None:
    files = in_folder("recurrent/", STUBS, *RECURRENCE)
    files |= in_folder("recurrent (1)/", REFERENCE, *RECURRENCE)
    assert chosen(files).notes == [
        "the files in recurrent (1)/ were graded, because those in recurrent/ are still the stubs"
    ]


def test_a_second_copy_that_differs_is_said_and_an_equal_one_is_not() -> None:
    right = REFERENCE["rnn"]
    found = chosen({"rnn.py": right, "rnn (1).py": right + "# later\n"})
    assert paths(found) == {"rnn": "rnn.py"}
    assert found.notes == ["rnn.py was graded; rnn (1).py differs from it"]
    for equal in (right, STUBS["rnn"]):
        assert chosen({"rnn.py": right, "rnn (1).py": equal}).notes == []


@pytest.mark.parametrize("touch", ["# mine\n", "import numpy\n", "\n\n"])
def test_a_stub_with_a_line_more_is_a_stub(touch: str) -> None:
    found = chosen({"rnn.py": touch + STUBS["rnn"], "rnn (1).py": REFERENCE["rnn"]})
    assert paths(found) == {"rnn": "rnn (1).py"}


# --------------------------------------------------------------------------------------- one folder


def test_files_of_two_weeks_are_never_mixed() -> None:
    files = in_folder("week1/recurrent/", REFERENCE, "rnn")
    files |= in_folder("week2/recurrent/", REFERENCE, *GATES)
    found = chosen(files, GATES)
    assert found.folder == "week2/recurrent" and set(found.taken) == set(GATES)
    assert found.notes == [
        "the files in week2/recurrent/ were graded, and not week1/recurrent/rnn.py: "
        "hand in one folder, with one copy of each file"
    ]


def test_a_file_in_another_folder_is_named() -> None:
    files = in_folder("task1/", REFERENCE, "rnn", "head") | in_folder(
        "task2/", REFERENCE, "gradflow"
    )
    assert chosen(files).refused["gradflow"] == (
        "gradflow.py is not in task1/, whose files were graded, but in task2/: "
        "put all files into one folder"
    )


PREFERRED = {
    "more of the files": (("a/", RECURRENCE), ("", ("rnn", "head"))),
    "the shallower": (("", RECURRENCE), ("backup/old/", RECURRENCE)),
    "the package, at the same depth": (("recurrent/", RECURRENCE), ("", RECURRENCE)),
    "the top before a package below": (("", RECURRENCE), ("old/recurrent/", RECURRENCE)),
    "those that the set is about": (("z/", RECURRENCE), ("a/", ("rnn", *GATES))),
}
"""What decides -> the better folder with its files, and the other."""


@pytest.mark.parametrize("what", PREFERRED)
def test_the_better_folder_wins_as_a_whole(what: str) -> None:
    (better, mine), (other, theirs) = PREFERRED[what]
    files = in_folder(better, REFERENCE, *mine)
    files |= {
        path: text + "# theirs\n" for path, text in in_folder(other, REFERENCE, *theirs).items()
    }
    for order in (files, dict(reversed(files.items()))):
        found = chosen(order)
        assert set(paths(found).values()) == {f"{better}{name}.py" for name in mine}


def test_of_two_archives_the_newer_is_judged() -> None:
    files = []
    for path, date in (("a.zip/rnn.py", "20270101"), ("b.zip/rnn.py", "20270203")):
        files.append(handed(path, (REFERENCE["rnn"] + date).encode(), "", date, NAMES))
    assert paths(choose(files, RECURRENCE)) == {"rnn": "b.zip/rnn.py"}


# ------------------------------------------------------------------------------- the grader's files


@pytest.mark.parametrize(
    "place", ["autograder/lessons/", "assignment/autograder/lessons/", "lessons/", "recurrent/", ""]
)
def test_a_file_of_the_grader_is_never_judged(place: str) -> None:
    for module in NAMES:
        grader = ROOT / "autograder" / "lessons" / f"{module}.py"
        files = {f"{place}{module}.py": grader.read_text(encoding="utf-8")}
        assert paths(chosen(files, (module,))) == {}
        files[f"recurrent (2)/{module}.py"] = REFERENCE[module]
        assert paths(chosen(files, (module,))) == {module: f"recurrent (2)/{module}.py"}


@pytest.mark.parametrize("left_out", NAMES)
def test_a_handout_without_a_file_has_no_other_taken_for_it(left_out: str) -> None:
    """Of all files that students and graders have, no other of that name is it."""
    files = {}
    for path in sorted((ROOT / "assignment").rglob("*.py")) + sorted(
        (ROOT / "autograder").rglob("*.py")
    ):
        if path != ROOT / "assignment" / "recurrent" / f"{left_out}.py":
            files[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    found = chosen(files, tuple(NAMES))
    assert found.folder == "assignment/recurrent"
    assert set(found.taken) == set(NAMES) - {left_out}


# -------------------------------------------------------------------------------------- other names


def test_one_file_with_everything_in_it_is_named() -> None:
    everything = "\n".join(REFERENCE[name] for name in RECURRENCE)
    found = chosen({"recurrent/assignment.py": everything})
    assert found.refused == {
        "rnn": "rnn.py is missing, but recurrent/assignment.py defines rnn_step_forward, "
        "rnn_step_backward and 5 more: put them into recurrent/rnn.py",
        "head": "head.py is missing, but recurrent/assignment.py defines temporal_affine_forward, "
        "temporal_affine_backward and 2 more: put them into recurrent/head.py",
        "gradflow": "gradflow.py is missing, but recurrent/assignment.py defines step_jacobian, "
        "sequence_jacobian and 5 more: put them into recurrent/gradflow.py",
    }


def test_work_in_a_notebook_is_named() -> None:
    cell = '{"cells": [{"source": ["x = 1\\n", "def rnn_step_forward(x):\\n", "    pass"]}]}'
    joined = '{"cells": [{"source": "x = 1\\ndef rnn_step_forward(x):\\n    pass"}]}'
    for notebook in (cell, joined):
        words = "defines rnn_step_forward: notebooks are not graded, so put the functions into"
        found = chosen({"hw.ipynb": notebook})
        assert words in found.refused["rnn"]
        found = chosen({"hw.ipynb": notebook, "recurrent/rnn.py": STUBS["rnn"]})
        assert words in found.notes[0] and found.notes[0].startswith("rnn.py is still the stub")
        assert not chosen({"hw.ipynb": notebook, "recurrent/rnn.py": REFERENCE["rnn"]}).notes


def test_the_handouts_own_notebooks_define_nothing_that_is_graded() -> None:
    for path in sorted((ROOT / "assignment" / "notebooks").glob("*.ipynb")):
        file = Handed(path.name, path.read_bytes())
        assert file.defined and not any(file.done(module) for module in NAMES)


def test_a_look_at_the_lines_sees_every_graded_function() -> None:
    for module in NAMES:
        of = list(dict.fromkeys(problem.of for problem in lessons.lesson(module).problems))
        path = Path(f"{module}.py")
        assert Handed(path.name, REFERENCE[module].encode()).done(module) == of
        assert Handed(path.name, STUBS[module].encode()).done(module) == []


# ------------------------------------------------------------------------------------------ helpers


def test_what_lies_in_the_folder_may_be_imported() -> None:
    files = in_folder("recurrent/", REFERENCE, "rnn")
    helpers = ("activations.py", "__init__.py", "training.py", "data/__init__.py", "u/v/w.py")
    others = ("rnn/__init__.py", "not a name.py", "__pycache__/rnn.py", "a/b/c/d/e.py", "x.txt")
    for name in (*helpers, *others):
        files[f"recurrent/{name}"] = "x = 1\n"
    files["elsewhere.py"] = "x = 1\n"
    assert set(chosen(files).helpers) == set(helpers)
