"""Students with conventions of their own: right code earns all points, the lecture's loses some.

The students are made from the misconceptions, in which somebody takes blocks in another order
throughout: for a student of that order, this is right. So nothing here is right only because the
code under test undoes what it did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.authoring import cli as authoring_cli
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.handout.assignment import handout_files
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook
from autograder.check.debug import GivenCase, _wrong, public_cases
from autograder.cli import main
from autograder.convention import LECTURE, LECTURES, Convention, cell_of, drawn
from autograder.grade import Grader, casebooks, convention_of, grade_submission, opened
from autograder.problem import Verdict
from autograder.settings import Conventions, SettingsError, course_from, freeze, load_course, thaw
from tests.conftest import COURSE_TOML, ROOT
from tests.in_process import course_of_all
from tests.submissions import submission

BOOKS = [Casebook(ROOT / "autograder" / "frozen" / "public")]
COURSE = load_course(COURSE_TOML)

MINGRUS = "z n"
"""The blocks of the minGRU, which do not vary."""

NUMPYS = ("lstm", "gru", "stacked", "captioning", "cells")
"""The lessons with gated cells but for torch's, which is graded in a process of its own."""


@cache
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


def changed(text: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def student_of(convention: Convention) -> dict[str, str]:
    """Somebody's right files: the reference, rewritten by hand for another convention."""
    sources = dict(answers().sources)
    order = convention.lstm.split()
    if convention.lstm != LECTURES["lstm"]:
        sources = _taken_in_order(sources, "lstm_step_forward", order)
        sources["cells"] = changed(sources["cells"], *_built_lstms(order))
        names = "i, f, o, g = (x @ self.Wx"
        sources["torch_models"] = changed(
            sources["torch_models"], (names, names.replace("i, f, o, g", ", ".join(order)))
        )
    gates = convention.gru.split()
    if convention.gru != LECTURES["gru"]:
        sources = _taken_in_order(sources, "gru_step_forward", gates)
    sources["cells"] = changed(sources["cells"], *_built_gru(gates, convention.z))
    if convention.z == "old":
        sources["gru"] = changed(sources["gru"], *Z_WEIGHS_THE_OLD)
    return sources


def _taken_in_order(sources: dict[str, str], problem: str, order: list[str]) -> dict[str, str]:
    """The reference with the misconception of this order, throughout."""
    name = f"{problem}.blocks_{'_'.join(order)}"
    known = {wrong.id: wrong for wrong in answers().misconceptions}
    wrong = known.get(f"{name}_throughout") or known[name]
    patched = dict(sources)
    for module, text in answers().patched(wrong).items():
        if text != answers().sources[module]:
            patched[module] = text
    return patched


def _built_lstms(order: list[str]) -> list[tuple[str, str]]:
    """The cells that are built by hand, their columns in another order."""
    columns = [LECTURES["lstm"].split().index(block) for block in order]
    latch, counter = "[big, -big, 0, 0]])", "np.array([open_all, open_all, 0, 0])"
    return [
        (f"{latch}\n", f"{latch}[:, {columns}]\n"),
        ("Wx[:, 3] = [0,", f"Wx[:, {order.index('g')}] = [0,"),
        (counter, f"{counter}[{columns}]"),
    ]


def _built_gru(order: list[str], z: str) -> list[tuple[str, str]]:
    """The GRU that is a vanilla RNN, its blocks in another order; z open towards the new state."""
    bias = {"z": f"np.full(H, {'-' if z == 'old' else ''}40.0)", "r": "np.full(H, 40.0)", "n": "b"}
    parts = {}
    for matrix, rows in (("Wx", "D"), ("Wh", "H")):
        nothing = f"np.zeros(({rows}, H))"
        blocks = ", ".join(matrix if block == "n" else nothing for block in order)
        old = f"np.concatenate([np.zeros(({rows}, 2 * H), {matrix}.dtype), {matrix}], axis=1)"
        parts[old] = f"np.concatenate([{blocks}], axis=1)"
    parts["np.concatenate([gates_open, b])"] = (
        f"np.concatenate([{', '.join(bias[block] for block in order)}])"
    )
    return [*parts.items()]


Z_WEIGHS_THE_OLD = (
    ("next_h = (1 - z) * prev_h + z * n", "next_h = z * prev_h + (1 - z) * n"),
    ("dz = dnext_h * (n - prev_h)", "dz = dnext_h * (prev_h - n)"),
    ("dn = dnext_h * z", "dn = dnext_h * (1 - z)"),
    ("dprev_h = dnext_h * (1 - z) +", "dprev_h = dnext_h * z +"),
)


def verdicts_on(
    sources: dict[str, str],
    convention: Convention,
    names: Iterable[str],
    books: list[Casebook] = BOOKS,
) -> dict[str, Verdict]:
    found = {}
    with imported(sources) as variant:
        grader = Grader(Path(), course_of_all(), books, InProcess(variant), convention=convention)
        for name in names:
            for problem in lessons.lesson(name).problems:
                found[problem.name] = grader.result(problem).verdict
    return found


def lost(verdicts: dict[str, Verdict]) -> dict[str, float]:
    """Problem -> the points that are missing, where some are."""
    missing = {name: one.max_score - one.score for name, one in verdicts.items()}
    return {name: points for name, points in missing.items() if points}


CONVENTIONS = [
    Convention(lstm="f i o g"),
    Convention(lstm="g o f i"),
    Convention(lstm="i f g o"),
    Convention(gru="r z n"),
    Convention(gru="n r z"),
    Convention(z="old"),
    Convention(lstm="o g i f", gru="n z r", z="old"),
]


def words(convention: Convention) -> str:
    return convention.words()


# ------------------------------------------------------------------------------------ what it costs


@pytest.mark.slow
@pytest.mark.parametrize("convention", CONVENTIONS, ids=words)
def test_right_code_in_ones_own_convention_earns_all_points(convention: Convention) -> None:
    verdicts = verdicts_on(student_of(convention), convention, NUMPYS)
    assert lost(verdicts) == {}


@pytest.mark.slow
def test_so_it_does_in_hidden_cases_too() -> None:
    convention = Convention(lstm="o g i f", gru="n z r", z="old")
    books = casebooks(ROOT / "autograder" / "frozen")
    assert any(book.hidden for book in books)
    verdicts = verdicts_on(student_of(convention), convention, ("lstm", "gru", "cells"), books)
    assert lost(verdicts) == {}


NOT_ABOUT_BLOCKS = {
    "cell_gradient_path", "count_parameters", "stacked_forward", "stacked_backward",
    "captioning_loss", "captioning_sample", "corpus_bleu",
    "inside_quotes", "bracket_depth", "rank_cells",
}  # fmt: skip


def alike(convention: Convention) -> set[str]:
    """What has the same numbers in a convention as in the lecture's, since gates are equal."""
    lstm, gru = convention.lstm.split(), convention.gru.split()
    same = {
        "init_lstm": lstm[1] == "f",
        "depth_weights": lstm[2:] == ["o", "g"],
        "gru_to_other_convention": gru[0] == "z",
        "gru_that_is_an_rnn": gru[2] == "n" and convention.z == "new",
    }
    return {name for name, is_same in same.items() if is_same}


@pytest.mark.slow
@pytest.mark.parametrize("convention", CONVENTIONS, ids=words)
def test_the_lectures_code_loses_points_where_its_cell_is_touched_and_nowhere_else(
    convention: Convention,
) -> None:
    verdicts = verdicts_on(dict(answers().sources), convention, NUMPYS)
    touched = set()
    for name in verdicts:
        if convention.touches(lessons.find(name)):
            touched.add(name)
    assert touched and touched.isdisjoint(NOT_ABOUT_BLOCKS)
    wrong = {name for name, one in verdicts.items() if one.status != "passed"}
    assert wrong == touched - alike(convention)


# ---------------------------------------------------------------------------------- what is touched


def test_every_array_with_blocks_is_changed_and_no_other() -> None:
    """By name and shape; a new problem with such an array is looked at here."""
    found: dict[str, set[str]] = {}
    for problem in lessons.all_problems():
        for tensor in (*problem.takes, *problem.gives, *problem.brings):
            if cell_of(problem, tensor.name):
                found.setdefault(problem.lesson, set()).add(problem.name)
    blocks = {problem.name: problem.blocks for problem in lessons.all_problems()}
    by_blocks = {name for name, order in blocks.items() if order not in ("", MINGRUS)}
    named = set().union(*found.values())
    assert by_blocks <= named
    assert named - by_blocks == {
        "captioning_sample_lstm", "captioning_sample_gru", "seq2seq_translate",
        "latch_weights", "depth_weights", "gru_that_is_an_rnn",
    }  # fmt: skip
    assert NOT_ABOUT_BLOCKS.isdisjoint(named)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=words)
