"""A mistake in what an author writes is a sentence with file and line, and all come at once."""

from __future__ import annotations

import doctest
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import lessons
from autograder.authoring.casebook import sentences
from autograder.authoring.casebook.answers import Answers, load_answers
from autograder.authoring.casebook.build import build_cases
from autograder.authoring.casebook.freeze import build_course
from autograder.authoring.casebook.mistakes import (
    checked_answers,
    lesson_mistakes,
    problem_mistakes,
)
from autograder.authoring.casebook.variants import BuildError
from autograder.problem import DeclarationError, Lesson, problem
from tests.conftest import ROOT

RNN = lessons.lesson("rnn")

HEAD = '''"""Wrong ideas."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
'''

ONE = """    Misconception(
        "rnn_step_forward", "made_up",
        replace="next_h = np.tanh(a)", by="next_h = a",
        idea="the tanh is missing",
        hints=("a?", "b.", "c."),
        source="own",
    ),
"""

LINE = len(HEAD.splitlines()) + 1
"""Where the first misconception stands in a file that begins with HEAD."""


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    """A copy of the reference, without any misconception."""
    folder = tmp_path / "solutions"
    (folder / "misconceptions").mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "data", "pictures")
    shutil.copytree(ROOT / "solutions" / "recurrent", folder / "recurrent", ignore=ignored)
    return folder


def said_of(solutions: Path, text: str, file: str = "rnn.py") -> list[str]:
    """What is said of a file of misconceptions with this text, a sentence each."""
    (solutions / "misconceptions" / file).write_text(text, encoding="utf-8")
    with pytest.raises(BuildError) as refused:
        checked_answers(solutions, [RNN])
    return str(refused.value).splitlines()


# --------------------------------------------------------------------------------- misconceptions


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "next_h = np.tanh(a)",
            "no such text",
            "rnn_step_forward.made_up: the text to replace occurs 0 times in rnn_step_forward, "
            "not once",
        ),
        ('by="next_h = a"', 'by="next_h = (a"', "made_up: the patched code does not parse: "),
        (', "c.")', ")", "hints= should be 3 texts"),
        ('("a?", "b.", "c.")', '"abc"', "hints= should be 3 texts"),
        ('"b."', '""', "hints= should be 3 texts"),
        ('by="next_h = a"', "by=0", "made_up: by= should be a text"),
        (
            '"rnn_step_forward"',
            '"rnn_step_foward"',
            "there is no problem rnn_step_foward; did you mean rnn_step_forward",
        ),
        (
            'source="own"',
            'source="own", function="rnn_stop"',
            "rnn_step_forward.made_up: there is no function rnn_stop in the reference",
        ),
        (
            'source="own"',
            'source="own", function="lstm_step_forward"',
            "the text to replace occurs 0 times in lstm_step_forward",
        ),
        ("hints=", "hint=", "a Misconception has no hint=; did you mean hints?"),
        ('        source="own",\n', "", "this Misconception lacks source="),
    ],
)
def test_a_misconception_that_cannot_be_one_is_named_with_its_line(
    solutions: Path, old: str, new: str, complaint: str
) -> None:
    said = said_of(solutions, HEAD + ONE.replace(old, new) + ")\n")
    assert said[0].startswith(f"solutions/misconceptions/rnn.py, line {LINE}: ")
    assert complaint in said[0]


def test_one_in_a_function_that_its_lesson_does_not_import_is_refused(solutions: Path) -> None:
    elsewhere = ONE.replace("next_h = np.tanh(a)", "dx = da @ Wx.T")
    elsewhere = elsewhere.replace('by="next_h = a"', 'by="dx = da @ Wx"')
    text = elsewhere.replace('"own"', '"own", function="rnn_step_backward"')
    text = text.replace('"rnn_step_forward"', '"lstm_step_forward"')
    (complaint,) = said_of(solutions, f"{HEAD}{text})\n")
    assert complaint.endswith(
        "lstm_step_forward.made_up: it is made in rnn.py, which lstm.py does not import"
    )


