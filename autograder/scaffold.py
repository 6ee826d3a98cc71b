"""From solutions to stubs: what stands between the markers becomes one line that says what is to do."""

from __future__ import annotations

import re
from pathlib import Path

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
"""nbgrader's markers, so that the same source serves there too."""


class ScaffoldError(Exception):
    """A solution file is marked wrongly; the message says where."""


def stub(source: str, name: str = "this file") -> str:
    """The source with every solution region replaced by `raise NotImplementedError(...)`.

    Raises ScaffoldError for markers that do not pair up or that stand outside a function.
    """
    lines: list[str] = []
    function, inside = "", 0
    for number, line in enumerate(source.splitlines(keepends=True), start=1):
        text = line.strip()
        defined = re.match(r"\s*def (\w+)\(", line)
        if defined and not inside:
            function = defined.group(1)
        if text == BEGIN:
            if inside or not function:
                raise ScaffoldError(f"{name}, line {number}: a solution begins inside another or outside a function")
            inside = number
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f'{indent}raise NotImplementedError("{function}: to do, see the docstring above")\n')
        elif text == END:
            if not inside:
                raise ScaffoldError(f"{name}, line {number}: a solution ends that never began")
            inside = 0
        elif not inside:
            lines.append(line)
    if inside:
        raise ScaffoldError(f"{name}, line {inside}: this solution never ends")
    return "".join(lines)


def stubs(solutions: Path) -> dict[str, str]:
    """Path below `assignment/` -> text, for every file of the students' package."""
    package = sorted((solutions / "recurrent").glob("*.py"))
    return {f"recurrent/{path.name}": stub(path.read_text(encoding="utf-8"), path.name) for path in package}


def write_assignment(solutions: Path, assignment: Path) -> list[str]:
    """Write the stubs; the names of the files that changed."""
    changed = stale_files(solutions, assignment)
    fresh = stubs(solutions)
    for name in changed:
        path = assignment / name
        if name in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def stale_files(solutions: Path, assignment: Path) -> list[str]:
    """The files of `assignment/recurrent/` that are not what `solutions/` gives today: other, missing, left over."""
    fresh = stubs(solutions)
    there = {f"recurrent/{path.name}": path.read_text("utf-8") for path in (assignment / "recurrent").glob("*.py")}
    return sorted(name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name))
