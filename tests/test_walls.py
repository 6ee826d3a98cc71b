"""The three circles: what everybody gets, what staff keep, what is secret; imports run inward only.

Read from the source, so that an import inside a function counts like one at the top.
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.zips import STAY_AT_HOME
from tests.conftest import ROOT

SOURCES = sorted((ROOT / "autograder").rglob("*.py"))
SECRET = (
    "course.toml",
    "solutions",
    "misconception",
    "equivalent",
    "tests",
    ".git/",
    ".gitignore",
    "authoring",
    "classroom/",
)
"""What no path in a zip may have in it."""

MAY_IMPORT = {
    "printable": (),
    "errors": ("printable",),
    "problem": ("errors", "printable"),
    "arrays": (),
    "compare": ("problem",),
    "gradients": ("problem",),
    "lessons": ("compare", "errors", "problem"),
    "convention": ("lessons", "problem"),
    "levels": (),
    "platforms": (),
    "settings": ("errors", "lessons", "levels", "printable", "problem"),
    "notebook_code": ("lessons",),
    "clues": ("arrays", "problem"),
    "casebook": ("arrays", "clues", "errors", "problem"),
    "lending": ("problem",),
    "lender": ("compare", "lending", "problem"),
    "worker": ("arrays", "lessons", "platforms", "printable", "problem"),
    "unpack": (),
    "intake": ("errors", "lessons", "platforms", "printable", "unpack", "wording", "worker"),
    "sandbox": ("errors", "lessons", "printable", "problem", "worker"),
    "wording": (),
    "judge": (
        "clues",
        "compare",
        "convention",
        "gradients",
        "lessons",
        "levels",
        "problem",
        "wording",
    ),
}
"""Room -> the rooms it may import besides itself. What is not here may import all that travels."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {module_name(path): path for path in SOURCES}


def imports_of(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in it, also by `import_module("...")`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by dots"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in NAMES else str(node.module)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield ast.unparse(node.args[0]).strip("f'\"")


def room(module: str) -> str:
    """`judge` for autograder.judge.say; empty for what is not ours."""
    parts = module.split(".")
    return parts[1] if parts[0] == "autograder" and len(parts) > 1 else ""


@pytest.mark.parametrize("module", NAMES)
def test_nothing_that_travels_imports_what_stays(module: str) -> None:
    if room(module) in STAY_AT_HOME:
        return
    assert [name for name in imports_of(NAMES[module]) if room(name) in STAY_AT_HOME] == []


@pytest.mark.parametrize("module", NAMES)
def test_only_authoring_imports_solutions(module: str) -> None:
    secret = [name for name in imports_of(NAMES[module]) if name.split(".")[0] == "solutions"]
    assert secret == [] or room(module) == "authoring"


@pytest.mark.parametrize("module", NAMES)
def test_a_room_imports_only_what_lies_below_it(module: str) -> None:
    allowed = MAY_IMPORT.get(room(module))
    if allowed is None:
        return
    used = {room(name) for name in imports_of(NAMES[module])} - {"", room(module)}
    assert used <= set(allowed)


def test_no_imports_go_round_in_circles() -> None:
    used = {name: {i for i in imports_of(path) if i in NAMES} for name, path in NAMES.items()}
    while used:
        free = [name for name, needs in used.items() if not needs & used.keys()]
        assert free, f"these import one another: {sorted(used)}"
        for name in free:
            del used[name]


def travelling() -> set[str]:
    """The Python files of `autograder/` that lie in no room that stays."""
    files = (path.relative_to(ROOT) for path in SOURCES)
    return {path.as_posix() for path in files if path.parts[1] not in STAY_AT_HOME}


def test_nothing_that_lies_about_travels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a casebook, finished or not, whose hidden cases would be handed out; not a backup."""
    travels = {"autograder/__init__.py", "autograder/judge/say.py"}
    stays = {
        "autograder/authoring/handout/zips.py",
        "autograder/classroom/store.py",
        "autograder/frozen/hidden/rnn.safetensors",
        "autograder/frozen.new/hidden/rnn.safetensors",
        "autograder/frozen.old/hidden/rnn.safetensors",
        "autograder/frozen/course.json",
        "autograder/judge/.ipynb_checkpoints/say.py",
        "autograder/judge/.say.py.swp",
        "autograder/judge/say.py~",
        "autograder/judge/__pycache__/say.cpython-311.pyc",
        "autograder/notes.txt",
        "solutions/recurrent/rnn.py",
    }
    for name in travels | stays:
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.setattr(zips_module, "ROOT", tmp_path / "house")
    zips_module.copy_grader(tmp_path / "zip")
    copied = (path for path in (tmp_path / "zip").rglob("*") if path.is_file())
    assert {path.relative_to(tmp_path / "zip").as_posix() for path in copied} == travels


@pytest.mark.parametrize("which", ["handout", "autograder"])
def test_a_zip_holds_the_tree_without_the_rooms_that_stay(
    which: str, zips: dict[str, Path]
) -> None:
    with zipfile.ZipFile(zips[which]) as archive:
        names = {name.removeprefix("assignment/") for name in archive.namelist()}
    ours = {name for name in names if name.startswith("autograder/")}
    assert {name for name in ours if not name.startswith("autograder/frozen/")} == travelling()


@pytest.mark.parametrize("which", ["handout", "autograder"])
def test_no_path_in_a_zip_tells_of_what_stays(which: str, zips: dict[str, Path]) -> None:
    with zipfile.ZipFile(zips[which]) as archive:
        names = archive.namelist()
    assert [name for name in names if any(word in name.lower() for word in SECRET)] == []


def test_the_handout_has_no_hidden_case(zips: dict[str, Path]) -> None:
    with zipfile.ZipFile(zips["handout"]) as archive:
        assert [name for name in archive.namelist() if "hidden" in name] == []
