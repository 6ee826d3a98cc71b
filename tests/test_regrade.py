"""Whose score moves from one autograder zip to another, and why; and zips as submissions."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from autograder.authoring.differences import Difference, differences
from autograder.authoring.regrade import Score, compared, submissions
from autograder.authoring.rehearse import RehearsalError, put, read_results, set_up, unpack
from autograder.cli import main
from tests.submissions import submission


def zipped(folder: Path, out: Path, top: str = "") -> Path:
    """A folder as a person zips it."""
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{top}{path.relative_to(folder).as_posix()}")
    return out


def changed(archive: Path, out: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """A copy of a zip with texts in it replaced."""
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename in changes:
                before, after = (text.encode() for text in changes[info.filename])
                assert before in content
                content = content.replace(before, after)
            new.writestr(info, content)
    return out


# ---------------------------------------------------------------------------------- the whole verb


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of four: right, wrong in a zip with a folder at its top, broken, and a stray file."""
    folder = tmp_path_factory.mktemp("class") / "submissions"
    submission(folder / "ada")
    wrong = submission(folder.parent / "ben", {"rnn.rnn_forward": "return None, None"})
    zipped(wrong, folder / "ben.zip", top="my work/")
    (folder / "cem.zip").write_bytes(b"PK\x03\x04 and no more")
    (folder / "list.csv").write_text("ada,ben,cem\n")
    return folder


