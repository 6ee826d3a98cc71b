"""The casebook builder: what it draws, what it stores, what it refuses."""

from __future__ import annotations

import itertools
import pickle
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from autograder import lessons
from autograder.arrays import exact
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import (
    build_cases,
    indistinguishable,
    run_probe,
    true_cases,
    with_derivative,
)
from autograder.authoring.casebook.derivatives import forward_inputs
from autograder.authoring.casebook.draw import draw_cases, other_sizes
from autograder.authoring.casebook.freeze import build_casebook
from autograder.authoring.casebook.variants import (
    BuildError,
    dependents,
    imported,
    patch,
    read_package,
)
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook, CasebookError, LessonBook, write_lesson
from autograder.compare import PROJECTIONS, projections
from autograder.problem import Case, Misconception, Problem, parse_tensors

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
RNN = lessons.lesson("rnn")
STEP = lessons.find("rnn_step_forward")


def wrong_idea(replace: str, by: str, home: str = "rnn_step_forward") -> Misconception:
    return Misconception(
        home, "made_up", replace, by, "something is made up", ("a?", "b.", "c."), "own"
    )


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(SOLUTIONS)


# ------------------------------------------------------------------------------------------ drawing


def test_every_tensor_is_drawn_apart_and_nothing_is_zero_or_symmetric() -> None:
    _, _, inputs = next(draw_cases(lessons.find("rnn_backward"), 1, hidden=False))
    assert all(np.abs(value).min() > 0 for value in inputs.values())
    assert not np.allclose(inputs["Wh"], inputs["Wh"].T)
    for one, other in itertools.combinations(inputs.values(), 2):
        assert not np.allclose(one.ravel()[:3], other.ravel()[:3])


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    first, again, other = (next(draw_cases(STEP, seed, hidden=True))[2] for seed in (5, 5, 6))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert any(
        first[name].shape != other[name].shape or (first[name] != other[name]).any()
        for name in first
    )


def test_hidden_sizes_keep_the_pattern_of_the_declared_ones() -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        sizes = other_sizes(dict(N=1, T=5, D=3, H=3, V=9), rng)
        assert sizes["N"] == 1
        assert 1 < sizes["D"] == sizes["H"] < sizes["T"] < sizes["V"]


def test_the_grammar_says_which_values_are_drawn() -> None:
    from autograder.authoring.casebook.draw import draw_tensor

    rng, sizes = np.random.default_rng(0), dict(N=40, T=6, V=3)
    ids, lengths, mask, vocabulary = parse_tensors("ids[N,T]<V lengths[N]<=T mask[N,T]? V[]=V")
    assert set(np.unique(draw_tensor(ids, sizes, rng))) == {0, 1, 2}
    assert set(np.unique(draw_tensor(lengths, sizes, rng))) == {1, 2, 3, 4, 5, 6}
    drawn = draw_tensor(mask, sizes, rng)
    assert drawn.dtype == bool and drawn.any(axis=1).all() and not drawn.all()
    assert draw_tensor(vocabulary, sizes, rng) == 3
    with pytest.raises(ValueError, match="cannot read the tensor 'x'"):
        parse_tensors("x")


# ------------------------------------------------------------------------------------------ storing


def test_exact_copies_survive_the_trap_of_strided_arrays(tmp_path: Path) -> None:
    base = np.arange(12.0).reshape(3, 4)
    awkward = {
        "transposed": base.T,
        "reversed": base[:, ::-1],
        "strided": base[:, ::2],
        "scalar": np.float64(3),
    }
    case = Case("one", {}, dict(awkward), {"out": base.T})
    write_lesson(tmp_path / "x.safetensors", {"p": [case]}, [])
    read = Casebook(tmp_path).lesson("x").cases["p"][0]
    for name, value in awkward.items():
        assert np.array_equal(read.inputs[name], value)
        assert type(read.inputs[name]) is np.ndarray
    assert list(read.inputs) == list(awkward), "the order of declaration is kept"
    assert exact(base.T).flags.c_contiguous


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    arrays = {name: np.ones(2) for name in "zyxabc"}
    case = Case("one", {"N": 2}, arrays, {"out": np.ones(3)}, {"p.wrong": {"out": np.zeros(3)}})
    backwards = replace(case, raises={"p.b": "ValueError", "p.a": "TypeError"})
    forwards = replace(case, raises={"p.a": "TypeError", "p.b": "ValueError"})
    for name, written in {"one": backwards, "two": forwards}.items():
        write_lesson(tmp_path / name, {"p": [written]}, [], {"base": "1", "patches": {}})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_derivatives_of_wrong_forwards_are_kept_apart_from_what_a_variant_gives(
    tmp_path: Path,
) -> None:
    case = Case(
        "one",
        {},
        {"x": np.ones(2)},
        {"dx": np.zeros(2)},
        by_misconception={"p.wrong": {"dx": np.full(2, 3.0)}},
        by_forward={"p.wrong": {"dx": np.full(2, 4.0)}, "p.other": {"dx": np.full(2, 5.0)}},
    )
    write_lesson(tmp_path / "x.safetensors", {"p": [case]}, [])
    (read,) = Casebook(tmp_path).lesson("x").cases["p"]
    assert list(read.by_misconception) == ["p.wrong"]
    assert (read.by_misconception["p.wrong"]["dx"] == 3).all()
    assert sorted(read.by_forward) == ["p.other", "p.wrong"]
    assert (read.by_forward["p.wrong"]["dx"] == 4).all()


