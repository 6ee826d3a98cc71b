"""`class grade`: from an archive of a class to the lines of a store, and on from where it stopped.

First the key of every submission is taken, which costs little and runs nothing. What a key tells to
be graded already, here or in another shard, or to be the same as another, is not graded again.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Protocol

from rich.console import Console

from autograder.classroom.engine.judging import Setup, Task, judge, light
from autograder.classroom.engine.line import Done
from autograder.classroom.engine.pool import Pool
from autograder.classroom.engine.shards import shard_from, share
from autograder.classroom.given_files import check_tables, refuse_strangers
from autograder.classroom.grade import Key
from autograder.classroom.hand_in import HandIn, Imported, SourceError
from autograder.classroom.kept_files import UNMATCHED, keep, keep_unmatched, new_or_known
from autograder.classroom.marking import nothing_earned
from autograder.classroom.people import Student
from autograder.classroom.progress import progress
from autograder.classroom.roster import Roster
from autograder.classroom.sources import read_source
from autograder.classroom.standing import EXTENSIONS, ROSTER, remarks
from autograder.classroom.store import HandedIn, Shard, Store, Writer
from autograder.classroom.which_set import (
    Sets,
    introduced,
    refuse_another_set,
    sets_of,
    strangers,
)
from autograder.errors import UserError
from autograder.printable import printable
from autograder.report.console import new_console
from autograder.settings import Course
from autograder.settings.fitting import ALL
from autograder.wording import counted

MOST_WORKERS = 256

MARGIN = 2.0
"""How many times a submission's own seconds, and `SPARE` more, its judge may take on a busy machine
before it is taken to hang."""

SPARE = 300.0

NAMED = 5
"""Submissions that a summary names."""

TOLD_TO_STOP = 130
"""The exit status after Ctrl-C."""

STOPPED = "stopped: what is graded so far is kept; give the same command again to go on from there"


class Engine(Protocol):
    """What runs tasks: a pool of this machine or of a cluster."""

    def run(self, tasks: Iterable[Task]) -> Iterator[Done]:
        """What comes of each task, in no fixed order."""


@dataclass
class Tally:
    """What is counted while a class is graded, for the summary.

    graded: submissions that were graded now, and known: those that had a grade before, each counted
    once if several are identical. same: the others that are identical to one of these. ours: names
    of those on which the grader failed. unread: names of those whose files cannot be had.
    """

    graded: int = 0
    same: int = 0
    known: int = 0
    ours: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def grade_class(options: argparse.Namespace, course: Course, frozen: Path) -> int:
    """Grade what a source holds into a store; 0 if every submission has a grade then, else 1.

    options: see `class grade`. course: the whole course. frozen: the casebooks' folder.
    Raises UserError: SourceError, RosterError, SettingsError, SetError, StoreError, ShardError,
    EngineError.
    """
    shard, workers = shard_from(options.shard), workers_from(options.workers)
    problem_set = options.set or ALL
    course.only(problem_set)
    store = Store(options.out)
    new_or_known(options.out)
    roster = check_tables(store, options.roster, options.extensions)
    imported = read_source(options.source, roster, None if problem_set == ALL else problem_set)
    if roster is not None and not options.force:
        refuse_strangers(roster, options.roster, imported.hand_ins)
    mine = share(imported.hand_ins, shard)
    console = new_console(soft_wrap=True)
    _introduce(console, imported, shard, len(mine), introduced(course, options.set))
    setup = Setup(course, problem_set, frozen.resolve(), options.source.resolve())
    try:
        with _ends_gently(), store.writer(shard) as writer:
            if not imported.hand_ins:
                _keep_unmatched(options, imported, problem_set)
                raise SourceError(f"there is no submission in {options.source.name}")
            grading = _Grading(setup, store, writer, imported.kind, options.force, console)
            with _engine(options.dask, setup, workers) as engine:
                grading.read(engine, mine)
                if not options.force:
                    refuse_another_set(grading.sets, course, options.set)
                # From here on it is what was meant, and may be written down.
                _keep_files(options, console)
                _keep_unmatched(options, imported, problem_set)
                grading.grade(engine)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return TOLD_TO_STOP
    _summary(console, grading.tally, imported, options.out)
    for remark in strangers(grading.sets, problem_set):
        console.print(remark, markup=False)
    if roster is not None:
        _say_who_is_missing(console, roster, imported)
    for remark in remarks(store, course, problem_set):
        console.print(f"note: {printable(remark)}", markup=False)
    console.print(f"next: python -m autograder class report {shlex.quote(str(options.out))}")
    return 1 if grading.tally.ours or grading.tally.unread else 0


def workers_from(wanted: int | None) -> int:
    """How many processes grade: as asked, or one for each core we may use. Raises UserError."""
    if wanted is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not 1 <= wanted <= MOST_WORKERS:
        raise UserError(f"--workers should be a number from 1 to {MOST_WORKERS}, not {wanted}")
    return wanted


@contextmanager
def _engine(dask: str | None, setup: Setup, workers: int) -> Iterator[Engine]:
    make, seconds = partial(judge, setup), seconds_for(setup)
    if dask is not None:
        from autograder.classroom.engine.dask import Cluster  # an optional extra

        with Cluster(dask, make, seconds) as cluster:
            yield cluster
        return
    with Pool(workers, make, seconds) as pool:
        yield pool


def seconds_for(setup: Setup) -> float:
    """How long one submission may keep a judge, in seconds of the clock."""
    return MARGIN * setup.course.policy.total_seconds + SPARE


# ----------------------------------------------------------------------------------------- grading


class _Grading:
    """One run of `class grade`: first `read`, then `grade`, which writes each thing down as soon as
    it is known.

    sets: name of a submission -> the problem sets of which it has files.
    """

    def __init__(
        self,
        setup: Setup,
        store: Store,
        writer: Writer,
        kind: str,
        force: bool,
        console: Console,
    ) -> None:
        self.setup, self.store, self.writer = setup, store, writer
        self.kind, self.force, self.console = kind, force, console
        self.tally = Tally()
        self.sets: dict[str, Sets] = {}
        self._handed_in: list[HandedIn] = []
        self._by_key: dict[Key, list[HandIn]] = {}

    def read(self, engine: Engine, hand_ins: Sequence[HandIn]) -> None:
        """Take the keys, and see of which sets the files are. Nothing is written down yet."""
        by_name = {hand_in.name: hand_in for hand_in in hand_ins}
        with progress(self.console, "reading", len(hand_ins)) as tick:
            for done in engine.run(Task("key", light(hand_in)) for hand_in in hand_ins):
                hand_in = by_name[done.task.hand_in.name]
                handed_in = self._read(hand_in, done)
                self._handed_in.append(handed_in)
                if handed_in.key is not None:
                    self._by_key.setdefault(handed_in.key, []).append(hand_in)
                tick()

    def grade(self, engine: Engine) -> None:
        """Write down what was read, then grade once what each key stands for."""
        self._write_hand_ins()
        graded = set() if self.force else self.store.keys()
        waiting = []
        for key, same in self._by_key.items():
            if key in graded:
                self.tally.known += 1
                self.tally.same += len(same) - 1
            else:
                waiting.append(same)
        keys = {same[0].name: key for key, same in self._by_key.items()}
        with progress(self.console, "grading", len(waiting)) as tick:
            for done in engine.run(Task("grade", same[0]) for same in waiting):
                key = keys[done.task.hand_in.name]
                self._graded(done, key, self._by_key[key])
                tick()

    def _write_hand_ins(self) -> None:
        """Those of which the store says anything else, or nothing."""
        known = _known(self.store, self.setup.problem_set)
        for handed_in in self._handed_in:
            if known.get(handed_in.name) != _digest(handed_in):
                self.writer.hand_in(handed_in)

    def _read(self, hand_in: HandIn, done: Done) -> HandedIn:
        if done.failure:
            self.tally.ours.append(hand_in.name)
            return self._as_kept(hand_in, None, _our_fault(done.failure))
        if "unread" in done.answer:
            self.tally.unread.append(hand_in.name)
            return self._as_kept(hand_in, None, done.answer["unread"])
        self.sets[hand_in.name] = sets_of(done.answer["lessons"], self.setup.course)
        return self._as_kept(hand_in, Key(**done.answer["key"]))

    def _graded(self, done: Done, key: Key, same: Sequence[HandIn]) -> None:
        """Write down a grade, or that the grader failed."""
        names = [hand_in.name for hand_in in same]
        if done.failure:
            course = self.setup.course.only(self.setup.problem_set)
            row = nothing_earned(course, key, _our_fault(done.failure))
            self.writer.grade({**row, "at_fault": True})
            self.tally.ours += names
            return
        if "unread" in done.answer:  # the files went while we graded
            self.tally.unread += names
            return
        row = done.answer["row"]
        self.writer.grade(row)
        self.tally.graded += 1
        self.tally.same += len(same) - 1
        if row.get("at_fault"):
            self.tally.ours += names
        if Key(**row["key"]) != key:  # its files were changed while we graded
            self.writer.hand_in(self._as_kept(same[0], Key(**row["key"])))

    def _as_kept(self, hand_in: HandIn, key: Key | None, error: str = "") -> HandedIn:
        """A submission as a store has it."""
        alike = {name: getattr(hand_in, name) for name in ALIKE}
        return HandedIn(set=self.setup.problem_set, key=key, source=self.kind, error=error, **alike)


ALIKE = ("name", "students", "at", "late", "number", "results", "older", "folder")
"""What a store says of a submission just as its source does."""


def _our_fault(why: str) -> str:
    return f"the grader itself failed on this submission, and failed again: {why}"


def _known(store: Store, problem_set: str) -> dict[str, bytes]:
    """Name -> digest of what a store says of a submission; all of that might fill the memory."""
    known: dict[str, tuple[float, bytes]] = {}
    for row in store.rows("hand_ins"):
        name, when = row["name"], row.get("written", 0.0)
        if row["set"] == problem_set and when >= known.get(name, (when,))[0]:
            known[name] = (when, _digest(HandedIn.from_data(row)))
    return {name: digest for name, (_, digest) in known.items()}


def _digest(handed_in: HandedIn) -> bytes:
    return sha256(json.dumps(handed_in.as_data(), sort_keys=True).encode()).digest()


# -------------------------------------------------------------------------------- before and after


def _keep_files(options: argparse.Namespace, console: Console) -> None:
    """Copies of what was given into the store."""
    for file, name in ((options.roster, ROSTER), (options.extensions, EXTENSIONS)):
        remark = keep(file, options.out, name) if file else ""
        if remark:
            console.print(f"note: {remark}", markup=False)


def _keep_unmatched(options: argparse.Namespace, imported: Imported, problem_set: str) -> None:
    """What of the source was nobody's, into the store."""
    keep_unmatched(options.out, problem_set, options.source.name, imported.unmatched)


