"""The names that a student has: those of arguments, results and equations, from docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.authoring.sources import functions
from autograder.problem import Lesson

_LISTED = re.compile(r"^\s*- (\w+): ", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\[([A-Za-z]\w*(?: [A-Za-z]\w*)+)\]\s+=")
_DEFINED = re.compile(r"((?:[A-Za-z]\w*, )*[A-Za-z]\w*)\s+=\s")

OF_NOBODY = {"self", "cache", "rng", "params", "log", "p"}
"""What is an argument or stands in an equation, and is no array that can be spoken of."""

LONGEST_SYMBOL = 2
"""Letters of what stands before `=` and is a symbol; longer ones may be words."""


@dataclass(frozen=True)
class Contract:
    """The names that may be spoken of in one lesson.

    names: of arguments, results and symbols. functions: those that a student writes or is given.
    blocks: of an axis like `4H`, in order. meanings: what else has a name in the reference, in
    words, within one function.
    """

    names: frozenset[str]
    functions: frozenset[str]
    blocks: tuple[str, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a student has this name, or one whose gradient it is, as `df` is that of `f`."""
        return name in self.names or (name[:1] == "d" and name[1:] in self.names)


def contract(lesson: Lesson, source: str) -> Contract:
    """The contract of a lesson. source: the text of its file."""
    tree = ast.parse(source)
    names = set(_in_text(ast.get_docstring(tree) or ""))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names.update(_in_text(ast.get_docstring(node) or ""))
    known = set()
    for name, function in functions(tree):
        docstring = ast.get_docstring(function)
        if docstring is not None:
            known.add(name)
            names.update(_in_text(docstring))
            arguments = function.args
            for argument in (*arguments.args, *arguments.kwonlyargs):
                names.add(argument.arg)
    blocks = ""
    for problem in lesson.problems:
        for tensor in (*problem.takes, *problem.gives):
            names.add(tensor.name)
            names.update(axis for axis in tensor.axes if len(axis) == 1 and axis.isalpha())
        blocks = blocks or problem.blocks
    return Contract(frozenset(names - OF_NOBODY), frozenset(known), tuple(blocks.split()))


def _in_text(text: str) -> Iterator[str]:
    """What a docstring lists, and what it gives a symbol to."""
    yield from _LISTED.findall(text)
    for found in _IN_BRACKETS.findall(text):
        yield from found.split()
    for found in _DEFINED.findall(text):
        for name in found.split(", "):
            bare = name.removesuffix("_t")
            if "_" in name or len(name) <= LONGEST_SYMBOL:
                yield from (name, bare)
