"""What measurements share: a line of the proof, all cores, the casebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from autograder.authoring.processes import pool
from autograder.casebook import Casebook
from autograder.grade import casebooks

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Line:
    """One line of the proof: what was measured, the figures, and everything that is against it."""

    title: str
    figures: str
    objections: tuple[str, ...] = ()

    def __str__(self) -> str:
        sign = "NOT" if self.objections else "ok "
        return f"{sign}  {self.title}: {self.figures}"


def in_parallel(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results of `work` on every item, in order, by as many processes as there are cores."""
    listed = list(items)
    return list(_pool().map(work, listed, chunksize=max(1, len(listed) // 32)))


@cache
def _pool() -> ProcessPoolExecutor:
    """The processes for all measurements: what each has to read and to import takes seconds."""
    return pool()


@cache
def books_of(frozen: Path) -> list[Casebook]:
    """The public and the hidden casebook, which a process reads once for all that it measures."""
    return casebooks(frozen)
