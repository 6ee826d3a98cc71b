"""Classroom 50 runs this for every submission, in the student's checkout.

Beside it lies the grader, with the public cases only: everything here can be read by anyone.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

GRADER = Path(__file__).resolve().parent / "grader"

NOT_STARTED = 3

START = f"""
import sys
sys.path.insert(0, sys.argv[1])
try:
    from autograder.cli import main
except Exception:
    sys.exit({NOT_STARTED})
sys.exit(main(["classroom50", "--root", sys.argv[2]]))
"""

FAILED = (
    "Not graded: the grader could not be {}. That is not your fault, and what you handed in is "
    "kept. Please tell the staff."
)


def python_of(environment: str) -> Path:
    """The interpreter of a virtual environment, which may not be there."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return Path(environment) / folder / ("python.exe" if os.name == "nt" else "python")


def with_what_is_needed() -> Path:
    """An interpreter that has what the grader needs; it is made now unless AUTOGRADER_VENV has it.

    Raises CalledProcessError if that fails.
    """
    given = os.environ.get("AUTOGRADER_VENV")
    if given and python_of(given).exists():
        return python_of(given)
    scratch = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir())
    environment = str(scratch / "grader-environment")
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = python_of(environment)
    install = [str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "-r"]
    for requirements in sorted(GRADER.glob("requirements-*.txt")):
        # The kernel's fences are worth having, and the grader does without them.
        optional = requirements.name == "requirements-fences.txt"
        subprocess.run([*install, str(requirements)], check=not optional)
    return python


def main() -> int:
    """Grade the checkout; 0 unless the grader itself failed."""
    try:
        python = with_what_is_needed()
    except (OSError, subprocess.CalledProcessError):
        print(f"::error::{FAILED.format('installed')}")
        return 1
    quick = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [str(python), "-I", "-B", "-c", START, str(GRADER), str(Path.cwd())]
    # What is printed there by the way is for nobody who reads the log of this run.
    done = subprocess.run(
        command, env={**os.environ, **quick}, stderr=subprocess.DEVNULL, check=False
    )
    if done.returncode == NOT_STARTED:
        print(f"::error::{FAILED.format('started')}")
    return int(done.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