def test_a_name_given_twice_is_named_with_both_lines(solutions: Path) -> None:
    (said,) = said_of(solutions, f"{HEAD}{ONE}{ONE})\n")
    second = LINE + len(ONE.splitlines())
    assert said == (
        f"solutions/misconceptions/rnn.py, line {second}: rnn_step_forward.made_up is the name of "
        f"the one at solutions/misconceptions/rnn.py, line {LINE}"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            f"{HEAD}{ONE.rstrip()[:-1]}\n{ONE})\n",
            "line 6: invalid syntax. Perhaps you forgot a comma?",
        ),
        (f"{HEAD}{ONE}", "line 5: '(' was never closed"),
        (f"x = unknown\n{HEAD}{ONE})\n", "line 1: NameError: name 'unknown' is not defined"),
        (f"{HEAD}{ONE.rstrip()[:-1]})\n", "it needs a tuple MISCONCEPTIONS; a comma follows even"),
        ("", "it needs a tuple MISCONCEPTIONS"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(solutions: Path, text: str, complaint: str) -> None:
    (said,) = said_of(solutions, text)
    assert said.startswith("solutions/misconceptions/rnn.py")
    assert complaint in said


def test_all_mistakes_are_said_at_once(solutions: Path) -> None:
    typo = ONE.replace("hints=", "hint=")
    unknown = ONE.replace('"rnn_step_forward"', '"rnn_stop"')
    absent = ONE.replace("made_up", "absent").replace("np.tanh(a)", "np.tan(a)")
    (solutions / "misconceptions" / "head.py").write_text("MISCONCEPTIONS = (\n")
    (solutions / "recurrent" / "gru.py").write_text("import numpy as np\n\ndef f(:\n")
    said = said_of(solutions, f"{HEAD}{typo}{unknown}{absent})\n")
    beginnings = [
        "solutions/recurrent/gru.py, line 3: ",
        "solutions/misconceptions/head.py, line 1: ",
        f"solutions/misconceptions/rnn.py, line {LINE}: a Misconception has no hint=",
        f"solutions/misconceptions/rnn.py, line {LINE}: this Misconception lacks hints=",
        f"solutions/misconceptions/rnn.py, line {LINE + 7}: rnn_stop.made_up: there is no problem",
        f"solutions/misconceptions/rnn.py, line {LINE + 14}: rnn_step_forward.absent: the text",
    ]
    for sentence, beginning in zip(said, beginnings, strict=True):
        assert sentence.startswith(beginning)


def test_one_that_a_loop_writes_is_named_by_its_file(solutions: Path) -> None:
    looped = ONE.replace('"rnn_step_forward"', "problem").replace("    ),\n", "    )\n")
    text = f"{HEAD[:-2]}tuple(\n{looped}    for problem in ('rnn_stop',)\n)\n"
    (said,) = said_of(solutions, text)
    assert said.startswith("solutions/misconceptions/rnn.py: rnn_stop.made_up: there is no problem")


def test_arguments_may_be_unpacked(solutions: Path) -> None:
    packed = ONE.replace('source="own",', '**{"sauce": "own"},')
    (said,) = said_of(solutions, f"{HEAD}{packed})\n")
    assert said.startswith(f"solutions/misconceptions/rnn.py, line {LINE}: TypeError: ")
    assert "'sauce'" in said


# --------------------------------------------------------------------------- what running it shows


@pytest.fixture(scope="module")
def answers() -> Answers:
    return load_answers(ROOT / "solutions")


def test_each_misconception_that_no_case_sees_is_named_with_its_line(answers: Answers) -> None:
    unseen = [
        replace(wrong, replace="next_h = np.tanh(a)", by="next_h = np.tanh(a) + 0")
        for wrong in answers.misconceptions
        if wrong.problem == "rnn_step_forward" and not wrong.function
    ][:2]
    with pytest.raises(BuildError) as refused:
        build_cases(replace(answers, misconceptions=tuple(unseen)), RNN, 1, hidden=True)
    said = str(refused.value).splitlines()
    assert len(said) == 2
    for wrong, sentence in zip(unseen, said, strict=True):
        assert sentence.startswith(f"{answers.places[wrong.id]}: no hidden case of ")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("a = x @ Wx", "a = y @ Wx", r"NameError: .* \(solutions/recurrent/rnn.py, line \d+\)"),
        ("return next_h, cache", "return next_h", r"\(autograder/lessons/rnn.py, line \d+\)"),
        ("return next_h, cache", "return [[1], [1, 2]], 0", "in what it is given or answers with"),
        ("np.tanh(a)", "np.tanh(a)[0]", "next_h .* should be .*, the reference gives"),
    ],
)
def test_a_reference_that_fails_its_own_probe_is_named_with_the_problem(
    answers: Answers, old: str, new: str, complaint: str
) -> None:
    sources = {**answers.sources, "rnn": answers.sources["rnn"].replace(old, new, 1)}
    assert sources != answers.sources
    only = replace(RNN, problems=RNN.problems[:2])
    with pytest.raises(BuildError, match=complaint) as refused:
        build_cases(Answers(sources, ()), only, 1, hidden=False)
    (said,) = str(refused.value).splitlines()  # of its gradient nothing is said
    assert said.startswith("autograder/lessons/rnn.py, line ")
    assert ": rnn_step_forward" in said


# ----------------------------------------------------------------------------------------- lessons


def probe(student, x):  # type: ignore[no-untyped-def]
    return {"y": student.probe(x)}


