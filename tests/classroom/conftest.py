"""Where a class is graded in tests, nothing is left in a folder for temporary files of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, of this process and of those it starts; empty at the end."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    # as root, a worker is another user, who must get there
    for above in (folder, tmp_path, tmp_path.parent, tmp_path.parent.parent):
        above.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    assert list(folder.iterdir()) == []
