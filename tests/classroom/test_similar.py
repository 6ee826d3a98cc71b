"""Pairs to look at: what copies share, what honest work does not, and that it is no verdict."""

from __future__ import annotations

import ast
import builtins
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from autograder import lessons
from autograder.classroom.marking import files_digest
from autograder.classroom.people import Student
from autograder.classroom.similar import fingerprints as winnowing
from autograder.classroom.similar.collect import Collected, collect
from autograder.classroom.similar.fingerprints import GUARANTEED, Span, fingerprints
from autograder.classroom.similar.page import CAUTION, as_html, base_rate, show
from autograder.classroom.similar.pairs import COMPARED, NEIGHBOURS, Found, Index, pairs_of
from autograder.classroom.similar.passages import passages
from autograder.classroom.similar.tokens import BREAK, Token, tokens_of
from autograder.classroom.similar.works import Boilerplate, Work, boilerplate_of, work_of
from autograder.cli import main
from autograder.grade import taken_in
from tests.classroom.made_up_store import ADA, ALAN, EDSGER, GRACE, MadeUpStore, wrong
from tests.conftest import ROOT
from tests.test_walls import NAMES, imports_of

HANDOUT = ROOT / "assignment" / "recurrent"
GIVEN = boilerplate_of(HANDOUT)

COPIED = 0.9
"""What a copy with other names comes to at least."""

HONEST = 0.3
"""What two who never met stay under, of whom each wrote the same lesson."""


def honest(lesson: str) -> dict[str, str]:
    """One lesson as many people wrote it: author -> text."""
    found = {"blind": (ROOT / "tests" / "unforeseen" / "right" / f"{lesson}.py").read_text()}
    for path in sorted((ROOT / "tests" / "good_versions").glob(f"{lesson}_*.py")):
        style = path.stem.removeprefix(f"{lesson}_")
        if not any(other.startswith(f"{lesson}_") and path.stem.startswith(other)
                   for other in lessons.names()):  # fmt: skip
            found[style] = path.read_text()
    return found


def works(texts: Mapping[str, str], given: Boilerplate = GIVEN, name: str = "rnn.py") -> list[Work]:
    return [work_of(who, {who}, who, {name: text}, given) for who, text in texts.items()]


