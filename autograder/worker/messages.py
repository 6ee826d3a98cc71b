"""What judge, fork server and worker say to each other, as types; `wire` turns them into bytes.

Every message has one way out to JSON and one strict way back, `read` or `read_answer`. Neither
believes anything: what is read has the right types and short texts, and nothing more is known of
it. What an honest worker could have said of a problem is for `sandbox.sanitise` to hold it to.

They are named tuples: a frozen dataclass takes six times as long to define, and this is imported
wherever something is graded, twice.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, get_args

import numpy as np

from autograder.printable import printable
from autograder.problem import Arrays, Fault, FaultKind, Phase, Reply
from autograder.worker.wire import Garbled, pack

LONGEST_TEXT = 300
"""Characters of each text that a worker says."""

MOST_STEPS = 5
"""Entries of a fault's path."""

MOST_NAMES = 100
"""Names of changed arguments in one answer."""

# ---------------------------------------------------------------------- from the judge to a worker


class Import(NamedTuple):
    """Import a lesson's file; the answer says how that went.

    lent: other files, as `rnn`, and functions of theirs, as `rnn.rnn_forward`, in place of which
        the worker asks with `Borrow`.
    """

    id: int
    lesson: str
    lent: tuple[str, ...] = ()


class Calls(NamedTuple):
    """Run a problem's probe on each of some cases, whose arrays come along as `0/x`, `1/x`, ...

    largest: for each case, the bytes that the arrays of its reply may have.
    """

    id: int
    lesson: str
    problem: str
    largest: tuple[int, ...]


class CallMany(NamedTuple):
    """Run a problem's probe once for each row of the array `stack` in place of the input `name`."""

    id: int
    lesson: str
    problem: str
    name: str
    largest: int


class Compile(NamedTuple):
    """Compile these modules of the submission; the answer's arrays are the bytes of the results."""

    id: int
    modules: tuple[str, ...]


class ReportCapabilities(NamedTuple):
    """Try what a submission might try, and say what succeeded.

    judge: the number of the judge's process.
    secret: a file of the judge's that only its own user may read.
    public: a file that any user may read and that has nothing to do with grading.
    elsewhere: a folder in which any user may write.
    """

    id: int
    judge: int
    secret: str
    public: str
    elsewhere: str


Request = Import | Calls | CallMany | Compile | ReportCapabilities
"""What a worker may be asked. Each has an id, a number that its answer repeats."""


class Lent(NamedTuple):
    """The answer to a `Borrow`, with arrays. found: there is one.

    values: of each result, see `in_numbers`. alone: the one result is not in a tuple.
    """

    found: bool
    values: tuple[int, ...] = ()
    alone: bool = False


# ---------------------------------------------------------------------- from a worker to the judge


class Borrow(NamedTuple):
    """Asks, in the middle of a call, what a lent function returns; arrays come along.

    names: of each argument; empty for one that is given by its position. values: see `in_numbers`.
    """

    function: str
    names: tuple[str, ...]
    values: tuple[int, ...]


class Capabilities(NamedTuple):
    """What a worker's process can still do. The defaults claim nothing: all is open, nothing set.

    user, groups: its numbers. environment: the names of its variables. limits: by name.
    goes_first: ended before the judge when memory runs out.
    """

    user: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    environment: tuple[str, ...] = ()
    limits: Mapping[str, int] = MappingProxyType({})
    no_new_privs: bool = False
    dies_with_server: bool = False
    reads_secret: bool = True
    reads_public: bool = True
    writes_elsewhere: bool = True
    reads_judges_memory: bool = True
    signals_judge: bool = True
    opens_socket: bool = True
    starts_process: bool = True
    makes_uncounted_memory: bool = True
    reschedules_judge: bool = True
    locks_files: bool = True
    writes_scratch: bool = True
    lists_neighbours: bool = True
    goes_first: bool = False


class Answer(NamedTuple):
    """A worker's answer to the request of the same number. Its arrays travel beside its header.

    replies: one for each case asked for; one if no case was.
    """

    id: int
    replies: tuple[Reply, ...]
    capabilities: Capabilities | None = None


# ------------------------------------------------- between the judge and the fork server of workers


class Start(NamedTuple):
    """Start a worker.

    package: the folder in which the student's `recurrent/` lies.
    scratch: the one folder it may write.
    guarded: whether the guard is up.
    memory, cpu: its limits, in bytes of address space and seconds of processor time.
    uid: the user it becomes; None: it stays who we are.
    """

    package: str
    scratch: str
    guarded: bool
    memory: int
    cpu: int
    uid: int | None


