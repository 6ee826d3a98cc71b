"""Which of the files that were handed in are read at all: few, whatever else lies beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from autograder.unpack.entries import Entry
from autograder.unpack.names import guess, lookalike

TYPE_CHECKING = False
if TYPE_CHECKING:  # see `program`
    from typing import IO, BinaryIO

LARGEST_FILE = 1_000_000
MOST_TRIES = 10
"""Files that are read for one module."""

MOST_OTHERS = 100
"""Files that are read because they may be helpers, or hold what should be elsewhere."""

MOST_BYTES = 40_000_000
"""Of all that is read of a submission; what comes after is left out."""

TOO_LARGE = f"is larger than {LARGEST_FILE / 1e6:g} MB"
TOO_MUCH = "comes after more than can be read"

NO_PYTHON = "is no Python source file"

DEEPEST = 6
JUNK = frozenset((
    "__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".hg", ".svn", ".idea", ".vscode",
    ".venv", "venv", ".tox", "node_modules", "site-packages", "dist-packages",
))  # fmt: skip
"""Folders in which no submission lies, in an archive or not."""

Read = Callable[[], tuple[bytes, str]]
"""Gives the source as UTF-8 and what is to be said of it, or raises LeftOut."""


class LeftOut(Exception):
    """One file is not taken; the message is the rest of a sentence that begins with its name."""


def read_bounded(file: BinaryIO | IO[bytes], most: int = LARGEST_FILE) -> bytes:
    """A file's bytes. Raises LeftOut if there are more than a source may have."""
    content = file.read(most + 1)
    if len(content) > most:
        raise LeftOut(TOO_LARGE if most == LARGEST_FILE else f"is larger than {most / 1e6:g} MB")
    return content


class Place:
    """Where a file lies, with `/`, how to read it, and its date if an archive knows one."""

    def __init__(self, path: str, read: Read, date: str = "") -> None:
        self.read, self.date = read, date
        self.parts = [part for part in path.split("/") if part not in ("", ".")]
        self.path = "/".join(self.parts)
        self.name = self.parts[-1] if self.parts else ""

    @property
    def is_open(self) -> bool:
        """Whether it lies where something may be handed in."""
        return 0 < len(self.parts) <= DEEPEST + 1 and not JUNK & set(self.parts)


def shortlist(places: Iterable[Place], modules: Collection[str]) -> list[Place]:
    """Those that may be one of the modules, the likeliest first; then other Python files, and
    notebooks.
    """
    candidates, others = [], []
    # an archive may have a file twice; the later one is what unpacking it would leave
    for place in {place.path: place for place in places if place.is_open}.values():
        guessed = guess(place.name, modules)
        if guessed is not None:
            # the path itself last, so that the choice never depends on the order of a folder
            order = (not guessed.exact, not guessed.sure, len(place.parts), place.path)
            candidates.append((order, guessed.module, place))
        elif place.name.lower().endswith((".py", ".ipynb")):
            others.append(place)
        elif lookalike(place.name, modules) is not None:
            others.append(Place(place.path, _no_source))
    tries: dict[str, int] = {}
    chosen = []
    for _, module, place in sorted(candidates, key=lambda candidate: candidate[0]):
        tries[module] = tries.get(module, 0) + 1
        if tries[module] <= MOST_TRIES:
            chosen.append(place)
    others.sort(key=lambda place: (len(place.parts), place.path))
    return chosen + others[:MOST_OTHERS]


def _no_source() -> tuple[bytes, str]:
    raise LeftOut(NO_PYTHON)


def read_all(places: Iterable[Place]) -> Iterator[Entry]:
    """Every file's source, or why it is left out, as long as there is room for it."""
    room = MOST_BYTES
    for place in places:
        try:
            content, remark = place.read()
            if len(content) > room:
                raise LeftOut(TOO_MUCH)
        except LeftOut as error:
            yield Entry("left out", place.path, str(error))
            continue
        room -= len(content)
        yield Entry("source", place.path, remark, place.date, content)
