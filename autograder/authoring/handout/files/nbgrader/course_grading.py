"""What nbgrader does in this course besides what it always does; `nbgrader_config.py` says when.

The grade is worked out here and not in the student's notebook: before any of its cells runs, the
judge grades the files that were handed in, and its verdicts are put into the check cells. So a
check cell counts whatever became of it: its metadata lost, its text changed, the cell deleted.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import DeadKernelError
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, Execute, NbGraderPreprocessor
from traitlets import Dict, Unicode

COURSE = Path(__file__).resolve().parent
SOURCE, HIDDEN = COURSE / "source", COURSE / "hidden"

PREFIX = "check_"
"""Before a problem's name, the id of its check cell in the gradebook."""

CALL = re.compile(r"""\bcheck\(\s*["'](\w+)["']""")
"""A call of `check`, whatever stands around it."""

NOTE = "note: "
"""How the lines begin on which the judge says what it made of the files."""

OURS = "recurrent"
"""The key of what we keep in the metadata of a notebook or a cell."""

SKIPPED = "skip-execution"
"""The tag of a cell that is not run."""

LONGEST = 1200
"""Seconds after which the judge, whose own limit is shorter, is taken to hang."""


class NotGraded(Exception):
    """The judge could not grade this submission; the message says why."""


# ----------------------------------------------------------------------- the notebooks of a student


def take_in_notebooks(assignment: str, student: str, notebooks: list[str]) -> None:
    """Before a submission is graded: lay in the notebooks that nbgrader would miss.

    notebooks: the paths of all that it has found of one student's; what is laid in is added.
    """
    folder = Path(notebooks[0]).parent
    for copy in lay_in(folder):
        if str(copy) not in notebooks:
            notebooks.append(str(copy))
    notebooks.sort()


def take_in_all(submitted: Path = COURSE / "submitted") -> None:
    """Lay notebooks in where a student handed in none at all: nbgrader passes over such folders."""
    for folder in sorted(submitted.glob("*/*")):
        if (SOURCE / folder.name).is_dir() and not any(folder.glob("*.ipynb")):
            lay_in(folder)


def lay_in(folder: Path) -> list[Path]:
    """Copy into a submission, under its right name, each notebook that it lacks.

    A notebook that was renamed is copied. For one that is missing or cannot be read the course's
    own is taken: the points are in `recurrent/`, and no notebook is needed to earn them.
    Returns the copies.
    """
    assignment = SOURCE / folder.name
    handed_in = _handed_in(folder)
    names = {wanted.name for wanted in assignment.glob("*.ipynb")}
    others = {path: read for path, read in handed_in.items() if path.name not in names}
    copies = []
    for wanted in sorted(assignment.glob("*.ipynb")):
        copy = folder / wanted.name
        if copy in handed_in:
            continue
        own = read_notebook(wanted)
        original = _renamed(wanted, own, others)
        notebook = own if original is None else others[original]
        notebook["metadata"][OURS] = {"taken_from": original.name if original else ""}
        if copy.exists() and read_notebook(copy) is None:
            copy.replace(copy.with_suffix(".unreadable"))  # what the student wrote is kept
        copy.write_text(json.dumps(notebook), encoding="utf-8")
        copies.append(copy)
    return copies


def read_notebook(path: Path) -> Any:
    """A notebook as data; None if it cannot be read as one."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return None
    return data if isinstance(data.setdefault("metadata", {}), dict) else None


def _handed_in(folder: Path) -> dict[Path, Any]:
    """The notebooks a student handed in, the last changed last. Our copies are made afresh."""
    found = {}
    for path in sorted(folder.glob("*.ipynb"), key=lambda path: (path.stat().st_mtime, path.name)):
        notebook = read_notebook(path)
        if notebook is not None and OURS not in notebook["metadata"]:
            found[path] = notebook
    return found


def _renamed(wanted: Path, own: Any, others: Mapping[Path, Any]) -> Path | None:
    """The notebook that goes by another name: its name has the right one in it, or else it checks
    some of the same problems. The last of several.
    """
    name = re.compile(rf"(?<![a-z0-9]){re.escape(_spelled(wanted.stem))}(?![a-z0-9])")
    found = [path for path in others if name.search(_spelled(path.stem))]
    if not found:
        problems = _checked_in(own)
        found = [path for path, read in others.items() if problems & _checked_in(read)]
    return found[-1] if found else None


def _spelled(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.lower())


def _checked_in(notebook: Any) -> set[str]:
    found = set()
    for cell in notebook["cells"]:
        source = cell.get("source", "") if isinstance(cell, dict) else ""
        found.update(CALL.findall("".join(source)))
    return found


# ---------------------------------------------------------------------------------- the check cells


class JudgeCheckCells(NbGraderPreprocessor):
    """Puts back the check cells, and into them what the judge says of the files handed in."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Raises NotGraded if the judge does not answer."""
        names = resources["nbgrader"]
        folder = Path(resources["metadata"]["path"])
        with Gradebook(names["db_url"]) as gradebook:
            kept = gradebook.find_notebook(names["notebook"], names["assignment"])
            points = {cell.name: cell.max_score for cell in kept.grade_cells}
            known = [cell for cell in kept.source_cells if cell.name in points]
            fresh = [check_cell(cell, points[cell.name]) for cell in known]
        changed = put_back(nb, fresh)
        verdicts, notes = judge(names["assignment"], folder, [_problem(cell) for cell in fresh])
        notebook, _, _ = _report(names["assignment"])
        defined = functions_of(nb, names["assignment"])
        for cell in fresh:
            problem = _problem(cell)
            file = f"{names['notebook']}.ipynb"
            said = notebook.not_looked_at(problem, defined, file, folder)
            remarks = [f"note: {sentence}" for sentence in said]
            show(cell, verdicts[problem], remarks, names["assignment"])
        sentences = [*notes, *_of_notebook(nb, names["notebook"]), *_of_files(folder, verdicts)]
        if changed:
            sentences.append(f"Put back, because missing or changed: {_listed(changed)}.")
        if sentences:
            nb.cells.insert(0, _note(sentences))
        _drop_ids_of_old(nb)
        return nb, resources


