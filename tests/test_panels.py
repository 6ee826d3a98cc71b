"""Where a tensor is wrong, on a page and in a terminal: the same panels, the same labels."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.cells import cell_len

from autograder import lessons
from autograder.judge.describe import MOST_AXES, MOST_NUMBERS
from autograder.problem import ErrorMap, Problem, Tensor
from autograder.report.blocks import blocks
from autograder.report.heat_map import heat_map
from autograder.report.panel_lines import MOST_LINES
from autograder.report.panels import MOST_PANELS, panels_of

WIDTHS = (20, 40, 80, 200)


def every_output() -> Iterator[tuple[Problem, Tensor]]:
    for problem in lessons.all_problems():
        for tensor in problem.gives:
            if tensor.axes:
                yield problem, tensor


def some_wrong(problem: Problem, tensor: Tensor) -> ErrorMap:
    """A map of an output of the problem's first case, in which one number of five is wrong."""
    sizes = {"T": 3, **problem.sizes[0]}
    lengths = []
    for number, axis in enumerate(tensor.axes):
        lengths.append(2 + number if axis == "_" else tensor_length(axis, sizes))
    wrong = np.zeros(lengths, bool)
    wrong.reshape(-1)[::5] = True
    return ErrorMap(tensor.name, tensor.axes, wrong)


def tensor_length(axis: str, sizes: dict[str, int]) -> int:
    try:
        return Tensor("", (axis,)).shape(sizes)[0]
    except KeyError:
        return 3


OUTPUTS = [*every_output()]
NAMES = [f"{problem.name}-{tensor.name}" for problem, tensor in OUTPUTS]


def crosses(error_map: ErrorMap, cross: str, **options: object) -> int:
    text = blocks(error_map, 200, **options).plain  # type: ignore[arg-type]
    drawing, _, _ = text.partition(f"{error_map.tensor}: ")
    return drawing.count(cross)


@pytest.mark.parametrize(("problem", "tensor"), OUTPUTS, ids=NAMES)
def test_every_output_is_drawn_as_a_page_and_a_terminal_have_room(
    problem: Problem, tensor: Tensor
) -> None:
    error_map = some_wrong(problem, tensor)
    ElementTree.fromstring(f"<div>{heat_map(error_map, problem=problem.name)}</div>")
    for width in WIDTHS:
        for unicode in (True, False):
            for colour in (True, False):
                text = blocks(error_map, width, colour, unicode, problem.name).plain
                for line in text.splitlines():
                    assert line == line.rstrip()
                    assert cell_len(line) <= width
                assert text.isascii() or unicode


@pytest.mark.parametrize("shape", [(5,), (4, 3), (2, 4, 3), (2, 3, 4, 3)])
def test_a_sign_stands_for_every_number(shape: tuple[int, ...]) -> None:
    wrong = np.zeros(shape, bool)
    wrong.reshape(-1)[1::3] = True
    error_map = ErrorMap("dx", ("A", "B", "C", "D")[: len(shape)], wrong)
    assert crosses(error_map, "✕") == crosses(error_map, "x", unicode=False) == wrong.sum()
    assert crosses(error_map, "·") == crosses(error_map, ".", unicode=False) == (~wrong).sum()


def test_colour_says_nothing_that_a_sign_does_not() -> None:
    error_map = ErrorMap("dx", ("N", "D"), np.eye(3) > 0)
    plain, coloured = blocks(error_map, 40, colour=False), blocks(error_map, 40)
    assert plain.plain == coloured.plain
    assert not plain.spans
    styles = {coloured.plain[span.start : span.end].strip(): span.style for span in coloured.spans}
    assert styles["✕"] != styles["·"]


GATES = {"lstm_step_backward": "i f o g", "gru_step_backward": "z r n", "to_pytorch": "i f g o"}


