"""Worthless submissions: what code earns that implements nothing, or one mistake and nothing else.

Every output is answered in each way that needs no work: a constant, even the best one there is, an
argument as it came, the public answers learnt by heart. Every property is forged. The judge's own
three stages see the answers, in the order of the syllabus, so that a mistake may be carried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path

import numpy as np

from autograder import lessons
from autograder.authoring.casebook.answers import load_answers
from autograder.authoring.casebook.build import run_probe
from autograder.authoring.casebook.draw import draw_cases
from autograder.authoring.casebook.large import outputs_with, with_sketch
from autograder.authoring.casebook.variants import imported
from autograder.authoring.proof.measure import Line, books_of, in_parallel
from autograder.casebook import ProblemCases, gathered
from autograder.compare import equal
from autograder.judge import Attempt, Decision, examine
from autograder.judge.decide import decide
from autograder.problem import Arrays, Case, Fault, Problem, Reply, Tensor

CONSTANTS = (0.0, 1.0, -1.0, 0.5, np.nan)
BUILT = (*CONSTANTS, 2.0, 10.0, 100.0, -10.0)
"""What weights that are built may be full of: there is no expected array to fit a constant to."""

ERRORS = ("ValueError", "NotImplementedError", "AssertionError", "IndexError")
BEST = "the best of all"
FALLBACK = "all 0"

SEEDS = 20
"""How many hidden casebooks are drawn: what was not earned once may be earned by a luckier draw."""

PARTS = 4
"""In how many parts the worthless submissions are graded, side by side."""

Run = Callable[[Arrays], Arrays]
Papers = Sequence[ProblemCases]
Decisions = Mapping[str, Decision]


@dataclass(frozen=True)
class Guess:
    """A way to answer one output without any work, and what it gives on each case."""

    name: str
    arrays: Sequence[np.ndarray]

    def equals(self, problem: Problem, wanted: Sequence[np.ndarray]) -> bool:
        """Whether it is right on every case."""
        pairs = zip(self.arrays, wanted, strict=True)
        return all(equal(problem, got, want) for got, want in pairs)


def worthless(solutions: Path, frozen: Path, seeds: int = SEEDS, every: int = 1) -> Line:
    """Nothing is earned by what implements nothing, nor by one mistake beside nothing.

    seeds: how many hidden casebooks are drawn. every: 9 for every ninth misconception.
    """
    names = submissions(papers_of(frozen))
    alone: list[Earned] = []
    for earned in in_parallel(partial(_graded, frozen), [names[n::PARTS] for n in range(PARTS)]):
        alone += earned
    mistakes = range(0, len(load_answers(solutions).misconceptions), every)
    count = len(mistakes)
    beside = in_parallel(partial(_beside, solutions, frozen), mistakes)
    problems = [cases.problem.name for cases in papers_of(frozen)]
    gifts = in_parallel(partial(gifts_in, solutions, frozen, seeds), problems)

    earning = [objection for one in (*alone, *beside) for objection in one.objections]
    objections = [*earning, *(gift for several in gifts for gift in several)]
    best = max(one.most for one in (*alone, *beside))
    figures = (
        f"{len(names)} submissions that implement nothing, on {len(problems)} problems, and "
        f"{count} misconceptions with nothing beside them: the best earns {best:g} of a problem's "
        f"points; {seeds} hidden seeds, {sum(map(len, gifts))} results that need no work"
    )
    return Line("worthless submissions", figures, tuple(objections))


@dataclass(frozen=True)
class Earned:
    """What a worthless submission earns: its best share of a problem's points, and where any."""

    most: float
    objections: tuple[str, ...]


def earned_by(submission: str, credits: Mapping[str, float]) -> Earned:
    """Each problem in which a submission earns something is an objection to it."""
    objections = []
    for problem, credit in credits.items():
        if credit > 0:
            objections.append(f"{submission} earns {credit:.2f} of {problem}")
    return Earned(max(credits.values(), default=0.0), tuple(objections))


def _graded(frozen: Path, names: Sequence[str]) -> list[Earned]:
    found = []
    for submission, decisions in graded_together(papers_of(frozen), names).items():
        credits = {name: one.credit for name, one in decisions.items()}
        found.append(earned_by(submission, credits))
    return found


