"""What students hand in as it really comes, case by case: what it is, what it earns, what is said.

Every row of the table in `docs/submissions.md` is one of these, and its sentence is the one here.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT
from tests.submissions import REFERENCE

RIGHT, STUBS = ROOT / "solutions" / "recurrent", ROOT / "assignment" / "recurrent"
RECURRENCE, GATES = ("rnn", "head", "gradflow"), ("lstm", "gru", "mut", "stacked")
WORDS = ("charlm", "embedding", "cells")


@dataclass(frozen=True)
class Handed:
    """A case. build: writes it into a folder. score: of the 94 points that a set's code is worth, on public cases.

    says: remarks on the files, which come first. problems: problem -> the text of its first or
    second finding. lend: what course.toml says.
    """

    build: Callable[[Path], object]
    score: float
    says: Sequence[str] = ()
    problems: Mapping[str, str] = field(default_factory=dict)
    set: str = "recurrence"
    lend: bool = False


def put(folder: Path, place: str, source: Path = RIGHT, names: Sequence[str] = RECURRENCE) -> None:
    """Copy modules into a folder of the submission."""
    (folder / place).mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(source / f"{name}.py", folder / place / f"{name}.py")


def renamed(name: str) -> Callable[[Path], object]:
    """Right work of which rnn.py has another name."""

    def build(folder: Path) -> None:
        put(folder, "recurrent")
        (folder / "recurrent" / "rnn.py").rename(folder / "recurrent" / name)

    return build


def edited(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Right work in which a piece of one file is replaced."""

    def build(folder: Path) -> None:
        put(folder, "recurrent")
        text = REFERENCE[name]
        assert old in text
        (folder / "recurrent" / f"{name}.py").write_text(text.replace(old, new), encoding="utf-8")

    return build


