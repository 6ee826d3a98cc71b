"""The settings of a course: `course.toml` as frozen values, and the JSON in which they travel.

They travel as JSON because a grader's image may lack a TOML parser: Python 3.10 has none.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from autograder import lessons
from autograder.errors import BUILD_AGAIN, UserError, did_you_mean
from autograder.levels import MOST, NAME
from autograder.problem import Problem
from autograder.settings.due import EXAMPLE, SCHEMA, as_due
from autograder.settings.fitting import BuildsOn, mistakes_between
from autograder.settings.strict import Reader, Rule, made, named, number, reads, shown, text, whole

SEED: Rule = whole(0, 2**64 - 1)["rule"]
"""What a seed may be; numpy takes no other, and a drawn one has 64 bits."""

GRADESCOPES_SECONDS = 600
"""After these, Gradescope stops a submission unless told otherwise."""

ONE_WORD = re.compile(r"\w[\w-]*", re.ASCII)
"""What a problem set's name may be: it is an argument on command lines, and a folder's name."""

ATTEMPTS = tuple(f"attempt {number}" for number in range(1, 100))
"""From which submission on Gradescope a mistake's name may be shown."""


def as_diagnosis(value: Any) -> int | str:
    """When the name of a mistake is shown. Raises ValueError for what says no such thing.

    >>> as_diagnosis(4), as_diagnosis("attempt 3")
    (4, 'attempt 3')
    """
    is_level = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST
    if not is_level and value not in ATTEMPTS:
        raise ValueError
    return value  # type: ignore[no-any-return]


ADDRESS = re.compile(r"https?://[^\s\"'\\]+", re.ASCII)
"""Where a handout may be fetched from; it stands as text in a notebook's cell."""


def as_address(value: Any) -> str:
    """An address on the web, or the empty text. Raises ValueError for anything else."""
    if value != "" and not (isinstance(value, str) and ADDRESS.fullmatch(value)):
        raise ValueError
    return str(value)


CHARACTER_MODEL = "charlm"
"""The lesson whose problem set has the leaderboard."""

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]

AiPolicy = Literal["unsaid", "free", "declared", "none"]


class SettingsError(UserError):
    """The settings cannot be used; the message names everything that is wrong with them."""


@dataclass(frozen=True)
class Policy:
    """The table [policy].

    carried_share: the share of its points that a result earns if it is wrong only because of an
        earlier mistake (1.0: one mistake costs once).
    seconds: processor time for one problem; then its process is ended.
    total_seconds: time by the clock for a whole submission.
    memory_mb: address space of a student's process in a numpy lesson, in megabytes.
    torch_memory_mb: the same in the torch lesson.
    visibility: who sees the results on Gradescope, and when.
    hidden_cases: "summary" says how many hidden cases are wrong, "none" says nothing about them.
    hints: up to which level a grader's report shows hints: 1 to 3, or 4 for all there is.
    diagnosis: from which hint on a mistake is named (0: at once, 4: after the last), or, as
        "attempt 3", from which submission on Gradescope. Staff always see the name.
    """

    carried_share: float = field(default=1.0, metadata=number(0, 1))
    seconds: float = field(default=10.0, metadata=number(1, GRADESCOPES_SECONDS))
    total_seconds: float = field(
        default=480.0,
        metadata=number(10, GRADESCOPES_SECONDS, ", after which Gradescope stops a submission"),
    )
    # The reference needs 192 MB, in the torch lesson 512.
    memory_mb: int = field(default=1024, metadata=whole(256, 65536))
    torch_memory_mb: int = field(default=4096, metadata=whole(1024, 65536))
    visibility: Visibility = "visible"
    hidden_cases: Literal["summary", "none"] = "summary"
    hints: int = field(default=1, metadata=whole(0, MOST))
    diagnosis: int | str = field(
        default=NAME,
        metadata=reads(
            f"a whole number from 0 to {MOST}, or a text like {ATTEMPTS[2]!r}",
            as_diagnosis,
            {
                "anyOf": [
                    {"type": "integer", "minimum": 0, "maximum": MOST},
                    {"type": "string", "pattern": "^attempt [1-9][0-9]?$"},
                ]
            },
        ),
    )

    def at_attempt(self, attempt: int | None) -> Policy:
        """The policy that holds for a submission: `attempt` counts from 1.

        None is a check that is no submission: mistakes are named there after the last hint, where
        the course goes by attempts.
        """
        if not isinstance(self.diagnosis, str):
            return self
        if attempt is None:
            return replace(self, diagnosis=NAME)
        needed = int(self.diagnosis.split()[-1])
        return replace(self, diagnosis=0) if attempt >= needed else self


