"""The clauses of the docstrings, and for each of them what breaks just that one.

`solutions/clauses/LESSON.py` has a tuple CLAUSES of the entries below. Together they have to quote
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
    """The problems of which one has to notice that the clause is broken."""
    found = []
    for problem in lessons.all_problems():
        if problem.name == entry.problem or (not entry.problem and problem.of == entry.function):
            found.append(problem)
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
    for lesson in lessons.all_lessons():
        docstrings = docstrings_of(lesson, answers.sources[lesson.name])
        for entry in entries.get(lesson.name, ()):
            if entry.words not in one_line(docstrings.get(entry.function, "")):
                yield f"{entry.function}: its docstring does not say {entry.words!r}"


def demands(lesson: Lesson, source: str) -> dict[str, list[str]]:
    """Graded function -> the sentences of its docstring that say something of their own."""
    docstrings = docstrings_of(lesson, source)
    return {name: list(sentences_of(text)) for name, text in docstrings.items()}


def docstrings_of(lesson: Lesson, source: str) -> dict[str, str]:
    """Graded function or `Class.method` -> its docstring."""
    found = {}
    for name in {problem.of: None for problem in lesson.problems}:
        node: ast.AST = parsed(source)
        for part in name.split("."):
            node = _member(node, part)
        assert isinstance(node, ast.FunctionDef | ast.ClassDef)
        found[name] = ast.get_docstring(node) or ""
    return found


def _member(node: ast.AST, name: str) -> ast.AST:
    """The function or class of that name in a module or a class."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef) and inner.name == name:
            return inner
    raise KeyError(name)


_HEADER = re.compile(r"(Inputs|Returns|Parameters):")
_ITEM = re.compile(r"\s*- ")
_SHAPE = re.compile(r"- \w+: (\([^()]*\))?[,;]? ?")
_STOP = re.compile(r"(?<=[^.]\.) |(?<=[?;]) ")


def sentences_of(docstring: str) -> Iterator[str]:
    """The sentences of a docstring, each on one line and without its last stop.

    What has no clause to break is left out: where something is from, what a cache holds (that is
    the student's own business), and lines that say only a name and a shape. What else an item says
    counts.

    >>> text = "A step: h = tanh(x). It is pure.\\n\\nInputs:\\n- x: (N, H), any numbers\\n- b: (H,)"
    >>> list(sentences_of(text))
    ['A step: h = tanh(x)', 'It is pure', 'any numbers']
    """
    in_block = False
    for text in _paragraphs(docstring):
        in_block |= _HEADER.fullmatch(text) is not None
        if _HEADER.fullmatch(text) or text.startswith(("Source:", "- cache: ")):
            continue
        said = _SHAPE.sub("", text, count=1) if in_block else text
        for sentence in _STOP.split(said.removeprefix("- ")):
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
