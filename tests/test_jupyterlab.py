"""JupyterLab as a student sees it: a real browser opens a notebook of the handout, runs a check
cell, unfolds a hint, runs all cells and takes pictures.

JupyterLab listens on loopback, with a token, for as long as this test takes. The browser is the
system's: its own cannot be downloaded by pip.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.check.unfinished import NOTE
from tests.browser import launched
from tests.conftest import ROOT
from tests.submissions import REFERENCE

pytestmark = pytest.mark.slow

NOTEBOOK, PROBLEM = "1_recurrence.ipynb", "rnn_step_backward"
SECONDS = 120

RUN_CELL = """
async ([path, sources]) => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = await app.commands.execute('docmanager:open', {path});
    await panel.context.ready;
    await panel.sessionContext.ready;
    for (const wanted of sources) {
        const holds = cell => cell.model.sharedModel.getSource().includes(wanted);
        const index = panel.content.widgets.findIndex(holds);
        if (index < 0) throw new Error('no cell with ' + wanted);
        panel.content.activeCellIndex = index;
        await app.commands.execute('notebook:run-cell');
    }
    await panel.content.scrollToItem(panel.content.activeCellIndex, 'center');
}
"""


RUN_ALL = """
async () => {
    const app = window.jupyterapp;
    await app.commands.execute('notebook:run-all-cells');
    const cells = app.shell.currentWidget.content.widgets;
    return cells.filter(cell => cell.model.type === 'code').map(cell => ({
        source: cell.model.sharedModel.getSource(),
        count: cell.model.executionCount,
        outputs: cell.model.outputs.toJSON(),
    }));
}
"""

SHOW = """
async ([wanted]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const holds = cell => cell.model.sharedModel.getSource().includes(wanted);
    await notebook.scrollToItem(notebook.widgets.findIndex(holds), 'start');
}
"""


@pytest.fixture
def handout(tmp_path: Path) -> Path:
    """The handout of the first set, unpacked, with one mistake in an otherwise finished file."""
    from autograder.authoring.handout import make_handout

    archive = make_handout("recurrence", tmp_path / "assignment.zip", print_line=lambda line: None)
    shutil.unpack_archive(archive, tmp_path)
    wrong = REFERENCE["rnn"].replace("dWh = prev_h.T @ da", "dWh = da.T @ prev_h")
    (tmp_path / "assignment" / "recurrent" / "rnn.py").write_text(wrong)
    return tmp_path / "assignment"


@pytest.fixture
def lab(handout: Path, tmp_path: Path) -> Iterator[str]:
    """A running JupyterLab; its address with the token in it."""
    token, log = secrets.token_hex(16), tmp_path / "jupyter.log"
    private = {
        f"JUPYTER_{name}_DIR": str(tmp_path / name.lower())
        for name in ("CONFIG", "DATA", "RUNTIME")
    }
    own = {
        "HOME": str(tmp_path),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "RECURRENT_SHORT": "1",
    }
    environment = os.environ | private | own
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        "--port=0",
        "--expose-app-in-browser", f"--ServerApp.root_dir={handout}",
        f"--IdentityProvider.token={token}",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=handout
        )
    try:
        yield f"{_address(server, log)}/lab?token={token}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text(errors="replace"))
        if found:
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-3000:]}")


def test_a_check_cell_is_run_and_its_verdict_is_to_be_seen(lab: str, tmp_path: Path) -> None:
    """And, in the same JupyterLab, for it takes long to start: the next hint, and all cells run."""
    folder = Path(os.environ.get("PICTURES", tmp_path))
    picture = folder / "jupyterlab.png"
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=2)
        page.goto(lab, timeout=SECONDS * 1000)
        page.wait_for_function("() => window.jupyterapp !== undefined", timeout=SECONDS * 1000)
        page.evaluate(
            RUN_CELL,
            [f"notebooks/{NOTEBOOK}", ["import case, check, hint", f'check("{PROBLEM}")']],
        )
        output = page.locator(".jp-OutputArea-output", has_text="dWh differs by")
        output.first.wait_for(timeout=SECONDS * 1000)
        drawn = output.first.locator("svg").first.locator("rect").count()  # the map's
        shown = output.first.inner_text()
        page.wait_for_timeout(500)
        page.screenshot(path=picture)
        _unfold_the_next_hint(page, output.first)
        page.screenshot(path=folder / "jupyterlab-hint.png")
        _run_all(page, folder)
    assert "partly" in shown and PROBLEM in shown and "8 / 10" in shown and "hint 1/3" in shown
    rows = json.loads("[" + ",".join(re.findall(r"dWh \((\d+), (\d+)\)", shown)[0]) + "]")
    assert drawn == rows[0] * rows[1]
    assert _has_colour(picture, (0xD5, 0x5E, 0x00)), "the wrong numbers are drawn in their colour"


def _unfold_the_next_hint(page: Any, output: Any) -> None:
    """With the keyboard alone; the hint after it stays folded."""
    second, third = output.get_by_text("hint 2/3"), output.get_by_text("hint 3/3")
    assert not second.is_visible()
    next_hint = output.locator("summary", has_text="next hint").first
    next_hint.focus()
    page.keyboard.press("Enter")
    second.wait_for(timeout=SECONDS * 1000)
    assert not third.is_visible()


def _run_all(page: Any, folder: Path) -> None:
    """All cells of a notebook of which one file in three is written."""
    cells = page.evaluate(RUN_ALL)
    assert all(cell["count"] for cell in cells), "no cell was left out"
    shown = [(cell["source"], json.dumps(cell["outputs"])) for cell in cells]
    assert [source for source, outputs in shown if '"error"' in outputs] == []
    noted = [source for source, outputs in shown if json.dumps(NOTE)[1:-1] in outputs]
    drawn = [source for source, outputs in shown if "image/png" in outputs]
    assert len(noted) > 5 and len(drawn) == 1 and not set(noted) & set(drawn)

    page.evaluate(SHOW, ["def orthogonal"])
    image = page.locator(".jp-OutputArea-output img").first
    image.wait_for(timeout=SECONDS * 1000)
    sharpness = image.evaluate("image => image.naturalWidth / image.getBoundingClientRect().width")
    assert sharpness == pytest.approx(2, abs=0.1)
    image.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.screenshot(path=folder / "jupyterlab-picture.png")


def _has_colour(picture: Path, colour: tuple[int, int, int]) -> bool:
    from PIL import Image

    with Image.open(picture) as image:
        counts = image.convert("RGB").getcolors(maxcolors=1 << 24) or []
    return sum(n for n, found in counts if found == colour) > 100


def test_the_handout_has_what_the_notebook_needs(handout: Path) -> None:
    assert (handout / "notebooks" / NOTEBOOK).exists() and (handout / "check.py").exists()
    assert (handout / "requirements-notebooks.txt").exists()
    assert ROOT not in handout.parents
