"""A casebook on disk: one safetensors file per lesson, its structure in the file's metadata.

Array keys: `problem/case number/in/name`, `.../out/name`, `.../<misconception id>/name`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from safetensors import safe_open
from safetensors.numpy import save_file

from autograder.arrays import exact
from autograder.errors import UserError
from autograder.problem import Advice, Arrays, Case


class CasebookError(UserError):
    """The casebook is missing or not readable; the message says what to do."""


def write_lesson(path: Path, cases: Mapping[str, Sequence[Case]], advice: Sequence[Advice]) -> None:
    """Write one lesson's cases (problem name -> cases) and what is to be said of the misconceptions
    seen in them.
    """
    arrays: Arrays = {}
    structure: dict[str, Any] = {}
    for problem, problem_cases in cases.items():
        structure[problem] = [
            {
                "name": c.name,
                "sizes": c.sizes,
                "raises": c.raises,
                "in": list(c.inputs),
                "out": list(c.expected),
            }
            for c in problem_cases
        ]
        for number, case in enumerate(problem_cases):
            for group, tensors in {
                "in": case.inputs,
                "out": case.expected,
                **case.by_misconception,
            }.items():
                arrays |= {
                    f"{problem}/{number}/{group}/{name}": exact(value)
                    for name, value in tensors.items()
                }
    metadata = {
        "cases": json.dumps(structure),
        "advice": json.dumps([asdict(each) for each in advice]),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, metadata=metadata)


class LessonBook:
    """One lesson's file, read on first use."""

    def __init__(self, path: Path, hidden: bool) -> None:
        self.path, self.hidden = path, hidden

    @cached_property
    def _content(self) -> tuple[dict[str, str], dict[str, dict[int, dict[str, Arrays]]]]:
        try:
            with safe_open(self.path, framework="np") as file:
                tree: dict[str, dict[int, dict[str, Arrays]]] = {}
                for key in file.keys():  # noqa: SIM118 - not a dict
                    problem, number, group, name = key.split("/")
                    groups = tree.setdefault(problem, {}).setdefault(int(number), {})
                    groups.setdefault(group, {})[name] = file.get_tensor(key)
                return file.metadata(), tree
        except FileNotFoundError:
            raise CasebookError(
                f"the casebook {self.path.name} is missing: run `make casebook`"
            ) from None
        except Exception as error:
            raise CasebookError(
                f"the casebook {self.path.name} cannot be read ({error}): run `make casebook`"
            ) from None

    @cached_property
    def advice(self) -> dict[str, Advice]:
        """id -> what to say, for every misconception that some case of this lesson sees."""
        loaded = json.loads(self._content[0]["advice"])
        return {
            each["id"]: Advice(each["id"], each["problem"], each["idea"], tuple(each["hints"]))
            for each in loaded
        }

    @cached_property
    def cases(self) -> dict[str, tuple[Case, ...]]:
        """problem name -> its cases."""
        metadata, tree = self._content
        listed = json.loads(metadata["cases"])
        return {
            problem: tuple(
                self._case(each, dict(tree[problem][number]))
                for number, each in enumerate(listed[problem])
            )
            for problem in listed
        }

    def _case(self, listed: Mapping[str, Any], groups: dict[str, Arrays]) -> Case:
        inputs, expected = groups.pop("in", {}), groups.pop("out", {})
        return Case(
            listed["name"],
            listed["sizes"],
            inputs={name: inputs[name] for name in listed["in"]},
            expected={name: expected[name] for name in listed["out"]},
            by_misconception=groups,
            raises=listed["raises"],
            hidden=self.hidden,
        )


class Casebook:
    """A folder of lesson files. A lesson is read when it is first asked for."""

    def __init__(self, folder: Path, hidden: bool = False) -> None:
        self.folder, self.hidden = folder, hidden
        self._lessons: dict[str, LessonBook] = {}

    def lesson(self, name: str) -> LessonBook:
        """The lesson's file; CasebookError when it is first read, if it is not there."""
        return self._lessons.setdefault(
            name, LessonBook(self.folder / f"{name}.safetensors", self.hidden)
        )
