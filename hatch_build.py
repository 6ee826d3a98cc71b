"""Gives the package the requirements that stand in the requirement files, so that they stand once.

`pyproject.toml` says which files a plain install and each extra read; pip, make and a student's
handout read the same files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementFiles(MetadataHookInterface):
    """Fills in `dependencies` and `optional-dependencies`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add both to the `[project]` table, from `[tool.hatch.metadata.hooks.custom]`."""
        root = Path(self.root)
        metadata["dependencies"] = requirements(root, self.config["dependencies"])
        metadata["optional-dependencies"] = {
            extra: requirements(root, files) for extra, files in self.config["extras"].items()
        }


def requirements(root: Path, files: list[str]) -> list[str]:
    """The requirements of these files, each once, in order."""
    found: list[str] = []
    for file in files:
        found += _read(root / file)
    return list(dict.fromkeys(found))


def _read(path: Path) -> list[str]:
    """The requirements of a file, and of those that it refers to with `-r`.

    Raises ValueError for any other option of pip: a package's metadata cannot hold it.
    """
    found: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = re.sub(r"(^|\s)#.*", "", line).strip()
        if entry.startswith("-r "):
            found += _read(path.parent / entry.removeprefix("-r ").strip())
        elif entry.startswith("-"):
            raise ValueError(f"{path.name}: {entry} is an option of pip, not a requirement")
        elif entry:
            found.append(entry)
    return found
