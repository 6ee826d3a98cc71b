"""Starting the grader on Gradescope, so that there is a result whatever is missing or broken.

Only the standard library is imported here, until the first result is written.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import OURS, UserError
from autograder.report.results import Results

if TYPE_CHECKING:
    from autograder.settings import Course

METADATA = "submission_metadata.json"
"""Gradescope's file beside the submission: when it came in, and when it was due."""

NOT_INSTALLED = (
    "Not graded: the grader is not installed as it should be. That is not your fault, and nothing "
    "you hand in can change it. Please tell the staff: they have to build the autograder again."
)
FOR_STAFF = "For the staff: why nothing was graded"


def failed(output: str, details: str) -> dict[str, Any]:
    """Results without a grade: a sentence for the student, and details that only staff see."""
    test = {
        "name": FOR_STAFF,
        "score": 0.0,
        "max_score": 0.0,
        "status": "failed",
        "output": details,
        "output_format": "text",
        "visibility": "hidden",
    }
    return {
        "score": 0.0,
        "output": output,
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [test],
        "extra_data": {"failure": details, "python": sys.version},
    }


def run(root: Path | None, frozen: Path, course: Callable[[], Course] | None = None) -> int:
    """Grade ROOT/submission into ROOT/results/results.json; 0 unless the grader itself failed.

    course: what is graded, if it is not the course that is frozen.
    """
    root = root or Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
    results = Results(root / "results" / "results.json")
    # Written first: if the grader is killed at any later moment, there is a result.
    results.save({"score": 0.0, "output": OURS, "stdout_visibility": "hidden"})
    try:
        return _grade(results, root, frozen, course)
    finally:
        results.close()


def _grade(results: Results, root: Path, frozen: Path, course: Callable[[], Course] | None) -> int:
    try:
        # here, because whatever is missing or broken shows in it
        from autograder.report.gradescope import grade
    except Exception:
        details = traceback.format_exc()
        print(details, file=sys.stderr)
        results.save(failed(NOT_INSTALLED, details))
        return 1
    try:
        wanted = course() if course else None
        grade(results, root / "submission", frozen, wanted, root / METADATA)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception:
        traceback.print_exc()
        return 1
    return 0
