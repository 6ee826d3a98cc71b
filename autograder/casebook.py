"""A casebook on disk: one safetensors file per lesson, its structure in the file's metadata.

The arrays of a problem lie in groups: `in` is what its cases take, `out` what they give, a
misconception's id what it would give, `forward:` with an id the derivative of a wrong forward pass,
`lent` what other lessons' functions give (`lending`), which is read only where it is needed. A
group is one entry of the file, `problem/group`: the bytes of the arrays `case number/name`. (With
an entry for each array, reading their names took more time and memory than reading the arrays.) Of
a large case, real numbers are stored in as few bytes as hold them exactly, and so are the whole
numbers that a misconception gives; sketches and derivatives are stored in the digits of float32,
which are far more than are compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from autograder.arrays import exact, from_bytes, narrow, to_bytes, wide
from autograder.clues import FOLDER, NO_CLUES, ClueBook, Clues
from autograder.errors import BUILD_AGAIN, UserError
from autograder.problem import Advice, Arrays, Case, Problem

STRUCTURE = "casebook 4"
"""The only entry of a file's metadata, and the version of what is written there.

With several entries, safetensors would write them in an order of its own, another one at every run;
with one, the same content gives the same bytes.
"""

INPUTS, EXPECTED = "in", "out"
"""The groups that every problem has."""

LENT = "lent"
"""The group of what can be lent, where anything can."""

BY_FORWARD = "forward:"
"""What the name of a group of derivatives begins with; no misconception's id has a colon."""

Cases = Mapping[str, Sequence[Case]]
"""Problem name -> its cases."""


class CasebookError(UserError):
    """The casebook is missing, stale or not readable; the message says what to do."""


