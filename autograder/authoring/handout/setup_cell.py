"""The cell that every notebook begins with. It finds the handout, wherever the notebook was opened:
in its place, at the top of its folder as nbgrader has it, alone in Colab.
"""

from __future__ import annotations

FIND = '''\
%load_ext autoreload
%autoreload 2
%config InlineBackend.figure_formats = ["retina"]
import sys
from pathlib import Path

from IPython.core.error import UsageError


def handout():
    """The assignment's folder, the one with check.py and recurrent/ in it: here, above or below."""
    near = [Path.cwd(), *Path.cwd().parents, Path("/content/drive/MyDrive")]
    for folder in [*near, *(place / "assignment" for place in near)]:
        if (folder / "check.py").is_file() and (folder / "recurrent").is_dir():
            return folder
'''

SAY_WHAT_TO_DO = """\
    raise UsageError(
        "The assignment's folder is not here: unpack assignment.zip, open the notebook that lies "
        "in its folder notebooks/ and run this cell again. (In Colab: put the folder assignment "
        "at the top of your Drive, mount the Drive, and run this cell again.)"
    )
"""

FETCH = '''\
    return fetched("{address}")


def fetched(address):
    """The folder, from the web into the folder where this runs; only if it was not found."""
    from io import BytesIO
    from urllib.request import urlopen
    from zipfile import ZipFile

    try:
        with urlopen(address, timeout=60) as answer:
            ZipFile(BytesIO(answer.read())).extractall()
        folder = Path("assignment").resolve(strict=True)
    except Exception as error:
        raise UsageError(
            f"The assignment's folder is not here, and {address} did not give it ({error}): "
            f"unpack assignment.zip here and run this cell again."
        ) from None
    print(
        f"The assignment's folder was not here. It was fetched from {address}: write in {folder}. "
        f"(In Colab, move that folder to your Drive: the rest is deleted when the session ends.)"
    )
    return folder
'''

BEGIN = """

sys.path.insert(0, str(handout()))
{imports}
%load_ext autograder.check.unfinished"""


def setup_cell(imports: str, address: str = "") -> str:
    """The source of the cell.

    imports: what it imports from the handout. address: of the handout's zip on the web, which is
    fetched only when the cell is run and the handout is nowhere near; empty if there is none.
    """
    otherwise = FETCH.replace("{address}", address) if address else SAY_WHAT_TO_DO
    return FIND + otherwise + BEGIN.format(imports=imports.strip())
