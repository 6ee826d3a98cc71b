"""The reference of course.toml: a table for each of its tables."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from autograder.authoring.figures import table
from autograder.authoring.pages.words import words_of
from autograder.settings import Conventions, Course, Late, Leaderboard, Policy, ProblemSet
from autograder.settings.strict import Rule, rule_of, shown

NOT_WRITTEN = ("elsewhere",)
"""What a course has and course.toml may not: it is worked out."""

TABLES = {
    "Top of the file": Course,
    "[[sets]]": ProblemSet,
    "[policy]": Policy,
    "[late]": Late,
    "[conventions]": Conventions,
    "[leaderboard]": Leaderboard,
}
HEAD = ("setting", "what it is", "may be", "without it")


def lines() -> Iterator[str]:
    """The lines of the reference, in Markdown."""
    for title, kind in TABLES.items():
        heading = f"`{title}`" if title.startswith("[") else title
        yield from ("", f"### {heading}", "")
        yield from table(HEAD, rows(kind))
    yield ""


def rows(kind: type) -> Iterator[tuple[str, str, str, str]]:
    """A row for each setting of a table: its name, what it is, what it may be, its default."""
    types_of, words = get_type_hints(kind), words_of(kind)
    for setting in fields(kind):
        if setting.name not in NOT_WRITTEN:
            wanted = types_of[setting.name]
            sentence = _begun(words[setting.name])
            yield (
                f"`{setting.name}`",
                sentence,
                _may_be(wanted, setting.metadata, setting.name),
                _default(setting),
            )


def _begun(sentence: str) -> str:
    """A sentence with a capital, unless it begins with something quoted."""
    return sentence[0].upper() + sentence[1:]


def _may_be(wanted: Any, metadata: Mapping[str, Any], name: str) -> str:
    if "rule" in metadata and "names" not in metadata:
        rule: Rule = metadata["rule"]
        return rule.words
    if isinstance(wanted, types.UnionType):
        wanted = get_args(wanted)[0]  # a table that may be left out
    if is_dataclass(wanted):
        return f"the table `[{name}]`"
    if get_origin(wanted) is tuple:
        inner = get_args(wanted)[0]
        return f"tables `[[{name}]]`" if is_dataclass(inner) else "a list of names"
    if "names" in metadata:
        return f"the table `[{name}]`: for each {metadata['names'][0]}, {metadata['rule'].words}"
    return rule_of(wanted, metadata).words


def _default(setting: Field[Any]) -> str:
    if setting.default is MISSING and setting.default_factory is MISSING:
        return "refused"
    if setting.default is MISSING:
        return "its defaults" if setting.name == "policy" else "none"
    if setting.default is None or setting.default == "":
        return "none"
    return f"`{shown(setting.default)}`"
