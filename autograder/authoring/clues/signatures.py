"""What a changed function of the reference gives on public cases, as a few numbers.

A changed function stands in its module only while its problems are run. What comes out differs from
the truth in some outputs of some cases; which ones they are, and a few projections of them, are its
signature.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.variants import REFERENCE, Variant
from autograder.authoring.in_time import TooLong, at_most
from autograder.authoring.mutations.scope import Scopes, noting_scopes
from autograder.compare import close, sketch, wrong_tensors
from autograder.judge.near_miss import ENOUGH_REAL, ENOUGH_WHOLE, folded
from autograder.problem import Arrays, Case, Problem

HANG_SECONDS = 1.0
"""After so long, on one case, a changed function counts as one that does not come to an end."""

LARGEST = 20_000
"""Numbers that a case takes and gives, at most, if it is looked at: larger ones take too long."""

FEW = 3
"""Cases that are looked at of a problem that takes torch, where each takes long."""

MOST_KEPT = 6
"""Cases of which projections are kept, at most."""


@dataclass(frozen=True)
class Signature:
    """In which outputs of which cases something differs from the truth, and how.

    masks: output -> a bit for each case in which it differs, for the outputs that differ somewhere.
    values: (case, output) -> projections, for those cases that are kept.
    """

    masks: Mapping[str, int]
    values: Mapping[tuple[int, str], np.ndarray]

    def same_places(self) -> tuple[object, ...]:
        """What two signatures have in common if they differ from the truth in the same places."""
        return tuple(sorted(self.masks.items())), tuple(self.values)

    def rows(self, keys: Iterable[tuple[int, str]]) -> np.ndarray:
        """The projections of these cases and outputs, (keys, 4)."""
        return np.stack([folded(self.values[key]) for key in keys])


class Bench:
    """One problem, ready to be run with changed functions."""

    def __init__(self, problem: Problem, cases: Sequence[Case], torch: bool) -> None:
        small = [number for number, case in enumerate(cases) if _is_small(case)]
        self.problem = problem
        self.cases = cases
        self.looked_at = small[:FEW] if torch else small

    def note(self, variant: Variant, file: str) -> Scopes:
        """What of a file runs for the problem, and with which names at each line."""
        scopes = Scopes()
        with noting_scopes(file, scopes):
            for number in self.looked_at:
                run_probe(self.problem, variant, self.cases[number].inputs)
        return scopes

    def run(self, variant: Variant) -> Signature | None:
        """The signature of what is in place; None if it has none that anything can be told by.

        It has none if it gives the truth, raises, does not end, gives other shapes, or if too few
        numbers differ.
        """
        outputs = {}
        for number in self.looked_at:
            found = self._outputs(variant, number)
            if found is None:
                return None
            outputs[number] = found
        return signature_of(self.problem, self.cases, outputs)

    def _outputs(self, variant: Variant, number: int) -> Arrays | None:
        case = self.cases[number]
        try:
            with at_most(HANG_SECONDS):
                outputs = run_probe(self.problem, variant, case.inputs)
        except (Exception, TooLong):
            return None
        return outputs if is_usable(outputs, case.expected) else None

    def known(self) -> Iterator[Signature]:
        """What the misconceptions give that raise nothing, with every projection there is."""
        names: dict[str, None] = {}
        for number in self.looked_at:
            names |= dict.fromkeys(self.cases[number].by_misconception)
        for name in names:
            if not any(name in self.cases[number].raises for number in self.looked_at):
                yield self._of_misconception(name)

    def _of_misconception(self, name: str) -> Signature:
        masks: dict[str, int] = {}
        values = {}
        for number in self.looked_at:
            case = self.cases[number]
            for output, given in case.by_misconception.get(name, {}).items():
                masks[output] = masks.get(output, 0) | 1 << number
                sketched = sketch(output, given) if case.keeps_whole(output) else given
                values[number, output] = sketched
        return Signature(masks, values)


def _is_small(case: Case) -> bool:
    arrays = [*case.inputs.values(), *case.expected.values()]
    return not case.large and sum(array.size for array in arrays) <= LARGEST


def is_usable(outputs: Arrays, expected: Arrays) -> bool:
    """Whether outputs are numbers in the expected shapes."""
    for name, want in expected.items():
        got = outputs.get(name)
        if got is None or got.shape != want.shape or got.dtype.kind not in "biuf":
            return False
    return True


def signature_of(
    problem: Problem, cases: Sequence[Case], outputs: Mapping[int, Arrays]
) -> Signature | None:
    """The signature of these outputs; None if too few numbers differ.

    outputs: number of a case -> all of them.
    """
    masks: dict[str, int] = {}
    differ: dict[int, dict[str, float]] = {}
    values: dict[tuple[int, str], np.ndarray] = {}
    for number, given in outputs.items():
        expected = cases[number].expected
        wrong = wrong_tensors(problem, given, expected)
        for name in wrong:
            masks[name] = masks.get(name, 0) | 1 << number
        projected = {name: _projected(name, given[name]) for name in wrong}
        # Of a case with numbers too large for float32, it is known only that it is wrong.
        if all(np.isfinite(numbers).all() for numbers in projected.values()):
            differ[number] = {name: _weight(problem, given[name], expected[name]) for name in wrong}
            values |= {(number, name): numbers for name, numbers in projected.items()}
    if sum(sum(weights.values()) for weights in differ.values()) < 1:
        return None
    kept = _kept(differ)
    values = {key: numbers for key, numbers in values.items() if key[0] in kept}
    is_known = {name for _, name in values}
    for name in masks:
        # A truth value is known by where it is wrong; anything else by its numbers.
        if name not in is_known and cases[0].expected[name].dtype.kind != "b":
            return None
    return Signature(masks, values)


def _projected(name: str, array: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return folded(sketch(name, array)).astype(np.float32)


def _weight(problem: Problem, got: np.ndarray, want: np.ndarray) -> float:
    """How much of what is asked for as evidence an output is by itself."""
    if want.dtype.kind == "b":
        return 0.0
    count = int((~close(got, want, problem.rtol, problem.atol)).sum())
    return count / (ENOUGH_REAL if want.dtype.kind == "f" else ENOUGH_WHOLE)


def _kept(differ: Mapping[int, Mapping[str, float]]) -> set[int]:
    """The first cases that are enough for every output that differs. differ: of each case, how much
    each output tells.
    """
    telling = {name for weights in differ.values() for name, weight in weights.items() if weight}
    gathered = dict.fromkeys(telling, 0.0)
    least = 2 if len(telling) < 3 else 1  # several outputs are evidence enough
    kept: set[int] = set()
    for number, weights in differ.items():
        new = {name: weight for name, weight in weights.items() if weight}
        helps = any(gathered[name] < 2 for name in new)
        if new and (helps or len(kept) < least) and len(kept) < MOST_KEPT:
            kept.add(number)
            for name, weight in new.items():
                gathered[name] += weight
    return kept


# ------------------------------------------------------------------------------- changed functions


@contextmanager
def standing_in(module: ModuleType, name: str, text: str) -> Iterator[None]:
    """Let a function or class of a module be what this text defines, in the block.

    Raises whatever the text raises as it is run.
    """
    original = getattr(module, name)
    sys.modules.setdefault(module.__name__, module)
    try:
        exec(compile(text, f"{REFERENCE}/changed", "exec"), module.__dict__)
        yield
    finally:
        setattr(module, name, original)
