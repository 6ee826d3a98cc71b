"""results.json where the disk is full, where nothing is installed, and whatever the texts hold."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.handout.zips import FILES, copy_grader
from autograder.check import notebook
from autograder.errors import UserError
from autograder.printable import printable, printable_data
from autograder.problem import Finding, Problem, Verdict
from autograder.report import gradescope, results
from autograder.report.record import as_data, record
from autograder.report.results import Results
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, LONGEST
from tests.test_gradescope import validate

COURSE = load_course(COURSE_TOML).only("recurrence")
NASTY = "".join(
    (
        "\x1b]0;pwned\x07\x1b[2J\x1b[32m100 of 100 points\x1b[0m\r\x00\x7f\x9b31m",
        "\u202e\u2066\u200f\u2028\ufeff\U000e0041",  # marks of direction, ends of lines, tags
        "\udcff\ud800",  # halves of characters, as a name that is no UTF-8 gives them
        "<img src=x onerror=alert(1)>\n\tand a second line",
    )
)


def texts_of(data: Any) -> Iterator[str]:
    """Every text in data from JSON, the names too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for value in data:
            yield from texts_of(value)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield name
            yield from texts_of(value)


def harmful(data: Any) -> list[str]:
    """The texts that no terminal, browser or strict reader should get."""
    kept = str.maketrans("", "", "\n\t")
    return [text for text in texts_of(data) if not text.translate(kept).isprintable()]


def nasty_verdict(problem: Problem) -> Verdict:
    """A verdict in which every text is what nobody wants to read."""
    return Verdict(
        problem.name,
        problem.lesson,
        NASTY,
        "partial",
        score=1.0,
        max_score=COURSE.points_of(problem),
        outputs={NASTY: NASTY},
        findings=(Finding("runs", NASTY), Finding("values", NASTY, good=True)),
        diagnosis=NASTY,
        hints=(NASTY, NASTY),
        printed=NASTY,
    )


# ----------------------------------------------------------------------------------- what it holds


