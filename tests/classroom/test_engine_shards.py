"""Shards: which part of a class is whose."""

from __future__ import annotations

import random

import pytest

from autograder.classroom.engine.shards import ShardError, shard_from, share
from autograder.classroom.hand_in import HandIn
from autograder.classroom.store import Shard


def hand_ins(count: int) -> list[HandIn]:
    return [HandIn(f"submission_{number}", (), ()) for number in range(count)]


@pytest.mark.parametrize("count", [1, 2, 7, 16, 60])
def test_every_submission_is_one_shards_whatever_the_order(count: int) -> None:
    everyone = hand_ins(53)
    mixed = random.Random(count).sample(everyone, len(everyone))
    parts = [share(mixed, Shard(index, count)) for index in range(count)]
    assert parts == [share(everyone, Shard(index, count)) for index in range(count)]
    names = [hand_in.name for part in parts for hand_in in part]
    assert sorted(names) == sorted(hand_in.name for hand_in in everyone)
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1


def test_a_shard_is_read_as_it_is_typed() -> None:
    assert shard_from(None) == Shard(0, 1)
    assert shard_from("0/1") == Shard(0, 1)
    assert shard_from("15/16") == Shard(15, 16)


@pytest.mark.parametrize(
    "text", ["", "3", "16/16", "-1/4", "1/0", "0/0", "a/b", "1/2/3", " 1/2", "1/99999", "٣/٤"]
)
def test_what_is_no_shard_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ShardError, match="--shard should be like 0/16") as refused:
        shard_from(text)
    assert "\n" not in str(refused.value)
