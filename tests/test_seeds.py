"""The secret seed of the hidden cases: where it is kept, when it is another, what may know it."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.handout import make_autograder, zips
from autograder.authoring.handout.manifest import commit_of, fingerprint_of
from autograder.authoring.seeds import SeedError, hidden_seed, seed_file
from autograder.settings import load_course
from tests.conftest import COURSE_TOML, HIDDEN_SEED, ROOT

COURSE = replace(load_course(COURSE_TOML), term="Spring 2027", hidden_seed=None)


def seed_of(folder: Path, **changes: Any) -> tuple[int, list[str]]:
    """The seed that a build in that folder uses, and what it prints."""
    printed: list[str] = []
    given, new = changes.pop("given", None), changes.pop("new", False)
    seed = hidden_seed(given, replace(COURSE, **changes), folder, printed.append, new)
    return seed, printed


# --------------------------------------------------------------------------------- drawn and kept


def test_a_seed_has_64_bits_and_is_drawn_printed_and_kept_once(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    seed, printed = seed_of(folder)
    assert len(printed) == 1 and str(seed) in printed[0] and "dist/hidden_seed-" in printed[0]
    assert stat.S_IMODE(seed_file(folder, COURSE.term).stat().st_mode) == 0o600
    assert seed_of(folder) == (seed, []), "used again, and not printed again"
    drawn = [seed_of(tmp_path / str(number))[0] for number in range(40)]
    assert len(set(drawn)) == 40
    assert 2**60 < max(drawn) < 2**64


def test_a_new_term_draws_anew_and_an_old_one_finds_its_own(tmp_path: Path) -> None:
    spring, _ = seed_of(tmp_path)
    fall, printed = seed_of(tmp_path, term="Fall 2027")
    assert fall != spring and printed
    assert seed_of(tmp_path) == (spring, [])
    assert seed_of(tmp_path, term="Fall 2027") == (fall, [])


def test_a_new_one_that_is_asked_for_stays_and_the_one_before_is_not_lost(tmp_path: Path) -> None:
    first, _ = seed_of(tmp_path)
    second, printed = seed_of(tmp_path, new=True)
    assert first != second and str(second) in printed[0]
    assert seed_of(tmp_path) == (second, [])
    before = tmp_path / "hidden_seed-spring-2027.before"
    assert int(before.read_text()) == first and stat.S_IMODE(before.stat().st_mode) == 0o600


def test_what_is_given_goes_first_and_costs_nobody_the_kept_one(tmp_path: Path) -> None:
    kept, _ = seed_of(tmp_path)
    assert seed_of(tmp_path, given=7, hidden_seed=11) == (7, [])
    assert seed_of(tmp_path, hidden_seed=11) == (11, [])
    assert seed_of(tmp_path) == (kept, [])


@pytest.mark.parametrize("text", ["", "none\n", "-3", "1.5", "\N{ARABIC-INDIC DIGIT ONE}", "1 2"])
def test_a_file_that_holds_no_seed_is_one_sentence(tmp_path: Path, text: str) -> None:
    seed_file(tmp_path, COURSE.term).write_text(text, encoding="utf-8")
    with pytest.raises(SeedError, match=r"hidden_seed-spring-2027 holds no seed: .* NEW_SEED=1"):
        seed_of(tmp_path)


@pytest.mark.parametrize("term", ["", "2027/28", "../../etc", "Fr\u00fchling 2027", "\u6625"])
def test_every_term_has_a_file_in_the_folder(tmp_path: Path, term: str) -> None:
    seed, _ = seed_of(tmp_path, term=term)
    [file] = tmp_path.iterdir()
    assert file.name.startswith("hidden_seed-") and int(file.read_text()) == seed


def test_clean_spares_the_seeds_and_nothing_else_of_dist(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("there is no make here")
    shutil.copy(ROOT / "Makefile", tmp_path)
    seed_of(tmp_path / "dist")
    seed_of(tmp_path / "dist", new=True)
    kept = {path.name for path in (tmp_path / "dist").iterdir()}
    (tmp_path / "dist" / "nbgrader" / "source").mkdir(parents=True)
    for name in ("dist/autograder.zip", "build/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    subprocess.run(["make", "-s", "clean"], cwd=tmp_path, check=True, capture_output=True)
    assert {path.name for path in (tmp_path / "dist").iterdir()} == kept
    assert not (tmp_path / "build").exists()


# ------------------------------------------------------------------------------------- in the zips


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds that zips are built with; nothing is drawn from them, which would take long."""
    seeds: list[int] = []

    def freeze(solutions: Path, course: Any, frozen: Path, hidden: int, *_: Any, **__: Any) -> None:
        seeds.append(hidden)
        (frozen / "hidden").mkdir(parents=True)
        (frozen / "hidden" / "rnn.safetensors").write_bytes(b"%d" % (hidden % 1000))

    monkeypatch.setattr(zips, "course_of", lambda root: COURSE)
    monkeypatch.setattr(zips, "freeze_course", freeze)
    monkeypatch.setattr(zips, "refuse_leaks", lambda folder, name: None)  # looking takes long, too
    return seeds


