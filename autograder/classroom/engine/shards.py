"""Shards: a class in parts, each for a machine of its own, by a rule that only names decide.

Each shard writes its own files of the store, so all may write to one network disk at once. What all
of them have written is what one run would have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.classroom.hand_in import HandIn
from autograder.classroom.store import Shard
from autograder.errors import UserError
from autograder.settings.strict import shown

MOST = 10_000
"""Parts of a class; more is a slip of the finger."""


class ShardError(UserError):
    """What was given as --shard is none."""


def shard_from(text: str | None) -> Shard:
    """The shard that somebody typed, the whole class for None. Raises ShardError.

    >>> shard_from("3/16")
    Shard(index=3, count=16)
    """
    if text is None:
        return Shard()
    found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", text, re.ASCII)
    if found is not None:
        index, count = int(found[1]), int(found[2])
        if index < count <= MOST:
            return Shard(index, count)
    raise ShardError(
        f"--shard should be like 0/16, the first of 16 parts, to 15/16, the last of them, "
        f"not {shown(text)}"
    )


def share(hand_ins: Sequence[HandIn], shard: Shard) -> list[HandIn]:
    """What is a shard's to grade: every n-th by name, so that each shard has its part of all."""
    in_order = sorted(hand_ins, key=lambda hand_in: hand_in.name)
    return in_order[shard.index :: shard.count]
