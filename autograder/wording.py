"""Words that more than one room uses."""

from __future__ import annotations

from collections.abc import Sequence

HALF_DONE = "your code raises NotImplementedError"
"""How the sentence begins that tells code which says that it is not done from a task not begun."""


def listed(names: Sequence[str], most: int | None = None) -> str:
    """`dx`, `dx and dWx`, `dx, dWx and db`; `dx, dWx and 3 more` where `most` is 3."""
    names = list(names)
    if most is not None and len(names) > most:
        names[most - 1 :] = [f"{len(names) - most + 1} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    >>> counted(1, "submission"), counted(2, "submission"), counted(0, "entry", "entries")
    ('1 submission', '2 submissions', '0 entries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
