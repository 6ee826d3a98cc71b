"""A Python file as tokens in which names do not matter, and its words: comments and own names.

Whoever copies renames; what is left is the order of operators, calls of a library, and numbers.
"""

from __future__ import annotations

import builtins
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

MOST_RESTARTS = 20
"""Places in a broken file after which reading is taken up again on the next line."""

MOST_TOKENS = 60_000
"""Of one file; the work of the longest lesson has 5,000."""

SKIPPED = (
    tokenize.COMMENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.ERRORTOKEN,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.NEWLINE,
    tokenize.NL,
)

LAYOUT = ("(", ")", ",", ";")
"""A formatter adds and takes them away."""

KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))
"""Names that stay: no student has made them up."""

NAME, STRING = "v", "s"
"""Stand for every other name, and for every text."""

BREAK = "def"
"""Stands for the line that names a function or class: it is the stub's, and no run goes over it."""

RECEIVER = re.compile(r"^[ \t]+(?:async[ \t]+)?def[ \t]+\w+[ \t]*\([ \t]*(\w+)", re.MULTILINE)
"""The first argument of a method: `self`, by whatever name. Its attributes are the student's."""

QUOTES = re.compile(r"^[rRbBuUfF]*['\"]+|['\"]+$")
"""Around a docstring."""

LEAST_NAME = 3
"""Characters of a name that may tell something; `x` and `dh` are everybody's."""

LEAST_WORDS = 3
"""Of a comment that may tell something."""


@dataclass(frozen=True)
class Token:
    """One token as it is compared, and the line that it is on, from 1."""

    text: str
    line: int


@dataclass(frozen=True)
class Tokens:
    """A file: what is compared, its comments and docstrings, and the names that it makes up."""

    code: tuple[Token, ...]
    comments: frozenset[str]
    names: frozenset[str]


def tokens_of(source: str) -> Tokens:
    """The tokens of a file; of a broken one, those that can be read."""
    code: list[Token] = []
    comments, names = set(), set()
    before, header = _Before(frozenset(RECEIVER.findall(source))), _Header()
    for token, line in _tolerant(source):
        if token.type == tokenize.COMMENT:
            comments |= _told(token.string.lstrip("# \t"))
        if token.type in SKIPPED:
            before.see(token)
            continue
        if before.is_statement and token.type == tokenize.STRING:
            comments |= _told(QUOTES.sub("", token.string))
            before.see(token)
            continue
        text = _normal(token, before)
        is_header = header.has(token, line, before.is_statement)
        if text == NAME and len(token.string) >= LEAST_NAME:
            names.add(token.string)
        if is_header and (not code or code[-1].text != BREAK):
            code.append(Token(BREAK, line))
        if not is_header and text not in LAYOUT:
            code.append(Token(text, line))
        before.see(token)
    return Tokens(tuple(code), frozenset(comments), frozenset(names))


class _Before:
    """What stands before a token: a dot, whose name; and whether a statement begins.

    receivers: what methods call the object that they are of.
    """

    def __init__(self, receivers: frozenset[str]) -> None:
        self.is_statement, self._receivers = True, receivers
        self._last, self._one_before = "", ""

    @property
    def is_of_a_library(self) -> bool:
        """Whether a name here is an attribute of anything but the student's own object."""
        return self._last == "." and self._one_before not in self._receivers

    def see(self, token: tokenize.TokenInfo) -> None:
        if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING):
            return
        ends = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        self.is_statement = token.type in ends
        self._last, self._one_before = token.string, self._last


class _Header:
    """Whether tokens belong to the line that names a function or a class."""

    def __init__(self) -> None:
        self._is_in, self._depth, self._colon = False, 0, 0

    def has(self, token: tokenize.TokenInfo, line: int, is_statement: bool) -> bool:
        if token.string in ("def", "class") or (is_statement and token.string in ("async", "@")):
            self._is_in, self._depth, self._colon = True, 0, 0
        elif 0 < self._colon < line:  # a bracket was never closed, and the line ended all the same
            self._is_in = False
        belongs = self._is_in
        self._depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        self._colon = line if token.string == ":" else 0
        if token.string == ":" and self._depth <= 0:
            self._is_in = False
        return belongs


def _normal(token: tokenize.TokenInfo, before: _Before) -> str:
    """A token as it is compared."""
    if token.type == tokenize.NAME:
        is_kept = token.string in KEPT or before.is_of_a_library
        return token.string if is_kept else NAME
    if token.type == tokenize.STRING or tokenize.tok_name[token.type].startswith("FSTRING"):
        return STRING
    return token.string


def _told(text: str) -> set[str]:
    """A comment, if it is long enough to be somebody's own."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words)} if len(words) >= LEAST_WORDS else set()


def _tolerant(source: str) -> Iterator[tuple[tokenize.TokenInfo, int]]:
    """Python's own tokens and their lines; after one that it cannot read it goes on below it."""
    lines = source.splitlines(keepends=True)
    skipped, left = 0, MOST_TOKENS
    for _ in range(MOST_RESTARTS):
        last = 0
        try:
            for token in tokenize.generate_tokens(iter(lines[skipped:]).__next__):
                yield token, token.start[0] + skipped
                last = token.end[0]
                left -= 1
                if not left:
                    return
            return
        except (tokenize.TokenError, SyntaxError) as error:
            skipped += max(_line_of(error), last, 1)
        if skipped >= len(lines):
            return


def _line_of(error: Exception) -> int:
    """The number of the line that cannot be read; 0 if it is not told."""
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    place = error.args[1] if len(error.args) > 1 else (0, 0)
    return int(place[0])