class Renamed(ast.NodeTransformer):
    """All that a function calls its own has another name; comments and layout are gone, too."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def learn(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.arg):
                self._add(node.arg)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._add(node.id)

    def _add(self, name: str) -> None:
        if not hasattr(builtins, name):
            self.names.setdefault(name, f"other_{len(self.names)}")

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        return node


def renamed(text: str) -> str:
    tree = ast.parse(text)
    rename = Renamed()
    rename.learn(tree)
    return ast.unparse(rename.visit(tree))


def likeness(found: Found, *who: str) -> float:
    for pair in found.pairs:
        if {pair.one.name, pair.other.name} == set(who):
            return pair.likeness
    return 0.0


# ------------------------------------------------------------------------------ copies and honest


@pytest.mark.parametrize("lesson", ["rnn", "gradflow", "lstm", "beam", "torch_models"])
def test_a_copy_with_all_names_changed_is_the_likest_pair(lesson: str) -> None:
    texts = honest(lesson)
    texts["copy"] = renamed(texts["blind"])
    assert texts["copy"] != texts["blind"]
    found = pairs_of(works(texts))
    (first, *_) = found.pairs
    assert {first.one.name, first.other.name} == {"blind", "copy"}
    assert first.code >= COPIED and first.likeness >= COPIED
    assert found.below(first.likeness) == pytest.approx(1 - 2 / len(texts))


CODED = dict.fromkeys(problem.lesson for problem in lessons.coded_problems())


@pytest.mark.parametrize("lesson", CODED)
def test_honest_work_on_the_same_lesson_is_not_alike(lesson: str) -> None:
    found = pairs_of(works(honest(lesson)))
    assert found.pairs == () and max(found.best) < HONEST


def test_the_order_of_functions_does_not_matter() -> None:
    texts = honest("rnn")
    tree = ast.parse(texts["blind"])
    tree.body.reverse()
    texts["copy"] = renamed(ast.unparse(tree))
    assert likeness(pairs_of(works(texts)), "blind", "copy") >= COPIED


def test_part_of_a_file_is_found_by_where_it_stands() -> None:
    texts = honest("rnn")
    body = ast.parse(texts["blind"]).body
    function = next(node for node in body if getattr(node, "name", "") == "rnn_backward_truncated")
    texts["loops"] += "\n\n" + ast.unparse(function) + "\n"
    all_works = works(texts)
    index = Index(all_works)
    by_name = {work.name: work for work in all_works}
    (longest, *_) = passages(by_name["blind"], by_name["loops"], index)
    assert longest.having == 2
    lines = range(function.lineno, (function.end_lineno or 0) + 1)
    assert {number for number, _ in longest.one_lines} <= set(lines)
    assert len(longest.one_lines) >= 5 and len(longest.other_lines) >= 5


def mixed(share: float) -> str:
    """The blind rnn.py with other names, as far as this share of its functions; the rest loops."""
    texts = honest("rnn")
    copied, rest = (ast.parse(texts[who]).body for who in ("blind", "loops"))
    functions = [node for node in copied if isinstance(node, ast.FunctionDef)]
    taken = functions[: round(share * len(functions))]
    names = {node.name for node in taken}
    others = [node for node in rest if getattr(node, "name", "") not in names]
    return renamed(ast.unparse(ast.Module([*taken, *others], [])))


def test_our_ranking_of_planted_copies_is_that_of_copydetect(tmp_path: Path) -> None:
    copydetect = pytest.importorskip("copydetect")
    shares = (1.0, 0.7, 0.4, 0.0)
    texts = honest("rnn")
    del texts["loops"]  # which the planted ones are filled up with
    ours, theirs = [], []
    for share in shares:
        found = works(texts | {"copy": mixed(share)})
        index = Index(found)
        places = {work.name: place for place, work in enumerate(found)}
        ours.append(index.compared(places["blind"], places["copy"]).code)
        files = []
        for who, text in (("blind", texts["blind"]), ("copy", mixed(share))):
            files.append(tmp_path / f"{who}.py")
            files[-1].write_text(text)
        stub = copydetect.CodeFingerprint(str(HANDOUT / "rnn.py"), 25, 1)
        prints = [
            copydetect.CodeFingerprint(str(path), 25, 1, boilerplate=list(stub.hashes))
            for path in files
        ]
        theirs.append(copydetect.compare_files(*prints)[1][1])  # of the copy's tokens
    assert ours == sorted(ours, reverse=True) and len(set(ours)) == len(shares)
    assert theirs == sorted(theirs, reverse=True) and len(set(theirs)) == len(shares)


# ------------------------------------------------------------------------- what counts for nothing


def test_what_the_handout_gives_counts_for_nothing() -> None:
    texts = {path.name: path.read_text() for path in sorted(HANDOUT.rglob("*.py"))}
    mine, other = (work_of(who, {who}, who, texts, GIVEN) for who in ("mine", "other"))
    assert mine.features() == set() and pairs_of([mine, other]).pairs == ()
    with_own = {"rnn.py": texts["rnn.py"] + "\n\ndef mine(x):\n    return x\n"}
    assert not any(work_of("a", {"a"}, "a", with_own, GIVEN).prints.values())


def made_up(number: int, features: Sequence[int] = (), **more: object) -> Work:
    """A submission with these fingerprints, and as many of its own."""
    own = {1_000_000 * (number + 1) + place: Span(1, 2) for place in range(40)}
    prints = {one: Span(3, 4) for one in features} | own
    return Work(f"w{number:04}", frozenset({f"s{number}"}), f"s{number}", {"a.py": "x\n" * 9},
                {"a.py": prints}, **more)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(("sharing", "is_rare"), [(2, True), (5, True), (6, False)])
def test_what_more_than_a_twentieth_has_counts_for_nothing(sharing: int, is_rare: bool) -> None:
    shared = range(400)
    found = pairs_of([made_up(number, shared if number < sharing else ()) for number in range(100)])
    wanted = sharing * (sharing - 1) // 2 if is_rare else 0
    assert len(found.pairs) == wanted
    assert sum(one > 0 for one in found.best) == (sharing if is_rare else 0)


def test_who_hands_in_together_or_again_is_no_pair() -> None:
    one, again = made_up(0, range(400)), made_up(1, range(400))
    stranger = made_up(2)
    assert len(pairs_of([one, again, stranger]).pairs) == 1
    same = Work(again.name, one.owners, again.shown, again.files, again.prints)
    assert pairs_of([one, same, stranger]).pairs == ()


def test_equal_files_of_two_are_told_but_not_of_the_class() -> None:
    text = honest("rnn")["blind"]
    others = {who: own for who, own in honest("rnn").items() if who != "blind"}
    (pair,) = pairs_of(works({"a": text, "b": text, **others})).pairs
    assert pair.identical == 2 and pair.likeness >= COPIED
    assert pairs_of(works({name: text for name in "abc"})).pairs == ()
    tiny = "def f(x):\n    return np.tanh(x @ y + h @ z + b), (x, y, h, z)\n"
    assert work_of("a", {"a"}, "a", {"rnn.py": tiny}, GIVEN).digest == ""


# ------------------------------------------------------------------------------- other evidence


def test_equal_wrong_numbers_comments_and_names_add_up() -> None:
    rest = [made_up(number) for number in range(2, 60)]
    wrong_ones = {f"problem_{number}": "aa11" for number in range(4)}
    alone = Index([made_up(0, wrong=wrong_ones), made_up(1, wrong=wrong_ones), *rest])
    by_numbers = alone.compared(0, 1)
    assert [one.what for one in by_numbers.wrong] == list(wrong_ones)
    assert {one.having for one in by_numbers.wrong} == {2}
    words = {"comments": frozenset({"i do not know why this works"}), "names": frozenset({"zebra"})}
    both = Index(
        [made_up(0, wrong=wrong_ones, **words), made_up(1, wrong=wrong_ones, **words), *rest]
    ).compared(0, 1)
    assert 0 < by_numbers.likeness < both.likeness < 1
    assert [one.what for one in both.names] == ["zebra"] and len(both.comments) == 1
    differing = made_up(1, wrong=dict.fromkeys(wrong_ones, "bb22"))
    assert Index([made_up(0, wrong=wrong_ones), differing, *rest]).compared(0, 1).likeness == 0


def test_one_shared_slip_or_name_is_no_reason_to_look() -> None:
    more = {"wrong": {"rnn_forward": "aa11"}, "names": frozenset({"zebra"})}
    found = pairs_of([made_up(0, **more), made_up(1, **more), *map(made_up, range(2, 300))])
    assert found.pairs == () and 0 < max(found.best) < 0.5


def test_the_base_rate_counts_every_submission_once() -> None:
    found = pairs_of([made_up(number, range(400) if number < 2 else ()) for number in range(50)])
    rates = base_rate(found)
    assert sum(count for _, count in rates) == 50
    assert rates[0] == ("0 % to 10 %", 48) and rates[-1] == ("90 % to 100 %", 2)


# ------------------------------------------------------------------------------------- linear


def a_class(count: int) -> list[Work]:
    """Submissions that mix the functions of honest ones, each with numbers and names of its own."""
    drawn = random.Random(count)
    styles = [ast.parse(text).body for text in honest("rnn").values()]
    made = []
    for number in range(count):
        body = [node for node in drawn.choice(styles) if drawn.random() < 0.8]
        text = "\n".join(ast.unparse(node) for node in body)
        text = re.sub(r"\b0\b", lambda zero: str(drawn.randrange(4)), text)
        made.append(work_of(f"w{number}", {f"s{number}"}, "", {"rnn.py": text}, GIVEN))
    return made


def steps(all_works: Sequence[Work]) -> int:
    """The work of comparing a class, which a fixed number for each feature bounds."""
    found = pairs_of(all_works)
    assert len(found.best) == len(all_works)
    features = sum(len(work.features()) for work in all_works)
    assert found.index.steps <= features * (1 + NEIGHBOURS + 4 * COMPARED)
    return found.index.steps


def test_a_class_of_four_times_the_size_is_far_from_sixteen_times_the_work() -> None:
    """Not yet four times: in the smaller one fewer than the bound share what is rare."""
    assert steps(a_class(400)) <= 8 * steps(a_class(100))


def test_nor_do_large_groups_of_copies_make_it_quadratic() -> None:
    """Each twentieth of the class shares all it has, just not too often to count."""

    def grouped(count: int) -> list[Work]:
        size, made = count // 20, []
        for number in range(count):
            first = number // size * 100
            made.append(made_up(number, range(first, first + 100)))
        return made

    assert steps(grouped(1600)) <= 5 * steps(grouped(400))


# ------------------------------------------------------------------------------- tokens and prints


def test_names_go_and_what_a_library_is_called_stays() -> None:
    found = tokens_of(
        "class C:\n"
        "  def f(self, *, b: int = 3) -> dict[str, int]:\n"
        "    r'Before three words'\n"
        "    self.mine = np.tanh(a @ b) + len(b)  # one more comment\n"
    )
    assert [token.text for token in found.code] == [
        BREAK, "v", ".", "v", "=", "v", ".", "tanh", "v", "@", "v", "+", "len", "v",
    ]  # fmt: skip
    assert found.comments == {"before three words", "one more comment"}
    assert {token.line for token in found.code} == {1, 4}


def test_a_broken_file_is_read_on_below_what_is_broken() -> None:
    whole = honest("rnn")["blind"]
    known = fingerprints(tokens_of(whole).code).keys()
    for broken in ("def f(:\n", "x = 'never closed\n", "  odd = 1\n odder = 2\n", "x = ?$\n", "}\n",
                   "\0\n"):  # fmt: skip
        code = tokens_of(f"{broken}\n\n{whole}").code
        shared = known & fingerprints(code).keys()
        assert len(shared) >= 0.8 * len(known), broken


@given(st.text() | st.lists(st.sampled_from(["def f(", "):\n", "'''", "(", "\n  ", "\n", "x", "="]))
       .map("".join))  # fmt: skip
@example("'''" * 99)
@example("(" * 500)
@example("x = \\")
@example("x\0 = (\n\0")
def test_nothing_that_is_no_python_stops_it(text: str) -> None:
    found = tokens_of(text)
    fingerprints(found.code)
    assert all(token.line >= 1 for token in found.code)


def test_what_two_files_share_at_length_they_share_a_fingerprint_of() -> None:
    drawn = random.Random(3)
    for _ in range(200):
        shared, *around = (
            [Token(str(drawn.randrange(9)), 1) for _ in range(count)]
            for count in (GUARANTEED, *(drawn.randrange(40) for _ in range(4)))
        )
        one, other = around[0] + shared + around[1], around[2] + shared + around[3]
        assert fingerprints(one).keys() & fingerprints(other).keys()


def test_winnowing_keeps_a_part_of_the_runs_and_hashes_each_alike() -> None:
    drawn = random.Random(5)
    code = [Token(str(drawn.randrange(9)), number) for number in range(1000)]
    found = fingerprints(code)
    runs = len(code) - winnowing.RUN + 1
    assert runs / winnowing.WINDOW <= len(found) <= runs / 2
    assert fingerprints(code) == found and fingerprints(code[: winnowing.RUN - 1]) == {}
    assert len(fingerprints(code[: winnowing.RUN])) == 1


# ---------------------------------------------------------------------------------- never a grade


def test_nothing_that_grades_or_reports_knows_of_it() -> None:
    similar = "autograder.classroom.similar"
    importing = set()
    for name, path in NAMES.items():
        if not name.startswith(similar) and any(
            one.startswith(similar) for one in imports_of(path)
        ):
            importing.add(name)
    assert importing == {"autograder.classroom.cli"}


# -------------------------------------------------------------------------------------- the verb


def an_export(folder: Path, made: MadeUpStore) -> Path:
    """Four who hand in rnn.py: one copies, two are a group, one writes markup."""
    texts = honest("rnn")
    evil = "# <script>alert(1)</script> & <b>\n"
    handed_in = {
        "submission_1": ((ADA,), texts["blind"] + evil),
        "submission_2": ((Student("<i>Eve</i>", sid="9"),), renamed(texts["blind"]) + evil),
        "submission_3": ((ALAN, GRACE), texts["loops"]),
        "submission_4": ((EDSGER,), texts["einsum"]),
    }
    entries = {}
    for name, (students, text) in handed_in.items():
        package = folder / name / "recurrent"
        package.mkdir(parents=True)
        (package / "rnn.py").write_text(text)
        entries[name] = {
            ":submitters": [{":name": one.name, ":sid": one.sid} for one in students],
            ":created_at": "2027-02-05T18:00:00-05:00",
        }
        made.hand_in(*students, name=name, rnn_forward=wrong("rnn_forward", digest="aa11"))
    (folder / "submission_metadata.yml").write_text(yaml.safe_dump(entries))
    return folder


class Page(HTMLParser):
    """What a page shows, and what it would fetch or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]

    def handle_data(self, data: str) -> None:
        self.text += data


