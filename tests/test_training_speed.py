"""What `make bench` compares of training: the same work in numpy and in torch, in float32."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed; nothing is compared with it")

from autograder.authoring import training_speed  # noqa: E402 - after the check for torch
from autograder.authoring.casebook.answers import load_answers  # noqa: E402
from autograder.authoring.casebook.variants import Variant, imported  # noqa: E402
from autograder.authoring.training_speed import (  # noqa: E402
    LAYERS,
    Layer,
    in_numpy,
    in_torch,
    inputs_of,
    quickest,
    training_rows,
)
from tests.conftest import ROOT  # noqa: E402


@pytest.fixture(scope="module")
def reference() -> Iterator[Variant]:
    with imported(load_answers(ROOT / "solutions").sources) as variant:
        yield variant


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.lesson)
def test_both_make_the_same_gradients_in_float32(layer: Layer, reference: Variant) -> None:
    given = inputs_of(layer)
    ours = in_numpy(layer, reference, given)()
    theirs = in_torch(layer, given)()
    assert {gradient.dtype for gradient in ours} == {np.dtype(np.float32)}
    assert {gradient.dtype for gradient in theirs} == {torch.float32}
    (dx, dh0, dWx, dWh, db), (x, h0, weight_ih, weight_hh, *biases) = ours, theirs
    assert (dx.shape, dh0.shape) == (x.shape, h0.shape)
    assert (dWx.T.shape, dWh.T.shape) == (weight_ih.shape, weight_hh.shape)
    assert [bias.shape for bias in biases] == [db.shape] * 2


def test_they_take_turns() -> None:
    turns: list[str] = []
    quickest(lambda: turns.append("a"), lambda: turns.append("b"))
    assert turns == ["a", "b"] * (training_speed.PAIRS + 1)


def test_there_is_a_row_with_a_limit_for_each_layer(
    reference: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_speed, "quickest", lambda *runs: (0.003, 0.002))
    rows = list(training_rows(reference))
    assert [figure for _, figure, _ in rows] == ["1.50 times (3.0 ms)"] * 3
    assert [limit for *_, limit in rows] == ["1.5 times", "1.1 times", "0.8 times"]


def test_without_torch_there_is_no_row(reference: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_speed.lessons, "can_run", lambda name: False)
    assert list(training_rows(reference)) == []
