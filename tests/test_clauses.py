"""Every sentence of a docstring is quoted by what breaks it.

That what breaks it loses points, `test_proof.py` measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.variants import BuildError
from autograder.authoring.clauses import (
    Clause,
    Entry,
    Known,
    NoInput,
    misquoted,
    patch_of,
    problems_for,
    read_clauses,
    sentences_of,
    unquoted,
)
from autograder.authoring.proof.clauses import judge_clauses, missed
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
Entries = Mapping[str, Sequence[Entry]]


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(SOLUTIONS)


@pytest.fixture(scope="module")
def entries() -> Entries:
    return read_clauses(SOLUTIONS)


# ------------------------------------------------------------------------------- what is written


def test_every_lesson_has_its_clauses(entries: Entries) -> None:
    assert set(entries) == {one.name for one in lessons.all_lessons() if not one.asks}


def test_every_sentence_is_quoted(answers: Answers, entries: Entries) -> None:
    assert list(unquoted(answers, entries)) == []


def test_every_quotation_is_verbatim(answers: Answers, entries: Entries) -> None:
    assert list(misquoted(answers, entries)) == []


def test_a_sentence_that_nobody_quotes_is_found(answers: Answers, entries: Entries) -> None:
    gone = [entry for entry in entries["rnn"] if "at least 1" not in entry.words]
    (sentence,) = unquoted(answers, {**entries, "rnn": gone})
    assert sentence == (
        "rnn_backward_truncated: no clause quotes 'a whole number, the length of a chunk, at least "
        "1'"
    )


def test_a_wrong_quotation_is_found(answers: Answers) -> None:
    wrong = NoInput("last_hidden", "lengths from 0 to T", "a made-up clause")
    (sentence,) = misquoted(answers, {"rnn": [wrong]})
    assert sentence == "last_hidden: its docstring does not say 'lengths from 0 to T'"


def test_every_patch_applies_exactly_once(answers: Answers, entries: Entries) -> None:
    for written in entries.values():
        for entry in written:
            if not isinstance(entry, NoInput):
                changed = answers.patched(patch_of(entry, answers))  # raises BuildError otherwise
                assert changed != answers.sources, entry


def test_a_patch_that_does_not_apply_is_refused(answers: Answers) -> None:
    nowhere = Clause("last_hidden", "the hidden states", replace="no such text", by="nothing")
    with pytest.raises(BuildError, match="occurs 0 times in last_hidden"):
        answers.patched(patch_of(nowhere, answers))


def test_every_clause_has_a_problem_that_has_to_notice(entries: Entries) -> None:
    for written in entries.values():
        for entry in written:
            assert isinstance(entry, NoInput) or problems_for(entry), entry


def test_what_no_input_can_break_has_its_reason(entries: Entries) -> None:
    for written in entries.values():
        for entry in written:
            if isinstance(entry, NoInput):
                assert len(entry.why) > 5, entry


# ---------------------------------------------------------------------------- how sentences are cut

DOCSTRING = """One step: h = tanh(a). It is pure; nothing
is kept.

The rule, for rows:

    a = x W

1. first this;
2. then that.

Inputs:
- x: (N, D), the input; not changed
- W: (D, H)
- rng: a numpy Generator
- params: dictionary of
  - layer.b: (H,), its bias
- cache: from step_forward

Returns:
- h: (N, H)

Raises: ValueError if D is 0.

Source: a book. It has pages.
"""


def test_how_a_docstring_is_cut() -> None:
    assert list(sentences_of(DOCSTRING)) == [
        "One step: h = tanh(a)",
        "It is pure",
        "nothing is kept",
        "The rule, for rows: a = x W",
        "first this",
        "then that",
        "the input",
        "not changed",
        "a numpy Generator",
        "dictionary of",
        "its bias",
        "Raises: ValueError if D is 0",
    ]


# --------------------------------------------------------------------------------- what is measured


UNSEEN: tuple[Clause | Known, ...] = (
    # The argument's name is nobody's business.
    Clause(
        "last_hidden", "the hidden states", replace="(h.shape", by="(1 * h.shape",
    ),
    # Wrong, but in a problem that never runs it.
    Known(
        "last_hidden", "the hidden states", "rnn_step_forward.no_tanh", problem="last_hidden",
    ),
)  # fmt: skip


@pytest.mark.parametrize("entry", UNSEEN, ids=["equivalent", "another problem"])
def test_a_clause_that_nobody_sees_broken_is_objected_to(entry: Clause | Known) -> None:
    (miss,) = missed(SOLUTIONS, range(3), ("rnn", [entry]))
    assert (miss.public, miss.hidden) == ((0, 1, 2), (0, 1, 2))
    assert "'the hidden states'" in str(miss) and "3 public seeds" in str(miss)


def test_what_is_seen_on_some_seeds_only_is_objected_to() -> None:
    """A gradient that is wrong where a number comes near to a half: the draw decides."""
    sometimes = Clause(
        "rnn_step_backward", "gradient of the loss with respect to next_h",
        replace="da = dnext_h *", by="da = (dnext_h + (np.abs(dnext_h - 0.5) < 0.004)) *",
    )  # fmt: skip
    (miss,) = missed(SOLUTIONS, range(20), ("rnn", [sometimes]))
    assert 0 < len(miss.public) < 20


@pytest.mark.in_turn
@pytest.mark.slow
def test_the_line_of_the_proof_can_fail(entries: Entries, tmp_path: Path) -> None:
    line = judge_clauses(SOLUTIONS, {"rnn": [UNSEEN[0]]}, range(2))
    assert str(line).startswith("NOT")
    assert "1 ways to break" in line.figures and "0 caught by public" in line.figures
    assert any("nobody sees" in objection for objection in line.objections)
    assert any("no clause quotes" in objection for objection in line.objections)
