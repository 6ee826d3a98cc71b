"""What is known of each problem beside its cases and only ever said: a file for each lesson.

A casebook is what points hang on; these files hold what makes a message better, and a grader
without them gives the same scores. Each file has parts, `near_misses` and `reactions`, for each
problem: some arrays, and some data that json can write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from autograder.arrays import exact, from_bytes, to_bytes
from autograder.problem import Arrays

STRUCTURE = "clues 1"
"""The only entry of a file's metadata, as in a casebook."""

FOLDER = "clues"
"""Where the files lie, beside the folders of the casebooks."""


@dataclass(frozen=True)
class Part:
    """One part of what is known of a problem."""

    arrays: Arrays = field(default_factory=dict)
    told: Any = None


NOTHING = Part()

Parts = Mapping[str, Mapping[str, Part]]
"""Problem -> part -> what there is."""


def write_clues(path: Path, parts: Parts, built_from: str) -> None:
    """Write one lesson's file. built_from: a fingerprint, for whoever asks if it is stale."""
    entries: Arrays = {}
    told: dict[str, dict[str, Any]] = {}
    for problem, by_name in parts.items():
        told[problem] = {}
        for name, part in by_name.items():
            arrays = {key: exact(value) for key, value in part.arrays.items()}
            entries[f"{problem}/{name}"] = np.frombuffer(to_bytes(arrays), np.uint8)
            told[problem][name] = part.told
    path.parent.mkdir(parents=True, exist_ok=True)
    structure = json.dumps({"told": told, "built_from": built_from})
    unfinished = path.with_suffix(".new")
    save_file(entries, unfinished, metadata={STRUCTURE: structure})
    unfinished.replace(path)


class LessonClues:
    """One lesson's file, read on first use. Where there is none, or none of ours, it is empty."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _structure(self) -> dict[str, Any]:
        with suppress(Exception), safe_open(self.path, framework="np") as file:
            read: dict[str, Any] = json.loads(file.metadata()[STRUCTURE])
            return read
        return {"told": {}, "built_from": ""}

    @property
    def built_from(self) -> str:
        """What `write_clues` was told; empty where there is no file."""
        return str(self._structure["built_from"])

    def part(self, problem: str, name: str) -> Part:
        """A part of what is known of a problem; an empty one where nothing is."""
        told = self._structure["told"].get(problem, {})
        if name not in told:
            return NOTHING
        with suppress(Exception), safe_open(self.path, framework="np") as file:
            packed = file.get_tensor(f"{problem}/{name}")
            return Part(from_bytes(packed.tobytes()), told[name])
        return NOTHING


@dataclass(frozen=True)
class Clues:
    """What is known of one problem beside its cases."""

    lesson: LessonClues | None = None
    problem: str = ""

    def part(self, name: str) -> Part:
        """A part of it; an empty one where nothing is known."""
        return self.lesson.part(self.problem, name) if self.lesson else NOTHING


NO_CLUES = Clues()


class ClueBook:
    """A folder of these files. A lesson is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lessons: dict[str, LessonClues] = {}

    def of(self, lesson: str, problem: str) -> Clues:
        """What is known of a problem."""
        if lesson not in self._lessons:
            self._lessons[lesson] = LessonClues(self.folder / f"{lesson}.safetensors")
        return Clues(self._lessons[lesson], problem)
