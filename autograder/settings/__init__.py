"""What an instructor sets in `course.toml`: read strictly, frozen, and sent along as JSON."""

from autograder.settings.course import (
    Answers,
    Conventions,
    Course,
    Late,
    Leaderboard,
    Policy,
    ProblemSet,
    SettingsError,
    Visibility,
    course_from,
    freeze,
    load_course,
    seed_from,
    thaw,
)

__all__ = [
    "Answers",
    "Conventions",
    "Course",
    "Late",
    "Leaderboard",
    "Policy",
    "ProblemSet",
    "SettingsError",
    "Visibility",
    "course_from",
    "freeze",
    "load_course",
    "seed_from",
    "thaw",
]
