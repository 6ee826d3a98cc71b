"""The changed functions of a lesson's file, each with what is to be said of the change."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import REFERENCE, Variant, module_of, patch
from autograder.authoring.clues.signatures import Bench
from autograder.authoring.mutations.contract import contract
from autograder.authoring.mutations.edits import edits
from autograder.authoring.mutations.pairs import pairs
from autograder.authoring.mutations.scope import Scopes
from autograder.authoring.mutations.words import Words, meanings, words
from autograder.authoring.sources import functions, solution_lines
from autograder.problem import Case, Lesson, Misconception


@dataclass(frozen=True)
class Ideas:
    """What is said of two misconceptions at once: the idea of each, by its id."""

    one: str
    other: str


@dataclass(frozen=True)
class Beside:
    """What is said of a slip in code that has a misconception, by its id, already."""

    misconception: str
    slip: Words


Told = Words | Ideas | Beside

WhichPairs = Literal["none", "known", "all"]
"""Which changes are made two at a time: none, known mistakes, or known mistakes with any slip.

Of the last there are many times as many as of all others: they are for a release, not for an edit.
"""


@dataclass(frozen=True)
class Changed:
    """A function that is changed.

    function: the one. top: itself, or its class. text: of `top`, changed. told: what the change is.
    """

    function: str
    top: str
    text: str
    told: Told


@dataclass(frozen=True)
class Survey:
    """What runs when a lesson's problems are run, and with which names.

    starts: function -> the line on which it begins. ran: problem -> the lines of such functions.
    is_slow: each run takes so long that a change is only looked at where it is made.
    """

    benches: tuple[Bench, ...]
    scopes: Scopes
    starts: Mapping[str, int]
    ran: Mapping[str, set[int]]
    is_slow: bool = False

    def reaches(self, problem: str, function: str) -> bool:
        """Whether a function runs when a problem is run, and is looked at there."""
        if self.starts.get(function) not in self.ran[problem]:
            return False
        own = [bench.problem.name for bench in self.benches if bench.problem.of == function]
        return problem in own or not own or not self.is_slow


def survey(
    reference: Variant, lesson: Lesson, source: str, cases: Mapping[str, Sequence[Case]]
) -> Survey:
    """Run the reference once on every case that is looked at. source: of the lesson's file."""
    scopes = Scopes()
    ran: dict[str, set[int]] = {}
    benches = []
    for problem in lesson.problems:
        bench = Bench(problem, cases[problem.name], torch=lesson.backend == "torch")
        noted = bench.note(reference, f"{REFERENCE}/{lesson.name}.py")
        for line, names in noted.at.items():
            scopes.at.setdefault(line, names)
        ran[problem.name] = noted.functions
        benches.append(bench)
    starts = {}
    for name, function in functions(ast.parse(source)):
        decorated = [decorator.lineno for decorator in function.decorator_list]
        starts[name] = min([function.lineno, *decorated])
    return Survey(tuple(benches), scopes, starts, ran, is_slow=lesson.backend == "torch")


def changes(
    answers: Answers, lesson: Lesson, scopes: Scopes, which_pairs: WhichPairs
) -> Iterator[Changed]:
    """Every change of the lesson's file; of those that give the same text, the first."""
    seen = set()
    source = answers.sources[lesson.name]
    for changed in _slips(source, lesson, scopes):
        if changed.text not in seen:
            seen.add(changed.text)
            yield changed
    if which_pairs == "none":
        return
    for pair in pairs(answers.sources, answers.misconceptions, lesson.name):
        ideas = Ideas(pair.one.id, pair.other.id)
        yield Changed(pair.function, pair.top, pair.text, ideas)
    if which_pairs == "all":
        for wrong in answers.misconceptions:
            if not wrong.also and module_of(answers.sources, wrong) == lesson.name:
                yield from _slips_beside(wrong, source, lesson)


def _slips_beside(wrong: Misconception, source: str, lesson: Lesson) -> Iterator[Changed]:
    """The slips in the function in which a misconception is made; only the classic ones, for of
    the patched lines nobody has seen what is in scope.
    """
    for changed in _slips(patch(source, wrong), lesson, None):
        if changed.function == wrong.patches[0].function and isinstance(changed.told, Words):
            yield replace(changed, told=Beside(wrong.id, changed.told))


def _slips(source: str, lesson: Lesson, scopes: Scopes | None) -> Iterator[Changed]:
    tree = ast.parse(source)
    tops = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    names = contract(lesson, source)
    waiting = []
    for edit in edits(tree, solution_lines(source), scopes):
        top = edit.function.split(".")[0]
        waiting.append((edit, top, ast.unparse(tops[top])))
    # Words are found when the tree is as it was.
    private = meanings(tree, names)
    for edit, top, text in waiting:
        spoken = replace(names, meanings=private[edit.function])
        yield Changed(edit.function, top, text, words(edit, spoken))