def test_a_regrade_says_whose_score_moves_and_why(
    zips: dict[str, Path],
    handed_in: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    new = changed(
        zips["autograder"],
        tmp_path / "new.zip",
        {"autograder/frozen/course.json": ('"points": {}', '"points": {"rnn_forward": 9.0}')},
    )
    told = tmp_path / "moved.json"
    verb = ["regrade", str(zips["autograder"]), str(new), str(handed_in), "--json", str(told)]
    assert main(verb) == 1
    out = capsys.readouterr().out
    assert "left aside: list.csv is neither a folder nor a zip" in out
    ada, ben, cem = json.loads(told.read_text())
    assert (ada["name"], ada["old"], ada["new"], ada["moved"]) == ("ada", 100, 101, True)
    [move] = ada["moves"]
    assert (move["problem"], move["kind"]) == ("rnn_forward", "score")
    assert move["reasons"] == ["its points in course.toml are others"]
    assert "rnn_forward: 8 of 8 -> 9 of 9" in out
    assert (ben["name"], ben["moved"]) == ("ben.zip", False) and ben["old"] == ben["new"] > 50
    assert [move["kind"] for move in ben["moves"]] == ["worth"]
    assert cem["name"] == "cem.zip" and not cem["moved"]
    assert "cem.zip: not graded: it is no zip that can be unpacked" in out
    last = out.splitlines()[-1]
    assert last.startswith("1 of 3 scores move, 1 more has the same score")
    assert last.endswith(", 1 could not be graded")


def test_the_same_zip_twice_moves_nobody(
    zips: dict[str, Path],
    handed_in: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    alone = tmp_path / "one"
    alone.mkdir()
    shutil.copy(handed_in / "ben.zip", alone)
    assert main(["regrade", *[str(zips["autograder"])] * 2, str(alone)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 1 scores move"


def test_what_cannot_be_used_is_one_sentence(
    zips: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one" / "ada").mkdir(parents=True)
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    for verb, sentence in (
        ([zips["handout"], zips["handout"], tmp_path / "one"], "assignment.zip is no autograder"),
        ([tmp_path / "broken.zip"] * 2 + [tmp_path / "one"], "broken.zip cannot be unpacked"),
        ([tmp_path / "none.zip"] * 2 + [tmp_path / "one"], "there is no none.zip"),
        ([zips["autograder"]] * 2 + [tmp_path / "one" / "ada"], "there is no submission in ada"),
        ([zips["autograder"]] * 2 + [tmp_path / "nowhere"], "there is no folder nowhere"),
    ):
        assert main(["regrade", *map(str, verb)]) == 2
        error = capsys.readouterr().err
        assert error.startswith(sentence) and error.count("\n") == 1


# ------------------------------------------------------------------------------------ what moves


def test_only_what_differs_moves_and_words_are_no_points() -> None:
    old = {
        "same": Score(1, 2, "failed", "a"),
        "text": Score(1, 2, "failed", "a"),
        "score": Score(1, 2, "failed", "a"),
        "worth": Score(1, 2, "failed", "a"),
        "gone": Score(1, 2, "failed", "a"),
    }
    new = {
        "same": Score(1, 2, "failed", "a"),
        "text": Score(1, 2, "failed", "b"),
        "score": Score(2, 2, "passed", "a"),
        "worth": Score(1, 3, "failed", "a"),
        "fresh": Score(1, 2, "failed", "a"),
    }
    why = Difference(by_problem={"score": ("because",)})
    moves = {move.problem: move for move in compared(old, new, why)}
    assert list(moves) == ["text", "score", "worth", "fresh", "gone"]
    assert [move.kind for move in moves.values()] == ["words", "score", "worth", "score", "score"]
    assert moves["score"].reasons == ("because",)
    assert moves["worth"].reasons[0].startswith("nothing that grades it differs")
    assert moves["fresh"].reasons == ("the old zip does not have this problem",)
    assert moves["gone"].reasons == ("the new zip does not have this problem",)


def unpacked(folder: Path, **changes: str) -> Path:
    """What is compared of an autograder zip, with other content where that is said."""
    house = folder / "autograder"
    content = {
        "course": '{"points": {}, "policy": {"hints": 1}}',
        "grader": "pass",
        "lesson": "pass",
        "hidden": "1",
        "expected": "1",
        **changes,
    }
    (house / "lessons").mkdir(parents=True)
    (house / "grade.py").write_text(content["grader"])
    (house / "lessons" / "rnn.py").write_text(content["lesson"])
    for book in ("public", "hidden"):
        (house / "frozen" / book).mkdir(parents=True)
        arrays = {
            "rnn_forward/in": np.full(3, float(content["hidden"] if book == "hidden" else 1)),
            "rnn_forward/out": np.full(3, float(content["expected"])),
            "rnn_backward/in": np.ones(3),
            "rnn_backward/out": np.ones(3),
        }
        save_file(arrays, house / "frozen" / book / "rnn.safetensors")
    (house / "frozen" / "course.json").write_text(content["course"])
    (house / "frozen" / "build.json").write_text(f'{{"hidden_cases": "print{content["hidden"]}"}}')
    return folder


@pytest.mark.parametrize(
    ("changes", "of_it", "of_another"),
    [
        ({}, [], []),
        (
            {"course": '{"points": {"rnn_forward": 3}, "policy": {"hints": 1}}'},
            ["its points in course.toml are others"],
            [],
        ),
        ({"hidden": "2"}, ["its hidden cases are others (print1, now print2)"], []),
        (
            {"expected": "2"},
            [
                "its public cases expect other numbers",
                "its hidden cases expect other numbers (print1, now print1)",
            ],
            [],
        ),
        (
            {"course": '{"points": {}, "policy": {"hints": 2}}'},
            ["hints in course.toml is 2 and was 1"],
            ["hints in course.toml is 2 and was 1"],
        ),
        (
            {"lesson": "x = 1"},
            ["the declarations in lessons/rnn.py are others"],
            ["the declarations in lessons/rnn.py are others"],
        ),
        (
            {"grader": "x = 1"},
            ["the grader's own code is another"],
            ["the grader's own code is another"],
        ),
    ],
)
def test_a_difference_between_zips_is_named_for_the_problems_it_concerns(
    changes: dict[str, str], of_it: list[str], of_another: list[str], tmp_path: Path
) -> None:
    found = differences(unpacked(tmp_path / "old"), unpacked(tmp_path / "new", **changes))
    assert found.reasons("rnn_forward") == of_it
    assert found.reasons("rnn_backward") == of_another


def test_a_casebook_that_cannot_be_read_is_no_reason(tmp_path: Path) -> None:
    old, new = unpacked(tmp_path / "old"), unpacked(tmp_path / "new")
    (old / "autograder/frozen/hidden/rnn.safetensors").write_bytes(b"of another version")
    (old / "autograder/frozen/build.json").write_text("{")
    assert differences(old, new).reasons("rnn_forward") == []


# ------------------------------------------------------------------- a submission as on Gradescope


def test_a_zip_is_unpacked_as_gradescope_does_and_a_folder_is_copied(tmp_path: Path) -> None:
    files = {"recurrent/rnn.py": "1", "notes.txt": "2"}
    for name, text in files.items():
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    archive = zipped(tmp_path / "work", tmp_path / "work.zip")
    for handed_in in (tmp_path / "work", archive):
        put(handed_in, tmp_path / "submission")
        there = (path for path in (tmp_path / "submission").rglob("*") if path.is_file())
        found = {
            path.relative_to(tmp_path / "submission").as_posix(): path.read_text() for path in there
        }
        assert found == files


def test_a_file_that_is_no_zip_is_left_to_the_grader(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    put(tmp_path / "broken.zip", tmp_path / "submission")
    assert [path.name for path in (tmp_path / "submission").iterdir()] == ["broken.zip"]


def test_no_zip_is_unpacked_outside_of_its_folder_nor_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../outside.py", "x")
        archive.writestr("/rooted.py", "x")
    unpack(tmp_path / "evil.zip", tmp_path / "in" / "side")
    assert not (tmp_path / "in" / "outside.py").exists()
    assert {path.name for path in (tmp_path / "in" / "side").rglob("*.py")} == {
        "outside.py",
        "rooted.py",
    }
    monkeypatch.setattr("autograder.authoring.rehearse.MOST_BYTES", 1)
    with pytest.raises(RehearsalError, match=r"evil.zip would unpack to 2 files"):
        unpack(tmp_path / "evil.zip", tmp_path / "again")


def test_make_gradescope_takes_a_zip_as_it_takes_a_folder(
    zips: dict[str, Path], handed_in: Path, tmp_path: Path
) -> None:
    set_up(zips["autograder"], tmp_path)
    put(handed_in / "ben.zip", tmp_path / "submission")
    assert (tmp_path / "submission" / "my work" / "recurrent" / "rnn.py").is_file()
    makefile = (Path(__file__).parents[1] / "Makefile").read_text()
    assert 'autograder rehearse dist/autograder.zip "$(SUBMISSION)"' in makefile


@pytest.mark.parametrize("text", ["{", "{}", '{"output": "Not graded: x\\ny", "score": 0}'])
def test_results_that_hold_no_grade_are_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(RehearsalError, match=r"^ada: (not graded|results.json is not valid JSON)"):
        read_results(tmp_path / "results.json", "ada")


def test_what_is_hidden_in_the_folder_of_submissions_is_none(tmp_path: Path) -> None:
    for name in (".DS_Store", "__MACOSX", "ada"):
        (tmp_path / name).mkdir()
    assert [path.name for path in submissions(tmp_path, print)] == ["ada"]