class Started(NamedTuple):
    """The answer to `Start`, a fork server's or the worker's own: the worker's process number."""

    pid: int


class End(NamedTuple):
    """Kill a worker, its session and every process it left behind.

    uid: the worker's own user, of whom nothing may be left.
    grace: give it a moment to end by itself.
    """

    pid: int
    uid: int | None = None
    grace: bool = False


ServerRequest = Start | End
"""What the fork server may be asked."""


class Ended(NamedTuple):
    """How a worker ended.

    status: its wait status, None if nobody knows. running: it had to be stopped.
    left: how many processes of its could not be ended.
    """

    status: int | None
    running: bool = False
    left: int = 0


# -------------------------------------------------------------------------------------- the way out

Message = Request | Lent | Borrow | Capabilities | ServerRequest | Started | Ended
"""All but `Answer`, which comes from where a student's code runs and is read in its own way."""


def to_json(message: Message) -> bytes:
    """A message to or from the fork server."""
    return json.dumps(_header(message)).encode()


def pack_request(request: Request, arrays: Arrays) -> bytes:
    """A request to a worker, with its arrays."""
    return pack(_header(request), arrays)


def pack_lending(message: Lent | Borrow, arrays: Arrays) -> bytes:
    """A question about a lent function or the answer, with its arrays."""
    return pack(_header(message), arrays)


def pack_started(message: Started) -> bytes:
    """What a worker without a fork server says first: it is ready."""
    return pack(_header(message), {})


def pack_answer(answer: Answer) -> bytes:
    """A worker's answer, with its arrays."""
    listed, arrays = [], {}
    for number, reply in enumerate(answer.replies):
        fault = reply.fault and vars(reply.fault)
        listed.append(
            {
                "fault": fault,
                "odd": dict(reply.odd),
                "changed": reply.changed,
                "notes": reply.notes,
            }
        )
        arrays.update(numbered(number, reply.outputs))
    header = {
        "id": answer.id,
        "replies": listed,
        "capabilities": answer.capabilities and _header(answer.capabilities),
    }
    return pack(header, arrays)


AN_ARRAY, NOTHING = -1, -2
"""In place of an argument or result: it comes along as an array; it is None."""


def in_numbers(values: Iterable[np.ndarray | int | None]) -> tuple[tuple[int, ...], Arrays]:
    """Arguments or results as numbers and, by their places, arrays.

    A whole number from 0 stands for what an earlier call has kept for a later one.
    """
    numbers, arrays = [], {}
    for place, value in enumerate(values):
        if isinstance(value, np.ndarray):
            arrays[str(place)] = value
            value = AN_ARRAY
        numbers.append(NOTHING if value is None else value)
    return tuple(numbers), arrays


def from_numbers(numbers: Sequence[int], arrays: Arrays) -> list[np.ndarray | int | None]:
    """What `in_numbers` was given. Raises Garbled if an array is missing."""
    values: list[np.ndarray | int | None] = []
    for place, number in enumerate(numbers):
        if number == AN_ARRAY and str(place) not in arrays:
            raise Garbled("an argument is missing")
        stands_for = {AN_ARRAY: arrays.get(str(place)), NOTHING: None}
        values.append(stands_for.get(number, number))
    return values


def numbered(number: int, arrays: Arrays) -> Arrays:
    """The arrays of one case under the names that they have in a message about several."""
    return {f"{number}/{name}": array for name, array in arrays.items()}


def of_each(arrays: Arrays, count: int) -> list[Arrays]:
    """The arrays of each case, from a message about `count`; what is of none is dropped."""
    cases: dict[str, Arrays] = {str(number): {} for number in range(count)}
    for key, array in arrays.items():
        number, _, name = key.partition("/")
        if number in cases:
            cases[number][name] = array
    return list(cases.values())


def _header(message: Message) -> dict[str, Any]:
    return {"do": type(message).__name__, **message._asdict()}


# ------------------------------------------------------------------------------------- the way back

T = TypeVar("T")


def _list_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: type(value) is list and all(type(item) is kind for item in value)


# Exact types: JSON's true is no number.
FITS: Mapping[Any, Callable[[Any], bool]] = {
    int: lambda value: type(value) is int,
    int | None: lambda value: value is None or type(value) is int,
    bool: lambda value: type(value) is bool,
    str: lambda value: type(value) is str,
    tuple[int, ...]: _list_of(int),
    tuple[str, ...]: _list_of(str),
    Mapping[str, int]: lambda value: type(value) is dict and _list_of(int)([*value.values()]),
}
"""The type of a message's field -> whether a value from JSON is of it."""

