"""The pairs as people read them: one HTML file without a network, and a table in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median_low
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.classroom.similar.collect import Collected
from autograder.classroom.similar.pairs import COMMON, LISTED, Found, Pair, Shared
from autograder.classroom.similar.passages import passages
from autograder.classroom.templates import environment
from autograder.printable import LINES, printable
from autograder.wording import counted, listed

MARK = "autograder class similar"
"""In the head of every page."""

TEMPLATE = "page.html.jinja"

MOST_PAIRS = 50
"""That are shown."""

MOST_WORDS = 15
"""Names and comments of a pair that are shown, each."""

LONGEST_LINE = 1000
"""Characters of a line of code that are shown."""

SMALL = 40
"""Submissions in a class under which nothing is rare: two of them are more than a twentieth."""

BOUNDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

CAUTION = (
    "Each pair is a reason to look at both, and never a verdict. These tasks have one right shape: "
    "two people may well have written the same. Lecture notes, a tutor, a shared whiteboard or a "
    "tool explain much of what is left. Nothing here is part of any grade."
)


def as_html(found: Found, collected: Collected, problem_set: str) -> str:
    """The page. Whatever students wrote in it is text."""
    templates = environment(Path(__file__).parent)
    templates.filters["percent"] = percent
    shown = [_pair(number, pair, found) for number, pair in _numbered(found)]
    page = templates.get_template(TEMPLATE).render(
        mark=MARK,
        set=problem_set,
        caution=CAUTION,
        count=found.count,
        pairs=shown,
        more=len(found.pairs) - len(shown),
        base=base_rate(found),
        median=_median(found.best),
        listed_from=LISTED,
        common=COMMON,
        is_small=found.count < SMALL,
        small=SMALL,
        remarks=[printable(remark) for remark in collected.remarks],
    )
    return page + "\n"


def show(console: Console, found: Found, collected: Collected) -> None:
    """Print a line for each pair, and what is usual in the class."""
    for remark in collected.remarks:
        console.print(Text(printable(f"note: {remark}"), style="yellow"))
    if found.pairs:
        console.print(_table(found))
    usual = f"half of the class has no match above {percent(_median(found.best))}"
    if found.count < SMALL:
        usual = f"with fewer than {SMALL} nobody can tell what is rare"
    pairs = counted(len(found.pairs), "pair")
    console.print(Text(f"{pairs} to look at among {found.count} submissions; {usual}"))
    console.print(Text("a reason to look, never a verdict, and in no grade"))


def base_rate(found: Found) -> list[tuple[str, int]]:
    """The likeness of each submission to its closest match: ranges, and how many are in each."""
    rows = []
    for low in BOUNDS:
        high = low + 0.1
        inside = sum(low <= one < high or (one >= 1.0 and low == BOUNDS[-1]) for one in found.best)
        rows.append((f"{percent(low)} to {percent(high)}", inside))
    return rows


def percent(share: float) -> str:
    """`93 %`."""
    return f"{round(100 * share)} %"


def _table(found: Found) -> Table:
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    table.add_column("likeness", justify="right", no_wrap=True)
    table.add_column("two to look at", overflow="fold")
    table.add_column("what they share that is rare here", overflow="fold")
    for _, pair in _numbered(found):
        names = f"{printable(pair.one.shown)}\n{printable(pair.other.shown)}"
        table.add_row(percent(pair.likeness), Text(names), Text(listed(evidence(pair))))
    return table


def evidence(pair: Pair) -> list[str]:
    """What a pair shares, a few words each."""
    found = []
    if pair.identical:
        others = pair.identical - 2
        more = f" ({others} more have the same)" if others else ""
        found.append(f"all their files{more}")
    if pair.code >= 0.005:
        found.append(f"{percent(pair.code)} of a file's rare code")
    for shared, one, many in (
        (pair.wrong, "wrong result that nobody foresaw", "wrong results that nobody foresaw"),
        (pair.comments, "comment", "comments"),
        (pair.names, "name", "names"),
    ):
        if shared:
            found.append(counted(len(shared), one, many))
    return found


def _numbered(found: Found) -> list[tuple[int, Pair]]:
    return list(enumerate(found.pairs[:MOST_PAIRS], start=1))


def _pair(number: int, pair: Pair, found: Found) -> dict[str, Any]:
    """A pair as the template needs it."""
    side_by_side = []
    for passage in passages(pair.one, pair.other, found.index):
        side_by_side.append(
            {
                "one": printable(passage.one),
                "other": printable(passage.other),
                "one_lines": _printable(passage.one_lines),
                "other_lines": _printable(passage.other_lines),
                "having": passage.having,
            }
        )
    return {
        "number": number,
        "one": printable(pair.one.shown),
        "other": printable(pair.other.shown),
        "one_name": printable(pair.one.name),
        "other_name": printable(pair.other.name),
        "likeness": pair.likeness,
        "above": found.below(pair.likeness),
        "evidence": listed(evidence(pair)),
        "identical": pair.identical,
        "files": [printable(name) for name in pair.one.files],
        "passages": side_by_side,
        "words": [
            ("Wrong results that nobody foresaw, with equal numbers", _words(pair.wrong)),
            ("Comments and docstrings", _words(pair.comments)),
            ("Names", _words(pair.names)),
        ],
    }


def _printable(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    found = []
    for number, line in lines:
        more = " …" if len(line) > LONGEST_LINE else ""
        found.append((number, printable(line, LINES, longest=LONGEST_LINE) + more))
    return found


def _words(shared: Sequence[Shared]) -> list[tuple[str, int]]:
    return [(printable(one.what, longest=120), one.having) for one in shared[:MOST_WORDS]]


def _median(numbers: Sequence[float]) -> float:
    """What half of these numbers are not above."""
    return median_low(numbers) if numbers else 0.0
