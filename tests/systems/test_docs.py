"""docs/platforms.md: the commands are there, and what it says of limits is what holds."""

from __future__ import annotations

import argparse
import re

import pytest

from autograder.authoring.handout.bundles import LARGEST_PUBLIC, SYSTEMS
from autograder.cli import _add_own_verbs, _add_verbs_of_rooms
from autograder.report.systems import autolab, classroom50, limits, prairielearn
from autograder.report.systems.autolab import Autolab
from autograder.report.systems.prairielearn import PrairieLearn
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(exit_on_error=False)
    verbs = made.add_subparsers()
    _add_own_verbs(verbs)
    _add_verbs_of_rooms(verbs)
    return made


def test_every_target_of_make_is_one() -> None:
    targets = re.findall(r"`make (\w+)", TEXT)
    assert {*SYSTEMS, "autograder", "nbgrader"} <= set(targets)
    for target in targets:
        assert re.search(rf"^[\w ]*\b{target}\b[\w ]*:", MAKEFILE, re.MULTILINE), target


def test_every_command_can_be_read(parser: argparse.ArgumentParser) -> None:
    found = re.findall(r"python -m autograder ((?!class )[a-z][^`\n#]*)", TEXT)
    assert len(found) >= 6
    for line in found:
        words = line.split()
        if words == ["grade"]:  # named without what it takes
            continue
        parser.parse_args(words)


def test_the_limits_are_those_that_hold() -> None:
    assert f"waits for {PrairieLearn.longest}\n  seconds at most" in TEXT
    assert f"has at most {PrairieLearn.longest - limits.SPARE} there" in TEXT
    assert f"Autolab waits for {Autolab.longest} seconds at most" in TEXT
    assert prairielearn.LARGEST == 1_000_000 and "may have 1 MB" in TEXT
    assert classroom50.HUNDREDTHS == 100 and "in hundredths of a point" in TEXT
    assert f"A bundle may have {LARGEST_PUBLIC >> 20} MB" in TEXT
    assert autolab.LARGEST <= 1000 * 1024 // 2, "half of what Tango keeps"


def test_every_link_to_another_page_leads_somewhere() -> None:
    for name in re.findall(r"\]\((\w+\.md)\)", TEXT):
        assert (ROOT / "docs" / name).is_file()
