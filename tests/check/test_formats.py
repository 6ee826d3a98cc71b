"""What a check writes for other programs: each line in the form that its reader knows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.cli import main
from autograder.problem import Finding, Verdict
from autograder.report.formats import FORMATS
from autograder.report.github import command
from autograder.report.places import Places
from autograder.report.record import from_data
from autograder.report.telling import Telling
from autograder.report.words import failing, is_carried, total
from tests.conftest import LONGEST, ROOT
from tests.submissions import submission
from tests.test_results_file import NASTY, harmful
from tests.test_terminal import KINDS

GCC = re.compile(r"(.+?):(\d+): (error|warning|note): (.*) \[(\w+)\]")

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^\r\n]*?)::(?P<text>.*)")
"""How GitHub's runner reads a line, `ActionCommand.TryParseV2`: properties end at the next `::`."""

PROPERTIES = {"file", "line", "title"}


def telling(verdicts: Sequence[Verdict], folder: Path = Path("nowhere"), **more: Any) -> Telling:
    return Telling(verdicts, Places(folder / "recurrent"), base=folder, **more)


def with_text(text: str) -> list[Verdict]:
    """A verdict of each status, all of whose words are this text."""
    said = (Finding("runs", text), Finding("values", text), Finding("arguments", text))
    return [replace(one, findings=said, hints=(text, text), printed=text) for one in KINDS]


def lines(form: str, verdicts: Sequence[Verdict], **more: Any) -> list[str]:
    written = FORMATS[form](telling(verdicts, remarks=[NASTY], level=4, **more))
    return written.split("\n") if written else []


