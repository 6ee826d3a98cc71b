"""The form of a compiler's messages, in which every editor finds file and line.

    recurrent/rnn.py:42: error: values: dWh differs by 0.76 at [3, 4] [rnn_step_backward]
    recurrent/rnn.py:42: note: hint 1/3: dWh is square. [rnn_step_backward]

What is wrong is an `error`, what only follows from an earlier mistake a `warning`, and what is to
do, a hint or another explanation a `note`.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.problem import Verdict
from autograder.report.telling import Telling, one_line
from autograder.report.words import is_carried


def gcc(telling: Telling) -> str:
    """A line for each thing that is wrong, mistakes first, then for all that is to do.

    Empty where nothing is, as a compiler's.
    """
    lines = []
    explained = set()
    for verdict, sentences in telling.to_mend():
        explained.add(verdict.problem)
        kind = "warning" if is_carried(verdict) else "error"
        for sentence in sentences or ["this is not right yet"]:
            lines.append(_line(telling, verdict, kind, sentence))
            kind = "note"
    for verdict in telling.verdicts:
        if verdict.problem not in explained:
            lines += _of_others(telling, verdict)
    return "\n".join(lines)


def _of_others(telling: Telling, verdict: Verdict) -> Iterator[str]:
    """What is to do, and what there is to say of right work."""
    kind = "note" if verdict.status == "todo" else "warning"
    for finding in verdict.findings:
        if verdict.status == "todo" or finding.layer == "arguments":
            yield _line(telling, verdict, kind, one_line(finding.text))


def _line(telling: Telling, verdict: Verdict, kind: str, text: str) -> str:
    file, line = telling.file(verdict)
    return f"{file}:{line}: {kind}: {text} [{verdict.problem}]"
