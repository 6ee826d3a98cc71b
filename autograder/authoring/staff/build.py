"""`dist/staff/`: the oral questions, and the answer key, a solved handout with its answers.

README.md                        what this is, and that it stays with staff
questions.html, questions.md     the oral questions of what is taught
key/                             the handout, with the reference in place of the stubs
key/notebooks/                   the notebooks with the answers to their questions

Nothing else of the builds reads this folder, and what stands in it is refused in every zip: the
leak check knows the sentences too, see `handout.leaks`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.authoring.course import course_of
from autograder.authoring.experiments import run_notebook
from autograder.authoring.handout.notebooks import (
    ANSWER,
    Notebook,
    as_ipynb,
    questions_in,
    student_cells,
    tags_of,
)
from autograder.authoring.handout.zips import ROOT, Print, notebooks_of, write_handout
from autograder.authoring.staff.oral import Oral, as_html, as_markdown, load_oral, taught
from autograder.settings import Course

SHORT, FULL = "short", "full"
"""How long experiments run, where the notebooks are run."""

README = """\
# For staff: {title}

Never give this folder out: it is the solution. `make staff` builds it.

* `questions.html`, or `questions.md`: {count} oral questions, with what a good answer contains.
* `key/`: the handout with the reference in place of the stubs. In this folder `python check.py`
  passes every problem.
* `key/notebooks/`: the notebooks with the answers to their questions, {run}.
"""

NOT_RUN = "not run; `make staff NOTEBOOKS=short` runs them"
RUN = {SHORT: "run with short experiments, whose numbers mean little", FULL: "run at full length"}


def make_staff(which: str, out: Path, run: str = "", print_line: Print = print) -> Path:
    """Build the folder for staff.

    which: a problem set of course.toml, or all. out: replaced. run: SHORT or FULL to run the
    notebooks, or empty. print_line: gets a line for each notebook that ran, and for what stopped.

    Raises OralError, StubError, NotebookError.
    """
    whole = course_of(ROOT)
    course, before = whole.only(which), whole.lessons_before(which)
    title = course.name if len(course.sets) > 1 else f"{course.name}: {course.sets[0].title}"
    oral = taught(load_oral(ROOT / "solutions" / "oral.md"), course.lessons_of("all"), before)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "staff"
        _write_key(course, folder / "key", before)
        if run:
            _run(folder / "key" / "notebooks", run == SHORT, print_line)
        _write_pages(folder, oral, title, RUN.get(run, NOT_RUN))
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(folder, out)
    # Students may have accounts on the machine.
    out.chmod(0o700)
    return out


def _write_pages(folder: Path, oral: Oral, title: str, run: str) -> None:
    texts = {
        "README.md": README.format(title=title, count=len(oral.questions), run=run),
        "questions.md": as_markdown(oral, title),
        "questions.html": as_html(oral, title),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_key(course: Course, folder: Path, before: Collection[str]) -> None:
    """Write the solved handout. before: the lessons of earlier problem sets."""
    folder.mkdir(parents=True)
    write_handout(course, folder, before)
    for path in sorted((ROOT / "solutions" / "recurrent").glob("*.py")):
        if (folder / "recurrent" / path.name).exists():
            shutil.copy(path, folder / "recurrent")
    for notebook in notebooks_of(course, before):
        text = as_ipynb(notebook.name, key_cells(notebook))
        (folder / "notebooks" / f"{notebook.name}.ipynb").write_text(text, encoding="utf-8")


def key_cells(notebook: Notebook) -> Iterator[Any]:
    """The cells as students get them, but with the answers in place of the room for theirs."""
    before: Any = None
    for cell in notebook.cells:
        if ANSWER not in tags_of(cell):
            yield from student_cells(replace(notebook, cells=(cell,)))
        elif cell.cell_type == "code":
            yield cell
        elif questions_in(before) is not None:  # which may have been cut, with what they ask about
            answer = cell.copy()
            answer.update(source=f"**Answer.**\n\n{cell.source}")
            yield answer
        before = cell


def _run(notebooks: Path, short: bool, print_line: Print) -> None:
    """Run the notebooks in place, and say how each of them ended."""
    import nbformat

    for path in sorted(notebooks.glob("*.ipynb")):
        done = run_notebook(path, short)
        path.write_text(str(nbformat.writes(done.ran)) + "\n", encoding="utf-8")
        ended = f"stopped by {done.error}" if done.error else f"ran in {done.seconds:.0f} s"
        print_line(f"{path.name} {ended}")
