"""Whatever a student's code has written is removed, and removing it raises nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.sandbox.cleanup import remove, remove_tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs folders by descriptor")


def deep(folder: Path, names: tuple[str | bytes, ...] = ("d",), depth: int = 3000) -> None:
    """Folders in folders, each with a file, deeper than recursion and paths can go."""
    here = os.open(folder, os.O_RDONLY)
    for number in range(depth):
        name = names[number % len(names)]
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inner))
        os.close(here)
        here = inner
    os.close(here)


def deeper_than_a_path(folder: Path) -> None:
    deep(folder, ("d" * 250,), 40)


def names_that_are_taken(folder: Path) -> None:
    """The numbers that what is moved up is named by."""
    deep(folder, ("1", "2", "3"), 50)
    (folder / "4").write_text("x")
    (folder / "5").mkdir()


def not_utf8(folder: Path) -> None:
    deep(folder, (b"\xff\xfe", b"\n\x1b"), 20)


def closed(folder: Path) -> None:
    """Folders without any permission, one in the other."""
    inner = folder / "a" / "b" / "c"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    for path in (inner, inner.parent, inner.parent.parent, folder):
        path.chmod(0)


def wide(folder: Path) -> None:
    for number in range(300):
        (folder / f"d{number}").mkdir()
        (folder / f"d{number}" / "x").write_text("x")


def pipes_and_links(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    (folder / "self").symlink_to(folder)
    (folder / "nowhere").symlink_to("nowhere")
    (folder / "d").mkdir()
    (folder / "d" / "up").symlink_to("..")


BUILDERS = (deep, deeper_than_a_path, names_that_are_taken, not_utf8, closed, wide, pipes_and_links)


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("removing", [remove_tree, remove])
def test_nothing_is_left(
    build: Callable[[Path], None], removing: Callable[[Path], bool], tmp_path: Path
) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    build(folder)
    assert removing(folder)
    assert not os.path.lexists(folder)


def test_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir(mode=0o500)
    (tmp_path / "file").write_text("ours")
    folder = tmp_path / "scratch"
    (folder / "d").mkdir(parents=True)
    (folder / "d" / "link").symlink_to(ours)
    (folder / "link").symlink_to(ours)
    (folder / "file").symlink_to(tmp_path / "file")
    assert remove_tree(folder)
    assert ours.stat().st_mode & 0o777 == 0o500
    assert (tmp_path / "file").read_text() == "ours"
    assert remove(tmp_path / "nothing")


def test_a_link_in_place_of_the_folder_is_no_way_in(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "file").write_text("ours")
    (tmp_path / "link").symlink_to(ours)
    remove_tree(tmp_path / "link")
    assert (ours / "file").exists()
