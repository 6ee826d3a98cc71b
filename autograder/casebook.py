"""A casebook on disk: one safetensors file per lesson, its structure in the file's metadata.

Array keys: `problem/case number/in/name`, `.../out/name`, `.../<misconception id>/name`, and
`.../forward:<misconception id>/name` for the derivative of a wrong forward pass. Of a large case,
real numbers are stored in as few bytes as hold them exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from autograder.arrays import exact, narrow, wide
from autograder.errors import BUILD_AGAIN, UserError
from autograder.problem import Advice, Arrays, Case, Problem

STRUCTURE = "casebook 2"
"""The only entry of a file's metadata, and the version of what is written there.

With several entries, safetensors would write them in an order of its own, another one at every run;
with one, the same content gives the same bytes.
"""

BY_FORWARD = "forward:"
"""What the name of a group of derivatives begins with; no misconception's id has a colon."""

Cases = Mapping[str, Sequence[Case]]
"""Problem name -> its cases."""


class CasebookError(UserError):
    """The casebook is missing, stale or not readable; the message says what to do."""


def write_lesson(
    path: Path, cases: Cases, advice: Sequence[Advice], built_from: Mapping[str, Any] | None = None
) -> None:
    """Write one lesson's cases, and what is to be said of the misconceptions seen in them.

    built_from: fingerprints of what the file was built from, for whoever asks if it is stale.
    """
    arrays: Arrays = {}
    for problem, problem_cases in cases.items():
        for number, case in enumerate(problem_cases):
            groups = {"in": case.inputs, "out": case.expected, **case.by_misconception}
            for wrong, derivatives in case.by_forward.items():
                groups[BY_FORWARD + wrong] = derivatives
            for group, tensors in groups.items():
                for name, value in tensors.items():
                    stored = narrow(exact(value)) if case.large else exact(value)
                    arrays[f"{problem}/{number}/{group}/{name}"] = stored
    structure = {
        "cases": {problem: [_listed(case) for case in cases[problem]] for problem in cases},
        "advice": [asdict(spoken) for spoken in advice],
        "built_from": built_from or {},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path, metadata={STRUCTURE: json.dumps(structure)})


def _listed(case: Case) -> dict[str, Any]:
    """What of a case is not an array; the order of its tensors is that of their declaration."""
    return {
        "name": case.name,
        "sizes": dict(case.sizes),
        "raises": dict(sorted(case.raises.items())),
        "in": list(case.inputs),
        "out": list(case.expected),
        "large": case.large,
    }


class Groups(Mapping[str, Arrays]):
    """Group -> its arrays, read when they are first asked for.

    What mistakes give is most of a casebook, and right work asks for none of it.

    keys: group -> name of an array -> its key in the file. read: key -> array.
    """

    def __init__(
        self, keys: Mapping[str, Mapping[str, str]], read: Callable[[str], np.ndarray]
    ) -> None:
        self._keys, self._read = keys, read
        self._found: dict[str, Arrays] = {}

    def __getitem__(self, group: str) -> Arrays:
        if group not in self._found:
            keys = self._keys[group]
            self._found[group] = {name: self._read(key) for name, key in keys.items()}
        return self._found[group]

    def __contains__(self, group: object) -> bool:
        return group in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # an open file cannot go to another process


