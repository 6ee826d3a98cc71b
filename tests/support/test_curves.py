"""Curves: what was asked for is drawn, told apart by more than colour, and labelled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

matplotlib = pytest.importorskip(
    "matplotlib", reason="matplotlib is not installed; there are no pictures without it"
)
matplotlib.use("Agg")

from assignment.recurrent.pictures.curves import curves  # noqa: E402 - after the check that there is a matplotlib
from assignment.recurrent.pictures.style import MARKERS, PALETTE  # noqa: E402
from tests.conftest import ROOT  # noqa: E402


@pytest.fixture
def drawn() -> Iterator[Any]:
    values = {"RNN": np.array([1.0, 0.1, 0.01]), "LSTM": np.array([[0.0, 1.0], [10.0, 0.5]])}
    bound = {"RNN": np.array([1.0, 0.5, 0.25])}
    yield curves(values, "time lag in steps", "norm", "Gradients", logarithmic=True, bounds=bound)
    matplotlib.pyplot.close("all")


def test_values_alone_and_pairs_are_drawn(drawn: Any) -> None:
    rnn, bound, lstm = drawn.axes[0].lines
    np.testing.assert_array_equal(rnn.get_xdata(), [0, 1, 2])
    np.testing.assert_array_equal(rnn.get_ydata(), [1.0, 0.1, 0.01])
    np.testing.assert_array_equal(bound.get_ydata(), [1.0, 0.5, 0.25])
    np.testing.assert_array_equal(lstm.get_xdata(), [0, 10])
    np.testing.assert_array_equal(lstm.get_ydata(), [1.0, 0.5])


def test_axes_and_curves_have_names(drawn: Any) -> None:
    axis = drawn.axes[0]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_yscale()) == (
        "time lag in steps",
        "norm",
        "log",
    )
    assert drawn.get_suptitle() == "Gradients"
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [
        "RNN",
        "bound for RNN",
        "LSTM",
    ]


def test_a_floor_is_not_called_a_bound() -> None:
    values = {"GRU": np.array([2.0, 1.5])}
    floor = {"GRU": np.full(2, np.log(4))}
    drawn = curves(values, "iteration", "loss, nats", "Training", bounds=floor, bound="floor")
    legend = drawn.axes[0].get_legend().get_texts()
    assert [text.get_text() for text in legend] == ["GRU", "floor for GRU"]
    matplotlib.pyplot.close("all")


def test_every_least_loss_of_a_notebook_is_called_a_floor() -> None:
    """Dashed lines below a curve of losses: ln 4 is what no network can beat."""
    source = (ROOT / "solutions/notebooks/5_captions.py").read_text(encoding="utf-8")
    assert source.count("bounds={") == source.count('bound="floor"') > 0


def test_curves_differ_in_more_than_colour(drawn: Any) -> None:
    rnn, bound, lstm = drawn.axes[0].lines
    assert rnn.get_marker() != lstm.get_marker() and rnn.get_color() != lstm.get_color()
    assert bound.get_color() == rnn.get_color() and bound.get_linestyle() == "--"
    assert len(set(PALETTE)) == len(PALETTE) == len(set(MARKERS)) == len(MARKERS)
