"""Texts of a worker without the folders that it ran in: `recurrent/head.py:79:` says enough.

The folders of a submission have random names, so that with them no two runs would say the same; and
where the grader and its packages are installed is nobody's business.
"""

from __future__ import annotations

import os
import re
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from autograder.problem import Fault, Reply
from autograder.worker.messages import LONGEST_TEXT

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = [str(ROOT), *(sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib"))]
"""Folders that are the same in every run."""


class Relative:
    """The folders of one worker, to be taken out of what it says.

    A file in one of them is called as seen from there; the folder itself is `.` and, where it is
    one of ours, the folder above it `..`. Nothing else of a text changes.
    """

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._own: dict[str, str] = {}
        for folder in folders:
            self._own |= _spellings(Path(folder))

    def text(self, text: str, is_cut: bool = False) -> str:
        """The text without them. is_cut: it may end in the middle of a path."""
        if os.sep not in text:
            return text
        text = self._pattern.sub(self._instead, text)
        return self._without_beginning(text) if is_cut else text

    def fault(self, fault: Fault | None) -> Fault | None:
        """A fault that quotes none of them."""
        if fault is None:
            return None
        text = self.text(fault.text, len(fault.text) >= LONGEST_TEXT)
        path = tuple(self.text(step) for step in fault.path)
        return replace(fault, text=text, call=self.text(fault.call), path=path)

    def reply(self, reply: Reply) -> Reply:
        """A reply that quotes none of them."""
        odd = {name: self.text(text) for name, text in reply.odd.items()}
        return replace(reply, odd=odd, fault=self.fault(reply.fault))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        own = _any_of(self._own)
        # `/app` is no part of `/apples`; our own folders' names are random, and need no such care
        installed = rf"(?:{_any_of(INSTALLED)})(?![\w-])"
        folder = f"(?P<own>{own})|{installed}" if own else installed
        separator = "[" + re.escape(os.sep) + "/]+"
        return re.compile(f"(?:{folder})(?P<inside>{separator}(?=[^\\s'\"]))?")

    def _instead(self, found: re.Match[str]) -> str:
        above = self._own.get(found.groupdict().get("own") or "", ".")
        if found["inside"]:
            return "" if above == "." else f"{above}/"
        return above

    def _without_beginning(self, text: str) -> str:
        """The text without the first letters of a folder at its end."""
        for folder in self._own:
            for length in range(len(folder) - 1, len(tempfile.gettempdir()), -1):
                if text.endswith(folder[:length]):
                    return text[:-length]
        return text


def _spellings(folder: Path) -> dict[str, str]:
    """A folder, and the one above it if it is ours, as a worker may call them -> what is said."""
    temporary = Path(tempfile.gettempdir())
    found = {}
    for place, base in ((folder, temporary), (folder.resolve(), temporary.resolve())):
        found[str(place)] = "."
        if base in place.parent.parents:
            found[str(place.parent)] = ".."
    return found


def _any_of(folders: Sequence[str] | dict[str, str]) -> str:
    """Any of these folders, the longest first: one may lie in another."""
    by_length = sorted(folders, key=len, reverse=True)
    return "|".join(re.escape(folder) for folder in by_length)
