"""What can be said of a wrong tensor by looking at it: a factor, a transpose, a shift, a place.

Each clue is a clause without numbers of its own case, so that one that holds on every case can be
told from one that holds by accident: `explain` keeps what is true wherever the tensor is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from autograder.compare import close
from autograder.judge.describe import MEANING, known_lengths, number
from autograder.judge.invariants import broken
from autograder.judge.relations import added, functions_of
from autograder.levels import EXACT, NATURE, WHERE
from autograder.problem import Case, Problem, Tensor
from autograder.wording import listed

NEAR = 1e-4
"""Relative distance within which a ratio of two tensors counts as a known number."""

ALIKE = {"T": "at every time step", "N": "for every example of the batch"}
"""Axis -> what it means that all along it is the same."""

WHOLLY = 0.9
"""The share of its numbers from which on a part counts as wrong: some are right by accident."""

FEW = 3
"""Of so many different numbers or fewer, the same in another order says nothing."""


@dataclass(frozen=True)
class Clue:
    """A clause about a wrong output, as of one and as of several, and its level of the ladder.

    like: the output that it is equal to. partly: it holds only on the cases that are wrong.
    """

    of_one: str
    of_several: str
    level: int
    like: str = ""
    partly: bool = False

    def about(self, outputs: Sequence[str]) -> str:
        """`dWh is the transpose of the expected one`, `dWx and dWh are each the transpose ...`."""
        alone = len(outputs) == 1
        clause = f"{listed(outputs)} {self.of_one if alone else self.of_several}"
        if self.partly:
            return f"where {'it is' if alone else 'they are'} wrong, {clause}"
        return clause


def is_(rest: str, level: int) -> Clue:
    """A clue about what an output is."""
    return Clue(f"is {rest}", f"are each {rest}", level)


def has(rest: str, level: int) -> Clue:
    """A clue about what an output has."""
    return Clue(f"has {rest}", f"each have {rest}", level)


def wrong_only(place: str) -> Clue:
    """A clue about where an output is wrong."""
    return Clue(f"is wrong only {place}", f"are wrong only {place}", WHERE)


def right_only(place: str) -> Clue:
    """A clue about where an output is right."""
    return Clue(f"is right only {place}", f"are right only {place}", WHERE)


Answers = Sequence[tuple[Case, np.ndarray]]
"""Cases, each with what came back for an output."""


def explain(
    problem: Problem, tensor: Tensor, wrong: Answers, right: Answers = ()
) -> tuple[Clue, ...]:
    """What is true of `tensor` on every case in which it is wrong: how it is wrong, then where.

    wrong, right: the cases in which it is wrong, and in which it is right. There is at most one
    clue of either kind, and none where a shape is wrong or a number is not finite.
    """
    pairs = [_Pair(problem, tensor, case, got) for case, got in wrong]
    others = [_Pair(problem, tensor, case, got) for case, got in right]
    if not pairs or not all(pair.can_be_compared for pair in pairs):
        return ()
    ways = [*_factor(pairs, others), *_in_common(pairs, others, _ways)]
    # Of what is another result in some cases only, that is no reason.
    ways = [way for way in ways if not (way.like and way.partly)]
    ways += transformed(pairs)
    ways += [is_(text, NATURE) for text in broken([p.got for p in pairs], [p.want for p in pairs])]
    if ways and ways[0].level == WHERE:
        return (ways[0],)
    places = [*_blocks_hit(pairs), *_in_common(pairs, (), _places)]
    return (*ways[:1], *places[:1])


@dataclass(frozen=True)
class _Pair:
    """One wrong tensor of one case, beside the expected one."""

    problem: Problem
    tensor: Tensor
    case: Case
    answer: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        """What it should be."""
        return self.case.expected[self.tensor.name]

    @property
    def can_be_compared(self) -> bool:
        """Whether it is a result of the right shape, and all its numbers are finite."""
        if self.tensor in self.problem.holds or self.answer.shape != self.expected.shape:
            return False
        return bool(np.isfinite(self.got).all() and np.isfinite(self.want).all())

    @cached_property
    def _rightly_infinite(self) -> np.ndarray:
        """Where an infinity is expected, and came back."""
        return np.asarray(np.isinf(self.expected) & (self.answer == self.expected))

    @cached_property
    def got(self) -> np.ndarray:
        """What came back, as real numbers; 0 where it is infinite as it should be."""
        return np.where(self._rightly_infinite, 0.0, self.answer.astype(float))

    @cached_property
    def want(self) -> np.ndarray:
        """What is expected, as real numbers; 0 where an infinity is, and came back."""
        return np.where(self._rightly_infinite, 0.0, self.expected.astype(float))

    @property
    def is_whole(self) -> bool:
        """Whether whole numbers or truth values are expected."""
        return self.expected.dtype.kind in "biu"

    @cached_property
    def wrong(self) -> np.ndarray:
        """A truth value for every number: whether it is wrong."""
        return ~self._close(self.got, self.want)

    def same(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Whether two tensors are equal for the purposes of this problem."""
        if one.shape != other.shape or one.size == 0:
            return False
        return bool(self._close(one, other).all())

    def _close(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        if self.is_whole:
            return np.asarray(one == other)
        return close(one, other, self.problem.rtol, self.problem.atol)


_Found = Iterator[tuple[Clue, bool]]
"""Clues that do not speak against a case, each with whether the case speaks for it."""


def _in_common(
    wrong: Sequence[_Pair], right: Sequence[_Pair], find: Callable[[_Pair], _Found]
) -> list[Clue]:
    """The clues that no wrong case speaks against and some speaks for, what says most first.

    A case with one time step cannot tell whether steps come late; it does not contradict it. What
    is not true of a right case is said of the wrong ones only.
    """
    found = [dict(find(pair)) for pair in wrong]
    clues = dict.fromkeys(clue for by_clue in found for clue in by_clue)
    common = []
    for clue in clues:
        fits_all = all(clue in by_clue for by_clue in found)
        if fits_all and any(by_clue[clue] for by_clue in found):
            everywhere = all(clue in dict(find(pair)) for pair in right)
            common.append(replace(clue, partly=not everywhere))
    return common


# ---------------------------------------------------------------------------------- how it is wrong


def _factor(pairs: Sequence[_Pair], right: Sequence[_Pair]) -> Iterator[Clue]:
    """One factor on all cases, by the name of a length or a sum where it is one.

    A lone number always has a ratio, so there must be more numbers than one, of all cases together.
    A length is named only if it is not the same on all cases: else any constant could be it.
    """
    ratios = [_ratio(pair) for pair in pairs]
    numbers = sum(int(np.count_nonzero(pair.want)) for pair in pairs)
    if numbers < 2 or None in ratios or any(pair.is_whole for pair in pairs):
        return
    factors = np.array(ratios, dtype=float)
    known = [_known_numbers(pair) for pair in pairs]
    telling = [pair for pair in right if pair.want.any()]
    for name in known[0]:
        values = np.array([numbers.get(name, np.nan) for numbers in known])
        if (values == values[0]).all() or not (values > 0).all():
            continue
        partly = any(_known_numbers(pair).get(name) != 1 for pair in telling)
        if np.allclose(factors, values, rtol=NEAR, atol=0):
            yield replace(is_(f"{name} times the expected one", EXACT), partly=partly)
        if np.allclose(factors, 1 / values, rtol=NEAR, atol=0):
            yield replace(is_(f"the expected one divided by {name}", EXACT), partly=partly)
    if np.allclose(factors, factors[0], rtol=NEAR, atol=0):
        yield replace(_times(float(factors[0])), partly=bool(telling))


def transformed(pairs: Sequence[_Pair]) -> list[Clue]:
    """What the wrong numbers are of the expected ones, or what has been added to these."""
    wrong = [(pair.got[pair.wrong], pair.want[pair.wrong]) for pair in pairs]
    clues = []
    if not any(pair.is_whole for pair in pairs):
        for text in functions_of(wrong):
            clues.append(Clue(f"is, where it is wrong, {text}", f"are, where wrong, {text}", EXACT))
        for text in added([(pair.got - pair.want, pair.case.inputs) for pair in pairs]):
            clues.append(is_(f"the expected one plus {text}", EXACT))
    return clues


def _times(factor: float) -> Clue:
    """A constant factor in words."""
    if np.isclose(factor, -1, rtol=NEAR):
        return has("the opposite sign everywhere", EXACT)
    return is_(f"{number(factor)} times the expected one", EXACT)


def _ratio(pair: _Pair) -> float | None:
    """By what the whole tensor is multiplied; None if it is not, or by nothing."""
    squares = (pair.want * pair.want).sum()
    if squares == 0:
        return None
    ratio = float((pair.got * pair.want).sum() / squares)  # the factor of least squares
    return ratio if ratio and pair.same(pair.got, ratio * pair.want) else None


def _known_numbers(pair: _Pair) -> dict[str, float]:
    """What a tensor is multiplied by in practice: lengths, sums of masks, products of two; by one
    less over one, where a spread is divided by another number of terms.
    """
    known: dict[str, float] = {}
    for axis, length in known_lengths(pair.problem, pair.case).items():
        known[axis] = float(length)
    for name, value in pair.case.inputs.items():
        if value.dtype.kind == "b":
            known[f"{name}.sum()"] = float(value.sum())
    lengths = list(known)
    for one, other in combinations(lengths, 2):
        known[f"{one} {other}"] = known[one] * known[other]
    for one in lengths:
        if known[one]:  # a mask may be empty
            known[f"({one} - 1)/{one}"] = (known[one] - 1) / known[one]
    return known


def _ways(pair: _Pair) -> _Found:
    """In what ways a tensor is wrong on one case, what says most first."""
    if pair.got.ndim:
        yield from _constants(pair)
    else:
        yield from _off_by(pair)
        return
    yield from _equal_to_another(pair)
    if pair.got.ndim == 2 and pair.same(pair.got.T, pair.want):
        yield is_("the transpose of the expected one", EXACT), True
    if pair.is_whole:
        yield from _off_by(pair)
        yield from _up_to_the_end(pair)
    yield from _along_an_axis(pair)
    yield from _all_alike(pair)
    yield from _blocks(pair)
    yield from _in_another_order(pair)


def _constants(pair: _Pair) -> _Found:
    """The same number everywhere, where different ones are expected."""
    if not pair.got.any():
        yield is_("all zeros", WHERE), True
    elif pair.got.size > 1 and not pair.is_whole and (pair.got == pair.got.flat[0]).all():
        yield is_(f"{number(float(pair.got.flat[0]))} everywhere", WHERE), True


def _off_by(pair: _Pair) -> _Found:
    """Whole numbers that are too large or too small by the same everywhere, on each case."""
    off = pair.got - pair.want
    if not pair.is_whole or pair.expected.dtype.kind == "b" or not off.size:
        return
    by = float(off.flat[0])
    if by and (off == by).all():
        way = "large" if by > 0 else "small"
        everywhere = " everywhere" if off.ndim else ""
        yield is_(f"{abs(by):g} too {way}{everywhere}", EXACT), True


def _equal_to_another(pair: _Pair) -> _Found:
    """Another array of the problem, returned in place of this one."""
    if pair.got.size < 2:
        return
    for name, value in pair.case.inputs.items():
        if pair.same(pair.got, value.astype(float)):
            yield is_(f"the argument {name} as it came", EXACT), True
    for name, value in pair.case.expected.items():
        if name != pair.tensor.name and pair.same(pair.got, value.astype(float)):
            yield replace(is_(f"what {name} should be", EXACT), like=name), True


def _up_to_the_end(pair: _Pair) -> _Found:
    """Sentences that are right as far as anybody reads them."""
    if "end" not in pair.case.inputs:
        return
    end = float(pair.case.inputs["end"])
    if pair.wrong.any() and (pair.wrong == (pair.want == end)).all():
        clause = "right but for the end word itself"
        yield Clue(f"is {clause}", f"are {clause}", NATURE), True
    ended = np.cumsum(pair.want == end, axis=-1) - (pair.want == end) > 0
    if not pair.wrong[~ended].any():
        clause = "right up to the first <END>; what stands after it differs"
        yield Clue(f"is {clause}", f"are {clause}", WHERE), True


def _along_an_axis(pair: _Pair) -> _Found:
    """Shifts and turns along time; of whole numbers, along the last axis."""
    axes = [axis for axis, letter in enumerate(pair.tensor.axes) if letter.startswith("T")]
    if pair.is_whole:
        axes = [pair.got.ndim - 1]
    for axis in axes[:1]:
        what = "place" if pair.is_whole else "time step"
        order = "in reverse order" if pair.is_whole else "the expected one with time reversed"
        late, early = is_(f"late by one {what}", EXACT), is_(f"early by one {what}", EXACT)
        got, want = np.moveaxis(pair.got, axis, 0), np.moveaxis(pair.want, axis, 0)
        if len(got) < 2:
            yield late, False
            yield early, False
            return
        if pair.same(got[::-1], want):
            yield is_(order, EXACT), True
        # Where all steps are alike, a shift cannot be seen.
        if pair.same(got[1:], want[:-1]) and np.ptp(want[:-1]):
            yield late, len(got) > 2
        if pair.same(got[:-1], want[1:]) and np.ptp(want[1:]):
            yield early, len(got) > 2


def _all_alike(pair: _Pair) -> _Found:
    """The same at every step, or in every example, where different ones are expected."""
    for axis, letter in enumerate(pair.tensor.axes):
        if letter[0] not in ALIKE:
            continue
        clue = is_(f"the same {ALIKE[letter[0]]}", NATURE)
        got, want = np.moveaxis(pair.got, axis, 0), np.moveaxis(pair.want, axis, 0)
        if len(got) < 2:
            yield clue, False
        elif (got == got[0]).all():
            yield clue, not pair.same(want, np.broadcast_to(want[0], want.shape))


def _blocks(pair: _Pair) -> _Found:
    """Blocks of an axis like 4H in another order, or woven into one another."""
    names = _block_names(pair)
    if not names:
        return
    expected = dict(zip(names, np.split(pair.want, len(names), axis=-1), strict=True))
    order = []
    for block in np.split(pair.got, len(names), axis=-1):
        found = [name for name in names if pair.same(block, expected[name])]
        order.append(found[0] if found else "?")
    if sorted(order) == sorted(names) and order != names:
        blocks = f"{' '.join(order)} instead of {pair.problem.blocks}"
        yield has(f"its blocks in the order {blocks}", EXACT), True
    woven = pair.got.reshape(*pair.got.shape[:-1], -1, len(names)).swapaxes(-1, -2)
    if pair.same(woven.reshape(pair.got.shape), pair.want):
        yield has("its blocks interleaved instead of side by side", EXACT), True


def _in_another_order(pair: _Pair) -> _Found:
    """The right numbers, each of them somewhere else."""
    got, want = np.sort(pair.got, axis=None), np.sort(pair.want, axis=None)
    if want.size > 1 and pair.same(got, want):
        telling = len(np.unique(pair.want)) > FEW
        yield has("the right numbers in the wrong order", NATURE), telling


# -------------------------------------------------------------------------------- where it is wrong


def _block_names(pair: _Pair) -> list[str]:
    """The names of the blocks that the last axis has; none if it has no blocks."""
    names = pair.problem.blocks.split()
    axes = pair.tensor.axes
    if len(names) < 2 or not axes or not axes[-1].startswith(str(len(names))):
        return []
    return names


def _blocks_hit(pairs: Sequence[_Pair]) -> Iterator[Clue]:
    """The blocks that are wrong on any case, if some are right on all."""
    names = _block_names(pairs[0])
    if not names:
        return
    hit: set[str] = set()
    for pair in pairs:
        for name, part in zip(names, np.split(pair.wrong, len(names), axis=-1), strict=True):
            if part.any():
                hit.add(name)
    if len(hit) < len(names):
        wrong = [name for name in names if name in hit]
        yield wrong_only(f"in {in_blocks(wrong)}")


def in_blocks(names: Sequence[str]) -> str:
    """`block g`, `blocks i, o and g`."""
    return f"block{'s' if len(names) > 1 else ''} {listed(names)}"


def _places(pair: _Pair) -> _Found:
    """The one index of an axis that is wrong, or that is right, on one case; or the diagonal."""
    yield from _on_the_diagonal(pair)
    for axis, letter in enumerate(pair.tensor.axes):
        others = tuple(i for i in range(pair.wrong.ndim) if i != axis)
        wrong = np.asarray(pair.wrong.any(axis=others))
        share_wrong = np.asarray(pair.wrong.mean(axis=others))
        length = len(wrong)
        for place, index in _named_places(letter, wrong):
            only_here, only_there = wrong_only(f"at {place}"), right_only(f"at {place}")
            if wrong[index] and wrong.sum() == 1:
                yield only_here, length > 1
            all_others = not wrong[index] and wrong.sum() == length - 1 > 0
            if all_others and share_wrong[wrong].min() >= WHOLLY:
                yield only_there, length > 2  # of two, "wrong only" says it better


def _on_the_diagonal(pair: _Pair) -> _Found:
    """Right on the diagonal of the last two axes and nowhere else, or the other way round."""
    shape = pair.wrong.shape
    # two axes of any length are both called `_`
    if len(shape) < 2 or shape[-1] != shape[-2] or pair.tensor.axes[-1] != pair.tensor.axes[-2]:
        return
    on = np.broadcast_to(np.eye(shape[-1], dtype=bool), shape)
    if not pair.wrong[~on].any():
        yield wrong_only("on the diagonal"), shape[-1] > 1
    if not pair.wrong[on].any():
        yield wrong_only("off the diagonal"), shape[-1] > 1


def _named_places(letter: str, wrong: np.ndarray) -> Iterable[tuple[str, int]]:
    """Places along an axis, each with its index: the first and last step, else the index."""
    last = len(wrong) - 1
    if letter.startswith("T"):
        yield "the first time step", 0
        yield "the last time step", last
        letter = "T"
    axis = f"the {MEANING[letter]} axis" if letter in MEANING else f"axis {letter}"
    if letter.isdigit():  # a length: numpy's "axis 2" is another one
        axis = f"the axis of length {letter}"
    if letter != "_":
        yield f"the last index of {axis}", last
        for index in range(last + 1):
            yield f"index {index} of {axis}", index
