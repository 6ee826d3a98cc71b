"""A student's own check of what they have written: the public cases, in a terminal, a notebook or
wherever else they work. It travels with the handout.
"""

from __future__ import annotations

from autograder.platforms import has_processes

if not has_processes():
    # Before anything reads a casebook: a browser's Python may come without the package. Elsewhere
    # `check.py` says how to install it.
    from autograder.check.plain_safetensors import install

    install()
