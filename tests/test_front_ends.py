"""One verdict, four front ends: the same words and numbers in each, and none contradicts another.

Tried on the verdicts of known mistakes, of code that does not answer, and of code that only hidden
cases find at fault, by every policy that changes what they say.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import fsum
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.in_process import InProcess
from autograder.casebook import Casebook, gathered
from autograder.check.notebook import Checked, html
from autograder.cli import main
from autograder.grade import Grader, casebooks
from autograder.judge import Attempt, Result, conclude, examine, not_run
from autograder.judge.say import follows_on
from autograder.problem import Fault, Problem, Reply
from autograder.report import gradescope
from autograder.report.account import Account, account
from autograder.report.ladder import NONE
from autograder.report.record import as_text
from autograder.report.terminal import show
from autograder.report.told import NOT_SHOWN, told
from autograder.report.words import WORDS, is_carried, score, word
from autograder.settings import Policy, load_course
from tests.conftest import COURSE_TOML, ROOT
from tests.in_process import SOLUTIONS, course_of_all
from tests.submissions import REFERENCE, submission

COURSE = load_course(COURSE_TOML).only("recurrence")
SILENT = replace(COURSE, policy=replace(COURSE.policy, hidden_cases="none"))
EVERY = {"rnn": 5, "head": 3, "gradflow": 5}
"""Lesson -> how many of its misconceptions are passed over for one that is tried."""

SHARES = (1.0, 0.5, 0.0)
"""What a carried output earns, in turns."""


@dataclass(frozen=True)
class Graded:
    """A result, what it was made of, and where it comes from."""

    name: str
    problem: Problem
    result: Result
    account: str


@cache
def books() -> list[Casebook]:
    return casebooks(ROOT / "autograder" / "frozen")


def accounted(problem: Problem, result: Result, grader: Grader | None = None) -> str:
    attempt, evidence = (grader and grader.examined(problem)) or (None, None)
    source = result.decision.follows_from
    earlier = {source: grader.result(lessons.find(source))} if source and grader else {}
    return account(Account(problem, "1.1", result, attempt, evidence, earlier, 7), books())


def of_sources(name: str, sources: dict[str, str], lesson: str, share: float) -> Iterator[Graded]:
    course = course_of_all(share)
    with imported(sources) as variant:
        grader = Grader(Path(), course, books(), InProcess(variant))
        problems = lessons.lesson(lesson).problems
        grader.sit(problems)
        for problem in problems:
            result = grader.result(problem)
            yield Graded(name, problem, result, accounted(problem, result, grader))


def without_answer(kind: str, hidden: bool) -> Graded:
    """What comes of a problem whose public or hidden cases have no answer, of a kind."""
    problem = lessons.find("rnn_forward")
    cases = gathered(problem, books())
    fault = Fault(kind, "ValueError")  # type: ignore[arg-type]
    replies = []
    for case in cases.all:
        silent = case.hidden or not hidden
        replies.append(Reply(fault=fault) if silent else Reply(dict(case.expected)))
    attempt = Attempt(problem, problem.points, cases.all, tuple(replies), cases.advice)
    evidence = examine(attempt)
    result = conclude(attempt, evidence, {}, 1.0)
    text = account(Account(problem, "1.3", result, attempt, evidence, {}, 7), books())
    return Graded(f"{kind}, hidden: {hidden}", problem, result, text)


def only_hidden_cases_see_it() -> dict[str, str]:
    """A perplexity that is right on the public cases' inputs, and on no others."""
    cases = gathered(lessons.find("perplexity"), books()).all
    public = [float(case.inputs["total_nats"][0]) for case in cases if not case.hidden]
    sources = dict(load_answers(SOLUTIONS).sources)
    right = "    return result\n"
    assert right in sources["head"]
    wrong = f"    return result if total_nats[0] in {public} else result * 1.01\n"
    sources["head"] = sources["head"].replace(right, wrong, 1)
    return sources


@pytest.fixture(scope="module")
def graded() -> list[Graded]:
    answers = load_answers(SOLUTIONS)
    found = list(of_sources("right", dict(answers.sources), "rnn", 1.0))
    for lesson, step in EVERY.items():
        names = {problem.name for problem in lessons.lesson(lesson).problems}
        known = [wrong for wrong in answers.misconceptions if wrong.problem in names]
        for number, wrong in enumerate(known[::step]):
            share = SHARES[number % len(SHARES)]
            found += of_sources(wrong.id, answers.patched(wrong), lesson, share)
    found += of_sources("only hidden", only_hidden_cases_see_it(), "head", 1.0)
    for kind in ("raised", "todo", "timeout", "died", "missing", "import", "refused", "garbled"):
        found.append(without_answer(kind, hidden=False))
    for kind in ("silent", "timeout", "todo"):
        found.append(without_answer(kind, hidden=True))
    problem = lessons.find("rnn_forward")
    for status in ("todo", "error", "timeout"):
        result = not_run(problem, 8.0, status, "not run")  # type: ignore[arg-type]
        found.append(Graded(f"not run: {status}", problem, result, accounted(problem, result)))
    return found


