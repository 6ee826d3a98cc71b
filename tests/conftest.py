"""Fixtures that many tests share: the frozen casebook, and the two zips, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

COURSE_TOML = ROOT / "tests" / "course.toml"
"""The course that tests use, so that they hold whatever the repository's own course.toml says."""

LONGEST = 900
"""Seconds after which a program that a test has started is taken to hang.

Nothing is measured by it: on a busy machine a program may take many times as long.
"""


HIDDEN_SEED = 0xC0FF_EE15_600D_5EED
"""Of the hidden cases in the tests' autograder zip: a number that stands nowhere by chance."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: else one process would run them alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def _what_is_only_said_fails_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the words cannot be found, a student loses nothing, and a test fails."""
    from autograder.judge import only_said

    def fail() -> None:
        raise AssertionError("the words could not be found")

    monkeypatch.setattr(only_said, "report", fail)


@pytest.fixture(scope="session")
def frozen() -> Path:
    """The repository's frozen casebook; `make test` builds it."""
    folder = ROOT / "autograder" / "frozen"
    assert (folder / "course.json").exists(), "the casebook is missing: run `make casebook` first"
    return folder


@pytest.fixture(scope="session")
def zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """`handout` and `autograder`: the two zips of one small problem set."""
    from autograder.authoring.handout import make_autograder, make_handout
    from autograder.authoring.handout import zips as module
    from autograder.settings import load_course

    patched = pytest.MonkeyPatch()
    patched.setattr(module, "course_of", lambda root: load_course(COURSE_TOML))
    folder = tmp_path_factory.mktemp("dist")
    built = {
        "handout": make_handout(
            "recurrence", folder / "assignment.zip", print_line=lambda line: None
        ),
        "autograder": make_autograder(
            "recurrence",
            folder / "autograder.zip",
            seed=HIDDEN_SEED,
            print_line=lambda line: None,
        ),
    }
    patched.undo()
    return built
