"""Coloured text: the right value behind every character, and a mark that needs no colour."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from assignment.recurrent.pictures.text import MOST_LINES, TAB_WIDTH, WIDEST, _pale, coloured_text  # noqa: E402


def shown(figure) -> np.ndarray:
    """The values behind the characters, row by row."""
    return np.ma.filled(np.ma.asarray(figure.axes[0].images[0].get_array()).astype(float), np.nan)


def test_every_character_has_its_value_and_what_is_negative_a_line_under_it() -> None:
    figure = coloured_text("ab\ncd", np.array([1.0, -1.0, 0.0, 0.5, -0.75]), "t")
    np.testing.assert_array_equal(shown(figure), [[1, -1, 0], [0.5, -0.75, np.nan]])
    axis = figure.axes[0]
    assert [text.get_text() for text in axis.texts] == [
        "a",
        "b",
        "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}",
        "c",
        "d",
    ]
    lines = axis.collections[0].get_segments()
    assert sorted((round(line[0][1]), round(line[:, 0].mean())) for line in lines) == [
        (0, 1),
        (1, 1),
    ]


def test_a_tab_is_as_wide_as_four_characters() -> None:
    figure = coloured_text("\ta", np.array([0.25, 1.0]), "t")
    assert shown(figure).tolist() == [[0.25] * TAB_WIDTH + [1.0]]


def test_long_lines_go_on_and_long_texts_stop() -> None:
    text = "x" * (WIDEST + 3) + "\n" + "y\n" * 40
    figure = coloured_text(text, np.linspace(-1, 1, len(text)), "t")
    assert shown(figure).shape == (MOST_LINES, WIDEST)
    assert np.isfinite(shown(figure)[1]).sum() == 4


def test_other_bounds_move_the_line() -> None:
    figure = coloured_text("abc", np.array([0.0, 2.0, 8.0]), "t", low=0, high=8)
    assert len(figure.axes[0].collections[0].get_segments()) == 1
    assert "below 2" in figure.axes[1].get_ylabel()


def test_black_letters_stand_out_from_every_colour() -> None:
    """The contrast of the Web Content Accessibility Guidelines, which ask for 4.5."""
    colours = np.asarray(_pale()(np.linspace(0, 1, 50)))[:, :3]
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    assert ((linear @ [0.2126, 0.7152, 0.0722] + 0.05) / 0.05).min() > 4.5


def test_values_that_do_not_fit_are_said_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="3 characters need as many values"):
        coloured_text("abc", np.zeros(2), "t")
    with pytest.raises(ValueError, match="at least one"):
        coloured_text("", np.zeros(0), "t")