def policy_of(hidden_cases: str) -> Policy:
    return (SILENT if hidden_cases == "none" else COURSE).policy


def in_terminal(one: Graded, hidden_cases: str) -> str:
    stream = io.StringIO()
    verdict = told(one.result.verdict, policy_of(hidden_cases))
    show(Console(file=stream, width=400, highlight=False), [verdict], explain=1)
    return stream.getvalue()


def on_gradescope(one: Graded, hidden_cases: str) -> dict[str, object]:
    course = SILENT if hidden_cases == "none" else COURSE
    return gradescope._shown(one.result, one.problem, course)


def texts(one: Graded, hidden_cases: str) -> dict[str, str]:
    """Front end -> what a student reads there of a verdict."""
    verdict = told(one.result.verdict, policy_of(hidden_cases))
    test = on_gradescope(one, hidden_cases)
    return {
        "terminal": in_terminal(one, hidden_cases),
        "notebook, as text": repr(Checked(verdict, 1)),
        "notebook": html(verdict),
        "gradescope": str(test["output"]),
        "gradescope, as text": test["extra_data"]["text"],  # type: ignore[index]
    }


def test_all_situations_are_among_them(graded: list[Graded]) -> None:
    statuses = {one.result.verdict.status for one in graded}
    assert statuses == set(WORDS)
    states = {state for one in graded for state in one.result.decision.outputs.values()}
    assert states == {"right", "wrong", "carried", "missing"}
    carried = [one.result.verdict for one in graded if is_carried(one.result.verdict)]
    shares = {verdict.score / verdict.max_score for verdict in carried}
    assert {0.0, 0.5, 1.0} <= shares
    factors = [one for one in graded if "properties hold" in one.account]
    assert any("0 of 2 properties" in one.account for one in factors) or len(factors) > 3


@pytest.mark.parametrize("hidden_cases", ["summary", "none"])
def test_every_front_end_has_the_same_word_and_the_same_points(
    graded: list[Graded], hidden_cases: str
) -> None:
    for one in graded:
        verdict = told(one.result.verdict, policy_of(hidden_cases))
        for front_end, text in texts(one, hidden_cases).items():
            assert word(verdict) in text, (one.name, front_end, text)
            if front_end != "gradescope, as text":  # Gradescope shows the points itself
                assert score(verdict) in text, (one.name, front_end, text)
            assert not re.search(r"\b(partial|failed|error|todo)\b", text), (one.name, text)


@pytest.mark.parametrize("hidden_cases", ["summary", "none"])
def test_a_word_never_contradicts_the_points(graded: list[Graded], hidden_cases: str) -> None:
    for one in graded:
        verdict = told(one.result.verdict, policy_of(hidden_cases))
        said, share = word(verdict), verdict.score / verdict.max_score
        assert (said == "passed") == (verdict.status == "passed")
        if said == "passed":
            assert share == 1, one
        elif said == "partly":
            assert 0 < share < 1, one
        elif said != "carried":
            assert share == 0, one


@pytest.mark.parametrize("hidden_cases", ["summary", "none"])
def test_green_is_all_of_the_points_and_nothing_wrong_below(
    graded: list[Graded], hidden_cases: str
) -> None:
    for one in graded:
        test, verdict = on_gradescope(one, hidden_cases), one.result.verdict
        green = test["status"] == "passed"
        assert green == (verdict.score == verdict.max_score), one
        for text in texts(one, hidden_cases).values():
            if green:
                assert not re.search(r"wrong on|(is|are) wrong|not yet|stopped", text), text


@pytest.mark.parametrize("hidden_cases", ["summary", "none"])
def test_lost_points_always_have_a_reason(graded: list[Graded], hidden_cases: str) -> None:
    for one in graded:
        verdict = told(one.result.verdict, policy_of(hidden_cases))
        if verdict.score < verdict.max_score:
            reasons = [finding for finding in verdict.findings if not finding.good]
            assert reasons and all(finding.text for finding in reasons), one


