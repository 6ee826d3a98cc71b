"""The text of the standard library: code only, split by file, and what the tokenizer says of it."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from assignment.recurrent.data.source_code import (
    ALPHABET,
    code_only,
    decode,
    encode,
    signals,
    source_code,
    varied,
)
from solutions.recurrent.cells import bracket_depth, inside_quotes


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
    assert 50_000 < len(code.training) + len(code.held_out) <= 100_000 + 0
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


def marked(text: str, signal: str) -> str:
    """The text's characters where the signal is on, and dots."""
    return "".join(
        letter if on else "." for letter, on in zip(text, signals(text)[signal], strict=True)
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a = 'b' + c\n", "....'b......"),
        ("a = rb'b'\n", "......'b.."),
        ("a = '' + \"'\"\n", "....'....\"'.."),
        ("a = f'{b[\"c\"]}' + d\n", ".....'{b[\"c\"]}......"),
        ("a = '\\'' + b\n", "....'\\'......"),
        ("a = 'b' + 'c", "....'b......"),
    ],
)  # fmt: skip
def test_strings_begin_with_their_quote_and_end_before_it(text: str, inside: str) -> None:
    if text.endswith("c"):  # cut off: older Pythons give the quote as an error, newer ones stop
        assert marked(text, "in a string")[:8] == inside[:8]
    else:
        assert marked(text, "in a string") == inside.replace("\n", ".")


def test_brackets_in_strings_do_not_count() -> None:
    text = "f(a[0], '(', f'{g(1)}')\nb = {\n1}\n"
    depth = signals(text)["bracket depth"]
    assert "".join(map(str, depth)) == "01122111111111111111110" + "0" + "0000111" + "00"
    np.testing.assert_array_equal(signals(text)["in brackets"], depth > 0)


def test_blocks_open_and_close_at_the_first_letter_of_a_line() -> None:
    text = "if x:\n    y\n    if z:\n        w\na\n"
    expected = [0] * 6 + [0] * 4 + [1] * 2 + [1] * 10 + [1] * 8 + [2] * 2 + [0] * 2
    np.testing.assert_array_equal(signals(text)["indentation"], expected)
    assert signals("def f():\n    return (1,\n")["indentation"].max() == 1


def test_the_rules_of_the_lesson_are_those_of_the_tokenizer_nearly() -> None:
    text = source_code(150_000).held_out
    said = signals(text)
    assert (inside_quotes(text) == said["in a string"]).mean() > 0.98
    assert (bracket_depth(text) == said["bracket depth"]).mean() > 0.98
    assert text.count("(") and said["bracket depth"].min() == 0


def test_a_stretch_worth_looking_at_has_something_of_everything() -> None:
    text = "a = 1\n" * 50 + "f('x', (y))\n" * 10 + "b = 2\n" * 50
    said = signals(text)
    chosen = varied(text, [said["in a string"], said["bracket depth"]], 100)
    assert chosen.stop - chosen.start == 100 and text[chosen.start - 1] == "\n"
    assert text[chosen].count("f(") >= 5 <= text[chosen].count("a = 1")
