"""Starting, limiting, stopping and cleaning up workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.sandbox.session import Limits, Session

if TYPE_CHECKING:
    from autograder.sandbox.pool import Sandbox

__all__ = ["Limits", "Sandbox", "Session"]


def __getattr__(name: str) -> Any:
    # When it is asked for: it imports what starts processes, and a browser has none of that.
    if name == "Sandbox":
        from autograder.sandbox.pool import Sandbox

        return Sandbox
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
