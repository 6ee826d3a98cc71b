"""Verdicts in a notebook: `check("rnn_step_forward")` in a cell shows what is wrong, and where.

The judge runs in a process of its own. The notebook's kernel, in which the student's code lives,
gets the verdict as text and never holds an expected value.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import lessons
from autograder.check.process import run_check
from autograder.errors import UserError
from autograder.notebook_code import find_function, is_to_do
from autograder.platforms import python_command
from autograder.problem import Verdict
from autograder.report.ladder import in_notebook, next_hint
from autograder.report.page import heat_map, html
from autograder.report.record import as_text, from_data
from autograder.report.words import mark, score, word

if TYPE_CHECKING:
    from autograder.check.debug import GivenCase

__all__ = ["CheckError", "Checked", "case", "check", "heat_map", "html"]


class CheckError(UserError):
    """The check itself could not run; the message says what to do."""


class Checked:
    """A verdict as a notebook shows it, below what there is to say of the files. `score` is the
    points it earns.
    """

    def __init__(self, verdict: Verdict, level: int, notes: Sequence[str] = ()) -> None:
        self.verdict, self.level, self.notes = verdict, level, notes

    @property
    def score(self) -> float:
        """The points earned."""
        return self.verdict.score

    def __repr__(self) -> str:
        verdict = self.verdict
        sign, _ = mark(verdict)
        lines = [*self.notes, f"{sign} {verdict.problem}  {score(verdict)}  {word(verdict)}"]
        text = as_text(verdict, self.level)
        if text:
            lines.append(text)
        following = next_hint(verdict, self.level, in_notebook)
        if following:
            lines.append(following)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html(self.verdict, self.level, self.notes)

    def _repr_mimebundle_(self, **options: object) -> dict[str, str]:
        """What a notebook keeps of it. nbgrader takes a result's text for the points it earns."""
        text = repr(self)
        if os.environ.get("NBGRADER_EXECUTION"):
            text = str(self.score)
        return {"text/plain": text, "text/html": self._repr_html_()}


def check(name: str, hint: int = 1, hidden: str | Path | None = None) -> Checked:
    """Check one problem with the files in `recurrent/` as they are on disk now.

    name: the problem's.
    hint: up to which level hints are shown, 0 to 4: the last names the mistake, where it is known.
    hidden: the folder of the hidden casebook, for graders who have one.
    Raises CheckError, in one sentence, if there is no such problem or the check cannot run.
    """
    root = Path(__file__).resolve().parents[2]
    arguments = [name, "--json"]
    if hidden:
        hidden_book = Path(hidden).resolve()  # the command runs in another folder
        arguments += ["--hidden", str(hidden_book)]
    try:
        done = run_check(root, *arguments)
    except UserError as error:
        raise CheckError(str(error)) from None
    verdict = from_data(json.loads(done.stdout)[0])
    namespace = vars(sys.modules["__main__"])
    defined = [own for own, value in namespace.items() if _is_own(value)]
    notes = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    for sentence in not_looked_at(name, defined, _notebook_name(namespace, root), root):
        notes.append(f"note: {sentence}")
    return Checked(verdict, hint, notes)


def case(name: str) -> GivenCase:
    """The first public case of a problem that your code fails, to work with; else the first.

        failing = case("rnn_forward")
        failing.inputs["x"], failing.expected["h"]
        failing.run()

    Raises UserError, in one sentence, if there is no such problem or it cannot be found out.
    """
    from autograder.check.debug import case_to_work_with  # a check does not need it

    return case_to_work_with(name)


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
