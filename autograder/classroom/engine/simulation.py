"""How long a class takes that is past one machine: shards, simulated from measured seconds.

print(table())          the table in docs/class.md
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

MEASURED = (0.36, 0.46, 0.50, 0.59, 0.64, 0.78, 0.86, 1.12, 1.58, 1.63, 2.00)
"""Seconds that grading one submission of the set `recurrence` took, from the least to the most in
tenths: 46 of a made-up class, one at a time, on a core of a 2-core virtual machine."""

READING = 0.09
"""Seconds in which the key of one is taken, measured likewise."""

STARTING = 30.0
"""Seconds until a shard's first submission: a container, Python, the list of the archive."""

CLASS = 100_000
SHARDS = ((1, 2), (1, 32), (4, 32), (16, 16), (64, 16), (256, 4))
"""How many shards, and how many processes in each."""

SEED = 2027


@dataclass(frozen=True)
class Simulated:
    """wall: seconds until the last shard is done. work: processor seconds of all together. idle:
    the share of all processes' time in which they wait for others of their shard, or for the last
    shard.
    """

    wall: float
    work: float
    idle: float


def simulate(
    count: int, shards: int, workers: int, measured: Sequence[float] = MEASURED, seed: int = SEED
) -> Simulated:
    """Grade `count` submissions in shards of so many processes, each free one taking the next.

    measured: what submissions take, from the least to the most; the seconds of each are drawn
        evenly from between them.
    """
    rng = random.Random(seed)
    seconds = [READING + _drawn(measured, rng) for _ in range(count)]
    finished = [_makespan(seconds[index::shards], workers) for index in range(shards)]
    wall, work = max(finished), sum(seconds) + STARTING * shards * workers
    return Simulated(wall, work, 1 - work / (wall * shards * workers))


def _drawn(measured: Sequence[float], rng: random.Random) -> float:
    place = rng.random() * (len(measured) - 1)
    below = int(place)
    return measured[below] + (place - below) * (measured[below + 1] - measured[below])


def _makespan(seconds: Sequence[float], workers: int) -> float:
    """When the last of a shard is done, if each goes to the process that is free first."""
    free = [STARTING] * workers
    for one in seconds:
        heapq.heapreplace(free, free[0] + one)
    return max(free)


def table(count: int = CLASS) -> str:
    """What `simulate` says of a class of this size, as markdown."""
    lines = [
        "| shards | processes in each | until the last is done | processes wait |",
        "| ---: | ---: | ---: | ---: |",
    ]
    for shards, workers in SHARDS:
        done = simulate(count, shards, workers)
        hours, minutes = divmod(round(done.wall / 60), 60)
        lines.append(f"| {shards} | {workers} | {hours} h {minutes:02} min | {done.idle:.1%} |")
    return "\n".join(lines)
