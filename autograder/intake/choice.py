"""Which of the files that were handed in are judged: those of one folder, and it is said which.

A folder is better if more of the expected files in it are work; then, if it has more of them, and
by their very names; then the shallowest, the one that is called `recurrent`, the newest in an
archive. Within it, the very name comes first, but an untouched stub never comes before work.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from autograder.intake.handed import Handed
from autograder.platforms import python_command
from autograder.unpack.shortlist import JUNK
from autograder.wording import listed

MOST_HELPERS, DEEPEST_HELPER = 60, 3

MOST_LISTED = 5
"""Names in one sentence."""


@dataclass(frozen=True)
class Choice:
    """What is judged.

    folder: where it lies. taken: module -> its file. helpers: path below the folder -> file.
    notes: a sentence each. refused: module -> why there is no file for it, where more can be said
    than that it is missing.
    """

    folder: str = ""
    taken: dict[str, Handed] = field(default_factory=dict)
    helpers: dict[str, Handed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


class Offer:
    """What one folder has to offer: the best file for each module, and what else could be it."""

    def __init__(self, folder: str, files: Sequence[Handed]) -> None:
        self.folder = folder
        self.taken: dict[str, Handed] = {}
        self.others: dict[str, list[Handed]] = {}
        self.rivals: dict[str, list[Handed]] = {}
        by_module: dict[str, list[Handed]] = {}
        for file in files:
            if file.guess is not None:
                by_module.setdefault(file.guess.module, []).append(file)
        for module, candidates in by_module.items():
            self._add(module, candidates)

    def _add(self, module: str, candidates: Sequence[Handed]) -> None:
        ordered = sorted(candidates, key=lambda file: _rank(file, module))
        best, *others = ordered
        assert best.guess is not None
        if not best.guess.sure and not best.done(module):
            self.others[module] = ordered
            return
        equals = [file for file in others if _rank(file, module)[:2] == _rank(best, module)[:2]]
        rivals = [file for file in equals if file.content != best.content]
        if rivals:
            self.rivals[module] = [best, *rivals]
        else:
            self.taken[module] = best
            self.others[module] = others

    @property
    def depth(self) -> int:
        """How deep the folder lies; a package `recurrent` counts as the folder that it is in."""
        parts = self.folder.split("/") if self.folder else []
        return len(parts) - self.is_package

    @property
    def is_package(self) -> bool:
        """Whether it is called as the handout calls it."""
        return self.folder.split("/")[-1] == "recurrent"

    def rank(self, wanted: Collection[str]) -> tuple[int | str, ...]:
        """Larger is better."""
        ours = {module: file for module, file in self.taken.items() if module in wanted}
        counts = (_worked(ours), len(ours), _worked(self.taken), len(self.taken))
        exact = sum(file.name == f"{module}.py" for module, file in self.taken.items())
        newest = max((file.date for file in self.taken.values()), default="")
        return (*counts, exact, -self.depth, self.is_package, newest)


def _rank(file: Handed, module: str) -> tuple[bool, int, str]:
    """Smaller is better: work before stubs, the very name before others, sure ones before the rest.

    The path last, so that the choice never depends on the order of a folder.
    """
    assert file.guess is not None
    return (not file.done(module), 2 - file.guess.exact - file.guess.sure, file.path)


def _worked(taken: dict[str, Handed]) -> int:
    """How many of these files are more than the stub."""
    return sum(bool(file.done(module)) for module, file in taken.items())


def choose(files: Sequence[Handed], wanted: Collection[str]) -> Choice:
    """What is judged of all that was handed in. wanted: the modules that this set is about."""
    files = [file for file in files if not file.is_the_graders()]
    by_folder: dict[str, list[Handed]] = {}
    for file in files:
        by_folder.setdefault(file.folder, []).append(file)
    offers = [Offer(folder, by_folder[folder]) for folder in sorted(by_folder)]
    offers = [offer for offer in offers if offer.taken or offer.rivals]
    if not offers:
        return Choice(refused=_clues(Offer("", []), [], files, wanted))
    # the first of the best, in the order of their paths
    best = max(offers, key=lambda offer: offer.rank(wanted))
    rest = [offer for offer in offers if offer is not best]
    return Choice(
        best.folder,
        best.taken,
        _helpers(best, files),
        [*_said_of_folders(best, rest), *_said_of_names(best), *_said_of_stubs(best, files)],
        _clues(best, rest, files, wanted),
    )


def _helpers(best: Offer, files: Sequence[Handed]) -> dict[str, Handed]:
    """The other Python files of the folder, which the judged ones may import: path -> file."""
    start = f"{best.folder}/" if best.folder else ""
    chosen = list(best.taken.values())
    helpers: dict[str, Handed] = {}
    for file in files:
        inside = file.path[len(start) :]
        if not file.path.startswith(start) or file in chosen or not _can_be_imported(inside):
            continue
        # a folder `rnn` would be imported in place of rnn.py
        if inside.partition("/")[0] in best.taken:
            continue
        if len(helpers) < MOST_HELPERS:
            helpers[inside] = file
    return helpers


def _can_be_imported(path: str) -> bool:
    *folders, name = path.split("/")
    parts = [*folders, name.removesuffix(".py")]
    named = all(part.isidentifier() for part in parts)
    return name.endswith(".py") and named and len(folders) <= DEEPEST_HELPER and not JUNK & {*parts}


# --------------------------------------------------------------------------------- what is said


def shown_folder(folder: str) -> str:
    """A folder as a sentence names it."""
    return f"{folder}/" if folder else "the top folder"


def quoted(name: str) -> str:
    """A name, in quotes if nobody would see where it begins or ends."""
    return name if name == name.strip() else repr(name)


def _said_of_folders(best: Offer, rest: Sequence[Offer]) -> list[str]:
    """That there was a choice between folders, and what was not chosen."""
    other, stubs = [], []
    for offer in rest:
        for module, file in offer.taken.items():
            mine = best.taken.get(module)
            if mine is not None and mine.content == file.content:
                continue
            if file.done(module):
                other.append(file.path)
            elif mine is not None and mine.done(module) and offer.depth <= best.depth:
                stubs.append(shown_folder(offer.folder))
    graded = f"the files in {shown_folder(best.folder)} were graded"
    if other:
        paths = listed(other, MOST_LISTED)
        return [f"{graded}, and not {paths}: hand in one folder, with one copy of each file"]
    if stubs:
        folders = listed(list(dict.fromkeys(stubs)), MOST_LISTED)
        return [f"{graded}, because those in {folders} are still the stubs"]
    return []


def _said_of_names(best: Offer) -> list[str]:
    """What was taken by another name than it should have, and what was left beside the judged."""
    notes = []
    for module, file in best.taken.items():
        name = f"{module}.py"
        others = best.others.get(module, [])
        worked = [other for other in others if other.done(module)]
        differing = [other.name for other in worked if other.content != file.content]
        if file.name != name:
            stub = any(other.name == name for other in others)
            why = f", because {name} is still the stub" if stub else ""
            notes.append(f"{quoted(file.name)} was taken for {name}{why}: give it that name")
        if differing:
            verb = "differs" if len(differing) == 1 else "differ"
            notes.append(f"{file.name} was graded; {listed(differing, MOST_LISTED)} {verb} from it")
        if file.remark:
            notes.append(f"{name} {file.remark}")
    return notes


def _said_of_stubs(best: Offer, files: Sequence[Handed]) -> list[str]:
    """That the work for a file that is still the stub is somewhere else."""
    notes = []
    for module, file in best.taken.items():
        work = "" if file.done(module) else _work_elsewhere(module, files)
        if work:
            notes.append(f"{module}.py is still the stub, but {work}")
    return notes


def _clues(
    best: Offer, rest: Sequence[Offer], files: Sequence[Handed], wanted: Collection[str]
) -> dict[str, str]:
    """Module -> where the work that is missing for it may be."""
    clues = {}
    for module in wanted:
        if module not in best.taken:
            clue = _clue(module, best, rest, files)
            if clue:
                clues[module] = clue
    return clues


def _clue(module: str, best: Offer, rest: Sequence[Offer], files: Sequence[Handed]) -> str:
    name = f"{module}.py"
    if module in best.rivals:
        rivals = listed([file.name for file in best.rivals[module]], MOST_LISTED)
        return f"{name} is missing, and {rivals} differ: hand in one of them, named {name}"
    elsewhere = [offer.taken[module] for offer in rest if module in offer.taken]
    for file in elsewhere:
        if file.done(module):
            return (
                f"{name} is not in {shown_folder(best.folder)}, whose files were graded, but in "
                f"{shown_folder(file.folder)}: put all files into one folder"
            )
    for file in files:
        if file.guess is not None and file.guess.module == module and not file.guess.exact:
            return f"{name} is missing, but there is {file.path}: if it is that, rename it"
    work = _work_elsewhere(module, files)
    return f"{name} is missing, but {work}" if work else ""


def _work_elsewhere(module: str, files: Sequence[Handed]) -> str:
    """The part of a sentence that names a file which defines a module's functions by no right name:
    a notebook, or one file with everything in it.
    """
    for file in files:
        found = file.done(module)
        if not found or (file.guess is not None and file.guess.exact):
            continue
        where = f"{file.path} defines {listed(found, 3)}"
        if file.is_notebook:
            return (
                f"{where}: notebooks are not graded, so put the functions into recurrent/"
                f"{module}.py (`{python_command()} check.py --from {file.name}` does it)"
            )
        return f"{where}: put them into recurrent/{module}.py"
    return ""
