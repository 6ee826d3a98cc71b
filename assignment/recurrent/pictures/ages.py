"""A gradient taken apart by age: how much of an update comes from how long ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .style import MARKERS, PALETTE, figure, labels


def shares(terms: np.ndarray) -> np.ndarray:
    """How much each term adds to the sum of all, in the direction of the sum.

        share_k = <term_k, whole> / <whole, whole>,    whole = term_0 + ... + term_{T-1}

    Inputs:
    - terms: (T, ...), at least one number of their sum is not zero

    Returns: (T,), adds up to 1; a term that points against the sum has a share below 0
    """
    flat = terms.reshape(len(terms), -1)
    whole = flat.sum(axis=0)
    added: np.ndarray = flat @ whole / (whole @ whole)
    return added


def lengths(terms: np.ndarray) -> np.ndarray:
    """How long each term is, and 1 is the length of the sum of all.

    Inputs:
    - terms: (T, ...), at least one number of their sum is not zero

    Returns: (T,); as terms point in different directions, it does not add up to 1
    """
    flat = terms.reshape(len(terms), -1)
    measured: np.ndarray = np.linalg.norm(flat, axis=1) / np.linalg.norm(flat.sum(axis=0))
    return measured


def ages(series: Mapping[str, np.ndarray], title: str, floor: float = 1e-6) -> Any:
    """The shares of the terms by age, and beside them their lengths in powers of ten.

    Inputs:
    - series: name -> (T, ...), the terms of a gradient in the order of time: the oldest first
    - title: what is to be seen
    - floor: where the axis of lengths ends, so that terms of no length do not stretch it

    Returns: the figure
    """
    fig, (left, right) = figure(title, columns=2, width=8.0, height=3.8)
    for (name, terms), colour, marker in zip(series.items(), PALETTE, MARKERS, strict=False):
        look = {"color": colour, "marker": marker, "markersize": 4, "label": name}
        look["markevery"] = max(1, len(terms) // 12)
        left.plot(shares(terms)[::-1], **look)
        right.plot(lengths(terms)[::-1], **look)
    right.set_yscale("log", nonpositive="mask")  # a term that is zero is no point, not a cliff
    right.set_ylim(bottom=floor)
    labels(left, "age in steps (0: the last step)", "share of the update, 1 in all")
    labels(right, "age in steps (0: the last step)", "length, 1: the whole update")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=len(series))
    return fig
