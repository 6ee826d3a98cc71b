"""Pictures with their captions, and two captions of one picture in a race."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels


def gallery(pictures: Sequence[np.ndarray], captions: Sequence[str], title: str, credit: str, columns: int = 4) -> Any:
    """Pictures side by side, each with its caption below.

    Inputs:
    - pictures: of (S, S, 3), uint8; captions: as many; a line break in one stays
    - title: what is to be seen; credit: who made the pictures, shown below
    - columns: pictures in a row

    Returns: the figure
    """
    rows = math.ceil(len(pictures) / columns)
    wrapped = ["\n".join(textwrap.fill(line, 96 // columns) for line in each.split("\n")) for each in captions]
    lines = max(each.count("\n") + 1 for each in wrapped)
    fig, axes = figure(title, columns, rows, height=rows * (7.0 / columns + 0.19 * lines) + 0.7)
    panels = np.atleast_1d(axes).ravel()
    for panel in panels:
        panel.axis("off")
    for panel, picture, caption in zip(panels, pictures, wrapped, strict=False):
        panel.imshow(picture)
        # all captions have as many lines, so that the pictures stand in a row
        panel.set_title(caption + "\n" * (lines - 1 - caption.count("\n")), fontsize=9, y=-0.04, va="top", pad=0)
    fig.supxlabel(credit, fontsize=8, x=0.99, ha="right")
    return fig


def race(
    picture: np.ndarray, captions: Mapping[str, tuple[Sequence[str], Sequence[float]]], title: str, credit: str
) -> Any:
    """How probable two captions of one picture are, word by word.

    Inputs:
    - picture: (S, S, 3), uint8
    - captions: name -> (words, log-probabilities of these words, natural logarithm), as many numbers as words
    - title: what is to be seen; credit: who made the picture, shown below

    Returns: the figure: left the picture, right the sum of the log-probabilities after each word
    """
    fig, (left, right) = figure(title, columns=2, height=3.8)
    left.imshow(picture)
    left.axis("off")
    for place, ((name, (words, log_probs)), colour, marker) in enumerate(
        zip(captions.items(), PALETTE, MARKERS, strict=False)
    ):
        sums = np.concatenate([[0.0], np.cumsum(log_probs)])
        right.plot(sums, color=colour, marker=marker, label=name)
        for t, word in enumerate(words, start=1):
            above = place == 0
            right.annotate(
                word,
                (t, sums[t]),
                xytext=(2, 6) if above else (-2, -6),
                textcoords="offset points",
                ha="left" if above else "right",
                va="bottom" if above else "top",
                rotation=30,
                color=colour,
                fontsize=9,
            )
    labels(right, "words so far", "sum of log-probabilities, nats")
    right.margins(x=0.15, y=0.2)
    right.legend(frameon=False, loc="lower left")
    fig.supxlabel(credit, fontsize=8, x=0.99, ha="right")
    return fig
