"""How a file of the reference is read: its functions, and the regions between solution markers.

docs/markers.md says what an author may write. Anything else that looks like a marker is refused, so
that a slip of the pen cannot hand out an answer.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import UserError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""nbgrader's markers, so that the same source serves there too."""

_LIKE_A_MARKER = re.compile(r"^###|\b(begin|end)[\W_]*solution", re.IGNORECASE)
"""A comment that an author may have meant as a marker."""

_MARKER_IN_A_STRING = re.compile(r"#\s*(begin|end)[\W_]*solution", re.IGNORECASE)


class StubError(UserError):
    """A file of the reference cannot be handed out as a stub; the message says where and why."""


@dataclass(frozen=True)
class Region:
    """One answer: the function it stands in (`Class.method` for a method), its markers' lines."""

    function: str
    begin: int
    end: int


def lines_of(source: str) -> list[str]:
    """The lines of a text as Python counts them; `splitlines` also breaks at form feeds."""
    return list(io.StringIO(source))


def functions(
    tree: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and the methods of its classes, by name: `Class.method`."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")


def parsed(source: str, name: str = "this file") -> ast.Module:
    """The tree of a source text. Raises StubError if it is not Python."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise StubError(f"{name}, line {error.lineno}: this is not Python: {error.msg}") from None


def regions(source: str, name: str = "this file") -> list[Region]:
    """The answers in a source text, in order.

    Raises StubError, with the line, for markers that do not pair up, for what looks like a marker
    and is none, and for a region that is empty or not within one function.
    """
    pairs = list(_pairs(_markers(source, name), name))
    tree = parsed(source, name)
    return [_region(tree, begin, end, name) for begin, end in pairs]


def solution_lines(source: str) -> set[int]:
    """The numbers of the lines that stand between markers."""
    lines: set[int] = set()
    for region in regions(source):
        lines.update(range(region.begin + 1, region.end))
    return lines


def code_and_words(source: str) -> tuple[str, str]:
    """A source text in two parts: its code, and its comments and docstrings.

    Both are whole lines or the rests of lines; what belongs together stays in order.
    """
    docstrings = _docstring_lines(source)
    comments: dict[int, int] = {}
    for token in _tokens(source):
        if token.type == tokenize.COMMENT:
            line_number, column = token.start
            comments[line_number] = column
    code, words = [], []
    for number, line in enumerate(lines_of(source), start=1):
        if number in docstrings:
            words.append(line)
            continue
        column = comments.get(number, len(line))
        code.append(line[:column].rstrip() + "\n")
        words.append(line[column:])
    return "".join(code), "".join(words)


def _docstring_lines(source: str) -> set[int]:
    """The lines of every text that stands by itself, docstring or not: nobody runs them."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


# ------------------------------------------------------------------------------------- the markers


def _tokens(source: str, name: str = "this file") -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        # The parser says better what is wrong, and in which line.
        parsed(source, name)
        raise


def _markers(source: str, name: str) -> Iterator[tuple[int, str]]:
    """The markers with the numbers of their lines.

    They are sought among tokens, not lines: a marker in a docstring is part of a text.
    """
    for token in _tokens(source, name):
        number = token.start[0]
        if token.type != tokenize.COMMENT:
            inside = _MARKER_IN_A_STRING.search(token.string)
            if inside:
                number += token.string.count("\n", 0, inside.start())
                raise StubError(f"{name}, line {number}: a marker inside a string marks nothing")
        elif token.line.strip() in (BEGIN, END):
            yield number, token.line.strip()
        elif _LIKE_A_MARKER.search(token.string):
            raise StubError(
                f"{name}, line {number}: {token.string!r} is no marker; a marker is exactly "
                f"{BEGIN} or {END}, on a line of its own"
            )


def _pairs(markers: Iterator[tuple[int, str]], name: str) -> Iterator[tuple[int, int]]:
    begun = 0
    for number, text in markers:
        if text == BEGIN and begun:
            raise StubError(f"{name}, line {number}: a solution begins inside another")
        if text == END and not begun:
            raise StubError(f"{name}, line {number}: a solution ends that never began")
        if text == BEGIN:
            begun = number
        else:
            yield begun, number
            begun = 0
    if begun:
        raise StubError(f"{name}, line {begun}: this solution never ends")


def _region(tree: ast.Module, begin: int, end: int, name: str) -> Region:
    around = [
        (qualified, node)
        for qualified, node in functions(tree)
        if node.lineno < begin <= (node.end_lineno or 0)
    ]
    if not around:
        raise StubError(f"{name}, line {begin}: a solution begins outside a function")
    qualified, function = around[0]
    statements = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and begin < _first_line(node) < end
    ]
    if not statements:
        raise StubError(f"{name}, line {begin}: there is no statement in this solution")
    if not _within(function, statements, end):
        raise StubError(f"{name}, line {begin}: this solution reaches out of {qualified}")
    return Region(qualified, begin, end)


def _first_line(statement: ast.stmt) -> int:
    """Where a statement starts, its decorators included."""
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _within(function: ast.FunctionDef, statements: Sequence[ast.stmt], end: int) -> bool:
    """Whether all of these statements belong to the function and are over before line `end`."""
    own = set(ast.walk(function))
    for statement in statements:
        if statement not in own or (statement.end_lineno or 0) >= end:
            return False
    return True
