"""The reference of the command line, read from the parser itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from autograder.authoring.figures import table
from autograder.cli import parser

PROGRAM = "python -m autograder"


def lines() -> Iterator[str]:
    """A section for each verb, and for each verb of `class`, in Markdown."""
    for name, verb, purpose in verbs(parser()[0]):
        yield from ("", f"### `{name}`", "", f"{purpose[0].upper()}{purpose[1:]}.", "")
        yield from ("```text", usage(name, verb), "```")
        rows = [*arguments(verb)]
        if rows:
            yield ""
            yield from table(("argument", "what it does"), rows)
    yield ""


def verbs(
    parent: argparse.ArgumentParser, before: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Every verb that runs something: its full name, its parser, and what it is for."""
    for action in parent._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        purposes = {choice.dest: choice.help or "" for choice in action._choices_actions}
        for name, verb in action.choices.items():
            inner = [*verbs(verb, f"{before}{name} ")]
            if inner:
                yield from inner
            else:
                yield f"{before}{name}", verb, purposes.get(name, "")


def usage(name: str, verb: argparse.ArgumentParser) -> str:
    """What to type, on one line."""
    parts = [PROGRAM, name]
    for action in _shown(verb):
        if not action.option_strings:
            parts.append(
                _value(action) if action.nargs not in ("*",) else f"[{_value(action)} ...]"
            )
        elif action.required:
            parts.append(_option(action))
    if any(action.option_strings and not action.required for action in _shown(verb)):
        parts.append("[OPTION ...]")
    return " ".join(parts)


def arguments(verb: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each argument and option, with what it does."""
    for action in _shown(verb):
        written = _option(action) if action.option_strings else _value(action)
        yield f"`{written}`", (action.help or "").replace("%%", "%")


def _shown(verb: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """All but `--help`, and what has been left out of the help on purpose."""
    for action in verb._actions:
        if action.dest != "help" and action.help != argparse.SUPPRESS:
            yield action


def _option(action: argparse.Action) -> str:
    name = action.option_strings[-1]
    return name if action.nargs == 0 else f"{name} {_value(action)}"


def _value(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    if action.choices is not None:
        return "|".join(str(choice) for choice in action.choices)
    return action.dest.upper()
