"""The package: what pip installs, what a wheel and an sdist hold, and what they must never hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.handout.leaks import leaks, secret_lines
from autograder.authoring.handout.zips import copy_grader
from tests.conftest import HIDDEN_SEED, LONGEST, ROOT

pytest.importorskip("hatchling", reason="pip install -r requirements-dev.txt brings it")

FILES = ROOT / "autograder" / "authoring" / "handout" / "files"
LOCK = (ROOT / "requirements-lock.txt").read_text(encoding="utf-8")

PLAIN = [FILES / "requirements-grading.txt", FILES / "requirements-fences.txt"]
EXTRAS = {
    "student": FILES / "requirements.txt",
    "notebooks": FILES / "requirements-notebooks.txt",
    "staff": ROOT / "requirements-staff.txt",
    "cluster": ROOT / "requirements-dask.txt",
    "docs": ROOT / "requirements-docs.txt",
    "dev": ROOT / "requirements-dev.txt",
}

PLANTED = {
    "autograder/frozen/hidden/rnn.safetensors": f"hidden cases of {HIDDEN_SEED}",
    "autograder/frozen/public/rnn.safetensors": "public cases",
    "autograder/frozen.new/hidden/rnn.safetensors": f"hidden cases of {HIDDEN_SEED}",
    "build/hidden_seed": f"{HIDDEN_SEED}\n",
    "build/demo/hidden/rnn.safetensors": f"hidden cases of {HIDDEN_SEED}",
    "dist/hidden_seed-spring-2027": f"{HIDDEN_SEED}\n",
    "dist/autograder.zip": "a zip",
    "class/grades.csv": "Ada,100\n",
    ".venv/lib/secret.py": f"SEED = {HIDDEN_SEED}\n",
}
"""What may lie in a repository that is in use: file -> text."""


def build(repository: Path, kind: str, into: Path) -> Path:
    """Build `wheel` or `sdist` of a copy of the repository, as pip does, without a network."""
    code = f"import sys; from hatchling import build; print(build.build_{kind}(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(into)],
        cwd=repository,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert done.returncode == 0, done.stderr
    return into / done.stdout.split()[-1]


def unpacked(archive: Path, into: Path) -> Path:
    """The folder in which the files of a wheel or an sdist lie."""
    if archive.suffix == ".whl":
        zipfile.ZipFile(archive).extractall(into)
        return into
    with tarfile.open(archive) as tar:
        tar.extractall(into)
    return next(into.iterdir())


def names_in(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository as it lies on a disk where it is used: with secrets in it."""
    folder = tmp_path_factory.mktemp("repository") / "copy"
    heavy = shutil.ignore_patterns(
        ".git", ".venv", "frozen*", "build", "dist", "__pycache__", ".*_cache"
    )
    shutil.copytree(ROOT, folder, ignore=heavy)
    for name, text in PLANTED.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """`wheel` and `sdist`, unpacked."""
    out = tmp_path_factory.mktemp("built")
    return {kind: unpacked(build(repository, kind, out), out / kind) for kind in ("wheel", "sdist")}


