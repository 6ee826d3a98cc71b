"""Whether a file is still as it was handed out, read from its text: then nobody need run it.

To import torch takes seconds, and of a file in which nothing is written yet it is known without
that what every one of its problems says.
"""

from __future__ import annotations

import ast
from pathlib import Path

from autograder import lessons
from autograder.notebook_code import docstring_of, function_in, is_to_do
from autograder.printable import printable
from autograder.problem import Fault, Problem


def still_to_do(package: Path, problem: Problem) -> Fault | None:
    """The fault that running the problem would give; None if its file has to be run.

    package: the folder in which the student's `recurrent/` lies.
    """
    path = package / "recurrent" / f"{problem.lesson}.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    graded = {one.of for one in lessons.lesson(problem.lesson).problems}
    if not _is_plain(tree) or not all(_text(tree, function) for function in graded):
        return None
    text, line = _text(tree, problem.of) or ("", 0)
    return Fault("todo", "NotImplementedError", text, f"{path.name}, line {line}")


def _is_plain(tree: ast.Module) -> bool:
    """Whether a file has only imports, functions and classes, and defines each name once."""
    names: list[str] = []
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            if isinstance(statement, ast.ImportFrom) and statement.level:
                return False  # another of the student's files, which may do anything
            names += [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
        elif isinstance(statement, ast.ClassDef):
            names.append(statement.name)
            if statement.decorator_list or statement.keywords or not _has_methods_only(statement):
                return False
        elif isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
            if statement.decorator_list:
                return False
        elif isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            # such as STUDENT = "ada@example.edu"
            names += [ast.unparse(target) for target in statement.targets]
        elif not _is_text(statement):
            return False
    return len(names) == len(set(names)) and "*" not in names


def _has_methods_only(owner: ast.ClassDef) -> bool:
    names = []
    for part in owner.body:
        if isinstance(part, ast.FunctionDef) and all(map(_is_torchs, part.decorator_list)):
            names.append(part.name)
        elif not _is_text(part):
            return False
    return len(names) == len(set(names))


def _is_torchs(decorator: ast.expr) -> bool:
    """`@torch.no_grad()` runs the function that it stands above; of another that is not sure."""
    return ast.unparse(decorator) == "torch.no_grad()"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _text(tree: ast.Module, name: str) -> tuple[str, int] | None:
    """What a function that is still to do says of itself, and on which line; None if it is not."""
    for statement in tree.body:
        function = function_in(statement, name)
        if function is None or not is_to_do(function):
            continue
        body = function.body[1:] if docstring_of(function) else function.body
        first = body[0]
        if isinstance(first, ast.Raise) and isinstance(first.exc, ast.Call):
            words = [one.value for one in first.exc.args if isinstance(one, ast.Constant)]
            if len(words) == 1 and isinstance(words[0], str):
                return printable(words[0], longest=300), first.lineno
    return None
