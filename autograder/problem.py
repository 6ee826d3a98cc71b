"""The nouns of the grader: what is asked, what came back, what was decided.

Everything here is a frozen value without behaviour worth a test of its own, save the small grammar
in which a problem says its shapes. Every other room imports this one; it imports none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from autograder.errors import UserError, short
from autograder.printable import LINES, printable

Arrays = dict[str, np.ndarray]
Probe = Callable[..., Mapping[str, Any]]
Edge = Callable[[Arrays, "np.random.Generator"], Arrays]
Backend = Literal["numpy", "torch"]
Finish = Callable[[Arrays, Arrays], Arrays]
Draw = Callable[["np.random.Generator", Mapping[str, int]], Arrays]

RTOL = 1e-4
ATOL = 2e-5
"""Of what counts as equal: RTOL of each number, ATOL of the tensor's largest (`compare.close`).

A correct LSTM backward pass computed in float32 strays by about 2e-6 of the largest number from the
float64 one at the sizes used here; ten times that is allowed.
"""


# ------------------------------------------------------------------------------------ what is asked


@dataclass(frozen=True)
class Tensor:
    """One named array of a problem, as a declaration writes it.

    An axis is a letter, or a multiple or a neighbour of one (`4H`, `T+1`), or a number, or `_` for
    any length. What follows the axes says which values are drawn:

        x[N,D]           real numbers
        ids[N,T+1]<V     whole numbers 0..V-1
        lengths[N]<=T    whole numbers 1..T
        mask[N,T]?       booleans
        V[]=V            the length V itself, whether or not an axis has that name

    >>> (ids,) = parse_tensors("ids[N,T+1]<V")
    >>> str(ids), ids.shape({"N": 2, "T": 3, "V": 9})
    ('ids (N, T+1)', (2, 4))
    """

    name: str
    axes: tuple[str, ...]
    values: Literal["", "<", "<=", "?", "="] = ""
    bound: str = ""

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The lengths of the axes under `sizes`.

        Raises KeyError for an axis `_`, which has no length of its own.
        """
        return tuple(axis_length(axis, sizes) for axis in self.axes)

    def fits(self, shape: Sequence[int], sizes: Mapping[str, int]) -> bool:
        """Whether an array of this shape can be the tensor; `_` stands for any length."""
        if len(shape) != len(self.axes):
            return False
        lengths = zip(self.axes, shape, strict=True)
        return all(axis == "_" or axis_length(axis, sizes) == length for axis, length in lengths)

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})"


_TENSOR = re.compile(r"(\w+)\[([\w+,-]*)\](<=|<|\?|=|)(\w*)")
_AXIS = re.compile(r"(\d*)([A-Za-z]\w*)([+-]\d+)?")


def axis_length(axis: str, sizes: Mapping[str, int]) -> int:
    """The length of one axis: `axis_length("4H", {"H": 5})` is 20, `axis_length("T+1", {"T": 3})`
    is 4.
    """
    if axis.isdigit():
        return int(axis)
    times, letter, plus = _parts(axis)
    return times * sizes[letter] + plus


