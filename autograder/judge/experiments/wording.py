"""The words for what was read: facts that share a side are one sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.judge.evidence import Observation
from autograder.judge.experiments.reading import MOST_NAMED, Fact, Kind
from autograder.wording import listed

LEVEL = 2
"""Of the ladder of hints."""

ORDER: Sequence[Kind] = (
    "silent",
    "should_not",
    "reversed",
    "straight",
    "opposite",
    "partly",
    "bent",
)
"""What says most first."""


@dataclass(frozen=True)
class Joined:
    """Facts of one kind, true of each subject together with each of the given."""

    kind: Kind
    outputs: tuple[str, ...]
    subjects: tuple[str, ...]
    given: tuple[str, ...]
    breadth: int
    note: str
    instead: str = ""

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """What is said first: of whole tensors, with a reason, of many."""
        many = -len(self.subjects) * len(self.given)
        return self.breadth, not self.note, ORDER.index(self.kind), many


def worded(
    facts: Sequence[Fact], case: str, inputs_of: Mapping[str, Collection[str]]
) -> list[Observation]:
    """The sentences, what says most first.

    case: the one that was tried. inputs_of: output -> the inputs that it should react to.
    """
    joined = sorted(_joined(facts), key=lambda joined: joined.rank)
    found, said = [], set()
    for one in joined:
        if (one.kind, one.outputs) in said:
            continue  # the same of a narrower part
        said.add((one.kind, one.outputs))
        to_all = all(set(inputs_of.get(output, ())) == set(one.given) for output in one.outputs)
        text = f"{_sentence(one, to_all)} (tried on the case {case})"
        found.append(Observation(one.outputs, text, LEVEL))
    return found


def _joined(facts: Sequence[Fact]) -> list[Joined]:
    """Each subject with all that it is said of, then all subjects of which the same is said."""
    of_subject: dict[tuple[Kind, str, str, int, str, str], list[str]] = {}
    for fact in facts:
        key = fact.kind, fact.output, fact.subject, fact.breadth, fact.note, fact.instead
        of_subject.setdefault(key, []).append(fact.given)
    alike: dict[tuple[Kind, int, str, str, tuple[str, ...]], list[tuple[str, str]]] = {}
    for (kind, output, subject, breadth, note, instead), given in of_subject.items():
        same = kind, breadth, note, instead, tuple(given)
        alike.setdefault(same, []).append((output, subject))
    found = []
    for (kind, breadth, note, instead, names), pairs in alike.items():
        outputs = tuple(dict.fromkeys(output for output, _ in pairs))
        subjects = tuple(subject for _, subject in pairs)
        found.append(Joined(kind, outputs, subjects, names, breadth, note, instead))
    return found


def _sentence(joined: Joined, to_all: bool) -> str:
    """to_all: it is said of all inputs that the outputs should react to."""
    subject = _and(joined.subjects)
    given = _or(joined.given)
    # one block of several tensors is still one block
    plural = len(joined.subjects) > 1 and not subject.startswith(("block ", "unit "))
    plural = plural or _is_many(joined.subjects[0])
    its = "their" if plural else "its"
    changed = "are changed" if _is_many(joined.given[-1]) else "is changed"
    note = f": {joined.note}" if joined.note else ""
    if joined.kind == "silent" and to_all and len(joined.given) > 1:
        verb = "do not" if plural else "does not"
        return f"{subject} {verb} change, whichever of {its} inputs is changed, but should"
    if joined.kind == "silent":
        verb = "do not" if plural else "does not"
        return f"{subject} {verb} change when {given} {changed}, but should{note}"
    if joined.kind == "should_not":
        verb = "change" if plural else "changes"
        return f"{subject} {verb} when {given} {changed}, but should not{note}"
    if joined.kind == "reversed":
        verb = "react" if plural else "reacts"
        return f"{subject} {verb} to {listed(joined.given)} in reversed order of time"
    if joined.kind in ("opposite", "partly"):
        verb = "react" if plural else "reacts"
        if joined.kind == "opposite":
            return f"{subject} {verb} to {_and(joined.given)} in the opposite direction"
        instead = joined.instead
        if instead.endswith(" of "):
            instead += listed(_without_prefix(joined.given)[1], MOST_NAMED)
        return f"{subject} {verb} correctly to {instead}, but wrongly to {_and(joined.given)}"
    is_ = "are" if plural else "is"
    if joined.kind == "straight":
        return f"{subject} {is_} linear in {listed(joined.given)}, and should not be"
    return f"{subject} {is_} not linear in {listed(joined.given)}, but should be"


def _and(names: Sequence[str]) -> str:
    """`dx and db`, `block f of dWx, dWh and db`."""
    before, named = _without_prefix(names)
    return before + listed(named, MOST_NAMED)


def _or(names: Sequence[str]) -> str:
    """`x`, `x or b`, `x, Wx or b`, `block i of Wx or b`."""
    before, named = _without_prefix(names)
    if len(named) > MOST_NAMED:
        named[MOST_NAMED - 1 :] = [f"one of {len(named) - MOST_NAMED + 1} more"]
    if len(named) < 2:
        return before + "".join(named)
    return f"{before}{', '.join(named[:-1])} or {named[-1]}"


def _without_prefix(names: Sequence[str]) -> tuple[str, list[str]]:
    """What all parts begin with, such as `block f of `, and the rest of each."""
    split = [name.rpartition(" of ") for name in names]
    first = {before for before, _, _ in split}
    if len(first) > 1 or first == {""}:
        return "", list(names)
    return f"{first.pop()} of ", [last for _, _, last in split]


def _is_many(name: str) -> bool:
    """Whether the name of a part is a plural."""
    return name.startswith(("blocks ", "units ")) or " and " in name
