"""A hook of mkdocs: what the pages link to outside docs/ is a page of the site, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

OUTSIDE = ("SECURITY.md",)
"""Files at the repository's root that pages link to as `../NAME`."""

DRAWINGS = "assignment/recurrent/pictures/drawings"
"""The folder of the drawings, which pages show as `../FOLDER/NAME.svg`."""

HERE = "drawings"
"""Where the site has them."""


def on_files(files: Any, config: Any) -> Any:
    """Add these files to the site. mkdocs calls this with all that it has found."""
    from mkdocs.structure.files import File  # type: ignore[import-not-found]

    root = Path(config["config_file_path"]).parent
    for name in OUTSIDE:
        files.append(File.generated(config, name, abs_src_path=str(root / name)))
    for path in sorted((root / DRAWINGS).glob("*.svg")):
        name = f"{HERE}/{path.name}"
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Have links to these files lead to their pages. mkdocs calls this for each page."""
    for name in OUTSIDE:
        markdown = markdown.replace(f"](../{name}", f"]({name}")
    return markdown.replace(f"](../{DRAWINGS}/", f"]({HERE}/")
