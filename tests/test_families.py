"""Families: many misconceptions of one kind, each seen, named, and counted once."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import (
    GRADIENT_TOLERANCE,
    forward_in,
    indistinguishable,
    run_probe,
    seen_by,
)
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import BuildError, imported
from autograder.authoring.casebook.written import read_misconceptions
from autograder.authoring.families import Family, orders
from autograder.authoring.proof.known_wrong import grade_one, grade_variant
from autograder.casebook import Casebook, gathered
from autograder.compare import PROJECTIONS
from autograder.grade import casebooks
from autograder.gradients import agrees, pairs, upstream
from autograder.problem import KEPT_WHOLE, Case, Misconception, Patch
from autograder.settings import thaw
from tests.conftest import ROOT

pytestmark = pytest.mark.in_turn

SOLUTIONS = ROOT / "solutions"

MOST_BYTES = 12_500_000
"""Of all public casebooks together: every student downloads those of a set. They have 11.1 MB."""

NAMES = [wrong.id for wrong in load_answers(SOLUTIONS).misconceptions if wrong.also]
LSTM = [name for name in NAMES if re.match(r"lstm_step_forward.blocks(_[ifog]){4}", name)]
GRU = [name for name in NAMES if name.startswith("gru_step_forward.blocks_")]
"""All consistent orders of blocks."""


def families() -> list[Family]:
    """All that are declared."""
    found = []
    for path in sorted((SOLUTIONS / "misconceptions").glob("*.py")):
        if path.stem != "__init__":
            module = importlib.import_module(f"solutions.misconceptions.{path.stem}")
            found += [entry for entry in module.MISCONCEPTIONS if isinstance(entry, Family)]
    return found


MEMBERS = [member for family in families() for member in family.misconceptions()]
THROUGHOUT = {
    "lstm_step_forward.blocks_i_f_g_o_throughout": "lstm_step_forward.blocks_i_f_g_o",
    "lstm_step_forward.blocks_f_i_o_g_throughout": "lstm_step_forward.i_and_f_swapped",
    "gru_step_forward.blocks_r_z_n_throughout": "gru_step_forward.gates_exchanged",
    "lstm_step_forward.blocks_interleaved_throughout": "lstm_step_forward.blocks_interleaved",
    "gru_step_forward.z_keeps_throughout": "gru_step_forward.z_keeps",
    "gru_step_forward.reset_after_product_throughout": "gru_step_forward.reset_after_product",
}
"""Of these, the step forward is that of another, which is made in the step forward alone."""


@cache
def answers() -> Answers:
    return load_answers(SOLUTIONS)


@pytest.fixture(scope="module")
def books(frozen: Path) -> list[Casebook]:
    return casebooks(frozen)


def number_of(wrong: str) -> int:
    return [one.id for one in answers().misconceptions].index(wrong)


# ---------------------------------------------------------------------------------- all the members


def test_all_orders_of_blocks_are_there() -> None:
    assert len(orders("i f o g")) == 23 == len(LSTM)
    assert len(orders("z r n")) == 5 == len(GRU)
    assert len({member.id for member in MEMBERS}) == len(MEMBERS) >= 90


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.id)
def test_every_gap_of_a_member_is_filled(member: Misconception) -> None:
    texts = [member.name, member.idea, *member.hints, *(change.by for change in member.patches)]
    for text in texts:
        assert "<" not in text, text


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.id)
def test_every_member_is_seen_and_named_by_more_than_one_number(
    member: Misconception, books: list[Casebook], frozen: Path
) -> None:
    problem = lessons.find(member.problem)
    if not lessons.can_run(problem.lesson):
        pytest.skip("there is no torch")
    cases = gathered(problem, books)
    assert seen_by(cases.public, member.id) and seen_by(cases.hidden, member.id)
    numbers = 0
    for case in cases.public:
        for output, kept in case.by_misconception.get(member.id, {}).items():
            numbers += kept.size if case.expected[output].dtype.kind != "b" else 0
    assert numbers > 1, "a boolean or one number is no diagnosis"

    with imported(answers().patched(member)) as variant:
        course = thaw(frozen / "course.json")
        (verdict,) = grade_variant(variant, course, books, [member.problem])
    assert verdict.diagnosis in (member.id, THROUGHOUT.get(member.id)), verdict
    assert verdict.score < verdict.max_score


@pytest.mark.parametrize("problem", sorted({member.problem for member in MEMBERS}))
def test_no_member_is_taken_for_another_misconception(problem: str, books: list[Casebook]) -> None:
    cases = gathered(lessons.find(problem), books).all
    own = [one.id for one in answers().misconceptions if one.problem == problem]
    known = {frozenset(pair) for pair in THROUGHOUT.items()}
    members = {member.id for member in MEMBERS}
    for pair in indistinguishable(cases, lessons.find(problem), own):
        assert not members & set(pair) or frozenset(pair) in known, pair


# ----------------------------------------------------------------------------- a mistake costs once


CONSISTENT = [name for name in NAMES if re.match("(lstm|gru)_step_forward", name)]


@pytest.mark.parametrize("wrong", CONSISTENT)
def test_a_consistent_mistakes_gradient_is_that_of_its_own_forward(wrong: str) -> None:
    lesson = wrong.partition("_")[0]
    problem, forward = lessons.find(f"{lesson}_backward"), lessons.find(f"{lesson}_forward")
    _, _, inputs = next(draw_cases(problem, 1, False))
    patched = answers().patched(answers().misconceptions[number_of(wrong)])
    with imported(patched) as variant:
        found = run_probe(problem, variant, inputs)
        run, weights = forward_in(problem, variant, inputs), upstream(forward, inputs)
        for gradient, name in pairs(problem, forward).items():
            value = inputs[name]
            assert agrees(run, weights, name, value, found[gradient], 0, GRADIENT_TOLERANCE)


@pytest.mark.parametrize("wrong", [*LSTM[::5], *THROUGHOUT, *GRU[:2]])
def test_a_consistent_order_of_blocks_costs_once(wrong: str, frozen: Path) -> None:
    graded = grade_one(SOLUTIONS, frozen, number_of(wrong))
    assert graded.lost_elsewhere == () and graded.lost_in_all == graded.points, graded


@pytest.mark.parametrize("wrong", ["pytorch_gru", "pytorch_gru_r_z_n"])
def test_pytorchs_gru_is_named_and_costs_once(wrong: str, frozen: Path) -> None:
    graded = grade_one(SOLUTIONS, frozen, number_of(f"gru_step_forward.{wrong}"))
    assert graded.diagnosed and graded.lost_elsewhere == ()
    named = answers().misconceptions[number_of(f"gru_step_forward.{wrong}")]
    assert "PyTorch's GRU" in named.idea


# ------------------------------------------------------------------------------------ what is kept


def kept(case: Case) -> int:
    """The most numbers that are kept of a real output of a mistake, where it is not whole."""
    sizes = [0]
    for outputs in case.by_misconception.values():
        for output, array in outputs.items():
            if not case.keeps_whole(output):
                sizes.append(array.size)
    return max(sizes)


@pytest.mark.parametrize("name", ["lstm", "stacked", "captioning"])
def test_of_a_mistake_a_few_numbers_are_kept(name: str, frozen: Path) -> None:
    sizes = set()
    for problem in lessons.lesson(name).problems:
        for case in Casebook(frozen / "public").lesson(name).cases_of(problem):
            sizes.add(kept(case))
            for output, want in case.expected.items():
                whole = want.dtype.kind != "f" or want.size <= KEPT_WHOLE
                assert case.keeps_whole(output) == (whole and not case.large)
    assert PROJECTIONS in sizes and max(sizes) <= 2 * PROJECTIONS


def test_the_public_casebooks_are_small(frozen: Path) -> None:
    files = list((frozen / "public").glob("*.safetensors"))
    assert len(files) == len(lessons.names())
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES


# ----------------------------------------------------------------------------- how they are written


FILE = """
from autograder.authoring.families import Family
from autograder.problem import Misconception, Patch

