"""What is handed out: the students' zip and Gradescope's. Both are derived, leak-checked, and the same every time."""

from autograder.package.zips import PackageError, make_autograder, make_handout

__all__ = ["PackageError", "make_autograder", "make_handout"]
