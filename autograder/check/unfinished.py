"""In a notebook, a cell that needs what is still to do is a note and not an error: "Run all" goes
on after it.

    %load_ext autograder.check.unfinished

An error in code that is written is shown as ever. What a noted cell would have made is taken out
of the notebook's memory: no later cell goes on with values that were made for something else. And
as long as a file cannot be read, every cell says that it is the old code that runs.
"""

from __future__ import annotations

import ast
import html
import symtable
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import lessons
from autograder.notebook_code import find_function, is_to_do

ROOT = Path(__file__).resolve().parents[2]
"""The folder in which the student's `recurrent/` lies."""

HEAD = "· to do"
NOTE = f"{HEAD}: "
"""How a note begins on what is still to do."""

OLD_CODE = "! old code"
"""How a note begins on a file that cannot be read, before a colon."""

LOOK = "border-left:4px solid #808080;padding:2px 10px;margin:4px 0"


@dataclass(frozen=True)
class ToDo:
    """A function of the student's that raised NotImplementedError, and where it did."""

    function: str
    path: Path
    line: int

    @property
    def place(self) -> str:
        """`recurrent/rnn.py, line 57`."""
        return f"recurrent/{self.path.name}, line {self.line}"

    def is_still(self) -> bool:
        """Whether the function has nothing in it, in the file as it is now."""
        found = find_function(_text_of(self.path), self.function)
        return found is not None and is_to_do(found)


