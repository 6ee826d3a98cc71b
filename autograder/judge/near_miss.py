"""Near misses: which edit of right code gives these results, where no known mistake does.

An edit's results are known by a few projections of each output on some public cases. It is said
only what comes out "when right code is changed so", which is true of the numbers whatever the
student wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.compare import FLOOR, PROJECTIONS, close
from autograder.judge.attempt import Attempt
from autograder.judge.evidence import Observation
from autograder.levels import EXACT, NAME
from autograder.problem import Advice, Arrays, Problem
from autograder.wording import listed

ENOUGH_REAL, ENOUGH_WHOLE = 3, 8
"""How many numbers must be wrong for anything to be told by them: real ones, whole ones."""

PLACE = "on the way to {them}"
"""Stands in a text for the outputs that it is said of."""

NOT_FINITE = 7.0
"""Stands for NaN; twice and three times as much for the infinities."""

MOST = 2
"""Sentences about one problem."""

PART = "near_misses"

Text = str | tuple[str, str]
"""How a sentence goes on after "when"; or the id of a known mistake, and another or how it goes on.
"""


def near_misses(attempt: Attempt, wrong: Mapping[str, tuple[int, ...]]) -> tuple[Observation, ...]:
    """What can be said of the wrong outputs by the edits that are known to lead to them.

    wrong: output -> the numbers of the cases in which it is wrong.
    """
    part = attempt.clues.part(PART)
    if part.told is None or not wrong:
        return ()
    public = [case.name for case in attempt.cases if not case.hidden]
    if part.told["cases"] != public or not len(part.arrays["text"]):
        return ()
    search = _Search(attempt, wrong, part.told, part.arrays)
    found = []
    for outputs, text in search.explained():
        going_on = text if isinstance(text, str) else _of_two(attempt, outputs, text)
        said = sentence(attempt.problem, outputs, going_on)
        if said:
            # Two known mistakes at once are told by their names.
            level = EXACT if isinstance(text, str) else NAME
            found.append(Observation(outputs, said, level))
    return tuple(found[:MOST])


@dataclass(frozen=True)
class _Search:
    """The entries of one problem beside what a student's code gave.

    told: the names of outputs and cases, and the texts. arrays: for each entry the cases in which
    it differs from the truth, as bits, (entries, outputs), and its text; for each kept projection
    the entry, the case, the output and the numbers, (rows, 4).
    """

    attempt: Attempt
    wrong: Mapping[str, tuple[int, ...]]
    told: Mapping[str, Any]
    arrays: Arrays

    def explained(self) -> list[tuple[tuple[str, ...], Text]]:
        """(outputs, text): one text for all that is wrong, or one for each part that has one."""
        masks = self._masks()
        fits = self._fitting(masks)
        names = self.told["outputs"]
        everything = tuple(name for name, bits in zip(names, masks, strict=True) if bits)
        if not self._is_enough(everything):
            return []

        # What differs nowhere fits where nothing is wrong.
        whole = np.flatnonzero((fits | ((self.arrays["masks"] == 0) & (masks == 0))).all(axis=1))
        if len(whole):
            text = self._shared(whole)
            return [(everything, text)] if text else []
        return list(self._by_output(everything, fits))

    def _by_output(
        self, everything: Sequence[str], fits: np.ndarray
    ) -> Iterator[tuple[tuple[str, ...], Text]]:
        """The outputs that some edit explains, those with one text together."""
        changes = self.arrays["masks"] != 0
        # Of two mistakes, each explains all that it changes, or else some of it.
        complete = (fits | ~changes).all(axis=1)
        by_text: dict[Text, list[str]] = {}
        for output in everything:
            fitting = fits[:, self.told["outputs"].index(output)]
            if not fitting.any() or not self._is_enough([output]):
                continue
            best = np.flatnonzero(fitting & complete)
            if not len(best):
                best = np.flatnonzero(fitting)
                breadth = changes[best].sum(axis=1)
                best = best[breadth == breadth.min()]
            text = self._shared(best)
            if text:
                by_text.setdefault(text, []).append(output)
        for text, outputs in by_text.items():
            yield tuple(outputs), text

    def _masks(self) -> np.ndarray:
        """The public cases in which each output is wrong, as bits; (outputs,)."""
        masks = np.zeros(len(self.told["outputs"]), np.uint32)
        looked_at = self.told["looked_at"]
        for place, output in enumerate(self.told["outputs"]):
            for number in self.wrong.get(output, ()):
                if number in looked_at:
                    masks[place] |= np.uint32(1 << number)
        return masks

    def _fitting(self, masks: np.ndarray) -> np.ndarray:
        """Which outputs each entry gives as the student does; (entries, outputs)."""
        stored = self.arrays
        fits: np.ndarray = (stored["masks"] == masks) & (masks != 0)
        rows = np.flatnonzero(fits[stored["entry"], stored["output"]])
        entry, case, output = (stored[name][rows] for name in ("entry", "case", "output"))
        got, want = self._projected(case, output), stored["values"][rows]
        bad = ~near(self.attempt.problem, got, want)
        fits[entry[bad], output[bad]] = False
        return fits

    def _projected(self, cases: np.ndarray, outputs: np.ndarray) -> np.ndarray:
        """The projections of what the student's code gave, for each row; (rows, 4)."""
        names = self.told["outputs"]
        of_pair: dict[tuple[int, int], np.ndarray] = {}
        got = np.full((len(cases), PROJECTIONS), np.nan)
        for row, pair in enumerate(zip(cases.tolist(), outputs.tolist(), strict=True)):
            if pair not in of_pair:
                sketched = self.attempt.sketched(pair[0], names[pair[1]])
                nothing = np.full(PROJECTIONS, np.nan)
                of_pair[pair] = nothing if sketched is None else folded(sketched)
            got[row] = of_pair[pair]
        return got

    def _is_enough(self, outputs: Sequence[str]) -> bool:
        """Whether more is wrong than a few numbers, or whole ones that are all the same."""
        real, whole = 0, []
        for output in outputs:
            for number in self.wrong[output]:
                case, reply = self.attempt.cases[number], self.attempt.replies[number]
                got, want = reply.outputs.get(output), case.expected[output]
                if case.hidden or got is None or got.shape != want.shape:
                    continue
                problem = self.attempt.problem
                differs = ~close(got, want, problem.rtol, problem.atol)
                if want.dtype.kind == "f":
                    real += int(differs.sum())
                elif want.dtype.kind in "iu":
                    whole += got[differs].ravel().tolist()
        return real >= ENOUGH_REAL or (len(whole) >= ENOUGH_WHOLE and len(set(whole)) > 1)

    def _shared(self, entries: np.ndarray) -> Text:
        """The text that all of these entries have; empty if they differ."""
        texts = np.unique(self.arrays["text"][entries])
        if len(texts) != 1:
            return ""
        text = self.told["texts"][int(texts[0])]
        return text if isinstance(text, str) else (text[0], text[1])


