"""The cache gives back what was written, and nothing that was not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assignment.recurrent.data.cache import FOLDER, cache_folder, cached, sha256

Compute = Callable[[], dict[str, np.ndarray]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept" / "here"))
    return tmp_path / "kept" / "here"


def counted() -> tuple[Compute, list[int]]:
    """A computation, and a list that grows by one each time it is done."""
    done: list[int] = []

    def compute() -> dict[str, np.ndarray]:
        done.append(1)
        return {"a": np.arange(6.0).reshape(2, 3), "b": np.array(7)}

    return compute, done


def same(arrays: dict[str, np.ndarray]) -> bool:
    return (
        set(arrays) == {"a", "b"}
        and bool((arrays["a"] == np.arange(6.0).reshape(2, 3)).all())
        and arrays["b"] == 7
    )


def test_the_second_time_it_is_read_and_not_computed(folder: Path) -> None:
    compute, done = counted()
    assert same(cached("numbers", "seed 1", compute)) and same(cached("numbers", "seed 1", compute))
    assert len(done) == 1
    (kept,) = folder.glob("numbers-*.npz")
    assert kept.with_suffix(".sha256").read_text() == sha256(kept)


def test_what_it_depends_on_is_part_of_its_name(folder: Path) -> None:
    compute, done = counted()
    for depends_on in ("seed 1", "seed 2", "seed 1"):
        cached("numbers", depends_on, compute)
    cached("others", "seed 1", compute)
    assert len(done) == 3 and len([*folder.glob("*.npz")]) == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept.write_bytes(kept.read_bytes()[:-20]),
        lambda kept: kept.write_bytes(kept.read_bytes()[:100] + b"x" + kept.read_bytes()[101:]),
        lambda kept: kept.write_bytes(b""),
        lambda kept: kept.with_suffix(".sha256").unlink(),
        lambda kept: kept.with_suffix(".sha256").write_text("0" * 64),
        lambda kept: kept.unlink(),
    ],
    ids=["cut short", "one byte changed", "empty", "no checksum", "another checksum", "gone"],
)
def test_a_damaged_file_is_computed_anew(damage: Callable[[Path], None], folder: Path) -> None:
    compute, done = counted()
    cached("numbers", "seed 1", compute)
    damage(next(folder.glob("*.npz")))
    assert same(cached("numbers", "seed 1", compute)) and len(done) == 2
    assert same(cached("numbers", "seed 1", compute)) and len(done) == 2, "and is whole again"


@pytest.mark.parametrize("cut_off_in", ["savez_compressed", "replace"])
def test_a_write_that_was_cut_off_is_not_believed(
    cut_off_in: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute, done = counted()

    def half(file: object, **arrays: np.ndarray) -> None:
        file.write(b"PK half of a file")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    def never(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if cut_off_in == "replace":
            patch.setattr(Path, "replace", never)
        else:
            patch.setattr(np, "savez_compressed", half)
        with pytest.raises(KeyboardInterrupt):
            cached("numbers", "seed 1", compute)
    assert [*folder.glob("numbers-*.npz")] == []
    assert same(cached("numbers", "seed 1", compute)) and len(done) == 2


def test_nothing_is_kept_of_a_computation_that_fails(folder: Path) -> None:
    def fail() -> dict[str, np.ndarray]:
        raise ValueError("no data")

    with pytest.raises(ValueError, match="no data"):
        cached("numbers", "seed 1", fail)
    assert [*folder.iterdir()] == []


def test_without_a_folder_named_it_is_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "recurrent" and cache_folder().is_dir()
