"""A student's own convention: the order of the blocks in gated cells, and which state z weighs.

Everything that is graded is stored, compared and diagnosed in the lecture's convention. Another one
is a bijection on a few arrays, which are changed on their way to the student's code and changed
back on their way home (`sitting_in`); only what is said is said in the student's own (`judge.say`).

Where a picture enters a captioner, which some conventions vary too, is no such bijection, and stays
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import permutations
from typing import Literal

import numpy as np

from autograder import lessons
from autograder.problem import Advice, Arrays, Problem

Cell = Literal["lstm", "gru"]
State = Literal["new", "old"]

LECTURES: Mapping[Cell, str] = {"lstm": "i f o g", "gru": "z r n"}
"""The order of the blocks in the lecture, in which everything is stored."""

WEIGHTS = re.compile(r"d?(other_|gru_|encoder__|decoder__)?(Wx|Wh|b)\d?")
"""Names of weights of a cell, of their gradients, and of weights that are built or converted."""

AXES: Mapping[str, Cell] = {"3H": "gru", "4": "lstm", "4H": "lstm", "4P": "lstm", "4Q": "lstm"}
"""The last axis of such weights -> the cell that they are of."""

NOT_BY_BLOCK = {("init_lstm", "Wx"), ("init_lstm", "Wh")}
"""Problem and weights that are drawn in one piece, whatever the blocks in them are."""


@dataclass(frozen=True)
class Convention:
    """lstm, gru: the order of the blocks. z: the state that a GRU's update gate weighs."""

    lstm: str = LECTURES["lstm"]
    gru: str = LECTURES["gru"]
    z: State = "new"

    def touches(self, problem: Problem) -> bool:
        """Whether some array of a problem is another one than in the lecture's convention."""
        tensors = (*problem.takes, *problem.gives, *problem.brings)
        return any(self._differs(cell_of(problem, tensor.name)) for tensor in tensors)

    def _differs(self, cell: Cell | None) -> bool:
        if cell is None:
            return False
        return self._order(cell) != LECTURES[cell] or (cell == "gru" and self.z == "old")

    def _order(self, cell: Cell) -> str:
        return self.lstm if cell == "lstm" else self.gru

    # ------------------------------------------------------------------------------ arrays

    def to_student(self, problem: Problem, arrays: Arrays) -> Arrays:
        """The arrays of a problem, by name, as the student's code is to see them."""
        return self._changed(problem, arrays, home=False)

    def to_lecture(self, problem: Problem, arrays: Arrays) -> Arrays:
        """The student's arrays as they would be in the lecture's convention."""
        return self._changed(problem, arrays, home=True)

    def _changed(self, problem: Problem, arrays: Arrays, home: bool) -> Arrays:
        found = dict(arrays)
        for name, array in arrays.items():
            cell = cell_of(problem, name)
            if cell is not None and self._differs(cell):
                found[name] = self._with_blocks(cell, array, home)
        return found

    def _with_blocks(self, cell: Cell, array: np.ndarray, home: bool) -> np.ndarray:
        """One array with its blocks in the other order, and that of z negated if need be.

        An array whose last axis does not fall into blocks, as only a wrong answer does, stays.
        """
        lectures, own = LECTURES[cell].split(), self._order(cell).split()
        before, after = (own, lectures) if home else (lectures, own)
        if not array.ndim or array.shape[-1] % len(own):
            return array
        blocks = dict(zip(before, np.split(array, len(own), axis=-1), strict=True))
        if cell == "gru" and self.z == "old":
            blocks["z"] = _negated(blocks["z"])
        return np.concatenate([blocks[name] for name in after], axis=-1)

    # ------------------------------------------------------------------------------- words

    def own_blocks(self, problem: Problem) -> str:
        """The blocks of a problem as the student has them, where it has the lecture's."""
        for cell, order in LECTURES.items():
            if problem.blocks == order:
                return self._order(cell)
        return problem.blocks

    def words(self, problem: Problem | None = None) -> str:
        """What holds for the cells of a problem, or for all: a clause without its end.

        >>> Convention(lstm="f i o g").words()
        "an LSTM's blocks are f i o g; a GRU's blocks are z r n, and z weighs the new state"
        """
        cells = _cells_of(problem) if problem is not None else set(LECTURES)
        parts = []
        if "lstm" in cells:
            parts.append(f"an LSTM's blocks are {self.lstm}")
        if "gru" in cells:
            parts.append(f"a GRU's blocks are {self.gru}, and z weighs the {self.z} state")
        return "; ".join(parts)

    def advice(self, advice: Mapping[str, Advice]) -> dict[str, Advice]:
        """What is to be said of misconceptions, qualified where it was written for the lecture's
        convention and the student has another.
        """
        found = dict(advice)
        for name, one in advice.items():
            if self.touches(lessons.find(one.problem)):
                found[name] = self._own_advice(one)
        return found

    def _own_advice(self, advice: Advice) -> Advice:
        idea = self._own_idea(advice)
        if idea:
            return replace(advice, idea=idea, hints=OF_Z if idea.startswith("z ") else OF_BLOCKS)
        hints = tuple(in_the_lectures(hint) for hint in advice.hints)
        return replace(advice, idea=f"{advice.idea} ({IN_THE_LECTURES})", hints=hints)

    def _own_idea(self, advice: Advice) -> str:
        """What code does that only takes another convention for the student's; empty for others."""
        cells = _cells_of(lessons.find(advice.problem))
        mistake = advice.id.partition(".")[2].removesuffix("_throughout")
        if mistake == "z_keeps" and self.gru == LECTURES["gru"]:
            other = "new" if self.z == "old" else "old"
            return f"z weighs the {other} state, where yours weighs the {self.z} one"
        match = ORDER.fullmatch(mistake)
        cell: Cell = "lstm" if "lstm" in cells else "gru"
        # With z negated, too, an order alone is not all that such code does.
        if match is None or (cell == "gru" and self.z == "old"):
            return ""
        taken = dict(zip(LECTURES[cell].split(), match[1].split("_"), strict=False))
        if sorted(taken) != sorted(taken.values()):
            return ""
        own = self._order(cell)
        order = " ".join(taken[block] for block in own.split())
        return f"the blocks are taken in the order {order}, where yours are {own}"


