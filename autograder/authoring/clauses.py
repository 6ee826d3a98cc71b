"""The clauses of the docstrings, and for each of them what breaks just that one.

Each file of `solutions/clauses/` has a tuple CLAUSES of the entries below. Together they quote
every sentence of every graded function's docstring: a demand that nobody breaks is a demand that
nobody checks.
"""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import parsed
from autograder.problem import Lesson, Misconception, Problem


@dataclass(frozen=True)
class Clause:
    """A clause, and a patch of the reference that breaks it and nothing else.

        Clause(
            "last_hidden", "row n's state after step number lengths[n]",
            replace="lengths - 1", by="lengths - 2",
        )

    function: the function or `Class.method` with the docstring.
    words: what the docstring says, verbatim, on one line.
    replace, by: text that occurs exactly once in that function, and what breaks the clause.
    problem: the only problem that has to notice; of those that grade the function, any will do.
    """

    function: str
    words: str
    replace: str
    by: str
    problem: str = ""


@dataclass(frozen=True)
class Known:
    """A clause that a misconception breaks already: `problem.name` of `solutions/misconceptions/`.

    >>> known = Known("rnn_step_forward", "next_h = tanh(", "rnn_step_forward.no_tanh")
    """

    function: str
    words: str
    misconception: str
    problem: str = ""


@dataclass(frozen=True)
class NoInput:
    """Words that no input can tell broken from kept, and why.

    >>> title = NoInput("rnn_backward", "Backpropagation through time", "a title")
    """

    function: str
    words: str
    why: str


Entry = Clause | Known | NoInput


def read_clauses(solutions: Path) -> dict[str, tuple[Entry, ...]]:
    """Lesson -> the entries of its file, for every file there is."""
    found = {}
    for path in sorted((solutions / "clauses").glob("*.py")):
        if path.stem != "__init__":
            found[path.stem] = runpy.run_path(str(path))["CLAUSES"]
    return found


def patch_of(entry: Clause | Known, answers: Answers) -> Misconception:
    """What an entry changes in the reference, as a build patches it in.

    Raises KeyError for a misconception that there is not.
    """
    if isinstance(entry, Clause):
        hints = ("", "", "")  # nobody is told of it
        return Misconception(
            entry.function, f'"{entry.words}"', entry.replace, entry.by, entry.words, hints, "own"
        )
    return {wrong.id: wrong for wrong in answers.misconceptions}[entry.misconception]


def problems_for(entry: Clause | Known) -> list[Problem]:
    """The problems of which one has to notice that the clause is broken.

    A function that no problem is `of` is graded through others: the entry names one of them, or its
    misconception belongs to one.
    """
    if entry.problem:
        return [lessons.find(entry.problem)]
    found = [problem for problem in lessons.all_problems() if problem.of == entry.function]
    if not found and isinstance(entry, Known):
        found = [lessons.find(entry.misconception.rpartition(".")[0])]
    return found


# --------------------------------------------------------------------------------- what is demanded


def unquoted(answers: Answers, entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """A sentence for everything that is said of a graded function and that no entry quotes."""
    for lesson in lessons.all_lessons():
        written = entries.get(lesson.name, ())
        for function, sentences in demands(lesson, answers.sources[lesson.name]).items():
            words = [entry.words for entry in written if entry.function == function]
            for sentence in sentences:
                if not any(part in sentence or sentence in part for part in words):
                    yield f"{function}: no clause quotes {sentence!r}"


def misquoted(answers: Answers, entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """A sentence for every entry whose words its function's docstring does not have."""
    for lesson, written in entries.items():
        for entry in written:
            said = docstring_of(answers.sources[lesson], entry.function)
            if entry.words not in one_line(said):
                yield f"{entry.function}: its docstring does not say {entry.words!r}"


def demands(lesson: Lesson, source: str) -> dict[str, list[str]]:
    """Graded function -> the sentences of its docstring that say something of their own.

    The class of a graded method is among them, for it may say what its methods compute.
    """
    found: dict[str, list[str]] = {}
    if lesson.asks:  # what a question says is in its declaration, and the answer is one number
        return found
    for problem in lesson.problems:
        for name in filter(None, (problem.of.rpartition(".")[0], problem.of)):
            found[name] = list(sentences_of(docstring_of(source, name)))
    return found


def docstring_of(source: str, name: str) -> str:
    """What a function, a class or a `Class.method` of a module says of itself; "" if nothing."""
    node: ast.AST = parsed(source)
    for part in name.split("."):
        members = [
            inner
            for inner in ast.iter_child_nodes(node)
            if isinstance(inner, ast.FunctionDef | ast.ClassDef) and inner.name == part
        ]
        if not members:
            return ""
        node = members[0]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return ast.get_docstring(node) or ""


_HEADER = re.compile(r"(Inputs|Returns|Parameters):")
_ITEM = re.compile(r"^\s*(- |\d\. )")
_SHAPE = re.compile(r"- [\w.]+: (\([^()]*\))?[,;]? ?")
_STOP = re.compile(r"(?<=[^.]\.) |(?<=[?;]) ")


def sentences_of(docstring: str) -> Iterator[str]:
    """The sentences of a docstring, each on one line and without its last stop.

    What has no clause to break is left out: where something is from, what a cache holds (that is
    the student's own business), and lines that say only a name and a shape. What else an item says
    counts.

    >>> text = "A step: h = tanh(x). It is pure.\\n\\nInputs:\\n- x: (N, H), numbers\\n- b: (H,)"
    >>> list(sentences_of(text))
    ['A step: h = tanh(x)', 'It is pure', 'numbers']
    """
    in_block = False
    for text in _paragraphs(docstring):
        in_block |= _HEADER.fullmatch(text) is not None
        if _HEADER.fullmatch(text) or text.startswith(("Source:", "- cache: ")):
            continue
        said = _SHAPE.sub("", text, count=1) if in_block else text
        for sentence in _STOP.split(_ITEM.sub("", said, count=1)):
            bare = sentence.strip().rstrip(".;")
            if bare:
                yield bare


def _paragraphs(docstring: str) -> Iterator[str]:
    """Headers, items and paragraphs, on one line each; an equation belongs to what announces it."""
    gathered: list[str] = []
    for line in [*docstring.splitlines(), ""]:
        header = _HEADER.fullmatch(line.strip()) is not None
        announced = bool(gathered) and gathered[-1].endswith(":")
        ends = header or _ITEM.match(line) or (not line.strip() and not announced)
        if ends and gathered:
            yield one_line(" ".join(gathered))
            gathered = []
        if header:
            yield line.strip()
        elif line.strip():
            gathered.append(line.strip())
    if gathered:
        yield one_line(" ".join(gathered))


def one_line(text: str) -> str:
    """A text with all its white space collapsed."""
    return " ".join(text.split())
