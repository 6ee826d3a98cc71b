"""One sentence for one thing: a shape, a number that is not finite, a wrong value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np

from autograder.compare import close
from autograder.lessons._refusals import ANSWERED, Refusals, raised
from autograder.problem import Case, ErrorMap, Problem, Reply, Tensor, without_ones
from autograder.wording import listed

MEANING = {
    "N": "batch",
    "T": "time",
    "D": "input",
    "H": "hidden",
    "V": "vocabulary",
    "E": "encoder",
    "L": "layers",
}


MOST_AXES, MOST_NUMBERS = 4, 4000
"""Of a tensor that is drawn as a map."""


def shape_of(array: np.ndarray) -> str:
    """`(3, 5)`, without numpy's long integers."""
    return in_brackets([str(length) for length in array.shape])


def in_brackets(words: Sequence[str]) -> str:
    """`(N, D)`, `(4H,)`, `()`: written as Python writes a shape."""
    return f"({', '.join(words)}{',' if len(words) == 1 else ''})"


def shapes(arrays: Mapping[str, np.ndarray]) -> str:
    """`dx (3, 4)  dprev_h (3, 5)`."""
    return "  ".join(f"{name} {shape_of(array)}" for name, array in arrays.items())


def named_shape(shape: Sequence[int], sizes: Mapping[str, int]) -> str:
    """The axis names that would give this shape, if some do: `(3, 4)` is `(N, D)`."""
    names = []
    for length in shape:
        same = [axis for axis, size in sizes.items() if size == length]
        names.append(same[0] if same else str(length))
    return in_brackets(names)


def wrong_shape(tensor: Tensor, got: np.ndarray, want: np.ndarray, case: Case) -> str:
    """`next_h should be (N, H) = (3, 5), yours is (3, 4): that is (N, D)`."""
    expected = shape_of(want)
    if not want.ndim:
        expected = "a number, shape ()"
    elif "_" not in tensor.axes and in_brackets(tensor.axes) != expected:
        expected = f"{in_brackets(tensor.axes)} = {expected}"
    text = f"{tensor.name} should be {expected}, yours is {shape_of(got)}"
    if want.ndim and _same_but_for_ones(got, want):
        return text + _ones(got.ndim - want.ndim)
    if got.ndim == want.ndim and want.ndim > 1 and got.shape in set(permutations(want.shape)):
        return f"{text}: the same axes in another order"
    one_off = _one_off(tensor, got.shape, want.shape)
    # A step more or less is likelier than another axis that happens to be as long.
    steps = one_off.endswith(MEANING["T"] + " axis")
    if not steps and got.ndim and all(length in case.sizes.values() for length in got.shape):
        return f"{text}: that is {named_shape(got.shape, case.sizes)}"
    return text + one_off


def _ones(more: int) -> str:
    """How many axes of length 1 a shape has too many or too few."""
    axes = "an axis" if abs(more) == 1 else f"{abs(more)} axes"
    return f": {axes} of length 1 too {'many' if more > 0 else 'few'}"


def _one_off(tensor: Tensor, got: Sequence[int], want: Sequence[int]) -> str:
    """That a shape has one too many, or too few, along one axis and is right along the others."""
    if len(got) != len(want):
        return ""
    more = [one - other for one, other in zip(got, want, strict=True)]
    if sorted(map(abs, more)) != [0] * (len(more) - 1) + [1]:
        return ""
    axis = [abs(difference) for difference in more].index(1)
    letter = tensor.axes[axis]
    where = f"the {MEANING[letter]} axis" if letter in MEANING else f"axis {axis}"
    return f": one too {'many' if sum(more) > 0 else 'few'} along {where}"


def shape_faults(problem: Problem, case: Case, reply: Reply) -> list[str]:
    """Why an output is no array of the right shape, a sentence for each that is not."""
    if problem.finish is not None and reply.odd:
        return list(dict.fromkeys(reply.odd.values()))  # whole sentences, of what was returned
    texts = [not_arrays(names, odd) for odd, names in _by_text(problem, reply).items()]
    alike: dict[object, list[str]] = {}  # what is wrong -> the first sentence, then other outputs
    for tensor in problem.outputs:
        got, want = reply.outputs.get(tensor.name), case.expected[tensor.name]
        if tensor.name in reply.odd:
            continue
        if got is None:
            texts.append(f"{tensor.name} is missing from the answer")
        elif got.shape != want.shape and _slip(got, want) in alike:
            alike[_slip(got, want)].append(tensor.name)
        elif got.shape != want.shape:
            alike[_slip(got, want)] = [wrong_shape(tensor, got, want, case)]
    for text, *others in alike.values():
        texts.append(f"{text}; the same goes for {listed(others)}" if others else text)
    return texts


def _slip(got: np.ndarray, want: np.ndarray) -> object:
    """What is the same for outputs of which one sentence is enough: one mistake makes it of all."""
    if _same_but_for_ones(got, want):
        return got.ndim - want.ndim
    return got.shape


def _same_but_for_ones(got: np.ndarray, want: np.ndarray) -> bool:
    same = without_ones(got.shape) == without_ones(want.shape)
    return same and got.ndim != want.ndim


def _by_text(problem: Problem, reply: Reply) -> dict[str, list[str]]:
    """What outputs are in place of arrays -> the outputs that are it, in the signature's order."""
    names: dict[str, list[str]] = {}
    for tensor in problem.outputs:
        if tensor.name in reply.odd:
            names.setdefault(reply.odd[tensor.name], []).append(tensor.name)
    return names


