"""What the documentation derives from the code, written by `make docs` and held to it by tests.

`commands` and `settings` write tables into pages, `assistants` the policies to choose from, all
between the marks of `figures`; `schema` writes course.toml's JSON Schema, for editors; `picture`
draws the README's verdict. The map of the lecture comes from `lecture.page`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from autograder.authoring.course import course_of
from autograder.authoring.figures import with_blocks, with_figures
from autograder.authoring.handout.cutting import whole
from autograder.authoring.handout.notebooks import load_notebooks
from autograder.authoring.lecture.page import IN_DOCS, lecture_page
from autograder.authoring.pages import assistants, commands, picture, schema, settings

COMMAND = "docs"
"""Of make, which the marks name."""

SCHEMA = "docs/schemas/course.schema.json"
PICTURE = "docs/pictures/verdict.svg"
LECTURE = "docs/lecture.md"


def derived(root: Path, frozen: Path) -> Mapping[str, str]:
    """Each derived file, by its path from the root, with the text that it should have.

    Raises FiguresError if a page lacks the marks of its table, LectureError if the map of the
    lecture names what is not there.
    """
    adopt = root / "docs" / "adopt.md"
    texts = {
        "docs/reference.md": with_figures(
            root / "docs" / "reference.md", COMMAND, commands.lines(), "commands"
        ),
        "docs/adopt.md": with_blocks(
            adopt,
            COMMAND,
            {"assistants": assistants.lines(root / "solutions"), "settings": settings.lines()},
        ),
        SCHEMA: schema.as_text(),
        PICTURE: picture.verdict(root / "solutions", frozen),
        LECTURE: _lecture(root),
    }
    return texts


def _lecture(root: Path) -> str:
    """The map of the lecture for the whole course."""
    solutions = root / "solutions"
    notebooks = [whole(one) for one in load_notebooks(solutions / "notebooks")]
    return lecture_page(solutions, course_of(root), notebooks, notebooks, IN_DOCS)


def write_pages(root: Path, frozen: Path) -> list[str]:
    """Bring all of it up to date; the paths of the files that changed."""
    changed = []
    for name, text in derived(root, frozen).items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
