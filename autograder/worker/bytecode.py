"""Compiling a submission once, for all of its workers, in a process that runs none of it."""

from __future__ import annotations

import importlib.util
import marshal
import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np

from autograder.problem import Arrays

UNCHECKED = (1).to_bytes(4, "little")
"""Of a .pyc that is never compared with its source (PEP 552), whose time may have changed."""


def bytecode(package: str, modules: Collection[str]) -> Arrays:
    """Module -> the bytes of its .pyc, of those in `package/recurrent/` that compile silently.

    The others are compiled again when they are imported, and what is wrong with them is said there.
    """
    found: Arrays = {}
    for name in modules:
        source = Path(package) / "recurrent" / f"{name}.py"
        try:
            with warnings.catch_warnings():
                # a warning is an error here, so that it comes up where it can be reported
                warnings.simplefilter("error")
                text = source.read_bytes()
                code = compile(text, str(source), "exec", dont_inherit=True)
            # in memory: a worker may not write
            head = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(text)
            found[name] = np.frombuffer(head + marshal.dumps(code), np.uint8)
        except Exception:
            continue
    return found
