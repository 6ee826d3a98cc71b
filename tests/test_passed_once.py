"""Wrong code that once passed, or whose points hung on the seed: it is caught on every seed.

All of it was met in real submissions. What catches it is a case by construction, public and hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.variants import Variant, imported
from autograder.authoring.handout.stubs import stub
from autograder.compare import wrong_tensors
from autograder.problem import Arrays, Misconception, Problem
from tests.conftest import ROOT

ANSWERS = load_answers(ROOT / "solutions")
BY_ID = {wrong.id: wrong for wrong in ANSWERS.misconceptions}
SEEDS = (1, 2, 3, 2**64 - 1)
MANY_SEEDS = range(30)
"""Where nothing is run but the draw: hidden sizes are others on each of them."""

NAMED = (
    "temporal_softmax_loss.log_of_probabilities",
    "temporal_softmax_loss.probability_nudged",
    "skipgram_softmax_loss.log_of_probabilities",
    "skipgram_softmax_loss.probability_nudged",
    "bigram_lm_loss.probability_nudged",
    "skipgram_negative_loss.naive_log_sigmoid",
    "corpus_bleu.negative_counts",
    "corpus_bleu.first_of_equally_near",
    "beam_search.ends_crowd_nobody",
    "beam_search.finished_compete",
    "greedy.ties_from_the_end",
    "nearest.ties_from_the_end",
    "captioning_sample.ties_from_the_end",
)

NEAREST = "min((abs(len(ref) - len(candidate)), len(ref)) for ref in refs)[1]"
SCORES = '(h @ p["W_vocab"] + p["b_vocab"]).argmax(axis=1)'


def change(problem: str, name: str, old: str, new: str, function: str = "") -> Misconception:
    hints = ("", "", "")
    return Misconception(problem, name, old, new, "it is wrong", hints, "own", function=function)


OTHERS = (
    change(
        "corpus_bleu", "longer_of_equally_near",
        NEAREST, "-min((abs(len(ref) - len(candidate)), -len(ref)) for ref in refs)[1]",
    ),
    change(
        "corpus_bleu", "last_of_equally_near",
        NEAREST, "len(min(refs[::-1], key=lambda ref: abs(len(ref) - len(candidate))))",
    ),
    change(
        "captioning_sample", "scores_squeezed",
        SCORES, f"np.squeeze{SCORES}", "CaptioningRNN.sample",
    ),
    change(
        "additive_attention", "padding_at_minus_100",
        "masked_fill(~mask, -torch.inf)", "masked_fill(~mask, -100.0)", "AdditiveAttention.forward",
    ),
    change(
        "self_attention", "padding_at_minus_100",
        "masked_fill(~visible, -torch.inf)", "masked_fill(~visible, -100.0)",
        "SelfAttention.forward",
    ),
    *(
        change(
            f"{cell}_forward", "inputs_squeezed",
            f"{cell}_step_forward(x[:, t],", f"{cell}_step_forward(np.squeeze(x[:, t]),",
        )
        for cell in ("rnn", "lstm", "gru")
    ),
)  # fmt: skip


def wrong_outputs(
    problem: Problem, reference: Variant, variant: Variant, seed: int, hidden: bool
) -> frozenset[str]:
    """The outputs that are wrong on some case of a seed; all of them where there is no answer.

    Where no result is right, the properties earn nothing either, broken or not.
    """
    wrong: set[str] = set()
    for _, _, inputs in draw_cases(problem, seed, hidden):
        expected = run_probe(problem, reference, inputs)
        try:
            wrong |= set(wrong_tensors(problem, run_probe(problem, variant, inputs), expected))
        except Exception:
            return frozenset(expected)
    results = {tensor.name for tensor in problem.gives}
    return frozenset(expected) if results <= wrong else frozenset(wrong)


@pytest.mark.parametrize(
    "wrong", [*(BY_ID[name] for name in NAMED), *OTHERS], ids=lambda wrong: wrong.id
)
def test_what_once_passed_is_caught_on_every_seed(wrong: Misconception) -> None:
    problem = lessons.find(wrong.problem)
    if not lessons.can_run(problem.lesson):
        pytest.skip("there is no torch")
    with (
        imported(ANSWERS.sources) as reference,
        imported(ANSWERS.patched(wrong)) as variant,
    ):
        public = wrong_outputs(problem, reference, variant, SEEDS[0], False)
        found = {wrong_outputs(problem, reference, variant, seed, True) for seed in SEEDS}
    assert public
    assert found == {public}, "points would hang on the seed"


@pytest.mark.parametrize("function", ["skipgram_softmax_loss", "skipgram_negative_loss"])
def test_a_stub_says_that_nothing_may_overflow(function: str) -> None:
    _, _, text = stub(ANSWERS.sources["embedding"]).partition(f"def {function}(")
    body, _, _ = text.partition("\ndef ")
    assert "must not overflow" in body


# ----------------------------------------------------------------------------- the edges themselves


def drawn(problem: str, edge: str) -> Iterator[Arrays]:
    """The inputs of an edge: public ones, then the hidden ones of many seeds."""
    kinds = [(SEEDS[0], False), *((seed, True) for seed in MANY_SEEDS)]
    for seed, hidden in kinds:
        for name, _, inputs in draw_cases(lessons.find(problem), seed, hidden):
            if name == edge:
                yield inputs


@pytest.mark.parametrize(
    "problem", ["captioning_sample", "captioning_sample_lstm", "captioning_sample_gru"]
)
def test_two_words_are_equally_good_and_no_other_is_nearly_as_good(problem: str) -> None:
    """Each score is one number of the state or its opposite: rounding decides nothing."""
    count = 0
    for inputs in drawn(problem, "two_words_equally_good"):
        count += 1
        possible = inputs["W_vocab"][:, inputs["b_vocab"] == 0]
        columns, times = np.unique(possible, axis=1, return_counts=True)
        assert times.tolist() == [2, 2]
        assert (columns[:, 0] == -columns[:, 1]).all()
        assert np.count_nonzero(columns[:, 0]) == 1
        assert (inputs["b_vocab"][inputs["b_vocab"] != 0] < -2).all(), "a state is above -1"
    assert count == 1 + len(MANY_SEEDS)


def test_the_mean_of_what_never_changes_is_that_number_and_its_place_shows_it() -> None:
    """Its deviations are exactly 0, so that it is found by them, too."""
    count = 0
    for inputs in drawn("rank_cells", "equally_good"):
        count += 1
        traces, signal = inputs["traces"], inputs["signal"]
        constant = np.flatnonzero(np.ptp(traces, axis=0) == 0)
        uncorrelated = np.flatnonzero(traces.T @ (signal - signal.mean()) == 0)
        changing = set(uncorrelated.tolist()) - set(constant.tolist())
        assert constant[0] < min(changing), "else it would come after it all the same"
        assert (traces.mean(axis=0) == traces[0])[constant].all()
    assert count == 1 + len(MANY_SEEDS)
