"""What a report without a layout of its own says: the verdicts, and a sentence for each thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.printable import printable
from autograder.problem import Verdict
from autograder.report.ladder import NONE, in_terminal, next_hint, told_once, untold
from autograder.report.places import Places
from autograder.report.words import failing, ticked


@dataclass(frozen=True)
class Telling:
    """All that there is to tell of one check.

    remarks: on the files themselves. places: of the problems. level: up to which hints are shown.
    ahead: what comes next where everything passes. base: the folder that paths are told from.
    """

    verdicts: Sequence[Verdict]
    places: Places
    remarks: Sequence[str] = ()
    level: int = 1
    ahead: str = ""
    base: Path = Path()

    def to_mend(self) -> Iterator[tuple[Verdict, list[str]]]:
        """What is wrong, mistakes first, with its sentences; no mistake is told twice."""
        for verdict, earlier in told_once(failing(self.verdicts), self.level):
            yield verdict, sentences(verdict, self.level, earlier)

    def file(self, verdict: Verdict) -> tuple[str, int]:
        """The file in which a problem is, as it is called from `base`, and the line."""
        place = self.places.of(verdict)
        path, base = place.file.resolve(), self.base.resolve()
        if path.is_relative_to(base):
            path = path.relative_to(base)
        return str(path), place.line


def sentences(verdict: Verdict, level: int, earlier: Verdict | None = None) -> list[str]:
    """What is wrong, what explains it, the hints and how to get the next, one line each.

    What is as it should be is left out. earlier: see `untold`.
    """
    seen = untold(verdict, level, earlier)
    found = [f"{finding.layer}: {finding.text}" for finding in seen.findings if not ticked(finding)]
    found += [f"{label}: {hint}" for label, hint in seen.hints.items()]
    following = next_hint(verdict, level, in_terminal)
    if earlier is None and following not in ("", NONE):
        found.append(following)
    return [one_line(text) for text in found]


def one_line(text: str) -> str:
    """A text of anybody's on one line, without what moves a cursor."""
    return printable(" ".join(text.split()))
