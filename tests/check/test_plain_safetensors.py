"""The stand-in for safetensors reads and writes what the package does, in every casebook."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from autograder.check import plain_safetensors
from autograder.check.plain_safetensors import SafeOpen, SafetensorsError, load, save, save_file
from tests.conftest import ROOT

FILES = sorted((ROOT / "autograder" / "frozen").rglob("*.safetensors"))

KINDS = [np.dtype(name) for name in plain_safetensors.DTYPES.values()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_casebook_is_read_alike(path: Path) -> None:
    with safetensors.safe_open(path, framework="np") as theirs, SafeOpen(path) as ours:
        assert ours.metadata() == theirs.metadata()
        assert sorted(ours.keys()) == sorted(theirs.keys())
        for name in theirs.keys():  # noqa: SIM118 - it is no dictionary
            expected, found = theirs.get_tensor(name), ours.get_tensor(name)
            assert found.dtype == expected.dtype and found.shape == expected.shape
            assert found.tobytes() == expected.tobytes()


def test_there_are_casebooks_of_each_sort() -> None:
    assert {path.parent.name for path in FILES} == {"public", "hidden", "clues"}


@pytest.mark.parametrize("dtype", KINDS, ids=str)
def test_every_kind_of_number_goes_both_ways(dtype: np.dtype, tmp_path: Path) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    tensors = {"a": array, "none": array[:0], "number": array[1:, 2:].reshape(())}
    for written in (save(tensors, {"who": "ü"}), safetensors.numpy.save(tensors, {"who": "ü"})):
        for read in (load(written), safetensors.numpy.load(written)):
            assert read.keys() == tensors.keys()
            for name, value in tensors.items():
                assert read[name].dtype == dtype and np.array_equal(read[name], value)
                assert read[name].shape == value.shape
    save_file(tensors, tmp_path / "file", {"who": "ü"})
    with safetensors.safe_open(tmp_path / "file", framework="np") as file:
        assert file.metadata() == {"who": "ü"}


def with_header(header: object, body: bytes = b"\0" * 8) -> bytes:
    head = json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + body


def entry(**changes: object) -> dict[str, object]:
    return {"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8], **changes}}


BROKEN = {
    "nothing": b"",
    "half a length": b"\1\0\0",
    "a header that is cut off": with_header(entry())[:20],
    "a length beyond all": (1 << 62).to_bytes(8, "little") + b"{}",
    "no JSON": (2).to_bytes(8, "little") + b"{{",
    "a list": with_header([]),
    "an entry that is none": with_header({"a": 3}),
    "no such kind of number": with_header(entry(dtype="F128")),
    "an end beyond the file": with_header(entry(data_offsets=[8, 16])),
    "an end before the beginning": with_header(entry(data_offsets=[8, 0])),
    "a beginning before the file": with_header(entry(data_offsets=[-8, 0])),
    "more numbers than bytes": with_header(entry(shape=[2])),
    "three offsets": with_header(entry(data_offsets=[0, 4, 8])),
    "a shape of words": with_header(entry(shape=["one"])),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(SafetensorsError):
        load(BROKEN[name])
    (tmp_path / "broken").write_bytes(BROKEN[name])
    with pytest.raises(SafetensorsError):
        SafeOpen(tmp_path / "broken").get_tensor("a")
    with pytest.raises(Exception):  # noqa: B017 - the package's own errors
        safetensors.numpy.load(BROKEN[name])


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(FileNotFoundError):
        SafeOpen(Path("nowhere"))
    with pytest.raises(SafetensorsError, match="no array b"):
        SafeOpen(FILES[0]).get_tensor("b")
    with pytest.raises(SafetensorsError, match="complex128"):
        save({"a": np.zeros(2, complex)})


def test_the_package_is_used_where_it_is() -> None:
    plain_safetensors.install()
    assert safetensors.__file__, "the stand-in has taken the package's place"