TOLD_OF_HIDDEN = re.compile(r"hidden (case|one)|\bhidden:|^\s*hidden  ", re.MULTILINE)


def test_a_policy_that_tells_nothing_of_hidden_cases_tells_nothing(graded: list[Graded]) -> None:
    for one in graded:
        for text in texts(one, "none").values():
            assert not re.search(TOLD_OF_HIDDEN, text), (one.name, text)
        loses = one.result.verdict.score < one.result.verdict.max_score
        findings = one.result.verdict.findings
        only_hidden = loses and all(
            finding.good or finding.layer in ("hidden", "points") for finding in findings
        )
        if only_hidden:
            assert NOT_SHOWN in texts(one, "none")["gradescope, as text"], one


def test_what_only_hidden_cases_see_is_told_in_one_neutral_sentence(graded: list[Graded]) -> None:
    one = next(one for one in graded if one.name == "only hidden" and "perpl" in one.problem.name)
    shapes, values, *_ = one.result.verdict.findings
    assert values.text.startswith("right on all ")
    assert texts(one, "none")["gradescope, as text"].splitlines() == [
        "✗ not yet",
        f"shapes: {shapes.text}",
        f"values: {values.text}",
        f"points: {NOT_SHOWN}",
        NONE,
    ]


@pytest.mark.parametrize("kind", ["silent", "timeout", "todo"])
def test_a_hidden_case_without_an_answer_is_told_like_a_wrong_one(kind: str) -> None:
    one = without_answer(kind, hidden=True)
    assert texts(one, "none")["gradescope, as text"].splitlines() == [
        "✗ not yet",
        "runs: every public case has an answer",
        f"points: {NOT_SHOWN}",
        NONE,
    ]
    kept = on_gradescope(one, "none")["extra_data"]
    assert kept["outputs"] == {"h": {"state": "wrong", "points": 0.0}}  # type: ignore[index]
    assert "a hidden one has none" in as_text(told(one.result.verdict, policy_of("summary")))


@pytest.mark.parametrize("hidden_cases", ["summary", "none"])
def test_html_is_well_formed_and_says_the_text_without_a_tag(
    graded: list[Graded], hidden_cases: str
) -> None:
    for one in graded:
        test = on_gradescope(one, hidden_cases)
        tree = ElementTree.fromstring(str(test["output"]))
        bare = " ".join("".join(tree.itertext()).split())
        verdict = told(one.result.verdict, policy_of(hidden_cases))
        for finding in verdict.findings:
            seen = finding.level <= COURSE.policy.hints
            assert (" ".join(finding.text.split()) in bare) == seen, (one.name, finding)
        has_map = any(finding.error_map is not None for finding in verdict.findings)
        assert ("✕ ·" in bare or "✕ ✕" in bare or "✕" in bare) == has_map


# ------------------------------------------------------------------------------------- the sum


TERM = re.compile(r"^  (\S+): (right|wrong|carried|missing), (\S+) x (\S+) = (\S+)$", re.MULTILINE)
FACTOR = re.compile(r"points x \((\d+) \+ (\d+)\) / \((\d+) \+ (\d+)\) = (\S+)$", re.MULTILINE)
SCORE = re.compile(r"^  score: ([^\s,]+)", re.MULTILINE)


def test_the_sum_of_an_account_adds_up_to_the_score(graded: list[Graded]) -> None:
    for one in graded:
        verdict, text = one.result.verdict, one.account
        terms = TERM.findall(text)
        assert [term[0] for term in terms] == [tensor.name for tensor in one.problem.gives], text
        for _, state, each, worth, product in terms:
            assert float(each) * float(worth) == pytest.approx(float(product), abs=1e-8)
            assert (float(worth) == 1) or state != "right"
        factor = 1.0
        if one.problem.holds:
            results, held, same, everything, shown = map(float, FACTOR.findall(text)[0])
            factor = (results + held) / (same + everything)
            assert factor == pytest.approx(shown, abs=1e-8)
        total = fsum(float(term[4]) for term in terms) * factor
        assert total == pytest.approx(verdict.score, abs=1e-7), text
        assert float(SCORE.findall(text)[0]) == pytest.approx(verdict.score, abs=1e-8)


def test_the_shares_kept_for_programs_add_up_too(graded: list[Graded]) -> None:
    for one in graded:
        kept = on_gradescope(one, "summary")["extra_data"]
        shares = kept["outputs"].values()  # type: ignore[index]
        added = fsum(share["points"] for share in shares)
        assert added == pytest.approx(one.result.verdict.score, abs=1e-9), one
        assert kept["diagnosis"] == one.result.verdict.diagnosis  # type: ignore[index]
        source = kept["carried_from"] or ""  # type: ignore[index]
        assert source == one.result.decision.follows_from


