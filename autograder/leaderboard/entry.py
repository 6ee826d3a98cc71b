"""A model on the leaderboard: found among the files of a submission, and scored in a process of its
own, which has the limits of the one that looks into a student's files.

Nothing that goes wrong here costs a point or another problem: there is a sentence about it instead.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from autograder.convention import Convention
from autograder.intake import unpacking
from autograder.intake.folder import open_regular, places_in
from autograder.intake.submission import MOST_ARCHIVES, is_archive
from autograder.leaderboard.weights import NAME, Refused
from autograder.settings import Leaderboard
from autograder.unpack.names import ARCHIVES
from autograder.unpack.shortlist import LeftOut, read_bounded

FOLDER = "leaderboard"
"""In the folder of the hidden cases: the program and the text that it scores by."""

PROGRAM = "forward.py"
QUANTITY = "bits per character"

ROOT = Path(__file__).resolve().parents[2]

MEMORY = 2_000_000_000
"""Bytes of address space. numpy and its linear algebra reserve most of it, and use little."""

WAITS = 4
"""Seconds by the clock for each one of processor time, as on a busy machine."""

OURS = (
    f"{NAME} could not be scored, which is not your fault: please tell the staff; no point hangs "
    f"on it"
)


class Standing(NamedTuple):
    """rows: what Gradescope's leaderboard has of a submission. remark: what the student reads."""

    rows: tuple[dict[str, Any], ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class HandedIn:
    """What a submission has for the leaderboard: the bytes of its file, or why they are not taken;
    neither if there is no such file.
    """

    data: bytes | None = None
    refused: str = ""


def handed_in(submission: Path, limits: Leaderboard) -> HandedIn:
    """The file of weights in a folder or an archive. It raises nothing."""
    try:
        return HandedIn(_found(submission, limits.max_bytes))
    except LeftOut as error:
        todo = "take fewer hidden units" if "larger" in str(error) else "hand in the file itself"
        return HandedIn(refused=f"{NAME} {str(error).rstrip(',')}: {todo}")
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
        return HandedIn(refused=OURS)


def _found(submission: Path, most: int) -> bytes | None:
    """The bytes of the file, or None if there is none. Raises LeftOut."""
    if submission.is_file():
        with submission.open("rb") as archive:
            return _in_archive(archive, most) if is_archive(archive, submission.name) else None
    places = [place for place in places_in(submission, []) if place.is_open]
    for place in places:
        if place.name == NAME:
            with open_regular(submission / place.path) as file:
                return read_bounded(file, most)
    if any((submission / place / NAME).is_dir() for place in ("", "recurrent")):
        raise LeftOut("is a folder")
    archives = [place for place in places if place.name.lower().endswith(ARCHIVES)]
    for place in archives[:MOST_ARCHIVES]:
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_regular(submission / place.path))
            except LeftOut:  # the intake has a sentence about it
                continue
            data = _in_archive(file, most)
        if data is not None:
            return data
    return None


def _in_archive(file: BinaryIO, most: int) -> bytes | None:
    """The bytes of the file in an open archive; None if it is not there, or nothing can be read."""
    entries, _ = unpacking.run(file, "member", NAME, str(most))
    for entry in entries:
        if entry.kind == "left out":
            raise LeftOut(entry.text)
    pieces = [entry.content for entry in entries if entry.kind == "source"]
    return b"".join(pieces) if pieces else None


def standing(
    found: HandedIn, folder: Path, limits: Leaderboard, convention: Convention
) -> Standing:
    """What comes of the file that was handed in. It raises nothing.

    folder: with the program and the held-out text. convention: that of the student's gated cells.
    """
    try:
        if found.data is None:
            return Standing(remark=_remark(found.refused) if found.refused else "")
        told = _scored(found.data, folder, limits, convention)
        bits = round(float(told["bits"]), 4)
        model = f"an {told['cell']} of {told['units']} units".replace("an GRU", "a GRU")
        remark = f"{NAME} is on the leaderboard: {model}, {bits:.4f} {QUANTITY}"
        return Standing(({"name": QUANTITY, "value": bits, "order": "asc"},), remark)
    except Refused as error:
        return Standing(remark=_remark(str(error)))
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
        return Standing(remark=OURS)


def _remark(why: str) -> str:
    return why if why == OURS else f"not on the leaderboard, which costs no point: {why}"


def _scored(
    data: bytes, folder: Path, limits: Leaderboard, convention: Convention
) -> dict[str, Any]:
    """What the program says of the file. Raises Refused, or whatever says that we failed."""
    seconds = limits.max_seconds
    with tempfile.TemporaryFile() as file:
        file.write(data)
        entries, broken_off = unpacking.run(
            file,
            *(str(ROOT), str(seconds), str(MEMORY)),
            *(convention.lstm, convention.gru, convention.z),
            deadline=WAITS * seconds + unpacking.DEADLINE,
            command=(sys.executable, "-I", "-B", str(folder / PROGRAM)),
        )
    if broken_off == unpacking.TOO_SLOW:
        raise Refused(
            f"{NAME} takes too long to score, for which there are {seconds} seconds of processor "
            f"time: take fewer hidden units"
        )
    [entry] = entries
    if entry.kind == "left out":
        raise Refused(entry.text)
    told: dict[str, Any] = json.loads(entry.content)
    return told
