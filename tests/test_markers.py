"""Solution markers: where they may stand, and that nothing else passes for one.

docs/markers.md promises this to authors.
"""

from __future__ import annotations

import pytest

from autograder.authoring.handout.stubs import StubError, stub
from autograder.authoring.sources import Region, code_and_words, regions, solution_lines

ANSWER = "    ### BEGIN SOLUTION\n    y = x + 1\n    ### END SOLUTION\n    return y\n"


def test_a_region_knows_its_function_and_its_lines() -> None:
    source = f"def f(x):\n{ANSWER}"
    assert regions(source) == [Region("f", 2, 4)]
    assert solution_lines(source) == {3}


def test_a_region_in_a_method_bears_the_name_of_its_class() -> None:
    method = "".join(f"    {line}\n" for line in f"def f(self, x):\n{ANSWER}".splitlines())
    assert [region.function for region in regions(f"class A:\n{method}")] == ["A.f"]


def test_a_function_within_a_solution_is_part_of_it() -> None:
    source = (
        "def f(x):\n"
        "    ### BEGIN SOLUTION\n"
        "    def inner(z):\n"
        "        return z\n\n"
        "    y = inner(x)\n"
        "    ### END SOLUTION\n"
        "    return y\n"
    )
    assert regions(source) == [Region("f", 2, 7)]
    assert "inner" not in stub(source)


def test_a_region_becomes_one_line_at_its_own_indentation() -> None:
    before, after = "def f(x):\n    if x:\n", "    return y\n"
    solution = "        ### BEGIN SOLUTION\n        y = 1\n        ### END SOLUTION\n"
    to_do = '        raise NotImplementedError("f")\n'
    assert stub(before + solution + after) == before + to_do + after


def test_blanks_behind_a_marker_change_nothing() -> None:
    source = f"def f(x):\n{ANSWER}"
    spaced = source.replace("SOLUTION\n", "SOLUTION  \n")
    assert regions(spaced) == regions(source)
    assert stub(spaced) == stub(source)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def f():\n    ### BEGIN SOLUTION\n    x = 1\n", "line 2: this solution never ends"),
        ("def f():\n    ### END SOLUTION\n", "line 2: a solution ends that never began"),
        (
            "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n",
            "line 3: a solution begins inside another",
        ),
        (
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n",
            "line 1: a solution begins outside a function",
        ),
        (
            "if True:\n    def f():\n        ### BEGIN SOLUTION\n        x = 1\n"
            "        ### END SOLUTION\n",
            "line 3: a solution begins outside a function",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    # x = 1\n    ### END SOLUTION\n    return x\n",
            "line 2: there is no statement in this solution",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    x = 1\n\ndef g():\n    x = 2\n"
            "    ### END SOLUTION\n    return x\n",
            "line 2: this solution reaches out of f",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    x = 1\n\ndef g():\n    x = 2\n"
            "### END SOLUTION\n",
            "line 2: this solution reaches out of f",
        ),
        (
            "def f():\n    ### BEGIN SOLUTION\n    x = (\n    ### END SOLUTION\n        1)\n",
            "line 2: this solution reaches out of f",
        ),
        ("def f(:\n", "line 1: this is not Python"),
        ("x = '''\n", "this is not Python"),
    ],
    ids=[
        "never ends",
        "never began",
        "begins twice",
        "at the top of the module",
        "within an if of the module",
        "empty",
        "into another function",
        "over another function",
        "in the middle of a statement",
        "a syntax error",
        "a text without an end",
    ],
)
def test_markers_that_enclose_no_part_of_a_function_are_refused(
    source: str, complaint: str
) -> None:
    with pytest.raises(StubError, match=rf"^x\.py.*{complaint}"):
        stub(source, "x.py")


@pytest.mark.parametrize(
    "marker",
    [
        "### begin solution",
        "### BEGIN SOLUTION (the easy way)",
        "### Begin Solution",
        "###BEGIN SOLUTION",
        "# BEGIN SOLUTION",
        "### BEGIN_SOLUTION",
        "### BEGIN SOLUTOIN",
        "### SOLUTION",
        "## end of story: END SOLUTION",
    ],
)
def test_what_only_looks_like_a_marker_is_refused(marker: str) -> None:
    source = f"def f(x):\n    {marker}\n    y = x + 1\n    return y\n"
    with pytest.raises(StubError, match=r"x\.py, line 2: .* is no marker; a marker is exactly ###"):
        stub(source, "x.py")


def test_a_marker_behind_code_is_refused() -> None:
    source = f"def f(x):\n{ANSWER}".replace("y = x + 1\n    ### END", "y = x + 1  ### END")
    with pytest.raises(StubError, match="line 3: '### END SOLUTION' is no marker"):
        stub(source, "x.py")


def test_an_ordinary_comment_is_none_of_this() -> None:
    source = f"def f(x):\n    # the end of it: a solution in two steps\n    ## twice\n{ANSWER}"
    assert "    # the end of it: a solution in two steps\n    ## twice\n" in stub(source)


@pytest.mark.parametrize("quotes", ['"""', "'''", 'r"""', 'f"""'])
def test_a_marker_inside_a_string_is_refused(quotes: str) -> None:
    """Cutting there would leave half a string, or hide nothing of the code."""
    closing = quotes.strip("rf")
    source = f"def f(x):\n    {quotes}Text.\n    ### BEGIN SOLUTION\n    {closing}\n{ANSWER}"
    with pytest.raises(StubError, match="line 3: a marker inside a string marks nothing"):
        stub(source, "x.py")


def test_what_is_left_must_still_be_python() -> None:
    source = (
        "def f(x):\n"
        "    try:\n"
        "        a = 1\n"
        "    ### BEGIN SOLUTION\n"
        "    except ValueError:\n"
        "        a = 2\n"
        "    ### END SOLUTION\n"
        "    return a\n"
    )
    with pytest.raises(StubError, match=r"x\.py without its solutions, line 4: this is not Python"):
        stub(source, "x.py")


def test_code_and_words_are_told_apart() -> None:
    source = '"""Of a module."""\nx = "# no comment"  # a comment\n\n\ndef f():\n    """Of f."""\n'
    code, words = code_and_words(source)
    assert code.split() == ["x", "=", '"#', "no", 'comment"', "def", "f():"]
    assert words.split() == ['"""Of', "a", 'module."""', "#", "a", "comment", '"""Of', 'f."""']
