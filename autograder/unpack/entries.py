"""The bytes in which the unpacking program hands back what it found, and their one strict reader.

An entry is a kind, four lengths, and as many bytes; the last entry is the end. Whatever breaks off
before it was not finished.
"""

from __future__ import annotations

import struct

HEAD = struct.Struct("!B3HI")
KINDS = ("end", "source", "left out", "remark", "refused")
"""source, left out: one file. remark, refused: of the whole that was looked into."""

LONGEST_TEXT = 1_000
LARGEST_SOURCE = 3_000_000
"""Bytes of a source as UTF-8, which takes up to three for a character that took one."""

MOST_BYTES = 64_000_000
"""Of a whole answer: more than all modules of the course at their largest."""


class Garbled(Exception):
    """These bytes are no answer of the program's."""


class Entry:
    """One thing that was found.

    path: where it lies in what was handed in. text: what is to be said of it. date: digits, of
    which larger ones are later; empty where nobody knows.
    """

    def __init__(
        self, kind: str, path: str = "", text: str = "", date: str = "", content: bytes = b""
    ) -> None:
        self.kind, self.path, self.text, self.date = kind, path, text, date
        self.content = content


def pack(entry: Entry) -> bytes:
    """An entry as bytes."""
    texts = []
    for text in (entry.path, entry.text, entry.date):
        # a character takes four bytes at most
        texts.append(text[: LONGEST_TEXT // 4].encode(errors="replace"))
    lengths = [len(text) for text in texts]
    head = HEAD.pack(KINDS.index(entry.kind), *lengths, len(entry.content))
    return b"".join([head, *texts, entry.content])


def unpack(data: bytes) -> tuple[list[Entry], bool]:
    """All entries that are there as a whole, and whether the end was among them.

    Raises Garbled for what `pack` would never write.
    """
    entries: list[Entry] = []
    place = 0
    while len(data) >= place + HEAD.size:
        kind, *lengths, size = HEAD.unpack_from(data, place)
        if kind >= len(KINDS) or max(lengths) > LONGEST_TEXT or size > LARGEST_SOURCE:
            raise Garbled
        place += HEAD.size
        if len(data) < place + sum(lengths) + size:
            break
        texts = []
        for length in lengths:
            texts.append(data[place : place + length].decode(errors="replace"))
            place += length
        content = data[place : place + size]
        place += size
        if KINDS[kind] == "end":
            return entries, True
        path, text, date = texts
        entries.append(Entry(KINDS[kind], path, text, date, content))
    return entries, False
