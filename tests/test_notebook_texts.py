"""What stands between a notebook's cells: drawings, links to other notebooks, how it ends."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder import lessons
from autograder.authoring.drawings import NAMES, drawing
from autograder.authoring.handout.cutting import Taught, cut, whole
from autograder.authoring.handout.notebooks import (
    Notebook,
    NotebookError,
    linked,
    load_notebooks,
    student_version,
    tags_of,
)
from tests.conftest import ROOT

NOTEBOOKS = load_notebooks(ROOT / "solutions" / "notebooks")
OF_THE_LECTURE = [notebook for notebook in NOTEBOOKS if notebook.name[0] in "123456"]
CLOSING = "## You should now be able to"
READING = "## To read on"

SCRIPT = """\
# ---
# jupyter:
#   recurrent: {lessons: [rnn, lstm]}
# ---

# %% [markdown]
# ## 1.1 One step
#
# {{drawing lstm_cell}}

# %%
check("rnn_step_forward")

# %%
check("lstm_step_forward")

# %% [markdown]
# ## You should now be able to
#
# See notebook 2, and Notebook 7.

# %% [markdown] tags=["rnn"]
# * take a step;

# %% [markdown] tags=["lstm"]
# * take a longer one.
"""


def texts_of(notebook: Notebook) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def made(folder: Path, script: str = SCRIPT, name: str = "1_test") -> Notebook:
    (folder / f"{name}.py").write_text(script)
    return next(one for one in load_notebooks(folder) if one.name == name)


def taught(*names: str) -> Taught:
    return Taught(frozenset(names), frozenset(names))


# ----------------------------------------------------------------------------------------- drawings


def test_a_drawing_stands_in_the_text_as_an_image_with_its_words(tmp_path: Path) -> None:
    text = texts_of(whole(made(tmp_path)))[0]
    image = re.search(r"!\[(.+)\]\((.+)\)", text)
    assert image is not None
    canvas = drawing("lstm_cell")
    assert image[1] == f"{canvas.title}. {canvas.words}"
    assert image[2] == "../recurrent/pictures/drawings/lstm_cell.svg"


def test_a_drawing_that_there_is_not_is_named(tmp_path: Path) -> None:
    notebook = made(tmp_path, SCRIPT.replace("drawing lstm_cell", "drawing moon"))
    with pytest.raises(NotebookError, match=r"1_test\.py: there is no drawing moon, only space, "):
        whole(notebook)


def test_every_drawing_is_shown_and_every_image_is_there() -> None:
    shown = set()
    for notebook in NOTEBOOKS:
        for text in texts_of(whole(notebook)):
            for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text):
                assert (ROOT / "assignment" / "notebooks" / path).resolve().is_file(), path
                shown.add(Path(path).stem)
    assert shown == set(NAMES)


# -------------------------------------------------------------------------------------------- links


def test_a_text_links_to_the_notebooks_that_are_there_and_not_to_itself(tmp_path: Path) -> None:
    first = made(tmp_path)
    second = made(tmp_path, SCRIPT, "2_other")
    assert (
        "See [notebook 2](2_other.ipynb), and Notebook 7."
        in texts_of(linked([first, second])[0])[1]
    )
    assert "See notebook 2, and Notebook 7." in texts_of(linked([first, second])[1])[1]
    assert "See notebook 2, and Notebook 7." in texts_of(linked([first])[0])[1]


def test_the_assignments_links_lead_to_files() -> None:
    folder = ROOT / "assignment" / "notebooks"
    found = []
    for path in folder.glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            found += re.findall(r"\]\((\w+\.ipynb)\)", "".join(cell["source"]))
    assert len(found) > 5
    assert [name for name in found if not (folder / name).is_file()] == []


# -------------------------------------------------------------------------------------- how it ends


def closing(notebook: Notebook) -> list[Any]:
    """The cells from the closing heading on."""
    sources = [cell.source for cell in notebook.cells]
    (start,) = [number for number, text in enumerate(sources) if text.startswith(CLOSING)]
    return list(notebook.cells[start:])


@pytest.mark.parametrize("notebook", OF_THE_LECTURE, ids=lambda notebook: notebook.name)
def test_a_notebook_ends_with_what_its_reader_can_do(notebook: Notebook) -> None:
    """For each lesson that it asks for, in a cell of its own, so that any of them can be taught."""
    said = {tag for cell in closing(notebook) for tag in tags_of(cell)}
    coded = {problem.name for problem in lessons.coded_problems()}
    asked = {lessons.find(problem).lesson for problem in notebook.checks if problem in coded}
    assert asked <= said or asked == {"embedding"}  # one lesson alone needs no tags
    items = re.findall(r"^\* ", "\n".join(cell.source for cell in closing(notebook)), re.M)
    assert len(items) >= 6


CITED = re.compile(
    r"([A-Z][^\W\d_A-Z]+)"
    r"(?:,? (?:and|et al\.|others|[A-Z][\w-]+))*"
    r"(?:,? \(|, \"[^\"]+\", |,? )((?:19|20)\d\d)\b"
)
"""A name, others perhaps, perhaps a title, and a year."""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_what_a_notebook_cites_can_be_looked_up_at_its_end(notebook: Notebook) -> None:
    texts = [cell.source.replace("\n", " ") for cell in notebook.cells]
    (reading,) = [text for text in texts if text.startswith(READING)]
    assert texts[-1] == reading
    entries = [f"* {entry}" for entry in reading.split("* ")[1:]]
    for entry in entries:
        assert re.match(r"\* .* (19|20)\d\d, \[[^]]+\]\(https://\S+\): ", entry), entry
    others = [text for text in texts if text != reading and not text.startswith("#!")]
    cited = {match.groups() for text in others for match in CITED.finditer(text)}
    for name, year in cited:
        assert any(name in entry and year in entry for entry in entries), f"{name} {year}"


def test_a_citation_is_found_in_every_form_that_notebooks_use() -> None:
    forms = [
        "Pascanu, Mikolov and Bengio 2013, section 1.1",
        "(Vaswani et al., 2017)",
        "(Vaswani and others, 2017)",
        'Lim and others, "Parallelizing Models", 2024',
        "Gal and Ghahramani (2016) draw",
    ]
    names = ["Pascanu", "Vaswani", "Vaswani", "Lim", "Gal"]
    assert [CITED.findall(form)[0][0] for form in forms] == names


@pytest.mark.parametrize("lesson", ["rnn", "lstm"])
def test_the_end_is_cut_to_the_lessons_that_are_taught(lesson: str, tmp_path: Path) -> None:
    """Whatever code comes before it: a section without code belongs to no code."""
    texts = texts_of(cut(made(tmp_path), taught(lesson)))
    assert any(text.startswith(CLOSING) for text in texts)
    assert ("* take a step;" in texts) == (lesson == "rnn")
    assert ("* take a longer one." in texts) == (lesson == "lstm")


def test_text_in_a_section_with_code_goes_with_that_code(tmp_path: Path) -> None:
    script = SCRIPT.replace(
        "# %% [markdown]\n# ## You", "# %% [markdown]\n# Of the LSTM.\n\n# %% [markdown]\n# ## You"
    )
    assert "Of the LSTM." in texts_of(whole(made(tmp_path, script)))
    assert "Of the LSTM." not in texts_of(
        cut(made(tmp_path, script), Taught(frozenset(), frozenset()))
    )


def test_a_tag_reaches_no_student() -> None:
    for notebook in OF_THE_LECTURE:
        cells = json.loads(student_version(replace(notebook)))["cells"]
        assert all("tags" not in cell["metadata"] for cell in cells)
