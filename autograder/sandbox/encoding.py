"""Reading a source file in whatever encoding it was saved: it costs no points, but is mentioned."""

from __future__ import annotations

import io
import re
import tokenize

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DECLARATION = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)


def as_utf8(content: bytes, name: str, notes: list[str]) -> bytes:
    """The source as UTF-8; what had to be guessed is added to `notes`."""
    encoding = _utf16(content)
    if encoding:
        notes.append(f"{name} is saved as UTF-16 and was read as such")
        text = content.decode(encoding, errors="replace")
        return text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").encode()
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        content.decode(encoding)
        return content
    except (SyntaxError, UnicodeDecodeError, LookupError):
        notes.append(f"{name} is not UTF-8 and was read as Latin-1")
        return _undeclared(content).decode("latin-1").encode()


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


def _undeclared(content: bytes) -> bytes:
    """The source without a coding line that is wrong: Python would believe it."""
    first, second, rest = [*content.split(b"\n", 2), b"", b""][:3]
    # Python looks for one in the first two lines; an empty comment keeps their numbers
    lines = [b"#" if DECLARATION.match(line) else line for line in (first, second)]
    return b"\n".join([*lines, rest])
