"""The maps have an axis for what was read and one for what was written, and every label stands at
its place.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from assignment.recurrent.pictures.alignment import alignment, several  # noqa: E402


def test_a_row_for_every_word_and_a_column_for_every_letter() -> None:
    weights = np.identity(4)[:3]
    axis = alignment(weights, list("drei"), ["three", "four", "<END>"], "drei").axes[0]
    np.testing.assert_array_equal(axis.images[0].get_array(), weights)
    assert [label.get_text() for label in axis.get_xticklabels()] == list("drei")
    assert [label.get_text() for label in axis.get_yticklabels()] == ["three", "four", "<END>"]
    assert axis.get_xlabel() and axis.get_ylabel() == "written"


def test_maps_side_by_side_share_one_scale() -> None:
    figure = several([np.zeros((2, 3)), np.ones((2, 3))], ["none", "all"], "x", "y", "two")
    images = [axis.images[0] for axis in figure.axes[:2]]
    assert {image.get_clim() for image in images} == {(0.0, 1.0)}