def _introduce(console: Console, imported: Imported, shard: Shard, mine: int, what: str) -> None:
    """Say what was found and what is going to be done."""
    part = f"; shard {shard.index}/{shard.count} has {mine} of them" if shard.count > 1 else ""
    found = counted(len(imported.hand_ins), "submission")
    console.print(f"{imported.kind}: {found}{part}")
    console.print(what)
    for remark in imported.remarks:
        console.print(f"note: {printable(remark)}", markup=False)


def _summary(console: Console, tally: Tally, imported: Imported, folder: Path) -> None:
    """What was done, what needs a look, and what to type next."""
    is_or_are = "is" if tally.same == 1 else "are"
    more = f"; {tally.same} more {is_or_are} identical to one of these" if tally.same else ""
    console.print(f"{tally.graded} graded, {tally.known} had a grade already{more}")
    if tally.ours:
        console.print(
            f"the grader itself failed on {_some(tally.ours)}: the same command tries them again",
            markup=False,
        )
    if tally.unread:
        console.print(f"no file can be read of {_some(tally.unread)}", markup=False)
    if imported.unmatched:
        told = counted(len(imported.unmatched), "entry is", "entries are")
        console.print(f"{told} nobody's submission: see {folder / UNMATCHED}", markup=False)


def _say_who_is_missing(console: Console, roster: Roster, imported: Imported) -> None:
    handed_in: set[Student | None] = set()
    for hand_in in imported.hand_ins:
        handed_in.update(roster.find(student) for student in hand_in.students)
    missing = [student.shown for student in roster.students if student not in handed_in]
    if missing:
        told = counted(len(missing), "student of the roster has", "students of the roster have")
        console.print(f"{told} handed in nothing: {_some(missing)}", markup=False)


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(printable(name) for name in names[:NAMED])
    more = len(names) - NAMED
    return f"{shown} and {more} more" if more > 0 else shown


@contextmanager
def _ends_gently() -> Iterator[None]:
    """Have SIGTERM, which Slurm sends first, do what Ctrl-C does."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
