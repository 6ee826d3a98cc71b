"""Declarations and docstrings agree: which function a problem checks, its arguments, their shapes.

A docstring of `solutions/recurrent` reads

    The summary, a sentence on one line.

    An explanation, where one is needed.

    Inputs:
    - x: (N, D), what it is
    - params: dictionary of
      - Wx: (D, H)

    Returns:
    - next_h: (N, H), what it is

    Raises: ValueError if ...

    Source: where it comes from.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import true_cases
from autograder.authoring.casebook.variants import imported
from autograder.problem import Problem, Tensor
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
PROBLEMS = lessons.coded_problems()
LESSONS = lessons.names()

# ----------------------------------------------------------------- where docstring and check differ

RENAMED: dict[str, dict[str, str]] = {
    "learns_hello": {"N": "1", "V": "4", "H": "12"},
    "inside_quotes": {"T": "50T"},
    "bracket_depth": {"T": "50T"},
    "captioning_loss": {"kH": "H"},
    "captioning_loss_gru": {"kH": "3H"},
    "captioning_loss_lstm": {"kH": "4H"},
    "captioning_sample": {"kH": "H", "max_length": "T"},
    "captioning_sample_gru": {"kH": "3H", "max_length": "T"},
    "captioning_sample_lstm": {"kH": "4H", "max_length": "T"},
    "stacked_forward": {"H_L": "R"},
    "stacked_backward": {"H_L": "R"},
    "stacked_lstm_forward": {"H_L": "Q"},
    "stacked_lstm_backward": {"H_L": "Q"},
}
"""Problem -> an axis of the docstring -> what the declaration calls it."""

A_LIST = "a list for the function, an array for the casebook"
A_STRING = "a string for the function, code points for the casebook"
MANY_CALLS = "the probe calls the function many times and stacks the answers"

NOT_COMPARED: dict[tuple[str, str], str] = {
    ("sample", "u"): MANY_CALLS,
    ("sample", "ids"): MANY_CALLS,
    ("seq2seq_translate", "ids"): MANY_CALLS,
    ("concepts_expressible", "choices"): MANY_CALLS,
    ("concepts_expressible", "local"): MANY_CALLS,
    ("concepts_expressible", "distributed"): MANY_CALLS,
    ("count_parameters", "sizes"): A_LIST,
    ("corpus_bleu", "candidates"): A_LIST,
    ("corpus_bleu", "references"): A_LIST,
    ("rescore", "ids"): A_LIST,
    ("greedy", "ids"): A_LIST,
    ("inside_quotes", "text"): A_STRING,
    ("bracket_depth", "text"): A_STRING,
}
"""Problem and tensor -> why its two shapes cannot be the same."""

NOTHING_TO_COMPARE = {
    "concepts_expressible": MANY_CALLS,
    "count_parameters": "it takes a list, and is called once for each kind of cell",
}
"""Problem -> why none of its tensors is an argument or a result of its function."""

RETURNED_AS = {"perplexity": ["result"]}
"""Function -> the one name in its last line, where `Returns:` has a better one.

A stub ends with this line: of several results it has all the names, or how many are due is unclear.
"""

AT_LEAST_COMPARED = 515
"""Of the tensors of all problems; a docstring that no longer names one makes this test fail."""

# ------------------------------------------------------------------------------- reading docstrings

LISTS = ("Inputs", "Parameters", "Returns")
ORDER = (*LISTS, "Raises", "Source")
SCALAR = ("a number", "a whole number", "True or False")


@dataclass(frozen=True)
class Entry:
    """One line `- name: (shape), text` of a section, and the lines indented below it."""

    name: str
    text: str
    parts: tuple[Entry, ...] = ()

    @property
    def shape(self) -> tuple[str, ...] | None:
        """The axes, without the comma of `(H,)`; None where no shape is said."""
        match = re.match(r"\(([^()]*)\)", self.text)
        if match is None:
            return None
        return tuple(axis.strip() for axis in match.group(1).split(",") if axis.strip())


@dataclass(frozen=True)
class Docstring:
    summary: str
    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    sections: tuple[str, ...] = ()

    def tensors(self, *sections: str) -> dict[str, Entry]:
        """Name -> entry, those of a dictionary's parts included; `a.b` is called `a__b`."""
        found = [entry for section in sections for entry in self.entries.get(section, ())]
        found += [part for entry in found for part in entry.parts]
        return {entry.name.replace(".", "__"): entry for entry in found}


def read_docstring(text: str) -> Docstring:
    """A docstring taken apart. Raises ValueError, with a sentence, if it is not in the format."""
    summary, *blocks = re.split(r"\n\n+", text.strip("\n"))
    if "\n" in summary or not summary.endswith("."):
        raise ValueError("the summary should be one line that ends with a full stop")
    sections: list[str] = []
    entries: dict[str, tuple[Entry, ...]] = {}
    for block in blocks:
        head, _, body = block.partition("\n")
        match = re.match(rf"({'|'.join(ORDER)}):(?: (.+))?$", head)
        if match is None:
            if sections:
                raise ValueError(f"{head!r} should stand before {sections[0]}:")
            continue
        name, inline = match.groups()
        if (name in LISTS) == bool(inline):
            raise ValueError(f"{name}: should {'end' if inline else 'not end'} its line")
        if name in LISTS:
            entries[name] = tuple(read_entries(body.splitlines(), indent=0))
        elif not block.endswith((".", ".)")):
            raise ValueError(f"{name}: should end with a full stop")
        sections.append(name)
    if sections != sorted(set(sections), key=ORDER.index):
        raise ValueError(f"the sections {sections} should be in the order {ORDER}")
    return Docstring(summary, entries, tuple(sections))


