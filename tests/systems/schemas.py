"""The forms that course systems document, as JSON schemas written by hand from their pages."""

from __future__ import annotations

from typing import Any

WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}

CLASSROOM50: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "schema",
        "classroom",
        "assignment",
        "assignment_type",
        "owner",
        "submission",
        "commit",
        "release",
        "review",
        "datetime",
        "score",
        "max-score",
        "tests",
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": TEXT,
        "assignment": TEXT,
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "owner": TEXT,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": TEXT,
        "release": TEXT,
        "review": TEXT,
        "datetime": MOMENT,
        "graded_at": MOMENT,
        "score": WHOLE,
        "max-score": WHOLE,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": TEXT,
                    "passed": {"type": "boolean"},
                    "score": WHOLE,
                    "max-score": WHOLE,
                },
            },
        },
        "submitted_by": {"type": "object"},
    },
}
"""result.json, from https://github.com/foundation50/classroom50/wiki/Advanced-Autograding and that
repository's schemas/result-v1.schema.json."""

IMAGES = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["url"],
        "properties": {
            "label": {"type": "string"},
            "url": {"type": "string", "pattern": r"^data:image/[\w.+-]+;base64,[\w+/]+=*$"},
        },
    },
}

PRAIRIELEARN: dict[str, Any] = {
    "type": "object",
    "required": ["score"],
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "message": {"type": "string"},
        "output": {"type": "string"},
        "images": IMAGES,
        "format_errors": {"type": ["string", "array"], "items": {"type": "string"}},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                # All or none of the tests, says the element that shows them.
                "required": ["points", "max_points"],
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "message": {"type": "string"},
                    "output": {"type": "string"},
                    "images": IMAGES,
                },
            },
        },
    },
}
"""results.json, from https://prairielearn.readthedocs.io/en/latest/externalGrading/."""

PRAIRIELEARNS_BYTES = 1_000_000

PRAIRIELEARNS_QUESTION: dict[str, Any] = {
    "type": "object",
    "required": ["uuid", "title", "topic", "type", "externalGradingOptions"],
    "properties": {
        "uuid": {
            "type": "string",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        },
        "title": TEXT,
        "topic": TEXT,
        "type": {"const": "v3"},
        "gradingMethod": {"const": "External"},
        "externalGradingOptions": {
            "type": "object",
            "additionalProperties": False,
            "required": ["image"],
            "properties": {
                "enabled": {"type": "boolean"},
                "image": TEXT,
                "entrypoint": {"type": "string", "pattern": "^/"},
                "serverFilesCourse": {"type": "array", "items": TEXT},
                "timeout": {"type": "integer", "minimum": 1, "maximum": 600},
                "enableNetworking": {"type": "boolean"},
                "environment": {"type": "object"},
            },
        },
    },
}
"""info.json, from the same page."""

AUTOLAB: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["scores"],
    "properties": {
        "scores": {
            "type": "object",
            "minProperties": 1,
            # Its parser puts quotation marks round what stands before a colon.
            "propertyNames": {"pattern": "^[^:]+$"},
            "additionalProperties": {"type": "number", "minimum": 0},
        },
        "scoreboard": {"type": "array"},
    },
}
"""The last line, from https://docs.autolabproject.com/lab/."""

AUTOLABS_TABLE: dict[str, Any] = {
    "type": "object",
    "required": ["_presentation", "stages"],
    "properties": {
        "_presentation": {"const": "semantic"},
        "stages": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "required": ["passed"],
            "properties": {"passed": {"type": "boolean"}, "hint": {"type": "string"}},
        },
    },
}
"""The line before, from https://docs.autolabproject.com/features/formatted-feedback/."""
