"""Words on a map: the plane of the largest differences, a name for every word, and no name on
another.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from assignment.recurrent.pictures.maps import MARKER, beside, principal, word_map  # noqa: E402


def test_the_plane_keeps_distances_of_points_that_lie_in_one() -> None:
    rng = np.random.default_rng(0)
    flat = rng.normal(size=(9, 2)) @ np.linalg.qr(rng.normal(size=(6, 2)))[0].T + 3.0
    place, kept = principal(flat)
    assert kept == pytest.approx(1.0)
    apart = np.linalg.norm(flat[:, None] - flat, axis=2)
    np.testing.assert_allclose(np.linalg.norm(place[:, None] - place, axis=2), apart, atol=1e-9)


def test_of_a_cloud_in_many_dimensions_the_plane_keeps_the_widest_two() -> None:
    spread = np.array([9.0, 5.0, 1.0, 1.0])
    E = np.random.default_rng(1).normal(size=(500, 4)) * spread
    place, kept = principal(E)
    np.testing.assert_allclose(place.std(axis=0), spread[:2], rtol=0.1)
    assert kept == pytest.approx(106 / 108, abs=0.01)


def test_names_in_a_crowd_cover_neither_each_other_nor_a_point_and_stay_inside() -> None:
    rng = np.random.default_rng(0)
    points = (
        np.concatenate([[120, 150], [300, 200]]).reshape(2, 2).repeat(12, axis=0)
        + rng.normal(size=(24, 2)) * 14
    )
    sizes = np.stack([rng.uniform(15, 50, size=24), np.full(24, 9.0)], axis=1)
    inside = np.zeros(2), np.array([430.0, 360.0])
    low = beside(points, sizes, inside)
    high = low + sizes
    assert (low >= inside[0]).all() and (high <= inside[1]).all()
    covers = ((low[:, None] < high) & (low < high[:, None])).all(axis=2)
    assert covers.sum() == 24, "every name covers itself and no other"
    on_points = ((low[:, None] < points + MARKER) & (high[:, None] > points - MARKER)).all(axis=2)
    assert not on_points.any()


def test_a_name_with_room_stands_to_the_right_of_its_point() -> None:
    corner = beside(
        np.array([[50.0, 50.0]]), np.array([[20.0, 8.0]]), (np.zeros(2), np.full(2, 200.0))
    )
    np.testing.assert_allclose(corner, [[55.0, 46.0]])


def test_every_word_has_its_name_on_the_map_and_every_group_its_marker() -> None:
    figure = word_map(
        np.random.default_rng(0).normal(size=(4, 5)),
        list("abcd"),
        {"one": [0, 1], "two": [2, 3]},
        "t",
        [(0, 2)],
    )
    assert sorted(text.get_text() for text in figure.axes[0].texts) == list("abcd")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", "two"]