def _beside(solutions: Path, frozen: Path, number: int) -> Earned:
    wrong = load_answers(solutions).misconceptions[number]
    return earned_by(wrong.id, earned_beside(papers_of(frozen), wrong.id, wrong.problem))


@cache
def papers_of(frozen: Path) -> Papers:
    """All problems of code that can be run here, with their cases, in the syllabus' order.

    Large cases are left out: what earns nothing without them earns no more with them.
    """
    books = books_of(frozen)
    papers = []
    for problem in lessons.coded_problems():
        if lessons.can_run(problem.lesson):
            cases = gathered(problem, books)
            small = tuple(case for case in cases.all if not case.large)
            papers.append(replace(cases, all=small))
    return papers


# ------------------------------------------------------------------------------------- the guesses


def guesses(
    cases: Sequence[Case], wanted: Sequence[np.ndarray], nearest: Sequence[int]
) -> Iterator[Guess]:
    """Every way to answer one output of these cases, of which these are the right answers.

    nearest: from `nearest_public`, of which answer a case that is not known gets.
    """
    shapes = [array.shape for array in wanted]
    for value in CONSTANTS:
        yield Guess(f"all {value:g}", [np.full(shape, value) for shape in shapes])
    for name, value in fitted_constants(wanted):
        yield Guess(f"all the {name}", [np.full(shape, value) for shape in shapes])
    often = most_frequent(wanted)
    yield Guess("one array", [cut_to(often, shape) for shape in shapes])
    replayed = [cut_to(wanted[known], shape) for known, shape in zip(nearest, shapes, strict=True)]
    yield Guess("public answers", replayed)
    yield from arguments(cases, shapes)


def fitted_constants(arrays: Sequence[np.ndarray]) -> Iterator[tuple[str, float]]:
    """(name, number) of the numbers that are nearest to all the numbers of these arrays."""
    numbers = np.concatenate([array.ravel() for array in arrays]).astype(float)
    if not numbers.size:
        return
    values, counts = np.unique(numbers, return_counts=True)
    yield "mode", float(values[np.argmax(counts)])
    finite = numbers[np.isfinite(numbers)]
    if finite.size:
        yield "mean", float(finite.mean())
        yield "median", float(np.median(finite))
        yield "middle", float(finite.min() + finite.max()) / 2


