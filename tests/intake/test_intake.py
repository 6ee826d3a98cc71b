"""Intake: the files wherever students put them, and nothing else, ever followed or executed."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from autograder.grade import Grader, casebooks, grade_submission
from autograder.intake import Intake, IntakeError, take_in
from autograder.intake import folder as walk
from autograder.intake.submission import MOST_REMARKS
from autograder.judge import not_run
from autograder.report import gradescope
from autograder.report.results import Results
from autograder.report.terminal import show
from autograder.settings import thaw
from autograder.unpack.archive import MOST_MEMBERS
from tests.intake.taking_in import NAMES, ONLY_RNN, RIGHT, taken


@pytest.mark.parametrize(
    "places",
    [
        ("rnn.py",),
        ("recurrent/rnn.py",),
        ("assignment/recurrent/rnn.py",),
        ("hw 1 (2)/final/recurrent/rnn.py",),
        ("recurrent/rnn.py", "old/recurrent/rnn.py", "rnn.py", "backup/rnn.py"),
    ],
)
def test_a_file_is_found_flat_or_nested_and_the_package_comes_first(
    places: tuple[str, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "submission"
    for number, place in enumerate(places):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(RIGHT if number == 0 else "wrong\n")
    assert taken(folder, tmp_path)[1] == ONLY_RNN
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for place in places:
            archive.write(folder / place, place)
    (tmp_path / "zip").mkdir()
    assert taken(tmp_path / "s.zip", tmp_path / "zip")[1] == ONLY_RNN


def test_what_was_not_asked_for_stays_out(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    for place in (
        "numpy.py", "sitecustomize.py", "conftest.py", "x.pth", "recurrent/x.pth", "recurrent/x.so",
        "autograder/judge.py", "__MACOSX/recurrent/rnn.py", ".ipynb_checkpoints/lstm.py",
        "recurrent/rnn.py", "recurrent/__pycache__/rnn.py", "recurrent/not a name.py",
    ):  # fmt: skip
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(
            RIGHT if place == "recurrent/rnn.py" else "raise SystemExit('executed')\n"
        )
    assert taken(folder, tmp_path)[1] == ONLY_RNN
    written = [path.name for path in (tmp_path / "into").rglob("*") if path.is_file()]
    assert sorted(written) == ["__init__.py", "rnn.py"]


def test_links_pipes_and_second_names_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    secret = tmp_path / "secret.py"
    secret.write_text("the answer\n")
    (folder / "rnn.py").symlink_to(secret)
    os.link(secret, folder / "lstm.py")
    os.mkfifo(folder / "gru.py")
    (folder / "loop").symlink_to(folder)
    (folder / "head.py").mkdir()
    intake, files = taken(folder, tmp_path)
    assert files == {}
    assert len(intake.notes) == 3 and all("left out" in note for note in intake.notes)


def test_oversized_files_and_lying_zips_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "rnn.py").write_text("#" * 1_000_001)
    intake, files = taken(folder, tmp_path)
    assert files == {} and "larger than 1 MB" in intake.notes[0]
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rnn.py", b"\0" * 50_000_000)
        archive.writestr("../../lstm.py", RIGHT)
        archive.writestr("/gru.py", RIGHT)
        link = zipfile.ZipInfo("head.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "zip").mkdir()
    _, files = taken(tmp_path / "bomb.zip", tmp_path / "zip")
    assert set(files) <= {"lstm", "gru"}, (
        "whatever a name says, files land in the package under their own names"
    )
    assert not list(tmp_path.parent.glob("lstm.py"))


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"\xef\xbb\xbf" + RIGHT.encode(), ""),
        (RIGHT.replace("\n", "\r\n").encode(), ""),
        ("# caf\u00e9\n".encode("latin-1") + RIGHT.encode(), "read as Latin-1"),
        (RIGHT.encode("utf-16"), "UTF-16"),
    ],
    ids=["a byte order mark", "CRLF", "Latin-1 without saying so", "UTF-16"],
)
def test_an_odd_encoding_costs_nobody_a_point(content: bytes, note: str, tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "rnn.py").write_bytes(content)
    intake, _ = taken(folder, tmp_path)
    compiled = compile((tmp_path / "into" / "recurrent" / "rnn.py").read_bytes(), "rnn.py", "exec")
    scope: dict[str, int] = {}
    exec(compiled, scope)
    assert scope["x"] == 1
    assert note in " ".join(intake.notes)


@pytest.mark.parametrize("content", [b"%PDF-1.5", b"", b"PK\x03\x04 half a zip"])
def test_what_is_no_submission_is_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "essay.pdf").write_bytes(content)
    (tmp_path / "into").mkdir()
    with pytest.raises(IntakeError, match=r"hand in the folder recurrent/|cannot be read as a zip"):
        take_in(tmp_path / "essay.pdf", NAMES, tmp_path / "into")


@pytest.mark.parametrize("name", ["RNN.PY", "rnn (1).py", "Rnn.py", "rnn - Copy.py"])
def test_a_name_that_a_computer_changed_is_understood_and_said(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / name).write_text(RIGHT)
    intake, files = taken(folder, tmp_path)
    assert files == ONLY_RNN and f"{name} was taken for rnn.py" in intake.notes[0]


def test_the_exact_name_wins(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    (folder / "recurrent").mkdir(parents=True)
    (folder / "recurrent" / "rnn (1).py").write_text("wrong\n")
    (folder / "rnn.py").write_text(RIGHT)
    intake, files = taken(folder, tmp_path)
    assert files == ONLY_RNN and not intake.notes


def test_a_zip_in_a_folder_is_unpacked_if_there_is_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    with zipfile.ZipFile(folder / "hw.zip", "w") as archive:
        archive.writestr("hw/recurrent/rnn.py", RIGHT)
        archive.writestr("__MACOSX/hw/recurrent/._rnn.py", "junk")
    intake, files = taken(folder, tmp_path)
    assert files == ONLY_RNN and "hw.zip: it was unpacked" in intake.notes[0]


def test_one_broken_member_of_a_zip_costs_its_own_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("rnn.py", RIGHT)
        archive.writestr("lstm.py", "y" * 1000)
    content = (tmp_path / "s.zip").read_bytes()
    content = content.replace(b"y" * 1000, b"z" * 1000)  # its checksum is wrong now
    (tmp_path / "s.zip").write_bytes(content)
    intake, files = taken(tmp_path / "s.zip", tmp_path)
    assert files == ONLY_RNN and "lstm.py cannot be unpacked" in intake.notes[0]


def test_a_zip_of_a_million_names_is_not_even_listed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(f"{number}.py", "")
    with pytest.raises(IntakeError, match="more than 20000 files"):
        taken(tmp_path / "s.zip", tmp_path)
    content = bytearray((tmp_path / "s.zip").read_bytes())
    end = content.rfind(b"PK\5\6")
    content[end + 8 : end + 12] = b"\1\0\1\0"  # it says it has one
    (tmp_path / "lies.zip").write_bytes(content)
    (tmp_path / "again").mkdir()
    _, files = taken(tmp_path / "lies.zip", tmp_path / "again")
    assert files == {}


def test_many_files_and_deep_folders_end_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MOST_ENTRIES", 500)
    folder = tmp_path / "submission"
    (folder / "a/b/c/d/e/f/g/h/recurrent").mkdir(parents=True)
    (folder / "a/b/c/d/e/f/g/h/recurrent/rnn.py").write_text(RIGHT)
    (folder / "many").mkdir()
    for number in range(501):
        (folder / "many" / str(number)).touch()
    (folder / "lstm.py").write_text(RIGHT)
    intake, files = taken(folder, tmp_path)
    assert files == {"lstm": RIGHT.encode()} and intake.notes == (walk.TOO_MANY,)


def test_utf_16_without_a_mark_and_a_lying_coding_line(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "rnn.py").write_bytes(("x = 1  # a line of some length\n" * 3).encode("utf-16-le"))
    declared = "# -*- coding: utf-8 -*-\nx = 1  # caf\u00e9\n"
    (folder / "lstm.py").write_bytes(declared.encode("latin-1"))
    intake, files = taken(folder, tmp_path)
    for text in files.values():
        compile(text, "file", "exec")
    assert sorted(files) == ["lstm", "rnn"] and len(intake.notes) == 2


def test_names_cannot_colour_the_notes(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    (folder / "recurrent").mkdir(parents=True)
    (folder / "recurrent" / "RNN.py").symlink_to("/etc/passwd")
    (folder / "rnn\x1b[31m (1).py").write_text(RIGHT)
    intake, files = taken(folder, tmp_path)
    assert files == {} and "\x1b" not in "".join(intake.notes)


def test_our_own_sources_win_over_the_submitted(tmp_path: Path) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "rnn.py").write_text("theirs\n")
    (folder / "lstm.py").write_text(RIGHT)
    (tmp_path / "into").mkdir()
    intake = take_in(folder, NAMES, tmp_path / "into", given={"rnn": "ours\n"})
    assert intake.found == ("lstm",)
    assert (tmp_path / "into" / "recurrent" / "rnn.py").read_text() == "ours\n"


@pytest.mark.parametrize("name", ["rnn.rtf", "rnn (1).docx", "RNN.pdf", "rnn.pyc", "rnn", "rnn.md"])
def test_what_is_no_source_is_named_if_the_source_is_missing(name: str, tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "s", {f"recurrent/{name}": b"x = 1\n", "lstm.py": b"x = 1\n"})
    intake, files = taken(folder, tmp_path)
    assert set(files) == {"lstm"} and intake.remarks() == []
    words = f"rnn.py is missing, and {name} is no Python source file: save it as plain text, rnn.py"
    assert intake.refused == {"rnn": words}
    (folder / "rnn.py").write_text(RIGHT)
    (tmp_path / "2").mkdir()
    assert taken(folder, tmp_path / "2")[0].refused == {}


def test_the_files_of_another_set_are_told_from_none(tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "s", {"recurrent/lstm.py": b"x = 1\n", "recurrent/gru.py": b""})
    (tmp_path / "into").mkdir()
    sets = {"lstm": "gates", "gru": "gates", "charlm": "words"}
    intake = take_in(folder, NAMES, tmp_path / "into", wanted=("rnn", "head"), elsewhere=sets)
    words = "these are the files of the set gates (gru.py and lstm.py): hand in rnn.py and head.py"
    assert intake.refused == {"rnn": words, "head": words}


# ------------------------------------------------------------------------------ what is said of it


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, RIGHT)
    return file.getvalue()


TOLD = {
    "another name": ({"rnn (1).py": b"x = 1\n"}, "rnn (1).py was taken for rnn.py"),
    "another encoding": ({"rnn.py": "# caf\u00e9\nx = 1\n".encode("latin-1")}, "read as Latin-1"),
    "one of two left out": (
        {"recurrent/rnn.py": b"# coding: undefined\n", "rnn.py": b"x = 1\n"},
        "was left out",
    ),
    "a name that moves the cursor": ({"hw\x1b[2J.zip": zipped("rnn.py")}, "it was unpacked"),
}
"""What is handed in -> the words that the student must read."""


def handed_in(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("what", TOLD)
def test_what_was_mended_or_left_out_reaches_the_student(
    what: str, tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, words = TOLD[what]
    folder = handed_in(tmp_path / "submission", files)
    course = thaw(frozen / "course.json").only("recurrence")
    monkeypatch.setattr(Grader, "sit", lambda self, problems: None)
    monkeypatch.setattr(Grader, "result", lambda self, problem: not_run(problem, 1.0, "todo", "no"))

    told: list[str] = []
    list(grade_submission(folder, course, casebooks(frozen), [], remark=told.append))
    assert any(words in sentence for sentence in told), told
    assert all(sentence.isprintable() for sentence in told)

    results = Results(tmp_path / "results.json")
    gradescope.grade_into(results, folder, course, casebooks(frozen))
    results.close()
    assert words in json.loads((tmp_path / "results.json").read_text())["output"]

    console = Console(file=io.StringIO(), width=200)
    show(console, [], remarks=told)
    assert words in console.file.getvalue()  # type: ignore[attr-defined]


def test_what_a_verdict_says_is_not_said_twice_and_the_rest_is_bounded() -> None:
    notes = tuple(f"note {number}" for number in range(40))
    intake = Intake(Path(), (), ("refused", *notes, "note 1"), {"rnn": "refused"})
    remarks = intake.remarks()
    assert remarks[:2] == ["note 0", "note 1"] and len(remarks) == MOST_REMARKS + 1
    assert remarks[-1].startswith(f"{40 - MOST_REMARKS} more")


def test_an_ordinary_submission_has_nothing_said_of_it(tmp_path: Path) -> None:
    folder = handed_in(tmp_path / "submission", {"recurrent/rnn.py": b"x = 1\n", "notes.txt": b""})
    assert taken(folder, tmp_path)[0].remarks() == []
