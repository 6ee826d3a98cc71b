"""Gates measured from outside are the gates inside."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

matplotlib = pytest.importorskip(
    "matplotlib", reason="matplotlib is not installed; there are no pictures without it"
)
matplotlib.use("Agg")

# After the check that there is a matplotlib.
from assignment.recurrent.pictures.gates import gate_maps, gru_gates, lstm_gates  # noqa: E402
from solutions.recurrent.gru import gru_step_forward  # noqa: E402
from solutions.recurrent.lstm import lstm_forward, lstm_step_forward, sigmoid  # noqa: E402

N, T, D, H = 2, 5, 3, 4


@pytest.fixture
def rng() -> Iterator[np.random.Generator]:
    yield np.random.default_rng(0)
    matplotlib.pyplot.close("all")


def test_the_gates_of_an_lstm(rng: np.random.Generator) -> None:
    x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
    Wx, Wh, b = rng.normal(size=(D, 4 * H)), rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)
    h, _ = lstm_forward(x, h0, Wx, Wh, b)
    before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
    i, f, o, _ = np.split(sigmoid(x @ Wx + before @ Wh + b), 4, axis=2)
    found = lstm_gates(lstm_step_forward, x, h0, Wx, Wh, b)
    for name, gate in {"i": i, "f": f, "o": o}.items():
        np.testing.assert_allclose(found[name], gate, rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(found["o"] * np.tanh(found["c"]), h, rtol=1e-9)


def test_a_gate_that_is_all_shut_hides_no_other(rng: np.random.Generator) -> None:
    x, h0, shut = rng.normal(size=(N, T, D)), np.zeros((N, H)), np.repeat([-1e4, 0.0, 0.0, 0.0], H)
    with np.errstate(all="raise", under="ignore"):
        found = lstm_gates(
            lstm_step_forward, x, h0, np.zeros((D, 4 * H)), np.zeros((H, 4 * H)), shut
        )
    assert np.all(found["i"] == 0) and np.all(found["c"] == 0)
    np.testing.assert_allclose([found["f"], found["o"]], 0.5, rtol=1e-9)


def test_the_update_gate_of_a_gru(rng: np.random.Generator) -> None:
    x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
    Wx, Wh, b = rng.normal(size=(D, 3 * H)), rng.normal(size=(H, 3 * H)), rng.normal(size=3 * H)
    found = gru_gates(gru_step_forward, x, h0, Wx, Wh, b)
    before = np.concatenate([h0[:, None], found["h"][:, :-1]], axis=1)
    np.testing.assert_allclose(found["z"], sigmoid(x @ Wx + before @ Wh + b)[:, :, :H], rtol=1e-9)


def test_a_map_for_every_gate_and_a_mark_for_every_step(rng: np.random.Generator) -> None:
    gates = {"input": rng.random((T, H)), "forget": rng.random((T, H))}
    fig = gate_maps(gates, list("ABCDE"), "Gates")
    upper, lower = fig.axes[:2]
    np.testing.assert_array_equal(lower.images[0].get_array(), gates["forget"].T)
    assert upper.get_ylabel() == "input\nunit"
    assert [tick.get_text() for tick in lower.get_xticklabels()] == list("ABCDE")
