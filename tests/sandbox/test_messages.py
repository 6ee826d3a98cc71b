"""Every message arrives as it was sent, and what is not exactly a message is refused or comes out harmless."""

from __future__ import annotations

import json
from typing import Any, get_args

import numpy as np
import pytest

from autograder import lessons
from autograder.judge.faulty import fault as describe_fault
from autograder.problem import Fault, FaultKind, Reply
from autograder.sandbox import sanitise
from autograder.worker import messages
from autograder.worker.launch import Setup
from autograder.worker.messages import (
    Answer,
    Borrow,
    CallMany,
    Calls,
    Capabilities,
    Compile,
    End,
    Ended,
    Import,
    Lent,
    ReportCapabilities,
    Start,
    Started,
)
from autograder.worker.wire import LENGTHS, Garbled, unpack

STEP = lessons.find("rnn_step_forward")

EXAMPLES = {
    type(message).__name__: message
    for message in (
        Import(0, "stacked", ("rnn", "rnn.rnn_forward")),
        Calls(1, "rnn", "rnn_step_forward", (64_000, 64_000, 900_000)),
        CallMany(2, "rnn", "rnn_step_forward", "Wx", 64_000),
        Compile(3, ("__init__", "rnn")),
        ReportCapabilities(4, judge=7, secret="a", public="b", elsewhere="c"),
        Capabilities((1, 1, 1), (2,), ("HOME",), {"AS": 5}, True, True, False, False, False),
        Borrow("rnn.rnn_backward", ("", "cache"), (messages.AN_ARRAY, 3)),
        Lent(True, (messages.AN_ARRAY, messages.NOTHING, 4), False),
        Start("package", "scratch", True, 1 << 30, 12, None),
        Started(5),
        End(5, 1 << 30, True),
        Ended(9, True, 2),
    )
}


