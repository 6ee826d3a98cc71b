"""What is built to be given away: the handout for students, the zip for Gradescope, the course for
nbgrader.
"""

from autograder.package.nbgrader import make_nbgrader
from autograder.package.zips import PackageError, make_autograder, make_handout

__all__ = ["PackageError", "make_autograder", "make_handout", "make_nbgrader"]