CHECKS: dict[Any, dict[str, Callable[[Any], bool]]] = {}
"""Kind of message -> its fields, and what tells whether a value fits."""

# Worked out once, here: after a fork, every page that either process touches has to be copied.
for _kind in get_args(Message):
    CHECKS[_kind] = {name: FITS[wanted] for name, wanted in _kind.__annotations__.items()}


def from_json(data: bytes | str, *kinds: type[T]) -> T:
    """The message of one of these kinds that was sent. Raises Garbled if it is none."""
    try:
        header = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Garbled(type(error).__name__) from None
    return read(header, *kinds)


def read(header: object, *kinds: type[T]) -> T:
    """The message of one of these kinds that this is.

    Raises Garbled unless it has exactly the fields of its kind, each of the field's type.
    """
    if not isinstance(header, dict):
        raise Garbled("it is no message")
    word = header.pop("do", None)
    for kind in kinds:
        if kind.__name__ == word:
            return kind(**_checked(header, CHECKS[kind]))
    raise Garbled("it is no message that may be sent here")


def _checked(values: dict[str, Any], checks: Mapping[str, Callable[[Any], bool]]) -> dict[str, Any]:
    if values.keys() != checks.keys():
        raise Garbled("it does not have the fields of such a message")
    for name, value in values.items():
        if not checks[name](value):
            raise Garbled(f"its {name} is of another type")
        if type(value) is list:
            values[name] = tuple(value)
    return values


def read_request(header: Mapping[str, Any]) -> Request:
    """A request from what came over the wire. Raises Garbled if it is none."""
    request: Request = read(header, *get_args(Request))
    return request


def read_borrow(header: dict[str, Any], arrays: Arrays) -> tuple[Borrow, list[Any]] | None:
    """What a worker wants to borrow, with its arguments; None if this is no such question.

    The student's code may have written all of it. Raises Garbled for one that cannot be read.
    """
    if header.get("do") != Borrow.__name__:
        return None
    question = read(dict(header), Borrow)
    if len(question.names) != len(question.values):
        raise Garbled("it has more arguments than names, or fewer")
    return question, from_numbers(question.values, arrays)


def read_answer(header: Mapping[str, Any], arrays: Arrays, id: int, count: int = 1) -> Answer:
    """A worker's answer to the request of this number, from what came over the wire.

    The student's code may have written all of it. What has a wrong type counts as not said, and
    what nobody expects is dropped. Raises Garbled if it answers another request or another number
    of cases than `count`, or if it has capabilities that cannot be read.
    """
    said, listed = header.get("id"), header.get("replies")
    if type(said) is not int or said != id:
        raise Garbled("it answers a question that was not asked")
    if not isinstance(listed, list) or len(listed) != count:
        raise Garbled("it does not have a reply for each case")
    replies = []
    for told, outputs in zip(listed, of_each(arrays, count), strict=True):
        replies.append(_reply(told, outputs))
    capabilities = header.get("capabilities")
    if capabilities is None:
        return Answer(id, tuple(replies))
    return Answer(id, tuple(replies), read(capabilities, Capabilities))


def _reply(said: object, outputs: Arrays) -> Reply:
    if not isinstance(said, dict):
        return Reply(outputs)
    return Reply(
        outputs,
        odd=_texts(said.get("odd")),
        changed=_names(said.get("changed")),
        fault=_fault(said.get("fault")),
        notes=_names(said.get("notes")),
    )


def one_line(text: object) -> str:
    """One short line without control characters; empty for what is no text."""
    if not isinstance(text, str):
        return ""
    return printable(text, longest=LONGEST_TEXT, instead=" ")  # most of them end a line


def _texts(said: object) -> dict[str, str]:
    if not isinstance(said, dict):
        return {}
    return {name: one_line(text) for name, text in said.items()}


def _names(said: object) -> tuple[str, ...]:
    names = said[:MOST_NAMES] if isinstance(said, list) else []
    return tuple(name for name in names if isinstance(name, str))


def _fault(said: object) -> Fault | None:
    if not isinstance(said, dict) or said.get("kind") not in get_args(FaultKind):
        return None
    texts = {name: one_line(said.get(name)) for name in ("error", "text", "location", "call")}
    phase: Phase = "import" if said.get("phase") == "import" else "call"
    path = said.get("path")
    steps = path[:MOST_STEPS] if isinstance(path, list) else []
    return Fault(said["kind"], **texts, phase=phase, path=tuple(map(one_line, steps)))
