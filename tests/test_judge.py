"""The judge: every layer of a message, what it can see for itself, diagnosis, carrying forward,
points.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring.casebook.answers import Answers
from autograder.authoring.casebook.draw import draw_cases
from autograder.casebook import Casebook
from autograder.judge.describe import wrong_shape
from autograder.judge.faulty import fault as describe_fault
from autograder.problem import Case, Fault, Verdict, parse_tensors
from autograder.report.record import as_text
from tests.in_process import grade_sources, small_casebooks

Grade = Callable[..., dict[str, Verdict]]

PUBLIC = list(draw_cases(lessons.find("rnn_step_forward"), 1, hidden=False))
SHAPES = {(*inputs["x"].shape, *inputs["Wh"].shape) for _, _, inputs in PUBLIC}
"""By which a cheat could tell the public cases of rnn_step_forward; seeds do not change them."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, list[Casebook]]:
    return small_casebooks(tmp_path_factory.mktemp("books"), ("rnn",))


@pytest.fixture
def grade(books: tuple[Answers, list[Casebook]]) -> Grade:
    """Grades lesson 1 of the reference after some texts in it have been replaced, each exactly
    once.
    """

    def run(*replacements: tuple[str, str], share: float = 1.0) -> dict[str, Verdict]:
        source = books[0].sources["rnn"]
        for old, new in replacements:
            assert source.count(old) == 1, f"{old!r} occurs {source.count(old)} times"
            source = source.replace(old, new)
        return grade_sources({**books[0].sources, "rnn": source}, books[1], ("rnn",), share)

    return run


def findings(verdict: Verdict, layer: str) -> list[str]:
    return [finding.text for finding in verdict.findings if finding.layer == layer]


# ------------------------------------------------------------------------------------ the reference


def test_the_reference_passes_everything_with_full_points(grade: Grade) -> None:
    verdicts = grade()
    assert {v.status for v in verdicts.values()} == {"passed"}
    assert sum(v.score for v in verdicts.values()) == sum(
        p.points for p in lessons.lesson("rnn").problems
    )
    assert all(v.diagnosis is None and not v.hints for v in verdicts.values())


# --------------------------------------------------------------------------------------- the layers


def test_a_wrong_shape_is_named_by_its_axes(grade: Grade) -> None:
    verdict = grade(("    return next_h, cache", "    return x, cache"))["rnn_step_forward"]
    (text,) = findings(verdict, "shapes")
    assert text.startswith("next_h should be (N, H) = (3, 5), yours is (3, 4): that is (N, D)")
    assert findings(verdict, "values") == [], "the check stops at the first layer that fails"
    assert verdict.status == "failed"


def test_swapped_axes_are_said_to_be_that() -> None:
    (tensor,) = parse_tensors("h[N,T,H]")
    case = Case("c", dict(N=2, T=3, H=4), {}, {})
    text = wrong_shape(tensor, np.zeros((3, 2, 4)), np.zeros((2, 3, 4)), case)
    assert (
        text
        == "h should be (N, T, H) = (2, 3, 4), yours is (3, 2, 4): the same axes in another order"
    )


def test_nan_is_counted_and_located(grade: Grade) -> None:
    verdict = grade(("next_h = np.tanh(a)", "next_h = np.tanh(a); next_h[0, -1] = np.nan"))[
        "rnn_step_forward"
    ]
    assert findings(verdict, "finite") == ["next_h has 1 NaN among 15 numbers, the first at [0, 4]"]
    assert verdict.score == 0


def test_a_wrong_value_names_the_worst_index_both_numbers_and_the_right_tensors(
    grade: Grade,
) -> None:
    verdict = grade(("    db = da.sum(axis=0)", "    db = da.sum(axis=0); db[-1] += 5"))[
        "rnn_step_backward"
    ]
    text, place = findings(verdict, "values")
    assert text.startswith("db differs by 5 at [4]: yours ")
    assert place == "db is wrong only at the last index of the hidden axis"
    assert "dx, dprev_h, dWx and dWh are right" in text
    assert text.endswith("(1 of 5 numbers); dx, dprev_h, dWx and dWh are right (case N=3 D=4 H=5)")


def test_a_changed_argument_is_a_note_and_costs_nothing(grade: Grade) -> None:
    verdict = grade(("dnext_h = dh[:, t] + dprev_h", "dh[:, t] += dprev_h; dnext_h = dh[:, t]"))[
        "rnn_backward"
    ]
    assert verdict.status == "passed" and verdict.score == verdict.max_score
    (text,) = findings(verdict, "arguments")
    assert "changed its argument dh" in text and "no points are lost" in text