def most_frequent(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """The array that occurs most often among these."""
    contents = [(array.shape, array.tobytes()) for array in arrays]
    often, _ = Counter(contents).most_common(1)[0]
    return arrays[contents.index(often)]


def nearest_public(cases: Sequence[Case]) -> list[int]:
    """For each case, the number of the public one that is most like it."""
    public = [number for number, case in enumerate(cases) if not case.hidden]
    nearest = []
    for case in cases:
        distances = [distance(cases[number].inputs, case.inputs) for number in public]
        nearest.append(public[int(np.argmin(distances))])
    return nearest


def distance(one: Arrays, other: Arrays) -> float:
    """How far apart two cases are by their shapes; less still if they are the same."""
    apart = 0.0
    for name, array in one.items():
        lengths = zip_longest(array.shape, other[name].shape, fillvalue=0)
        apart += sum(abs(mine - theirs) for mine, theirs in lengths)
        apart += 0.01 * (array.tobytes() != other[name].tobytes())
    return apart


def cut_to(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The array with what is too long cut off, and zeros where it is too short."""
    if array.ndim != len(shape):
        return np.zeros(shape)
    cut = np.zeros(shape)
    common = tuple(slice(min(pair)) for pair in zip(array.shape, shape, strict=True))
    cut[common] = array[common]
    return cut


def arguments(cases: Sequence[Case], shapes: Sequence[tuple[int, ...]]) -> Iterator[Guess]:
    """Each argument that has the shapes of the output on every case."""
    for number, name in enumerate(cases[0].inputs):
        given = [case.inputs[name] for case in cases]
        if [array.shape for array in given] == list(shapes):
            yield Guess(f"argument {number + 1}", given)


# ------------------------------------------------------------------------------ whole submissions


def worthless_answers(
    cases: ProblemCases, wanted: Sequence[Arrays] | None = None
) -> dict[str, list[Arrays]]:
    """Submission -> its outputs on each case of a problem, results only.

    wanted: what is looked for on each case in place of the expected arrays.
    """
    if cases.problem.finish is not None:
        return _built(cases)
    wanted = wanted or [case.expected for case in cases.all]
    by_output: dict[str, dict[str, Guess]] = {}
    best: dict[str, Guess] = {}
    nearest = nearest_public(cases.all)
    for tensor in cases.problem.gives:
        targets = [arrays[tensor.name] for arrays in wanted]
        found = {guess.name: guess for guess in guesses(cases.all, targets, nearest)}
        by_output[tensor.name] = found
        right = [guess for guess in found.values() if guess.equals(cases.problem, targets)]
        best[tensor.name] = right[0] if right else found[FALLBACK]

    submissions = {BEST: best}
    for name in dict.fromkeys(name for found in by_output.values() for name in found):
        chosen = {output: found.get(name, found[FALLBACK]) for output, found in by_output.items()}
        submissions[name] = chosen
    return {name: _by_case(chosen, len(cases.all)) for name, chosen in submissions.items()}


def _by_case(chosen: Mapping[str, Guess], count: int) -> list[Arrays]:
    return [
        {output: guess.arrays[number] for output, guess in chosen.items()}
        for number in range(count)
    ]


def _built(cases: ProblemCases) -> dict[str, list[Arrays]]:
    """The same where something is built: what the judge makes of constants."""
    problem = cases.problem
    submissions: dict[str, list[Arrays]] = {}
    for value in BUILT:
        answers = [
            {
                tensor.name: np.full(tensor.shape(problem.lengths_in(case.inputs)), value)
                for tensor in problem.brings
            }
            for case in cases.all
        ]
        submissions[f"all {value:g}"] = _finished(cases, answers)
    return submissions


def _finished(cases: ProblemCases, answers: Sequence[Arrays]) -> list[Arrays]:
    results = {tensor.name for tensor in cases.problem.gives}
    found = []
    for case, built in zip(cases.all, answers, strict=True):
        outputs = cases.problem.finished(case.inputs, built)
        found.append({name: array for name, array in outputs.items() if name in results})
    return found


def judged(cases: ProblemCases, replies: Sequence[Reply], earlier: Decisions) -> Decision:
    """The judge's decision on made-up replies, after its decisions on earlier problems.

    Every property is forged, whatever it takes to forge it.
    """
    problem = cases.problem
    forged = {tensor.name: np.array(True) for tensor in problem.holds}
    said = [replace(reply, outputs={**reply.outputs, **forged}) for reply in replies]
    evidence = examine(Attempt(problem.bare, 1.0, cases.all, tuple(said), cases.advice))
    known = {name: earlier[name] for name in evidence.refers_to() & earlier.keys()}
    return decide(evidence, known, carried_share=1.0)


def graded(papers: Papers, submission: str) -> dict[str, Decision]:
    """Problem -> the decision on one worthless submission, in the order of the syllabus."""
    return graded_together(papers, [submission])[submission]


def graded_together(papers: Papers, names: Sequence[str]) -> dict[str, dict[str, Decision]]:
    """Worthless submission -> problem -> the decision on it; the answers are looked for once."""
    decisions: dict[str, dict[str, Decision]] = {name: {} for name in names}
    for cases in papers:
        answers = worthless_answers(cases)
        for submission, earlier in decisions.items():
            replies = replies_of(cases, submission, answers)
            earlier[cases.problem.name] = judged(cases, replies, earlier)
    return decisions


def replies_of(
    cases: ProblemCases, submission: str, answers: Mapping[str, list[Arrays]]
) -> list[Reply]:
    """What a submission answers to each case of a problem. answers: from `worthless_answers`."""
    if submission.startswith("raise "):
        return [Reply(fault=Fault("raised", submission.removeprefix("raise ")))] * len(cases.all)
    if submission == "only properties":
        return [Reply()] * len(cases.all)
    return [Reply(outputs) for outputs in answers.get(submission, answers[FALLBACK])]


def submissions(papers: Papers) -> list[str]:
    """The names of all worthless submissions."""
    names = ["only properties", *(f"raise {error}" for error in ERRORS)]
    for cases in papers:
        names += worthless_answers(cases)
    return list(dict.fromkeys(names))


# ------------------------------------------------------------------ one mistake, and nothing else


def earned_beside(papers: Papers, mistake: str, at_home: str) -> dict[str, float]:
    """Problem -> what is earned there by code in which another problem's mistake is all there is.

    Every output is answered with the guess that the mistake would lead to, where there is one.
    """
    earlier: dict[str, Decision] = {}
    earned: dict[str, float] = {}
    for cases in papers:
        name = cases.problem.name
        if name == at_home:
            earlier[name] = judged(cases, _made(cases, mistake), {})
        elif earlier:
            for wanted in _led_to(cases, mistake):
                answers = worthless_answers(cases, wanted)
                outputs = answers.get(BEST, answers[FALLBACK])
                earlier[name] = judged(cases, [Reply(arrays) for arrays in outputs], earlier)
                earned[name] = max(earned.get(name, 0.0), earlier[name].credit)
    return earned


def _made(cases: ProblemCases, mistake: str) -> list[Reply]:
    """The replies of code that makes the mistake, and no other."""
    replies = []
    for case in cases.all:
        if mistake in case.raises:
            replies.append(Reply(fault=Fault("raised", case.raises[mistake])))
        else:
            replies.append(Reply(outputs_with(case, mistake)))
    return replies


def _led_to(cases: ProblemCases, mistake: str) -> Iterator[list[Arrays]]:
    """What the mistake leads to in another problem: its own outputs, and the right gradients."""
    if any(mistake in case.by_misconception for case in cases.all):
        yield [outputs_with(case, mistake) for case in cases.all]
    if any(mistake in case.by_forward for case in cases.all):
        yield [_right_gradients(case, mistake) for case in cases.all]


def _right_gradients(case: Case, mistake: str) -> Arrays:
    """Arrays with the projections that are kept."""
    found = dict(case.expected)
    for name, kept in case.by_forward.get(mistake, {}).items():
        found[name] = with_sketch(case, name, kept)
    return found


# -------------------------------------------------------------------------------- results for free


def gifts_in(solutions: Path, frozen: Path, seeds: int, name: str) -> list[str]:
    """The results of a problem that need no work on some hidden seed; the public cases are known.

    What is built is left out: many answers are right there, and the judge makes the result.
    """
    problem = lessons.find(name)
    if problem.finish is not None:
        return []
    (public,) = [cases.public for cases in papers_of(frozen) if cases.problem is problem]
    with imported(load_answers(solutions).sources) as reference:

        def run(inputs: Arrays) -> Arrays:
            return run_probe(problem, reference, inputs)

        by_seed = [drawn(problem, run, seed, hidden=True) for seed in range(seeds)]
        twice = [drawn(problem, run, seed, hidden=False) for seed in range(2)]
    found = list(lucky_guesses(problem, public, by_seed))
    for tensor in problem.gives:
        if depends_on_lengths_alone(problem, tensor, *twice):
            found.append(f"{problem.name}: {tensor.name} depends on the lengths of axes alone")
    return found


def drawn(problem: Problem, run: Run, seed: int, hidden: bool) -> list[Case]:
    """The cases of one seed, with what `run` gives for them."""
    cases = []
    for name, sizes, inputs in draw_cases(problem, seed, hidden):
        cases.append(Case(name, sizes, inputs, run(inputs), hidden=hidden))
    return cases


def lucky_guesses(
    problem: Problem, public: Sequence[Case], by_seed: Sequence[Sequence[Case]]
) -> Iterator[str]:
    """A sentence for each seed on which a result can be guessed."""
    for seed, hidden in enumerate(by_seed):
        cases = [*public, *hidden]
        nearest = nearest_public(cases)
        for tensor in problem.gives:
            wanted = [case.expected[tensor.name] for case in cases]
            for guess in guesses(cases, wanted, nearest):
                if guess.equals(problem, wanted):
                    yield f"{problem.name}: {tensor.name} is {guess.name} on seed {seed}"
                    break


def depends_on_lengths_alone(
    problem: Problem, tensor: Tensor, one: Sequence[Case], other: Sequence[Case]
) -> bool:
    """Whether a result is the same wherever the arguments have the same shapes.

    one, other: the same cases with other numbers.
    """
    seen: dict[tuple[tuple[int, ...], ...], np.ndarray] = {}
    for case in (*one, *other):
        shapes = tuple(array.shape for array in case.inputs.values())
        first = seen.setdefault(shapes, case.expected[tensor.name])
        if not equal(problem, case.expected[tensor.name], first):
            return False
    return True
