"""Every problem: right numbers returned as something else are one sentence, and cost what they are.

The reference's function is wrapped, so that what it returns is changed and nothing else; one public
case of each problem is judged in this process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook
from autograder.grade import casebooks
from autograder.judge import Attempt, conclude, examine
from autograder.problem import Problem, Verdict, parse_tensors
from tests.submissions import REFERENCE

PROBLEMS = [problem.name for problem in lessons.coded_problems()]
NUMPY = [problem.name for problem in lessons.coded_problems() if "torch" not in problem.lesson]

WRAPPED = """

def _wrapped(function):
    def {name}(*arguments, **named):
        global _last
        _last = function(*arguments, **named)
        return _changed(_last)
    return {name}

def _changed(r):
{change}

{function} = _wrapped({function})
"""

LOOKS_ALIKE = {"clip_grad_norm"}
"""Its work is done in place: what it returns is one of seven outputs, and loses its share only."""


@pytest.fixture(scope="module")
def book(frozen: Path) -> Casebook:
    return casebooks(frozen, public_only=True)[0]


def judged(problem: Problem, book: Casebook, change: str) -> tuple[Verdict, Any]:
    """The verdict on the reference with a change to what one function returns, `r`; and that."""
    wrapper = WRAPPED.format(
        function=problem.of, name=problem.of.rpartition(".")[2], change=indent(change, "    ")
    )
    text = REFERENCE[problem.lesson] + wrapper
    cases = book.lesson(problem.lesson)
    case = cases.cases[problem.name][0]
    with (
        imported({**REFERENCE, problem.lesson: text}) as variant,
        InProcess(variant).session(problem) as session,
    ):
        reply = session.call(problem, case.inputs)
        last = variant.module(problem.lesson).__dict__.get("_last")
    attempt = Attempt(problem, problem.points, (case,), (reply,), cases.advice)
    return conclude(attempt, examine(attempt), {}, 1.0).verdict, last


def said(verdict: Verdict, *layers: str) -> list[str]:
    wanted = layers or ("runs", "shapes", "finite", "values")
    return [
        finding.text for finding in verdict.findings if finding.layer in wanted and not finding.good
    ]


# ------------------------------------------------------------------------------- something else

INSTEAD = {
    "a dict": "return dict(enumerate(r if isinstance(r, tuple) else (r,)))",
    "brackets around it": "return (r,) if isinstance(r, tuple) else {'result': r}",
    "one too many": "return (*r, 0) if isinstance(r, tuple) else 'result'",
    "one too few": "return r[:-1] if isinstance(r, tuple) else None",
}


@pytest.mark.parametrize("instead", INSTEAD)
def test_what_is_no_answer_is_one_sentence_and_no_name_of_ours(
    book: Casebook, instead: str
) -> None:
    for name in PROBLEMS:
        problem = lessons.find(name)
        if not lessons.can_run(problem.lesson):
            continue
        verdict, last = judged(problem, book, INSTEAD[instead])
        texts = said(verdict)
        words = " ".join(texts)
        if name == "sample" and instead == "a dict":
            texts = texts[:1]  # its texts and their first characters are different things
        assert len(texts) == 1, (name, texts)
        assert "Traceback" not in words and "autograder" not in words, (name, texts)
        assert "stopped with" not in words, f"{name}: it is no error of the student's code: {texts}"
        if name not in LOOKS_ALIKE:
            assert verdict.score == 0, (name, verdict.outputs)
        if isinstance(last, tuple) and "." not in problem.of:
            assert " wanted, in this order: " in words, (name, texts)
            assert words.startswith("you returned "), (name, texts)


# --------------------------------------------------------------------------- an axis more or less


def places(returned: Any) -> Iterator[str]:
    """Where there is an array or a number in what a function returns, as code."""
    if isinstance(returned, tuple):
        for number, result in enumerate(returned):
            if isinstance(result, dict):
                yield from (f"[{number}][{key!r}]" for key in result)
            elif isinstance(result, (np.ndarray, float, np.floating)):
                yield f"[{number}]"
    elif isinstance(returned, (np.ndarray, float, int, np.number)):
        yield ""


AXIS_MORE = """
import copy
import numpy as np
everything = [copy.copy(list(r) if isinstance(r, tuple) else r)]
if isinstance(r, tuple):
    everything[0] = [dict(one) if isinstance(one, dict) else one for one in r]