def zip_beside_another_file(folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(folder / "submission.zip", "w") as archive:
        for name in RECURRENCE:
            archive.write(RIGHT / f"{name}.py", f"recurrent/{name}.py")
    (folder / "plots.py").write_text("import matplotlib\n", encoding="utf-8")


def given_training_module(folder: Path) -> None:
    edited("rnn", "import numpy as np\n", "import numpy as np\nfrom .training import Adam\n")(
        folder
    )
    shutil.copy(STUBS / "training.py", folder / "recurrent")


def handout_downloaded_twice(folder: Path) -> None:
    put(folder, "recurrent", STUBS)
    put(folder, "recurrent (1)")


def the_graders_own(folder: Path) -> None:
    renamed("rnn.py.txt")(folder)
    (folder / "autograder" / "lessons").mkdir(parents=True)
    shutil.copy(ROOT / "autograder" / "lessons" / "rnn.py", folder / "autograder" / "lessons")


def helper_file(folder: Path) -> None:
    edited("rnn", "np.tanh(", "tanh(")(folder)
    rnn = folder / "recurrent" / "rnn.py"
    line = "import numpy as np\n\nfrom .activations import tanh\n"
    rnn.write_text(rnn.read_text().replace("import numpy as np\n", line, 1), encoding="utf-8")
    text = "import numpy as np\n\n\ndef tanh(x):\n    return np.tanh(x)\n"
    (folder / "recurrent" / "activations.py").write_text(text, encoding="utf-8")


def everything_in_one(folder: Path) -> None:
    put(folder, "recurrent")
    text = "\n".join((folder / "recurrent" / f"{name}.py").read_text() for name in RECURRENCE)
    for name in RECURRENCE:
        (folder / "recurrent" / f"{name}.py").unlink()
    (folder / "assignment.py").write_text(text, encoding="utf-8")


def numbered_copy_beside_stub(folder: Path) -> None:
    put(folder, "recurrent")
    (folder / "recurrent" / "rnn.py").rename(folder / "recurrent" / "rnn (1).py")
    put(folder, "recurrent", STUBS, ("rnn",))


def two_weeks_mixed(folder: Path) -> None:
    put(folder, "week1/recurrent", STUBS, ("rnn",))
    put(folder, "week2/recurrent", RIGHT, ("rnn", *GATES))


def two_weeks_of_work(folder: Path) -> None:
    put(folder, "week1/recurrent", RIGHT, ("rnn",))
    put(folder, "week2/recurrent", RIGHT, GATES)


def another_set(folder: Path) -> None:
    put(folder, "recurrent", RIGHT, GATES)


def first_set_unfinished(folder: Path) -> None:
    put(folder, "recurrent", RIGHT, GATES)
    put(folder, "recurrent", STUBS, ("rnn",))


def words_alone(folder: Path) -> None:
    put(folder, "recurrent", RIGHT, WORDS)


def zip_with_environment(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6000):
            archive.writestr(f"env/lib/python3.11/site-packages/m{number}.py", "")
        for name in RECURRENCE:
            archive.write(RIGHT / f"{name}.py", f"recurrent/{name}.py")


def taken_for_rnn(name: str) -> Handed:
    return Handed(renamed(name), 94, [f"{name} was taken for rnn.py: give it that name"])


MISSING_RNN = "rnn.py is missing, but assignment.py defines rnn_step_forward, rnn_step_backward and 5 more: put them into recurrent/rnn.py"
OF_GATES = "these are the files of the set gates (gru.py, lstm.py, mut.py and stacked.py): hand in rnn.py, head.py, gradflow.py and answers_recurrence.py"

UNFINISHED = (
    "stacked_forward needs rnn_forward of recurrent/rnn.py (set recurrence), which is still to do"
)
MISSING = "stacked_forward needs recurrent/rnn.py (set recurrence), which is missing"
LENT = "it was lent, so that this is graded by itself"
TWO_MISSING = "charlm_loss needs recurrent/head.py (set recurrence) and recurrent/rnn.py (set recurrence), which are missing: they were lent, so that this is graded by itself"
TOO_LARGE = "charlm_loss needs recurrent/head.py (set recurrence), which is missing: 3 points hang on it, and it cannot be lent here"

CASES: dict[str, Handed] = {
    "a zip beside another file": Handed(
        zip_beside_another_file, 94, ["the files are in submission.zip: it was unpacked"]
    ),
    "a given module imported": Handed(given_training_module, 94),
    "the handout downloaded twice": Handed(
        handout_downloaded_twice,
        94,
        [
            "the files in recurrent (1)/ were graded, because those in recurrent/ are still the stubs"
        ],
    ),
    "rnn.py.txt and the grader's own rnn.py": Handed(
        the_graders_own, 94, ["rnn.py.txt was taken for rnn.py: give it that name"]
    ),
    "a helper file": Handed(helper_file, 94),
    "Copy of rnn.py": taken_for_rnn("Copy of rnn.py"),
    "rnn-1.py": taken_for_rnn("rnn-1.py"),
    "rnn_final.py": taken_for_rnn("rnn_final.py"),
    "rnn copy 2.py": taken_for_rnn("rnn copy 2.py"),
    "a space before rnn.py": Handed(
        renamed(" rnn.py"), 94, ["' rnn.py' was taken for rnn.py: give it that name"]
    ),
    "rnn.ipynb.py": taken_for_rnn("rnn.ipynb.py"),
    "jdoe_rnn.py": taken_for_rnn("jdoe_rnn.py"),
    "Canvas's name": taken_for_rnn("doejane_LATE_123_456_rnn-1.py"),
    "assignment.py with everything in it": Handed(
        everything_in_one, 0, problems={"rnn_step_forward": MISSING_RNN}
    ),
    "a finished copy beside the stub": Handed(
        numbered_copy_beside_stub,
        94,
        ["rnn (1).py was taken for rnn.py, because rnn.py is still the stub: give it that name"],
    ),
    "two weeks, the first a stub": Handed(
        two_weeks_mixed,
        94,
        [
            "the files in week2/recurrent/ were graded, because those in week1/recurrent/ are still the stubs"
        ],
        set="gates",
    ),
    "two weeks of work": Handed(
        two_weeks_of_work,
        71,
        [
            "the files in week2/recurrent/ were graded, and not week1/recurrent/rnn.py: hand in one folder, with one copy of each file"
        ],
        set="gates",
    ),
    "another set's files": Handed(
        another_set, 0, problems={"rnn_step_forward": OF_GATES, "step_jacobian": OF_GATES}
    ),
    "a zip with an environment in it": Handed(zip_with_environment, 94),
    "rnn.py of the set before unfinished": Handed(
        first_set_unfinished,
        82,
        problems={"stacked_forward": f"{UNFINISHED}: 5 points hang on it"},
        set="gates",
    ),
    "the same with `lend = true`": Handed(
        first_set_unfinished,
        94,
        problems={"stacked_forward": f"{UNFINISHED}: {LENT}"},
        set="gates",
        lend=True,
    ),
    "rnn.py of the set before missing": Handed(
        another_set,
        71,
        problems={"stacked_forward": f"{MISSING}: 5 points hang on it"},
        set="gates",
    ),
    "that too with `lend = true`": Handed(
        another_set,
        94,
        problems={"stacked_forward": f"{MISSING}: {LENT}"},
        set="gates",
        lend=True,
    ),
    "the third set alone, with `lend = true`": Handed(
        words_alone,
        91,
        problems={"charlm_loss": TWO_MISSING, "learns_hello": TOO_LARGE},
        set="words",
        lend=True,
    ),
}