IN_THE_LECTURES = "put into the lecture's convention"
"""Qualifies a sentence that was written for it."""

OF_BLOCKS = (
    "What is your own convention, and which one does your code follow?",
    "Raise by 20 the part of b that belongs to one gate: which gate opens in your cell?",
    "Your code takes the blocks in another order than your own convention has them.",
)
OF_Z = (
    "What is your own convention, and which one does your code follow?",
    "Raise z's bias by 20: should your state freeze or be replaced, and which does it do?",
    "Your code has z weigh the other state.",
)
"""Hints for code that only takes another convention for the student's own."""

ORDER = re.compile(r"blocks_((?:[a-z]_)+[a-z])")
"""The name of a misconception of this order of blocks."""


def in_the_lectures(sentence: str) -> str:
    """A sentence that is true of code that is converted to the lecture's convention."""
    return f"{IN_THE_LECTURES}: {sentence}"


LECTURE = Convention()


def cell_of(problem: Problem, name: str) -> Cell | None:
    """The cell whose blocks an array of a problem has in its last axis; None if it has none."""
    if not WEIGHTS.fullmatch(name) or (problem.name, name) in NOT_BY_BLOCK:
        return None
    for tensor in (*problem.takes, *problem.gives, *problem.brings):
        if tensor.name == name:
            return AXES.get(tensor.axes[-1]) if tensor.axes else None
    return None


def _cells_of(problem: Problem) -> set[Cell | None]:
    tensors = (*problem.takes, *problem.gives, *problem.brings)
    return {cell_of(problem, tensor.name) for tensor in tensors}


def _negated(array: np.ndarray) -> np.ndarray:
    """The numbers with the opposite sign; of truth values, the same."""
    if array.dtype.kind == "b":
        return array
    return -(array.astype(float) if array.dtype.kind == "u" else array)


def drawn(varied: Mapping[str, bool], key: str) -> Convention:
    """A student's convention: the same key gives the same one, today and in a year.

    varied: of "lstm", "gru" and "z", whether it varies. key: the term and the student's id.
    """
    orders = {}
    for cell, order in LECTURES.items():
        choices = [" ".join(blocks) for blocks in permutations(order.split())]
        orders[cell] = choices[_number(f"{key}/{cell}") % len(choices)]
    lstm = orders["lstm"] if varied.get("lstm") else LECTURES["lstm"]
    gru = orders["gru"] if varied.get("gru") else LECTURES["gru"]
    is_old = bool(varied.get("z")) and _number(f"{key}/z") % 2 == 1
    return Convention(lstm, gru, "old" if is_old else "new")


def _number(key: str) -> int:
    return int.from_bytes(sha256(key.encode()).digest()[:8], "big")
