"""The handout's check in a real browser: Pyodide in Chromium, served from this machine.

`make pyodide` fetches what is needed besides Chromium; without it these tests say so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from autograder.authoring.handout.browser import FIRST_CELL, make_browser
from autograder.check.in_process import STUDY_AID
from tests.browser import launched
from tests.check.test_in_process import words
from tests.fetch_pyodide import PYODIDE, missing
from tests.submissions import REFERENCE

if missing():
    pytest.skip(missing(), allow_module_level=True)

LONGEST = 300_000
"""Milliseconds for one step; a busy machine takes its time to compile ten megabytes."""

PAGE = b"<!doctype html><link rel=icon href=data:,><script src=pyodide.js></script>"

LOAD = """async () => {
    window.python = await loadPyodide({indexURL: "/"});
    await python.loadPackage("numpy");
    const archive = await (await fetch("assignment.zip")).arrayBuffer();
    python.FS.writeFile("assignment.zip", new Uint8Array(archive));
}"""

RUN = """([code, text]) => {
    python.globals.set("text", text);
    return python.runPython(code);
}"""

SAVE = """
with open("assignment/recurrent/rnn.py", "w", encoding="utf-8") as file:
    file.write(text)
"""

IN_CELL = """
shown = check("rnn_step_forward")
repr(shown)
"""

FROM_COMMAND = """
from autograder.check.process import run_check
run_check(None, "rnn", *text.split()).stdout
"""

WORKS = {"right": REFERENCE["rnn"], "wrong": REFERENCE["rnn"].replace("np.tanh", "np.sin")}


@pytest.fixture(scope="module")
def bundle(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `files` of the bundle, as a site serves it."""
    folder = tmp_path_factory.mktemp("bundle")
    out = make_browser(zips["handout"], folder / "browser.zip", "rnn_step_forward")
    with zipfile.ZipFile(out) as archive:
        archive.extractall(folder)
    return folder / "browser" / "files"


@pytest.fixture(scope="module")
def address(bundle: Path) -> Iterator[str]:
    """Of a server on this machine alone, with the page, Pyodide and the bundle."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            name = path.partition("?")[0].lstrip("/")
            folder = bundle if (bundle / name).is_file() else PYODIDE
            return str(folder / name)

        def do_GET(self) -> None:
            if self.path != "/":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *arguments: object) -> None:
            """Nothing is logged."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class Told(NamedTuple):
    """What the check in the browser said of one work."""

    data: Any
    text: str
    cell: str


@pytest.fixture(scope="module")
def told(address: str) -> dict[str, Told]:
    """Work -> what was said of it: one page is loaded, as ten megabytes take their time."""
    said, asked, found = [], [], {}
    with launched() as browser:
        page = browser.new_page()
        page.set_default_timeout(LONGEST)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.evaluate(LOAD)
        page.evaluate(RUN, [FIRST_CELL, ""])
        for name, text in WORKS.items():
            page.evaluate(RUN, [SAVE, text])
            data = json.loads(page.evaluate(RUN, [FROM_COMMAND, "--json"]))
            lines = page.evaluate(RUN, [FROM_COMMAND, "--all"])
            found[name] = Told(data, lines, page.evaluate(RUN, [IN_CELL, ""]))
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == [], "from elsewhere"
    return found


@pytest.fixture(scope="module")
def handout(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handout")
    with zipfile.ZipFile(bundle / "assignment.zip") as archive:
        archive.extractall(folder)
    return folder / "assignment"


def command_line(handout: Path, text: str, *arguments: str) -> str:
    """What `check.py` says of the same work, in the sandbox of this machine."""
    (handout / "recurrent/rnn.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "check.py", "rnn", *arguments],
        cwd=handout, capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("work", WORKS)
def test_a_browser_comes_to_the_same_verdicts(
    work: str, told: dict[str, Told], handout: Path
) -> None:
    assert told[work].data == json.loads(command_line(handout, WORKS[work], "--json"))
    passed = {verdict["status"] for verdict in told[work].data} == {"passed"}
    assert passed == (work == "right")


@pytest.mark.parametrize("work", WORKS)
def test_it_says_the_same_in_words(work: str, told: dict[str, Told], handout: Path) -> None:
    expected = words(command_line(handout, WORKS[work], "--all"))
    said = words(told[work].text)
    note = words(f"note: {STUDY_AID}")
    assert said[: len(note)] == note, "it is said first that this is no grade"
    assert said[len(note) :] == expected


def test_a_cell_shows_a_verdict_and_that_it_is_no_grade(told: dict[str, Told]) -> None:
    assert STUDY_AID in told["right"].cell
    assert "✓ rnn_step_forward  6 / 6  passed" in told["right"].cell
    assert "✗ rnn_step_forward  0 / 6  not yet" in told["wrong"].cell
    assert "yours" in told["wrong"].cell


def test_the_bundles_notebook_is_one(bundle: Path) -> None:
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(bundle / "start.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert [cell.source for cell in notebook.cells if cell.cell_type == "code"] == [
        FIRST_CELL,
        'check("rnn_step_forward")',
    ]
