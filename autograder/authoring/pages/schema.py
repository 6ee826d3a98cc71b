"""course.toml's JSON Schema, made from the dataclasses that read it, for editors.

It may take what the reader refuses, such as a lesson in two sets, and never refuses what it takes.
"""

from __future__ import annotations

import json
import types
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from autograder.authoring.pages.settings import NOT_WRITTEN
from autograder.authoring.pages.words import words_of
from autograder.settings import Course
from autograder.settings.strict import rule_of

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest that TOML editors read."""


def as_text() -> str:
    """The schema as the file has it."""
    return json.dumps(course_schema(), indent=1) + "\n"


def course_schema() -> Schema:
    """The schema of course.toml."""
    return {"$schema": DRAFT, "title": "course.toml", **_table(Course, NOT_WRITTEN)}


def _table(kind: type, left_out: Collection[str] = ()) -> Schema:
    types_of, words = get_type_hints(kind), words_of(kind)
    properties, required = {}, []
    for setting in fields(kind):
        if setting.name in left_out:
            continue
        schema = _value(types_of[setting.name], setting.metadata)
        properties[setting.name] = {"description": words[setting.name], **schema}
        if setting.default is MISSING and setting.default_factory is MISSING:
            required.append(setting.name)
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _value(wanted: Any, metadata: Mapping[str, Any]) -> Schema:
    if get_origin(wanted) in (Union, types.UnionType):
        # TOML has no null, and where there are several kinds the field has a rule of its own.
        wanted = get_args(wanted)[0]
    if is_dataclass(wanted):
        return _table(wanted)  # type: ignore[arg-type]
    if get_origin(wanted) is tuple:
        return {"type": "array", "minItems": 1, "items": _item(get_args(wanted)[0], metadata)}
    if get_origin(wanted) is Mapping:
        value = rule_of(get_args(wanted)[1], metadata).schema
        _, known = metadata["names"]
        named = {name: dict(value) for name in known()}
        return {"type": "object", "properties": named, "additionalProperties": False}
    return dict(rule_of(wanted, metadata).schema)


def _item(wanted: Any, metadata: Mapping[str, Any]) -> Schema:
    """One entry of a list: a table, or a name that is known."""
    if is_dataclass(wanted):
        return _table(wanted)  # type: ignore[arg-type]
    _, known = metadata["names"]
    return {"enum": [*known()]}
