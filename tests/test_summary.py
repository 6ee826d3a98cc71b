"""What stands above the tests on Gradescope: files, points, mistakes, and what to look at next."""

from __future__ import annotations

import json
import re
import string
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import mistune
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.grade import course_problems
from autograder.judge import Decision, Result
from autograder.printable import printable
from autograder.problem import Advice, Finding, Problem, Status, Verdict
from autograder.report import gradescope
from autograder.report.for_student import UNNAMED
from autograder.report.late import Lateness
from autograder.report.results import Results, shortened
from autograder.report.summary import escape, summary
from autograder.settings import Visibility, load_course
from tests.conftest import COURSE_TOML
from tests.test_results_file import NASTY, nasty_verdict

COURSE = load_course(COURSE_TOML).only("recurrence")
PROBLEMS = course_problems(COURSE)
NUMBERS = {problem.name: f"1.{place}" for place, problem in enumerate(PROBLEMS, start=1)}
NO_TANH = Advice("rnn_step_forward.no_tanh", "rnn_step_forward", "a * b is `c`", ("1", "2", "3"))
LATE = Lateness(1, 0.1, "due then, handed in later")


def result(problem: Problem, status: Status, share: float, **more: Any) -> Result:
    """A result whose only output is in the state that the status says."""
    state = {"passed": "right", "todo": "missing"}.get(status, "wrong")
    outputs = more.pop("outputs", {"h": state})
    points = COURSE.points_of(problem)
    verdict = Verdict(
        problem.name,
        problem.lesson,
        problem.title,
        status,
        score=points * share,
        max_score=points,
        outputs=outputs,
        findings=(Finding("values", "secret words of a verdict"),),
    )
    decision = Decision(status, share, outputs, follows_from=more.pop("follows_from", ""))
    return Result(verdict, decision, more.pop("mistakes", ()))


def decided(problem: Problem) -> Result:
    """The tanh is missing; two problems follow from that, one is not written."""
    if problem.name == "rnn_step_forward":
        return result(problem, "failed", 0.0, mistakes=(NO_TANH,))
    if problem.name in ("rnn_forward", "rnn_backward"):
        said = (NO_TANH,) if problem.name == "rnn_forward" else ()
        follows = {"outputs": {"h": "carried"}, "follows_from": "rnn_step_forward"}
        return result(problem, "partial", 1.0, mistakes=said, **follows)
    if problem.name == "perplexity":
        return result(problem, "todo", 0.0)
    return result(problem, "passed", 1.0)


def page(tmp_path: Path, visibility: Visibility = "visible", **more: Any) -> dict[str, Any]:
    policy = replace(COURSE.policy, visibility=visibility, diagnosis=more.pop("diagnosis", 0))
    course = replace(COURSE, policy=policy)
    path = tmp_path / "results.json"
    decide = more.pop("decide", decided)
    gradescope.run_tests(Results(path), course, decide, **more)
    data: dict[str, Any] = json.loads(path.read_text())
    return data


def test_the_whole_of_a_summary(tmp_path: Path) -> None:
    data = page(tmp_path, remarks=["rnn-1.py was taken for rnn.py"], late=LATE)
    assert data["output_format"] == "md"
    lost = COURSE.points_of(PROBLEMS[0])
    perplexity = next(problem for problem in PROBLEMS if problem.name == "perplexity")
    raw = 100 - lost - COURSE.points_of(perplexity)
    worth = sum(COURSE.points_of(problem) for problem in PROBLEMS if problem.lesson == "head")
    head = worth - COURSE.points_of(perplexity)
    count = len(PROBLEMS)
    flow = sum(problem.lesson == "gradflow" for problem in PROBLEMS)
    assert data["output"].splitlines() == [
        "#### Your files",
        "",
        "- rnn-1.py was taken for rnn.py",
        "",
        "#### Points",
        "",
        "| file | points | problems |",
        "| --- | --- | --- |",
        f"| `rnn.py` | {50 - lost:g} of 50 points | 4 of 7 passed, 2 carried |",
        f"| `head.py` | {head:g} of {worth:g} points | 3 of 4 passed |",
        f"| `gradflow.py` | 30 of 30 points | {flow} of {flow} passed |",
        "| `answers_recurrence.py` | 6 of 6 points | 6 of 6 passed |",
        f"| all | {raw:g} of 100 points | {count - 4} of {count} passed, 2 carried |",
        "",
        f"Handed in 1 day late: −10 %: raw {raw:g} of 100, with the penalty {0.9 * raw:g}.",
        "",
        "#### Mistakes found",
        "",
        "- `rnn_step_forward`: a &#42; b is &#96;c&#96; "
        "(`rnn_forward`, `rnn_backward` follow from it)",
        "",
        "#### Next",
        "",
        "Look at 1.1, `rnn_step_forward`.",
    ]
    assert data["score"] == pytest.approx(0.9 * raw)
    assert sum(test["score"] for test in data["tests"]) == raw, "a test's points are as earned"
    assert data["extra_data"]["late"]["raw"] == raw


