"""The picture of a gradient by age: what its numbers are, and what is drawn."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest

from tests.conftest import ROOT

pytest.importorskip("matplotlib").use("Agg")


@pytest.fixture(scope="module")
def module() -> Iterator[ModuleType]:
    """`recurrent.pictures.ages`, as students have it."""
    before, folder = set(sys.modules), str(ROOT / "assignment")
    sys.path.insert(0, folder)
    from recurrent.pictures import ages

    yield ages
    sys.path.remove(folder)
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "recurrent":
            del sys.modules[name]


def terms(T: int = 6) -> np.ndarray:
    """Terms as a network has them that starts at zero: the oldest is zero."""
    made = np.random.default_rng(0).normal(size=(T, 4, 3)) + 0.5
    made[0] = 0
    return made


def test_shares_add_up_to_one(module: ModuleType) -> None:
    np.testing.assert_allclose(module.shares(terms()).sum(), 1)
    np.testing.assert_allclose(module.shares(np.array([[3.0], [1.0]])), [0.75, 0.25])


def test_what_stands_across_the_sum_has_a_length_and_a_small_share(module: ModuleType) -> None:
    across = np.array([[4.0, 3.0], [0.0, -3.0]])
    np.testing.assert_allclose(module.shares(across), [1, 0])
    np.testing.assert_allclose(module.lengths(across), [1.25, 0.75])


def test_ages_count_from_the_newest_and_a_term_of_zero_is_no_cliff(module: ModuleType) -> None:
    given = terms()
    left, right = module.ages({"one": given, "other": 2 * given}, "a title").axes
    for axis, expected in ((left, module.shares(given)), (right, module.lengths(given))):
        assert len(axis.lines) == 2
        for line in axis.lines:
            np.testing.assert_allclose(line.get_ydata(), expected[::-1])
            np.testing.assert_allclose(line.get_xdata(), range(len(given)))
    drawn = right.lines[0].get_path().transformed(right.transData).vertices
    assert np.isfinite(drawn[:-1]).all()
    assert not np.isfinite(drawn[-1]).all(), "the oldest term is zero, and has no place"
