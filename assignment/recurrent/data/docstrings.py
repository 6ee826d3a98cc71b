"""English as programmers write it: the docstrings of Python's own standard library, a text that is
on every machine already.

It differs a little from one version of Python to the next; what an experiment should beat is
therefore measured, and not written down.

The text is the Python Software Foundation's, under the PSF License.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path


def docstrings(most: int) -> list[list[str]]:
    """The words of some docstrings, each a list of words in small letters.

    They are about `most` words in all, or all that there are. The modules come in an order that
    mixes subjects and is the same every time.
    """
    texts: list[list[str]] = []
    size = 0
    for text in _docstrings():
        if size >= most:
            break
        words = re.findall(r"[a-z]+", text.lower())
        texts.append(words)
        size += len(words)
    return texts


def _docstrings() -> Iterator[str]:
    paths = Path(sysconfig.get_path("stdlib")).glob("*.py")
    for path in sorted(paths, key=lambda path: hashlib.sha256(path.name.encode()).digest()):
        if path.stem not in sys.stdlib_module_names:
            continue
        try:
            tree = _tree(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError, OSError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                text = ast.get_docstring(node)
                if text:
                    yield text


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that are no escapes
        return ast.parse(text)
