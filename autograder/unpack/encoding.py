"""Reading a source file in whatever encoding it was saved: it costs no points, but is mentioned.

Four codecs are known here by name. None is looked up in Python's registry by a name that a student
wrote: it holds some that raise whatever they read, and some that take quadratic time.
"""

from __future__ import annotations

import re

from autograder.unpack.shortlist import LeftOut

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

LONGEST_CODEC = 80

CODING_LINE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?"
    rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))??"  # it may be the second, after a comment
    rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)"
)
"""Where Python finds the name of a file's codec."""

CODECS = {
    "utf-8": ("utf-8", "utf8", "u8", "utf-8-sig", "cp65001", "ascii", "us-ascii"),
    "utf-16": ("utf-16", "utf16", "u16", "utf-16-le", "utf-16le", "utf-16-be", "utf-16be"),
    "latin-1": (
        "latin-1",
        "latin1",
        "l1",
        "iso-8859-1",
        "iso8859-1",
        "iso-latin-1",
        "8859-1",
        "cp819",
    ),
    "cp1252": ("cp1252", "cp-1252", "windows-1252", "1252"),
}
"""What is read, and by which names; ASCII is a part of UTF-8."""

PYTHONS_UTF8 = ("utf-8", "utf8")
"""Names by which every Python reads UTF-8, whatever the rest of the file holds."""

BY_NAME = {name: codec for codec, names in CODECS.items() for name in names}


def is_plain(content: bytes) -> bool:
    """Whether this is UTF-8 and says nothing else of itself, so that nothing has to be done."""
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    found = CODING_LINE.match(content)
    return found is None or _name(found) in PYTHONS_UTF8


def as_utf8(content: bytes) -> tuple[bytes, str]:
    """The source as UTF-8, and the rest of a sentence about what had to be guessed, if anything.

    Raises LeftOut if its coding line names a codec that is not read here.
    """
    encoding = _utf16(content)
    if encoding:
        text = content.decode(encoding, errors="replace")
        source = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").encode()
        _declared(source)
        return _relabelled(source), "is saved as UTF-16 and was read as such"
    codec = _declared(content)
    if codec == "utf-16" or content.startswith(UTF8_MARK):
        codec = "utf-8"  # it is no UTF-16, whatever it says; and a mark counts more than a line
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = content.removeprefix(UTF8_MARK).decode("latin-1")
        return _relabelled(text.encode()), "is not UTF-8 and was read as Latin-1"
    return _relabelled(text.encode()), ""


def _declared(content: bytes) -> str:
    """The codec that the coding line names; UTF-8 without one."""
    found = CODING_LINE.match(content)
    if found is None:
        return "utf-8"
    known = _name(found)
    for line_ends in ("-unix", "-dos", "-mac"):  # as Emacs writes it
        known = known.removesuffix(line_ends)
    if known not in BY_NAME:
        named = found[1][:LONGEST_CODEC].decode("ascii", errors="replace")
        raise LeftOut(
            f"says in its coding line that it is written in {named!r}, which is not read here "
            f"(save it as UTF-8 and remove that line),"
        )
    return BY_NAME[known]


def _name(found: re.Match[bytes]) -> str:
    """The codec's name in a coding line, in one spelling."""
    return found[1][:LONGEST_CODEC].decode("ascii", errors="replace").lower().replace("_", "-")


def _relabelled(source: bytes) -> bytes:
    """The source with a coding line that is right: Python would believe any other."""
    found = CODING_LINE.match(source)
    if found is None or _name(found) in PYTHONS_UTF8:
        return source
    return source[: found.start(1)] + b"utf-8" + source[found.end(1) :]


def _utf16(content: bytes) -> str:
    """The flavour of UTF-16 this is, empty if it is none.

    It shows by its mark, or because every other byte of mostly Latin text is 0.
    """
    if content.startswith(UTF16_MARKS):
        return "utf-16"
    start = content[:2000]
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(zeros) > 10 and zeros.count(0) > 0.8 * len(zeros):
            return encoding
    return ""
