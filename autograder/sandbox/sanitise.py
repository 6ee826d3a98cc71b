"""What a worker says of itself, held to what an honest one could say: the student's code may have
written it.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from autograder.problem import Fault

FAULT_KINDS = (
    "import",
    "missing",
    "todo",
    "raised",
    "returned",
    "refused",
    "died",
    "timeout",
    "garbled",
)
LONGEST_TEXT = 400

BUILTIN_ERRORS = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
KNOWN_ERRORS = BUILTIN_ERRORS.union(
    ("AxisError", "LinAlgError", "UFuncTypeError", "_ArrayMemoryError", "_UFuncNoLoopError"),
    (
        "_UFuncBinaryResolutionError",
        "_UFuncCastingError",
        "_UFuncInputCastingError",
        "_UFuncOutputCastingError",
    ),
    ("BdbQuit", "Error", "JSONDecodeError", "OutOfMemoryError", "error"),
    ("Refused", "RefusedDeed"),
)
"""The names of errors that may be shown: Python's, numpy's, some of the library's and torch's, the
guard's.
"""

OWN_ERROR = "an exception of its own"
"""Said instead of any other name: a class can be named after what it has seen, and hidden faults
show their type.
"""

PLACE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}\.py, line [0-9]{1,6}")


def fault(data: Any) -> Fault | None:
    """A fault from what a worker says of itself: texts are cut and lose their control characters.

    The parts that are shown for hidden cases too, the type and the place, are held to what they can
    honestly be.
    """
    if not isinstance(data, dict) or data.get("kind") not in FAULT_KINDS:
        return None
    text = {key: one_line(data.get(key, "")) for key in ("error", "text", "location", "call")}
    said = Fault(data["kind"], **text, phase="import" if data.get("phase") == "import" else "call")
    error = said.error if not said.error or said.error in KNOWN_ERRORS else OWN_ERROR
    return replace(
        said, error=error, location=said.location if PLACE.fullmatch(said.location) else ""
    )


def one_line(value: Any) -> str:
    """One short line of text; empty if it is none."""
    return (
        "".join(c if c.isprintable() else " " for c in value[:LONGEST_TEXT])
        if isinstance(value, str)
        else ""
    )


def harmless(text: str) -> str:
    """Printed text without characters that move a cursor, change a colour or turn a line round."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def mapping(value: Any) -> Mapping[Any, Any]:
    """The mapping it is, or an empty one."""
    return value if isinstance(value, dict) else {}


def known_names(value: Any, known: Collection[str]) -> tuple[str, ...]:
    """Those of the names that are known, once each, in order."""
    said = value[:100] if isinstance(value, list) else []
    return tuple(dict.fromkeys(name for name in said if isinstance(name, str) and name in known))
