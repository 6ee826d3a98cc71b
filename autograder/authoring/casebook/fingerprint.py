"""Fingerprints: whether a lesson's casebook is still what would be built today.

A fingerprint has two parts. The *base* stands for all that the true outputs come from: the lesson,
the reference's files it needs, the code that draws and builds, the seed. A *patch* stands for one
misconception. While the base is the same, only the misconceptions whose patch is another have to be
run again.

They stand in the file's metadata and travel with it. A patch's is taken together with the base, so
that nobody without the whole reference can confirm a guess of a line.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import autograder
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import needed_by

HOUSE = Path(autograder.__file__).parents[1]

BUILDERS = ("autograder.authoring.casebook.lent", "autograder.casebook")
"""These modules, and all of ours that they import, make the numbers and write them."""


def fingerprint(
    answers: Answers, lesson: str, seed: int, hidden: bool, numbers: int | None = None
) -> dict[str, Any]:
    """What one lesson's casebook is built from: its base, and the patch of each misconception.

    numbers: the seed of the numbers of its questions, where it asks any.
    """
    code = code_behind([*BUILDERS, f"autograder.lessons.{lesson}"])
    reference = {"__init__", *needed_by(answers.sources, lesson)}
    behind = {
        "code": code,
        "reference": {module: answers.sources[module] for module in sorted(reference)},
        "seed": seed,
        "hidden": hidden,
    }
    if numbers is not None:
        behind["numbers"] = numbers
    base = _digest(behind)
    patches = {wrong.id: _digest([base, asdict(wrong)]) for wrong in answers.visible_in(lesson)}
    return {"base": base, "patches": patches}


def code_behind(modules: Iterable[str]) -> dict[str, str]:
    """The text of each of these modules that is ours, and of all of ours that they import."""
    return {module: _text(module) for module in sorted(modules_behind(modules))}


def _digest(content: Any) -> str:
    return sha256(json.dumps(content).encode()).hexdigest()


def modules_behind(modules: Iterable[str]) -> set[str]:
    """Those of these modules that are ours, and all of ours that they import, directly or not."""
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in seen and _file(module) is not None:
            seen.add(module)
            waiting += _imports(module)
    return seen


@cache
def _imports(module: str) -> frozenset[str]:
    """What a module imports, read from its source; a function's imports count like any other."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(_text(module))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `from autograder import lessons` names a module, `from autograder.arrays import exact`
            # does not; `_file` tells them apart.
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


@cache
def _text(module: str) -> str:
    path = _file(module)
    assert path is not None
    return path.read_text(encoding="utf-8")


@cache
def _file(module: str) -> Path | None:
    """The file of one of our modules; None for anything else."""
    if module.partition(".")[0] != autograder.__name__:
        return None
    path = HOUSE / module.replace(".", "/")
    files = [path.with_suffix(".py"), path / "__init__.py"]
    return next((file for file in files if file.is_file()), None)
