"""The numbers of the tasks, as stubs, the handout's README and Gradescope show them."""

from __future__ import annotations

from autograder import lessons
from autograder.problem import Lesson
from autograder.settings import Course


def task_numbers(course: Course) -> dict[str, str]:
    """Problem -> `5.2` for the second problem of lesson 5 that the course teaches.

    A lesson keeps its number from the syllabus, which its file and the notebooks call it by. Two
    lessons of one number count on, without a gap where a course teaches only one of them: what is
    handed out and not taught comes last.
    """
    taught = set(course.lessons_of("all"))

    def place(lesson: Lesson) -> tuple[int, bool]:
        return lesson.number, lesson.name not in taught

    numbers: dict[str, str] = {}
    counts: dict[int, int] = {}
    for lesson in sorted(lessons.all_lessons(), key=place):
        for problem in lesson.problems:
            counts[lesson.number] = counts.get(lesson.number, 0) + 1
            numbers[problem.name] = f"{lesson.number}.{counts[lesson.number]}"
    return numbers
