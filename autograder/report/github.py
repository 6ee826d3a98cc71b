"""GitHub's workflow commands, which it shows as annotations beside the lines of the files.

    ::error file=recurrent/rnn.py,line=42,title=rnn_step_backward%3A 8 / 10::values: dWh differs

The form and what is to be escaped in it: GitHub's documentation, "Workflow commands for GitHub
Actions", and the code of its toolkit, `packages/core/src/command.ts`.
"""

from __future__ import annotations

from autograder.report.telling import Telling, one_line
from autograder.report.words import is_carried, look_next, score, total, word

IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
"""What stands for a character in a command's text."""

IN_PROPERTY = {**IN_TEXT, ":": "%3A", ",": "%2C"}
"""And in the value of one of its properties."""


def github(telling: Telling) -> str:
    """An annotation for each problem that is wrong, mistakes first, and for the next that is to do.

    GitHub shows the first ten errors and the first ten warnings of a step; it lists all in the log.
    """
    lines = [command("notice", one_line(remark), title="note") for remark in telling.remarks]
    for verdict, sentences in telling.to_mend():
        kind = "warning" if is_carried(verdict) else "error"
        file, line = telling.file(verdict)
        title = f"{verdict.problem}: {score(verdict)}, {word(verdict)}"
        text = "\n".join(sentences) or title
        place = {"file": file.replace("\\", "/"), "line": str(line)}
        lines.append(command(kind, text, **place, title=title))
    following = look_next(telling.verdicts)
    if following is not None and following.status == "todo":
        file, line = telling.file(following)
        text = "\n".join(one_line(finding.text) for finding in following.findings)
        place = {"file": file.replace("\\", "/"), "line": str(line)}
        lines.append(command("notice", text, **place, title=f"next: {following.problem}"))
    lines.append(total(telling.verdicts))
    return "\n".join(lines)


def command(name: str, text: str, **properties: str) -> str:
    """A workflow command on one line, whatever its text and its properties hold.

    >>> command("error", "50% of\\nit", title="a: b, c")
    '::error title=a%3A b%2C c::50%25 of%0Ait'
    """
    given = [f"{key}={_escaped(value, IN_PROPERTY)}" for key, value in properties.items()]
    head = f"{name} {','.join(given)}" if given else name
    return f"::{head}::{_escaped(text, IN_TEXT)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
