"""Every bundle, unpacked elsewhere, run as its system runs it, held against `autograder grade`."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import validate

from autograder import lessons
from autograder.authoring.course import seed_kept
from autograder.authoring.handout import PackageError, make_bundle
from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.bundles import SYSTEMS, refuse_hidden
from autograder.authoring.handout.stubs import stub
from autograder.cli import main
from autograder.grade import casebooks, course_problems, grade_submission
from autograder.report.record import record
from autograder.report.systems import prairielearn
from autograder.report.systems.limits import seconds_needed, within
from autograder.report.systems.start import FAILED
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, LONGEST, ROOT
from tests.submissions import REFERENCE, submission
from tests.systems.machines import HOST, MACHINES, SECONDS, SET, Graded
from tests.systems.schemas import PRAIRIELEARNS_QUESTION

pytestmark = pytest.mark.slow

COURSE = load_course(COURSE_TOML).only(SET)
QUICK = replace(COURSE, policy=replace(COURSE.policy, seconds=SECONDS))
BOOKS = ROOT / "autograder" / "frozen"

SLIP = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
NO_TANH = REFERENCE["rnn"].replace("next_h = np.tanh(", "next_h = (")
SUBMISSIONS: dict[str, dict[str, Any]] = {
    "right": {},
    "a loop": {"bodies": {"rnn.rnn_backward": "while True: pass"}},
    "a crash": {"bodies": {"rnn.last_hidden": "import faulthandler; faulthandler._sigsegv()"}},
    "a syntax error": {"files": {"head": "def oops(:\n"}},
    "a known mistake": {"files": {"rnn": SLIP}},
    "one that others follow": {"files": {"rnn": NO_TANH}},
    "stubs": {"files": {name: stub(REFERENCE[name]) for name in COURSE.lessons_of("all")}},
    "a file missing": {"files": {"gradflow": None}},
    "nothing but nan": {"bodies": {"head.perplexity": "return float('nan')"}},
    "much printed": {"bodies": {"rnn.last_hidden": "print('{\"scores\": 1}\\n' * 10**5)"}},
}
"""Ten made-up students, by what they hand in; see `submission`."""


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """System -> its bundle. The hidden cases are this machine's, which are there already."""
    patched = pytest.MonkeyPatch()
    from autograder.authoring.handout import bundles as module

    patched.setattr(module, "course_of", lambda root: load_course(COURSE_TOML))
    folder = tmp_path_factory.mktemp("dist")
    seed = seed_kept(ROOT)
    yield {
        name: make_bundle(name, SET, folder / f"{name}.zip", seed, lambda line: None)
        for name in SYSTEMS
    }
    patched.undo()


