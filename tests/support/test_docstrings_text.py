"""The docstrings of the standard library as a text: words only, and the same every time."""

from __future__ import annotations

import re
import sysconfig
from pathlib import Path

import pytest

from assignment.recurrent.data import docstrings as module
from assignment.recurrent.data.docstrings import docstrings


def test_the_text_is_words_in_small_letters_and_the_same_every_time() -> None:
    texts = docstrings(5_000)
    assert texts == docstrings(5_000)
    assert 5_000 <= sum(map(len, texts)) < 10_000
    assert len(texts) > 50
    for word in {word for text in texts for word in text}:
        assert re.fullmatch("[a-z]+", word), word


def test_a_longer_text_begins_with_the_shorter_one() -> None:
    short = docstrings(2_000)
    assert docstrings(4_000)[: len(short)] == short


def test_files_that_cannot_be_read_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = '"""Words of a MODULE."""\n\ndef f():\n    """And more: 2."""\n'
    (tmp_path / "json.py").write_text(source)
    (tmp_path / "ast.py").write_text("def f(:\n")
    (tmp_path / "abc.py").write_bytes(b'"""\xff"""\n')
    (tmp_path / "stranger.py").write_text('"""No module of the library."""\n')
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))
    assert module.docstrings(100) == [["words", "of", "a", "module"], ["and", "more"]]
