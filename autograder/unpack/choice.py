"""Which of the files that were handed in is taken for which module."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from autograder.unpack.entries import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:  # see `program`
    from typing import IO, BinaryIO

LARGEST_FILE = 1_000_000
MOST_TRIES = 10
"""Files that are tried for one module before it counts as not handed in."""

TOO_LARGE = f"is larger than {LARGEST_FILE / 1e6:g} MB"

MOST_ENTRIES = 5_000
TOO_MANY = f"there are more than {MOST_ENTRIES} files; not all of them were looked at"

DEEPEST = 6
JUNK = (
    "__MACOSX",
    ".ipynb_checkpoints",
    "__pycache__",
    ".git",
    ".venv",
    "venv",
    "node_modules",
    "site-packages",
)
"""Folders in which no submission lies, in a zip or not."""

Read = Callable[[], tuple[bytes, str]]
"""Gives the source as UTF-8 and what is to be said of it, or raises LeftOut."""


class LeftOut(Exception):
    """One file is not taken; the message is the rest of a sentence that begins with its name."""


def read_bounded(file: BinaryIO | IO[bytes]) -> bytes:
    """A file's bytes. Raises LeftOut if there are more than a source may have."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise LeftOut(TOO_LARGE)
    return content


class Candidate:
    """A file that may be one of the expected: where it lies, with `/`, and how to read it."""

    def __init__(self, path: str, read: Read) -> None:
        self.path, self.read = path, read
        self.parts = [part for part in path.split("/") if part not in ("", ".")]
        self.name = self.parts[-1] if self.parts else ""

    @property
    def is_likely(self) -> bool:
        """Whether it is a Python file by its name, and lies where one may be handed in."""
        is_python = self.name.lower().endswith(".py") and len(self.name) > len(".py")
        return is_python and len(self.parts) <= DEEPEST + 1 and not set(self.parts) & set(JUNK)

    def module(self) -> str:
        """The module it is meant to be: `rnn` for RNN.PY, `rnn (1).py` and `rnn - Copy.py`."""
        name = self.name[: -len(".py")].lower()
        for tail in (" - copy", "- copy", " copy"):
            name = name.removesuffix(tail)
        head, _, tail = name.partition("(")
        return head.strip() if tail.rstrip(") ").isdigit() else name

    def preference(self) -> tuple[bool, bool, int, str]:
        """Smaller is better: its exact name, in a folder `recurrent`, not deep down."""
        other_name = self.name != f"{self.module()}.py"
        elsewhere = "recurrent" not in self.parts
        # the path itself last, so that the choice never depends on the order of a folder
        return (other_name, elsewhere, len(self.parts), self.path)


def choose(candidates: Iterable[Candidate], modules: Collection[str]) -> Iterator[Entry]:
    """The best candidate for each module that can be read, and those before it that cannot."""
    taken: set[str] = set()
    tries: dict[str, int] = {}
    for candidate in sorted(candidates, key=Candidate.preference):
        module = candidate.module()
        if module not in modules or module in taken or tries.get(module, 0) >= MOST_TRIES:
            continue
        tries[module] = tries.get(module, 0) + 1
        try:
            content, remark = candidate.read()
        except LeftOut as error:
            yield Entry("left out", module, candidate.name, str(error))
            continue
        taken.add(module)
        yield Entry("source", module, candidate.name, remark, content)
