"""Processes for long work on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def pool() -> ProcessPoolExecutor:
    """A process for each core, started anew, each with one BLAS thread.

    With more threads, the processes would only fight over the cores.
    """
    for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn"))
