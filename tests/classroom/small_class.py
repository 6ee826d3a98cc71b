"""A class that is graded quickly: one lesson, a handful of submissions. As a program, its grader.

    python -m tests.classroom.small_class class grade SOURCE --out DIR --set small

is `python -m autograder ...` for this course. Where HOLD_AFTER is set to a number, it waits when it
has written so many grades, to be killed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import cli as whole_cli
from autograder.classroom import cli
from autograder.classroom.store import Store, Writer
from autograder.settings import Course, load_course
from autograder.settings.course import ProblemSet
from tests.conftest import COURSE_TOML, LONGEST
from tests.submissions import REFERENCE

LESSON, SET = "gradflow", "small"

SECONDS = 1.0
"""Of processor time for a problem: nobody waits for a loop."""


def course() -> Course:
    whole = load_course(COURSE_TOML)
    policy = replace(whole.policy, seconds=SECONDS)
    return replace(whole, sets=(ProblemSet(SET, "Small", (LESSON,)),), policy=policy)


def write_class(
    folder: Path, count: int, others: Mapping[str, str] | None = None, same: int = 0
) -> Path:
    """A folder of folders. others: name -> the text of its file. same: how many hand in alike."""
    right = REFERENCE[LESSON]
    texts = {f"student_{number}": f"{right}\n# {number}\n" for number in range(count)}
    texts |= {f"twin_{number}": f"{right}\n# copied\n" for number in range(same)}
    for name, text in {**texts, **(others or {})}.items():
        (folder / name / "recurrent").mkdir(parents=True)
        (folder / name / "recurrent" / f"{LESSON}.py").write_text(text)
    return folder


def options(source: Path, out: Path, **given: Any) -> argparse.Namespace:
    """The options of `class grade`."""
    plain: dict[str, Any] = dict.fromkeys(("shard", "dask", "roster", "extensions"))
    plain |= {"set": SET, "workers": 1, "force": False}
    return argparse.Namespace(source=source, out=out, **{**plain, **given})


def lines(store: Path, kind: str) -> list[dict[str, Any]]:
    """All lines of a kind, of all shards, as they are."""
    found = []
    for path in sorted((store / kind).glob("*.jsonl")):
        found += [json.loads(line) for line in path.read_text().splitlines()]
    return found


def scores(store: Path) -> dict[str, tuple[float, bool]]:
    """Name -> the points, and whether that is the grader's fault; one without a grade is not in."""
    graded = Store.of(store).grades()
    found = {}
    for handed_in in Store.of(store).hand_ins(SET):
        if handed_in.key in graded:
            grade = graded[handed_in.key]
            found[handed_in.name] = (grade.score, grade.at_fault)
    return found


def hold_after(count: int) -> None:
    """Have the process wait when it has written so many grades."""
    write, written = Writer.grade, iter(range(1, count + 1))

    def grade(self: Writer, row: Mapping[str, Any]) -> None:
        write(self, row)
        if next(written) == count:
            time.sleep(LONGEST)

    Writer.grade = grade


if __name__ == "__main__":
    # A shell has what it starts in the background ignore Ctrl-C; the tests may run there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli._course = course
    if "HOLD_AFTER" in os.environ:
        hold_after(int(os.environ["HOLD_AFTER"]))
    sys.exit(whole_cli.main(sys.argv[1:]))