def check_cell(known: Any, points: float) -> Any:
    """A check cell as the gradebook knows it, which nothing of a student's can change."""
    nbgrader = {
        "schema_version": 3, "grade": True, "locked": True, "solution": False, "task": False,
        "grade_id": known.name, "points": points, "cell_type": "code", "checksum": known.checksum,
    }  # fmt: skip
    metadata = {"nbgrader": nbgrader, "deletable": False, "editable": False, "tags": [SKIPPED]}
    return new_code_cell(known.source, metadata=metadata)


def put_back(nb: Any, fresh: Sequence[Any]) -> list[str]:
    """Put these check cells where they were; the problems whose cells were missing or changed.

    A cell is known by its id in nbgrader's metadata, else by being that check and nothing else.
    Where there is none, the cell is put after the last one that calls the check, else after the
    check cell before it. No other cell keeps metadata of nbgrader's: none but these earn points.
    """
    marked = {}
    for cell in nb.cells:
        nbgrader = cell.metadata.pop("nbgrader", None)
        if isinstance(nbgrader, dict):
            marked[str(nbgrader.get("grade_id"))] = cell
    changed, place = [], len(nb.cells) - 1
    for cell in fresh:
        problem = _problem(cell)
        bare = [old for old in nb.cells if _is_check(old, cell)]
        old = marked.get(_grade_id(cell))
        if old is None or not _is_check(old, cell):
            old = bare[-1] if bare else None
        if old is not None:
            place = _place(nb, old)
            nb.cells[place] = cell
            continue
        callers = [other for other in nb.cells if _calls(problem, other)]
        if callers:
            place = _place(nb, callers[-1])
        place += 1
        nb.cells.insert(place, cell)
        changed.append(problem)
    return changed


def _drop_ids_of_old(nb: Any) -> None:
    """Take the ids from the cells of a notebook of a format that has none, such as Colab's."""
    if nb.nbformat_minor < 5:
        for cell in nb.cells:
            cell.pop("id", None)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.nbgrader.grade_id)


def _problem(cell: Any) -> str:
    return _grade_id(cell).removeprefix(PREFIX)


def _place(nb: Any, cell: Any) -> int:
    return next(index for index, other in enumerate(nb.cells) if other is cell)


def _is_check(cell: Any, fresh: Any) -> bool:
    """Whether a cell is the check that `fresh` is, and nothing else."""
    if cell.cell_type != "code":
        return False
    bare = re.sub(r"\s", "", cell.source).replace("'", '"').rstrip(";")
    return bare == f'check("{_problem(fresh)}")' or cell.source == fresh.source


def _calls(problem: str, cell: Any) -> bool:
    return problem in CALL.findall(cell.source)


# ------------------------------------------------------------------------------------- the verdicts