class LessonBook:
    """One lesson's file, read on first use."""

    def __init__(self, path: Path, hidden: bool) -> None:
        self.path, self.hidden = path, hidden
        self._cases: dict[str, tuple[Case, ...]] = {}

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Whatever goes wrong with the file in the block is a CasebookError."""
        try:
            yield
        except FileNotFoundError:
            raise self._error("is missing") from None
        except CasebookError:
            raise
        except Exception as error:
            raise self._error(f"cannot be read ({error})") from None

    def _error(self, what: str) -> CasebookError:
        return CasebookError(f"the casebook {self.path.name} {what}: {BUILD_AGAIN}")

    @cached_property
    def _file(self) -> Any:
        """The file, which stays open: its header, which lists thousands of arrays, is read once."""
        return safe_open(self.path, framework="np")

    @cached_property
    def _structure(self) -> dict[str, Any]:
        with self._readable():
            metadata = self._file.metadata() or {}
            if STRUCTURE not in metadata:
                raise self._error("was built by another version")
            structure: dict[str, Any] = json.loads(metadata[STRUCTURE])
            return structure

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        """problem -> the keys of its arrays."""
        found: dict[str, list[str]] = {}
        with self._readable():
            for key in self._file.keys():  # noqa: SIM118 - not a dict
                found.setdefault(key.partition("/")[0], []).append(key)
        return found

    @property
    def built_from(self) -> dict[str, Any]:
        """What `write_lesson` was told; no array is read for it."""
        told: dict[str, Any] = self._structure["built_from"]
        return told

    @cached_property
    def advice(self) -> dict[str, Advice]:
        """id -> what to say, for every misconception that some case of this lesson sees."""
        found = {}
        for told in self._structure["advice"]:
            found[told["id"]] = Advice(**{**told, "hints": tuple(told["hints"])})
        return found

    @property
    def cases(self) -> dict[str, tuple[Case, ...]]:
        """problem name -> its cases."""
        return {problem: self._cases_of(problem) for problem in self._structure["cases"]}

    def _cases_of(self, problem: str) -> tuple[Case, ...]:
        """A problem's cases, read when they are first asked for: a check asks for few problems."""
        if problem not in self._cases:
            keys: dict[int, dict[str, dict[str, str]]] = {}
            with self._readable():
                for key in self._keys[problem]:
                    _, number, group, name = key.split("/")
                    keys.setdefault(int(number), {}).setdefault(group, {})[name] = key
                listed = self._structure["cases"][problem]
                cases = [self._case(case, keys[number]) for number, case in enumerate(listed)]
            self._cases[problem] = tuple(cases)
        return self._cases[problem]

    def _case(self, listed: Mapping[str, Any], keys: dict[str, dict[str, str]]) -> Case:
        read = self._read_wide if listed["large"] else self._read
        inputs, expected = keys.pop("in", {}), keys.pop("out", {})
        by_forward = {}
        for group in [group for group in keys if group.startswith(BY_FORWARD)]:
            by_forward[group.removeprefix(BY_FORWARD)] = keys.pop(group)
        return Case(
            listed["name"],
            listed["sizes"],
            inputs={name: read(inputs[name]) for name in listed["in"]},
            expected={name: read(expected[name]) for name in listed["out"]},
            by_misconception=Groups(keys, read),
            raises=listed["raises"],
            hidden=self.hidden,
            by_forward=Groups(by_forward, read),
            large=listed["large"],
        )

    def _read(self, key: str) -> np.ndarray:
        with self._readable():
            array: np.ndarray = self._file.get_tensor(key)
            return array

    def _read_wide(self, key: str) -> np.ndarray:
        return wide(self._read(key))

    def cases_of(self, problem: Problem) -> tuple[Case, ...]:
        """The cases of one problem.

        Raises CasebookError if they were built before the problem was what it is today; its tensors
        would otherwise be missing in the middle of a probe, and look like the student's mistake.
        """
        if problem.name not in self._structure["cases"]:
            raise CasebookError(
                f"the casebook has no cases of {problem.name}: it was built before that problem "
                f"was added; {BUILD_AGAIN}"
            )
        takes = {tensor.name for tensor in problem.takes}
        gives = [tensor.name for tensor in problem.outputs]
        cases = self._cases_of(problem.name)
        if any(set(case.inputs) != takes or list(case.expected) != gives for case in cases):
            raise CasebookError(
                f"the cases of {problem.name} were built before its tensors were renamed; "
                f"{BUILD_AGAIN}"
            )
        return cases


class Casebook:
    """A folder of lesson files. A lesson is read when it is first asked for."""

    def __init__(self, folder: Path, hidden: bool = False) -> None:
        self.folder, self.hidden = folder, hidden
        self._lessons: dict[str, LessonBook] = {}

    def has(self, name: str) -> bool:
        """Whether there is a file of that lesson."""
        return (self.folder / f"{name}.safetensors").is_file()

    def lesson(self, name: str) -> LessonBook:
        """The lesson's file; CasebookError when it is first read, if it is not there."""
        if name not in self._lessons:
            self._lessons[name] = LessonBook(
                self.folder / f"{name}.safetensors", hidden=self.hidden
            )
        return self._lessons[name]


@dataclass(frozen=True)
class ProblemCases:
    """A problem's cases in all casebooks, the public ones first, and what is said of mistakes."""

    problem: Problem
    all: tuple[Case, ...]
    advice: Mapping[str, Advice]

    @property
    def public(self) -> tuple[Case, ...]:
        """Those that a student has too."""
        return tuple(case for case in self.all if not case.hidden)

    @property
    def hidden(self) -> tuple[Case, ...]:
        """Those that no student has."""
        return tuple(case for case in self.all if case.hidden)

    def hang_on(self) -> set[str]:
        """The other problems in which a mistake may have been made that is seen in this one."""
        names = {self.problem.gradient_of or self.problem.name}
        for case in self.all:
            for misconception in (*case.by_misconception, *case.by_forward, *case.raises):
                names.add(self.advice[misconception].problem)
        return names - {self.problem.name}


def gathered(problem: Problem, books: Sequence[Casebook]) -> ProblemCases:
    """A problem's cases in these casebooks, of which the public one comes first.

    Raises CasebookError as `LessonBook.cases_of` does.
    """
    cases: list[Case] = []
    advice: dict[str, Advice] = {}
    for book in books:
        lesson = book.lesson(problem.lesson)
        cases += lesson.cases_of(problem)
        advice |= lesson.advice
    return ProblemCases(problem, tuple(cases), advice)
