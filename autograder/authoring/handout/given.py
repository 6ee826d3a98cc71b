"""What a handout gives whole: refused where it is graded, named by the build where it is not.

A function without markers reaches students as it is. For a graded one that is a leak, and it is
decided here. For a helper it may be meant; no program can tell, so nothing is given unnamed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder import lessons
from autograder.authoring.sources import StubError, functions, parsed
from autograder.problem import Lesson

# ------------------------------------------------------------------------- what is graded and given


def refuse_answers(lesson: Lesson, source: str, stubbed: str) -> None:
    """Raise StubError, naming file and function, where a stub gives a graded function away.

    lesson: says which functions are graded. source, stubbed: its file before and after.

    Refused is a graded function that is not in the file, that is defined more than once, that has
    no markers, or that has code outside them.
    """
    wrong = list(_given_away(lesson, source, stubbed))
    if wrong:
        raise StubError(f"solutions/recurrent/{lesson.name}.py: {'; '.join(wrong)}")


def refuse_graded_functions(name: str, source: str) -> None:
    """Raise StubError for a given module that defines what is graded: a solved stub under another
    name, say, that somebody left among them.
    """
    graded = {problem.of for problem in lessons.all_problems()}
    for function, _ in functions(parsed(source, name)):
        if function in graded:
            raise StubError(
                f"assignment/{name} defines {function}, which is graded: everything beside the "
                f"stubs is given to students as it is"
            )


def _given_away(lesson: Lesson, source: str, stubbed: str) -> Iterator[str]:
    """What is wrong with the graded functions of a file, a clause each."""
    solved = dict(functions(ast.parse(source)))
    left = dict(functions(ast.parse(stubbed)))
    bound = list(_bindings(ast.parse(source).body))
    for name, problem in {problem.of: problem for problem in lesson.problems}.items():
        lines = [str(line) for other, line in bound if name == other or _is_class_of(other, name)]
        if name not in solved:
            yield f"there is no function {name}, which the problem {problem.name} checks"
        elif len(lines) > 1 + name.count("."):
            yield f"{name} is defined more than once, see lines {', '.join(lines)}"
        elif ast.dump(solved[name]) == ast.dump(left[name]):
            yield f"{name} is graded and has no solution markers, so students would get its answer"
        else:
            yield from _outside_the_markers(name, left[name])


def _is_class_of(name: str, method: str) -> bool:
    return method.startswith(f"{name}.")


def _outside_the_markers(name: str, function: ast.FunctionDef) -> Iterator[str]:
    """The first statement of a stub that is neither docstring nor to do nor a return of names.

    Scaffolding cannot be told from an answer, so there is none in a graded function.
    """
    for statement in function.body:
        if not (_is_text(statement) or _is_to_do(statement, name) or _returns_names(statement)):
            yield (
                f"{name} has code outside its solution markers: "
                f"{ast.unparse(statement).splitlines()[0]}"
            )
            return


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_to_do(statement: ast.stmt, name: str) -> bool:
    """Whether this is the line that `stub` writes for the function of that name."""
    if not isinstance(statement, ast.Raise) or not isinstance(statement.exc, ast.Call):
        return False
    raised = ast.unparse(statement.exc)
    return raised.startswith((f"NotImplementedError('{name}')", f"NotImplementedError('{name} ("))


def _returns_names(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Return):
        return False
    value = statement.value
    parts: Sequence[ast.expr | None] = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(part is None or isinstance(part, ast.Name) for part in parts)


def _bindings(body: Sequence[ast.stmt], prefix: str = "") -> Iterator[tuple[str, int]]:
    """Every name that a module or class gets, and in which line: the last of equals is what counts.

    Also within `if`, `try` and loops, and by `Class.method = ...`.
    """
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + node.name, node.lineno
        elif isinstance(node, ast.ClassDef):
            yield prefix + node.name, node.lineno
            yield from _bindings(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield prefix + (alias.asname or alias.name), node.lineno
        else:
            for target in _targets(node):
                yield prefix + target, node.lineno
            for block in ("body", "orelse", "finalbody"):
                yield from _bindings(getattr(node, block, []), prefix)
            for handler in getattr(node, "handlers", []):
                yield from _bindings(handler.body, prefix)


def _targets(node: ast.stmt) -> Iterator[str]:
    """What an assignment assigns to: `a` and `B.c` for `a, B.c = ...`."""
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    for target in targets:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for part in parts:
            if isinstance(part, (ast.Name, ast.Attribute)):
                yield ast.unparse(part)


# ----------------------------------------------------------------------- what is given, on purpose?


def given_whole(stubbed: str) -> list[str]:
    """What a stub holds besides what is to do, by name: functions, methods, constants.

    A statement that has no name is given by its first line. Imports and docstrings are not named.
    """
    tree = ast.parse(stubbed)
    return list(_given(tree.body))


def _given(body: Sequence[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _given(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield from _given_of_function(prefix + node.name, node)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in _targets(node):
                yield prefix + target
        elif not (_is_text(node) or isinstance(node, (ast.Import, ast.ImportFrom))):
            yield f"`{ast.unparse(node).splitlines()[0]}`"


def _given_of_function(name: str, function: ast.FunctionDef) -> Iterator[str]:
    to_do = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
    if not any(_is_to_do(node, name) for node in to_do):
        yield name
    elif list(_outside_the_markers(name, function)):
        yield f"{name} (in part)"


def given_report(recurrent: Path) -> list[str]:
    """What a folder of stubs and given modules gives, a line for each stub and one for the modules.

    `given whole: sigmoid in lstm.py`; the build prints it, so that nothing is given unseen.
    """
    report, modules = [], []
    for path in sorted(recurrent.iterdir()):
        if path.suffix == ".py" and path.stem in lessons.names():
            names = given_whole(path.read_text(encoding="utf-8"))
            if names:
                report.append(f"given whole: {', '.join(names)} in {path.name}")
        elif path.name != "__pycache__":
            modules.append(f"{path.name}/" if path.is_dir() else path.name)
    return [*report, f"given as they are: {', '.join(modules)}"]
