"""What of a graph a verdict speaks of: only what it names, never what could be guessed from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.problem import ErrorMap, Finding, Verdict
from autograder.report.graph.model import Graph, Node, Point
from autograder.report.graph.steps import GRAPHS
from autograder.report.ladder import shown
from autograder.report.panels import panels_of
from autograder.wording import listed

State = Literal["right", "wrong"]

FORMED = re.compile(r"where `(\w+)` is formed")
"""How a near miss names the place of a mistake."""

WORK = re.compile(r"in the work of `(\w+)`")
"""How it names the function, where that is not the problem's own."""

SILENT = re.compile(
    r"(.+?) do(?:es)? not change when (.+?) (?:is|are) changed, but should\b(?! not)"
)
"""How an experiment says that an input has no effect on an output."""

NAMES = re.compile(", | or | and ")
"""Between the names in a sentence."""


@dataclass(frozen=True)
class Mark:
    """What is known of an edge.

    output: the result of the verdict that it is known by. label: what is written beside the edge.
    """

    state: State
    output: str
    label: str


@dataclass(frozen=True)
class Said:
    """What marks mean, as a sentence. sign: the one it explains. at: of a place, its node."""

    sign: Literal["right", "wrong", "place"]
    text: str
    at: str = ""


@dataclass(frozen=True)
class Stem:
    """A part of an edge of which something is known: the cells from a node on."""

    mark: Mark
    node: str
    cells: tuple[Point, ...]


@dataclass(frozen=True)
class MarkedGraph:
    """A graph, and what of it a verdict speaks of.

    backward: whether it is gradients that flow. edges: tensor -> the mark of its edge.
    gates: node -> the mark of the edge that leads to it. places: the nodes at which a finding
    places a mistake. said: what all that means. tells_more: whether there is more to see than that
    all results are wrong.
    """

    graph: Graph
    backward: bool
    edges: Mapping[str, Mark]
    gates: Mapping[str, Mark]
    places: tuple[str, ...]
    said: tuple[Said, ...]
    tells_more: bool

    def stems(self) -> Iterator[Stem]:
        """The parts of the drawing of which something is known."""
        graph = self.graph
        for tensor, mark in self.edges.items():
            edges = [edge for edge in graph.edges if edge.tensor == tensor]
            yield Stem(mark, tensor, tuple(graph.stem(edges, tensor)))
        for node, mark in self.gates.items():
            edges = [edge for edge in graph.edges if edge.end == node and not edge.tensor][:1]
            yield Stem(mark, node, tuple(graph.stem(edges, node)))

    @property
    def described(self) -> str:
        """All that is drawn, in sentences."""
        flow = "Gradients flow through it from right to left. " if self.backward else ""
        note = f"This is {self.graph.note}. " if self.graph.note else ""
        marks = "; ".join(self._described(said) for said in self.said)
        return f"Graph of {self.graph.formula}. {note}{flow}Marked: {marks}."

    def _described(self, said: Said) -> str:
        return f"at {self.graph.by_name[said.at].text}: {said.text}" if said.at else said.text


def marked(verdict: Verdict, level: int = 1) -> MarkedGraph | None:
    """The graph of a verdict's step with what is known of it; None where nothing is to be marked.

    level: of the hints that are shown. A graph is for numbers that are wrong on public cases, of
    which the findings tell. What only follows from an earlier mistake is not called wrong.
    """
    graph = GRAPHS.get(verdict.problem)
    findings = shown(verdict, level).findings
    if graph is None or not any(_is_wrong_value(finding) for finding in findings):
        return None
    gradients = {f"d{name}": name for name in graph.of_kind("input")}
    backward = verdict.outputs.keys() <= gradients.keys()
    tensors = gradients if backward else {name: name for name in graph.of_kind("output")}
    edges = {}
    for output, state in verdict.outputs.items():
        if output in tensors and state in ("right", "wrong"):
            edges[tensors[output]] = Mark("right" if state == "right" else "wrong", output, output)
    if all(mark.state == "right" for mark in edges.values()):
        return None

    silent = {} if backward else _silent(graph, verdict, findings)
    gates, places = _gates(graph, verdict, findings), _places(graph, verdict, findings)
    states = {mark.state for mark in edges.values()}
    tells_more = len(states) > 1 or bool(silent or gates or places)
    if len(edges) == 1 and not tells_more:
        return None
    said = [*_of_results(edges), *_of_gates(graph, gates), *_of_silent(silent)]
    for node, results in places.items():
        said.append(Said("place", f"right code with one mistake here gives {results}", node))
    known = edges | silent
    return MarkedGraph(graph, backward, known, gates, tuple(places), tuple(said), tells_more)