def write_lesson(
    path: Path,
    cases: Cases,
    advice: Sequence[Advice],
    built_from: Mapping[str, Any] | None = None,
    lent: Mapping[str, Mapping[int, Arrays]] = MappingProxyType({}),
) -> None:
    """Write one lesson's cases, and what is to be said of the misconceptions seen in them.

    built_from: fingerprints of what the file was built from, for whoever asks if it is stale.
    lent: problem -> number of a case -> what can be lent there, as `lending.packed` makes it.
    """
    entries: Arrays = {}
    members: dict[str, dict[str, list[int]]] = {}
    for problem, problem_cases in cases.items():
        members[problem] = {}
        for group, by_case in sorted(_grouped(problem_cases).items()):
            entries[f"{problem}/{group}"] = _packed(by_case)
            members[problem][group] = list(by_case)
        if problem in lent:
            entries[f"{problem}/{LENT}"] = _packed(lent[problem])
    structure = {
        "cases": {problem: [_listed(case) for case in cases[problem]] for problem in cases},
        "groups": members,
        "advice": [asdict(spoken) for spoken in advice],
        "built_from": built_from or {},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(entries, path, metadata={STRUCTURE: json.dumps(structure)})


def _grouped(cases: Sequence[Case]) -> dict[str, dict[int, Arrays]]:
    """Group -> number of a case -> what the case has of it, as it is stored."""
    groups: dict[str, dict[int, Arrays]] = {INPUTS: {}, EXPECTED: {}}
    for number, case in enumerate(cases):
        own = {INPUTS: case.inputs, EXPECTED: case.expected, **case.by_misconception}
        for wrong, derivatives in case.by_forward.items():
            own[BY_FORWARD + wrong] = derivatives
        for group, arrays in own.items():
            stored = {name: exact(value) for name, value in arrays.items()}
            if group not in (INPUTS, EXPECTED):
                stored = {name: _rounded(case, name, value) for name, value in stored.items()}
            if case.large or group not in (INPUTS, EXPECTED):
                stored = {name: narrow(value) for name, value in stored.items()}
            if stored:
                groups.setdefault(group, {})[number] = stored
    return groups


def _rounded(case: Case, output: str, value: np.ndarray) -> np.ndarray:
    """What is kept of an output, in the digits of float32 if it is no whole array."""
    if case.keeps_whole(output) and value.shape == case.expected[output].shape:
        return value
    with np.errstate(over="ignore"):
        fewer = value.astype(np.float32)
    return fewer if np.array_equal(np.isfinite(fewer), np.isfinite(value)) else value


def _packed(by_case: Mapping[int, Arrays]) -> np.ndarray:
    """A group as bytes."""
    arrays = {}
    for number, of_case in by_case.items():
        for name, value in of_case.items():
            arrays[f"{number}/{name}"] = value
    return np.frombuffer(to_bytes(arrays), np.uint8)


def _unpacked(packed: np.ndarray) -> dict[int, Arrays]:
    """What `_packed` was given."""
    by_case: dict[int, Arrays] = {}
    for key, value in from_bytes(packed.tobytes()).items():
        number, name = key.split("/")
        by_case.setdefault(int(number), {})[name] = value
    return by_case


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
    """Misconception -> arrays of one case, which are read when they are first asked for.

    What mistakes give is most of a casebook, and right work asks for none of it.
    """

    def __init__(self, names: Sequence[str], read: Callable[[str], Arrays]) -> None:
        self._names, self._read = names, read

    def __getitem__(self, name: str) -> Arrays:
        if name not in self._names:
            raise KeyError(name)
        return self._read(name)

    # A Mapping's own would read, or take longer, and there are many mistakes to be asked for.

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def get(self, name: str, default: Any = None) -> Any:
        """What there is of a misconception, if there is anything."""
        return self._read(name) if name in self._names else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # an open file cannot go to another process


class LessonBook:
    """One lesson's file, read on first use."""

    def __init__(self, path: Path, hidden: bool) -> None:
        self.path, self.hidden = path, hidden
        self._cases: dict[str, tuple[Case, ...]] = {}
        self._groups: dict[tuple[str, str], dict[int, Arrays]] = {}

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
        """The file, which stays open."""
        return safe_open(self.path, framework="np")

    @cached_property
    def _structure(self) -> dict[str, Any]:
        with self._readable():
            metadata = self._file.metadata() or {}
            if STRUCTURE not in metadata:
                raise self._error("was built by another version")
            structure: dict[str, Any] = json.loads(metadata[STRUCTURE])
            return structure

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
            with self._readable():
                listed = self._structure["cases"][problem]
                found = [self._case(problem, number) for number in range(len(listed))]
            self._cases[problem] = tuple(found)
        return self._cases[problem]

    def _case(self, problem: str, number: int) -> Case:
        listed = self._structure["cases"][problem][number]
        inputs = self._arrays(problem, number, INPUTS)
        expected = self._arrays(problem, number, EXPECTED)
        wrong, forward = [], []
        for group, numbers in self._structure["groups"][problem].items():
            if number not in numbers or group in (INPUTS, EXPECTED):
                continue
            if group.startswith(BY_FORWARD):
                forward.append(group.removeprefix(BY_FORWARD))
            else:
                wrong.append(group)
        return Case(
            listed["name"],
            listed["sizes"],
            inputs={name: inputs[name] for name in listed["in"]},
            expected={name: expected[name] for name in listed["out"]},
            by_misconception=Groups(wrong, partial(self._arrays, problem, number)),
            raises=listed["raises"],
            hidden=self.hidden,
            by_forward=Groups(forward, partial(self._derivatives, problem, number)),
            large=listed["large"],
        )

    def _derivatives(self, problem: str, number: int, wrong: str) -> Arrays:
        return self._arrays(problem, number, BY_FORWARD + wrong)

    def _arrays(self, problem: str, number: int, group: str) -> Arrays:
        """What a case has of a group."""
        if (problem, group) not in self._groups:
            self._groups[problem, group] = self._read(problem, group)
        return self._groups[problem, group].get(number, {})

    def _read(self, problem: str, group: str) -> dict[int, Arrays]:
        """Number of a case -> what it has of a group."""
        with self._readable():
            by_case = _unpacked(self._file.get_tensor(f"{problem}/{group}"))
        for number, arrays in by_case.items():
            is_large = self._structure["cases"][problem][number]["large"]
            if is_large or group not in (INPUTS, EXPECTED, LENT):
                by_case[number] = {name: wide(value) for name, value in arrays.items()}
        return by_case

    def lent(self, problem: str) -> dict[int, Arrays]:
        """Number of a case -> what can be lent there, as `lending.packed` made it."""
        with self._readable():
            is_there = f"{problem}/{LENT}" in set(self._file.keys())
        return self._read(problem, LENT) if is_there else {}

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
        if problem.question is not None and not self.hidden:
            gives = []  # what is right is nobody's to read
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
        self.clues = ClueBook(folder.with_name(FOLDER))
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
    """A problem's cases in all casebooks, the public ones first, and what is said of mistakes.

    clues: what else is known of it, and only said.
    """

    problem: Problem
    all: tuple[Case, ...]
    advice: Mapping[str, Advice]
    clues: Clues = NO_CLUES

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
    clues = books[0].clues.of(problem.lesson, problem.name)
    return ProblemCases(problem, tuple(cases), advice, clues)
