"""What each setting is: the docstrings of the settings' classes, read field by field."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

from autograder.errors import UserError


class WordsError(UserError):
    """A setting has no sentence in the docstring of its class."""


def words_of(kind: type) -> dict[str, str]:
    """Field -> the sentence that the class's docstring has on it, after `field: `.

    Raises WordsError for a field without one.

    >>> from autograder.settings import Late
    >>> words_of(Late)["floor"]
    'the share of the points that nobody loses.'
    """
    names = [field.name for field in fields(kind)]
    text = inspect.cleandoc(kind.__doc__ or "")
    # A sentence may go on in the next line, which is indented; a field begins its own.
    found = re.findall(rf"^({'|'.join(names)}): (.+(?:\n    .+)*)", text, re.MULTILINE)
    words = {name: " ".join(sentence.split()) for name, sentence in found}
    for name in names:
        if name not in words:
            raise WordsError(f"the docstring of {kind.__name__} says nothing of {name}")
    return words