def _is_wrong_value(finding: Finding) -> bool:
    return finding.layer == "values" and not finding.good


def _of_results(edges: Mapping[str, Mark]) -> Iterator[Said]:
    for state in ("wrong", "right"):
        names = [mark.output for mark in edges.values() if mark.state == state]
        if names:
            verb = "is" if len(names) == 1 else "are"
            yield Said(state, f"{listed(names)} {verb} {state}")


# ----------------------------------------------------------------------------------------- gates


def _gates(graph: Graph, verdict: Verdict, findings: Sequence[Finding]) -> dict[str, Mark]:
    """The gates whose blocks of a wrong tensor are wrong, where the other blocks are right."""
    maps = [finding.error_map for finding in findings if finding.error_map is not None]
    gates = {node.gate: node.name for node in graph.nodes if node.gate}
    if not maps or not gates or verdict.outputs.get(maps[0].tensor) != "wrong":
        return {}
    tensor = maps[0].tensor
    wrong = _wrong_blocks(maps[0], verdict.problem)
    if not wrong or len(wrong) == len(gates):
        return {}
    return {gates[name]: Mark("wrong", tensor, f"block {name}") for name in wrong}


def _wrong_blocks(error_map: ErrorMap, problem: str) -> list[str]:
    """The blocks of the last axis in which a number is wrong."""
    found = []
    for block in panels_of(error_map, problem).across.blocks:
        if error_map.wrong[..., block.start : block.stop].any():
            found.append(block.name)
    return found


def _of_gates(graph: Graph, gates: Mapping[str, Mark]) -> Iterator[Said]:
    if gates:
        names = [graph.by_name[node].gate for node in gates]
        tensor = next(iter(gates.values())).output
        noun = "block" if len(names) == 1 else "blocks"
        yield Said("wrong", f"of {tensor}, only {noun} {listed(names)} {_is(names)} wrong")


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


# ------------------------------------------------------------- what experiments and near misses say


def _silent(graph: Graph, verdict: Verdict, findings: Sequence[Finding]) -> dict[str, Mark]:
    """The inputs that an experiment found to have no effect on a wrong result."""
    found: dict[str, Mark] = {}
    for finding in findings:
        sentence = SILENT.match(finding.text)
        if finding.layer != "experiment" or sentence is None:
            continue
        outputs, inputs = (NAMES.split(part) for part in sentence.groups())
        are_wrong = all(verdict.outputs.get(output) == "wrong" for output in outputs)
        # Of `block f of Wx or b`, neither is meant as a whole.
        if are_wrong and set(inputs) <= set(graph.of_kind("input")):
            for name in inputs:
                found.setdefault(name, Mark("wrong", outputs[0], name))
    return found


def _of_silent(silent: Mapping[str, Mark]) -> Iterator[Said]:
    by_output: dict[str, list[str]] = {}
    for name, mark in silent.items():
        by_output.setdefault(mark.output, []).append(name)
    for output, names in by_output.items():
        yield Said("wrong", f"{listed(names)} {_has(names)} no effect on {output}")


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _places(graph: Graph, verdict: Verdict, findings: Sequence[Finding]) -> dict[str, str]:
    """Node at which a near miss places a mistake -> the results that it explains."""
    found = {}
    for finding in findings:
        results, _, way = finding.text.partition(" what comes out when")
        node = _place(graph, verdict.problem, way) if finding.layer == "diagnosis" else None
        if node is not None:
            found[node.name] = _without_verb(results)
    return found


def _place(graph: Graph, problem: str, way: str) -> Node | None:
    """The one node at which all that a near miss holds possible is computed."""
    nodes = set()
    for alternative in way.split(", or when"):
        work, formed = WORK.search(alternative), FORMED.search(alternative)
        if formed is None or (work[1] if work else problem) not in graph.steps:
            return None
        nodes.add(next((node for node in graph.nodes if formed[1] in node.forms), None))
    return nodes.pop() if len(nodes) == 1 else None


def _without_verb(results: str) -> str:
    """`your dWx and db` of `your dWx and db are`."""
    return results.removesuffix(" is").removesuffix(" are")