def judge(
    assignment: str, folder: Path, problems: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """The verdicts of `autograder check`, hidden cases included, as data, by problem; and what
    there is to say of the files, as Markdown.

    folder: what was handed in. Raises NotGraded.
    """
    command = [sys.executable, "-m", "autograder", "check", *problems, "--json"]
    command += ["--hidden", str(HIDDEN), "--submission", str(folder)]
    done = subprocess.run(
        command,
        cwd=SOURCE / assignment,  # the grader there is ours; the submission has one too
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=LONGEST,
    )
    # 0 and 1 say whether all is passed; with any other status there is no verdict.
    if done.returncode not in (0, 1) or not done.stdout:
        lines = done.stderr.strip().splitlines() or ["the judge ended without an answer"]
        raise NotGraded(f"{folder.parent.name}, {assignment}: {lines[-1]}")
    lines = [line for line in done.stderr.splitlines() if line.startswith(NOTE)]
    # a file's name is in them, which is anybody's text
    notes = [f"`{line.removeprefix(NOTE).replace('`', '')}`" for line in lines]
    return {verdict["problem"]: verdict for verdict in json.loads(done.stdout)}, notes


def show(cell: Any, data: Any, remarks: Sequence[str], assignment: str) -> None:
    """Put a verdict into a check cell, with the title that the feedback lists it by.

    nbgrader takes a result's text for the points, a browser shows its HTML.
    """
    notebook, record, course = _report(assignment)
    verdict = record.from_data(data)
    score = min(verdict.score, float(cell.metadata.nbgrader.points))
    box = notebook.html(verdict, course.policy.hints, remarks)
    cell.outputs = [new_output("execute_result", {"text/plain": str(score), "text/html": box})]
    cell.metadata[OURS] = {"title": f"{verdict.title}: {verdict.problem}"}


def functions_of(nb: Any, assignment: str) -> list[str]:
    """The graded functions that a notebook's own cells define."""
    _report(assignment)
    code = import_module("autograder.notebook_code")
    return list(code.functions_in_notebook(nbformat.writes(nb)))


@cache
def _report(assignment: str) -> tuple[Any, Any, Any]:
    """The modules of the grader that show a verdict, and the course's settings."""
    grader = SOURCE / assignment
    sys.path.append(str(grader))
    notebook = import_module("autograder.check.notebook")
    record = import_module("autograder.report.record")
    settings = import_module("autograder.settings")
    return notebook, record, settings.thaw(grader / "autograder" / "frozen" / "course.json")


# ------------------------------------------------------------------------ what else there is to say


def _of_notebook(nb: Any, name: str) -> Iterator[str]:
    """What became of the notebook itself."""
    taken_from = dict(nb.metadata.pop(OURS, {})).get("taken_from")
    if taken_from:
        yield f"{taken_from} was taken for {name}.ipynb."
    elif taken_from is not None:
        yield (
            f"{name}.ipynb was not handed in, or cannot be read: the course's own stands here. "
            f"It costs nothing; the points are for the files in recurrent/."
        )


def _of_files(folder: Path, verdicts: Mapping[str, Any]) -> Iterator[str]:
    """Whether nothing was handed in that could earn points."""
    wanted = sorted({verdict["lesson"] for verdict in verdicts.values()})
    python = [path.stem for path in folder.rglob("*.py") if "autograder" not in path.parts]
    archives = list(folder.glob("*.zip"))
    if archives or any(lesson in stem for lesson in wanted for stem in python):
        return
    files = _listed([f"recurrent/{lesson}.py" for lesson in wanted])
    yield (
        f"Only the notebook was handed in, without {files}: these files are what is graded, so "
        f"there are no points. Hand in the folder recurrent/ beside the notebook."
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _note(sentences: Sequence[str]) -> Any:
    lines = "".join(f"\n\n{sentence}" for sentence in sentences)
    return new_markdown_cell(f"**From the grader**{lines}")


# ------------------------------------------------------------------------------- running, due dates


class RunNotebook(Execute):
    """Runs the student's own cells, to show what they do. No point hangs on them."""

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> tuple[Any, Any]:
        """The notebook with outputs; as far as it came, if its kernel died."""
        try:
            return super().preprocess(nb, resources, km)
        except DeadKernelError:
            nb.cells.insert(0, _note(["The notebook was not run to its end: its kernel died."]))
            _drop_ids_of_old(nb)
            return nb, resources


class SetDueDate(NbGraderPreprocessor):
    """Writes into the gradebook when an assignment is due, as course.toml says."""

    due = Dict({}, help="Assignment -> ISO date and time").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook as it is. The gradebook keeps dates in UTC."""
        names = resources["nbgrader"]
        text = self.due.get(names["assignment"])
        if text:
            # Without an offset it is a time of where this runs.
            due = datetime.fromisoformat(text).astimezone(timezone.utc).replace(tzinfo=None)
            with Gradebook(names["db_url"]) as gradebook:
                gradebook.update_or_create_assignment(names["assignment"], duedate=due)
        return nb, resources


class FeedbackByProblem(HTMLExporter):
    """nbgrader's feedback, in whose list of cells each is called by its problem."""

    raw_template = Unicode((COURSE / "feedback.html.j2").read_text(encoding="utf-8"))


def configure(c: Any, due: Mapping[str, str]) -> None:
    """Have nbgrader's commands do all this.

    c: nbgrader's configuration. due: assignment -> when it is due.
    """
    # Whole lists: nbgrader applies a configuration twice, and what is appended would stand twice.
    sanitize = Autograde().sanitize_preprocessors
    sanitize.insert(sanitize.index(ClearOutput) + 1, JudgeCheckCells)
    steps = Autograde().autograde_preprocessors
    steps[steps.index(Execute)] = RunNotebook
    c.Autograde.sanitize_preprocessors = sanitize
    c.Autograde.autograde_preprocessors = steps
    c.Autograde.pre_convert_hook = take_in_notebooks
    c.GenerateAssignment.preprocessors = [*GenerateAssignment().preprocessors, SetDueDate]
    c.SetDueDate.due = dict(due)
    feedback = GenerateFeedback().preprocessors
    c.GenerateFeedback.preprocessors = [ClearHiddenTests, *feedback]
    c.GenerateFeedback.exporter_class = FeedbackByProblem
    if "autograde" in sys.argv:
        take_in_all()
