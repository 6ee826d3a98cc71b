"""An archive is a folder like any other: unpacked where it helps, named where it cannot be."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.intake import IntakeError
from autograder.unpack.shortlist import MOST_OTHERS
from tests.intake.taking_in import NAMES, taken
from tests.intake.test_choice import RECURRENCE, STUBS, in_folder
from tests.submissions import REFERENCE

RIGHT = {path: text.encode() for path, text in in_folder("hw/", REFERENCE, *RECURRENCE).items()}
"""Path -> bytes of right work."""


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    """A tar, compressed by its mode."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


ARCHIVES = {
    "submission.zip": zipped(RIGHT),
    "SUB.ZIP": zipped(RIGHT),
    "work.tar.gz": tarred(RIGHT),
    "work.tgz": tarred(RIGHT),
    "work.tar": tarred(RIGHT, "w"),
    "outer.zip": zipped({"a/inner.zip": zipped(RIGHT), "readme.txt": b"hello"}),
    "outer.tar.gz": tarred({"inner.zip": zipped(RIGHT)}),
    "a zip at the end.tar": tarred({"a.txt": b"x", "inner.zip": zipped(RIGHT)}, "w"),
    "dots.zip": zipped({f"./{path}": content for path, content in RIGHT.items()}),
    "deeper.zip": zipped({"one.zip": zipped({"two.zip": zipped(RIGHT)})}),
}


def folder_with(tmp_path: Path, files: Mapping[str, bytes]) -> Path:
    """A submission of these files."""
    folder = tmp_path / "submission"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("beside", [{}, {"notes.py": b"x = 1\n"}], ids=["alone", "beside another"])
@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_in_a_folder_is_unpacked_and_it_is_said(
    name: str, beside: dict[str, bytes], tmp_path: Path
) -> None:
    intake, files = taken(folder_with(tmp_path, {name: ARCHIVES[name], **beside}), tmp_path)
    assert set(files) == set(RECURRENCE)
    assert intake.remarks() == [f"the files are in {name}: it was unpacked"]


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_by_itself_is_unpacked(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(ARCHIVES[name])
    intake, files = taken(tmp_path / name, tmp_path)
    assert set(files) == set(RECURRENCE) and not intake.notes


@pytest.mark.parametrize("ending", ["7z", "rar", "tar.xz", "tar.bz2", "tar.zst", "RAR"])
def test_what_cannot_be_unpacked_is_named(ending: str, tmp_path: Path) -> None:
    name = f"work.{ending}"
    words = f"{name} cannot be unpacked here: hand in a zip file, or the folder recurrent/ itself"
    with pytest.raises(IntakeError) as raised:
        taken(folder_with(tmp_path, {name: b"7z\xbc\xaf"}), tmp_path)
    assert str(raised.value) == words
    beside = {f"{n}/notes.py": b"" for n in "ab"}
    intake, _ = taken(folder_with(tmp_path / "2", {name: b"7z\xbc\xaf", **beside}), tmp_path / "2")
    assert intake.remarks() == [words]


def test_with_two_it_is_said_which_was_judged(tmp_path: Path) -> None:
    older = {path: content + b"# older\n" for path, content in RIGHT.items()}
    files = {"a.zip": zipped({**older, "hw/lstm.py": b""}), "b.zip": zipped(RIGHT)}
    intake, found = taken(folder_with(tmp_path, files), tmp_path)
    assert intake.remarks()[0] == "the files are in a.zip: it was unpacked"
    assert intake.remarks()[1].startswith("the files in a.zip/hw/ were graded, and not b.zip/hw/")
    assert found["rnn"] == older["hw/rnn.py"]


def test_a_second_archive_is_not_opened_where_all_is_there(tmp_path: Path) -> None:
    files = {f"recurrent/{name}.py": REFERENCE[name].encode() for name in NAMES}
    intake, found = taken(folder_with(tmp_path, {**files, "old.zip": b"no zip"}), tmp_path)
    assert set(found) == set(NAMES) and not intake.notes


def test_stubs_beside_an_archive_of_work_are_not_judged(tmp_path: Path) -> None:
    stubs = {f"recurrent/{name}.py": STUBS[name].encode() for name in NAMES}
    intake, found = taken(folder_with(tmp_path, {**stubs, "mine.zip": zipped(RIGHT)}), tmp_path)
    assert found == {name: REFERENCE[name].encode() for name in RECURRENCE}
    assert "those in recurrent/ are still the stubs" in intake.remarks()[1]


HEAPS = {
    "an environment": "env/lib/python3.11/site-packages/p{}/rnn.py",
    "another": "recurrent/venv/Lib/site-packages/torch/p{}.py",
    "a data set": "data/images/{}.png",
    "a repository": ".git/objects/{}",
    "somebody's code": "thirdparty/part{}/code.py",
}


@pytest.mark.parametrize("what", HEAPS)
def test_what_lies_beside_the_work_costs_nothing(what: str, tmp_path: Path) -> None:
    """6000 files, in a folder and in a zip: the same answer for both."""
    work = {f"recurrent/{name}.py": REFERENCE[name].encode() for name in RECURRENCE}
    heap = {HEAPS[what].format(number): b"x = 1\n" for number in range(6000)}
    folder = folder_with(tmp_path, heap | work)
    (tmp_path / "s.zip").write_bytes(zipped(heap | work))
    for number, submission in enumerate((folder, tmp_path / "s.zip")):
        (tmp_path / str(number)).mkdir()
        intake, files = taken(submission, tmp_path / str(number))
        assert set(files) == set(RECURRENCE) and not intake.notes
        written = list((tmp_path / str(number)).rglob("*.py"))
        assert len(written) <= len(RECURRENCE) + 1 + MOST_OTHERS


def test_bombs_in_a_tar_and_in_zips_in_zips_end(tmp_path: Path) -> None:
    bomb = bytes(100_000_000)
    layers = zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"rnn.py": b""})})})})
    for name, content in {
        "b.tar.gz": tarred({"rnn.py": bomb}),
        "b.zip": zipped({"inner.zip": zipped({"rnn.py": bomb})}),
        "z.zip": layers,
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        try:
            _, files = taken(folder_with(folder, {name: content}), folder)
        except IntakeError as error:
            assert str(error).startswith(f"{name} cannot be read as a tar file: it holds more")
        else:
            assert files == {}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_a_path_that_is_there_twice_the_later_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for text in ("first", "second"):
            archive.writestr("rnn.py", REFERENCE["rnn"] + f"# {text}\n")
    _, files = taken(tmp_path / "s.zip", tmp_path)
    assert files["rnn"].endswith(b"# second\n")
