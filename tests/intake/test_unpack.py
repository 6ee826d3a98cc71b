"""What students' bytes can do to the program that looks into them: cost their own file, no more."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import random
import resource
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.intake import IntakeError, unpacking
from autograder.unpack import entries
from autograder.unpack.archive import look_into
from autograder.unpack.encoding import BY_NAME, as_utf8, is_plain
from autograder.unpack.entries import Entry, Garbled, pack
from autograder.unpack.program import SECONDS
from autograder.unpack.shortlist import LARGEST_FILE, LeftOut
from tests.conftest import ROOT
from tests.intake.taking_in import NAMES, RIGHT, taken
from tests.submissions import REFERENCE


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    """A folder with these modules in it."""
    folder = tmp_path / "submission"
    folder.mkdir()
    for name, content in files.items():
        (folder / f"{name}.py").write_bytes(content)
    return folder


def zip_of(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip file with these members."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def processor_seconds() -> float:
    """What this process and those it has waited for have used."""
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


# ------------------------------------------------------------------------------------ coding lines


REFUSED_CODECS = {
    "undefined": b"x = 1\n",
    "punycode": b"-" + b"a" * (LARGEST_FILE - 100),
    "idna": b"a" * (LARGEST_FILE - 100),
    "unicode_escape": b"x = 1\n",
    "rot13": b"k = 1\n",
    "utf-7": b"x = 1\n",
    "zlib": b"x = 1\n",
    "mbcs": b"x = 1\n",
    "no-such-thing": b"x = 1\n",
    "utf-32": b"x = 1\n",
    "a" * 100_000: b"x = 1\n",
}


@pytest.mark.parametrize("codec", REFUSED_CODECS, ids=lambda codec: codec[:20])
@pytest.mark.parametrize("zipped", [False, True], ids=["in a folder", "in a zip"])
def test_a_codec_that_is_not_read_costs_its_own_file(
    codec: str, zipped: bool, tmp_path: Path
) -> None:
    content = b"# coding: " + codec.encode() + b"\n" + REFUSED_CODECS[codec]
    submission = folder_of(tmp_path, rnn=RIGHT.encode(), head=content)
    if zipped:
        members = {f"{path.name}": path.read_bytes() for path in submission.iterdir()}
        submission = zip_of(tmp_path / "s.zip", members)
    before = processor_seconds()
    intake, files = taken(submission, tmp_path)
    assert processor_seconds() - before < SECONDS
    assert list(files) == ["rnn"]
    [note] = intake.notes
    assert intake.refused == {"head": note}
    assert note.startswith("head.py says in its coding line") and codec[:70] in note
    assert len(note) < 300


@pytest.mark.parametrize("codec", BY_NAME)
@pytest.mark.parametrize(
    "line",
    ["# coding: {}", "\n# -*- coding: {} -*-", "#!/usr/bin/python\r\n# vim: set fileencoding={} :"],
)
def test_every_codec_that_is_read_is_read_right(codec: str, line: str) -> None:
    text = line.format(codec) + "\nword = 'caf\u00e9'\n"
    source, remark = as_utf8(text.encode(BY_NAME[codec]))
    scope: dict[str, str] = {}
    exec(compile(source, "file", "exec"), scope)
    assert scope["word"] == "caf\u00e9"
    assert ("UTF-16" in remark) == (BY_NAME[codec] == "utf-16")


def test_the_registry_of_codecs_is_never_asked_by_a_students_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decode(content: bytes, name: str) -> None:
        raise AssertionError(name)

    import codecs

    monkeypatch.setattr(codecs, "lookup", decode)
    for codec in REFUSED_CODECS:
        with pytest.raises(LeftOut):
            as_utf8(b"# coding: " + codec.encode() + b"\nx = 1\n")


def test_an_ordinary_submission_starts_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def started(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(unpacking, "run", started)
    sources = {name: text.encode() for name, text in REFERENCE.items() if name in NAMES}
    sources["rnn"] = b"\xef\xbb\xbf" + sources["rnn"]
    sources["head"] = b"# -*- coding: utf-8 -*-\n# caf\xc3\xa9\n" + sources["head"]
    intake, files = taken(folder_of(tmp_path, **sources), tmp_path)
    assert files == sources and not intake.notes


def test_what_is_plain_is_left_as_it_is() -> None:
    for content in (b"", b"x = 1\r\n", b"# coding: utf8\n", b"x = 1\n# coding: punycode\n"):
        assert is_plain(content) and as_utf8(content) == (content, "")
    for content in (
        b"\xe9",
        b"\0",
        b"# coding: latin-1\n",
        b"\xef\xbb\xbf#coding=rot13",
        b"\r#coding:hex",
    ):
        assert not is_plain(content)


@pytest.mark.parametrize(
    "piece",
    [
        b"#",
        b" ",
        b"\t\f",
        b"#coding",
        b"coding: ",
        b"#coding:" + b" " * 999,
        b"\r",
        b"\r\n#",
        b"\0 ",
    ],
)
def test_no_megabyte_takes_longer_than_its_length(piece: bytes) -> None:
    for start in (b"", b"#", b"# coding:", b"\n#"):
        content = (start + piece * (LARGEST_FILE // len(piece)))[:LARGEST_FILE]
        before = time.process_time()
        is_plain(content)
        with contextlib.suppress(LeftOut):
            as_utf8(content)
        assert time.process_time() - before < 1, "it takes some hundredths"


# -------------------------------------------------------------------------------------------- zips


@pytest.mark.parametrize(
    "name", [b"\0" * 7, b"a\0/rnn.py"[:7], b"///////", b"\\\\\\\\\\\\\\", b"./././.", b"\x1b[2J.py"]
)
def test_a_member_with_a_name_nobody_gives_is_ignored(name: bytes, tmp_path: Path) -> None:
    zip_of(tmp_path / "s.zip", {"recurrent/rnn.py": RIGHT.encode(), "@EMPTY@": b""})
    content = (tmp_path / "s.zip").read_bytes()
    (tmp_path / "s.zip").write_bytes(content.replace(b"@EMPTY@", name))
    intake, files = taken(tmp_path / "s.zip", tmp_path)
    assert files == {"rnn": RIGHT.encode()} and not intake.notes


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_only_the_two_common_compressions_are_unpacked(method: int, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "s.zip", {"rnn.py": RIGHT.encode()}, method)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("head.py", RIGHT)
    intake, files = taken(path, tmp_path)
    assert list(files) == ["head"]
    assert (
        "rnn.py cannot be unpacked, because it is compressed in an unusual way"
        in intake.refused["rnn"]
    )


def test_a_locked_member_says_so(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "s.zip", {"rnn.py": RIGHT.encode()})
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.find(signature) + flags] |= 1
    path.write_bytes(content)
    intake, files = taken(path, tmp_path)
    assert files == {} and "locked with a password" in intake.refused["rnn"]


def test_bombs_cost_little_and_only_themselves(tmp_path: Path) -> None:
    bomb = b"\0" * 30_000_000
    members = {"recurrent/rnn.py": RIGHT.encode(), "recurrent/head.py": bomb}
    for number in range(40):
        members[f"{number}/lstm.py"] = bomb[:5_000_000]
    inner = zip_of(tmp_path / "inner.zip", {"gru.py": bomb})
    members["gru.zip"] = inner.read_bytes()
    path = zip_of(tmp_path / "s.zip", members)
    before = processor_seconds()
    intake, files = taken(path, tmp_path)
    assert processor_seconds() - before < SECONDS
    assert list(files) == ["rnn"]
    assert set(intake.refused) == {"head", "lstm", "gru"}
    assert len(intake.notes) <= 12, "however many there are"


def test_a_zip_is_read_through_one_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    class Counting(zipfile.ZipFile):
        def __init__(self, *arguments: object, **options: object) -> None:
            opened.append(arguments)
            super().__init__(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile, "ZipFile", Counting)
    members = {f"{name}.py": RIGHT.encode() for name in NAMES}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, source in members.items():
            archive.writestr(name, source)
    opened.clear()
    assert len(list(look_into(content, NAMES))) == len(NAMES)
    assert len(opened) == 1


def test_a_zips_name_reaches_nobody_as_it_is(tmp_path: Path) -> None:
    name = b"\x1b]0;pwned\x07\x1b[32m100\n\xe2\x80\xae<img src=x>\xff.zip"
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_bytes(b"no zip")
    with pytest.raises(IntakeError) as raised:
        taken(folder, tmp_path)
    assert str(raised.value).isprintable() and "cannot be read as a zip" in str(raised.value)


# ------------------------------------------------------------------------------------- the process


def run_program(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deadline: float = 20.0
) -> tuple[list[Entry], str]:
    """What the judge gets from a program that does this once it is confined."""
    program = tmp_path / "program.py"
    lines = (
        "import os, sys, time",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from autograder.unpack.program import confine",
        "from autograder.unpack.entries import Entry, pack",
        "def say(*entry): os.write(1, pack(Entry(*entry)))",
        "confine()",
        code,
    )
    program.write_text("\n".join(lines))
    monkeypatch.setattr(unpacking, "PROGRAM", program)
    (tmp_path / "file").write_bytes(b"content")
    with (tmp_path / "file").open("rb") as file:
        return unpacking.run(file, "source", deadline=deadline)


DEEDS = {
    "memory": "x = bytearray(400_000_000)",
    "files": "open('/dev/null')",
    "a new file": f"open('/tmp/{os.getpid()}-made', 'w').write('x')",
    "processes": "os.fork() or os._exit(0)",
    "an end": "os._exit(3)",
    "a signal": "os.kill(os.getpid(), 11)",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_process_can_do_nothing_else(
    deed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"say('remark')\n{DEEDS[deed]}\nsay('source')\nsay('end')"
    found, broken_off = run_program(code, tmp_path, monkeypatch)
    assert [entry.kind for entry in found] == ["remark"]
    assert "cannot be read" in broken_off


def test_neither_processor_time_nor_patience_is_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = processor_seconds()
    assert run_program("while True: pass", tmp_path, monkeypatch) == ([], unpacking.TOO_SLOW)
    assert processor_seconds() - before < SECONDS + 2
    found, broken_off = run_program("say('remark')\ntime.sleep(600)", tmp_path, monkeypatch, 2.0)
    assert broken_off == unpacking.TOO_SLOW


def test_an_answer_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_BYTES", 100_000)
    found, broken_off = run_program("while True: os.write(1, bytes(4096))", tmp_path, monkeypatch)
    assert found == [] and "more than can be read" in broken_off


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_process_is_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "say('remark', '', f'{os.getuid()} {os.geteuid()} {os.getgroups()}')\nsay('end')"
    [entry], broken_off = run_program(code, tmp_path, monkeypatch)
    uid, effective, groups = entry.text.split()
    assert uid == effective != "0" and groups == "[]" and not broken_off


def test_whatever_the_process_ends_in_is_the_files_fault_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "run", lambda *arguments: ([], unpacking.TOO_SLOW))
    folder = folder_of(tmp_path, rnn=RIGHT.encode(), head=b"# caf\xe9\n")
    intake, files = taken(folder, tmp_path)
    assert list(files) == ["rnn"]
    assert intake.refused == {"head": "head.py takes too long to read and was left out"}


def test_a_zip_that_breaks_off_keeps_what_was_read_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [Entry("source", "rnn.py", content=RIGHT.encode())]
    monkeypatch.setattr(unpacking, "run", lambda *arguments: (before, unpacking.TOO_SLOW))
    path = zip_of(tmp_path / "s.zip", {"rnn.py": b"", "head.py": b""})
    intake, files = taken(path, tmp_path)
    assert list(files) == ["rnn"]
    assert "s.zip takes too long to read, and was read only in part" in intake.refused["head"]


def test_the_program_needs_nothing_that_is_installed() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    code += "import autograder.unpack.program, autograder.unpack.archive; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "autograder.unpack.archive" in loaded and not loaded & {"numpy", "pickle", "subprocess"}


# ------------------------------------------------------------------------------- what it hands back


def test_entries_arrive_as_they_were_sent() -> None:
    sent = [
        Entry("source", "a/RNN.PY", "a remark \u2713", "20270101", b"\0\xff"),
        Entry("refused", text="why"),
    ]
    data = b"".join(map(pack, sent))
    for end, complete in ((b"", False), (pack(Entry("end")), True)):
        got, finished = entries.unpack(data + end)
        assert finished == complete
        assert [vars(entry) for entry in got] == [vars(entry) for entry in sent]


def test_no_bytes_are_read_as_more_than_entries() -> None:
    draw = random.Random(20)
    whole = b"".join(map(pack, [Entry("source", "rnn.py", "x", "1", b"y" * 50), Entry("end")]))
    for _ in range(2000):
        try:
            found, _ = entries.unpack(mutated(whole, draw))
        except Garbled:
            continue
        for entry in found:
            assert entry.kind in entries.KINDS and len(entry.content) <= len(whole) + 100


# --------------------------------------------------------------------------------- fuzz, by a clock

FEW, MANY = 300, 10_000
BOUND = 0.2
"""Processor seconds for one mutated file of some kilobytes, which takes a hundredth of it."""


def mutated(content: bytes, draw: random.Random) -> bytes:
    """The bytes with a few changes such as disks, mail and malice make."""
    changed = bytearray(content)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(changed) + 1)
        length = draw.choice((1, 1, 2, 4, 30))
        how = draw.randrange(5)
        if how == 0:
            changed[place : place + length] = draw.randbytes(length)
        elif how == 1:
            changed[place : place + length] = bytes([draw.choice((0, 255))]) * length
        elif how == 2:
            del changed[place : place + length]
        elif how == 3:
            changed[place:place] = changed[max(0, place - 40) : place]
        elif len(changed) > 1 and changed:
            changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def some_zips() -> list[bytes]:
    """Zips as several tools write them."""
    zips = []
    sources = {f"recurrent/{name}.py": REFERENCE[name] for name in ("rnn", "head", "gradflow")}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", method) as archive:
            for name, text in sources.items():
                archive.writestr(name, text)
            archive.writestr("hw/\u00e4 b.py", "", zipfile.ZIP_STORED)
            archive.comment = b"a comment"
        zips.append(content.getvalue())
    return zips


def zip_mutants(count: int) -> Iterator[bytes]:
    """Broken zips. Half of the changes are in the directory, where there is most to break."""
    draw = random.Random(11)
    zips = some_zips()
    for number in range(count):
        content = zips[number % len(zips)]
        directory = content.find(b"PK\1\2")
        if number % 2:
            yield content[:directory] + mutated(content[directory:], draw)
        else:
            yield mutated(content, draw)


def tar_mutants(count: int) -> Iterator[bytes]:
    """Broken tars, compressed and not, and a zip in one."""
    draw = random.Random(13)
    inner = some_zips()[1]
    tars = []
    for mode in ("w", "w:gz"):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode=mode) as archive:  # type: ignore[call-overload]
            for name, data in (("recurrent/rnn.py", REFERENCE["rnn"].encode()), ("a.zip", inner)):
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        tars.append(content.getvalue())
    for number in range(count):
        yield mutated(tars[number % len(tars)], draw)


def source_mutants(count: int) -> Iterator[bytes]:
    """Broken sources, in all codecs that are read and some that are not."""
    draw = random.Random(12)
    text = "# caf\u00e9\n" + REFERENCE["rnn"][:3000]
    names = [*BY_NAME, *REFUSED_CODECS]
    for number in range(count):
        name = names[number % len(names)]
        line = f"# coding: {name[:30]}\n"
        yield mutated((line + text).encode(BY_NAME.get(name, "utf-8")), draw)


def look_at_zip(content: bytes) -> set[str]:
    """The kinds of what is found in it."""
    found = list(look_into(io.BytesIO(content), NAMES))
    for entry in found:
        assert entry.kind in ("source", "left out", "remark", "refused")
        if entry.kind == "source":
            entry.content.decode()
    # what is found can be handed back
    assert len(entries.unpack(b"".join(map(pack, found)))[0]) == len(found)
    return {entry.kind for entry in found}


def look_at_source(content: bytes) -> set[str]:
    """Whether it is a source or left out."""
    try:
        source, remark = as_utf8(content)
    except LeftOut as error:
        assert "coding line" in str(error)
        return {"left out"}
    assert is_plain(source) or b"\0" in source
    assert not is_plain(content) or source == content
    return {"source"}


def fuzz(look: Callable[[bytes], set[str]], mutants: Iterator[bytes]) -> set[str]:
    """Look at all of them, by a clock; the kinds of what was found."""
    kinds = set()
    for number, mutant in enumerate(mutants):
        start = time.process_time()
        try:
            kinds |= look(mutant)
        except Exception as error:
            raise AssertionError(f"mutant {number}: {error!r}") from error
        assert time.process_time() - start < BOUND, f"mutant {number}"
    return kinds


def test_mutated_zips_give_a_result_or_a_sentence() -> None:
    assert fuzz(look_at_zip, zip_mutants(FEW)) == {"source", "left out", "refused"}


def test_mutated_tars_give_a_result_or_a_sentence() -> None:
    assert fuzz(look_at_zip, tar_mutants(FEW)) >= {"source", "refused"}


def test_mutated_sources_give_a_result_or_a_sentence() -> None:
    assert fuzz(look_at_source, source_mutants(FEW)) == {"source", "left out"}


@pytest.mark.in_turn
@pytest.mark.slow
def test_many_more_mutants_give_a_result_or_a_sentence() -> None:
    fuzz(look_at_zip, zip_mutants(MANY))
    fuzz(look_at_zip, tar_mutants(MANY))
    fuzz(look_at_source, source_mutants(MANY))


@pytest.mark.in_turn
@pytest.mark.slow
def test_mutants_go_all_the_way_through_intake(tmp_path: Path) -> None:
    for number, mutant in enumerate(itertools.islice(zip_mutants(MANY), 100)):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "s.zip").write_bytes(mutant)
        before = processor_seconds()
        try:
            taken(place / "s.zip", place)
        except IntakeError as error:
            assert str(error).isprintable() and str(error)
        assert processor_seconds() - before < SECONDS