def run(*arguments: object) -> int:
    return main(["class", "similar", *map(str, arguments)])


@pytest.fixture
def made(tmp_path: Path) -> MadeUpStore:
    return MadeUpStore(tmp_path / "class")


def test_the_verb_writes_a_page_that_says_what_it_is(
    made: MadeUpStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = an_export(tmp_path / "assignment_7_export", made)
    assert run(made.folder, "--source", source) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "1 pair to look at among 4 submissions" in out
    assert "with fewer than 40 nobody can tell what is rare" in out
    assert "a reason to look, never a verdict, and in no grade" in out
    assert "<i>Eve</i>" in out and "100 % of a file's rare code" in out
    page = Page((made.folder / "similar.html").read_text())
    text = " ".join(page.text.split())
    assert CAUTION in text and "What is usual in this class" in text
    assert "With fewer than 40 submissions nobody can tell what is rare" in text
    assert "Ada Lovelace and <i>Eve</i>" in text and "In 2 of 4 submissions" in text
    assert "script alert 1 script b" in text  # the comment that both have, as words
    assert not {"script", "i", "b", "link", "img", "iframe"} & set(page.tags)
    links = [value for name, value in page.attributes if name in ("href", "src", "action")]
    assert links and all(link.startswith("#") for link in links)
    targets = {value for name, value in page.attributes if name == "id"}
    assert {link[1:] for link in links} <= targets
    assert ("lang", "en") in page.attributes and page.tags.count("h1") == 1
    assert run(made.folder, "--source", source) == 0  # its own page is written again


def test_of_a_larger_class_it_says_what_is_usual(capsys: pytest.CaptureFixture[str]) -> None:
    found = pairs_of([made_up(number, range(400) if number < 2 else ()) for number in range(50)])
    usual = "alf of the class has no match above 0 %"
    show(Console(width=200), found, Collected(()))
    assert f"1 pair to look at among 50 submissions; h{usual}" in capsys.readouterr().out
    html = as_html(found, Collected((), ("one was left out",)), "recurrence")
    page = " ".join(Page(html).text.split())
    assert f"H{usual}." in page and "nobody can tell" not in page
    assert "Note: one was left out." in page and "96 % of the class have no match as close" in page
    assert "likest" not in page


def test_a_pair_without_code_side_by_side_says_why() -> None:
    """Four of a small class share their code, two of them all files."""
    text = honest("rnn")["blind"]
    texts = {"a": text, "b": text, "c": f"{text}\nx = 1\n", "d": f"{text}\ny = [2]\n"}
    found = pairs_of(works(texts))
    (pair,) = found.pairs
    assert pair.identical == 2 and pair.code == 0
    page = " ".join(Page(as_html(found, Collected(()), "recurrence")).text.split())
    assert "They share all their files." in page
    assert "because the two have identical files: rnn.py. Open either one." in page


def test_code_is_wrapped_and_no_line_is_cut_without_a_word() -> None:
    long = "total = " + " + ".join(f"value_{number}" for number in range(300))
    texts = {who: f"{honest('rnn')['blind']}\n{long}\n" for who in "ab"}
    html = as_html(pairs_of(works({**texts, **honest("rnn")})), Collected(()), "recurrence")
    assert "pre-wrap" in html and "overflow-x: auto; font-size" not in html
    assert "value_50" in html and "value_299" not in html and " …" in html


def test_every_table_has_a_caption_and_headings(made: MadeUpStore, tmp_path: Path) -> None:
    source = an_export(tmp_path / "assignment_7_export", made)
    run(made.folder, "--source", source)
    tags = Page((made.folder / "similar.html").read_text()).tags
    assert tags.count("table") == tags.count("caption") == tags.count("thead") >= 3


def test_what_cannot_be_compared_is_refused_or_named(
    made: MadeUpStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = an_export(tmp_path / "assignment_7_export", made)
    made.hand_in(Student("Gone", sid="5"), name="submission_5")
    (source / "submission_4" / "recurrent" / "rnn.py").write_bytes(b"\0\0\xff")
    assert run(made.folder, "--source", source) == 0
    assert "graded, but not in assignment_7_export: submission_5" in capsys.readouterr().out
    page = tmp_path / "page.html"
    page.write_text("mine")
    assert run(made.folder, "--source", source, "--out", page) == 2
    assert "page.html is there and is none of ours" in capsys.readouterr().err
    assert run(made.folder, "--source", source, "--out", page, "--force") == 0
    other = MadeUpStore(tmp_path / "other")
    other.hand_in(ADA, name="submission_99")
    assert run(other.folder, "--source", source) == 2
    assert (
        "no submission in assignment_7_export is one of those in other" in capsys.readouterr().err
    )


def graded_from(source: Path, store: Path, names: Sequence[str]) -> MadeUpStore:
    """A store in which these have the keys of their files in the source."""
    made = MadeUpStore(store)
    course = made.course.only(made.set)
    for number, name in enumerate(names):
        handed_in = made.hand_in(Student(f"Student {number}", sid=str(number)), name=name)
        with tempfile.TemporaryDirectory() as scratch:
            digest = files_digest(taken_in(source / name, course, Path(scratch)).package)
        assert handed_in.key is not None
        made.write(replace(handed_in, key=replace(handed_in.key, files=digest)), None)
    return made


def changed(source: Path) -> None:
    """One of them hands in something else under the same name."""
    (source / "b" / "rnn.py").write_text("# mine\n")


def one_more(source: Path) -> None:
    shutil.copytree(source / "a", source / "d")


def one_less(source: Path) -> None:
    shutil.rmtree(source / "c")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changed, "the files in other are not those that were graded: b"),
        (one_more, "in other, but not graded: d"),
        (one_less, "graded, but not in other: c"),
    ],
)
def test_another_source_than_was_graded_is_noticed(
    tmp_path: Path, change: Callable[[Path], None], told: str
) -> None:
    source, other = tmp_path / "source", tmp_path / "other"
    for number, name in enumerate("abc"):
        (source / name).mkdir(parents=True)
        (source / name / "rnn.py").write_text(f"def rnn_forward():\n    return {number}\n")
    made = graded_from(source, tmp_path / "store", "abc")
    assert collect(made.store, source, made.course, made.set).remarks == ()
    shutil.copytree(source, other)
    change(other)
    assert collect(made.store, other, made.course, made.set).remarks == (
        told,
        "if other is not what was graded, give what was with --source",
    )


def test_no_pair_is_told_twice_and_the_likest_come_first() -> None:
    found = pairs_of(a_class(40))
    names = [frozenset((pair.one.name, pair.other.name)) for pair in found.pairs]
    assert len(names) == len(set(names))
    likest = [pair.likeness for pair in found.pairs]
    assert likest == sorted(likest, reverse=True)
