"""YAML as Ruby writes it: a mapping of entries with keys such as `:submitters:`, as plain data.

One entry that is wrong costs nothing but itself: each is read alone, in which little memory is
needed, too. No object is ever made, whatever a tag asks for, and an alias is written out, as far
as that is not more than anyone writes.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from sys import intern
from typing import Any

import yaml

from autograder.printable import LINES, printable

ENTRY = re.compile(r"^[\"']?(submission_[^\s:\"']+)[\"']?[ \t]*:", re.MULTILINE)
"""Where an entry begins: at the left edge, where nothing else can stand."""

MARK = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
"""Where a document begins or ends; there is one."""

ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*\w")

MOST_VALUES = 100_000
"""Of one entry, aliases written out: a few lines of them can stand for more than any memory."""

DEEPEST = 100
"""Values in values."""

LONGEST_SHARED = 200
"""Characters of a text that many entries may have alike, so that it is kept once."""

INT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}(?:[eE][-+]?[0-9]{1,2})?")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
"""What is no text if it has no quotes. YAML knows far more: dates, `yes`, and `010` as eight."""

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C takes a third of the time, and is not everywhere."""


class Wrong(Exception):
    """An entry is not what Ruby writes."""


class _Nodes(Loader):  # type: ignore[misc]
    """Only sees how values lie in one another; what they are is decided here."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        return ""

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def entries(text: str) -> dict[str, Any]:
    """Entry -> plain data, keys without their colons; None for one that cannot be read."""
    pieces = _pieces(text)
    found: dict[str, Any] = {}
    readable: list[str] = []
    pointing = []
    for name, piece in pieces.items():
        changed, alone = _read_alone(piece)
        found[name] = alone.get(name)
        if alone:
            readable.append(changed)
        elif ALIAS.search(piece):
            pointing.append(piece)
    if found and not pointing:
        return found
    # Ruby may point from one entry into another; and in JSON no entry is found by its place
    return {**found, **(_read(text) or _read("".join([*readable, *pointing])))}


def names(text: str) -> Iterator[str]:
    """The entries that begin in a text, one that comes twice also twice."""
    return iter(ENTRY.findall(text))


def _pieces(text: str) -> dict[str, str]:
    starts = [match.start() for match in ENTRY.finditer(text)]
    ends = [*starts[1:], len(text)]
    pieces = {}
    for name, start, end in zip(names(text), starts, ends, strict=False):
        pieces[name] = MARK.sub("", text[start:end])
    return pieces


def _read_alone(piece: str) -> tuple[str, Mapping[str, Any]]:
    """What a piece says, with as little changed as it takes to read it; nothing if none helps."""
    untabbed = piece.replace("\t", "  ")
    for changed in dict.fromkeys((piece, untabbed, printable(untabbed, LINES))):
        found = _read(changed)
        if found:
            return changed, found
    return piece, {}


def _read(text: str) -> dict[str, Any]:
    """Every entry of a text; none if it is no YAML, or no mapping."""
    try:
        loader = _Nodes(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(root, yaml.MappingNode):
        return {}
    found: dict[str, Any] = {}
    for key, value in root.value:
        if isinstance(key, yaml.ScalarNode):
            found[key.value] = _plain(value)
    return found


def _plain(node: yaml.Node) -> Any:
    try:
        return _Plain().data(node, 0)
    except Wrong:
        return None


class _Plain:
    """One entry as plain data. Raises Wrong where it is more than anyone writes."""

    def __init__(self) -> None:
        self._count = 0

    def data(self, node: yaml.Node, depth: int) -> Any:
        """A value of the entry, and what is in it."""
        self._count += 1
        if self._count > MOST_VALUES or depth > DEEPEST:
            raise Wrong
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.data(one, depth + 1) for one in node.value]
        found = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Wrong
            found[intern(str(key.value).removeprefix(":"))] = self.data(value, depth + 1)
        return found


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.tag.endswith("binary"):
        return _decoded(text)
    if not node.style and (text in WORDS or text[0] in "-0123456789"):
        if text in WORDS:
            return WORDS[text]
        if INT.fullmatch(text):
            return int(text)
        if FLOAT.fullmatch(text):
            return float(text)
    return intern(text) if len(text) <= LONGEST_SHARED else text


def _decoded(text: str) -> str:
    """A text that Ruby took for bytes."""
    try:
        return a2b_base64(text).decode(errors="replace")
    except ValueError:
        raise Wrong from None
