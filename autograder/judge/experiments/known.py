"""What is known of the reference's reactions on one public case, as it is kept in the clues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.clues import Part as Kept
from autograder.judge.experiments.measure import Measured, Reaction
from autograder.judge.experiments.parts import parts, view
from autograder.problem import Case, Problem

NAME = "reactions"
"""The part of the clues."""


@dataclass(frozen=True)
class Known:
    """The reference on one public case.

    finely: input -> whether its parts were tried one by one, as in `measure`.
    reactions: (output, input) -> how the one reacts to the other.
    upstream: the inputs that come back from above; proportional: the outputs that are twice as
    large where all of these are.
    """

    case: str
    finely: Mapping[str, bool]
    reactions: Mapping[tuple[str, str], Reaction]
    upstream: tuple[str, ...] = ()
    proportional: tuple[str, ...] = ()

    @property
    def inputs_of(self) -> dict[str, list[str]]:
        """Output -> the inputs that it reacts to."""
        found: dict[str, list[str]] = {}
        for (output, name), reaction in self.reactions.items():
            if reaction.yes[0].any():
                found.setdefault(output, []).append(name)
        return found


def kept(
    case: str,
    finely: Mapping[str, bool],
    measured: Measured,
    upstream: Sequence[str],
    proportional: Sequence[str],
) -> Kept:
    """As it is written: a bit for each part of an input and each number of an output."""
    pairs = list(measured.reactions)
    bits = {}
    for which in ("yes", "no"):
        flat = [getattr(measured.reactions[pair], which).ravel() for pair in pairs]
        bits[which] = np.packbits(np.concatenate(flat))
    bits["moved"] = np.concatenate([measured.reactions[pair].moved for pair in pairs])
    told = {
        "case": case,
        "finely": {name: finely[name] for _, name in pairs},
        "pairs": [list(pair) for pair in pairs],
        "affine": [measured.reactions[pair].affine for pair in pairs],
        "upstream": list(upstream),
        "proportional": list(proportional),
    }
    return Kept(bits, told)


def known(problem: Problem, cases: Sequence[Case], clue: Kept) -> Known | None:
    """As it is read; None where nothing is known, or not of these cases."""
    if not clue.told:
        return None
    found = [case for case in cases if case.name == clue.told["case"]]
    if not found:
        return None
    case = found[0]
    takes = {tensor.name: tensor for tensor in problem.takes}
    gives = {tensor.name: tensor for tensor in problem.gives}
    unpacked = {which: np.unpackbits(clue.arrays[which]).astype(bool) for which in ("yes", "no")}
    reactions, start, first = {}, 0, 0
    for (output, name), affine in zip(clue.told["pairs"], clue.told["affine"], strict=True):
        count = len(parts(problem, takes[name], case.inputs, clue.told["finely"][name]))
        seen = view(problem, gives[output]).shape(case.expected[output].shape)
        end = start + count * int(np.prod(seen))
        yes, no = (unpacked[which][start:end].reshape(count, *seen) for which in ("yes", "no"))
        moved = clue.arrays["moved"][first : first + count]
        reactions[output, name] = Reaction(yes, no, moved, affine)
        start, first = end, first + count
    return Known(
        case.name,
        clue.told["finely"],
        reactions,
        tuple(clue.told["upstream"]),
        tuple(clue.told["proportional"]),
    )
