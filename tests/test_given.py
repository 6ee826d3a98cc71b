"""No graded function is given away; what else is given whole is named."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook.variants import imported, read_package
from autograder.authoring.handout.given import given_report, given_whole, refuse_answers
from autograder.authoring.handout.stubs import StubError, stub
from autograder.authoring.proof.known_wrong import grade_variant
from autograder.grade import casebooks, course_problems
from autograder.lessons import can_run
from autograder.problem import Lesson
from autograder.settings import load_course, thaw
from tests.conftest import ROOT

ASSIGNMENT = ROOT / "assignment" / "recurrent"

GOOD = '''
class Cell:
    def forward(self, x):
        """One step."""
        ### BEGIN SOLUTION
        y = x + 1
        ### END SOLUTION
        return y


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    y = helper(x, 2)
    ### END SOLUTION
    return x, y


def helper(x, times):
    """x, some times."""
    return x * times
'''


def lesson_of(*functions: str) -> Lesson:
    """A lesson whose problems check these functions."""
    example = lessons.find("rnn_forward")
    problems = tuple(replace(example, name=f"check_{name}", of=name) for name in functions)
    return Lesson(1, "numbers", "Numbers", problems)


def refuse(source: str, *functions: str) -> None:
    refuse_answers(lesson_of(*functions), source, stub(source))


def test_functions_and_methods_with_markers_are_fit_to_travel() -> None:
    refuse(GOOD, "double", "Cell.forward")


@pytest.mark.parametrize(
    ("function", "without"),
    [("double", "double"), ("Cell.forward", r"Cell\.forward")],
)
def test_a_graded_function_without_markers_is_refused_by_name(function: str, without: str) -> None:
    unmarked = re.sub(" +### (BEGIN|END) SOLUTION\n", "", GOOD)
    with pytest.raises(StubError, match=rf"numbers\.py: {without} is graded and has no .* markers"):
        refuse(unmarked, function)


def test_a_graded_helper_without_markers_is_refused_though_the_rest_of_its_file_has_some() -> None:
    with pytest.raises(StubError, match="helper is graded and has no solution markers") as refused:
        refuse(GOOD, "double", "helper")
    assert "double is" not in str(refused.value)


@pytest.mark.parametrize("function", ["treble", "Cell.backward", "forward", "Cell"])
def test_a_problem_that_names_no_function_of_the_file_is_refused(function: str) -> None:
    with pytest.raises(StubError) as refused:
        refuse(GOOD, function)
    assert str(refused.value) == (
        f"solutions/recurrent/numbers.py: there is no function {function}, which the problem "
        f"check_{function} checks"
    )


@pytest.mark.parametrize(
    "left_standing",
    [
        "    return x, x + x\n",
        "    return helper(x, 2)\n",
        "    y = x + x\n    return x, y\n",
        "    if x is None:\n        y = 0\n    return x, y\n",
        "    return {'y': y}\n",
        "    yield y\n",
    ],
)
def test_code_outside_the_markers_of_a_graded_function_is_refused(left_standing: str) -> None:
    source = GOOD.replace("    return x, y\n", left_standing)
    with pytest.raises(
        StubError, match="double has code outside its solution markers: "
    ) as refused:
        refuse(source, "double", "Cell.forward")
    first = ast.unparse(ast.parse(f"def f(x):\n{left_standing}")).splitlines()[1].strip()
    assert str(refused.value).endswith(first)


def test_an_answer_before_the_markers_is_refused() -> None:
    source = GOOD.replace('"""Twice x."""\n', '"""Twice x."""\n    y = x + x\n')
    with pytest.raises(StubError, match="double has code outside its solution markers: y = x"):
        refuse(source, "double")


def test_markers_in_one_branch_only_are_refused() -> None:
    source = (
        "def double(x):\n"
        "    if x > 0:\n"
        "        ### BEGIN SOLUTION\n"
        "        y = x + x\n"
        "        ### END SOLUTION\n"
        "    return y\n"
    )
    with pytest.raises(StubError, match="double has code outside its solution markers: if x > 0:"):
        refuse(source, "double")


def test_a_line_that_only_looks_to_do_is_code() -> None:
    """Its message is worked out from the answer."""
    source = GOOD.replace(
        "    return x, y\n", "    raise NotImplementedError(f'double {x + x}')\n    return x, y\n"
    )
    with pytest.raises(StubError, match="double has code outside"):
        refuse(source, "double")


SECOND = {
    "again": "def double(x):\n    return x + x\n",
    "under a condition": "if True:\n    def double(x):\n        return x + x\n",
    "in a try": "try:\n    pass\nexcept OSError:\n    def double(x):\n        return x + x\n",
    "as a lambda": "double = lambda x: x + x\n",
    "as another name": "double = helper\n",
    "among others": "first, double = helper, helper\n",
    "imported": "from .other import treble as double\n",
    "as a coroutine": "async def double(x):\n    return x + x\n",
    "as a class": "class double:\n    pass\n",
}


@pytest.mark.parametrize("second", SECOND.values(), ids=SECOND)
def test_a_graded_function_that_is_defined_twice_is_refused(second: str) -> None:
    with pytest.raises(StubError, match="double is defined more than once, see lines 11, "):
        refuse(f"{GOOD}\n\n{second}", "double", "Cell.forward")


@pytest.mark.parametrize(
    "second",
    ["Cell.forward = helper\n", "class Cell:\n    pass\n", "Cell = None\n"],
    ids=["replaced from outside", "its class again", "its class assigned to"],
)
def test_a_graded_method_that_is_defined_twice_is_refused(second: str) -> None:
    with pytest.raises(StubError, match=r"Cell\.forward is defined more than once, see lines 2, "):
        refuse(f"{GOOD}\n\n{second}", "double", "Cell.forward")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(StubError, match=r"treble.*; helper is graded"):
        refuse(GOOD, "treble", "helper")


# ------------------------------------------------------------------------------ what is given whole


def test_helpers_constants_and_loose_statements_are_named() -> None:
    source = (
        '"""Text."""\nimport math\n\nA, B = 1, 2\n\nfor i in range(3):\n    A += i\n'
        f"{GOOD}\n\nclass Other:\n    width: int = 3\n\n    def __init__(self):\n        pass\n"
    )
    assert given_whole(stub(source)) == [
        "A",
        "B",
        "`for i in range(3):`",
        "helper",
        "Other.width",
        "Other.__init__",
    ]
    assert given_whole(stub("print(1)\n")) == ["`print(1)`"]


def test_a_helper_that_is_given_in_part_is_named_as_such() -> None:
    source = GOOD.replace("    return x, y\n", "    return x, y * 1\n")
    assert given_whole(stub(source)) == ["double (in part)", "helper"]


def test_the_report_names_every_function_of_the_assignment_that_is_not_to_do() -> None:
    report = "\n".join(given_report(ASSIGNMENT))
    assert "given whole: sigmoid in lstm.py" in report.splitlines()
    missing = []
    for name in lessons.names():
        tree = ast.parse((ASSIGNMENT / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef):
                continue
            if "NotImplementedError" not in ast.unparse(node) and node.name not in report:
                missing.append(f"{name}.{node.name}")
    assert missing == []


def test_the_report_ends_with_the_modules_that_are_given() -> None:
    assert given_report(ASSIGNMENT)[-1] == (
        "given as they are: __init__.py, data/, pictures/, training.py"
    )


def test_a_build_prints_what_it_gives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from autograder.authoring.handout import assignment, zips

    monkeypatch.setattr(zips, "freeze_course", lambda *arguments, **options: None)
    monkeypatch.setattr(assignment, "example", lambda *_: None)  # it is checked on what is frozen
    printed: list[str] = []
    zips.make_handout("gates", tmp_path / "assignment.zip", print_line=printed.append)
    assert printed[:-1] == [
        "given whole: STUDENT in answers_gates.py",
        "given whole: sigmoid in lstm.py",
        "given as they are: __init__.py, data/, pictures/, training.py",
    ]
    assert printed[-1].endswith("no solution line in it")


def test_every_problem_of_the_course_checks_a_function_that_is_to_do() -> None:
    course = load_course(ROOT / "course.toml")
    for lesson in lessons.all_lessons():
        source = (ROOT / "solutions" / "recurrent" / f"{lesson.name}.py").read_text("utf-8")
        refuse_answers(lesson, source, (ASSIGNMENT / f"{lesson.name}.py").read_text("utf-8"))
    assert set(course.lessons_of("all")) <= set(lessons.names())


def points_of(sources: dict[str, str], frozen: Path) -> dict[str, float]:
    """Problem -> points, for those that a package of these sources earns anything on."""
    course = thaw(frozen / "course.json")
    names = [problem.name for problem in course_problems(course) if can_run(problem.lesson)]
    with imported(sources) as variant:
        verdicts = grade_variant(variant, course, casebooks(frozen), names)
    return {verdict.problem: verdict.score for verdict in verdicts if verdict.score}


@pytest.mark.parametrize("left", ["as handed out", "without the lines that say what is to do"])
def test_what_students_get_earns_no_point_as_it_is(left: str, frozen: Path) -> None:
    """Whatever is given, the answer to a problem is not among it."""
    sources = read_package(ASSIGNMENT)
    assert points_of(read_package(ROOT / "solutions" / "recurrent"), frozen), "nothing is graded"
    if left != "as handed out":
        to_do = re.compile(r"raise NotImplementedError\(.*\)")
        sources = {name: to_do.sub("pass", source) for name, source in sources.items()}
    assert points_of(sources, frozen) == {}
