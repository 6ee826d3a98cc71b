"""Fixtures that many tests share: the frozen casebook, and the two zips, built once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import turns

ROOT = Path(__file__).resolve().parents[1]

COURSE_TOML = ROOT / "tests" / "course.toml"
"""The course that tests use, so that they hold whatever the repository's own course.toml says."""

LONGEST = 900
"""Seconds after which a program that a test has started is taken to hang.

Nothing is measured by it: on a busy machine a program may take many times as long.
"""


WAITING = pytest.StashKey[str]()
"""What is said of the tests that wait for their turn."""

HIDDEN_SEED = 0xC0FF_EE15_600D_5EED
"""Of the hidden cases in the tests' autograder zip: a number that stands nowhere by chance."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--turn", help="which part of the slow proofs runs: see tests/turns.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what waits for its turn, unless a test is asked for by its name.

    Files with slow tests come first: else one process would run them alone at the end.
    """
    turn = turns.turn_asked(config.getoption("turn"))
    is_named = any("::" in argument for argument in config.args)
    if turn is not None and not is_named:
        items[:], waiting = turns.part(items, turn)
        config.stash[WAITING] = turns.says(turn, len(waiting), len(items) + len(waiting))
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of several tells the one that prints what it has left out."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["waiting"] = session.config.stash.get(WAITING, "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[WAITING] = getattr(node, "workeroutput", {}).get("waiting", "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """No test is left out without a word."""
    said = terminalreporter.config.stash.get(WAITING, "")
    if said:
        terminalreporter.write_line(said)


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
