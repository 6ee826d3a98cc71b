"""Lesson 13 against torch's LSTM and RNN, regular expressions, numpy's own correlation, and small
texts by hand.
"""

import inspect
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from autograder.authoring.casebook.draw import draw_cases
from autograder.compare import equal
from autograder.lessons import find
from solutions.recurrent import cells
from solutions.recurrent.gru import gru_forward


@pytest.mark.parametrize("T, V, H", [(7, 5, 3), (1, 2, 4), (20, 3, 1)])
def test_traces_are_the_cell_states_of_torchs_lstm(T, V, H):
    rng = np.random.default_rng([T, V, H])
    ids = rng.integers(V, size=T)
    Wx, Wh, b = rng.normal(size=(V, 4 * H)), rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)

    def theirs(w):  # i f o g -> i f g o
        i, f, o, g = np.split(w, 4, axis=-1)
        return torch.tensor(np.concatenate([i, f, g, o], axis=-1))

    cell = nn.LSTMCell(V, H, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(theirs(Wx).T)
        cell.weight_hh.copy_(theirs(Wh).T)
        cell.bias_ih.copy_(theirs(b))
        cell.bias_hh.zero_()
        h = c = torch.zeros(1, H, dtype=torch.float64)
        expected = []
        for t in range(T):
            h, c = cell(torch.eye(V, dtype=torch.float64)[ids[t]][None], (h, c))
            expected.append(torch.tanh(c)[0].numpy())
    traces = cells.cell_traces(ids, Wx, Wh, b)
    np.testing.assert_allclose(traces, expected, atol=1e-12)


STRING = re.compile(
    r"""(?P<quote>["'])(?:\\[\s\S]|(?!(?P=quote))[^\\\n])*\\?(?P<end>(?P=quote)|\n|$)"""
)


def inside_by_regex(text):
    inside = np.zeros(len(text), dtype=bool)
    for match in STRING.finditer(text):
        inside[match.start() : match.end() - len(match["end"])] = True
    return inside


@pytest.mark.parametrize("seed", range(200))
def test_inside_quotes_and_depth_on_random_text(seed):
    rng = np.random.default_rng(seed)
    text = "".join(rng.choice(list('ab""\'\\\\\n()[]{}'), size=rng.integers(1, 80)))
    inside = cells.inside_quotes(text)
    assert inside.dtype == bool
    np.testing.assert_array_equal(inside, inside_by_regex(text), err_msg=repr(text))
    depth, expected = 0, []
    for character, quoted in zip(text, inside, strict=True):
        depth += 0 if quoted else (character in "([{") - (character in ")]}")
        depth = max(depth, 0)
        expected.append(depth)
    np.testing.assert_array_equal(cells.bracket_depth(text), expected)


@pytest.mark.parametrize(
    "text, inside",
    [
        ('a"b"c', "01100"),
        ('"it\'s"x', "1111100"),
        (r'"\"",', "11100"),
        (r'"\\",', "11100"),
        ('\\"a', "011"),
        ("don't\nsay", "000110000"),
        ('"a\\\nb"', "111110"),
        ("", ""),
        ('"""x"""', "1011010"),
    ],
)
def test_inside_quotes_by_hand(text, inside):
    assert "".join(str(int(value)) for value in cells.inside_quotes(text)) == inside


@pytest.mark.parametrize(
    "text, depth",
    [
        ("f(a[0])", "0112210"),
        (")(", "01"),
        ("(]", "10"),
        ("'(' (", "00001"),
        ("{'a': [1]}", "1111112210"),
        ("", ""),
    ],
)
def test_bracket_depth_by_hand(text, depth):
    assert "".join(map(str, cells.bracket_depth(text))) == depth


def test_real_code_ends_at_depth_zero():
    text = inspect.getsource(cells.rank_cells)
    code = text.split('"""')[0] + text.split('"""')[2]
    depth = cells.bracket_depth(code)
    assert depth[-1] == 0
    assert depth.max() >= 2


@pytest.mark.parametrize("seed", range(20))
def test_rank_is_by_numpys_correlation(seed):
    rng = np.random.default_rng(seed)
    T, H = 30, 6
    signal = rng.integers(3, size=T)
    traces = rng.normal(size=(T, H)) + rng.normal(size=H) * signal[:, None]
    traces[:, 2] = 0.1
    order, r = cells.rank_cells(traces, signal)
    others = [0, 1, 3, 4, 5]
    expected = [np.corrcoef(traces[:, j], signal)[0, 1] for j in others]
    np.testing.assert_allclose(r[others], expected, atol=1e-12)
    assert r[2] == 0
    assert order[-1] == 2
    assert list(order[:5]) == sorted(others, key=lambda j: -abs(r[j]))


def test_rank_finds_planted_cells_whatever_their_sign():
    rng = np.random.default_rng(3)
    text = "".join(rng.choice(list('ab"()'), size=400))
    traces = rng.normal(size=(400, 10))
    traces[:, 7] = -2.0 * cells.inside_quotes(text) + 0.1 * rng.normal(size=400)
    traces[:, 4] = 0.0
    order, r = cells.rank_cells(traces, cells.inside_quotes(text))
    assert order[0] == 7
    assert r[7] < -0.9
    assert order[-1] == 4


def test_ranking_ties_constants_and_a_constant_signal():
    signal = np.array([1.0, 1, -1, -1])
    zero = np.array([1.0, -1, 1, -1])
    traces = np.stack([np.full(4, 0.3), zero, -signal, np.full(4, 7.0), signal], axis=1)
    order, r = cells.rank_cells(traces, signal)
    assert list(order) == [2, 4, 1, 0, 3]
    np.testing.assert_allclose(r, [0, 0, -1, 0, 1], atol=1e-15)
    order, r = cells.rank_cells(traces, np.full(4, 0.1))
    assert list(order) == [1, 2, 4, 0, 3]
    assert (r == 0).all()


def correlations(traces, signal, is_constant):
    """rank_cells by the formula, with another way to find cells that never change."""
    x, y = traces - traces.mean(axis=0), signal - np.mean(signal)
    norms = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    constant = is_constant(traces, x)
    r = np.divide(y @ x, norms, out=np.zeros(len(norms)), where=~constant & (norms > 0))
    return np.lexsort((-np.abs(r), constant)), r


def by_numpys_correlation(traces, signal):
    with np.errstate(all="ignore"):
        r = np.nan_to_num(np.corrcoef(traces.T, signal * 1.0)[-1, :-1])
    constant = np.std(traces, axis=0) == 0
    return np.lexsort((-np.abs(r), constant)), r


def in_plain_python(traces, signal):
    """Sums of Python's own, and a cell is constant if its deviations are all 0."""
    T, H = traces.shape
    mean_y = sum(signal.tolist()) / T
    r, constant = [], []
    for j in range(H):
        column = traces[:, j].tolist()
        mean_x = sum(column) / T
        dx, dy = [x - mean_x for x in column], [y - mean_y for y in signal.tolist()]
        size = (sum(x * x for x in dx) * sum(y * y for y in dy)) ** 0.5
        product = sum(x * y for x, y in zip(dx, dy, strict=True))
        r.append(product / size if size else 0.0)
        constant.append(not any(dx))
    order = sorted(range(H), key=lambda j: (constant[j], -abs(r[j]), j))
    return np.array(order), np.array(r)


NATURAL_VERSIONS = {
    "the range is 0": lambda traces, signal: correlations(
        traces, signal, lambda traces, x: np.ptp(traces, axis=0) == 0
    ),
    "the spread is 0": lambda traces, signal: correlations(
        traces, signal, lambda traces, x: traces.std(axis=0) == 0
    ),
    "the deviations are 0": lambda traces, signal: correlations(
        traces, signal, lambda traces, x: (x**2).sum(axis=0) == 0
    ),
    "all are close to the first": lambda traces, signal: correlations(
        traces, signal, lambda traces, x: np.isclose(traces, traces[0]).all(axis=0)
    ),
    "the spread is small": lambda traces, signal: correlations(
        traces, signal, lambda traces, x: traces.std(axis=0) < 1e-9
    ),
    "numpy's correlation": by_numpys_correlation,
    "plain Python": in_plain_python,
}


@pytest.mark.parametrize("version", NATURAL_VERSIONS)
def test_however_a_constant_cell_is_found_the_ranking_is_right(version):
    """In every case a cell that never changes has deviations of exactly 0."""
    problem, student = find("rank_cells"), SimpleNamespace(rank_cells=NATURAL_VERSIONS[version])
    for seed in range(20):
        for _, _, inputs in draw_cases(problem, seed, hidden=seed > 0):
            want = problem.probe(cells, **inputs)
            got = problem.probe(student, **inputs)
            for name in want:
                assert equal(problem, np.asarray(got[name]), np.asarray(want[name])), (seed, name)


@pytest.mark.parametrize("seed", range(5))
def test_the_latch_remembers(seed):
    rng = np.random.default_rng(seed)
    ids = rng.choice(3, size=600, p=[0.9, 0.05, 0.05])
    bit, expected = False, []
    for command in ids:
        bit = bit if command == 0 else command == 1
        expected.append(bit)
    traces = cells.cell_traces(ids, *cells.latch_weights())
    assert traces.shape == (600, 1)
    np.testing.assert_array_equal(traces[:, 0] > 0.5, expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_counter_counts(seed):
    rng = np.random.default_rng(seed)
    moves = rng.integers(-1, 2, size=600)
    depth, ids = [0], []
    for move in moves:
        move = move if 0 <= depth[-1] + move <= 12 else 0
        depth.append(depth[-1] + move)
        ids.append(move % 3)
    traces = cells.cell_traces(np.array(ids), *cells.depth_weights())
    np.testing.assert_allclose(traces[:, 0], np.tanh(np.array(depth[1:]) / 10), atol=1e-9)
    assert max(depth) >= 8


@pytest.mark.parametrize("N, T, D, H", [(2, 6, 4, 5), (1, 50, 2, 3), (3, 1, 1, 1)])
def test_the_gru_is_torchs_vanilla_rnn(N, T, D, H):
    rng = np.random.default_rng([N, T, D, H])
    x, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, H))
    Wx, Wh, b = rng.normal(size=(D, H)), rng.normal(size=(H, H)), rng.normal(size=H)
    rnn = nn.RNN(D, H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.tensor(Wx.T))
        rnn.weight_hh_l0.copy_(torch.tensor(Wh.T))
        rnn.bias_ih_l0.copy_(torch.tensor(b))
        rnn.bias_hh_l0.zero_()
        expected, _ = rnn(torch.tensor(x), torch.tensor(h0)[None])
    h, _ = gru_forward(x, h0, *cells.gru_that_is_an_rnn(Wx, Wh, b))
    np.testing.assert_allclose(h, expected.numpy(), atol=1e-12)
