"""What several lessons ask of a student's function: that it refuses what makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def refused(call: Callable[[], Any]) -> bool:
    """Whether the call raises ValueError; any other exception is no refusal."""
    try:
        call()
    except ValueError:
        return True
    except Exception:
        return False
    return False