def test_what_mistakes_give_is_not_read_for_right_work(frozen: Path) -> None:
    read: list[str] = []
    book = Casebook(frozen / "public").lesson("rnn")

    def noted(problem: str, group: str) -> Any:
        read.append(group)
        return LessonBook._read(book, problem, group)

    book._read = noted  # type: ignore[method-assign]
    case, other = book.cases_of(STEP)[:2]
    assert len(case.by_misconception) > 5
    assert read == ["in", "out"], "of all cases at once"

    wrong = next(iter(case.by_misconception))
    assert wrong in case.by_misconception and wrong in other.by_misconception
    assert read == ["in", "out"]
    for one in (case, other, case):
        kept = one.by_misconception[wrong]["next_h"]
        whole = one.expected["next_h"].shape
        assert kept.shape == (whole if one.keeps_whole("next_h") else (PROJECTIONS,))
    assert read == ["in", "out", wrong]
    assert case.by_misconception.get("rnn_step_forward.nobodys") is None

    elsewhere = pickle.loads(pickle.dumps(case))
    assert list(elsewhere.by_misconception) == list(case.by_misconception)


def test_the_derivative_of_a_wrong_forward_is_frozen_where_it_differs(answers: Answers) -> None:
    """Without its tanh, a step is linear: its gradients are known without any differentiation."""
    own = tuple(one for one in answers.misconceptions if one.id == "rnn_step_forward.no_tanh")
    cases = build_cases(replace(answers, misconceptions=own), RNN, 1, hidden=False)
    for case in cases["rnn_step_backward"]:
        upstream, given = case.inputs["dnext_h"], case.inputs
        right = {"dx": upstream @ given["Wx"].T, "db": upstream.sum(axis=0)}
        frozen = case.by_forward.get("rnn_step_forward.no_tanh", {})
        for name, gradient in right.items():
            # Where a tensor of zeros is given, some gradients are zeros with and without the tanh.
            kept = frozen.get(name, projections(name, case.expected[name]))
            np.testing.assert_allclose(kept, projections(name, gradient), rtol=1e-6, atol=1e-7)
    assert not any(case.by_forward for case in cases["rnn_step_forward"])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("np.tanh(a) / 0", "it is not finite"),
        ("np.sqrt(np.tanh(a) * 0 - 1)", "it is not a number"),
        ("np.tanh(a)[:, :1]", "it has another shape"),
        ("np.tanh(a) + 1", "it is the true one"),
        ("1 / undefined", "it raises"),
    ],
)
def test_a_forward_without_a_derivative_of_its_own_freezes_none(
    change: str, why: str, answers: Answers
) -> None:
    backward = lessons.find("rnn_step_backward")
    by = f"next_h = {change}"
    patched = patch(answers.sources["rnn"], wrong_idea("next_h = np.tanh(a)", by))
    with imported(answers.sources) as reference:
        case = true_cases(backward, reference, 1, hidden=False)[0]
        truth = run_probe(STEP, reference, forward_inputs(backward, case))
    with imported({**answers.sources, "rnn": patched}) as variant:
        found = with_derivative(backward, variant, case, "rnn_step_forward.made_up", truth)
    assert not found.by_forward, why


# -------------------------------------------------------------------------------- a stale casebook


@pytest.fixture
def small_book(tmp_path: Path, answers: Answers) -> Path:
    """The casebook of a course in which the lesson rnn has one problem."""
    lesson = replace(RNN, problems=(STEP,))
    cases = build_cases(replace(answers, misconceptions=()), lesson, 1, hidden=False)
    write_lesson(tmp_path / "rnn.safetensors", cases, [])
    return tmp_path


