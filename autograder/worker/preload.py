"""What every worker needs in memory before a student's code runs; a fork server loads it once."""

from __future__ import annotations

import gc
import sys

from autograder import lessons
from autograder.problem import Backend
from autograder.worker import block_torch
from autograder.worker.guard import hide
from autograder.worker.returned import source_of


def preload(backend: Backend) -> None:
    """Import what workers of one backend need, and then put away what they may not have.

    To be called when everything else that a worker needs has been made.
    """
    for lesson in lessons.all_lessons():
        module = sys.modules[f"autograder.lessons.{lesson.name}"]
        # read now: a probe's line is quoted when it fails, and by then its file cannot be opened
        source_of(module.__file__ or "")
        for problem in lesson.problems:
            source_of(problem.probe.__code__.co_filename)  # questions share one probe
        if backend != "numpy" and lesson.backend == backend:
            block_torch.block(getattr(module, "FORBIDDEN", ()))
    hide(backend)
    # a worker's collector need not look at all this, and by looking it would copy every page of it
    gc.freeze()