def _of_two(attempt: Attempt, outputs: Sequence[str], text: Sequence[str]) -> str:
    """Two mistakes at once, or the one of them that shows in these outputs."""
    known, other = text
    is_known = other[:1] not in " ,"
    shown = [name for name in text[: 1 + is_known] if _shows(attempt, name, outputs)]
    if is_known and len(shown) == 1 and shown[0] in attempt.advice:
        return f" {attempt.advice[shown[0]].idea}"
    return both(attempt.advice, text) if len(shown) == 1 + is_known else ""


def _shows(attempt: Attempt, misconception: str, outputs: Sequence[str]) -> bool:
    """Whether a known mistake changes a number of these outputs on some public case."""
    for case in attempt.cases:
        changed = case.by_misconception.get(misconception, {}).keys() & set(outputs)
        numbers = [name for name in changed if case.expected[name].dtype.kind != "b"]
        if numbers and not case.hidden:
            return True
    return False


def both(advice: Mapping[str, Advice], text: Sequence[str]) -> str:
    """Two mistakes at once; empty if nothing is said here of one of them.

    text: the id of a known mistake, and that of another, or how a sentence goes on.
    """
    known, other = text
    is_known = other[:1] not in " ,"
    if known not in advice or (is_known and other not in advice):
        return ""
    idea = f" {advice[other].idea}" if is_known else other
    return f" {advice[known].idea}, and{idea}"


def folded(sketched: np.ndarray) -> np.ndarray:
    """PROJECTIONS numbers for a sketch, also where something is not finite; (4,) or (8,) -> (4,).

    A sketch is linear, so these are the projections of the array with a number of each kind in the
    place of what is not finite.
    """
    finite, kinds = sketched[:PROJECTIONS], sketched[PROJECTIONS:]
    return finite + NOT_FINITE * kinds if len(kinds) else finite


def near(problem: Problem, got: np.ndarray, want: np.ndarray) -> np.ndarray:
    """Which rows of projections are equal, each as `compare.close` has it; both (..., 4)."""
    scale = np.abs(want).max(axis=-1, keepdims=True, initial=FLOOR)
    allowed = problem.rtol * np.abs(want) + problem.atol * scale
    with np.errstate(invalid="ignore"):
        return np.asarray((np.abs(got - want) <= allowed).all(axis=-1))


def sentence(problem: Problem, outputs: Sequence[str], text: str) -> str:
    """`your dWx and db are what comes out when the factor f is left out`; empty for nothing."""
    results = [tensor.name for tensor in problem.gives]
    named = [name for name in results if name in outputs]
    if not text or not named:
        return ""
    if len(results) > 1 and named == results:
        subject = "all your results are"
    else:
        subject = f"your {listed(named)} {'is' if len(named) == 1 else 'are'}"
    clause = text.replace("{them}", "it" if len(named) == 1 else "them")
    if len(named) == 1:
        clause = clause.removesuffix(f" where `{named[0]}` is formed")
    return f"{subject} what comes out when{clause}"
