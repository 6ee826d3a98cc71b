"""The drawings of networks in notebooks and on pages: one module a drawing, on one `canvas`.

Each is written into `assignment/` as an SVG file, with the rest of what is generated there.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePosixPath

from autograder.authoring.drawings.canvas import Canvas

NAMES = (
    "space",
    "patterns",
    "unrolled",
    "lstm_cell",
    "gru_cell",
    "residual",
    "stack",
    "captioner",
    "additive_attention",
    "bidirectional_encoder",
    "transformer_block",
)
"""In the order in which a reader meets them; each is a module of this room."""

FOLDER = PurePosixPath("recurrent/pictures/drawings")
"""Where they lie in a handout."""


def drawing(name: str) -> Canvas:
    """The drawing of that name."""
    module = import_module(f"autograder.authoring.drawings.{name}")
    canvas: Canvas = module.draw()
    return canvas


def drawn_files() -> dict[str, str]:
    """Path in a handout -> text, for every drawing."""
    return {str(FOLDER / f"{name}.svg"): drawing(name).svg() for name in NAMES}


def as_image(name: str, folder: str) -> str:
    """A drawing as Markdown shows it, with what it says for readers who do not see it.

    folder: the one it lies in, seen from the text.
    """
    canvas = drawing(name)
    return f"![{canvas.title}. {canvas.words}]({folder}/{name}.svg)"
