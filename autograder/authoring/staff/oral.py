"""The oral questions of `solutions/oral.md`: read strictly, cut to what is taught, made a page.

A question is a heading of the third level, `### 7. Why ...?`, and four paragraphs below it, which
begin with `Lessons:`, `**Good answer.**`, `**Follow-up.**` and `**Expected.**`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder import lessons
from autograder.errors import UserError

QUESTION = re.compile(r"### (\d+)\. (.+)")
PARTS = ("Lessons:", "**Good answer.**", "**Follow-up.**", "**Expected.**")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
CODE = re.compile(r"`([^`]+)`")

TEMPLATE = "questions.html.jinja"

MARKS = ("good", "half", "no answer")
"""What an examiner ticks."""


class OralError(UserError):
    """The oral questions cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Question:
    """One question with its answers. lessons: what it is about, all of which must be taught."""

    number: int
    section: str
    text: str
    lessons: tuple[str, ...]
    good: str
    follow_up: str
    expected: str


@dataclass(frozen=True)
class Oral:
    """The whole page. advice: how to ask, a text for each paragraph."""

    advice: tuple[str, ...]
    questions: tuple[Question, ...]

    def sections(self) -> dict[str, list[Question]]:
        """Heading -> its questions, in order."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.section, []).append(question)
        return found


def load_oral(path: Path) -> Oral:
    """Read `solutions/oral.md`. Raises OralError for a question that lacks a part."""
    advice: list[str] = []
    questions: list[Question] = []
    section = ""
    blocks = _blocks(path.read_text(encoding="utf-8"))
    while blocks:
        block = blocks.pop(0)
        if block.startswith("## "):
            section = block.removeprefix("## ")
        elif block.startswith("### "):
            parts = [blocks.pop(0) for _ in PARTS if blocks]
            questions.append(_question(block, section, parts))
        elif questions or section:
            raise OralError(f"{path.name}: this belongs to no question: {block[:60]}")
        elif not block.startswith("# "):
            advice.append(block)
    _refuse_odd_numbers(questions)
    return Oral(tuple(advice), tuple(questions))


def _blocks(text: str) -> list[str]:
    """Headings and paragraphs, each as one line, without comments."""
    found = []
    for block in re.split(r"\n\s*\n", COMMENT.sub("", text)):
        line = " ".join(block.split())
        if line:
            found.append(line)
    return found


def _question(heading: str, section: str, parts: Sequence[str]) -> Question:
    """The question of a heading and the paragraphs below it. Raises OralError."""
    match = QUESTION.fullmatch(heading)
    if match is None:
        raise OralError(f"oral.md: a question is '### 7. Why ...?', not {heading[:60]!r}")
    number = int(match[1])
    texts = []
    for label, part in zip(PARTS, (*parts, "", "", "", ""), strict=False):
        text = part.removeprefix(label).strip()
        if not part.startswith(label) or not text:
            raise OralError(f"oral.md: question {number} lacks its paragraph {label!r}")
        texts.append(text)
    named = tuple(texts[0].split(", "))
    unknown = [name for name in named if name not in lessons.names()]
    if unknown:
        raise OralError(f"oral.md: question {number} is about {unknown[0]!r}, which is no lesson")
    return Question(number, section, match[2], named, *texts[1:])


def _refuse_odd_numbers(questions: Sequence[Question]) -> None:
    numbers = [question.number for question in questions]
    if numbers != list(range(1, len(numbers) + 1)):
        raise OralError(f"oral.md: its questions are numbered {numbers}, not from 1 on")


def taught(oral: Oral, asked: Collection[str], before: Collection[str] = ()) -> Oral:
    """The questions about lessons that are asked for now, counted from 1 on.

    A question may need a lesson of an earlier problem set as well, one of `before`.
    """
    known = {*asked, *before}
    kept: list[Question] = []
    for question in oral.questions:
        about = set(question.lessons)
        if about & set(asked) and about <= known:
            kept.append(replace(question, number=len(kept) + 1))
    return replace(oral, questions=tuple(kept))


def as_markdown(oral: Oral, title: str) -> str:
    """The page as text."""
    blocks = [f"# Oral questions: {title}", *oral.advice]
    for section, questions in oral.sections().items():
        blocks.append(f"## {section}")
        for question in questions:
            blocks.append(f"### {question.number}. {question.text}")
            texts = (", ".join(question.lessons), question.good, question.follow_up)
            for label, text in zip(PARTS, (*texts, question.expected), strict=True):
                blocks.append(f"{label} {text}")
    return "\n\n".join(blocks) + "\n"


def as_html(oral: Oral, title: str) -> str:
    """One page without a network, to read or to print."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["marked"] = _marked
    page = templates.get_template(TEMPLATE).render(title=title, oral=oral, marks=MARKS)
    return f"{page}\n"


def _marked(text: str) -> Markup:
    """A text for a page: escaped, and what stands between backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", html.escape(text, quote=False)))
