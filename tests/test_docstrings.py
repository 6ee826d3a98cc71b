"""What a docstring names is there: files, things in our modules, and the rooms' own words.

Three rules, each so narrow that what breaks it is a mistake: a name that was changed, or has gone.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "autograder").rglob("*.py"))
LESSONS = ROOT / "autograder" / "lessons"
"""Their names are those of the student's files too, so that `rnn.x` may be in either."""

NOUNS = ROOT / "autograder" / "problem.py"
"""Where the words are that all rooms use, "partial" among them."""

QUOTED = re.compile(r"`([^`\n]+)`")
WORD = re.compile(r"[a-zA-Z]\w*")
DOTTED = re.compile(r"[a-zA-Z]\w*(\.[a-zA-Z]\w*)+")
FILE = re.compile(r"[\w./-]+/[\w-]+\.(py|md|toml|txt|json)")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def docstrings(path: Path) -> Iterator[ast.Constant]:
    """Every text that stands by itself, below attributes too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def quoted(path: Path) -> list[str]:
    """What stands in backticks in the docstrings of a file."""
    found: list[str] = []
    for docstring in docstrings(path):
        found += QUOTED.findall(str(docstring.value))
    return found


@cache
def defined(path: Path) -> set[str]:
    """The functions, classes, methods and constants of a file."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


@cache
def modules() -> dict[str, list[Path]]:
    """Name -> the modules and packages of that name, lessons excepted."""
    found: dict[str, list[Path]] = {}
    for path in SOURCES:
        if LESSONS not in path.parents:
            name = path.parent.name if path.name == "__init__.py" else path.stem
            found.setdefault(name, []).append(path)
    return found


def used(path: Path) -> set[str]:
    """Every name in a file's code, and every text that is one."""
    texts = {id(docstring) for docstring in docstrings(path)}
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, (ast.arg, ast.keyword)):
            names.add(str(node.arg))
        elif isinstance(node, ast.alias):
            names |= {*node.name.split("."), str(node.asname)}
        elif isinstance(node, ast.Constant) and id(node) not in texts:
            names.add(str(node.value))
    return names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def members(path: Path) -> set[str]:
    """What can be written after a module's name and a dot."""
    if path.name != "__init__.py":
        return defined(path)
    inside = {entry.stem for entry in path.parent.iterdir()}
    return defined(path) | inside | used(path)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_that_a_docstring_names_is_there(path: Path) -> None:
    named = [text for text in quoted(path) if FILE.fullmatch(text)]
    gone = [
        name for name in named if not any((ROOT / d / name).exists() for d in ("", "autograder"))
    ]
    assert gone == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_a_docstring_names_in_one_of_our_modules_is_there(path: Path) -> None:
    gone = []
    for text in quoted(path):
        if DOTTED.fullmatch(text) is None or text.endswith((".py", ".toml", ".json")):
            continue
        module, _, name = text.removeprefix("autograder.").partition(".")
        if module not in modules():
            # `json.dumps` is somebody else's, but what is said to be ours has to be
            if text.startswith("autograder."):
                gone.append(text)
        elif name and not any(
            name.partition(".")[0] in members(found) for found in modules()[module]
        ):
            gone.append(text)
    assert gone == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_the_docstring_of_a_module_names_is_a_word_of_ours_or_of_python(path: Path) -> None:
    words = QUOTED.findall(ast.get_docstring(tree(path)) or "")
    known = {*dir(builtins), *keyword.kwlist, *used(path), *used(NOUNS), *modules()}
    for source in SOURCES:
        known |= {source.stem, *defined(source)}
    gone = [word for word in words if WORD.fullmatch(word) and word not in known]
    assert gone == []
