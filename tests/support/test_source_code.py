"""The text of the standard library: code only, split by file, and a signal that says how deep a line is indented."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from solutions.recurrent.data.source_code import ALPHABET, code_only, decode, encode, indentation, source_code


def test_comments_and_docstrings_go_and_the_code_stays() -> None:
    text = '"""Doc."""\n# a comment\ndef f(x):\n    """Doc."""\n    return "#" + x  # another\n\n'
    text += 'class C:\n    """Doc."""\n'
    left = code_only(text)
    assert "Doc" not in left and "comment" not in left and "another" not in left
    assert ast.unparse(ast.parse(left)) == left
    assert "return '#' + x" in left and "pass" in left


def test_a_piece_of_the_library_is_split_by_file_and_the_same_every_time() -> None:
    code = source_code(100_000)
    assert code == source_code(100_000)
    assert 50_000 < len(code.training) + len(code.held_out) <= 100_000 + 2 * len(code.files)
    assert len(set(code.files)) == len(code.files) > 5
    assert set(code.training + code.held_out) <= set(ALPHABET)
    assert code.held_out.startswith("\n") and code.held_out not in code.training
    with pytest.raises(ValueError, match="too few"):
        source_code(10)


def test_letters_become_numbers_and_letters_again() -> None:
    text = "def f(x):\n    return x\n"
    assert decode(encode(text)) == text and encode(text).max() < len(ALPHABET)
    with pytest.raises(ValueError, match="not in the alphabet"):
        encode("\N{GREEK SMALL LETTER ALPHA}")


def test_indentation_is_known_as_far_as_it_has_been_read() -> None:
    text = "if x:\n    y = 1\n        z\n"
    expected = [0] * 6 + [0, 0, 0, 1] + [1] * 5 + [0] + [0, 0, 0, 1, 1, 1, 1, 2] + [2, 0]
    np.testing.assert_array_equal(indentation(text), expected)
