"""No grade hangs on the seed, not even that of an idea which is wrong in rare values only.

An idea whose error is as large as what counts as equal is left out: it is right to four digits,
and where it is not, that is luck by its nature.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import Variant, imported, module_of
from autograder.authoring.proof.fresh import Drawn, answered
from autograder.compare import wrong_tensors
from autograder.problem import Misconception, Problem
from autograder.settings import load_course
from tests.borderline import Change, changes
from tests.conftest import COURSE_TOML, ROOT

pytestmark = pytest.mark.in_turn

AFTER_A_LOOK = ("attention_step_forward", "attention_step_backward")
"""A wrong look changes the decoder's step after it by little more than what counts as equal, so
that it is the draw that says whether this shows. The look itself is a problem of its own.
"""

SEEDS = (1, 2, 2**64 - 1)

ANSWERS = load_answers(ROOT / "solutions")
PUBLIC_SEED = load_course(COURSE_TOML).seed


def as_misconception(change: Change) -> Misconception:
    function, old, new = change
    hints = ("one", "two", "three")
    return Misconception(
        "rnn_step_forward", "borderline", replace=old, by=new, idea="-", hints=hints,
        source="own", function=function,
    )  # fmt: skip


def by_lesson() -> dict[str, list[Change]]:
    """Lesson -> the ideas about its functions."""
    found = defaultdict(list)
    for change in changes():
        found[module_of(ANSWERS.sources, as_misconception(change))].append(change)
    return found


def drawn(lesson: str, reference: Variant) -> dict[str, list[Drawn]]:
    """Problem -> its public cases, then its hidden ones of each seed."""
    found = {}
    for problem in lessons.lesson(lesson).problems:
        if problem.name in AFTER_A_LOOK:
            continue
        cases = [draw_cases(problem, PUBLIC_SEED, False)]
        cases += [draw_cases(problem, seed, True) for seed in SEEDS]
        found[problem.name] = [answered(problem, reference, of_seed) for of_seed in cases]
    return found


def wrong_outputs(problem: Problem, variant: Variant, cases: Drawn) -> frozenset[str]:
    """The outputs that are wrong on some case: on them a score depends."""
    wrong: set[str] = set()
    for inputs, expected in cases:
        try:
            outputs = run_probe(problem, variant, inputs)
        except Exception:
            return frozenset(["no answer"])
        wrong |= set(wrong_tensors(problem, outputs, expected))
    return frozenset(wrong)


@pytest.mark.parametrize("lesson", by_lesson())
def test_a_borderline_idea_is_wrong_in_the_same_outputs_on_every_seed(lesson: str) -> None:
    caught, hanging = 0, []
    with imported(ANSWERS.sources) as reference:
        cases = drawn(lesson, reference)
    for change in by_lesson()[lesson]:
        with imported(ANSWERS.patched(as_misconception(change))) as variant:
            for name, (public, *hidden) in cases.items():
                problem = lessons.find(name)
                always = wrong_outputs(problem, variant, public)
                found = {always | wrong_outputs(problem, variant, of_seed) for of_seed in hidden}
                caught += found != {frozenset()}
                if len(found) > 1:
                    hanging.append((name, change[2], sorted(map(sorted, found))))
    assert hanging == []
    assert caught >= len(by_lesson()[lesson]) / 2, "most of them are no borderline cases"
