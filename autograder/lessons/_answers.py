"""Declaring a question, and reading the number that answers it, in whatever form it is written.

A question is a problem whose function takes nothing and returns a number. What is graded is the
number: how it is written, as `5/3`, `"1,67"`, `"63 %"` or `[0.05]`, is nobody's concern.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np

from autograder.problem import Arrays, Probe, Problem, Question, problem

TOLERANCE = 0.01
"""How far a real number may be off, of itself. Whole numbers must be exact."""

LONGEST_READ = 80
"""Characters of an answer that is written as a text."""

LONGEST_QUOTED = 40
"""Characters of an answer that a message quotes."""

EXAMPLES = 'return a number, such as 1.67, 5/3 or "63 %"'

GROUPS = r"\d{1,3}(?:[ _',]\d{3}){2,}|\d{1,3}(?:[ _']\d{3})+"
"""Digits in groups of three; a single comma is not taken for the border of one."""

NUMBER = rf"[+-]?(?:{GROUPS}|\d+)?(?:[.,]\d*)?(?:[eE][+-]?\d+)?"

ONE_NUMBER = re.compile(
    rf"[~≈=\s]*(?P<number>{NUMBER})\s*(?:/\s*(?P<below>{NUMBER}))?\s*"
    r"(?P<percent>%|per ?cent\b)?\s*(?P<unit>[^\W\d_]*[^\d]*)"
)

POWER = re.compile(r"\s*[x×·*]\s*10\s*(?:\^|\*\*)\s*")
"""`2 x 10^7`, which is 2e7."""

READ_TWICE = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""`20,000` is twenty in one country and twenty thousand in another."""

WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

SEVERAL = re.compile(r"[\[({]?\s*\d+(?:(?:\s*[,;]\s*|\s+and\s+|\s+)\d+)*\s*[\])}]?")


def question(
    *,
    title: str,
    takes: str,
    asks: str,
    hints: tuple[str, str, str],
    several: bool = False,
    tolerance: float = TOLERANCE,
) -> Callable[[Callable[[Any], Mapping[str, Any]]], Problem]:
    """Declare a question; the decorated function draws its numbers and gives it its name.

        @question(
            title="The slide's clipping",
            takes="norm[] threshold[]",
            asks="A gradient of norm {norm} is clipped at {threshold}. How long is it then?",
            hints=("...", "...", "..."),
        )
        def clipped_norm(rng):
            return {"norm": rng.integers(20, 60), "threshold": rng.integers(2, 9)}

    The reference's function of that name takes these numbers as arguments, whose defaults are the
    example's, and returns the answer: an int where it must be exact. Students get it without
    arguments.

    takes: the numbers, in the grammar of `Tensor`. asks: see `Question`, as is hints.
    several: the answer is a set of whole numbers, such as the numbers of cases.
    tolerance: how far a real number may be off, of itself.
    """

    def declare(draw: Callable[[Any], Mapping[str, Any]]) -> Problem:
        @wraps(draw)
        def drawn(rng: Any, sizes: Mapping[str, int]) -> Arrays:
            return {name: np.asarray(value) for name, value in draw(rng).items()}

        declared = problem(
            points=1,
            title=title,
            takes=takes,
            gives="answer[_]" if several else "answer[]",
            sizes=[{}],
            draw=drawn,
            rtol=tolerance,
            atol=0.0,
        )(_probe(draw, several))
        return replace(declared, question=Question(asks, hints))

    return declare


def _probe(draw: Callable[..., Any], several: bool) -> Probe:
    """What asks for the answer. It is given no number: the student's code is not to work it out."""
    name = draw.__name__
    read = whole_numbers if several else one_number

    def probe(student: Any) -> Mapping[str, Any]:
        _given = getattr(student, name)()
        return {"answer": read(_given)}

    probe.__name__, probe.__module__ = name, draw.__module__
    return probe


# ------------------------------------------------------------------------------ reading an answer


