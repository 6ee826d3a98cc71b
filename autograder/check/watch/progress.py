"""What is remembered from one `--watch` to the next: hints taken, best points, first passes.

It stands in a file beside the work, for the student alone: nobody grades by it, and to delete it
costs nothing but the memory.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograder.levels import WHERE
from autograder.problem import Verdict

NAME = ".check-progress.json"
SET_ASIDE = ".check-progress.broken.json"

KIND = "progress of check.py --watch"
"""What the file says that it is."""

LARGEST = 1_000_000


@dataclass
class Past:
    """What is remembered of one problem.

    hints: the highest level of hints that was shown. best: the most points. passed: when it was
    passed first; empty if never. mistake, level: the last mistake, and up to where its hints were
    shown: another mistake begins again at the first.
    """

    hints: int = 0
    best: float = 0.0
    passed: str = ""
    mistake: str = ""
    level: int = 0


@dataclass
class Progress:
    """The memory. note: what there is to say of the file; empty if nothing.

    at: the problem that was at hand last.
    """

    path: Path
    problems: dict[str, Past] = field(default_factory=dict)
    at: str = ""
    note: str = ""

    def level(self, verdict: Verdict, least: int) -> int:
        """Up to which level the hints of this mistake were shown, and at least up to this one."""
        past = self.problems.get(verdict.problem)
        if past is None or past.mistake != mistake_in(verdict):
            return least
        return max(past.level, least)

    def hinted(self, verdict: Verdict, level: int) -> None:
        """Remember that the hints of a mistake were shown up to a level."""
        past = self.problems.setdefault(verdict.problem, Past())
        past.mistake, past.level = mistake_in(verdict), level
        past.hints = max(past.hints, level)

    def judged(self, verdict: Verdict) -> bool:
        """Remember a verdict. Returns whether it is the first time that the problem is passed."""
        past = self.problems.setdefault(verdict.problem, Past())
        past.best = max(past.best, verdict.score)
        if verdict.status != "passed" or past.passed:
            return False
        past.passed = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return True

    def save(self) -> None:
        """Write the file, at once or not at all; where that cannot be, it is said once."""
        problems = {name: asdict(past) for name, past in sorted(self.problems.items())}
        data = {"kind": KIND, "at": self.at, "problems": problems}
        unfinished = self.path.with_name(f"{NAME}.new")
        try:
            unfinished.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
            unfinished.replace(self.path)
        except OSError:
            self.note = "your progress cannot be remembered: this folder cannot be written"
            with contextlib.suppress(OSError):
                unfinished.unlink()


def load(folder: Path) -> Progress:
    """The memory beside the work in a folder. What cannot be read is set aside, and it is said."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(LARGEST).decode("utf-8"))
        return Progress(path, _problems_in(data), _text(data["at"]))
    except FileNotFoundError:
        return Progress(path)
    except OSError:
        return Progress(path, note=f"{NAME} cannot be read: hints and points start afresh")
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return Progress(path, note=_set_aside(path))


def _set_aside(path: Path) -> str:
    try:
        path.replace(path.with_name(SET_ASIDE))
    except OSError:
        return f"{NAME} cannot be read: hints and points start afresh"
    return f"{NAME} could not be read and is now called {SET_ASIDE}; a new one is begun"


def _problems_in(data: Any) -> dict[str, Past]:
    """Raises one of the errors that `load` expects for what it did not write."""
    if data["kind"] != KIND:
        raise ValueError("another file")
    problems = {}
    for name, past in data["problems"].items():
        problems[_text(name)] = Past(
            hints=int(past["hints"]),
            best=float(past["best"]),
            passed=_text(past["passed"]),
            mistake=_text(past["mistake"]),
            level=int(past["level"]),
        )
    return problems


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def mistake_in(verdict: Verdict) -> str:
    """What tells one mistake in a problem from another, as far as its hints differ."""
    parts = [verdict.status, verdict.diagnosis or "", *verdict.hints]
    parts += [finding.text for finding in verdict.findings if finding.level > WHERE]
    return sha256("\0".join(parts).encode()).hexdigest()[:16]
