"""The handout for a browser: what a JupyterLite site serves, so that nobody installs anything."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from autograder.authoring.handout.archive import write_zip

FILES = Path(__file__).parent / "files" / "browser"

INTRODUCTION = """\
# Start here

Run the first cell, then write your functions in `assignment/recurrent/` (open the files in the file
browser on the left, and save them) and check them. This check helps you study, and is not your
grade: hand in your files as your course says.
"""

FIRST_CELL = """\
# Run this first. It unpacks the assignment beside this notebook, once; your files are then in
# assignment/recurrent/. Your code runs in this browser, and nothing is sent anywhere.
import sys
import zipfile
from pathlib import Path

import numpy

if not Path("assignment").is_dir():
    with zipfile.ZipFile("assignment.zip") as archive:
        archive.extractall()
sys.path.insert(0, str(Path("assignment").resolve()))

from check import check
"""
"""A browser fetches numpy because it is imported in a cell: it does not look into files."""


def make_browser(handout: Path, out: Path, problem: str) -> Path:
    """Build dist/browser.zip from a handout that is built; its README says what to do with it.

    problem: the one that the notebook's first check is of.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "files").mkdir()
        shutil.copy(handout, folder / "files" / "assignment.zip")
        shutil.copy(FILES / "README.md", folder / "README.md")
        notebook = json.dumps(_notebook(problem), indent=1) + "\n"
        (folder / "files" / "start.ipynb").write_text(notebook, encoding="utf-8")
        write_zip(folder, out, top=out.stem)
    return out


def _notebook(problem: str) -> dict[str, Any]:
    """The notebook that students open, in the fourth version of the format."""
    cells = [
        _cell("introduction", "markdown", INTRODUCTION),
        _cell("first", "code", FIRST_CELL),
        _cell("check", "code", f'check("{problem}")'),
    ]
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": name, "cell_type": kind, "metadata": {}, "source": text}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
