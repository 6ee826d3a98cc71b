"""Attention over a picture, galleries and races: what is drawn is what was given, and the licence
is there.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from assignment.recurrent.pictures.attention import attention_over_picture  # noqa: E402
from assignment.recurrent.pictures.captions import gallery, race  # noqa: E402

CREDIT = "OpenMoji, CC BY-SA 4.0"
PICTURE = np.full((32, 32, 3), 200, dtype=np.uint8)


def test_light_falls_where_the_weight_is() -> None:
    weights = np.zeros((2, 64))
    weights[0, 8 * 2 + 5] = 1.0  # row 2, column 5
    weights[1] = 1 / 64
    figure = attention_over_picture(
        PICTURE, ["cat", "the"], weights, "title", CREDIT, boxes=[[(0.5, 0.2, 0.8, 0.4)], []]
    )
    whole, first, second = (axis.images[0].get_array() for axis in figure.axes[:3])
    np.testing.assert_array_equal(whole, PICTURE)
    lit = first[:, :, 0] > 100
    assert lit[8:12, 20:24].all() and lit.sum() == 16
    assert (first[~lit] > 0).all(), "what is not looked at can still be made out"
    np.testing.assert_array_equal(second, PICTURE)
    texts = [text.get_text() for text in figure.axes[1].texts]
    assert texts == ["largest weight 1.00"] and "cat" in figure.axes[1].get_title()
    assert len(figure.axes[1].lines) == 2 and len(figure.axes[2].lines) == 0, (
        "a box where one was given"
    )
    assert figure.get_supxlabel() == CREDIT


def test_weights_must_be_a_square_grid_for_every_word() -> None:
    for shape in ((3, 64), (2, 60)):
        with pytest.raises(
            ValueError, match=r"weights should be \(2, G G\), one row a word, and is"
        ):
            attention_over_picture(PICTURE, ["a", "cat"], np.ones(shape), "title", CREDIT)


def test_a_gallery_has_every_caption_and_the_credit() -> None:
    captions = [
        "a cat",
        "right: a very long caption that has to be broken into lines",
        "two cats",
        "a",
        "b",
    ]
    figure = gallery([PICTURE] * 5, captions, "title", CREDIT)
    shown = [" ".join(axis.get_title().split()) for axis in figure.axes if axis.images]
    assert shown == captions and figure.get_supxlabel() == CREDIT


def test_a_race_adds_up_and_has_the_words_of_both() -> None:
    figure = race(
        PICTURE,
        {"greedy": (["a", "cat"], [-1.0, -2.5]), "beam": (["cats"], [-2.0])},
        "title",
        CREDIT,
    )
    curves = figure.axes[1]
    np.testing.assert_allclose(curves.lines[0].get_ydata(), [0, -1, -3.5])
    np.testing.assert_allclose(curves.lines[1].get_ydata(), [0, -2])
    assert [label.get_text() for label in curves.get_xticklabels()] == ["<START>", "a", "cat"]
    (above,) = curves.child_axes
    assert [label.get_text() for label in above.get_xticklabels()] == ["<START>", "cats"]
    assert "nats" in curves.get_ylabel() and figure.get_supxlabel() == CREDIT