def not_arrays(names: Sequence[str], odd: str) -> str:
    """`dx should be an array, yours is None`; of more than one output, `each of yours is None`."""
    if len(names) == 1:
        return f"{names[0]} should be an array, yours is {odd}"
    return f"{listed(names)} should be arrays, each of yours is {odd}"


def all_not_finite(got: Mapping[str, np.ndarray], want: Mapping[str, np.ndarray]) -> list[str]:
    """`not_finite` of every output it is true of."""
    texts = [not_finite(name, got[name], want[name]) for name in want]
    return [text for text in texts if text]


def not_finite(name: str, got: np.ndarray, want: np.ndarray) -> str | None:
    """`dx has 3 NaN among 12 numbers, the first at [0, 1]`, where finite numbers are expected."""
    if got.dtype.kind != "f" or want.dtype.kind != "f":
        return None
    bad = ~np.isfinite(got) & np.isfinite(want)
    if not bad.any():
        return None
    is_nan = bool(np.isnan(got[bad]).any())
    if got.size == 1:
        return f"{name} is {'NaN' if is_nan else 'infinite'}"
    infinite = "infinity" if bad.sum() == 1 else "infinities"
    kind = "NaN" if is_nan else infinite
    where = f"the first at {index_of(bad)}"
    return f"{name} has {int(bad.sum())} {kind} among {got.size} numbers, {where}"


def index_of(mask: np.ndarray) -> str:
    """The first True of a mask as `[1, 2]`; `[]` for a lone number."""
    first = np.unravel_index(int(np.argmax(mask)), mask.shape)
    return f"[{', '.join(str(int(index)) for index in first)}]"


def number(value: np.ndarray | float) -> str:
    """Four digits that tell two numbers apart without drowning them."""
    return f"{value:.4g}" if isinstance(value, float) or value.dtype.kind == "f" else str(value)


def wrong_value(problem: Problem, tensor: Tensor, got: np.ndarray, want: np.ndarray) -> str:
    """`dprev_c differs by 0.83 at [1, 2]: yours 0.112, expected 0.947`, at the worst place.

    Of whole numbers, which are ids, counts and ranks, at the first.
    """
    if want.dtype.kind == "b" and not want.ndim:
        return f"{tensor.name} should be {bool(want)}, yours is {bool(got)}".lower()
    wrong = ~close(got, want, problem.rtol, problem.atol)
    part = "" if wrong.all() or not got.ndim else f" ({int(wrong.sum())} of {wrong.size} numbers)"
    if want.dtype.kind in "biu":
        first = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        at = f" first differs at {index_of(wrong)}" if got.ndim else " differs"
        numbers = f"yours {number(got[first])}, expected {number(want[first])}"
        return f"{tensor.name}{at}: {numbers}{part}"
    with np.errstate(invalid="ignore"):
        distance = np.abs(np.asarray(got, float) - np.asarray(want, float))
    distance = np.where(np.isnan(distance), np.inf, distance)
    distance = np.where(wrong, distance, -1.0)  # what is near enough is never the worst
    worst = np.unravel_index(int(np.argmax(distance)), distance.shape)

    at = f" at {index_of(distance == distance[worst])}" if got.ndim else ""
    by = f" by {distance[worst]:.2g}" if got.dtype.kind == "f" else ""
    if not np.isfinite(distance[worst]):
        by = ""
    numbers = f"yours {number(got[worst])}, expected {number(want[worst])}"
    return f"{tensor.name} differs{by}{at}: {numbers}{part}"


def broken_property(problem: Problem, name: str, case: Case, answer: Reply) -> str:
    """What should hold and does not, in words; of a refusal, what came in its place.

    answer: as it came from the probe, not as the judge has made outputs of it.
    """
    words = name.replace("_", " ")
    if not name.startswith("refuses_"):
        return f"this should hold but does not: {words}"
    what = words.removeprefix("refuses ")
    came = _came_instead(problem, name, case, answer)
    text = f"it should refuse {what} with ValueError"
    return f"{text}, and {came}" if came else f"{text}, and only that"


def _came_instead(problem: Problem, name: str, case: Case, answer: Reply) -> str:
    """What calls did that should be refused, else what those did that should be answered."""
    if problem.properties is None:
        return ""
    try:
        with np.errstate(all="ignore"):
            found = problem.properties(case.inputs, answer.outputs).get(name)
    except Exception:
        return ""  # an answer of another shape: what became of it is said elsewhere
    if not isinstance(found, Refusals):
        return ""
    if found.let_in:
        code = found.let_in[0]
        error = raised(code) or "another exception"
        return "it returned something instead" if code == ANSWERED else f"it raised {error} instead"
    if found.turned_away:
        error = raised(found.turned_away[0]) or "an exception"
        return f"it also raised {error} where it should answer"
    return ""


def error_map(
    problem: Problem, tensor: Tensor, got: np.ndarray, want: np.ndarray
) -> ErrorMap | None:
    """Where one output differs from the expected one; None for what nobody could look at."""
    if not 1 <= want.ndim <= MOST_AXES or want.size > MOST_NUMBERS:
        return None
    return ErrorMap(tensor.name, tensor.axes, ~close(got, want, problem.rtol, problem.atol))


def known_lengths(problem: Problem, case: Case) -> dict[str, int]:
    """The axes of a problem and their lengths in a case, by letter."""
    axes: set[str] = set()
    for tensor in (*problem.takes, *problem.outputs):
        axes.update(tensor.axes)
    letters = sorted(axes & case.sizes.keys())
    return {letter: case.sizes[letter] for letter in letters}