def letter_length(axis: str, length: int) -> dict[str, int]:
    """The letter of an axis and how long it is; nothing for a number or `_`.

    >>> letter_length("4H", 20), letter_length("T+1", 4), letter_length("_", 3)
    ({'H': 5}, {'T': 3}, {})
    """
    if axis == "_" or axis.isdigit():
        return {}
    times, letter, plus = _parts(axis)
    return {letter: (length - plus) // times}


@cache
def _parts(axis: str) -> tuple[int, str, int]:
    """What is multiplied, the letter, what is added. Raises KeyError for anything else."""
    match = _AXIS.fullmatch(axis)
    if match is None:
        raise KeyError(axis)
    times, letter, plus = match.groups()
    return int(times or 1), letter, int(plus or 0)


def parse_tensors(text: str) -> tuple[Tensor, ...]:
    """The tensors of a declaration, in order.

    >>> [str(t) for t in parse_tensors("x[N,D] b[4H] ids[N,T]<V")]
    ['x (N, D)', 'b (4H,)', 'ids (N, T)']
    """
    tensors = []
    for word in text.split():
        match = _TENSOR.fullmatch(word)
        if match is None:
            raise ValueError(
                f"cannot read the tensor {word!r}: write it like x[N,D], ids[N,T]<V or mask[N,T]?"
            )
        name, axes, values, bound = match.groups()
        tensors.append(Tensor(name, tuple(filter(None, axes.split(","))), cast(Any, values), bound))
    return tuple(tensors)


EXAMPLE = "example"
"""Whom the reference stands for, by a sheet of its own, which no student's work is judged by."""

SHEETS = 48
"""Draws of the numbers of each question: so many students, or more, share one."""


@dataclass(frozen=True)
class Question:
    """What makes of a problem a short answer: a number, for numbers of each student's own.

    The numbers are those that the problem `takes`. The judge knows them, and the student's function
    is called without arguments.

    asks: the question, with the names of the numbers in braces. hints: three, gentlest first.
    """

    asks: str
    hints: tuple[str, str, str]

    def text(self, numbers: Arrays) -> str:
        """The question with these numbers in it.

        >>> Question("Half of {x}?", ("a", "b", "c")).text({"x": np.array(3.0)})
        'Half of 3?'
        """
        return self.asks.format(**{name: in_words(value) for name, value in numbers.items()})


def in_words(value: np.ndarray) -> str:
    """A number as a sentence has it, or several: `0.85`, `3, 10 and 100`.

    >>> in_words(np.array([3, 10, 100])), in_words(np.array(0.85)), in_words(np.array([7]))
    ('3, 10 and 100', '0.85', '7')
    """
    words = [f"{number:.12g}" for number in value.ravel().tolist()]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


@dataclass(frozen=True)
class Problem:
    """One graded function. `@problem` below makes it from a probe, and says what the fields are.

    question: what is asked, where the answer is a number and not code.
    """

    name: str
    lesson: str
    title: str
    points: float
    of: str
    takes: tuple[Tensor, ...]
    gives: tuple[Tensor, ...]
    holds: tuple[Tensor, ...]
    sizes: tuple[Mapping[str, int], ...]
    probe: Probe
    edges: tuple[Edge, ...] = ()
    never: Mapping[str, str] = field(default_factory=dict)
    draw: Draw | None = None
    gradient_of: str = ""
    blocks: str = ""
    brings: tuple[Tensor, ...] = ()
    finish: Finish | None = None
    properties: Finish | None = None
    large: Mapping[str, int] | None = None
    rtol: float = RTOL
    atol: float = ATOL
    question: Question | None = None

    def told(self, inputs: Arrays) -> Arrays:
        """What the student's code is given of a case's inputs: nothing of a question's numbers."""
        return inputs if self.question is None else {}

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """All that is compared: the results, then the properties that must hold."""
        return (*self.gives, *self.holds)

    @property
    def answers(self) -> tuple[Tensor, ...]:
        """All that the probe answers with."""
        return self.brings if self.finish else (*self.gives, *self.brings)

    @property
    def bare(self) -> Problem:
        """The same problem, for outputs that are at hand: nothing is to be made of answers."""
        return replace(self, brings=(), finish=None, properties=None)

    def finished(self, inputs: Arrays, answers: Arrays) -> Arrays:
        """The outputs that a probe's answers lead to. Raises ValueError for unusable answers.

        Where a problem has neither `finish` nor `properties`, the answers are the outputs.
        """
        if self.finish is not None:
            with np.errstate(all="ignore"):
                return self.finish(inputs, self._usable(inputs, answers))
        if self.properties is None:
            return answers
        outputs = {}
        for tensor in self.gives:
            if tensor.name in answers:
                outputs[tensor.name] = answers[tensor.name]
        return outputs | self._holding(inputs, answers)

    def _holding(self, inputs: Arrays, answers: Arrays) -> Arrays:
        """Which properties the answers have.

        In place of an answer that is missing or misshapen stands NaN, which is equal to nothing: a
        property that does not depend on it may still hold. An axis of length 1 too many or too few
        costs the answer that has it, and no property: the numbers are there.
        """
        assert self.properties is not None
        usable, sizes = {}, self.lengths_in(inputs)
        for tensor in self.answers:
            value = answers.get(tensor.name)
            fitting = None if value is None else _in_shape(tensor, value, sizes)
            if fitting is None:
                lengths = (1 if axis == "_" else axis_length(axis, sizes) for axis in tensor.axes)
                fitting = np.full(tuple(lengths), np.nan)
            usable[tensor.name] = fitting.astype(float)
        try:
            with np.errstate(all="ignore"):
                found = self.properties(inputs, usable)
        except Exception:
            # Whatever the student's code made the arithmetic stumble over, it shows no property.
            found = {}
        return {tensor.name: np.array(bool(found.get(tensor.name))) for tensor in self.holds}

    def _usable(self, inputs: Arrays, answers: Arrays) -> Arrays:
        """What was brought, as real numbers. Raises ValueError if some is missing or misshapen."""
        usable, sizes = {}, self.lengths_in(inputs)
        for tensor in self.brings:
            value, shape = answers.get(tensor.name), tensor.shape(sizes)
            if value is None or value.shape != shape:
                if value is None:
                    raise ValueError(f"{tensor.name} is missing from the answer")
                raise ValueError(f"{tensor.name} should be {shape}, yours is {value.shape}")
            usable[tensor.name] = value.astype(float)
        return usable

    def lengths_in(self, inputs: Arrays) -> dict[str, int]:
        """The lengths of all axes with a letter, as the inputs have them.

        >>> from autograder import lessons
        >>> step = lessons.find("last_hidden")
        >>> step.lengths_in({"h": np.zeros((2, 4, 3)), "lengths": np.array([4, 1])})
        {'N': 2, 'T': 4, 'H': 3}
        """
        sizes: dict[str, int] = {}
        for tensor in self.takes:
            value = inputs[tensor.name]
            for axis, length in zip(tensor.axes, value.shape, strict=True):
                sizes |= letter_length(axis, length)
            if tensor.values == "=":  # a length that is given as a number
                sizes |= letter_length(tensor.bound, int(value))
        return sizes


def _in_shape(tensor: Tensor, value: np.ndarray, sizes: Mapping[str, int]) -> np.ndarray | None:
    """The value in the shape of the tensor, to which axes of length 1 may be added or be lost.

    None if it is of another shape. Where an axis may be of any length, none is added or lost.

    >>> (loss,) = parse_tensors("loss[]")
    >>> _in_shape(loss, np.array([0.5]), {})
    array(0.5)
    """
    if tensor.fits(value.shape, sizes):
        return value
    if "_" in tensor.axes:
        return None
    shape = tensor.shape(sizes)
    same = without_ones(value.shape) == without_ones(shape)
    return value.reshape(shape) if same else None


def without_ones(shape: Sequence[int]) -> list[int]:
    """The lengths of the axes that are not of length 1."""
    return [length for length in shape if length != 1]


class DeclarationError(UserError):
    """A problem is declared wrongly; the message says in which file and line, and what is wrong."""


def problem(
    *,
    points: float,
    title: str,
    takes: str,
    gives: str,
    sizes: Sequence[Mapping[str, int]],
    of: str = "",
    holds: str = "",
    edges: Sequence[Edge] = (),
    never: Mapping[str, str] | None = None,
    draw: Draw | None = None,
    gradient_of: str = "",
    blocks: str = "",
    brings: str = "",
    finish: Finish | None = None,
    properties: Finish | None = None,
    large: Mapping[str, int] | None = None,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Callable[[Probe], Problem]:
    """Declare a problem; the decorated function is its probe and gives it its name.

        @problem(
            points=4,
            title="One step forward",
            takes="x[N,D] prev_h[N,H] Wx[D,H] Wh[H,H] b[H]",
            gives="next_h[N,H]",
            sizes=[dict(N=3, D=4, H=5), dict(N=1, D=2, H=3)],
        )
        def rnn_step_forward(student, x, prev_h, Wx, Wh, b):
            next_h, _ = student.rnn_step_forward(x, prev_h, Wx, Wh, b)
            return {"next_h": next_h}

    The probe calls the student's function, the module `student` at hand, and names its results. It
    runs beside the student's code and decides nothing.

    takes, gives: the tensors that go in and come out, in the grammar of `Tensor`.
    sizes: the public cases, one for each set of axis lengths; hidden cases copy their pattern with
        other lengths.
    of: the function or `Class.method` of the student's file that is checked, where the problem has
        another name.
    holds, properties: names of properties, "padding_changes_nothing", and the function
        `(inputs, answers) -> {name: bool}` that works them out of what the probe answers with: the
        tensors of `gives`, and what is only wanted for this, those of `brings`. The judge runs it,
        never beside the student's code. Properties earn nothing; those that do not hold cost.
    edges: functions `(arrays, rng) -> arrays` that turn a drawn case of the first sizes into an
        awkward one; one more case each, called by the function's name.
    never: condition -> the reason why no input meets it: `{"V<4": "the words of the question do not
        compete, and one is left"}`. Small cases are added for every condition that the others do
        not meet: an axis of length 1 ("D=1"), two equal ones ("D=H"), a tensor of zeros ("h0=0"),
        ids at both ends ("ids ends"); a floor such as "V<4" stands for "V=1", and all cases keep to
        it. The names are those that the build gives when it refuses a condition.
    draw: `(rng, sizes) -> arrays`, for inputs the grammar cannot say; replaces the drawing from
        `takes`.
    gradient_of: the forward problem whose gradient this is (its own name for a loss that returns
        gradients): `dx` is then the derivative by `x` of `sum(dout * out)` over the forward's
        outputs, or of its `loss`.
    blocks: the names of the blocks in an axis like `4H`, in order: "i f o g".
    brings, finish: for what many right answers can do, such as weights that are built. The probe
        answers with the tensors of `brings`; `finish`, a function `(inputs, answers) -> outputs`,
        makes of them what `gives` and `holds` say. The judge runs it, never beside the student's
        code.
    large: about how long the axes are in one hidden case more, so large that there is no time to
        move each number of the inputs and see what changes. For a gradient, which is to be derived.
    rtol, atol: of what counts as equal, see `compare.close`.

    Raises DeclarationError, when the lesson is imported, for what cannot be meant.
    """

    def declare(probe: Probe) -> Problem:
        code = probe.__code__
        place = f"{short(Path(code.co_filename))}, line {code.co_firstlineno}: {probe.__name__}"
        try:
            tensors = [parse_tensors(text) for text in (takes, gives)]
            brought = parse_tensors(brings)
            named = parse_tensors(" ".join(f"{name}[]?" for name in holds.split()))
        except ValueError as error:
            raise DeclarationError(f"{place}: {error}") from None
        declared = Problem(
            name=probe.__name__,
            lesson=probe.__module__.rpartition(".")[2],
            title=title,
            points=points,
            of=of or probe.__name__,
            takes=tensors[0],
            gives=tensors[1],
            holds=named,
            sizes=tuple(sizes),
            probe=probe,
            edges=tuple(edges),
            never=dict(never or {}),
            draw=draw,
            gradient_of=gradient_of,
            blocks=blocks,
            brings=brought,
            finish=finish,
            properties=properties,
            large=large,
            rtol=rtol,
            atol=atol,
        )
        if mistakes := list(_mistakes_in(declared)):
            raise DeclarationError(f"{place}: {'; '.join(mistakes)}")
        return declared

    return declare


def _mistakes_in(declared: Problem) -> Iterator[str]:
    """What cannot be meant in a declaration, a clause each."""
    if not declared.points > 0:
        yield f"points={declared.points!r} should be more than 0"
    if not declared.gives:
        yield "gives= names no result"
    if declared.finish and not declared.brings:
        yield "finish= needs brings=, the tensors that it is given"
    if declared.brings and not (declared.finish or declared.properties):
        yield "brings= needs finish= or properties=, the function that is given these tensors"
    if declared.finish and declared.properties:
        yield "finish= works out the properties too, it does not go with properties="
    if declared.holds and not (declared.finish or declared.properties):
        yield "holds= needs properties=, the function by which the judge works them out"
    if declared.properties and not declared.holds:
        yield "properties= needs holds=, the names of what it works out"
    if declared.finish and declared.gradient_of:
        yield "finish= does not go with gradient_of="
    if not declared.sizes:
        yield "sizes= has no case, write sizes=[dict(N=3, ...)]"
    for group in (declared.takes, (*declared.outputs, *declared.brings)):
        names = [tensor.name for tensor in group]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{name} is declared twice"
    if declared.large and not declared.gradient_of:
        yield "large= is for the gradient of another problem, or of its own loss: gradient_of="
    if declared.draw is None:
        for sizes in (*declared.sizes, *([declared.large] if declared.large else [])):
            for axis, tensors in _unknown_axes(declared.takes, sizes).items():
                yield f"sizes={dict(sizes)} say nothing of {axis}, needed for {', '.join(tensors)}"


def _unknown_axes(tensors: Sequence[Tensor], sizes: Mapping[str, int]) -> dict[str, list[str]]:
    """Axis without a length -> the tensors that cannot be drawn for it."""
    unknown: dict[str, list[str]] = {}
    for tensor in tensors:
        try:
            tensor.shape(sizes)
            if tensor.bound:
                axis_length(tensor.bound, sizes)
        except KeyError as missing:
            unknown.setdefault(str(missing.args[0]), []).append(str(tensor))
    return unknown


@dataclass(frozen=True)
class Lesson:
    """A module of problems: `name` is both the student's file (without `.py`) and the lesson's."""

    number: int
    name: str
    title: str
    problems: tuple[Problem, ...]
    backend: Backend = "numpy"

    @property
    def asks(self) -> bool:
        """Whether it has questions: then it has nothing else."""
        return any(problem.question is not None for problem in self.problems)


@dataclass(frozen=True)
class Patch:
    """A change of one function: text that stands in it once, and what is to stand there instead."""

    function: str
    replace: str
    by: str


@dataclass(frozen=True)
class Misconception:
    """A known wrong idea: a patch of one function of the reference, and what to say about it.

        Misconception(
            "row_means", "columns_instead",
            replace="mean(axis=1)", by="mean(axis=0)",
            idea="the mean is taken over the rows, which gives one number a column",
            hints=(
                "How many numbers should come back for a table of 3 rows and 5 columns?",
                "Which axis counts the numbers within one row?",
                "You average over the axis that you wanted to keep.",
            ),
            source="own",
        )

    problem: the problem it belongs to. function: the function or `Class.method` patched, where its
        name is another.
    replace, by: text that occurs exactly once in that function, and what the wrong idea writes
        instead.
    idea: what is wrong, so that "your dx is what comes out when ..." is a sentence.
    hints: three levels, from a question to the nearest thing to an answer that is not code.
    source: where it was seen, e.g. "docs/misconceptions.md 3"; "seen in real submissions" where
        nobody has described it; "own" if nowhere but here.
    also: what somebody who believes it would write in other functions too, so that his gradient is
        the one of his own forward pass.
    """

    problem: str
    name: str
    replace: str
    by: str
    idea: str
    hints: tuple[str, str, str]
    source: str
    function: str = ""
    also: tuple[Patch, ...] = ()

    @property
    def id(self) -> str:
        """The name used in verdicts and reports: `rnn_step_forward.no_tanh`."""
        return f"{self.problem}.{self.name}"

    @property
    def patches(self) -> tuple[Patch, ...]:
        """All that is changed, in the function in which the mistake is made first."""
        return (Patch(self.function or self.problem, self.replace, self.by), *self.also)


@dataclass(frozen=True)
class Advice:
    """What of a misconception travels: everything but the patch."""

    id: str
    problem: str
    idea: str
    hints: tuple[str, ...]


KEPT_WHOLE = 8
"""The most real numbers of an output that is kept as it is of what a misconception gives.

Thousands of arrays are kept, a few for each misconception and case, and a student has them all on
disk: with whole arrays, most of a casebook is what mistakes give.
"""


@dataclass(frozen=True)
class Case:
    """Frozen inputs, what the truth gives for them, and what each misconception would give.

    expected: empty in a public case of a question, whose answer is in the hidden case alone.
    by_misconception: id of a misconception -> the outputs that differ from the truth (only those);
        of an output that is not kept whole, see `keeps_whole`, a `compare.sketch`.
    raises: id of a misconception -> the exception type it raises here instead of answering.
    by_forward: id of a misconception of the forward pass -> of the gradients that are right for it
        and differ from the true ones, their projections (`compare.projections`); NaN where there is
        no derivative.
    large: it takes some 10^4 numbers, see `problem`.
    """

    name: str
    sizes: Mapping[str, int]
    inputs: Arrays
    expected: Arrays
    by_misconception: Mapping[str, Arrays] = field(default_factory=dict)
    raises: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False
    by_forward: Mapping[str, Arrays] = field(default_factory=dict)
    large: bool = False

    def keeps_whole(self, output: str) -> bool:
        """Whether what a misconception gives of an output is kept as it is: all whole numbers and
        booleans, and a few real numbers."""
        want = self.expected[output]
        return not self.large and (want.dtype.kind != "f" or want.size <= KEPT_WHOLE)


# ----------------------------------------------------------------------------------- what came back


FaultKind = Literal[
    "import",
    "missing",
    "todo",
    "raised",
    "returned",
    "refused",
    "died",
    "timeout",
    "garbled",
    "silent",
]
Phase = Literal["import", "call"]


@dataclass(frozen=True)
class Fault:
    """Why a call has no answer, as data.

    kind: import (the file cannot be imported), missing (no such file or function), todo
        (NotImplementedError), raised (an exception inside the student's code), returned (the probe
        could not take apart what was returned), refused (the policy forbids an import), died (the
        process ended), timeout, garbled (an answer nobody can read), silent (a hidden case without
        an answer, of which nothing more is heard).
    error, text: the exception's type and what it means. location: "rnn.py, line 31", the innermost.
    call: the call of the student's function, "f(x, h)", where nothing of it ran.
    path: the student's lines from the outermost function inward, "rnn.py, line 31, in f: `...`".
    phase: "import" when it happened before the first call.
    """

    kind: FaultKind
    error: str = ""
    text: str = ""
    location: str = ""
    call: str = ""
    phase: Phase = "call"
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The worker's answer to one call. Everything in it was chosen by untrusted code.

    odd: outputs that are not arrays of numbers, with a description ("None", "a list of 3 lists of
        different lengths").
    changed: the arguments that the student's function changed in place.
    notes: operators of torch that no honest solution is known to need, for staff only.
    """

    outputs: Arrays = field(default_factory=dict)
    odd: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    fault: Fault | None = None
    notes: tuple[str, ...] = ()


# --------------------------------------------------------------------------------- what was decided

Status = Literal["passed", "partial", "failed", "todo", "error", "timeout"]


@dataclass(frozen=True, eq=False)
class ErrorMap:
    """Where a tensor is wrong on a public case: its axes, and a boolean for every number."""

    tensor: str
    axes: tuple[str, ...]
    wrong: np.ndarray


Layer = Literal[
    "question",
    "runs",
    "shapes",
    "finite",
    "arguments",
    "values",
    "gradients",
    "experiment",
    "diagnosis",
    "carried",
    "hidden",
    "points",
]


@dataclass(frozen=True)
class Finding:
    """One line of a message: the layer of the check it comes from, what that layer saw, a map where
    one helps.

    level: of the ladder of hints, from which it is shown; 0 is always.
    """

    layer: Layer
    text: str
    good: bool = False
    error_map: ErrorMap | None = field(default=None, compare=False)
    level: int = 0

    def __post_init__(self) -> None:
        # it may quote what a student has written
        object.__setattr__(self, "text", printable(self.text, LINES))


@dataclass(frozen=True)
class Verdict:
    """The judge's decision on one problem.

    outputs: each output tensor -> right, wrong, carried (wrong only by an earlier mistake), missing
        or open (an answer whose value is only known where it is graded).
    findings: what may be shown to the student, in the order of the check.
    diagnosis: the id of the misconception whose results these are. hints: its levels, or those of
        the question, gentlest first.
    printed: what the student's code printed during public cases.
    """

    problem: str
    lesson: str
    title: str
    status: Status
    score: float
    max_score: float
    outputs: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    diagnosis: str | None = None
    hints: tuple[str, ...] = ()
    printed: str = ""
