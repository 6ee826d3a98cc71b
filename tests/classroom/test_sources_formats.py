"""Canvas, Moodle, nbgrader, clones and plain folders: the names that each of them makes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from autograder.classroom.hand_in import HandIn, Imported, SourceError
from autograder.classroom.made_up.archives import packed
from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources import fetch, read_source
from autograder.classroom.sources.clones import shared_start


def read(
    names: Iterable[str],
    tmp_path: Path,
    roster: Roster | None = None,
    name: str = "class",
    problem_set: str | None = None,
) -> Imported:
    """A class archive with files that hold their own names."""
    source = tmp_path / f"{name}.zip"
    source.write_bytes(packed({entry: entry.encode() for entry in names}))
    return read_source(source, roster, problem_set)


def paths(hand_in: HandIn) -> dict[str, str]:
    return {member.path: member.entry for member in hand_in.files}


# ------------------------------------------------------------------------------------------- Canvas

UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

CANVAS = {
    "lovelaceada_70001_900001_rnn.py": ("lovelaceada", "70001", False, "rnn.py"),
    "lovelaceada_LATE_70001_900001_rnn.py": ("lovelaceada", "70001", True, "rnn.py"),
    "lovelaceada_70001_900001_rnn-1.py": ("lovelaceada", "70001", False, "rnn.py"),
    "lovelaceada_70001_900001_rnn-7.py": ("lovelaceada", "70001", False, "rnn.py"),
    "lovelaceada_70001_900001_rnn-8.py": ("lovelaceada", "70001", False, "rnn-8.py"),
    f"lovelaceada_70001_900001_rnn-{UUID}.py": ("lovelaceada", "70001", False, "rnn.py"),
    "lovelaceada_70001_900001_rnn": ("lovelaceada", "70001", False, "rnn"),
    "lovelaceada_70001_900001_hw.tar.gz": ("lovelaceada", "70001", False, "hw.tar.gz"),
    "lovelaceada_70001_900001_a_LATE_1_2_x.py": ("lovelaceada", "70001", False, "a_LATE_1_2_x.py"),
    "lovelaceada_LATE_70001_900001_LATE_1_2_x.py": ("lovelaceada", "70001", True, "LATE_1_2_x.py"),
    "de_la_cruz_ana_70001_900001_rnn.py": ("de_la_cruz_ana", "70001", False, "rnn.py"),
    "late_70001_900001_rnn.py": ("late", "70001", False, "rnn.py"),
    "николићана_70001_900001_rnn.py": ("николићана", "70001", False, "rnn.py"),
    "team_7_70001_900001_rnn.py": ("team_7", "70001", False, "rnn.py"),
    "lovelaceada_70001_900001_7_rnn.py": ("lovelaceada", "70001", False, "7_rnn.py"),
    "lovelaceada_70001_900001_2027_02_rnn.py": ("lovelaceada", "70001", False, "2027_02_rnn.py"),
    "3m_70001_900001_rnn.py": ("3m", "70001", False, "rnn.py"),
    "_70001_900001_rnn.py": ("", "70001", False, "rnn.py"),
    "70001_900001_rnn.py": ("", "70001", False, "rnn.py"),
    "LATE_70001_900001_rnn.py": ("", "70001", True, "rnn.py"),
}  # fmt: skip


@pytest.mark.parametrize("entry", CANVAS)
def test_a_name_of_canvas_is_read(entry: str, tmp_path: Path) -> None:
    others = [f"person{number}_7000{number}_90000{number}_rnn.py" for number in range(2, 6)]
    imported = read([entry, *others], tmp_path)
    assert imported.kind == "Canvas archive" and imported.unmatched == ()
    name, canvas_id, is_late, path = CANVAS[entry]
    [hand_in] = [one for one in imported.hand_ins if one.students[0].canvas_id == canvas_id]
    assert hand_in.students == (Student(name=name, canvas_id=canvas_id),)
    assert hand_in.late is is_late
    assert paths(hand_in) == {path: entry}


ANONYMOUS = {
    "anon_ab3De_900001_rnn.py": ("anon_ab3De", False),
    "LATE_anon_ab3De_900001_rnn.py": ("anon_ab3De", True),
    "anon_12345_900001_rnn.py": ("anon_12345", False),
    "LATE_anon_12345_900001_rnn.py": ("anon_12345", True),
}


@pytest.mark.parametrize("entry", ANONYMOUS)
def test_an_anonymous_name_of_canvas_is_read(entry: str, tmp_path: Path) -> None:
    imported = read([entry, "anon_zzzzz_900002_rnn.py"], tmp_path)
    login, is_late = ANONYMOUS[entry]
    [hand_in] = [one for one in imported.hand_ins if one.name == login]
    assert hand_in.students == (Student(login=login),)
    assert hand_in.late is is_late and [*paths(hand_in)] == ["rnn.py"]


def test_a_group_whose_name_ends_in_a_number_is_told_by_the_roster(tmp_path: Path) -> None:
    roster = Roster([Student("Ada Lovelace", canvas_id="123")])
    [hand_in] = read(["team_7_123_456_rnn.py"], tmp_path, roster).hand_ins
    assert hand_in.students == (Student("Ada Lovelace", canvas_id="123"),)
    assert [*paths(hand_in)] == ["rnn.py"]


def test_a_file_handed_in_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first, second = "lovelaceada_70001_900001_rnn.py", "lovelaceada_70001_900007_rnn-1.py"
    other = "lovelaceada_70001_900002_head.py"
    for names in ([first, second, other], [other, second, first]):
        imported = read(names, tmp_path)
        [hand_in] = imported.hand_ins
        assert paths(hand_in) == {"rnn.py": second, "head.py": other}
        assert hand_in.older == (first,)
        assert imported.unmatched == ()


def test_two_files_that_only_look_like_copies_are_both_kept(tmp_path: Path) -> None:
    names = ["lovelaceada_70001_900001_part-1.py", "lovelaceada_70001_900002_part-2.py"]
    [hand_in] = read(names, tmp_path).hand_ins
    assert paths(hand_in) == {"part-1.py": names[0], "part.py": names[1]}
    assert hand_in.older == ()


def test_what_canvas_has_besides_files_is_named(tmp_path: Path) -> None:
    texts = [
        "hoppergrace_70002_text.html",
        "turingalan_LATE_70003_link.html",
        "anon_ab3de_text.html",
    ]
    others = ["grades.csv", "folder/x.py"]
    imported = read(["lovelaceada_70001_900001_rnn.py", *texts, *others], tmp_path)
    assert {one.entry for one in imported.unmatched} == {*texts, *others}
    whys = {one.entry: one.why for one in imported.unmatched}
    assert whys[texts[0]] == "it is a text typed into Canvas, and no file"
    assert whys[texts[1]] == "it is the link that was handed in, and no file"
    assert whys["grades.csv"] == "it is not named as Canvas names what was handed in"


def test_canvas_names_find_their_students_by_name_alone(tmp_path: Path) -> None:
    known = [
        Student("Ada Lovelace", "1"),
        Student("Jürgen von Weiß", "2"),
        Student("Anne-Marie O'Neil", "3"),
    ]
    names = ["lovelaceada_7_1_a.py", "vonweißjürgen_8_2_a.py", "oneilannemarie_9_3_a.py"]
    imported = read(names, tmp_path, Roster(known))
    found = {hand_in.students[0].sid for hand_in in imported.hand_ins}
    assert found == {"1", "2", "3"} and imported.remarks == ()


# ------------------------------------------------------------------------------------------- Moodle

MOODLE = {
    "Ada Lovelace_301_assignsubmission_file_/rnn.py": ("Ada Lovelace", "301", "rnn.py"),
    "Ada Lovelace_301_assignsubmission_file/rnn.py": ("Ada Lovelace", "301", "rnn.py"),
    "Ada Lovelace_301_assignsubmission_file_/src/rnn.py": ("Ada Lovelace", "301", "src/rnn.py"),
    "Ada Lovelace_301_assignsubmission_file_rnn.py": ("Ada Lovelace", "301", "rnn.py"),
    "Ada Lovelace_301_assignsubmission_file_my_rnn.py": ("Ada Lovelace", "301", "my_rnn.py"),
    "Anne-Marie Curie_301_assignsubmission_file_/a.py": ("Anne-Marie Curie", "301", "a.py"),
    "Ана Николић_301_assignsubmission_file_/a.py": ("Ана Николић", "301", "a.py"),
    "O'Neil Shaq_301_assignsubmission_file_/a.py": ("O'Neil Shaq", "301", "a.py"),
    "de_la Cruz_301_assignsubmission_file_/a.py": ("de_la Cruz", "301", "a.py"),
    "R2_D2_301_assignsubmission_file_/a.py": ("R2_D2", "301", "a.py"),
    "Default group_assignsubmission_file/a.py": ("Default group", "", "a.py"),
    "A_301_assignsubmission_file_/x_9_assignsubmission_file_/a.py": (
        "A", "301", "x_9_assignsubmission_file_/a.py",
    ),
}  # fmt: skip


@pytest.mark.parametrize("entry", MOODLE)
def test_a_name_of_moodle_is_read(entry: str, tmp_path: Path) -> None:
    others = [f"Person {number}_40{number}_assignsubmission_file_/a.py" for number in range(3)]
    imported = read([entry, *others], tmp_path)
    assert imported.kind == "Moodle archive" and imported.unmatched == ()
    name, participant, path = MOODLE[entry]
    [hand_in] = [one for one in imported.hand_ins if one.students[0].name == name]
    assert hand_in.students == (Student(name=name, participant=participant),)
    assert paths(hand_in) == {path: entry}
    assert hand_in.folder and entry.startswith(hand_in.folder)


@pytest.mark.parametrize("word", ["Participant", "Teilnehmerin", "Участник"])
def test_where_marking_is_blind_nobody_has_a_name(word: str, tmp_path: Path) -> None:
    names = [f"{word}_30{number}_assignsubmission_file_/rnn.py" for number in range(3)]
    imported = read(names, tmp_path)
    found = [hand_in.students for hand_in in imported.hand_ins]
    assert found == [(Student(participant=f"30{number}"),) for number in range(3)]


def test_one_blind_submission_has_no_name_either(tmp_path: Path) -> None:
    [hand_in] = read(["Participant_301_assignsubmission_file_/rnn.py"], tmp_path).hand_ins
    assert hand_in.students == (Student(participant="301"),)


def test_a_text_typed_into_moodle_is_named(tmp_path: Path) -> None:
    texts = [
        "Ada Lovelace_301_assignsubmission_onlinetext_/onlinetext.html",
        "Bo Derek_302_assignsubmission_onlinetext_onlinetext.html",
    ]
    code = "Ada Lovelace_301_assignsubmission_file_/rnn.py"
    imported = read([*texts, code], tmp_path)
    assert [one.entry for one in imported.unmatched] == texts
    assert {one.why for one in imported.unmatched} == {
        "it is a text typed into Moodle, and no file"
    }
    [hand_in] = imported.hand_ins
    assert paths(hand_in) == {"rnn.py": code}


def test_a_teams_number_is_not_taken_for_a_students(tmp_path: Path) -> None:
    """Both are numbers of Moodle, and may be equal."""
    known = [Student("Ada Lovelace", participant="7"), Student("Bo Derek", participant="8")]
    names = ["Green team_7_assignsubmission_file/a.py", "Bo Derek_8_assignsubmission_file/a.py"]
    bo, green = read(names, tmp_path, Roster(known)).hand_ins
    assert green.students == (Student("Green team", participant="7"),)
    assert bo.students == (Student("Bo Derek", participant="8"),)


def test_a_groups_name_before_a_students_is_passed_over(tmp_path: Path) -> None:
    roster = Roster([Student("Anne-Marie Curie", "1"), Student("Bo Derek", "2")])
    names = [
        "Group 1-Anne-Marie Curie_301_assignsubmission_file_/a.py",
        "Bo Derek_302_assignsubmission_file_/a.py",
    ]
    sids = {hand_in.students[0].sid for hand_in in read(names, tmp_path, roster).hand_ins}
    assert sids == {"1", "2"}


# ----------------------------------------------------------------------------------------- nbgrader


def nbgrader(*sets: str) -> list[str]:
    names = []
    for student in ("ada", "bob"):
        for one in sets:
            names += [f"submitted/{student}/{one}/{file}" for file in ("1.ipynb", "timestamp.txt")]
    return names


def test_the_only_set_of_a_course_is_taken(tmp_path: Path) -> None:
    for asked in (None, "all", "hw1"):
        imported = read(nbgrader("hw1"), tmp_path, problem_set=asked)
        assert imported.kind == "nbgrader course"
        assert [hand_in.students[0].login for hand_in in imported.hand_ins] == ["ada", "bob"]
        assert [*paths(imported.hand_ins[0])] == ["1.ipynb"]


def test_of_several_sets_one_has_to_be_named(tmp_path: Path) -> None:
    names = nbgrader("hw1", "hw2")
    for asked in (None, "all", "hw3"):
        with pytest.raises(SourceError, match=r"\(hw1, hw2\): say which with --set"):
            read(names, tmp_path, problem_set=asked)
    imported = read(names, tmp_path, problem_set="hw2")
    assert paths(imported.hand_ins[0]) == {"1.ipynb": "submitted/ada/hw2/1.ipynb"}
    assert {one.why for one in imported.unmatched} == {"it is of the set hw1"}


def test_what_else_a_course_folder_has_is_named(tmp_path: Path) -> None:
    others = ["gradebook.db", "source/hw1/1.ipynb", "autograded/ada/hw1/1.ipynb"]
    others += ["feedback/ada/hw1/1.html", "release/hw1/1.ipynb", "exchange/a/b/timestamp.txt"]
    imported = read([*nbgrader("hw1"), *others, "submitted/ada/loose.py"], tmp_path)
    assert len(imported.hand_ins) == 2
    assert {one.entry for one in imported.unmatched} == {*others, "submitted/ada/loose.py"}


def test_submitted_is_known_without_times(tmp_path: Path) -> None:
    names = [name for name in nbgrader("hw1") if not name.endswith(".txt")]
    imported = read(names, tmp_path)
    assert imported.kind == "nbgrader course" and imported.hand_ins[0].at == ""


def test_a_time_of_nbgrader_that_is_none_is_said(tmp_path: Path) -> None:
    imported = read(nbgrader("hw1"), tmp_path)  # each timestamp.txt holds its own name
    assert len(imported.remarks) == 2 and "ada: its time cannot be read" in imported.remarks[0]


# ------------------------------------------------------------------------------------------- clones


@pytest.mark.parametrize(
    ("names", "start"),
    [
        (["cs-hw1-ada", "cs-hw1-bob"], "cs-hw1-"),
        (["cs-hw1-ada", "cs-hw1-adam"], "cs-hw1-"),
        (["cs-hw1-ada", "cs-hw1-ada-2"], "cs-hw1-"),
        (["cs-hw1-a-b", "cs-hw1-c-d"], "cs-hw1-"),
        ([f"cs-hw1-u{number}" for number in range(20)] + ["template"], "cs-hw1-"),
        (["ada", "bob"], ""),
        (["cs-hw1-ada"], ""),
        (["cs-", "cs-ada"], ""),
        ([], ""),
    ],
)
def test_what_repositories_share_is_no_name(names: list[str], start: str) -> None:
    assert shared_start(names) == start


def test_a_repository_is_its_owners_without_what_git_keeps(tmp_path: Path) -> None:
    names = []
    for user in ("ada", "bob-b"):
        top = f"cs-hw1-{user}"
        names += [
            f"{top}/rnn.py",
            f"{top}/.git/config",
            f"{top}/.git/hooks/x.py",
            f"{top}/.gitignore",
        ]
    names += ["cs-hw1-carl/.git/config", "cs-hw1-ada/sub/.git"]
    imported = read(names, tmp_path)
    assert imported.kind == "folder of clones"
    assert [hand_in.students[0].login for hand_in in imported.hand_ins] == ["ada", "bob-b"]
    assert [*paths(imported.hand_ins[0])] == [".gitignore", "rnn.py"]
    if imported.unmatched:
        assert [one.entry for one in imported.unmatched] == ["cs-hw1-carl"]


def test_the_roster_knows_where_a_user_name_begins(tmp_path: Path) -> None:
    names = []
    for user in ("uni-ada", "uni-bob"):
        names += [f"cs-hw1-{user}/rnn.py", f"cs-hw1-{user}/.git/config"]
    roster = Roster([Student("Ada", login="uni-ada"), Student("Bob", login="uni-bob")])
    imported = read(names, tmp_path, roster)
    assert [hand_in.students[0].login for hand_in in imported.hand_ins] == ["uni-ada", "uni-bob"]
    assert imported.remarks == ()


# -------------------------------------------------------------------------------------------- plain


def test_folders_and_zips_may_lie_side_by_side(tmp_path: Path) -> None:
    names = ["ada/rnn.py", "bob.zip", "carl.tar.gz", "dora.rar", "emil/work.zip", "READ ME"]
    imported = read(names, tmp_path)
    assert imported.kind == "folder of submissions"
    logins = [hand_in.students[0].login for hand_in in imported.hand_ins]
    assert logins == ["ada", "bob", "carl", "dora", "emil"]
    assert [*paths(imported.hand_ins[1])] == ["bob.zip"]
    [unmatched] = imported.unmatched
    assert unmatched.entry == "READ ME"
    assert fetch(tmp_path / "class.zip", imported.hand_ins[1], tmp_path / "x") == []
    assert (tmp_path / "x" / "bob.zip").read_bytes() == b"bob.zip"


def test_a_folder_and_a_zip_of_one_student_are_two_attempts(tmp_path: Path) -> None:
    imported = read(["ada/rnn.py", "ada.zip", "bob/rnn.py"], tmp_path)
    ada, bob = imported.hand_ins
    assert {ada.name, *ada.older} == {"ada", "ada.zip"} and bob.older == ()


@pytest.mark.parametrize(
    ("names", "logins"),
    [
        (["ada/rnn.py", "bob/rnn.py"], ["ada", "bob"]),
        (["w/ada/rnn.py", "w/bob/rnn.py"], ["ada", "bob"]),
        (["w/v/ada/rnn.py", "w/v/bob/rnn.py"], ["ada", "bob"]),
        (["w/ada.zip", "w/bob.zip", "w/notes.txt"], ["ada", "bob"]),
        (["ada/recurrent/rnn.py"], ["ada"]),
        (["w/ada/recurrent/rnn.py"], ["ada"]),
        (["ada/rnn.py"], ["ada"]),
        (["ada/rnn.py", "ada/src/x.py", "ada/lib/y.py"], ["ada"]),
        (["ada.zip"], ["ada"]),
        (["ada/recurrent/rnn.py", "bob/recurrent/rnn.py"], ["ada", "bob"]),
        (["ada/rnn.py", "bob/rnn.py", "check.py"], ["ada", "bob"]),
        (["recurrent/rnn.py", "ada/rnn.py", "bob/rnn.py"], ["ada", "bob", "recurrent"]),
    ],
)
def test_the_students_folders_are_found(
    names: list[str], logins: list[str], tmp_path: Path
) -> None:
    imported = read(names, tmp_path)
    assert [hand_in.students[0].login for hand_in in imported.hand_ins] == logins


def test_a_zip_of_students_zips_in_a_zip_is_a_class(tmp_path: Path) -> None:
    inner = packed({"ada.zip": packed({"rnn.py": b""}), "bob.zip": packed({"rnn.py": b""})})
    for start in ("", "folder/", "a/b/"):
        (tmp_path / "outer.zip").write_bytes(packed({f"{start}class.zip": inner}))
        imported = read_source(tmp_path / "outer.zip")
        assert [hand_in.name for hand_in in imported.hand_ins] == ["ada.zip", "bob.zip"]
        assert imported.unmatched == ()


def test_a_students_own_zip_is_not_taken_for_a_class(tmp_path: Path) -> None:
    ada = packed({"recurrent/rnn.py": b"", "notebooks/1.ipynb": b""})
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ada.zip").write_bytes(ada)
    imported = read_source(tmp_path / "class")
    assert [hand_in.name for hand_in in imported.hand_ins] == ["ada.zip"]
    canvas = packed({"x_1_2_rnn.py": b""})
    for name in ("ada", "bob"):
        (tmp_path / "class" / f"{name}.zip").write_bytes(canvas if name == "ada" else ada)
    imported = read_source(tmp_path / "class")
    assert [hand_in.name for hand_in in imported.hand_ins] == ["ada.zip", "bob.zip"]


def test_a_students_folder_that_looks_like_an_archive_is_not_the_class(tmp_path: Path) -> None:
    names = ["ada/x_1_2_rnn.py", "bob/rnn.py", "bob/head.py", "carl/rnn.py", "carl/head.py"]
    imported = read([*names, "dora/submission_metadata.yml"], tmp_path)
    assert imported.kind == "folder of submissions"
    assert [hand_in.name for hand_in in imported.hand_ins] == ["ada", "bob", "carl", "dora"]


def test_what_programs_put_beside_the_students_is_no_student(tmp_path: Path) -> None:
    beside = [".vscode/settings.json", "__pycache__/x.pyc", ".ipynb_checkpoints/1.ipynb"]
    students = ["ada/rnn.py", "bob/rnn.py"]
    for start, names in (
        ("", students),
        ("submitted/", [f"{name.replace('/', '/hw1/')}" for name in students]),
        ("", [*students, "ada/.git/config", "bob/.git/config"]),
    ):
        imported = read([f"{start}{name}" for name in [*beside, *names]], tmp_path)
        assert [hand_in.students[0].login for hand_in in imported.hand_ins] == ["ada", "bob"]
        assert {one.entry for one in imported.unmatched} == {f"{start}{name}" for name in beside}


def test_a_repository_in_each_students_folder_is_a_plain_class(tmp_path: Path) -> None:
    names = []
    for student, count in (("ada", 30), ("bob", 1), ("carl", 2)):
        names += [f"{student}/repo/.git/config", f"{student}/repo/rnn.py"]
        names += [f"{student}/repo/x{number}.py" for number in range(count)]
    imported = read(names, tmp_path)
    assert [hand_in.students[0].login for hand_in in imported.hand_ins] == ["ada", "bob", "carl"]
    assert all(".git" not in path for hand_in in imported.hand_ins for path in paths(hand_in))


def test_no_name_takes_longer_to_read_than_another(tmp_path: Path) -> None:
    """Students choose names of files: none may keep a pattern busy for hours."""
    digits, words = "1" * 100, "_1" * 50
    names = [
        f"lovelaceada_70001_900001_{digits}x_3_4_y.py",
        f"lovelaceada_70001_900002{words}_{digits}x.py",
        f"lovelaceada_70001_900003_{'a_' * 80}text.htm",
        f"lovelaceada_70001_900004_{'-1' * 80}.py",
    ]
    [hand_in] = read(names, tmp_path).hand_ins
    assert len(hand_in.files) == 4
    moodle = [f"Ada_301_assignsubmission_file_{'_1' * 60}_assignsubmission_file", f"{words}_x"]
    assert len(read(moodle, tmp_path).hand_ins) == 1


def test_a_folder_beside_those_of_gradescope_is_named(tmp_path: Path) -> None:
    names = ["e/submission_metadata.yml", "e/submission_1/a.py", "e/tools/x.py", "e/loose.py"]
    imported = read(names, tmp_path)
    assert [hand_in.name for hand_in in imported.hand_ins] == ["submission_1"]
    named = {one.entry for one in imported.unmatched}
    assert named == {"submission_1", "e/tools/x.py", "e/loose.py"}


@pytest.mark.slow
def test_an_archive_in_an_archive_may_have_any_number_of_files(tmp_path: Path) -> None:
    """More than the simple format of a zip can count."""
    names = [f"e/submission_1/{number}.txt" for number in range(66_000)]
    inner = packed(dict.fromkeys([*names, "e/submission_2/a.py", "e/submission_metadata.yml"], b""))
    (tmp_path / "outer.zip").write_bytes(packed({"export.zip": inner}))
    imported = read_source(tmp_path / "outer.zip")
    assert imported.kind == "Gradescope export"
    assert [len(hand_in.files) for hand_in in imported.hand_ins] == [20_000, 1]
