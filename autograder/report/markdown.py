"""A check in markdown: the summary of a run on a code host, or what is pasted into a question."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.report.summary import about_files, escape, points_by_file
from autograder.report.telling import Telling
from autograder.report.words import look_next, score, total, word


def markdown(telling: Telling) -> str:
    """The total, the points of each file, what is to mend and why, and what comes next."""
    lines = [f"### {total(telling.verdicts)}", "", *about_files(telling.remarks)]
    lines += points_by_file(telling.verdicts)
    lines += _to_mend(telling)
    lines += _next(telling)
    return "\n".join(lines).strip()


def _to_mend(telling: Telling) -> Iterator[str]:
    heading = "#### To mend"
    for verdict, sentences in telling.to_mend():
        if heading:
            yield heading
            yield ""
            heading = ""
        file, line = telling.file(verdict)
        place = f"{escape(file)}, line {line}"
        yield f"**`{verdict.problem}`** {score(verdict)}, {word(verdict)} ({place})"
        yield ""
        for sentence in sentences:
            yield f"- {escape(sentence)}"
        yield ""


def _next(telling: Telling) -> Iterator[str]:
    following = look_next(telling.verdicts)
    if following is not None:
        file, line = telling.file(following)
        yield f"Next: `{following.problem}`, {escape(file)}, line {line}."
    elif telling.ahead:
        yield escape(f"{telling.ahead}.")
