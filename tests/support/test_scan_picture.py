"""The picture of a scan: as many rounds as it takes, and stretches that meet without a gap."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("Agg")

from assignment.recurrent.pictures.scan import scan_rounds, stretches  # noqa: E402
from solutions.recurrent import linear_rnn  # noqa: E402


@pytest.mark.parametrize("T", [1, 2, 3, 6, 8, 9])
def test_in_the_end_every_stretch_begins_with_step_0(T: int) -> None:
    rounds = stretches(T)
    assert len(rounds) - 1 == int(np.ceil(np.log2(T)))
    assert rounds[-1] == [(0, t) for t in range(T)]
    if T > 1:
        assert rounds[-2] != rounds[-1]


def test_the_drawn_stretches_are_those_of_the_scan() -> None:
    """With a factor of 1, adding up powers of two shows which steps are in."""
    T = 7
    f, v = np.ones((1, T, 1)), 2.0 ** np.arange(T).reshape(1, T, 1)
    for distance, row in zip((1, 2, 4), stretches(T)[1:], strict=True):
        f, v = linear_rnn.scan_round(f, v, distance)
        drawn = [sum(2.0**t for t in range(first, last + 1)) for first, last in row]
        assert v[0, :, 0].tolist() == drawn


def test_each_position_is_named_once_a_round_and_the_axes_have_names() -> None:
    axis = scan_rounds(6).axes[0]
    names = [text.get_text() for text in axis.texts]
    assert len(names) == 4 * 6
    assert names[-6:] == ["0", "0–1", "0–2", "0–3", "0–4", "0–5"]
    assert axis.get_xlabel() and axis.get_ylabel()
