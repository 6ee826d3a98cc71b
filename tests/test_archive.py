"""Zips: the same content gives the same bytes, whatever system and checkout they are built on."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout import archive, assignment, manifest, zips
from autograder.authoring.handout.archive import TEXTS, TEXTS_WITHOUT_ENDING, write_zip
from tests.conftest import COURSE_TOML, ROOT

NOON = (12, 0, 0)


def is_text(name: str) -> bool:
    return name.endswith(TEXTS) or name.rpartition("/")[2] in TEXTS_WITHOUT_ENDING


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


# ----------------------------------------------------------------------------------- dates, folders


def test_the_students_zip_has_one_folder_and_gradescopes_has_none(zips: dict[str, Path]) -> None:
    assert {name.split("/")[0] for name in contents(zips["handout"])} == {"assignment"}
    assert {"run_autograder", "setup.sh"} <= contents(zips["autograder"]).keys()


def test_files_have_the_day_of_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("a")

    def dates() -> set[Any]:
        write_zip(tmp_path / "folder", tmp_path / "a.zip")
        with zipfile.ZipFile(tmp_path / "a.zip") as opened:
            return {info.date_time for info in opened.infolist()}

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = date.today()
    found = dates()
    assert found in [{(day.year, day.month, day.day, *NOON)} for day in (before, date.today())]
    for epoch, day in (("1800000000", (2027, 1, 15)), ("0", (1980, 1, 1))):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert dates() == {(*day, *NOON)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert next(iter(dates()))[0] >= before.year


def test_scripts_can_be_run_and_nothing_else(zips: dict[str, Path]) -> None:
    with zipfile.ZipFile(zips["autograder"]) as opened:
        runnable = {info.filename for info in opened.infolist() if info.external_attr >> 16 & 0o111}
    assert runnable == {"run_autograder", "setup.sh"}


# ----------------------------------------------------------------------------------- ends of lines


@pytest.fixture
def checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """What the zips are built from, with the ends of lines that git gives on Unix and Windows."""
    monkeypatch.setattr(manifest, "commit_of", lambda root: None)
    left_out = shutil.ignore_patterns("frozen*", "__pycache__", "*.png", ".*")
    found = {}
    for system, end in (("unix", b"\n"), ("windows", b"\r\n")):
        root = found[system] = tmp_path / system
        for name in ("autograder", "solutions", "assignment"):
            shutil.copytree(ROOT / name, root / name, ignore=left_out)
        shutil.copy(COURSE_TOML, root)
        for path in root.rglob("*"):
            if path.is_file() and is_text(path.name):
                path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end))
    return found


def test_a_checkout_of_windows_builds_the_zips_of_one_of_unix(
    checkouts: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "freeze_course", _freeze_nothing)
    monkeypatch.setattr(assignment, "example", lambda *_: None)  # it is checked on what is frozen
    # What it looks for does not hang on the ends of lines, and looking takes long.
    monkeypatch.setattr(zips, "refuse_leaks", lambda folder, name: None)
    assert b"\r\n" in (checkouts["windows"] / "autograder" / "cli.py").read_bytes()
    built: dict[str, list[Path]] = {"unix": [], "windows": []}
    for system, root in checkouts.items():
        monkeypatch.setattr(zips, "ROOT", root)
        monkeypatch.setattr(zips, "FILES", root / "autograder/authoring/handout/files")
        dist = root / "dist"
        quiet = {"print_line": lambda line: None}
        built[system] += [
            zips.make_handout("recurrence", dist / "assignment.zip", **quiet),
            zips.make_autograder("recurrence", dist / "autograder.zip", seed=5, **quiet),
        ]
    for unix, windows in zip(*built.values(), strict=True):
        texts = {name: text for name, text in contents(windows).items() if is_text(name)}
        assert len(texts) > 50
        assert [name for name, text in texts.items() if b"\r" in text] == []
        assert unix.read_bytes() == windows.read_bytes()


def _freeze_nothing(solutions: Path, course: Any, frozen: Path, *_: Any, **__: Any) -> None:
    frozen.mkdir(parents=True)


def test_the_real_zips_hold_no_end_of_line_of_windows(zips: dict[str, Path]) -> None:
    for path in zips.values():
        for name, content in contents(path).items():
            assert not (is_text(name) and b"\r" in content), name


def test_no_kind_of_text_file_is_forgotten(zips: dict[str, Path]) -> None:
    """What has no zeros in it and lines is a text, and must be known as one."""
    for path in zips.values():
        for name, content in contents(path).items():
            looks_like_text = b"\0" not in content and b"\n" in content
            assert is_text(name) or not looks_like_text, name


def test_a_binary_file_keeps_every_byte(tmp_path: Path) -> None:
    for name, kept in (("a.safetensors", True), ("a.png", True), ("a.py", False)):
        path = tmp_path / name
        path.write_bytes(b"\r\n\0")
        assert archive.content_of(path) == (b"\r\n\0" if kept else b"\n\0")


def test_no_casebook_is_stale_on_windows(checkouts: dict[str, Path]) -> None:
    """Fingerprints are of texts as Python reads them, in which every line ends alike."""
    unix, windows = (load_answers(root / "solutions") for root in checkouts.values())
    assert unix.sources == windows.sources
    assert unix.misconceptions == windows.misconceptions


def test_git_is_told_to_leave_the_ends_of_lines_alone() -> None:
    rules = (ROOT / ".gitattributes").read_text().splitlines()
    assert "* text=auto eol=lf" in rules
