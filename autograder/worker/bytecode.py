"""Compiling a submission once, in a process that runs none of it, so that its workers need not each
do so again.
"""

from __future__ import annotations

import py_compile
import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np

from autograder.problem import Arrays

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


def bytecode(package: str, modules: Collection[str], scratch: Path) -> Arrays:
    """Module -> the bytes of its .pyc file, of those modules of `package/recurrent/` that compile
    without a word.

    The others are compiled again by whoever imports them, and say there what is wrong with them.
    scratch: an empty folder. The .pyc is of the kind that is never compared with its source (PEP
        552).
    """
    found: Arrays = {}
    for name in modules:
        source, into = str(Path(package) / "recurrent" / f"{name}.py"), str(scratch / f"{name}.pyc")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                py_compile.compile(source, into, doraise=True, invalidation_mode=UNCHECKED)
            found[name] = np.fromfile(into, np.uint8)
        except Exception:
            continue
    return found