def test_a_zip_built_again_has_the_same_hidden_cases_until_others_are_asked_for(
    tmp_path: Path, built: list[int]
) -> None:
    printed: list[str] = []
    out = tmp_path / "dist" / "autograder.zip"
    contents = []
    for new_seed in (False, False, True, False):
        make_autograder("recurrence", out, print_line=printed.append, new_seed=new_seed)
        contents.append(out.read_bytes())
    assert built[0] == built[1] != built[2] == built[3]
    assert contents[0] == contents[1] and contents[2] == contents[3] and built[0] > 1000
    assert sum("drew a secret seed" in line for line in printed) == 2
    assert re.fullmatch(
        r"autograder.zip: Spring 2027, set recurrence, hidden cases [0-9a-f]{12}, .* MB, .*",
        printed[-1],
    )


def test_the_seed_travels_in_no_zip(zips: dict[str, Path]) -> None:
    traces = [str(HIDDEN_SEED).encode(), f"{HIDDEN_SEED:x}".encode()]
    traces += [HIDDEN_SEED.to_bytes(8, order) for order in ("little", "big")]
    for path in zips.values():
        with zipfile.ZipFile(path) as archive:
            assert not any("hidden_seed" in name for name in archive.namelist())
            for name in archive.namelist():
                content = archive.read(name)
                assert not any(trace in content for trace in traces), f"{path.name}/{name}"


def test_a_zip_says_what_it_is_and_the_handout_nothing_of_hidden_cases(
    zips: dict[str, Path],
) -> None:
    told = {}
    for name, top in (("handout", "assignment/"), ("autograder", "")):
        with zipfile.ZipFile(zips[name]) as archive:
            told[name] = json.loads(archive.read(f"{top}autograder/frozen/build.json"))
    for one in told.values():
        assert (one["term"], one["set"]) == (load_course(ROOT / "course.toml").term, "recurrence")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one["built"])
    assert re.fullmatch(r"[0-9a-f]{12}", told["autograder"]["hidden_cases"])
    assert told["handout"]["hidden_cases"] is None


def test_a_fingerprint_is_of_all_that_the_casebook_holds(tmp_path: Path) -> None:
    assert fingerprint_of(tmp_path) is None
    (tmp_path / "rnn.safetensors").write_bytes(b"one")
    first = fingerprint_of(tmp_path)
    (tmp_path / "rnn.safetensors").write_bytes(b"two")
    second = fingerprint_of(tmp_path)
    (tmp_path / "rnn.safetensors").rename(tmp_path / "lstm.safetensors")
    assert len({first, second, fingerprint_of(tmp_path)}) == 3


def test_a_copy_within_another_repository_has_no_commit(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "course").mkdir()
    assert commit_of(tmp_path / "course") is None
    assert commit_of(tmp_path / "nowhere") is None
