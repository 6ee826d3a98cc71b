"""The zip that Moodle takes back: a page in each folder, called as it was downloaded.

Moodle knows by the folder's name whose it is (mod/assign/feedback/file/importziplib.php of
https://github.com/moodle/moodle), so a folder that a group shares has a page without a name.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

PAGE = "feedback.html"
MOMENT = (2000, 1, 1, 0, 0, 0)
"""Of every entry: the same pages are the same zip."""


class MoodleZip:
    """Gathers pages. left_out: what has no folder to go to, a clause each."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED)
        self._folders: set[str] = set()
        self.left_out: list[str] = []

    def add(self, folder: str, name: str, page: str) -> None:
        """Add a page. folder: as the source calls it; name: of the submission."""
        if not _is_plain(folder):
            why = "has no folder in a Moodle archive" if not folder else "has an unusable folder"
            self.left_out.append(f"{name} {why}")
        elif folder in self._folders:
            self.left_out.append(f"{name} has the folder of another")
        else:
            self._folders.add(folder)
            entry = zipfile.ZipInfo(f"{folder.rstrip('/')}/{PAGE}", MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            self._zip.writestr(entry, page)

    def content(self) -> bytes:
        """The whole zip."""
        self._zip.close()
        return self._buffer.getvalue()

    def __len__(self) -> int:
        return len(self._folders)


def _is_plain(folder: str) -> bool:
    """Whether a folder is one below the zip's top, wherever it is unpacked."""
    path = PurePosixPath(folder)
    is_inside = bool(folder) and not path.is_absolute() and ".." not in path.parts
    return is_inside and "\\" not in folder and ":" not in folder and folder.isprintable()
