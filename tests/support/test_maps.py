"""Words on a map: the plane of the largest differences, labels apart, a point for every word."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from solutions.recurrent.pictures.maps import principal, spread, word_map  # noqa: E402
from solutions.recurrent.pictures.text import coloured_text  # noqa: E402


def test_the_plane_keeps_distances_of_points_that_lie_in_one() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(9, 2)) @ np.linalg.qr(rng.normal(size=(6, 2)))[0].T + 3.0
    place, kept = principal(flat)
    assert kept == pytest.approx(1.0)
    apart = np.linalg.norm(flat[:, None] - flat, axis=2)
    np.testing.assert_allclose(np.linalg.norm(place[:, None] - place, axis=2), apart, atol=1e-9)


def test_labels_that_would_overlap_move_apart_and_others_stay() -> None:
    y = spread(np.array([0.5, 0.505, 0.51, 0.9]), np.array([0.5, 0.5, 0.52, 0.5]))
    assert np.diff(np.sort(y)).min() >= 0.03 - 1e-6 and y[3] == 0.9
    far = np.array([0.5, 0.505])
    np.testing.assert_array_equal(spread(far, np.array([0.1, 0.9])), far)


def test_every_word_has_its_name_on_the_map() -> None:
    figure = word_map(
        np.random.default_rng(0).normal(size=(4, 5)), list("abcd"), {"one": [0, 1], "two": [2, 3]}, "t", [(0, 2)]
    )
    assert {text.get_text() for text in figure.axes[0].texts} == set("abcd")


def test_coloured_text_has_a_background_and_a_mark_for_what_is_negative() -> None:
    figure = coloured_text("ab\ncd", np.array([1.0, -1.0, 0.0, 1.0, -1.0]), "t")
    axis = figure.axes[0]
    shown = np.asarray(axis.images[0].get_array())
    assert shown.shape == (2, 3) and shown[0].tolist() == [1.0, -1.0, 0.0]
    assert len(axis.texts) == 5
    assert sum(len(each.get_segments()) for each in axis.collections) == 2
