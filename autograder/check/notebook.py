"""Verdicts in a notebook: `check("rnn_step_forward")` in a cell shows what is wrong, and where;
`check("rnn")` does so for a file, `check()` for everything; `hint()` shows the next hint.

The judge runs in a process of its own. The notebook's kernel, in which the student's code lives,
gets the verdict as text and never holds an expected value.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import lessons
from autograder.check.process import run_check
from autograder.check.results import Checked, CheckedMany
from autograder.errors import UserError
from autograder.levels import MOST
from autograder.notebook_code import find_function, is_to_do
from autograder.platforms import python_command
from autograder.problem import Verdict
from autograder.report.ladder import next_level
from autograder.report.page import heat_map, html
from autograder.report.record import from_data
from autograder.report.words import look_next

if TYPE_CHECKING:
    from autograder.check.debug import GivenCase

__all__ = [
    "CheckError",
    "Checked",
    "CheckedMany",
    "case",
    "check",
    "heat_map",
    "hint",
    "html",
]

FIRST = 1
"""The level of hints that a check shows without being asked."""

HOW_TO_ASK = (
    'a check takes names, as in check("rnn_forward") or check("rnn", "head"), and the level of '
    'hints, 0 to 4, by its name, as in check("rnn_forward", hint=2)'
)


class CheckError(UserError):
    """The check itself could not run; the message says what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows of it: the sentence, for nothing in a traceback helps."""
        return [str(self)]


class Memory:
    """What the notebook has shown, so that `hint()` knows what comes next.

    names: what was last checked.
    """

    def __init__(self) -> None:
        self.names: tuple[str, ...] | None = None
        self._shown: dict[str, tuple[Verdict, int]] = {}

    def keep(self, verdicts: Sequence[Verdict], level: int) -> None:
        """Remember that these verdicts were shown, with hints up to a level."""
        for verdict in verdicts:
            before, highest = self._shown.get(verdict.problem, (None, 0))
            is_same = before is not None and _said(before) == _said(verdict)
            self._shown[verdict.problem] = verdict, max(level, highest) if is_same else level

    def level_after(self, verdict: Verdict) -> int:
        """The level of the hint that comes next: the first one, if something else is wrong now."""
        before, level = self._shown.get(verdict.problem, (None, 0))
        if before is None or _said(before) != _said(verdict):
            return FIRST
        return next_level(verdict, level) or level


MEMORY = Memory()


def check(
    *names: str, hint: int = FIRST, hidden: str | Path | None = None
) -> Checked | CheckedMany:
    """Check with the files in `recurrent/` as they are on disk now.

    names: of problems or of lessons' files; none for everything.
    hint: up to which level hints are shown, 0 to 4: the last names the mistake, where it is known.
    hidden: the folder of the hidden casebook, for graders who have one.
    Raises CheckError, in one sentence, if there is no such problem or the check cannot run.
    """
    if not all(isinstance(name, str) for name in names) or hint not in range(MOST + 1):
        raise CheckError(HOW_TO_ASK)
    verdicts, notes = _verdicts(names, hidden)
    MEMORY.names = names
    MEMORY.keep(verdicts, hint)
    return _as_result(verdicts, hint, notes)


def hint(name: str | None = None) -> Checked | CheckedMany:
    """The next hint on a problem, with the files as they are on disk now.

    name: the problem's; without one, it is the first mistake of what was last checked. Where all of
    that is right now, the verdicts say so.
    Raises CheckError, in one sentence, if nothing was checked yet, or like `check`.
    """
    if not (name is None or isinstance(name, str)):
        raise CheckError('hint takes the name of a problem, as in hint("rnn_forward"), or nothing')
    names = MEMORY.names if name is None else (name,)
    if names is None:
        raise CheckError('there is nothing to hint at yet: run a check first, as check("rnn")')
    verdicts, notes = _verdicts(names)
    MEMORY.names = names
    verdict = look_next(verdicts)
    if verdict is None:
        return _as_result(verdicts, FIRST, notes)
    level = MEMORY.level_after(verdict)
    MEMORY.keep([verdict], level)
    return Checked(verdict, level, notes)


def case(name: str = "") -> GivenCase:
    """The first public case of a problem that your code fails, to work with; else the first.

        failing = case("rnn_forward")
        failing.inputs["x"], failing.expected["h"]
        failing.run()

    Raises CheckError, in one sentence, if there is no such problem or it cannot be found out.
    """
    from autograder.check.debug import case_to_work_with  # a check does not need it

    if not isinstance(name, str) or not name:
        raise CheckError('case takes the name of a problem, as in case("rnn_forward")')
    try:
        return case_to_work_with(name)
    except UserError as error:
        raise CheckError(str(error)) from None


def _as_result(
    verdicts: Sequence[Verdict], level: int, notes: Sequence[str]
) -> Checked | CheckedMany:
    if len(verdicts) == 1:
        return Checked(verdicts[0], level, notes)
    return CheckedMany(verdicts, level, notes)


def _verdicts(
    names: Sequence[str], hidden: str | Path | None = None
) -> tuple[list[Verdict], list[str]]:
    """The verdicts on the problems asked for, and what there is to say of files and notebook.

    Raises CheckError.
    """
    root = Path(__file__).resolve().parents[2]
    arguments = ["--json"]
    if hidden:
        hidden_book = Path(hidden).resolve()  # the command runs in another folder
        arguments += ["--hidden", str(hidden_book)]
    try:
        done = run_check(root, *arguments, "--", *names)
    except UserError as error:
        raise CheckError(str(error)) from None
    verdicts = [from_data(data) for data in json.loads(done.stdout)]
    notes = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    return verdicts, [*notes, *_notes_on_notebook(verdicts, root)]


def _notes_on_notebook(verdicts: Sequence[Verdict], root: Path) -> Iterator[str]:
    """A note for each function that is checked and that this notebook has one of its own of."""
    namespace = vars(sys.modules["__main__"])
    defined = [own for own, value in namespace.items() if _is_own(value)]
    notebook = _notebook_name(namespace, root)
    said: set[str] = set()
    for verdict in verdicts:
        said.update(not_looked_at(verdict.problem, defined, notebook, root))
    for sentence in sorted(said):
        yield f"note: {sentence}"


def _said(verdict: Verdict) -> list[str]:
    """All that a verdict says: the same of the same mistake."""
    return [verdict.status, *verdict.hints, *(finding.text for finding in verdict.findings)]


# ------------------------------------------------------------------------- work beside the files


def not_looked_at(name: str, defined: Collection[str], notebook: str, root: Path) -> list[str]:
    """A sentence, if a notebook has its own function of the name that a problem checks.

    name: the problem's. defined: the functions that the notebook defines. notebook: what to call it
    in a command. root: the folder in which `recurrent/` lies.
    """
    problem = next((one for one in lessons.all_problems() if one.name == name), None)
    function = problem.of.partition(".")[0] if problem else ""
    if problem is None or function not in defined:
        return []
    file = f"recurrent/{problem.lesson}.py"
    sentence = f"your {function} in this notebook is not looked at: {file} is read"
    found = find_function(_text_of(root / file), problem.of)
    if found is None:
        return [sentence]
    to_do = is_to_do(found)
    # The line that the verdict itself names.
    raised = [part.lineno for part in found.body if isinstance(part, ast.Raise)]
    line = raised[0] if to_do and raised else found.lineno
    sentence += f", line {line}"
    if to_do:
        sentence += " (still to do). To move yours there, save the notebook and run "
        sentence += f"`{python_command()} check.py --from {notebook}`"
    return [sentence]


def _is_own(value: object) -> bool:
    """Whether it is a function, or a class, that does not come from the files."""
    module = str(getattr(value, "__module__", ""))
    return callable(value) and not module.startswith("recurrent.")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _notebook_name(namespace: Mapping[str, Any], root: Path) -> str:
    """The notebook that is running, as it is called from the handout's folder, if that is known."""
    # JupyterLab says it in one place and VS Code in another.
    named = os.environ.get("JPY_SESSION_NAME") or str(namespace.get("__vsc_ipynb_file__", ""))
    if not named.endswith(".ipynb"):
        return "NOTEBOOK.ipynb"
    path = Path(named)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