def test_an_account_names_every_case_and_every_mistake(graded: list[Graded]) -> None:
    for one in graded:
        if one.name.startswith("not run"):
            continue
        for case in gathered(one.problem, books()).all:
            assert f"  {case.name}: " in one.account, case.name
        for mistake in one.result.mistakes:
            assert f"  {mistake.id}: {mistake.idea}" in one.account


FOLLOWS = re.compile(
    r"what the earlier mistake leads to on (?:all (?P<all>\d+) hidden cases|the hidden case|"
    r"(?P<some>\d+) of (?P<of>\d+) hidden cases, and right on the other (?P<rest>\d+|one))"
)


def test_what_is_said_of_hidden_cases_after_a_mistake_is_so(graded: list[Graded]) -> None:
    """How many follow from it, and that the others are right: as the account has it."""
    seen = set()
    for one in graded:
        for finding in one.result.verdict.findings:
            if finding.layer != "hidden" or "earlier mistake" not in finding.text:
                continue
            found = FOLLOWS.fullmatch(finding.text)
            assert found is not None, finding.text
            _, _, cases = one.account.partition("hidden cases: ")
            fared = [line.rpartition(": ")[2] for line in cases.split("\n\n")[0].splitlines()[1:]]
            rest = 1 if found["rest"] == "one" else int(found["rest"] or 0)
            assert fared.count("right") == rest, one.name
            assert len(fared) == int(found["all"] or found["of"] or 1)
            assert not any("wrong" in how or "missing" in how for how in fared)
            seen.add(bool(rest))
    assert True in seen


def test_what_is_said_of_hidden_cases_that_all_follow() -> None:
    for carried, of in ((1, 1), (2, 2), (1, 2), (8, 11)):
        found = FOLLOWS.fullmatch(follows_on(carried, of))
        assert found is not None
        assert bool(found["some"]) == (carried < of)


def test_what_has_an_answer_on_a_case_is_not_missing_there() -> None:
    """Where another case has none, all outputs are missing from the sum, but not from each case."""
    problem = lessons.find("rnn_step_backward")
    cases = gathered(problem, books())
    for of_hidden in (False, True):
        without = next(case for case in cases.all[1:] if case.hidden == of_hidden)
        replies = []
        for case in cases.all:
            wrong = Reply({**case.expected, "dx": case.expected["dx"] + 1.0})
            replies.append(Reply(fault=Fault("timeout")) if case is without else wrong)
        attempt = Attempt(problem, problem.points, cases.all, tuple(replies), cases.advice)
        evidence = examine(attempt)
        result = conclude(attempt, evidence, {}, 1.0)
        text = account(Account(problem, "1.2", result, attempt, evidence, {}, 7), books())
        assert f"  {cases.all[0].name}: wrong dx; right dprev_h, dWx, dWh, db" in text
        assert "no answer (timeout)" in text
        by_case = text.split("cases:", 1)[1]
        assert "missing" not in by_case


def test_explain_is_a_verb_that_tells_staff_all_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
    folder = submission(tmp_path / "submission", files={"rnn": slip})
    assert main(["explain", str(folder), "rnn_step_backward", "rnn_backward"]) == 0
    said = capsys.readouterr().out
    for line in (
        "◐ rnn_step_backward (task 1.2)  8 / 10  partly",
        "sum: 10 points / 5 outputs = 2 each",
        "  dWh: wrong, 2 x 0 = 0",
        "  score: 8",
        "  N=3 D=4 H=5: wrong dWh; right dx, dprev_h, dWx, db",
        "  rnn_step_backward.dWh_transposed: dWh is transposed",
        "◐ rnn_backward (task 1.4)  12 / 12  carried",
        "carried from: rnn_step_backward, 8 / 10 there; a carried output earns 1 of its points",
    ):
        assert line in said.splitlines(), said
    fingerprint = re.findall(r"  hidden casebook rnn: ([0-9a-f]{12})$", said, re.MULTILINE)
    assert len(fingerprint) == 2
    inside = ["explain", str(folder), "rnn_backward", "--set", "recurrence"]
    assert main(inside) == 0 and "rnn_backward" in capsys.readouterr().out
    assert main([*inside[:-1], "gates"]) == 2
    assert "the set gates does not have rnn_backward" in capsys.readouterr().err
    assert main(["explain", str(folder), "rnn_step_bakward"]) == 2
    assert "did you mean rnn_step_backward" in capsys.readouterr().err
