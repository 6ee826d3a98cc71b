"""The command line as its users meet it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.check.cli import EXAMPLES, FORMATS
from autograder.cli import main
from autograder.report import formats
from tests.conftest import LONGEST, ROOT
from tests.submissions import submission


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


def test_starting_does_not_import_what_only_some_verbs_need() -> None:
    code = (
        "import sys, autograder.cli; print([m for m in ('numpy', 'torch', 'rich', 'safetensors') "
        "if m in sys.modules])"
    )
    assert (
        subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"
    )


def test_checking_a_numpy_lesson_never_imports_torch(tmp_path: Path, frozen: Path) -> None:
    folder = submission(tmp_path / "s")
    code = (
        "import sys; from autograder.cli import main; "
        f"main(['check', 'rnn', '--submission', {str(folder)!r}]); print('torch' in sys.modules)"
    )
    assert (
        subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
        .strip()
        .endswith("False")
    )


def test_the_exit_status_says_whether_all_that_was_asked_for_passes(
    tmp_path: Path, frozen: Path
) -> None:
    folder = submission(tmp_path / "s", {"rnn.rnn_backward": "pass"})
    assert main(["check", "rnn_forward", "--submission", str(folder)]) == 0
    assert main(["check", "rnn_forward", "rnn_backward", "--submission", str(folder)]) == 1


def test_a_name_that_does_not_exist_gets_suggestions(
    capsys: pytest.CaptureFixture[str], frozen: Path
) -> None:
    assert main(["check", "rnn_fwd"]) == 2
    assert (
        "there is no problem or lesson 'rnn_fwd'; did you mean rnn_forward"
        in capsys.readouterr().err
    )


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path, frozen: Path) -> None:
    folder = submission(tmp_path / "s")
    command = f"{sys.executable} -m autograder grade {folder} --set recurrence | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")


def test_a_submission_that_is_none_is_one_sentence(tmp_path: Path, frozen: Path) -> None:
    (tmp_path / "essay.pdf").write_bytes(b"%PDF")
    for name in ("essay.pdf", "nowhere"):
        done = run("check", "--submission", str(tmp_path / name))
        assert done.returncode == 2
        assert (
            done.stderr
            == f"{name} is neither a folder nor a zip file; hand in the folder recurrent/ with "
            f"your files\n"
        )


def test_grade_writes_the_documented_json(tmp_path: Path, frozen: Path) -> None:
    folder = submission(
        tmp_path / "s", {"rnn.rnn_backward": "while True: pass"}, {"beam": "def oops(:\n"}
    )
    out = tmp_path / "out.json"
    assert main(["grade", str(folder), "--set", "recurrence", "--json", str(out)]) == 0
    data = json.loads(out.read_text())
    by_id = {each["id"]: each for each in data["problems"]}
    assert by_id["rnn_forward"]["status"] == "passed" and by_id["rnn_forward"]["lesson"] == "rnn"
    assert by_id["rnn_backward"]["status"] == "timeout" and by_id["rnn_backward"]["score"] == 0
    assert set(by_id["rnn_forward"]) == {
        "id",
        "lesson",
        "score",
        "max_score",
        "status",
        "diagnosis",
        "outputs",
        "message",
    }
    assert data["score"] == sum(each["score"] for each in data["problems"])
    assert data["max_score"] == sum(each["max_score"] for each in data["problems"])


def test_zip_and_folder_nested_and_flat_are_graded_alike(tmp_path: Path, frozen: Path) -> None:
    nested = submission(tmp_path / "a" / "my homework (1)").parent
    flat = tmp_path / "b"
    shutil.copytree(nested / "my homework (1)" / "recurrent", flat)
    shutil.make_archive(str(tmp_path / "c"), "zip", nested)
    for path in (nested, flat, tmp_path / "c.zip"):
        assert main(["check", "rnn", "--submission", str(path)]) == 0


def test_a_stale_casebook_is_one_sentence(
    tmp_path: Path,
    frozen: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from autograder import cli
    from autograder.casebook import Casebook, write_lesson
    from autograder.check import checker

    stale = Path(shutil.copytree(frozen, tmp_path / "frozen"))
    cases = dict(Casebook(frozen / "public").lesson("rnn").cases)
    del cases["rnn_forward"]
    write_lesson(stale / "public" / "rnn.safetensors", cases, [])
    for module in (cli, checker):
        monkeypatch.setattr(module, "FROZEN", stale)
    folder = str(submission(tmp_path / "s"))
    for arguments in (["check", "rnn", "--submission", folder], ["grade", folder]):
        assert main(arguments) == 2
        assert capsys.readouterr().err == (
            "the casebook has no cases of rnn_forward: it was built before that problem was added; "
            "run `make casebook`; where there is no Makefile, unpack what you were given again\n"
        )


# ------------------------------------------------------------------------------------- check --as


def test_check_as_shows_what_a_student_with_that_misconception_reads(
    capsys: pytest.CaptureFixture[str], frozen: Path, answers: Answers
) -> None:
    (wrong,) = [m for m in answers.misconceptions if m.id == "rnn_step_forward.no_tanh"]
    assert main(["check", "--as", wrong.id, "--hint", "4"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for hint in wrong.hints:
        assert hint in shown
    assert "rnn_step_forward 0 / 6" in shown
    assert f"is what comes out when {wrong.idea}" in shown
    assert "rnn_step_backward 10 / 10 carried" in shown, "what follows from it is there too"
    seen = r": seen by (\d+) of \1 public and (\d+) of \2 hidden cases"
    assert re.search(re.escape(wrong.id) + seen + "$", shown)


def test_check_as_explains_first_where_the_mistake_is_made(
    capsys: pytest.CaptureFixture[str], frozen: Path
) -> None:
    assert main(["check", "--as", "lstm_step_forward.no_bias"]) == 0
    shown = capsys.readouterr().out
    assert shown.split("problems passed\n")[1].lstrip().startswith("lstm_step_forward  0 / ")
    assert "hint 1/3" in shown and "hint 2/3" not in shown


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("rnn_step_forward.no_tnah", "did you mean rnn_step_forward.no_tanh"),
        ("sigmoid_for_tnah", "did you mean sigmoid_for_tanh"),
        ("no_bias", "which one do you mean: "),
        ("rnn_step_forward", "which one do you mean: rnn_step_forward."),
        ("zzz", "there is no misconception zzz\n"),
    ],
)
def test_check_as_an_unknown_or_ambiguous_name_is_a_sentence(
    capsys: pytest.CaptureFixture[str], frozen: Path, name: str, complaint: str
) -> None:
    assert main(["check", "--as", name]) == 2
    assert complaint in capsys.readouterr().err


def test_check_as_takes_no_submission(capsys: pytest.CaptureFixture[str], frozen: Path) -> None:
    assert main(["check", "rnn", "--as", "sigmoid_for_tanh"]) == 2
    assert "--as grades the reference" in capsys.readouterr().err


def test_a_copy_without_the_authors_room_has_no_check_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from autograder import cli

    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "cli.py").touch()
    monkeypatch.setattr(cli, "HERE", tmp_path)
    assert main(["check", "--as", "rnn_step_forward.no_tanh"]) == 2
    said = "there is no option --as; python check.py --help lists them\n"
    assert capsys.readouterr().err == said


# -------------------------------------------------------------------------- what a student may type


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--hnit 2", "there is no option --hnit; did you mean --hint?"),
        ("rnn --formt=gcc", "there is no option --formt; did you mean --format?"),
        ("--hin 2", "there is no option --hin; did you mean --hint?"),
        ("--h", "there is no option --h; python check.py --help lists them"),
        ("--zzz", "there is no option --zzz; python check.py --help lists them"),
        ("-x", "there is no option -x; python check.py --help lists them"),
        ("--hiden h", "there is no option --hiden; did you mean --hint?"),
        (
            "--hint 7",
            "--hint is one of 0, 1, 2, 3, 4, not 7; python check.py --help tells more",
        ),
        ("--hint two", "--hint takes a number, not 'two'; python check.py --help tells more"),
        ("rnn --hint", "--hint needs a value after it; python check.py --help tells more"),
        (
            "--format gc",
            "--format is one of text, gcc, github, junit, json, markdown, not 'gc'; "
            "did you mean gcc?",
        ),
        (
            "--debug",
            "--debug takes one problem, as in `python check.py rnn_forward --debug`",
        ),
        (
            "--debug rnn",
            "--debug takes one problem, as in `python check.py rnn_forward --debug`",
        ),
    ],
)
def test_a_slip_of_the_pen_is_one_sentence_that_helps(
    capsys: pytest.CaptureFixture[str], frozen: Path, arguments: str, sentence: str
) -> None:
    assert main(["check", *arguments.split()]) == 2
    assert capsys.readouterr() == ("", f"{sentence}\n")


@pytest.mark.parametrize("verb", ["grade", "grade a b", "class", "class report", "doctor --x", ""])
def test_so_it_is_for_staff(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert main(verb.split()) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "usage" not in said.err


def test_help_shows_what_students_need_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert shown.startswith("usage: python check.py [PROBLEM or FILE ...] [options]\n")
    for option in ("--hint", "--all", "--format", "--from", "--debug"):
        assert option in shown
    for option in ("--hidden", "--submission", "--json", "--as", "autograder"):
        assert option not in shown, option
    assert len(re.findall(r"^  python check.py ", shown, re.MULTILINE)) >= 2


def test_every_command_in_the_help_runs(capsys: pytest.CaptureFixture[str], frozen: Path) -> None:
    commands = re.findall(r"^  python check\.py (.*?)  ", EXAMPLES, re.MULTILINE)
    assert "rnn" in commands
    for command in commands:
        assert main(["check", *command.split(), "--submission", str(ROOT / "solutions")]) == 0


def test_the_forms_that_can_be_asked_for_are_those_that_are_written() -> None:
    assert set(FORMATS) == {"text", *formats.FORMATS}
