"""The cell that every notebook begins with: it finds or fetches the handout, or says what to do."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.authoring.handout import make_handout
from autograder.authoring.handout.notebooks import SETUP, load_notebooks, tags_of
from autograder.authoring.handout.setup_cell import setup_cell
from autograder.settings import SettingsError, course_from, load_course
from tests.conftest import COURSE_TOML, LONGEST, ROOT

UsageError = pytest.importorskip("IPython.core.error", reason="no IPython").UsageError

IMPORTS = "from check import case, check, hint"


def search(address: str = "") -> Callable[[], Path]:
    """The function of the cell that finds the handout."""
    lines = setup_cell(IMPORTS, address).splitlines()
    code = "\n".join(line for line in lines if not line.startswith("%"))
    namespace: dict[str, Any] = {}
    exec(code.partition("sys.path.insert")[0], namespace)
    found: Callable[[], Path] = namespace["handout"]
    return found


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """As much of a handout as the search looks for."""
    folder = tmp_path / "some where" / "assignment"
    for name in ("recurrent", "notebooks/mine"):
        (folder / name).mkdir(parents=True)
    (folder / "check.py").touch()
    return folder


@pytest.mark.parametrize("place", ["notebooks", "notebooks/mine", ".", "recurrent", ".."])
def test_the_handout_is_found_above_here_and_below(
    place: str, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(unpacked / place)
    assert search()().samefile(unpacked)


def test_the_nearest_one_is_taken(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outer = unpacked.parent
    (outer / "check.py").touch()
    (outer / "recurrent").mkdir()
    monkeypatch.chdir(unpacked / "notebooks")
    assert search()().samefile(unpacked)


@pytest.mark.parametrize("missing", ["check.py", "recurrent"])
def test_half_a_handout_is_none(
    missing: str, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (unpacked / missing).rename(unpacked / "other")
    monkeypatch.chdir(unpacked)
    with pytest.raises(UsageError, match=r"unpack assignment\.zip, open the notebook that lies in"):
        search()()


def test_without_an_address_nothing_of_the_web_is_in_the_cell() -> None:
    assert "urlopen" not in setup_cell(IMPORTS) and "http" not in setup_cell(IMPORTS)


def test_every_notebook_begins_with_it() -> None:
    for notebook in load_notebooks(ROOT / "solutions" / "notebooks"):
        (setup,) = [cell for cell in notebook.cells if SETUP in tags_of(cell)]
        built = json.loads(
            (ROOT / "assignment" / "notebooks" / f"{notebook.name}.ipynb").read_text()
        )
        first = next(cell for cell in built["cells"] if cell["cell_type"] == "code")
        assert "".join(first["source"]) == setup_cell(setup.source)


# ---------------------------------------------------------------------------------- from the web


class Server(ThreadingHTTPServer):
    """Serves one answer on loopback. asked: the paths that were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.content = 200, b""
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/recurrence/assignment.zip"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join(10)


@pytest.mark.parametrize("status, content", [(404, b""), (200, b"<html>Please log in</html>")])
def test_what_cannot_be_fetched_is_said_in_a_sentence(
    status: int,
    content: bytes,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.status, server.content = status, content
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"did not give it \(.+\): unpack assignment.zip here"):
        search(server.address)()
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_fetched_where_the_handout_is(
    server: Server, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(unpacked)
    search(server.address)()
    assert server.asked == []


@pytest.mark.slow
def test_a_notebook_opened_alone_fetches_the_handout_once_and_checks(
    server: Server, tmp_path: Path
) -> None:
    """In a kernel, with the zip as students get it."""
    from nbclient import NotebookClient

    built = make_handout("recurrence", tmp_path / "assignment.zip", print_line=lambda line: None)
    server.content = built.read_bytes()
    alone = tmp_path / "alone"
    alone.mkdir()
    setup = setup_cell(IMPORTS, server.address)
    sources = [setup, 'check("rnn_step_forward")', setup]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook,
        timeout=LONGEST,
        kernel_name="python3",
        resources={"metadata": {"path": str(alone)}},
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"})
    first, checked, again = notebook.cells
    (said,) = first.outputs
    assert said.text.startswith("The assignment's folder was not here. It was fetched from http:")
    assert str(alone / "assignment") in said.text
    assert "still to do: rnn_step_forward" in checked.outputs[0].data["text/plain"]
    assert not [output for output in again.outputs if "fetched" in str(output)]
    assert server.asked == ["/recurrence/assignment.zip"]
    shutil.rmtree(alone)


# ------------------------------------------------------------------------------------ the setting


def course_with(**settings: object) -> Any:
    a_set = {"name": "one", "title": "One", "lessons": ["rnn"]}
    return course_from({"name": "A", "term": "B", "seed": 1, "sets": [a_set], **settings}, "toml")


def test_the_address_of_a_set_has_its_name() -> None:
    course = course_with(handout_url="https://example.org/{set}/assignment.zip")
    assert course.handout_address == "https://example.org/one/assignment.zip"
    assert course_with().handout_address == ""
    whole = load_course(COURSE_TOML)
    assert whole.handout_address == ""


@pytest.mark.parametrize(
    "wrong", ["example.org/a.zip", "ftp://a/b", 'https://a/"b', "a b", 1, True]
)
def test_what_is_no_address_is_refused(wrong: object) -> None:
    with pytest.raises(SettingsError, match="handout_url should be an address like"):
        course_with(handout_url=wrong)
