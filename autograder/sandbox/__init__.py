"""Starting, limiting, stopping and cleaning up workers."""

from autograder.sandbox.pool import Sandbox
from autograder.sandbox.session import Limits, Session

__all__ = ["Limits", "Sandbox", "Session"]
