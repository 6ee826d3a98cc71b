"""What a picture of a wrong tensor consists of, whoever draws it: panels, their axes, what is cut.

Two axes make a panel; there is a panel for each index of the axes before them. A page and a
terminal draw the same panels with the same labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder import lessons
from autograder.problem import ErrorMap
from autograder.wording import counted

MOST_PANELS = 12
"""Panels of one tensor."""

TIME = "T"
"""The axis whose indices are steps."""


@dataclass(frozen=True)
class Block:
    """The indices of an axis that belong to one gate, from `start` to before `stop`."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True)
class Side:
    """One axis of a panel.

    name: as it is declared, `4H`; empty where there is none.
    """

    name: str
    length: int
    blocks: tuple[Block, ...] = ()

    def label(self, index: int) -> str:
        """What stands beside an index: `T=2` of time, else the index.

        >>> Side("T", 3).label(2), Side("H", 3).label(2)
        ('T=2', '2')
        """
        return f"{TIME}={index}" if self.name == TIME else str(index)

    def starts(self, index: int) -> Block | None:
        """The block that begins at an index, if one does."""
        return next((block for block in self.blocks if block.start == index), None)


@dataclass(frozen=True, eq=False)
class Panel:
    """One grid of a picture.

    title: `N=0, T=2`; empty if there is only one panel. wrong: which numbers are, (rows, columns).
    """

    title: str
    wrong: np.ndarray


@dataclass(frozen=True, eq=False)
class Panels:
    """A wrong tensor, ready to be drawn.

    down, across: the axes of every panel.
    """

    tensor: str
    down: Side
    across: Side
    panels: tuple[Panel, ...]

    def chosen(self, most: int = MOST_PANELS) -> tuple[list[Panel], str]:
        """The panels to draw, in order, and what there is to say of the rest; empty for nothing.

        Those in which something is wrong come before others.
        """
        numbers = sorted(range(len(self.panels)), key=self._all_right)
        drawn = [self.panels[number] for number in sorted(numbers[:most])]
        left_out = [self.panels[number] for number in numbers[most:]]
        if not left_out:
            return drawn, ""
        wrong = counted(sum(int(panel.wrong.sum()) for panel in left_out), "number")
        return drawn, f"and {len(left_out)} more like these, with {wrong} wrong"

    def _all_right(self, number: int) -> bool:
        return not self.panels[number].wrong.any()

    def caption(self, wrong_is: str, cross: str, between: str = " ") -> str:
        """`dWx: D down, 4H across in blocks i f o g; ✕ is wrong`.

        wrong_is: what a cross means. cross: the sign that is drawn as one. between: the names of
        blocks.
        """
        axes = [f"{_named(self.across)} across{_in_blocks(self.across, between)}"]
        if self.down.name:
            axes.insert(0, f"{_named(self.down)} down{_in_blocks(self.down, between)}")
        return f"{self.tensor}: {', '.join(axes)}; {cross} {wrong_is}"


def _named(side: Side) -> str:
    return side.name or "its numbers"


def _in_blocks(side: Side, between: str) -> str:
    if not side.blocks:
        return ""
    return f" in blocks {between.join(block.name for block in side.blocks)}"


def panels_of(error_map: ErrorMap, problem: str = "") -> Panels:
    """The panels of a wrong tensor; with the names of its gates, where the problem says them.

    problem: the problem's name.
    """
    wrong = error_map.wrong
    axes = error_map.axes
    if len(axes) != wrong.ndim:  # names that do not fit the axes are no help
        axes = ("",) * wrong.ndim
    blocks = _blocks(problem, error_map.tensor, wrong.shape)
    sides = []
    for place, (axis, length) in enumerate(zip(axes, wrong.shape, strict=True)):
        sides.append(Side(axis, length, blocks.get(place, ())))
    if wrong.ndim == 1:
        wrong = wrong[None]
        sides.insert(0, Side("", 1))

    names = axes[: wrong.ndim - 2]
    panels = []
    for index in np.ndindex(*wrong.shape[:-2]):
        panels.append(Panel(_title(names, index), wrong[index]))
    return Panels(error_map.tensor, sides[-2], sides[-1], tuple(panels))


def _title(names: Sequence[str], index: Sequence[int]) -> str:
    """`N=0, T=2`, or `0, 2` where the axes have no names."""
    words = []
    for name, position in zip(names, index, strict=True):
        words.append(f"{name}={position}" if name else str(position))
    return ", ".join(words)


def _blocks(problem: str, tensor: str, shape: Sequence[int]) -> dict[int, tuple[Block, ...]]:
    """Place of an axis -> its blocks, for the axes of a problem's output that have some."""
    try:
        declared = lessons.find(problem)
    except KeyError:
        return {}
    named = [output for output in declared.gives if output.name == tensor]
    if not declared.blocks or not named or len(named[0].axes) != len(shape):
        return {}
    # Here, for a notebook that draws nothing: with it, it would take twice as long to import this.
    from autograder.judge.experiments.parts import BLOCK, view

    seen = view(declared, named[0])
    found = {}
    for axis, place in zip(seen.axes, seen.places, strict=True):
        wide = shape[place] // max(len(seen.blocks), 1)
        if axis == BLOCK and wide * len(seen.blocks) == shape[place]:
            found[place] = _side_by_side(seen.blocks, wide)
    return found


def _side_by_side(names: Sequence[str], wide: int) -> tuple[Block, ...]:
    blocks = []
    for number, name in enumerate(names):
        blocks.append(Block(name, number * wide, (number + 1) * wide))
    return tuple(blocks)