@dataclass(frozen=True)
class Late:
    """The table [late]: what late work loses of the points it earned.

    per_day: the share of the points for every day that has begun after the due date and the grace.
    grace_minutes: minutes after the due date that cost nothing.
    most_days: later than this many days, only the floor is kept.
    floor: the share of the points that nobody loses.
    slip_days: days in a term that cost nothing, each student's own. They are counted for a class
        only: on Gradescope a single submission knows nothing of the others.
    """

    per_day: float = field(metadata=number(0, 1))
    grace_minutes: float = field(default=0.0, metadata=number(0, 1440))
    most_days: int = field(default=3, metadata=whole(0, 365))
    floor: float = field(default=0.0, metadata=number(0, 1))
    slip_days: int = field(default=0, metadata=whole(0, 365))

    def lost(self, days: int) -> float:
        """The share of the points that so many days cost, 0 to 1."""
        if days <= 0 or self.per_day <= 0:
            return 0.0
        most = 1.0 - self.floor
        return most if days > self.most_days else min(most, self.per_day * days)


@dataclass(frozen=True)
class Answers:
    """The table [answers]: short answers, with numbers of each student's own.

    id: what students write into STUDENT and are known by where they hand in: "email", "sid" (the
        student number), "login", or "written": whatever they write, which nobody checks.
    """

    id: Literal["email", "sid", "login", "written"] = "email"


@dataclass(frozen=True)
class Conventions:
    """The table [conventions]: what differs from student to student, by their ids.

    lstm: the order of the LSTM's blocks.
    gru: the order of the GRU's blocks.
    z: whether the GRU's z weighs the new state or the old one.
    """

    lstm: bool = False
    gru: bool = False
    z: bool = False

    @property
    def vary(self) -> bool:
        """Whether any of them does."""
        return self.lstm or self.gru or self.z


@dataclass(frozen=True)
class Leaderboard:
    """The table [leaderboard]: students' trained character models are ranked on Gradescope.

    max_bytes: of the file recurrent/weights.safetensors that a student hands in.
    max_seconds: processor time for scoring it; a model that takes longer is not ranked.
    """

    # As float32 an LSTM of some 450 units, or 1200 at the most.
    max_bytes: int = field(default=4_000_000, metadata=whole(100_000, 32_000_000))
    max_seconds: int = field(default=20, metadata=whole(1, 60))


@dataclass(frozen=True)
class ProblemSet:
    """One [[sets]] table: some lessons that are handed out and due together.

    name: the word that stands for the set in commands, such as `SET=recurrence`.
    title: what people read.
    lessons: the lessons of the set, by the names of their files.
    due: the date and time when it is due, with an offset, or empty.
    """

    name: str = field(
        metadata=text(
            "a word of the letters a to z, digits, - and _",
            ONE_WORD.fullmatch,
            r"^[A-Za-z0-9_][A-Za-z0-9_-]*$",
        )
    )
    title: str = field(metadata=text())
    lessons: tuple[str, ...] = field(metadata=named("lesson", lessons.names))
    due: str = field(default="", metadata=reads(f"a date like {EXAMPLE}", as_due, SCHEMA))


def _problems() -> list[str]:
    return [problem.name for problem in lessons.all_problems()]


