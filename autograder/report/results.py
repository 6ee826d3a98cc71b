"""results.json, from the first moment to the last: always there, always valid, whatever breaks.

Only the standard library is imported here, so that a result is written even where nothing that the
grader needs is installed.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.printable import printable_data

RESERVED = 2_000_000
"""Bytes of the disk that are kept for the results: several times what a whole course needs."""

SHORTER = (1_000, 200, 0)
"""Characters that are kept of every text, tried in order, where there is no room for all."""


class Results:
    """The file results.json, whose room on the disk is taken before any student's code runs.

    Two reserves of equal length take turns: the next state is written over the one that is not
    shown, which needs no new room, and then shown in one step. What follows the JSON is blanks.
    """

    def __init__(self, path: Path, reserved: int = RESERVED) -> None:
        self.path, self.reserved = path, reserved
        path.parent.mkdir(parents=True, exist_ok=True)
        self._reserves = [path.with_name(f".{path.name}.{letter}") for letter in "ab"]
        self._able = self._reserve()
        self._in_place = False

    def _reserve(self) -> bool:
        try:
            for reserve in self._reserves:
                # written, because only that takes the room on every system
                reserve.write_bytes(b" " * self.reserved)
            return True
        except OSError:
            # what little was taken, the results themselves may need
            self._give_back()
            return False

    def save(self, data: dict[str, Any]) -> None:
        """Replace the file in one step, so that a reader never finds half of it.

        Where there is no room for all of it, the texts are shortened, and the points stay.
        """
        try:
            self._save(as_json(data))
        except OSError:
            # the folder or the reserves may be gone: where there are no fences, a submission can
            with suppress(OSError):
                save(self.path, data)
                return
            for length in SHORTER:
                with suppress(OSError):
                    self._save(as_json(shortened(data, length)))
                    return
            # what was saved before is still there, and a valid result

    def _save(self, content: bytes) -> None:
        if not self._able or len(content) > self.reserved:
            _replace(self.path, content)
            self._in_place = False
            return
        if not self._in_place:
            write_over(self._reserves[0], content)
            self._in_place = not self._show_reserve()
        if self._in_place:
            write_over(self.path, content)

    def _show_reserve(self) -> bool:
        """Give the written reserve the file's name too; whether that could be done."""
        reserve, shown = self._reserves
        name = self.path.with_suffix(".new")
        try:
            name.unlink(missing_ok=True)
            os.link(reserve, name)
            name.replace(self.path)
        except OSError:
            # a disk without second names, or without room for one: from now on the file itself is
            # written over, which needs nothing, but is not one step
            if not shown_by(self.path, shown):
                reserve.replace(self.path)
            return False
        self._reserves.reverse()
        return True

    def close(self) -> None:
        """Give the room back that the results did not need."""
        self._give_back()
        with suppress(OSError):
            size = len(self.path.read_bytes().rstrip(b" "))
            os.truncate(self.path, size)

    def _give_back(self) -> None:
        for reserve in self._reserves:
            with suppress(OSError):
                reserve.unlink(missing_ok=True)


def write_over(path: Path, content: bytes) -> None:
    """Write the start of a file that is larger, and blanks after it; this takes no new room."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        file.write(content + b" " * (size - len(content)))


def shown_by(path: Path, reserve: Path) -> bool:
    """Whether these are two names of one file."""
    try:
        return path.samefile(reserve)
    except OSError:
        return False


def as_json(data: dict[str, Any]) -> bytes:
    """Data as the bytes of the file, in ASCII; every text in it is printable."""
    return (json.dumps(printable_data(data), indent=2) + "\n").encode("ascii")


def save(path: Path, data: dict[str, Any]) -> None:
    """Replace a file in one step, without a reserve."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, as_json(data))


def _replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(".new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def shortened(data: Any, length: int) -> Any:
    """The data with every output cut to a length.

    Half of a page in HTML is none: of such an output the plain text is kept, cut in its place.
    """
    if isinstance(data, dict):
        cut = {name: shortened(value, length) for name, value in data.items()}
        if isinstance(data.get("output"), str):
            cut["output"], cut["output_format"] = _plain(data)[:length], "text"
            cut.get("extra_data", {}).pop("text", None)
        return cut
    if isinstance(data, list):
        return [shortened(value, length) for value in data]
    return data


def _plain(data: dict[str, Any]) -> str:
    """An output as plain text: itself, or what is kept beside it where it is HTML."""
    output: str = data["output"]
    if data.get("output_format") != "html":
        return output
    text: str = data.get("extra_data", {}).get("text", "")
    return text