def test_no_text_in_the_results_moves_a_cursor_or_turns_a_line_round(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    extra = {NASTY: [NASTY, {"a": (NASTY,)}]}
    gradescope.run_tests(Results(path), COURSE, nasty_verdict, extra)
    content = path.read_bytes()
    assert content.isascii()
    data = json.loads(content)
    assert "100 of 100 points" in data["tests"][0]["output"], "what can be read is still there"
    assert harmful(data) == []


def test_nor_does_any_other_report() -> None:
    verdict = nasty_verdict(gradescope.course_problems(COURSE)[0])
    assert harmful(as_data(verdict)) == []
    assert harmful([problem["message"] for problem in record([verdict])["problems"]]) == []
    page = notebook.html(verdict, level=2)
    assert harmful(page) == [] and "<img" not in page


def test_a_finding_and_an_error_are_printable_from_the_start() -> None:
    assert harmful(Finding("runs", NASTY).text) == []
    assert harmful(str(UserError(NASTY))) == []


def test_every_character_there_is_comes_out_printable() -> None:
    for code in range(sys.maxunicode + 1):
        assert printable(chr(code)).isprintable()
    assert (
        printable("a\nb\tc", "\n\t") == "a\nb\tc"
        and printable("caf\u00e9 \u2713", longest=4) == "caf\u00e9"
    )
    assert printable_data({"a": [1, 2.5, None, True, "\x1b"]}) == {
        "a": [1, 2.5, None, True, "\N{REPLACEMENT CHARACTER}"]
    }


# -------------------------------------------------------------------------------- where it is kept


def graded(score: float, length: int = 100) -> dict[str, Any]:
    """Results of a size to choose."""
    test = {"score": score, "max_score": 100.0, "status": "failed", "output": "o" * length}
    more = {"output_format": "text", "visibility": "visible"}
    return {"score": score, "tests": [test | more]}


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB of its own, which the test fills. Needs root that may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no disk of its own can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Take every byte that is left."""
    with (disk / "junk").open("wb", buffering=0) as junk, pytest.raises(OSError):
        while True:
            junk.write(b"x" * 4096)


def test_a_disk_that_a_submission_fills_loses_no_points(full_disk: Path) -> None:
    kept = Results(full_disk / "results" / "results.json", reserved=100_000)
    kept.save(graded(0.0))
    fill(full_disk)
    for score in (1.0, 2.0, 3.0, 99.5):
        kept.save(graded(score, length=50_000))
        data = validate(kept.path)
        assert data["score"] == score and len(data["tests"][0]["output"]) == 50_000
    kept.close()
    assert validate(kept.path)["score"] == 99.5
    assert os.listdir(kept.path.parent) == ["results.json"]  # noqa: PTH208


def test_results_too_long_for_a_full_disk_lose_words_and_no_points(full_disk: Path) -> None:
    kept = Results(full_disk / "results.json", reserved=10_000)
    kept.save(graded(0.0))
    fill(full_disk)
    kept.save(graded(7.0, length=50_000))
    assert validate(kept.path)["score"] == 7.0


def no_room(*arguments: Any, **options: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_takes_nothing_new_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Results(tmp_path / "results.json", reserved=10_000)
    kept.save(graded(0.0))
    monkeypatch.setattr(results, "_replace", no_room)  # every way that needs new room
    kept.save(graded(1.0))
    assert validate(kept.path)["score"] == 1.0
    kept.save(graded(2.0, length=50_000))
    assert validate(kept.path)["score"] == 2.0
    # and no further name can be given either
    monkeypatch.setattr(os, "link", no_room)
    for score in (3.0, 4.0):
        kept.save(graded(score))
        assert validate(kept.path)["score"] == score
    kept.close()
    assert validate(kept.path)["score"] == 4.0 and kept.path.stat().st_size < 1000


def test_a_disk_without_second_names_serves_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_room)
    kept = Results(tmp_path / "results.json", reserved=10_000)
    for score in (1.0, 2.0, 3.0):
        kept.save(graded(score))
        assert validate(kept.path)["score"] == score
    kept.close()
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_without_a_reserve_and_without_room_the_last_result_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results.save(tmp_path / "results.json", graded(5.0))
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", no_room)
    kept = Results(tmp_path / "results.json")
    kept.save(graded(6.0))
    monkeypatch.setattr(Path, "write_bytes", write)
    assert validate(kept.path)["score"] == 5.0
    kept.save(graded(6.0))
    assert validate(kept.path)["score"] == 6.0


# -------------------------------------------------------------------- where nothing is installed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Gradescope's tree with the grader in it, and nothing that it needs."""
    copy_grader(tmp_path / "source")
    shutil.copy(FILES / "run_autograder", tmp_path / "source")
    (tmp_path / "submission").mkdir()
    return tmp_path


def run_with(python: str, tree: Path) -> dict[str, Any]:
    """Run run_autograder with an interpreter that is this shell script."""
    interpreter = tree / "venv" / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    interpreter.write_text(f"#!/bin/sh\n{python}\n")
    interpreter.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_VENV": str(tree / "venv")}
    command = ["bash", str(tree / "source" / "run_autograder"), "--root", str(tree)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST)
    assert done.returncode != 0
    return validate_unscored(tree / "results" / "results.json")


def validate_unscored(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text())
    assert data["score"] == 0 and data["stdout_visibility"] == "hidden"
    assert "tell the staff" in data["output"] and "not your fault" in data["output"]
    return data


def test_without_packages_there_is_a_result_and_staff_read_what_is_missing(tree: Path) -> None:
    data = run_with(f'exec "{sys.executable}" -S "$@"', tree)  # -S: nothing that was installed
    [test] = data["tests"]
    assert test["visibility"] == "hidden" and test["max_score"] == 0
    assert "ModuleNotFoundError" in test["output"]
    assert "ModuleNotFoundError" in data["extra_data"]["failure"]
    assert "ModuleNotFoundError" not in data["output"], "that is not for the student"
    assert os.listdir(tree / "results") == ["results.json"]  # noqa: PTH208


def test_with_a_grader_that_is_broken_there_is_a_result_too(tree: Path) -> None:
    (tree / "source" / "autograder" / "report" / "gradescope.py").write_text("def oops(:\n")
    data = run_with(f'exec "{sys.executable}" "$@"', tree)
    assert "SyntaxError" in data["tests"][0]["output"]


def test_without_any_python_there_is_a_result_too(tree: Path) -> None:
    assert "extra_data" in run_with("exit 127", tree)


def test_setup_compiles_the_grader_for_the_python_that_will_run_it(tmp_path: Path) -> None:
    copy_grader(tmp_path)
    (tmp_path / "broken" / "bin").mkdir(parents=True)
    script = (FILES / "setup.sh").read_text()
    [line] = [line for line in script.splitlines() if "compileall" in line]
    environment = {"PATH": os.environ["PATH"], "venv": sys.prefix, "here": str(tmp_path)}
    subprocess.run(["bash", "-euc", line], env=environment, check=True)
    compiled = {
        path.name.split(".")[0] for path in tmp_path.glob("autograder/report/__pycache__/*")
    }
    assert {"gradescope", "results", "record"} <= compiled
    # and it is no reason to fail
    environment["venv"] = str(tmp_path / "broken")
    subprocess.run(["bash", "-euc", line], env=environment, check=True, capture_output=True)
