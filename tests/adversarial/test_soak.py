"""Five hundred submissions, a third of them hostile or broken, through one sandbox, shuffled.

The verdicts stay right, memory stays flat, and no descriptors, processes or files pile up.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from autograder import lessons
from autograder.casebook import Casebook
from autograder.grade import opened
from autograder.sandbox import Limits, Sandbox
from autograder.settings import Course, Policy, ProblemSet
from tests.adversarial.catalogue import ITEMS, RNN, Item
from tests.in_process import small_casebooks
from tests.submissions import submission

if not sys.platform.startswith("linux"):
    pytest.skip(
        "memory and descriptors are read from /proc, which only Linux has", allow_module_level=True
    )

pytestmark = [pytest.mark.slow, pytest.mark.in_turn(by="soak")]

Held = tuple[int, set[int]]

SUBMISSIONS, SEED = 500, 17
MOST_GROWTH_MB = 5.0
HEAVY = ("10**6", "10**7", "10**8", "2**28", "2**30", "<< 30", "range(1000")
COURSE = Course(
    "Soak",
    "",
    1,
    (ProblemSet("all", "All", ("rnn",)),),
    Policy(seconds=1.5, total_seconds=60.0, memory_mb=1024),
)


def quick(item: Item) -> bool:
    """Whether an item changes functions of rnn.py only, and is over soon.

    It needs no @NAMES@ filled in, does not wait for its time to run out, and does nothing heavy.
    """
    if item.build is not None or item.files or not item.bodies:
        return False
    if not all(name.startswith("rnn.") for name in item.bodies):
        return False
    text = "".join(item.bodies.values())
    if "@" in text or "timeout" in "|".join(item.expect.values()):
        return False
    return not any(word in text for word in HEAVY)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def held() -> Held:
    """How many descriptors are open, and the processes that were started and are there."""
    descriptors = len([*Path("/proc/self/fd").iterdir()])
    tasks = Path("/proc/self/task").iterdir()
    children = {int(pid) for task in tasks for pid in (task / "children").read_text().split()}
    return descriptors, children


def plan() -> Iterator[Item | None]:
    """Two right submissions for every wrong one, shuffled; None stands for the reference."""
    items = [item for item in ITEMS if quick(item)]
    chosen = [items[n % len(items)] if n % 3 == 0 else None for n in range(SUBMISSIONS)]
    random.Random(SEED).shuffle(chosen)
    yield from chosen


def verdicts(
    item: Item | None, folder: Path, books: list[Casebook], box: Sandbox
) -> dict[str, tuple[str, float]]:
    submission(folder, bodies=item.bodies if item else None)
    with opened(folder, COURSE, books, box) as grader:
        grader.sit([lessons.find(name) for name in RNN])
        found = {name: grader.result(lessons.find(name)).verdict for name in RNN}
    shutil.rmtree(folder)
    return {name: (verdict.status, verdict.score) for name, verdict in found.items()}


def objections(item: Item | None, found: dict[str, tuple[str, float]]) -> Iterator[str]:
    """The problems whose verdict is not the one this submission deserves."""
    expected = item.expect if item else {}
    for name, (status, score) in found.items():
        allowed = [status or "passed" for status in expected.get(name, "").split("|")]
        if status not in allowed or (score > 0) != (status == "passed"):
            yield f"{item.name if item else 'the reference'}: {name} is {status}, {score} points"


@dataclass(frozen=True)
class Soaked:
    """What five hundred submissions leave behind."""

    wrong: list[str]
    memory: list[float]
    """Megabytes of the judge, after every twentieth submission."""
    before: Held
    settled: Held
    after: Held
    closed: Held
    files: list[str]


def soak(folder: Path) -> Soaked:
    """Grade the whole plan through one sandbox."""
    books = small_casebooks(folder / "books", ("rnn",))[1]
    wrong: list[str] = []
    memory: list[float] = []
    before = held()
    with Sandbox(Limits(seconds=1.5, memory_mb=1024)) as box:
        for number, item in enumerate(plan()):
            wrong += objections(item, verdicts(item, folder / str(number), books, box))
            if number == 20:
                settled = held()
            if number % 20 == 0:
                gc.collect()
                memory.append(resident_mb())
        after = held()
    files = [path.name for path in folder.iterdir() if path.name != "books"]
    return Soaked(wrong, memory, before, settled, after, held(), files)


def test_five_hundred_submissions_leave_nothing_behind(tmp_path: Path) -> None:
    # In a process of its own: what the tests before it left on the heap is not the judge's.
    with ProcessPoolExecutor(1, get_context("spawn")) as own:
        soaked = own.submit(soak, tmp_path).result()
    assert soaked.wrong == []
    assert soaked.after == soaked.settled
    assert soaked.closed == soaked.before
    assert soaked.files == []
    half = len(soaked.memory) // 2
    growth = float(np.median(soaked.memory[half:]) - np.median(soaked.memory[1:half]))
    assert growth < MOST_GROWTH_MB, f"memory: {soaked.memory} MB"


def test_a_third_of_them_are_hostile_or_broken() -> None:
    chosen = list(plan())
    wrong = [item for item in chosen if item is not None]
    assert len(chosen) == SUBMISSIONS
    assert 0.3 < len(wrong) / SUBMISSIONS < 0.4
    assert {item.kind for item in wrong} == {"fault", "cheat"}
    assert len({item.name for item in wrong}) > 35
