"""How long a system has to wait for a submission, and a course cut to what it will wait."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.settings import Course

SPARE = 60
"""Seconds beyond a submission's own: starting, the problem that was begun last, and writing."""


def seconds_needed(course: Course, longest: int) -> int:
    """The seconds by the clock after which a system may stop a submission of this course.

    longest: the most that the system lets one ask for.
    """
    return min(longest, ceil(course.policy.total_seconds) + SPARE)


def within(course: Course, longest: int) -> Course:
    """The course with no more time for a submission than the system leaves it."""
    total = min(course.policy.total_seconds, float(longest - SPARE))
    return replace(course, policy=replace(course.policy, total_seconds=total))