def test_there_is_an_example_of_every_message() -> None:
    assert {type(example) for example in EXAMPLES.values()} == set(messages.CHECKS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_message_arrives_as_it_was_sent(name: str) -> None:
    message = EXAMPLES[name]
    assert messages.from_json(messages.to_json(message), *messages.CHECKS) == message


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_message_of_another_kind_is_refused(name: str) -> None:
    others = [kind for kind in messages.CHECKS if kind.__name__ != name]
    with pytest.raises(Garbled, match="no message that may be sent here"):
        messages.from_json(messages.to_json(EXAMPLES[name]), *others)


WRONG: dict[str, tuple[Any, ...]] = {
    "int": (True, 1.0, "1", None, [1]),
    "bool": (1, "true", None),
    "str": (1, None, ["a"], {}),
    "NoneType": (True, 1.5, "1"),
    "tuple": ("a", [True], [None], [["a"]], {}, None),
    "dict": ([], {"AS": True}, {"AS": "1"}, None),
}
"""Type of a field's value -> what JSON may have in its place."""

MAY_BE_NONE = {("Start", "uid"), ("End", "uid"), ("Ended", "status")}

FIELDS = [(name, field) for name in EXAMPLES for field in EXAMPLES[name]._fields]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_of_another_type_or_none_or_one_more_is_refused(name: str, field: str) -> None:
    sent = json.loads(messages.to_json(EXAMPLES[name]))
    wrong = [*WRONG[type(getattr(EXAMPLES[name], field)).__name__]]
    if (name, field) in MAY_BE_NONE and None in wrong:
        wrong.remove(None)
    for spoilt in (
        *({**sent, field: value} for value in wrong),
        {key: value for key, value in sent.items() if key != field},
        {**sent, "another": 1},
    ):
        with pytest.raises(Garbled):
            messages.from_json(json.dumps(spoilt), *messages.CHECKS)


@pytest.mark.parametrize(
    "data", ["", "{", "[]", "null", "1", '"do"', "{}", '{"do": ["Calls"]}', "[" * 100_000]
)
def test_what_is_no_message_is_refused(data: str) -> None:
    with pytest.raises(Garbled):
        messages.from_json(data, *messages.CHECKS)


@pytest.mark.parametrize("setup", [Setup("numpy"), Setup("torch", ("calls", "files"))])
def test_a_setup_arrives_as_it_was_given(setup: Setup) -> None:
    assert Setup.read(setup.argument()) == setup


PATH = ("rnn.py, line 3, in f: `y = g(x)` with x (3, 4)", "rnn.py, line 9, in g")
FAULT = Fault("raised", "ValueError", "no", "rnn.py, line 3", "f(x)", "import", PATH)
ANSWERS = {
    "arrays": Answer(3, (Reply({"next_h": np.ones((2, 3))}, changed=("x", "b")),)),
    "an odd output": Answer(3, (Reply(odd={"next_h": "None"}),)),
    "a fault": Answer(3, (Reply(fault=FAULT),)),
    "a note": Answer(3, (Reply(notes=("aten::special_bessel_j0",)),)),
    "several": Answer(3, (Reply({"next_h": np.ones(2)}), Reply(), Reply({"next_h": np.ones(1)}))),
    "capabilities": Answer(3, (Reply(),), EXAMPLES["Capabilities"]),
}


def sent(answer: Answer) -> Answer:
    """What arrives of it."""
    data = messages.pack_answer(answer)
    head, _ = LENGTHS.unpack(data[: LENGTHS.size])
    start = LENGTHS.size + head
    header, arrays = unpack(data[LENGTHS.size : start], data[start:])
    return messages.read_answer(header, arrays, answer.id, len(answer.replies))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_arrives_as_it_was_sent_and_an_honest_one_stays_whole(name: str) -> None:
    answer = ANSWERS[name]
    got = sent(answer)
    assert (got.id, got.capabilities) == (answer.id, answer.capabilities)
    for there, here in zip(got.replies, answer.replies, strict=True):
        np.testing.assert_equal(vars(there), vars(here))
        np.testing.assert_equal(vars(sanitise.reply(there, STEP)), vars(here))


def test_arguments_arrive_as_they_were_given() -> None:
    given = [np.ones((2, 3)), 0, None, np.array(0.5), 17]
    numbers, arrays = messages.in_numbers(given)
    header = {"do": "Borrow", "function": "f", "names": [""] * 5, "values": [*numbers]}
    asked = messages.read_borrow(header, arrays)
    assert asked is not None
    np.testing.assert_equal(asked[1], given)


@pytest.mark.parametrize(
    "changed", [{"names": [""]}, {"values": [-1, -1]}, {"values": [-1, True]}, {"values": "-1"}]
)
def test_a_question_about_what_is_lent_that_does_not_add_up_is_refused(changed: Any) -> None:
    header = {"do": "Borrow", "function": "f", "names": ["", "b"], "values": [-1, 0], **changed}
    with pytest.raises(Garbled):
        messages.read_borrow(header, {"0": np.ones(2)})


@pytest.mark.parametrize("said", [4, True, 3.0, "3", None])
def test_an_answer_to_another_request_is_refused(said: Any) -> None:
    with pytest.raises(Garbled, match="a question that was not asked"):
        messages.read_answer({"id": said}, {}, 3)


@pytest.mark.parametrize("listed", [None, [], [{}], [{}, {}, {}], {"0": {}, "1": {}}, "ab"])
def test_an_answer_about_another_number_of_cases_is_refused(listed: Any) -> None:
    with pytest.raises(Garbled, match="a reply for each case"):
        messages.read_answer({"id": 3, "replies": listed}, {}, 3, 2)


def test_of_a_hidden_case_only_arrays_are_heard() -> None:
    said = Reply(
        {"next_h": np.ones(2), "more": np.ones(2)}, {"next_h": "a str"}, ("x",), FAULT, ("mm",)
    )
    heard = sanitise.hidden_reply(said, STEP)
    assert heard.outputs.keys() == {"next_h"}
    assert (heard.changed, heard.notes, heard.fault) == ((), (), Fault("silent"))
    assert set(heard.odd.values()) == {"no array of numbers"}


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_of_a_hidden_fault_only_is_heard_whether_it_took_too_long(kind: FaultKind) -> None:
    said = Fault(kind, "ValueError", "0.1234", "rnn.py, line 17", "f(x)", "import", PATH)
    assert sanitise.hidden_fault(said) in (Fault("timeout"), Fault("silent"))


def test_what_a_worker_cannot_honestly_say_is_cut_replaced_or_dropped() -> None:
    said = {
        "fault": {
            "kind": "raised",
            "error": "Leak0815",
            "text": "\x1b[2J" + "x" * 999,
            "location": "0815",
            "path": ["0.17", 3, "rnn.py, line 3, in f", "../rnn.py, line 3, in f", *["x"] * 99],
            "more": 1,
        },
        "odd": {"next_h": "\n" * 999, "another": "None"},
        "changed": ["x", 1, "x", "another", *["b"] * 99],
        "notes": ["mm", "LEAK 0.17", 3, "x" * 99, *["mul"] * 99],
    }
    header = {"id": 1, "score": 100, "replies": [said]}
    arrays = {"0/next_h": np.zeros(2), "0/another": np.zeros(2), "1/next_h": np.zeros(2)}
    reply = sanitise.reply(messages.read_answer(header, arrays, 1).replies[0], STEP)
    assert reply.outputs.keys() == {"next_h"}
    assert reply.odd == {"next_h": " " * messages.LONGEST_TEXT}
    assert reply.changed == ("x", "b")
    assert set(reply.notes) == {"mm", "mul"} and len(reply.notes) <= sanitise.MOST_NOTES
    assert reply.fault == Fault(
        "raised",
        sanitise.OWN_ERROR,
        (" [2J" + "x" * 999)[: messages.LONGEST_TEXT],
        path=("rnn.py, line 3, in f",),
    )


@pytest.mark.parametrize(
    "fault", [None, "raised", {}, {"kind": "passed"}, {"kind": ["raised"]}, {"kind": None}]
)
def test_a_fault_of_no_kind_is_none(fault: Any) -> None:
    header = {"id": 1, "replies": [{"fault": fault}]}
    assert messages.read_answer(header, {}, 1).replies == (Reply(),)


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_kind_of_fault_is_explained_to_us_and_to_students(kind: FaultKind) -> None:
    assert Fault.__doc__ is not None and kind in Fault.__doc__.split("error, text:")[0]
    told = describe_fault(Fault(kind, "ValueError", "word"), STEP)
    assert ("word" in told) == (kind != "silent"), "of a silent one there is nothing to tell"
