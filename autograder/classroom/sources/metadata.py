"""Gradescope's `submission_metadata.yml`: whose each submission is, when it came, what it got.

It is YAML as Ruby writes it, with keys such as `:submitters:`. One entry that is wrong costs
nothing but itself: where the file as a whole is no YAML, each entry is read alone.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from autograder.classroom.people import Student
from autograder.classroom.sources.times import as_iso
from autograder.printable import LINES, printable

NAME = "submission_metadata.yml"

ENTRY = re.compile(r"^[\"']?(submission_[^\s:\"']+)[\"']?[ \t]*:", re.MULTILINE)
"""Where an entry begins: at the left edge, where nothing else can stand."""

ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*\w")

MARK = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
"""Where a document begins or ends; there is one."""

MOST_VALUES = 100_000
"""Of one entry, aliases written out: a few lines of aliases can stand for more than any memory."""

LONGEST = 200
"""Characters of a name or a number that is believed."""

NOT_READ = "its entry in submission_metadata.yml cannot be read, so nobody knows whose it is"
NOT_THERE = "submission_metadata.yml says nothing of it, so nobody knows whose it is"
TWICE = "submission_metadata.yml has it twice, and the later entry counts"
NOBODY = "submission_metadata.yml names nobody for it"


class Wrong(Exception):
    """An entry is not what Gradescope writes."""


@dataclass
class Entry:
    """What is said of one submission. whose: why nobody knows whose it is, a clause.

    remark: what else is wrong with it, a sentence.
    """

    students: tuple[Student, ...] = ()
    at: str = ""
    results: Mapping[str, Any] | None = None
    whose: str = ""
    remark: str = ""


# ----------------------------------------------------------------------------------------- the YAML

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C takes a third of the time, and is not everywhere."""


class Careful(Loader):  # type: ignore[misc]
    """Reads what is safe, and as text what would be guessed at: `0123` is no number in octal."""


Careful.yaml_implicit_resolvers = {}

GUESSED = {
    "null": (r"(?:~|null)?\Z", ["~", "n", ""]),
    "bool": (r"(?:true|false)\Z", ["t", "f"]),
    "int": (r"-?(?:0|[1-9][0-9]{0,17})\Z", [*"-0123456789"]),
    "float": (r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z", [*"-0123456789"]),
}
"""What a text without quotes may be instead of a text, and with which characters it begins."""

for _kind, (_pattern, _starts) in GUESSED.items():
    Careful.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), _starts)


def _of_ruby(loader: Any, kind: str, node: Any) -> Any:
    """What Ruby marks as one of its own objects, as the data that it is."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    text = loader.construct_scalar(node)
    return b64decode(text) if kind == "binary" else text


Careful.add_multi_constructor("!", _of_ruby)


def entries_of(content: bytes) -> dict[str, Entry]:
    """Submission -> what is said of it, wrong entries among them; of two the later counts."""
    text = _decoded(content)
    found: dict[str, Entry] = {}
    for name, data in _read(text).items():
        try:
            found[name] = _entry(data)
        except (Wrong, RecursionError):
            found[name] = Entry(whose=NOT_READ)
    for name, times in Counter(ENTRY.findall(text)).items():
        if times > 1 and name in found:
            found[name].remark = TWICE
    return found


def _decoded(content: bytes) -> str:
    """The text, with one kind of line end; a line that is no UTF-8 costs no more than itself."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "\n".join(content.decode("utf-16", errors="replace").splitlines())
    lines = []
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
    return "\n".join(lines)


def _read(text: str) -> dict[str, Any]:
    """Every entry as plain data; None for one that is no YAML."""
    whole = _parsed(text)
    if isinstance(whole, dict):
        return {str(name): data for name, data in whole.items()}
    starts = [match.start() for match in ENTRY.finditer(text)]
    ends = [*starts[1:], len(text)]
    pieces: dict[str, str] = {}
    for name, start, end in zip(ENTRY.findall(text), starts, ends, strict=False):
        pieces[name] = text[start:end]
    return _one_by_one(pieces)


def _one_by_one(pieces: Mapping[str, str]) -> dict[str, Any]:
    """What each piece says by itself, or among others: Ruby may point from one into another."""
    found: dict[str, Any] = {}
    hopeful = []
    for name, piece in pieces.items():
        text, alone = _best(MARK.sub("", piece))
        found[name] = alone.get(name) if isinstance(alone, dict) else None
        if alone is not None or ALIAS.search(text):
            hopeful.append(text)
    together = _parsed("".join(hopeful))
    return {**found, **together} if isinstance(together, dict) else found


def _best(piece: str) -> tuple[str, Any]:
    """What a piece says, with as little changed as it takes to read it; None if nothing helps."""
    changed = piece
    for change in (_as_it_is, _without_tabs, _printable):
        changed = change(changed)
        alone = _parsed(changed)
        if alone is not None:
            return changed, alone
    return piece, None


def _as_it_is(text: str) -> str:
    return text


def _without_tabs(text: str) -> str:
    return text.replace("\t", "  ")


def _printable(text: str) -> str:
    return printable(text, LINES)


def _parsed(text: str) -> Any:
    try:
        return yaml.load(text, Loader=Careful)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return None


# ---------------------------------------------------------------------------------------- an entry


def _entry(data: Any) -> Entry:
    """What an entry says. Raises Wrong if it is not what Gradescope writes."""
    if not isinstance(data, dict) or _size(data) > MOST_VALUES:
        raise Wrong
    known = _without_colons(data)
    said = known.get("created_at")
    at = as_iso(_text(said))
    entry = Entry(at=at, results=_results(known))
    if said and not at:
        entry.remark = "its time cannot be read, so nobody knows whether it is late"
    try:
        entry.students = _students(known.get("submitters"))
        entry.whose = "" if entry.students else NOBODY
    except Wrong:
        entry.whose = NOT_READ
    return entry


def _size(data: Any) -> int:
    """How many values there are with every alias written out. Raises Wrong for one in itself."""
    sizes: dict[int, int] = {}

    def size(value: Any) -> int:
        if not isinstance(value, (dict, list)):
            return 1
        if id(value) not in sizes:
            sizes[id(value)] = MOST_VALUES + 1  # until it is known: it may hold itself
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            sizes[id(value)] = 1 + sum(size(one) for one in inner)
        return sizes[id(value)]

    return size(data)


def _without_colons(data: Any) -> Any:
    """The same without the colons of Ruby's symbols."""
    if isinstance(data, dict):
        return {str(key).removeprefix(":"): _without_colons(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_without_colons(value) for value in data]
    return data


def _results(known: Mapping[str, Any]) -> Mapping[str, Any] | None:
    results = known.get("results")
    if isinstance(results, dict):
        return results
    score = known.get("score")
    return {"score": score} if isinstance(score, (int, float)) else None


def _students(submitters: Any) -> tuple[Student, ...]:
    if isinstance(submitters, dict):
        submitters = [submitters]
    if not isinstance(submitters, list):
        if submitters is None:
            return ()
        raise Wrong
    found = []
    for submitter in submitters:
        if not isinstance(submitter, dict):
            raise Wrong
        student = Student(
            name=_text(submitter.get("name")),
            sid=_text(submitter.get("sid")),
            email=_text(submitter.get("email")),
        )
        if student.key:
            found.append(student)
    return tuple(dict.fromkeys(found))


def _text(value: Any) -> str:
    """A text, or a number as one. Raises Wrong for anything else."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, (dict, list)):
        raise Wrong
    text = " ".join(printable(str(value)).split())
    if len(text) > LONGEST:
        raise Wrong
    return text