def test_there_and_back_again_nothing_has_changed(convention: Convention) -> None:
    rng = np.random.default_rng(1)
    for problem in lessons.all_problems():
        arrays = {}
        for tensor in (*problem.takes, *problem.gives, *problem.brings):
            arrays[tensor.name] = rng.normal(size=(2, 12))
        there = convention.to_student(problem, arrays)
        back = convention.to_lecture(problem, there)
        assert all((back[name] == arrays[name]).all() for name in arrays), problem.name
        differ = any((there[name] != arrays[name]).any() for name in arrays)
        assert differ == convention.touches(problem), problem.name


def test_an_array_is_put_in_order_as_one_would_by_hand() -> None:
    problem = lessons.find("gru_step_backward")
    given = {"db": np.array([1.0, 2, 3, 4, 5, 6]), "dx": np.array([[1.0, 2, 3]])}
    own = Convention(gru="n z r", z="old").to_student(problem, given)
    assert own["db"].tolist() == [5, 6, -1, -2, 3, 4]
    assert own["dx"].tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    "answer",
    [
        np.array(3.0),
        np.zeros(0),
        np.zeros((2, 7)),
        np.array([True, False, True]),
        np.arange(6, dtype=np.uint8),
        np.array([np.nan, np.inf, 1.0]),
    ],
    ids=str,
)
def test_an_answer_of_any_shape_and_sort_is_taken(answer: np.ndarray) -> None:
    problem = lessons.find("gru_step_backward")
    back = Convention(gru="r z n", z="old").to_lecture(problem, {"db": answer})["db"]
    assert back.shape == answer.shape


