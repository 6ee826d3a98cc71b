"""A graph as data: nodes on a grid of characters, edges along its lines.

A page and a terminal draw the same grid, each at its own scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

Kind = Literal["input", "operation", "output"]
Point = tuple[int, int]
"""Column and row."""


@dataclass(frozen=True)
class Node:
    """A tensor that goes in or comes out, or an operation between them.

    name: of its own in the graph; of an input or output that is the tensor's. column, row: where
    its text begins. text: what is written there. forms: the names of what an operation computes,
    forward and backward, as a student's file has them. gate: the block of the weights that feeds
    it.
    """

    name: str
    kind: Kind
    column: int
    row: int
    text: str
    forms: tuple[str, ...] = ()
    gate: str = ""

    @property
    def middle(self) -> Point:
        """Where edges begin and end."""
        return self.column + len(self.text) // 2, self.row


@dataclass(frozen=True)
class Edge:
    """What flows forward from one node to another, by way of some corners.

    tensor: the input or the output that flows here; empty for what is between.
    """

    start: str
    end: str
    corners: tuple[Point, ...] = ()
    tensor: str = ""


@dataclass(frozen=True)
class Graph:
    """One step of a cell.

    computes: what, in words that can be read aloud; no formula, which would be a line of an answer.
    steps: the functions whose names the nodes know. labels: the column at which the names of
    gradients begin. note: how to read it.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    computes: str
    steps: tuple[str, ...]
    labels: int
    note: str = ""

    @cached_property
    def by_name(self) -> dict[str, Node]:
        """Name -> node."""
        return {node.name: node for node in self.nodes}

    @property
    def columns(self) -> int:
        """How wide it is, in characters."""
        return max(node.column + len(node.text) for node in self.nodes)

    @property
    def rows(self) -> int:
        """How many lines it has."""
        return 1 + max(node.row for node in self.nodes)

    def of_kind(self, kind: Kind) -> list[str]:
        """The names of the inputs, or of the outputs."""
        return [node.name for node in self.nodes if node.kind == kind]

    def points(self, edge: Edge) -> list[Point]:
        """The way of an edge, from the middle of a node to that of another."""
        return [self.by_name[edge.start].middle, *edge.corners, self.by_name[edge.end].middle]

    def cells(self, edge: Edge) -> list[Point]:
        """Every cell that an edge goes through, from the middle of a node to that of another."""
        points = self.points(edge)
        found = points[:1]
        for start, end in pairwise(points):
            found += cells_between(start, end)[1:]
        return found

    def stem(self, edges: Sequence[Edge], outer: str) -> list[Point]:
        """The cells from a node to where these edges part or another joins them, that one too.

        outer: the node, an end of each edge. What is known of a tensor that goes several ways is
        known up to there.
        """
        ways = [self._from(edge, outer) for edge in edges]
        others: set[Point] = set()
        for edge in self.edges:
            if edge not in edges:
                others.update(self.cells(edge))
        stem = [ways[0][0]]
        for cells in zip(*(way[1:] for way in ways), strict=False):
            stem.append(cells[0])
            if len(set(cells)) > 1 or cells[0] in others:
                return stem if len(set(cells)) == 1 else stem[:-1]
        return stem

    def _from(self, edge: Edge, node: str) -> list[Point]:
        """The cells of an edge, beginning at one of its nodes."""
        cells = self.cells(edge)
        return cells if edge.start == node else cells[::-1]

    def renamed(self, names: dict[str, str], note: str) -> Graph:
        """The same graph with other tensors going in and out. names: old -> new.

        What is written at a node stays.
        """
        nodes = [replace(node, name=names.get(node.name, node.name)) for node in self.nodes]
        edges = []
        for edge in self.edges:
            start, end = names.get(edge.start, edge.start), names.get(edge.end, edge.end)
            tensor = names.get(edge.tensor, edge.tensor)
            edges.append(replace(edge, start=start, end=end, tensor=tensor))
        return replace(self, nodes=tuple(nodes), edges=tuple(edges), note=note)


def cells_between(start: Point, end: Point) -> list[Point]:
    """The cells of a straight line, both ends included.

    >>> cells_between((2, 0), (0, 0))
    [(2, 0), (1, 0), (0, 0)]
    """
    (column, row), (to_column, to_row) = start, end
    across = (to_column > column) - (to_column < column)
    down = (to_row > row) - (to_row < row)
    length = max(abs(to_column - column), abs(to_row - row))
    return [(column + across * step, row + down * step) for step in range(length + 1)]


def inputs(*rows: tuple[str, int]) -> Iterator[Node]:
    """The tensors that go in, one below the other at the left. rows: name and row of each."""
    for name, row in rows:
        yield Node(name, "input", 0, row, name)
