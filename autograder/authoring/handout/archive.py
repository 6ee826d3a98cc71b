"""Writing a folder as a zip: the same content gives the same bytes, on every system."""

from __future__ import annotations

import io
import os
import tarfile
import time
import zipfile
from datetime import date, datetime, timezone
from pathlib import Path, PurePosixPath

RUNNABLE = ("setup.sh", "run_autograder", "run.sh")

TEXTS = (
    ".py", ".sh", ".txt", ".md", ".toml", ".ipynb", ".json", ".csv", ".cfg", ".svg", ".yml", ".html"
)  # fmt: skip
"""What the names of text files end with."""

TEXTS_WITHOUT_ENDING = ("run_autograder", "Dockerfile", "autograde-Makefile")

Date = tuple[int, int, int, int, int, int]


def write_zip(folder: Path, out: Path, top: str = "") -> None:
    """Write all files of a folder into a zip, in the order of their names.

    top: a folder in the zip that everything lies in, so that unpacking fills no other one.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    when = date_of_files()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            inside = PurePosixPath(top, path.relative_to(folder).as_posix())
            info = zipfile.ZipInfo(str(inside), when)
            info.create_system = 3  # Unix, wherever it is built: else nobody looks at permissions
            # Its permissions stand in the upper half of the attributes.
            info.external_attr = (0o755 if path.name in RUNNABLE else 0o644) << 16
            # A ZipInfo of one's own does not take the archive's compression.
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content_of(path))


def write_tar(folder: Path, out: Path, top: str) -> None:
    """Write all files of a folder into a tar, in the order of their names, below a folder `top`."""
    when = datetime(*date_of_files(), tzinfo=timezone.utc).timestamp()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as archive:
        for path in files:
            content = content_of(path)
            info = tarfile.TarInfo(str(PurePosixPath(top, path.relative_to(folder).as_posix())))
            info.size, info.mtime = len(content), int(when)
            info.mode = 0o755 if path.name in RUNNABLE else 0o644
            archive.addfile(info, io.BytesIO(content))


def build_day() -> date:
    """The day of the build: today, or that of SOURCE_DATE_EPOCH where it is set.

    Not the newest commit's, which says nothing of an edit that is not committed.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return date(*time.gmtime(int(epoch))[:3])
    return date.today()


def date_of_files() -> Date:
    """The date of every file in a zip: noon of the day of the build.

    A day and no time, so that two builds on one day give the same bytes; noon, so that it is the
    same day nearly everywhere.
    """
    day = max(build_day(), date(1980, 1, 1))  # zips know no earlier one
    return (day.year, day.month, day.day, 12, 0, 0)


def content_of(path: Path) -> bytes:
    r"""A file's bytes; a text's lines end with \n, whatever git made of them on Windows.

    A script whose first line ends with \r starts nowhere.
    """
    content = path.read_bytes()
    if path.suffix in TEXTS or path.name in TEXTS_WITHOUT_ENDING:
        return content.replace(b"\r\n", b"\n")
    return content