class Unfinished:
    """What one notebook's kernel does with unfinished work.

    missing: each variable that a noted cell would have made -> what that cell needed.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.missing: dict[str, ToDo] = {}
        self._read: dict[Path, tuple[int, str]] = {}
        self._noted: tuple[BaseException, ToDo] | None = None

    def before_cell(self, info: object) -> None:
        """Say of each file that was imported and cannot be read now that its old code runs.

        info: IPython's, of the cell.
        """
        for name in lessons.names():
            path = ROOT / "recurrent" / f"{name}.py"
            wrong = self._unreadable(path) if f"recurrent.{name}" in sys.modules else ""
            if wrong:
                sentence = (
                    f"recurrent/{path.name} cannot be read ({wrong}): until that is mended, this "
                    f"notebook uses its functions as they were before"
                )
                _show(self.shell, OLD_CODE, sentence)

    def _unreadable(self, path: Path) -> str:
        """What is wrong with a file's syntax, or empty; it is read again when it has changed."""
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return ""
        known, wrong = self._read.get(path, (0, ""))
        if changed != known:
            wrong = _wrong_syntax(_text_of(path))
            self._read[path] = changed, wrong
        return wrong

    def instead_of_traceback(
        self,
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        """Show an error: as a note if it only says that something is to do, else as IPython does.

        The arguments are those that IPython's `set_custom_exc` gives a handler.
        """
        found = self._to_do_behind(error, trace)
        if found is None:
            self._noted = None
            shell.showtraceback(running_compiled_code=True)
            return
        self._noted = error, found
        _drop_pictures()
        _show(shell, HEAD, _why(error, found))

    def after_cell(self, result: Any) -> None:
        """After a noted cell: forget what it would have made, and let the next cell run.

        result: IPython's, of the cell. The kernel reads it after us: with an error in it, "Run all"
        would end here.
        """
        if self._noted is None or result is None:
            return
        error, found = self._noted
        self._noted = None
        if result.error_in_exec is not error:
            return
        result.error_in_exec = None
        cell = self.shell.transform_cell(result.info.raw_cell)
        for name in _not_made(cell, self._line_in_cell(error)):
            self.shell.user_ns.pop(name, None)
            self.missing[name] = found

    def _to_do_behind(self, error: BaseException, trace: TracebackType | None) -> ToDo | None:
        frames = list(_frames(trace))
        if not frames:
            return None
        innermost = frames[-1]
        if isinstance(error, NotImplementedError):
            return _function_at(innermost)
        if type(error) is not NameError or innermost.tb_frame.f_globals is not self.shell.user_ns:
            return None  # a name that is missing in somebody's file is a mistake there
        return self.missing.get(error.name or "")

    def _line_in_cell(self, error: BaseException) -> int:
        """The line of the cell at which it ended."""
        for frame in _frames(error.__traceback__):
            if frame.tb_frame.f_globals is self.shell.user_ns:
                return frame.tb_lineno
        return 1


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext` calls. shell: IPython's."""
    unfinished = Unfinished(shell)
    shell.set_custom_exc((NotImplementedError, NameError), _without_self(unfinished))
    shell.events.register("pre_run_cell", unfinished.before_cell)
    shell.events.register("post_run_cell", unfinished.after_cell)


def _without_self(unfinished: Unfinished) -> Any:
    # IPython makes the handler a method of its shell, which a bound method cannot become.
    def handler(shell: Any, kind: Any, error: Any, trace: Any, tb_offset: Any = None) -> None:
        unfinished.instead_of_traceback(shell, kind, error, trace, tb_offset)

    return handler


# ------------------------------------------------------------------------------- where it came from


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _function_at(frame: TracebackType) -> ToDo | None:
    """The student's function in which a frame is; None if it is in anything else."""
    path = Path(frame.tb_frame.f_code.co_filename).resolve()
    if path.parent != ROOT / "recurrent" or path.stem not in lessons.names():
        return None
    name = _name_at(_text_of(path), frame.tb_lineno)
    return ToDo(name, path, frame.tb_lineno) if name else None


def _name_at(source: str, line: int) -> str:
    """The function, or `Class.method`, at the top of a file that has a line in it."""
    try:
        body: list[ast.stmt] = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    names = []
    while around := [node for node in body if node.lineno <= line <= (node.end_lineno or 0)]:
        node = around[0]
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            break
        names.append(node.name)
        if isinstance(node, ast.FunctionDef):
            return ".".join(names)
        body = node.body
    return ""


def _text_of(path: Path) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8")
    return ""


def _wrong_syntax(source: str) -> str:
    try:
        ast.parse(source)
    except SyntaxError as error:
        return f"line {error.lineno or 1}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


def _not_made(cell: str, line: int) -> Iterator[str]:
    """The names that a cell which ended at a line has not made, or not to the end.

    Of variables that is every one: what was filled step by step is half full. Functions that stand
    before the line are as they should be.
    """
    tree = ast.parse(cell)
    unsure = []
    for statement in tree.body:
        is_over = (statement.end_lineno or 0) < line
        finished = isinstance(
            statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        )
        if not (is_over and finished):
            unsure.append(statement)
    code = ast.unparse(ast.Module(unsure, []))
    for symbol in symtable.symtable(code, "cell", "exec").get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()


# ------------------------------------------------------------------------------------ what is shown


def _why(error: BaseException, found: ToDo) -> str:
    """Why a cell could not go on, in a sentence with code in backticks."""
    function = f"`{found.function}`"
    if isinstance(error, NotImplementedError):
        if found.is_still():
            return f"this cell needs {function}, which is still to do in {found.place}"
        return (
            f"this cell needs {function}, which is not finished: `raise NotImplementedError` still "
            f"stands in {found.place}"
        )
    name = f"`{getattr(error, 'name', '')}`"
    if found.is_still():
        return (
            f"this cell needs {name} from a cell above, and that one needs {function}, which is "
            f"still to do in {found.place}"
        )
    return f"this cell needs {name} from a cell above: run that one first"


def _show(shell: Any, head: str, sentence: str) -> None:
    """Show a sentence with code in backticks, as text and as HTML."""
    text = f"{head}: {sentence.replace('`', '')}"
    parts = html.escape(sentence).split("`")
    parts[1::2] = [f"<code>{part}</code>" for part in parts[1::2]]
    box = f'<div style="{LOOK}"><b>{head}</b> {"".join(parts)}</div>'
    shell.display_pub.publish({"text/plain": text, "text/html": box})


def _drop_pictures() -> None:
    """Close the pictures that a cell began: at its end the notebook would show them half drawn."""
    plots = sys.modules.get("matplotlib.pyplot")
    if plots is not None:
        plots.close("all")
