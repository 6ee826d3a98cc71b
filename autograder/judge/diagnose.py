"""Which misconception gives exactly these results: the student's outputs held against every world
of the casebook.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.compare import close
from autograder.problem import Case, Problem, Reply


def worlds_seen(cases: Sequence[Case]) -> list[str]:
    """The ids of the misconceptions that some case can see, in the casebook's order."""
    return list(dict.fromkeys(name for case in cases for name in (*case.worlds, *case.raises)))


def fits(problem: Problem, world: str, cases: Sequence[Case], replies: Sequence[Reply]) -> bool:
    """Whether every reply is what this world gives: all outputs of all cases, or the exception it
    raises there.
    """
    return all(
        _fits_case(problem, world, case, reply) for case, reply in zip(cases, replies, strict=True)
    )


def _fits_case(problem: Problem, world: str, case: Case, reply: Reply) -> bool:
    if world in case.raises:
        return reply.fault is not None and reply.fault.error == case.raises[world]
    if reply.fault is not None:
        return False
    return all(same_as_world(problem, world, case, reply, name) for name in case.expected)


def fits_tensor(
    problem: Problem, world: str, cases: Sequence[Case], replies: Sequence[Reply], name: str
) -> bool:
    """Whether one output is what this world gives on every case, and not the truth on some."""
    return any(name in case.worlds.get(world, {}) for case in cases) and all(
        world not in case.raises and same_as_world(problem, world, case, reply, name)
        for case, reply in zip(cases, replies, strict=True)
    )


def breadth(world: str, cases: Sequence[Case]) -> int:
    """How many outputs a misconception changes: of two that explain one tensor, the narrower says
    more.
    """
    return len({name for case in cases for name in case.worlds.get(world, {})})


def same_as_world(problem: Problem, world: str, case: Case, reply: Reply, name: str) -> bool:
    """Whether one output of one case is what the world gives; a NaN where the world has one counts
    as equal.
    """
    want = case.worlds.get(world, {}).get(name, case.expected[name])
    got = reply.outputs.get(name)
    if got is None or got.shape != want.shape:
        return False
    near = close(got, want, problem.rtol, problem.atol)
    if got.dtype.kind == want.dtype.kind == "f":
        near = near | (np.isnan(got) & np.isnan(want))
    return bool(near.all())