# ------------------------------------------------------------------------------------- what is said


def said_of(verdict: Verdict) -> str:
    return "\n".join([*(finding.text for finding in verdict.findings), *verdict.hints])


@pytest.mark.slow
def test_whoever_keeps_to_the_lectures_order_is_told_both_orders() -> None:
    for order in map(" ".join, permutations(LECTURES["lstm"].split())):
        if order == LECTURES["lstm"]:
            continue
        convention = Convention(lstm=order)
        verdict = verdicts_on(dict(answers().sources), convention, ["lstm"])["lstm_step_forward"]
        said = said_of(verdict)
        assert f"your own convention holds here: an LSTM's blocks are {order}" in said
        if verdict.diagnosis and ".blocks_" in verdict.diagnosis:
            taken = f"the blocks are taken in the order i f o g, where yours are {order}"
            assert taken in said, order


def test_whoever_has_z_weigh_the_wrong_state_is_told_which() -> None:
    verdicts = verdicts_on(dict(answers().sources), Convention(z="old"), ["gru"])
    said = said_of(verdicts["gru_step_forward"])
    assert "z weighs the new state, where yours weighs the old one" in said
    assert "in PyTorch" not in said.replace("put into the lecture's convention: ", "")


def test_numbers_and_places_are_those_of_the_students_own_arrays() -> None:
    """One number of db is changed, in a block that stands elsewhere and has another sign."""
    convention = Convention(gru="n r z", z="old")
    sources = student_of(convention)
    sources["gru"] = changed(
        sources["gru"],
        ("    db = da.sum(axis=0)\n", "    db = da.sum(axis=0)\n    db[-1] = 123.0\n"),
    )
    verdict = verdicts_on(sources, convention, ["gru"])["gru_step_backward"]
    values = [finding for finding in verdict.findings if finding.layer == "values"]
    assert "db differs by" in values[0].text and " at [14]: yours 123, " in values[0].text
    assert any("db is wrong only in block z" in finding.text for finding in values)
    # Pictures have the lecture's order, which they name.
    drawn_map = values[0].error_map
    assert drawn_map is not None and np.flatnonzero(drawn_map.wrong).tolist() == [4]


