"""Plain data, as a TOML or JSON file holds it, read strictly for the fields of dataclasses.

What a field may hold is declared once, beside it: its type, and in its metadata a rule (`number`,
`whole`, `text`, `reads`) or, for names, `named`. A field that is itself a dataclass is a table, a
tuple of them a list of tables, so that a new setting needs nothing but its declaration:

    @dataclass(frozen=True)
    class Late:
        per_day: float = field(default=0.1, metadata=number(0, 1))

Nothing is raised: what is wrong is collected, a clause for each mistake, and the rest is read on.
"""

from __future__ import annotations

import types
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from autograder.errors import did_you_mean
from autograder.printable import printable

Metadata = dict[str, Any]

LONGEST_SHOWN = 60
"""Characters of a wrong value that a message quotes."""

WRONG = object()
"""Stands for a value that cannot be used; what is wrong with it has been said."""


# --------------------------------------------------------------------------- what a field declares


@dataclass(frozen=True)
class Rule:
    """What a value must be.

    words: what stands after "should be". accept: returns the value as it is to be used, or raises
    ValueError. choices: the only values there are, where they can be listed. schema: what JSON
    Schema can say of it, for editors; it never refuses what `accept` takes.
    """

    words: str
    accept: Callable[[Any], Any]
    choices: tuple[str, ...] = ()
    schema: Metadata = field(default_factory=dict)


def number(least: float, most: float, why: str = "") -> Metadata:
    """Metadata of a number's field: its bounds, which are allowed, and why they are there."""
    words = f"a number from {least:g} to {most:g}{why}"
    schema = {"type": "number", "minimum": least, "maximum": most}
    return {"rule": Rule(words, _between(float, least, most), schema=schema)}


def whole(least: int, most: int) -> Metadata:
    """Metadata of a whole number's field: its bounds, which are allowed."""
    words = f"a whole number from {least} to {most}"
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"rule": Rule(words, _between(int, least, most), schema=schema)}


def text(
    words: str = "a line of text", holds: Callable[[str], Any] = bool, pattern: str = r"\S"
) -> Metadata:
    """Metadata of a text's field.

    holds: whether a text that is not blank will do. pattern: a regular expression that JavaScript
    understands, too, and that is found in all texts that will do.
    """

    def accept(value: Any) -> str:
        if not isinstance(value, str) or not _is_line(value) or not holds(value):
            raise ValueError
        return value

    return {"rule": Rule(words, accept, schema={"type": "string", "pattern": pattern})}


def reads(words: str, accept: Callable[[Any], Any], schema: Metadata | None = None) -> Metadata:
    """Metadata of a field whose value is made from what the file holds; see `Rule`."""
    return {"rule": Rule(words, accept, schema=schema or {})}


def named(what: str, known: Callable[[], Collection[str]]) -> Metadata:
    """Metadata of a list of names, or a table by names: what they name, and which there are."""
    return {"names": (what, known)}


def _between(kind: type, least: float, most: float) -> Callable[[Any], Any]:
    allowed = (int, float) if kind is float else (int,)

    def accept(value: Any) -> Any:
        # To Python, True is the number 1; in a setting it is a slip. No bound lets nan pass.
        if isinstance(value, bool) or not isinstance(value, allowed) or not least <= value <= most:
            raise ValueError
        return kind(value)

    return accept


def _is_line(value: str) -> bool:
    """Whether a text has something to read in it, and no line end or other control character."""
    kinds = {unicodedata.category(character) for character in value}
    return bool(value.strip()) and not kinds & {"Cc", "Cs", "Zl", "Zp"}


