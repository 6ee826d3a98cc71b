"""The top of Gradescope's page, in markdown: files, points, mistakes, and what to look at next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import fsum

from autograder.judge import Result
from autograder.printable import printable
from autograder.problem import Verdict
from autograder.report.late import Lateness
from autograder.report.words import is_carried, look_next, points

LISTED = 8
"""How many problems a mistake names that follow from it."""


def summary(
    results: Sequence[Result],
    to_come: int,
    numbers: Mapping[str, str],
    remarks: Sequence[str] = (),
    late: Lateness | None = None,
) -> str:
    """All there is to say above the tests.

    to_come: how many problems have no result, or none yet. numbers: problem -> its task's number.
    remarks: on the files. late: what that costs.
    """
    lines = [*about_files(remarks), *_points(results, to_come, late), *_mistakes(results)]
    lines += _next(results, to_come, numbers)
    return "\n".join(lines).strip() + "\n"


def without_verdicts(remarks: Sequence[str], late: Lateness | None = None) -> str:
    """What may be said where the tests are not visible: nothing that hangs on a verdict."""
    lines = [*about_files(remarks)]
    if late is not None and late.sentence:
        lines.append(f"{late.sentence}.")
    return "\n".join(lines).strip()


def about_files(remarks: Sequence[str]) -> Iterator[str]:
    """The remarks as a list under a heading; nothing if there are none."""
    if not remarks:
        return
    yield "#### Your files"
    yield ""
    for remark in remarks:
        yield f"- {escape(remark)}"
    yield ""


def _points(results: Sequence[Result], to_come: int, late: Lateness | None) -> Iterator[str]:
    verdicts = [result.verdict for result in results]
    yield from points_by_file(verdicts)
    if to_come:
        what = "1 problem has" if to_come == 1 else f"{to_come} problems have"
        yield f"{what} no result; below it says why."
        yield ""
    if late is not None and late.sentence:
        raw, most = _sums(verdicts)
        kept = f"raw {points(raw)} of {points(most)}, with the penalty {points(late.score(raw))}"
        yield f"{late.sentence}: {kept}."
        yield ""


def points_by_file(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A heading, and a table of the points and passes of each file."""
    yield "#### Points"
    yield ""
    # A cell says its unit: where tables are stripped, the text has to do.
    yield "| file | points | problems |"
    yield "| --- | --- | --- |"
    by_lesson: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_lesson.setdefault(verdict.lesson, []).append(verdict)
    for lesson, of_lesson in by_lesson.items():
        yield f"| `{lesson}.py` | {_row(of_lesson)} |"
    if len(by_lesson) > 1:
        yield f"| all | {_row(verdicts)} |"
    yield ""


def _row(verdicts: Sequence[Verdict]) -> str:
    earned, most = _sums(verdicts)
    passed = sum(verdict.status == "passed" for verdict in verdicts)
    carried = sum(is_carried(verdict) for verdict in verdicts)
    count = f"{passed} of {len(verdicts)} passed" + f", {carried} carried" * bool(carried)
    return f"{points(earned)} of {points(most)} points | {count}"


def _sums(verdicts: Sequence[Verdict]) -> tuple[float, float]:
    earned = fsum(verdict.score for verdict in verdicts)
    return earned, fsum(verdict.max_score for verdict in verdicts)


# --------------------------------------------------------------------------------- what is mistaken


def _mistakes(results: Sequence[Result]) -> Iterator[str]:
    """Each diagnosed mistake once, where it was made, with the problems that follow from it."""
    ideas: dict[tuple[str, str], list[str]] = {}
    for result in results:
        for advice in result.mistakes:
            following = ideas.setdefault((advice.problem, advice.idea), [])
            if advice.problem != result.verdict.problem:
                following.append(result.verdict.problem)
    if not ideas:
        return
    _add_what_follows(ideas, results)
    yield "#### Mistakes found"
    yield ""
    for (problem, idea), following in ideas.items():
        followers = list(dict.fromkeys(following))
        yield f"- `{problem}`: {escape(idea)}{_following(followers)}"
    yield ""


def _add_what_follows(
    ideas: Mapping[tuple[str, str], list[str]], results: Sequence[Result]
) -> None:
    """Add the gradients that are right for a wrong forward pass, which name no mistake."""
    for result in results:
        if result.mistakes:
            continue
        for (problem, _), following in ideas.items():
            if problem == result.decision.follows_from:
                following.append(result.verdict.problem)


def _following(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    named = ", ".join(f"`{problem}`" for problem in problems[:LISTED])
    if len(problems) > LISTED:
        named += f" and {len(problems) - LISTED} more"
    return f" ({named} {'follows' if len(problems) == 1 else 'follow'} from it)"


def _next(results: Sequence[Result], to_come: int, numbers: Mapping[str, str]) -> Iterator[str]:
    verdicts = [result.verdict for result in results]
    following = look_next(verdicts)
    if following is not None:
        problem = following.problem
        yield "#### Next"
        yield ""
        yield f"Look at {numbers[problem]}, `{problem}`."
    elif not to_come and all(verdict.status == "passed" for verdict in verdicts):
        yield "Everything is right."


# --------------------------------------------------------------------------------- anybody's text

MARKUP = re.compile(
    r"""[&<>*`\[\]|\\$~^{}@]        # what marks up, wherever it stands
    | ^\s*\d+(?=[.)])               # the number of a list
    | ^\s*[^\w\s]                   # a heading, a list, a line
    | (?<![^\W_])_+ | _+(?![^\W_])  # emphasis; not within a name
    | :(?=//) | (?<=www)\.          # what is made a link of without being asked
    """,
    re.VERBOSE | re.IGNORECASE,
)


def escape(text: str) -> str:
    """Text of anybody's as a line of markdown that shows just that text.

    Characters that could mark up are written as HTML's references, which every dialect shows as the
    character, and none reads as markup.
    """
    line = " ".join(printable(text, " \t\n").split())
    return MARKUP.sub(_as_references, line)


def _as_references(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(letter)};" for letter in found.group())