@dataclass(frozen=True)
class Course:
    """All of course.toml.

    name: of the course.
    term: such as "Spring 2027". A new term draws new hidden cases.
    seed: of the public cases. Anyone may know it.
    sets: the problem sets, in the order in which they are handed out.
    policy: how submissions are graded and what is shown of it.
    points: problem -> its points, where they differ from those that its lesson declares.
    hidden_seed: of the hidden cases. Without it one is drawn for each term. Never publish it.
    elsewhere: lesson -> the problem set that has it, of the sets that were left out by `only`.
    late: what late work loses. Without this table it loses nothing.
    lend: whether a problem that calls functions of an earlier set which a submission lacks is
        graded over frozen answers of theirs.
    answers: whose numbers the questions with short answers have.
    handout_url: where the handout's zip lies for a notebook that was opened alone; `{set}` in it
        stands for the problem set. Empty: nowhere.
    ai_policy: what the handout says of AI assistants: use them freely, declare what they did, use
        none, or nothing ("unsaid").
    conventions: what differs from student to student. Without this table nothing does.
    leaderboard: what a model may take that is ranked. Without this table there is no leaderboard.
    """

    name: str = field(metadata=text())
    term: str = field(metadata=text())
    seed: int = field(metadata={"rule": SEED})
    sets: tuple[ProblemSet, ...]
    policy: Policy = field(default_factory=Policy)
    points: Mapping[str, float] = field(
        default_factory=dict, metadata=named("problem", _problems) | number(0, 1000)
    )
    hidden_seed: int | None = field(default=None, metadata={"rule": SEED})
    elsewhere: Mapping[str, str] = field(
        default_factory=dict, metadata=named("lesson", lessons.names) | text()
    )
    late: Late = field(default_factory=lambda: Late(per_day=0.0))
    lend: bool = False
    answers: Answers = field(default_factory=Answers)
    handout_url: str = field(
        default="",
        metadata=reads("an address like 'https://example.org/{set}/assignment.zip'", as_address),
    )
    ai_policy: AiPolicy = "unsaid"
    conventions: Conventions = field(default_factory=Conventions)
    leaderboard: Leaderboard | None = None

    @property
    def ranked(self) -> Leaderboard | None:
        """The leaderboard of these problem sets: of the set that teaches the character model."""
        return self.leaderboard if CHARACTER_MODEL in self.lessons_of("all") else None

    @property
    def handout_address(self) -> str:
        """The address of the handout of these problem sets, or empty."""
        built = self.sets[0].name if len(self.sets) == 1 else "all"
        return self.handout_url.replace("{set}", built)

    def points_of(self, problem: Problem) -> float:
        """The problem's points: those it declares, unless the course says otherwise."""
        return float(self.points.get(problem.name, problem.points))

    def lessons_of(self, name: str) -> tuple[str, ...]:
        """The lessons of one problem set, or of `all`.

        Raises SettingsError for a set that does not exist.
        """
        listed: list[str] = []
        for problem_set in self._sets_of(name):
            listed += problem_set.lessons
        return tuple(listed)

    def lessons_before(self, name: str) -> tuple[str, ...]:
        """The lessons of the problem sets before this one; none for `all`."""
        listed: list[str] = []
        for problem_set in self.sets:
            if problem_set.name == name:
                return tuple(listed)
            listed += problem_set.lessons
        return ()

    def earlier_than(self, lesson: str) -> dict[str, str]:
        """Lesson -> its problem set, of all lessons of sets before the one with this lesson.

        Of the sets that were left out, nobody knows the order: all count as earlier.
        """
        earlier = dict(self.elsewhere)
        for problem_set in self.sets:
            if lesson in problem_set.lessons:
                break
            earlier |= dict.fromkeys(problem_set.lessons, problem_set.name)
        return earlier

    def only(self, name: str) -> Course:
        """The same course with one problem set, or unchanged for `all`.

        Raises SettingsError for a set that does not exist.
        """
        kept = self._sets_of(name)
        elsewhere = dict(self.elsewhere)
        for problem_set in self.sets:
            if problem_set not in kept:
                elsewhere |= dict.fromkeys(problem_set.lessons, problem_set.name)
        return replace(self, sets=kept, elsewhere=elsewhere)

    def _sets_of(self, name: str) -> tuple[ProblemSet, ...]:
        if name == "all":
            return self.sets
        chosen = tuple(problem_set for problem_set in self.sets if problem_set.name == name)
        if not chosen:
            known = [problem_set.name for problem_set in self.sets]
            raise SettingsError(
                f"there is no problem set {name!r}; choose all or {', '.join(known)}"
                f"{did_you_mean(name.lower(), known)}"
            )
        return chosen