def declared(**changes: object) -> object:
    """A small problem with some arguments of its declaration changed."""
    fields = {"points": 1, "title": "T", "takes": "x[N]", "gives": "y[N]", "sizes": [{"N": 2}]}
    return problem(**{**fields, **changes})(probe)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"points": 0}, "points=0 should be more than 0"),
        ({"gives": ""}, "gives= names no result"),
        ({"sizes": []}, "sizes= has no case"),
        ({"takes": "x[N] x[N]"}, "x is declared twice"),
        ({"takes": "x"}, "cannot read the tensor 'x'"),
        (
            {"takes": "x[N,D] z[D] k[N]<V"},
            r"sizes=\{'N': 2\} say nothing of D, needed for x \(N, D\), z \(D,\); "
            r"sizes=\{'N': 2\} say nothing of V, needed for k \(N,\)",
        ),
        ({"points": 0, "sizes": []}, "points=0 should be more than 0; sizes= has no case"),
    ],
)
def test_a_problem_that_cannot_be_meant_is_named_with_its_line(
    changes: dict[str, object], complaint: str
) -> None:
    place = rf"tests/test_mistakes.py, line {probe.__code__.co_firstlineno}: probe: "
    with pytest.raises(DeclarationError, match=place + complaint):
        declared(**changes)


def test_every_lesson_that_cannot_be_imported_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "autograder" / "lessons"
    folder.mkdir(parents=True)
    declaration = (
        "from autograder.problem import problem\nNUMBER = 1\n@problem(point=1)\ndef f(s):\n"
    )
    (folder / "a_typo.py").write_text(f"{declaration}    pass\n")
    (folder / "no_number.py").write_text("")
    (folder / "no_python.py").write_text("NUMBER = 1\nproblem = (\n")
    (folder / "unknown.py").write_text("NUMBER = 1\n\nx = unknown\n")
    monkeypatch.setattr(lessons, "__path__", [*lessons.__path__, str(folder)])
    typo, *others = lesson_mistakes()
    assert typo.startswith(  # Python 3.13 adds a guess of its own
        "autograder/lessons/a_typo.py, line 3: TypeError: problem() got an unexpected keyword "
        "argument 'point'"
    )
    assert others == [
        "autograder/lessons/no_number.py does not say its number in the syllabus: NUMBER = 1",
        "autograder/lessons/no_python.py, line 2: '(' was never closed",
        "autograder/lessons/unknown.py, line 3: NameError: name 'unknown' is not defined",
    ]
    with pytest.raises(BuildError, match=r"(?s)no_number\.py.*unknown\.py, line 3"):
        build_course(ROOT, tmp_path / "frozen", print)


Breaks = Callable[[Lesson, Answers], tuple[Lesson, Answers]]


def without_the_file(lesson: Lesson, answers: Answers) -> tuple[Lesson, Answers]:
    return replace(lesson, name="hypernetwork"), answers


def of_another_name(lesson: Lesson, answers: Answers) -> tuple[Lesson, Answers]:
    first, *rest = lesson.problems
    return replace(lesson, problems=(replace(first, of="rnn_stop"), *rest)), answers


def of_an_unknown_forward(lesson: Lesson, answers: Answers) -> tuple[Lesson, Answers]:
    first, second, *rest = lesson.problems
    changed = replace(second, gradient_of="rnn_stop_forward")
    return replace(lesson, problems=(first, changed, *rest)), answers


@pytest.mark.parametrize(
    ("breaks", "complaint"),
    [
        (
            without_the_file,
            "autograder/lessons/hypernetwork.py: it checks solutions/recurrent/hypernetwork.py, "
            "which cannot be read",
        ),
        (
            of_another_name,
            "rnn_step_forward: there is no rnn_stop in solutions/recurrent/rnn.py; has it another "
            "name? Say of=",
        ),
        (
            of_an_unknown_forward,
            "rnn_step_backward: gradient_of= names no problem of this lesson; did you mean "
            "rnn_step_forward",
        ),
    ],
)
def test_a_problem_that_names_what_is_not_there_is_refused(
    answers: Answers, breaks: Breaks, complaint: str
) -> None:
    lesson, changed = breaks(RNN, answers)
    (said,) = problem_mistakes(changed, [lesson])
    assert complaint in said
    assert said.startswith("autograder/lessons/")


def test_what_is_in_order_has_no_mistakes(answers: Answers) -> None:
    taught = lessons.all_lessons()
    assert lesson_mistakes() == []
    assert checked_answers(ROOT / "solutions", taught).misconceptions == answers.misconceptions
    assert set(answers.places) == {wrong.id for wrong in answers.misconceptions}
    # A family made of another one has no call of its own: of these there are few.
    without_line = [place for place in answers.places.values() if ", line " not in place]
    assert len(without_line) < 10


def test_a_lesson_that_no_set_has_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"no problem set of course\.toml has the lesson lsmt"):
        build_course(ROOT, tmp_path / "frozen", print, only="lsmt")


def test_the_examples_in_docstrings_are_true() -> None:
    results = doctest.testmod(sentences)
    assert results.attempted > 0
    assert results.failed == 0