def read_command(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub reads it."""
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    properties = {}
    for part in found["properties"].split(","):
        key, _, value = part.partition("=")
        properties[key] = value.replace("%3A", ":").replace("%2C", ",")
    for key, value in properties.items():
        properties[key] = unescaped(value)
    return found["name"], properties, unescaped(found["text"])


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


ANY_TEXT = st.text(max_size=20) | st.sampled_from(
    (
        NASTY,
        "a\nb",
        "::error::x",
        "##[error]x",
        "50%0A%",
        "a:1: error: b [c]",
        "]]>",
        "| --- |",
        "`",
    )
)


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_whatever_is_said_a_form_stays_itself(form: str, text: str) -> None:
    written = lines(form, with_text(text))
    assert harmful(written) == []
    HELD[form](written)


def holds_gcc(written: list[str]) -> None:
    for line in written:
        assert GCC.fullmatch(line), line


def holds_github(written: list[str]) -> None:
    for line in written[:-1]:
        name, properties, _ = read_command(line)
        assert properties.keys() <= PROPERTIES and "title" in properties
        assert properties.keys() == PROPERTIES or name == "notice"
    assert re.fullmatch(r"[\d.]+ of [\d.]+ points, \d+ of \d+ problems passed", written[-1])


def holds_junit(written: list[str]) -> None:
    text = "\n".join(written)
    assert text.isascii()
    root = ElementTree.fromstring(text)
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.get("tests", "")) == len(KINDS)
    for name, part in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert len(root.findall(f"testsuite/testcase/{part}")) == int(root.get(name, ""))
    for case in cases:
        assert {"classname", "name", "time", "file", "line"} == set(case.keys())


def holds_json(written: list[str]) -> None:
    (line,) = written
    assert len([from_data(data) for data in json.loads(line)]) == len(KINDS)


def holds_markdown(written: list[str]) -> None:
    known = {"heading_open", "table_open", "bullet_list_open", "paragraph_open"}
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse("\n".join(written))
    blocks = {token.type for token in tokens if token.level == 0 and token.nesting == 1}
    assert blocks <= known
    assert sum(token.type == "heading_open" for token in tokens) <= 4
    assert not [token for token in tokens if token.type in ("html_block", "fence", "code_block")]


HELD = {
    "gcc": holds_gcc,
    "github": holds_github,
    "junit": holds_junit,
    "json": holds_json,
    "markdown": holds_markdown,
}


def test_every_form_is_held_to_something() -> None:
    assert HELD.keys() == FORMATS.keys()


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(min_size=1))
def test_a_command_is_read_as_it_was_meant(text: str, title: str) -> None:
    line = command("error", text, title=title)
    assert "\n" not in line and "\r" not in line
    if "\n" not in repr(line):
        _, properties, said = read_command(line)
        assert said == text and properties == {"title": title}


def test_no_line_is_mistaken_for_a_command_of_github() -> None:
    """The runner takes any line that begins with `::`, after blanks, and any with `##[`."""
    for verdicts in (with_text("::add-mask::x"), with_text("##[add-mask]x")):
        for line in lines("github", verdicts)[:-1]:
            assert line.lstrip().startswith(("::error ", "::warning ", "::notice "))


# ------------------------------------------------------------------------------------ what is in it


def test_what_is_wrong_is_in_every_form_and_in_the_same_order() -> None:
    order = [verdict.problem for verdict in failing(KINDS)]
    for form in ("gcc", "github", "markdown"):
        text = "\n".join(lines(form, KINDS))
        places = [text.index(problem) for problem in dict.fromkeys(order)]
        assert places == sorted(places), form
        for verdict in failing(KINDS):
            assert verdict.problem in text
    assert total(KINDS) == lines("github", KINDS)[-1]
    assert lines("markdown", KINDS)[0] == f"### {total(KINDS)}"


def test_what_only_follows_is_a_warning_and_what_is_to_do_a_note() -> None:
    said = (Finding("carried", "this follows from the mistake in f", good=True),)
    carried = replace(KINDS[3], findings=said)
    assert is_carried(carried)
    (line,) = lines("gcc", [carried])
    assert ": warning: carried: this follows" in line
    (first, *_) = lines("github", [carried])[1:]
    assert first.startswith("::warning ")
    todo = replace(KINDS[2], findings=(Finding("runs", "still to do: f, at recurrent/x.py"),))
    assert [": note: still to do: f" in line for line in lines("gcc", [todo])] == [True]
    assert lines("gcc", [KINDS[0]]) == [], "as a compiler says nothing of what is right"


# --------------------------------------------------------------------------------------- the places


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference with a wrong gradient, a line that raises, one to do, and no file at all."""
    return submission(
        tmp_path_factory.mktemp("work") / "a folder, of mine",
        {
            "rnn.rnn_step_backward": "return (0.0 * dnext_h,) * 5",
            "head.temporal_affine_forward": "x = 1\nraise KeyError('rnn.py, line 9')",
            "rnn.last_hidden": 'raise NotImplementedError("last_hidden (Task 1.6, 3 points)")',
        },
        {"gradflow": "import numpy as np\ndef oops(:\n"},
    )


def run(work: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", "check", "--submission", str(work), *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
    )


def line_of(work: Path, file: str, text: str) -> int:
    source = (work / "recurrent" / file).read_text().splitlines()
    return next(number for number, line in enumerate(source, start=1) if text in line)


def test_every_place_is_the_line_to_look_at(work: Path, frozen: Path) -> None:
    done = run(work, "rnn", "head", "gradflow", "--format", "gcc", cwd=work)
    assert done.returncode == 1
    assert done.stderr.endswith(" problems passed\n")
    found: dict[str, tuple[str, int, str]] = {}
    for line in done.stdout.splitlines():
        match = GCC.fullmatch(line)
        assert match is not None, line
        file, number, kind, _, problem = match.groups()
        found.setdefault(problem, (file, int(number), kind))
    for problem, file, text, kind in (
        ("rnn_step_backward", "rnn.py", "def rnn_step_backward", "error"),
        ("temporal_affine_forward", "head.py", "raise KeyError", "error"),
        ("last_hidden", "rnn.py", 'raise NotImplementedError("last_hidden (', "note"),
    ):
        assert found[problem] == (f"recurrent/{file}", line_of(work, file, text), kind)
    assert len(found) >= 4
    gradflow = [place for place in found.values() if place[0].endswith("gradflow.py")]
    assert set(gradflow) == {("recurrent/gradflow.py", 2, "error")}
    elsewhere = run(work, "rnn_step_backward", "--format", "gcc", cwd=ROOT)
    assert elsewhere.stdout.startswith(f"{work / 'recurrent' / 'rnn.py'}:")


def test_a_place_that_a_student_made_up_is_not_believed(tmp_path: Path) -> None:
    recurrent = tmp_path / "recurrent"
    recurrent.mkdir()
    (recurrent / "rnn.py").write_text("import numpy as np\n\n\ndef rnn_forward():\n    pass\n")
    places = Places(recurrent)
    for text in ("rnn.py, line 99", "rnn.py, line 0", "passwd.py, line 1", f"rnn.py, line {9**99}"):
        verdict = replace(KINDS[0], status="error", findings=(Finding("runs", text),))
        place = places.of(replace(verdict, problem="rnn_forward", lesson="rnn"))
        assert (place.file.name, place.line) == ("rnn.py", 4)
    unknown = replace(KINDS[0], problem="no_such", lesson="nothing")
    assert places.of(unknown).line == 1


def test_github_knows_a_file_by_its_name_in_the_repository(
    work: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(work.parent))
    arguments = ["check", "rnn_step_backward", "--submission", str(work), "--format", "github"]
    assert main(arguments) == 1
    _, properties, _ = read_command(capsys.readouterr().out.splitlines()[0])
    assert properties["file"] == "a folder, of mine/recurrent/rnn.py"
    assert properties["title"].startswith("rnn_step_backward: 0 / 10, ")


def test_json_is_what_the_old_option_wrote(
    work: Path, frozen: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = []
    for option in (["--json"], ["--format", "json"]):
        assert main(["check", "perplexity", "--submission", str(work), *option]) == 0
        written.append(capsys.readouterr().out)
    assert written[0] == written[1] and json.loads(written[0])[0]["problem"] == "perplexity"
