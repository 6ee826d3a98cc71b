"""Lesson 18 against the cells themselves, counts of their arrays, and a schedule worked out."""

from __future__ import annotations

import numpy as np
import pytest

from solutions.recurrent import answers_gates as answers
from solutions.recurrent import gru, lstm


def numbers(blocks: int, D: int, H: int) -> int:
    """Of Wx, Wh and b."""
    shapes = ((D, blocks * H), (H, blocks * H), (blocks * H,))
    return sum(np.zeros(shape).size for shape in shapes)


@pytest.mark.parametrize("bias, steps", [(3.0, 49), (1.5, 8)])
def test_the_belt_multiplies_by_the_gates(bias: float, steps: int) -> None:
    gates = np.full((1, steps, 1), lstm.sigmoid(np.array(bias)))
    path = lstm.cell_gradient_path(gates)
    assert answers.belt_left(bias, steps) == pytest.approx(path[0, 0])


@pytest.mark.parametrize("share, steps", [(0.5, 49), (0.1, 10), (0.9, 80)])
def test_the_bias_keeps_that_share(share: float, steps: int) -> None:
    assert answers.belt_left(answers.bias_that_keeps(share, steps), steps) == pytest.approx(share)


@pytest.mark.parametrize("D, H", [(10, 64), (1, 1), (3, 5)])
def test_an_lstms_numbers_are_counted(D: int, H: int) -> None:
    arrays = lstm.init_lstm(D, H, np.random.default_rng(0))
    assert answers.lstm_numbers(D, H) == sum(array.size for array in arrays) == numbers(4, D, H)


@pytest.mark.parametrize("D, H", [(100, 64), (1, 5), (40, 150)])
def test_no_larger_gru_is_as_small(D: int, H: int) -> None:
    units = answers.gru_units(D, H)
    assert numbers(3, D, units) <= numbers(4, D, H) < numbers(3, D, units + 1)


@pytest.mark.parametrize("layers, steps", [(3, 20), (1, 7), (5, 2)])
def test_a_cell_is_done_one_round_after_both_it_waits_for(layers: int, steps: int) -> None:
    done = np.zeros((layers + 1, steps + 1), int)  # what is given is done in round 0
    for layer in range(1, layers + 1):
        for t in range(1, steps + 1):
            done[layer, t] = 1 + max(done[layer - 1, t], done[layer, t - 1])
    assert answers.rounds_of_a_stack(layers, steps) == done[-1, -1]


@pytest.mark.parametrize("z, h, candidate", [(0.9, 0.5, -0.4), (0.2, 0.7, -0.3)])
def test_one_unit_of_the_gru(z: float, h: float, candidate: float) -> None:
    b = np.array([np.log(z / (1 - z)), 0.0, np.arctanh(candidate)])
    next_h, _ = gru.gru_step_forward(
        np.zeros((1, 1)), np.array([[h]]), np.zeros((1, 3)), np.zeros((1, 3)), b
    )
    assert answers.gru_unit(z, h, candidate) == pytest.approx(next_h[0, 0])
