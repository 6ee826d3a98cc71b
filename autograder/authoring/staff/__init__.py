"""What only staff get: a page of oral questions, and the notebooks with their answers."""

from autograder.authoring.staff.build import make_staff

__all__ = ["make_staff"]
