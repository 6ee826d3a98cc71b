"""The policies on AI assistants that a handout can state, as the page quotes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.authoring.handout.assistants import policies


def lines(solutions: Path) -> Iterator[str]:
    """A section for each policy: its name as course.toml has it, and the handout's text."""
    for name, text in policies(solutions).items():
        yield from ("", f'### `ai_policy = "{name}"`', "")
        for line in text.splitlines():
            yield f"> {line}".rstrip()
    yield ""
