"""Whatever bytes a worker sends, the judge's inbox finds a message in them or refuses them.

The worker is a stranger's process. Nothing it sends may raise anything else, keep the judge
waiting, or make it hold more than one message of the allowed size.
"""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from safetensors.numpy import save

from autograder import lessons
from autograder.arrays import LAYOUT
from autograder.lender import Lender
from autograder.lending import Call, Link
from autograder.problem import Fault, FaultKind, Phase, Reply
from autograder.sandbox import sanitise
from autograder.sandbox.channel import Inbox
from autograder.worker.messages import LONGEST_TEXT, MOST_NAMES, read_answer, read_borrow
from autograder.worker.wire import LARGEST_HEADER, LENGTHS, Garbled, pack

LIMIT = 50_000
MOST_MEMORY = 8_000_000
MOST_SECONDS = 0.5

often = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
tree = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
)
keys = (
    st.sampled_from(
        ["id", "replies", "odd", "changed", "kind", "error", "text", "location", "call", "phase"]
    )
    | st.text()
)
texts = st.text(max_size=2 * LONGEST_TEXT) | scalars
faults = st.fixed_dictionaries(
    {"kind": st.sampled_from([*get_args(FaultKind), "unheard of", []])},
    optional={
        **{name: texts for name in ("error", "text", "location", "call")},
        "phase": st.sampled_from(["import", "call", None]),
    },
)
names = st.sampled_from(["x", "prev_h", "next_h"]) | st.text(max_size=5)
replies = st.fixed_dictionaries(
    {},
    optional={
        "fault": faults | tree,
        "odd": st.dictionaries(names, texts, max_size=3) | tree,
        "changed": st.lists(names | scalars, max_size=2 * MOST_NAMES) | tree,
    },
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([0, 1, True, 1.0, None]),
        "replies": st.lists(replies | tree, min_size=1, max_size=1) | tree,
        "capabilities": tree,
    },
)
"""Headers that are nearly what a worker sends."""
headers = st.dictionaries(keys, tree, max_size=6) | answers
kinds = (
    arrays_of.integer_dtypes()
    | arrays_of.floating_dtypes(sizes=(32, 64))
    | arrays_of.boolean_dtypes()
)
tensors = st.dictionaries(
    st.text(max_size=10),
    arrays_of.arrays(kinds, arrays_of.array_shapes(min_dims=0, max_side=4)),
    max_size=3,
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A true message, but bytes are changed, cut out, put in or repeated, or its lengths differ."""
    data = bytearray(pack(draw(headers), draw(tensors)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        deed = draw(st.sampled_from(["change", "cut", "put", "repeat", "lengths"]))
        if deed == "change" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        elif deed == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif deed == "put":
            data[at:at] = draw(st.binary(max_size=40))
        elif deed == "repeat":
            data[at:at] = data[: draw(st.integers(0, 40))]
        elif deed == "lengths" and len(data) >= LENGTHS.size:
            data[: LENGTHS.size] = LENGTHS.pack(
                draw(st.integers(0, 2**32 - 1)), draw(st.integers(0, 2**32 - 1))
            )
    return bytes(data)


def messages(data: bytes, chunk: int, last: bool = True) -> Iterator[tuple[dict[str, Any], Any]]:
    """What an inbox makes of these bytes, chunk by chunk, until it refuses."""
    inbox = Inbox()
    for start in range(0, len(data), chunk):
        try:
            inbox.feed(data[start : start + chunk])
            while (message := inbox.take(LIMIT, last)) is not None:
                yield message
        except Garbled:
            return
        assert len(inbox._received) <= LENGTHS.size + LARGEST_HEADER + LIMIT


STEP = lessons.find("rnn_step_forward")


def is_harmless(header: dict[str, Any], tensors: dict[str, np.ndarray]) -> None:
    """Go on with a message as a session does: nothing in it can do harm."""
    assert all(array.dtype.kind in "biuf" for array in tensors.values())
    # as it is, which most often answers no question, and as one that does
    for said in (header, {**header, "id": 1}):
        try:
            answer = read_answer(said, tensors, 1)
        except Garbled:
            continue
        assert type(answer.id) is int and answer.id == 1
        is_honest(sanitise.reply(answer.replies[0], STEP))
        is_silent(sanitise.hidden_reply(answer.replies[0], STEP))


def is_honest(reply: Reply) -> None:
    """Whether an honest worker could have said this of the problem."""
    assert {*reply.outputs, *reply.odd} <= {"next_h"}
    assert set(reply.changed) <= {"x", "prev_h", "Wx", "Wh", "b"}
    texts = list(reply.odd.values())
    if reply.fault is not None:
        fault = reply.fault
        assert fault.kind in get_args(FaultKind) and fault.phase in get_args(Phase)
        assert fault.error in {"", sanitise.OWN_ERROR, *sanitise.KNOWN_ERRORS}
        assert fault.location == "" or sanitise.PLACE.fullmatch(fault.location)
        texts += [fault.error, fault.text, fault.location, fault.call]
    for text in texts:
        assert len(text) <= LONGEST_TEXT and text.isprintable()


def is_silent(reply: Reply) -> None:
    """Whether nothing but arrays is heard of a hidden case."""
    assert {*reply.outputs, *reply.odd} <= {"next_h"}
    assert reply.changed == () and set(reply.odd.values()) <= {"no array of numbers"}
    assert reply.fault in (None, Fault("silent"), Fault("timeout"))


@often
@given(headers, tensors, st.integers(1, 5000))
def test_what_was_sent_arrives(
    header: dict[str, Any], sent: dict[str, np.ndarray], chunk: int
) -> None:
    ((got_header, got),) = messages(pack(header, sent), chunk)
    np.testing.assert_equal(got_header, json.loads(json.dumps(header)))
    assert got.keys() == sent.keys()
    for name, array in sent.items():
        np.testing.assert_array_equal(got[name], array)
    is_harmless(got_header, got)


@often
@given(st.lists(st.tuples(headers, tensors), min_size=2, max_size=4), st.integers(1, 5000))
def test_several_messages_arrive_in_order(
    sent: list[tuple[dict[str, Any], Any]], chunk: int
) -> None:
    data = b"".join(pack(header, arrays) for header, arrays in sent)
    got = list(messages(data, chunk, last=False))
    np.testing.assert_equal(
        [header for header, _ in got], [json.loads(json.dumps(header)) for header, _ in sent]
    )
    assert [set(arrays) for _, arrays in got] == [set(arrays) for _, arrays in sent]


def test_more_than_was_asked_for_is_refused() -> None:
    assert list(messages(pack({"id": 1}, {}) * 2, 4096)) == []


@often
@given(spoilt(), st.integers(1, 5000))
def test_a_spoilt_message_is_a_message_or_refused(data: bytes, chunk: int) -> None:
    for header, tensors in messages(data, chunk):
        is_harmless(header, tensors)


@often
@given(st.binary(max_size=400), st.binary(max_size=400), st.integers(1, 100))
def test_noise_is_a_message_or_refused(head: bytes, body: bytes, chunk: int) -> None:
    for data in (head + body, LENGTHS.pack(len(head), len(body)) + head + body):
        for header, tensors in messages(data, chunk):
            is_harmless(header, tensors)


dtypes = ["F64", "F32", "BF16", "F8_E4M3", "I64", "U8", "BOOL", "C64", "O", ""]
descriptions = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(dtypes) | st.text(),
        "shape": st.lists(st.integers(-2, 2**64), max_size=6),
        "data_offsets": st.lists(st.integers(-1, 2**64), max_size=3),
    }
)
tables = st.dictionaries(st.text(max_size=5), tree | descriptions, max_size=4)


@often
@given(tables, st.binary(max_size=64))
def test_any_table_of_arrays_is_read_or_refused(table: dict[str, Any], content: bytes) -> None:
    described = json.dumps(table).encode()
    body = struct.pack("<Q", len(described)) + described + content
    head = b'{"id": 1, "fault": null}'
    for header, tensors in messages(LENGTHS.pack(len(head), len(body)) + head + body, 4096):
        is_harmless(header, tensors)


lengths = st.integers(-2, 2**70) | st.booleans() | st.floats() | st.text(max_size=2) | st.none()
places = st.lists(st.tuples(st.text(max_size=4) | tree, st.lists(lengths, max_size=5) | tree))
layouts = st.dictionaries(st.sampled_from(["<f8", "|b1", "", "?"]), places | tree, max_size=3)


@often
@given(layouts | tree, st.integers(0, 9))
def test_any_layout_is_read_or_refused(layout: Any, count: int) -> None:
    text = np.frombuffer(json.dumps(layout).encode(), np.uint8)
    flat = {"<f8": np.ones(count), "|b1": np.ones((count, 2), bool), LAYOUT: text}
    head, body = b'{"id": 1}', save(flat)
    for header, tensors in messages(LENGTHS.pack(len(head), len(body)) + head + body, 4096):
        is_harmless(header, tensors)
        assert sum(array.nbytes for array in tensors.values()) <= len(body)


VALUES = {"x": np.ones((2, 2)), "ids": np.arange(2), "number": np.array(0.5)}
CALLS = (
    Call("rnn.f", dict(VALUES), (np.ones(2), Link(0, 1), None)),
    Call(
        "rnn.g", {"dh": np.zeros(2), "cache": Link(0, 1), "mask": None}, (np.ones(3),), alone=True
    ),
)
questions = st.fixed_dictionaries(
    {
        "do": st.just("Borrow"),
        "function": st.sampled_from(["rnn.f", "rnn.g"]) | texts,
        "names": st.lists(st.sampled_from(["", "x", "ids", "cache"]), max_size=4) | tree,
        "values": st.lists(st.integers(-3, 3) | st.integers(), max_size=4) | tree,
    }
)
sent_along = st.dictionaries(
    st.sampled_from("0123") | st.text(max_size=2),
    st.sampled_from([*VALUES.values(), np.zeros(2)])
    | arrays_of.arrays(kinds, arrays_of.array_shapes(min_dims=0, max_side=3)),
    max_size=4,
)


@settings(often, max_examples=100)
@given(st.lists(st.tuples(questions, sent_along), max_size=4))
def test_any_question_about_what_is_lent_is_answered_or_refused(
    asked: list[tuple[dict[str, Any], dict[str, np.ndarray]]],
) -> None:
    lender = Lender(CALLS)
    for header, arrays in asked:
        try:
            question = read_borrow(header, arrays)
        except Garbled:
            continue
        assert question is not None
        answer = lender.answer(question[0].function, question[0].names, question[1])
        assert answer is None or len(answer.gives) in (1, 3)


def layout(text: bytes, count: int = 0) -> bytes:
    body = save({"<f8": np.zeros(count), LAYOUT: np.frombuffer(text, np.uint8)})
    return LENGTHS.pack(2, len(body)) + b"{}" + body


def deep(opening: bytes, times: int) -> bytes:
    head = opening * times
    return LENGTHS.pack(len(head), 0) + head


def claims(shape: list[int], extents: list[int]) -> bytes:
    table = json.dumps({"x": {"dtype": "F64", "shape": shape, "data_offsets": extents}}).encode()
    body = struct.pack("<Q", len(table)) + table
    return LENGTHS.pack(2, len(body)) + b"{}" + body


@pytest.mark.parametrize(
    "data",
    [
        deep(b"[", 90_000),
        deep(b'{"a":', 18_000),
        deep(b"9", 90_000),
        deep(b"-", 9),
        deep(b'"\\ud800"', 1),
        LENGTHS.pack(2**32 - 1, 2**32 - 1) + b"x" * 9,
        LENGTHS.pack(LARGEST_HEADER + 1, 0),
        LENGTHS.pack(0, LIMIT + 1),
        LENGTHS.pack(0, 0),
        claims([2**40], [0, 2**43]),
        claims([2**62, 4], [0, 0]),
        claims([0] * 64, [0, 0]),
        claims([2**31, 2**31, 0], [0, 0]),
        LENGTHS.pack(2, 8) + b"{}" + struct.pack("<Q", 2**63),
        LENGTHS.pack(2, 8) + b"{}" + struct.pack("<Q", 0),
        pack({}, {"x": np.zeros(LIMIT // 8 + 1)}),
        layout(b"[" * 40_000),
        layout(b"[" + b"[]," * 13_000 + b"0]"),
        layout(b'{"<f8":[' + b'["",[0]],' * 1_000 + b'["",[0]]]}'),
        layout(b'{"<f8":[["",[' + b"9," * 18_000 + b"9]]]}"),
        layout(b'{"<f8":[["",[0,' + b"9" * 4_000 + b"]]]}"),
    ],
    ids=range(21),
)
def test_the_worst_costs_neither_memory_nor_time(data: bytes) -> None:
    tracemalloc.start()
    start = time.process_time()
    for header, tensors in messages(data, 1 << 16):
        is_harmless(header, tensors)
    seconds = time.process_time() - start
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_MEMORY and seconds < MOST_SECONDS
