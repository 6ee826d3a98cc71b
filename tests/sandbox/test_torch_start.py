"""A submission without a file for torch never starts torch's fork server, which takes seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import lessons
from autograder.grade import casebooks, grade_submission
from autograder.sandbox import Limits, Sandbox
from autograder.settings import thaw
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not lessons.can_run("torch_models"), reason="needs torch")


def test_no_torch_file_starts_no_torch_server(tmp_path: Path) -> None:
    package = tmp_path / "recurrent"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "cells.py").write_bytes((ROOT / "assignment/recurrent/cells.py").read_bytes())
    frozen = ROOT / "autograder/frozen"
    names = [problem.name for problem in lessons.lesson("torch_models").problems]
    with Sandbox(Limits()) as sandbox:
        if not sandbox.fork:
            pytest.skip("no fork servers here")
        course = thaw(frozen / "course.json")
        verdicts = list(grade_submission(tmp_path, course, casebooks(frozen), names, sandbox))
        assert "torch" not in sandbox._servers
    assert len(verdicts) == len(names)
    for verdict in verdicts:
        assert verdict.score == 0
        assert "torch_models.py is missing from the submission" in verdict.findings[0].text
