"""What problems and known mistakes are called: numbers, titles, ideas, hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder import lessons
from autograder.casebook import Casebook
from autograder.numbers import task_numbers
from autograder.problem import Advice
from autograder.settings import Course


@dataclass(frozen=True)
class Named:
    """A problem as a reader knows it. number: `1.2`; empty where the course has it no more."""

    problem: str
    number: str = ""
    title: str = ""

    @property
    def anchor(self) -> str:
        """The id of its section."""
        return f"p{self.label}"

    @property
    def label(self) -> str:
        """What stands for it where there is little room."""
        return self.number or self.problem


class Catalogue:
    """The names of a course's problems, and the advice of its casebooks.

    Raises CasebookError when a casebook is first read that is not there.
    """

    def __init__(self, course: Course, books: Sequence[Casebook]) -> None:
        self._books = books
        self._numbers = task_numbers(course)
        self._problems = {problem.name: problem for problem in lessons.all_problems()}
        self._places = {name: place for place, name in enumerate(self._problems)}
        self._named: dict[str, Named] = {}
        self._advice: dict[str, dict[str, Advice]] = {}

    def problem(self, name: str) -> Named:
        """A problem; one that an older grader had and this one has not is known by its name."""
        if name not in self._named:
            known = self._problems.get(name)
            title = known.title if known else ""
            self._named[name] = Named(name, self._numbers.get(name, ""), title)
        return self._named[name]

    def place(self, name: str) -> int:
        """Where a problem stands in the syllabus; one that is no more stands behind all others."""
        return self._places.get(name, len(self._places))

    def advice(self, misconception: str, seen_in: str) -> Advice | None:
        """What is said of a known mistake, in the casebook of its lesson or where it was seen."""
        home = self._problems.get(misconception.partition(".")[0])
        for lesson in (home.lesson if home else seen_in, seen_in):
            found = self._of_lesson(lesson).get(misconception)
            if found is not None:
                return found
        return None

    def _of_lesson(self, name: str) -> dict[str, Advice]:
        if name not in self._advice:
            told: dict[str, Advice] = {}
            for book in self._books:
                if book.has(name):
                    told |= book.lesson(name).advice
            self._advice[name] = told
        return self._advice[name]