@pytest.mark.parametrize("name", GATES)
def test_gates_are_named_and_ruled_off_in_both(name: str) -> None:
    problem = lessons.find(name)
    named = GATES[name].split()
    for tensor in problem.gives:
        many = [axis for axis in tensor.axes if axis in ("3H", "4H")]
        error_map = some_wrong(problem, tensor)
        text = blocks(error_map, 100, problem=name).plain
        page = heat_map(error_map, problem=name)
        drawn = re.findall(r"<text[^>]*>([a-z]) </text>", page)
        assert drawn == (named if many else [])
        assert page.count("<line") == (len(named) - 1 if many else 0)
        assert ("│" in text or "─" in text) == bool(many)
        assert (f"in blocks {GATES[name]}" in text) == bool(many)
        if many and tensor.axes[-1] in many:
            assert text.splitlines()[0].split() == named
        elif many:
            first_letters = [line.strip()[0] for line in text.splitlines()[1:]]
            assert [letter for letter in first_letters if letter.isalpha()][:4] == named


def test_without_its_problem_a_tensor_has_no_gates() -> None:
    error_map = ErrorMap("db", ("4H",), np.ones(8, bool))
    for problem in ("", "no_such_problem", "rnn_step_backward"):
        assert "│" not in blocks(error_map, 40, problem=problem).plain


def test_steps_are_named_in_both() -> None:
    error_map = ErrorMap("h", ("N", "T", "H"), np.ones((2, 3, 4), bool))
    text = blocks(error_map, 60).plain.splitlines()
    assert re.findall(r"N=\d", text[0]) == ["N=0", "N=1"]
    assert [re.findall(r"T=\d", line) for line in text[2:5]] == [[f"T={t}"] * 2 for t in range(3)]
    page = heat_map(error_map)
    assert re.findall(r"<text[^>]*>(T=\d) </text>", page) == ["T=0", "T=1", "T=2"] * 2


LARGE = [(MOST_NUMBERS,), (MOST_NUMBERS, 1), (40, 100), (400, 2, 5), (20, 20, 5, 2), (2, 2, 20, 50)]


@pytest.mark.parametrize("shape", LARGE)
@pytest.mark.parametrize("place", [0, -1])
def test_a_large_tensor_is_bounded_and_what_is_wrong_stays_in_sight(
    shape: tuple[int, ...], place: int
) -> None:
    """And the numbers say what is not drawn: nothing wrong is lost."""
    assert len(shape) <= MOST_AXES
    wrong = np.zeros(shape, bool)
    wrong.reshape(-1)[place] = True
    wrong.reshape(-1)[place - 1 :: -2] = True
    error_map = ErrorMap("h", ("A", "B", "C", "D")[: len(shape)], wrong)
    text = blocks(error_map, 40).plain
    drawing, _, said = text.partition("h: ")
    assert "✕" in drawing
    assert len(text.splitlines()) <= MOST_LINES + 6
    not_drawn = re.findall(r"with (\d+) numbers? wrong", said.replace("\n", " "))
    assert drawing.count("✕") + sum(map(int, not_drawn)) == wrong.sum()


def test_panels_without_a_mistake_are_left_out_first() -> None:
    wrong = np.zeros((40, 2, 3), bool)
    wrong[35, 1, 2] = True
    panels = panels_of(ErrorMap("h", ("N", "T", "H"), wrong))
    chosen, more = panels.chosen()
    assert chosen[-1].title == "N=35" and len(chosen) == MOST_PANELS
    assert more == "and 28 more like these, with 0 numbers wrong"
    assert html.escape(more) in heat_map(ErrorMap("h", ("N", "T", "H"), wrong))


def test_only_the_first_rows_that_are_wrong_are_drawn_of_many() -> None:
    wrong = np.zeros((60, 3), bool)
    wrong[50, 1] = True
    text = blocks(ErrorMap("h", ("A", "B"), wrong), 40).plain
    assert re.search(r"^50 · ✕ ·$", text, re.MULTILINE)
    assert "not drawn: 36 rows, with 0 numbers wrong" in text.replace("\n", " ")
