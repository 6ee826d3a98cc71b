"""Reading a file of `solutions/misconceptions/`: what it says, in which line, and what is wrong.

The file is run, so that it may be written like any other Python. Its syntax tree tells the lines.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

from autograder.authoring.casebook.sentences import described
from autograder.authoring.families import Family
from autograder.errors import did_you_mean, short
from autograder.problem import Misconception


@dataclass(frozen=True)
class Written:
    """What a file holds: misconceptions, the place of each, and a sentence for each mistake."""

    misconceptions: tuple[Misconception, ...] = ()
    places: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()


@cache  # a proof reads `solutions/` hundreds of times
def read_misconceptions(path: Path, text: str) -> Written:
    """What a file with this text holds."""
    name = short(path)
    try:
        tree = ast.parse(text, str(path))
    except SyntaxError as error:
        return Written(mistakes=(f"{name}, line {error.lineno}: {error.msg}",))
    calls = [node for node in ast.walk(tree) if _is_misconception(node)]
    calls.sort(key=lambda call: call.lineno)
    mistakes = [f"{name}, line {call.lineno}: {why}" for call in calls for why in _misuse(call)]

    # Without the misused calls the file can be run, and what is wrong with the others is found too.
    misused = {call.lineno for call in calls if any(_misuse(call))}
    namespace: dict[str, Any] = {"__name__": path.stem}
    try:
        exec(compile(_Without(misused).visit(tree), str(path), "exec"), namespace)
    except Exception as error:
        return Written(mistakes=(*mistakes, described(error, path)))
    listed = namespace.get("MISCONCEPTIONS")
    if not isinstance(listed, tuple):
        mistakes.append(f"{name}: it needs a tuple MISCONCEPTIONS; a comma follows even a lone one")
        listed = ()
    # In the place of what was misused stands None.
    families = [_family(entry) for entry in listed]
    entries = [family for family in families if family is not None]
    found: list[Misconception] = []
    places: list[str] = []
    for family, place in zip(entries, _places(name, entries, calls), strict=True):
        members = list(family.misconceptions())
        found += members
        places += [place] * len(members)
    return Written(tuple(found), tuple(places), tuple(mistakes))


def _family(entry: object) -> Family | None:
    """An entry as a family, of which a misconception by itself is the only member."""
    if isinstance(entry, Misconception):
        return Family(entry, [{}])
    if isinstance(entry, Family) and isinstance(entry.pattern, Misconception):
        return entry
    return None


def _is_misconception(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == Misconception.__name__


def _misuse(call: ast.Call) -> Iterator[str]:
    """What Python would refuse in a call of Misconception, a clause for each argument."""
    unpacked = [keyword for keyword in call.keywords if keyword.arg is None]
    if unpacked or any(isinstance(argument, ast.Starred) for argument in call.args):
        return  # which arguments these are shows only when it is run
    names = [field.name for field in fields(Misconception)]
    required = [field.name for field in fields(Misconception) if field.default is MISSING]
    given = names[: len(call.args)] + [str(keyword.arg) for keyword in call.keywords]
    for name in given:
        if name not in names:
            yield f"a Misconception has no {name}={did_you_mean(name, names)}"
    for name in required:
        if name not in given:
            yield f"this Misconception lacks {name}="


class _Without(ast.NodeTransformer):
    """Puts None in the place of the misconceptions in these lines."""

    def __init__(self, lines: Collection[int]) -> None:
        self.lines = lines

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if node.lineno in self.lines and _is_misconception(node):
            return ast.copy_location(ast.Constant(None), node)
        return self.generic_visit(node)


def _places(file: str, families: Sequence[Family], calls: Sequence[ast.Call]) -> Iterator[str]:
    """The file and line of each misconception; the file alone where a loop or the like made it."""
    lines: dict[str, list[int]] = {}
    for call in calls:
        named = {str(keyword.arg): keyword.value for keyword in call.keywords}
        problem_and_name = [*call.args, named.get("problem"), named.get("name")]
        texts = [node.value for node in problem_and_name if isinstance(node, ast.Constant)]
        lines.setdefault(".".join(map(str, texts[:2])), []).append(call.lineno)
    for family in families:
        # Of two with one name, the first in the tuple is the first in the file.
        found = lines.get(family.pattern.id)
        yield f"{file}, line {found.pop(0)}" if found else file
