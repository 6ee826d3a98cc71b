"""What a check cell returns: verdicts, as a notebook shows them."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Sequence

from autograder.problem import Verdict
from autograder.report.ladder import in_notebook, next_hint
from autograder.report.overview import overview, overview_html
from autograder.report.page import escape, html
from autograder.report.record import as_text
from autograder.report.words import failing, look_next, mark, score, word

MOST_BOXES = 3
"""So many problems are explained below an overview; others are folded away."""


class Result(ABC):
    """What a notebook keeps of a check. `score` is the points it earns."""

    @property
    @abstractmethod
    def score(self) -> float:
        """The points earned."""

    @abstractmethod
    def _repr_html_(self) -> str: ...

    def _repr_mimebundle_(self, **options: object) -> dict[str, str]:
        """Text and HTML. nbgrader takes a result's text for the points it earns."""
        text = str(self.score) if _in_nbgrader() else repr(self)
        return {"text/plain": text, "text/html": self._repr_html_()}


class Checked(Result):
    """The verdict on one problem, below what there is to say of the files."""

    def __init__(self, verdict: Verdict, level: int, notes: Sequence[str] = ()) -> None:
        self.verdict, self.level, self.notes = verdict, level, notes

    @property
    def score(self) -> float:
        """The points earned."""
        return self.verdict.score

    def __repr__(self) -> str:
        verdict = self.verdict
        sign, _ = mark(verdict)
        lines = [*self.notes, f"{sign} {verdict.problem}  {score(verdict)}  {word(verdict)}"]
        text = as_text(verdict, self.level)
        if text:
            lines.append(text)
        following = next_hint(verdict, self.level, in_notebook)
        if following:
            lines.append(following)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        # In nbgrader's feedback hints are the course's to show, not the reader's to unfold.
        return html(self.verdict, self.level, self.notes, folded=not _in_nbgrader())


class CheckedMany(Result):
    """The verdicts on several problems: a line each, and the boxes of those that are not right."""

    def __init__(self, verdicts: Sequence[Verdict], level: int, notes: Sequence[str] = ()) -> None:
        self.verdicts, self.level, self.notes = tuple(verdicts), level, notes

    @property
    def score(self) -> float:
        """The points that all of them earn."""
        return sum(verdict.score for verdict in self.verdicts)

    def __repr__(self) -> str:
        parts = ["\n".join([*self.notes, overview(self.verdicts)])]
        boxes = self._boxes()
        parts += map(repr, boxes[:MOST_BOXES])
        if len(boxes) > MOST_BOXES:
            parts.append(self._more(boxes))
        parts += self._next()
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        parts = [f"<div>{escape(note)}</div>" for note in self.notes]
        parts.append(overview_html(self.verdicts))
        boxes = self._boxes()
        shown = [box._repr_html_() for box in boxes]
        parts += shown[:MOST_BOXES]
        if len(boxes) > MOST_BOXES:
            folded = "\n".join(shown[MOST_BOXES:])
            summary = f'<summary style="cursor:pointer">{escape(self._more(boxes))}</summary>'
            parts.append(f"<details>{summary}\n{folded}\n</details>")
        parts += [f"<div>{escape(line)}</div>" for line in self._next()]
        return "\n".join(parts)

    def _boxes(self) -> list[Checked]:
        """One for each problem that is wrong, in the order in which to mend them."""
        return [Checked(verdict, self.level) for verdict in failing(self.verdicts)]

    def _more(self, boxes: Sequence[Checked]) -> str:
        names = ", ".join(box.verdict.problem for box in boxes[MOST_BOXES:])
        return f"more to mend: {names}"

    def _next(self) -> list[str]:
        """The problem that comes next, where nothing is wrong and something is to do."""
        following = look_next(self.verdicts)
        if following is None or failing(self.verdicts):
            return []
        texts = [finding.text for finding in following.findings]
        return [f"next: {'; '.join([following.problem, *texts])}"]


def _in_nbgrader() -> bool:
    return bool(os.environ.get("NBGRADER_EXECUTION"))
