"""Which module a file is meant to be, by its name alone: as asked for, or as computers change it.

Browsers, file managers, learning platforms and people add numbers, `copy`, their own names, a
second ending. What is left of a name between such words is looked for among the modules.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

NOISE = frozenset((
    "copy", "of", "copia", "de", "copie", "kopie", "von", "kopia", "final", "new", "last", "latest",
    "version", "ver", "late", "done", "finished", "solution", "submission", "download", "py", "txt",
    "ipynb",
))  # fmt: skip
"""Words that a name may have besides the module's without being another file's name."""

NUMBER = re.compile(r"v?\d+|[0-9a-f]{4,12}")
"""What counts copies and versions, and the pieces of a UUID."""

BETWEEN = re.compile(r"[^0-9a-z]+")
PYTHON = re.compile(r"\.py\b|\.txt\Z")
"""A name with one of these in it may be a Python file's."""

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
"""Endings of what is unpacked."""

OTHER_ARCHIVES = (".7z", ".rar", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst")
"""Endings of what is not, so that it is named."""

GZIP = b"\x1f\x8b"
"""The first bytes of a .gz file."""

NO_SOURCE = (
    ".rtf", ".doc", ".docx", ".odt", ".pages", ".pdf", ".html", ".md", ".pyc", ".pyw",
)  # fmt: skip
"""Endings of what a module may have been saved as by mistake; it is not read, but named."""

BACKUP = ("~", ".bak", ".swp", ".orig", ".pyc")
"""Endings of what editors keep beside a file, which is older than the file."""


class Guess:
    """What a file is meant to be.

    exact: it has the very name. sure: what else is in the name means nothing; else it may be a file
    of its own, and only what is in it can tell.
    """

    def __init__(self, module: str, exact: bool, sure: bool) -> None:
        self.module, self.exact, self.sure = module, exact, sure


def guess(name: str, modules: Collection[str]) -> Guess | None:
    """The module that a file of this name is meant to be; None if it is nobody's."""
    stem, dot, ending = name.rpartition(".")
    if dot and ending == "py" and stem in modules:
        return Guess(stem, exact=True, sure=True)
    lower = name.lower()
    if lower.startswith(".") or lower.endswith(BACKUP) or not PYTHON.search(lower):
        return None
    words = [word for word in BETWEEN.split(lower) if word]
    found = []
    for module in modules:
        if module not in lower and "_" not in module:
            continue  # nearly all names, and there may be tens of thousands
        found += [(module, place) for place in _places(module.split("_"), words)]
    found = [one for one in found if not any(_is_inside(one, other) for other in found)]
    if len({module for module, _ in found}) != 1:
        return None  # `rnn_vs_lstm.py` is neither
    module, place = found[0]
    others = words[:place] + words[place + len(module.split("_")) :]
    return Guess(module, exact=False, sure=all(map(_says_nothing, others)))


def lookalike(name: str, modules: Collection[str]) -> str | None:
    """The module that a file seems to be, but for its ending; None if it is nobody's."""
    lower = name.lower()
    stem, dot, _ = lower.rpartition(".")
    if dot and not lower.endswith(NO_SOURCE):
        return None
    guessed = guess(f"{stem if dot else lower}.py", modules)
    return guessed.module if guessed is not None and guessed.sure else None


def _places(wanted: list[str], words: list[str]) -> Iterator[int]:
    """Where these words stand one after another among others."""
    for place in range(len(words) - len(wanted) + 1):
        if words[place : place + len(wanted)] == wanted:
            yield place


def _is_inside(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Whether a module is seen only in the words of a longer one, as rnn in linear_rnn."""
    (module, place), (longer, begin) = one, other
    end, longer_end = place + module.count("_"), begin + longer.count("_")
    return module != longer and begin <= place and end <= longer_end


def _says_nothing(word: str) -> bool:
    return word in NOISE or NUMBER.fullmatch(word) is not None
