"""What several lessons ask of a student's function: that it refuses what makes no sense.

What a call did can only be told beside the student's code, so it is a word that can be forged: it
never earns anything, it is a factor on results that are right. Calls that must be answered are
among those that must be refused, so that no one answer does for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

ANSWERED, REFUSED, BROKEN = 0, 1, 2


def outcome(call: Callable[[], Any]) -> int:
    """What a call did: ANSWERED, REFUSED by a ValueError, or BROKEN, any other exception."""
    try:
        call()
    except ValueError:
        return REFUSED
    except Exception:
        return BROKEN
    return ANSWERED


def outcomes(*calls: Callable[[], Any]) -> list[int]:
    """What each of several calls did, in order."""
    return [outcome(call) for call in calls]


def refuses(found: np.ndarray, bad: Iterable[int], good: Iterable[int]) -> bool:
    """Whether the calls numbered `bad` were all refused, and those numbered `good` answered."""
    refused = all(found[number] == REFUSED for number in bad)
    return refused and all(found[number] == ANSWERED for number in good)