def test_partial_credit_counts_tensors(grade: Grade) -> None:
    verdict = grade(("    db = da.sum(axis=0)", "    db = 17 * da.sum(axis=0) + 1"))[
        "rnn_step_backward"
    ]
    assert verdict.outputs == {
        "dx": "right",
        "dprev_h": "right",
        "dWx": "right",
        "dWh": "right",
        "db": "wrong",
    }
    assert verdict.score == pytest.approx(verdict.max_score * 4 / 5)
    assert verdict.status == "partial"


def test_a_wrong_gradient_is_held_against_the_own_forward(grade: Grade) -> None:
    verdict = grade(("    dWx = x.T @ da", "    dWx = x.T @ da * 1.37"))["rnn_step_backward"]
    assert findings(verdict, "gradients") == [
        "dWx disagrees with numeric differentiation of your own rnn_step_forward"
    ]


def test_todo_stays_todo_also_where_it_is_only_used(grade: Grade) -> None:
    verdicts = grade(
        (
            "    a = x @ Wx + prev_h @ Wh + b",
            "    raise NotImplementedError('rnn_step_forward: to do')",
        )
    )
    assert verdicts["rnn_step_forward"].status == verdicts["rnn_backward"].status == "todo"
    assert verdicts["last_hidden"].status == "passed"


def test_hidden_cases_are_only_counted(grade: Grade) -> None:
    verdicts = grade(
        (
            "    next_h = np.tanh(a)",
            f"    next_h = np.tanh(a) if (*x.shape, *Wh.shape) in {SHAPES} else a",
        )
    )
    verdict = verdicts["rnn_step_forward"]
    assert findings(verdict, "values") == [f"right on all {len(PUBLIC)} public cases"]
    (text,) = findings(verdict, "hidden")
    assert text.startswith("wrong on ") and text.endswith(f"of {len(PUBLIC)} hidden cases")
    assert verdict.score == 0


def test_of_an_exception_on_a_hidden_case_nothing_is_told(grade: Grade) -> None:
    public = f"(*x.shape, *Wh.shape) in {SHAPES}"
    trap = f"if not {public}: raise ValueError(f'secret {{x}}')\n    "
    verdict = grade(("a = x @ Wx + prev_h @ Wh + b", trap + "a = x @ Wx + prev_h @ Wh + b"))[
        "rnn_step_forward"
    ]
    assert as_text(verdict) == "hidden: every public case has an answer, but a hidden one has none"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            Fault("import", "SyntaxError", "invalid syntax", "rnn.py, line 3", phase="import"),
            "cannot be imported",
        ),
        (
            Fault("missing", text="rnn.py has no function rnn_forward"),
            "has no function rnn_forward",
        ),
        (
            Fault("raised", "ValueError", "shapes (3,4) (3,5)", "rnn.py, line 31"),
            "stopped with ValueError: shapes",
        ),
        (
            Fault("returned", "TypeError", "nothing to unpack", call="f(x)"),
            "what f returned does not fit: nothing to unpack",
        ),
        (Fault("died", text="signal SIGSEGV"), "the process ended on this call: signal SIGSEGV"),
        (
            Fault("timeout", text="no answer after 10 s", phase="import"),
            "while the file was imported",
        ),
    ],
)
def test_every_fault_is_one_sentence(fault: Fault, words: str) -> None:
    text = describe_fault(fault, lessons.find("rnn_forward"))
    assert words in text and "\n" not in text


# ------------------------------------------------------------------- diagnosis and carrying forward


NAMED_BY_NO_NUMBER = {"rnn_backward.dh0_zero": "dh0 is all zeros"}
"""Mistakes that lead to nothing but zeros, and what is said of them instead."""


def test_every_misconception_is_diagnosed_by_name_and_costs_only_its_own_problem(
    books: tuple[Answers, list[Casebook]], grade: Grade
) -> None:
    own = [m for m in books[0].misconceptions if lessons.find(m.problem).lesson == "rnn"]
    assert len(own) > 40
    for wrong in own:
        verdicts = grade_sources(books[0].patched(wrong), books[1], ("rnn",))
        named = wrong.id not in NAMED_BY_NO_NUMBER
        assert verdicts[wrong.problem].diagnosis == (wrong.id if named else None)
        assert verdicts[wrong.problem].hints == (wrong.hints if named else ())
        if not named:
            assert NAMED_BY_NO_NUMBER[wrong.id] in findings(verdicts[wrong.problem], "values")
        lost = [name for name, v in verdicts.items() if v.score < v.max_score]
        answered = [name for name in lost if "missing" not in verdicts[name].outputs.values()]
        assert answered == [wrong.problem], wrong.id