def test_a_casebook_that_is_up_to_date_has_the_problems_cases(small_book: Path) -> None:
    drawn = [name for name, _, _ in draw_cases(STEP, 1, hidden=False)]
    read = Casebook(small_book).lesson("rnn").cases_of(STEP)
    assert [case.name for case in read] == drawn


@pytest.mark.parametrize("name", ["rnn_step_foo", "rnn_forward"])
def test_a_problem_that_was_added_or_renamed_since_is_a_sentence(
    small_book: Path, name: str
) -> None:
    said = rf"the casebook has no cases of {name}: it was built before .* run `make casebook`"
    with pytest.raises(CasebookError, match=said):
        Casebook(small_book).lesson("rnn").cases_of(replace(STEP, name=name))


@pytest.mark.parametrize(
    "change",
    [
        {"takes": parse_tensors("x[N,D] old_h[N,H] Wx[D,H] Wh[H,H] b[H]")},
        {"gives": parse_tensors("h[N,H]")},
        {"holds": parse_tensors("refuses_nonsense[]?")},
    ],
    ids=["takes", "gives", "holds"],
)
def test_a_problem_whose_tensors_have_other_names_since_is_a_sentence(
    small_book: Path, change: dict[str, Any]
) -> None:
    said = "cases of rnn_step_forward were built before its tensors were renamed; run `make casebo"
    with pytest.raises(CasebookError, match=said):
        Casebook(small_book).lesson("rnn").cases_of(replace(STEP, **change))


def test_a_lesson_that_was_added_since_is_a_sentence(small_book: Path) -> None:
    said = r"the casebook gru\.safetensors is missing: run `make casebook`"
    with pytest.raises(CasebookError, match=said):
        Casebook(small_book).lesson("gru").cases_of(lessons.find("gru_forward"))


def test_a_file_that_is_no_casebook_is_a_sentence(small_book: Path) -> None:
    (small_book / "rnn.safetensors").write_bytes(b"not a casebook at all")
    with pytest.raises(CasebookError, match=r"cannot be read .* run `make casebook`"):
        Casebook(small_book).lesson("rnn").cases_of(STEP)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.9])
def test_a_file_that_ends_too_early_is_a_sentence(small_book: Path, part: float) -> None:
    file = small_book / "rnn.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[: int(part * len(content))])
    with pytest.raises(CasebookError, match=r"cannot be read .* run `make casebook`"):
        Casebook(small_book).lesson("rnn").cases_of(STEP)


@pytest.mark.parametrize("metadata", [None, {"cases": "{}", "advice": "[]"}])
def test_a_file_of_another_version_is_a_sentence(
    tmp_path: Path, metadata: dict[str, str] | None
) -> None:
    save_file({"a": np.ones(1)}, tmp_path / "rnn.safetensors", metadata=metadata)
    with pytest.raises(CasebookError, match="was built by another version: run `make casebook`"):
        Casebook(tmp_path).lesson("rnn").cases_of(STEP)


# ----------------------------------------------------------------------------------------- variants


def test_a_patch_in_one_module_is_seen_by_those_that_import_it() -> None:
    sources = {
        "__init__": "",
        "a": "def f():\n    return 1\n",
        "b": "from .a import f\n\ndef g():\n    return f() + 1\n",
    }
    assert dependents(sources, "a") == {"a", "b"}
    assert dependents(sources, "b") == {"b"}
    wrong = {**sources, "a": patch(sources["a"], wrong_idea("return 1", "return 10", home="f"))}
    with imported(sources) as true, imported(wrong) as false:
        assert true.module("b").g() == 2
        assert false.module("b").g() == 11


@pytest.mark.parametrize(
    ("replaced", "by", "complaint"),
    [
        ("no such text", "x", "occurs 0 times in rnn_step_forward"),
        ("Wh", "Wx", r"occurs \d+ times in rnn_step_forward"),
        ("np.tanh(a)", "np.tanh(a", "does not parse"),
    ],
)
def test_a_misconception_whose_patch_is_not_one_is_refused(
    replaced: str, by: str, complaint: str
) -> None:
    source = read_package(SOLUTIONS / "recurrent")["rnn"]
    with pytest.raises(BuildError, match=complaint):
        patch(source, wrong_idea(replaced, by))


