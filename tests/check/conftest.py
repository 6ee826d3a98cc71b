"""Folders of pytest are closed to other users, and as root a worker is another user."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def reachable(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    for folder in (base, base.parent):
        folder.chmod(0o755)
