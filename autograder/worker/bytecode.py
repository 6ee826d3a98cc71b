"""Compiling a submission once, for all of its workers, in a process that runs none of it."""

from __future__ import annotations

import py_compile
import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np

from autograder.problem import Arrays

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
"""Of a .pyc that is never compared with its source (PEP 552), whose time may have changed."""


def bytecode(package: str, modules: Collection[str], scratch: Path) -> Arrays:
    """Module -> the bytes of its .pyc, of those in `package/recurrent/` that compile silently.

    The others are compiled again when they are imported, and what is wrong with them is said there.
    scratch: an empty folder.
    """
    found: Arrays = {}
    for name in modules:
        source = Path(package) / "recurrent" / f"{name}.py"
        compiled = scratch / f"{name}.pyc"
        try:
            with warnings.catch_warnings():
                # a warning is an error here, so that it comes up where it can be reported
                warnings.simplefilter("error")
                py_compile.compile(
                    str(source), str(compiled), doraise=True, invalidation_mode=UNCHECKED
                )
            found[name] = np.fromfile(compiled, np.uint8)
        except Exception:
            continue
    return found
