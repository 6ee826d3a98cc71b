"""The leaderboard: hostile files of weights, the score, results.json, and what nobody is given."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save, save_file

from assignment.recurrent.training import save_weights
from autograder.authoring.handout import make_autograder, make_handout
from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.leaks import leaks, telling_lines
from autograder.authoring.leaderboard import forward
from autograder.authoring.leaderboard.forward import HELD_OUT, bits_per_character
from autograder.authoring.leaderboard.held_out import write_leaderboard
from autograder.authoring.rehearse import rehearse
from autograder.convention import LECTURE, Convention
from autograder.grade import casebooks, taken_in
from autograder.leaderboard import entry
from autograder.leaderboard.entry import FOLDER, PROGRAM, Standing, handed_in, standing
from autograder.leaderboard.weights import CELLS, NAME, NAMES, Refused, read
from autograder.report import gradescope
from autograder.report.results import Results
from autograder.settings import Course, Leaderboard, ProblemSet, freeze, load_course, thaw
from tests.conftest import COURSE_TOML, HIDDEN_SEED, ROOT
from tests.submissions import submission
from tests.test_gradescope import validate

V, H = 96, 7
LIMITS = Leaderboard()
WITHOUT = replace(
    load_course(COURSE_TOML), sets=(ProblemSet("words", "Words", ("rnn", "head", "charlm")),)
)
WITH = replace(WITHOUT, leaderboard=LIMITS)


def model(blocks: int, width: int = H, seed: int = 0) -> dict[str, np.ndarray]:
    """The parameters of a cell with so many blocks, large enough that every part of it matters."""
    rng = np.random.default_rng(seed)
    k = blocks * width
    shapes = {"Wx": (V, k), "Wh": (width, k), "b": (k,), "Why": (width, V), "by": (V,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def changed(name: str, value: np.ndarray) -> bytes:
    return save({**model(1), name: value})


def with_header(header: bytes, data: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header, which claims to be as long as `length`."""
    claimed = len(header) if length is None else length
    return claimed.to_bytes(8, "little") + header + data


def header_of(blocks: int = 1) -> dict[str, Any]:
    data = save(model(blocks))
    return dict(json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")]))


def with_one(name: str, **told: Any) -> bytes:
    """A right file, of whose header one entry says something else."""
    data = save(model(1))
    header = header_of()
    header[name] |= told
    length = int.from_bytes(data[:8], "little")
    return with_header(json.dumps(header).encode(), data[8 + length :])


def twins() -> bytes:
    """A right file whose header has Wx twice."""
    data = save(model(1))
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length].rstrip().removesuffix(b"}")
    told = json.dumps(header_of()["Wx"]).encode()
    return with_header(header + b',"Wx":' + told + b"}", data[8 + length :])


def npz() -> bytes:
    file = io.BytesIO()
    np.savez(file, **model(1))
    return file.getvalue()


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("a pickle was loaded",)


