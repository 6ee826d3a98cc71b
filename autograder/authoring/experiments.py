"""The notebooks run from top to bottom with the reference: what each experiment reaches, and how
long it takes.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import lessons
from autograder.authoring.course import course_of
from autograder.authoring.figures import table, write_figures
from autograder.authoring.handout.notebooks import checked_problem
from autograder.authoring.handout.zips import write_handout

SHORT = "RECURRENT_SHORT"
CELL_SECONDS = 1200
REACHED = re.compile(r"^reached: (.+): (\S+)(?: \((.+) asked for\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One notebook's run.

    seconds: of processor time, that of the checks included. Waiting is not in it, but beside other
    work a processor is slower.
    reached: for each experiment what, its value and what was asked for, which may be empty.
    checks: problem -> what its cell showed. error: what stopped the run, or empty. ran: the
    notebook with its outputs.
    """

    name: str
    seconds: float
    reached: tuple[tuple[str, str, str], ...]
    checks: dict[str, str]
    error: str
    ran: Any


@contextmanager
def untouched_handout(root: Path) -> Iterator[Path]:
    """The handout of the whole course, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="handout-") as scratch:
        folder = Path(scratch)
        write_handout(course_of(root), folder)
        yield folder


@contextmanager
def solved_handout(root: Path) -> Iterator[Path]:
    """The same, with the reference in place of the stubs."""
    with untouched_handout(root) as folder:
        for name in lessons.names():
            shutil.copy(root / "solutions" / "recurrent" / f"{name}.py", folder / "recurrent")
        yield folder


def run_notebook(path: Path, short: bool) -> Run:
    """Run a notebook in its own folder, in a kernel of its own.

    short: whether experiments run just long enough to see that they run.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    environment = {
        **os.environ,
        SHORT: "1" if short else "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=ERROR"],  # it warns of its own loopback connection
    )
    start = _processor_seconds()
    error = ""
    try:
        client.execute(env=environment)
    except CellExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}"
    seconds = _processor_seconds() - start
    printed = "\n".join(_streams(notebook))
    reached = tuple(REACHED.findall(printed))
    return Run(path.stem, seconds, reached, dict(_checks(notebook)), error, notebook)


def _processor_seconds() -> float:
    """What the kernels that have ended took, with all that they had started and waited for."""
    import resource  # here: Windows has none, and reads this file for its other functions

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _streams(notebook: Any) -> Iterator[str]:
    """What a notebook printed."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield output.text


def _checks(notebook: Any) -> Iterator[tuple[str, str]]:
    """The problems that a notebook checks, and what the cells showed."""
    for cell in notebook.cells:
        problem = checked_problem(cell)
        if problem is None:
            continue
        shown = []
        for output in cell.outputs:
            if "data" in output:
                shown.append(output.data.get("text/plain", ""))
        yield problem, "\n".join(shown)


def rows(run: Run) -> Iterator[tuple[str, ...]]:
    """What one notebook reached, as rows of the table."""
    for what, value, wanted in run.reached:
        yield run.name, what, value, wanted
    yield run.name, "processor time", f"{run.seconds:.0f} s", ""


def experiments(root: Path) -> int:
    """Run every notebook at full length and put what they reach into docs/experiments.md.

    Returns 1, and leaves the page as it is, if one of them fails.
    """
    runs = []
    with solved_handout(root) as folder:
        for path in sorted((folder / "notebooks").glob("*.ipynb")):
            run = run_notebook(path, short=False)
            print("\n".join("  ".join(row) for row in rows(run)), flush=True)
            if run.error:
                print(f"{run.name} stopped: {run.error}", flush=True)
            runs.append(run)
    if any(run.error for run in runs):
        return 1
    reached: list[tuple[str, ...]] = []
    for run in runs:
        reached += rows(run)
    lines = table(("notebook", "what", "reached", "asked for"), reached)
    write_figures(root / "docs" / "experiments.md", "experiments", lines)
    return 0
