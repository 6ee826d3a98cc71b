"""Reading measured reactions beside the reference's: what should react and does not, and the like.

Each fact is literally true of the case that was tried. What fits no pattern is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from autograder.judge.experiments.known import Known
from autograder.judge.experiments.measure import Measured, Reaction
from autograder.judge.experiments.parts import (
    BLOCK,
    Part,
    View,
    named_outside,
    parts,
    view,
)
from autograder.problem import Case, Problem, letter_length
from autograder.wording import listed

Kind = Literal["silent", "should_not", "reversed", "opposite", "partly", "bent", "straight"]

MOST_NAMED = 5
"""Tensors in one list."""

LEAST = 5
"""The breadth of what says least."""

AS_FAR, OTHERWISE = 1e-5, 2e-2
"""Of how far an output should move: an error that is none, and one that is plainly there.

What a mistake changes may reach a part only faintly; so nearly the same it is by right alone.
"""


@dataclass(frozen=True)
class Fact:
    """What an output, or a part of it, does when an input, or a part of it, is changed.

    kind: it stays as it is and should change (silent), it changes and should not, it reacts in
    reversed order of time, in the opposite direction, or to another part as it should and not to
    this (partly); it is not linear and should be (bent), or the other way (straight).
    instead: for `partly`, what it reacts to as it should; what ends in "of " is of all inputs of
    which the same is said.
    name: the input's. breadth: 0 for what is true of whole tensors, more the narrower it is.
    numbers: which of the tried parts of the input it is about. inside: where in the view of the
    output.
    """

    kind: Kind
    output: str
    name: str
    subject: str
    given: str
    breadth: int
    note: str = ""
    instead: str = ""
    numbers: tuple[int, ...] = (0,)
    inside: np.ndarray | None = field(default=None, compare=False)


def facts(
    problem: Problem, case: Case, known: Known, measured: Measured, wrong: Collection[str]
) -> list[Fact]:
    """What is found of the wrong outputs, for each output and input the broadest of it."""
    takes = {tensor.name: tensor for tensor in problem.takes}
    gives = {tensor.name: tensor for tensor in problem.gives}
    found: list[Fact] = []
    pairs: dict[str, list[Pair]] = {}
    for (output, name), reference in known.reactions.items():
        students = measured.reactions.get((output, name))
        if output not in wrong or students is None:
            continue
        tried = parts(problem, takes[name], case.inputs, known.finely[name])
        pair = Pair(
            problem,
            view(problem, takes[name]),
            view(problem, gives[output]),
            tried,
            reference,
            students,
        )
        pairs.setdefault(output, []).append(pair)
        first = next(_of_pair(pair, known.upstream), None)
        if first is not None:
            found.append(first)
        found += _of_lines(pair)
    for of_output in pairs.values():
        found += _as_far(of_output, known.upstream)
    return found


@dataclass(frozen=True, eq=False)
class Pair:
    """How one output reacts to one input, in the reference and in the student's code."""

    problem: Problem
    input: View
    output: View
    parts: Sequence[Part]
    reference: Reaction
    students: Reaction

    def fact(
        self, kind: Kind, breadth: int, subject: str = "", given: str = "", note: str = ""
    ) -> Fact:
        """A fact about these two; of all of them, where no part is named."""
        output = self.output.tensor.name
        whole = np.ones(self.reference.yes.shape[1:], bool)
        return Fact(
            kind,
            output,
            self.name,
            subject or output,
            given or self.name,
            breadth,
            note,
            inside=whole,
        )

    def inside(self, axis: int, indices: Sequence[int]) -> np.ndarray:
        """Some indices of an axis of the output, as a mask of its view."""
        chosen = np.zeros(self.reference.yes.shape[1:], bool)
        np.moveaxis(chosen, axis, 0)[list(indices)] = True
        return chosen

    @property
    def name(self) -> str:
        """The input's."""
        return self.input.tensor.name

    def numbers(self, axis: int) -> list[int]:
        """Where in `parts` the indices of one axis of the input stand."""
        return [number for number, part in enumerate(self.parts) if part.axis == axis]


