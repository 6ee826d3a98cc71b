"""What a worker says, held to what an honest one could say: the student's code may have written it.

Its types are right already (`messages.read_answer`). Here go the names and texts that no honest
worker would use, above all in the parts that are shown for hidden cases too.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import replace

from autograder.printable import LINES, printable
from autograder.problem import Fault, Problem, Reply

BUILTIN_ERRORS = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
KNOWN_ERRORS = BUILTIN_ERRORS.union(
    # numpy's
    ("AxisError", "LinAlgError", "UFuncTypeError", "_ArrayMemoryError", "_UFuncNoLoopError"),
    ("_UFuncBinaryResolutionError", "_UFuncCastingError"),
    ("_UFuncInputCastingError", "_UFuncOutputCastingError"),
    # some of the standard library's and torch's
    ("BdbQuit", "Error", "JSONDecodeError", "OutOfMemoryError", "error"),
    # the guard's
    ("Refused", "RefusedDeed"),
    # of what is lent
    ("NotLent",),
)
"""The names of errors that may be shown."""

OWN_ERROR = "an exception of its own"
"""Said instead of any other name.

A class can be named after what it has seen, and hidden faults show their type.
"""

NOTE, MOST_NOTES = re.compile(r"[a-z0-9_:]{1,60}"), 9
"""What a noted operator's name looks like, and how many of them a reply may have."""

PLACE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}\.py, line [0-9]{1,6}")

STEP = re.compile(PLACE.pattern + r", in [\w<>]{1,80}(: `.*`( with .*)?)?")
"""An entry of a fault's path. It quotes a line of the student's, so that anything may be in it."""


def reply(said: Reply, problem: Problem) -> Reply:
    """A worker's reply about a problem, without what is not the problem's."""
    outputs = {tensor.name for tensor in problem.answers}
    arguments = {tensor.name for tensor in problem.takes}
    return Reply(
        {name: array for name, array in said.outputs.items() if name in outputs},
        odd={name: text for name, text in said.odd.items() if name in outputs},
        # once each, in order
        changed=tuple(dict.fromkeys(name for name in said.changed if name in arguments)),
        fault=fault(said.fault),
        notes=tuple(name for name in said.notes[:MOST_NOTES] if NOTE.fullmatch(name)),
    )


def fault(said: Fault | None) -> Fault | None:
    """A fault of which the type and the place are what they can honestly be.

    Of a path, the entries that are none are dropped.
    """
    if said is None:
        return None
    error, location = said.error, said.location
    if error and error not in KNOWN_ERRORS:
        error = OWN_ERROR
    if not PLACE.fullmatch(location):
        location = ""
    path = tuple(step for step in said.path if STEP.fullmatch(step))
    return replace(said, error=error, location=location, path=path)


def hidden_reply(said: Reply, problem: Problem) -> Reply:
    """All that is heard of a hidden case: arrays, and which outputs are missing."""
    heard = reply(said, problem)
    odd = dict.fromkeys(heard.odd, "no array of numbers")
    silent = None if heard.fault is None else hidden_fault(heard.fault)
    return Reply(heard.outputs, odd=odd, fault=silent)


def hidden_fault(said: Fault) -> Fault:
    """All that is heard of why there is none: that it took too long, or not even that."""
    return Fault("timeout" if said.kind == "timeout" else "silent")


def harmless(text: str) -> str:
    """Printed text, of one or more lines, as it may be shown."""
    return printable(text, LINES)
