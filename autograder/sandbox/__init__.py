"""Starting, limiting, stopping and cleaning up workers; taking in submissions nobody trusts."""

from autograder.sandbox.intake import Intake, IntakeError, take_in
from autograder.sandbox.pool import Sandbox
from autograder.sandbox.session import Limits, Session

__all__ = ["Intake", "IntakeError", "Limits", "Sandbox", "Session", "take_in"]