# ------------------------------------------------------------------------------ reacts or does not


def _of_pair(pair: Pair, upstream: Collection[str]) -> Iterator[Fact]:
    """What is to be said of the reactions, the broadest first."""
    yield from _whole(pair)
    yield from _outside(pair)
    yield from _parts_of_output(pair)
    yield from _parts_of_input(pair)
    yield from _parts_of_both(pair)
    yield from _parts_as_far(pair, upstream)


def _whole(pair: Pair) -> Iterator[Fact]:
    reference, students = pair.reference, pair.students
    if reference.yes[0].any() and students.no.all():
        yield pair.fact("silent", 0)
    elif reference.no.all() and students.yes[0].any():
        yield pair.fact("should_not", 0)


def _outside(pair: Pair) -> Iterator[Fact]:
    """What a mask leaves out should not be heard of."""
    for number, part in enumerate(pair.parts):
        if not part.outside:
            continue
        given = named_outside(pair.problem, pair.input.tensor, part.outside)
        if pair.reference.no[number].all() and pair.students.yes[number].any():
            yield pair.fact("should_not", 1, given=given)
        elif pair.reference.yes[number].any() and pair.students.no[number].all():
            yield replace(pair.fact("silent", 1, given=given), numbers=(number,))


def _parts_of_output(pair: Pair) -> Iterator[Fact]:
    """Blocks, rows, steps of the output that do not react to the input at all, or do."""
    view = pair.output
    for axis in _blocks_first(view):
        length = pair.reference.yes.shape[axis + 1]
        should = _by_index(pair.reference.yes[0], axis).any(axis=1)
        never = _by_index(pair.reference.no.all(axis=0), axis).all(axis=1)
        does = _by_index(pair.students.yes[0], axis).any(axis=1)
        silent = _by_index(pair.students.no.all(axis=0), axis).all(axis=1)

        missing = np.flatnonzero(should & silent).tolist()
        if missing and (should & does).any():
            fact = pair.fact("silent", 1, view.named(axis, missing, length))
            yield replace(fact, inside=pair.inside(axis, missing))
        extra = np.flatnonzero(never & does).tolist()
        if extra:
            yield pair.fact("should_not", 1, view.named(axis, extra, length))


def _parts_of_input(pair: Pair) -> Iterator[Fact]:
    """Blocks, rows, steps of the input that the output does not react to at all, or does."""
    view = pair.input
    for axis in _blocks_first(view):
        numbers = pair.numbers(axis)
        if not numbers:
            continue
        should = pair.reference.yes[numbers].reshape(len(numbers), -1).any(axis=1)
        never = pair.reference.no[numbers].reshape(len(numbers), -1).all(axis=1)
        does = pair.students.yes[numbers].reshape(len(numbers), -1).any(axis=1)
        silent = pair.students.no[numbers].reshape(len(numbers), -1).all(axis=1)

        missing = np.flatnonzero(should & silent).tolist()
        if missing and (should & does).any():
            fact = pair.fact("silent", 2, given=view.named(axis, missing, len(numbers)))
            yield replace(fact, numbers=tuple(numbers[index] for index in missing))
        extra = np.flatnonzero(never & does).tolist()
        if extra:
            yield pair.fact("should_not", 2, given=view.named(axis, extra, len(numbers)))


def _blocks_first(view: View) -> list[int]:
    axes = range(len(view.axes))
    return sorted(axes, key=lambda axis: view.axes[axis] != BLOCK)


def _by_index(array: np.ndarray | np.bool, axis: int) -> np.ndarray:
    """(length of the axis, all the rest)."""
    moved = np.moveaxis(np.asarray(array), axis, 0)
    return moved.reshape(len(moved), -1)


# ------------------------------------------------------------------------------- an index of each


