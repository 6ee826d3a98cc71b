"""Check your work: `python check.py`, `python check.py lstm`,
`python check.py rnn_forward --hint 2`.

In a notebook: `from check import check`, then `check("rnn_forward")`.
"""

import sys

try:
    from autograder.cli import program
    from autograder.report.notebook import check
    import numpy, rich, safetensors  # noqa: E401 - so that what is missing is said before anything else
except ModuleNotFoundError as error:
    sys.exit(
        f"{error.name} is not installed: run `{sys.executable} -m pip install -r "
        f"requirements.txt` first"
    )

__all__ = ["check"]

if __name__ == "__main__":
    program(["check", *sys.argv[1:]])
