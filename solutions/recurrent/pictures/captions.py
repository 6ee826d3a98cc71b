"""Pictures with their captions, and two captions of one picture in a race."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels


def gallery(
    pictures: Sequence[np.ndarray],
    captions: Sequence[str],
    title: str,
    credit: str,
    columns: int = 4,
) -> Any:
    """Pictures side by side, each with its caption below.

    Inputs:
    - pictures: of (S, S, 3), uint8; captions: as many; a line break in one stays
    - title: what is to be seen; credit: who made the pictures, shown below
    - columns: pictures in a row

    Returns: the figure
    """
    rows = math.ceil(len(pictures) / columns)
    wrapped = [
        "\n".join(textwrap.fill(line, 96 // columns) for line in each.split("\n"))
        for each in captions
    ]
    lines = max(each.count("\n") + 1 for each in wrapped)
    fig, axes = figure(title, columns, rows, height=rows * (7.0 / columns + 0.19 * lines) + 0.7)
    panels = np.atleast_1d(axes).ravel()
    for panel in panels:
        panel.axis("off")
    for panel, picture, caption in zip(panels, pictures, wrapped, strict=False):
        panel.imshow(picture)
        # all captions have as many lines, so that the pictures stand in a row
        panel.set_title(
            caption + "\n" * (lines - 1 - caption.count("\n")), fontsize=9, y=-0.04, va="top", pad=0
        )
    fig.supxlabel(credit, fontsize=8, x=0.99, ha="right")
    return fig


def race(
    picture: np.ndarray,
    captions: Mapping[str, tuple[Sequence[str], Sequence[float]]],
    title: str,
    credit: str,
) -> Any:
    """How probable two captions of one picture are, word by word.

    The words of the first caption stand below the curves, those of the second above them.

    Inputs:
    - picture: (S, S, 3), uint8
    - captions: two, name -> (words, log-probabilities of these words, natural logarithm), as many
      numbers as words
    - title: what is to be seen; credit: who made the picture, shown below

    Returns: the figure: left the picture, right the sum of the log-probabilities after each word
    """
    fig, (left, right) = figure(title, columns=2, height=4.2)
    left.get_gridspec().set_width_ratios([1, 2])
    left.imshow(picture)
    left.axis("off")
    for (name, (_, log_probs)), colour, marker in zip(
        captions.items(), PALETTE, MARKERS, strict=False
    ):
        sums = np.concatenate([[0.0], np.cumsum(log_probs)])
        right.plot(sums, color=colour, marker=marker, label=name)
    labels(right, "", "sum of log-probabilities, nats")
    right.legend(frameon=False, loc="lower left")
    bottom, top = right.xaxis, right.secondary_xaxis("top").xaxis
    right.spines["top"].set_visible(True)
    for axis, colour, (name, (words, _)) in zip(
        (bottom, top), PALETTE, captions.items(), strict=False
    ):
        axis.set_ticks(
            range(len(words) + 1), ["<START>", *words], rotation=60, fontsize=9, color=colour
        )
        axis.set_label_text(f"words, {name}", color=colour)
    fig.supxlabel(credit, fontsize=8, x=0.99, ha="right")
    return fig
