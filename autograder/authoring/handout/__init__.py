"""What is built to be given away: the handout for students, and for their browsers, the zip for
Gradescope, the course for nbgrader, the bundles for other systems.
"""

from autograder.authoring.handout.browser import make_browser
from autograder.authoring.handout.bundles import make_bundle
from autograder.authoring.handout.nbgrader import make_nbgrader
from autograder.authoring.handout.zips import PackageError, make_autograder, make_handout

__all__ = [
    "PackageError",
    "make_autograder",
    "make_browser",
    "make_bundle",
    "make_handout",
    "make_nbgrader",
]
