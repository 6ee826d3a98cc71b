"""Near misses: what edits of the reference give on public cases, and what is said of each edit.

`changes` makes the edits, `signatures` runs them, `entries` merges those that give the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.fingerprint import code_behind
from autograder.authoring.casebook.variants import Variant, imported, needed_by
from autograder.authoring.clues.changes import Changed, WhichPairs, changes, survey
from autograder.authoring.clues.entries import Found, merged, part, remembered
from autograder.authoring.clues.signatures import Bench, Signature, standing_in
from autograder.clues import LessonClues, Part
from autograder.problem import Arrays, Case, Lesson

NAME = "near_misses"
"""Of the part of a file of clues."""

RUNNING = "autograder.authoring.clues.signatures"
"""The module behind which all is that decides what a change gives."""


def near_misses(
    answers: Answers,
    lesson: Lesson,
    cases: Mapping[str, Sequence[Case]],
    earlier: LessonClues,
    which_pairs: WhichPairs = "known",
) -> dict[str, Part]:
    """Problem -> its near misses, for `judge.near_miss`.

    cases: the public ones of each problem. earlier: the file of an earlier build, of which is used
        what is the same.
    which_pairs: which two changes at once are looked at, too.
    """
    base = _base(answers, lesson)
    parts = {}
    with imported(answers.sources) as reference:
        seen = survey(reference, lesson, answers.sources[lesson.name], cases)
        everything = list(changes(answers, lesson, seen.scopes, which_pairs))
        for bench in seen.benches:
            name = bench.problem.name
            reached = [one for one in everything if seen.reaches(name, one.function)]
            known = remembered(earlier.part(name, NAME))
            parts[name] = _of_problem(bench, reference, reached, known, base)
    return parts


def _of_problem(
    bench: Bench,
    reference: Variant,
    reached: Sequence[Changed],
    known: Mapping[int, Signature | None],
    base: str,
) -> Part:
    found, dropped = [], []
    of_problem = base + _of_cases(bench.cases)
    for changed in reached:
        key = _key(of_problem, changed)
        signature = known[key] if key in known else _run(bench, reference, changed)
        if signature is None:
            dropped.append(key)
        else:
            found.append(Found(key, changed, signature))
    return part(bench, list(merged(bench, found)), dropped)


def _run(bench: Bench, reference: Variant, changed: Changed) -> Signature | None:
    module = reference.module(bench.problem.lesson)
    try:
        with standing_in(module, changed.top, changed.text):
            return bench.run(reference)
    except Exception:
        return None  # it cannot even be defined


# --------------------------------------------------------------------------------- what is the same


def _base(answers: Answers, lesson: Lesson) -> str:
    """Stands for all but the change and the cases: the reference, and the code that runs it."""
    needed = needed_by(answers.sources, lesson.name)
    reference = {module: answers.sources[module] for module in sorted(needed)}
    code = code_behind([RUNNING, f"autograder.lessons.{lesson.name}"])
    return sha256(json.dumps([reference, code]).encode()).hexdigest()


def _of_cases(cases: Sequence[Case]) -> str:
    digest = sha256()
    for case in cases:
        for arrays in (case.inputs, case.expected):
            _add(digest, arrays)
    return digest.hexdigest()


def _add(digest: object, arrays: Arrays) -> None:
    update = digest.update  # type: ignore[attr-defined]
    for name, array in arrays.items():
        update(f"{name} {array.shape} {array.dtype}".encode())
        update(np.ascontiguousarray(array).tobytes())


def _key(base: str, changed: Changed) -> int:
    text = sha256(f"{base} {changed.top} {changed.text}".encode()).digest()
    return int.from_bytes(text[:8], "big")
