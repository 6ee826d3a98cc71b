"""The step as a graph: laid out soundly, and nothing marked that the verdict does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.clues import FOLDER, LessonClues
from autograder.grade import Grader, casebooks
from autograder.judge import near_miss
from autograder.judge.experiments.reading import Fact
from autograder.judge.experiments.wording import worded
from autograder.judge.explain import in_blocks, wrong_only
from autograder.judge.say import how_others_fare
from autograder.levels import EXACT, NATURE, WHERE
from autograder.problem import Finding, Layer, Problem, Verdict
from autograder.report.blocks import graph_text
from autograder.report.escaped import escape
from autograder.report.graph.layouts import GRAPHS
from autograder.report.graph.lines import lines_of
from autograder.report.graph.marks import FORMED, WORK, MarkedGraph, marked
from autograder.report.graph.model import Graph, Node
from autograder.report.graph.svg import COLOURS, drawing
from tests.conftest import ROOT
from tests.in_process import SOLUTIONS, course_of_all

NARROW = 40

STEPS = {graph.steps: graph for graph in GRAPHS.values()}

VALUES = Finding("values", "something differs by 1 at [0]: yours 1, expected 0 (case N=1)")


def verdict(problem: str, outputs: dict[str, str], *findings: Finding) -> Verdict:
    lesson = lessons.find(problem).lesson
    said = (VALUES, *findings)
    return Verdict(problem, lesson, "A step", "failed", 0.0, 4.0, outputs, said)


def outputs_of(problem: Problem, state: str, **others: str) -> dict[str, str]:
    return {tensor.name: state for tensor in problem.outputs} | others


# --------------------------------------------------------------------------------------- the layout


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_has_the_tensors_of_its_problem(name: str) -> None:
    graph, problem = GRAPHS[name], lessons.find(name)
    real = {tensor.name for tensor in problem.takes if not tensor.values}
    results = {tensor.name for tensor in problem.gives}
    if problem.gradient_of or name == "rnn_backward_truncated":
        assert results <= {f"d{name}" for name in graph.of_kind("input")}
        assert {output[1:] for output in results} <= real
    else:
        assert set(graph.of_kind("input")) == real
        assert set(graph.of_kind("output")) == results
    gates = {node.gate for node in graph.nodes if node.gate}
    assert gates == set(problem.blocks.split())


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_is_laid_out_soundly(name: str) -> None:
    graph = GRAPHS[name]
    assert graph.columns <= NARROW
    taken = [cell for node in graph.nodes for cell in cells_of(node)]
    assert len(taken) == len(set(taken)), "two nodes on the same cell"
    assert len(graph.by_name) == len(graph.nodes)
    for edge in graph.edges:
        points = graph.points(edge)
        for (column, row), (to_column, to_row) in pairwise(points):
            assert (column == to_column) != (row == to_row), f"{edge} goes askew"
        inside = set(graph.cells(edge))
        for node in graph.nodes:
            if node.name not in (edge.start, edge.end):
                assert not inside & {*cells_of(node)}, f"{edge} runs through {node.name}"
    for node in graph.nodes:
        leaves = any(edge.start == node.name for edge in graph.edges)
        enters = any(edge.end == node.name for edge in graph.edges)
        assert (leaves, enters) == (node.kind != "output", node.kind != "input")
        if node.kind == "input":
            assert all(edge.tensor == node.name for edge in graph.edges if edge.start == node.name)


def cells_of(node: Node) -> list[tuple[int, int]]:
    return [(node.column + place, node.row) for place in range(len(node.text))]


@pytest.mark.parametrize("graph", STEPS.values(), ids=[steps[0] for steps in STEPS])
def test_lines_that_meet_belong_together(graph: Graph) -> None:
    """Two edges on one cell have an end in common: where lines cross, it would look like a fork."""
    at: dict[tuple[int, int], list[set[str]]] = {}
    for edge in graph.edges:
        for cell in graph.cells(edge)[1:-1]:
            at.setdefault(cell, []).append({edge.start, edge.end})
    for cell, ends in at.items():
        assert set.intersection(*ends), f"{ends} cross at {cell}"


# ------------------------------------------------------------------------- only what is known


def is_known(graph: MarkedGraph, one: Verdict) -> None:
    """Every mark is of a result that has that state; right results are never crossed."""
    for mark in (*graph.edges.values(), *graph.gates.values()):
        assert one.outputs[mark.output] == mark.state
    if graph.backward:
        for tensor, mark in graph.edges.items():
            assert mark.output == f"d{tensor}"
    if graph.places:
        assert any(finding.layer == "diagnosis" for finding in one.findings)


@pytest.mark.parametrize("name", GRAPHS)
def test_all_ways_to_be_wrong_are_marked_as_they_are(name: str) -> None:
    names = [tensor.name for tensor in lessons.find(name).gives]
    for states in product(("right", "wrong", "carried", "missing"), repeat=len(names)):
        one = verdict(name, dict(zip(names, states, strict=True)))
        graph = marked(one)
        if "wrong" not in states:
            assert graph is None
        elif graph is not None:
            is_known(graph, one)
            known = {mark.output for mark in graph.edges.values()}
            assert known == {output for output in names if one.outputs[output] in COLOURS}
            told = " ".join(said.text for said in graph.said)
            assert all(output in told for output in known)


def test_without_a_wrong_number_to_look_at_there_is_none() -> None:
    for layer in get_args(Layer):
        for good in (True, False):
            found = (Finding(layer, "anything", good=good),)
            outputs = {"dx": "wrong", "db": "right"}
            one = Verdict("rnn_step_backward", "rnn", "", "failed", 0, 1, outputs, found)
            assert (marked(one) is None) == (layer != "values" or good)


def test_there_is_none_that_only_says_that_the_one_result_is_wrong() -> None:
    assert marked(verdict("rnn_step_forward", {"next_h": "wrong"})) is None


UNKNOWN = (
    ("lstm_step_backward", "df = dc * prev_c", "df = dc * prev_h"),
    ("lstm_backward", "df = dc * prev_c", "df = dc * prev_h"),
    ("rnn_step_forward", "prev_h @ Wh + b", "np.sin(prev_h) @ Wh**2"),
)
"""Problem, what stands in the reference, and a mistake that nobody has described."""


@cache
def wrong_versions() -> list[Verdict]:
    """The verdicts of known mistakes on the problems that have a graph, and of others.

    Of a problem's mistakes, every third.
    """
    answers = load_answers(SOLUTIONS)
    found = []
    for name in GRAPHS:
        known = [wrong for wrong in answers.misconceptions if wrong.problem == name]
        for wrong in known[::3]:
            found += graded(answers.patched(wrong), name)
    for name, right, wrong in UNKNOWN:
        sources = dict(answers.sources)
        lesson = lessons.find(name).lesson
        assert right in sources[lesson]
        sources[lesson] = sources[lesson].replace(right, wrong)
        found += graded(sources, name)
    return found


def graded(sources: dict[str, str], name: str) -> Iterator[Verdict]:
    with imported(sources) as variant:
        books = casebooks(ROOT / "autograder" / "frozen", public_only=True)
        grader = Grader(Path(), course_of_all(), books, InProcess(variant))
        problem = lessons.find(name)
        grader.sit([problem])
        yield grader.result(problem).verdict


@pytest.mark.in_turn
@pytest.mark.slow
@pytest.mark.parametrize("level", range(5))
def test_of_real_verdicts_only_what_is_known_is_marked(level: int) -> None:
    drawn = 0
    for one in wrong_versions():
        graph = marked(one, level)
        if graph is None:
            continue
        drawn += 1
        is_known(graph, one)
        told = [finding for finding in one.findings if finding.level <= level]
        for mark in graph.gates.values():
            assert mark.sentence in [finding.text for finding in told]
    assert drawn > 20


@pytest.mark.slow
def test_clues_experiments_and_near_misses_are_found_in_real_verdicts() -> None:
    drawn = [graph for one in wrong_versions() if (graph := marked(one, EXACT))]
    gates = {node for graph in drawn for node in graph.gates}
    places = {node for graph in drawn for node in graph.places}
    without_effect = [said for graph in drawn for said in graph.said if "no effect" in said.text]
    assert gates and "f" in places and without_effect


def test_the_reference_has_no_picture() -> None:
    sources = dict(load_answers(SOLUTIONS).sources)
    for name in ("rnn_step_backward", "lstm_step_forward"):
        for one in graded(sources, name):
            assert one.status == "passed" and marked(one) is None


# --------------------------------------------------------- the judge's sentences, read as they are


def values(*findings: Finding, problem: str, **outputs: str) -> MarkedGraph:
    one = verdict(problem, outputs_of(lessons.find(problem), "right", **outputs), *findings)
    graph = marked(one, EXACT)
    assert graph is not None
    return graph


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("outputs", [("dWx",), ("dWx", "db"), ("dWx", "dWh", "db")])
def test_the_gates_of_a_clue_are_marked(count: int, outputs: tuple[str, ...]) -> None:
    wrong = dict.fromkeys(outputs, "wrong")
    for names in combinations("ifog", count):
        text = wrong_only(f"in {in_blocks(names)}").about(outputs)
        finding = Finding("values", text, level=WHERE)
        graph = values(finding, problem="lstm_step_backward", **wrong)
        assert set(graph.gates) == set(names)
        assert text in [said.text for said in graph.said]


@pytest.mark.parametrize("text", ["dWx is wrong only in block q", "dx is wrong only in block f"])
def test_no_gate_is_marked_of_what_is_right_or_of_another_block(text: str) -> None:
    found = Finding("values", text, level=WHERE)
    assert values(found, problem="lstm_step_backward", dWx="wrong").gates == {}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_inputs_without_an_effect_are_marked(count: int) -> None:
    problem = lessons.find("rnn_step_forward")
    takes = [tensor.name for tensor in problem.takes]
    for names in combinations(takes, count):
        facts = [Fact("silent", "next_h", name, "next_h", name, 0) for name in names]
        (seen,) = worded(facts, "N=3", {"next_h": takes})
        finding = Finding("experiment", seen.text, level=NATURE)
        graph = values(finding, problem=problem.name, next_h="wrong")
        assert {*graph.edges} == {*names, "next_h"}


@pytest.mark.parametrize(
    ("subject", "given"),
    [("next_h", "block f of b"), ("next_h[0]", "b"), ("next_h", "b[0]"), ("next_h", "every b")],
)
def test_no_input_is_marked_of_which_only_a_part_is_meant(subject: str, given: str) -> None:
    facts = [Fact("silent", "next_h", "b", subject, given, 1)]
    facts.append(Fact("silent", "next_h", "Wx", subject, given.replace("b", "Wx"), 1))
    (seen, *_) = worded(facts, "N=3", {})
    finding = Finding("experiment", seen.text, level=NATURE)
    graph = values(finding, problem="lstm_step_forward", next_h="wrong")
    assert {*graph.edges} == {"next_h", "next_c"}


def test_what_changes_and_should_not_is_no_missing_effect() -> None:
    fact = Fact("should_not", "next_c", "b", "next_c", "b", 0)
    (seen,) = worded([fact], "N=3", {})
    finding = Finding("experiment", seen.text, level=NATURE)
    graph = values(finding, problem="lstm_step_forward", next_c="wrong")
    assert "b" not in graph.edges


def test_what_is_right_on_the_case_that_is_shown_is_not_crossed() -> None:
    """It is wrong elsewhere, perhaps on hidden cases only."""
    problem = lessons.find("rnn_step_backward")
    outputs = outputs_of(problem, "wrong", db="right")
    others = how_others_fare(["dWh", "dWx"], [*outputs], outputs)
    text = "; ".join(["dWh differs by 1 at [0, 0]: yours 1, expected 0", *others])
    one = verdict(problem.name, outputs, Finding("values", f"{text} (case N=3)"))
    graph = marked(one)
    assert graph is not None
    crossed = {mark.output for mark in graph.edges.values() if mark.state == "wrong"}
    assert crossed == {"dWh", "dWx"} and graph.edges["b"].state == "right"


def test_the_place_that_a_near_miss_names_is_marked_from_its_level_on() -> None:
    problem = lessons.find("lstm_step_backward")
    wrong = ("dWx", "db")
    for text, place in (
        (" the factor `f` is left out where `da_f` is formed", "f"),
        (
            " `i` stands in place of `f` where `df` is formed, or when it does where `f` is formed",
            "f",
        ),
        (", in the work of `lstm_step_forward`, a term is left out where `next_c` is formed", "c"),
        (" a term counts twice where `dc` is formed", "c"),
        (" a term is left out where `df` is formed, or when it is where `do` is formed", ""),
        (" a term is left out where `df` is formed, or when anything else is", ""),
        (", in the work of `sigmoid`, a term is left out where `f` is formed", ""),
        (" a term is left out where `nothing` is formed", ""),
        (" `da` is twice as large", ""),
    ):
        said = near_miss.sentence(problem, wrong, text)
        finding = Finding("diagnosis", said, level=EXACT)
        one = verdict(problem.name, outputs_of(problem, "right", dWx="wrong", db="wrong"), finding)
        graph, before = marked(one, EXACT), marked(one, EXACT - 1)
        assert graph is not None and before is not None
        assert graph.places == ((place,) if place else ())
        assert before.places == ()
        if place:
            assert "gives your dWx and db" in graph.said[-1].text


@pytest.mark.parametrize("name", [name for name in GRAPHS if "attention" not in name])
def test_what_near_misses_call_formed_has_its_place(name: str) -> None:
    """The names in their sentences are those of the nodes, or of a result that has an edge."""
    graph, problem = GRAPHS[name], lessons.find(name)
    clues = LessonClues(ROOT / "autograder" / "frozen" / FOLDER / f"{problem.lesson}.safetensors")
    texts = clues.part(name, "near_misses").told["texts"]
    placed = {form for node in graph.nodes for form in node.forms}
    edges = {f"d{tensor}" for tensor in GRAPHS[graph.steps[0]].of_kind("input")}
    formed = 0
    for text in texts:
        for alternative in text.split(", or when") if isinstance(text, str) else ():
            work, names = WORK.search(alternative), FORMED.search(alternative)
            if names and (work[1] if work else name) in graph.steps:
                assert names[1] in placed | edges, text
                formed += 1
    assert formed or "truncated" in name


# ---------------------------------------------------------------------------------- the drawings


def drawn_graphs() -> Iterator[tuple[str, MarkedGraph]]:
    """Every graph with some of its results wrong, and a gate and a place where it has them."""
    for name, graph in GRAPHS.items():
        problem = lessons.find(name)
        names = [tensor.name for tensor in problem.gives]
        wrong = {output: "wrong" for output in names[::2]}
        place = next(node for node in graph.nodes if node.forms)
        findings = [
            Finding("values", f"{names[0]} is wrong only in block {problem.blocks[:1]}"),
            Finding("experiment", f"{names[0]} does not change when {problem.takes[0].name} is "
                    "changed, but should"),
            Finding("diagnosis", "it is what comes out when, in the work of "
                    f"`{graph.steps[0]}`, a term is left out where `{place.forms[0]}` is formed"),
        ]  # fmt: skip
        found = marked(verdict(name, outputs_of(problem, "right", **wrong), *findings))
        assert found is not None and found.places and bool(found.gates) == bool(problem.blocks)
        yield name, found


DRAWN = dict(drawn_graphs())


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("width", [12, 20, 40, 80])
def test_a_terminal_has_lines_that_fit(name: str, width: int) -> None:
    for unicode in (True, False):
        text = graph_text(DRAWN[name], width, unicode=unicode).plain
        assert text.isascii() or unicode
        for line in text.splitlines():
            assert line == line.rstrip() and cell_len(line) <= width
        assert ("\u2500" in text or "--" in text) == (width >= NARROW), (
            "what has no room is left out"
        )
        whole = " ".join(text.split())
        assert all(" ".join(said.text.split()) in whole for said in DRAWN[name].said)


@pytest.mark.parametrize("name", DRAWN)
def test_lines_have_a_sign_for_every_mark(name: str) -> None:
    graph = DRAWN[name]
    rows = graph_text(graph, NARROW).plain.splitlines()[: graph.graph.rows]
    text = "\n".join(rows)
    marks = [*graph.edges.values(), *graph.gates.values()]
    assert text.count("✕") == sum(mark.state == "wrong" for mark in marks)
    assert text.count("✓") == sum(mark.state == "right" for mark in marks)
    for node in graph.places:
        assert f"[{graph.graph.by_name[node].text}]" in text
    for node in graph.graph.nodes:
        assert node.text in rows[node.row]
    assert graph_text(graph, NARROW, colour=False).plain == graph_text(graph, NARROW).plain
    assert graph_text(graph, NARROW, colour=False).spans == []


def test_a_line_is_broken_only_where_something_wrong_flows_and_nothing_else() -> None:
    problem = lessons.find("gru_step_backward")
    one = verdict(problem.name, outputs_of(problem, "right", dprev_h="wrong"))
    graph = marked(one)
    assert graph is not None
    rows = graph_text(graph, NARROW).plain.splitlines()
    # the old state goes three ways, and which of them is wrong is not known
    assert rows[6] == "prev_h ✕ dprev_h ╌╌╌┴──────┴──┘"
    assert not set("╌╎") & set("".join(rows[:6]))


@pytest.mark.parametrize(
    ("output", "pieces"),
    [
        ("dx", ["╌╌╌╌╌✕ dx ╌╌╌╌╌╌┐"]),
        ("dWx", ["╌╌╌╌✕ dWx ╌╌╌╌╌"]),
        ("dprev_h", ["✕ dprev_h ╌"]),
        ("dprev_c", ["✕ dprev_c ╌╌╌╌╌╌╌╌╌╌"]),
    ],
)
def test_a_mark_ends_where_another_edge_joins(output: str, pieces: list[str]) -> None:
    problem = lessons.find("lstm_step_backward")
    graph = marked(verdict(problem.name, outputs_of(problem, "right", **{output: "wrong"})))
    assert graph is not None
    lines = lines_of(graph, NARROW, unicode=True)[: graph.graph.rows]
    assert [text for line in lines for text, kind in line if kind == "wrong"] == pieces


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_has_a_sign_for_every_mark_and_says_it_in_words(name: str) -> None:
    graph = DRAWN[name]
    page = drawing(graph)
    tree = ElementTree.fromstring(f"<div>{page}</div>")
    (svg,) = tree.iter("svg")
    assert svg.get("role") == "img"
    label = svg.get("aria-label") or ""
    assert graph.graph.computes in label
    for said in graph.said:
        assert said.text in label and escape(said.text) in page.partition("</svg>")[2]
    marks = [*graph.edges.values(), *graph.gates.values()]
    crosses = sum(mark.state == "wrong" for mark in marks)
    assert page.count("l8 8m0 -8l-8 8") == crosses
    assert page.count("l3 4l6 -8") == len(marks) - crosses
    assert page.count('stroke-dasharray="5 3"') == crosses
    assert page.count('stroke-dasharray="4 2"') == len(graph.places)
    assert len(page) < 12_000
    for never in ("<style", "<script", "id=", "url(", "http", "class="):
        assert never not in page


def test_right_results_have_no_cross_and_no_broken_line() -> None:
    problem = lessons.find("rnn_step_backward")
    graph = marked(verdict(problem.name, outputs_of(problem, "right", dWh="wrong")))
    assert graph is not None
    for stem in graph.stems():
        assert (stem.mark.state == "wrong") == (stem.node == "Wh")


# white, the dark grounds of notebooks, of VS Code and of a page of feedback, and its light one
GROUNDS = ("#ffffff", "#f6f6f4", "#111111", "#1e1e1e", "#1e2327")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colour", COLOURS.values())
def test_every_line_stands_out_from_light_and_dark(colour: str, ground: str) -> None:
    lighter, darker = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(colour: str) -> float:
    """As WCAG 2 has it, of #rrggbb."""
    parts = []
    for pair in re.findall("[0-9a-fA-F]{2}", colour):
        value = int(pair, 16) / 255
        parts.append(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