MISCONCEPTIONS = (
    Family(
        Misconception(
            "rnn_step_forward", "made_up_<which>",
            replace="next_h = np.tanh(a)", by="next_h = <by>",
            idea="<which> stands there", hints=("<which>?", "b.", "c."), source="own",
            also=(Patch("rnn_step_backward", "dx = da @ Wx.T", "dx = <by>"),),
        ),
        [{"which": "one", "by": "a"}, {"which": "two", "by": "2 * a"}],
    ),
)
"""


def test_a_family_stands_for_its_members_in_the_line_where_it_is_written() -> None:
    written = read_misconceptions(Path("misconceptions/rnn.py"), FILE)
    assert [wrong.id for wrong in written.misconceptions] == [
        "rnn_step_forward.made_up_one",
        "rnn_step_forward.made_up_two",
    ]
    assert set(written.places) == {"misconceptions/rnn.py, line 7"}
    assert written.mistakes == ()
    second = written.misconceptions[1]
    assert (second.by, second.hints[0]) == ("next_h = 2 * a", "two?")
    assert second.also == (Patch("rnn_step_backward", "dx = da @ Wx.T", "dx = 2 * a"),)


def test_a_mistake_may_be_made_in_several_functions() -> None:
    (first, _) = read_misconceptions(Path("misconceptions/rnn.py"), FILE).misconceptions
    sources = answers().patched(first)
    assert "next_h = a\n" in sources["rnn"] and "dx = a\n" in sources["rnn"]


def test_what_is_changed_elsewhere_must_stand_there_once() -> None:
    nowhere = FILE.replace('"dx = da @ Wx.T"', '"nowhere"')
    (first, _) = read_misconceptions(Path("misconceptions/rnn.py"), nowhere).misconceptions
    with pytest.raises(BuildError, match="occurs 0 times in rnn_step_backward, not once"):
        answers().patched(first)
