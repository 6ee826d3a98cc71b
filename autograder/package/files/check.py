"""Check your work: `python check.py`, `python check.py lstm`, `python check.py rnn_forward --hint 2`."""

import sys

try:
    from autograder.cli import main
    import numpy, rich, safetensors  # noqa: E401 - so that what is missing is said before anything else
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: run `{sys.executable} -m pip install -r requirements.txt` first")

sys.exit(main(["check", *sys.argv[1:]]))