RIGHT = save(model(1))
NOT_FINITE = np.zeros((H, H))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "three bytes": (b"abc", "is no whole safetensors file"),
    "a header of 10 GB": (with_header(b"{}", length=10**10), "is no whole safetensors file"),
    "the longest header": (with_header(b"{}", length=2**64 - 1), "is no whole safetensors file"),
    "a header of 1 MB": (with_header(b"{" + b" " * 10**6 + b"}"), "is no whole safetensors file"),
    "cut in the header": (RIGHT[:100], "is no whole safetensors file"),
    "cut in the arrays": (RIGHT[:-1], "is damaged"),
    "a byte more": (RIGHT + b"x", "is damaged"),
    "a pickle": (pickle.dumps(Bomb()), "is no whole safetensors file"),
    "an npz": (npz(), "is no whole safetensors file"),
    "a pickle after a length": (with_header(pickle.dumps(Bomb())), "is no safetensors file"),
    "no JSON": (with_header(b"Wx, Wh, b"), "is no safetensors file"),
    "no UTF-8": (with_header(b"\xff\xfe\xff"), "is no safetensors file"),
    "a list": (with_header(b"[1]"), "is no safetensors file"),
    "deep JSON": (with_header(b"[" * 9_000), "is no safetensors file"),
    "a long number": (with_header(b"9" * 9_000), "is no safetensors file"),
    "a name twice": (twins(), "is no safetensors file"),
    "nothing in it": (save({}), "holds no array: save Wx, Wh, b, Why and by"),
    "another name": (changed("h0", np.zeros(H)), "holds "),
    "a name missing": (save({"Wx": np.zeros((V, H))}), "holds Wx: save Wx, Wh, b, Why and by"),
    "a name to draw with": (save({"\x1b[2J\n" * 40: np.zeros(1)}), "holds \ufffd[2J\ufffd"),
    "thousands of arrays": (
        save({str(number): np.zeros(1) for number in range(5_000)}),
        "is no whole safetensors file",
    ),
    "whole numbers": (changed("by", np.zeros(V, np.int64)), "by is not float32 or float64"),
    "halves": (changed("by", np.zeros(V, np.float16)), "by is not float32 or float64"),
    "truth values": (changed("by", np.zeros(V, bool)), "by is not float32 or float64"),
    "0-d": (changed("by", np.array(1.0)), "has shapes of no cell"),
    "all 0-d": (save({name: np.array(1.0) for name in NAMES}), "has shapes of no cell"),
    "no units": (save(model(1, width=0)), "has shapes of no cell"),
    "two blocks": (save(model(2)), "has shapes of no cell"),
    "transposed": (changed("Why", np.zeros((V, H))), "has shapes of no cell"),
    "an axis more": (changed("b", np.zeros((1, H))), "has shapes of no cell"),
    "another alphabet": (changed("by", np.zeros(V - 1)), "has shapes of no cell"),
    "no type": (with_one("Wx", dtype=None), "Wx is not float32 or float64"),
    "a type that is a list": (with_one("Wx", dtype=["F64"]), "Wx is not float32 or float64"),
    "no shape": (with_one("Why", shape=None), "has shapes of no cell"),
    "a huge shape": (with_one("Why", shape=[10**18, V]), "has shapes of no cell"),
    "a negative shape": (with_one("Why", shape=[-H, V]), "has shapes of no cell"),
    "arrays over one another": (with_one("Wx", data_offsets=[0, 96 * H * 8]), "is damaged"),
    "an array outside": (with_one("Wh", data_offsets=[10**9, 10**9 + H * H * 8]), "is damaged"),
    "half of an array": (with_one("Wh", dtype="F32"), "is damaged"),
    "NaN": (changed("Wh", NOT_FINITE * np.nan), "Wh has numbers that are not finite"),
    "infinite": (changed("Wh", NOT_FINITE + np.inf), "Wh has numbers that are not finite"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_wrong_file_is_one_sentence(kind: str) -> None:
    data, said = HOSTILE[kind]
    with pytest.raises(Refused) as refused:
        read(data, V)
    sentence = str(refused.value)
    assert sentence.startswith(NAME) and said in sentence
    assert ": " in sentence, "it says what to do"
    # an entry of the program has no room for more
    assert sentence.isprintable() and len(sentence) < 250


@pytest.mark.parametrize("blocks", CELLS)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_right_file_is_read_as_it_was_saved(blocks: int, kind: type, tmp_path: Path) -> None:
    params = {name: value.astype(kind) for name, value in model(blocks).items()}
    cell, arrays = read(save(params, {"anything": "said"}), V)
    assert cell == CELLS[blocks] and list(arrays) == list(NAMES)
    for name, value in arrays.items():
        assert value.dtype == np.float64 and np.array_equal(value, params[name])


def test_save_weights_writes_such_a_file_even_of_a_transposed_array(tmp_path: Path) -> None:
    params = {name: np.asfortranarray(value) for name, value in model(4).items()}
    save_weights(tmp_path / NAME, params)
    cell, arrays = read((tmp_path / NAME).read_bytes(), V)
    assert cell == "LSTM"
    for name, value in arrays.items():
        assert np.array_equal(value, params[name].astype(np.float32))


# ------------------------------------------------------------------------------ in a submission

In = Callable[[Path], Path]


def folder(tmp_path: Path, data: bytes = RIGHT) -> Path:
    (tmp_path / "recurrent").mkdir(parents=True)
    (tmp_path / "recurrent" / NAME).write_bytes(data)
    return tmp_path


def zipped(tmp_path: Path, data: bytes = RIGHT, name: str = f"work/recurrent/{NAME}") -> Path:
    tmp_path.mkdir(exist_ok=True)
    with zipfile.ZipFile(tmp_path / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work/recurrent/rnn.py", "x = 1\n")
        archive.writestr(name, data)
    return tmp_path / "work.zip"


def zip_in_folder(tmp_path: Path) -> Path:
    return zipped(tmp_path).parent


@pytest.mark.parametrize("made", [folder, zipped, zip_in_folder])
def test_the_file_is_found_in_a_folder_and_in_a_zip(made: In, tmp_path: Path) -> None:
    found = handed_in(made(tmp_path / "submission"), LIMITS)
    assert found.data == RIGHT and not found.refused


def test_a_large_file_in_a_zip_comes_whole(tmp_path: Path) -> None:
    data = np.random.default_rng(0).bytes(3_900_000)
    assert handed_in(zipped(tmp_path, data), LIMITS).data == data


def test_where_there_is_no_such_file_nothing_is_said(tmp_path: Path) -> None:
    nothing = handed_in(submission(tmp_path / "work"), LIMITS)
    assert nothing.data is None and not nothing.refused
    assert standing(nothing, tmp_path, LIMITS, LECTURE) == Standing()
    junk = zipped(tmp_path / "zip", name=f"__MACOSX/{NAME}")
    assert handed_in(junk, LIMITS).data is None


def link(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_bytes(RIGHT)
    (folder(tmp_path) / "recurrent" / NAME).unlink()
    (tmp_path / "recurrent" / NAME).symlink_to(tmp_path / "secret")
    return tmp_path


def second_name(tmp_path: Path) -> Path:
    os.link(folder(tmp_path) / "recurrent" / NAME, tmp_path / "other")
    return tmp_path


def pipe(tmp_path: Path) -> Path:
    (folder(tmp_path) / "recurrent" / NAME).unlink()
    os.mkfifo(tmp_path / "recurrent" / NAME)
    return tmp_path


def directory(tmp_path: Path) -> Path:
    (tmp_path / "recurrent" / NAME).mkdir(parents=True)
    return tmp_path


def sparse(tmp_path: Path) -> Path:
    os.truncate(folder(tmp_path) / "recurrent" / NAME, 10**10)
    return tmp_path


def bomb(tmp_path: Path) -> Path:
    return zipped(tmp_path, bytes(LIMITS.max_bytes + 1))


@pytest.mark.parametrize(
    "made, said",
    [
        (link, "is a link, or cannot be opened: hand in the file itself"),
        (second_name, "is not a plain file of its own: hand in the file itself"),
        (pipe, "is not a plain file of its own: hand in the file itself"),
        (directory, "is a folder: hand in the file itself"),
        (sparse, "is larger than 4 MB: take fewer hidden units"),
        (bomb, "is larger than 4 MB: take fewer hidden units"),
    ],
)
def test_what_is_no_plain_file_of_the_right_size_is_not_read(
    made: In, said: str, tmp_path: Path
) -> None:
    (tmp_path / "work").mkdir()
    found = handed_in(made(tmp_path / "work"), LIMITS)
    assert found.data is None and found.refused == f"{NAME} {said}"
    told = standing(found, tmp_path, LIMITS, LECTURE)
    assert told.rows == () and said in told.remark and "costs no point" in told.remark


def test_a_fault_of_ours_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = standing(handed_in(folder(tmp_path), LIMITS), tmp_path, LIMITS, LECTURE)
    assert told == Standing(remark=entry.OURS), "there is no program"
    monkeypatch.setattr(entry, "places_in", lambda *arguments: 1 / 0)
    assert handed_in(tmp_path, LIMITS).refused == entry.OURS


@pytest.mark.parametrize("pack", [folder, zipped])
def test_intake_takes_the_same_of_a_submission_with_weights(pack: In, tmp_path: Path) -> None:
    taken = []
    for place, data in (("with", RIGHT), ("without", None)):
        work = submission(tmp_path / place / "work")
        if data is not None:
            (work / "recurrent" / NAME).write_bytes(data)
        if pack is zipped:
            with zipfile.ZipFile(tmp_path / place / "work.zip", "w") as archive:
                for path in sorted(work.rglob("*.*")):
                    archive.write(path, path.relative_to(work))
            work = tmp_path / place / "work.zip"
        into = tmp_path / place / "into"
        into.mkdir()
        intake = taken_in(work, WITHOUT, into)
        files = {path.relative_to(into) for path in into.rglob("*")}
        taken.append((intake.found, intake.notes, intake.refused, files))
    assert taken[0] == taken[1]


# ------------------------------------------------------------------------------------ the score


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the program and the text."""
    hidden = tmp_path_factory.mktemp("hidden")
    write_leaderboard(ROOT, hidden, HIDDEN_SEED)
    return hidden / FOLDER


def by_torch(blocks: int, params: dict[str, np.ndarray], ids: np.ndarray) -> float:
    """The same by torch: by its modules or, for the GRU, which is another there, its operators."""
    Wx, Wh, b, Why, by = (torch.tensor(params[name]) for name in NAMES)
    text = torch.tensor(ids)
    x = torch.nn.functional.one_hot(text[:, :-1], V).double()
    width = len(Wh)
    if blocks == 3:
        h, states = torch.zeros(len(ids), width).double(), []
        for t in range(x.shape[1]):
            driven = x[:, t] @ Wx + b
            gates = torch.sigmoid(driven[:, : 2 * width] + h @ Wh[:, : 2 * width])
            z, r = gates[:, :width], gates[:, width:]
            n = torch.tanh(driven[:, 2 * width :] + (r * h) @ Wh[:, 2 * width :])
            h = torch.lerp(h, n, z)
            states.append(h)
        seen = torch.stack(states, dim=1)
    else:
        if blocks == 4:  # PyTorch has i f g o
            Wx, Wh, b = (
                torch.cat(
                    [w[..., : 2 * width], w[..., 3 * width :], w[..., 2 * width : 3 * width]], -1
                )
                for w in (Wx, Wh, b)
            )
        layer = (torch.nn.LSTM if blocks == 4 else torch.nn.RNN)(V, width, batch_first=True)
        layer = layer.double()
        with torch.no_grad():
            layer.weight_ih_l0.copy_(Wx.T)
            layer.weight_hh_l0.copy_(Wh.T)
            layer.bias_ih_l0.copy_(b)
            layer.bias_hh_l0.zero_()
            seen, _ = layer(x)
    scores = seen @ Why + by
    loss = torch.nn.functional.cross_entropy(scores.reshape(-1, V), text[:, 1:].reshape(-1))
    return float(loss) / float(np.log(2))


@pytest.mark.parametrize("blocks", CELLS)
def test_the_score_is_that_of_torch(blocks: int, board: Path) -> None:
    params = {name: value.astype(np.float32) for name, value in model(blocks).items()}
    told = standing(entry.HandedIn(save(params)), board, LIMITS, LECTURE)
    (row,) = told.rows
    exact = {name: value.astype(np.float64) for name, value in params.items()}
    expected = by_torch(blocks, exact, load_file(board / HELD_OUT)["ids"])
    assert row == {"name": "bits per character", "value": round(expected, 4), "order": "asc"}
    assert f"{CELLS[blocks]} of {H} units, {expected:.4f} bits per character" in told.remark


def test_who_guesses_among_all_characters_needs_the_logarithm_of_their_number(board: Path) -> None:
    zeros = {name: np.zeros_like(value) for name, value in model(1).items()}
    (row,) = standing(entry.HandedIn(save(zeros)), board, LIMITS, LECTURE).rows
    assert row["value"] == round(np.log2(V), 4)


def test_a_model_is_scored_in_the_students_own_convention() -> None:
    own = Convention(lstm="o g i f", gru="n z r", z="old")
    ids = np.random.default_rng(1).integers(V, size=(3, 9))
    for blocks, order, mine in ((4, LECTURE.lstm, own.lstm), (3, LECTURE.gru, own.gru)):
        params = model(blocks)
        expected = bits_per_character(
            CELLS[blocks], params, ids, LECTURE.lstm, LECTURE.gru, LECTURE.z
        )
        for name in ("Wx", "Wh", "b"):
            parts = dict(zip(order.split(), np.split(params[name], blocks, axis=-1), strict=True))
            if blocks == 3:
                parts["z"] = -parts["z"]
            params[name] = np.concatenate([parts[letter] for letter in mine.split()], axis=-1)
        bits = bits_per_character(CELLS[blocks], params, ids, own.lstm, own.gru, own.z)
        assert bits == pytest.approx(expected, abs=1e-12)


def test_numbers_too_large_to_score_and_wrong_files_are_refused_by_the_program(board: Path) -> None:
    huge = {name: value * 1e307 for name, value in model(1).items()}
    for data, said in ((save(huge), "scores that are not finite"), (RIGHT[:-1], "is damaged")):
        told = standing(entry.HandedIn(data), board, LIMITS, LECTURE)
        assert told.rows == () and said in told.remark and told.remark != entry.OURS


def test_a_model_that_takes_too_long_is_stopped(board: Path) -> None:
    data = save({name: value.astype(np.float32) for name, value in model(4, width=400).items()})
    told = standing(entry.HandedIn(data), board, Leaderboard(max_seconds=1), LECTURE)
    assert told.rows == () and "takes too long to score" in told.remark


def test_numbers_as_large_as_float32_has_them_are_scored(board: Path) -> None:
    largest = {name: np.sign(value) * 3e38 for name, value in model(4).items()}
    (row,) = standing(entry.HandedIn(save(largest)), board, LIMITS, LECTURE).rows
    assert np.isfinite(row["value"]) and row["value"] > 1e30


# ------------------------------------------------------------------------------------- the text


def test_the_text_is_drawn_with_the_seed_and_no_notebook_reads_it(
    board: Path, tmp_path: Path
) -> None:
    held_out = load_file(board / HELD_OUT)
    ids = held_out["ids"]
    text = ["".join(chr(held_out["alphabet"][i]) for i in row) for row in ids]
    assert ids.shape == (64, 513) and all(stretch[0] == "\n" for stretch in text)
    assert ids.min() >= 0 and ids.max() < len(held_out["alphabet"]) == V
    write_leaderboard(ROOT, tmp_path / "same", HIDDEN_SEED)
    write_leaderboard(ROOT, tmp_path / "other", HIDDEN_SEED + 1)
    same, other = (load_file(tmp_path / place / FOLDER / HELD_OUT) for place in ("same", "other"))
    assert np.array_equal(same["ids"], ids) and not np.array_equal(other["ids"], ids)
    from assignment.recurrent.data.source_code import source_code

    read_there = source_code(50_000_000)
    seen = [stretch for stretch in text if stretch in read_there.training + read_there.held_out]
    assert seen == []


# ------------------------------------------------------------------------------------- the zips


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The handout and the autograder's zip, with a leaderboard and without."""
    dist = tmp_path_factory.mktemp("dist")
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        for name, course in (("with", WITH), ("without", WITHOUT)):
            patched.setattr(zips_module, "course_of", lambda root, course=course: course)
            said: list[str] = []
            found[f"handout {name}"] = make_handout("words", dist / name / "a.zip", said.append)
            found[f"autograder {name}"] = make_autograder(
                "words", dist / name / "autograder.zip", HIDDEN_SEED, said.append
            )
    yield found


def graded(built: dict[str, Path], which: str, work: Path, tmp_path: Path) -> dict[str, Any]:
    path = rehearse(built[f"autograder {which}"], work, tmp_path / "tree")
    return validate(path)


def work_with(tmp_path: Path, data: bytes) -> Path:
    work = submission(tmp_path / "work")
    (work / "recurrent" / NAME).write_bytes(data)
    return work


def test_a_right_file_is_in_results_json(built: dict[str, Path], tmp_path: Path) -> None:
    data = graded(built, "with", work_with(tmp_path, RIGHT), tmp_path)
    (row,) = data["leaderboard"]
    assert row["name"] == "bits per character" and row["order"] == "asc"
    assert isinstance(row["value"], float) and 0 < row["value"] < 100
    assert f"an RNN of {H} units, {row['value']:.4f} bits per character" in data["output"]
    assert data["score"] == pytest.approx(sum(test["max_score"] for test in data["tests"]))


def test_a_wrong_file_costs_a_sentence_and_no_point(built: dict[str, Path], tmp_path: Path) -> None:
    data = graded(built, "with", work_with(tmp_path, pickle.dumps(Bomb())), tmp_path)
    assert "leaderboard" not in data
    assert data["output"].count("is no whole safetensors file") == 1
    assert data["score"] == pytest.approx(sum(test["max_score"] for test in data["tests"]))


def test_every_result_is_saved_before_a_model_is_scored(
    frozen: Path, board: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who is stopped while a model is scored would lose all points for it."""
    path = tmp_path / "results.json"
    saved = []

    def scoring(*arguments: Any) -> Standing:
        saved.append(json.loads(path.read_text(encoding="utf-8")))
        return standing(*arguments)

    monkeypatch.setattr(gradescope, "standing", scoring)
    work = work_with(tmp_path, RIGHT)
    gradescope.grade_into(Results(path), work, WITH, casebooks(frozen), board=board)
    [before] = saved
    after = json.loads(path.read_text(encoding="utf-8"))
    assert before["score"] == after["score"] > 0
    assert "leaderboard" not in before and len(after["leaderboard"]) == 1


def test_without_the_table_nothing_is_said_of_the_file(
    built: dict[str, Path], tmp_path: Path
) -> None:
    data = graded(built, "without", work_with(tmp_path, RIGHT), tmp_path)
    assert "leaderboard" not in data and "safetensors" not in data["output"]


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_what_scores_lies_in_the_autograders_zip_alone(built: dict[str, Path]) -> None:
    wanted, holders = {PROGRAM, HELD_OUT}, {}
    for which, path in built.items():
        names = names_in(path)
        holders[which] = [name for name in names if name.rpartition("/")[2] in wanted]
    place = f"autograder/frozen/hidden/{FOLDER}"
    assert sorted(holders.pop("autograder with")) == [f"{place}/{PROGRAM}", f"{place}/{HELD_OUT}"]
    assert not any(holders.values())


@pytest.mark.parametrize("which", ["with", "without"])
def test_no_line_of_the_forward_pass_is_in_a_handout(which: str, built: dict[str, Path]) -> None:
    source = Path(forward.__file__).read_text(encoding="utf-8")
    steps = source[source.index("def _squashed") : source.index("def scored")]
    lines = {line for line in telling_lines(steps) if not line.startswith("def")}
    assert len(lines) > 10
    assert leaks(built[f"handout {which}"], lines) == []
    assert leaks(built["autograder with"], lines) != []


def test_the_handout_tells_of_the_leaderboard_where_there_is_one(built: dict[str, Path]) -> None:
    texts = {}
    for which in ("with", "without"):
        with zipfile.ZipFile(built[f"handout {which}"]) as archive:
            texts[which] = archive.read("a/README.md").decode()
    for fact in ("at most 4 MB", "20 seconds of processor time", f"{V} of them"):
        assert fact in texts["with"]
    assert "leaderboard" not in texts["without"].lower()


def test_weights_that_lie_about_are_not_handed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.authoring.handout.assignment import copy_given

    given = tmp_path / "assignment"
    (given / "recurrent").mkdir(parents=True)
    (given / "recurrent" / "training.py").write_text("x = 1\n")
    save_file(model(1), given / "recurrent" / NAME)
    copy_given(given, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == ["training.py"]


# --------------------------------------------------------------------------------- the settings


def course(text: str, tmp_path: Path) -> Course:
    path = tmp_path / "course.toml"
    path.write_text(COURSE_TOML.read_text(encoding="utf-8") + text, encoding="utf-8")
    return load_course(path)


def test_the_table_is_off_unless_it_is_there_and_of_the_set_with_the_lesson(tmp_path: Path) -> None:
    assert course("", tmp_path).ranked is None
    with_table = course("\n[leaderboard]\nmax_seconds = 9\n", tmp_path)
    assert with_table.ranked == Leaderboard(4_000_000, 9)
    assert with_table.only("words").ranked == Leaderboard(4_000_000, 9)
    assert with_table.only("recurrence").ranked is None
    frozen = tmp_path / "course.json"
    for one in (with_table, course("", tmp_path)):
        frozen.write_text(freeze(one), encoding="utf-8")
        assert thaw(frozen).leaderboard == one.leaderboard
