"""Check your work: `python check.py`, `python check.py PROBLEM --hint 2`, `python check.py FILE`;
`python check.py --help` lists all options, and README.md all problems and files.

In a notebook: `from check import check`, then `check("PROBLEM")`.
A failing case to work with: `python check.py PROBLEM --debug`, or `from check import case`, then
`case("PROBLEM")`.
In an editor: `python check.py --format gcc` writes `file:line: error: ...` (VS Code: Ctrl+Shift+B).
"""

import sys

# In words that Python 2 reads too: this is what an old Python is to say, and not an error of ours.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit(
        "This is Python {}.{}, and the check needs Python 3.10 or newer: install one from "
        "https://www.python.org/downloads and run this with it.".format(*sys.version_info)
    )

try:
    from autograder.cli import program
    from autograder.check.notebook import case, check, hint
    import numpy

    if sys.platform != "emscripten":  # a browser can do without these two
        import rich, safetensors  # noqa: E401 - so that what is missing is said before anything else
except ModuleNotFoundError as error:
    sys.exit(
        "{} is not installed: run `{} -m pip install -r requirements.txt` first".format(  # noqa: UP032
            error.name, sys.executable
        )
    )

__all__ = ["case", "check", "hint"]

if __name__ == "__main__":
    program(["check"] + sys.argv[1:])  # noqa: RUF005