@dataclass(frozen=True)
class Table:
    """How the indices of an axis of the output (columns) react to those of the input (rows)."""

    should: np.ndarray
    never: np.ndarray
    does: np.ndarray
    silent: np.ndarray


def _parts_of_both(pair: Pair) -> Iterator[Fact]:
    """An index of an axis of the output to an index of the same axis of the input."""
    for axis, letter in enumerate(pair.input.axes):
        for other, same in enumerate(pair.output.axes):
            if letter == "_" or not _same_letter(letter, same) or not pair.numbers(axis):
                continue
            yield from _of_table(pair, axis, other, _table(pair, axis, other))


def _same_letter(one: str, other: str) -> bool:
    return one == other or bool(_letters(one) & _letters(other))


def _letters(axis: str) -> set[str]:
    """The letter of an axis; none for a number, `_` or the blocks."""
    return set() if axis == BLOCK else set(letter_length(axis, 1))


def _table(pair: Pair, axis: int, other: int) -> Table:
    numbers = pair.numbers(axis)

    def seen(array: np.ndarray, whole: bool) -> np.ndarray:
        rows = []
        for number in numbers:
            columns = _by_index(array[number], other)
            rows.append(columns.all(axis=1) if whole else columns.any(axis=1))
        return np.stack(rows)

    return Table(
        seen(pair.reference.yes, False),
        seen(pair.reference.no, True),
        seen(pair.students.yes, False),
        seen(pair.students.no, True),
    )


def _of_table(pair: Pair, axis: int, other: int, table: Table) -> Iterator[Fact]:
    # Of an axis T+1, index 0 is another time than of an axis T.
    letter = pair.input.axes[axis] if pair.input.axes[axis] == pair.output.axes[other] else ""
    if letter == "T" and _is_reversed(table):
        yield pair.fact("reversed", 3)
        return
    extra = table.never & table.does
    if extra.any():
        at = _at(extra, np.argmax)
        yield _of_two(pair, "should_not", axis, other, at, table, _mixed(letter, table, *at))
    missing = table.should & table.silent
    if missing.any():
        note = _reach(table) if letter == "T" else ""
        yield _of_two(pair, "silent", axis, other, _at(missing, np.argmin), table, note)


def _of_two(
    pair: Pair, kind: Kind, axis: int, other: int, at: tuple[int, int], table: Table, note: str
) -> Fact:
    rows, columns = table.should.shape
    subject = pair.output.named(other, [at[1]], columns)
    breadth = 3 if _letters(pair.input.axes[axis]) <= {"N", "T"} else 4
    fact = pair.fact(kind, breadth, subject, pair.input.named(axis, [at[0]], rows), note)
    number = pair.numbers(axis)[at[0]]
    return replace(fact, numbers=(number,), inside=pair.inside(other, [at[1]]))


def _is_reversed(table: Table) -> bool:
    """Whether steps react as they would if time ran the other way."""
    decided = (table.should | table.never).all() and (table.does | table.silent).all()
    turned = table.should[::-1, ::-1]
    if not decided or np.array_equal(table.should, turned):
        return False
    return np.array_equal(turned, table.does)


def _mixed(letter: str, table: Table, row: int, column: int) -> str:
    """What it means that an index reacts to another one."""
    if letter == "N":
        return "the rows of the batch are mixed" if row != column else ""
    if letter != "T":
        return ""
    steps = np.arange(table.should.shape[0])[:, None] - np.arange(table.should.shape[1])
    if row > column and table.never[steps > 0].all():
        return "a step sees a later one"
    if row < column and table.never[steps < 0].all():
        return "a step sees an earlier one"
    return ""


def _reach(table: Table) -> str:
    """Whether a reaction reaches only so many steps far."""
    rows, columns = table.should.shape
    distance = np.abs(np.arange(rows)[:, None] - np.arange(columns))
    reach = int(distance[table.should & table.silent].min())
    near, far = table.should & (distance < reach), table.should & (distance >= reach)
    if not near.any() or not (table.does[near].all() and table.silent[far].all()):
        return ""
    if reach == 1:
        return "a step has no effect on other steps"
    steps = "one step" if reach == 2 else f"{reach - 1} steps"
    return f"the effect reaches no further than {steps}"