def _is_true_or_false(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _one_of(choices: tuple[str, ...]) -> Rule:
    def accept(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError
        return value

    *but_last, last = map(repr, choices)
    return Rule(f"{', '.join(but_last)} or {last}", accept, choices, {"enum": [*choices]})


def rule_of(wanted: Any, metadata: Mapping[str, Any]) -> Rule:
    """The rule of a plain value: the declared one, else the one that its type implies."""
    if "rule" in metadata:
        rule: Rule = metadata["rule"]
        return rule
    if get_origin(wanted) is Literal:
        return _one_of(get_args(wanted))
    assert wanted is bool, f"a setting of the type {wanted} has to declare what it may be"
    return Rule("true or false", _is_true_or_false, schema={"type": "boolean"})


# --------------------------------------------------------------------------------------- reading


class Reader:
    """Reads the tables of one file. wrong: what is wrong with them, a clause for each mistake.

    not_here: fields of the top table that this file may not have.
    """

    def __init__(self, top: type, not_here: Collection[str] = ()) -> None:
        self.top, self.not_here = top, not_here
        self.wrong: list[str] = []
        self._tables = {name: table for name, table in _tables_of(top) if name not in not_here}

    def read(self, data: Any) -> dict[str, Any]:
        """The settings of the file that are right or left at their defaults, as dictionaries."""
        return self._table(self.top, data, "")

    def _table(self, kind: type, data: Any, place: str) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            brackets = f"the table [{place}]" if place.isidentifier() else "a table"
            self.wrong.append(f"{place or 'it'} should be {brackets}, not {shown(data)}")
            return {}
        self._refuse_unknown(kind, data, place)
        types_of = get_type_hints(kind)
        values = {}
        for setting in self._fields(kind):
            here, wanted = _joined(place, setting.name), types_of[setting.name]
            value = setting.default
            if setting.name in data:
                value = self._value(wanted, setting.metadata, data[setting.name], here)
            elif setting.default is MISSING and setting.default_factory is MISSING:
                words = words_for(wanted, setting.metadata, here)
                self.wrong.append(f"{here} is missing: it should be {words}")
            if value is not WRONG and value is not MISSING:
                values[setting.name] = value
        return values

    def _fields(self, kind: type) -> list[Field[Any]]:
        left_out = self.not_here if kind is self.top else ()
        return [setting for setting in fields(kind) if setting.name not in left_out]

    def _refuse_unknown(self, kind: type, data: Mapping[str, Any], place: str) -> None:
        known = [setting.name for setting in self._fields(kind)]
        for key in data:
            if key not in known:
                hint = self._instead_of(key, known)
                self.wrong.append(f"{printable(_joined(place, key))} is not a setting{hint}")

    def _value(self, wanted: Any, metadata: Mapping[str, Any], value: Any, place: str) -> Any:
        """A value that is right, or WRONG."""
        if get_origin(wanted) in (Union, types.UnionType):
            kinds = [kind for kind in get_args(wanted) if kind is not types.NoneType]
            if value is None and len(kinds) < len(get_args(wanted)):
                return None
            wanted = kinds[0]  # where there are several, the field has a rule of its own
        if is_dataclass(wanted):
            return self._table(wanted, value, place)  # type: ignore[arg-type]
        if get_origin(wanted) is tuple:
            return self._list(get_args(wanted)[0], metadata, value, place)
        if get_origin(wanted) is Mapping:
            return self._by_name(get_args(wanted)[1], metadata, value, place)
        return self._plain(rule_of(wanted, metadata), value, place)

    def _plain(self, rule: Rule, value: Any, place: str) -> Any:
        try:
            return rule.accept(value)
        except ValueError:
            near = _meant(value, rule.choices) if isinstance(value, str) else ""
            self.wrong.append(f"{place} should be {rule.words}, not {shown(value)}{near}")
            return WRONG

    def _list(self, wanted: Any, metadata: Mapping[str, Any], value: Any, place: str) -> Any:
        if value == [] or value == ():
            self.wrong.append(f"{place} is empty: it should list at least one")
            return WRONG
        if is_dataclass(wanted):
            return self._tables_in(wanted, value, place)  # type: ignore[arg-type]
        is_list = isinstance(value, (list, tuple))
        if not is_list or not all(isinstance(name, str) for name in value):
            self.wrong.append(f"{place} should be a list of names, not {shown(value)}")
            return WRONG
        return tuple(name for name in value if self._is_known(name, metadata, place))

    def _tables_in(self, kind: type, value: Any, place: str) -> Any:
        if not isinstance(value, (list, tuple)):
            brackets = f"tables [[{place}]], each with two brackets"
            given = "one table" if isinstance(value, Mapping) else shown(value)
            self.wrong.append(f"{place} should be {brackets}, not {given}")
            return WRONG
        tables = enumerate(value)
        return tuple(self._table(kind, table, f"{place}[{number}]") for number, table in tables)

    def _by_name(self, wanted: Any, metadata: Mapping[str, Any], value: Any, place: str) -> Any:
        if not isinstance(value, Mapping):
            self.wrong.append(f"{place} should be the table [{place}], not {shown(value)}")
            return WRONG
        values = {}
        for name, given in value.items():
            # The last table of a file swallows whatever is added at the file's end.
            if self._is_known(name, metadata, place, self._home_of(name)):
                plain = self._plain(rule_of(wanted, metadata), given, _joined(place, name))
                if plain is not WRONG:
                    values[name] = plain
        return values

    def _is_known(
        self, name: str, metadata: Mapping[str, Any], place: str, instead: str = ""
    ) -> bool:
        what, known = metadata["names"]
        if name in known():
            return True
        hint = instead or _meant(name, known())
        self.wrong.append(f"{place}: there is no {what} {shown(name)}{hint}")
        return False

    # ------------------------------------------------------------------------- what was meant

    def _instead_of(self, key: str, here: Sequence[str]) -> str:
        """The end of a sentence about a key that is not one of the settings here."""
        home = "" if _bare(key) in here else self._home_of(key)
        return home or _meant(key, here) or f"; the settings here are {', '.join(here)}"

    def _home_of(self, key: str) -> str:
        """The end of a sentence about a setting that stands in the wrong table; else empty."""
        table = self._tables.get(_bare(key))
        if table is None:
            return ""
        where = f"in {table}" if table else "at the top, before the first table"
        return f"; {_bare(key)} belongs {where}"


def made(kind: type, values: Mapping[str, Any]) -> Any:
    """The dataclass from the values that `Reader.read` gave, if nothing was wrong with them."""
    types_of = get_type_hints(kind)
    arguments = {}
    for name, value in values.items():
        inner = next((one for one in _parts(types_of[name]) if is_dataclass(one)), None)
        if inner is None or value is None:
            arguments[name] = value
        elif isinstance(value, tuple):
            arguments[name] = tuple(made(inner, table) for table in value)  # type: ignore[arg-type]
        else:
            arguments[name] = made(inner, value)  # type: ignore[arg-type]
    return kind(**arguments)


def _tables_of(top: type) -> Iterator[tuple[str, str]]:
    """Each setting with the table it stands in, as TOML writes it; empty for the top.

    A name that stands in several tables is left out: nobody knows which was meant.
    """
    places: dict[str, list[str]] = {setting.name: [""] for setting in fields(top)}
    for name, wanted in get_type_hints(top).items():
        for inner in _parts(wanted):
            if is_dataclass(inner):
                table = f"[[{name}]]" if get_origin(wanted) is tuple else f"[{name}]"
                for setting in fields(inner):
                    places.setdefault(setting.name, []).append(table)
    for name, tables in places.items():
        if len(tables) == 1:
            yield name, tables[0]


def _parts(wanted: Any) -> Sequence[Any]:
    """A type, and the types in its brackets."""
    return (wanted, *get_args(wanted))


def _joined(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def words_for(wanted: Any, metadata: Mapping[str, Any], name: str) -> str:
    """What a field should be, in the words of the messages about one that is not."""
    if get_origin(wanted) is not tuple:
        return rule_of(wanted, metadata).words
    return f"tables [[{name}]]" if is_dataclass(get_args(wanted)[0]) else "a list of names"


def _bare(key: str) -> str:
    """A name as settings are written, however somebody has typed it: `total_seconds`."""
    return "_".join(key.lower().replace("-", " ").split())


def _meant(name: str, known: Collection[str]) -> str:
    """The end of a sentence about a name that does not exist."""
    return f"; did you mean {_bare(name)}?" if _bare(name) in known else did_you_mean(name, known)


def shown(value: Any) -> str:
    """A value as a message quotes it: much as TOML writes it, on part of a line.

    >>> shown(True), shown("ten")
    ('true', "'ten'")
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (date, time)):
        return value.isoformat()
    try:
        quoted = repr(value)
    except (ValueError, RecursionError):  # Python writes no number of more than 4300 digits
        return "one so large"
    return quoted if len(quoted) <= LONGEST_SHOWN else f"{quoted[: LONGEST_SHOWN - 3]}..."
