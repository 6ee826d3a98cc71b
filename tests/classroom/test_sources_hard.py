"""What is wrong with one file of a class archive costs that file, and is said; nothing else."""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.classroom.hand_in import HandIn, Imported, SourceError
from autograder.classroom.made_up.archives import packed
from autograder.classroom.sources import archive, draft, fetch, fetching, files, read_source

UNIX = 3

Edit = Callable[[zipfile.ZipFile], None]


def put(name: str, content: bytes = b"bad", mode: int = 0, kind: int = zipfile.ZIP_STORED) -> Edit:
    def edit(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("x")
        info.filename = name  # as it is: the library would mend some
        info.create_system = UNIX
        info.external_attr = mode << 16
        info.compress_type = kind
        archive.writestr(info, content)

    return edit


def several(*edits: Edit) -> Edit:
    def edit(archive: zipfile.ZipFile) -> None:
        for one in edits:
            one(archive)

    return edit


def patched(
    edit: Edit, name: bytes, change: Callable[[bytearray, int], None]
) -> Callable[[], bytes]:
    """A class in which the directory's entry of a name is changed."""

    def make() -> bytes:
        content = bytearray(class_with(edit))
        place = content.rindex(name) - 46
        assert content[place : place + 4] == b"PK\1\2"
        change(content, place)
        return bytes(content)

    return make


def class_with(edit: Edit) -> bytes:
    """Two students; the second has something bad besides."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("ada/rnn.py", b"ada")
        archive.writestr("bob/rnn.py", b"bob")
        edit(archive)
        archive.writestr("bob/zzz.py", b"last")
    return content.getvalue()


def flag(bit: int) -> Callable[[bytearray, int], None]:
    def change(content: bytearray, place: int) -> None:
        content[place + 8] |= bit & 0xFF
        content[place + 9] |= bit >> 8

    return change


def number(offset: int, value: int) -> Callable[[bytearray, int], None]:
    def change(content: bytearray, place: int) -> None:
        struct.pack_into("<L", content, place + offset, value)

    return change


LINK = stat.S_IFLNK | 0o777
BAD: dict[str, tuple[Edit | Callable[[], bytes], str, str]] = {
    "above the folder": (put("../evil.py"), "../evil.py", "leads out"),
    "above from within": (put("bob/../../evil.py"), "bob/../../evil.py", "leads out"),
    "absolute": (put("/etc/evil.py"), "/etc/evil.py", "leads out"),
    "on a drive": (put("C:\\evil.py"), "C:\\evil.py", "leads out"),
    "above with backslashes": (put("bob\\..\\..\\evil.py"), "bob\\..\\..\\evil.py", "leads out"),
    "on a network disk": (put("\\\\host\\evil.py"), "\\\\host\\evil.py", "leads out"),
    "a link": (put("bob/link.py", b"/etc/passwd", LINK), "bob/link.py", "is a link"),
    "a device": (put("bob/dev", b"", stat.S_IFCHR | 0o666), "bob/dev", "no plain file"),
    "a pipe": (put("bob/pipe.py", b"", stat.S_IFIFO | 0o666), "bob/pipe.py", "no plain file"),
    "compressed with lzma": (put("bob/l.py", kind=zipfile.ZIP_LZMA), "bob/l.py", "unusual way"),
    "compressed with bzip2": (put("bob/l.py", kind=zipfile.ZIP_BZIP2), "bob/l.py", "unusual way"),
    "a name that is too long": (put(f"bob/{'n' * 300}.py"), f"bob/{'n' * 300}.py", "too long"),
    "a path that is too long": (put("bob/" + "n/" * 900 + "x"), "bob/" + "n/" * 900 + "x", "long"),
    "locked": (patched(put("bob/k.py"), b"bob/k.py", flag(1)), "bob/k.py", "password"),
    "larger than anyone's": (
        patched(put("bob/big.py"), b"bob/big.py", number(24, 2_000_000_000)),
        "bob/big.py",
        "larger than 100 MB",
    ),
    "twice": (several(put("bob/t.py", b"1"), put("bob/t.py", b"2")), "bob/t.py", "same name"),
    "twice, with backslashes": (
        several(put("bob\\t.py", b"1"), put("bob/t.py", b"2")),
        "bob\\t.py",
        "same name",
    ),
    "twice, composed and not": (
        several(put("bob/u\N{COMBINING DIAERESIS}.py"), put("bob/ü.py")),
        "bob/u\N{COMBINING DIAERESIS}.py",
        "same name",
    ),
    "a file and a folder": (several(put("bob/f"), put("bob/f/a.py")), "bob/f", "folder"),
    "a link and then a file": (
        several(put("bob/f.py", b"/", LINK), put("bob/f.py")), "bob/f.py", "link",
    ),
    "a file and then a link": (
        several(put("bob/f.py"), put("bob/f.py", b"/", LINK)), "bob/f.py", "link",
    ),
}  # fmt: skip


def read(content: bytes, tmp_path: Path) -> tuple[Imported, HandIn, HandIn]:
    (tmp_path / "class.zip").write_bytes(content)
    imported = read_source(tmp_path / "class.zip")
    ada, bob = imported.hand_ins
    assert (ada.name, bob.name) == ("ada", "bob")
    return imported, ada, bob


def fetched(tmp_path: Path, hand_in: HandIn) -> tuple[dict[str, bytes], list[str]]:
    into = tmp_path / "fetched" / hand_in.name
    said = fetch(tmp_path / "class.zip", hand_in, into)
    found = {}
    for path in into.rglob("*"):
        assert not path.is_symlink()
        if path.is_file():
            found[path.relative_to(into).as_posix()] = path.read_bytes()
    return found, said


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("what", BAD)
def test_a_bad_entry_costs_itself_and_is_named(what: str, tmp_path: Path) -> None:
    edit, entry, why = BAD[what]
    content = edit() if what in ("locked", "larger than anyone's") else class_with(edit)  # type: ignore
    imported, ada, bob = read(content, tmp_path)
    assert [one.why for one in imported.unmatched if one.entry == entry] != []
    assert all(why in one.why for one in imported.unmatched), imported.unmatched
    assert fetched(tmp_path, ada) == ({"rnn.py": b"ada"}, [])
    found, said = fetched(tmp_path, bob)
    assert said == []
    assert found["rnn.py"] == b"bob" and found["zzz.py"] == b"last"
    assert not (tmp_path / "evil.py").exists() and not Path("/etc/evil.py").exists()


def broken(content: bytearray, place: int) -> None:
    """The bytes of the file itself, which is stored as it is."""
    content[content.index(b"THE CONTENT")] ^= 1


def no_more(content: bytearray, place: int) -> None:
    struct.pack_into("<L", content, place + 42, 0xFFFFFF)


DAMAGED = {
    "other bytes": broken,
    "another checksum": number(16, 12345),
    "a smaller size than it has": number(24, 3),
    "a place behind the end": no_more,
    "the place of another": number(42, 0),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_file_is_said_when_it_is_fetched(what: str, tmp_path: Path) -> None:
    make = patched(put("bob/bad.py", b"THE CONTENT"), b"bob/bad.py", DAMAGED[what])
    _, ada, bob = read(make(), tmp_path)
    assert fetched(tmp_path, ada) == ({"rnn.py": b"ada"}, [])
    found, said = fetched(tmp_path, bob)
    assert found == {"rnn.py": b"bob", "zzz.py": b"last"}
    assert said == ["bad.py: it is damaged, and was left out"]


def test_a_submission_of_which_nothing_can_be_read_is_one_sentence(tmp_path: Path) -> None:
    content = bytearray(packed({"ada/rnn.py": b"fine", "bob/rnn.py": b"fine" * 10}))
    place = content.rindex(b"bob/rnn.py") - 46
    number(16, 12345)(content, place)
    _, ada, bob = read(bytes(content), tmp_path)
    with pytest.raises(SourceError, match=r"nothing of bob can be read: rnn\.py: it is damaged"):
        fetched(tmp_path, bob)
    assert fetched(tmp_path, ada) == ({"rnn.py": b"fine"}, [])


def shorter_extra(content: bytearray, place: int) -> None:
    extra = place + 46 + len(b"bob/bad.py")
    struct.pack_into("<2H", content, extra, 1, 500)


def newest(content: bytearray, place: int) -> None:
    content[place + 6] = 200


@pytest.mark.parametrize("change", [shorter_extra, newest])
def test_an_entry_that_the_library_refuses_costs_no_other(
    change: Callable[[bytearray, int], None], tmp_path: Path
) -> None:
    def edit(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("bob/bad.py")
        info.extra = struct.pack("<2H4s", 0x5455, 4, b"1234")
        archive.writestr(info, b"bad")

    content = patched(edit, b"bob/bad.py", change)()
    with pytest.raises(Exception, match=r"extra|version"):
        zipfile.ZipFile(io.BytesIO(content))
    _, ada, bob = read(content, tmp_path)
    assert fetched(tmp_path, ada) == ({"rnn.py": b"ada"}, [])
    assert fetched(tmp_path, bob)[0]["rnn.py"] == b"bob"
    assert fetched(tmp_path, bob.__class__("bob2", (), bob.files))[0]["bad.py"] == b"bad"


NAMES = {
    "UTF-8, and marked": ("bob/ü.py".encode(), 0x800, "ü.py"),
    "UTF-8, not marked": ("bob/ü.py".encode(), 0, "ü.py"),
    "of DOS": ("bob/ü.py".encode("cp437"), 0, "ü.py"),
    "marked as UTF-8, and none": (b"bob/\xfc\xe9.py", 0x800, "ⁿΘ.py"),
    "cut in the middle of a letter": ("bob/ü".encode()[:-1] + b".py", 0x800, "├.py"),
}


@pytest.mark.parametrize("what", NAMES)
def test_a_name_in_any_encoding_is_read(what: str, tmp_path: Path) -> None:
    raw, bits, path = NAMES[what]
    plain = b"bob/" + b"x" * (len(raw) - 4)
    content = class_with(put(plain.decode()))
    content = content.replace(plain, raw)
    data = bytearray(content)
    flag(bits)(data, data.rindex(raw) - 46)
    flag(bits)(data, data.index(raw) - 32)  # the header before the content: two bytes less
    imported, _, bob = read(bytes(data), tmp_path)
    assert imported.unmatched == ()
    found, said = fetched(tmp_path, bob)
    assert said == [] and found == {"rnn.py": b"bob", "zzz.py": b"last", path: b"bad"}


def test_a_name_with_a_zero_in_it_is_named(tmp_path: Path) -> None:
    content = class_with(put("bob/a~b.py")).replace(b"bob/a~b.py", b"bob/a\0b.py")
    imported, _, bob = read(content, tmp_path)
    [unmatched] = imported.unmatched
    assert unmatched.entry == "bob/a" and unmatched.why == "no file can have this name"
    assert len(bob.files) == 2


def test_backslashes_are_folders(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in ("class\\ada\\rnn.py", "class\\bob\\rnn.py", "class\\bob\\recurrent\\a.py"):
            put(name)(made)
    _, _, bob = read(content.getvalue(), tmp_path)
    assert [member.path for member in bob.files] == ["recurrent/a.py", "rnn.py"]


# ------------------------------------------------------------------------------- no class at all


def cut_off() -> bytes:
    return packed({"ada/rnn.py": b"x" * 1000, "bob/rnn.py": b""})[:-60]


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as made:
        made.addfile(tarfile.TarInfo("ada/rnn.py"))
    return content.getvalue()


NO_CLASS: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "neither a folder nor a zip file"),
    "a text": (b"hello", "neither a folder nor a zip file"),
    "a broken download": (cut_off(), "download was cut off"),
    "the start of a zip": (b"PK\3\4", "download was cut off"),
    "the end of a zip": (b"PK\5\6" + b"\xff" * 18, "damaged"),
    "a page that asks to log in": (b"<!DOCTYPE html>", "neither a folder nor a zip file"),
    "a tar": (tar(), "unpack it, and name the folder"),
    "a rar": (b"Rar!\x1a\x07\x01\x00", "unpack it, and name the folder"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c", "unpack it, and name the folder"),
    "an empty zip": (packed({}), "is empty"),
    "a zip of what a Mac adds": (packed({"__MACOSX/._a": b"", ".DS_Store": b""}), "is empty"),
    "one submission": (packed({"rnn.py": b"", "head.py": b""}), "looks like one submission"),
    "a package": (packed({"recurrent/rnn.py": b""}), "looks like one submission"),
    "a handout": (
        packed({"recurrent/rnn.py": b"", "autograder/grade.py": b"", "autograder/rnn.py": b""}),
        "looks like one submission",
    ),
    "loose files": (packed({"notes.txt": b""}), "looks like one submission"),
}  # fmt: skip


def locked() -> bytes:
    content = bytearray(packed({"ada/rnn.py": b"1", "bob/rnn.py": b"2"}))
    for name in (b"ada/rnn.py", b"bob/rnn.py"):
        flag(1)(content, content.rindex(name) - 46)
    return bytes(content)


NO_CLASS["a locked archive"] = (locked(), "no file in class.zip can be read: it is locked")


@pytest.mark.parametrize("what", NO_CLASS)
def test_what_is_no_class_is_one_sentence(what: str, tmp_path: Path) -> None:
    content, why = NO_CLASS[what]
    (tmp_path / "class.zip").write_bytes(content)
    with pytest.raises(SourceError, match=why) as caught:
        read_source(tmp_path / "class.zip")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_a_source_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, why in (
        ("nothing", "nothing is not there: name"),
        ("empty", "is empty"),
        ("pipe", "neither"),
    ):
        with pytest.raises(SourceError, match=why):
            read_source(tmp_path / name)


def test_two_class_archives_are_not_mixed(tmp_path: Path) -> None:
    from autograder.classroom.made_up.archives import FORMATS
    from tests.classroom.test_sources import a_class

    for name in ("gradescope", "canvas", "moodle"):
        folder = tmp_path / name
        first = FORMATS[name](a_class(3), folder / "a")
        second = FORMATS[name](a_class(2), folder / "b")
        both = folder / "both"
        both.mkdir()
        shutil.copy(first, both / "section_a.zip")
        shutil.copy(second, both / "section_b.zip")
        with pytest.raises(SourceError, match=r"more than one class .*section_a.*section_b"):
            read_source(both)
        for path in sorted(both.glob("*.zip")):
            shutil.unpack_archive(path, both / path.stem)
            path.unlink()
        with pytest.raises(SourceError, match="more than one class"):
            read_source(both)


# ------------------------------------------------------------------------------------------ folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ada", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "rnn.py").write_text(name)
    (tmp_path / "secret.py").write_text("secret")
    return tmp_path / "class"


def test_links_and_what_is_no_file_are_named_and_not_followed(folder: Path) -> None:
    bob = folder / "bob"
    (bob / "link.py").symlink_to(folder.parent / "secret.py")
    (bob / "up").symlink_to(folder.parent)
    (bob / "gone.py").symlink_to("nowhere")
    os.link(folder.parent / "secret.py", bob / "second.py")
    os.mkfifo(bob / "pipe.py")
    (folder / "carl").symlink_to(folder / "ada")
    imported = read_source(folder)
    assert {one.entry for one in imported.unmatched} == {
        "bob/link.py", "bob/up", "bob/gone.py", "bob/second.py", "bob/pipe.py", "carl",
    }  # fmt: skip
    assert [[member.path for member in one.files] for one in imported.hand_ins] == [["rnn.py"]] * 2


def test_a_file_that_became_a_link_since_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "bob" / "more.py").touch()
    imported = read_source(folder)
    (folder / "bob" / "rnn.py").unlink()
    (folder / "bob" / "rnn.py").symlink_to(folder.parent / "secret.py")
    said = fetch(folder, imported.hand_ins[1], tmp_path / "x")
    assert said == ["rnn.py: it is a link, or cannot be opened, and was left out"]
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["more.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_are_read(folder: Path, tmp_path: Path) -> None:
    odd = os.path.join(os.fsencode(folder), b"j\xfcrgen")  # noqa: PTH118 - bytes
    os.mkdir(odd)  # noqa: PTH102
    with open(os.path.join(odd, b"w\xe9.py"), "wb") as file:  # noqa: PTH118, PTH123
        file.write(b"work")
    imported = read_source(folder)
    [jurgen] = [one for one in imported.hand_ins if one.students[0].login == "jürgen"]
    assert imported.unmatched == ()
    assert fetch(folder, jurgen, tmp_path / "x") == []
    assert (tmp_path / "x" / "wé.py").read_bytes() == b"work"
    for hand_in in imported.hand_ins:
        hand_in.name.encode()


def test_a_folder_any_number_deep_is_read(folder: Path) -> None:
    deep = folder / "bob"
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.py").touch()
    _, bob = read_source(folder).hand_ins
    assert len(bob.files) == 2
    for _ in range(900):
        deep = deep / "d"
        if len(str(deep)) < 2000:
            deep.mkdir()
            (deep / "x.py").touch()
    imported = read_source(folder)
    assert {one.why for one in imported.unmatched} == {"its path is too long"}


def test_a_student_whose_folder_is_empty_is_named(folder: Path) -> None:
    (folder / "carl" / "sub").mkdir(parents=True)
    (folder / "carl" / ".DS_Store").touch()
    imported = read_source(folder)
    [unmatched] = imported.unmatched
    assert (unmatched.entry, unmatched.why) == ("carl", "it is empty")


def test_what_lies_beside_the_students_is_named(folder: Path) -> None:
    for name in ("grades.csv", "check.py"):
        (folder / name).touch()
    imported = read_source(folder)
    assert [one.entry for one in imported.unmatched] == ["check.py", "grades.csv"]
    assert len(imported.hand_ins) == 2


# ------------------------------------------------------------------------------------------- limits


def test_more_bytes_than_anyone_hands_in_cost_that_student_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "MOST_BYTES", 1000)
    (folder / "bob" / "data").mkdir()
    for number_ in range(5):
        (folder / "bob" / "data" / f"{number_}.bin").write_bytes(b"x" * 300)
    imported = read_source(folder)
    assert [len(one.files) for one in imported.hand_ins] == [1, 4]
    assert [one.entry for one in imported.unmatched] == ["bob/data/3.bin", "bob/data/4.bin"]


def test_a_file_that_grew_since_is_not_copied_without_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_FILE", 1000)
    (folder / "bob" / "more.py").touch()
    imported = read_source(folder)
    (folder / "bob" / "rnn.py").write_bytes(b"x" * 2000)
    [sentence] = fetch(folder, imported.hand_ins[1], tmp_path / "x")
    assert sentence.startswith("rnn.py: it is larger than")
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["more.py"]


def test_nothing_that_is_there_is_written_over(folder: Path, tmp_path: Path) -> None:
    imported = read_source(folder)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "rnn.py").write_text("mine")
    with pytest.raises(SourceError, match="its name is that of another file"):
        fetch(folder, imported.hand_ins[0], tmp_path / "x")
    assert (tmp_path / "x" / "rnn.py").read_text() == "mine"


def test_a_forked_process_reads_with_a_position_of_its_own(tmp_path: Path) -> None:
    """Else two processes that read one archive at the same time read from anywhere."""
    contents = {f"s{number_}/rnn.py": bytes([number_]) * 200_000 for number_ in range(20)}
    (tmp_path / "class.zip").write_bytes(packed(contents))
    imported = read_source(tmp_path / "class.zip")
    children = []
    for child in range(4):
        pid = os.fork()
        if not pid:
            try:
                for hand_in in imported.hand_ins:
                    into = tmp_path / f"{child}-{hand_in.name}"
                    failed = fetch(tmp_path / "class.zip", hand_in, into)
                    expected = contents[f"{hand_in.name}/rnn.py"]
                    if failed or (into / "rnn.py").read_bytes() != expected:
                        os._exit(1)
                os._exit(0)
            finally:
                os._exit(2)
        children.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0] * 4


def test_an_archive_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    source = tmp_path / "class.zip"
    source.write_bytes(packed({"ada/rnn.py": b"1", "bob/rnn.py": b"1"}))
    read_source(source)
    source.write_bytes(packed({"ada/rnn.py": b"22", "bob/rnn.py": b"22", "carl/rnn.py": b"22"}))
    imported = read_source(source)
    assert len(imported.hand_ins) == 3
    fetch(source, imported.hand_ins[0], tmp_path / "x")
    assert (tmp_path / "x" / "rnn.py").read_bytes() == b"22"


def test_the_limits_are_the_ones_that_are_said() -> None:
    assert f"it is larger than {files.LARGEST_FILE // 10**6} MB" == files.TOO_LARGE
    assert archive.LARGEST_FILE == fetching.LARGEST_FILE == files.LARGEST_FILE
