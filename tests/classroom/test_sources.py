"""Reading a class: every format gives the same students and files, and no file is dropped."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.classroom.hand_in import HandIn, Imported, SourceError
from autograder.classroom.made_up.archives import FORMATS, MadeUp, packed
from autograder.classroom.people import Student
from autograder.classroom.roster import Roster
from autograder.classroom.sources import fetch, read_source
from autograder.classroom.sources.draft import TOO_MANY

KINDS = {
    "gradescope": "Gradescope export",
    "canvas": "Canvas archive",
    "moodle": "Moodle archive",
    "moodle flat": "Moodle archive",
    "nbgrader": "nbgrader course",
    "clones": "folder of clones",
    "folders": "folder of submissions",
    "zips": "folder of submissions",
}
TIMED = ("gradescope", "nbgrader")

NAMES = (
    "Ada Lovelace",
    "Jürgen von Weiß",
    "Anne-Marie Curie",
    "Ана Николић",
    "李 小龙",
    "O'Neil Shaq",
)


def students(count: int) -> list[Student]:
    found = []
    for number in range(count):
        name = NAMES[number % len(NAMES)] + ("" if number < len(NAMES) else f" {number}")
        found.append(
            Student(
                name=name,
                sid=f"00{1815 + number}",
                email=f"u{number}@example.edu",
                login=f"u{number}-x",
                canvas_id=str(70_001 + number),
                participant=str(301 + number),
            )
        )
    return found


def a_class(count: int = len(NAMES)) -> list[MadeUp]:
    """Each with files of its own; every third in a folder, every second late."""
    found = []
    for number, student in enumerate(students(count)):
        start = "recurrent/" if number % 3 == 0 else ""
        files = {f"{start}rnn.py": f"a = {number}\n".encode(), f"{start}head.py": b""}
        at = f"2027-02-05T1{number % 10}:30:00.250000+00:00"
        found.append(MadeUp((student,), files, at, number % 2 == 1))
    return found


def fetched(source: Path, hand_in: HandIn, into: Path) -> dict[str, bytes]:
    """The files as the grader gets them; a zip is unpacked, as its intake does."""
    assert fetch(source, hand_in, into) == []
    files = {}
    for path in into.rglob("*"):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                files |= {name: archive.read(name) for name in archive.namelist()}
        elif path.is_file():
            files[path.relative_to(into).as_posix()] = path.read_bytes()
    return files


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_students_and_files(name: str, tmp_path: Path) -> None:
    submissions = a_class()
    roster = Roster(student for one in submissions for student in one.students)
    source = FORMATS[name](submissions, tmp_path)
    imported = read_source(source, roster)
    assert imported.kind == KINDS[name]
    assert imported.unmatched == () and imported.remarks == ()
    found = {}
    for number, hand_in in enumerate(imported.hand_ins):
        found[hand_in.students] = fetched(source, hand_in, tmp_path / "fetched" / str(number))
    assert found == {one.students: one.files for one in submissions}
    assert [one.name for one in imported.hand_ins] == sorted(one.name for one in imported.hand_ins)
    if name in TIMED:
        times = {hand_in.students: hand_in.at for hand_in in imported.hand_ins}
        assert times == {one.students: one.at for one in submissions}
    if name == "canvas":
        late = {hand_in.students: hand_in.late for hand_in in imported.hand_ins}
        assert late == {one.students: one.late for one in submissions}


def test_a_group_is_one_submission_of_several(tmp_path: Path) -> None:
    group = tuple(students(3))
    results = {"score": 2.5, "tests": [{"name": "one step", "score": 2.5, "max_score": 4.0}]}
    source = FORMATS["gradescope"]([MadeUp(group, {"rnn.py": b""}, results=results)], tmp_path)
    [hand_in] = read_source(source, Roster(group)).hand_ins
    assert hand_in.students == group
    assert hand_in.results == results


def unpacked(source: Path, into: Path) -> Path:
    shutil.unpack_archive(source, into / "unpacked")
    return into / "unpacked"


def wrapped(source: Path, into: Path) -> Path:
    """As a Mac makes a zip of a folder, with what it adds."""
    top = into / "wrapped" / "My class"
    if source.is_dir():
        shutil.copytree(source, top)
    else:
        shutil.unpack_archive(source, top)
    files = {}
    for path in sorted(top.rglob("*")):
        if path.is_file():
            name = path.relative_to(top.parent).as_posix()
            files[name] = path.read_bytes()
            files[f"__MACOSX/{Path(name).parent.as_posix()}/._{path.name}"] = b"\0"
    files["My class/.DS_Store"] = b"\0"
    (into / "again.zip").write_bytes(packed(files))
    return into / "again.zip"


def in_a_zip(source: Path, into: Path) -> Path:
    inner = wrapped(source, into)
    (into / "outer.zip").write_bytes(packed({inner.name: inner.read_bytes(), "READ ME": b""}))
    return into / "outer.zip"


def in_a_folder(source: Path, into: Path) -> Path:
    folder = into / "downloads"
    folder.mkdir()
    if source.is_dir():
        shutil.move(source, folder / source.name)
    else:
        shutil.move(source, folder)
    (folder / ".DS_Store").touch()
    return folder


@pytest.mark.parametrize("again", [unpacked, wrapped, in_a_zip, in_a_folder])
@pytest.mark.parametrize("name", FORMATS)
def test_it_may_be_unpacked_and_packed_again(
    name: str, again: Callable[[Path, Path], Path], tmp_path: Path
) -> None:
    submissions = a_class()
    roster = Roster(student for one in submissions for student in one.students)
    source = FORMATS[name](submissions, tmp_path)
    if again is unpacked and source.is_dir():
        return
    source = again(source, tmp_path)
    imported = read_source(source, roster)
    assert imported.kind == KINDS[name]
    assert [one.entry for one in imported.unmatched] == ["READ ME"] * (again is in_a_zip)
    found = {}
    for number, hand_in in enumerate(imported.hand_ins):
        found[hand_in.students] = fetched(source, hand_in, tmp_path / "fetched" / str(number))
    assert found == {one.students: one.files for one in submissions}


def test_the_list_is_the_same_wherever_it_is_made(tmp_path: Path) -> None:
    for name, write in FORMATS.items():
        first = read_source(write(a_class(), tmp_path / "here" / name))
        second = read_source(write(a_class(), tmp_path / "there" / name))
        assert first == second


# ------------------------------------------------------------------------------ nothing is dropped


JUNK = ("__MACOSX", ".DS_Store", ".git", "._", "submission_metadata.yml", "timestamp.txt")

PARTS = st.sampled_from((
    "ada", "bob", "submission_1", "submission_2", "submitted", "hw", "recurrent", "rnn.py", "b.py",
    "notes.txt", "ada.zip", "bob.tar.gz", "lovelaceada_70001_900001_rnn.py", "x_LATE_1_2_rnn-1.py",
    "anon_ab3de_17_rnn.py", "lovelaceada_7_text.html", "Ada Lovelace_301_assignsubmission_file_",
    "Ada Lovelace_301_assignsubmission_file_rnn.py", "Bo_302_assignsubmission_onlinetext_",
    "Team_assignsubmission_file", "submission_metadata.yml", "timestamp.txt", ".git", "__MACOSX",
    ".DS_Store", "venv", "..", "", "ünal\u0308", "a\\b.py", "C:", "._x",
))  # fmt: skip
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


SHAPES = {
    "gradescope": ("submission_metadata.yml", "submission_1/a.py", "submission_1/b/c.zip", "x/a"),
    "canvas": (
        "ada_7_100_a.py", "ada_7_101_a-1.py", "ada_7_102_a-2.py", "ada_LATE_7_103_a.py",
        "bob_8_104_c.zip", "bob_8_text.html", "anon_abcde_5_a.py", "LATE_anon_abcde_6_a-1.py",
    ),
    "moodle": (
        "Ada L_1_assignsubmission_file_/a.py", "Ada L_1_assignsubmission_file_a.py",
        "Ada L_1_assignsubmission_file/b/c.py", "Bo_2_assignsubmission_onlinetext_/x.html",
    ),
    "nbgrader": (
        "submitted/ada/hw/1.ipynb", "submitted/ada/hw/timestamp.txt", "submitted/bob/hw/x/y.py",
        "submitted/bob/hw/timestamp.txt", "source/hw/1.ipynb", "submitted/ada/x.py", "gradebook.db",
    ),
    "clones": ("c-hw-ada/.git/config", "c-hw-ada/a.py", "c-hw-bob/.git/HEAD", "c-hw-bob/b/c.py"),
    "plain": ("ada/a.py", "ada.zip", "bob/a.py", "bob/venv/x.py", "carl.tar.gz", "ada/x/y/z.txt"),
}  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> list[str]:
    """Names as one platform makes them, and some that do not belong there."""
    own = st.sampled_from(SHAPES[draw(st.sampled_from(sorted(SHAPES)))])
    names = draw(st.lists(own, max_size=8)) + draw(st.lists(PATHS, max_size=4))
    start = draw(st.sampled_from(("", "", "class/", "a/b/")))
    found = dict.fromkeys(f"{start}{name}" for name in draw(st.permutations(names)))
    return [name for name in found if name and not name.endswith("/")]


def accounted(imported: Imported) -> set[str]:
    entries = {member.entry for hand_in in imported.hand_ins for member in hand_in.files}
    entries |= {unmatched.entry for unmatched in imported.unmatched}
    return entries


def stands_aside(entry: str, imported: Imported) -> bool:
    """Whether it is a file of an older submission, which is named after what it lay in."""
    older = [name for hand_in in imported.hand_ins for name in hand_in.older]
    older = [name.removesuffix(" (2)") for name in older]  # a folder and a file of one name
    return any(name == entry or f"/{name}/" in f"/{entry}/" for name in older)


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(archives())
def test_no_file_of_any_archive_is_dropped(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "class.zip"
        source.write_bytes(packed(dict.fromkeys(names, b"")))
        try:
            imported = read_source(source)
        except SourceError:
            return
    known = accounted(imported)
    for name in names:
        is_junk = any(word in name for word in JUNK)
        assert name in known or is_junk or stands_aside(name, imported), (name, imported)


# ------------------------------------------------------------------------------------ how it grows


def steps(work: Callable[[], object]) -> int:
    """Lines of Python that are run: the same on a busy machine."""
    count = 0

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("name", FORMATS)
def test_four_times_the_class_takes_four_times_the_work(name: str, tmp_path: Path) -> None:
    few, many = a_class(20), a_class(80)
    roster = Roster(student for one in many for student in one.students)
    small = FORMATS[name](few, tmp_path / "small")
    large = FORMATS[name](many, tmp_path / "large")
    ratio = steps(lambda: read_source(large, roster)) / steps(lambda: read_source(small, roster))
    assert ratio < 4.5


def test_fetching_from_an_archive_does_not_read_its_directory_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = FORMATS["gradescope"](a_class(30), tmp_path)
    imported = read_source(source)
    opened = []
    honest = zipfile.ZipFile._RealGetContents  # type: ignore[attr-defined]
    monkeypatch.setattr(
        zipfile.ZipFile, "_RealGetContents", lambda self: opened.append(1) or honest(self)
    )
    for number, hand_in in enumerate(imported.hand_ins):
        fetch(source, hand_in, tmp_path / str(number))
    assert opened == []


def test_no_file_is_read_while_a_class_is_listed(tmp_path: Path) -> None:
    """A class of many megabytes takes no more memory than its names."""
    student = students(1)[0]
    large = random.Random(1).randbytes(3_000_000)
    files = {f"data{number}.bin": large for number in range(5)}
    for name in ("zips", "canvas", "folders"):
        source = FORMATS[name]([MadeUp((student,), files), *a_class(6)[1:]], tmp_path / name)
        tracemalloc.start()
        read_source(source)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3_000_000, name


# --------------------------------------------------------------------------- the same student twice


def by_name(imported: Imported) -> dict[str, HandIn]:
    return {hand_in.name: hand_in for hand_in in imported.hand_ins}


def test_the_newest_of_two_counts_and_the_older_is_named(tmp_path: Path) -> None:
    [ada] = students(1)
    first = MadeUp((ada,), {"rnn.py": b"old"}, "2027-02-05T10:00:00+01:00")
    second = MadeUp((ada,), {"rnn.py": b"new"}, "2027-02-05T09:30:00+00:00")
    for submissions in ([first, second], [second, first]):
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        source = FORMATS["gradescope"](submissions, tmp_path)
        [hand_in] = read_source(source).hand_ins
        assert fetched(source, hand_in, tmp_path / "x") == {"rnn.py": b"new"}
        assert len(hand_in.older) == 1 and hand_in.older[0].startswith("submission_")


def test_who_left_a_group_takes_nobody_with_them(tmp_path: Path) -> None:
    ada, bob, _ = students(3)
    both = MadeUp((ada, bob), {"rnn.py": b"both"}, "2027-02-05T10:00:00+00:00")
    alone = MadeUp((ada,), {"rnn.py": b"alone"}, "2027-02-06T10:00:00+00:00")
    source = FORMATS["gradescope"]([both, alone], tmp_path)
    imported = read_source(source, Roster((ada, bob)))
    assert [hand_in.students for hand_in in imported.hand_ins] == [(bob,), (ada,)]
    assert imported.hand_ins[1].older == (imported.hand_ins[0].name,)
    assert len(imported.remarks) == 1 and bob.name in imported.remarks[0]


def test_two_of_one_name_are_two_students(tmp_path: Path) -> None:
    first, second = (
        MadeUp((Student("Jan Novák"),), {"a.py": b"1"}),
        MadeUp((Student("Jan Novák"),), {"a.py": b"2"}),
    )
    for roster in (None, Roster((Student("Jan Novák", "1"), Student("Jan Novák", "2")))):
        imported = read_source(FORMATS["gradescope"]([first, second], tmp_path), roster)
        assert len(imported.hand_ins) == 2
        assert {one.entry for one in imported.unmatched} == {one.name for one in imported.hand_ins}


def test_a_submission_of_nobody_is_kept_and_named(tmp_path: Path) -> None:
    source = FORMATS["gradescope"]([*a_class(2), MadeUp((), {"rnn.py": b""})], tmp_path)
    imported = read_source(source)
    *_, nobodys = imported.hand_ins
    assert nobodys.students == () and len(nobodys.files) == 1
    [unmatched] = imported.unmatched
    assert unmatched.entry == nobodys.name and "names nobody" in unmatched.why


def test_who_is_not_in_the_roster_is_graded_and_said(tmp_path: Path) -> None:
    submissions = a_class(3)
    source = FORMATS["folders"](submissions, tmp_path)
    imported = read_source(source, Roster(submissions[0].students))
    assert len(imported.hand_ins) == 3
    [remark] = imported.remarks
    assert remark == "not in the roster, and graded all the same: u1-x, u2-x"


@pytest.mark.slow
def test_more_files_than_anyone_hands_in_cost_that_student_only(tmp_path: Path) -> None:
    heap = {f"venv/lib/{number}.py": b"" for number in range(20_500)}
    [ada, bob] = students(2)
    own = {"recurrent/rnn.py": b"work"}
    source = FORMATS["gradescope"]([MadeUp((ada,), heap | own), MadeUp((bob,), own)], tmp_path)
    imported = read_source(source)
    sizes = [len(hand_in.files) for hand_in in imported.hand_ins]
    assert sizes == [20_000, 1]
    assert "recurrent/rnn.py" in {member.path for member in imported.hand_ins[0].files}
    assert {one.why for one in imported.unmatched} == {TOO_MANY}
    assert len(imported.unmatched) == 501
