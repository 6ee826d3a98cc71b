"""The handout says of AI assistants what course.toml chooses, and nothing unless it chooses."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from autograder.authoring.handout import make_handout
from autograder.authoring.handout import zips as zips_module
from autograder.authoring.handout.assignment import handout_files
from autograder.authoring.handout.assistants import (
    UNSAID,
    AssistantsError,
    policies,
    policy_of,
)
from autograder.settings import SettingsError, course_from, freeze, load_course
from autograder.settings.course import AiPolicy
from tests.conftest import COURSE_TOML, ROOT

SOLUTIONS = ROOT / "solutions"
COURSE = load_course(COURSE_TOML).only("recurrence")
HEADING = "## AI assistants"
CHOICES = get_args(AiPolicy)


@pytest.mark.parametrize("policy", CHOICES)
def test_the_readme_states_the_chosen_policy_and_no_other(policy: AiPolicy) -> None:
    readme = handout_files(SOLUTIONS, replace(COURSE, ai_policy=policy))["README.md"]
    assert (HEADING in readme) == (policy != UNSAID)
    for name, text in policies(SOLUTIONS).items():
        assert (text in readme) == (name == policy), name
    assert "{{" not in readme and "<!--" not in readme


def test_every_policy_but_none_said_has_a_text_that_is_honest_about_the_grader() -> None:
    texts = policies(SOLUTIONS)
    assert [UNSAID, *texts] == [*CHOICES]
    for text in texts.values():
        assert "The grader runs your code and compares arrays. It cannot" in text
        assert "asked about any line" in " ".join(text.split())
    assert policy_of(SOLUTIONS, "unsaid") == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("## none", "## nothing", "has no text under '## none'"),
        ("## free", "## free\n\n## spare\n\nText.\n\n## none\n", "has no text under '## free'"),
        ("## free", "## often\n\nText.\n\n## free", "'often' is no ai_policy; there are free, "),
    ],
)
def test_a_text_that_is_missing_or_for_nothing_is_named(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    text = (SOLUTIONS / "assistants.md").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "assistants.md").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AssistantsError, match=said):
        policies(tmp_path)


def test_a_policy_that_there_is_not_is_refused_in_a_sentence() -> None:
    plain = json.loads(freeze(COURSE))
    assert course_from(plain, "course.toml").ai_policy == UNSAID
    with pytest.raises(SettingsError, match="ai_policy should be 'unsaid', 'free', 'declared' or"):
        course_from({**plain, "ai_policy": "declare"}, "course.toml")


def test_it_is_in_the_zip_that_students_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = replace(load_course(COURSE_TOML), ai_policy="declared")
    monkeypatch.setattr(zips_module, "course_of", lambda root: chosen)
    made = make_handout("recurrence", tmp_path / "assignment.zip", print_line=lambda line: None)
    with zipfile.ZipFile(made) as archive:
        readme = archive.read("assignment/README.md").decode()
    assert policies(SOLUTIONS)["declared"] in readme
