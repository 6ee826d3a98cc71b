"""The forms in which a check is written for other programs, by the names that students give."""

from __future__ import annotations

import json
from collections.abc import Callable

from autograder.report.gcc import gcc
from autograder.report.github import github
from autograder.report.junit import junit
from autograder.report.markdown import markdown
from autograder.report.record import as_data
from autograder.report.telling import Telling


def as_json(telling: Telling) -> str:
    """The whole of the verdicts, as `record.from_data` reads them."""
    return json.dumps([as_data(verdict) for verdict in telling.verdicts])


FORMATS: dict[str, Callable[[Telling], str]] = {
    "gcc": gcc,
    "github": github,
    "junit": junit,
    "json": as_json,
    "markdown": markdown,
}
"""Name -> what writes it; `text`, which is for people, is not among them."""

WITH_REMARKS = ("github", "markdown")
"""The forms that have a place for what there is to say of the files."""