def _at(where: np.ndarray, pick: Callable[[np.ndarray], Any]) -> tuple[int, int]:
    """The place farthest from the diagonal, or nearest to it: by `np.argmax` or `np.argmin`."""
    rows, columns = np.nonzero(where)
    number = int(pick(np.abs(rows - columns)))
    return int(rows[number]), int(columns[number])


# --------------------------------------------------------------------------------- how far it moves


def _states(pair: Pair) -> list[str]:
    """For each part of the input, whether the output moves as it should.

    `right`, `opposite`, `wrong`; `none` where it should not move, empty where it cannot be told.
    """
    found = []
    for number in range(len(pair.parts)):
        should, does = pair.reference.moved[number], pair.students.moved[number]
        if not pair.reference.yes[number].any():
            found.append("none" if pair.reference.no[number].all() else "")
            continue
        scale = float(np.abs(should).max())
        off, sum_ = np.abs(does - should).max(), np.abs(does + should).max()
        if not np.isfinite(off) or scale == 0:
            found.append("")
        elif off <= AS_FAR * scale:
            found.append("right")
        elif sum_ <= AS_FAR * scale:
            found.append("opposite")
        else:
            found.append("wrong" if off >= OTHERWISE * scale else "")
    return found


def _as_far(pairs: Sequence[Pair], upstream: Collection[str]) -> Iterator[Fact]:
    """To which inputs an output reacts as it should, where to some and not to others.

    Of a gradient that tells most of what comes from above, in which it is linear.
    """
    states = {pair: _states(pair)[0] for pair in pairs}
    right = [pair for pair in pairs if states[pair] == "right"]
    opposite = [pair for pair in pairs if states[pair] == "opposite"]
    wrong = [pair for pair in pairs if states[pair] == "wrong" and pair.students.yes[0].any()]
    if right or wrong:
        for pair in opposite:
            yield pair.fact("opposite", _breadth(pair, upstream, 1))

    from_above = [pair for pair in right if pair.name in upstream]
    if from_above and any(pair.name in upstream for pair in wrong):
        right, wrong = from_above, [pair for pair in wrong if pair.name in upstream]
    names = listed([pair.name for pair in right])
    if 1 <= len(right) <= MOST_NAMED:
        for pair in wrong:
            yield replace(pair.fact("partly", _breadth(pair, upstream, 1)), instead=names)


def _breadth(pair: Pair, upstream: Collection[str], breadth: int) -> int:
    """How a gradient depends on what does not come from above says least."""
    return LEAST if upstream and pair.name not in upstream else breadth


def _parts_as_far(pair: Pair, upstream: Collection[str]) -> Iterator[Fact]:
    """To which indices of an axis an output reacts as it should, where not to all of them."""
    states = _states(pair)
    view = pair.input
    for axis in _blocks_first(view):
        numbers = pair.numbers(axis)
        here = [states[number] for number in numbers]
        right = [index for index, state in enumerate(here) if state == "right"]
        wrong = [index for index, state in enumerate(here) if state in ("wrong", "opposite")]
        if right and wrong and "" not in here:
            named = view.named(axis, right, len(numbers))
            if named.endswith(f" of {pair.name}"):
                named = named.removesuffix(pair.name)  # it is put behind all inputs in a sentence
            given = view.named(axis, wrong, len(numbers))
            fact = pair.fact("partly", _breadth(pair, upstream, 2), given=given)
            yield replace(fact, instead=named)


# ----------------------------------------------------------------------------------- straight lines


def _of_lines(pair: Pair) -> Iterator[Fact]:
    """Whether the output is linear in the input, where that is plain on both sides."""
    should, does = pair.reference.affine, pair.students.affine
    if should is True and does is False:
        yield pair.fact("bent", 0)
    if should is False and does is True:
        yield pair.fact("straight", 0)
