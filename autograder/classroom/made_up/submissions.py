"""Made-up submissions: what a class hands in, drawn from everything that we know how to get wrong.

Right ones, in our style and in others; known mistakes, a few of them popular; slips that nobody
foresaw, one of them made by several; unfinished ones; and files that crash, hang or are no Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.variants import BuildError, code_span, module_of, patch
from autograder.authoring.handout.stubs import stub
from autograder.authoring.mutations.edits import Mutant, mutants
from autograder.problem import Misconception

Files = dict[str, str]
"""A submission: module name -> source text."""

POPULAR = 8
"""Known mistakes that many of the class make."""

MOST_OWN = 3
"""Known mistakes that somebody makes besides."""

HANG = "    while True:\n        pass\n"
CRASH = "    return undefined_name\n"
NO_PYTHON = "\ndef half_a_thought(:\n"


@dataclass(frozen=True)
class Ingredients:
    """What submissions are made of, for some lessons.

    reference: module -> its source. stubs: as handed out. styles: module -> right files by others.
    wrong: the known mistakes in these lessons; popular: a few of them. slips: mutants of the
    reference, of each lesson; shared: the one that several make.
    """

    answers: Answers
    reference: Files
    stubs: Files
    styles: Mapping[str, Sequence[str]]
    wrong: Sequence[Misconception]
    popular: Sequence[Misconception]
    slips: Sequence[Mutant]
    shared: Mutant


def ingredients(
    answers: Answers, names: Sequence[str], rng: Random, styles: Path | None = None
) -> Ingredients:
    """For the lessons of these names. styles: a folder of right answers in other styles."""
    reference = {name: answers.sources[name] for name in names}
    wrong = []
    for one in answers.misconceptions:
        if lessons.find(one.problem).lesson in names and not one.also:
            wrong.append(one)
    slips: list[Mutant] = []
    for name in names:
        slips += mutants(name, reference[name])
    return Ingredients(
        answers,
        reference,
        {name: stub(source, name) for name, source in reference.items()},
        {name: _others(styles, name) for name in names},
        wrong,
        rng.sample(wrong, min(POPULAR, len(wrong))),
        slips,
        rng.choice(slips),
    )


def _others(folder: Path | None, name: str) -> list[str]:
    """Right answers to one lesson in other styles."""
    if folder is None or not folder.is_dir():
        return []
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"{name}_*.py"))]


def submission(stock: Ingredients, rng: Random) -> tuple[str, Files]:
    """What somebody hands in: its kind, and the files."""
    kinds = list(KINDS)
    (kind,) = rng.choices(kinds, [KINDS[kind][0] for kind in kinds])
    return kind, KINDS[kind][1](stock, rng)


# ------------------------------------------------------------------------------------- kinds


def _right(stock: Ingredients, rng: Random) -> Files:
    return dict(stock.reference)


def _in_another_style(stock: Ingredients, rng: Random) -> Files:
    files = dict(stock.reference)
    for name, others in stock.styles.items():
        if others and rng.random() < 0.5:
            files[name] = rng.choice(others)
    return files


def _mistaken(stock: Ingredients, rng: Random) -> Files:
    """Some of the popular mistakes, and some of somebody's own."""
    chosen = [one for one in stock.popular if rng.random() < 1.5 / POPULAR]
    chosen += rng.sample(stock.wrong, rng.randint(0 if chosen else 1, MOST_OWN))
    files = dict(stock.reference)
    for one in chosen:
        module = module_of(stock.answers.sources, one)
        try:
            files[module] = patch(files[module], one)
        except BuildError:
            continue  # an earlier one has changed the same line
    return files


def _slipped(stock: Ingredients, rng: Random) -> Files:
    slip = rng.choice(stock.slips)
    return {**stock.reference, slip.module: slip.source}


def _slipped_alike(stock: Ingredients, rng: Random) -> Files:
    return {**_mistaken(stock, rng), stock.shared.module: stock.shared.source}


def _unfinished(stock: Ingredients, rng: Random) -> Files:
    """The last files are as they were handed out."""
    files = _mistaken(stock, rng) if rng.random() < 0.5 else dict(stock.reference)
    names = list(files)
    for name in names[rng.randint(0, len(names) - 1) :]:
        files[name] = stock.stubs[name]
    return files


def _hanging(stock: Ingredients, rng: Random) -> Files:
    return _with_body(stock, rng, HANG)


def _crashing(stock: Ingredients, rng: Random) -> Files:
    return _with_body(stock, rng, CRASH)


def _with_body(stock: Ingredients, rng: Random, body: str) -> Files:
    """One function does something else."""
    files = dict(stock.reference)
    name = rng.choice(list(files))
    problem = rng.choice(lessons.lesson(name).problems)
    try:
        start, end = code_span(files[name], problem.of)
    except BuildError:  # a method, or what is imported from another file
        return files
    files[name] = files[name][:start] + body + files[name][end:]
    return files


def _no_python(stock: Ingredients, rng: Random) -> Files:
    files = dict(stock.reference)
    name = rng.choice(list(files))
    files[name] += NO_PYTHON
    return files


def _nothing(stock: Ingredients, rng: Random) -> Files:
    return dict(stock.stubs)


KINDS: dict[str, tuple[float, Callable[[Ingredients, Random], Files]]] = {
    "right": (0.14, _right),
    "another style": (0.10, _in_another_style),
    "known mistakes": (0.36, _mistaken),
    "a slip": (0.10, _slipped),
    "a shared slip": (0.04, _slipped_alike),
    "unfinished": (0.18, _unfinished),
    "hangs": (0.01, _hanging),
    "crashes": (0.03, _crashing),
    "no Python": (0.02, _no_python),
    "nothing": (0.02, _nothing),
}
"""Kind -> how often, and what makes it."""