def test_blocks_in_another_order_are_named_in_the_students() -> None:
    convention = Convention(lstm="f i o g")
    sources = student_of(convention)
    sources["lstm"] = changed(
        sources["lstm"], ("[da_f, da_i, da_o, da_g]", "[da_i, da_f, da_o, da_g]")
    )
    verdict = verdicts_on(sources, convention, ["lstm"])["lstm_step_backward"]
    assert "its blocks in the order i f o g instead of f i o g" in said_of(verdict)


def test_advice_that_was_written_for_the_lectures_convention_says_so() -> None:
    convention, problem = Convention(lstm="f i o g"), "lstm_step_forward"
    advice = BOOKS[0].lesson("lstm").advice
    for name, one in convention.advice(advice).items():
        if one.problem == problem:
            own = ".blocks_" in name and one.hints[0].startswith("What is your own convention")
            assert own or all(hint.startswith("put into the lecture's") for hint in one.hints)
            assert one.idea != advice[name].idea
            assert not set(one.hints) & set(advice[name].hints)
    assert LECTURE.advice(advice) == advice


# --------------------------------------------------------------------------- whose convention it is


def test_nothing_varies_unless_the_course_says_so_and_the_student_is_known() -> None:
    assert convention_of(COURSE, "ada") == LECTURE
    varied = replace(COURSE, conventions=Conventions(lstm=True, gru=True, z=True))
    assert convention_of(varied, None) == convention_of(varied, " ") == LECTURE
    only = replace(COURSE, conventions=Conventions(z=True))
    found = {convention_of(only, f"student {number}") for number in range(40)}
    assert found == {LECTURE, Convention(z="old")}


def test_a_student_has_the_same_convention_however_the_id_is_typed() -> None:
    varied = replace(COURSE, conventions=Conventions(lstm=True, gru=True, z=True))
    assert convention_of(varied, "Ada ") == convention_of(varied, "ada")
    # Today and in a year, on any machine:
    assert drawn({"lstm": True, "gru": True, "z": True}, "Spring 2027/ada") == PINNED


PINNED = Convention(lstm="i g f o", gru="r z n", z="new")


def test_conventions_are_spread_over_a_class() -> None:
    every = {"lstm": True, "gru": True, "z": True}
    found = [drawn(every, f"term/{number}") for number in range(600)]
    assert {one.lstm for one in found} == set(map(" ".join, permutations("ifog")))
    assert {one.gru for one in found} == set(map(" ".join, permutations("zrn")))
    old = sum(one.z == "old" for one in found)
    assert 240 < old < 360


def test_settings_are_read_and_frozen_and_do_not_go_with_lending(tmp_path: Path) -> None:
    varied = replace(COURSE, conventions=Conventions(lstm=True))
    (tmp_path / "course.json").write_text(freeze(varied), encoding="utf-8")
    assert thaw(tmp_path / "course.json") == varied
    plain = json.loads(freeze(varied)) | {"lend": True}
    with pytest.raises(SettingsError, match=r"lend does not go with \[conventions\]"):
        course_from(plain, "course.toml")