def test_two_mistakes_at_once_are_each_named_for_their_tensor(grade: Grade) -> None:
    verdict = grade(
        ("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"),
        ("db = da.sum(axis=0)", "db = da.mean(axis=0)"),
    )["rnn_step_backward"]
    assert findings(verdict, "diagnosis") == [
        "your dWh is what comes out when dWh is transposed",
        "your db is what comes out when db is averaged over the batch",
    ]
    assert verdict.score == pytest.approx(verdict.max_score * 3 / 5)


def test_one_mistake_is_said_once_with_the_outputs_it_explains_in_the_signatures_order(
    grade: Grade,
) -> None:
    verdict = grade(("da = dnext_h * (1 - next_h**2)", "da = dnext_h * (1 - next_h)"))[
        "rnn_step_backward"
    ]
    (text,) = findings(verdict, "diagnosis")
    assert text.startswith("all your results are what comes out when ")
    verdict = grade(
        ("da = dnext_h * (1 - next_h**2)", "da = dnext_h * (1 - next_h)"),
        ("db = da.sum(axis=0)", "db = da.sum(axis=0) + 1"),
    )["rnn_step_backward"]
    (text,) = findings(verdict, "diagnosis")
    assert text.startswith("your dx, dprev_h, dWx and dWh are what comes out when ")


def test_a_part_of_the_points_comes_with_its_arithmetic(grade: Grade) -> None:
    verdict = grade(("    db = da.sum(axis=0)", "    db = 17 * da.sum(axis=0) + 1"))[
        "rnn_step_backward"
    ]
    assert findings(verdict, "points") == ["8 of 10: 4 of 5 results are right"]
    carried = grade(("next_h = np.tanh(a)", "next_h = a"), share=0.5)["rnn_forward"]
    assert findings(carried, "points") == [
        "4 of 8: the result follows from an earlier mistake, for 0.5 of its points"
    ]
    assert findings(grade()["rnn_step_backward"], "points") == []


def test_a_later_problem_follows_from_the_earlier_mistake_and_keeps_the_set_share(
    grade: Grade,
) -> None:
    mistake = ("next_h = np.tanh(a)", "next_h = a")
    full, half = grade(mistake), grade(mistake, share=0.5)
    assert full["rnn_forward"].score == full["rnn_forward"].max_score
    assert full["rnn_forward"].status == "partial"
    assert full["rnn_forward"].outputs == {"h": "carried"}
    assert half["rnn_forward"].score == full["rnn_forward"].max_score / 2
    assert "counted there" in findings(full["rnn_forward"], "carried")[0]


def test_an_exception_earns_nothing_and_says_which_mistake_it_follows_from(grade: Grade) -> None:
    verdict = grade(("db = da.sum(axis=0)", "db = da"))["rnn_backward"]
    assert verdict.status == "error" and verdict.score == 0
    assert findings(verdict, "carried") == [
        "this follows from the mistake in rnn_step_backward: mend that first "
        "(no points are given without an answer)"
    ]


def test_gradients_true_to_a_diagnosed_forward_are_carried(grade: Grade) -> None:
    """Wh transposed in the forward pass, and a backward pass that is right for that: no variant
    gives both.
    """
    verdicts = grade(
        ("x @ Wx + prev_h @ Wh + b", "x @ Wx + prev_h @ Wh.T + b"),
        ("dprev_h = da @ Wh.T", "dprev_h = da @ Wh"),
        ("dWh = prev_h.T @ da", "dWh = da.T @ prev_h"),
    )
    verdict = verdicts["rnn_step_backward"]
    assert verdict.score == verdict.max_score
    assert set(verdict.outputs.values()) == {"carried"}


def test_an_undiagnosed_forward_carries_nothing(grade: Grade) -> None:
    verdicts = grade(("next_h = np.tanh(a)", "next_h = np.zeros_like(a)"), ("(1 - next_h**2)", "0"))
    assert verdicts["rnn_step_forward"].diagnosis is None
    assert verdicts["rnn_step_backward"].score == 0, (
        "a constant function has a consistent gradient too"
    )


def test_the_same_mistake_made_again_from_scratch_is_not_carried(grade: Grade) -> None:
    """rnn_forward without its bias, while rnn_step_forward is right: a mistake of its own."""
    verdict = grade(
        (
            "rnn_step_forward(x[:, t], prev_h, Wx, Wh, b)",
            "rnn_step_forward(x[:, t], prev_h, Wx, Wh, 0 * b)",
        )
    )["rnn_forward"]
    assert verdict.score == 0
    assert verdict.diagnosis == "rnn_step_forward.no_bias"
