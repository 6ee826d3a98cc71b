"""Near misses as they are stored: those with one signature are one entry, with one text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.authoring.clues.changes import Beside, Changed, Ideas
from autograder.authoring.clues.signatures import Bench, Signature
from autograder.authoring.mutations.words import FAMILIES, IN_CACHE, Words
from autograder.clues import Part
from autograder.judge.near_miss import PLACE, Text, near
from autograder.problem import Arrays, Problem

ONE_PLACE = "right code is changed in a single place"
"""What is said of changes that have nothing else in common."""


@dataclass(frozen=True)
class Found:
    """A change that has a signature."""

    key: int
    changed: Changed
    signature: Signature


@dataclass(frozen=True)
class Entry:
    """All changes with one signature, and what is said of them."""

    text: Text
    signature: Signature
    members: tuple[Found, ...]


def merged(bench: Bench, found: Sequence[Found]) -> Iterator[Entry]:
    """The entries of one problem: without those that give what a known mistake gives."""
    for members in _clusters(bench.problem, found, list(bench.known())):
        signature = members[0].signature
        changed = [member.changed for member in members]
        text = text_of(changed, bench.problem.of, signature.masks)
        yield Entry(text, signature, tuple(members))


def _clusters(
    problem: Problem, found: Sequence[Found], known: Sequence[Signature]
) -> Iterator[list[Found]]:
    """Those with equal signatures together, but for those whose signature is known."""
    groups: dict[object, list[Found]] = {}
    for one in found:
        groups.setdefault(one.signature.same_places(), []).append(one)
    for group in groups.values():
        first = group[0].signature
        values = np.stack([one.signature.rows(first.values) for one in group])
        free = np.ones(len(group), bool)
        for signature in known:
            if signature.masks == first.masks:
                free &= ~near(problem, values, signature.rows(first.values)).all(axis=1)
        while free.any():
            same = free & near(problem, values, values[int(np.argmax(free))]).all(axis=1)
            free &= ~same
            yield [group[number] for number in np.flatnonzero(same)]


# ------------------------------------------------------------------------------------- what is said


def text_of(changed: Sequence[Changed], graded: str, outputs: Collection[str]) -> Text:
    """What all these changes share; empty if that is nothing.

    graded: the function that the problem checks. outputs: those that differ from the truth.
    """
    single = list(dict.fromkeys(one.told for one in changed if isinstance(one.told, Words)))
    if single:
        # What is wrong in the cache is wrong where it is used, which says more.
        used = [told for told in single if told.where != IN_CACHE]
        return _of_single(used or single, graded, outputs)
    pairs = {one.told for one in changed if isinstance(one.told, Ideas)}
    if len(pairs) == 1:
        (pair,) = pairs
        return (pair.one, pair.other)
    beside = {one.told for one in changed if isinstance(one.told, Beside)}
    if len(beside) == 1 and not pairs:
        (one,) = beside
        return (one.misconception, clause(one.slip, graded))
    return ""


def _of_single(single: Sequence[Words], graded: str, outputs: Collection[str]) -> Text:
    if _is_of_result(single, outputs):
        return ""  # that an output has another sign or size is seen without this
    last = _last_formed(single)
    if last is not None:
        return clause(last, graded)
    first = single[0]
    if len(single) == 1:
        return clause(first, graded)
    if len(single) == 2 and first.function == single[1].function and first.what != single[1].what:
        other = clause(replace(single[1], function=graded), graded)
        return f"{clause(first, graded)}, or when{other}"
    shared = _shared(single)
    if shared is None or (shared.what == ONE_PLACE and shared.function == graded):
        return ""
    return clause(shared, graded)


def _is_of_result(single: Sequence[Words], outputs: Collection[str]) -> bool:
    """Whether a change is that the one output that differs has another sign or size."""
    if len(outputs) != 1 or not _have_one_family(single):
        return False
    (output,) = outputs
    for told in single:
        what = told.what.removeprefix("what is added to ")
        if told.is_placed and what.startswith(f"`{output}` "):
            return True
    return False


def _last_formed(single: Sequence[Words]) -> Words | None:
    """Of several changes of a sign or a size, the one that is made last.

    What is formed there has that sign or size whichever of them was made.
    """
    if not _have_one_family(single) or len({told.function for told in single}) > 1:
        return None
    last = max(single, key=lambda told: (told.line, told.is_placed))
    return last if last.is_placed else None


def _have_one_family(single: Sequence[Words]) -> bool:
    families = {told.family for told in single}
    return families in ({"sign"}, {"scale"})


def _shared(single: Sequence[Words]) -> Words | None:
    """The same words, or the same place, or the same family; None if there is nothing to say."""
    first = single[0]
    function = first.function if len({told.function for told in single}) == 1 else ""
    where = first.where if len({told.where for told in single}) == 1 and function else ""
    if all(told.what == first.what for told in single):
        return replace(first, where=where, function=function)
    families = {told.family for told in single}
    if len(families) == 1 and first.family in FAMILIES:
        return Words(FAMILIES[first.family], where, function, first.family)
    if where:
        return Words("one thing is wrong", where, function, "")
    return Words(ONE_PLACE, "", function, "", True) if function else None


def clause(told: Words, graded: str) -> str:
    """How a sentence goes on after "when": with a space, or a comma and where the change is."""
    end = f" {told.where}" if told.where else ""
    if told.function and told.function != graded:
        return f", in the work of `{told.function}`, {told.what}{end}"
    if not told.where and not told.is_placed:
        return f", {PLACE}, {told.what}"
    return f" {told.what}{end}"


# ------------------------------------------------------------------------------------- as it lies


def part(bench: Bench, entries: Sequence[Entry], dropped: Sequence[int]) -> Part:
    """What is stored of one problem. dropped: the keys of changes without a signature."""
    outputs = [tensor.name for tensor in bench.problem.outputs]
    texts: dict[Text, int] = {}
    masks = np.zeros((len(entries), len(outputs)), np.uint32)
    rows: list[tuple[int, int, int]] = []
    values: list[np.ndarray] = []
    keys = dict.fromkeys(dropped, -1)
    for number, entry in enumerate(entries):
        texts.setdefault(entry.text, len(texts))
        for output, mask in entry.signature.masks.items():
            masks[number, outputs.index(output)] = mask
        for (case, output), projected in entry.signature.values.items():
            rows.append((number, case, outputs.index(output)))
            values.append(projected)
        keys |= {member.key: number for member in entry.members}
    places = np.array(rows, np.int64).reshape(-1, 3)
    arrays: Arrays = {
        "masks": masks,
        "text": np.array([texts[entry.text] for entry in entries], np.uint16),
        "entry": places[:, 0].astype(np.uint16),
        "case": places[:, 1].astype(np.uint8),
        "output": places[:, 2].astype(np.uint8),
        "values": np.array(values, np.float32).reshape(-1, 4),
        "keys": np.array(list(keys), np.uint64),
        "entry_of_key": np.array(list(keys.values()), np.int32),
    }
    told = {
        "outputs": outputs,
        "cases": [case.name for case in bench.cases],
        "looked_at": bench.looked_at,
        "texts": list(texts),
    }
    return Part(arrays, told)


def remembered(stored: Part) -> dict[int, Signature | None]:
    """Key of a change -> its signature, of what an earlier build has stored."""
    if not stored.told:
        return {}
    outputs, arrays = stored.told["outputs"], stored.arrays
    values: dict[int, dict[tuple[int, str], np.ndarray]] = {}
    rows = zip(arrays["entry"], arrays["case"], arrays["output"], arrays["values"], strict=True)
    for number, case, output, projected in rows:
        values.setdefault(int(number), {})[int(case), outputs[output]] = projected
    signatures: dict[int, Signature | None] = {-1: None}
    for number, row in enumerate(arrays["masks"]):
        masks = {name: int(mask) for name, mask in zip(outputs, row, strict=True) if mask}
        signatures[number] = Signature(masks, values[number])
    keys = zip(arrays["keys"], arrays["entry_of_key"], strict=True)
    return {int(key): signatures[int(number)] for key, number in keys}
