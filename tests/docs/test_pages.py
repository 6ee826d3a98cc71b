"""Every page: its links, its commands as the real parser reads them, its marks."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from autograder.cli import _options, parser
from autograder.errors import UserError
from tests.conftest import ROOT
from tests.docs.pages import DOCS, PAGES, Block, anchors, blocks, commands, links

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
    start = words.index("autograder") + 1 if "autograder" in words else words.index("check.py")
    given = [*words[start:]]
    if words[1] == "check.py":
        given[0] = "check"
    if tuple(given) in verbs_alone():
        return ""  # it is spoken of, not typed
    try:
        _options(given)
    except SystemExit:
        return "the parser refuses it"
    except UserError as error:
        return str(error)
    return ""


def objection_of_make(words: list[str]) -> str:
    for word in words:
        name, is_variable, _ = word.partition("=")
        if is_variable and not re.search(rf"\$\({name}\)|^{name} \?=", MAKEFILE, re.M):
            return f"make knows no {name}"
        if not is_variable and not re.search(rf"^{name}:", MAKEFILE, re.M):
            return f"make has no target {name}"
    return ""


@cache
def verbs_alone() -> set[tuple[str, ...]]:
    """Every verb without its arguments, as a sentence names it; and no verb at all."""
    from autograder.authoring.pages.commands import verbs

    return {(), *(tuple(name.split()) for name, _, _ in verbs(parser()[0]))}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_of_ours_can_be_typed(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {command: objection(command) for command in commands(page)}
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
    return re.findall(r": ([\w./]+\.md)$", menu, re.M), re.findall(r"^  ([\w./]+\.md)$", beside, re.M)


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
    import ast

    found = []
    for path in sorted((ROOT / "autograder").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
                found.append("".join(map(str, parts)))
    return "\n".join(found)


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
