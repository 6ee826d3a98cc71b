"""The rounds of a scan: which stretches of steps meet, until all of them begin with step 0."""

from __future__ import annotations

from typing import Any

from .style import PALETTE, figure, labels

LEFT_ALONE, DONE, MET = "0.75", PALETTE[2], PALETTE[0]


def stretches(T: int) -> list[list[tuple[int, int]]]:
    """After each round, from none to all of them, the first and the last step of every stretch.

    Inputs:
    - T: how many steps, at least 1

    Returns: one list for each number of rounds, with a pair for each position

    >>> stretches(3)
    [[(0, 0), (1, 1), (2, 2)], [(0, 0), (0, 1), (1, 2)], [(0, 0), (0, 1), (0, 2)]]
    """
    length, rounds = 1, [[(t, t) for t in range(T)]]
    while length < T:
        length *= 2
        rounds.append([(max(0, t - length + 1), t) for t in range(T)])
    return rounds


def scan_rounds(T: int) -> Any:
    """Every position, round by round, with the steps that its map stands for.

    A line leads from each stretch to those that it goes into; a full disc is done, it begins with
    step 0.

    Inputs:
    - T: how many steps, at least 1

    Returns: the figure
    """
    rounds = stretches(T)
    fig, axis = figure(
        f"{T} steps in {len(rounds) - 1} rounds: the steps that each map stands for",
        height=1.2 + 0.85 * len(rounds),
    )
    for done, row in enumerate(rounds):
        for first, last in row:
            _draw_lines(axis, rounds, done, last)
            axis.text(
                last, done, _name(first, last), ha="center", va="center", fontsize=9, zorder=4,
                color="white" if first == 0 else "black",
                bbox={
                    "boxstyle": "round,pad=0.35",
                    "facecolor": DONE if first == 0 else "white",
                    "edgecolor": DONE if first == 0 else MET,
                },
            )  # fmt: skip
    axis.set(xlim=(-0.6, T - 0.4), ylim=(len(rounds) - 0.5, -0.5))
    axis.set_xticks(range(T))
    axis.set_yticks(range(len(rounds)))
    labels(axis, "position t", "rounds done")
    return fig


def _draw_lines(axis: Any, rounds: list[list[tuple[int, int]]], done: int, t: int) -> None:
    """The lines into one position: from itself, and from the stretch that it has taken in."""
    if done == 0:
        return
    axis.plot([t, t], [done - 1, done], color=LEFT_ALONE, linewidth=1.2, zorder=1)
    before = rounds[done - 1][t][0] - 1
    if before >= 0:
        axis.plot([before, t], [done - 1, done], color=MET, linewidth=1.2, zorder=2)


def _name(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"
