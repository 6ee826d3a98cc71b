"""What of a graph a verdict speaks of: only what it names, never what could be guessed from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.problem import Finding, Layer, Verdict
from autograder.report.graph.layouts import GRAPHS
from autograder.report.graph.model import Graph, Node, Point
from autograder.report.ladder import shown
from autograder.wording import listed

State = Literal["right", "wrong"]

FORMED = re.compile(r"where `(\w+)` is formed")
"""How a near miss names the place of a mistake."""

WORK = re.compile(r"in the work of `(\w+)`")
"""How it names the function, where that is not the problem's own."""

SILENT = re.compile(r"(.+?) do(?:es)? not change when (.+?) (?:is|are) changed, but should\b")
"""How an experiment says that an input has no effect on an output."""

RIGHT_HERE = re.compile(r"; ([^;]+?) (?:is|are) right \(case ")
"""How the values of a case are said to be right beside others that are not."""

IN_BLOCKS = re.compile(r"(.+?) (?:is|are) wrong only in blocks? (.+)$")
"""How a clue says that results are wrong in some gates and right in the others."""

NAMES = re.compile(", | or | and ")
"""Between the names in a sentence."""


@dataclass(frozen=True)
class Mark:
    """What is known of an edge.

    output: the result of the verdict that it is known by. sentence: the finding that says so, where
    the verdict itself does not.
    """

    state: State
    output: str
    sentence: str = ""


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
        return f"Graph of {self.graph.computes}. {note}{flow}Marked: {marks}."

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
    reading = _Reading(graph, verdict, findings)
    results = reading.results()
    states = {mark.state for mark in results.values()}
    if "wrong" not in states:
        return None
    silent, gates, places = reading.silent(), reading.gates(), reading.places()
    tells_more = len(states) > 1 or bool(silent or gates or places)
    if len(results) == 1 and not tells_more:
        return None
    said = [*_of_results(results), *_of_gates(gates), *_of_silent(silent), *_of_places(places)]
    edges = results | silent
    return MarkedGraph(
        graph, reading.backward, edges, gates, tuple(places), tuple(said), tells_more
    )


def _is_wrong_value(finding: Finding) -> bool:
    return finding.layer == "values" and not finding.good


@dataclass(frozen=True)
class _Reading:
    """What the findings of a verdict say of a graph."""

    graph: Graph
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def backward(self) -> bool:
        """Whether the results are gradients of the inputs."""
        return self.verdict.outputs.keys() <= self._gradients.keys()

    @property
    def _gradients(self) -> dict[str, str]:
        """Gradient -> the input that it is of."""
        return {f"d{name}": name for name in self.graph.of_kind("input")}

    def results(self) -> dict[str, Mark]:
        """Tensor -> whether its result is right. Nothing of a result that is right where it is
        looked at: it is wrong on another case, perhaps a hidden one.
        """
        tensors = self._gradients
        if not self.backward:
            tensors = {name: name for name in self.graph.of_kind("output")}
        right_here: set[str] = set()
        for finding in self.findings:
            right_here.update(*(NAMES.split(names) for names in RIGHT_HERE.findall(finding.text)))
        marks = {}
        for output, state in self.verdict.outputs.items():
            if output in tensors and state == "right":
                marks[tensors[output]] = Mark("right", output)
            elif output in tensors and state == "wrong" and output not in right_here:
                marks[tensors[output]] = Mark("wrong", output)
        return marks

    def gates(self) -> dict[str, Mark]:
        """The gates whose blocks are the only ones in which some wrong results are wrong."""
        gates = {node.gate: node.name for node in self.graph.nodes if node.gate}
        found: dict[str, Mark] = {}
        for finding, outputs, blocks in self._of_wrong("values", IN_BLOCKS):
            if set(blocks) <= gates.keys():
                for block in blocks:
                    found.setdefault(gates[block], Mark("wrong", outputs[0], finding.text))
        return found

    def silent(self) -> dict[str, Mark]:
        """The inputs that an experiment found to have no effect on a wrong result."""
        found: dict[str, Mark] = {}
        if self.backward:  # what flows there is a gradient, of which that says nothing
            return found
        for _, outputs, inputs in self._of_wrong("experiment", SILENT):
            # Of `block f of Wx or b`, neither is meant as a whole.
            if set(inputs) <= set(self.graph.of_kind("input")):
                for name in inputs:
                    found.setdefault(name, Mark("wrong", outputs[0]))
        return found

    def _of_wrong(
        self, layer: Layer, sentence: re.Pattern[str]
    ) -> Iterator[tuple[Finding, list[str], list[str]]]:
        """The findings that say something of wrong results: these, and what is said of them."""
        for finding in self.findings:
            match = sentence.match(finding.text)
            if finding.layer == layer and match is not None:
                outputs, names = (NAMES.split(part) for part in match.groups())
                if all(self.verdict.outputs.get(output) == "wrong" for output in outputs):
                    yield finding, outputs, names

    def places(self) -> dict[str, str]:
        """Node at which a near miss places a mistake -> the results that it explains."""
        found = {}
        for finding in self.findings:
            results, _, way = finding.text.partition(" what comes out when")
            node = self._place(way) if finding.layer == "diagnosis" else None
            if node is not None:
                found[node.name] = results.removesuffix(" is").removesuffix(" are")
        return found

    def _place(self, way: str) -> Node | None:
        """The one node at which all that a near miss holds possible is computed."""
        nodes = set()
        for alternative in way.split(", or when"):
            work, formed = WORK.search(alternative), FORMED.search(alternative)
            function = work[1] if work else self.verdict.problem
            if formed is None or function not in self.graph.steps:
                return None
            nodes.add(next((node for node in self.graph.nodes if formed[1] in node.forms), None))
        return nodes.pop() if len(nodes) == 1 else None


# -------------------------------------------------------------------------- what the marks mean


def _of_results(results: Mapping[str, Mark]) -> Iterator[Said]:
    states: tuple[State, ...] = ("wrong", "right")
    for state in states:
        names = [mark.output for mark in results.values() if mark.state == state]
        if names:
            yield Said(state, f"{listed(names)} {'is' if len(names) == 1 else 'are'} {state}")


def _of_gates(gates: Mapping[str, Mark]) -> Iterator[Said]:
    for sentence in dict.fromkeys(mark.sentence for mark in gates.values()):
        yield Said("wrong", sentence)


def _of_silent(silent: Mapping[str, Mark]) -> Iterator[Said]:
    by_output: dict[str, list[str]] = {}
    for name, mark in silent.items():
        by_output.setdefault(mark.output, []).append(name)
    for output, names in by_output.items():
        verb = "has" if len(names) == 1 else "have"
        yield Said("wrong", f"{listed(names)} {verb} no effect on {output}")


def _of_places(places: Mapping[str, str]) -> Iterator[Said]:
    for node, results in places.items():
        yield Said("place", f"right code with one mistake here gives {results}", node)
