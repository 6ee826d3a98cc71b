"""What the handout says of AI assistants: `solutions/assistants.md`, a section for each policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from autograder.errors import UserError
from autograder.settings.course import AiPolicy

UNSAID = "unsaid"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class AssistantsError(UserError):
    """There is no text for a policy; the message says which."""


def policies(solutions: Path) -> dict[str, str]:
    """Policy -> its text, in the order of the setting. Raises AssistantsError."""
    text = COMMENT.sub("", (solutions / "assistants.md").read_text(encoding="utf-8"))
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    written = {}
    for section in sections:
        name, _, body = section.partition("\n")
        written[name.strip()] = body.strip()
    wanted = [name for name in get_args(AiPolicy) if name != UNSAID]
    for name in wanted:
        if not written.get(name):
            raise AssistantsError(f"solutions/assistants.md has no text under '## {name}'")
    for name in written:
        if name not in wanted:
            known = ", ".join(wanted)
            raise AssistantsError(
                f"solutions/assistants.md: {name!r} is no ai_policy; there are {known}"
            )
    return {name: written[name] for name in wanted}


def policy_of(solutions: Path, policy: AiPolicy) -> str:
    """The text of one policy; empty for none said."""
    return "" if policy == UNSAID else policies(solutions)[policy]
