"""Which problems a check is asked for: by any way to write their names, and by their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.check.asked import problems_asked
from autograder.cli import main
from autograder.errors import UserError
from autograder.grade import course_lessons
from autograder.settings import load_course
from tests.conftest import COURSE_TOML

WHOLE = load_course(COURSE_TOML)
COURSE = WHOLE.only("recurrence")
LESSONS = {lesson.name: [one.name for one in lesson.problems] for lesson in course_lessons(WHOLE)}
PROBLEMS = [problem for problems in LESSONS.values() for problem in problems]

CASES = (str, str.upper, str.title, str.capitalize, str.swapcase)
BEFORE = ("", "./", "recurrent/", "./recurrent/", "recurrent\\", ".\\recurrent\\", "../recurrent/")
BEHIND = ("", ".py", ".PY", "/", "\\", ":", ".py:", ".py:31", ".py:31:", ".py:31:5:")

FOLDERS_OF_WINDOWS = ("C:\\Users\\me\\assignment\\recurrent\\", "C:/assignment/recurrent/")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A handout's files, empty, as the working directory."""
    home = tmp_path / "assignment"
    names = [f"recurrent/{name}.py" for name in LESSONS]
    for name in (*names, "recurrent/training.py", "recurrent/data/x.csv", "check.py", "n/1.ipynb"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(home)
    return home


def asked(*names: str, submission: Path | None = None) -> list[str] | None:
    return problems_asked(names, WHOLE, submission)


def refusal(name: str, submission: Path | None = None) -> str:
    with pytest.raises(UserError) as raised:
        asked(name, submission=submission)
    return str(raised.value)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(LESSONS)),
    st.sampled_from(CASES),
    st.sampled_from((*BEFORE, *FOLDERS_OF_WINDOWS)),
    st.sampled_from(BEHIND),
)
def test_a_lesson_is_known_however_it_is_written(
    lesson: str, case: type[str], before: str, behind: str
) -> None:
    name = before + case(lesson) + behind
    assert asked(name) == LESSONS[lesson], name


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(PROBLEMS),
    st.sampled_from(CASES),
    st.sampled_from(("", "recurrent/", "recurrent\\")),
    st.sampled_from(("", "/", ":", "\\")),
)
def test_a_problem_is_known_however_it_is_written(
    problem: str, case: type[str], before: str, behind: str
) -> None:
    assert asked(before + case(problem) + behind) == [problem]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_file_that_is_there_is_known_by_every_path_to_it(lesson: str, folder: Path) -> None:
    file = folder / "recurrent" / f"{lesson}.py"
    for path in (file, file.relative_to(folder), Path("recurrent", "..", "recurrent", file.name)):
        assert asked(str(path), submission=folder) == LESSONS[lesson]


def test_from_inside_the_folder_a_bare_file_is_enough(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "recurrent")
    assert asked("rnn.py", submission=folder) == LESSONS["rnn"]
    assert asked("./rnn.py", submission=folder) == LESSONS["rnn"]
    for whole in (".", "../recurrent", str(folder / "recurrent")):
        assert asked(whole, submission=folder) is None


