"""Who handed something in, as a class knows it: what decides on the numbers in their questions."""

from __future__ import annotations

from autograder.classroom.hand_in import HandIn
from autograder.grade import course_problems
from autograder.settings import Course


def trusted_by_class(hand_in: HandIn, course: Course) -> tuple[str, ...]:
    """What those who handed it in are known by, as the class list or the archive says.

    course: of the problem set. Nobody where nothing hangs on it: the set asks no questions and
    conventions do not vary, or what students write is what counts.
    """
    asks = any(problem.question for problem in course_problems(course))
    hangs_on_it = asks or course.conventions.vary
    if not hangs_on_it or course.answers.id == "written":
        return ()
    found = [str(getattr(student, course.answers.id)) for student in hand_in.students]
    return tuple(one for one in found if one.strip())