everything[0]{place} = np.asarray(everything[0]{place})[None]
return tuple(everything[0]) if isinstance(r, tuple) else everything[0]
"""

SEEN_TWICE = {
    "reverse_ragged",
    "one_hot",
    "next_probs",
    "nucleus_probs",
    "sample",
    "stacked_forward",
    "count_parameters",
    "corpus_bleu",
    "init_embedding",
}
"""Their outputs are the results of several calls, or one result looked at twice: one slip is in all
of them, and said once.
"""

MADE_OF_IT = {
    "large_singular_value_that_vanishes",
    "latch_weights",
    "depth_weights",
    "gru_that_is_an_rnn",
}
"""What is compared is made of what is returned, which is what is named."""


@pytest.mark.parametrize("half", [0, 1])
def test_an_axis_too_many_costs_the_output_that_has_it_and_is_said_once(
    book: Casebook, half: int
) -> None:
    tried = 0
    for name in NUMPY[half::2]:
        problem = lessons.find(name)
        _, last = judged(problem, book, "return r")
        for place in places(last):
            verdict, _ = judged(problem, book, AXIS_MORE.format(place=place))
            if verdict.status == "passed":
                continue  # a cache that is used as it is, or a number that nothing looks at
            tried += 1
            lost = [output for output, state in verdict.outputs.items() if state != "right"]
            texts = said(verdict)
            assert len(texts) == 1, (name, place, texts)
            assert not said(verdict, "runs"), (name, place, texts)
            if name in MADE_OF_IT:
                made = {tensor.name for tensor in problem.brings}
                assert texts[0].partition(" should be ")[0] in made, (name, texts)
            elif name in SEEN_TWICE:
                assert all(output in texts[0] for output in lost), (name, texts, lost)
            else:
                assert len(lost) == 1, f"{name}{place}: only one was changed: {lost}"
                assert texts[0].startswith(f"{lost[0]} should be "), (name, texts)
                assert lost[0] in {tensor.name for tensor in problem.gives}
    assert tried > 80, "most of what is returned is an array that is compared"


def test_a_loss_in_brackets_costs_its_half_and_no_property(book: Casebook) -> None:
    problem = lessons.find("temporal_softmax_loss")
    verdict, _ = judged(problem, book, "import numpy as np\nreturn np.array([r[0]]), r[1]")
    assert said(verdict) == ["loss should be a number, shape (), yours is (1,)"]
    assert verdict.score == problem.points / 2
    assert verdict.outputs == {
        "loss": "wrong",
        "dx": "right",
        "only_real_scores_matter": "right",
        "gradient_sums_to_zero": "right",
    }


@pytest.mark.parametrize(
    "name, change, sentence",
    [
        (
            "rnn_step_backward",
            "return (*r[:4], r[4][None])",
            "db should be (H,) = (5,), yours is (1, 5): an axis of length 1 too many",
        ),
        (
            "gradient_norms",
            "return r[:, None]",
            "norms should be (T,) = (6,), yours is (6, 1): an axis of length 1 too many",
        ),
        (
            "charlm_loss",
            "import numpy as np\nreturn (np.array([[r[0]]]), *r[1:])",
            "loss should be a number, shape (), yours is (1, 1)",
        ),
        (
            "rnn_step_backward",
            "return (*r[:2], r[2].T, *r[3:])",
            "dWx should be (D, H) = (4, 5), yours is (5, 4): the same axes in another order",
        ),
        ("latch_weights", "return (*r[:2], r[2][None])", "b should be (4,), yours is (1, 4)"),
        ("latch_weights", "return ('Wx', *r[1:])", "Wx should be an array, yours is a str"),
    ],
)
def test_slips_of_shape_in_words(book: Casebook, name: str, change: str, sentence: str) -> None:
    verdict, _ = judged(lessons.find(name), book, change)
    assert said(verdict) == [sentence]


@pytest.mark.parametrize(
    "name, change",
    [
        ("rnn_step_backward", "return [result.tolist() for result in r]"),
        ("temporal_softmax_loss", "return float(r[0]), r[1].tolist()"),
        ("perplexity", "import numpy as np\nreturn np.float32(r)"),
        ("rank_cells", "import numpy as np\nreturn np.stack(r)"),
        ("learns_hello", "import numpy as np\nreturn (np.array([r[0]]), *r[1:])"),
        ("learns_hello", "r[1]['b'] = r[1]['b'][None]\nreturn r"),
    ],
)
def test_numbers_in_another_wrapping_are_right(book: Casebook, name: str, change: str) -> None:
    """Lists, Python's numbers; and what is only made of a number hears nothing of its axes."""
    assert judged(lessons.find(name), book, change)[0].status == "passed"


def test_a_property_is_said_to_be_one_and_is_never_a_result() -> None:
    """Of what is not returned it is not said what "yours" is."""
    for problem in lessons.all_problems():
        for tensor in problem.holds:
            assert tensor == parse_tensors(f"{tensor.name}[]?")[0]