@pytest.fixture(scope="module")
def machines(bundles: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return {
        name: machine(bundles[name], tmp_path_factory.mktemp(name))
        for name, machine in MACHINES.items()
    }


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("submissions")
    return {
        name: submission(folder / name.replace(" ", "-"), **changes)
        for name, changes in SUBMISSIONS.items()
    }


@cache
def own_grade(folder: Path, public_only: bool) -> dict[str, Any]:
    """What `autograder grade` writes of a submission."""
    books = casebooks(BOOKS, public_only=public_only)
    return record(list(grade_submission(folder, QUICK, books)))


@pytest.fixture(params=list(MACHINES))
def machine(request: pytest.FixtureRequest, machines: dict[str, Any]) -> Any:
    return machines[request.param]


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_number_is_the_same_on_every_system(
    name: str, machine: Any, handed_in: dict[str, Path]
) -> None:
    ours = own_grade(handed_in[name], machine.public_only)
    there: Graded = machine.grade(handed_in[name])
    assert there.total == pytest.approx(ours["score"], abs=0.005)
    if there.problems:
        points = {entry["id"]: entry["score"] for entry in ours["problems"]}
        assert there.problems == pytest.approx(points, abs=0.005)
    assert "Traceback" not in there.said and str(ROOT) not in there.said


def test_the_reference_earns_everything_and_each_fault_only_its_own(
    handed_in: dict[str, Path],
) -> None:
    """Of the numbers that all systems are held to."""
    worth = {problem.name: COURSE.points_of(problem) for problem in course_problems(COURSE)}
    assert own_grade(handed_in["right"], False)["score"] == 100
    own = {
        "a loop": {"rnn_backward"},
        "a crash": {"last_hidden", "last_hidden_backward"},
        "a syntax error": {problem.name for problem in lessons.lesson("head").problems},
    }
    for name, functions in own.items():
        for entry in own_grade(handed_in[name], False)["problems"]:
            expected = 0 if entry["id"] in functions else worth[entry["id"]]
            assert entry["score"] == expected, (name, entry["id"])


def test_what_is_no_submission_is_a_sentence_and_no_points(
    machines: dict[str, Any], tmp_path: Path
) -> None:
    essay = tmp_path / "essay.zip"
    essay.write_bytes(b"%PDF-1.4")
    there = machines["autolab"].grade(essay)
    assert there.total == 0 and "cannot be read as a zip file" in there.said.splitlines()[0]


# ------------------------------------------------------------------------------- when we fail


def break_grader(grader: Path, how: str) -> None:
    if how == "no casebook":
        shutil.rmtree(grader / "autograder" / "frozen" / "public")
    elif how == "a bug":
        code = grader / "autograder" / "grade.py"
        text = code.read_text()
        place = "def taken_in("
        assert place in text
        code.write_text(text.replace(place, f"raise KeyError('secret')\n\n\n{place}"))
    else:
        (grader / "autograder" / "cli.py").unlink()


@pytest.mark.parametrize("how", ["no casebook", "a bug", "no way to start"])
@pytest.mark.parametrize("system", ["prairielearn", "autolab"])
def test_a_failure_of_ours_is_told_as_the_system_wants_it(
    system: str, how: str, bundles: dict[str, Path], handed_in: dict[str, Path], tmp_path: Path
) -> None:
    there = MACHINES[system](bundles[system], tmp_path)
    if system == "autolab":
        subprocess.run(["tar", "-xf", "autograde.tar"], cwd=there.root, check=True)
        break_grader(there.root / "grader", how)
        subprocess.run(["tar", "-cf", "autograde.tar", "grader"], cwd=there.root, check=True)
        shutil.rmtree(there.root / "grader")
    else:
        break_grader(there.grader, how)
    graded = there.grade(handed_in["right"])
    assert graded.total is None, "no grade, so nothing that was earned before is lost"
    assert "Not graded: the grader" in graded.said and "not your fault" in graded.said
    assert "Traceback" not in graded.said and "secret" not in graded.said


@pytest.mark.parametrize("how", ["no casebook", "a bug", "no way to start"])
def test_classroom50s_runner_is_told_by_the_status(
    how: str, bundles: dict[str, Path], handed_in: dict[str, Path], tmp_path: Path
) -> None:
    there = MACHINES["classroom50"](bundles["classroom50"], tmp_path)
    assert isinstance(there, MACHINES["classroom50"])
    break_grader(there.entry.parent / "grader", how)
    shutil.copytree(handed_in["right"], there.root)
    done = subprocess.run(
        [sys.executable, str(there.entry)],
        cwd=there.root,
        env={**HOST, **there.variables},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 1 and not (there.root / "result.json").exists()
    assert "::error::Not graded: the grader" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr and "secret" not in done.stdout


def test_the_place_of_a_fault_is_in_the_log_and_its_file_in_the_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.report.systems import report as module
    from autograder.report.systems.start import run

    def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(module, "report_on", broken)
    (tmp_path / "student").mkdir()
    log = tmp_path / "log.txt"
    system = prairielearn.PrairieLearn(tmp_path)
    assert run(system, BOOKS, lambda: COURSE, log) == 0
    message = json.loads((tmp_path / "results" / "results.json").read_text())["message"]
    assert message.startswith(FAILED)
    assert "For the staff: KeyError in autograder/report/systems/start.py, line" in message
    assert "secret" in log.read_text() and "secret" not in message


# ----------------------------------------------------------------------------- what is in a bundle


def members(bundle: Path) -> dict[str, bytes]:
    """Path -> content of every file, those of a tar in it too."""
    found = {}
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            found[name] = archive.read(name)
    for name, content in list(found.items()):
        if name.endswith(".tar"):
            with tarfile.open(fileobj=io.BytesIO(content)) as inner:
                for member in inner.getmembers():
                    file = inner.extractfile(member)
                    assert file is not None
                    found[f"{name}/{member.name}"] = file.read()
    return found


def test_what_is_public_has_no_hidden_case_no_seed_and_no_solution(
    bundles: dict[str, Path],
) -> None:
    files = members(bundles["classroom50"])
    assert [name for name in files if "hidden" in name.split("/")] == []
    seed = str(seed_kept(ROOT)).encode()
    assert [name for name, content in files.items() if seed in content] == []
    (course,) = [content for name, content in files.items() if name.endswith("course.json")]
    assert json.loads(course)["hidden_seed"] is None
    from autograder.authoring.handout.leaks import leaks

    secret = zips_module._secret_lines(ROOT / "solutions")
    assert leaks(bundles["classroom50"], secret) == []
    hidden = casebooks(BOOKS)[1]
    public = casebooks(BOOKS)[0]
    everything = b"".join(files.values())
    for problem in course_problems(COURSE):
        shown = {case.name for case in public.lesson(problem.lesson).cases_of(problem)}
        for case in hidden.lesson(problem.lesson).cases_of(problem):
            for array in case.inputs.values():
                # Not those that could be equal by chance, or by what makes the case one.
                if np.unique(array).size > 20 and case.name not in shown:
                    assert array.tobytes() not in everything, (problem.name, case.name)


def test_a_public_bundle_with_a_hidden_casebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "grader" / "frozen" / "hidden").mkdir(parents=True)
    with pytest.raises(PackageError, match="it is public, and would hold hidden cases"):
        refuse_hidden(tmp_path, "classroom50.zip")


@pytest.mark.parametrize("system", ["prairielearn", "autolab"])
def test_the_staffs_bundles_have_the_hidden_cases_and_no_solution(
    system: str, bundles: dict[str, Path]
) -> None:
    files = members(bundles[system])
    books = {name.split("/")[-2] for name in files if name.endswith(".safetensors")}
    assert books == {"public", "hidden", "clues"}
    assert [name for name in files if "solutions" in name or "authoring" in name] == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_texts_are_filled_in_and_name_what_is_there(
    system: str, bundles: dict[str, Path]
) -> None:
    files = members(bundles[system])
    names = ("README.md", "Dockerfile", "autograde-Makefile", "question.html")
    for name, content in files.items():
        if name.endswith(names) and "recurrent/" not in name:
            text = content.decode()
            braces = [word for word in ("{set}", "{grader}", "{handin}", "{title}") if word in text]
            assert braces == [], name
    readme = files["README.md"].decode()
    assert COURSE.name in readme and COURSE.sets[0].title in readme


def test_prairielearns_question_is_what_it_documents(bundles: dict[str, Path]) -> None:
    files = members(bundles["prairielearn"])
    info = json.loads(files[f"questions/{SET}/info.json"])
    validate(info, PRAIRIELEARNS_QUESTION)
    options = info["externalGradingOptions"]
    grader = options["serverFilesCourse"][0].rstrip("/")
    assert options["entrypoint"] == f"/grade/serverFilesCourse/{grader}/run.sh"
    assert f"serverFilesCourse/{grader}/run.sh" in files
    question = files[f"questions/{SET}/question.html"].decode()
    names = "rnn.py, head.py, gradflow.py, answers_recurrence.py"
    assert f'file-names="{names}"' in question


# ------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize("total", [10.0, 480.0, 600.0])
@pytest.mark.parametrize("longest", [600, 900])
def test_a_submission_ends_before_its_system_loses_patience(total: float, longest: int) -> None:
    course = replace(COURSE, policy=replace(COURSE.policy, total_seconds=total))
    cut = within(course, longest)
    needed = seconds_needed(cut, longest)
    assert cut.policy.total_seconds <= total
    assert cut.policy.total_seconds + 60 <= needed <= longest


def test_a_submission_of_loops_is_graded_within_the_systems_time(
    bundles: dict[str, Path], tmp_path: Path
) -> None:
    there = MACHINES["prairielearn"](bundles["prairielearn"], tmp_path)
    path = there.grader / "autograder" / "frozen" / "course.json"
    course = json.loads(path.read_text())
    course["policy"]["total_seconds"] = 10.0
    path.write_text(json.dumps(course))
    bodies = {}
    for problem in course_problems(COURSE):
        bodies[f"{problem.lesson}.{problem.of}"] = "while True: pass"
    graded = there.grade(submission(tmp_path / "loops", bodies))
    assert graded.total == 0 and len(graded.problems) == len(course_problems(COURSE))
    assert "used up before this" in graded.said


# --------------------------------------------------------------------------------- the command line


def test_the_verbs_are_there_with_the_course_of_the_repository(
    handed_in: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.make_archive(str(tmp_path / "handin"), "zip", handed_in["right"])
    assert main(["autolab", "--root", str(tmp_path), "--set", SET]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == '{"scores": {"recurrence": 100.0}}'


def test_a_bundle_for_no_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "blackboard"]) == 2
    assert "autolab, not 'blackboard'" in capsys.readouterr().err
