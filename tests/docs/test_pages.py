"""Every page: its links, its commands as the real parser reads them, its marks."""

from __future__ import annotations

import ast
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from autograder.authoring.pages.commands import verbs
from autograder.cli import _options, parser
from autograder.errors import UserError
from tests.conftest import ROOT
from tests.docs.pages import DOCS, PAGES, Block, anchors, blocks, commands, links, mentions

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
KINDS = {"sh", "console", "text", "python", "json", "toml"}
MOST_LINES, MOST_PAGES = 60, 14


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_to_a_file_and_to_a_heading_that_is_there(page: Path) -> None:
    wrong = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        if path.startswith(("https://", "http://")):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_block_that_is_not_run_says_why_and_one_that_is_run_does_not(page: Path) -> None:
    for block in blocks(page):
        assert block.kind in KINDS, block
        assert bool(block.why) == (block.kind == "console"), block


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_command_stands_in_no_block_but_one_for_commands(page: Path) -> None:
    """By indentation, nothing would say whether it is run."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^    (?:\$ |python |make |pip ).*$", text, re.M) == []


def objection(command: str) -> str:
    """Why a command cannot be typed; empty if it can."""
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        return objection_of_make(words[1:])
    try:
        _options(given(words))
    except SystemExit:
        return "the parser refuses it"
    except UserError as error:
        return str(error)
    return ""


def given(words: list[str]) -> list[str]:
    """The verb and its arguments."""
    if words[1] == "check.py":
        return ["check", *words[2:]]
    return words[words.index("autograder") + 1 :]


def objection_to_mention(command: str) -> str:
    """Why a part of a command could be no part of one; empty if it could."""
    words = shlex.split(command, comments=True)
    if words[0] == "make" or not objection(command):
        return objection(command)
    named = [word for word in given(words) if not word.startswith("-")]
    meant = [verb for verb in known() if verb.split() == named[: len(verb.split())]]
    if not meant:
        return "" if not given(words) else "there is no such verb"
    verb = max(meant, key=len)
    unknown = [word for word in words if word.startswith("--") and word not in known()[verb]]
    return f"there is no option {unknown[0]}" if unknown else ""


def objection_of_make(words: list[str]) -> str:
    for word in words:
        name, is_variable, _ = word.partition("=")
        if is_variable and not re.search(rf"\$\({name}\)|^{name} \?=", MAKEFILE, re.M):
            return f"make knows no {name}"
        if not is_variable and not re.search(rf"^([\w-]+ )*{name}( [\w-]+)*:", MAKEFILE, re.M):
            return f"make has no target {name}"
    return ""


@cache
def known() -> dict[str, set[str]]:
    """Verb -> its options."""
    found = {}
    for name, verb, _ in verbs(parser()[0]):
        options: set[str] = set()
        for action in verb._actions:
            options |= set(action.option_strings)
        found[name] = options
    return found


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_of_ours_can_be_typed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {command: objection(command) for command in commands(page)}
    wrong |= {command: objection_to_mention(command) for command in mentions(page)}
    assert {command: why for command, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    "command",
    [
        "make nothing-like-it",
        "make handout SORT=recurrence",
        "python -m autograder class grade export.zip --out class --sett recurrence",
        "python -m autograder klass report class",
        "python check.py rnn --hnt 2",
    ],
)
def test_a_command_that_is_misspelt_is_found(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert objection(command)


@pytest.mark.parametrize(
    "command",
    [
        "make nothing-like-it",
        "python -m autograder class grade --owt DIR",
        "python -m autograder class exprot csv DIR",
        "python check.py --hnt 2",
    ],
)
def test_a_mention_that_is_misspelt_is_found(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert objection_to_mention(command)


def test_a_console_block_tells_commands_from_what_they_print() -> None:
    text = "$ make casebook\nrnn: 7 problems\n$ make assignment\n"
    assert [*Block("console", text, "why").commands()] == ["make casebook", "make assignment"]


def test_the_readme_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def navigation() -> tuple[list[str], list[str]]:
    """The pages in the site's menu, and those that other pages lead to."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = text.partition("\nnav:\n")[2].partition("\nnot_in_nav")[0]
    beside = text.partition("\nnot_in_nav: |\n")[2]
    return re.findall(r": ([\w./]+\.md)$", menu, re.M), re.findall(
        r"^  ([\w./]+\.md)$", beside, re.M
    )


def test_the_menu_is_short_and_every_page_is_in_it_or_is_led_to() -> None:
    menu, beside = navigation()
    assert len(menu) <= MOST_PAGES
    here = {path.name for path in DOCS.glob("*.md")} | {"SECURITY.md"}
    assert sorted([*menu, *beside]) == sorted(here)
    led_to = {Path(link.partition("#")[0]).name for page in PAGES for link in links(page)}
    assert set(beside) <= led_to


# ---------------------------------------------------------------------------------------- messages


@cache
def sentences() -> str:
    """Every text in our sources, a line each, with … for what is filled in."""
    found = []
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                found.append("".join(map(part_of_text, node.values)))
    return "\n".join(found)


def part_of_text(part: ast.expr) -> str:
    """A part of an f-string: what stands there, or … for what is filled in."""
    return str(part.value) if isinstance(part, ast.Constant) else "…"


def messages() -> list[str]:
    """The messages of the reference's tables, as the source has them."""
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    tables = text.partition("## Messages and what to do")[2]
    return re.findall(r"^\| `([^`]+)` \|", tables, re.M)


def is_said(message: str) -> bool:
    """Whether the source says it; two places that are filled in may stand side by side there."""
    pattern = re.escape(message).replace("…", "…+")
    return re.search(pattern, sentences()) is not None


def test_there_are_messages() -> None:
    assert len(messages()) > 40


@pytest.mark.parametrize("message", messages())
def test_every_message_that_is_explained_is_one(message: str) -> None:
    assert is_said(message)


def test_a_message_that_nobody_says_is_found() -> None:
    assert not is_said("the casebook … is out of fashion")