def read_entries(lines: Sequence[str], indent: int) -> Iterator[Entry]:
    """The entries of a section; lines that continue one are indented by two."""
    margin = " " * indent
    starts = [i for i, line in enumerate(lines) if line.startswith(f"{margin}- ")]
    if not lines or starts[:1] != [0]:
        raise ValueError(f"{lines[:1]} should be a line like '- x: (N, D), what it is'")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = re.fullmatch(r" *- (\w+(?:\.\w+)*): (.*)", lines[start])
        if match is None:
            raise ValueError(f"{lines[start]!r} should be like '- x: (N, D), what it is'")
        name, text = match.groups()
        if re.search(r"\w+: \(", text):
            raise ValueError(f"{lines[start]!r} says two tensors: each has a line of its own")
        below = lines[start + 1 : end]
        if not all(line.startswith(f"{margin}  ") for line in below):
            raise ValueError(f"what continues {lines[start]!r} should be indented by two")
        nested = bool(below) and below[0].startswith(f"{margin}  - ")
        parts = tuple(read_entries(below, indent + 2)) if nested else ()
        yield Entry(name, text, parts)


# -------------------------------------------------------------------------- the functions of a file

Definition = ast.FunctionDef | ast.ClassDef


@cache
def definitions(lesson: str) -> dict[str, Definition]:
    """The public functions and classes of a lesson's file, and their methods as `Class.method`."""
    source = (SOLUTIONS / "recurrent" / f"{lesson}.py").read_text(encoding="utf-8")
    found: dict[str, Definition] = {}
    for node in ast.parse(source).body:
        if isinstance(node, Definition):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            found |= {f"{node.name}.{method.name}": method for method in methods}
    return found


DOCUMENTED = [
    (lesson, name)
    for lesson in LESSONS
    for name, node in definitions(lesson).items()
    # A constructor that only makes the parameters named in its class's docstring needs none.
    if not name.endswith("__init__") or ast.get_docstring(node)
]


def text_of(lesson: str, name: str) -> str:
    text = ast.get_docstring(definitions(lesson)[name])
    assert text, f"{name} in {lesson}.py has no docstring"
    return text


def docstring_of(lesson: str, name: str) -> Docstring:
    return read_docstring(text_of(lesson, name))


def source_of(lesson: str, node: Definition) -> str:
    path = SOLUTIONS / "recurrent" / f"{lesson}.py"
    return ast.get_source_segment(path.read_text(encoding="utf-8"), node) or ""


def arguments_of(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in node.args.args if argument.arg != "self"]


def returned_by(node: ast.FunctionDef) -> list[str]:
    """The names in a function's last line; a lone expression has none."""
    last = node.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    elements = value.elts if isinstance(value, ast.Tuple) else [value]
    return [element.id for element in elements if isinstance(element, ast.Name)]


# ----------------------------------------------------------------------------- comparing the shapes


def agrees(entry: Entry, tensor: Tensor, renamed: Mapping[str, str]) -> bool:
    """Whether a docstring says the shape of a declaration; `...` there and `_` here fit any."""
    if entry.shape is None:
        return not tensor.axes and entry.text.startswith(SCALAR)
    said = [renamed.get(axis, axis) for axis in entry.shape]
    declared = list(tensor.axes)
    if "..." in said:
        dots = said.index("...")
        hidden = len(declared) - (len(said) - 1)
        if hidden < 0:
            return False
        said[dots : dots + 1] = declared[dots : dots + hidden]
    return len(said) == len(declared) and all(
        one == other or other == "_" for one, other in zip(said, declared, strict=True)
    )


def comparable(problem: Problem) -> list[tuple[Entry, Tensor]]:
    """The tensors that are arguments, parameters or results by name, each with its entry."""
    docstring = docstring_of(problem.lesson, problem.of)
    inputs, results = docstring.tensors("Inputs"), docstring.tensors("Returns")
    if "." in problem.of:
        of_class = docstring_of(problem.lesson, problem.of.partition(".")[0])
        inputs = {**of_class.tensors("Parameters"), **inputs}
    pairs = [(inputs[tensor.name], tensor) for tensor in problem.takes if tensor.name in inputs]
    returned = problem.answers
    pairs += [(results[tensor.name], tensor) for tensor in returned if tensor.name in results]
    return [pair for pair in pairs if (problem.name, pair[1].name) not in NOT_COMPARED]


