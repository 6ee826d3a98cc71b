"""What is handed in beside `recurrent/head.py`, or in its place. Each function changes a folder."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from pathlib import Path


def head(folder: Path) -> Path:
    """The file that most of these change."""
    return folder / "recurrent" / "head.py"


def upper_case(folder: Path) -> None:
    head(folder).rename(folder / "recurrent" / "HEAD.PY")


def numbered(folder: Path) -> None:
    head(folder).rename(folder / "recurrent" / "head (1).py")


def byte_order_mark(folder: Path) -> None:
    head(folder).write_bytes(b"\xef\xbb\xbf" + head(folder).read_bytes())


def utf16(folder: Path) -> None:
    head(folder).write_bytes(head(folder).read_text().encode("utf-16"))


def crlf(folder: Path) -> None:
    head(folder).write_bytes(head(folder).read_bytes().replace(b"\n", b"\r\n"))


def latin1(folder: Path) -> None:
    head(folder).write_bytes("# caf\u00e9\n".encode("latin-1") + head(folder).read_bytes())


def zero_bytes(folder: Path) -> None:
    head(folder).write_bytes(head(folder).read_bytes() + b"\0\0\0")


def nested(folder: Path) -> None:
    (folder / "hw 1 final (2)").mkdir()
    (folder / "recurrent").rename(folder / "hw 1 final (2)" / "recurrent")


def flat(folder: Path) -> None:
    for path in (folder / "recurrent").iterdir():
        path.rename(folder / path.name)
    (folder / "recurrent").rmdir()


def zipped(folder: Path) -> None:
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        for path in (folder / "recurrent").iterdir():
            archive.write(path, f"homework/recurrent/{path.name}")
    shutil.rmtree(folder / "recurrent")


def litter(folder: Path) -> None:
    for place in (
        "__MACOSX/recurrent/._head.py",
        ".ipynb_checkpoints/head.py",
        "recurrent/.DS_Store",
        "x/__pycache__/head.py",
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(b"\0junk")


def notebook(folder: Path) -> None:
    with (folder / "head.ipynb").open("wb") as file:
        file.truncate(50_000_000)
    (folder / "rnn.ipynb").write_text(
        '{"cells": [{"source": ["%matplotlib inline\\n", "!pip install torch"]}]}'
    )


def link_loop(folder: Path) -> None:
    (folder / "recurrent" / "again").symlink_to(folder)


def pipe(folder: Path) -> None:
    head(folder).unlink()
    os.mkfifo(head(folder))


def many(folder: Path) -> None:
    (folder / "data").mkdir()
    for number in range(6000):
        (folder / "data" / f"{number}.txt").touch()


def bomb(folder: Path) -> None:
    with (
        zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("recurrent/head.py", "w") as member,
    ):
        # in pieces: this process is the judge, and its memory is measured
        for _ in range(100):
            member.write(bytes(1_000_000))


def hard_link(folder: Path) -> None:
    os.link(head(folder), folder / "second-name")


def impostors(folder: Path) -> None:
    """If one of these is ever imported, it says so and ends the process."""
    for place in (
        "numpy.py", "json.py", "random.py", "torch/__init__.py", "autograder/__init__.py",
        "wire.py", "sitecustomize.py", "usercustomize.py", "recurrent/numpy.py",
        "recurrent/__init__.py", "recurrent/wire.py", "safetensors/numpy.py",
    ):  # fmt: skip
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text("import os\nprint('IMPOSTOR')\nos._exit(3)\n")


def hooks(folder: Path) -> None:
    deed = "import os\nopen('@PLACE@/EXECUTED', 'w').close()\nos._exit(3)\n"
    for place in ("conftest.py", "setup.py", "recurrent/conftest.py", "test_all.py", "__main__.py"):
        (folder / place).write_text(deed)
    (folder / "evil.pth").write_text("import os; os._exit(3)\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n")
    (folder / "requirements.txt").write_text(".\n")


def link_to_solution(folder: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    head(folder).unlink()
    head(folder).symlink_to(root / "solutions" / "recurrent" / "head.py")


def unknown_codec(folder: Path) -> None:
    """A codec of Python's own that raises whatever it reads."""
    head(folder).write_bytes(b"# coding: undefined\n" + head(folder).read_bytes())


def slow_codec(folder: Path) -> None:
    """A codec that takes quadratic time, and almost as much as a file may hold."""
    head(folder).write_bytes(b"# coding: punycode\n-" + b"a" * 990_000)


def second_line_codec(folder: Path) -> None:
    head(folder).write_bytes(b"# mine\n# -*- coding: unicode_escape -*-\n" + b"\\u0041 = 1\n" * 99)


def zip_with(folder: Path, *odd: zipfile.ZipInfo, placeholder: bytes = b"") -> None:
    """Zip the submission, with these members before the others.

    placeholder: bytes that are zeroed in the whole file, for names that no tool can write.
    """
    path = folder / "homework.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for member in odd:
            archive.writestr(member, "raise SystemExit\n")
        for source in sorted((folder / "recurrent").iterdir()):
            archive.write(source, f"recurrent/{source.name}")
    shutil.rmtree(folder / "recurrent")
    if placeholder:
        path.write_bytes(path.read_bytes().replace(placeholder, bytes(len(placeholder))))


def nameless_member(folder: Path) -> None:
    zip_with(folder, zipfile.ZipInfo("@NAMELESS@"), placeholder=b"@NAMELESS@")


def members_with_odd_paths(folder: Path) -> None:
    """Up and away, from the root, dots alone, a folder and a link by the name of a file."""
    link = zipfile.ZipInfo("recurrent/old/head.py")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = ("../../recurrent/rnn.txt", "/etc/passwd", "...", "recurrent/head.py/", "\\", "C:\\x")
    zip_with(folder, link, *[zipfile.ZipInfo(name) for name in names])


def zip_with_colours(folder: Path) -> None:
    """A right submission in a zip whose name moves the cursor, turns round, and is no UTF-8."""
    zip_with(folder)
    name = b"\x1b]0;mine\x07\x1b[2J\x1b[32m full marks\x1b[0m\n\xe2\x80\xae<b>\xff.zip"
    (folder / "homework.zip").rename(folder / os.fsdecode(name))
