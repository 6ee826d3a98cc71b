"""The given training code: budgets, what is reached, the progress bar, Adam."""

from __future__ import annotations

import builtins
import math
from typing import Any

import numpy as np
import pytest

from assignment.recurrent.training import SHORT, Adam, budget, progress, reached


def test_a_short_run_takes_the_short_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHORT, raising=False)
    assert budget(1000, 10) == 1000
    monkeypatch.setenv(SHORT, "0")
    assert budget(1.9, 3.2) == 1.9
    monkeypatch.setenv(SHORT, "1")
    assert budget(1000, 10) == 10 and budget(1.9, 3.2) == 3.2


def test_what_is_reached_is_said_and_given_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert reached("loss, nats", 1.25, at_least=1, at_most=1.5) == 1.25
    assert reached("a number", 3.0) == 3.0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "reached: loss, nats: 1.25 (at least 1 and at most 1.5 asked for)",
        "reached: a number: 3",
    ]


@pytest.mark.parametrize(
    "value, bounds", [(0.5, {"at_least": 1.0}), (2.0, {"at_most": 1.0}), (math.nan, {})]
)
def test_a_broken_bound_stops_the_notebook(value: float, bounds: dict[str, float]) -> None:
    with pytest.raises(
        AssertionError, match=r"^loss should be .*, and is .*run the check cells above first$"
    ):
        reached("loss", value, **bounds)


def test_the_steps_come_through_with_and_without_tqdm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(progress(range(3), "training")) == [0, 1, 2]
    original = builtins.__import__

    def without_tqdm(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("tqdm"):
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_tqdm)
    capsys.readouterr()
    assert list(progress(range(3), "training")) == [0, 1, 2]
    assert "pip install tqdm" in capsys.readouterr().out


def test_adam_is_the_papers_formula() -> None:
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=(3, 4)), rng.normal(size=(20, 3, 4))
    params = {"W": start.copy(), "left alone": np.ones(2)}
    optimiser = Adam(params, learning_rate=0.05)
    for gradient in gradients:
        optimiser.step({"W": gradient})

    # The same without a recurrence: weighted means of all gradients so far, and of their squares.
    expected = start.copy()
    for t in range(1, len(gradients) + 1):
        ages = np.arange(t)[::-1]
        first = np.average(gradients[:t], axis=0, weights=0.9**ages)
        second = np.average(gradients[:t] ** 2, axis=0, weights=0.999**ages)
        expected -= 0.05 * first / (np.sqrt(second) + 1e-8)
    np.testing.assert_allclose(params["W"], expected, rtol=1e-9)
    np.testing.assert_array_equal(params["left alone"], [1, 1])


def test_adam_changes_the_arrays_themselves_and_goes_downhill() -> None:
    array = np.array([3.0, -2.0])
    optimiser = Adam({"p": array}, learning_rate=0.1)
    for _ in range(300):
        optimiser.step({"p": 2 * array})
    assert np.abs(array).max() < 0.01
