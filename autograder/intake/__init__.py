"""Taking in what was handed in: found wherever it lies, chosen, and written as a package."""

from autograder.intake.submission import Intake, IntakeError, take_in

__all__ = ["Intake", "IntakeError", "take_in"]