def test_from_another_folder_the_end_of_a_path_tells(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("rnn.py", "recurrent/rnn.py", "assignment/recurrent/rnn.py"):
        assert asked(name, submission=folder) == LESSONS["rnn"]


@pytest.mark.parametrize("name", ["recurrent", "recurrent/", "./recurrent/", "RECURRENT"])
def test_the_folder_is_everything(name: str, folder: Path) -> None:
    assert asked(name) is None
    assert asked("rnn", name, submission=folder) is None
    assert asked() is None


def test_what_is_asked_for_twice_is_checked_once() -> None:
    assert asked("rnn_forward", "RNN_FORWARD", "rnn_forward:") == ["rnn_forward"]
    assert asked("rnn", "recurrent/rnn.py", "rnn_forward") == LESSONS["rnn"]
    assert asked("rnn_forward", "rnn") == ["rnn_forward", *LESSONS["rnn"][:2], *LESSONS["rnn"][3:]]


def test_a_function_that_several_problems_check_is_all_of_them() -> None:
    found = asked("CaptioningRNN.loss")
    assert found == ["captioning_loss", "captioning_loss_lstm", "captioning_loss_gru"]


def test_a_link_in_the_folder_to_somewhere_else_is_in_the_folder(
    folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "cloud.py"
    target.touch()
    file = folder / "recurrent" / "rnn.py"
    file.unlink()
    file.symlink_to(target)
    assert asked("recurrent/rnn.py", submission=folder) == LESSONS["rnn"]


# ------------------------------------------------------------------------- what is refused, and how


def test_each_thing_that_is_there_and_has_no_problems_gets_its_own_sentence(folder: Path) -> None:
    elsewhere = folder.parent / "other" / "recurrent"
    elsewhere.mkdir(parents=True)
    (elsewhere / "rnn.py").touch()
    others = len(LESSONS) - 3
    files = f"the files with problems are rnn.py, head.py, charlm.py and {others} more"
    sentences = {
        "check.py": "check.py has no problems to check: only the files in recurrent/ have",
        "recurrent/training.py": f"recurrent/training.py has no problems to check; {files}",
        "recurrent/data/": f"recurrent/data/ has no problems to check; {files}",
        "n/": "n/ is a folder without problems; name nothing to check all of recurrent/",
        ".": ". is a folder without problems; name nothing to check all of recurrent/",
        "n/1.ipynb": "n/1.ipynb is a notebook, and only the files in recurrent/ are checked: "
        "`python check.py --from n/1.ipynb` first moves what you wrote in it there",
        str(elsewhere / "rnn.py"): f"{elsewhere}/rnn.py is not in the folder that is checked, "
        f"{folder}/recurrent",
        "../other/recurrent": f"../other/recurrent is not in the folder that is checked, "
        f"{folder}/recurrent",
    }
    for name, sentence in sentences.items():
        assert refusal(name, folder) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("src/rnn.py", "src/rnn.py is not in the folder recurrent/, and only the files in there"),
        ("rnn_fwd", "there is no problem or lesson 'rnn_fwd'; did you mean rnn_forward"),
        ("RNN_FWD", "there is no problem or lesson 'RNN_FWD'; did you mean rnn_forward"),
        ("rnnn.py", "there is no file rnnn.py with problems; did you mean rnn"),
        ("recurrent/rnnn.py", "there is no file recurrent/rnnn.py with problems; did you mean rnn"),
        ("rnn_forward.py", "there is no file rnn_forward.py; did you mean rnn_forward?"),
        ("zzz", "there is no problem or lesson 'zzz'; the lessons are rnn, head, charlm, "),
        ("", "there is no problem or lesson ''; the lessons are rnn, "),
        ("rnn\0.py", "there is no file rnn\N{REPLACEMENT CHARACTER}.py with problems; did you"),
        ("x" * 5000, "there is no problem or lesson 'xxx"),
    ],
)
def test_a_name_of_nothing_says_what_may_be_meant(name: str, sentence: str, folder: Path) -> None:
    assert refusal(name, folder).startswith(sentence)
    assert refusal(name).startswith(sentence)


@pytest.mark.parametrize("name", ["lstm", "lstm.py", "recurrent/lstm.py", "lstm_forward"])
def test_a_lesson_of_another_set_is_said_to_be_one(name: str) -> None:
    with pytest.raises(UserError, match=r"^lstm\w* is not asked for here; the files with"):
        problems_asked([name], COURSE)


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_name_ends_in_anything_but_problems_or_one_sentence(name: str) -> None:
    try:
        found = asked(name, submission=Path("nowhere"))
    except UserError as error:
        assert str(error) and "\n" not in str(error)
    else:
        assert found is None or set(found) <= set(PROBLEMS)


def test_the_command_takes_them_and_refuses_them(
    capsys: pytest.CaptureFixture[str], frozen: Path
) -> None:
    assert main(["check", "recurrent/rnn.py", "RNN_Forward", "--submission", "solutions"]) == 0
    assert "7 of 7 problems passed" in capsys.readouterr().out
    assert main(["check", "README.md"]) == 2
    said = "README.md has no problems to check: only the files in recurrent/ have\n"
    assert capsys.readouterr().err == said