@pytest.mark.parametrize(
    ("conventions", "which", "said"),
    [
        (Conventions(), "gates", ""),
        (Conventions(lstm=True), "recurrence", ""),
        (Conventions(lstm=True), "gates", "the order of an LSTM's blocks differs from"),
        (
            Conventions(lstm=True, z=True),
            "captions",
            "the order of an LSTM's blocks and the state that a GRU's z weighs differ from",
        ),
    ],
)
def test_the_handout_says_that_conventions_are_ones_own_where_they_are(
    conventions: Conventions, which: str, said: str
) -> None:
    course = replace(COURSE, conventions=conventions).only(which)
    readme = " ".join(handout_files(ROOT / "solutions", course)["README.md"].split())
    assert ("**Your own convention.**" in readme) == bool(said)
    assert said in readme and "{{" not in readme and "<!--" not in readme


def test_staff_can_ask_for_a_students_convention(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    varied = replace(COURSE, conventions=Conventions(lstm=True, gru=True))
    monkeypatch.setattr(authoring_cli, "_course", lambda: varied)
    assert main(["convention", "ada"]) == 0
    said = capsys.readouterr().out
    assert said == f"ada: {convention_of(varied, 'ada').words()}\n"
    monkeypatch.setattr(authoring_cli, "_course", lambda: COURSE)
    assert main(["convention", "ada"]) == 0
    assert capsys.readouterr().out.startswith("all students have the lecture's")


# ------------------------------------------------------------------------------ a case to work with


def test_a_case_to_work_with_is_in_the_students_convention(tmp_path: Path) -> None:
    convention = Convention(lstm="f i o g")
    problem = lessons.find("lstm_step_backward")
    folder = submission(tmp_path, files=dict(student_of(convention)))
    case = public_cases(problem)[0]
    given = GivenCase(problem, case, folder, convention=convention)
    H = case.sizes["H"]
    assert (given.inputs["b"][:H] == case.inputs["b"][H : 2 * H]).all()
    returned = given.run()
    assert np.allclose(returned["db"], given.expected["db"])
    assert _wrong(given, returned) == {}
    assert all(other.convention == convention for other in given.cases.values())
    lectures = replace(given, convention=LECTURE)
    assert "db" in _wrong(lectures, lectures.run())


# ------------------------------------------------------------------------------ through the sandbox


@pytest.mark.slow
def test_it_holds_in_the_sandbox_from_an_id_to_a_grade(tmp_path: Path) -> None:
    varied = replace(COURSE, conventions=Conventions(lstm=True, gru=True, z=True))
    student = next(name for name in "abcdefgh" if convention_of(varied, name).z == "old")
    convention = convention_of(varied, student)
    assert convention.lstm != LECTURES["lstm"]
    files: dict[str, str | None] = dict(student_of(convention))
    folder = submission(tmp_path, files=files)
    only = ["lstm_step_forward", "lstm_backward", "init_lstm", "to_pytorch", "latch_weights"]
    only += ["gru_backward", "gru_that_is_an_rnn", "captioning_loss_gru", "lstm_cell"]
    books = casebooks(ROOT / "autograder" / "frozen")
    for name, expected in ((student, "passed"), (None, "failed")):
        trusted = (name,) if name else ()
        verdicts = grade_submission(folder, varied, books, only, trusted=trusted)
        found = {verdict.problem: verdict.status for verdict in verdicts}
        assert len(found) == len(only)
        assert found["lstm_step_forward"] == expected
        if name:
            assert set(found.values()) == {"passed"}, found


def test_an_id_is_read_from_the_answers_or_comes_from_who_can_be_trusted(tmp_path: Path) -> None:
    varied = replace(COURSE, conventions=Conventions(lstm=True))
    file = "answers_gates"
    files = {file: changed(answers().sources[file], ('"example"', '"alan@example.edu"'))}
    folder = submission(tmp_path, files=files)
    for trusted, student in (((), "alan@example.edu"), (("bo@example.edu",), "bo@example.edu")):
        with opened(folder, varied, BOOKS, trusted=trusted) as grader:
            convention = convention_of(varied, student)
            assert grader.convention == convention != LECTURE
            assert f"your convention: {convention.words()}" in grader.remarks