def test_a_misconception_that_no_case_can_see_is_refused(answers: Answers) -> None:
    unseen = wrong_idea("next_h = np.tanh(a)", "next_h = np.tanh(a) + 0")
    with pytest.raises(
        BuildError, match=r"no public case of rnn_step_forward can see rnn_step_forward\.made_up"
    ):
        build_cases(replace(answers, misconceptions=(unseen,)), RNN, 1, hidden=False)


def test_a_misconception_that_no_hidden_case_can_see_leaves_a_way_out(answers: Answers) -> None:
    unseen = wrong_idea("next_h = np.tanh(a)", "next_h = np.tanh(a) + 0")
    with pytest.raises(BuildError, match=r"no hidden case .*: add a size .* NEW_SEED=1 draws"):
        build_cases(replace(answers, misconceptions=(unseen,)), RNN, 1, hidden=True)


def test_a_misconception_that_is_only_broken_code_is_refused(answers: Answers) -> None:
    broken = wrong_idea("next_h = np.tanh(a)", "next_h = np.tanh(a) + undefined")
    with pytest.raises(
        BuildError, match=r"rnn_step_forward\.made_up raises an exception on every case"
    ):
        build_cases(replace(answers, misconceptions=(broken,)), RNN, 1, hidden=False)


def test_a_reference_that_disagrees_with_numeric_gradients_is_refused(answers: Answers) -> None:
    wrong = answers.sources["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
    with (
        imported({**answers.sources, "rnn": wrong}) as variant,
        pytest.raises(BuildError, match="dWh disagrees with numeric differentiation"),
    ):
        true_cases(lessons.find("rnn_step_backward"), variant, 1, hidden=False)


def test_what_a_variant_prints_is_not_heard(
    answers: Answers, capfd: pytest.CaptureFixture[str]
) -> None:
    def probe(student: Any, **inputs: np.ndarray) -> Any:
        print("to the author's terminal")
        print("and to its errors", file=sys.stderr)
        return STEP.probe(student, **inputs)

    with imported(answers.sources) as variant:
        true_cases(replace(STEP, probe=probe), variant, 1, hidden=False)
        case = InProcess(variant).session(STEP).call(replace(STEP, probe=probe), _inputs())
    assert case.fault is None
    assert capfd.readouterr() == ("", "")


def _inputs() -> dict[str, np.ndarray]:
    return next(draw_cases(STEP, 1, hidden=False))[2]


def test_a_probe_that_is_not_deterministic_is_refused(answers: Answers) -> None:
    noise = np.random.default_rng(0)

    def probe(student, **inputs):  # type: ignore[no-untyped-def]
        return {"next_h": STEP.probe(student, **inputs)["next_h"] + noise.random()}

    with (
        imported(answers.sources) as variant,
        pytest.raises(BuildError, match="different results for the same inputs"),
    ):
        true_cases(replace(STEP, probe=probe), variant, 1, hidden=False)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda out: {"other": out["next_h"]}, "the declaration says"),
        (lambda out: {"next_h": out["next_h"].T}, "the reference gives"),
        (lambda out: {"next_h": out["next_h"] * np.nan}, "gives NaN in next_h"),
        (lambda out: {"next_h": out["next_h"].astype(object)}, "not an array of numbers"),
    ],
)
def test_a_reference_that_breaks_its_declaration_is_refused(
    answers: Answers, change, complaint: str
) -> None:  # type: ignore[no-untyped-def]
    probe = lambda student, **inputs: change(STEP.probe(student, **inputs))  # noqa: E731
    with imported(answers.sources) as variant, pytest.raises(BuildError, match=complaint):
        true_cases(replace(STEP, probe=probe), variant, 1, hidden=False)


def test_a_lesson_whose_package_is_missing_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "can_run", lambda name: name != "torch_models")
    with pytest.raises(BuildError, match="the cases of torch_models need torch: install it"):
        build_casebook(
            SOLUTIONS, tmp_path / "new", 1, False, [RNN, lessons.lesson("torch_models")], print
        )
    assert not (tmp_path / "new").exists()


def test_pairs_that_cannot_be_told_apart_are_listed() -> None:
    problem: Problem = STEP
    one, other = np.ones((1, 2)), np.full((1, 2), 2.0)
    case = Case(
        "c",
        {},
        {},
        {"next_h": np.zeros((1, 2))},
        {"a": {"next_h": one}, "b": {"next_h": one}, "c": {"next_h": other}},
    )
    assert indistinguishable([case], problem, ["a", "b", "c"]) == [("a", "b")]
