"""HIDDEN. Mutants of the reference that lose no points because they are not wrong, each with the reason.

`make proof` refuses a survivor that is not listed here once too many survive, and an entry that no longer survives.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Equivalent:
    """A mutant by its function and its change, as `make proof` prints them, and why it computes the same."""

    function: str
    change: str
    reason: str


EQUIVALENT: tuple[Equivalent, ...] = ()