def disagreements(problem: Problem) -> list[str]:
    renamed = RENAMED.get(problem.name, {})
    return [
        f"{problem.of} says {entry.name}: {entry.text[:40]!r}, {problem.name} declares {tensor}"
        for entry, tensor in comparable(problem)
        if not agrees(entry, tensor, renamed)
    ]


# ------------------------------------------------------------------------------------- declarations


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_a_problem_says_which_function_of_the_file_it_checks(problem: Problem) -> None:
    assert isinstance(definitions(problem.lesson).get(problem.of), ast.FunctionDef), (
        f"{problem.name}: {problem.lesson}.py defines no function {problem.of}, say which in of="
    )


def test_properties_are_true_of_the_reference_and_nothing_else_is_a_lone_boolean() -> None:
    with imported(load_answers(SOLUTIONS).sources) as reference:
        for problem in PROBLEMS:
            if not lessons.can_run(problem.lesson):
                continue
            for case in true_cases(problem, reference, seed=5, hidden=False):
                for tensor in problem.gives:
                    value = case.expected[tensor.name]
                    assert value.ndim or value.dtype != np.bool_, (
                        f"{problem.name}: {tensor.name} is a property, name it in holds="
                    )
                for tensor in problem.holds:
                    value = case.expected[tensor.name]
                    assert value.dtype == np.bool_ and bool(value), (problem.name, tensor.name)


# --------------------------------------------------------------------------------------- docstrings


@pytest.mark.parametrize(("lesson", "name"), DOCUMENTED)
def test_docstrings_are_in_the_format(lesson: str, name: str) -> None:
    node, docstring = definitions(lesson)[name], docstring_of(lesson, name)
    documented = {
        section: [entry.name for entry in docstring.entries.get(section, ())] for section in LISTS
    }
    if isinstance(node, ast.ClassDef):
        assert not documented["Inputs"] and not documented["Returns"]
        return
    # A question's numbers are the reference's arguments; students get it without.
    asks = lessons.lesson(lesson).asks
    assert documented["Inputs"] == ([] if asks else arguments_of(node))
    assert not documented["Parameters"]
    if node.name == "__init__":
        assert not documented["Returns"]
        return
    assert documented["Returns"]
    if "### BEGIN SOLUTION" in source_of(lesson, node):
        assert RETURNED_AS.get(name, documented["Returns"]) == returned_by(node)
        assert "Source" in docstring.sections


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_docstrings_say_the_shapes_of_the_declaration(problem: Problem) -> None:
    assert disagreements(problem) == []
    assert bool(comparable(problem)) == (problem.name not in NOTHING_TO_COMPARE)


def test_a_wrong_shape_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison itself: (N, H) for (N, D) in one line of one docstring."""
    wrong = text_of("rnn", "rnn_step_backward").replace("- dx: (N, D)", "- dx: (N, H)")
    monkeypatch.setitem(globals(), "text_of", lambda lesson, name: wrong)
    assert disagreements(lessons.find("rnn_step_backward")) == [
        "rnn_step_backward says dx: '(N, H)', rnn_step_backward declares dx (N, D)"
    ]


GOOD = (
    "A sum.\n\nInputs:\n- x: (N, D), the input\n  of a step\n\nReturns:\n- y: (N,)\n\nSource: own."
)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("A sum.", "A sum of\nnumbers.", "the summary should be one line"),
        ("A sum.", "A sum", "the summary should be one line"),
        ("Inputs:\n- x", "Inputs: x", "Inputs: should end its line"),
        ("- x: (N, D)", "- x (N, D)", "should be like '- x: "),
        ("- x: (N, D)", "x: (N, D)", "should be a line like '- x: "),
        ("the input\n", "h: (N, H)\n", "says two tensors"),
        ("  of a step", "of a step", "should be indented by two"),
        ("Source: own.", "Source: own", "Source: should end with a full stop"),
        ("Source: own.", "More text.", "'More text.' should stand before Inputs:"),
        ("Source: own.", "Inputs:\n- z: (N,)", "should be in the order"),
    ],
)
def test_another_format_is_found(old: str, new: str, complaint: str) -> None:
    assert read_docstring(GOOD).tensors("Inputs", "Returns").keys() == {"x", "y"}
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_docstring(GOOD.replace(old, new))


def test_most_tensors_are_compared() -> None:
    assert sum(len(comparable(problem)) for problem in PROBLEMS) >= AT_LEAST_COMPARED


def test_no_exception_is_left_over() -> None:
    by_name = {problem.name: problem for problem in PROBLEMS}
    functions = {name for lesson in LESSONS for name in definitions(lesson)}
    assert RETURNED_AS.keys() <= functions
    assert all(len(names) == 1 for names in RETURNED_AS.values())
    assert RENAMED.keys() | NOTHING_TO_COMPARE.keys() <= by_name.keys()
    for name, tensor in NOT_COMPARED:
        declared = {t.name: t for t in (*by_name[name].takes, *by_name[name].gives)}
        docstring = docstring_of(by_name[name].lesson, by_name[name].of)
        assert not agrees(docstring.tensors("Inputs", "Returns")[tensor], declared[tensor], {})