def load_course(path: Path, builds_on: BuildsOn | None = None) -> Course:
    """Read `course.toml`.

    builds_on: lesson -> the lessons that its file imports, directly or not, where they are known.

    Raises SettingsError with everything that is wrong, a sentence on a line each.
    """
    return course_from(_toml(path), path.name, builds_on, not_here=("elsewhere",))


def _toml(path: Path) -> dict[str, Any]:
    """What a TOML file holds. Raises SettingsError if it cannot be read as one."""
    # Where Python has no tomllib, the staff's requirements bring tomli, which is the same.
    parser = "tomllib" if sys.version_info >= (3, 11) else "tomli"
    try:
        tomllib = import_module(parser)
    except ModuleNotFoundError:
        raise SettingsError(f"{path.name} is read with {parser}: install it") from None
    try:
        # Some editors put a mark before the first character.
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        folder = path.parent.name or "this folder"
        raise SettingsError(f"{path.name} is missing from {folder}") from None
    except OSError as error:
        raise SettingsError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not readable as text: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not readable as TOML: {error}") from None
    except (ValueError, RecursionError):  # Python's own bounds, of which TOML knows nothing
        raise SettingsError(
            f"{path.name} is not readable as TOML: a number in it is too long, or too much nested"
        ) from None
    return data


def thaw(path: Path) -> Course:
    """Read a frozen course.

    Raises SettingsError if it is not there, or if it is not what this version of the grader wrote.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing: {BUILD_AGAIN}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path.name} cannot be read ({error}): {BUILD_AGAIN}") from None
    if not isinstance(data, dict):
        raise SettingsError(f"{path.name} cannot be read (it holds no table): {BUILD_AGAIN}")
    course, wrong = _course(data, None)
    if course is None:
        listed = "; ".join(wrong)
        raise SettingsError(f"{path.name}: {listed}; it is of another version: {BUILD_AGAIN}")
    return course


def freeze(course: Course) -> str:
    """The course as JSON, without the seed of its hidden cases."""
    plain = asdict(replace(course, hidden_seed=None))
    return json.dumps(plain, indent=2, allow_nan=False) + "\n"


def course_from(
    data: Any, source: str, builds_on: BuildsOn | None = None, not_here: Collection[str] = ()
) -> Course:
    """A course from plain data, as a TOML or JSON file holds it.

    source: what the message calls the file. builds_on: see `load_course`. not_here: settings that
    the file may not have.
    Raises SettingsError with everything that is wrong, a sentence on a line each.
    """
    course, wrong = _course(data, builds_on, not_here)
    if course is None:
        raise SettingsError("\n".join(f"{source}: {mistake}" for mistake in wrong))
    return course


def _course(
    data: Any, builds_on: BuildsOn | None, not_here: Collection[str] = ()
) -> tuple[Course | None, list[str]]:
    """The course, or None and what is wrong with it, a clause for each mistake."""
    reader = Reader(Course, not_here)
    values = reader.read(data)
    wrong = [*reader.wrong, *mistakes_between(values, builds_on or {})]
    return (None if wrong else made(Course, values)), wrong


def seed_from(text: str) -> int:
    """The seed that somebody typed. Raises SettingsError for what is none."""
    try:
        return int(SEED.accept(int(text)))
    except ValueError:
        raise SettingsError(f"--seed should be {SEED.words}, not {shown(text)}") from None