def test_a_mistake_has_no_name_here_before_the_course_names_it(tmp_path: Path) -> None:
    for diagnosis in (4, "attempt 2"):
        said = page(tmp_path, diagnosis=diagnosis)["output"]
        unnamed = f"- `rnn_step_forward`: {UNNAMED} (`rnn_forward`, `rnn_backward` foll"
        assert unnamed in said and "a &#42; b" not in said


def test_what_is_carried_is_not_what_to_look_at_and_all_right_says_so(tmp_path: Path) -> None:
    def only_carried(problem: Problem) -> Result:
        found = decided(problem)
        return found if found.verdict.outputs == {"h": "carried"} else result(problem, "passed", 1)

    assert "#### Next" not in page(tmp_path, decide=only_carried)["output"]
    right = page(tmp_path, decide=lambda problem: result(problem, "passed", 1.0))
    assert right["output"].endswith("Everything is right.\n")


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_where_the_tests_are_not_visible_nothing_above_them_hangs_on_a_verdict(
    visibility: Visibility, tmp_path: Path
) -> None:
    remarks = ["rnn-1.py was taken for rnn.py"]
    tops = set()
    for decide in (decided, lambda problem: result(problem, "passed", 1.0), nasty_verdict):
        data = page(tmp_path, visibility, remarks=remarks, late=LATE, decide=decide)
        assert {test["visibility"] for test in data["tests"]} == {visibility}
        tops.add(data["output"])
    assert tops == {
        "#### Your files\n\n- rnn-1.py was taken for rnn.py\n\nHanded in 1 day late: −10 %."
    }
    assert "output" not in page(tmp_path, visibility), "nothing to say, nothing said"


def test_a_grader_that_is_stopped_says_how_many_problems_have_no_result() -> None:
    graded = [decided(problem) for problem in PROBLEMS[:3]]
    text = summary(graded, len(PROBLEMS) - 3, NUMBERS)
    assert f"{len(PROBLEMS) - 3} problems have no result; below it says why." in text
    assert "Everything is right" not in summary(graded[1:2], 16, NUMBERS)


# ------------------------------------------------------------------------------ anybody's text

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MISTUNE = mistune.create_markdown(
    escape=False, plugins=["url", "strikethrough", "table", "math", "footnotes", "task_lists"]
)
"""A second dialect, with links that nobody asked for; which one Gradescope has is unknown."""

MARKUP = (
    *("![a](b)", "[x]: y", "[a](//b)", "[^1]", "[ ] ", "<b>", "</li>", "<!--", "&lt;", "&#60;"),
    *("`", "**", "__", "~~", "|", "$$", "\\", "\n", "    ", "---", "==="),
    *("# ", "- ", "+ ", "* ", "> ", "1. ", "2) "),
    *("http://a.b", "https://a.b", "www.a.b", "a@b.c", "mailto:a@b.c"),
)

LIST = [
    "bullet_list_open",
    "list_item_open",
    "paragraph_open",
    "paragraph_close",
    "list_item_close",
    "bullet_list_close",
]


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.sampled_from(MARKUP) | st.text(string.printable, max_size=6), max_size=6))
def test_no_text_of_anybodys_makes_markup_a_link_or_an_image(parts: list[str]) -> None:
    text = "".join(parts)
    source = f"- {escape(text)}\n"
    shown = printable(text, " \t\n").split()
    tokens = []
    for token in COMMONMARK.parse(source):
        tokens += token.children or [token]
    if shown:
        kinds = [token.type for token in tokens]
        assert [kind for kind in kinds if not kind.startswith("text")] == LIST, (text, kinds)
    said = "".join(token.content for token in tokens if token.type.startswith("text"))
    assert said.split() == shown

    page = str(MISTUNE(source))
    assert re.findall(r"<[^>]*>", page) == ["<ul>", "<li>", "</li>", "</ul>"], (text, page)
    assert unescape(re.sub(r"<[^>]*>", "", page)).split() == shown


@pytest.mark.parametrize(
    "name", ["rnn.py", "rnn (1).py", "jdoe_rnn.py", "rnn-1.py", "Copy of rnn.py", "rnn.py.txt"]
)
def test_the_names_that_files_really_have_stay_as_they_are(name: str) -> None:
    assert escape(f"{name} was left out") == f"{name} was left out"


def test_a_nasty_remark_marks_nothing_up(tmp_path: Path) -> None:
    data = page(tmp_path, remarks=[NASTY], decide=nasty_verdict)
    assert "<img" not in data["output"]
    for test in data["tests"]:
        assert "<img" not in test["output"], test["output_format"]


# ---------------------------------------------------------------------------------- on a full disk


def test_half_a_page_of_html_is_kept_as_text(tmp_path: Path) -> None:
    data = page(tmp_path)
    for length in (1_000, 30, 0):
        cut = shortened(data, length)
        for test, whole in zip(cut["tests"], data["tests"], strict=True):
            assert test["output_format"] == "text" and "<div" not in test["output"]
            assert test["output"] == whole["extra_data"]["text"][:length]
            assert test["score"] == whole["score"]
        assert cut["output_format"] == "text" and cut["output"] == data["output"][:length]