@pytest.fixture(scope="module")
def travelling(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the grader that every zip holds."""
    folder = tmp_path_factory.mktemp("grader")
    copy_grader(folder)
    return names_in(folder)


def of_the_package(folder: Path) -> set[str]:
    """The files that are not about the package, such as its licence and its metadata."""
    return {name for name in names_in(folder) if ".dist-info/" not in name}


# ------------------------------------------------------------------------------------ what is in it


def test_a_wheel_holds_what_travels_in_a_zip(built: dict[str, Path], travelling: set[str]) -> None:
    assert of_the_package(built["wheel"]) == travelling


def test_an_sdist_holds_what_the_wheel_is_built_from(
    built: dict[str, Path], travelling: set[str]
) -> None:
    assert names_in(built["sdist"]) - travelling == {
        ".gitignore",
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "THIRD_PARTY.md",
        "hatch_build.py",
        "pyproject.toml",
    }


def test_a_wheel_of_an_sdist_is_the_same(built: dict[str, Path], tmp_path: Path) -> None:
    again = unpacked(build(built["sdist"], "wheel", tmp_path), tmp_path / "again")
    assert names_in(again) == names_in(built["wheel"])
    for name in names_in(again):
        assert (again / name).read_bytes() == (built["wheel"] / name).read_bytes(), name


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_no_solution_and_no_seed_is_in_it(built: dict[str, Path], kind: str) -> None:
    solutions = ROOT / "solutions"
    secret = secret_lines(solutions, load_answers(solutions).misconceptions)
    assert leaks(built[kind], secret) == []
    assert with_the_seed(built[kind]) == []


def with_the_seed(folder: Path) -> list[str]:
    """The files that hold the seed of the hidden cases."""
    seed = str(HIDDEN_SEED).encode()
    return [name for name in names_in(folder) if seed in (folder / name).read_bytes()]


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_nothing_hangs_on_the_list_of_what_git_ignores(
    repository: Path, built: dict[str, Path], kind: str, tmp_path: Path
) -> None:
    """A repository that came as a zip may lack it; hatchling leaves out what is named there."""
    bare = tmp_path / "bare"
    shutil.copytree(repository, bare)
    (bare / ".gitignore").unlink()
    found = names_in(unpacked(build(bare, kind, tmp_path), tmp_path / "unpacked"))
    assert found == names_in(built[kind]) - {".gitignore"}


def test_the_look_sees_what_would_get_in(
    repository: Path, travelling: set[str], tmp_path: Path
) -> None:
    careless = tmp_path / "careless"
    shutil.copytree(repository, careless)
    (careless / ".gitignore").unlink()
    settings = (careless / "pyproject.toml").read_text(encoding="utf-8")
    settings = re.sub(r"^exclude = .*frozen.*$", "", settings, flags=re.MULTILINE)
    (careless / "pyproject.toml").write_text(settings, encoding="utf-8")

    wheel = unpacked(build(careless, "wheel", tmp_path), tmp_path / "unpacked")

    assert "autograder/frozen/hidden/rnn.safetensors" in of_the_package(wheel) - travelling
    assert "autograder/frozen/hidden/rnn.safetensors" in with_the_seed(wheel)


# ------------------------------------------------------------------------------------- requirements


def entries(path: Path) -> Iterator[str]:
    """The lines of a requirement file, and of those that it takes in."""
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = line.split(" #")[0].strip()
        if bare.startswith("-r"):
            yield from entries(path.parent / bare[2:].strip())
        elif bare and not bare.startswith("#"):
            yield bare


def normal(requirement: Requirement) -> str:
    """Name in lower case, version and the condition on the machine, without that on an extra."""
    marker = str(requirement.marker or "")
    marker = re.sub(r"\(?(.*?)\)?( and )?extra == .*", r"\1", marker)
    name = re.sub(r"[-_.]+", "-", requirement.name).lower()
    return f"{name}{requirement.specifier}; {marker}"


def in_files(*paths: Path) -> set[str]:
    return {normal(Requirement(entry)) for path in paths for entry in entries(path)}


def in_wheel(wheel: Path, extra: str) -> set[str]:
    """What the wheel says it needs, with an extra, or without one if that is empty."""
    metadata = Parser().parsestr(
        next(wheel.glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    )
    found = set()
    for text in metadata.get_all("Requires-Dist", []):
        named = re.search(r"extra == ['\"](\w+)['\"]", text)
        if (named.group(1) if named else "") == extra:
            found.add(normal(Requirement(text)))
    return found


def test_a_plain_install_needs_what_grading_needs(built: dict[str, Path]) -> None:
    assert in_wheel(built["wheel"], "") == in_files(*PLAIN)


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_its_file(built: dict[str, Path], extra: str) -> None:
    found = in_wheel(built["wheel"], extra)
    assert found
    assert found == in_files(EXTRAS[extra])


def test_there_are_no_other_extras(built: dict[str, Path]) -> None:
    metadata = next(built["wheel"].glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    assert set(re.findall(r"^Provides-Extra: (.+)$", metadata, flags=re.MULTILINE)) == {*EXTRAS}


def test_an_option_of_pip_in_a_requirement_file_is_refused(
    repository: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repository, copy)
    with (copy / "requirements-dask.txt").open("a", encoding="utf-8") as stream:
        stream.write("--no-binary :all:\n")
    with pytest.raises(AssertionError, match="an option of pip, not a requirement"):
        build(copy, "wheel", tmp_path)


def named_in(texts: Iterator[str] | list[str]) -> set[str]:
    return {normal(Requirement(text)).split("=")[0] for text in texts}


def test_only_tests_and_the_torch_lesson_need_torch() -> None:
    for extra in ("student", "staff", "cluster", "docs"):
        assert not {"torch", "torchvision"} & named_in(entries(EXTRAS[extra]))


# --------------------------------------------------------------------------------------- the lock


def locked() -> set[str]:
    """`numpy==2.4.6` for every version in the lock."""
    return set(re.findall(r"^([a-z0-9.-]+==[^ ;\\]+)", LOCK, flags=re.MULTILINE))


def test_the_lock_has_every_version_that_is_asked_for() -> None:
    """`make lock` writes it anew. Torch is not in it: its build is the machine's own choice."""
    missing = []
    for entry in entries(EXTRAS["dev"]):
        wanted = Requirement(entry)
        name = normal(wanted).split("=")[0].split(">")[0].split("<")[0].rstrip("~!;, ")
        versions = [lock.split("==")[1] for lock in locked() if lock.startswith(f"{name}==")]
        if name != "torch" and not any(wanted.specifier.contains(found) for found in versions):
            missing.append(entry)
    assert missing == []


def test_every_version_in_the_lock_has_a_hash() -> None:
    blocks = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_host_and_no_folder() -> None:
    assert re.findall(r"\S*(?:://|--(?:extra-)?index|--find-links| /)\S*", LOCK) == []


# ------------------------------------------------------------------------------- what it is used as


def test_the_command_is_there(built: dict[str, Path]) -> None:
    text = next(built["wheel"].glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    module, function = re.findall(r"^autograder = ([\w.]+):(\w+)$", text, flags=re.MULTILINE)[0]
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("verb", ["grade", "check"])
def test_an_installed_grader_says_that_it_has_no_casebooks(
    built: dict[str, Path], tmp_path: Path, verb: str
) -> None:
    installed = tmp_path / "site-packages"
    shutil.copytree(built["wheel"], installed)
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from autograder.cli import program"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; program([{verb!r}, {'.'!r}])"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("this installed grader has no casebooks: unpack what ")
    assert done.stderr.count("\n") == 1


def test_all_files_tell_the_same_version(built: dict[str, Path]) -> None:
    metadata = next(built["wheel"].glob("*.dist-info/METADATA")).read_text(encoding="utf-8")
    version = re.findall(r"^Version: (.+)$", metadata, flags=re.MULTILINE)[0]
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f'version: "{version}"' in cited
    day = re.findall(r"^date-released: (.+)$", cited, flags=re.MULTILINE)[0]
    assert re.findall(r"^## (.+)$", changes, flags=re.MULTILINE)[0] == f"{version}, {day}"


# ------------------------------------------------------------------------------------------- make


def asked_of_pip(folder: Path, target: str) -> list[str]:
    """The requirement files that make would have pip install for a target."""
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=folder, capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0, done.stderr
    return re.findall(r"pip install .*-r (\S+)", done.stdout)


def test_a_demo_installs_little_and_the_tests_all_the_rest(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for path in ROOT.glob("requirements-*.txt"):
        shutil.copy(path, tmp_path)
    venv = tmp_path / ".venv"
    assert asked_of_pip(tmp_path, "demo") == ["requirements-demo.txt"]
    assert asked_of_pip(tmp_path, "tested") == ["requirements-dev.txt"]

    (venv / "bin").mkdir(parents=True)
    for name in ("bin/pip", "versions.txt", ".ready-demo"):
        (venv / name).touch()
    assert asked_of_pip(tmp_path, "demo") == []
    assert asked_of_pip(tmp_path, "tested") == ["requirements-dev.txt"]

    (venv / ".ready").touch()
    assert asked_of_pip(tmp_path, "demo") == []
    assert asked_of_pip(tmp_path, "tested") == []