def one_number(given: Any) -> np.ndarray:
    """The number that somebody means. Raises ValueError, with what to do, for what is none.

    >>> [float(one_number(text)) for text in ("5/4", "1,25", "≈ 125 %", "1.25 nats", [1.25])]
    [1.25, 1.25, 1.25, 1.25, 1.25]
    >>> int(one_number("20 million")), int(one_number("20,000,000")), one_number(3).dtype.kind
    (20000000, 20000000, 'i')
    """
    if isinstance(given, str):
        return np.asarray(_in_text(given))
    array = _as_array(given)
    if array.size != 1:
        raise ValueError(f"you returned {array.size} numbers, and one is asked for")
    return array.reshape(())


def whole_numbers(given: Any) -> np.ndarray:
    """The set of whole numbers that somebody means, in order. Raises ValueError for what is none.

    >>> [whole_numbers(form).tolist() for form in ("1, 3", [3, 1], {1, 3}, "1 and 3", 2)]
    [[1, 3], [1, 3], [1, 3], [1, 3], [2]]
    """
    if isinstance(given, str):
        if len(given) > LONGEST_READ or not SEVERAL.fullmatch(given.strip()):
            raise ValueError(f"{_quoted(given)} is no list of whole numbers: write one like [1, 3]")
        given = [int(digits) for digits in re.findall(r"\d+", given)]
    if isinstance(given, (set, frozenset)):
        given = sorted(given)
    array = _as_array(given)
    if not array.size or not (array == np.round(array)).all():
        raise ValueError("a list of whole numbers is asked for: write one like [1, 3]")
    return np.unique(array).astype(int)


def _as_array(given: Any) -> np.ndarray:
    """What is no text, as an array of finite numbers. Raises ValueError."""
    if given is None:
        raise ValueError(f"your function returned None: {EXAMPLES}")
    try:
        array = np.asarray(given)
        if array.dtype.kind == "O":  # fractions, decimals and torch's numbers know how
            array = array.astype(float)
    except Exception:
        raise ValueError(f"what you returned is no number: {EXAMPLES}") from None
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{_quoted(given)} is no number: {EXAMPLES}")
    if not np.isfinite(array).all():
        raise ValueError(f"{_quoted(given)} is no finite number: {EXAMPLES}")
    return array


def _in_text(text: str) -> float:
    """The number that a text says. Raises ValueError."""
    if len(text) > LONGEST_READ:
        raise ValueError(f"{_quoted(text)} is too long for a number: {EXAMPLES}")
    plain = POWER.sub("e", text.strip().replace("−", "-"))
    found = ONE_NUMBER.fullmatch(plain)
    if found is None or not re.search(r"\d", found["number"]):
        raise ValueError(f"{_quoted(text)} is no number: {EXAMPLES}")
    for part in (found["number"], found["below"] or ""):
        if READ_TWICE.fullmatch(part):
            large, small = part.replace(",", ""), part.replace(",", ".")
            raise ValueError(f"{_quoted(text)} can be read in two ways: write {large} or {small}")
    value = _value(found["number"])
    if found["below"]:
        below = _value(found["below"])
        if below == 0:
            raise ValueError(f"{_quoted(text)} divides by zero")
        value /= below
    if found["percent"]:
        value /= 100
    value *= WORDS.get(found["unit"].strip().casefold().partition(" ")[0], 1.0)
    if abs(value) == float("inf"):
        raise ValueError(f"{_quoted(text)} is no finite number: {EXAMPLES}")
    return value


def _value(number: str) -> float:
    """Digits as a number: groups closed up, a decimal comma made a point."""
    if number.count(",") > 1:
        number = number.replace(",", "")
    closed = re.sub(r"[ _']", "", number).replace(",", ".")
    try:
        return float(closed)
    except ValueError:
        raise ValueError(f"{_quoted(number)} is no number: {EXAMPLES}") from None


def _quoted(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}..."
